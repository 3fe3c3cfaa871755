/* (1.2): mass, momentum and energy stay 1, 0 and d. */
#include "check/internal.h"

#include <math.h>

static const char *name_of(int which)
{
  return which == 0 ? "mass" : which == 1 ? "energy / d" : "momentum";
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  (void)state;
  const lmx_grid *grid = env->input->grid;
  const lmx_check_moments *m = env->moments;
  lmx_check_worst worst = {0};
  double d = grid->d;
  int full = 0;
  for (size_t k = 0; k < env->input->ntimes; ++k) {
    lmx_check_worst_take(&worst, m[k].mass - 1.0,
                         lmx_check_moment_allowance(env, k, 0, m[0].mass - 1.0),
                         k, 0);
    double start = m[0].energy / d - 1.0;
    lmx_check_worst_take(&worst, m[k].energy / d - 1.0,
                         lmx_check_moment_allowance(env, k, 2, start), k, 1);
    full = 0;
    for (int a = 0; a < grid->naxes; ++a) {
      if (grid->axis[a].kind != LMX_AXIS_FULL)
        continue;
      ++full;
      start = m[0].momentum[a];
      lmx_check_worst_take(&worst, m[k].momentum[a],
                           lmx_check_moment_allowance(env, k, 1, start), k,
                           2 + a);
    }
  }
  lmx_check_worst_result(env, &worst, result);
  lmx_check_note(
      result,
      "Largest deviation against what is allowed: %s at t = %.4g. Integrals of "
      "M exp(u) over the box, %zu nodes, %zu times; momentum on %d "
      "full axes, zero by symmetry on the others. The bound is the "
      "solver's tolerance times %g, the part beyond the box "
      "(mass %.2g, energy %.2g) and quadrature as seen at t = 0.",
      name_of(worst.which), result->t, grid->size, env->input->ntimes, full,
      LMX_CHECK_SAFETY_MOMENT, m[worst.k].outer_mass, m[worst.k].outer_energy);
  return LMX_OK;
}

const lmx_check_class lmx_check_eq_1_2 = {
    .id = "eq-1.2",
    .statement = "mass, momentum and energy stay 1, 0 and d (1.2)",
    .finish = finish,
};
