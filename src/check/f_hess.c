/* F-hess: the auxiliary function of the proof of Theorem 2.4,
 *   F / f = (eta / (K2 C)) |K|^2 - g^2
 *           + (4 kappa t + A + K1 / (C eta) + 2 C' / C) g + |q|^2 / C
 *           - (3 kappa^2 t^2 + kappa A t + kappa K1 t / (C eta)
 *              + 4 kappa C' t / C + C''),     g = log f, K = Hess f / f,
 * starts <= 0 by the choice of C'' and stays so by Lemmas 4.1 to 4.6. */
#include "check/bernstein.h"

#include <math.h>

static double value(const lmx_check_env *env, const lmx_check_point *point,
                    const lmx_bernstein *b)
{
  double right = lmx_bernstein_hessian(env->input->model, b, env->t,
                                       point->jet->g, point->q2);
  return b->eta / (b->K2 * b->H) * (point->K2 - right);
}

/* Second differences of log f over two spacings. */
static double error(const lmx_check_env *env, const lmx_check_point *point,
                    const lmx_bernstein *b)
{
  double h = lmx_check_finest(env->input->grid), e = env->accuracy;
  double eq = e / h, eK = e / (h * h) + 2.0 * sqrt(point->q2) * eq;
  double linear = 4.0 * env->input->model->kappa * env->t + b->A +
                  b->K1 / (b->H * b->eta) + 2.0 * b->H1 / b->H;
  return b->eta / (b->K2 * b->H) * 2.0 * sqrt(point->K2) * eK +
         2.0 * sqrt(point->q2) * eq / b->H +
         (2.0 * fabs(point->jet->g) + linear) * e;
}

static double last(const lmx_bernstein *b)
{
  return b->C2;
}

const lmx_bernstein_function lmx_f_hess = {
    .name = "bernstein_hessian",
    .title = "F-hess / f",
    .kind = LMX_GROWTH_HESSIAN,
    .value = value,
    .error = error,
    .last = last,
    .smallest = {[LMX_BERNSTEIN_PRINTED] = LMX_SMALLEST_C2_PRINTED,
                 [LMX_BERNSTEIN_SHARP] = LMX_SMALLEST_C2_SHARP},
};

const lmx_check_class lmx_check_f_hess = {
    .id = "F-hess",
    .statement = "the auxiliary function of Theorem 2.4 stays <= 0 "
                 "(Section 4.2)",
    LMX_BERNSTEIN_CLASS(&lmx_f_hess),
};
