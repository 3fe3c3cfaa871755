/* Gaussian bounds: (1.9) from above and Proposition 3.2 from below. */
#include "radial.h"

static const char *const upper[1] = {"hyp-1.9"};

/* --- (1.9) */

/* The smallest C with f <= C exp(-r^2 / C) by bisection of its logarithm. */
static double smallest_C0(double r, double g)
{
  double low = -800.0, high = 800.0;
  for (int i = 0; i < 200; ++i) {
    double middle = 0.5 * (low + high);
    if (middle - r * r * exp(-middle) >= g)
      high = middle;
    else
      low = middle;
  }
  return exp(high);
}

static void check_upper(sample *s)
{
  double v[LMX_MAX_DIMENSION], want[MAX_TIMES] = {0};
  for (size_t k = 0; k < s->ntimes; ++k)
    for (size_t i = 0; i < s->grid->size; ++i) {
      lmx_grid_point(s->grid, i, v);
      double r2 = square_norm(s->grid->d, v);
      if (r2 <= s->input.radius * s->input.radius)
        want[k] =
            fmax(want[k],
                 smallest_C0(sqrt(r2),
                             s->u[k][i] + lmx_log_maxwellian(s->grid->d, r2)));
    }
  lmx_check_results *results = sample_check(s, 1, upper);
  assert_verdict(results, "hyp-1.9", LMX_HOLDS);
  /* the value is found between nodes, too */
  ASSERT_AT_LEAST(results->items[0].value, want[0] * (1.0 - 1e-11));
  ASSERT_NEAR(results->items[0].value / want[0], 1.0, 1e-2);
  const lmx_table *table = table_named(results, "smallest_constants");
  assert_string_equal(table->column_names[1], "C_0 of (1.9)");
  for (size_t k = 0; k < s->ntimes; ++k)
    ASSERT_NEAR(table->data[k * table->columns + 1] / want[k], 1.0, 1e-11);
  lmx_check_results_destroy(&results);
}

static void the_smallest_constant_solves_the_equation(void **state)
{
  (void)state;
  const double D[5] = {0.0}, times[2] = {0.0, 0.1};
  const lmx_axis_spec full[2] = {{LMX_AXIS_FULL, 60, 7.0},
                                 {LMX_AXIS_FULL, 60, 7.0}};
  const lmx_axis_spec radial_axis = {LMX_AXIS_RADIAL, 60, 40.0};
  sample s;
  sample_open(&s, 2, D, 2, full, 2, times, 6.0);
  sample_fill(&s, radial_log_density);
  check_upper(&s);
  sample_close(&s);
  /* log f down to -800 */
  sample_open(&s, 3, D, 1, &radial_axis, 1, times, 39.0);
  sample_fill(&s, gaussian_log_density);
  check_upper(&s);
  sample_close(&s);
}

/* For N(0, diag(1.3, 0.7)) constants from 2 * 1.3 on serve everywhere, and none
 * below: a value on the ball is no such constant. */
static void the_constant_over_the_space_is_that_of_the_tail(void **state)
{
  (void)state;
  const double D[2] = {0.3, -0.3}, times[1] = {0.0};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 80, 8.0},
                                 {LMX_AXIS_MIRRORED, 80, 8.0}};
  double mean[2] = {0.0, 0.0}, covariance[4] = {1.3, 0.0, 0.0, 0.7};
  lmx_component component = {1.0, mean, covariance};
  const lmx_initial_spec spec = {.d = 2,
                                 .kind = LMX_INITIAL_GAUSSIAN,
                                 .normalise = true,
                                 .ncomponents = 1,
                                 .components = &component};
  lmx_initial *initial = NULL;
  sample s;
  sample_open(&s, 2, D, 2, axes, 1, times, 6.0);
  sample_fill(&s, gaussian_log_density);
  lmx_check_results *results = sample_check(&s, 1, upper);
  assert_true(results->items[0].value < 2.3);
  assert_non_null(strstr(results->items[0].note, "on the ball"));
  assert_null(strstr(results->items[0].note, "On R^d"));
  lmx_check_results_destroy(&results);
  ASSERT_OK(s.context, lmx_initial_create(s.context, &spec, &initial));
  s.input.initial = initial;
  results = sample_check(&s, 1, upper);
  ASSERT_NEAR(results->items[0].value, 2.6, 1e-12);
  assert_non_null(strstr(results->items[0].note, "On R^d, by structure"));
  lmx_check_results_destroy(&results);
  lmx_initial_destroy(&initial);
  sample_close(&s);
}

static double exponential(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  return -3.0 * sqrt(1.0 + square_norm(2, v));
}

static double mild_power(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  return -2.0 * pow(1.0 + square_norm(2, v), 0.7);
}

static double power_law(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  return -8.0 * log1p(square_norm(2, v));
}

static double constant(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  (void)v;
  return -4.0;
}

static double quartic(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  return -0.02 * pow(square_norm(2, v), 2);
}

static const struct {
  const char *name;
  log_density_fn *log_density;
  lmx_verdict verdict;
} tails[] = {
    {"exp(-3 |v|)", exponential, LMX_FAILS},
    {"exp(-2 |v|^1.4)", mild_power, LMX_FAILS},
    {"|v|^-16", power_law, LMX_FAILS},
    {"no decay", constant, LMX_FAILS},
    {"exp(-|v|^4)", quartic, LMX_HOLDS},
    {"Gaussian", gaussian_log_density, LMX_HOLDS},
    {"radial mixture", radial_log_density, LMX_HOLDS},
};

static void slow_decay_is_recognised(void **state)
{
  (void)state;
  const double D[2] = {0.0}, times[1] = {0.0};
  const lmx_axis_spec axis = {LMX_AXIS_RADIAL, 200, 8.0};
  sample s;
  sample_open(&s, 2, D, 1, &axis, 1, times, 6.0);
  for (size_t i = 0; i < sizeof tails / sizeof tails[0]; ++i) {
    sample_fill(&s, tails[i].log_density);
    lmx_check_results *results = sample_check(&s, 1, upper);
    if (results->items[0].status != tails[i].verdict)
      fail_msg("%s: %s", tails[i].name, results->items[0].note);
    lmx_check_results_destroy(&results);
  }
  sample_close(&s);
}

/* Two Gaussians that change places anywhere, also at the edge. */
static void mixtures_are_never_called_slow(void **state)
{
  (void)state;
  const double D[2] = {0.0}, times[1] = {0.0};
  const lmx_axis_spec axis = {LMX_AXIS_RADIAL, 200, 8.0};
  sample s;
  sample_open(&s, 2, D, 1, &axis, 1, times, 6.0);
  for (double cold = 0.1; cold < 1.5; cold *= 1.5)
    for (double hot = 1.1; hot < 50.0; hot *= 1.4)
      for (double weight = 1.0; weight > 1e-9; weight *= 0.1) {
        for (size_t i = 0; i < s.grid->size; ++i) {
          double r = s.grid->axis[0].nodes[i];
          s.u[0][i] = 0.5 * r * r + log(exp(-0.5 * r * r / cold) / cold +
                                        weight * exp(-0.5 * r * r / hot) / hot);
        }
        lmx_check_results *results = sample_check(&s, 1, upper);
        if (results->items[0].status == LMX_FAILS)
          fail_msg("cold %g, hot %g, weight %g: %s", cold, hot, weight,
                   results->items[0].note);
        lmx_check_results_destroy(&results);
      }
  sample_close(&s);
}

/* --- Proposition 3.2 */

/* theta and b by Runge and Kutta's rule, as equations. */
static void slopes(const sample *s, double delta, double t, const double *y,
                   double *dy)
{
  int d = s->grid->d;
  dy[0] = -2.0 * (d - 1) * (y[0] - 1.0) - 2.0 * delta * exp(-4.0 * d * t);
  dy[1] = -delta * d * exp(-4.0 * d * t) / y[0];
}

static void integrate(const sample *s, double delta, double end, double *y)
{
  enum { STEPS = 400 };
  double e = end / STEPS, k[4][2], z[2];
  for (int i = 0; i < STEPS; ++i) {
    double t = i * e;
    slopes(s, delta, t, y, k[0]);
    for (int j = 1; j < 4; ++j) {
      double part = j < 3 ? 0.5 * e : e;
      for (int n = 0; n < 2; ++n)
        z[n] = y[n] + part * k[j - 1][n];
      slopes(s, delta, t + part, z, k[j]);
    }
    for (int n = 0; n < 2; ++n)
      y[n] += e / 6.0 * (k[0][n] + 2 * k[1][n] + 2 * k[2][n] + k[3][n]);
  }
}

/* log of the Gaussian with theta0 at t = 0, at (t, v). */
static double log_lower(const sample *s, double delta, double theta0, double t,
                        const double *v)
{
  double y[2] = {theta0, 0.0};
  integrate(s, delta, t, y);
  return y[1] - 0.5 * s->grid->d * log(2.0 * M_PI * y[0]) -
         0.5 * square_norm(s->grid->d, v) / y[0];
}

/* (d_t - L) of it is <= 0, by differences. */
static void the_lower_bound_is_a_subsolution(void **state)
{
  (void)state;
  const double D[3] = {0.8, -0.5, -0.3}, times[1] = {0.0}, e = 1e-3;
  const lmx_axis_spec axes[3] = {{LMX_AXIS_MIRRORED, 12, 8.0},
                                 {LMX_AXIS_MIRRORED, 12, 8.0},
                                 {LMX_AXIS_MIRRORED, 12, 8.0}};
  sample s;
  sample_open(&s, 3, D, 3, axes, 1, times, 6.0);
  for (int i = 0; i < 60; ++i) {
    double t = 0.01 + 0.01 * (i % 7), v[3] = {0.1 * i, 3.0 - 0.1 * i, i % 5};
    double abar[9], q[3], G[3];
    double g = log_lower(&s, 0.8, 0.5, t, v);
    double rate = (log_lower(&s, 0.8, 0.5, t + e, v) -
                   log_lower(&s, 0.8, 0.5, t - e, v)) /
                  (2.0 * e);
    for (int a = 0; a < 3; ++a) {
      double kept = v[a], up, down;
      v[a] = kept + e;
      up = log_lower(&s, 0.8, 0.5, t, v);
      v[a] = kept - e;
      down = log_lower(&s, 0.8, 0.5, t, v);
      v[a] = kept;
      q[a] = (up - down) / (2.0 * e);
      G[a] = (up - 2.0 * g + down) / (e * e);
    }
    lmx_model_abar(&s.model, t, v, abar);
    double Lf = s.model.kappa;
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b)
        Lf += abar[3 * a + b] * (q[a] * q[b] + (a == b ? G[a] : 0.0));
    ASSERT_AT_MOST(rate - Lf, 1e-4);
  }
  sample_close(&s);
}

/* The smallest temperature that the nodes see: half a cell off the axes. */
static double theta_of_nodes(const sample *s, double log_f0)
{
  double v[2], rate = 0.0;
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    double r2 = square_norm(2, v);
    double g = s->u[0][i] + lmx_log_maxwellian(2, r2);
    if (r2 <= 36.0)
      rate = fmax(rate, 2.0 * (log_f0 - g) / r2);
  }
  return 1.0 / rate;
}

static void check_lower(double s1)
{
  const char *const lower[1] = {"prop-3.2"};
  const double times[3] = {0.0, 0.05, 0.2};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 40, 8.0},
                                 {LMX_AXIS_MIRRORED, 40, 8.0}};
  sample s;
  sample_axisymmetric(&s, 2, s1, 2, axes, 3, times, 6.0);
  lmx_check_results *results = sample_check(&s, 1, lower);
  assert_verdict(results, "prop-3.2", LMX_HOLDS);
  const lmx_table *table = table_named(results, "gaussian_lower");
  double v[2], value = -INFINITY, delta = fabs(s1 - 1.0);
  double least = INFINITY, origin[2] = {0.0, 0.0};
  double theta0 =
      theta_of_nodes(&s, -0.5 * log(s1 * (2.0 - s1)) - log(2.0 * M_PI));
  /* f0(0) (2 pi theta0)^(d/2) */
  double factor = log(theta0) - 0.5 * log(s1 * (2.0 - s1));
  for (size_t k = 0; k < s.ntimes; ++k)
    least =
        fmin(least, factor + log_lower(&s, delta, theta0, times[k], origin));
  for (size_t k = 0; k < s.ntimes; ++k) {
    double smallest = -INFINITY, y[2] = {theta0, 0.0};
    integrate(&s, delta, times[k], y);
    for (size_t i = 0; i < s.grid->size; ++i) {
      lmx_grid_point(s.grid, i, v);
      double r2 = square_norm(2, v);
      if (r2 > 36.0)
        continue;
      double g = s.u[k][i] + lmx_log_maxwellian(2, r2);
      double lower_bound = factor + y[1] - log(2.0 * M_PI * y[0]);
      value = fmax(value, lower_bound - 0.5 * r2 / y[0] - g);
      smallest = fmax(smallest, 2.0 * (least - g) / r2);
    }
    ASSERT_NEAR(table->data[3 * k + 1], smallest, 1e-7);
    ASSERT_NEAR(table->data[3 * k + 2], 1.0 / y[0], 1e-7);
  }
  ASSERT_NEAR(results->items[0].value, value, 1e-7);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

static void the_lower_bound_is_that_of_the_equations(void **state)
{
  (void)state;
  check_lower(1.3);
  check_lower(0.5);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_smallest_constant_solves_the_equation),
      cmocka_unit_test(the_constant_over_the_space_is_that_of_the_tail),
      cmocka_unit_test(slow_decay_is_recognised),
      cmocka_unit_test(mixtures_are_never_called_slow),
      cmocka_unit_test(the_lower_bound_is_a_subsolution),
      cmocka_unit_test(the_lower_bound_is_that_of_the_equations),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
