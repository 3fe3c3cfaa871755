/* Theorem 2.3: |grad log f| <= const (1 + sqrt t + |v|).
 *
 * The constant is the one of the proof: by (4.1),
 *   |grad log f|^2 <= kappa C t + C' - C log f,
 * which is what is verified at every node, with C and C' from the data. */
#include "check/internal.h"

#include <math.h>

typedef struct gradient_bound {
  double slack; /* least of the right side minus |q|^2 ... */
  size_t k, node;
  double bound;      /* sup of the proof's bound over the scale */
  size_t violations; /* beyond the error of |q|^2 */
  double printed;    /* least slack with the printed constants */
} gradient_bound;

static lmx_status begin(lmx_check_env *env, void *state)
{
  (void)env;
  gradient_bound *b = state;
  b->slack = INFINITY;
  b->printed = INFINITY;
  return LMX_OK;
}

/* Error granted to |q|^2 + C log f. */
static double tolerance(const lmx_check_env *env, const lmx_check_point *point,
                        double C)
{
  double h = lmx_check_finest(env->input->grid);
  return env->accuracy * (2.0 * sqrt(point->q2) / h + C);
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  gradient_bound *b = state;
  const lmx_model *model = env->input->model;
  const lmx_bernstein *sharp = &env->constants.sharp;
  const lmx_bernstein *printed = &env->constants.printed;
  double g = point->jet->g;
  double limit = lmx_bernstein_gradient(model, sharp->C, sharp->C1, env->t, g);
  double scale = lmx_growth_scale(LMX_GROWTH_GRADIENT, env->t, point->r);
  double slack = limit - point->q2;
  b->bound = fmax(b->bound, sqrt(fmax(limit, 0.0)) / scale);
  if (slack < b->slack) {
    b->slack = slack;
    b->k = env->k;
    b->node = point->node;
  }
  b->violations += !(slack >= -tolerance(env, point, sharp->C));
  limit = lmx_bernstein_gradient(model, printed->C, printed->C1, env->t, g);
  b->printed = fmin(b->printed, limit - point->q2);
}

static void describe(const lmx_check_env *env, const gradient_bound *b,
                     lmx_check_result *result)
{
  const lmx_bernstein *sharp = &env->constants.sharp;
  lmx_check_note(result,
                 "(4.1) with C = %.5g, C' = %.5g (eta = %.4g): least slack of "
                 "|grad log f|^2 is %.4g, %zu violations; with the printed "
                 "C = %.5g, C' = %.5g it is %.4g. ",
                 sharp->C, sharp->C1, env->constants.eta, b->slack,
                 b->violations, env->constants.printed.C,
                 env->constants.printed.C1, b->printed);
  if (sharp->C1_edge)
    lmx_check_note(result, "C' is attained at the edge of the ball and may be "
                           "larger beyond. ");
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const gradient_bound *b = state;
  size_t k = 0;
  const lmx_shell *sup =
      lmx_growth_sup_all(&env->growth, LMX_GROWTH_GRADIENT, &k);
  if (sup == NULL) {
    lmx_check_note(result, "No node of the ball carries a finite log f. ");
    lmx_check_note_ball(env, result);
    return LMX_OK;
  }
  lmx_growth_fit start;
  lmx_growth_survey survey;
  LMX_TRY(lmx_growth_fit_edge(env, LMX_GROWTH_GRADIENT, 0, &start));
  LMX_TRY(lmx_growth_look(env, LMX_GROWTH_GRADIENT, 0, &survey));
  lmx_check_at_most(result, sup->ratio, b->bound);
  lmx_check_where_node(env, result, env->input->times[b->k], b->node);
  if (b->violations > 0 || survey.excessive > 0)
    result->status = LMX_FAILS;
  if (start.excessive)
    lmx_growth_not_applicable(env, "(1.10)", &survey, result);
  describe(env, b, result);
  lmx_growth_note(env, LMX_GROWTH_GRADIENT, survey.k, &survey.fit, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_thm_2_3 = {
    .id = "thm-2.3",
    .statement = "|grad log f| <= const (1 + sqrt t + |v|) (Theorem 2.3)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_USES_CONSTANTS,
    .derivatives = 2,
    .state_size = sizeof(gradient_bound),
    .begin = begin,
    .point = at_point,
    .finish = finish,
};
