/* Lemma 4.1: [(d_t - L)(|grad f|^2 / f)] / f <= K1 |grad log f|^2, K1 = 4 d
 * as printed, 2 (d-1) at best, and the identity behind it. */
#include "check/internal.h"

#include <math.h>

static double h(const lmx_check_point *point)
{
  return point->q2;
}

/* 2 q . grad (d_t log f) */
static double h_t(const lmx_pointwise *p, const lmx_jet *rate)
{
  double sum = 0.0;
  for (int a = 0; a < p->d; ++a)
    sum += 2.0 * p->jet->q[a] * rate->q[a];
  return sum;
}

static void slack(const lmx_check_env *env, const lmx_pointwise *p,
                  lmx_side right, lmx_lemma_slack *out)
{
  const lmx_bernstein *sharp = &env->constants.sharp;
  out->value = right.value / p->q2;
  out->slack = sharp->K1 * p->q2 - right.value;
  out->printed = env->constants.printed.K1 * p->q2 - right.value;
  out->scale = fmax(right.scale, sharp->K1 * p->q2);
}

static const lmx_lemma lemma = {.name = "lemma_4_1",
                                .residual_bound = 1e-2,
                                .title = "Lemma 4.1",
                                .h = h,
                                .h_t = h_t,
                                .left = lmx_lem_4_1_left,
                                .right = lmx_lem_4_1_right,
                                .slack = slack};

static lmx_status begin(lmx_check_env *env, void *state)
{
  return lmx_lemma_begin(env, &lemma, state);
}

static lmx_status at_time(lmx_check_env *env, void *state)
{
  lmx_lemma_time(env, state);
  return LMX_OK;
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  lmx_lemma_point(env, point, state);
  double ratio = lmx_lem_4_1_right(point->pointwise).value / point->q2;
  if (isfinite(ratio))
    lmx_check_smallest_take(env, LMX_SMALLEST_K1, ratio);
}

static lmx_status end_time(lmx_check_env *env, void *state)
{
  return lmx_lemma_end(env, state);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const lmx_bernstein *sharp = &env->constants.sharp;
  const lmx_lemma_watch *watch = state;
  lmx_check_note(result,
                 "Value: the smallest K1 on this solution; sharp %g, printed "
                 "%g (%.3g times what is needed). ",
                 sharp->K1, env->constants.printed.K1,
                 env->constants.printed.K1 / watch->sharp.value);
  LMX_TRY(lmx_lemma_finish(env, watch, sharp->K1, result));
  lmx_check_sup_note_edge(env, &watch->sharp, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

static void release(void *state)
{
  lmx_lemma_release(state);
}

const lmx_check_class lmx_check_lem_4_1 = {
    .id = "lem-4.1",
    .statement = "(d_t - L)(|grad f|^2 / f) <= K1 |grad f|^2 / f (Lemma 4.1)",
    .uses = LMX_CHECK_USES_LEMMAS | LMX_CHECK_USES_CONSTANTS,
    .derivatives = 3,
    .state_size = sizeof(lmx_lemma_watch),
    .begin = begin,
    .time = at_time,
    .point = at_point,
    .end_time = end_time,
    .finish = finish,
    .release = release,
};
