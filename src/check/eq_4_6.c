/* (4.6): |grad log f|^2 / C + log f <= kappa t + C'/C, with the pair C, C' of
 * the Hessian's proof. The value is the largest left side less kappa t; the
 * proof uses the consequence log f <= kappa t + C'/C as well. */
#include "check/bernstein.h"

typedef struct left_sides {
  lmx_check_sup sharp, printed;
  lmx_check_sup log_f; /* log f - kappa t, against the sharp C'/C */
} left_sides;

static void take(const lmx_check_env *env, const lmx_check_point *point,
                 const lmx_bernstein *b, lmx_check_sup *sup)
{
  double left =
      point->q2 / b->H + point->jet->g - env->input->model->kappa * env->t;
  double granted = lmx_bernstein_gradient_error(env, point, b->H) / b->H;
  lmx_check_sup_take(env, point, left, left - b->H1 / b->H, granted, sup);
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  left_sides *l = state;
  const lmx_bernstein *sharp = &env->constants.sharp;
  take(env, point, sharp, &l->sharp);
  take(env, point, &env->constants.printed, &l->printed);
  double log_f = point->jet->g - env->input->model->kappa * env->t;
  lmx_check_sup_take(env, point, log_f, log_f - sharp->H1 / sharp->H,
                     env->accuracy, &l->log_f);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const left_sides *l = state;
  const lmx_bernstein *sharp = &env->constants.sharp;
  const lmx_bernstein *printed = &env->constants.printed;
  if (!lmx_bernstein_known(env, LMX_GROWTH_GRADIENT, result)) {
    lmx_check_note_ball(env, result);
    return LMX_OK;
  }
  if (!lmx_check_sup_result(env, &l->sharp, sharp->H1 / sharp->H, result))
    return LMX_OK;
  if (l->printed.violations + l->log_f.violations > 0)
    result->status = LMX_FAILS;
  lmx_check_note(result,
                 "Value: largest |grad log f|^2 / C + log f - kappa t, bound: "
                 "C'/C, with C = %.5g, C' = %.5g (sharp); printed %.4g against "
                 "%.4g; log f - kappa t alone %.4g. Exceeded at %zu, %zu and "
                 "%zu nodes. ",
                 sharp->H, sharp->H1, l->printed.value,
                 printed->H1 / printed->H, l->log_f.value, l->sharp.violations,
                 l->printed.violations, l->log_f.violations);
  lmx_check_sup_note_edge(env, &l->sharp, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_eq_4_6 = {
    .id = "eq-4.6",
    .statement = "|grad log f|^2 / C + log f <= kappa t + C'/C (4.6)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_USES_CONSTANTS,
    .derivatives = 2,
    .state_size = sizeof(left_sides),
    .point = at_point,
    .finish = finish,
};
