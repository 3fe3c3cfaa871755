/* Gaussian mixtures: precisions at a time, jets at a point. */
#include "exact/mixture.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_linalg.h>

lmx_status lmx_mixture_create(lmx_context *context, int d, size_t n,
                              lmx_mixture **out)
{
  size_t vectors = n * (size_t)d, matrices = vectors * (size_t)d;
  lmx_status status;
  lmx_mixture *mixture;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &mixture));
  mixture->d = d;
  mixture->n = n;
  mixture->t = NAN;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &mixture->log_weight), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, vectors, &mixture->mean), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, matrices, &mixture->covariance), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, vectors, &mixture->mean_t), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, matrices, &mixture->precision), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, matrices, &mixture->negative), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &mixture->log_norm), fail);
  *out = mixture;
  return LMX_OK;
fail:
  lmx_mixture_destroy(&mixture);
  return status;
}

void lmx_mixture_destroy(lmx_mixture **mixture)
{
  if (mixture == NULL || *mixture == NULL)
    return;
  lmx_free((*mixture)->log_weight);
  lmx_free((*mixture)->mean);
  lmx_free((*mixture)->covariance);
  lmx_free((*mixture)->mean_t);
  lmx_free((*mixture)->precision);
  lmx_free((*mixture)->negative);
  lmx_free((*mixture)->log_norm);
  lmx_free(*mixture);
  *mixture = NULL;
}

/* Inverts a covariance in place; *log_det is log det(2 pi S). */
static lmx_status invert(lmx_context *context, int d, double *S,
                         double *log_det)
{
  const double log_two_pi = 1.83787706640934548356;
  size_t n = (size_t)d;
  gsl_matrix_view view = gsl_matrix_view_array(S, n, n);
  if (gsl_linalg_cholesky_decomp1(&view.matrix) != 0)
    return lmx_fail(context, LMX_ERR_CASE,
                    "exact solution: a covariance is not positive definite");
  *log_det = d * log_two_pi;
  for (size_t a = 0; a < n; ++a)
    *log_det += 2.0 * log(S[a * n + a]);
  if (gsl_linalg_cholesky_invert(&view.matrix) != 0 || !isfinite(*log_det))
    return lmx_fail(context, LMX_ERR_CASE,
                    "exact solution: a covariance cannot be inverted");
  return LMX_OK;
}

static lmx_status set_component(lmx_context *context, lmx_mixture *mixture,
                                double t, size_t k)
{
  int d = mixture->d;
  size_t n = (size_t)d;
  double rho = exp(-(d - 1.0) * t);
  double heat = -expm1(-2.0 * (d - 1.0) * t); /* 1 - rho^2 */
  const double *S0 = mixture->covariance + k * n * n;
  double *S = mixture->precision + k * n * n, log_det = 0.0;
  for (size_t i = 0; i < n; ++i)
    mixture->mean_t[k * n + i] = rho * mixture->mean[k * n + i];
  for (size_t i = 0; i < n * n; ++i)
    S[i] = rho * rho * S0[i] + (i % (n + 1) == 0 ? heat : 0.0);
  LMX_TRY(invert(context, d, S, &log_det));
  for (size_t i = 0; i < n * n; ++i)
    mixture->negative[k * n * n + i] = -S[i];
  mixture->log_norm[k] = mixture->log_weight[k] - 0.5 * log_det;
  return LMX_OK;
}

lmx_status lmx_mixture_set_time(lmx_context *context, lmx_mixture *mixture,
                                double t)
{
  if (mixture->t == t)
    return LMX_OK;
  mixture->t = NAN;
  for (size_t k = 0; k < mixture->n; ++k)
    LMX_TRY(set_component(context, mixture, t, k));
  mixture->t = t;
  return LMX_OK;
}

void lmx_mixture_sum(const lmx_mixture *mixture, const double *v,
                     lmx_logsum *acc)
{
  int d = mixture->d;
  size_t n = (size_t)d;
  double delta[LMX_MAX_DIMENSION], p[LMX_MAX_DIMENSION];
  for (size_t k = 0; k < mixture->n; ++k) {
    const double *precision = mixture->precision + k * n * n;
    double form = 0.0;
    for (int a = 0; a < d; ++a)
      delta[a] = v[a] - mixture->mean_t[k * n + (size_t)a];
    for (int a = 0; a < d; ++a) {
      p[a] = 0.0;
      for (int b = 0; b < d; ++b)
        p[a] -= precision[a * d + b] * delta[b];
      form += p[a] * delta[a];
    }
    lmx_logsum_add(acc, mixture->log_norm[k] + 0.5 * form, p,
                   mixture->negative + k * n * n);
  }
}
