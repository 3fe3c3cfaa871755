/* Stored results of the checks: made from results, widened by other results
 * of the same case. */
#include "landaumax/reference.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Times that agree to this are the same output time; numbers are stored with
 * 12 digits, which round those that begin with 1 by up to 5e-12. */
static const double same_time = 1e-9, digits = 5e-12;

static double length(const double *v, int d)
{
  double r2 = 0.0;
  for (int a = 0; a < d; ++a)
    r2 += v[a] * v[a];
  return sqrt(r2);
}

static void store(const lmx_check_result *result, int d,
                  lmx_reference_check *check)
{
  snprintf(check->id, sizeof check->id, "%s", result->id);
  check->status = result->status;
  check->value.value = result->value;
  check->bound.value = result->bound;
  check->slack.value = result->slack;
  check->has_place = result->has_where;
  check->t = result->has_where ? result->t : NAN;
  check->r.value = result->has_where ? length(result->v, d) : NAN;
}

static lmx_status store_all(lmx_context *context,
                            const lmx_check_results *results,
                            lmx_reference *reference)
{
  LMX_TRY(LMX_NEW_ARRAY(context, results->n, &reference->checks));
  reference->n = results->n;
  for (size_t i = 0; i < results->n; ++i)
    store(&results->items[i], reference->head.dimension, &reference->checks[i]);
  return LMX_OK;
}

const char *lmx_reference_kind_name(lmx_reference_kind kind)
{
  static const char *const names[] = {
#define KIND_NAME(symbol, name) [symbol] = name,
      LMX_REFERENCE_KIND_LIST(KIND_NAME)
#undef KIND_NAME
  };
  return (size_t)kind < sizeof names / sizeof *names ? names[kind] : "unknown";
}

lmx_status lmx_reference_create(lmx_context *context,
                                const lmx_reference_head *head,
                                const lmx_check_results *results,
                                lmx_reference **out)
{
  char *title;
  lmx_reference *reference;
  lmx_status status;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &reference));
  reference->head = *head;
  reference->head.title = NULL;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, strlen(head->title) + 1, &title), fail);
  memcpy(title, head->title, strlen(head->title));
  reference->head.title = title;
  if (results != NULL)
    LMX_TRY_GOTO(store_all(context, results, reference), fail);
  *out = reference;
  return LMX_OK;
fail:
  lmx_reference_destroy(&reference);
  return status;
}

void lmx_reference_destroy(lmx_reference **reference)
{
  if (reference == NULL || *reference == NULL)
    return;
  lmx_free((void *)(*reference)->head.title);
  lmx_free((*reference)->checks);
  lmx_free(*reference);
  *reference = NULL;
}

static void widen(double other, lmx_reference_number *number)
{
  bool one = isfinite(number->value), two = isfinite(other);
  if (one != two)
    number->tolerance = NAN;
  else if (one && !isnan(number->tolerance))
    number->tolerance = fmax(number->tolerance, fabs(other - number->value));
}

static void widen_place(const lmx_check_result *result, int d, double distance,
                        lmx_reference_check *check)
{
  if (!check->has_place)
    return;
  double r = length(result->v, d);
  bool same = result->has_where &&
              fabs(result->t - check->t) <= same_time * (1.0 + check->t) &&
              (isfinite(r) ? fabs(r - check->r.value) <= distance
                           : !isfinite(check->r.value));
  check->has_place = same;
  check->r.tolerance = distance;
}

void lmx_reference_widen(const lmx_check_results *results, double distance,
                         lmx_reference *reference)
{
  for (size_t i = 0; i < reference->n; ++i) {
    lmx_reference_check *check = &reference->checks[i];
    const lmx_check_result *result = lmx_check_results_find(results, check->id);
    if (result == NULL)
      continue;
    widen(result->value, &check->value);
    widen(result->bound, &check->bound);
    widen(result->slack, &check->slack);
    widen_place(result, reference->head.dimension, distance, check);
  }
}

static void add_margin(double factor, double rtol, double atol,
                       lmx_reference_number *number)
{
  number->tolerance =
      factor * number->tolerance + atol + (rtol + digits) * fabs(number->value);
}

void lmx_reference_add_margin(double factor, double rtol, double atol,
                              lmx_reference *reference)
{
  for (size_t i = 0; i < reference->n; ++i) {
    lmx_reference_check *check = &reference->checks[i];
    add_margin(factor, rtol, atol, &check->value);
    add_margin(factor, rtol, atol, &check->bound);
    add_margin(factor, rtol, atol, &check->slack);
    double parts = check->value.tolerance + check->bound.tolerance;
    if (check->slack.tolerance < parts)
      check->slack.tolerance = parts;
    /* where a value that is nothing but error is largest is chance */
    if (check->value.tolerance >= fabs(check->value.value))
      check->has_place = false;
  }
}
