/* (4.1): |grad log f|^2 <= kappa C t - C log f + C', the outcome F-grad <= 0
 * of the maximum principle in Section 4.1. The value is the largest ratio of
 * the two sides, which says how much of the bound is used. */
#include "check/bernstein.h"

#include <math.h>

typedef struct ratios {
  lmx_check_sup sharp, printed;
} ratios;

static void take(const lmx_check_env *env, const lmx_check_point *point,
                 const lmx_bernstein *b, lmx_check_sup *sup)
{
  double right = lmx_bernstein_gradient(env->input->model, b->C, b->C1, env->t,
                                        point->jet->g);
  double granted = lmx_bernstein_gradient_error(env, point, b->C);
  /* where the bound is not positive there is no ratio, only the excess */
  double ratio = right > 0.0 ? point->q2 / right : NAN;
  lmx_check_sup_take(env, point, ratio, point->q2 - right, granted, sup);
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  ratios *r = state;
  take(env, point, &env->constants.sharp, &r->sharp);
  take(env, point, &env->constants.printed, &r->printed);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const ratios *r = state;
  if (!lmx_bernstein_known(env, LMX_GROWTH_GRADIENT, result)) {
    lmx_check_note_ball(env, result);
    return LMX_OK;
  }
  if (!lmx_check_sup_result(env, &r->sharp, 1.0, result))
    return LMX_OK;
  if (r->printed.violations > 0)
    result->status = LMX_FAILS;
  lmx_check_note(result,
                 "Value: largest ratio of the left to the right side, sharp "
                 "constants; printed ones %.4g. Exceeded at %zu and %zu "
                 "nodes. ",
                 r->printed.value, r->sharp.violations, r->printed.violations);
  lmx_check_sup_note_edge(env, &r->sharp, result);
  lmx_bernstein_note(env, LMX_GROWTH_GRADIENT, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_eq_4_1 = {
    .id = "eq-4.1",
    .statement = "|grad log f|^2 <= kappa C t - C log f + C' (4.1)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_USES_CONSTANTS,
    .derivatives = 2,
    .state_size = sizeof(ratios),
    .point = at_point,
    .finish = finish,
};
