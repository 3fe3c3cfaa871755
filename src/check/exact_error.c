/* exact-error: log f, its gradient and its Hessian against the exact solution
 * where one is known (docs/math.md, section 2). */
#include "check/internal.h"

#include <math.h>

enum { VALUE, GRADIENT, HESSIAN, KINDS };

typedef struct exact_error {
  const lmx_exact *exact;
  lmx_jet *jet; /* of the exact solution */
  lmx_table *table;
  double *shells;       /* [nshells][KINDS], of the current time */
  size_t stride;        /* of the current time */
  double worst[KINDS];  /* over all times */
  double largest_log_f; /* over all points */
  double uncertainty;   /* of the exact solution itself */
  double t;
  size_t node, sampled, skipped;
  lmx_status status; /* other than LMX_ERR_NUMERICS, from `point` */
} exact_error;

static lmx_status begin(lmx_check_env *env, void *state)
{
  exact_error *e = state;
  e->exact = env->input->exact;
  if (e->exact == NULL)
    return LMX_OK;
  lmx_exact_announce(e->exact, env->input->ntimes, env->input->times);
  LMX_TRY(lmx_jet_create(env->context, env->input->grid->d, &e->jet));
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->growth.nshells * KINDS, &e->shells));
  return lmx_check_table(
      env, "exact_error",
      "max over shells of the error against the exact "
      "solution",
      "t,|v|,error of log f,error of grad log f,error of Hess log f",
      &e->table);
}

static void release(void *state)
{
  exact_error *e = state;
  if (e->exact != NULL)
    lmx_exact_announce(e->exact, 0, NULL);
  lmx_jet_destroy(&e->jet);
  lmx_free(e->shells);
}

static lmx_status at_time(lmx_check_env *env, void *state)
{
  exact_error *e = state;
  if (e->jet == NULL)
    return LMX_OK;
  e->stride = lmx_check_stride(env->input, env->ball);
  for (size_t i = 0; i < env->growth.nshells * KINDS; ++i)
    e->shells[i] = -1.0;
  return LMX_OK;
}

static void compare(const lmx_jet *got, const lmx_jet *want, double *error)
{
  int d = got->d;
  double q2 = 0.0, G2 = 0.0;
  for (int a = 0; a < d; ++a)
    q2 += (got->q[a] - want->q[a]) * (got->q[a] - want->q[a]);
  for (int ab = 0; ab < d * d; ++ab)
    G2 += (got->G[ab] - want->G[ab]) * (got->G[ab] - want->G[ab]);
  error[VALUE] = fabs(got->g - want->g);
  error[GRADIENT] = sqrt(q2);
  error[HESSIAN] = sqrt(G2);
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  exact_error *e = state;
  if (e->jet == NULL || point->ordinal % e->stride != 0)
    return;
  double uncertainty, error[KINDS];
  for (int a = 0; a < e->jet->d; ++a)
    e->jet->v[a] = point->jet->v[a];
  lmx_status status =
      lmx_exact_eval(env->context, e->exact, env->t, e->jet, &uncertainty);
  if (status != LMX_OK) {
    ++e->skipped;
    if (status != LMX_ERR_NUMERICS)
      e->status = status;
    return;
  }
  ++e->sampled;
  compare(point->jet, e->jet, error);
  size_t s = lmx_growth_shell_of(&env->growth, point->r);
  for (int kind = 0; kind < KINDS; ++kind) {
    double *shell = &e->shells[s * KINDS + (size_t)kind];
    *shell = fmax(*shell, error[kind]);
    if (kind == VALUE && error[kind] > e->worst[kind]) {
      e->t = env->t;
      e->node = point->node;
    }
    e->worst[kind] = fmax(e->worst[kind], error[kind]);
  }
  double *now = &env->true_error[env->k];
  *now = isnan(*now) ? error[VALUE] : fmax(*now, error[VALUE]);
  double rest = fmax(error[VALUE] - uncertainty, 0.0);
  now = &env->unexplained[env->k];
  *now = isnan(*now) ? rest : fmax(*now, rest);
  e->largest_log_f = fmax(e->largest_log_f, fabs(e->jet->g));
  e->uncertainty = fmax(e->uncertainty, uncertainty);
}

static lmx_status end_time(lmx_check_env *env, void *state)
{
  exact_error *e = state;
  if (e->jet == NULL)
    return LMX_OK;
  LMX_TRY(e->status);
  for (size_t s = 0; s < env->growth.nshells; ++s) {
    const double *shell = &e->shells[s * KINDS];
    double row[2 + KINDS] = {env->t, ((double)s + 0.5) * env->growth.width,
                             shell[VALUE], shell[GRADIENT], shell[HESSIAN]};
    if (shell[VALUE] >= 0.0)
      LMX_TRY(lmx_table_add(env->context, e->table, row));
  }
  return lmx_table_break(env->context, e->table);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const exact_error *e = state;
  if (e->jet == NULL) {
    lmx_check_note(result, "No exact solution is known for these data.");
    return LMX_OK;
  }
  if (e->sampled == 0) {
    lmx_check_note(result, "The exact solution could not be evaluated. ");
    lmx_check_note_ball(env, result);
    return LMX_OK;
  }
  lmx_check_at_most(result, e->worst[VALUE], env->accuracy + e->uncertainty);
  lmx_check_where_node(env, result, e->t, e->node);
  lmx_check_note(result,
                 "%s: max error of log f %.3g, of its gradient %.3g, of its "
                 "Hessian %.3g (Frobenius) at %zu nodes. ",
                 lmx_exact_name(e->exact), e->worst[VALUE], e->worst[GRADIENT],
                 e->worst[HESSIAN], e->sampled);
  if (env->input->formulation == LMX_FORMULATION_LOG)
    lmx_check_note(result,
                   "Bound: %g (atol + rtol max |log f|) and the exact "
                   "solution's own error %.2g. ",
                   LMX_CHECK_SAFETY_POINT, e->uncertainty);
  else
    lmx_check_note(result,
                   "Bound: %g rtol, 1e-3 for the noise of f at the trust "
                   "radius and the exact solution's own error %.2g. ",
                   LMX_CHECK_SAFETY_POINT, e->uncertainty);
  if (e->skipped > 0)
    lmx_check_note(result,
                   "At %zu nodes the exact solution cannot be had to 1e-6. ",
                   e->skipped);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_exact_error = {
    .id = "exact-error",
    .statement = "error against the exact solution within the tolerances",
    .uses = LMX_CHECK_USES_JETS,
    .derivatives = 2,
    .state_size = sizeof(exact_error),
    .begin = begin,
    .time = at_time,
    .point = at_point,
    .end_time = end_time,
    .finish = finish,
    .release = release,
};
