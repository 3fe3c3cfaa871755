/* (1.10): |grad log f0| grows at most linearly. */
#include "check/internal.h"

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  (void)state;
  return lmx_growth_hypothesis(env, LMX_GROWTH_GRADIENT, result);
}

const lmx_check_class lmx_check_hyp_1_10 = {
    .id = "hyp-1.10",
    .statement = "|grad log f0| <= const (1 + |v|) (1.10)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_DATA_ONLY,
    .derivatives = 2,
    .finish = finish,
};
