/* Theorem 2.4: |Hess log f|_F <= const (1 + t + |v|^2).
 *
 * The constant is the one of the proof: F-hess <= 0 bounds |Hess f / f|^2 by
 * a quadratic in log f, which is what is verified at every node, and
 * |Hess log f| <= |Hess f / f| + |grad log f|^2 with (4.1). */
#include "check/bernstein.h"

#include <math.h>

static double scale(const lmx_bernstein *b)
{
  return b->K2 * b->H / b->eta;
}

/* |q|^2 enters by its own bound. */
static double bound(const lmx_check_env *env, const lmx_check_point *point,
                    const lmx_bernstein *b)
{
  const lmx_model *model = env->input->model;
  double g = point->jet->g;
  double gradient = lmx_bernstein_gradient(model, b->H, b->H1, env->t, g);
  double relative = lmx_bernstein_hessian(model, b, env->t, g, 0.0);
  return (sqrt(fmax(relative, 0.0)) + fmax(gradient, 0.0)) /
         lmx_growth_scale(LMX_GROWTH_HESSIAN, env->t, point->r);
}

static const lmx_theorem theorem = {.function = &lmx_f_hess,
                                    .square = "|Hess f / f|^2 in F-hess <= 0",
                                    .scale = scale,
                                    .bound = bound};

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  double largest = -INFINITY, t = 0.0;
  bool on_space = false;
  for (size_t k = 0; k < env->input->ntimes; ++k) {
    bool here;
    double B = lmx_growth_B(env, k, &here);
    if (!(B > largest))
      continue;
    largest = B;
    on_space = here;
    t = env->input->times[k];
  }
  if (env->hypotheses[LMX_HYPOTHESIS_GRADIENT] == LMX_HOLDS &&
      env->hypotheses[LMX_HYPOTHESIS_HESSIAN] == LMX_HOLDS)
    lmx_check_note(result,
                   "B of Theorem 1.7, sup |Hess f / f|_F / (1 + t + |v|^2) = "
                   "%.6g at t = %.4g, %s. ",
                   largest, t,
                   on_space ? "over R^d, by structure" : "on the ball");
  return lmx_theorem_finish(env, state, result);
}

const lmx_check_class lmx_check_thm_2_4 = {
    .id = "thm-2.4",
    .statement = "|Hess log f|_F <= const (1 + t + |v|^2) (Theorem 2.4)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_USES_CONSTANTS,
    .derivatives = 2,
    .state_size = sizeof(lmx_theorem_watch),
    .initial = &(const lmx_theorem_watch){.theorem = &theorem},
    .point = lmx_theorem_point,
    .finish = finish,
};
