/* What the benchmarks share. */
#ifndef LMX_BENCH_MEASURE_H
#define LMX_BENCH_MEASURE_H

#include <landaumax/landaumax.h>

/* Median of n numbers; sorts them. */
double bench_median(size_t n, double *values);

/* The preconditioner that case files call `name`. Errors: LMX_ERR_USAGE. */
lmx_status bench_preconditioner(lmx_context *context, const char *name,
                                lmx_preconditioner_kind *out);

#endif
