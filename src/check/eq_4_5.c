/* (4.5): [(d_t - L)(f log f)] / f <= kappa - sum_a c_a q_a^2
 *                                   - (1/2) sum_ab (v_a q_b - v_b q_a)^2,
 * which by (4.4) is an equality. */
#include "check/internal.h"

#include <math.h>

static double h(const lmx_check_point *point)
{
  return point->jet->g;
}

static double h_t(const lmx_pointwise *p, const lmx_jet *rate)
{
  (void)p;
  return rate->g;
}

static const lmx_lemma lemma = {.name = "equation_4_5",
                                .residual_bound = 1e-4,
                                .title = "(4.5)",
                                .h = h,
                                .h_t = h_t,
                                .left = lmx_lem_4_2_left,
                                .right = lmx_lem_4_2_paper};

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
}

static lmx_status end_time(lmx_check_env *env, void *state)
{
  return lmx_lemma_end(env, state);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const lmx_lemma_watch *watch = state;
  LMX_TRY(lmx_lemma_finish(env, watch, lemma.residual_bound, result));
  lmx_check_note(result, "Value: that residual; (4.5) is an equality. ");
  lmx_check_sup_note_edge(env, &watch->residual, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

static void release(void *state)
{
  lmx_lemma_release(state);
}

const lmx_check_class lmx_check_eq_4_5 = {
    .id = "eq-4.5",
    .statement = "(d_t - L)(f log f) <= kappa f - c_a (d_a f)^2 / f - "
                 "(v_a d_b f - v_b d_a f)^2 / (2 f) (4.5)",
    .uses = LMX_CHECK_USES_LEMMAS,
    .derivatives = 3,
    .state_size = sizeof(lmx_lemma_watch),
    .begin = begin,
    .time = at_time,
    .point = at_point,
    .end_time = end_time,
    .finish = finish,
    .release = release,
};
