/* Finite mixtures of Gaussians. */
#ifndef LMX_INITIAL_GAUSSIANS_H
#define LMX_INITIAL_GAUSSIANS_H

#include "initial/affine.h"

typedef struct lmx_gaussians {
  int d;
  size_t n;
  lmx_component *components; /* [n], into `storage` */
  double *cholesky;          /* [n][d][d] lower factors, into `storage` */
  double *log_factor;        /* [n] log(weight / sqrt(det(2 pi S))) */
  double *storage;
} lmx_gaussians;

/* Copies the components a spec describes (gaussian, mixture or radial
 * mixture), carried to normalised coordinates by `map`, or as they are when
 * map is NULL.
 * Errors: LMX_ERR_CASE naming the key at fault, LMX_ERR_MEMORY. */
lmx_status lmx_gaussians_create(lmx_context *context,
                                const lmx_initial_spec *spec,
                                const lmx_affine *map, lmx_gaussians **out);
void lmx_gaussians_destroy(lmx_gaussians **mixture);

/* Closed-form mass, mean, covariance. */
void lmx_gaussians_moments(const lmx_gaussians *mixture, lmx_moments *moments);

/* log sum_k w_k N(v; m_k, S_k) with full relative accuracy of the density
 * however small it is. */
double lmx_gaussians_log_density(const lmx_gaussians *mixture, const double *v);

#endif
