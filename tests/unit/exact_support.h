/* Shared by the tests of the exact solutions: jets on the stack, random
 * points, example solutions, the left side of the equation. */
#ifndef LMX_TESTS_EXACT_SUPPORT_H
#define LMX_TESTS_EXACT_SUPPORT_H

#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "exact/internal.h"

typedef struct {
  double v[LMX_MAX_DIMENSION], q[LMX_MAX_DIMENSION];
  double G[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION];
  lmx_jet jet;
} jet_store;

static inline lmx_jet *jet_of(jet_store *store, int d)
{
  store->jet = (lmx_jet){.d = d, .v = store->v, .q = store->q, .G = store->G};
  return &store->jet;
}

/* A point in a random direction, |v| uniform in [0, radius]. */
static inline void random_point(gsl_rng *rng, int d, double radius, double *v)
{
  gsl_ran_dir_nd(rng, (size_t)d, v);
  double r = radius * gsl_rng_uniform(rng);
  for (int a = 0; a < d; ++a)
    v[a] *= r;
}

static inline double norm2(int d, const double *v)
{
  double sum = 0.0;
  for (int a = 0; a < d; ++a)
    sum += v[a] * v[a];
  return sum;
}

/* Three unequal Gaussians with mass 1, mean 0 and unit second moments: means
 * at the corners of a triangle and covariances of trace 2 - |m|^2 turned so
 * that the deviators cancel. Without any symmetry in the plane but that of
 * order 3. */
enum { TRIANGLE = 3 };

typedef struct {
  double mean[TRIANGLE][2], covariance[TRIANGLE][4];
  lmx_component components[TRIANGLE];
} triangle;

static inline void triangle_init(triangle *tri, double radius, double stretch)
{
  const double pi = 3.14159265358979323846;
  for (int k = 0; k < TRIANGLE; ++k) {
    double phi = 2.0 * pi * k / 3.0 + 0.3, psi = 2.0 * (phi + 0.4);
    double s = 1.0 - 0.5 * radius * radius;
    tri->mean[k][0] = radius * cos(phi);
    tri->mean[k][1] = radius * sin(phi);
    double S[4] = {s + stretch * cos(psi), stretch * sin(psi),
                   stretch * sin(psi), s - stretch * cos(psi)};
    memcpy(tri->covariance[k], S, sizeof S);
    tri->components[k] = (lmx_component){.weight = 1.0 / 3.0,
                                         .mean = tri->mean[k],
                                         .covariance = tri->covariance[k]};
  }
}

/* One solution with the D of its equation. */
typedef struct {
  lmx_exact *exact;
  lmx_model model;
} example;

static inline example radial_example(lmx_context *context, int d)
{
  const double weights[3] = {0.5, 0.3, 0.2}, variances[3] = {0.6, 1.2, 1.7};
  const double D[LMX_MAX_DIMENSION] = {0};
  example ex;
  ASSERT_OK(context, lmx_exact_radial_mixture(context, d, 3, weights, variances,
                                              &ex.exact));
  ASSERT_OK(context, lmx_model_init(context, d, D, &ex.model));
  return ex;
}

static inline example bkw_example(lmx_context *context, int d)
{
  const double D[LMX_MAX_DIMENSION] = {0};
  example ex;
  ASSERT_OK(context, lmx_exact_bkw(context, d, 1.6 / (d + 2.0), &ex.exact));
  ASSERT_OK(context, lmx_model_init(context, d, D, &ex.model));
  return ex;
}

static inline example triangle_example(lmx_context *context, double radius,
                                       double stretch)
{
  const double D[2] = {0};
  triangle tri;
  example ex;
  triangle_init(&tri, radius, stretch);
  ASSERT_OK(context, lmx_exact_rotated_mixture(context, TRIANGLE,
                                               tri.components, &ex.exact));
  ASSERT_OK(context, lmx_model_init(context, 2, D, &ex.model));
  return ex;
}

static inline example gaussian_example(lmx_context *context, int d, double s1,
                                       int axis)
{
  double D[LMX_MAX_DIMENSION];
  example ex;
  for (int a = 0; a < d; ++a)
    D[a] = a == axis ? s1 - 1.0 : -(s1 - 1.0) / (d - 1.0);
  ASSERT_OK(context,
            lmx_exact_axisymmetric_at(context, d, s1, axis, &ex.exact));
  ASSERT_OK(context, lmx_model_init(context, d, D, &ex.model));
  return ex;
}

#endif
