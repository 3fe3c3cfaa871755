/* Particles drawn by rejection have the law they should: moments against
 * quadrature, Kolmogorov-Smirnov against distribution functions by quadrature,
 * closed forms and particles drawn in closed form; a wrong bound is caught. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "particle/envelope.h"

static lmx_context *context;

enum { MAX = LMX_MAX_DIMENSION };

/* Kolmogorov's law: sqrt(n) D exceeds this with probability 1e-4. */
static const double critical = 2.2253;

static lmx_initial *formula(int d, const char *text)
{
  const lmx_initial_spec spec = {.d = d,
                                 .kind = LMX_INITIAL_FORMULA,
                                 .normalise = true,
                                 .log_density = text};
  lmx_initial *initial;
  ASSERT_OK(context, lmx_initial_create(context, &spec, &initial));
  return initial;
}

/* n independent particles, component a at [a * n], from malloc. */
static double *drawn(const lmx_initial *initial, size_t n, unsigned seed)
{
  size_t d = (size_t)lmx_initial_model(initial)->d;
  const lmx_cloud_spec spec = {.particles = n, .replicas = 1, .seed = seed};
  lmx_cloud *cloud;
  double *v = malloc(d * n * sizeof *v);
  assert_non_null(v);
  ASSERT_OK(context, lmx_cloud_create(context, initial, &spec, &cloud));
  for (size_t a = 0; a < d; ++a)
    memcpy(v + a * n,
           lmx_cloud_velocities(cloud, 0) + a * lmx_cloud_stride(cloud),
           n * sizeof *v);
  lmx_cloud_destroy(&cloud);
  return v;
}

static int ascending(const void *a, const void *b)
{
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* --- quadrature ------------------------------------------------------------
 */

enum { BINS = 4000 };

/* A distribution function at the right ends of BINS equal bins of
 * [-half, half]. */
typedef struct distribution {
  double half, until[BINS];
} distribution;

static double at(const distribution *law, double x)
{
  double place = (x + law->half) / (2.0 * law->half) * BINS;
  if (place <= 0.0)
    return 0.0;
  if (place >= BINS)
    return 1.0;
  size_t k = (size_t)place;
  double below = k > 0 ? law->until[k - 1] : 0.0;
  return below + (place - (double)k) * (law->until[k] - below);
}

/* sqrt(n) times the largest distance; sorts x. */
static double kolmogorov(size_t n, double *x, const distribution *law)
{
  double worst = 0.0;
  qsort(x, n, sizeof *x, ascending);
  for (size_t i = 0; i < n; ++i) {
    double F = at(law, x[i]);
    worst = fmax(worst, fmax(fabs(F - (double)i / (double)n),
                             fabs((double)(i + 1) / (double)n - F)));
  }
  return worst * sqrt((double)n);
}

/* sqrt(n / 2) times the largest distance of two samples of n; sorts both. */
static double smirnov(size_t n, double *x, double *y)
{
  double worst = 0.0;
  qsort(x, n, sizeof *x, ascending);
  qsort(y, n, sizeof *y, ascending);
  for (size_t i = 0, j = 0; i < n && j < n;) {
    double v = fmin(x[i], y[j]);
    while (i < n && x[i] <= v)
      ++i;
    while (j < n && y[j] <= v)
      ++j;
    worst = fmax(worst, fabs((double)i - (double)j) / (double)n);
  }
  return worst * sqrt(0.5 * (double)n);
}

static double monomial(int d, const double *v, const int *power)
{
  double product = 1.0;
  for (int a = 0; a < d; ++a)
    product *= pow(v[a], power[a]);
  return product;
}

/* Midpoint rule with m points per axis on [-half, half]^d, d = 2 or 3: the
 * means of monomials and of their squares, and the laws of the components. */
static void integrate(const lmx_initial *initial, size_t m, double half,
                      size_t nmeans, const int (*power)[3], double *mean,
                      double *square, distribution *law)
{
  int d = lmx_initial_model(initial)->d;
  double h = 2.0 * half / (double)m, mass = 0.0;
  size_t all = d == 2 ? m * m : m * m * m;
  memset(mean, 0, nmeans * sizeof *mean);
  memset(square, 0, nmeans * sizeof *square);
  for (int a = 0; a < d; ++a)
    law[a] = (distribution){.half = half};
  for (size_t i = 0; i < all; ++i) {
    size_t k[3] = {i % m, i / m % m, i / m / m};
    double v[3];
    for (int a = 0; a < d; ++a)
      v[a] = ((double)k[a] + 0.5) * h - half;
    double f = exp(lmx_initial_log_density(initial, v)) * pow(h, d);
    mass += f;
    for (size_t q = 0; q < nmeans; ++q) {
      double x = monomial(d, v, power[q]);
      mean[q] += f * x;
      square[q] += f * x * x;
    }
    for (int a = 0; a < d; ++a) /* the mass of a cell spread over its bins */
      for (size_t b = k[a] * BINS / m; b < (k[a] + 1) * BINS / m; ++b)
        law[a].until[b] += f * (double)m / BINS;
  }
  ASSERT_NEAR(mass, 1.0, 1e-8);
  for (int a = 0; a < d; ++a)
    for (size_t b = 1; b < BINS; ++b)
      law[a].until[b] += law[a].until[b - 1];
}

static void agrees_with_quadrature(const lmx_initial *initial, size_t m,
                                   size_t n)
{
  static const int power[][3] = {{1, 0, 0}, {0, 1, 0}, {2, 0, 0}, {0, 2, 0},
                                 {1, 1, 0}, {3, 0, 0}, {2, 1, 0}, {4, 0, 0},
                                 {2, 2, 0}, {0, 4, 0}};
  enum { MEANS = sizeof power / sizeof *power };
  static distribution law[3];
  int d = lmx_initial_model(initial)->d;
  double mean[MEANS], square[MEANS];
  integrate(initial, m, 8.0, MEANS, power, mean, square, law);
  double *v = drawn(initial, n, 7);
  for (size_t q = 0; q < MEANS; ++q) {
    double sum = 0.0;
    for (size_t i = 0; i < n; ++i) {
      double one[3];
      for (int a = 0; a < d; ++a)
        one[a] = v[(size_t)a * n + i];
      sum += monomial(d, one, power[q]);
    }
    double error = sqrt((square[q] - mean[q] * mean[q]) / (double)n);
    ASSERT_NEAR(sum / (double)n, mean[q], 4.0 * error);
  }
  for (int a = 0; a < d; ++a)
    assert_true(kolmogorov(n, v + (size_t)a * n, &law[a]) < critical);
  free(v);
}

/* Neither symmetry nor product form. */
static void formula_without_symmetry(void **state)
{
  (void)state;
  lmx_initial *initial = formula(
      2, "-r^2/2 + 0.8*sin(2*v1 + v2)*exp(-r^2/8) - 0.3*(v1 - v2^2/4)^2");
  agrees_with_quadrature(initial, 400, 200000);
  lmx_initial_destroy(&initial);
}

static void formula_with_valleys(void **state)
{
  (void)state;
  lmx_initial *initial = formula(
      2, "ln(exp(-4*((v1-2)^2+v2^2)) + exp(-4*((v1+2)^2+v2^2)) + 1e-9) - "
         "r^4/40 + ln(r^2 + 1e-30)");
  agrees_with_quadrature(initial, 1000, 100000);
  lmx_initial_destroy(&initial);
}

static void formula_in_three_dimensions(void **state)
{
  (void)state;
  lmx_initial *initial =
      formula(3, "-(v1^2 + 1.5*v2^2 + 0.8*v3^2)/2 + 0.4*v1*v2*v3/(1 + r^2)");
  agrees_with_quadrature(initial, 80, 100000);
  lmx_initial_destroy(&initial);
}

/* The length has density |v|^4 f, v_1/|v| the distribution function
 * (2 + 3x - x^3)/4 on the sphere of R^5, and directions are independent. */
static void radial_formula_in_five_dimensions(void **state)
{
  (void)state;
  enum { N = 100000, D = 5, M = 4000 };
  static distribution length, direction;
  lmx_initial *initial = formula(D, "-0.5*r^2 + ln(1 + r^2) - 0.02*r^4");
  double *v = drawn(initial, N, 3), *r = malloc(2 * N * sizeof *r);
  double sum = 0.0, *x = r + N, products = 0.0;
  assert_non_null(r);
  length.half = 8.0;
  direction.half = 1.0;
  for (size_t b = 0; b < BINS; ++b) {
    double from = 16.0 * (double)b / BINS - 8.0, point[MAX] = {0.0};
    point[0] = from + 8.0 / BINS;
    if (from >= -1e-12)
      sum += 8.0 * M_PI * M_PI / 3.0 * pow(point[0], 4) *
             exp(lmx_initial_log_density(initial, point)) * 16.0 / BINS;
    length.until[b] = sum;
    double c = 2.0 * (double)(b + 1) / BINS - 1.0;
    direction.until[b] = (2.0 + 3.0 * c - c * c * c) / 4.0;
  }
  ASSERT_NEAR(sum, 1.0, 1e-5);
  for (size_t i = 0; i < N; ++i) {
    double r2 = 0.0;
    for (size_t a = 0; a < D; ++a)
      r2 += v[a * N + i] * v[a * N + i];
    r[i] = sqrt(r2);
    x[i] = v[2 * N + i] / r[i];
    products += v[i] * v[4 * N + i] / r2 * (r2 - D) / N;
  }
  assert_true(fabs(products) < 4.0 * 3.0 / sqrt(N));
  assert_true(kolmogorov(N, r, &length) < critical);
  assert_true(kolmogorov(N, x, &direction) < critical);
  free(v);
  free(r);
  lmx_initial_destroy(&initial);
}

/* --- tables -----------------------------------------------------------------
 */

typedef struct table {
  lmx_initial *mixture, *initial; /* closed form, and the table of it */
} table;

/* The mixture on the axes its symmetry allows, as a run would store it. */
static table tabulate(const lmx_initial_spec *mixture, size_t points,
                      double half)
{
  table t;
  int naxes;
  lmx_axis_kind kinds[LMX_MAX_AXES];
  lmx_axis_spec axes[LMX_MAX_AXES];
  lmx_grid *grid;
  double *u;
  ASSERT_OK(context, lmx_initial_create(context, mixture, &t.mixture));
  ASSERT_OK(context, lmx_initial_axes(context, t.mixture, &naxes, kinds));
  for (int a = 0; a < naxes; ++a)
    axes[a] = (lmx_axis_spec){kinds[a], points, half};
  ASSERT_OK(context,
            lmx_grid_create(context, mixture->d, naxes, axes, 6, &grid));
  ASSERT_OK(context, LMX_NEW_ARRAY(context, grid->size, &u));
  ASSERT_OK(context, lmx_initial_sample(context, t.mixture, grid, u));
  const lmx_initial_spec spec = {.d = mixture->d,
                                 .kind = LMX_INITIAL_TABLE,
                                 .table_grid = grid,
                                 .table_u = u,
                                 .table_map = lmx_initial_map(t.mixture),
                                 .table_model = lmx_initial_model(t.mixture)};
  ASSERT_OK(context, lmx_initial_create(context, &spec, &t.initial));
  lmx_grid_destroy(&grid);
  lmx_free(u);
  return t;
}

static void table_clear(table *t)
{
  lmx_initial_destroy(&t->initial);
  lmx_initial_destroy(&t->mixture);
}

/* Two beams along the first axis, one heavier and rounder. */
static table beams(int d, size_t points, double half)
{
  double mean[2][MAX] = {{1.2, 0.1}, {-1.0, -0.2}}, covariance[2][MAX * MAX];
  lmx_component components[2];
  memset(covariance, 0, sizeof covariance);
  for (int k = 0; k < 2; ++k) {
    if (d > 3)
      mean[k][1] = 0.0; /* rotations about the first axis */
    for (int a = 0; a < d; ++a)
      covariance[k][a * d + a] = k == 0 ? 0.4 : 0.9;
    components[k] = (lmx_component){k == 0 ? 0.6 : 0.4, mean[k], covariance[k]};
  }
  const lmx_initial_spec spec = {.d = d,
                                 .kind = LMX_INITIAL_MIXTURE,
                                 .normalise = true,
                                 .ncomponents = 2,
                                 .components = components};
  return tabulate(&spec, points, half);
}

/* The table's particles have the law of the mixture's, which are drawn in
 * another way: components, and lengths. */
static void table_and_closed_form(int d, size_t points, size_t n)
{
  table t = beams(d, points, 8.0);
  double *x = drawn(t.initial, n, 5), *y = drawn(t.mixture, n, 6);
  double *lengths = calloc(2 * n, sizeof *lengths);
  assert_non_null(lengths);
  for (size_t i = 0; i < n; ++i)
    for (size_t a = 0; a < (size_t)d; ++a) {
      lengths[i] += x[a * n + i] * x[a * n + i];
      lengths[n + i] += y[a * n + i] * y[a * n + i];
    }
  assert_true(smirnov(n, lengths, lengths + n) < critical);
  for (size_t a = 0; a < (size_t)d; ++a)
    assert_true(smirnov(n, x + a * n, y + a * n) < critical);
  free(lengths);
  free(x);
  free(y);
  table_clear(&t);
}

static void table_in_the_plane(void **state)
{
  (void)state;
  table_and_closed_form(2, 128, 100000);
}

static void table_with_an_axis_in_five_dimensions(void **state)
{
  (void)state;
  table_and_closed_form(5, 96, 40000);
}

static void table_in_ten_dimensions(void **state)
{
  (void)state;
  table_and_closed_form(10, 96, 20000);
}

static void table_that_ends_too_early(void **state)
{
  (void)state;
  table t = beams(2, 64, 4.0);
  lmx_envelope *envelope = NULL;
  assert_int_equal(lmx_envelope_create(context, t.initial, &envelope),
                   LMX_ERR_CASE);
  assert_null(envelope);
  assert_non_null(
      strstr(lmx_context_message(context), "initial.path: a part of about"));
  table_clear(&t);
}

/* --- the bound ---------------------------------------------------------------
 */

static lmx_status draw_many(const lmx_envelope *envelope, size_t n,
                            size_t *tries)
{
  const uint32_t key[2] = {1, 2};
  double v[MAX];
  for (uint32_t i = 0; i < n; ++i) {
    const lmx_stream stream = lmx_stream_of(key, LMX_DRAW_INITIAL, 0, 0, i);
    LMX_TRY(lmx_envelope_draw(context, envelope, &stream, v, 1, tries));
  }
  return LMX_OK;
}

/* The bound is above log f where it has not been looked at, and close. */
static void bound_is_above(void **state)
{
  (void)state;
  static const char *const texts[] = {
      "-r^2/2 + 0.5*cos(3*v1)", "-r^6/50 - v1^2", "-r^2/2 + ln(v1^2 + 1e-12)",
      "-(v1^2/1.9 + v2^2/0.1)/2"};
  for (size_t k = 0; k < sizeof texts / sizeof *texts; ++k) {
    lmx_initial *initial = formula(2, texts[k]);
    lmx_envelope *e;
    size_t tries = 0, n = 50000;
    ASSERT_OK(context, lmx_envelope_create(context, initial, &e));
    ASSERT_OK(context, draw_many(e, n, &tries));
    double expected = 1.0 / e->acceptance;
    ASSERT_NEAR((double)tries / (double)n, expected,
                4.0 * sqrt(expected * (expected - 1.0) / (double)n) + 1e-5);
    ASSERT_NEAR(e->measured, e->acceptance, 0.02);
    assert_true(e->acceptance > 0.8);
    assert_true(e->outside < 1e-11);
    lmx_envelope_destroy(&e);
    lmx_initial_destroy(&initial);
  }
}

static void wrong_bound_is_caught(void **state)
{
  (void)state;
  lmx_initial *initial = formula(2, "-r^2/2 + 0.5*cos(3*v1)");
  lmx_envelope *e;
  size_t tries = 0;
  ASSERT_OK(context, lmx_envelope_create(context, initial, &e));
  for (size_t c = 0; c < e->cells; ++c)
    e->top[c] -= 0.02; /* less than it varies on a cell */
  assert_int_equal(draw_many(e, 50000, &tries), LMX_ERR_NUMERICS);
  assert_non_null(strstr(lmx_context_message(context), "exceeds the bound"));
  lmx_envelope_destroy(&e);
  lmx_initial_destroy(&initial);
}

/* Structure that the first cells do not resolve is met with finer ones. */
static void fine_structure(void **state)
{
  (void)state;
  lmx_envelope *e = NULL;
  lmx_initial *initial = formula(2, "-r^2/2 + 0.7*cos(60*v1)*exp(-r^2/4)");
  ASSERT_OK(context, lmx_envelope_create(context, initial, &e));
  assert_true(e->cells > 16384);
  lmx_envelope_destroy(&e);
  lmx_initial_destroy(&initial);
}

/* The same particles for any number of threads and of particles. */
static void particles_depend_on_nothing_else(void **state)
{
  (void)state;
  lmx_initial *initial = formula(2, "-r^2/2 + 0.5*cos(3*v1)");
  double reference[2] = {0.0, 0.0};
  for (int threads = 1; threads <= 3; threads += 2) {
    const lmx_cloud_spec spec = {
        .particles = 300, .replicas = 4, .seed = 9, .threads = threads};
    lmx_cloud *cloud;
    ASSERT_OK(context, lmx_cloud_create(context, initial, &spec, &cloud));
    const double *v = lmx_cloud_velocities(cloud, 3);
    if (threads > 1)
      assert_true(v[299] == reference[0] &&
                  v[lmx_cloud_stride(cloud)] == reference[1]);
    reference[0] = v[299];
    reference[1] = v[lmx_cloud_stride(cloud)];
    lmx_cloud_destroy(&cloud);
  }
  lmx_initial_destroy(&initial);
}

static int open_context(void **state)
{
  (void)state;
  return lmx_context_create(&context) == LMX_OK ? 0 : 1;
}

static int close_context(void **state)
{
  (void)state;
  lmx_context_destroy(&context);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(formula_without_symmetry),
      cmocka_unit_test(formula_with_valleys),
      cmocka_unit_test(formula_in_three_dimensions),
      cmocka_unit_test(radial_formula_in_five_dimensions),
      cmocka_unit_test(table_in_the_plane),
      cmocka_unit_test(table_with_an_axis_in_five_dimensions),
      cmocka_unit_test(table_in_ten_dimensions),
      cmocka_unit_test(table_that_ends_too_early),
      cmocka_unit_test(bound_is_above),
      cmocka_unit_test(wrong_bound_is_caught),
      cmocka_unit_test(fine_structure),
      cmocka_unit_test(particles_depend_on_nothing_else),
  };
  return cmocka_run_group_tests(tests, open_context, close_context);
}
