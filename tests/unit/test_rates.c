/* What is measured when a solve has stopped: rates by two orders, and what the
 * density form would make of a state; against closed formulas. */
#include "context.h"

#include <stdlib.h>

enum { POINTS = 48, ORDER = 4 };
static const double half_width = 6.0;

static lmx_grid *full_grid(size_t points, int order)
{
  lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, points, half_width},
                           {LMX_AXIS_FULL, points, half_width}};
  lmx_grid *grid = NULL;
  ASSERT_OK(ctx, lmx_grid_create(ctx, 2, 2, axes, order, &grid));
  return grid;
}

static double *field(const lmx_grid *grid)
{
  double *x = calloc(grid->size, sizeof *x);
  assert_non_null(x);
  return x;
}

/* Whether the differences at this node use no value from beyond the ball. */
static bool is_inner(const double *v)
{
  return hypot(v[0], v[1]) < half_width - 1.0;
}

/* A quadratic u = sum_a q_a v_a^2 / 2, which all orders differentiate exactly:
 * math.md (6), with abar from the model and c_a = d - E_a. */
static double quadratic_rate(const lmx_model *model, double t, const double *q,
                             const double *v)
{
  double abar[4], sum = 0.0;
  lmx_model_abar(model, t, v, abar);
  for (int a = 0; a < 2; ++a) {
    double E = lmx_model_temperature(model, a, t);
    sum += abar[3 * a] * q[a] - 2.0 * (2.0 - E) * q[a] * v[a] * v[a] -
           (E - 1.0) * v[a] * v[a];
    for (int b = 0; b < 2; ++b)
      sum += abar[2 * a + b] * q[a] * v[a] * q[b] * v[b];
  }
  return sum;
}

static void quadratic_rates(void **state)
{
  (void)state;
  const double D[2] = {0.4, -0.4}, t = 0.03, q[2] = {0.2, -0.3};
  lmx_model model;
  ASSERT_OK(ctx, lmx_model_init(ctx, 2, D, &model));
  lmx_grid *grid = full_grid(POINTS, 12);
  double *u = field(grid), *rate = field(grid), *doubt = field(grid), v[2];
  for (size_t i = 0; i < grid->size; ++i) {
    lmx_grid_point(grid, i, v);
    u[i] = 0.5 * (q[0] * v[0] * v[0] + q[1] * v[1] * v[1]);
  }
  ASSERT_OK(ctx, lmx_log_rates(ctx, &model, grid, t, u, rate, doubt));
  for (size_t i = 0; i < grid->size; ++i) {
    lmx_grid_point(grid, i, v);
    double want = quadratic_rate(&model, t, q, v);
    /* second differences divide the rounding of |u| < 10 by h^2 = 1/16, and
     * the coefficients are below 40 */
    ASSERT_NEAR(rate[i], lmx_grid_active(grid, i) ? want : 0.0, 1e-9);
    ASSERT_AT_MOST(doubt[i], 1e-9);
  }
  free(u);
  free(rate);
  free(doubt);
  lmx_grid_destroy(&grid);
}

/* u = cos(k v_1): differences of order 2 and 4 multiply by known symbols. */
static void wave_doubts(void **state)
{
  (void)state;
  const double D[2] = {0.0, 0.0}, k = 2.0;
  lmx_model model;
  ASSERT_OK(ctx, lmx_model_init(ctx, 2, D, &model));
  lmx_grid *grid = full_grid(POINTS, ORDER);
  double *u = field(grid), *rate = field(grid), *doubt = field(grid), v[2];
  double h = grid->axis[0].h, s = sin(0.5 * k * h), s2 = s * s;
  double first[2] = {sin(k * h) / h,
                     (8.0 * sin(k * h) - sin(2.0 * k * h)) / (6.0 * h)};
  double second[2] = {4.0 * s2 / (h * h), 4.0 * (s2 + s2 * s2 / 3.0) / (h * h)};
  for (size_t i = 0; i < grid->size; ++i) {
    lmx_grid_point(grid, i, v);
    u[i] = cos(k * v[0]);
  }
  ASSERT_OK(ctx, lmx_log_rates(ctx, &model, grid, 0.0, u, rate, doubt));
  for (size_t i = 0; i < grid->size; ++i) {
    double want[2];
    lmx_grid_point(grid, i, v);
    for (int n = 0; n < 2; ++n) { /* (6): abar_11 = 1 + v_2^2 */
      double u1 = -first[n] * sin(k * v[0]), u11 = -second[n] * cos(k * v[0]);
      want[n] = (1.0 + v[1] * v[1]) * (u11 + u1 * u1) - 2.0 * v[0] * u1;
    }
    if (!is_inner(v))
      continue;
    ASSERT_NEAR(rate[i], want[1], 1e-10);
    ASSERT_NEAR(doubt[i], fabs(want[0] - want[1]), 1e-10);
  }
  free(u);
  free(rate);
  free(doubt);
  lmx_grid_destroy(&grid);
}

/* The Maxwellian: its edge, the amplitude 2 e^{-k^2/2} (2 pi) / (2 L)^2 of the
 * first wave number that counts as the end of the spectrum, the radius where
 * it falls to 1e4 atol. */
static void maxwellian_reach(void **state)
{
  (void)state;
  const double atol = 1e-11;
  lmx_grid *grid = full_grid(24, ORDER);
  double *u = field(grid), h = grid->axis[0].h, top = exp(-0.25 * h * h);
  lmx_density_reach reach;
  ASSERT_OK(ctx, lmx_density_reach_measure(ctx, grid, u, atol, &reach));
  double outermost = half_width - 0.5 * h;
  ASSERT_NEAR(reach.edge,
              exp(-0.5 * outermost * outermost - 0.125 * h * h) / top,
              1e-12 * reach.edge);
  double k = M_PI / half_width * 11.0; /* of 12: at least 7/8 */
  double tail = 2.0 * exp(-0.5 * k * k) * 2.0 * M_PI /
                (4.0 * half_width * half_width) / top;
  ASSERT_NEAR(reach.tail, tail, 0.2 * tail); /* next: its aliases */
  double radius = sqrt(-2.0 * log(LMX_TRUST_MARGIN * atol * top));
  ASSERT_AT_LEAST(reach.radius, radius);
  ASSERT_AT_MOST(reach.radius, radius + h);
  /* a coarser grid loses more of the spectrum */
  lmx_grid *coarse = full_grid(16, ORDER);
  lmx_density_reach worse;
  ASSERT_OK(ctx, lmx_density_reach_measure(ctx, coarse, u, atol, &worse));
  ASSERT_AT_LEAST(worse.tail, 100.0 * reach.tail);
  free(u);
  lmx_grid_destroy(&grid);
  lmx_grid_destroy(&coarse);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quadratic_rates),
      cmocka_unit_test(wave_doubts),
      cmocka_unit_test(maxwellian_reach),
  };
  return RUN_WITH_CONTEXT(tests);
}
