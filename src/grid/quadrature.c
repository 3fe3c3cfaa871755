/* Midpoint rules: spectrally accurate for smooth fields that are negligible
 * at the box edge; on a radial axis with odd m the integrand rho^m phi(rho^2)
 * is not smooth through 0 and the rule is corrected there. */
#include "grid/quadrature.h"

#include <math.h>

#include <gsl/gsl_linalg.h>
#include <gsl/gsl_sf_gamma.h>
#include <gsl/gsl_sf_zeta.h>

enum { CORRECTED_NODES = 7 };

/* |S^m|, the area of the unit sphere of R^{m+1} */
static double sphere_area(int m)
{
  return 2.0 * pow(M_PI, 0.5 * (m + 1)) / gsl_sf_gamma(0.5 * (m + 1));
}

/* Hurwitz zeta(-n, 1/2) = (2^{-n} - 1) zeta(-n) */
static double hurwitz_half(int n)
{
  return (pow(2.0, -n) - 1.0) * gsl_sf_zeta_int(-n);
}

/* gamma with  sum_k gamma_k x_k^{2j} = -zeta(-(m + 2j), 1/2),
 * x_k = k + 1/2: the terms of the generalised Euler-Maclaurin formula
 *   h sum_k phi(x_k h) = int phi + sum_s phi_s h^{s+1} zeta(-s, 1/2)
 * for phi = sum_s phi_s rho^s, s = m, m+2, ... (docs/math.md). */
static lmx_status end_corrections(lmx_context *context, int m, double *gamma)
{
  enum { K = CORRECTED_NODES };
  double matrix[K * K], rhs[K];
  size_t order[K];
  for (int j = 0; j < K; ++j) {
    /* rows scaled by the largest entry: exponents reach 6.5^12 */
    double top = pow(K - 0.5, 2 * j);
    for (int k = 0; k < K; ++k)
      matrix[j * K + k] = pow(k + 0.5, 2 * j) / top;
    rhs[j] = -hurwitz_half(m + 2 * j) / top;
  }
  gsl_matrix_view A = gsl_matrix_view_array(matrix, K, K);
  gsl_vector_view b = gsl_vector_view_array(rhs, K);
  gsl_vector_view x = gsl_vector_view_array(gamma, K);
  gsl_permutation p = {K, order};
  int sign;
  if (gsl_linalg_LU_decomp(&A.matrix, &p, &sign) != GSL_SUCCESS ||
      gsl_linalg_LU_solve(&A.matrix, &p, &b.vector, &x.vector) != GSL_SUCCESS)
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "quadrature corrections for m = %d", m);
  return LMX_OK;
}

static lmx_status radial_weights(lmx_context *context, lmx_axis *axis, int m)
{
  double area = sphere_area(m);
  for (size_t i = 0; i < axis->points; ++i)
    axis->weights[i] = area * axis->h * pow(axis->nodes[i], m);
  if (m % 2 == 0 || axis->points < 2 * CORRECTED_NODES)
    return LMX_OK;
  double gamma[CORRECTED_NODES];
  LMX_TRY(end_corrections(context, m, gamma));
  for (int k = 0; k < CORRECTED_NODES; ++k)
    axis->weights[k] += area * pow(axis->h, m + 1) * gamma[k];
  return LMX_OK;
}

lmx_status lmx_axis_quadrature(lmx_context *context, lmx_axis *axis, int m)
{
  if (axis->kind == LMX_AXIS_RADIAL)
    return radial_weights(context, axis, m);
  double weight = (axis->kind == LMX_AXIS_MIRRORED ? 2.0 : 1.0) * axis->h;
  for (size_t i = 0; i < axis->points; ++i)
    axis->weights[i] = weight;
  return LMX_OK;
}
