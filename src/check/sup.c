/* Suprema over the nodes of the ball and all output times, held against a
 * bound, and the smallest constants of the theorems over time. */
#include "check/internal.h"

#include <math.h>

/* Beyond this part of R the ball has its edge. */
static const double edge_part = 0.9;

void lmx_check_sup_take(const lmx_check_env *env, const lmx_check_point *point,
                        double value, double excess, double tolerance,
                        lmx_check_sup *sup)
{
  bool inside = point->r <= edge_part * env->radius;
  sup->violations += !(excess <= tolerance);
  sup->violations_inside += inside && !(excess <= tolerance);
  if (isnan(value))
    return;
  if (inside && (!sup->taken_inside || value > sup->inside)) {
    sup->taken_inside = true;
    sup->inside = value;
  }
  if (sup->taken && value <= sup->value)
    return;
  sup->taken = true;
  sup->value = value;
  sup->t = env->t;
  sup->radius = env->radius;
  sup->node = point->node;
  sup->edge = !inside;
}

bool lmx_check_sup_result(const lmx_check_env *env, const lmx_check_sup *sup,
                          double bound, lmx_check_result *result)
{
  if (!sup->taken) {
    if (sup->violations > 0) {
      result->status = LMX_FAILS;
      lmx_check_note(result, "Exceeded at all %zu nodes. ", sup->violations);
    } else {
      lmx_check_note(result, "No node of the ball carries a finite log f. ");
    }
    lmx_check_note_ball(env, result);
    return false;
  }
  lmx_check_at_most(result, sup->value, bound);
  result->status = sup->violations == 0 ? LMX_HOLDS : LMX_FAILS;
  lmx_check_where_node(env, result, sup->t, sup->node);
  return true;
}

/* Where the bound is met if the growth between 0.9 R and R goes on. */
static double reach_of_bound(const lmx_check_sup *sup,
                             const lmx_check_result *result)
{
  double slope = (sup->value - sup->inside) / ((1.0 - edge_part) * sup->radius);
  return sup->radius + result->slack / slope;
}

void lmx_check_sup_note_edge(const lmx_check_env *env, const lmx_check_sup *sup,
                             lmx_check_result *result)
{
  if (!sup->taken || !sup->taken_inside)
    return;
  result->edge = sup->edge ? LMX_EDGE_GROWING : LMX_EDGE_LEVEL;
  if (sup->edge)
    lmx_check_note(result,
                   "Largest beyond %.2g R, |v| up to %.3g: it may be larger "
                   "outside of the ball; inside it is %.4g. ",
                   edge_part, sup->radius, sup->inside);
  else
    lmx_check_note(result, "Largest inside %.2g R. ", edge_part);
  double reach = reach_of_bound(sup, result);
  /* over R^d the bound of the data is no matter of the ball */
  if (env->space.tails == NULL && sup->edge && sup->violations == 0 &&
      result->slack > 0.0 && reach < 2.0 * sup->radius)
    lmx_check_note(
        result,
        "If it goes on so the bound is reached at |v| = %.3g, beyond "
        "reach of the ball. ",
        reach);
  if (sup->violations > 0 && sup->violations_inside == 0)
    lmx_check_note(result, "Exceeded beyond %.2g R only. ", edge_part);
}

double *lmx_check_smallest(const lmx_check_env *env, size_t k,
                           lmx_smallest_kind kind)
{
  return &env->smallest[k * LMX_SMALLEST_KINDS + (size_t)kind];
}

void lmx_check_smallest_take(const lmx_check_env *env, lmx_smallest_kind kind,
                             double value)
{
  double *smallest = lmx_check_smallest(env, env->k, kind);
  if (isnan(*smallest) || value > *smallest)
    *smallest = value;
}

static const char smallest_columns[] = "t"
#define SMALLEST_COLUMN(symbol, name) "," name
    LMX_SMALLEST_LIST(SMALLEST_COLUMN)
#undef SMALLEST_COLUMN
    ;

/* Columns of statements that were not asked for are NaN. */
lmx_status lmx_check_smallest_table(lmx_check_env *env)
{
  lmx_table *table;
  LMX_TRY(lmx_check_table(env, "smallest_constants",
                          "smallest constants with which each statement holds "
                          "at the nodes of the ball",
                          smallest_columns, &table));
  static const lmx_smallest_kind ratios[LMX_GROWTH_KINDS] = {
      [LMX_GROWTH_GRADIENT] = LMX_SMALLEST_GRADIENT,
      [LMX_GROWTH_HESSIAN] = LMX_SMALLEST_HESSIAN,
      [LMX_GROWTH_RELATIVE] = LMX_SMALLEST_RELATIVE};
  for (size_t k = 0; k < env->input->ntimes; ++k) {
    for (int kind = 0; kind < LMX_GROWTH_KINDS; ++kind) {
      const lmx_shell *sup =
          lmx_growth_sup(&env->growth, (lmx_growth_kind)kind, k);
      *lmx_check_smallest(env, k, ratios[kind]) =
          sup == NULL ? NAN : sup->ratio;
    }
    double row[1 + LMX_SMALLEST_KINDS] = {env->input->times[k]};
    for (int kind = 0; kind < LMX_SMALLEST_KINDS; ++kind)
      row[1 + kind] = *lmx_check_smallest(env, k, (lmx_smallest_kind)kind);
    LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}
