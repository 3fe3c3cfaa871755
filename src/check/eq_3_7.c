/* (3.7): d_t f = L f, between the output times. The change of log f from one
 * stored state to the next is held against the time integral of the rates
 * that the right-hand side gives at both,
 *   Q6 = Delta/2 (r0 + r1) + Delta^2/10 (r0' - r1') + Delta^3/120 (r0'' + r1'')
 * of order 6. The right-hand side enters the lemmas as d_t log f; this is what
 * ties it to the evolution. Granted is the difference from the rule of order
 * 4, Delta/2 (r0 + r1) + Delta^2/12 (r0' - r1'), and a little more. Where
 * that is not small against the change itself the output times are too far
 * apart for either rule: nothing is said of such an interval, and with more
 * than half of them the verdict is info. In density form the same is done for
 * f, as log f amplifies its noise. */
#include "check/internal.h"

#include <math.h>

/* The rules resolve an interval if they differ by less than this part of the
 * largest change in it. */
static const double resolved = 0.1;
/* Where r'' amplifies the noise of the states, Q6 is off by about this
 * difference; a little more than it is granted. */
static const double difference_granted = 1.25;

enum { VALUE, FIRST, SECOND, THIRD, DERIVATIVES };

typedef struct evolution {
  double *now[DERIVATIVES];    /* [size] of log f, or f in density form, in t
                                  at this time ... */
  double *before[DERIVATIVES]; /* ... and at the one before */
  lmx_check_worst worst;
  size_t node;
  size_t intervals, unresolved;
  lmx_table *table;
} evolution;

/* What the ball shows at the end of an interval: the largest change, the
 * largest defect and its node, the largest difference of the rules. */
typedef struct interval {
  double change, defect, spread;
  size_t node;
} interval;

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

static interval compare(const lmx_check_env *env, const evolution *e)
{
  const lmx_check_input *input = env->input;
  double step = env->t - input->times[env->k - 1], r;
  double radius = fmin(env->radius, lmx_check_radius(input, env->k - 1));
  interval out = {0};
  for (size_t i = 0; lmx_check_ball_next(input->grid, radius, &i, &r); ++i) {
    double change = e->now[VALUE][i] - e->before[VALUE][i];
    double low, high = integral(e, i, step, &low);
    double defect = fabs(change - high);
    out.change = fmax(out.change, fabs(change));
    out.spread = fmax(out.spread, fabs(high - low));
    if (defect > out.defect || isnan(defect)) {
      out.defect = defect;
      out.node = i;
    }
    if (isnan(defect))
      break;
  }
  return out;
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

/* The rates at this time in the place of those before the last. */
static void advance(lmx_check_env *env, evolution *e)
{
  for (int i = 0; i < DERIVATIVES; ++i) {
    double *kept = e->now[i];
    e->now[i] = e->before[i];
    e->before[i] = kept;
  }
  lmx_check_rate_derivatives(env->rates, env->t, env->input->u[env->k],
                             e->now[VALUE], e->now[FIRST], e->now[SECOND],
                             e->now[THIRD]);
}

static void judge(const lmx_check_env *env, const interval *i, double allowed,
                  evolution *e)
{
  double bound = difference_granted * i->spread + allowed;
  ++e->intervals;
  if (i->spread > resolved * i->change + allowed) {
    ++e->unresolved;
    return;
  }
  lmx_check_worst before = e->worst;
  lmx_check_worst_take(&e->worst, i->defect, bound, env->k, 0);
  if (before.taken == 0 || e->worst.k != before.k)
    e->node = i->node;
}

static lmx_status at_time(lmx_check_env *env, void *state)
{
  evolution *e = state;
  advance(env, e);
  if (env->k == 0)
    return LMX_OK;
  interval i = compare(env, e);
  if (is_density(env)) {
    i.change /= env->moments[0].largest;
    i.defect /= env->moments[0].largest;
    i.spread /= env->moments[0].largest;
  }
  double row[3] = {env->t, i.defect,
                   difference_granted * i.spread + granted(env)};
  judge(env, &i, granted(env), e);
  return lmx_table_add(env->context, e->table, row);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const evolution *e = state;
  if (e->intervals == 0) {
    lmx_check_note(result, "There is one output time only. ");
    return LMX_OK;
  }
  lmx_check_note(result, "Judged: %zu of %zu intervals between output times. ",
                 e->intervals - e->unresolved, e->intervals);
  if (e->unresolved > 0)
    lmx_check_note(result, "The others are too long for the quadratures. ");
  if (e->worst.taken == 0)
    return LMX_OK;
  lmx_check_worst_result(env, &e->worst, result);
  lmx_check_where_node(env, result, env->input->times[e->worst.k], e->node);
  if (2 * e->unresolved > e->intervals && result->status == LMX_HOLDS)
    result->status = LMX_INFO;
  lmx_check_note(result,
                 "Value: largest change of %s from t = %.4g on that the "
                 "right-hand side at both ends does not account for, where it "
                 "is largest against what is granted: 1.25 times "
                 "the difference of quadratures of order 6 and 4, and the "
                 "solver's tolerance. ",
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
