/* The tables of `landaumax moments`. */
#ifndef LMX_RUN_MOMENTS_H
#define LMX_RUN_MOMENTS_H

#include "landaumax/moment.h"
#include "landaumax/run.h"

/* Tables "moments" at the case's output times and "lln" at times from before
 * the first time scale to beyond the largest finite N; no results. */
lmx_status lmx_moments_tables(lmx_context *context, const lmx_moment_data *data,
                              const lmx_case *lmx_case_,
                              lmx_check_results **out);

#endif
