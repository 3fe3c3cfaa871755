/* The baseline alone, as CSV: errors of log f against the exact solution and
 * the time it takes.  The default tolerances are the loosest at which its
 * error over |v| <= 6 is still the 2e-5 that its grid allows.  Usage:
 *   bench_baseline [points [half_width [rtol [atol [repeats]]]]] */
#include "baseline_density_fd8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <landaumax/landaumax.h>

/* Largest error of log f over |v| <= radius; a density that is not positive
 * there has no logarithm and gives infinity. */
static lmx_status tail_error(lmx_context *context, const lmx_exact *exact,
                             lmx_jet *jet, const baseline_options *options,
                             const double *f, double radius, double *out)
{
  double worst = 0.0;
  size_t n = options->points;
  for (size_t k = 0; k < n * n; ++k) {
    jet->v[0] = baseline_node(options, k / n);
    jet->v[1] = baseline_node(options, k % n);
    if (hypot(jet->v[0], jet->v[1]) > radius)
      continue;
    LMX_TRY(lmx_exact_eval(context, exact, options->t_end, jet, NULL));
    double error = f[k] > 0.0 ? fabs(log(f[k]) - jet->g) : INFINITY;
    worst = fmax(worst, error);
  }
  *out = worst;
  return LMX_OK;
}

static lmx_status measure(lmx_context *context, const baseline_options *options,
                          int repeats)
{
  size_t n = options->points;
  lmx_exact *exact = NULL;
  lmx_jet *jet = NULL;
  double *f = NULL, error4, error6;
  baseline_stats stats;
  lmx_status status;
  LMX_TRY(lmx_exact_axisymmetric_gaussian(context, 2, options->E1, &exact));
  LMX_TRY_GOTO(lmx_jet_create(context, 2, &jet), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n * n, &f), fail);
  puts("program,points,half_width,rtol,atol,error_4,error_6,seconds,steps,"
       "krylov");
  for (int repeat = 0; repeat < repeats; ++repeat) {
    int flag = baseline_density_fd8(options, f, &stats);
    if (flag < 0) {
      status = lmx_fail(context, LMX_ERR_NUMERICS, "CVODE flag %d", flag);
      goto fail;
    }
    LMX_TRY_GOTO(tail_error(context, exact, jet, options, f, 4.0, &error4),
                 fail);
    LMX_TRY_GOTO(tail_error(context, exact, jet, options, f, 6.0, &error6),
                 fail);
    printf("density_fd8,%zu,%g,%g,%g,%.2e,%.2e,%.3f,%ld,%ld\n", n,
           options->half_width, options->rtol, options->atol, error4, error6,
           stats.seconds, stats.steps, stats.krylov_iterations);
  }
fail:
  lmx_free(f);
  lmx_jet_destroy(&jet);
  lmx_exact_destroy(&exact);
  return status;
}

int main(int argc, char **argv)
{
  baseline_options options = {.E1 = 1.3,
                              .t_end = 0.1,
                              .points =
                                  argc > 1 ? strtoul(argv[1], 0, 10) : 160,
                              .half_width = argc > 2 ? atof(argv[2]) : 8.0,
                              .rtol = argc > 3 ? atof(argv[3]) : 1e-6,
                              .atol = argc > 4 ? atof(argv[4]) : 1e-16};
  lmx_context *context;
  if (lmx_context_create(&context) != LMX_OK)
    return 3;
  lmx_status status = measure(context, &options, argc > 5 ? atoi(argv[5]) : 1);
  if (status != LMX_OK)
    fprintf(stderr, "bench_baseline: %s\n", lmx_context_message(context));
  lmx_context_destroy(&context);
  return lmx_status_exit_code(status);
}
