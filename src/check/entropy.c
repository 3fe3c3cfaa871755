/* H: the relative entropy int f log(f/M) is positive and decreases. */
#include "check/internal.h"

#include <math.h>

/* dH = int (1 + u) df: the moments' tolerance, weighted by |1 + u|, which
 * grows like a second moment. */
static double allowance(const lmx_check_env *env, size_t k)
{
  return lmx_check_solver_allowance(env, k, 2) *
         (1.0 + env->moments[k].mean_abs_u);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  (void)state;
  const lmx_check_input *input = env->input;
  const lmx_check_moments *m = env->moments;
  lmx_check_worst rise = {0};
  double least = INFINITY, needed = 0.0;
  for (size_t k = 0; k < input->ntimes; ++k) {
    /* m log m <= H for mass m, so mass 1 + e allows H = e */
    double below = allowance(env, k) +
                   lmx_check_moment_allowance(env, k, 0, m[0].mass - 1.0);
    if (!(m[k].entropy >= least) && !isnan(least)) {
      least = m[k].entropy;
      needed = below;
    }
    if (k == 0)
      continue;
    double change = m[k].entropy - m[k - 1].entropy;
    double bound = allowance(env, k - 1) + allowance(env, k);
    if (rise.taken == 0 ||
        (!(change / bound <= rise.load) && !isnan(rise.load)))
      rise = (lmx_check_worst){.taken = 1,
                               .load = change / bound,
                               .value = change,
                               .bound = bound,
                               .k = k};
  }
  bool positive = least >= -needed;
  if (rise.taken > 0) {
    lmx_check_at_most(result, rise.value, rise.bound);
    lmx_check_when(result, input->times[rise.k]);
  }
  if (!positive)
    result->status = LMX_FAILS;
  lmx_check_note(result,
                 "H = int f log(f/M) over the box, %zu nodes: %.6g at t = 0, "
                 "%.6g at t = %.4g, smallest %.3g (%s). ",
                 input->grid->size, m[0].entropy, m[input->ntimes - 1].entropy,
                 input->times[input->ntimes - 1], least,
                 positive ? "nonnegative" : "NEGATIVE");
  if (rise.taken > 0)
    lmx_check_note(result,
                   "Value: largest change between consecutive output times "
                   "(to t = %.4g); bound: the tolerance of the solver carried "
                   "over to H.",
                   input->times[rise.k]);
  else
    lmx_check_note(result, "One output time only: no decrease to verify.");
  return LMX_OK;
}

const lmx_check_class lmx_check_entropy = {
    .id = "H",
    .statement = "the relative entropy to equilibrium is >= 0 and decreases",
    .finish = finish,
};
