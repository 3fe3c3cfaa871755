/* Mass, mean and covariance of exp(log f) by quadrature. */
#ifndef LMX_INITIAL_QUADRATURE_H
#define LMX_INITIAL_QUADRATURE_H

#include "initial/affine.h"
#include "initial/symmetry.h"

/* A density in the user's coordinates. */
typedef struct lmx_density {
  const char *key; /* messages begin with it */
  int d;
  lmx_log_density_fn *value;
  lmx_log_bounds_fn *bounds;
  /* Whether log f depends on x_a otherwise than through |x|. */
  bool (*names)(const void *self, int a);
  const void *self;
} lmx_density;

/* Finds the symmetry of log f about the origin and reduces the integrals to at
 * most three dimensions. They are computed twice: by the midpoint rule in one
 * box, and by Gauss rules on the cells of a cover, which meets every peak that
 * bounds of log f cannot exclude. Where the two differ, and the cover knows
 * that the box has missed something, the cells count. `accuracy` of the moments
 * is 1e-11, or what data that is not smooth allows, up to 1e-8.
 * `places`, whose points the caller frees, says where the mass is.
 * Errors: LMX_ERR_CASE (not integrable, undefined somewhere, no symmetry that
 * leaves at most three dimensions), LMX_ERR_NUMERICS (moments are not known to
 * 1e-8), LMX_ERR_MEMORY. */
lmx_status lmx_quadrature_moments(lmx_context *context,
                                  const lmx_density *density,
                                  lmx_moments *moments, lmx_places *places);

#endif
