/* The integrals that make up mass, mean and covariance. */
#ifndef LMX_INITIAL_SUMS_H
#define LMX_INITIAL_SUMS_H

#include "initial/frame.h"

/* Integrals over y of the density divided by exp(top): 1, y_i, y_i y_j
 * (single directions, j <= i) and rho^2. After lmx_sums_centre: mass, mean and
 * covariance in y, and rho^2 per direction of the group. */
typedef struct lmx_sums {
  double mass;
  double first[LMX_FRAME_AXES];
  double second[LMX_FRAME_AXES][LMX_FRAME_AXES];
  double radial;
} lmx_sums;

void lmx_sums_add(lmx_sums *to, const lmx_sums *from);

/* One point y with a weight that contains the density. */
void lmx_sums_point(lmx_sums *sums, const lmx_frame *frame, const double *y,
                    double weight);

void lmx_sums_centre(lmx_sums *sums, const lmx_frame *frame);

/* Largest difference of two sums that are not centred yet. */
double lmx_sums_distance(const lmx_frame *frame, const lmx_sums *a,
                         const lmx_sums *b);

#endif
