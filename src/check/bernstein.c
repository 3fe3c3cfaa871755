/* What F-grad and F-hess have in common: F/f at every node with two sets of
 * constants, its largest value per output time, and a map of it. */
#include "check/bernstein.h"

#include <math.h>
#include <stdio.h>

const lmx_bernstein *lmx_bernstein_set(const lmx_check_env *env, int set)
{
  return set == LMX_BERNSTEIN_SHARP ? &env->constants.sharp
                                    : &env->constants.printed;
}

double lmx_bernstein_gradient_error(const lmx_check_env *env,
                                    const lmx_check_point *point, double C)
{
  double h = lmx_check_finest(env->input->grid);
  return env->accuracy * (2.0 * sqrt(point->q2) / h + C);
}

lmx_status lmx_bernstein_begin(lmx_check_env *env, void *state)
{
  lmx_bernstein_watch *watch = state;
  const lmx_check_input *input = env->input;
  char name[64], title[128];
  for (int set = 0; set < LMX_BERNSTEIN_SETS; ++set) {
    LMX_TRY(LMX_NEW_ARRAY(env->context, input->ntimes, &watch->largest[set]));
    for (size_t k = 0; k < input->ntimes; ++k)
      watch->largest[set][k] = -INFINITY;
  }
  LMX_TRY(LMX_NEW_ARRAY(env->context, input->grid->size, &watch->field));
  snprintf(name, sizeof name, "%s_map", watch->function->name);
  snprintf(title, sizeof title,
           "%s with the sharp constants, over the checked ball",
           watch->function->title);
  return lmx_check_map_create(env, name, title, "F/f", &watch->map);
}

void lmx_bernstein_release(void *state)
{
  lmx_bernstein_watch *watch = state;
  for (int set = 0; set < LMX_BERNSTEIN_SETS; ++set)
    lmx_free(watch->largest[set]);
  lmx_free(watch->field);
}

lmx_status lmx_bernstein_time(lmx_check_env *env, void *state)
{
  lmx_bernstein_watch *watch = state;
  for (size_t i = 0; i < env->input->grid->size; ++i)
    watch->field[i] = NAN;
  return LMX_OK;
}

void lmx_bernstein_point(const lmx_check_env *env, const lmx_check_point *point,
                         void *state)
{
  lmx_bernstein_watch *watch = state;
  const lmx_bernstein_function *function = watch->function;
  for (int set = 0; set < LMX_BERNSTEIN_SETS; ++set) {
    const lmx_bernstein *b = lmx_bernstein_set(env, set);
    if (!isfinite(function->last(b))) /* no bound, and no F */
      continue;
    double F = function->value(env, point, b);
    double granted = function->error(env, point, b);
    double *largest = &watch->largest[set][env->k];
    lmx_check_sup_take(env, point, F, F, granted, &watch->sup[set]);
    lmx_check_smallest_take(env, function->smallest[set],
                            F + function->last(b));
    *largest = fmax(*largest, F);
    if (set == LMX_BERNSTEIN_SHARP) {
      watch->granted = fmax(watch->granted, granted);
      watch->field[point->node] = F;
    }
  }
}

lmx_status lmx_bernstein_end(lmx_check_env *env, void *state)
{
  lmx_bernstein_watch *watch = state;
  if (!lmx_check_map_wanted(env, env->k))
    return LMX_OK;
  return lmx_check_map_add(env, env->k, watch->field, false, watch->map);
}

/* The largest values over v, one row per time. */
static lmx_status largest_table(lmx_check_env *env,
                                const lmx_bernstein_watch *watch)
{
  lmx_table *table;
  char title[128];
  snprintf(title, sizeof title, "max over the ball of %s",
           watch->function->title);
  LMX_TRY(lmx_check_table(env, watch->function->name, title,
                          "t,printed constants,sharp constants", &table));
  for (size_t k = 0; k < env->input->ntimes; ++k) {
    const double row[3] = {env->input->times[k],
                           watch->largest[LMX_BERNSTEIN_PRINTED][k],
                           watch->largest[LMX_BERNSTEIN_SHARP][k]};
    if (isfinite(row[1]) && isfinite(row[2]))
      LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}

/* Over t > 0; at t = 0 the largest value is 0 by the choice of C' or C''. */
static double later(const lmx_check_env *env, const double *largest)
{
  double value = -INFINITY;
  for (size_t k = 1; k < env->input->ntimes; ++k)
    value = fmax(value, largest[k]);
  return value;
}

static bool has_choice(const lmx_check_choice *c)
{
  return c != NULL &&
         !(isnan(c->C) && isnan(c->C_prime) && isnan(c->A) &&
           isnan(c->C_doubleprime) && isnan(c->K1) && isnan(c->K2));
}

/* Constants of the case need not be those that the proof admits. */
static void note_choice(const lmx_check_env *env, bool gradient,
                        lmx_check_result *result)
{
  const lmx_bernstein *s = &env->constants.sharp;
  double C = s->K1 / s->eta, A = lmx_bernstein_least_A(&env->constants);
  if (!has_choice(env->input->choice))
    return;
  lmx_check_note(result, "Some sharp constants are those of the case. ");
  if ((gradient ? s->C : s->H) < C)
    lmx_check_note(result, "The proof asks for C >= K1 / eta = %.5g. ", C);
  if (!gradient && s->A < A)
    lmx_check_note(result, "The proof asks for A >= %.4g. ", A);
}

void lmx_bernstein_note(const lmx_check_env *env, lmx_growth_kind kind,
                        lmx_check_result *result)
{
  const lmx_bernstein *s = &env->constants.sharp, *p = &env->constants.printed;
  bool gradient = kind == LMX_GROWTH_GRADIENT;
  if (gradient)
    lmx_check_note(result, "C = %.5g, C' = %.5g (sharp); %.5g, %.5g (printed)",
                   s->C, s->C1, p->C, p->C1);
  else
    lmx_check_note(result,
                   "C = %.5g, C' = %.5g, A = %.4g, C'' = %.5g (sharp); %.5g, "
                   "%.5g, %.4g, %.5g (printed)",
                   s->H, s->H1, s->A, s->C2, p->H, p->H1, p->A, p->C2);
  lmx_check_note(result, "; %.4g and %.4g for eta; %s. ", s->eta, p->eta,
                 env->space.tails != NULL ? "over R^d, by structure"
                                          : "on the ball");
  note_choice(env, gradient, result);
  if (gradient ? s->C1_edge || p->C1_edge : s->H1_edge || p->H1_edge)
    lmx_check_note(result, "The constants are attained at the edge of the ball "
                           "and may be larger beyond. ");
}

lmx_status lmx_bernstein_finish(lmx_check_env *env, void *state,
                                lmx_check_result *result)
{
  const lmx_bernstein_watch *watch = state;
  const lmx_check_sup *sharp = &watch->sup[LMX_BERNSTEIN_SHARP];
  const lmx_check_sup *printed = &watch->sup[LMX_BERNSTEIN_PRINTED];
  LMX_TRY(largest_table(env, watch));
  if (!lmx_bernstein_known(env, watch->function->kind, result)) {
    lmx_check_note_ball(env, result);
    return LMX_OK;
  }
  if (!lmx_check_sup_result(env, sharp, 0.0, result))
    return LMX_OK;
  if (printed->violations > 0)
    result->status = LMX_FAILS;
  lmx_check_note(result,
                 "Value: max of F/f, sharp constants; printed ones %.4g. For "
                 "t > 0: %.4g and %.4g. Exceeded at %zu and %zu nodes (granted "
                 "%.2g). ",
                 printed->value,
                 later(env, watch->largest[LMX_BERNSTEIN_SHARP]),
                 later(env, watch->largest[LMX_BERNSTEIN_PRINTED]),
                 sharp->violations, printed->violations, watch->granted);
  lmx_check_sup_note_edge(env, sharp, result);
  lmx_bernstein_note(env, watch->function->kind, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

/* "C' is infinite": the limit superior of the data is beyond the C of the case.
 * True if a constant of either set is. */
static bool note_infinite(const lmx_check_env *env, lmx_growth_kind kind,
                          lmx_check_result *result)
{
  static const char *const names[LMX_BERNSTEIN_SETS] = {"printed", "sharp"};
  bool gradient = kind == LMX_GROWTH_GRADIENT, found = false;
  for (int set = 0; set < LMX_BERNSTEIN_SETS; ++set) {
    const lmx_bernstein *b = lmx_bernstein_set(env, set);
    double C = gradient ? b->C : b->H, C1 = gradient ? b->C1 : b->H1;
    if (isfinite(C1) && (gradient || isfinite(b->C2)))
      continue;
    found = true;
    lmx_check_note(result,
                   "%s is infinite with the %s C = %.5g: limsup |grad log "
                   "f0|^2 / (-log f0) = %.5g. There is no bound, nothing is "
                   "claimed. ",
                   isfinite(C1) ? "C''" : "C'", names[set], C,
                   env->constants.gradient_limit);
  }
  return found;
}

bool lmx_bernstein_known(const lmx_check_env *env, lmx_growth_kind kind,
                         lmx_check_result *result)
{
  lmx_hypothesis last = kind == LMX_GROWTH_GRADIENT ? LMX_HYPOTHESIS_GRADIENT
                                                    : LMX_HYPOTHESIS_HESSIAN;
  if (lmx_hypotheses_needed(env, last, result) &&
      !note_infinite(env, kind, result))
    return true;
  lmx_check_no_claim(result);
  return false;
}
