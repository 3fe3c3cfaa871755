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
#include "check/lemma.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Residuals are judged where the grid resolves Hess f / f, at the node and at
 * those so near that their h weighs in the differences of it. */
enum { NEAR = 2 };
/* If it does not at more than this part of the nodes, log f is not smooth on
 * the grid. */
static const double most_unresolved = 0.25;
/* Two orders of differences that disagree on Hess f / f by more than this do
 * not resolve it: thin layers in the tail at early times, noise. */
static const double resolution = 1e-5;
/* What hides in the tail does not happen in |v| <= R/2. If they are this far
 * apart at more than this part of the nodes there, a kink or a wrong ghost is
 * all that is left to explain it. */
static const double inside = 0.5, apart = 1e-3, most_apart = 0.1;
/* Against the largest term, or against this where all of them nearly vanish,
 * as at v = 0 when Hess log f changes its sign there: discretisation errors do
 * not vanish with them. At temperature 1 terms are of order 1. */
static const double least_term = 1.0;
/* Both sides on the same jet differ by rounding only. */
static const double largest_rounding = 1e-9;
/* Slacks in the histogram: so many bins from 0 to the end. */
enum { BINS = 50 };
static const double histogram_end = 2.0;

/* The field of a quantity, shared by the lemmas about it. */
static lmx_status find_field(lmx_check_env *env,
                             const lmx_lemma_quantity *quantity,
                             const lmx_jets **jets)
{
  lmx_lemma_field *field = env->fields;
  for (size_t i = 0; i < env->nfields; ++i, ++field)
    if (field->quantity == quantity) {
      *jets = field->jets;
      return LMX_OK;
    }
  field->quantity = quantity;
  ++env->nfields;
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->input->grid->size, &field->h));
  LMX_TRY(lmx_jets_create(env->context, env->other_grid, 2, &field->jets));
  *jets = field->jets;
  return LMX_OK;
}

void lmx_lemma_fields_release(lmx_check_env *env)
{
  for (size_t i = 0; i < env->nfields; ++i) {
    lmx_free(env->fields[i].h);
    lmx_jets_destroy(&env->fields[i].jets);
  }
  lmx_free(env->fields);
}

/* In density form h does not exist where f <= 0. */
void lmx_lemma_fields_set(lmx_check_env *env)
{
  lmx_check_point point;
  memset(env->blurred, 0, env->input->grid->size * sizeof *env->blurred);
  const lmx_grid *grid = env->input->grid;
  double r, reach = 0.0; /* of the differences at nodes of the ball */
  for (int a = 0; a < grid->naxes; ++a)
    reach = fmax(reach, grid->axis[a].h * env->other_grid->order);
  for (size_t i = 0; lmx_check_ball_next(grid, env->radius + reach, &i, &r);
       ++i) {
    lmx_jets_get(env->jets, i, env->jet);
    bool finite = lmx_check_point_fill(env->jet, &point);
    for (size_t f = 0; f < env->nfields; ++f)
      env->fields[f].h[i] = finite ? env->fields[f].quantity->h(&point) : NAN;
  }
  for (size_t f = 0; f < env->nfields; ++f)
    lmx_jets_set(env->fields[f].jets, env->fields[f].h);
}

lmx_status lmx_lemma_begin(lmx_check_env *env, void *state)
{
  lmx_lemma_watch *watch = state;
  const lmx_lemma *lemma = watch->lemma;
  char name[64], title[128];
  LMX_TRY(find_field(env, lemma->quantity, &watch->jets));
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->input->grid->size, &watch->defect));
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->growth.nshells, &watch->shells));
  snprintf(name, sizeof name, "%s_residual", lemma->name);
  snprintf(title, sizeof title,
           "%s: residual of the identity over its largest term, max over "
           "shells",
           lemma->title);
  LMX_TRY(
      lmx_check_table(env, name, title, "t,|v|,residual", &watch->residuals));
  if (lemma->K == NULL)
    return LMX_OK;
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->input->grid->size, &watch->field));
  LMX_TRY(LMX_NEW_ARRAY(env->context, BINS, &watch->histogram));
  snprintf(name, sizeof name, "%s_slack_map", lemma->name);
  snprintf(title, sizeof title, "%s: slack over the bound's largest term",
           lemma->title);
  return lmx_check_map_create(env, name, title, "slack", &watch->map);
}

void lmx_lemma_release(void *state)
{
  lmx_lemma_watch *watch = state;
  lmx_free(watch->field);
  lmx_free(watch->defect);
  lmx_free(watch->shells);
  lmx_free(watch->histogram);
}

lmx_status lmx_lemma_time(lmx_check_env *env, void *state)
{
  lmx_lemma_watch *watch = state;
  for (size_t i = 0; watch->field != NULL && i < env->input->grid->size; ++i)
    watch->field[i] = NAN;
  for (size_t i = 0; i < env->input->grid->size; ++i)
    watch->defect[i] = -1.0;
  for (size_t s = 0; s < env->growth.nshells; ++s)
    watch->shells[s] = -1.0;
  return LMX_OK;
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

/* Hess f / f of the other differences against that of the jet, relative. */
static double disagreement(const lmx_pointwise *p, const lmx_jet *other)
{
  int d = p->d;
  double difference = 0.0;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      double K = other->G[a * d + b] + other->q[a] * other->q[b];
      difference += (p->K[a * d + b] - K) * (p->K[a * d + b] - K);
    }
  return sqrt(difference / (1.0 + p->K2));
}

/* Marks the node and those nearby along the axes. */
static void blur(lmx_check_env *env, size_t node)
{
  const lmx_grid *grid = env->input->grid;
  size_t index[LMX_MAX_AXES], stride = 1;
  lmx_check_node_indices(grid, node, index);
  for (int a = grid->naxes; a-- > 0; stride *= grid->axis[a].points)
    for (int k = -NEAR; k <= NEAR; ++k) {
      ptrdiff_t at = (ptrdiff_t)index[a] + k;
      if (at >= 0 && at < (ptrdiff_t)grid->axis[a].points)
        env->blurred[(ptrdiff_t)node + k * (ptrdiff_t)stride] = true;
    }
}

void lmx_lemma_point_fill(lmx_check_env *env, lmx_check_point *point)
{
  lmx_jets_get(env->field_jets, point->node, env->field_jet);
  double difference = disagreement(point->pointwise, env->field_jet);
  if (!(difference <= resolution)) {
    blur(env, point->node);
    ++env->unresolved;
  }
  if (point->r <= inside * env->radius) {
    ++env->inside;
    env->apart += !(difference <= apart);
  }
  field_jet(env->rate_jets, point->node, env->rate_jet);
  point->rate = env->rate_jet;
}

/* The left side at one node, from the jet of log f (in p), of h and of the
 * rate. */
static lmx_side left_side(const lmx_lemma *lemma, const lmx_pointwise *p,
                          const lmx_jet *h, const lmx_jet *rate)
{
  lmx_side side = {0}, equation = lmx_time_derivative(p);
  lmx_side_add(&side, lemma->quantity->h_t(p, rate));
  lmx_abar_add(p, h->G, -1.0, &side);
  lmx_abar_pair_add(p, p->jet->q, h->q, -2.0, &side);
  lmx_side_add(&side, h->g * (rate->g - equation.value));
  return side;
}

static void take_slack(const lmx_check_env *env, const lmx_check_point *point,
                       lmx_side right, lmx_lemma_watch *watch)
{
  const lmx_lemma *lemma = watch->lemma;
  double size = lemma->size(point->pointwise);
  double rest = right.value - lemma->kappas * point->pointwise->kappa;
  double sharp = lemma->K(&env->constants.sharp) * size;
  double scale = fmax(right.scale, fabs(sharp)), slack = sharp - rest;
  double granted = largest_rounding * scale;
  lmx_check_sup_take(env, point, rest / size, -slack, granted, &watch->least);
  watch->printed_violations +=
      !(rest - lemma->K(&env->constants.printed) * size <= granted);
  if (lemma->smallest != LMX_SMALLEST_KINDS && isfinite(rest / size))
    lmx_check_smallest_take(env, lemma->smallest, rest / size);
  double relative = scale > 0.0 ? slack / scale : 0.0;
  watch->field[point->node] = relative;
  if (!(relative >= 0.0))
    relative = 0.0;
  size_t bin = (size_t)(relative / histogram_end * BINS);
  ++watch->histogram[bin < BINS ? bin : BINS - 1];
  ++watch->counted;
}

static bool is_density(const lmx_check_env *env)
{
  return env->input->formulation == LMX_FORMULATION_DENSITY;
}

static void keep_residual(const lmx_check_env *env,
                          const lmx_check_point *point, lmx_side right,
                          lmx_lemma_watch *watch)
{
  const lmx_lemma *lemma = watch->lemma;
  field_jet(watch->jets, point->node, env->field_jet);
  lmx_side left =
      left_side(lemma, point->pointwise, env->field_jet, point->rate);
  left.scale = fmax(left.scale, least_term);
  double residual = lmx_side_residual(left, right);
  watch->defect[point->node] = residual;
  double *shell = &watch->shells[lmx_growth_shell_of(&env->growth, point->r)];
  *shell = fmax(*shell, residual);
}

/* Differences for third derivatives reach further than those for second ones:
 * in density form to where f <= 0. */
static bool has_third_derivatives(const lmx_pointwise *p)
{
  double sum = 0.0;
  for (int i = 0; i < p->d * p->d * p->d; ++i)
    sum += fabs(p->dK[i]);
  return isfinite(sum);
}

void lmx_lemma_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  lmx_lemma_watch *watch = state;
  const lmx_lemma *lemma = watch->lemma;
  if (is_density(env) && !has_third_derivatives(point->pointwise))
    return;
  lmx_side right = lemma->right(point->pointwise);
  keep_residual(env, point, right, watch);
  if (point->ordinal % lmx_check_stride(env->input, env->ball) == 0) {
    lmx_side left = lemma->left(point->pointwise);
    double rounding = lmx_side_residual(left, right);
    lmx_check_sup_take(env, point, rounding, rounding, largest_rounding,
                       &watch->rounding);
  }
  if (lemma->misprint != NULL)
    watch->misprint =
        fmax(watch->misprint,
             lmx_side_residual(right, lemma->misprint(point->pointwise)));
  if (lemma->K != NULL)
    take_slack(env, point, right, watch);
}

/* The identity; in density form wherever there is a residual, since it is not
 * judged there. */
static void take_residuals(const lmx_check_env *env, lmx_lemma_watch *watch)
{
  lmx_check_point point = {.node = 0};
  for (; point.node < env->input->grid->size; ++point.node) {
    double residual = watch->defect[point.node];
    if (residual == -1.0 ||
        (is_density(env) ? !isfinite(residual) : env->blurred[point.node]))
      continue;
    point.r = sqrt(lmx_check_node_r2(env->input->grid, point.node));
    lmx_check_sup_take(env, &point, residual,
                       residual - watch->lemma->residual_bound, 0.0,
                       &watch->residual);
  }
}

lmx_status lmx_lemma_end(lmx_check_env *env, void *state)
{
  lmx_lemma_watch *watch = state;
  take_residuals(env, watch);
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

static void describe_identity(const lmx_check_env *env,
                              const lmx_lemma_watch *watch,
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
                 is_density(env) ? " (density form: not judged)" : "",
                 watch->rounding.value);
  if (watch->lemma->misprint != NULL)
    lmx_check_note(result,
                   "The form as printed is off by up to %.3g of its largest "
                   "term. ",
                   watch->misprint);
}

static void describe_value(const lmx_check_env *env,
                           const lmx_lemma_watch *watch,
                           lmx_check_result *result)
{
  const lmx_lemma *lemma = watch->lemma;
  if (lemma->K == NULL) {
    lmx_check_note(result, "Value: that residual; an equality. ");
    return;
  }
  double sharp = lemma->K(&env->constants.sharp);
  double printed = lemma->K(&env->constants.printed);
  double least = watch->least.value;
  lmx_check_note(result, "Value: %s on this solution; ", lemma->value);
  if (sharp * least > 0.0)
    lmx_check_note(result,
                   "sharp %g (%.3g times the value), printed %g (%.3g "
                   "times). ",
                   sharp, sharp / least, printed, printed / least);
  else
    lmx_check_note(result, "sharp %g, printed %g. ", sharp, printed);
}

/* Whether the grid resolves too little to say anything; else 0. */
static void judge_resolution(const lmx_check_env *env, lmx_check_result *result)
{
  if (is_density(env) || env->unresolved == 0)
    return;
  double part = (double)env->unresolved / (double)env->points;
  double part_apart =
      env->inside > 0 ? (double)env->apart / (double)env->inside : 0.0;
  bool too_many = part > most_unresolved || part_apart > most_apart;
  if (too_many)
    result->status = LMX_FAILS;
  lmx_check_note(result,
                 "At %.2g %% of the nodes the grid does not resolve Hess f / f "
                 "to %g, nor to %g at %.2g %% of those in |v| <= R/2%s. ",
                 100.0 * part, resolution, apart, 100.0 * part_apart,
                 too_many ? ": too many" : ": not judged there");
}

/* In density form the noise of f decides on residuals: one that is too large
 * says nothing against the lemma. */
static void judge(const lmx_check_env *env, const lmx_lemma_watch *watch,
                  lmx_check_result *result)
{
  bool residual = watch->residual.violations > 0;
  if (watch->least.violations + watch->printed_violations +
              watch->rounding.violations >
          0 ||
      (residual && !is_density(env)))
    result->status = LMX_FAILS;
  else if (residual && watch->lemma->K == NULL)
    result->status = LMX_INFO;
}

lmx_status lmx_lemma_finish(lmx_check_env *env, void *state,
                            lmx_check_result *result)
{
  const lmx_lemma_watch *watch = state;
  const lmx_lemma *lemma = watch->lemma;
  bool inequality = lemma->K != NULL;
  const lmx_check_sup *judged = inequality ? &watch->least : &watch->residual;
  double bound =
      inequality ? lemma->K(&env->constants.sharp) : lemma->residual_bound;
  if (watch->counted > 0.0)
    LMX_TRY(histogram_table(env, watch));
  if (lmx_check_sup_result(env, judged, bound, result)) {
    judge(env, watch, result);
    describe_value(env, watch, result);
    describe_identity(env, watch, result);
    if (inequality) /* not of a residual */
      lmx_check_sup_note_edge(env, judged, result);
  }
  judge_resolution(env, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}
