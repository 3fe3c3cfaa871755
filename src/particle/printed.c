/* (1.8) as printed, the Brownian motions shared by all particles. With
 * Omega = N^{-1/2} sum_j B^j (antisymmetric matrices),
 *   dV^i = -2 (d-1) w^i dt + sqrt 2 dOmega w^i - (2/N)^{1/2} sum_j dB^j w^j:
 * the cloud turns as a whole, shrinks, and its centre moves. math.md
 * "Particle systems". */
#include <math.h>

#include "particle/rotation.h"

enum { MOST_NOISES = D * (D - 1) / 2 };

/* y += B x for the antisymmetric B of one particle or Omega, given by its
 * entries a < b in the sense of xi_ab. */
static void turn(int d, const double *B, size_t step, const double *x,
                 double *y)
{
  for (int a = 0; a < d; ++a)
    for (int b = a + 1; b < d; ++b, B += step) {
      y[a] -= B[0] * x[b];
      y[b] += B[0] * x[a];
    }
}

/* Q = (I - X/2)^{-1} (I + X/2), orthogonal for antisymmetric X, by elimination
 * without exchanges: the symmetric part of I - X/2 is I. */
static void cayley(int d, const double *X, double *Q)
{
  double A[D * D];
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      A[a * d + b] = (a == b ? 1.0 : 0.0) - 0.5 * X[a * d + b];
      Q[a * d + b] = (a == b ? 1.0 : 0.0) + 0.5 * X[a * d + b];
    }
  for (int c = 0; c < d; ++c)
    for (int a = 0; a < d; ++a) {
      if (a == c)
        continue;
      double f = A[a * d + c] / A[c * d + c];
      for (int b = 0; b < d; ++b) {
        A[a * d + b] -= f * A[c * d + b];
        Q[a * d + b] -= f * Q[c * d + b];
      }
    }
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      Q[a * d + b] /= A[a * d + a];
}

static void centre(const lmx_cloud *cloud, const double *v, double *m)
{
  for (int a = 0; a < cloud->d; ++a) {
    m[a] = 0.0;
    for (size_t i = 0; i < cloud->spec.particles; ++i)
      m[a] += v[(size_t)a * cloud->stride + i];
    m[a] /= (double)cloud->spec.particles;
  }
}

/* Omega sqrt(N) and sum_j B^j w^j in units of sqrt(h). */
static void gather(const lmx_step *step, const double *m, double *Omega,
                   double *kick)
{
  const lmx_cloud *cloud = step->cloud;
  int d = cloud->d;
  size_t noises = (size_t)(d * (d - 1) / 2);
  double z[MOST_NOISES * LMX_BLOCK], w[D];
  for (size_t b = 0; b < lmx_cloud_blocks(cloud); ++b) {
    size_t n = lmx_block_length(cloud, b);
    const double *v = lmx_replica(cloud, step->replica) + b * LMX_BLOCK;
    lmx_stream stream =
        lmx_stream_of(cloud->key, LMX_DRAW_STEP, (uint32_t)step->replica,
                      step->number, (uint32_t)b);
    lmx_random_normals(&stream, noises * n, z);
    for (size_t j = 0; j < n; ++j) {
      for (int a = 0; a < d; ++a)
        w[a] = v[(size_t)a * cloud->stride + j] - m[a];
      turn(d, z + j, n, w, kick);
      for (size_t k = 0; k < noises; ++k)
        Omega[k] += z[k * n + j];
    }
  }
}

static void apply(const lmx_cloud *cloud, const double *m, const double *to,
                  const double *Q, double *v)
{
  int d = cloud->d;
  double w[D];
  for (size_t i = 0; i < cloud->spec.particles; ++i) {
    for (int a = 0; a < d; ++a)
      w[a] = v[(size_t)a * cloud->stride + i] - m[a];
    for (int a = 0; a < d; ++a) {
      double x = 0.0;
      for (int b = 0; b < d; ++b)
        x += Q[a * d + b] * w[b];
      v[(size_t)a * cloud->stride + i] = to[a] + x;
    }
  }
}

void lmx_step_printed(lmx_step *step)
{
  const lmx_cloud *cloud = step->cloud;
  int d = cloud->d;
  double N = (double)cloud->spec.particles;
  double m[D] = {0.0}, to[D], kick[D] = {0.0}, Omega[MOST_NOISES] = {0.0};
  double X[D * D], Q[D * D], unit[D], column[D];
  double *v = lmx_replica(cloud, step->replica);
  centre(cloud, v, m);
  gather(step, m, Omega, kick);
  for (int b = 0; b < d; ++b) {
    for (int a = 0; a < d; ++a) {
      unit[a] = a == b ? sqrt(2.0 * step->h / N) : 0.0;
      column[a] = 0.0;
    }
    turn(d, Omega, 1, unit, column);
    for (int a = 0; a < d; ++a)
      X[a * d + b] = column[a];
  }
  cayley(d, X, Q);
  for (int a = 0; a < d; ++a)
    to[a] = m[a] - sqrt(2.0 * step->h / N) * kick[a];
  for (int k = 0; k < d * d; ++k)
    Q[k] *= exp(-(d - 1) * step->h);
  apply(cloud, m, to, Q, v);
}
