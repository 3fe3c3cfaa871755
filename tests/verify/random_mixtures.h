/* A survey: random Gaussian mixtures, run with default settings (estimated and
 * refined as `landaumax run` does) and compared with the exact series at random
 * points of the checked ball. */
#ifndef LMX_TESTS_RANDOM_MIXTURES_H
#define LMX_TESTS_RANDOM_MIXTURES_H

#include "context.h"

#include <dirent.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <landaumax/run.h>

#include "exact/series.h"
#include "run/output.h"

typedef enum { SURVEY_PLANE, SURVEY_SPACE, SURVEY_AXIS } survey_kind;

enum { SURVEY_OUTPUTS = 6, SURVEY_POINTS = 20, SURVEY_TEXT = 8192 };

/* The accuracy asked of log f in the checked ball. */
static const double survey_accuracy = 1e-6;

typedef struct survey_row {
  survey_kind kind;
  int d, components, code; /* exit code of the run */
  int refinements;
  double spread, seconds, estimate;
  bool compared;
  double error[SURVEY_OUTPUTS]; /* of log f, largest, at the outputs after 0 */
} survey_row;

typedef struct survey_count {
  int cases, stopped, refused, compared, wrong, other;
  double worst;
  FILE *csv; /* NULL: none */
} survey_count;

static inline double survey_uniform(gsl_rng *rng, double from, double to)
{
  return from + (to - from) * gsl_rng_uniform(rng);
}

/* Rows of Q are orthonormal, uniform on the rotations (Gram-Schmidt). */
static inline void survey_rotation(gsl_rng *rng, int d, double Q[3][3])
{
  for (int i = 0; i < d; ++i) {
    gsl_ran_dir_nd(rng, (size_t)d, Q[i]);
    for (int pass = 0; pass < 2; ++pass)
      for (int k = 0; k < i; ++k) {
        double dot = 0.0;
        for (int a = 0; a < d; ++a)
          dot += Q[i][a] * Q[k][a];
        for (int a = 0; a < d; ++a)
          Q[i][a] -= dot * Q[k][a];
      }
    double norm = 0.0;
    for (int a = 0; a < d; ++a)
      norm += Q[i][a] * Q[i][a];
    for (int a = 0; a < d; ++a)
      Q[i][a] /= sqrt(norm);
  }
}

/* A covariance with eigenvalues 0.3 to 1: rotated at will, or round about
 * axis 1. */
static inline void survey_covariance(gsl_rng *rng, survey_kind kind, int d,
                                     double S[8][8])
{
  double e[3], Q[3][3];
  memset(S, 0, 64 * sizeof(double));
  for (int i = 0; i < 3; ++i)
    e[i] = survey_uniform(rng, 0.3, 1.0);
  if (kind == SURVEY_AXIS) {
    for (int a = 0; a < d; ++a)
      S[a][a] = a == 0 ? e[0] : e[1];
    return;
  }
  survey_rotation(rng, d, Q);
  for (int a = 0; a < d; ++a)
    for (int b = 0; b <= a; ++b) {
      for (int i = 0; i < d; ++i)
        S[a][b] += e[i] * Q[i][a] * Q[i][b];
      S[b][a] = S[a][b];
    }
}

/* The case of a seed; a seed is a case for ever. */
static inline void survey_case(unsigned long seed, survey_kind kind, char *text,
                               survey_row *row)
{
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(rng, 1 + 3 * seed + (unsigned long)kind);
  char *to = text;
  *row = (survey_row){.kind = kind, .d = 2 + (int)kind};
  if (kind == SURVEY_AXIS)
    row->d = 3 + (int)gsl_rng_uniform_int(rng, 6);
  row->components = 2 + (int)gsl_rng_uniform_int(rng, 2);
  row->spread = survey_uniform(rng, 1.0, 2.5);
  to += sprintf(to,
                "dimension = %d\n[initial]\nkind = \"mixture\"\n"
                "components = [\n",
                row->d);
  for (int k = 0; k < row->components; ++k) {
    double S[8][8];
    to +=
        sprintf(to, "{weight = %.17g, mean = [", survey_uniform(rng, 0.3, 1.0));
    for (int a = 0; a < row->d; ++a) {
      double m = survey_uniform(rng, -row->spread, row->spread);
      to += sprintf(to, "%s%.17e", a == 0 ? "" : ", ",
                    kind == SURVEY_AXIS && a > 0 ? 0.0 : m);
    }
    survey_covariance(rng, kind, row->d, S);
    to += sprintf(to, "], covariance = [");
    for (int a = 0; a < row->d; ++a)
      for (int b = 0; b < row->d; ++b)
        to += sprintf(to, "%s%.17e%s", b == 0 ? "[" : ", ", S[a][b],
                      b + 1 < row->d   ? ""
                      : a + 1 < row->d ? "], "
                                       : "]");
    to += sprintf(to, "]},\n");
  }
  sprintf(to, "]\n[time]\nend = 0.5\noutput = [0.1]\n");
  gsl_rng_free(rng);
}

/* Largest error of log f at random points of the ball, at every output. Data
 * for which the series would take too long stay without comparison. */
static inline void survey_compare(const lmx_case *input,
                                  const lmx_problem *problem,
                                  const lmx_solution *solution,
                                  unsigned long seed, survey_row *row)
{
  double points[SURVEY_POINTS * 8], g[SURVEY_POINTS], radius[3 * SURVEY_POINTS];
  lmx_series *series = NULL;
  size_t d = (size_t)row->d;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(rng, 4357 + seed);
  for (size_t i = 0; i < SURVEY_POINTS; ++i) {
    gsl_ran_dir_nd(rng, d, points + i * d);
    double r = input->radius * pow(gsl_rng_uniform(rng), 1.0 / (double)d);
    for (size_t a = 0; a < d; ++a)
      points[i * d + a] *= r;
  }
  gsl_rng_free(rng);
  ASSERT_OK(ctx, lmx_series_from_initial(ctx, problem->initial, &series));
  row->compared = true;
  for (size_t k = 1; k < solution->ntimes && row->compared; ++k) {
    lmx_status status =
        lmx_series_eval(ctx, series, solution->times[k], SURVEY_POINTS, points,
                        9.0, g, NULL, NULL, radius, NULL);
    assert_true(status == LMX_OK || status == LMX_ERR_NUMERICS);
    row->compared = status == LMX_OK;
    for (size_t i = 0; i < SURVEY_POINTS && row->compared; ++i) {
      double value;
      ASSERT_OK(ctx, lmx_interpolate_value(ctx, solution->grid, solution->u[k],
                                           points + i * d, &value));
      double error = fabs(value - g[i]);
      row->error[k - 1] = fmax(row->error[k - 1], error + radius[3 * i]);
    }
  }
  lmx_series_destroy(&series);
}

static inline void survey_report(survey_count *count, unsigned long seed,
                                 const survey_row *row)
{
  static const char *const names[] = {"plane", "space", "axis"};
  if (count->csv == NULL)
    return;
  fprintf(count->csv, "%lu,%s,%d,%d,%.3f,%d,%.2f,%d,%.3e,%d,%.3e,%.3e,\"%s\"\n",
          seed, names[row->kind], row->d, row->components, row->spread,
          row->code, row->seconds, row->refinements, row->estimate,
          row->compared, row->error[0], row->error[1],
          row->code == 0 ? "" : lmx_context_message(ctx));
  fflush(count->csv);
}

/* A folder and what is in it. */
static inline void survey_remove(const char *path)
{
  DIR *dir = opendir(path);
  if (dir == NULL) { /* a file */
    assert_int_equal(unlink(path), 0);
    return;
  }
  for (struct dirent *e; (e = readdir(dir)) != NULL;) {
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
      continue;
    char *entry;
    ASSERT_OK(ctx, lmx_path_join(ctx, path, e->d_name, &entry));
    survey_remove(entry);
    lmx_free(entry);
  }
  closedir(dir);
  assert_int_equal(rmdir(path), 0);
}

/* What `landaumax run` leaves in `folder`. */
static inline lmx_status survey_run(const char *text, const char *folder)
{
  static const char *const set[] = {"figures.enabled=false"};
  const lmx_run_options options = {.folder = folder,
                                   .checkpoint_interval = INFINITY};
  lmx_run_summary summary;
  lmx_case *input = NULL;
  LMX_TRY(lmx_case_parse(ctx, "survey", text, strlen(text), 1, set, &input));
  lmx_status status = lmx_run(ctx, input, &options, &summary);
  lmx_case_destroy(&input);
  return status;
}

static inline void survey_look(const char *folder, unsigned long seed,
                               bool compare, survey_row *row)
{
  lmx_case *input = NULL;
  lmx_problem *problem = NULL;
  lmx_solution *solution = NULL;
  ASSERT_OK(ctx, lmx_run_open(ctx, folder, &input, &problem, &solution));
  row->estimate = solution->estimate;
  row->refinements = solution->refinements;
  if (compare)
    survey_compare(input, problem, solution, seed, row);
  lmx_solution_destroy(&solution);
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&input);
}

/* One case from text to comparison. */
static inline void survey_one(survey_count *count, survey_kind kind,
                              unsigned long seed, bool compare)
{
  char text[SURVEY_TEXT], folder[] = "survey.XXXXXX";
  survey_row row;
  survey_case(seed, kind, text, &row);
  assert_non_null(mkdtemp(folder));
  double start = lmx_seconds();
  row.code = lmx_status_exit_code(survey_run(text, folder));
  row.seconds = lmx_seconds() - start;
  if (row.code == 0)
    survey_look(folder, seed, compare, &row);
  survey_remove(folder);
  ++count->cases;
  count->stopped += row.code == 3;
  count->refused += row.code == 2; /* too large */
  count->other += row.code != 0 && row.code != 2 && row.code != 3;
  if (row.compared) {
    double error = fmax(row.error[0], row.error[1]);
    ++count->compared;
    count->wrong += !(error <= survey_accuracy);
    count->worst = fmax(count->worst, error);
  }
  survey_report(count, seed, &row);
}

/* Cases 0 to n-1 of a kind, every `every`-th compared. The table is appended
 * to the file that LMX_SURVEY_CSV names. */
static inline void survey_many(survey_count *count, survey_kind kind, int n,
                               int every)
{
  const char *path = getenv("LMX_SURVEY_CSV");
  *count = (survey_count){0};
  if (path != NULL) {
    count->csv = fopen(path, "a");
    assert_non_null(count->csv);
    fprintf(count->csv,
            "seed,kind,d,components,spread,exit,seconds,refinements,"
            "estimate,compared,error_0.1,error_0.5,message\n");
  }
  for (int i = 0; i < n; ++i)
    survey_one(count, kind, (unsigned long)i, i % every == 0);
  if (count->csv != NULL)
    fclose(count->csv);
  print_message(
      "%d cases, %d refused, %d stopped, %d with another exit code, %d "
      "compared, %d of them worse than %.0e, worst %.2e\n",
      count->cases, count->refused, count->stopped, count->other,
      count->compared, count->wrong, survey_accuracy, count->worst);
}

#endif
