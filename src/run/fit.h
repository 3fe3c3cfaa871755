/* The grid that fits the data. */
#ifndef LMX_RUN_FIT_H
#define LMX_RUN_FIT_H

#include "landaumax/run.h"

/* The scales of the data that decide how fine a grid has to be (docs/math.md,
 * 1.10), normalised coordinates. */
typedef struct lmx_scales {
  double cold, hot; /* smallest and largest variance of the tail */
  double curvature; /* largest of -n.Hess(log f0).n found in the ball */
  double wide;      /* largest variance of components or tail, at least 1 */
  double centre;    /* largest distance of a component's mean from 0 */
  bool single;      /* one Gaussian */
} lmx_scales;

/* Measures the scales of the data in |v| <= radius. Errors: LMX_ERR_MEMORY. */
lmx_status lmx_scales_of(lmx_context *context, const lmx_initial *initial,
                         int naxes, double radius, lmx_scales *out);

/* Chooses case->half_width: grid.accuracy's margin beyond the checked ball, and
 * all of the data but what its moments may lack.
 * Errors: LMX_ERR_MEMORY, LMX_ERR_CASE (data from a table that ends in the
 * checked ball). */
lmx_status lmx_fit_half_width(lmx_context *context, const lmx_initial *initial,
                              lmx_case *lmx_case_);

/* The spacing with which differences of order 12 keep the error of log f below
 * `accuracy` at the first output time `first` and after it. */
double lmx_fit_spacing(const lmx_scales *scales, int naxes, double radius,
                       double first, double accuracy);

/* Chooses case->points for the axes and half widths of the case.
 * Errors: LMX_ERR_CASE (more nodes than grid.max_points). */
lmx_status lmx_fit_points(lmx_context *context, const lmx_initial *initial,
                          lmx_case *lmx_case_);

/* A notice where the points that a case gives are so few that the error will
 * be far above grid.accuracy. Errors: LMX_ERR_MEMORY. */
lmx_status lmx_fit_warn(lmx_context *context, const lmx_initial *initial,
                        const lmx_case *lmx_case_);

/* Whether a grid has at most grid.max_points nodes and LMX_FIT_MOST_POINTS per
 * axis. */
bool lmx_fit_allows(const lmx_case *lmx_case_, const size_t *points);

/* x > 0 rounded up to one digit, as messages name an accuracy. */
double lmx_fit_round_up(double x);

/* Most nodes of one axis, as in options.def. */
enum { LMX_FIT_MOST_POINTS = 4096 };

#endif
