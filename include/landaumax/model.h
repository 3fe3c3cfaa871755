/** @file model.h
 * The closed coefficients of the equation: dimension, anisotropy D,
 * directional temperatures E(t), diffusion matrix abar(t, v), ellipticity.
 *
 * The equation is d_t f = abar : Hess f + kappa f, kappa = d (d-1), with
 * abar(t,v) = (d + |v|^2) I - v v^T - E(t)   (3.1), (3.7).
 */
#ifndef LANDAUMAX_MODEL_H
#define LANDAUMAX_MODEL_H

#include "landaumax/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Parameters of the equation; a plain value, filled by lmx_model_init. */
typedef struct lmx_model {
  int d;                       /**< velocity dimension, 2..LMX_MAX_DIMENSION */
  double D[LMX_MAX_DIMENSION]; /**< D_aa, diagonal, traceless; [d] used */
  double kappa;                /**< d (d-1) */
  double eta;                  /**< ellipticity constant of (3.5) */
} lmx_model;

/** Fills a model.
 * @param d  dimension
 * @param D  [d] diagonal of D = E(0) - I; must sum to 0 within 1e-8 and obey
 *           -1 < D_a < d-1. The rounding left in the sum is removed.
 * Errors: LMX_ERR_CASE. */
LMX_API lmx_status lmx_model_init(lmx_context *context, int d, const double *D,
                                  lmx_model *out);

/** E_aa(t) = 1 + D_aa exp(-4 d t)  (3.4); a counts from 0. */
LMX_API double lmx_model_temperature(const lmx_model *model, int a, double t);

/** c_a(t) = d - 1 - D_aa exp(-4 d t) = d - E_aa(t): the part of abar that
 * does not grow with |v|; c_a >= eta. */
LMX_API double lmx_model_c(const lmx_model *model, int a, double t);

/** abar(t,v), row-major [d][d]  (3.1). */
LMX_API void lmx_model_abar(const lmx_model *model, double t, const double *v,
                            double *abar);

/** log M(v) for |v|^2 = r2, M the standard Maxwellian of dimension d. */
LMX_API double lmx_log_maxwellian(int d, double r2);

#ifdef __cplusplus
}
#endif
#endif
