/* What the files of this room share. */
#ifndef LMX_EXACT_INTERNAL_H
#define LMX_EXACT_INTERNAL_H

#include "landaumax/exact.h"

/* Solution (d) with its distinguished axis at `axis` (from 0). */
lmx_status lmx_exact_axisymmetric_at(lmx_context *context, int d, double s1,
                                     int axis, lmx_exact **out);

/* The exact solution for data of dimension model->d given by kind, parameter
 * c (bkw) or n components; *out = NULL where none is known. */
lmx_status lmx_exact_classify(lmx_context *context, const lmx_model *model,
                              lmx_initial_kind kind, double c, size_t n,
                              const lmx_component *components, lmx_exact **out);

#endif
