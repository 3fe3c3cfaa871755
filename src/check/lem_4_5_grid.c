/* Lemma 4.5: [(d_t - L)(|Hess f|^2 / f)] / f <= K2 |Hess f / f|^2, K2 = 16 d
 * as printed, 4 (d-1) at best, and the identity behind it, which needs third
 * derivatives of log f. */
#include "check/internal.h"

#include <math.h>

static double h(const lmx_check_point *point)
{
  return point->K2;
}

/* 2 K : K_t, K_t = Hess r + grad r q^T + q grad r^T, r = d_t log f. */
static double h_t(const lmx_pointwise *p, const lmx_jet *rate)
{
  int d = p->d;
  const double *q = p->jet->q;
  double sum = 0.0;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      sum += 2.0 * p->K[a * d + b] *
             (rate->G[a * d + b] + rate->q[a] * q[b] + q[a] * rate->q[b]);
  return sum;
}

static void slack(const lmx_check_env *env, const lmx_pointwise *p,
                  lmx_side right, lmx_lemma_slack *out)
{
  const lmx_bernstein *sharp = &env->constants.sharp;
  out->value = right.value / p->K2;
  out->slack = sharp->K2 * p->K2 - right.value;
  out->printed = env->constants.printed.K2 * p->K2 - right.value;
  out->scale = fmax(right.scale, sharp->K2 * p->K2);
}

/* The fourth derivatives, which cancel, are left out. */
static lmx_side left(const lmx_pointwise *p)
{
  return lmx_lem_4_5_left(p, NULL);
}

static const lmx_lemma lemma = {.name = "lemma_4_5",
                                .residual_bound = 1e-2,
                                .title = "Lemma 4.5",
                                .h = h,
                                .h_t = h_t,
                                .left = left,
                                .right = lmx_lem_4_5_right,
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
  double ratio = lmx_lem_4_5_right(point->pointwise).value / point->K2;
  if (isfinite(ratio))
    lmx_check_smallest_take(env, LMX_SMALLEST_K2, ratio);
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
                 "Value: the smallest K2 on this solution; sharp %g, printed "
                 "%g (%.3g times what is needed). ",
                 sharp->K2, env->constants.printed.K2,
                 env->constants.printed.K2 / watch->sharp.value);
  LMX_TRY(lmx_lemma_finish(env, watch, sharp->K2, result));
  lmx_check_sup_note_edge(env, &watch->sharp, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

static void release(void *state)
{
  lmx_lemma_release(state);
}

const lmx_check_class lmx_check_lem_4_5 = {
    .id = "lem-4.5",
    .statement = "(d_t - L)(|Hess f|^2 / f) <= K2 |Hess f|^2 / f (Lemma 4.5)",
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
