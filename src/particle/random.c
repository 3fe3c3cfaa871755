/* Blocks of uniform and normal deviates. The loops vectorise: Random123's
 * Philox is inlined into them, and so are the logarithm and the sine. */
#include "particle/random.h"

#include <Random123/philox.h>
#include <math.h>
#include <string.h>

#include "core/simd.h"

enum { PHILOX_ROUNDS = 10 };

LMX_INLINE philox4x32_ctr_t draw(const lmx_stream *s, uint32_t call)
{
  philox4x32_ctr_t counter = {{call, s->block, s->step, s->lane}};
  philox4x32_key_t key = {{s->key[0], s->key[1]}};
  return philox4x32_R(PHILOX_ROUNDS, counter, key);
}

void lmx_random_key(uint64_t seed, uint32_t use, uint32_t key[2])
{
  uint32_t low = (uint32_t)seed, high = (uint32_t)(seed >> 32);
  philox4x32_ctr_t counter = {{high, use, 0, 0}};
  philox4x32_key_t by = {{low, 0}};
  philox4x32_ctr_t mixed = philox4x32_R(PHILOX_ROUNDS, counter, by);
  key[0] = high == 0 ? low : mixed.v[0];
  key[1] = high == 0 ? use : mixed.v[1];
}

/* The middle of the x-th of 2^32 equal parts of (0, 1). */
LMX_INLINE double uniform(uint32_t x)
{
  return ((double)x + 0.5) * 0x1p-32;
}

/* log x for normal x > 0: x = 2^e m, 1/sqrt 2 <= m < sqrt 2, and
 * log m = 2 artanh s, s = (m-1)/(m+1), |s| < 0.1716, by its series, whose
 * rest is below 1e-17 of the sum. */
LMX_INLINE double logarithm(double x)
{
  uint64_t bits;
  memcpy(&bits, &x, sizeof bits);
  int32_t e = (int32_t)(bits >> 52) - 1023;
  bits = (bits & 0x000fffffffffffffu) | 0x3ff0000000000000u;
  double m;
  memcpy(&m, &bits, sizeof m);
  int large = m > M_SQRT2;
  m = large ? 0.5 * m : m;
  e += large;
  double s = (m - 1.0) / (m + 1.0), z = s * s;
  double p = 1.0 / 21.0;
  p = p * z + 1.0 / 19.0;
  p = p * z + 1.0 / 17.0;
  p = p * z + 1.0 / 15.0;
  p = p * z + 1.0 / 13.0;
  p = p * z + 1.0 / 11.0;
  p = p * z + 1.0 / 9.0;
  p = p * z + 1.0 / 7.0;
  p = p * z + 1.0 / 5.0;
  p = p * z + 1.0 / 3.0;
  return (double)e * M_LN2 + 2.0 * (s + s * z * p);
}

/* sin and cos of y, |y| <= pi/4, by their series to the last bit. */
LMX_INLINE double sine(double y)
{
  double z = y * y, p = -1.0 / 1307674368000.0;
  p = p * z + 1.0 / 6227020800.0;
  p = p * z - 1.0 / 39916800.0;
  p = p * z + 1.0 / 362880.0;
  p = p * z - 1.0 / 5040.0;
  p = p * z + 1.0 / 120.0;
  p = p * z - 1.0 / 6.0;
  return y + y * z * p;
}

LMX_INLINE double cosine(double y)
{
  double z = y * y, p = 1.0 / 20922789888000.0;
  p = p * z - 1.0 / 87178291200.0;
  p = p * z + 1.0 / 479001600.0;
  p = p * z - 1.0 / 3628800.0;
  p = p * z + 1.0 / 40320.0;
  p = p * z - 1.0 / 720.0;
  p = p * z + 1.0 / 24.0;
  p = p * z - 0.5;
  return 1.0 + z * p;
}

/* Two normal deviates from two words. The angle is pi/2 (k + f), k the two
 * highest bits of `angle` and f in (-1/2, 1/2) the rest. */
LMX_INLINE void box_muller(uint32_t radius, uint32_t angle, double *restrict a,
                           double *restrict b)
{
  double r = sqrt(-2.0 * logarithm(uniform(radius)));
  int32_t rest = (int32_t)(angle << 2);
  double f = ((double)rest + 2.0) * (M_PI_2 * 0x1p-32);
  double s = sine(f), c = cosine(f);
  uint32_t k = angle >> 30;
  double x = k & 1u ? s : c, y = k & 1u ? c : s;
  *a = (k ^ k << 1) & 2u ? -r * x : r * x;
  *b = k & 2u ? -r * y : r * y;
}

LMX_KERNEL void lmx_random_normals(const lmx_stream *stream, size_t n,
                                   double *restrict out)
{
  uint32_t quarter = (uint32_t)((n + 3) / 4);
  double *restrict a = out, *restrict b = out + quarter;
  double *restrict c = b + quarter, *restrict d = c + quarter;
  const lmx_stream s = *stream;
#pragma omp simd
  for (uint32_t i = 0; i < quarter; ++i) {
    philox4x32_ctr_t x = draw(&s, i);
    box_muller(x.v[0], x.v[1], &a[i], &b[i]);
    box_muller(x.v[2], x.v[3], &c[i], &d[i]);
  }
}

LMX_KERNEL void lmx_random_uniforms(const lmx_stream *stream, size_t n,
                                    double *restrict out)
{
  uint32_t quarter = (uint32_t)((n + 3) / 4);
  double *restrict a = out, *restrict b = out + quarter;
  double *restrict c = b + quarter, *restrict d = c + quarter;
  const lmx_stream s = *stream;
#pragma omp simd
  for (uint32_t i = 0; i < quarter; ++i) {
    philox4x32_ctr_t x = draw(&s, i);
    a[i] = uniform(x.v[0]);
    b[i] = uniform(x.v[1]);
    c[i] = uniform(x.v[2]);
    d[i] = uniform(x.v[3]);
  }
}
