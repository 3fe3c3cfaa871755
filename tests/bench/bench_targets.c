/* The promised speeds and accuracies, measured in one run so that their
 * ratios do not depend on the machine's load. CSV on standard output.
 *
 *   bench_targets [preconditioner]
 *
 * All is d = 2, E(0) = diag(1.3, 0.7), t = 0.1 unless the row says otherwise;
 * seconds of processor time are medians of 5 (3 for the density program), with
 * set-up. */
#include <stdio.h>
#include <stdlib.h>

#include "baseline_density_fd8.h"
#include "measure.h"
#include "trial.h"

enum { REPEATS = 5, BASELINE_REPEATS = 3 };

typedef struct target {
  const char *name;
  int d;
  double s1, end, radius;
  size_t points;
  double half_width, rtol;
} target;

static const target targets[] = {
    {"1e-6 over 6", 2, 1.3, 0.1, 6.0, 26, 8.0, 1e-6},
    {"3e-9 over 6", 2, 1.3, 0.1, 6.0, 48, 9.0, 2e-9},
    {"default over 6", 2, 1.3, 0.1, 6.0, 48, 9.0, 1e-9},
    {"default over 8", 2, 1.3, 0.1, 8.0, 48, 9.0, 1e-9},
    {"default to T = 1", 2, 1.3, 1.0, 6.0, 48, 9.0, 1e-9},
    {"default to T = 5", 2, 1.3, 5.0, 6.0, 48, 9.0, 1e-9},
    {"main case to T = 1", 2, 1.3, 1.0, 6.0, 64, 9.0, 1e-9},
    {"main case to T = 5", 2, 1.3, 5.0, 6.0, 64, 9.0, 1e-9},
    {"1.8/0.2 over 7", 2, 1.8, 0.1, 7.0, 64, 9.0, 1e-8},
    {"1.4, d = 3 over 6", 3, 1.4, 0.1, 6.0, 40, 9.0, 1e-8},
    {"0.6, d = 5 over 6", 5, 0.6, 0.1, 6.0, 40, 9.0, 1e-8},
};

enum { TARGETS = sizeof targets / sizeof targets[0] };

typedef struct measured {
  double error, seconds, work;
} measured;

static lmx_status measure_once(lmx_context *context, const trial *t,
                               const trial_setup *setup, const target *goal,
                               double *seconds, measured *out)
{
  trial_state state;
  trial_error error;
  double start = bench_seconds();
  LMX_TRY(trial_solve(context, t, setup, goal->end, &state));
  *seconds = bench_seconds() - start;
  lmx_status status = trial_errors(context, t, &state, goal->radius, &error);
  out->error = error.value;
  out->work =
      (double)(state.stats.rhs_evaluations + state.stats.krylov_iterations);
  trial_state_clear(&state);
  return status;
}

static lmx_status measure(lmx_context *context, const target *goal,
                          lmx_preconditioner_kind preconditioner, measured *out)
{
  trial t;
  double seconds[REPEATS];
  trial_setup setup = {.naxes = 2,
                       .kind = {LMX_AXIS_MIRRORED, goal->d == 2
                                                       ? LMX_AXIS_MIRRORED
                                                       : LMX_AXIS_RADIAL},
                       .points = goal->points,
                       .half_width = goal->half_width,
                       .order = 12,
                       .rtol = goal->rtol,
                       .preconditioner = preconditioner};
  lmx_status status = trial_open_axisymmetric(context, goal->d, goal->s1, &t);
  for (int k = 0; k < REPEATS && status == LMX_OK; ++k)
    status = measure_once(context, &t, &setup, goal, &seconds[k], out);
  trial_clear(&t);
  if (status != LMX_OK)
    return status;
  out->seconds = bench_median(REPEATS, seconds);
  printf("%s,%.2e,%.4f,%g\n", goal->name, out->error, out->seconds, out->work);
  fflush(stdout);
  return LMX_OK;
}

/* The grid and tolerance at which the density program reaches 2e-5. */
static lmx_status measure_baseline(lmx_context *context, double *seconds)
{
  const baseline_options options = {.E1 = 1.3,
                                    .t_end = 0.1,
                                    .points = 160,
                                    .half_width = 8.0,
                                    .rtol = 1e-6,
                                    .atol = 1e-16};
  double *f, all[BASELINE_REPEATS], error;
  baseline_stats stats = {.seconds = NAN};
  lmx_status status = LMX_OK;
  LMX_TRY(LMX_NEW_ARRAY(context, options.points * options.points, &f));
  for (int k = 0; k < BASELINE_REPEATS; ++k) {
    int flag = baseline_density_fd8(&options, f, &stats);
    if (flag < 0)
      LMX_TRY_GOTO(lmx_fail(context, LMX_ERR_NUMERICS, "CVODE flag %d", flag),
                   done);
    all[k] = stats.seconds;
  }
  LMX_TRY_GOTO(bench_baseline_error(context, &options, f, 6.0, &error), done);
  *seconds = bench_median(BASELINE_REPEATS, all);
  printf("density program over 6,%.2e,%.4f,%ld\n", error, *seconds,
         stats.rhs_evaluations + stats.krylov_iterations);
done:
  lmx_free(f);
  return status;
}

static lmx_status run(lmx_context *context, const char *name)
{
  lmx_preconditioner_kind preconditioner;
  measured m[TARGETS];
  double baseline;
  LMX_TRY(bench_preconditioner(context, name, &preconditioner));
  puts("what,error_log_f,seconds,rhs_and_krylov");
  LMX_TRY(measure_baseline(context, &baseline));
  for (size_t i = 0; i < TARGETS; ++i)
    LMX_TRY(measure(context, &targets[i], preconditioner, &m[i]));
  puts("\nratio,measured,target");
  printf("density program / 1e-6 seconds,%.1f,>= 50\n",
         baseline / m[0].seconds);
  printf("3e-9 / 1e-6 seconds,%.2f,<= 15\n", m[1].seconds / m[0].seconds);
  for (int i = 4; i <= 6; i += 2) {
    printf("T = 5 / T = 1 on %zu^2 seconds,%.2f,<= 2\n", targets[i].points,
           m[i + 1].seconds / m[i].seconds);
    printf("T = 5 / T = 1 on %zu^2 work,%.2f,<= 2\n", targets[i].points,
           m[i + 1].work / m[i].work);
  }
  return LMX_OK;
}

int main(int argc, char **argv)
{
  lmx_context *context;
  if (lmx_context_create(&context) != LMX_OK)
    return EXIT_FAILURE;
  lmx_status status = run(context, argc > 1 ? argv[1] : "auto");
  if (status != LMX_OK)
    fprintf(stderr, "bench_targets: %s\n", lmx_context_message(context));
  lmx_context_destroy(&context);
  return lmx_status_exit_code(status);
}
