/* What the benchmarks share. */
#ifndef LMX_BENCH_MEASURE_H
#define LMX_BENCH_MEASURE_H

#include <landaumax/landaumax.h>

#include "baseline_density_fd8.h"

/* Processor time of this process: what others run does not count. */
double bench_seconds(void);

/* Median of n numbers; sorts them. */
double bench_median(size_t n, double *values);

/* The preconditioner that case files call `name`. Errors: LMX_ERR_USAGE. */
lmx_status bench_preconditioner(lmx_context *context, const char *name,
                                lmx_preconditioner_kind *out);

/* Largest error of log f over |v| <= radius of the density program's result;
 * a density that is not positive there has no logarithm and gives infinity. */
lmx_status bench_baseline_error(lmx_context *context,
                                const baseline_options *options,
                                const double *f, double radius, double *out);

#endif
