/* Theorem 2.3: |grad log f| <= const (1 + sqrt t + |v|).
 *
 * The constant is the one of the proof: by (4.1), which is F-grad <= 0,
 *   |grad log f|^2 <= kappa C t + C' - C log f,
 * which is what is verified at every node, with C and C' from the data. */
#include "check/bernstein.h"

#include <math.h>

static double scale(const lmx_bernstein *b)
{
  (void)b;
  return 1.0;
}

static double bound(const lmx_check_env *env, const lmx_check_point *point,
                    const lmx_bernstein *b)
{
  double limit = lmx_bernstein_gradient(env->input->model, b->C, b->C1, env->t,
                                        point->jet->g);
  return sqrt(fmax(limit, 0.0)) /
         lmx_growth_scale(LMX_GROWTH_GRADIENT, env->t, point->r);
}

static const lmx_theorem theorem = {.function = &lmx_f_grad,
                                    .square = "|grad log f|^2 in (4.1)",
                                    .scale = scale,
                                    .bound = bound};

const lmx_check_class lmx_check_thm_2_3 = {
    .id = "thm-2.3",
    .statement = "|grad log f| <= const (1 + sqrt t + |v|) (Theorem 2.3)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_USES_CONSTANTS,
    .derivatives = 2,
    .state_size = sizeof(lmx_theorem_watch),
    .initial = &(const lmx_theorem_watch){.theorem = &theorem},
    .point = lmx_theorem_point,
    .finish = lmx_theorem_finish,
};
