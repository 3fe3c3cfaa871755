/* Few particles: (1.3) one particle after the other, the same particle of many
 * replicas at once. With the others at rest a particle's generator has
 * coefficients constant in time, because it does not act on itself, so both
 * parts of its motion are exact and no covariance has to be guessed: math.md
 * "Particle systems". */
#include "particle/sweep.h"

#include <math.h>
#include <string.h>

#include "particle/rotation.h"

enum { LANES = LMX_SWEEP_LANES, PAIRS = D * (D + 1) / 2 };

/* Lanes are replicas. first, second: sums of v and of the lower triangle of
 * v v^T over the particles at rest; m, L: of the motion they cause. */
typedef struct lanes {
  double v[LMX_SWEEP * D * LANES]; /* [N][d][LANES] */
  double first[D * LANES], second[PAIRS * LANES];
  double m[D * LANES], L[PAIRS * LANES];
  double trace[LANES], zero[LANES];
  scratch s;
} lanes;

/* What all lanes share. */
typedef struct plan {
  int d;
  const lmx_angle_map *map;
  double weight; /* of the sums in the means */
  double decay,
      factor; /* additive part: w -> decay w + L z, L L^T = factor S */
  bool rotate_first;
} plan;

/* Where row a of a packed lower triangle starts. */
static inline size_t row_of(int a)
{
  return (size_t)(a * (a + 1) / 2) * LANES;
}

/* Adds sign times v and v v^T to the sums. */
LMX_INLINE void add_moments(int d, size_t n, double sign, const double *v,
                            lanes *x)
{
  double *restrict second = x->second;
  for (int a = 0; a < d; ++a) {
    const double *restrict va = v + a * LANES;
    double *restrict first = x->first + a * LANES;
#pragma omp simd
    for (size_t i = 0; i < n; ++i)
      first[i] += sign * va[i];
    for (int b = 0; b <= a; ++b, second += LANES) {
      const double *restrict vb = v + b * LANES;
#pragma omp simd
      for (size_t i = 0; i < n; ++i)
        second[i] += sign * va[i] * vb[i];
    }
  }
}

/* m, and -C in the place of L; the trace of C, and the variance that is
 * rounding. */
LMX_INLINE void take_means(const plan *p, size_t n, lanes *x)
{
  const double weight = p->weight;
  double *restrict C = x->L;
  const double *restrict second = x->second;
  set_zero(n, x->trace);
  set_zero(n, x->zero);
  for (int a = 0; a < p->d; ++a) {
    double *restrict ma = x->m + a * LANES;
    for (size_t i = 0; i < n; ++i)
      ma[i] = weight * x->first[(size_t)a * LANES + i];
    for (int b = 0; b <= a; ++b, C += LANES, second += LANES) {
      const double *restrict mb = x->m + b * LANES;
#pragma omp simd
      for (size_t i = 0; i < n; ++i)
        C[i] = ma[i] * mb[i] - weight * second[i];
    }
    for (size_t i = 0; i < n; ++i) {
      x->trace[i] -= C[i - LANES];
      x->zero[i] += 1e-13 * weight * second[i - LANES];
    }
  }
}

/* Subtracts the products of column b from the rest of the triangle. */
LMX_INLINE void eliminate(int d, int b, size_t n, lanes *x)
{
  for (int a = b + 1; a < d; ++a) {
    double *row = x->L + row_of(a);
    const double *restrict La = row + b * LANES;
    for (int c = b + 1; c <= a; ++c) {
      const double *restrict Lc = x->L + row_of(c) + b * LANES;
      double *restrict to = row + c * LANES;
#pragma omp simd
      for (size_t i = 0; i < n; ++i)
        to[i] -= La[i] * Lc[i];
    }
  }
}

/* L L^T = (tr C) I - C; a direction whose variance is rounding has none. */
LMX_INLINE void factorise(int d, size_t n, lanes *x)
{
  double *restrict inverse = x->s.x;
  for (int a = 0; a < d; ++a)
    for (size_t i = 0; i < n; ++i)
      x->L[row_of(a) + (size_t)a * LANES + i] += x->trace[i];
  for (int b = 0; b < d; ++b) {
    double *restrict own = x->L + row_of(b) + b * LANES;
    for (size_t i = 0; i < n; ++i) {
      double pivot = own[i] > x->zero[i] ? own[i] : 0.0;
      own[i] = sqrt(pivot);
      inverse[i] = pivot > 0.0 ? 1.0 / own[i] : 0.0;
    }
    for (int a = b + 1; a < d; ++a) {
      double *restrict La = x->L + row_of(a) + b * LANES;
#pragma omp simd
      for (size_t i = 0; i < n; ++i)
        La[i] *= inverse[i];
    }
    eliminate(d, b, n, x);
  }
}

/* w = decay w + factor^{1/2} L z */
LMX_INLINE void diffuse(const plan *p, size_t n, lanes *x)
{
  const double decay = p->decay, factor = sqrt(p->factor);
  const double *z = x->s.z + (size_t)p->d * n, *L = x->L;
  for (int a = 0; a < p->d; ++a) {
    double *restrict w = x->s.w + a * LMX_BLOCK;
#pragma omp simd
    for (size_t i = 0; i < n; ++i)
      w[i] *= decay;
    for (int b = 0; b <= a; ++b, L += LANES) {
      const double *restrict zb = z + (size_t)b * n, *restrict Lb = L;
#pragma omp simd
      for (size_t i = 0; i < n; ++i)
        w[i] += factor * Lb[i] * zb[i];
    }
  }
}

/* to = from + sign m, row by row. */
LMX_INLINE void shift(int d, size_t n, double sign, const double *m,
                      const double *from, int from_row, double *to, int to_row)
{
  for (int a = 0; a < d; ++a) {
    const double *restrict x = from + a * from_row;
    const double *restrict ma = m + a * LANES;
    double *restrict y = to + a * to_row;
#pragma omp simd
    for (size_t i = 0; i < n; ++i)
      y[i] = x[i] + sign * ma[i];
  }
}

/* --- one particle of every lane ------------------------------------------ */

static LMX_KERNEL void move(const plan *p, size_t n, double *v, lanes *x)
{
  add_moments(p->d, n, -1.0, v, x);
  take_means(p, n, x);
  factorise(p->d, n, x);
  shift(p->d, n, -1.0, x->m, v, LANES, x->s.w, LMX_BLOCK);
  if (p->rotate_first) {
    rotate(p->map, n, &x->s);
    diffuse(p, n, x);
  } else {
    diffuse(p, n, x);
    rotate(p->map, n, &x->s);
  }
  shift(p->d, n, 1.0, x->m, x->s.w, LMX_BLOCK, v, LANES);
  add_moments(p->d, n, 1.0, v, x);
}

/* The sums over all particles. */
static LMX_KERNEL void add_all(int d, size_t N, size_t n, lanes *x)
{
  for (size_t k = 0; k < N; ++k)
    add_moments(d, n, 1.0, x->v + k * (size_t)d * LANES, x);
}

static void clear_moments(int d, lanes *x)
{
  memset(x->first, 0, (size_t)d * LANES * sizeof *x->first);
  memset(x->second, 0, row_of(d) * sizeof *x->second);
}

/* --- steps -----------------------------------------------------------------
 */

double lmx_sweep_duration(const lmx_cloud *cloud, double h)
{
  double N = (double)cloud->spec.particles;
  return (N - 1.0) / N * h;
}

static void make_plan(const lmx_cloud *cloud, double h, plan *p)
{
  int d = cloud->d;
  double tau = lmx_sweep_duration(cloud, h);
  *p = (plan){.d = d, .map = &cloud->map};
  p->weight = 1.0 / ((double)cloud->spec.particles - 1.0);
  p->decay = exp(-(d - 1) * tau);
  p->factor = -expm1(-2.0 * (d - 1) * tau) / (d - 1);
}

/* Between the replicas and the lanes. */
static void exchange(const lmx_cloud *cloud, size_t replica, size_t n,
                     bool store, lanes *x)
{
  size_t d = (size_t)cloud->d;
  for (size_t i = 0; i < n; ++i) {
    double *v = lmx_replica(cloud, replica + i);
    for (size_t a = 0; a < d; ++a)
      for (size_t k = 0; k < cloud->spec.particles; ++k) {
        double *lane = &x->v[(k * d + a) * LANES + i];
        if (store)
          v[a * cloud->stride + k] = *lane;
        else
          *lane = v[a * cloud->stride + k];
      }
  }
}

/* Forwards and backwards in turns, R O of each particle and O R: Strang's
 * splitting with step 2 h. */
static void make_step(const lmx_cloud *cloud, plan *p, uint32_t number,
                      size_t first, size_t n, lanes *x)
{
  size_t N = cloud->spec.particles, d = (size_t)p->d;
  p->rotate_first = number % 2 == 0;
  for (size_t j = 0; j < N; ++j) {
    size_t k = p->rotate_first ? j : N - 1 - j;
    lmx_stream stream = lmx_stream_of(cloud->key, LMX_DRAW_STEP,
                                      (uint32_t)first, number, (uint32_t)k);
    lmx_random_normals(&stream, 2 * d * n, x->s.z);
    move(p, n, x->v + k * d * LANES, x);
  }
}

void lmx_sweep(const lmx_cloud *cloud, size_t first, size_t n, double h,
               size_t steps)
{
  size_t N = cloud->spec.particles;
  lanes x;
  plan p;
  if (N < 2)
    return; /* a single particle rests */
  make_plan(cloud, h, &p);
  exchange(cloud, first, n, false, &x);
  for (size_t k = 0; k < steps; ++k) {
    clear_moments(p.d, &x); /* anew: nothing but v is carried along */
    add_all(p.d, N, n, &x);
    make_step(cloud, &p, (uint32_t)(cloud->steps + k), first, n, &x);
  }
  exchange(cloud, first, n, true, &x);
}
