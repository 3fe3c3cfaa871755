/* Shared by the tests of initial data. */
#ifndef LMX_TESTS_INITIAL_SUPPORT_H
#define LMX_TESTS_INITIAL_SUPPORT_H

#include "context.h"

#include <string.h>

static lmx_initial *make(const lmx_initial_spec *spec)
{
  lmx_initial *initial = NULL;
  ASSERT_OK(ctx, lmx_initial_create(ctx, spec, &initial));
  return initial;
}

/* A formula, normalised. */
__attribute__((unused)) static lmx_initial *make_formula(int d,
                                                         const char *text)
{
  lmx_initial_spec spec = {.d = d,
                           .kind = LMX_INITIAL_FORMULA,
                           .normalise = true,
                           .log_density = text};
  return make(&spec);
}

/* Refused as a wrong case, with a message that begins like this. */
__attribute__((unused)) static void expect_error(const lmx_initial_spec *spec,
                                                 const char *start)
{
  lmx_initial *initial = NULL;
  assert_int_equal(lmx_initial_create(ctx, spec, &initial), LMX_ERR_CASE);
  assert_null(initial);
  if (strncmp(lmx_context_message(ctx), start, strlen(start)) != 0)
    assert_string_equal(lmx_context_message(ctx), start);
}

/* A Gaussian with diagonal covariance. */
__attribute__((unused)) static lmx_initial *
make_gaussian(int d, const double *variance)
{
  double mean[LMX_MAX_DIMENSION] = {0.0};
  double covariance[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION] = {0.0};
  for (int a = 0; a < d; ++a)
    covariance[a * d + a] = variance[a];
  lmx_component component = {1.0, mean, covariance};
  lmx_initial_spec spec = {.d = d,
                           .kind = LMX_INITIAL_GAUSSIAN,
                           .normalise = true,
                           .ncomponents = 1,
                           .components = &component};
  return make(&spec);
}

/* log f in the user's coordinates, through the map. */
__attribute__((unused)) static double
user_log_density(const lmx_initial *initial, const double *x)
{
  const lmx_affine *map = lmx_initial_map(initial);
  double v[LMX_MAX_DIMENSION];
  lmx_affine_to_normalised(map, x, v);
  return lmx_initial_log_density(initial, v) - map->d * log(map->scale) +
         log(map->mass);
}

/* A fixed sequence of numbers spread over (-1, 1). */
__attribute__((unused)) static double spread(unsigned *state)
{
  *state = *state * 1664525u + 1013904223u;
  return ((double)*state + 0.5) / 2147483648.0 - 1.0;
}

/* Moments by quadrature on a grid: mass 1, mean 0, energy d, second moments
 * diagonal and equal to I + D. */
__attribute__((unused)) static void check_normalised(const lmx_initial *initial,
                                                     int naxes,
                                                     const lmx_axis_spec *axes,
                                                     double tolerance)
{
  const lmx_model *model = lmx_initial_model(initial);
  lmx_grid *grid;
  int d = model->d, m = d - naxes;
  double mass = 0.0, energy = 0.0, mean[3] = {0.0}, second[3][3] = {{0.0}};
  ASSERT_OK(ctx, lmx_grid_create(ctx, d, naxes, axes, 8, &grid));
  for (size_t i = 0; i < grid->size; ++i) {
    double v[LMX_MAX_DIMENSION];
    lmx_grid_point(grid, i, v);
    double f =
        exp(lmx_initial_log_density(initial, v)) * lmx_grid_weight(grid, i);
    mass += f;
    for (int a = 0; a < naxes; ++a) {
      energy += f * v[a] * v[a];
      mean[a] += f * v[a];
      for (int b = 0; b < naxes; ++b)
        second[a][b] += f * v[a] * v[b];
    }
  }
  ASSERT_NEAR(mass, 1.0, tolerance);
  ASSERT_NEAR(energy, d, tolerance);
  for (int a = 0; a < naxes; ++a) {
    bool radial = axes[a].kind == LMX_AXIS_RADIAL;
    double share = radial ? 1.0 / (m + 1) : 1.0;
    if (axes[a].kind == LMX_AXIS_FULL)
      ASSERT_NEAR(mean[a], 0.0, tolerance);
    ASSERT_NEAR(share * second[a][a], 1.0 + model->D[a], tolerance);
    for (int b = 0; b < a; ++b)
      if (axes[a].kind == LMX_AXIS_FULL && axes[b].kind == LMX_AXIS_FULL)
        ASSERT_NEAR(second[a][b], 0.0, tolerance);
  }
  lmx_grid_destroy(&grid);
}

#endif
