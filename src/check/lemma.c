/* Lemmas 4.1, 4.2, 4.5 and 4.6 on the grid. All four are about f h with
 * h = |q|^2, log f, |K|^2, (log f)^2, and
 *   [(d_t - L)(f h)] / f = h_t - abar : Hess h - 2 q . abar grad h
 *                          + h ( (d_t f)/f - abar : K - kappa ).
 * On this left side d_t log f is the run's own right-hand side, h_t comes
 * from its derivatives on the grid and Hess h from central differences of the
 * field h, of another order than those of the jets of log f, in which the
 * closed right side is pointwise. The residual is discretisation error. That
 * d_t f = L f on the jet gives the same is checked by the product rule of
 * identities.c, to rounding. */
#include "check/internal.h"

#include <math.h>
#include <stdio.h>

/* Residuals are judged where the grid resolves Hess f / f. If it does not at
 * more than this part of the nodes, log f is not smooth on the grid. */
static const double most_unresolved = 0.25;
/* Both sides on the same jet differ by rounding only. */
static const double largest_rounding = 1e-9;
/* Slacks in the histogram: so many bins from 0 to the end. */
enum { BINS = 50 };
static const double histogram_end = 2.0;

lmx_status lmx_lemma_begin(lmx_check_env *env, const lmx_lemma *lemma,
                           lmx_lemma_watch *watch)
{
  size_t size = env->input->grid->size;
  char name[64], title[128];
  watch->lemma = lemma;
  LMX_TRY(LMX_NEW_ARRAY(env->context, size, &watch->left));
  LMX_TRY(LMX_NEW_ARRAY(env->context, size, &watch->scale));
  LMX_TRY(LMX_NEW_ARRAY(env->context, size, &watch->field));
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->growth.nshells, &watch->shells));
  LMX_TRY(LMX_NEW_ARRAY(env->context, BINS, &watch->histogram));
  snprintf(name, sizeof name, "%s_residual", lemma->name);
  snprintf(title, sizeof title,
           "%s: residual of the identity over its largest term, max over "
           "shells",
           lemma->title);
  LMX_TRY(
      lmx_check_table(env, name, title, "t,|v|,residual", &watch->residuals));
  if (lemma->slack == NULL)
    return LMX_OK;
  snprintf(name, sizeof name, "%s_slack_map", lemma->name);
  snprintf(title, sizeof title, "%s: slack over the bound's largest term",
           lemma->title);
  return lmx_check_map_create(env, name, title, "slack", &watch->map);
}

void lmx_lemma_release(lmx_lemma_watch *watch)
{
  lmx_free(watch->left);
  lmx_free(watch->scale);
  lmx_free(watch->field);
  lmx_free(watch->shells);
  lmx_free(watch->histogram);
}

/* The jet of a field that is no u: without the log M that jets add. */
static void field_jet(const lmx_jets *jets, size_t node, lmx_jet *jet)
{
  lmx_jets_get(jets, node, jet);
  double r2 = 0.0;
  for (int a = 0; a < jet->d; ++a) {
    r2 += jet->v[a] * jet->v[a];
    jet->q[a] += jet->v[a];
    jet->G[a * jet->d + a] += 1.0;
  }
  jet->g -= lmx_log_maxwellian(jet->d, r2);
}

/* The left side at one node, from the jet of log f (in p), of h and of the
 * rate. */
static lmx_side left_side(const lmx_lemma *lemma, const lmx_pointwise *p,
                          const lmx_jet *h, const lmx_jet *rate)
{
  lmx_side side = {0}, equation = lmx_time_derivative(p);
  lmx_side_add(&side, lemma->h_t(p, rate));
  lmx_abar_add(p, h->G, -1.0, &side);
  lmx_abar_pair_add(p, p->jet->q, h->q, -2.0, &side);
  lmx_side_add(&side, h->g * (rate->g - equation.value));
  return side;
}

/* In density form h does not exist where f <= 0. */
static void fill_h(lmx_check_env *env, lmx_lemma_watch *watch)
{
  lmx_check_point point;
  for (size_t i = 0; i < env->input->grid->size; ++i) {
    lmx_jets_get(env->jets, i, env->jet);
    watch->field[i] =
        lmx_check_point_fill(env->jet, &point) ? watch->lemma->h(&point) : NAN;
  }
  lmx_jets_set(env->field_jets, watch->field);
}

void lmx_lemma_time(lmx_check_env *env, lmx_lemma_watch *watch)
{
  const lmx_grid *grid = env->input->grid;
  double r;
  fill_h(env, watch);
  lmx_pointwise *p = env->pointwise;
  double c[LMX_MAX_DIMENSION];
  lmx_pointwise_c(env->input->model, env->t, c);
  for (size_t i = 0; i < grid->size; ++i)
    watch->field[i] = NAN;
  for (size_t s = 0; s < env->growth.nshells; ++s)
    watch->shells[s] = -1.0;
  for (size_t i = 0; lmx_check_ball_next(grid, env->radius, &i, &r); ++i) {
    lmx_jets_get(env->jets, i, env->jet);
    lmx_pointwise_set(env->jet, c, 2, p);
    field_jet(env->field_jets, i, env->field_jet);
    field_jet(env->rate_jets, i, env->rate_jet);
    lmx_side left = left_side(watch->lemma, p, env->field_jet, env->rate_jet);
    watch->left[i] = left.value;
    watch->scale[i] = left.scale;
  }
}

static void take_slack(const lmx_check_env *env, const lmx_check_point *point,
                       lmx_side right, lmx_lemma_watch *watch)
{
  lmx_lemma_slack slack;
  watch->lemma->slack(env, point->pointwise, right, &slack);
  lmx_check_sup_take(env, point, slack.value, -slack.slack,
                     largest_rounding * slack.scale, &watch->sharp);
  watch->printed_violations +=
      !(slack.printed >= -largest_rounding * slack.scale);
  double relative = slack.scale > 0.0 ? slack.slack / slack.scale : 0.0;
  watch->field[point->node] = relative;
  if (!(relative >= 0.0))
    relative = 0.0;
  size_t bin = (size_t)(relative / histogram_end * BINS);
  ++watch->histogram[bin < BINS ? bin : BINS - 1];
  ++watch->counted;
}

void lmx_lemma_point(const lmx_check_env *env, const lmx_check_point *point,
                     lmx_lemma_watch *watch)
{
  const lmx_lemma *lemma = watch->lemma;
  lmx_side right = lemma->right(point->pointwise);
  lmx_side left = {watch->left[point->node], watch->scale[point->node]};
  double residual = lmx_side_residual(left, right);
  bool density = env->input->formulation == LMX_FORMULATION_DENSITY;
  /* noise of f: reported, not judged */
  if (density || env->resolved[point->node])
    lmx_check_sup_take(env, point, residual,
                       density ? 0.0 : residual - lemma->residual_bound, 0.0,
                       &watch->residual);
  size_t s = (size_t)(point->r / env->growth.width);
  if (s < env->growth.nshells)
    watch->shells[s] = fmax(watch->shells[s], residual);
  if (point->ordinal % lmx_check_stride(env->input, env->ball) == 0) {
    double rounding = lmx_side_residual(lemma->left(point->pointwise), right);
    lmx_check_sup_take(env, point, rounding, rounding, largest_rounding,
                       &watch->rounding);
  }
  if (lemma->slack != NULL)
    take_slack(env, point, right, watch);
}

lmx_status lmx_lemma_end(lmx_check_env *env, lmx_lemma_watch *watch)
{
  for (size_t s = 0; s < env->growth.nshells; ++s) {
    const double row[3] = {env->t, ((double)s + 0.5) * env->growth.width,
                           watch->shells[s]};
    if (watch->shells[s] >= 0.0)
      LMX_TRY(lmx_table_add(env->context, watch->residuals, row));
  }
  LMX_TRY(lmx_table_break(env->context, watch->residuals));
  if (watch->map != NULL && lmx_check_map_wanted(env, env->k))
    return lmx_check_map_add(env, env->k, watch->field, false, watch->map);
  return LMX_OK;
}

static lmx_status histogram_table(lmx_check_env *env,
                                  const lmx_lemma_watch *watch)
{
  lmx_table *table;
  char name[64], title[128];
  snprintf(name, sizeof name, "%s_slack", watch->lemma->name);
  snprintf(title, sizeof title,
           "%s: share of the nodes by slack over the bound's largest term",
           watch->lemma->title);
  LMX_TRY(lmx_check_table(env, name, title, "slack,share", &table));
  for (size_t bin = 0; bin < BINS; ++bin) {
    const double row[2] = {((double)bin + 0.5) * histogram_end / BINS,
                           watch->histogram[bin] / watch->counted};
    LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}

static void describe(const lmx_check_env *env, const lmx_lemma_watch *watch,
                     lmx_check_result *result)
{
  double v[LMX_MAX_DIMENSION], r2 = 0.0;
  lmx_grid_point(env->input->grid, watch->residual.node, v);
  for (int a = 0; a < env->input->grid->d; ++a)
    r2 += v[a] * v[a];
  lmx_check_note(result,
                 "Identity with d_t log f from the solver's right-hand side: "
                 "residual at most %.2g of its largest term, at t = %.4g, "
                 "|v| = %.3g, beyond %g at %zu nodes%s; by the product rule on "
                 "the jets %.2g (rounding). ",
                 watch->residual.value, watch->residual.t, sqrt(r2),
                 watch->lemma->residual_bound, watch->residual.violations,
                 env->input->formulation == LMX_FORMULATION_DENSITY
                     ? " (density form: not judged)"
                     : "",
                 watch->rounding.value);
}

lmx_status lmx_lemma_finish(lmx_check_env *env, const lmx_lemma_watch *watch,
                            double bound, lmx_check_result *result)
{
  bool density = env->input->formulation == LMX_FORMULATION_DENSITY;
  double unresolved =
      env->points > 0 ? (double)env->unresolved / (double)env->points : 0.0;
  const lmx_check_sup *judged =
      watch->lemma->slack != NULL ? &watch->sharp : &watch->residual;
  if (watch->counted > 0.0)
    LMX_TRY(histogram_table(env, watch));
  if (!lmx_check_sup_result(env, judged, bound, result)) {
    if (!density && unresolved > most_unresolved)
      result->status = LMX_FAILS;
    return LMX_OK;
  }
  if (watch->sharp.violations + watch->printed_violations +
              watch->residual.violations + watch->rounding.violations >
          0 ||
      (!density && unresolved > most_unresolved))
    result->status = LMX_FAILS;
  describe(env, watch, result);
  if (!density && unresolved > 0.0)
    lmx_check_note(result,
                   "At %.2g %% of the nodes the grid does not resolve "
                   "Hess f / f%s. ",
                   100.0 * unresolved,
                   unresolved > most_unresolved ? ", too many"
                                                : ": not judged");
  return LMX_OK;
}
