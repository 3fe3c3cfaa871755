/* (1.9): f0 <= C_0 exp(-|v|^2 / C_0).
 *
 * At one point log C - |v|^2 / C increases with C, so that the smallest C_0
 * there solves C = |v|^2 / w with w exp(w) = |v|^2 / f0 (Lambert's W), and the
 * smallest C_0 of a set is the largest of these: over R^d where the structure
 * of the data is known, else on the ball. Whether some C_0 serves beyond that
 * is a matter of the power with which log f0 decays, decay.c; a value on the
 * ball is no constant for (1.9). */
#include "check/internal.h"

#include <math.h>
#include <stdio.h>

static double smallest_C0(const lmx_check_point *point, const void *user)
{
  (void)user;
  return lmx_smallest_C0(point->r * point->r, point->jet->g);
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  double C0 = smallest_C0(point, NULL);
  lmx_check_smallest_take(env, LMX_SMALLEST_C0, C0);
  if (env->k == 0)
    lmx_check_sup_take(env, point, C0, isfinite(C0) ? 0.0 : INFINITY, 0.0,
                       state);
}

static const char *consequence(const lmx_check_result *result)
{
  switch (result->status) {
  case LMX_FAILS:
    return "slower than a Gaussian, no constant serves if it goes on so";
  case LMX_INFO:
    return "whether a constant serves beyond the ball is open";
  case LMX_HOLDS:
    break;
  }
  return "a constant serves as far as the ball shows, one that need not be "
         "this value";
}

static void describe(const lmx_check_env *env, const lmx_check_result *result,
                     char *out, size_t size)
{
  const lmx_decay *decay = &env->decay;
  double radius = lmx_check_radius(env->input, 0);
  if (!decay->measured && !decay->slow)
    snprintf(out, size, "Too few shells to judge the decay at the edge. ");
  else if (!decay->power.clear)
    snprintf(
        out, size,
        "log f0 goes like no power of |v| that is clear on |v| <= %.3g: %s. ",
        radius, consequence(result));
  else
    snprintf(out, size,
             "log f0 decays like |v|^p, measured power p = %.2f +- %.2g on "
             "|v| <= %.3g: %s. ",
             decay->power.p, decay->power.error, radius, consequence(result));
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const lmx_check_sup *sup = state;
  double v[LMX_MAX_DIMENSION] = {0};
  char text[256];
  if (env->space.tails != NULL) {
    result->status = LMX_HOLDS;
    result->value = env->space.constants.C0.high;
    lmx_note_space(env, &env->space.constants.C0, "C_0", result);
    return LMX_OK;
  }
  if (!lmx_check_sup_result(env, sup, INFINITY, result))
    return LMX_OK;
  result->status = env->hypotheses[LMX_HYPOTHESIS_GAUSSIAN];
  result->bound = result->slack = NAN; /* any constant will do */
  lmx_grid_point(env->input->grid, sup->node, v);
  result->value = lmx_check_between(env, 0, smallest_C0, NULL, v, sup->value);
  lmx_check_where(env, result, env->input->times[0], v);
  result->edge = sup->edge ? LMX_EDGE_GROWING : LMX_EDGE_LEVEL;
  lmx_check_note(result, "Value: the smallest C_0 on the ball. ");
  describe(env, result, text, sizeof text);
  lmx_check_note(result, "%s", text);
  lmx_check_note_data(env, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_hyp_1_9 = {
    .id = "hyp-1.9",
    .statement = "f0 <= C_0 exp(-|v|^2 / C_0) (1.9)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_DATA_ONLY,
    .derivatives = 2,
    .state_size = sizeof(lmx_check_sup),
    .point = at_point,
    .finish = finish,
};
