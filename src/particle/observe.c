/* Averages over the particles of each replica. */
#include <math.h>

#include "core/simd.h"
#include "core/threads.h"
#include "particle/cloud.h"

enum { D = LMX_PARTICLE_MAX_DIMENSION, POWERS = 3 };

size_t lmx_seen_count(int d)
{
  return LMX_SEEN_MOMENTUM + 2 * (size_t)d;
}

/* Sums of |v|^3, |v|^4 and |v|^6 over a block. */
static LMX_KERNEL void block_powers(int d, size_t n, const double *v,
                                    size_t stride, double *sums)
{
  double r2[LMX_BLOCK] = {0.0}, m3 = 0.0, m4 = 0.0, m6 = 0.0;
  for (int a = 0; a < d; ++a) {
    const double *restrict x = v + (size_t)a * stride;
#pragma omp simd
    for (size_t i = 0; i < n; ++i)
      r2[i] += x[i] * x[i];
  }
#pragma omp simd reduction(+ : m3, m4, m6)
  for (size_t i = 0; i < n; ++i) {
    double s = r2[i], q = s * s;
    m3 += s * sqrt(s);
    m4 += q;
    m6 += q * s;
  }
  sums[0] = m3;
  sums[1] = m4;
  sums[2] = m6;
}

/* The integrand of (2.5) through T, p and phi = tr T, math.md "Particle
 * systems". T is the packed upper triangle. */
static double deviation(const lmx_model *model, double t, const double *p,
                        const double *T)
{
  int d = model->d;
  double phi = 0.0, frobenius = 0.0, p2 = 0.0, pEp = 0.0, pTp = 0.0;
  for (int a = 0; a < d; ++a) {
    double E = lmx_model_temperature(model, a, t);
    p2 += p[a] * p[a];
    pEp += p[a] * E * p[a];
    for (int b = a; b < d; ++b) {
      double x = *T++, twice = a == b ? 1.0 : 2.0;
      double off = x - (a == b ? E : 0.0);
      phi += a == b ? x : 0.0;
      frobenius += twice * off * off;
      pTp += twice * p[a] * x * p[b];
    }
  }
  return (d - 2) * (d - phi) * (d - phi) + frobenius + 4.0 * d * (d - 2) * p2 +
         4.0 * pEp - (4 * d - 10) * (phi * p2 - pTp);
}

/* Running sums, so that the number of blocks does not matter. */
static void replica_sums(const lmx_cloud *cloud, size_t replica, double *out)
{
  size_t count = lmx_moments_count(cloud->d), all = count + POWERS;
  const double *v = lmx_replica(cloud, replica);
  double lost[LMX_MOMENTS + POWERS] = {0.0}, sums[LMX_MOMENTS + POWERS];
  for (size_t k = 0; k < all; ++k)
    out[k] = 0.0;
  for (size_t b = 0; b < lmx_cloud_blocks(cloud); ++b) {
    size_t n = lmx_block_length(cloud, b);
    lmx_block_moments(cloud->d, n, v + b * LMX_BLOCK, cloud->stride, sums);
    block_powers(cloud->d, n, v + b * LMX_BLOCK, cloud->stride, sums + count);
    for (size_t k = 0; k < all; ++k) { /* Kahan */
      double x = sums[k] - lost[k], t = out[k] + x;
      lost[k] = (t - out[k]) - x;
      out[k] = t;
    }
  }
  for (size_t k = 0; k < all; ++k)
    out[k] /= (double)cloud->spec.particles;
}

static void observe(const lmx_cloud *cloud, const lmx_model *model,
                    size_t replica, double *out)
{
  int d = cloud->d;
  double sums[LMX_MOMENTS + POWERS];
  replica_sums(cloud, replica, sums);
  const double *p = sums, *T = sums + d;
  const double *powers = sums + lmx_moments_count(d);
  double phi = 0.0, p2 = 0.0;
  for (int a = 0; a < d; ++a) {
    out[LMX_SEEN_MOMENTUM + a] = p[a];
    out[LMX_SEEN_MOMENTUM + d + a] = *T;
    phi += *T;
    p2 += p[a] * p[a];
    T += d - a;
  }
  out[LMX_SEEN_LLN] = deviation(model, cloud->time, p, sums + d);
  out[LMX_SEEN_ENERGY] = phi;
  out[LMX_SEEN_DRIFT] = p2;
  out[LMX_SEEN_M3] = powers[0];
  out[LMX_SEEN_M4] = powers[1];
  out[LMX_SEEN_M6] = powers[2];
}

typedef struct seen {
  const lmx_cloud *cloud;
  const lmx_model *model;
  double *out;
} seen;

static void observe_replica(void *user, size_t r, int thread)
{
  const seen *s = user;
  (void)thread;
  observe(s->cloud, s->model, r, s->out + r * lmx_seen_count(s->cloud->d));
}

void lmx_cloud_observe(const lmx_cloud *cloud, const lmx_model *model,
                       double *out)
{
  seen s = {cloud, model, out};
  lmx_parallel_for(cloud->threads, cloud->spec.replicas, observe_replica, &s);
}
