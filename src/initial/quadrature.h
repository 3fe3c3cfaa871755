/* Mass, mean and covariance of exp(log f) by quadrature. */
#ifndef LMX_INITIAL_QUADRATURE_H
#define LMX_INITIAL_QUADRATURE_H

#include "initial/affine.h"
#include "initial/symmetry.h"

/* Finds the symmetry of log f about the origin, reduces the integrals to at
 * most three dimensions and refines until the moments settle to 1e-12.
 * Messages begin with `key`.
 * Errors: LMX_ERR_CASE (not integrable, undefined somewhere, no symmetry that
 * leaves at most three dimensions), LMX_ERR_NUMERICS (moments do not settle),
 * LMX_ERR_MEMORY. */
lmx_status lmx_quadrature_moments(lmx_context *context, const char *key,
                                  lmx_log_density_fn *log_density,
                                  const void *self, int d,
                                  lmx_moments *moments);

#endif
