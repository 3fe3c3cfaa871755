/* What F-grad and F-hess have in common: F/f at every node with two sets of
 * constants, its largest value per output time, and a map of it. */
#include "check/internal.h"

#include <math.h>

lmx_status lmx_bernstein_watch_begin(lmx_check_env *env, const char *map,
                                     const char *title,
                                     lmx_bernstein_watch *watch)
{
  const lmx_check_input *input = env->input;
  for (int set = 0; set < LMX_BERNSTEIN_SETS; ++set) {
    LMX_TRY(LMX_NEW_ARRAY(env->context, input->ntimes, &watch->largest[set]));
    for (size_t k = 0; k < input->ntimes; ++k)
      watch->largest[set][k] = -INFINITY;
  }
  LMX_TRY(LMX_NEW_ARRAY(env->context, input->grid->size, &watch->field));
  return lmx_check_map_create(env, map, title, "F/f", &watch->map);
}

void lmx_bernstein_watch_release(lmx_bernstein_watch *watch)
{
  for (int set = 0; set < LMX_BERNSTEIN_SETS; ++set)
    lmx_free(watch->largest[set]);
  lmx_free(watch->field);
}

void lmx_bernstein_watch_time(const lmx_check_env *env,
                              lmx_bernstein_watch *watch)
{
  for (size_t i = 0; i < env->input->grid->size; ++i)
    watch->field[i] = NAN;
}

void lmx_bernstein_watch_take(const lmx_check_env *env,
                              const lmx_check_point *point, const double *F,
                              const double *tolerance,
                              lmx_bernstein_watch *watch)
{
  for (int set = 0; set < LMX_BERNSTEIN_SETS; ++set) {
    lmx_check_sup_take(env, point, F[set], F[set], tolerance[set],
                       &watch->sup[set]);
    double *largest = &watch->largest[set][env->k];
    *largest = fmax(*largest, F[set]);
  }
  watch->granted = fmax(watch->granted, tolerance[LMX_BERNSTEIN_SHARP]);
  watch->field[point->node] = F[LMX_BERNSTEIN_SHARP];
}

lmx_status lmx_bernstein_watch_end(lmx_check_env *env,
                                   lmx_bernstein_watch *watch)
{
  if (!lmx_check_map_wanted(env, env->k))
    return LMX_OK;
  return lmx_check_map_add(env, env->k, watch->field, false, watch->map);
}

/* The largest values over v, one row per time. */
static lmx_status largest_table(lmx_check_env *env, const char *name,
                                const char *title,
                                const lmx_bernstein_watch *watch)
{
  lmx_table *table;
  LMX_TRY(lmx_check_table(env, name, title,
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

lmx_status lmx_bernstein_watch_finish(lmx_check_env *env, const char *name,
                                      const char *title, bool edge,
                                      lmx_bernstein_watch *watch,
                                      lmx_check_result *result)
{
  const lmx_check_sup *sharp = &watch->sup[LMX_BERNSTEIN_SHARP];
  const lmx_check_sup *printed = &watch->sup[LMX_BERNSTEIN_PRINTED];
  LMX_TRY(largest_table(env, name, title, watch));
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
  if (has_choice(env->input->choice))
    lmx_check_note(result, "Some sharp constants are those of the case. ");
  if (edge)
    lmx_check_note(result, "The constants are attained at the edge of the ball "
                           "and may be larger beyond. ");
  lmx_check_sup_note_edge(env, sharp, result);
  return LMX_OK;
}

lmx_status lmx_bernstein_hypothesis(const lmx_check_env *env,
                                    lmx_growth_kind kind,
                                    lmx_check_result *result)
{
  lmx_growth_fit gradient, hessian = {0};
  lmx_growth_survey survey = {0};
  LMX_TRY(lmx_growth_fit_edge(env, LMX_GROWTH_GRADIENT, 0, &gradient));
  if (kind != LMX_GROWTH_GRADIENT)
    LMX_TRY(lmx_growth_fit_edge(env, LMX_GROWTH_HESSIAN, 0, &hessian));
  if (gradient.excessive || hessian.excessive)
    lmx_growth_not_applicable(env, gradient.excessive ? "(1.10)" : "(1.11)",
                              &survey, result);
  return LMX_OK;
}
