/* From the sums of the series to gradient and Hessian in R^d. */
#ifndef LMX_EXACT_SERIES_UNFOLD_H
#define LMX_EXACT_SERIES_UNFOLD_H

#include "exact/series_flow.h"

/* h [1 + d + d d]: value, gradient and Hessian over the reference Gaussian
 * from the sums of lmx_series_sums; axis and rho (distance from the axis, 0
 * exactly on it) matter for LMX_ZONAL only. */
void lmx_series_unfold(lmx_harmonic_kind kind, int d, int axis, const double *v,
                       const arb_t rho, arb_srcptr sums, long bits, arb_ptr h);

#endif
