/* (3.7): d_t f = L f, between the output times. The change of log f from one
 * stored state to the next is held against the time integral of the rates
 * that the right-hand side gives at both,
 *   Q6 = Delta/2 (r0 + r1) + Delta^2/10 (r0' - r1') + Delta^3/120 (r0'' + r1'')
 * of order 6. The right-hand side enters the lemmas as d_t log f; this is what
 * ties it to the evolution. Granted is the difference from the rule of order
 * 4, Delta/2 (r0 + r1) + Delta^2/12 (r0' - r1'), so that widely spaced output
 * times prove little. In density form the same is done for f, as log f
 * amplifies its noise. */
#include "check/internal.h"

#include <math.h>

enum { VALUE, FIRST, SECOND, THIRD, DERIVATIVES };

typedef struct evolution {
  double *now[DERIVATIVES];    /* [size] of log f, or f in density form, in t
                                  at this time ... */
  double *before[DERIVATIVES]; /* ... and at the one before */
  lmx_check_worst worst;
  size_t node;
  lmx_table *table;
} evolution;

static lmx_status begin(lmx_check_env *env, void *state)
{
  evolution *e = state;
  size_t n = env->input->grid->size;
  for (int i = 0; i < DERIVATIVES; ++i) {
    LMX_TRY(LMX_NEW_ARRAY(env->context, n, &e->now[i]));
    LMX_TRY(LMX_NEW_ARRAY(env->context, n, &e->before[i]));
  }
  return lmx_check_table(
      env, "evolution",
      "change of log f (density form: of f over its maximum) "
      "between output times against the "
      "integral of the right-hand side, largest in the "
      "ball",
      "t,defect,granted", &e->table);
}

static void release(void *state)
{
  evolution *e = state;
  for (int i = 0; i < DERIVATIVES; ++i) {
    lmx_free(e->now[i]);
    lmx_free(e->before[i]);
  }
}

/* The rules of order 6 and 4 at one node. */
static double integral(const evolution *e, size_t i, double step, double *low)
{
  double rates = 0.5 * step * (e->before[FIRST][i] + e->now[FIRST][i]);
  double slopes = step * step * (e->before[SECOND][i] - e->now[SECOND][i]);
  double curvatures = pow(step, 3) * (e->before[THIRD][i] + e->now[THIRD][i]);
  *low = rates + slopes / 12.0;
  return rates + slopes / 10.0 + curvatures / 120.0;
}

/* Largest defect and difference of the rules over the ball at the end of an
 * interval. */
static void compare(const lmx_check_env *env, evolution *e, double *defect,
                    double *spread)
{
  const lmx_check_input *input = env->input;
  double step = env->t - input->times[env->k - 1], r;
  double radius = fmin(env->radius, lmx_check_radius(input, env->k - 1));
  *defect = *spread = 0.0;
  for (size_t i = 0; lmx_check_ball_next(input->grid, radius, &i, &r); ++i) {
    double change = e->now[VALUE][i] - e->before[VALUE][i];
    double low, high = integral(e, i, step, &low);
    double difference = fabs(change - high);
    *spread = fmax(*spread, fabs(high - low));
    if (difference > *defect || isnan(difference)) {
      *defect = difference;
      e->node = i;
    }
    if (isnan(difference))
      return;
  }
}

static bool is_density(const lmx_check_env *env)
{
  return env->input->formulation == LMX_FORMULATION_DENSITY;
}

/* The tolerance of the solver: in density form that of f over its maximum. */
static double granted(const lmx_check_env *env)
{
  if (is_density(env))
    return LMX_CHECK_SAFETY_POINT * (env->input->rtol + env->input->atol);
  return env->accuracy;
}

static lmx_status at_time(lmx_check_env *env, void *state)
{
  evolution *e = state;
  for (int i = 0; i < DERIVATIVES; ++i) {
    double *kept = e->now[i];
    e->now[i] = e->before[i];
    e->before[i] = kept;
  }
  lmx_check_rate_derivatives(env->rates, env->t, env->input->u[env->k],
                             e->now[VALUE], e->now[FIRST], e->now[SECOND],
                             e->now[THIRD]);
  if (env->k == 0)
    return LMX_OK;
  double row[3] = {env->t};
  size_t node = e->node;
  compare(env, e, &row[1], &row[2]);
  if (is_density(env)) {
    row[1] /= env->moments[0].largest;
    row[2] /= env->moments[0].largest;
  }
  row[2] += granted(env);
  double load = e->worst.load;
  lmx_check_worst_take(&e->worst, row[1], row[2], env->k, 0);
  if (e->worst.taken > 1 && e->worst.load == load)
    e->node = node;
  return lmx_table_add(env->context, e->table, row);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const evolution *e = state;
  if (e->worst.taken == 0) {
    lmx_check_note(result, "There is one output time only. ");
    return LMX_OK;
  }
  lmx_check_worst_result(env, &e->worst, result);
  lmx_check_where_node(env, result, env->input->times[e->worst.k], e->node);
  lmx_check_note(result,
                 "Value: largest change of %s from t = %.4g on that the "
                 "right-hand side at both ends does not account for, where it "
                 "is largest against what is granted: the difference of "
                 "quadratures of order 6 and 4, and the solver's tolerance. ",
                 is_density(env) ? "f over its maximum" : "log f",
                 env->input->times[e->worst.k - 1]);
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_eq_3_7 = {
    .id = "eq-3.7",
    .statement = "d_t f = L f between the output times (3.7)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_USES_RATE,
    .derivatives = 2,
    .state_size = sizeof(evolution),
    .begin = begin,
    .time = at_time,
    .finish = finish,
    .release = release,
};
