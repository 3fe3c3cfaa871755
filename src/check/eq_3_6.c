/* (3.6): the second moments stay diagonal. */
#include "check/internal.h"

#include <math.h>

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  (void)state;
  const lmx_check_input *input = env->input;
  const lmx_grid *grid = input->grid;
  const lmx_check_moments *m = env->moments;
  lmx_check_worst worst = {0};
  for (int a = 0; a < grid->naxes; ++a)
    for (int b = 0; b < a; ++b) {
      if (grid->axis[a].kind != LMX_AXIS_FULL ||
          grid->axis[b].kind != LMX_AXIS_FULL)
        continue;
      for (size_t k = 0; k < input->ntimes; ++k) {
        double bound = lmx_check_moment_allowance(env, k, 2, m[0].second[a][b]);
        lmx_check_worst_take(&worst, m[k].second[a][b], bound, k,
                             b * LMX_MAX_AXES + a);
      }
    }
  if (worst.taken == 0) {
    result->value = 0.0;
    lmx_check_note(result, "The grid has no pair of full axes: every "
                           "off-diagonal moment is zero by symmetry, so there "
                           "is nothing to verify.");
    return LMX_OK;
  }
  lmx_check_worst_result(env, &worst, result);
  lmx_check_note(
      result,
      "Largest: int f v_%d v_%d at t = %.4g. Pairs of full axes by quadrature "
      "of M exp(u) over the box, %zu nodes, %zu times; the others "
      "are zero by symmetry.",
      worst.which / LMX_MAX_AXES + 1, worst.which % LMX_MAX_AXES + 1, result->t,
      grid->size, input->ntimes);
  return LMX_OK;
}

const lmx_check_class lmx_check_eq_3_6 = {
    .id = "eq-3.6",
    .statement = "off-diagonal second moments stay 0 (3.6)",
    .finish = finish,
};
