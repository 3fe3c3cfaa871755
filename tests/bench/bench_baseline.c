/* The baseline alone, as CSV: errors of log f against the exact solution and
 * the time it takes.  The default tolerances are the loosest at which its
 * error over |v| <= 6 is still the 2e-5 that its grid allows.  Usage:
 *   bench_baseline [points [half_width [rtol [atol [repeats]]]]] */
#include "baseline_density_fd8.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include <landaumax/landaumax.h>

#include "measure.h"

static lmx_status measure(lmx_context *context, const baseline_options *options,
                          int repeats)
{
  size_t n = options->points;
  double *f, error4, error6;
  baseline_stats stats;
  lmx_status status = LMX_OK;
  LMX_TRY(LMX_NEW_ARRAY(context, n * n, &f));
  puts("program,points,half_width,rtol,atol,error_4,error_6,seconds,steps,"
       "krylov");
  for (int repeat = 0; repeat < repeats; ++repeat) {
    int flag = baseline_density_fd8(options, f, &stats);
    if (flag < 0) {
      status = lmx_fail(context, LMX_ERR_NUMERICS, "CVODE flag %d", flag);
      goto fail;
    }
    LMX_TRY_GOTO(bench_baseline_error(context, options, f, 4.0, &error4), fail);
    LMX_TRY_GOTO(bench_baseline_error(context, options, f, 6.0, &error6), fail);
    printf("density_fd8,%zu,%g,%g,%g,%.2e,%.2e,%.3f,%ld,%ld\n", n,
           options->half_width, options->rtol, options->atol, error4, error6,
           stats.seconds, stats.steps, stats.krylov_iterations);
  }
fail:
  lmx_free(f);
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
