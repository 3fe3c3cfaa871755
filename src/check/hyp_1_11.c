/* (1.11): |Hess log f0| grows at most quadratically. */
#include "check/internal.h"

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  (void)state;
  return lmx_growth_hypothesis(env, LMX_GROWTH_HESSIAN, result);
}

const lmx_check_class lmx_check_hyp_1_11 = {
    .id = "hyp-1.11",
    .statement = "|Hess log f0|_F <= const (1 + |v|^2) (1.11)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_DATA_ONLY,
    .derivatives = 2,
    .finish = finish,
};
