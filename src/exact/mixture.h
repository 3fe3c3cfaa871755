/* Gaussian mixtures under the Ornstein-Uhlenbeck flow of the radial problem:
 * means shrink by rho, covariances go to rho^2 S + (1 - rho^2) I, with
 * rho = exp(-(d-1) t). Solution (a) is this flow; (c) is its average over
 * rotations. */
#ifndef LMX_EXACT_MIXTURE_H
#define LMX_EXACT_MIXTURE_H

#include "exact/logsum.h"

typedef struct lmx_mixture {
  int d;
  size_t n;
  double *log_weight; /* [n] */
  double *mean;       /* [n][d] at t = 0 */
  double *covariance; /* [n][d][d] at t = 0 */
  /* At the time of the last lmx_mixture_set_time: */
  double t;
  double *mean_t;    /* [n][d] */
  double *precision; /* [n][d][d] inverse covariance */
  double *negative;  /* [n][d][d] its negative, the Hessian of log N */
  double *log_norm;  /* [n] log weight - log det(2 pi S) / 2 */
} lmx_mixture;

/* Zeroed arrays; the caller fills log_weight, mean and covariance and then
 * calls lmx_mixture_set_time(mixture, 0), which also checks covariances. */
lmx_status lmx_mixture_create(lmx_context *context, int d, size_t n,
                              lmx_mixture **out);
void lmx_mixture_destroy(lmx_mixture **mixture);

/* Errors: LMX_ERR_CASE when a covariance is not positive definite. */
lmx_status lmx_mixture_set_time(lmx_context *context, lmx_mixture *mixture,
                                double t);

/* Adds the components' jets at v, [d], to a cleared sum. */
void lmx_mixture_sum(const lmx_mixture *mixture, const double *v,
                     lmx_logsum *acc);

#endif
