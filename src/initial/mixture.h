/* Finite mixtures of Gaussians. */
#ifndef LMX_INITIAL_MIXTURE_H
#define LMX_INITIAL_MIXTURE_H

#include "initial/affine.h"

typedef struct lmx_mixture {
  int d;
  size_t n;
  lmx_component *components; /* [n], into `storage` */
  double *cholesky;          /* [n][d][d] lower factors, into `storage` */
  double *log_factor;        /* [n] log(weight / sqrt(det(2 pi S))) */
  double *storage;
} lmx_mixture;

/* Copies the components a spec describes (gaussian, mixture or radial
 * mixture), carried to normalised coordinates by `map`, or as they are when
 * map is NULL.
 * Errors: LMX_ERR_CASE naming the key at fault, LMX_ERR_MEMORY. */
lmx_status lmx_mixture_create(lmx_context *context,
                              const lmx_initial_spec *spec,
                              const lmx_affine *map, lmx_mixture **out);
void lmx_mixture_destroy(lmx_mixture **mixture);

/* Closed-form mass, mean, covariance. */
void lmx_mixture_moments(const lmx_mixture *mixture, lmx_moments *moments);

/* log sum_k w_k N(v; m_k, S_k) with full relative accuracy of the density
 * however small it is. */
double lmx_mixture_log_density(const lmx_mixture *mixture, const double *v);

#endif
