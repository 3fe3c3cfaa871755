/* Growth in |v| of |grad log f|, |Hess log f| and |Hess f / f|: maxima over
 * shells, and whether a bound that holds in the ball seems to go on beyond.
 *
 * The allowed growth is S(r) <= c (1 + r^power). A ball of finite radius
 * cannot tell any growth from a passing one; three signs together are taken
 * for growth beyond the allowed power:
 *   the largest ratio of the whole ball lies at its edge (a mixture whose
 *     Gaussians change places near the edge has a bump there, but a low one);
 *   S / r^power is larger there than anywhere in the middle part (it falls
 *     for mixtures, and is level where log f oscillates);
 *   the growing part of S has an exponent above power: power (1 + x S'' / S'),
 *     x = r^power, of polynomials fitted over the outer part. An exponent of S
 *     itself would take S = r - 1 (data on a ring) for r^1.2. It is taken in
 *     the middle from a parabola and at the edge from a cubic, and the smaller
 *     counts, so that a bend that has straightened before |v| = R is none. */
#include "check/internal.h"

#include <math.h>

#include <gsl/gsl_multifit.h>
#include <gsl/gsl_poly.h>

/* Shells from this fraction of the ball outwards are fitted ... */
static const double outer_part = 0.6;
/* ... when there are at least so many. */
static const size_t fewest_shells = 6;
/* The measured power is that over this part. */
static const double power_part = 0.4;
enum { CUBIC = 4 }; /* coefficients of the larger fit */
/* The edge and the middle part of the ball. */
static const double edge_from = 0.9, middle_from = 0.3, middle_to = 0.7;
/* The first sign: the edge has the largest ratio up to scatter. */
static const double scatter = 0.99;
/* The second: S / r^power is so much larger at the edge than in the middle. */
static const double rise = 1.03;
/* The third: the exponent exceeds the power by this. */
static const double margin = 0.25;
/* A measured power above the allowed one by more than this part is doubtful,
 * and so is growth with no clear power: of oscillations a ball shows a phase.
 */
static const double doubt = 0.03;
/* Less relative growth than this is none. */
static const double level = 1e-3;
/* The ratio still grows if at |v| = R it is so much above outer_part R. */
static const double growing_by = 1.01;

static int power_of(lmx_growth_kind kind)
{
  return kind == LMX_GROWTH_GRADIENT ? 1 : 2;
}

double lmx_growth_scale(lmx_growth_kind kind, double t, double r)
{
  return kind == LMX_GROWTH_GRADIENT ? 1.0 + sqrt(t) + r : 1.0 + t + r * r;
}

lmx_status lmx_growth_init(lmx_context *context, const lmx_check_input *input,
                           lmx_growth *growth)
{
  double width = input->radius / 60.0;
  for (int a = 0; a < input->grid->naxes; ++a)
    width = fmax(width, input->grid->axis[a].h);
  double corner2 = 0.0;
  for (int a = 0; a < input->grid->naxes; ++a)
    corner2 += pow(input->grid->axis[a].half_width, 2);
  /* whole shells only: a part of one at the edge would miss directions */
  double reach = fmin(input->radius, sqrt(corner2));
  growth->ntimes = input->ntimes;
  growth->nshells = (size_t)fmax(1.0, floor(reach / width));
  growth->width = reach / (double)growth->nshells;
  size_t n = LMX_GROWTH_KINDS * growth->ntimes * growth->nshells;
  LMX_TRY(LMX_NEW_ARRAY(context, n, &growth->shells));
  LMX_TRY(LMX_NEW_ARRAY(context, growth->nshells, &growth->tops));
  for (size_t i = 0; i < n; ++i)
    growth->shells[i].ratio = -1.0;
  for (size_t s = 0; s < growth->nshells; ++s)
    growth->tops[s].ratio = -1.0;
  return LMX_OK;
}

void lmx_growth_release(lmx_growth *growth)
{
  lmx_free(growth->shells);
  lmx_free(growth->tops);
  growth->shells = growth->tops = NULL;
}

static lmx_shell *shell_at(const lmx_growth *growth, lmx_growth_kind kind,
                           size_t k, size_t s)
{
  return &growth->shells[((size_t)kind * growth->ntimes + k) * growth->nshells +
                         s];
}

const lmx_shell *lmx_growth_shell(const lmx_growth *growth,
                                  lmx_growth_kind kind, size_t k, size_t s)
{
  return shell_at(growth, kind, k, s);
}

size_t lmx_growth_shell_of(const lmx_growth *growth, double r)
{
  size_t s = (size_t)(r / growth->width);
  return s < growth->nshells ? s : growth->nshells - 1;
}

void lmx_growth_add(const lmx_check_env *env, const lmx_check_point *point,
                    lmx_growth *growth)
{
  const double size[LMX_GROWTH_KINDS] = {sqrt(point->q2), sqrt(point->G2),
                                         sqrt(point->K2)};
  size_t s = lmx_growth_shell_of(growth, point->r);
  lmx_shell *top = &growth->tops[s];
  if (env->k == 0 && (top->ratio < 0.0 || point->jet->g > top->size))
    *top =
        (lmx_shell){.size = point->jet->g, .r = point->r, .node = point->node};
  for (int kind = 0; kind < LMX_GROWTH_KINDS; ++kind) {
    double ratio =
        size[kind] / lmx_growth_scale((lmx_growth_kind)kind, env->t, point->r);
    lmx_shell *shell = shell_at(growth, (lmx_growth_kind)kind, env->k, s);
    if (ratio > shell->ratio)
      *shell = (lmx_shell){.ratio = ratio,
                           .size = size[kind],
                           .r = point->r,
                           .node = point->node};
  }
}

const lmx_shell *lmx_growth_sup(const lmx_growth *growth, lmx_growth_kind kind,
                                size_t k)
{
  const lmx_shell *best = NULL;
  for (size_t s = 0; s < growth->nshells; ++s) {
    const lmx_shell *shell = shell_at(growth, kind, k, s);
    if (shell->ratio >= 0.0 && (best == NULL || shell->ratio > best->ratio))
      best = shell;
  }
  return best;
}

const lmx_shell *lmx_growth_sup_all(const lmx_growth *growth,
                                    lmx_growth_kind kind, size_t *k)
{
  const lmx_shell *best = NULL;
  for (size_t i = 0; i < growth->ntimes; ++i) {
    const lmx_shell *shell = lmx_growth_sup(growth, kind, i);
    if (shell != NULL && (best == NULL || shell->ratio > best->ratio)) {
      best = shell;
      *k = i;
    }
  }
  return best;
}

/* Polynomial of `terms` coefficients b through the shell maxima. */
static lmx_status fit_polynomial(lmx_context *context, const gsl_matrix *X,
                                 const gsl_vector *y, size_t terms, double *b)
{
  gsl_multifit_linear_workspace *work =
      gsl_multifit_linear_alloc(X->size1, terms);
  gsl_matrix *covariance = gsl_matrix_alloc(terms, terms);
  gsl_vector_view c = gsl_vector_view_array(b, terms);
  gsl_matrix_const_view columns =
      gsl_matrix_const_submatrix(X, 0, 0, X->size1, terms);
  double chisq;
  lmx_status status = LMX_OK;
  if (work == NULL || covariance == NULL)
    status = lmx_fail(context, LMX_ERR_MEMORY, "out of memory: fit");
  else if (gsl_multifit_linear(&columns.matrix, y, &c.vector, covariance,
                               &chisq, work) != 0)
    status = lmx_fail(context, LMX_ERR_NUMERICS, "the fit of growth failed");
  gsl_matrix_free(covariance);
  if (work != NULL)
    gsl_multifit_linear_free(work);
  return status;
}

/* power (1 + x S'' / S') of the polynomial b at x; 0 where S falls or is
 * level, so that S'' would be scatter. */
static double part_exponent(const double *b, size_t terms, int power, double x)
{
  double derivative[3];
  gsl_poly_eval_derivs(b, terms, x, derivative, 3);
  if (!(x * derivative[1] > level * derivative[0]))
    return 0.0;
  return power * (1.0 + x * derivative[2] / derivative[1]);
}

/* The first two signs. */
static bool edge_stands_out(const lmx_growth *growth, lmx_growth_kind kind,
                            size_t k, double radius)
{
  int power = power_of(kind);
  double largest = 0.0, at_edge = 0.0, edge_slope = 0.0, middle_slope = 0.0;
  for (size_t s = 0; s < growth->nshells; ++s) {
    const lmx_shell *shell = shell_at(growth, kind, k, s);
    if (shell->ratio < 0.0)
      continue;
    double x = shell->r / radius, slope = shell->size / pow(shell->r, power);
    largest = fmax(largest, shell->ratio);
    if (x >= edge_from) {
      at_edge = fmax(at_edge, shell->ratio);
      edge_slope = fmax(edge_slope, slope);
    } else if (x >= middle_from && x <= middle_to) {
      middle_slope = fmax(middle_slope, slope);
    }
  }
  return at_edge >= scatter * largest && edge_slope > rise * middle_slope;
}

/* The power of the shell maxima over the outer part, as in decay.c. */
static bool measured_power(const lmx_check_env *env, lmx_growth_kind kind,
                           size_t k, lmx_power *out)
{
  enum { MOST = 128 };
  double x[MOST], y[MOST], radius = lmx_check_radius(env->input, k);
  double crest = 0.0;
  size_t n = 0;
  for (size_t s = 0; s < env->growth.nshells && n < MOST; ++s) {
    const lmx_shell *shell = lmx_growth_shell(&env->growth, kind, k, s);
    if (shell->ratio < 0.0 || shell->r < power_part * radius)
      continue;
    if (shell->size <= crest) /* crests only */
      continue;
    crest = shell->size;
    x[n] = shell->r;
    y[n++] = crest;
  }
  return lmx_measured_power(n, x, y, out);
}

/* x = (r / R)^power. */
static lmx_status judge(const lmx_check_env *env, lmx_growth_kind kind,
                        size_t k, const gsl_matrix *X, const gsl_vector *y,
                        lmx_growth_fit *fit)
{
  double parabola[3], cubic[CUBIC];
  LMX_TRY(fit_polynomial(env->context, X, y, 3, parabola));
  LMX_TRY(fit_polynomial(env->context, X, y, CUBIC, cubic));
  int power = power_of(kind);
  double radius = lmx_check_radius(env->input, k), t = env->input->times[k];
  double inner = pow(outer_part, power);
  fit->exponent = fmin(part_exponent(parabola, 3, power, 0.5 * (inner + 1.0)),
                       part_exponent(cubic, CUBIC, power, 1.0));
  double at_edge =
      gsl_poly_eval(parabola, 3, 1.0) / lmx_growth_scale(kind, t, radius);
  double at_inner = gsl_poly_eval(parabola, 3, inner) /
                    lmx_growth_scale(kind, t, outer_part * radius);
  fit->growing = at_edge > growing_by * at_inner;
  bool stands_out = edge_stands_out(&env->growth, kind, k, radius);
  fit->excessive = fit->growing && fit->exponent > power + margin && stands_out;
  bool known = measured_power(env, kind, k, &fit->power) && fit->power.clear;
  double excess = power * (1.0 + doubt);
  fit->doubtful =
      fit->growing && (!known || fmin(fit->power.p, fit->exponent) > excess);
  return LMX_OK;
}

/* The shells of the outer part as rows 1, x, x^2, x^3 and values S, or rather
 * their largest up to each shell, so that oscillations are followed by their
 * crests. */
static size_t collect(const lmx_check_env *env, lmx_growth_kind kind, size_t k,
                      gsl_matrix *X, gsl_vector *y)
{
  double radius = lmx_check_radius(env->input, k);
  double envelope = 0.0;
  size_t n = 0;
  for (size_t s = 0; s < env->growth.nshells; ++s) {
    const lmx_shell *shell = lmx_growth_shell(&env->growth, kind, k, s);
    if (shell->ratio < 0.0 || shell->r < outer_part * radius)
      continue;
    double x = pow(shell->r / radius, power_of(kind));
    envelope = fmax(envelope, shell->size);
    for (size_t j = 0; j < CUBIC; ++j)
      gsl_matrix_set(X, n, j, pow(x, (double)j));
    gsl_vector_set(y, n++, envelope);
  }
  return n;
}

lmx_status lmx_growth_fit_edge(const lmx_check_env *env, lmx_growth_kind kind,
                               size_t k, lmx_growth_fit *fit)
{
  *fit = (lmx_growth_fit){.exponent = NAN};
  gsl_matrix *X = gsl_matrix_alloc(env->growth.nshells, CUBIC);
  gsl_vector *y = gsl_vector_alloc(env->growth.nshells);
  lmx_status status = LMX_OK;
  if (X == NULL || y == NULL) {
    status = lmx_fail(env->context, LMX_ERR_MEMORY, "out of memory: fit");
    goto fail;
  }
  fit->shells = collect(env, kind, k, X, y);
  if (fit->shells >= fewest_shells) {
    gsl_matrix_view rows = gsl_matrix_submatrix(X, 0, 0, fit->shells, CUBIC);
    gsl_vector_view values = gsl_vector_subvector(y, 0, fit->shells);
    status = judge(env, kind, k, &rows.matrix, &values.vector, fit);
  }
fail:
  gsl_matrix_free(X);
  gsl_vector_free(y);
  return status;
}

void lmx_growth_note(const lmx_check_env *env, lmx_growth_kind kind, size_t k,
                     const lmx_growth_fit *fit, lmx_check_result *result)
{
  double radius = lmx_check_radius(env->input, k);
  double t = env->input->times[k];
  if (fit->shells < fewest_shells) {
    lmx_check_note(result,
                   "Too few shells (%zu) in the outer ball to judge the growth "
                   "at t = %.4g. ",
                   fit->shells, t);
    return;
  }
  if (fit->growing)
    result->edge = LMX_EDGE_GROWING;
  else if (result->edge == LMX_EDGE_UNKNOWN)
    result->edge = LMX_EDGE_LEVEL;
  if (!fit->growing) {
    lmx_check_note(result,
                   "At t = %.4g the ratio does not rise at |v| = %.3g. ", t,
                   radius);
    return;
  }
  if (!fit->excessive && !fit->doubtful) {
    lmx_check_note(result,
                   "At t = %.4g the ratio still rises at |v| = %.3g, towards a "
                   "limit as far as the ball shows. ",
                   t, radius);
    return;
  }
  if (!fit->excessive && !fit->power.clear) {
    lmx_check_note(result,
                   "At t = %.4g the ratio still rises at |v| = %.3g, with no "
                   "power that is clear: the ball cannot tell whether too "
                   "fast. ",
                   t, radius);
    return;
  }
  lmx_check_note(result,
                 "At t = %.4g the shell maxima go like |v|^%.2f and an offset "
                 "at |v| = %.3g (allowed %d",
                 t, fit->exponent, radius, power_of(kind));
  if (fit->power.clear)
    lmx_check_note(result, "; measured power over |v| > %.3g: %.2f +- %.2g",
                   power_part * radius, fit->power.p, fit->power.error);
  lmx_check_note(result, "%s",
                 fit->excessive ? "): growing too fast. "
                                : "): faster than allowed, or a bend inside "
                                  "the ball, which cannot tell. ");
}

static lmx_status shell_table(lmx_check_env *env, lmx_growth_kind kind,
                              const char *name, const char *title)
{
  lmx_table *table;
  LMX_TRY(lmx_check_table(env, name, title, "t,|v|,ratio", &table));
  for (size_t k = 0; k < env->input->ntimes; ++k) {
    for (size_t s = 0; s < env->growth.nshells; ++s) {
      const lmx_shell *shell = lmx_growth_shell(&env->growth, kind, k, s);
      double row[3] = {env->input->times[k], shell->r, shell->ratio};
      if (shell->ratio >= 0.0)
        LMX_TRY(lmx_table_add(env->context, table, row));
    }
    LMX_TRY(lmx_table_break(env->context, table));
  }
  return LMX_OK;
}

lmx_status lmx_growth_tables(lmx_check_env *env)
{
  LMX_TRY(shell_table(env, LMX_GROWTH_GRADIENT, "growth_gradient",
                      "max over shells of |grad log f| / (1 + sqrt t + |v|)"));
  LMX_TRY(shell_table(env, LMX_GROWTH_HESSIAN, "growth_hessian",
                      "max over shells of |Hess log f|_F / (1 + t + |v|^2)"));
  lmx_table *table;
  LMX_TRY(lmx_check_table(
      env, "growth_sup",
      "largest growth ratios at the nodes of the ball, and the last of them "
      "between the nodes too, at t = 0 over R^d if that is known: B",
      "t,|grad log f| / (1 + sqrt t + |v|),|Hess log f| / (1 + t + |v|^2),"
      "|Hess f / f| / (1 + t + |v|^2),B of Theorem 1.7",
      &table));
  for (size_t k = 0; k < env->input->ntimes; ++k) {
    double row[2 + LMX_GROWTH_KINDS] = {env->input->times[k]};
    for (int kind = 0; kind < LMX_GROWTH_KINDS; ++kind) {
      const lmx_shell *sup =
          lmx_growth_sup(&env->growth, (lmx_growth_kind)kind, k);
      row[1 + kind] = sup == NULL ? NAN : sup->ratio;
    }
    bool on_space;
    row[1 + LMX_GROWTH_KINDS] = lmx_growth_B(env, k, &on_space);
    LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}

/* Over R^d. */
static double data_sup(const lmx_check_env *env, lmx_growth_kind kind)
{
  const lmx_tail_constants *c = &env->space.constants;
  return kind == LMX_GROWTH_GRADIENT ? c->gradient.high : c->hessian.high;
}

/* The theorems bound the ratio by the data: growth at a later time that stays
 * below the largest ratio of t = 0 is no sign against them (mixtures bend so
 * for a while), unless the data itself grows too fast. */
static lmx_status fit_against_data(const lmx_check_env *env,
                                   lmx_growth_kind kind, size_t k,
                                   const lmx_growth_fit *data,
                                   lmx_growth_fit *fit)
{
  LMX_TRY(lmx_growth_fit_edge(env, kind, k, fit));
  const lmx_shell *start = lmx_growth_sup(&env->growth, kind, 0);
  const lmx_shell *now = lmx_growth_sup(&env->growth, kind, k);
  bool known = env->space.tails != NULL;
  double most = known ? data_sup(env, kind)
                : start != NULL && k > 0 && !data->excessive ? start->ratio
                                                             : -INFINITY;
  if (now != NULL && now->ratio <= most)
    fit->excessive = fit->doubtful = false;
  return LMX_OK;
}

lmx_status lmx_growth_look(const lmx_check_env *env, lmx_growth_kind kind,
                           size_t first, lmx_growth_survey *survey)
{
  lmx_growth_fit data;
  *survey = (lmx_growth_survey){.k = first};
  LMX_TRY(lmx_growth_fit_edge(env, kind, 0, &data));
  LMX_TRY(fit_against_data(env, kind, first, &data, &survey->fit));
  for (size_t k = first; k < env->input->ntimes; ++k) {
    lmx_growth_fit fit;
    LMX_TRY(fit_against_data(env, kind, k, &data, &fit));
    bool worse = fit.excessive == survey->fit.excessive
                     ? fit.exponent > survey->fit.exponent
                     : fit.excessive;
    if (worse) {
      survey->k = k;
      survey->fit = fit;
    }
    if (fit.excessive) {
      ++survey->excessive;
      survey->last_excessive = k;
    }
  }
  return LMX_OK;
}
