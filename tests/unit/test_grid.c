/* Grids, stencils, quadrature, jets, interpolation: against polynomials,
 * Gaussian integrals and the derivatives of smooth functions. */
#include "support.h"

#include <stdlib.h>

static lmx_context *context;

static lmx_grid *make_grid(int d, int naxes, const lmx_axis_kind *kinds,
                           const size_t *points, double L, int order)
{
  lmx_axis_spec axes[LMX_MAX_AXES];
  for (int a = 0; a < naxes; ++a)
    axes[a] = (lmx_axis_spec){kinds[a], points[a], L};
  lmx_grid *grid;
  ASSERT_OK(context, lmx_grid_create(context, d, naxes, axes, order, &grid));
  return grid;
}

static void known_coefficients(void **state)
{
  (void)state;
  double c[16];
  lmx_stencil_first(4, c);
  ASSERT_NEAR(c[0], 8.0 / 12, 1e-16);
  ASSERT_NEAR(c[1], -1.0 / 12, 1e-16);
  lmx_stencil_second(4, c);
  ASSERT_NEAR(c[0], -30.0 / 12, 1e-15);
  ASSERT_NEAR(c[1], 16.0 / 12, 1e-15);
  ASSERT_NEAR(c[2], -1.0 / 12, 1e-16);
  lmx_stencil_third(2, c);
  ASSERT_NEAR(c[0], -1.0, 1e-15);
  ASSERT_NEAR(c[1], 0.5, 1e-15);
}

/* Closed formulas against Fornberg's recursion at every order. */
static void closed_coefficients_agree_with_recursion(void **state)
{
  (void)state;
  for (int order = 2; order <= LMX_MAX_ORDER; order += 2) {
    int r = order / 2;
    size_t n = (size_t)order + 1;
    double nodes[32], w[3 * 32], c1[16], c2[16];
    for (size_t i = 0; i < n; ++i)
      nodes[i] = (double)i - r;
    lmx_fornberg(0.0, n, nodes, 2, w);
    lmx_stencil_first(order, c1);
    lmx_stencil_second(order, c2);
    for (int k = 1; k <= r; ++k) {
      ASSERT_NEAR(c1[k - 1], w[n + (size_t)(r + k)], 1e-13);
      ASSERT_NEAR(c2[k], w[2 * n + (size_t)(r + k)], 1e-13);
    }
    ASSERT_NEAR(c2[0], w[2 * n + (size_t)r], 1e-13);
  }
}

/* Integral of |v|^2 M and of v_1^4 M over R^d: d and 3. */
static void gaussian_moments_on_every_kind_of_grid(void **state)
{
  (void)state;
  static const struct {
    int d, naxes;
    lmx_axis_kind kinds[3];
    size_t points[3];
  } rows[] = {
      {2, 2, {LMX_AXIS_FULL, LMX_AXIS_FULL}, {50, 60}},
      {2, 2, {LMX_AXIS_MIRRORED, LMX_AXIS_FULL}, {30, 61}},
      {3,
       3,
       {LMX_AXIS_MIRRORED, LMX_AXIS_FULL, LMX_AXIS_MIRRORED},
       {28, 50, 28}},
      {2, 1, {LMX_AXIS_RADIAL}, {50}},
      {3, 1, {LMX_AXIS_RADIAL}, {40}},
      {3, 2, {LMX_AXIS_MIRRORED, LMX_AXIS_RADIAL}, {30, 50}},
      {4, 1, {LMX_AXIS_RADIAL}, {50}},
      {5, 2, {LMX_AXIS_FULL, LMX_AXIS_RADIAL}, {50, 40}},
      {6,
       3,
       {LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED, LMX_AXIS_RADIAL},
       {28, 28, 50}},
      {10, 2, {LMX_AXIS_MIRRORED, LMX_AXIS_RADIAL}, {30, 50}},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
    lmx_grid *grid = make_grid(rows[i].d, rows[i].naxes, rows[i].kinds,
                               rows[i].points, 9.5, 8);
    double *f[3], v[LMX_MAX_DIMENSION];
    for (int k = 0; k < 3; ++k)
      ASSERT_OK(context, LMX_NEW_ARRAY(context, grid->size, &f[k]));
    for (size_t p = 0; p < grid->size; ++p) {
      lmx_grid_point(grid, p, v);
      double r2 = 0.0;
      for (int a = 0; a < grid->d; ++a)
        r2 += v[a] * v[a];
      f[0][p] = exp(lmx_log_maxwellian(grid->d, r2));
      f[1][p] = r2 * f[0][p];
      f[2][p] = r2 * r2 * f[0][p];
    }
    int d = grid->d;
    ASSERT_NEAR(lmx_grid_integrate(grid, f[0]), 1.0, 1e-10);
    ASSERT_NEAR(lmx_grid_integrate(grid, f[1]), d, 1e-10 * d);
    ASSERT_NEAR(lmx_grid_integrate(grid, f[2]), d * (d + 2.0),
                1e-9 * d * (d + 2));
    double by_hand = 0.0;
    for (size_t p = 0; p < grid->size; ++p)
      by_hand += lmx_grid_weight(grid, p) * f[1][p];
    ASSERT_NEAR(lmx_grid_integrate(grid, f[1]), by_hand, 1e-12 * d);
    for (int k = 0; k < 3; ++k)
      lmx_free(f[k]);
    lmx_grid_destroy(&grid);
  }
}

/* A function of v_1, v_2 and rho = |(v_3 .. v_d)|, even where it must be,
 * with its derivatives by high-order differences of the formula in R^d. */
static double sample(const double *v, int d, int r, bool even1, bool even2)
{
  double s2 = 0.0;
  for (int j = r; j < d; ++j)
    s2 += v[j] * v[j];
  double u = 0.3 * cos(0.5 * sqrt(s2)) + 0.1 * exp(-0.2 * s2);
  if (r >= 1)
    u *= 1.0 + (even1 ? 0.2 * v[0] * v[0] : 0.3 * sin(0.7 * v[0]));
  if (r >= 2)
    u +=
        0.2 * cos(0.4 * v[1] + (even2 ? 0.0 : 0.3)) * (1.0 + 0.1 * v[0] * v[0]);
  return u;
}

static double numeric(double *v, int d, int r, bool e1, bool e2, int a, int b,
                      int c)
{
  const int axes[3] = {a, b, c};
  double c1[8], h = 0.15;
  int i = a >= 0 ? 0 : (b >= 0 ? 1 : (c >= 0 ? 2 : 3));
  if (i == 3)
    return sample(v, d, r, e1, e2);
  int rest[3] = {i < 1 ? b : -1, i < 2 ? c : -1, -1};
  lmx_stencil_first(12, c1);
  double sum = 0.0, keep = v[axes[i]];
  for (int k = 1; k <= 6; ++k) {
    v[axes[i]] = keep + k * h;
    double up = numeric(v, d, r, e1, e2, rest[0], rest[1], -1);
    v[axes[i]] = keep - k * h;
    sum += c1[k - 1] * (up - numeric(v, d, r, e1, e2, rest[0], rest[1], -1));
  }
  v[axes[i]] = keep;
  return sum / h;
}

typedef struct {
  double g, q, G, T;
} errors;

static errors jet_errors(const lmx_grid *grid, int r, bool e1, bool e2,
                         bool interpolated)
{
  lmx_jets *jets;
  lmx_jet *jet;
  double *u, v[LMX_MAX_DIMENSION], r2;
  int d = grid->d;
  ASSERT_OK(context, lmx_jets_create(context, grid, 3, &jets));
  ASSERT_OK(context, lmx_jet_create(context, d, &jet));
  ASSERT_OK(context, LMX_NEW_ARRAY(context, grid->size, &u));
  for (size_t p = 0; p < grid->size; ++p) {
    lmx_grid_point(grid, p, v);
    u[p] = sample(v, d, r, e1, e2);
  }
  lmx_jets_set(jets, u);
  errors e = {0};
  srand(3);
  for (int trial = 0; trial < 60; ++trial) {
    size_t p = (size_t)rand() % grid->size;
    lmx_grid_point(grid, p, v);
    if (interpolated)
      for (int a = 0; a < d; ++a)
        v[a] = 3.0 * rand() / RAND_MAX - 1.5;
    r2 = 0.0;
    for (int a = 0; a < d; ++a)
      r2 += v[a] * v[a];
    if (r2 > 9.0) /* away from the extrapolated outer ghosts */
      continue;
    if (interpolated) {
      double value;
      ASSERT_OK(context, lmx_interpolate(context, grid, u, v, jet));
      ASSERT_OK(context, lmx_interpolate_value(context, grid, u, v, &value));
      ASSERT_NEAR(value, jet->g, 1e-13);
    } else {
      lmx_jets_get(jets, p, jet);
    }
    e.g = fmax(e.g, fabs(jet->g - lmx_log_maxwellian(d, r2) -
                         sample(v, d, r, e1, e2)));
    for (int a = 0; a < d; ++a) {
      ASSERT_NEAR(jet->v[a], v[a], 1e-15);
      e.q = fmax(e.q,
                 fabs(jet->q[a] + v[a] - numeric(v, d, r, e1, e2, a, -1, -1)));
      for (int b = 0; b < d; ++b) {
        e.G = fmax(e.G, fabs(jet->G[a * d + b] + (a == b) -
                             numeric(v, d, r, e1, e2, a, b, -1)));
        for (int c = 0; c < d && !interpolated; ++c)
          e.T = fmax(e.T, fabs(jet->T[(a * d + b) * d + c] -
                               numeric(v, d, r, e1, e2, a, b, c)));
      }
    }
  }
  lmx_free(u);
  lmx_jet_destroy(&jet);
  lmx_jets_destroy(&jets);
  return e;
}

static void jets_and_interpolation_on_every_kind_of_grid(void **state)
{
  (void)state;
  static const struct {
    int d, naxes, r;
    bool e1, e2;
    lmx_axis_kind kinds[3];
  } rows[] = {
      {2, 1, 0, true, true, {LMX_AXIS_RADIAL}},
      {5, 1, 0, true, true, {LMX_AXIS_RADIAL}},
      {2, 2, 1, true, true, {LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED}},
      {2, 2, 1, false, true, {LMX_AXIS_FULL, LMX_AXIS_FULL}},
      {3, 2, 1, true, true, {LMX_AXIS_MIRRORED, LMX_AXIS_RADIAL}},
      {4, 2, 1, false, true, {LMX_AXIS_FULL, LMX_AXIS_RADIAL}},
      {3, 3, 2, false, false, {LMX_AXIS_FULL, LMX_AXIS_FULL, LMX_AXIS_FULL}},
      {3,
       3,
       2,
       true,
       true,
       {LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED}},
      {4,
       3,
       2,
       true,
       false,
       {LMX_AXIS_MIRRORED, LMX_AXIS_FULL, LMX_AXIS_RADIAL}},
  };
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; ++i) {
    size_t points[3];
    for (int a = 0; a < 3; ++a)
      points[a] = rows[i].kinds[a] == LMX_AXIS_FULL ? 60 : 30;
    lmx_grid *grid =
        make_grid(rows[i].d, rows[i].naxes, rows[i].kinds, points, 5.0, 12);
    for (int interpolated = 0; interpolated < 2; ++interpolated) {
      errors e =
          jet_errors(grid, rows[i].r, rows[i].e1, rows[i].e2, interpolated);
      ASSERT_AT_MOST(e.g, 1e-10);
      ASSERT_AT_MOST(e.q, 2e-9);
      ASSERT_AT_MOST(e.G, 2e-8);
      ASSERT_AT_MOST(e.T, 1e-7);
    }
    lmx_grid_destroy(&grid);
  }
}

static double order_of(int order, int which)
{
  double e[2];
  for (int level = 0; level < 2; ++level) {
    size_t points[2] = {(size_t)24 << level, (size_t)12 << level};
    lmx_grid *grid =
        make_grid(3, 2, (lmx_axis_kind[]){LMX_AXIS_FULL, LMX_AXIS_RADIAL},
                  points, 6.0, order);
    lmx_jets *jets;
    lmx_jet *jet;
    double *u, v[3];
    ASSERT_OK(context, lmx_jets_create(context, grid, 3, &jets));
    ASSERT_OK(context, lmx_jet_create(context, 3, &jet));
    ASSERT_OK(context, LMX_NEW_ARRAY(context, grid->size, &u));
    for (size_t p = 0; p < grid->size; ++p) {
      lmx_grid_point(grid, p, v);
      u[p] = sample(v, 3, 1, false, true);
    }
    lmx_jets_set(jets, u);
    double worst = 0.0;
    for (size_t p = 0; p < grid->size; ++p) {
      lmx_jets_get(jets, p, jet);
      if (fabs(jet->v[0]) > 2.0 || jet->v[1] > 2.0)
        continue;
      for (int a = 0; a < 2; ++a) {
        double want = numeric(jet->v, 3, 1, false, true, a, which >= 2 ? 1 : -1,
                              which >= 3 ? 1 : -1);
        double got = which == 1   ? jet->q[a] + jet->v[a]
                     : which == 2 ? jet->G[a * 3 + 1] + (a == 1)
                                  : jet->T[a * 9 + 4];
        worst = fmax(worst, fabs(got - want));
      }
    }
    e[level] = worst;
    lmx_free(u);
    lmx_jet_destroy(&jet);
    lmx_jets_destroy(&jets);
    lmx_grid_destroy(&grid);
  }
  return log2(e[0] / e[1]);
}

static void derivatives_converge_at_their_order(void **state)
{
  (void)state;
  for (int order = 2; order <= 6; order += 2)
    for (int which = 1; which <= 3; ++which) {
      double observed = order_of(order, which);
      if (fabs(observed - order) > 0.6)
        print_error("order %d derivative %d: %g\n", order, which, observed);
      ASSERT_NEAR(observed, order, 0.6);
    }
}

static void bad_grids_are_refused(void **state)
{
  (void)state;
  lmx_grid *grid = NULL;
  lmx_axis_spec axes[3] = {{LMX_AXIS_FULL, 40, 8.0},
                           {LMX_AXIS_FULL, 40, 8.0},
                           {LMX_AXIS_RADIAL, 40, 8.0}};
  assert_int_equal(lmx_grid_create(context, 3, 2, axes, 8, &grid),
                   LMX_ERR_CASE);
  assert_int_equal(lmx_grid_create(context, 3, 3, axes, 8, &grid),
                   LMX_ERR_CASE);
  assert_int_equal(lmx_grid_create(context, 2, 2, axes, 7, &grid),
                   LMX_ERR_CASE);
  axes[0].points = 3;
  assert_int_equal(lmx_grid_create(context, 2, 2, axes, 8, &grid),
                   LMX_ERR_CASE);
  axes[0].points = 40;
  axes[0].half_width = NAN;
  assert_int_equal(lmx_grid_create(context, 2, 2, axes, 8, &grid),
                   LMX_ERR_CASE);
  axes[0] = (lmx_axis_spec){LMX_AXIS_RADIAL, 40, 8.0};
  assert_int_equal(lmx_grid_create(context, 3, 2, axes, 8, &grid),
                   LMX_ERR_CASE);
  assert_null(grid);
}

static int setup(void **state)
{
  (void)state;
  return lmx_context_create(&context) != LMX_OK;
}

static int teardown(void **state)
{
  (void)state;
  lmx_context_destroy(&context);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_coefficients),
      cmocka_unit_test(closed_coefficients_agree_with_recursion),
      cmocka_unit_test(gaussian_moments_on_every_kind_of_grid),
      cmocka_unit_test(jets_and_interpolation_on_every_kind_of_grid),
      cmocka_unit_test(derivatives_converge_at_their_order),
      cmocka_unit_test(bad_grids_are_refused),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
