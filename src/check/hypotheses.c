/* The hypotheses (1.9) to (1.11) on the data: by its structure over R^d where
 * that is known, else as far as the ball shows. What rests on one that fails,
 * or that the ball does not resolve, claims nothing. */
#include "check/internal.h"

#include <math.h>
#include <stdio.h>

/* Differences and interpolation, which is of another order, that disagree by
 * more than this do not resolve the data. */
static const double unresolved = 1e-2;
/* What is attained below and beyond these is at 0, or a limit. */
static const double near = 1e-4, far = 1e3;
/* (1.9) holds as far as a ball shows if the measured power is no less than
 * this, and known to so much or beyond doubt. */
static const double power_least = 1.95, power_known = 0.1;

const char *lmx_hypothesis_name(lmx_hypothesis which)
{
  static const char *const names[LMX_HYPOTHESES] = {"(1.9)", "(1.10)",
                                                    "(1.11)"};
  return names[which];
}

/* --- structure -------------------------------------------------------------
 */

/* Whether the state at t = 0 is the data, on the ball. */
static bool is_data(const lmx_check_env *env)
{
  const lmx_check_input *input = env->input;
  double r, v[LMX_MAX_DIMENSION];
  for (size_t i = 0;
       lmx_check_ball_next(input->grid, lmx_check_radius(input, 0), &i, &r);
       ++i) {
    lmx_grid_point(input->grid, i, v);
    double g = input->u[0][i] + lmx_log_maxwellian(input->grid->d, r * r);
    if (!(fabs(lmx_initial_log_density(input->initial, v) - g) <=
          env->accuracy))
      return false;
  }
  return true;
}

lmx_status lmx_space_find(lmx_check_env *env)
{
  lmx_space *space = &env->space;
  if (env->input->initial == NULL)
    return LMX_OK;
  LMX_TRY(lmx_tails_create(env->context, env->input->initial, &space->tails));
  if (space->tails == NULL)
    return LMX_OK;
  space->other_data = !is_data(env);
  if (!space->other_data)
    return lmx_tails_constants(env->context, space->tails, &space->constants);
  lmx_tails_destroy(&space->tails);
  return LMX_OK;
}

void lmx_space_release(lmx_check_env *env)
{
  lmx_tails_destroy(&env->space.tails);
}

void lmx_note_space(const lmx_check_env *env, const lmx_tail_sup *sup,
                    const char *name, lmx_check_result *result)
{
  double radius = lmx_check_radius(env->input, 0);
  char text[64];
  if (sup->r < far)
    snprintf(text, sizeof text, " (at |v| = %.4g)",
             fabs(sup->r) < near ? 0.0 : sup->r);
  else
    snprintf(text, sizeof text, " (for |v| -> infinity)");
  lmx_check_note(result, "On R^d, by structure: %s = %.6g, ", name, sup->high);
  if (env->space.constants.closed)
    lmx_check_note(result, "the least constant, a closed formula%s. ",
                   isinf(sup->r) ? ", approached for |v| -> infinity" : "");
  else
    lmx_check_note(result,
                   "which serves; the least constant is %.6g or more%s. ",
                   sup->low, text);
  lmx_check_note(result,
                 "The state at t = 0 is this data on |v| <= %.4g, %zu nodes.",
                 radius, env->start_points);
}

/* --- between nodes ---------------------------------------------------------
 */

typedef struct ratio_at {
  lmx_growth_kind kind;
  double t;
} ratio_at;

static double ratio(const lmx_check_point *point, const void *user)
{
  const ratio_at *at = user;
  double square = at->kind == LMX_GROWTH_GRADIENT  ? point->q2
                  : at->kind == LMX_GROWTH_HESSIAN ? point->G2
                                                   : point->K2;
  return sqrt(square) / lmx_growth_scale(at->kind, at->t, point->r);
}

double lmx_growth_between(const lmx_check_env *env, lmx_growth_kind kind,
                          size_t k, double *v)
{
  const lmx_shell *sup = lmx_growth_sup(&env->growth, kind, k);
  const ratio_at at = {kind, env->input->times[k]};
  if (sup == NULL)
    return NAN;
  for (int a = 0; a < LMX_MAX_DIMENSION; ++a)
    v[a] = 0.0;
  lmx_grid_point(env->input->grid, sup->node, v);
  return lmx_check_between(env, k, ratio, &at, v, sup->ratio);
}

double lmx_growth_B(const lmx_check_env *env, size_t k, bool *on_space)
{
  double v[LMX_MAX_DIMENSION];
  *on_space = k == 0 && env->space.tails != NULL;
  return *on_space ? env->space.constants.relative.high
                   : lmx_growth_between(env, LMX_GROWTH_RELATIVE, k, v);
}

/* --- as far as the ball shows ----------------------------------------------
 */

/* Where log f0 is singular its derivatives on the grid are large, but finite:
 * what the grid does not resolve at the largest ratio says nothing of a
 * constant. Both sizes there; true if they agree. */
static lmx_status resolve(const lmx_check_env *env, lmx_growth_kind kind,
                          const lmx_shell *sup, double *size, bool *out)
{
  double v[LMX_MAX_DIMENSION];
  lmx_check_point point;
  lmx_grid_point(env->input->grid, sup->node, v);
  LMX_TRY(lmx_interpolate(env->context, env->input->grid, env->input->u[0], v,
                          env->jet));
  lmx_check_point_fill(env->jet, &point);
  *size = sqrt(kind == LMX_GROWTH_GRADIENT ? point.q2 : point.G2);
  *out = fabs(*size - sup->size) <= unresolved * sup->size;
  return LMX_OK;
}

static lmx_status judge_growth(lmx_check_env *env, lmx_growth_kind kind,
                               lmx_growth_fit *fit, lmx_verdict *out)
{
  const lmx_shell *sup = lmx_growth_sup(&env->growth, kind, 0);
  double size;
  bool resolved;
  *out = LMX_INFO;
  *fit = (lmx_growth_fit){.exponent = NAN};
  if (sup == NULL)
    return LMX_OK;
  LMX_TRY(lmx_growth_fit_edge(env, kind, 0, fit));
  LMX_TRY(resolve(env, kind, sup, &size, &resolved));
  if (fit->excessive)
    *out = LMX_FAILS;
  else if (resolved && !fit->doubtful && !isnan(fit->exponent))
    *out = LMX_HOLDS;
  return LMX_OK;
}

/* A power of 2 and more. */
static bool is_gaussian(const lmx_decay *decay)
{
  const lmx_power *power = &decay->power;
  return decay->measured && power->clear && power->p >= power_least &&
         (power->error <= power_known ||
          power->p - power->error >= power_least);
}

lmx_status lmx_hypotheses_judge(lmx_check_env *env)
{
  const lmx_decay *decay = &env->decay;
  for (int i = 0; i < LMX_HYPOTHESES; ++i)
    env->hypotheses[i] = LMX_HOLDS;
  if (env->space.tails != NULL)
    return LMX_OK;
  lmx_decay_measure(env, &env->decay);
  if (decay->slow)
    env->hypotheses[LMX_HYPOTHESIS_GAUSSIAN] = LMX_FAILS;
  else if (!is_gaussian(decay))
    env->hypotheses[LMX_HYPOTHESIS_GAUSSIAN] = LMX_INFO;
  for (int kind = 0; kind < 2; ++kind)
    LMX_TRY(judge_growth(env, (lmx_growth_kind)kind, &env->start_fit[kind],
                         &env->hypotheses[LMX_HYPOTHESIS_GRADIENT + kind]));
  return LMX_OK;
}

/* --- (1.10) and (1.11) ------------------------------------------------------
 */

static lmx_status describe_ball(const lmx_check_env *env, lmx_growth_kind kind,
                                lmx_check_result *result)
{
  const lmx_shell *sup = lmx_growth_sup(&env->growth, kind, 0);
  const lmx_growth_fit *fit = &env->start_fit[kind];
  double size;
  bool resolved;
  LMX_TRY(resolve(env, kind, sup, &size, &resolved));
  if (!fit->excessive && !resolved)
    lmx_check_note(result,
                   "At |v| = %.3g, where the ratio is largest, the grid does "
                   "not resolve log f0 (derivatives %.4g and %.4g by two "
                   "orders), which may be singular: nothing is claimed. ",
                   sup->r, sup->size, size);
  lmx_growth_note(env, kind, 0, fit, result);
  lmx_check_note(result, "%s",
                 fit->excessive ? "If it goes on so no constant serves. "
                 : fit->doubtful
                     ? "Whether a constant serves beyond the ball is open. "
                     : "Value: the smallest constant on the ball. ");
  lmx_check_note_data(env, result);
  return LMX_OK;
}

lmx_status lmx_growth_hypothesis(const lmx_check_env *env, lmx_growth_kind kind,
                                 lmx_check_result *result)
{
  bool gradient = kind == LMX_GROWTH_GRADIENT;
  lmx_hypothesis which =
      gradient ? LMX_HYPOTHESIS_GRADIENT : LMX_HYPOTHESIS_HESSIAN;
  double v[LMX_MAX_DIMENSION];
  result->status = env->hypotheses[which];
  if (env->space.tails != NULL) {
    const lmx_tail_sup *sup = gradient ? &env->space.constants.gradient
                                       : &env->space.constants.hessian;
    result->value = sup->high;
    lmx_note_space(env, sup, "the constant", result);
    return LMX_OK;
  }
  result->value = lmx_growth_between(env, kind, 0, v);
  if (isnan(result->value)) {
    lmx_check_note(result, "No node of the ball carries a finite log f. ");
    lmx_check_note_data(env, result);
    return LMX_OK;
  }
  lmx_check_where(env, result, env->input->times[0], v);
  return describe_ball(env, kind, result);
}

/* --- what rests on them ------------------------------------------------------
 */

static void say_unmet(const lmx_check_env *env, lmx_hypothesis which,
                      lmx_check_result *result)
{
  bool fails = env->hypotheses[which] == LMX_FAILS;
  lmx_check_note(result, "Hypothesis %s %s at t = 0",
                 lmx_hypothesis_name(which),
                 fails ? "fails" : "is not resolved");
  if (which == LMX_HYPOTHESIS_GAUSSIAN && env->decay.measured &&
      env->decay.power.clear) {
    lmx_check_note(result, ": log f0 decays like |v|^%.2f", env->decay.power.p);
  } else if (which != LMX_HYPOTHESIS_GAUSSIAN) {
    lmx_growth_kind kind = which == LMX_HYPOTHESIS_GRADIENT
                               ? LMX_GROWTH_GRADIENT
                               : LMX_GROWTH_HESSIAN;
    const lmx_shell *sup = lmx_growth_sup(&env->growth, kind, 0);
    if (fails && sup != NULL)
      lmx_check_note(result,
                     ": %s grows like |v|^%.2f at the edge, largest ratio "
                     "%.4g at |v| = %.3g",
                     kind == LMX_GROWTH_GRADIENT ? "|grad log f0|"
                                                 : "|Hess log f0|",
                     env->start_fit[kind].exponent, sup->ratio, sup->r);
  }
  lmx_check_note(result, ". No constant is known, nothing is claimed. ");
}

bool lmx_hypotheses_hold(const lmx_check_env *env, lmx_hypothesis last)
{
  bool hold = true;
  for (int i = 0; i <= (int)last; ++i)
    hold = hold && env->hypotheses[i] == LMX_HOLDS;
  return hold;
}

bool lmx_hypotheses_needed(const lmx_check_env *env, lmx_hypothesis last,
                           lmx_check_result *result)
{
  for (int i = 0; i <= (int)last; ++i) {
    if (env->hypotheses[i] == LMX_HOLDS)
      continue;
    result->status = LMX_INFO;
    say_unmet(env, (lmx_hypothesis)i, result);
    return false;
  }
  return true;
}

void lmx_growth_recovery(const lmx_check_env *env,
                         const lmx_growth_survey *survey,
                         lmx_check_result *result)
{
  const lmx_check_input *input = env->input;
  if (survey->excessive == 0)
    return;
  size_t k = survey->last_excessive + 1;
  if (k < input->ntimes)
    lmx_check_note(result,
                   "Recovery: from t = %.4g on the growth is within the bound, "
                   "as far as the ball shows. ",
                   input->times[k]);
  else
    lmx_check_note(result, "No recovery up to the last time. ");
}
