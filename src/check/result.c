/* Filling results: notes, places, verdicts, tables. */
#include "check/internal.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void lmx_check_note(lmx_check_result *result, const char *format, ...)
{
  size_t used = strlen(result->note);
  va_list args;
  va_start(args, format);
  vsnprintf(result->note + used, sizeof result->note - used, format, args);
  va_end(args);
}

double lmx_check_radius(const lmx_check_input *input, size_t k)
{
  return fmin(input->radius, input->trust[k]);
}

void lmx_check_note_data(const lmx_check_env *env, lmx_check_result *result)
{
  const lmx_check_input *input = env->input;
  double radius = lmx_check_radius(input, 0);
  lmx_check_note(result, "Verified at t = 0 on |v| <= %.4g%s, %zu nodes.",
                 radius, radius < input->radius ? " (the trust radius)" : "",
                 env->start_points);
  if (env->start_not_finite > 0)
    lmx_check_note(result, " log f0 is not finite at %zu of them.",
                   env->start_not_finite);
}

void lmx_check_note_ball(const lmx_check_env *env, lmx_check_result *result)
{
  const lmx_check_input *input = env->input;
  size_t cut = 0;
  double least = input->radius;
  for (size_t k = 0; k < input->ntimes; ++k) {
    double radius = lmx_check_radius(input, k);
    cut += radius < input->radius;
    least = fmin(least, radius);
  }
  size_t per_time = input->ntimes > 0 ? env->points / input->ntimes : 0;
  lmx_check_note(result, "Verified on |v| <= %.4g, %zu nodes%s, %zu time%s.",
                 input->radius, per_time, cut > 0 ? " on average" : "",
                 input->ntimes, input->ntimes == 1 ? "" : "s");
  if (cut > 0)
    lmx_check_note(result,
                   " The trust radius cut the ball at %zu time%s, down to "
                   "%.4g.",
                   cut, cut == 1 ? "" : "s", least);
  if (env->not_finite > 0)
    lmx_check_note(result, " log f is not finite at %zu nodes of the ball.",
                   env->not_finite);
}

void lmx_check_where(const lmx_check_env *env, lmx_check_result *result,
                     double t, const double *v)
{
  result->has_where = true;
  result->t = t;
  for (int a = 0; a < env->input->grid->d; ++a)
    result->v[a] = v[a];
}

void lmx_check_when(lmx_check_result *result, double t)
{
  result->has_where = true;
  result->t = t;
  for (int a = 0; a < LMX_MAX_DIMENSION; ++a)
    result->v[a] = NAN;
}

void lmx_check_where_node(const lmx_check_env *env, lmx_check_result *result,
                          double t, size_t node)
{
  double v[LMX_MAX_DIMENSION];
  lmx_grid_point(env->input->grid, node, v);
  lmx_check_where(env, result, t, v);
}

void lmx_check_no_claim(lmx_check_result *result)
{
  result->status = LMX_INFO;
  result->value = result->bound = result->slack = NAN;
  result->has_where = false;
  result->edge = LMX_EDGE_UNKNOWN;
}

void lmx_check_at_most(lmx_check_result *result, double value, double bound)
{
  result->value = value;
  result->bound = bound;
  result->slack = bound - value;
  result->status = isfinite(value) && isfinite(bound) && value <= bound
                       ? LMX_HOLDS
                       : LMX_FAILS;
}

lmx_status lmx_check_table(lmx_check_env *env, const char *name,
                           const char *title, const char *columns,
                           lmx_table **out)
{
  lmx_check_results *results = env->results;
  lmx_table **tables;
  LMX_TRY(lmx_alloc(env->context, results->ntables + 1, sizeof(void *),
                    (void **)&tables));
  lmx_table *table;
  lmx_status status =
      lmx_table_create(env->context, name, title, columns, &table);
  if (status != LMX_OK) {
    lmx_free(tables);
    return status;
  }
  for (size_t i = 0; i < results->ntables; ++i)
    tables[i] = results->tables[i];
  tables[results->ntables] = table;
  lmx_free(results->tables);
  results->tables = tables;
  ++results->ntables;
  *out = table;
  return LMX_OK;
}

void lmx_check_worst_take(lmx_check_worst *worst, double value, double bound,
                          size_t k, int which)
{
  double load = fabs(value) / bound;
  if (!(load <= INFINITY)) /* NaN, and 0 / 0 where nothing is allowed */
    load = value == 0.0 ? 0.0 : INFINITY;
  if (worst->taken > 0 && load <= worst->load)
    return;
  ++worst->taken;
  worst->load = load;
  worst->value = fabs(value);
  worst->bound = bound;
  worst->k = k;
  worst->which = which;
}

void lmx_check_worst_result(const lmx_check_env *env,
                            const lmx_check_worst *worst,
                            lmx_check_result *result)
{
  lmx_check_at_most(result, worst->value, worst->bound);
  lmx_check_when(result, env->input->times[worst->k]);
}

size_t lmx_check_stride(const lmx_check_input *input, size_t n)
{
  size_t sample = LMX_CHECK_SAMPLE / input->ntimes;
  if (sample < LMX_CHECK_SAMPLE_LEAST)
    sample = LMX_CHECK_SAMPLE_LEAST;
  size_t stride = (n + sample - 1) / sample;
  return stride <= 1 ? 1 : stride | 1;
}
