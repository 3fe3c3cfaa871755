/* Theorem 2.4: |Hess log f|_F <= const (1 + t + |v|^2).
 *
 * The constant is the one of the proof: F-hess <= 0 bounds |Hess f / f|^2 by
 * a quadratic in log f, which is what is verified at every node, and
 * |Hess log f| <= |Hess f / f| + |grad log f|^2 with (4.1). */
#include "check/internal.h"

#include <math.h>

typedef struct hessian_bound {
  double slack; /* least of the right side minus |K|^2 ... */
  size_t k, node;
  double bound;
  size_t violations;
  double printed;
} hessian_bound;

static lmx_status begin(lmx_check_env *env, void *state)
{
  (void)env;
  hessian_bound *b = state;
  b->slack = INFINITY;
  b->printed = INFINITY;
  return LMX_OK;
}

/* Error granted to |K|^2 minus its bound. */
static double tolerance(const lmx_check_env *env, const lmx_check_point *point,
                        const lmx_bernstein *b)
{
  double h = lmx_check_finest(env->input->grid), e = env->accuracy;
  double eK = e / (h * h) + 2.0 * sqrt(point->q2) * e / h;
  double slope = 2.0 * fabs(point->jet->g) + b->A;
  return 2.0 * sqrt(point->K2) * eK +
         b->K2 * b->H / env->constants.eta * slope * e;
}

/* The theorem's bound of |G|: |q|^2 enters by its own bound. */
static double bound_at(const lmx_check_env *env, const lmx_check_point *point,
                       const lmx_bernstein *b)
{
  double g = point->jet->g;
  double gradient =
      lmx_bernstein_gradient(env->input->model, b->H, b->H1, env->t, g);
  double relative = lmx_bernstein_hessian(env, b, env->t, g, 0.0);
  return (sqrt(fmax(relative, 0.0)) + fmax(gradient, 0.0)) /
         lmx_growth_scale(LMX_GROWTH_HESSIAN, env->t, point->r);
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  hessian_bound *b = state;
  const lmx_bernstein *sharp = &env->constants.sharp;
  double g = point->jet->g;
  double slack =
      lmx_bernstein_hessian(env, sharp, env->t, g, point->q2) - point->K2;
  b->bound = fmax(b->bound, bound_at(env, point, sharp));
  if (slack < b->slack) {
    b->slack = slack;
    b->k = env->k;
    b->node = point->node;
  }
  b->violations += !(slack >= -tolerance(env, point, sharp));
  slack = lmx_bernstein_hessian(env, &env->constants.printed, env->t, g,
                                point->q2) -
          point->K2;
  b->printed = fmin(b->printed, slack);
}

static void describe(const lmx_check_env *env, const hessian_bound *b,
                     lmx_check_result *result)
{
  const lmx_bernstein *sharp = &env->constants.sharp;
  size_t k = 0;
  const lmx_shell *relative =
      lmx_growth_sup_all(&env->growth, LMX_GROWTH_RELATIVE, &k);
  lmx_check_note(result,
                 "F-hess with C = %.4g, C' = %.4g, A = %.4g, C'' = %.4g: least "
                 "slack of |Hess f/f|^2 is %.4g, %zu violations; with the "
                 "printed constants %.4g. sup |Hess f/f|_F / (1 + t + |v|^2) "
                 "= %.6g at t = %.4g (B of Theorem 1.7). ",
                 sharp->H, sharp->H1, sharp->A, sharp->C2, b->slack,
                 b->violations, b->printed, relative->ratio,
                 env->input->times[k]);
  if (sharp->H1_edge)
    lmx_check_note(result, "C' or C'' is attained at the edge of the ball and "
                           "may be larger beyond. ");
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const hessian_bound *b = state;
  size_t k = 0;
  const lmx_shell *sup =
      lmx_growth_sup_all(&env->growth, LMX_GROWTH_HESSIAN, &k);
  if (sup == NULL) {
    lmx_check_note(result, "No node of the ball carries a finite log f. ");
    lmx_check_note_ball(env, result);
    return LMX_OK;
  }
  lmx_growth_fit gradient, hessian;
  lmx_growth_survey survey;
  LMX_TRY(lmx_growth_fit_edge(env, LMX_GROWTH_GRADIENT, 0, &gradient));
  LMX_TRY(lmx_growth_fit_edge(env, LMX_GROWTH_HESSIAN, 0, &hessian));
  LMX_TRY(lmx_growth_look(env, LMX_GROWTH_HESSIAN, 0, &survey));
  lmx_check_at_most(result, sup->ratio, b->bound);
  lmx_check_where_node(env, result, env->input->times[b->k], b->node);
  if (b->violations > 0 || survey.excessive > 0)
    result->status = LMX_FAILS;
  if (gradient.excessive || hessian.excessive)
    lmx_growth_not_applicable(env, gradient.excessive ? "(1.10)" : "(1.11)",
                              &survey, result);
  describe(env, b, result);
  lmx_growth_note(env, LMX_GROWTH_HESSIAN, survey.k, &survey.fit, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_thm_2_4 = {
    .id = "thm-2.4",
    .statement = "|Hess log f|_F <= const (1 + t + |v|^2) (Theorem 2.4)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_USES_CONSTANTS,
    .derivatives = 2,
    .state_size = sizeof(hessian_bound),
    .begin = begin,
    .point = at_point,
    .finish = finish,
};
