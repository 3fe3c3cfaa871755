/* What Theorems 2.3 and 2.4 have in common: the growth of a derivative of
 * log f, held against the constant that F <= 0 gives for these data, and that
 * inequality itself at every node. */
#include "check/bernstein.h"

#include <math.h>

void lmx_theorem_point(const lmx_check_env *env, const lmx_check_point *point,
                       void *state)
{
  lmx_theorem_watch *watch = state;
  const lmx_theorem *theorem = watch->theorem;
  for (int set = 0; set < LMX_BERNSTEIN_SETS; ++set) {
    const lmx_bernstein *b = lmx_bernstein_set(env, set);
    double scale = theorem->scale(b);
    double excess = scale * theorem->function->value(env, point, b);
    double granted = scale * theorem->function->error(env, point, b);
    lmx_check_sup_take(env, point, excess, excess, granted,
                       &watch->excess[set]);
    watch->bound[set] = fmax(watch->bound[set], theorem->bound(env, point, b));
  }
}

/* Only what was measured: the largest ratio, and its growth. */
static lmx_status without_constants(const lmx_check_env *env,
                                    const lmx_theorem_watch *watch,
                                    lmx_check_result *result)
{
  lmx_growth_kind kind = watch->theorem->function->kind;
  lmx_growth_survey survey;
  size_t k = 0;
  const lmx_shell *sup = lmx_growth_sup_all(&env->growth, kind, &k);
  if (sup != NULL) {
    LMX_TRY(lmx_growth_look(env, kind, 0, &survey));
    lmx_growth_recovery(env, &survey, result);
    result->value = sup->ratio;
    lmx_check_note(result,
                   "Value: largest ratio at the nodes, at t = %.4g, |v| = "
                   "%.3g. ",
                   env->input->times[k], sup->r);
    lmx_growth_note(env, kind, survey.k, &survey.fit, result);
  }
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

lmx_status lmx_theorem_finish(lmx_check_env *env, void *state,
                              lmx_check_result *result)
{
  const lmx_theorem_watch *watch = state;
  if (!lmx_bernstein_known(env, watch->theorem->function->kind, result))
    return without_constants(env, watch, result);
  const lmx_check_sup *sharp = &watch->excess[LMX_BERNSTEIN_SHARP];
  lmx_growth_kind kind = watch->theorem->function->kind;
  size_t k = 0;
  const lmx_shell *sup = lmx_growth_sup_all(&env->growth, kind, &k);
  if (!lmx_check_sup_result(env, sharp, 0.0, result) || sup == NULL)
    return LMX_OK;
  lmx_growth_survey survey;
  LMX_TRY(lmx_growth_look(env, kind, 0, &survey));
  double bound = watch->bound[LMX_BERNSTEIN_SHARP];
  lmx_check_at_most(result, sup->ratio, bound);
  if (sharp->violations > 0 || survey.excessive > 0)
    result->status = LMX_FAILS;
  lmx_check_note(result,
                 "Value: attained at t = %.4g, |v| = %.3g; the proof's "
                 "constant is %.3g times it, with the printed constants %.3g "
                 "times. Tightest: least "
                 "slack of %s, %.4g (printed constants %.4g), %zu "
                 "violations. ",
                 env->input->times[k], sup->r, bound / sup->ratio,
                 watch->bound[LMX_BERNSTEIN_PRINTED] / sup->ratio,
                 watch->theorem->square, -sharp->value,
                 -watch->excess[LMX_BERNSTEIN_PRINTED].value,
                 sharp->violations);
  lmx_bernstein_note(env, kind, result);
  lmx_growth_note(env, kind, survey.k, &survey.fit, result);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}
