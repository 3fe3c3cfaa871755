/* Integrals against Gaussians on R^{dN}, for the balances of Sections 1, 2. */
#include "check/audit_gaussian.h"

#include <string.h>

size_t lmx_cubature_size(int n)
{
  return 1 + 2 * (size_t)n * (size_t)n;
}

/* Stroud, Approximate Calculation of Multiple Integrals (1971), E_n^{r^2}
 * 5-2: the origin, +-r e_i, and (+-s, +-s) in every pair of coordinates. */
double lmx_cubature_node(int n, size_t k, double *z)
{
  double m = n + 2.0;
  for (int i = 0; i < n; ++i)
    z[i] = 0.0;
  if (k == 0)
    return 2.0 / m;
  if (k <= 2 * (size_t)n) {
    z[(k - 1) / 2] = (k % 2 == 0 ? -1.0 : 1.0) * sqrt(m);
    return (4.0 - n) / (2.0 * m * m);
  }
  k -= 2 * (size_t)n + 1;
  size_t pair = k / 4, i = 1;
  for (; pair >= i; ++i)
    pair -= i;
  z[i] = (k & 1 ? -1.0 : 1.0) * sqrt(0.5 * m);
  z[pair] = (k & 2 ? -1.0 : 1.0) * sqrt(0.5 * m);
  return 1.0 / (m * m);
}

void lmx_gaussian_set(const lmx_audit_point *point, lmx_gaussian *g)
{
  int n = point->d * point->particles;
  g->d = point->d;
  g->N = point->particles;
  g->n = n;
  g->lower = point->lower;
  memset(g->inverse, 0, sizeof g->inverse);
  for (int i = 0; i < n; ++i) { /* forward substitution, unit diagonal */
    g->inverse[i * n + i] = 1.0;
    for (int j = 0; j < i; ++j)
      for (int k = j; k < i; ++k)
        g->inverse[i * n + j] -= g->lower[i * n + k] * g->inverse[k * n + j];
  }
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      g->hessian[i * n + j] = 0.0;
      for (int k = 0; k < n; ++k)
        g->hessian[i * n + j] -= g->inverse[k * n + i] * g->inverse[k * n + j];
    }
}

void lmx_gaussian_at(const lmx_gaussian *g, const double *z, double *V,
                     double *q)
{
  int n = g->n;
  for (int i = 0; i < n; ++i) {
    V[i] = q[i] = 0.0;
    for (int k = 0; k <= i; ++k)
      V[i] += g->lower[i * n + k] * z[k];
    for (int k = i; k < n; ++k)
      q[i] -= g->inverse[k * n + i] * z[k];
  }
}

/* a(z) : X = |z|^2 tr X - z . X z, with X a block of stride n. */
static double contract(int d, const double *z, const double *X, int n)
{
  double z2 = 0.0, trace = 0.0, along = 0.0;
  for (int a = 0; a < d; ++a) {
    z2 += z[a] * z[a];
    trace += X[a * n + a];
    for (int b = 0; b < d; ++b)
      along += z[a] * z[b] * X[a * n + b];
  }
  return z2 * trace - along;
}

lmx_pair_sums lmx_pair_sums_at(int d, int N, const double *V, const double *q,
                               const double *H)
{
  lmx_pair_sums sums = {0};
  int n = N * d;
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < N; ++j) {
      double z[LMX_MAX_DIMENSION], z2 = 0.0, zq = 0.0, q2 = 0.0;
      for (int a = 0; a < d; ++a) {
        z[a] = V[i * d + a] - V[j * d + a];
        z2 += z[a] * z[a];
        zq += z[a] * q[i * d + a];
        q2 += q[i * d + a] * q[i * d + a];
      }
      sums.drift += -(d - 1.0) * zq / N;
      sums.square += (z2 * q2 - zq * zq) / N;
      sums.hessian += contract(d, z, H + (size_t)i * d * n + i * d, n) / N;
    }
  return sums;
}
