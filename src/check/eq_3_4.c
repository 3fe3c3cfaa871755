/* (3.4): the directional temperatures follow 1 + D_aa exp(-4 d t). */
#include "check/internal.h"

#include <math.h>

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  (void)state;
  const lmx_check_input *input = env->input;
  const lmx_grid *grid = input->grid;
  lmx_check_worst worst = {0};
  for (int a = 0; a < grid->naxes; ++a) {
    double start = env->moments[0].second[a][a] -
                   lmx_model_temperature(input->model, a, 0.0);
    for (size_t k = 0; k < input->ntimes; ++k) {
      double exact = lmx_model_temperature(input->model, a, input->times[k]);
      lmx_check_worst_take(&worst, env->moments[k].second[a][a] - exact,
                           lmx_check_moment_allowance(env, k, 2, start), k, a);
    }
  }
  lmx_check_worst_result(env, &worst, result);
  lmx_check_note(result,
                 "Largest deviation against what is allowed: E_%d at t = %.4g. "
                 "Measured by "
                 "quadrature of M exp(u) v_a^2 over the box, %zu nodes, %zu "
                 "times. ",
                 worst.which + 1, result->t, grid->size, input->ntimes);
  if (grid->m > 0)
    lmx_check_note(result,
                   "The radial axis gives E_%d = ... = E_%d as int f rho^2 / "
                   "%d. ",
                   grid->naxes, grid->d, grid->m + 1);
  lmx_check_note(result,
                 "The bound is the solver's tolerance times %g, the part "
                 "beyond the box (%.2g) and quadrature as seen at t = 0.",
                 LMX_CHECK_SAFETY_MOMENT, env->moments[worst.k].outer_energy);
  return LMX_OK;
}

const lmx_check_class lmx_check_eq_3_4 = {
    .id = "eq-3.4",
    .statement = "directional temperatures are 1 + D_aa exp(-4 d t) (3.4)",
    .finish = finish,
};
