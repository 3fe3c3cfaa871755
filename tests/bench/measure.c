#include "measure.h"

#include <string.h>

#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics_double.h>

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
