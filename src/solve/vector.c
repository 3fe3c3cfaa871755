/* Vector arithmetic for CVODE. Semantics of each operation: SUNDIALS
 * documentation, "The NVECTOR operations". */
#include "solve/vector.h"

#include <math.h>

#include <nvector/nvector_serial.h>

#include "core/simd.h"

static size_t length(N_Vector x)
{
  return (size_t)N_VGetLength(x);
}

/* Sums run in CHAINS independent chains of LANES: one chain would wait for
 * the latency of each addition. */
enum { CHAINS = 4, LANES = 16, STRIDE = CHAINS * LANES };

LMX_INLINE double add_lanes(double part[LANES])
{
  double sum = 0.0;
  for (int i = 0; i < LANES; ++i)
    sum += part[i];
  return sum;
}

LMX_KERNEL
static double dot(const double *x, const double *y, size_t n)
{
  double part[CHAINS][LANES] = {{0.0}}, sum = 0.0;
  size_t whole = n - n % STRIDE;
  for (size_t i = 0; i < whole; i += STRIDE)
    for (int c = 0; c < CHAINS; ++c)
#pragma omp simd
      for (int k = 0; k < LANES; ++k)
        part[c][k] +=
            x[i + (size_t)(c * LANES + k)] * y[i + (size_t)(c * LANES + k)];
  for (size_t i = whole; i < n; ++i)
    sum += x[i] * y[i];
  for (int c = 0; c < CHAINS; ++c)
    sum += add_lanes(part[c]);
  return sum;
}

/* CHAINS products with the same x, which is read once. */
LMX_KERNEL
static void dots(const double *x, const double *const y[CHAINS], size_t n,
                 double out[CHAINS])
{
  double part[CHAINS][LANES] = {{0.0}};
  const double *y0 = y[0], *y1 = y[1], *y2 = y[2], *y3 = y[3];
  size_t whole = n - n % LANES;
  for (size_t i = 0; i < whole; i += LANES)
#pragma omp simd
    for (int k = 0; k < LANES; ++k) {
      double a = x[i + (size_t)k];
      part[0][k] += a * y0[i + (size_t)k];
      part[1][k] += a * y1[i + (size_t)k];
      part[2][k] += a * y2[i + (size_t)k];
      part[3][k] += a * y3[i + (size_t)k];
    }
  for (int c = 0; c < CHAINS; ++c) {
    out[c] = add_lanes(part[c]);
    for (size_t i = whole; i < n; ++i)
      out[c] += x[i] * y[c][i];
  }
}

LMX_KERNEL
static double weighted_square_sum(const double *x, const double *w, size_t n)
{
  double sum = 0.0;
#pragma omp simd reduction(+ : sum)
  for (size_t i = 0; i < n; ++i) {
    double xw = x[i] * w[i];
    sum += xw * xw;
  }
  return sum;
}

/* z may be x or y: no restrict, but no other overlap occurs. */
LMX_KERNEL
static void linear_sum(double a, const double *x, double b, const double *y,
                       double *z, size_t n)
{
#pragma omp simd
  for (size_t i = 0; i < n; ++i)
    z[i] = a * x[i] + b * y[i];
}

LMX_KERNEL
static void multiply_add(double a, const double *x, double *z, size_t n)
{
#pragma omp simd
  for (size_t i = 0; i < n; ++i)
    z[i] += a * x[i];
}

/* z += sum of CHAINS multiples; z is read and written once. */
LMX_KERNEL
static void multiply_add_many(const double a[CHAINS],
                              const double *const x[CHAINS], double *z,
                              size_t n)
{
  const double *x0 = x[0], *x1 = x[1], *x2 = x[2], *x3 = x[3];
#pragma omp simd
  for (size_t i = 0; i < n; ++i)
    z[i] += a[0] * x0[i] + a[1] * x1[i] + a[2] * x2[i] + a[3] * x3[i];
}

LMX_KERNEL
static void scale(double a, const double *x, double *z, size_t n)
{
#pragma omp simd
  for (size_t i = 0; i < n; ++i)
    z[i] = a * x[i];
}

LMX_KERNEL
static void product(const double *x, const double *y, double *z, size_t n)
{
#pragma omp simd
  for (size_t i = 0; i < n; ++i)
    z[i] = x[i] * y[i];
}

LMX_KERNEL
static void quotient(const double *x, const double *y, double *z, size_t n)
{
#pragma omp simd
  for (size_t i = 0; i < n; ++i)
    z[i] = x[i] / y[i];
}

LMX_KERNEL
static void absolute(const double *x, double *z, size_t n)
{
#pragma omp simd
  for (size_t i = 0; i < n; ++i)
    z[i] = fabs(x[i]);
}

static realtype vector_dot(N_Vector x, N_Vector y)
{
  return dot(NV_DATA_S(x), NV_DATA_S(y), length(x));
}

static realtype vector_square_sum(N_Vector x, N_Vector w)
{
  return weighted_square_sum(NV_DATA_S(x), NV_DATA_S(w), length(x));
}

static realtype vector_wrms(N_Vector x, N_Vector w)
{
  return sqrt(vector_square_sum(x, w) / (double)length(x));
}

static void vector_linear_sum(realtype a, N_Vector x, realtype b, N_Vector y,
                              N_Vector z)
{
  linear_sum(a, NV_DATA_S(x), b, NV_DATA_S(y), NV_DATA_S(z), length(x));
}

static void vector_scale(realtype a, N_Vector x, N_Vector z)
{
  scale(a, NV_DATA_S(x), NV_DATA_S(z), length(x));
}

static void vector_product(N_Vector x, N_Vector y, N_Vector z)
{
  product(NV_DATA_S(x), NV_DATA_S(y), NV_DATA_S(z), length(x));
}

static void vector_quotient(N_Vector x, N_Vector y, N_Vector z)
{
  quotient(NV_DATA_S(x), NV_DATA_S(y), NV_DATA_S(z), length(x));
}

static void vector_abs(N_Vector x, N_Vector z)
{
  absolute(NV_DATA_S(x), NV_DATA_S(z), length(x));
}

/* z = sum_k c_k X_k; z may be X_0. */
static int vector_combination(int count, realtype *c, N_Vector *X, N_Vector z)
{
  size_t n = length(z);
  if (count == 1) {
    scale(c[0], NV_DATA_S(X[0]), NV_DATA_S(z), n);
    return 0;
  }
  linear_sum(c[0], NV_DATA_S(X[0]), c[1], NV_DATA_S(X[1]), NV_DATA_S(z), n);
  int k = 2;
  for (; k + CHAINS <= count; k += CHAINS) {
    const double *x[CHAINS];
    for (int j = 0; j < CHAINS; ++j)
      x[j] = NV_DATA_S(X[k + j]);
    multiply_add_many(c + k, x, NV_DATA_S(z), n);
  }
  for (; k < count; ++k)
    multiply_add(c[k], NV_DATA_S(X[k]), NV_DATA_S(z), n);
  return 0;
}

/* Z_k = a_k x + Y_k; Z may be Y. */
static int vector_scale_add(int count, realtype *a, N_Vector x, N_Vector *Y,
                            N_Vector *Z)
{
  for (int k = 0; k < count; ++k)
    linear_sum(a[k], NV_DATA_S(x), 1.0, NV_DATA_S(Y[k]), NV_DATA_S(Z[k]),
               length(x));
  return 0;
}

static int vector_dots(int count, N_Vector x, N_Vector *Y, realtype *out)
{
  int k = 0;
  for (; k + CHAINS <= count; k += CHAINS) {
    const double *y[CHAINS];
    for (int j = 0; j < CHAINS; ++j)
      y[j] = NV_DATA_S(Y[k + j]);
    dots(NV_DATA_S(x), y, length(x), out + k);
  }
  for (; k < count; ++k)
    out[k] = vector_dot(x, Y[k]);
  return 0;
}

N_Vector lmx_vector_new(size_t n, SUNContext sundials)
{
  N_Vector x = N_VNew_Serial((sunindextype)n, sundials);
  if (x == NULL)
    return NULL;
  x->ops->nvdotprod = vector_dot;
  x->ops->nvdotprodlocal = vector_dot;
  x->ops->nvwrmsnorm = vector_wrms;
  x->ops->nvwsqrsumlocal = vector_square_sum;
  x->ops->nvlinearsum = vector_linear_sum;
  x->ops->nvscale = vector_scale;
  x->ops->nvprod = vector_product;
  x->ops->nvdiv = vector_quotient;
  x->ops->nvabs = vector_abs;
  x->ops->nvlinearcombination = vector_combination;
  x->ops->nvscaleaddmulti = vector_scale_add;
  x->ops->nvdotprodmulti = vector_dots;
  return x;
}
