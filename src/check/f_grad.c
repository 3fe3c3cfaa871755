/* F-grad: the auxiliary function of the proof of Theorem 2.3,
 *   F / f = |q|^2 + C log f - kappa C t - C',
 * starts <= 0 by the choice of C' and stays so by Lemmas 4.1 and 4.2 and the
 * maximum principle; this is (4.1). */
#include "check/internal.h"

#include <math.h>

static lmx_status begin(lmx_check_env *env, void *state)
{
  return lmx_bernstein_watch_begin(
      env, "bernstein_gradient_map",
      "F-grad / f with the sharp constants, over the checked ball", state);
}

static lmx_status at_time(lmx_check_env *env, void *state)
{
  lmx_bernstein_watch_time(env, state);
  return LMX_OK;
}

/* Error granted to |q|^2 + C log f: differences of log f over a spacing. */
static double tolerance(const lmx_check_env *env, const lmx_check_point *point,
                        const lmx_bernstein *b)
{
  double h = lmx_check_finest(env->input->grid);
  return env->accuracy * (2.0 * sqrt(point->q2) / h + b->C);
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  const lmx_bernstein *const sets[LMX_BERNSTEIN_SETS] = {
      [LMX_BERNSTEIN_PRINTED] = &env->constants.printed,
      [LMX_BERNSTEIN_SHARP] = &env->constants.sharp};
  static const lmx_smallest_kind smallest[LMX_BERNSTEIN_SETS] = {
      [LMX_BERNSTEIN_PRINTED] = LMX_SMALLEST_C1_PRINTED,
      [LMX_BERNSTEIN_SHARP] = LMX_SMALLEST_C1_SHARP};
  double F[LMX_BERNSTEIN_SETS], granted[LMX_BERNSTEIN_SETS];
  for (int set = 0; set < LMX_BERNSTEIN_SETS; ++set) {
    const lmx_bernstein *b = sets[set];
    F[set] = point->q2 - lmx_bernstein_gradient(env->input->model, b->C, b->C1,
                                                env->t, point->jet->g);
    granted[set] = tolerance(env, point, b);
    lmx_check_smallest_take(env, smallest[set], F[set] + b->C1);
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
      env, "bernstein_gradient", "max over the ball of F-grad / f",
      sharp->C1_edge || printed->C1_edge, state, result));
  lmx_check_note(result, "C = %.5g, C' = %.5g (sharp); %.5g, %.5g (printed). ",
                 sharp->C, sharp->C1, printed->C, printed->C1);
  LMX_TRY(lmx_bernstein_hypothesis(env, LMX_GROWTH_GRADIENT, result));
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

static void release(void *state)
{
  lmx_bernstein_watch_release(state);
}

const lmx_check_class lmx_check_f_grad = {
    .id = "F-grad",
    .statement = "|grad log f|^2 + C log f - kappa C t - C' <= 0 (Section 4.1)",
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
