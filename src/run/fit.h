/* The grid that fits the data. */
#ifndef LMX_RUN_FIT_H
#define LMX_RUN_FIT_H

#include "landaumax/run.h"

/* The scales of the data that decide how fine a grid has to be (docs/math.md,
 * 1.10), normalised coordinates. */
typedef struct lmx_scales {
  double cold, hot; /* smallest and largest variance, of components or tail */
  double curvature; /* largest of -n.Hess(log f0).n found in the ball */
} lmx_scales;

/* Measures the scales of the data in |v| <= radius. Errors: LMX_ERR_MEMORY. */
lmx_status lmx_scales_of(lmx_context *context, const lmx_initial *initial,
                         int naxes, double radius, lmx_scales *out);

/* The spacing with which differences of order 12 keep the error of log f below
 * `accuracy` at the first output time `first` and after it. */
double lmx_fit_spacing(const lmx_scales *scales, int naxes, double radius,
                       double first, double accuracy);

/* Chooses case->points for the axes and half widths of the case.
 * Errors: LMX_ERR_CASE (more nodes than grid.max_points). */
lmx_status lmx_fit_points(lmx_context *context, const lmx_initial *initial,
                          lmx_case *lmx_case_);

/* Whether a grid has at most grid.max_points nodes and LMX_FIT_MOST_POINTS per
 * axis. */
bool lmx_fit_allows(const lmx_case *lmx_case_, const size_t *points);

/* Most nodes of one axis, as in options.def. */
enum { LMX_FIT_MOST_POINTS = 4096 };

#endif
