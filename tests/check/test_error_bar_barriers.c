/* The barriers of the error bar against the equation: radial ones, the Gaussian
 * above the solution, and the geometric means of both. */
#include "solutions.h"

#include "check/error_bar.h"

static void open_sample(sample *s)
{
  const double times[4] = {0.0, 0.05, 0.2, 0.5};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 44, 11.0},
                                 {LMX_AXIS_MIRRORED, 44, 11.0}};
  sample_axisymmetric(s, 2, 1.3, 2, axes, 4, times, 5.0);
}

/* w = exp(k |v|^2 / 2) through the equation, derivatives by differences: A w
 * with abar from the model, and L w. */
static void growth_is_that_of_the_equation(void **state)
{
  (void)state;
  static const double k[2] = {0.2, 1.2}; /* two of the list */
  static const size_t place[2] = {0, 12};
  const double D[3] = {0.5, -0.3, -0.2}, v[3] = {0.7, -1.1, 0.4}, t = 0.03;
  double q[3] = {-0.4, 1.3, 0.2}, abar[9], growth[LMX_BAR_RATES];
  double density[LMX_BAR_RATES], normal = 0.0, drift = 0.0;
  double r2 = square_norm(3, v);
  lmx_context *context;
  lmx_model model;
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  ASSERT_OK(context, lmx_model_init(context, 3, D, &model));
  lmx_model_abar(&model, t, v, abar);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      normal += v[a] * abar[3 * a + b] * v[b] / r2;
      drift += v[a] * abar[3 * a + b] * q[b];
    }
  lmx_bar_growth(&model, r2, normal, drift, growth);
  lmx_bar_growth_density(&model, r2, normal, density);
  for (int i = 0; i < 2; ++i) {
    double A = 0.0, L = model.kappa, s = k[i] - 1.0;
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b) {
        double one = a == b ? 1.0 : 0.0, x = abar[3 * a + b];
        A += x * (k[i] * one + k[i] * k[i] * v[a] * v[b]);
        A += 2.0 * x * q[a] * k[i] * v[b];
        L += x * (s * one + s * s * v[a] * v[b]);
      }
    ASSERT_NEAR(growth[place[i]], A, 1e-12 * (1.0 + fabs(A)));
    ASSERT_NEAR(density[place[i]], L, 1e-12 * (1.0 + fabs(L)));
  }
  lmx_context_destroy(&context);
}

enum { FD = 180 };

/* W_t = W'' + ((d - 1) (d + r^2) - 1) / r W' - 2 r W', d = 2, W = 0 at first
 * and 1 at r = Lambda, by explicit differences: what comes in at the sphere
 * when f = M. */
static void solve_radial(double outer, double end, double *W)
{
  double h = outer / FD, dt = 0.2 * h * h, new[FD + 1];
  memset(W, 0, (FD + 1) * sizeof *W);
  W[FD] = 1.0;
  for (double t = 0.0; t < end; t += dt) {
    for (int i = 1; i < FD; ++i) {
      double r = i * h, drift = (2.0 + r * r - 1.0) / r - 2.0 * r;
      new[i] = W[i] + dt *((W[i + 1] - 2.0 * W[i] + W[i - 1]) / (h * h) +
                           drift * (W[i + 1] - W[i - 1]) / (2.0 * h));
    }
    memcpy(W + 1, new + 1, (FD - 1) * sizeof *W);
    W[0] = W[1];
  }
}

static void barriers_bound_a_radial_solution(void **state)
{
  (void)state;
  const double D[2] = {0.0, 0.0}, times[1] = {0.0}, end = 0.4;
  const lmx_axis_spec axes[1] = {{LMX_AXIS_RADIAL, 90, 6.0}};
  static lmx_bar_coefficients c;
  static lmx_bar_profile fed, entered;
  lmx_bar_shells shells;
  double W[FD + 1], none[LMX_BAR_SHELLS] = {0}, source[LMX_BAR_SHELLS];
  sample s;
  sample_open(&s, 2, D, 1, axes, 1, times, 4.0);
  ASSERT_OK(s.context, lmx_bar_shells_init(s.context, s.grid, 4.0, &shells));
  memset(&c, 0, sizeof c);
  for (size_t j = 0; j < shells.n; ++j) {
    source[j] = 1e-3;
    for (int i = 0; i < LMX_BAR_RATES; ++i)
      c.growth[i][j] = -INFINITY;
    for (int p = 0; p <= 20; ++p) {
      double growth[LMX_BAR_RATES], r = shells.edge[j];
      r += (shells.edge[j + 1] - shells.edge[j]) * p / 20.0;
      lmx_bar_growth(&s.model, r * r, 1.0, -r * r, growth);
      for (int i = 0; i < LMX_BAR_RATES; ++i)
        c.growth[i][j] = fmax(c.growth[i][j], growth[i]);
    }
  }
  lmx_bar_profile_init(&shells, &entered);
  lmx_bar_profile_init(&shells, &fed);
  for (int step = 0; step < 40; ++step) {
    lmx_bar_profile_prepare(&shells, &c, &entered);
    lmx_bar_profile_advance(&shells, none, none, 1.0, end / 40.0, &entered);
    lmx_bar_profile_settle(&shells, NULL, &entered);
    lmx_bar_profile_prepare(&shells, &c, &fed);
    lmx_bar_profile_advance(&shells, none, source, 0.0, end / 40.0, &fed);
    lmx_bar_profile_settle(&shells, NULL, &fed);
  }
  solve_radial(6.0, end, W);
  for (size_t j = 0; j < shells.n; ++j) {
    double exact = W[(size_t)(shells.edge[j + 1] / 6.0 * FD)];
    ASSERT_AT_LEAST(entered.value[j], exact);
    /* a uniform source fills uniformly, sharply so in the ball */
    ASSERT_AT_LEAST(fed.value[j], 1e-3 * end * (1.0 - 1e-12));
    if (j < shells.ball)
      ASSERT_AT_MOST(fed.value[j], 1e-3 * end * 1.05);
  }
  /* and not without end above what enters */
  ASSERT_AT_MOST(entered.value[shells.ball - 1],
                 30.0 * W[(size_t)(4.0 / 6.0 * FD)]);
  lmx_bar_shells_release(&shells);
  sample_close(&s);
}

/* (d_t - L) of the Gaussian above the exact solution is >= 0. */
static double log_upper(const sample *s, double t, const double *v)
{
  const lmx_bar_gaussian gaussian = {.theta0 = 1.9, .log_c = 0.3, .delta = 0.6};
  return lmx_bar_gaussian_log(&s->model, &gaussian, t,
                              square_norm(s->model.d, v));
}

static void the_gaussian_above_is_a_supersolution(void **state)
{
  (void)state;
  const double D[3] = {0.9, -0.6, -0.3}, times[1] = {0.0}, e = 1e-3;
  const lmx_axis_spec axes[3] = {{LMX_AXIS_MIRRORED, 12, 8.0},
                                 {LMX_AXIS_MIRRORED, 12, 8.0},
                                 {LMX_AXIS_MIRRORED, 12, 8.0}};
  sample s;
  sample_open(&s, 3, D, 3, axes, 1, times, 6.0);
  for (int i = 0; i < 60; ++i) {
    double t = 0.01 + 0.01 * (i % 7), v[3] = {0.1 * i, 3.0 - 0.1 * i, i % 5};
    double abar[9], q[3], G[3], g = log_upper(&s, t, v);
    double rate =
        (log_upper(&s, t + e, v) - log_upper(&s, t - e, v)) / (2.0 * e);
    for (int a = 0; a < 3; ++a) {
      double kept = v[a];
      v[a] = kept + e;
      double up = log_upper(&s, t, v);
      v[a] = kept - e;
      double down = log_upper(&s, t, v);
      v[a] = kept;
      q[a] = (up - down) / (2.0 * e);
      G[a] = (up - 2.0 * g + down) / (e * e);
    }
    lmx_model_abar(&s.model, t, v, abar);
    double Lf = s.model.kappa;
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b)
        Lf += abar[3 * a + b] * (q[a] * q[b] + (a == b ? G[a] : 0.0));
    ASSERT_AT_LEAST(rate - Lf, -1e-4);
  }
  sample_close(&s);
}

/* It is above the data, and touches them. */
static void the_gaussian_is_above_the_data(void **state)
{
  (void)state;
  sample s;
  lmx_bar_gaussian gaussian;
  double least = INFINITY;
  open_sample(&s);
  lmx_bar_gaussian_init(&s.input, 11.0, &gaussian);
  ASSERT_NEAR(gaussian.theta0, 1.3, 1e-10);
  for (size_t i = 0; i < s.grid->size; ++i) {
    double v[2];
    lmx_grid_point(s.grid, i, v);
    double r2 = square_norm(2, v);
    least = fmin(least, lmx_bar_gaussian_log(&s.model, &gaussian, 0.0, r2) -
                            s.u[0][i] - lmx_log_maxwellian(2, r2));
  }
  ASSERT_NEAR(least, 0.0, 1e-10);
  sample_close(&s);
}

/* Beyond the box, too, where in the hot direction a steeper one above the data
 * in the box would cross them. */
static void the_gaussian_is_above_the_data_beyond(void **state)
{
  (void)state;
  const double times[2] = {0.0, 0.3}, outer = 30.0, h = 0.2;
  const lmx_axis_spec axes[2][2] = {
      {{LMX_AXIS_MIRRORED, 40, 8.0}, {LMX_AXIS_RADIAL, 40, 8.0}},
      {{LMX_AXIS_FULL, 61, 8.0}, {LMX_AXIS_RADIAL, 40, 8.0}}};
  for (int i = 0; i < 2; ++i) {
    sample s;
    lmx_bar_gaussian gaussian;
    sample_axisymmetric(&s, 3, 1.8, 2, axes[i], 2, times, 5.0);
    lmx_bar_gaussian_init(&s.input, 8.0, &gaussian);
    ASSERT_NEAR(gaussian.theta0, 1.8, 1e-10);
    /* as far off the axis as the nodes */
    double f = -0.5 * outer * outer / 1.8 - 0.125 * h * h / 0.6 -
               0.5 * log(1.8 * 0.6 * 0.6) - 1.5 * log(2.0 * M_PI);
    double r2 = outer * outer + 0.25 * h * h;
    ASSERT_AT_LEAST(lmx_bar_gaussian_log(&s.model, &gaussian, 0.0, r2),
                    f - 1e-9);
    sample_close(&s);
  }
}

/* Data that rise towards the edge lie below none. */
static void rising_data_have_no_gaussian(void **state)
{
  (void)state;
  sample s;
  lmx_bar_gaussian gaussian;
  open_sample(&s);
  for (size_t i = 0; i < s.grid->size; ++i) {
    double v[2];
    lmx_grid_point(s.grid, i, v);
    s.u[0][i] = 0.55 * square_norm(2, v);
  }
  lmx_bar_gaussian_init(&s.input, 11.0, &gaussian);
  assert_true(isnan(gaussian.theta0));
  sample_close(&s);
}

/* log f, any function. */
static double any_log(double t, const double *v)
{
  return -0.9 * v[0] * v[0] - 0.4 * v[1] * v[1] - 0.7 * v[2] * v[2] +
         0.3 * sin(v[0] + 2.0 * v[1]) * cos(v[2] + 5.0 * t) + 0.8 * t * v[1];
}

/* h, its rate less (L exp h) / exp h, and its gradient, by differences. */
typedef double any_function(const sample *s, double t, const double *v);

static double log_given(const sample *s, double t, const double *v)
{
  (void)s;
  return any_log(t, v);
}

static double exponent_of_mean; /* of log_mean */

static double log_mean(const sample *s, double t, const double *v)
{
  double x = exponent_of_mean;
  return (1.0 - x) * any_log(t, v) + x * log_upper(s, t, v);
}

static double surplus(const sample *s, any_function *h, double t,
                      const double *v, double *gradient)
{
  const double e = 1e-3;
  double abar[9], x[3] = {v[0], v[1], v[2]};
  double result = (h(s, t + e, v) - h(s, t - e, v)) / (2.0 * e);
  lmx_model_abar(&s->model, t, v, abar);
  for (int a = 0; a < 3; ++a) {
    x[a] = v[a] + e;
    gradient[a] = h(s, t, x);
    x[a] = v[a] - e;
    gradient[a] = (gradient[a] - h(s, t, x)) / (2.0 * e);
    x[a] = v[a];
  }
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      double second = 0.0;
      for (int corner = 0; corner < 4; ++corner) {
        x[a] += corner / 2 == 0 ? e : -e;
        x[b] += corner % 2 == 0 ? e : -e;
        second += (corner == 0 || corner == 3 ? 1.0 : -1.0) * h(s, t, x);
        memcpy(x, v, sizeof x);
      }
      result -= abar[3 * a + b] *
                (second / (4.0 * e * e) + gradient[a] * gradient[b]);
    }
  return result - s->model.kappa;
}

/* (d_t - L) f^(1-s) G^s over itself is no less than what feeds it says. */
static void geometric_means_are_supersolutions(void **state)
{
  (void)state;
  const double D[3] = {0.9, -0.6, -0.3}, times[1] = {0.0};
  const lmx_axis_spec axes[3] = {{LMX_AXIS_MIRRORED, 12, 8.0},
                                 {LMX_AXIS_MIRRORED, 12, 8.0},
                                 {LMX_AXIS_MIRRORED, 12, 8.0}};
  sample s;
  sample_open(&s, 3, D, 3, axes, 1, times, 6.0);
  for (int i = 0; i < 40; ++i) {
    double t = 0.01 + 0.01 * (i % 7), v[3] = {0.1 * i, 3.0 - 0.1 * i, i % 5};
    double q[3], p[3], h[3], abar[9], spread = 0.0;
    double powers[LMX_BAR_MEANS + 1];
    lmx_bar_feed feed = {{0.0}, {0.0}};
    double rho = surplus(&s, log_given, t, v, q);
    surplus(&s, log_upper, t, v, p);
    lmx_model_abar(&s.model, t, v, abar);
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b)
        spread += abar[3 * a + b] * (p[a] - q[a]) * (p[b] - q[b]);
    double above = log_upper(&s, t, v) - any_log(t, v);
    lmx_bar_means_powers(lmx_bar_means_root(above), powers);
    for (int m = 0; m < LMX_BAR_MEANS; ++m)
      feed.growth[m] = -INFINITY;
    lmx_bar_means_take(fabs(rho), spread, powers, &feed);
    for (int m = 0; m < LMX_BAR_MEANS; ++m) {
      double exponent = pow(0.5, LMX_BAR_MEANS - m);
      exponent_of_mean = exponent;
      double got = surplus(&s, log_mean, t, v, h);
      ASSERT_AT_LEAST(got, -(1.0 - exponent) * feed.growth[m] -
                               1e-4 * (1.0 + fabs(rho) + spread));
      ASSERT_NEAR(feed.source[m], fabs(rho) * exp(-exponent * above),
                  1e-10 * fabs(rho) * exp(-exponent * above));
    }
    ASSERT_NEAR(powers[LMX_BAR_MEANS], exp(-above), 1e-10 * exp(-above));
  }
  sample_close(&s);
}

/* C' = source + (1 - s) growth C; the bound is the same relative to f and to
 * G, and falls onto what is known. */
static void geometric_means_are_carried_on(void **state)
{
  (void)state;
  double C[LMX_BAR_MEANS] = {0.0}, source[LMX_BAR_MEANS];
  double growth[LMX_BAR_MEANS], s = 0.5;
  for (int m = 0; m < LMX_BAR_MEANS; ++m) {
    source[m] = m == LMX_BAR_MEANS - 1 ? 2.0 : 1e9;
    growth[m] = m == LMX_BAR_MEANS - 1 ? 3.0 : -1.0;
  }
  for (int i = 0; i < 1000; ++i)
    lmx_bar_means_advance(source, growth, 4e-4, C);
  double exact = 2.0 / (3.0 * (1.0 - s)) * expm1(3.0 * (1.0 - s) * 0.4);
  ASSERT_AT_LEAST(C[LMX_BAR_MEANS - 1], exact);
  ASSERT_AT_MOST(C[LMX_BAR_MEANS - 1], 1.001 * exact);
  ASSERT_NEAR(C[0], 4e8, 1.0); /* nothing grows by less than nothing */
  ASSERT_NEAR(lmx_bar_means_over_f(C, 2.0), C[LMX_BAR_MEANS - 1] * exp(1.0),
              1e-12);
  ASSERT_NEAR(lmx_bar_means_over_gaussian(C, -2.0),
              C[LMX_BAR_MEANS - 1] * exp(-1.0), 1e-12);
  const double over_f[2] = {1e-3, 1e3}, over_gaussian[2] = {1e3, 1e-5};
  const double above[2] = {4.0, 6.0}, below[2] = {-3.0, -5.0};
  lmx_bar_means_lower(2, over_f, over_gaussian, above, below, C);
  ASSERT_NEAR(C[LMX_BAR_MEANS - 1], 1e-3 * exp(-1.5), 1e-12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(growth_is_that_of_the_equation),
      cmocka_unit_test(barriers_bound_a_radial_solution),
      cmocka_unit_test(the_gaussian_above_is_a_supersolution),
      cmocka_unit_test(the_gaussian_is_above_the_data),
      cmocka_unit_test(the_gaussian_is_above_the_data_beyond),
      cmocka_unit_test(rising_data_have_no_gaussian),
      cmocka_unit_test(geometric_means_are_supersolutions),
      cmocka_unit_test(geometric_means_are_carried_on),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
