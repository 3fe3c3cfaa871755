/* What the tests of particle systems share: Gaussian data and averages. */
#ifndef LMX_TESTS_PARTICLE_SUPPORT_H
#define LMX_TESTS_PARTICLE_SUPPORT_H

#include "support.h"

#include <stdlib.h>
#include <string.h>

/* N(0, diag(first, rest ..)) of trace d. */
static inline lmx_initial *gaussian(lmx_context *context, int d, double first)
{
  double mean[10] = {0.0}, covariance[100] = {0.0};
  const lmx_component component = {1.0, mean, covariance};
  for (int a = 0; a < d; ++a)
    covariance[a * d + a] = a == 0 ? first : (d - first) / (d - 1);
  const lmx_initial_spec spec = {.d = d,
                                 .kind = LMX_INITIAL_GAUSSIAN,
                                 .normalise = true,
                                 .ncomponents = 1,
                                 .components = &component};
  lmx_initial *initial = NULL;
  ASSERT_OK(context, lmx_initial_create(context, &spec, &initial));
  return initial;
}

typedef struct average {
  double mean, error;
} average;

/* Mean and standard error of entry q of what was seen of each replica. */
static inline average average_of(size_t replicas, size_t seen, const double *x,
                                 size_t q)
{
  double sum = 0.0, squares = 0.0, n = (double)replicas;
  for (size_t r = 0; r < replicas; ++r)
    sum += x[r * seen + q] / n;
  for (size_t r = 0; r < replicas; ++r)
    squares += (x[r * seen + q] - sum) * (x[r * seen + q] - sum);
  return (average){sum, sqrt(squares / (n * (n - 1.0)))};
}

/* Simulates to t and gives [replicas][seen], from malloc. */
static inline double *observed(lmx_context *context, const lmx_initial *initial,
                               const lmx_cloud_spec *spec, double h, double t)
{
  lmx_cloud *cloud;
  const lmx_model *model = lmx_initial_model(initial);
  double *seen =
      malloc(spec->replicas * lmx_seen_count(model->d) * sizeof *seen);
  assert_non_null(seen);
  ASSERT_OK(context, lmx_cloud_create(context, initial, spec, &cloud));
  ASSERT_OK(context,
            lmx_cloud_advance(context, cloud, h, (size_t)lround(t / h)));
  lmx_cloud_observe(cloud, model, seen);
  lmx_cloud_destroy(&cloud);
  return seen;
}

#endif
