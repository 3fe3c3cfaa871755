/* Section 5 for given data and numbers of particles. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "moment/section5.h"

typedef struct work {
  lmx_context *context;
  const lmx_moment_data *data;
  lmx_spaces spaces;
  lmx_statistic statistics[LMX_LEFT_COUNT];
  size_t n;
  lmx_scan *scans[LMX_SECTION5_MOST];
  lmx_check_results *results;
} work;

static void clear(work *w)
{
  for (int i = 0; i < LMX_LEFT_COUNT; ++i)
    lmx_statistic_clear(&w->statistics[i]);
  for (size_t i = 0; i < w->n; ++i)
    lmx_scan_destroy(&w->scans[i]);
  lmx_spaces_clear(&w->spaces);
}

static lmx_status prepare(work *w)
{
  LMX_TRY(lmx_spaces_create(w->context, w->data->d, &w->spaces));
  for (int i = 0; i < LMX_LEFT_COUNT; ++i) {
    LMX_TRY(lmx_statistic_open(w->context, &w->spaces, &w->statistics[i]));
    LMX_TRY(lmx_left_fill((lmx_left)i, &w->statistics[i]));
  }
  return LMX_OK;
}

/* The limits N -> infinity of all left sides with a limit 0. */
static void judge_limit(const work *w, lmx_check_result *out)
{
  *out = (lmx_check_result){.id = "limit",
                            .statement =
                                "All left sides of Section 5 vanish for N -> "
                                "infinity at every time"};
  for (int a = 0; a < LMX_MAX_DIMENSION; ++a)
    out->v[a] = NAN;
  for (size_t i = 0; i < w->n; ++i)
    out->value = fmax(out->value, w->scans[i]->limit);
  out->bound = 1e-11;
  out->slack = out->bound - out->value;
  out->status = out->value <= out->bound ? LMX_HOLDS : LMX_FAILS;
  snprintf(out->note, sizeof out->note,
           "Largest limit relative to the terms it is the sum of: rounding.");
}

/* --- a table for the figure ------------------------------------------- */

/* Columns printed and corrected of the statements that have both, for the
 * largest finite N. */
static bool has_both(size_t i)
{
  const lmx_row *row = lmx_row_get(i);
  return row->misprint && row->bound != LMX_BOUND_ZERO && i + 1 < LMX_ROWS;
}

static lmx_status fill_ratios(work *w, const lmx_scan *scan, lmx_table *table)
{
  double M4 = lmx_moment_data_fourth(w->data);
  for (size_t k = 0; k < scan->ntimes; ++k) {
    double row[LMX_TABLE_MAX_COLUMNS] = {scan->times[k]};
    size_t column = 1;
    for (size_t i = 0; i < LMX_ROWS; ++i)
      for (size_t j = i; j < i + 2 && has_both(i); ++j) {
        /* log10, since e^{-4dt} underflows */
        double ratio =
            lmx_row_ratio(lmx_row_get(j), scan, M4, true, k) / log(10.0);
        row[column++] = isfinite(ratio) ? ratio : NAN;
      }
    LMX_TRY(lmx_table_add(w->context, table, row));
  }
  return LMX_OK;
}

static lmx_status add_ratios(work *w)
{
  const lmx_scan *scan = w->scans[0];
  char columns[1200] = "t", title[160];
  for (size_t i = 1; i < w->n; ++i)
    if (isfinite(w->scans[i]->N) &&
        (!isfinite(scan->N) || w->scans[i]->N > scan->N))
      scan = w->scans[i];
  for (size_t i = 0; i < LMX_ROWS; ++i)
    if (has_both(i)) {
      size_t used = strlen(columns);
      snprintf(columns + used, sizeof columns - used, ",%s,%s",
               lmx_row_get(i)->id, lmx_row_get(i + 1)->id);
    }
  snprintf(title, sizeof title,
           "log10 of N left / ((1+M_4(0)) g(t)), printed and corrected, N = "
           "%.6g",
           scan->N);
  lmx_table *table;
  LMX_TRY(LMX_NEW_ARRAY(w->context, 1, &w->results->tables));
  LMX_TRY(lmx_table_create(w->context, "section5", title, columns, &table));
  w->results->tables[0] = table;
  w->results->ntables = 1;
  return fill_ratios(w, scan, table);
}

/* --- all -------------------------------------------------------------- */

static lmx_status run(work *w, const double *N, size_t n)
{
  LMX_TRY(prepare(w));
  for (w->n = 0; w->n < n; ++w->n) {
    lmx_progress(w->context, "Section 5, N = %g", N[w->n]);
    LMX_TRY(lmx_scan_create(w->context, w->data, &w->spaces, w->statistics,
                            N[w->n], &w->scans[w->n]));
  }
  LMX_TRY(LMX_NEW_ARRAY(w->context, 1, &w->results));
  LMX_TRY(LMX_NEW_ARRAY(w->context, LMX_ROWS + 1, &w->results->items));
  for (size_t i = 0; i < LMX_ROWS; ++i)
    lmx_row_judge(lmx_row_get(i), w->data, w->n, w->scans,
                  &w->results->items[w->results->n++]);
  judge_limit(w, &w->results->items[w->results->n++]);
  return add_ratios(w);
}

lmx_status lmx_section5_run(lmx_context *context, const lmx_moment_data *data,
                            size_t n, const double *N, lmx_check_results **out)
{
  work w = {.context = context, .data = data};
  if (n == 0 || n > LMX_SECTION5_MOST)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "moments: %zu numbers of particles, allowed are 1 to %d", n,
                    LMX_SECTION5_MOST);
  for (size_t i = 0; i < n; ++i)
    if (!(N[i] >= 1.0))
      return lmx_fail(context, LMX_ERR_USAGE,
                      "moments: N = %g, allowed is N >= 1", N[i]);
  lmx_status status = run(&w, N, n);
  clear(&w);
  if (status != LMX_OK)
    lmx_check_results_destroy(&w.results);
  else
    *out = w.results;
  return status;
}
