/* Work against precision of the main case: d = 2, E(0) = diag(1.3, 0.7),
 * t = 0.1, mirrored axes. CSV on standard output, drawn by
 * plots/work_precision.gp.
 *
 *   bench_work_precision [preconditioner]
 *       the whole curve
 *   bench_work_precision preconditioner order points half_width rtol [end [s1]]
 *       one point of it, or of the same thing to another time, from another
 *       temperature
 *
 * error_*_R is the largest error at the nodes with |v| <= R against the exact
 * solution; seconds of processor time is the median of 5 integrations. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "trial.h"

enum { REPEATS = 5 };

typedef struct row {
  int order;
  size_t points;
  double half_width, rtol;
} row;

/* For each order grids of falling error, each with the tolerance at which the
 * error of time no longer dominates. */
static const row rows[] = {
    {4, 32, 8.0, 1e-4},   {4, 48, 8.0, 1e-5},   {4, 64, 8.5, 1e-5},
    {4, 96, 8.5, 1e-6},   {4, 128, 8.5, 1e-6},  {4, 192, 8.5, 1e-7},
    {8, 20, 8.0, 1e-5},   {8, 24, 8.0, 1e-5},   {8, 32, 8.0, 1e-6},
    {8, 40, 8.5, 1e-7},   {8, 48, 9.0, 1e-7},   {8, 56, 9.0, 1e-8},
    {8, 72, 9.0, 3e-9},   {8, 96, 9.0, 3e-10},  {8, 128, 9.5, 1e-10},
    {12, 18, 8.0, 1e-5},  {12, 20, 8.0, 3e-6},  {12, 24, 8.0, 1e-6},
    {12, 28, 8.5, 3e-7},  {12, 32, 8.5, 1e-7},  {12, 36, 9.0, 3e-8},
    {12, 40, 9.0, 1e-8},  {12, 48, 9.0, 3e-9},  {12, 56, 9.5, 1e-9},
    {12, 64, 9.5, 3e-10}, {12, 72, 9.5, 1e-10}, {12, 80, 10.0, 3e-11},
};

static lmx_status measure(lmx_context *context, const trial *t,
                          const trial_setup *setup, double end)
{
  double seconds[REPEATS];
  trial_state state = {NULL};
  trial_error at6 = {0.0, 0.0, 0.0}, at8 = {NAN, NAN, NAN};
  for (int k = 0; k < REPEATS; ++k) {
    double start = bench_seconds();
    LMX_TRY(trial_solve(context, t, setup, end, &state));
    seconds[k] = bench_seconds() - start;
    if (k + 1 < REPEATS)
      trial_state_clear(&state);
  }
  lmx_status status = trial_errors(context, t, &state, 6.0, &at6);
  if (status == LMX_OK && setup->half_width > 8.0)
    status = trial_errors(context, t, &state, 8.0, &at8);
  trial_state_clear(&state);
  if (status != LMX_OK)
    return status;
  printf("%d,%zu,%g,%g,%.2e,%.2e,%.2e,%.4f,%ld,%ld\n", setup->order,
         setup->points, setup->half_width, setup->rtol, at6.value, at6.gradient,
         at8.value, bench_median(REPEATS, seconds), state.stats.steps,
         state.stats.krylov_iterations);
  fflush(stdout);
  return LMX_OK;
}

static lmx_status measure_all(lmx_context *context, const trial *t,
                              trial_setup *setup)
{
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
    setup->order = rows[i].order;
    setup->points = rows[i].points;
    setup->half_width = rows[i].half_width;
    setup->rtol = rows[i].rtol;
    LMX_TRY(measure(context, t, setup, 0.1));
  }
  return LMX_OK;
}

static lmx_status run(lmx_context *context, int argc, char **argv)
{
  trial t;
  trial_setup setup = {.naxes = 2,
                       .kind = {LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED}};
  double s1 = argc > 7 ? atof(argv[7]) : 1.3;
  LMX_TRY(bench_preconditioner(context, argc > 1 ? argv[1] : "auto",
                               &setup.preconditioner));
  lmx_status status = trial_open_axisymmetric(context, 2, s1, &t);
  puts("order,points,L,rtol,error_log_f_6,error_grad_6,error_log_f_8,seconds,"
       "steps,krylov");
  if (status == LMX_OK && argc > 5) {
    setup.order = atoi(argv[2]);
    setup.points = strtoul(argv[3], NULL, 10);
    setup.half_width = atof(argv[4]);
    setup.rtol = atof(argv[5]);
    status = measure(context, &t, &setup, argc > 6 ? atof(argv[6]) : 0.1);
  } else if (status == LMX_OK) {
    status = measure_all(context, &t, &setup);
  }
  trial_clear(&t);
  return status;
}

int main(int argc, char **argv)
{
  lmx_context *context;
  if (lmx_context_create(&context) != LMX_OK)
    return EXIT_FAILURE;
  lmx_status status = run(context, argc, argv);
  if (status != LMX_OK)
    fprintf(stderr, "bench_work_precision: %s\n", lmx_context_message(context));
  lmx_context_destroy(&context);
  return lmx_status_exit_code(status);
}
