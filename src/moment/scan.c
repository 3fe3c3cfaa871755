/* All left and right sides of Section 5 for one N. */
#include <math.h>
#include <string.h>

#include "moment/data.h"
#include "moment/section5.h"

/* From before the first time scale to far beyond the last: 1/(4d) and, for
 * what grows like exp(t/N), N. Two times to an octave. */
static const double FIRST = 1e-6, LAST_IN_N = 40.0, LAST_AT_INFINITY = 8192.0;
/* What the sums and matrices of a ladder can have lost. */
static const double ROUNDING = 1e-12;

/* An ordered pair of directions; `weight` others behave alike. */
typedef struct pair {
  int where[LMX_STATISTIC_LABELS];
  double weight;
  double *start2, *start3, *start4; /* [2 n2], [2 n3], [2 n4] */
} pair;

typedef struct work {
  lmx_context *context;
  const lmx_moment_data *data;
  const lmx_spaces *spaces;
  const lmx_statistic *statistics;
  double inverse;
  size_t n2, n3, n4; /* numbers of a state: twice the unknowns */
  size_t npairs;
  pair *pairs;
  double *starts; /* storage of the pairs */
  double *x2, *x3, *x4, *scratch;
  lmx_ladder *ladder2, *ladder3, *ladder4;
  lmx_hierarchy *hierarchy;
  lmx_bounds *bounds;
} work;

static void clear(work *w)
{
  lmx_free(w->pairs);
  lmx_free(w->starts);
  lmx_free(w->scratch);
  lmx_ladder_destroy(&w->ladder2);
  lmx_ladder_destroy(&w->ladder3);
  lmx_ladder_destroy(&w->ladder4);
  lmx_hierarchy_destroy(&w->hierarchy);
  lmx_bounds_destroy(&w->bounds);
}

void lmx_scan_destroy(lmx_scan **scan)
{
  if (scan == NULL || *scan == NULL)
    return;
  lmx_free((*scan)->times);
  lmx_free((*scan)->values);
  lmx_free((*scan)->logs);
  lmx_free(*scan);
  *scan = NULL;
}

/* --- pairs of directions ---------------------------------------------- */

static bool alike(size_t n, const double *x, const double *y)
{
  for (size_t i = 0; i < n; ++i)
    if (fabs(x[i] - y[i]) > 1e-14 * (1.0 + fabs(x[i])))
      return false;
  return true;
}

/* Keeps the pair at the end of the list unless one before starts alike. */
static void keep_pair(work *w, pair *last)
{
  for (size_t i = 0; i < w->npairs; ++i)
    if (alike(w->n2, w->pairs[i].start2, last->start2) &&
        alike(w->n3, w->pairs[i].start3, last->start3) &&
        alike(w->n4, w->pairs[i].start4, last->start4)) {
      w->pairs[i].weight += 1.0;
      return;
    }
  ++w->npairs;
}

static lmx_status find_pairs(work *w)
{
  int d = w->data->d;
  size_t most = (size_t)d * (size_t)(d - 1);
  LMX_TRY(LMX_NEW_ARRAY(w->context, most, &w->pairs));
  size_t all = w->n2 + w->n3 + w->n4;
  LMX_TRY(LMX_NEW_ARRAY(w->context, most * all, &w->starts));
  LMX_TRY(LMX_NEW_ARRAY(w->context, 3 * all, &w->scratch));
  w->x2 = w->scratch + 2 * all;
  w->x3 = w->x2 + w->n2;
  w->x4 = w->x3 + w->n3;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      if (a == b)
        continue;
      pair *p = &w->pairs[w->npairs];
      *p = (pair){.where = {a, b}, .weight = 1.0};
      p->start2 = w->starts + w->npairs * all;
      p->start3 = p->start2 + w->n2;
      p->start4 = p->start3 + w->n3;
      lmx_system_start(w->spaces->second, lmx_moment_data_word, w->data,
                       p->where, w->inverse, p->start2);
      lmx_system_start(w->spaces->third, lmx_moment_data_word, w->data,
                       p->where, w->inverse, p->start3);
      lmx_system_start(w->spaces->fourth, lmx_moment_data_word, w->data,
                       p->where, w->inverse, p->start4);
      keep_pair(w, p);
    }
  return LMX_OK;
}

/* --- one time --------------------------------------------------------- */

static void take(lmx_quantity *q, lmx_scope scope, int d, const pair *p,
                 double value, double size)
{
  if (scope == LMX_SCOPE_SUM_AXES || scope == LMX_SCOPE_SUM_PAIRS) {
    double w = scope == LMX_SCOPE_SUM_AXES ? p->weight / (d - 1) : p->weight;
    q->most += w * value;
    q->rounding += w * ROUNDING * size;
    q->largest = fabs(q->most);
    q->alpha = q->beta = -1;
    return;
  }
  if (value > q->most || q->largest < 0.0) {
    q->most = value;
    q->alpha = p->where[0];
    q->beta = p->where[1];
  }
  q->largest = fmax(q->largest, fabs(value));
  q->rounding = fmax(q->rounding, ROUNDING * size);
}

static void scan_pair(work *w, const pair *p, double t, lmx_quantity *values,
                      double *limit)
{
  int d = w->data->d;
  double D = w->data->E[p->where[0]] - 1.0;
  lmx_state state = {.inverse = w->inverse,
                     .E = 1.0 + D * exp(-4.0 * d * t),
                     .second = w->x2,
                     .third = w->x3,
                     .fourth = w->x4};
  memcpy(w->x2, p->start2, w->n2 * sizeof(double));
  memcpy(w->x3, p->start3, w->n3 * sizeof(double));
  memcpy(w->x4, p->start4, w->n4 * sizeof(double));
  lmx_ladder_apply(w->ladder2, t, w->x2, w->scratch);
  lmx_ladder_apply(w->ladder3, t, w->x3, w->scratch);
  lmx_ladder_apply(w->ladder4, t, w->x4, w->scratch);
  for (int i = 0; i < LMX_LEFT_COUNT; ++i) {
    double distance, size;
    double value =
        lmx_statistic_value(&w->statistics[i], &state, &distance, &size);
    lmx_scope scope = lmx_left_scope((lmx_left)i);
    if (scope == LMX_SCOPE_EITHER_SIGN)
      value = fabs(value);
    take(&values[i], scope, d, p, value, size);
    *limit = fmax(*limit, fabs(distance) / (1.0 + size));
  }
}

static lmx_quantity plain(double value, double size)
{
  return (lmx_quantity){.most = value,
                        .largest = fabs(value),
                        .rounding = ROUNDING * size,
                        .alpha = -1,
                        .beta = -1};
}

static void scan_time(work *w, double t, lmx_quantity *values, double *logs,
                      double *limit)
{
  for (int i = 0; i < LMX_LEFT_COUNT; ++i) {
    lmx_scope scope = lmx_left_scope((lmx_left)i);
    bool sum = scope == LMX_SCOPE_SUM_AXES || scope == LMX_SCOPE_SUM_PAIRS;
    values[i] = (lmx_quantity){.largest = sum ? 0.0 : -1.0};
  }
  for (size_t i = 0; i < w->npairs; ++i)
    scan_pair(w, &w->pairs[i], t, values, limit);
  lmx_hierarchy_values h;
  lmx_hierarchy_at(w->hierarchy, t, &h);
  const lmx_quantity *diagonal = &values[LMX_LEFT_diagonal];
  const lmx_quantity *off = &values[LMX_LEFT_off_diagonal];
  double size = (diagonal->rounding + off->rounding) / ROUNDING + h.lln;
  values[LMX_QUANTITY_LLN] = plain(h.lln, h.lln);
  values[LMX_QUANTITY_COINCIDING] =
      plain(h.lln - diagonal->most - off->most, size);
  values[LMX_QUANTITY_FOURTH] =
      plain(h.M4 / lmx_moment_data_fourth(w->data), 1.0);
  for (int b = 0; b < LMX_BOUND_COUNT; ++b)
    logs[b] = lmx_bounds_log(w->bounds, (lmx_bound)b, t);
}

/* --- all times -------------------------------------------------------- */

/* Powers of two, which cost the ladders one product, and their halves more. */
static lmx_status choose_times(lmx_context *context, lmx_scan *scan)
{
  double last = isfinite(scan->N) ? LAST_IN_N * scan->N : LAST_AT_INFINITY;
  int from = (int)floor(log2(FIRST)), to = (int)ceil(log2(last));
  scan->ntimes = 2 * (size_t)(to - from) + 1;
  LMX_TRY(LMX_NEW_ARRAY(context, scan->ntimes, &scan->times));
  LMX_TRY(
      LMX_NEW_ARRAY(context, scan->ntimes * LMX_QUANTITY_COUNT, &scan->values));
  LMX_TRY(LMX_NEW_ARRAY(context, scan->ntimes, &scan->logs));
  for (size_t k = 0; k < scan->ntimes; ++k)
    scan->times[k] = ldexp(k % 2 == 0 ? 1.0 : 1.5, from + (int)(k / 2));
  return LMX_OK;
}

static lmx_status prepare(work *w, const lmx_scan *scan)
{
  double last = scan->times[scan->ntimes - 1];
  LMX_TRY(find_pairs(w));
  LMX_TRY(lmx_system_ladder(w->context, w->spaces->second, w->inverse, last,
                            &w->ladder2));
  LMX_TRY(lmx_system_ladder(w->context, w->spaces->third, w->inverse, last,
                            &w->ladder3));
  LMX_TRY(lmx_system_ladder(w->context, w->spaces->fourth, w->inverse, last,
                            &w->ladder4));
  LMX_TRY(
      lmx_hierarchy_create(w->context, w->data, scan->N, last, &w->hierarchy));
  return lmx_bounds_create(w->context, w->data->d, w->inverse, last,
                           &w->bounds);
}

lmx_status lmx_scan_create(lmx_context *context, const lmx_moment_data *data,
                           const lmx_spaces *spaces,
                           const lmx_statistic *statistics, double N,
                           lmx_scan **out)
{
  lmx_scan *scan;
  work w = {.context = context,
            .data = data,
            .spaces = spaces,
            .statistics = statistics,
            .inverse = 1.0 / N,
            .n2 = 2 * spaces->second->basis->n,
            .n3 = 2 * spaces->third->basis->n,
            .n4 = 2 * spaces->fourth->basis->n};
  lmx_status status;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &scan));
  scan->N = N;
  LMX_TRY_GOTO(choose_times(context, scan), fail);
  LMX_TRY_GOTO(prepare(&w, scan), fail);
  for (size_t k = 0; k < scan->ntimes; ++k) {
    if (lmx_context_interrupted(context)) {
      status = lmx_fail(context, LMX_INTERRUPTED, "interrupted");
      goto fail;
    }
    scan_time(&w, scan->times[k], scan->values + k * LMX_QUANTITY_COUNT,
              scan->logs[k], &scan->limit);
  }
  clear(&w);
  *out = scan;
  return LMX_OK;
fail:
  clear(&w);
  lmx_scan_destroy(&scan);
  return status;
}
