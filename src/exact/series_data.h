/* Components and D in the coordinates of the series. */
#ifndef LMX_EXACT_SERIES_DATA_H
#define LMX_EXACT_SERIES_DATA_H

#include "exact/series_flow.h"
#include "landaumax/initial.h"
#include "landaumax/model.h"

/* Chooses harmonics and sigma_0 and fills `data`, zeroed; *axis is the axis of
 * LMX_ZONAL. Errors: those of lmx_series_create; `data` is to be cleared also
 * after a failure. */
lmx_status lmx_series_data_set(lmx_context *context, const lmx_model *model,
                               size_t n, const lmx_component *components,
                               lmx_series_data *data, int *axis);
void lmx_series_data_clear(lmx_series_data *data);

#endif
