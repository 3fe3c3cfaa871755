/* Lemma 4.2: [(d_t - L)(f log f)] / f <= kappa - eta |grad log f|^2, and the
 * identity behind it. */
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

/* The value is the eta of the lemma that this point asks for, negative so
 * that its largest is the tightest. */
static void slack(const lmx_check_env *env, const lmx_pointwise *p,
                  lmx_side right, lmx_lemma_slack *out)
{
  double eta = env->input->model->eta;
  out->value = (right.value - p->kappa) / p->q2;
  out->slack = p->kappa - eta * p->q2 - right.value;
  out->printed = out->slack;
  out->scale = fmax(right.scale, eta * p->q2);
}

static const lmx_lemma lemma = {.name = "lemma_4_2",
                                .residual_bound = 1e-4,
                                .title = "Lemma 4.2",
                                .h = h,
                                .h_t = h_t,
                                .left = lmx_lem_4_2_left,
                                .right = lmx_lem_4_2_right,
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
}

static lmx_status end_time(lmx_check_env *env, void *state)
{
  return lmx_lemma_end(env, state);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const lmx_lemma_watch *watch = state;
  lmx_check_note(result,
                 "Value: minus the largest eta that serves on this solution; "
                 "bound: minus eta = %.5g of the data. ",
                 env->input->model->eta);
  LMX_TRY(lmx_lemma_finish(env, watch, -env->input->model->eta, result));
  lmx_check_sup_note_edge(env, &watch->sharp, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

static void release(void *state)
{
  lmx_lemma_release(state);
}

const lmx_check_class lmx_check_lem_4_2 = {
    .id = "lem-4.2",
    .statement =
        "(d_t - L)(f log f) <= kappa f - eta |grad f|^2 / f (Lemma 4.2)",
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
