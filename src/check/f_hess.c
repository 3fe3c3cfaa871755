/* F-hess: the auxiliary function of the proof of Theorem 2.4,
 *   F / f = (eta / (K2 C)) |K|^2 - g^2
 *           + (4 kappa t + A + K1 / (C eta) + 2 C' / C) g + |q|^2 / C
 *           - (3 kappa^2 t^2 + kappa A t + kappa K1 t / (C eta)
 *              + 4 kappa C' t / C + C''),     g = log f, K = Hess f / f,
 * starts <= 0 by the choice of C'' and stays so by Lemmas 4.1 to 4.6. */
#include "check/internal.h"

#include <math.h>

static lmx_status begin(lmx_check_env *env, void *state)
{
  return lmx_bernstein_watch_begin(
      env, "bernstein_hessian_map",
      "F-hess / f with the sharp constants, over the checked ball", state);
}

static lmx_status at_time(lmx_check_env *env, void *state)
{
  lmx_bernstein_watch_time(env, state);
  return LMX_OK;
}

/* Error granted to F / f: second differences of log f over two spacings. */
static double tolerance(const lmx_check_env *env, const lmx_check_point *point,
                        const lmx_bernstein *b)
{
  double h = lmx_check_finest(env->input->grid), e = env->accuracy;
  double eq = e / h, eK = e / (h * h) + 2.0 * sqrt(point->q2) * eq;
  double linear = 4.0 * env->input->model->kappa * env->t + b->A +
                  b->K1 / (b->H * env->constants.eta) + 2.0 * b->H1 / b->H;
  return env->constants.eta / (b->K2 * b->H) * 2.0 * sqrt(point->K2) * eK +
         2.0 * sqrt(point->q2) * eq / b->H +
         (2.0 * fabs(point->jet->g) + linear) * e;
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  const lmx_bernstein *const sets[LMX_BERNSTEIN_SETS] = {
      [LMX_BERNSTEIN_PRINTED] = &env->constants.printed,
      [LMX_BERNSTEIN_SHARP] = &env->constants.sharp};
  static const lmx_smallest_kind smallest[LMX_BERNSTEIN_SETS] = {
      [LMX_BERNSTEIN_PRINTED] = LMX_SMALLEST_C2_PRINTED,
      [LMX_BERNSTEIN_SHARP] = LMX_SMALLEST_C2_SHARP};
  double F[LMX_BERNSTEIN_SETS], granted[LMX_BERNSTEIN_SETS];
  for (int set = 0; set < LMX_BERNSTEIN_SETS; ++set) {
    const lmx_bernstein *b = sets[set];
    double right =
        lmx_bernstein_hessian(env, b, env->t, point->jet->g, point->q2);
    F[set] = env->constants.eta / (b->K2 * b->H) * (point->K2 - right);
    granted[set] = tolerance(env, point, b);
    lmx_check_smallest_take(env, smallest[set], F[set] + b->C2);
  }
  lmx_bernstein_watch_take(env, point, F, granted, state);
}

static lmx_status end_time(lmx_check_env *env, void *state)
{
  return lmx_bernstein_watch_end(env, state);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const lmx_bernstein *sharp = &env->constants.sharp;
  const lmx_bernstein *printed = &env->constants.printed;
  LMX_TRY(lmx_bernstein_watch_finish(
      env, "bernstein_hessian", "max over the ball of F-hess / f",
      sharp->H1_edge || printed->H1_edge, state, result));
  lmx_check_note(result,
                 "C = %.5g, C' = %.5g, A = %.4g, C'' = %.5g (sharp); %.5g, "
                 "%.5g, %.4g, %.5g (printed). ",
                 sharp->H, sharp->H1, sharp->A, sharp->C2, printed->H,
                 printed->H1, printed->A, printed->C2);
  LMX_TRY(lmx_bernstein_hypothesis(env, LMX_GROWTH_HESSIAN, result));
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

static void release(void *state)
{
  lmx_bernstein_watch_release(state);
}

const lmx_check_class lmx_check_f_hess = {
    .id = "F-hess",
    .statement = "the auxiliary function of Theorem 2.4 stays <= 0 "
                 "(Section 4.2)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_USES_CONSTANTS,
    .derivatives = 2,
    .state_size = sizeof(lmx_bernstein_watch),
    .begin = begin,
    .time = at_time,
    .point = at_point,
    .end_time = end_time,
    .finish = finish,
    .release = release,
};
