#include "measure.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

double bench_seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double bench_median(size_t n, double *values)
{
  gsl_sort(values, 1, n);
  return gsl_stats_median_from_sorted_data(values, 1, n);
}

lmx_status bench_preconditioner(lmx_context *context, const char *name,
                                lmx_preconditioner_kind *out)
{
  static const lmx_preconditioner_kind kinds[] = {
#define KIND(symbol, name) symbol,
      LMX_PRECONDITIONER_LIST(KIND)
#undef KIND
  };
  for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; ++i)
    if (strcmp(name, lmx_preconditioner_name(kinds[i])) == 0) {
      *out = kinds[i];
      return LMX_OK;
    }
  return lmx_fail(context, LMX_ERR_USAGE, "no preconditioner \"%s\"", name);
}

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
    worst = error <= worst ? worst : error;
  }
  *out = worst;
  return LMX_OK;
}

lmx_status bench_baseline_error(lmx_context *context,
                                const baseline_options *options,
                                const double *f, double radius, double *out)
{
  lmx_exact *exact = NULL;
  lmx_jet *jet = NULL;
  lmx_status status;
  LMX_TRY(lmx_exact_axisymmetric_gaussian(context, 2, options->E1, &exact));
  LMX_TRY_GOTO(lmx_jet_create(context, 2, &jet), done);
  LMX_TRY_GOTO(tail_error(context, exact, jet, options, f, radius, out), done);
done:
  lmx_jet_destroy(&jet);
  lmx_exact_destroy(&exact);
  return status;
}
