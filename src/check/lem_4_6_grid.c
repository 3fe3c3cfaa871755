/* Lemma 4.6: [(d_t - L)(f log^2 f)] / f = 2 kappa g
 *   - 2 (1 + g) (sum_a c_a q_a^2 + |v|^2 |P q|^2),  g = log f.
 * Read with the paper's summation convention its printed last term is twice
 * that; compare (4.4). How far the printed form is from an identity on this
 * solution is said in the note. */
#include "check/internal.h"

#include <math.h>

static double h(const lmx_check_point *point)
{
  return point->jet->g * point->jet->g;
}

static double h_t(const lmx_pointwise *p, const lmx_jet *rate)
{
  return 2.0 * p->jet->g * rate->g;
}

typedef struct lemma_state {
  lmx_lemma_watch watch;
  double printed; /* largest relative residual of the printed form */
} lemma_state;

static const lmx_lemma lemma = {.name = "lemma_4_6",
                                .residual_bound = 1e-4,
                                .title = "Lemma 4.6",
                                .h = h,
                                .h_t = h_t,
                                .left = lmx_lem_4_6_left,
                                .right = lmx_lem_4_6_right};

static lmx_status begin(lmx_check_env *env, void *state)
{
  return lmx_lemma_begin(env, &lemma, &((lemma_state *)state)->watch);
}

static lmx_status at_time(lmx_check_env *env, void *state)
{
  lmx_lemma_time(env, &((lemma_state *)state)->watch);
  return LMX_OK;
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  lemma_state *l = state;
  lmx_lemma_point(env, point, &l->watch);
  l->printed = fmax(l->printed,
                    lmx_side_residual(lmx_lem_4_6_left(point->pointwise),
                                      lmx_lem_4_6_printed(point->pointwise)));
}

static lmx_status end_time(lmx_check_env *env, void *state)
{
  return lmx_lemma_end(env, &((lemma_state *)state)->watch);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const lemma_state *l = state;
  LMX_TRY(lmx_lemma_finish(env, &l->watch, lemma.residual_bound, result));
  lmx_check_note(result,
                 "Value: that residual. The form as printed is off by up to "
                 "%.3g of its largest term. ",
                 l->printed);
  lmx_check_sup_note_edge(env, &l->watch.residual, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

static void release(void *state)
{
  lmx_lemma_release(&((lemma_state *)state)->watch);
}

const lmx_check_class lmx_check_lem_4_6 = {
    .id = "lem-4.6",
    .statement = "the identity for (d_t - L)(f log^2 f) (Lemma 4.6, corrected)",
    .uses = LMX_CHECK_USES_LEMMAS,
    .derivatives = 3,
    .state_size = sizeof(lemma_state),
    .begin = begin,
    .time = at_time,
    .point = at_point,
    .end_time = end_time,
    .finish = finish,
    .release = release,
};
