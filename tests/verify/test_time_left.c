/* What the progress line says first about the time left, against what it was.
 * Other work on the machine may double one of them: the median over three
 * solves counts. */
#include "context.h"

#include <landaumax/run.h>
#include <stdlib.h>
#include <string.h>

enum { RUNS = 3 };

/* Seconds at which the first estimate came, and what it was. */
typedef struct heard {
  double at, left;
} heard;

static double seconds_of(double value, const char *unit)
{
  return value * (unit[0] == 'h' ? 3600.0 : unit[0] == 'm' ? 60.0 : 1.0);
}

static void listen(void *user, const char *line)
{
  heard *first = user;
  double value;
  char unit[8];
  const char *order = strstr(line, "order ");
  if (first->at > 0.0 || order == NULL ||
      sscanf(order, "order %*d %lf %7s left", &value, unit) != 2)
    return;
  *first = (heard){lmx_seconds(), seconds_of(value, unit)};
}

static int compare(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

static double median(double *values)
{
  qsort(values, RUNS, sizeof *values, compare);
  return values[RUNS / 2];
}

/* Each takes 5 s or more. */
static const char *const texts[RUNS] = {
    "dimension = 2\n[initial]\nkind = \"mixture\"\ncomponents = [\n"
    "{weight = 1, mean = [1, 0], variances = [0.5, 0.5]},\n"
    "{weight = 2, mean = [-0.5, 0], covariance = [[0.6, 0.2], [0.2, 0.4]]}]\n"
    "[grid]\npoints = 224\n[time]\nend = 0.5\noutput = [0.02, 0.1, 0.2]\n",
    "dimension = 2\n[initial]\nkind = \"gaussian\"\nvariances = [1.85, 0.15]\n"
    "[grid]\npoints = [320, 160]\n[time]\nend = 0.3\noutput = [0.01]\n",
    "dimension = 3\n[initial]\nkind = \"mixture\"\ncomponents = [\n"
    "{weight = 1, mean = [0.9, 0.3, 0.1], variances = [0.7, 0.6, 0.5]},\n"
    "{weight = 1, mean = [-0.6, -0.2, 0.3], variances = [0.5, 0.6, 0.8]}]\n"
    "[grid]\npoints = 60\n[time]\nend = 0.2\noutput = [0.1]\n",
};

/* Logarithm of what was said over what it took from then on. */
static double measure(const char *text)
{
  lmx_case *c;
  lmx_problem *problem;
  lmx_solution *solution;
  heard first = {0};
  ASSERT_OK(ctx, lmx_case_parse(ctx, "text", text, strlen(text), 0, NULL, &c));
  ASSERT_OK(ctx, lmx_problem_create(ctx, c, &problem));
  lmx_context_set_progress(ctx, listen, &first);
  double start = lmx_seconds();
  ASSERT_OK(ctx,
            lmx_problem_solve(ctx, problem, c, NULL, &c->solver, &solution));
  double end = lmx_seconds();
  lmx_context_set_progress(ctx, NULL, NULL);
  assert_true(first.at > 0.0);
  double ratio = log(first.left / (end - first.at));
  print_message("%.1f s, after %.1f s said %.0f, left %.1f\n", end - start,
                first.at - start, first.left, end - first.at);
  lmx_solution_destroy(&solution);
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&c);
  return ratio;
}

static void first_showing(void **state)
{
  (void)state;
  double ratio[RUNS];
  for (int i = 0; i < RUNS; ++i)
    ratio[i] = measure(texts[i]);
  ASSERT_NEAR(median(ratio), 0.0, log(3.0));
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(first_showing)};
  return RUN_WITH_CONTEXT(tests);
}
