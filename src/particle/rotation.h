/* Brownian rotations of a block of vectors: passes over arrays that stay in
 * the nearest cache, one loop for every dimension. */
#ifndef LMX_PARTICLE_ROTATION_H
#define LMX_PARTICLE_ROTATION_H

#include <math.h>

#include "core/simd.h"
#include "particle/cloud.h"

enum { D = LMX_PARTICLE_MAX_DIMENSION };

/* w: the vectors, [d][LMX_BLOCK]; z: normal deviates, [..][n]. */
typedef struct scratch {
  double z[2 * D * LMX_BLOCK];
  double w[D * LMX_BLOCK];
  double r2[LMX_BLOCK], x[LMX_BLOCK], y[LMX_BLOCK];
} scratch;

LMX_INLINE void set_zero(size_t n, double *restrict x)
{
  for (size_t i = 0; i < n; ++i)
    x[i] = 0.0;
}

LMX_INLINE void add_product(size_t n, const double *a, const double *b,
                            double *restrict x)
{
#pragma omp simd
  for (size_t i = 0; i < n; ++i)
    x[i] += a[i] * b[i];
}

/* g becomes its part across w; r2 = |w|^2, y = |g|^2. */
LMX_INLINE void project(int d, size_t n, scratch *s)
{
  const double *w = s->w;
  double *g = s->z;
  set_zero(n, s->r2);
  set_zero(n, s->x);
  set_zero(n, s->y);
  for (int a = 0; a < d; ++a) {
    add_product(n, w + a * LMX_BLOCK, w + a * LMX_BLOCK, s->r2);
    add_product(n, w + a * LMX_BLOCK, g + (size_t)a * n, s->x);
  }
#pragma omp simd
  for (size_t i = 0; i < n; ++i)
    s->x[i] = s->r2[i] > 0.0 ? s->x[i] / s->r2[i] : 0.0;
  for (int a = 0; a < d; ++a) {
    const double *restrict wa = w + a * LMX_BLOCK;
    double *restrict ga = g + (size_t)a * n;
#pragma omp simd
    for (size_t i = 0; i < n; ++i)
      ga[i] -= s->x[i] * wa[i];
    add_product(n, ga, ga, s->y);
  }
}

/* x = cos theta, y = |w| sin theta / |g|. */
LMX_INLINE void angles(const lmx_angle_map *map, size_t n, scratch *s)
{
  const int degree = map->degree;
  const double last = map->last;
  double *restrict x = s->x, *restrict y = s->y;
  const double *restrict r2 = s->r2;
#pragma omp simd
  for (size_t i = 0; i < n; ++i) {
    double t = y[i] < last ? y[i] : last, q = map->q[degree];
    for (int k = degree - 1; k >= 0; --k)
      q = q * t + map->q[k];
    t = y[i] * q;
    t = t < 2.0 ? t : 2.0;
    x[i] = 1.0 - t;
    y[i] = sqrt(q * (2.0 - t) * r2[i]);
  }
}

/* Turns the vectors w by the first d rows of z. */
LMX_INLINE void rotate(const lmx_angle_map *map, size_t n, scratch *s)
{
  project(map->d, n, s);
  angles(map, n, s);
  for (int a = 0; a < map->d; ++a) {
    double *restrict w = s->w + a * LMX_BLOCK;
    const double *restrict g = s->z + (size_t)a * n;
#pragma omp simd
    for (size_t i = 0; i < n; ++i)
      w[i] = s->x[i] * w[i] + s->y[i] * g[i];
  }
}

#endif
