/* F-grad: the auxiliary function of the proof of Theorem 2.3,
 *   F / f = |q|^2 + C log f - kappa C t - C',
 * starts <= 0 by the choice of C' and stays so by Lemmas 4.1 and 4.2 and the
 * maximum principle; this is (4.1). */
#include "check/bernstein.h"

static double value(const lmx_check_env *env, const lmx_check_point *point,
                    const lmx_bernstein *b)
{
  return point->q2 - lmx_bernstein_gradient(env->input->model, b->C, b->C1,
                                            env->t, point->jet->g);
}

static double error(const lmx_check_env *env, const lmx_check_point *point,
                    const lmx_bernstein *b)
{
  return lmx_bernstein_gradient_error(env, point, b->C);
}

static double last(const lmx_bernstein *b)
{
  return b->C1;
}

const lmx_bernstein_function lmx_f_grad = {
    .name = "bernstein_gradient",
    .title = "F-grad / f",
    .kind = LMX_GROWTH_GRADIENT,
    .value = value,
    .error = error,
    .last = last,
    .smallest = {[LMX_BERNSTEIN_PRINTED] = LMX_SMALLEST_C1_PRINTED,
                 [LMX_BERNSTEIN_SHARP] = LMX_SMALLEST_C1_SHARP},
};

const lmx_check_class lmx_check_f_grad = {
    .id = "F-grad",
    .statement = "|grad log f|^2 + C log f - kappa C t - C' <= 0 (Section 4.1)",
    LMX_BERNSTEIN_CLASS(&lmx_f_grad),
};
