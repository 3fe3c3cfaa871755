/* Growth in |v| of |grad log f|, |Hess log f| and |Hess f / f|: maxima over
 * shells, and whether a bound that holds in the ball seems to go on beyond.
 *
 * The allowed growth is S(r) <= c (1 + r^power). A power law fitted to S
 * itself would take S = r - 1 (data on a ring) for r^1.3, so the fit is
 * S = b_0 + b_1 x + b_2 x^2 in x = r^power over the outer part of the ball
 * and the exponent that of the growing part, power (1 + x S'' / S'): 1 or 2
 * for the allowed growth with any offset, 3 for |grad (|v|^4)| + offset. */
#include "check/internal.h"

#include <math.h>

#include <gsl/gsl_multifit.h>

/* Shells from this fraction of the ball outwards are fitted ... */
static const double outer_part = 0.6;
/* ... when there are at least so many. */
static const size_t fewest_shells = 6;
/* Exponents above power + margin are excessive if the ratio also grows. */
static const double margin = 0.25;
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
  growth->ntimes = input->ntimes;
  growth->width = width;
  growth->nshells =
      (size_t)ceil(fmin(input->radius, sqrt(corner2)) / width) + 1;
  size_t n = LMX_GROWTH_KINDS * growth->ntimes * growth->nshells;
  LMX_TRY(LMX_NEW_ARRAY(context, n, &growth->shells));
  for (size_t i = 0; i < n; ++i)
    growth->shells[i].ratio = -1.0;
  return LMX_OK;
}

void lmx_growth_release(lmx_growth *growth)
{
  lmx_free(growth->shells);
  growth->shells = NULL;
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

void lmx_growth_add(const lmx_check_env *env, const lmx_check_point *point,
                    lmx_growth *growth)
{
  const double size[LMX_GROWTH_KINDS] = {sqrt(point->q2), sqrt(point->G2),
                                         sqrt(point->K2)};
  size_t s = (size_t)(point->r / growth->width);
  if (s >= growth->nshells)
    s = growth->nshells - 1;
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

static lmx_status fit_parabola(lmx_context *context, gsl_matrix *X,
                               gsl_vector *y, double *b)
{
  gsl_multifit_linear_workspace *work =
      gsl_multifit_linear_alloc(X->size1, X->size2);
  gsl_matrix *covariance = gsl_matrix_alloc(X->size2, X->size2);
  gsl_vector_view c = gsl_vector_view_array(b, X->size2);
  double chisq;
  lmx_status status = LMX_OK;
  if (work == NULL || covariance == NULL)
    status = lmx_fail(context, LMX_ERR_MEMORY, "out of memory: fit");
  else if (gsl_multifit_linear(X, y, &c.vector, covariance, &chisq, work) != 0)
    status = lmx_fail(context, LMX_ERR_NUMERICS, "the fit of growth failed");
  gsl_matrix_free(covariance);
  gsl_multifit_linear_free(work);
  return status;
}

/* x is scaled to 1 at the edge of the ball. */
static void judge(const double *b, int power, double t, double radius,
                  lmx_growth_fit *fit)
{
  double inner = pow(outer_part, power), x = 0.5 * (inner + 1.0);
  double slope = b[1] + 2.0 * b[2] * x;
  fit->exponent = slope > 0.0 ? power * (1.0 + 2.0 * b[2] * x / slope) : 0.0;
  lmx_growth_kind kind = power == 1 ? LMX_GROWTH_GRADIENT : LMX_GROWTH_HESSIAN;
  double at_edge = (b[0] + b[1] + b[2]) / lmx_growth_scale(kind, t, radius);
  double at_inner = (b[0] + b[1] * inner + b[2] * inner * inner) /
                    lmx_growth_scale(kind, t, outer_part * radius);
  fit->growing = at_edge > growing_by * at_inner;
  fit->excessive = fit->growing && fit->exponent > power + margin;
}

lmx_status lmx_growth_fit_edge(const lmx_check_env *env, lmx_growth_kind kind,
                               size_t k, lmx_growth_fit *fit)
{
  const lmx_growth *growth = &env->growth;
  double radius = lmx_check_radius(env->input, k);
  int power = power_of(kind);
  *fit = (lmx_growth_fit){.exponent = NAN};
  gsl_matrix *X = gsl_matrix_alloc(growth->nshells, 3);
  gsl_vector *y = gsl_vector_alloc(growth->nshells);
  lmx_status status = LMX_OK;
  if (X == NULL || y == NULL) {
    status = lmx_fail(env->context, LMX_ERR_MEMORY, "out of memory: fit");
    goto fail;
  }
  for (size_t s = 0; s < growth->nshells; ++s) {
    const lmx_shell *shell = lmx_growth_shell(growth, kind, k, s);
    if (shell->ratio < 0.0 || shell->r < outer_part * radius)
      continue;
    double x = pow(shell->r / radius, power);
    gsl_matrix_set(X, fit->shells, 0, 1.0);
    gsl_matrix_set(X, fit->shells, 1, x);
    gsl_matrix_set(X, fit->shells, 2, x * x);
    gsl_vector_set(y, fit->shells++, shell->size);
  }
  if (fit->shells >= fewest_shells) {
    double b[3];
    gsl_matrix_view rows = gsl_matrix_submatrix(X, 0, 0, fit->shells, 3);
    gsl_vector_view values = gsl_vector_subvector(y, 0, fit->shells);
    LMX_TRY_GOTO(fit_parabola(env->context, &rows.matrix, &values.vector, b),
                 fail);
    judge(b, power, env->input->times[k], radius, fit);
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
  if (fit->shells < fewest_shells)
    lmx_check_note(result,
                   "Too few shells (%zu) in the outer ball to judge the growth "
                   "at t = %.4g. ",
                   fit->shells, env->input->times[k]);
  else
    lmx_check_note(result,
                   "At t = %.4g the shell maxima grow like |v|^%.2f (allowed "
                   "%d) over |v| in [%.3g, %.3g]; the ratio is %s |v| = %.3g. ",
                   env->input->times[k], fit->exponent, power_of(kind),
                   outer_part * radius, radius,
                   fit->growing ? "still growing at" : "not growing at",
                   radius);
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
      env, "growth_sup", "sup over the ball of the growth ratios",
      "t,|grad log f| / (1 + sqrt t + |v|),|Hess log f| / (1 + t + |v|^2),"
      "|Hess f / f| / (1 + t + |v|^2)",
      &table));
  for (size_t k = 0; k < env->input->ntimes; ++k) {
    double row[1 + LMX_GROWTH_KINDS] = {env->input->times[k]};
    for (int kind = 0; kind < LMX_GROWTH_KINDS; ++kind) {
      const lmx_shell *sup =
          lmx_growth_sup(&env->growth, (lmx_growth_kind)kind, k);
      row[1 + kind] = sup == NULL ? NAN : sup->ratio;
    }
    LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}

lmx_status lmx_growth_look(const lmx_check_env *env, lmx_growth_kind kind,
                           size_t first, lmx_growth_survey *survey)
{
  *survey = (lmx_growth_survey){.k = first};
  LMX_TRY(lmx_growth_fit_edge(env, kind, first, &survey->fit));
  for (size_t k = first; k < env->input->ntimes; ++k) {
    lmx_growth_fit fit;
    LMX_TRY(lmx_growth_fit_edge(env, kind, k, &fit));
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

lmx_status lmx_growth_hypothesis(const lmx_check_env *env, lmx_growth_kind kind,
                                 lmx_check_result *result)
{
  const lmx_shell *sup = lmx_growth_sup(&env->growth, kind, 0);
  if (sup == NULL) {
    lmx_check_note(result, "No node of the ball carries a finite log f. ");
    lmx_check_note_data(env, result);
    return LMX_OK;
  }
  lmx_growth_fit fit;
  LMX_TRY(lmx_growth_fit_edge(env, kind, 0, &fit));
  result->value = sup->ratio;
  result->status = fit.excessive ? LMX_FAILS : LMX_HOLDS;
  lmx_check_where_node(env, result, env->input->times[0], sup->node);
  lmx_growth_note(env, kind, 0, &fit, result);
  lmx_check_note(result, "%s",
                 fit.excessive ? "No constant serves beyond the ball. "
                               : "Value: the smallest constant on the ball. ");
  lmx_check_note_data(env, result);
  return LMX_OK;
}

void lmx_growth_not_applicable(const lmx_check_env *env, const char *hypothesis,
                               const lmx_growth_survey *survey,
                               lmx_check_result *result)
{
  const lmx_check_input *input = env->input;
  result->status = LMX_INFO;
  lmx_check_note(result, "Hypothesis %s fails: nothing is claimed. ",
                 hypothesis);
  if (survey->excessive > 0 && survey->last_excessive + 1 < input->ntimes)
    lmx_check_note(result, "The growth is within the bound from t = %.4g on. ",
                   input->times[survey->last_excessive + 1]);
}
