/* A survey of the error bar: random data with an exact solution, of all the
 * kinds that have one, solved with random tolerances on random grids and
 * looked at at random times; the bar must not be below the true error less
 * what the exact solution does not know of itself. */
#ifndef LMX_TESTS_ERROR_BAR_SURVEY_H
#define LMX_TESTS_ERROR_BAR_SURVEY_H

#include "context.h"

#include <gsl/gsl_rng.h>
#include <stdlib.h>
#include <string.h>

#include <landaumax/run.h>

#include "run/output.h"
#include "run/solving.h"

enum { SURVEY_TIMES = 4, SURVEY_TEXT = 8192, SURVEY_MOST = 1200 };

typedef enum {
  SURVEY_BKW,
  SURVEY_RADIAL,
  SURVEY_GAUSSIAN,
  SURVEY_ROTATED,
  SURVEY_KINDS
} survey_kind;

static const char *const survey_names[SURVEY_KINDS] = {"bkw", "radial",
                                                       "gaussian", "rotated"};

/* Of log f, granted to the bar. */
static const double survey_rounding = 1e-12;

typedef struct survey_row {
  survey_kind kind;
  int d, order, points;
  double parameter, rtol, radius, half_width; /* BKW: c (d+2)/2 */
  double seconds;
} survey_row;

typedef struct survey_count {
  int cases, stopped, holds, info, fails;
  int compared, below; /* output times with a bar */
  int without;         /* without one */
  size_t nratios;
  double least, ratios[SURVEY_MOST]; /* bar over true error */
  FILE *csv;                         /* NULL: none */
} survey_count;

static inline double survey_uniform(gsl_rng *rng, double from, double to)
{
  return from + (to - from) * gsl_rng_uniform(rng);
}

static inline double survey_log(gsl_rng *rng, double from, double to)
{
  return from * pow(to / from, gsl_rng_uniform(rng));
}

static inline char *survey_bkw(gsl_rng *rng, char *to, survey_row *row)
{
  row->d = 2 + (int)gsl_rng_uniform_int(rng, 5);
  /* a half of them near the limit */
  row->parameter = gsl_rng_uniform(rng) < 0.5
                       ? survey_uniform(rng, 0.1, 0.9)
                       : 1.0 - survey_log(rng, 1e-4, 0.1);
  return to + sprintf(to, "kind = \"bkw\"\nc = %.17g\n",
                      row->parameter * 2.0 / (row->d + 2));
}

static inline char *survey_radial(gsl_rng *rng, char *to, survey_row *row)
{
  int n = 2 + (int)gsl_rng_uniform_int(rng, 2);
  row->d = 2 + (int)gsl_rng_uniform_int(rng, 5);
  to += sprintf(to, "kind = \"radial_mixture\"\nweights = [");
  for (int k = 0; k < n; ++k)
    to += sprintf(to, "%s%.17g", k == 0 ? "" : ", ",
                  survey_uniform(rng, 0.1, 1.0));
  to += sprintf(to, "]\nvariances = [");
  for (int k = 0; k < n; ++k)
    to += sprintf(to, "%s%.17g", k == 0 ? "" : ", ", survey_log(rng, 0.2, 2.0));
  return to + sprintf(to, "]\n");
}

/* In the plane rotated; else round about one of the axes. */
static inline char *survey_gaussian(gsl_rng *rng, char *to, survey_row *row)
{
  row->d = 2 + (int)gsl_rng_uniform_int(rng, 5);
  double s = row->d == 2 ? survey_uniform(rng, 1.05, 1.85)
                         : survey_uniform(rng, 0.2, 1.85);
  double other = (row->d - s) / (row->d - 1.0);
  row->parameter = s;
  if (row->d == 2) {
    double angle = survey_uniform(rng, 0.0, M_PI);
    double c = cos(angle), n = sin(angle), x = (s - other) * c * n;
    return to + sprintf(to,
                        "kind = \"gaussian\"\n"
                        "covariance = [[%.17g, %.17g], [%.17g, %.17g]]\n",
                        s * c * c + other * n * n, x, x,
                        s * n * n + other * c * c);
  }
  int axis = (int)gsl_rng_uniform_int(rng, (unsigned long)row->d);
  to += sprintf(to, "kind = \"gaussian\"\nvariances = [");
  for (int a = 0; a < row->d; ++a)
    to += sprintf(to, "%s%.17g", a == 0 ? "" : ", ", a == axis ? s : other);
  return to + sprintf(to, "]\n");
}

/* Equal components on a regular polygon: D = 0, not radial. */
static inline char *survey_rotated(gsl_rng *rng, char *to, survey_row *row)
{
  int n = 3 + (int)gsl_rng_uniform_int(rng, 3);
  double r = survey_uniform(rng, 0.4, 1.6), w = survey_log(rng, 0.15, 1.0);
  row->d = 2;
  row->parameter = r;
  to += sprintf(to, "kind = \"mixture\"\ncomponents = [\n");
  for (int k = 0; k < n; ++k)
    to +=
        sprintf(to,
                "{weight = 1, mean = [%.17g, %.17g], variances = [%.17g, "
                "%.17g]},\n",
                r * cos(2.0 * M_PI * k / n), r * sin(2.0 * M_PI * k / n), w, w);
  return to + sprintf(to, "]\n");
}

static inline int survey_compare_doubles(const void *x, const void *y)
{
  double a = *(const double *)x, b = *(const double *)y;
  return (a > b) - (a < b);
}

/* Fewer points where there are more axes, and fewer for small tolerances, for
 * the time that they take. */
static inline void survey_settings(gsl_rng *rng, char *to, survey_row *row)
{
  static const int orders[6] = {6, 8, 10, 12, 12, 12};
  bool radial = row->kind == SURVEY_BKW || row->kind == SURVEY_RADIAL;
  double times[SURVEY_TIMES];
  row->order = orders[gsl_rng_uniform_int(rng, 6)];
  row->points = (int)survey_log(rng, 12.0, radial ? 201.0 : 81.0);
  if (row->kind == SURVEY_ROTATED)
    row->points = (int)survey_log(rng, 30.0, 121.0); /* full */
  if (row->points < row->order / 2 + 6)
    row->points = row->order / 2 + 6;
  row->rtol = survey_log(rng, 1e-10, 1e-4);
  row->radius = survey_uniform(rng, 3.5, 6.5);
  row->half_width = row->radius + survey_uniform(rng, 2.0, 4.0);
  for (int k = 0; k < SURVEY_TIMES; ++k)
    times[k] = survey_log(rng, 1e-6, 0.5);
  qsort(times, SURVEY_TIMES, sizeof *times, survey_compare_doubles);
  to += sprintf(to,
                "[grid]\npoints = %d\norder = %d\nhalf_width = %.17g\n"
                "[solver]\nrtol = %.17g\natol = %.17g\n[checks]\n"
                "radius = %.17g\nlist = [\"error-bar\"]\n"
                "[figures]\nenabled = false\n[time]\nend = %.17g\noutput = [",
                row->points, row->order, row->half_width, row->rtol,
                0.01 * row->rtol, row->radius, times[SURVEY_TIMES - 1]);
  for (int k = 0; k < SURVEY_TIMES; ++k)
    to += sprintf(to, "%s%.17g", k == 0 ? "" : ", ", times[k]);
  sprintf(to, "]\n");
}

/* The case of a seed; a seed is a case for ever. */
static inline void survey_case(unsigned long seed, char *text, survey_row *row)
{
  static char *(*const draw[SURVEY_KINDS])(gsl_rng *, char *, survey_row *) = {
      survey_bkw, survey_radial, survey_gaussian, survey_rotated};
  char data[SURVEY_TEXT / 2];
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(rng, 1000 + seed);
  *row = (survey_row){.kind = (survey_kind)(seed % SURVEY_KINDS)};
  draw[row->kind](rng, data, row);
  survey_settings(
      rng, text + sprintf(text, "dimension = %d\n[initial]\n%s", row->d, data),
      row);
  gsl_rng_free(rng);
}

/* Largest error of log f beyond what the exact solution grants itself, at
 * nodes of the ball. */
static inline double survey_truth(const lmx_case *input,
                                  const lmx_problem *problem,
                                  const lmx_solution *solution, size_t k)
{
  const lmx_grid *grid = solution->grid;
  size_t stride = grid->size > 4000 ? grid->size / 4000 | 1 : 1;
  double most = 0.0;
  lmx_jet *jet;
  ASSERT_OK(ctx, lmx_jet_create(ctx, grid->d, &jet));
  for (size_t i = 0; i < grid->size; i += stride) {
    double r2 = 0.0, own;
    lmx_grid_point(grid, i, jet->v);
    for (int a = 0; a < grid->d; ++a)
      r2 += jet->v[a] * jet->v[a];
    if (r2 > input->radius * input->radius ||
        lmx_exact_eval(ctx, problem->exact, solution->times[k], jet, &own) !=
            LMX_OK)
      continue;
    double u = jet->g - lmx_log_maxwellian(grid->d, r2);
    most = fmax(most, fabs(solution->u[k][i] - u) - own);
  }
  lmx_jet_destroy(&jet);
  return most;
}

static inline const lmx_table *survey_table(const lmx_check_results *results,
                                            const char *name)
{
  for (size_t i = 0; i < results->ntables; ++i)
    if (strcmp(results->tables[i]->name, name) == 0)
      return results->tables[i];
  fail();
  return NULL;
}

/* One output time: row of the table error_bar. */
static inline void survey_time(survey_count *count, unsigned long seed,
                               const survey_row *row, const double *bar,
                               double truth, lmx_verdict verdict)
{
  bool below = truth > bar[2] + survey_rounding;
  count->below += below;
  count->compared += isfinite(bar[2]);
  count->without += !isfinite(bar[2]);
  if (isfinite(bar[2]) && truth > survey_rounding) {
    assert_true(count->nratios < SURVEY_MOST);
    double ratio = (bar[2] + survey_rounding) / truth;
    count->ratios[count->nratios++] = ratio;
    count->least = fmin(count->least, ratio);
  }
  if (count->csv == NULL)
    return;
  fprintf(count->csv,
          "%lu,%s,%d,%.4g,%d,%d,%.2f,%.2f,%.2e,%.3e,%.4e,%.4e,%.4g,%.3e,%.3e,"
          "%.3e,%.3e,%s,%.2f,%d,%.3e\n",
          seed, survey_names[row->kind], row->d, row->parameter, row->order,
          row->points, row->radius, row->half_width, row->rtol, bar[0], truth,
          bar[2], bar[2] / truth, bar[3], bar[4], bar[5], bar[6],
          lmx_verdict_text(verdict), row->seconds, below, bar[7]);
  fflush(count->csv);
}

static inline void survey_look(survey_count *count, unsigned long seed,
                               const lmx_case *input,
                               const lmx_problem *problem,
                               const lmx_solution *solution, survey_row *row)
{
  static const char *const ids[] = {"exact-error", "error-bar"};
  lmx_check_results *results;
  ASSERT_OK(ctx,
            lmx_output_check(ctx, input, problem, solution, 2, ids, &results));
  const lmx_check_result *r = lmx_check_results_find(results, "error-bar");
  const lmx_table *table = survey_table(results, "error_bar");
  count->holds += r->status == LMX_HOLDS;
  count->info += r->status == LMX_INFO;
  count->fails += r->status == LMX_FAILS;
  if (r->status == LMX_FAILS || (count->csv != NULL && r->status == LMX_INFO))
    print_message("%lu: %s t = %g, %g against %g: %s\n", seed,
                  lmx_verdict_text(r->status), r->t, r->value, r->bound,
                  r->note);
  assert_non_null(problem->exact);
  for (size_t k = 1; k < table->rows; ++k)
    survey_time(count, seed, row, table->data + k * table->columns,
                survey_truth(input, problem, solution, k), r->status);
  lmx_check_results_destroy(&results);
}

static inline void survey_one(survey_count *count, unsigned long seed)
{
  char text[SURVEY_TEXT];
  survey_row row;
  lmx_case *input = NULL;
  lmx_problem *problem = NULL;
  lmx_solution *solution = NULL;
  survey_case(seed, text, &row);
  double start = lmx_seconds();
  ASSERT_OK(ctx,
            lmx_case_parse(ctx, "survey", text, strlen(text), 0, NULL, &input));
  ASSERT_OK(ctx, lmx_problem_create(ctx, input, &problem));
  lmx_status status = lmx_problem_solve_watched(
      ctx, problem, input, NULL, &input->solver, true, &solution);
  row.seconds = lmx_seconds() - start;
  ++count->cases;
  if (status == LMX_OK)
    survey_look(count, seed, input, problem, solution, &row);
  else if (status == LMX_ERR_NUMERICS)
    ++count->stopped;
  else
    ASSERT_OK(ctx, status);
  lmx_solution_destroy(&solution);
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&input);
}

/* Cases first .. first + n - 1. The table is appended to the file that
 * LMX_SURVEY_CSV names. */
static inline void survey_many(survey_count *count, unsigned long first, int n)
{
  const char *path = getenv("LMX_SURVEY_CSV");
  *count = (survey_count){.least = INFINITY};
  if (path != NULL) {
    count->csv = fopen(path, "a");
    assert_non_null(count->csv);
    fprintf(count->csv, "seed,kind,d,parameter,order,points,radius,half_width,"
                        "rtol,t,truth,bar,ratio,residual,steps,beyond,"
                        "distance,verdict,seconds,below,unresolved\n");
  }
  for (int i = 0; i < n; ++i)
    survey_one(count, first + (unsigned long)i);
  if (count->csv != NULL)
    fclose(count->csv);
  qsort(count->ratios, count->nratios, sizeof *count->ratios,
        survey_compare_doubles);
  print_message("%d cases: %d stopped, %d hold, %d info, %d fail; %d times "
                "with a bar, %d below, %d without; bar over error: least "
                "%.3g, median %.3g\n",
                count->cases, count->stopped, count->holds, count->info,
                count->fails, count->compared, count->below, count->without,
                count->least,
                count->nratios > 0 ? count->ratios[count->nratios / 2] : NAN);
}

#endif
