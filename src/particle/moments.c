/* Empirical mean and second moments: block sums in a fixed order, so that
 * they do not depend on the threads. */
#include <math.h>

#include "core/simd.h"
#include "particle/cloud.h"

LMX_INLINE double sum(size_t n, const double *restrict x)
{
  double s = 0.0;
#pragma omp simd reduction(+ : s)
  for (size_t i = 0; i < n; ++i)
    s += x[i];
  return s;
}

LMX_INLINE double product_sum(size_t n, const double *x, const double *y)
{
  double s = 0.0;
#pragma omp simd reduction(+ : s)
  for (size_t i = 0; i < n; ++i)
    s += x[i] * y[i];
  return s;
}

LMX_KERNEL void lmx_block_moments(int d, size_t n, const double *v,
                                  size_t stride, double *sums)
{
  double *T = sums + d;
  for (size_t a = 0; a < (size_t)d; ++a) {
    sums[a] = sum(n, v + a * stride);
    for (size_t b = a; b < (size_t)d; ++b)
      *T++ = product_sum(n, v + a * stride, v + b * stride);
  }
}

/* Neumaier's sum: the rounding of the blocks' sums is what remains. */
void lmx_average(size_t blocks, size_t count, const double *sums, double N,
                 double *out)
{
  for (size_t k = 0; k < count; ++k) {
    double total = sums[k], lost = 0.0;
    for (size_t b = 1; b < blocks; ++b) {
      double x = sums[b * count + k], t = total + x;
      lost += fabs(total) >= fabs(x) ? (total - t) + x : (x - t) + total;
      total = t;
    }
    out[k] = (total + lost) / N;
  }
}

bool lmx_semidefinite_factor(int d, const double *S, double *L)
{
  double trace = 0.0;
  for (int a = 0; a < d; ++a)
    trace += S[a * d + a];
  const double zero = 1e-13 * trace;
  for (int a = 0; a < d * d; ++a)
    L[a] = 0.0;
  for (int b = 0; b < d; ++b) {
    double pivot = S[b * d + b];
    for (int c = 0; c < b; ++c)
      pivot -= L[b * d + c] * L[b * d + c];
    if (!(pivot >= -zero))
      return false;
    double root = pivot > zero ? sqrt(pivot) : 0.0;
    L[b * d + b] = root;
    for (int a = b + 1; a < d; ++a) {
      double x = S[a * d + b];
      for (int c = 0; c < b; ++c)
        x -= L[a * d + c] * L[b * d + c];
      if (root == 0.0 && !(fabs(x) <= 1e-6 * trace))
        return false;
      L[a * d + b] = root > 0.0 ? x / root : 0.0;
    }
  }
  return true;
}
