/* Solution (d): the Hermite series of an axisymmetric Gaussian. */
#ifndef LMX_EXACT_HERMITE_H
#define LMX_EXACT_HERMITE_H

#include "exact/hermite_flow.h"

/* h = f/M as a function of x = v_1 and s = |v|^2: its logarithm, its
 * derivatives divided by h, and an estimate of the relative error of h. */
typedef struct lmx_hermite_jet {
  double log_h, x, s, xx, xs, ss, error;
} lmx_hermite_jet;

typedef struct lmx_hermite lmx_hermite;

/* D1 = E_11(0) - 1, |D1| < 1 and |D1| < d-1. All memory is taken here. */
lmx_status lmx_hermite_create(lmx_context *context, int d, double D1,
                              lmx_hermite **out);
void lmx_hermite_destroy(lmx_hermite **hermite);

/* Announces times, increasing: the coefficients of those asked for together
 * cost little more than those of one. May be called again. `times` is borrowed
 * until the next announcement. */
void lmx_hermite_announce(lmx_hermite *hermite, size_t n, const double *times);

/* Evaluates at time t > 0. Keeps the coefficients of the last times.
 * Errors: LMX_ERR_NUMERICS when the relative error exceeds 1e-6. */
lmx_status lmx_hermite_eval(lmx_context *context, lmx_hermite *hermite,
                            double t, double x, double s, lmx_hermite_jet *out);

#endif
