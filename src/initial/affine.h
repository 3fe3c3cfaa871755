/* Building affine maps; using them is public (landaumax/initial.h). */
#ifndef LMX_INITIAL_AFFINE_H
#define LMX_INITIAL_AFFINE_H

#include "landaumax/initial.h"

/* Relative error of moments in closed form: a few hundred roundings. */
#define LMX_MOMENTS_ROUNDING 1e-13

/* Mass, mean and covariance of data in the user's coordinates. */
typedef struct lmx_moments {
  int d;
  double mass;
  double mean[LMX_MAX_DIMENSION];
  double covariance[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION]; /* [d][d] */
  /* Relative error the numbers may carry: off-diagonal entries below it are
   * taken for zero. */
  double accuracy;
} lmx_moments;

lmx_affine lmx_affine_identity(int d);

/* The map to (1.2): shift, scale and principal axes.
 * Errors: LMX_ERR_CASE (moments that are not positive finite numbers),
 * LMX_ERR_NUMERICS, LMX_ERR_MEMORY. */
lmx_status lmx_affine_from_moments(lmx_context *context,
                                   const lmx_moments *moments, lmx_affine *map);

/* Reorders the normalised axes: new axis a is old axis order[a]. A sign of the
 * last axis changes when needed to keep the determinant 1. */
lmx_status lmx_affine_reorder(lmx_context *context, const int *order,
                              lmx_affine *map);

/* S' = R S R^T / s^2, both [d][d], symmetrised; must not overlap. */
void lmx_affine_covariance(const lmx_affine *map, const double *covariance,
                           double *normalised);

#endif
