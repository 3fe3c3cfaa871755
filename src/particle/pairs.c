/* (1.7) and (1.8) with a noise for every ordered pair, as they stand: one
 * Euler step by direct sums, O(N^2). */
#include <math.h>
#include <string.h>

#include "particle/rotation.h"

enum { MOST_NOISES = D * (D - 1) / 2 };

typedef struct pair_scratch {
  double z[MOST_NOISES * LMX_BLOCK];
  double x[D * LMX_BLOCK];
  double r[LMX_BLOCK], f[LMX_BLOCK];
} pair_scratch;

LMX_INLINE double dot(size_t n, const double *a, const double *b)
{
  double s = 0.0;
#pragma omp simd reduction(+ : s)
  for (size_t j = 0; j < n; ++j)
    s += a[j] * b[j];
  return s;
}

LMX_INLINE double total(size_t n, const double *a)
{
  double s = 0.0;
#pragma omp simd reduction(+ : s)
  for (size_t j = 0; j < n; ++j)
    s += a[j];
  return s;
}

/* noise += sum_j a(x)^{1/2} g,  a^{1/2} = |x| P = |x| I - x x^T / |x|. */
LMX_INLINE void fgm_noise(int d, size_t n, pair_scratch *s, double *noise)
{
  set_zero(n, s->r);
  set_zero(n, s->f);
  for (int a = 0; a < d; ++a) {
    add_product(n, s->x + a * LMX_BLOCK, s->x + a * LMX_BLOCK, s->r);
    add_product(n, s->x + a * LMX_BLOCK, s->z + (size_t)a * n, s->f);
  }
  for (size_t j = 0; j < n; ++j) {
    s->r[j] = sqrt(s->r[j]);
    s->f[j] = s->r[j] > 0.0 ? s->f[j] / s->r[j] : 0.0;
  }
  for (int a = 0; a < d; ++a)
    noise[a] +=
        dot(n, s->r, s->z + (size_t)a * n) - dot(n, s->f, s->x + a * LMX_BLOCK);
}

/* noise += sum_j sum_{a<b} xi_ab(x) g_ab */
LMX_INLINE void landau_noise(int d, size_t n, const pair_scratch *s,
                             double *noise)
{
  const double *g = s->z;
  for (int a = 0; a < d; ++a)
    for (int b = a + 1; b < d; ++b, g += n) {
      noise[a] -= dot(n, g, s->x + b * LMX_BLOCK);
      noise[b] += dot(n, g, s->x + a * LMX_BLOCK);
    }
}

/* Adds the terms of the pairs (i, j), j in a block, to noise and drift. */
static LMX_KERNEL void add_block(bool fgm, int d, size_t n, size_t stride,
                                 const double *vi, const double *vj,
                                 pair_scratch *s, double *noise, double *drift)
{
  for (int a = 0; a < d; ++a) {
    const double *restrict v = vj + (size_t)a * stride;
    double *restrict x = s->x + a * LMX_BLOCK;
    const double from = vi[(size_t)a * stride];
#pragma omp simd
    for (size_t j = 0; j < n; ++j)
      x[j] = from - v[j];
    drift[a] -= (d - 1) * total(n, x);
  }
  if (fgm)
    fgm_noise(d, n, s, noise);
  else
    landau_noise(d, n, s, noise);
}

/* The new velocity of particle i, into the work array. */
static void move(lmx_step *step, size_t i, double *to)
{
  const lmx_cloud *cloud = step->cloud;
  bool fgm = cloud->spec.system == LMX_SYSTEM_FGM;
  int d = cloud->d;
  size_t blocks = lmx_cloud_blocks(cloud);
  size_t noises = (size_t)(fgm ? d : d * (d - 1) / 2);
  double noise[D] = {0.0}, drift[D] = {0.0};
  const double *v = lmx_replica(cloud, step->replica);
  double N = (double)cloud->spec.particles;
  pair_scratch s;
  for (size_t b = 0; b < blocks; ++b) {
    size_t n = lmx_block_length(cloud, b);
    lmx_stream stream =
        lmx_stream_of(cloud->key, LMX_DRAW_STEP, (uint32_t)step->replica,
                      step->number, (uint32_t)(i * blocks + b));
    lmx_random_normals(&stream, noises * n, s.z);
    add_block(fgm, d, n, cloud->stride, v + i, v + b * LMX_BLOCK, &s, noise,
              drift);
  }
  for (int a = 0; a < d; ++a)
    to[(size_t)a * cloud->stride] = v[(size_t)a * cloud->stride + i] +
                                    2.0 * step->h / N * drift[a] +
                                    sqrt(2.0 * step->h / N) * noise[a];
}

void lmx_step_pairs(lmx_step *step)
{
  const lmx_cloud *cloud = step->cloud;
  for (size_t i = 0; i < cloud->spec.particles; ++i)
    move(step, i, step->work + i);
  memcpy(lmx_replica(cloud, step->replica), step->work,
         (size_t)cloud->d * cloud->stride * sizeof *step->work);
}
