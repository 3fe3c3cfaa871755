/* Cost of the checks over the size of the grid, and of the exact solutions.
 * CSV on standard output.
 *
 *   bench_checks [largest]     default 256
 *
 * First block: microseconds per node of the grid and output time of each
 * check alone and of all together, mirrored axes in d = 2, 32^2 to largest^2,
 * R the same in all. A check alone also pays for what it shares with others
 * (jets, moments, the constants), so the sum of the rows is more than "all".
 * Second block: microseconds per point of the exact solutions, and the
 * milliseconds a new time costs. Each number is the least of 3. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <landaumax/landaumax.h>

#include "measure.h"

enum { SAMPLES = 3, TIMES = 5, LARGEST_CHECKS = 64 };

static const double times[TIMES] = {0.0, 0.05, 0.1, 0.2, 0.5};

/* A radial mixture, which costs little to sample. */
static lmx_status radial_mixture(lmx_context *context, lmx_exact **out)
{
  const double weights[2] = {0.6, 0.4}, variances[2] = {0.5, 1.75};
  return lmx_exact_radial_mixture(context, 2, 2, weights, variances, out);
}

static lmx_status sample(lmx_context *context, const lmx_exact *exact,
                         const lmx_grid *grid, double t, double *u)
{
  lmx_jet *jet;
  LMX_TRY(lmx_jet_create(context, grid->d, &jet));
  for (size_t i = 0; i < grid->size; ++i) {
    lmx_status status;
    double r2 = 0.0;
    lmx_grid_point(grid, i, jet->v);
    for (int a = 0; a < grid->d; ++a)
      r2 += jet->v[a] * jet->v[a];
    if ((status = lmx_exact_eval(context, exact, t, jet, NULL)) != LMX_OK) {
      lmx_jet_destroy(&jet);
      return status;
    }
    u[i] = jet->g - lmx_log_maxwellian(grid->d, r2);
  }
  lmx_jet_destroy(&jet);
  return LMX_OK;
}

/* Microseconds per node and output time. */
static lmx_status time_checks(lmx_context *context,
                              const lmx_check_input *input, size_t nids,
                              const char *const *ids, double *out)
{
  *out = INFINITY;
  for (int k = 0; k < SAMPLES; ++k) {
    lmx_check_results *results;
    double start = lmx_seconds();
    LMX_TRY(lmx_checks_run(context, input, nids, ids, &results));
    *out = fmin(*out, lmx_seconds() - start);
    lmx_check_results_destroy(&results);
  }
  *out *= 1e6 / (double)(input->grid->size * input->ntimes);
  return LMX_OK;
}

static lmx_status measure(lmx_context *context, size_t points, double *column)
{
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, points, 9.0},
                                 {LMX_AXIS_MIRRORED, points, 9.0}};
  const double D[2] = {0.0, 0.0};
  double trust[TIMES], *u[TIMES] = {NULL};
  lmx_model model;
  lmx_grid *grid = NULL;
  lmx_exact *exact = NULL;
  lmx_status status;
  LMX_TRY(lmx_model_init(context, 2, D, &model));
  LMX_TRY_GOTO(lmx_grid_create(context, 2, 2, axes, 12, &grid), fail);
  LMX_TRY_GOTO(radial_mixture(context, &exact), fail);
  for (int k = 0; k < TIMES; ++k) {
    trust[k] = INFINITY;
    LMX_TRY_GOTO(LMX_NEW_ARRAY(context, grid->size, &u[k]), fail);
    LMX_TRY_GOTO(sample(context, exact, grid, times[k], u[k]), fail);
  }
  const lmx_check_input input = {.model = &model,
                                 .grid = grid,
                                 .exact = exact,
                                 .formulation = LMX_FORMULATION_LOG,
                                 .rtol = 1e-9,
                                 .atol = 1e-11,
                                 .steps = 500,
                                 .radius = 6.0,
                                 .ntimes = TIMES,
                                 .times = times,
                                 .u = (const double *const *)u,
                                 .trust = trust};
  LMX_TRY_GOTO(time_checks(context, &input, 0, NULL, &column[0]), fail);
  for (size_t i = 0; i < lmx_check_count(); ++i) {
    const char *id = lmx_check_id(i);
    LMX_TRY_GOTO(time_checks(context, &input, 1, &id, &column[1 + i]), fail);
  }
fail:
  for (int k = 0; k < TIMES; ++k)
    lmx_free(u[k]);
  lmx_exact_destroy(&exact);
  lmx_grid_destroy(&grid);
  return status;
}

static lmx_status run_checks(lmx_context *context, size_t largest)
{
  static double us[8][1 + LARGEST_CHECKS];
  int n = 0;
  printf("# microseconds per node and output time\ncheck");
  for (size_t points = 32; points <= largest && n < 8; points *= 2) {
    printf(",%zu^2", points);
    LMX_TRY(measure(context, points, us[n++]));
  }
  for (size_t i = 0; i <= lmx_check_count(); ++i) {
    printf("\n%s", i == 0 ? "all" : lmx_check_id(i - 1));
    for (int k = 0; k < n; ++k)
      printf(",%.3f", us[k][i]);
  }
  puts("");
  return LMX_OK;
}

/* Milliseconds for the first point of a time, microseconds for the others. */
static lmx_status time_exact(lmx_context *context, const char *name,
                             const lmx_exact *exact, int d, double t)
{
  enum { POINTS = 400 };
  double first = INFINITY, rest = INFINITY;
  lmx_jet *jet;
  lmx_status status = LMX_OK;
  LMX_TRY(lmx_jet_create(context, d, &jet));
  for (int k = 0; k < SAMPLES; ++k) {
    double start = lmx_seconds(), then = start;
    /* a new time each: what depends on time alone is kept */
    double now = t * (1.0 + 1e-9 * k);
    for (int i = 0; i < POINTS; ++i) {
      double r = 6.0 * (POINTS - i) / POINTS, angle = 2.4 * i;
      for (int a = 0; a < d; ++a)
        jet->v[a] = a == 0 ? r * cos(angle) : a == 1 ? r * sin(angle) : 0.0;
      LMX_TRY_GOTO(lmx_exact_eval(context, exact, now, jet, NULL), fail);
      if (i == 0)
        then = lmx_seconds();
    }
    first = fmin(first, then - start);
    rest = fmin(rest, lmx_seconds() - then);
  }
  printf("%s,%d,%g,%.3f,%.3f\n", name, d, t, 1e3 * first,
         1e6 * rest / (POINTS - 1));
fail:
  lmx_jet_destroy(&jet);
  return status;
}

static lmx_status run_exact(lmx_context *context)
{
  static const struct {
    int d;
    double s1;
  } gaussians[] = {{2, 1.3}, {2, 1.8}, {3, 1.4}, {5, 0.6}};
  static const double later[] = {0.05, 0.5};
  lmx_exact *exact;
  lmx_status status;
  puts("\n# exact solutions, |v| <= 6\nsolution,d,t,ms_new_time,us_point");
  for (size_t i = 0; i < sizeof gaussians / sizeof gaussians[0]; ++i) {
    int d = gaussians[i].d;
    char name[64];
    snprintf(name, sizeof name, "axisymmetric Gaussian %g", gaussians[i].s1);
    LMX_TRY(
        lmx_exact_axisymmetric_gaussian(context, d, gaussians[i].s1, &exact));
    for (int k = 0; k < 2; ++k)
      LMX_TRY_GOTO(time_exact(context, name, exact, d, later[k]), fail);
    lmx_exact_destroy(&exact);
  }
  LMX_TRY(radial_mixture(context, &exact));
  LMX_TRY_GOTO(time_exact(context, "radial mixture", exact, 2, 0.05), fail);
fail:
  lmx_exact_destroy(&exact);
  return status;
}

int main(int argc, char **argv)
{
  lmx_context *context;
  if (lmx_context_create(&context) != LMX_OK)
    return EXIT_FAILURE;
  lmx_status status =
      run_checks(context, argc > 1 ? strtoul(argv[1], NULL, 10) : 256);
  if (status == LMX_OK)
    status = run_exact(context);
  if (status != LMX_OK)
    fprintf(stderr, "bench_checks: %s\n", lmx_context_message(context));
  lmx_context_destroy(&context);
  return lmx_status_exit_code(status);
}
