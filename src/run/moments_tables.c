/* Tables of exact moments. */
#include "run/moments.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Figures: 8 times to a decade, from 1e-3 to ten times the largest N. */
enum { PER_DECADE = 8, MOST_TEXT = 1200 };
static const double FIRST = 1e-3, BEYOND = 10.0, LAST_AT_LEAST = 100.0;

static lmx_status moment_rows(lmx_context *context, const lmx_moment_data *data,
                              double N, const lmx_case *c, lmx_table *table)
{
  lmx_hierarchy *h;
  int d = data->d;
  double M4 = lmx_moment_data_fourth(data), row[LMX_TABLE_MAX_COLUMNS];
  LMX_TRY(lmx_hierarchy_create(context, data, N, c->end, &h));
  lmx_status status = LMX_OK;
  for (size_t i = 0; i < c->noutputs && status == LMX_OK; ++i) {
    double t = c->outputs[i], q = (d + 1.0) / (d - 1.0);
    lmx_hierarchy_values x;
    lmx_hierarchy_at(h, t, &x);
    row[0] = t;
    row[1] = N;
    row[2] = x.lln;
    row[3] = x.M4;
    row[4] = M4 * q * q * exp(8.0 * t / N);
    row[5] = M4 * (d + 2.0) / d * exp(8.0 * (d - 1) * t / (d * N));
    row[6] = x.momentum;
    for (int a = 0; a < d; ++a)
      row[7 + a] = x.temperature[a];
    status = lmx_table_add(context, table, row);
  }
  lmx_hierarchy_destroy(&h);
  LMX_TRY(status);
  return lmx_table_break(context, table);
}

static lmx_status moment_table(lmx_context *context,
                               const lmx_moment_data *data, const lmx_case *c,
                               lmx_table **out)
{
  char columns[MOST_TEXT] = "t,N,N LHS of (2.5),M_4,M_4 at most (Prop. A.1),"
                            "M_4 at most (sharper),N E|p|^2";
  for (int a = 0; a < data->d; ++a) {
    size_t used = strlen(columns);
    snprintf(columns + used, sizeof columns - used, ",Psi_%d", a + 1);
  }
  LMX_TRY(lmx_table_create(context, "moments",
                           "exact moments at the output times; p is the mean "
                           "velocity, Psi_a the directional temperatures",
                           columns, out));
  for (size_t k = 0; k < c->nparticles; ++k)
    LMX_TRY(moment_rows(context, data, c->particles[k], c, *out));
  return LMX_OK;
}

/* One column of the table, whose rows are there. */
static lmx_status lln_column(lmx_context *context, const lmx_moment_data *data,
                             double N, size_t column, lmx_table *table)
{
  lmx_hierarchy *h;
  double last = table->data[(table->rows - 1) * table->columns];
  LMX_TRY(lmx_hierarchy_create(context, data, N, last, &h));
  for (size_t i = 0; i < table->rows; ++i) {
    double *row = table->data + i * table->columns;
    lmx_hierarchy_values x;
    if (row[0] > BEYOND * N)
      break; /* grows like exp(t/N) from there on */
    lmx_hierarchy_at(h, row[0], &x);
    row[column] = x.lln;
  }
  lmx_hierarchy_destroy(&h);
  return LMX_OK;
}

static lmx_status lln_rows(lmx_context *context, int d, double last,
                           lmx_table *table)
{
  double row[LMX_TABLE_MAX_COLUMNS];
  int n = (int)ceil(PER_DECADE * log10(last / FIRST));
  for (size_t k = 0; k < table->columns; ++k)
    row[k] = NAN;
  for (int i = 0; i <= n; ++i) {
    row[0] = FIRST * pow(10.0, (double)i / PER_DECADE);
    row[1] = lmx_lln_slope(d) * row[0];
    LMX_TRY(lmx_table_add(context, table, row));
  }
  return LMX_OK;
}

static lmx_status lln_table(lmx_context *context, const lmx_moment_data *data,
                            const lmx_case *c, lmx_table **out)
{
  char columns[MOST_TEXT] = "t,8(d-1)^2(4d-1) t";
  double last = LAST_AT_LEAST;
  for (size_t k = 0; k < c->nparticles; ++k) {
    size_t used = strlen(columns);
    double N = c->particles[k];
    snprintf(columns + used, sizeof columns - used,
             isfinite(N) ? ",N = %.6g" : ",N = infinity", N);
    if (isfinite(N))
      last = fmax(last, BEYOND * N);
  }
  LMX_TRY(lmx_table_create(context, "lln",
                           "N times the left side of (2.5), and its slope for "
                           "1 << t << N",
                           columns, out));
  LMX_TRY(lln_rows(context, data->d, last, *out));
  for (size_t k = 0; k < c->nparticles; ++k)
    LMX_TRY(lln_column(context, data, c->particles[k], k + 2, *out));
  return LMX_OK;
}

lmx_status lmx_moments_tables(lmx_context *context, const lmx_moment_data *data,
                              const lmx_case *lmx_case_,
                              lmx_check_results **out)
{
  lmx_check_results *results;
  lmx_status status;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &results));
  results->ntables = 2; /* those not made are NULL, which is fine */
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, 2, &results->tables), fail);
  LMX_TRY_GOTO(moment_table(context, data, lmx_case_, &results->tables[0]),
               fail);
  LMX_TRY_GOTO(lln_table(context, data, lmx_case_, &results->tables[1]), fail);
  *out = results;
  return LMX_OK;
fail:
  if (results->tables == NULL)
    results->ntables = 0;
  lmx_check_results_destroy(&results);
  return status;
}
