/* The exact solutions: initial values, limits, moments, agreement with each
 * other and with direct quadrature, rejected parameters, memory. */
#include "exact_support.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_gamma.h>

static const double pi = 3.14159265358979323846;

static double value(lmx_context *context, const lmx_exact *exact, int d,
                    double t, const double *v)
{
  jet_store store;
  lmx_jet *jet = jet_of(&store, d);
  memcpy(jet->v, v, (size_t)d * sizeof *v);
  ASSERT_OK(context, lmx_exact_eval(context, exact, t, jet, NULL));
  return jet->g;
}

static double normal(double x, double variance)
{
  return exp(-x * x / (2.0 * variance)) / sqrt(2.0 * pi * variance);
}

/* Density of N(m, S) in the plane. */
static double plane_normal(const double *v, const double *m, const double *S)
{
  double det = S[0] * S[3] - S[1] * S[2];
  double x = v[0] - m[0], y = v[1] - m[1];
  double form = (S[3] * x * x - 2.0 * S[1] * x * y + S[0] * y * y) / det;
  return exp(-0.5 * form) / (2.0 * pi * sqrt(det));
}

static double triangle_density(const triangle *tri, const double *v)
{
  double sum = 0.0;
  for (int k = 0; k < TRIANGLE; ++k)
    sum += plane_normal(v, tri->mean[k], tri->covariance[k]) / 3.0;
  return sum;
}

static void initial_values_are_the_data(void **state)
{
  lmx_context *context = *state;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus);
  for (int i = 0; i < 20; ++i) {
    double v[3], w[2];
    random_point(rng, 3, 6.0, v);
    random_point(rng, 2, 6.0, w);
    example radial = radial_example(context, 3), bkw = bkw_example(context, 3);
    example rotated = triangle_example(context, 0.7, 0.3);
    example gaussian = gaussian_example(context, 3, 1.4, 1);
    double r2 = norm2(3, v), c = 1.6 / 5.0, s = 1.0 - c;
    double f = 0.5 * exp(-r2 / 1.2) * pow(1.2 * pi, -1.5) +
               0.3 * exp(-r2 / 2.4) * pow(2.4 * pi, -1.5) +
               0.2 * exp(-r2 / 3.4) * pow(3.4 * pi, -1.5);
    ASSERT_NEAR(value(context, radial.exact, 3, 0.0, v), log(f), 1e-13);
    f = exp(-r2 / (2.0 * s)) * pow(2.0 * pi * s, -1.5) *
        ((5.0 * s - 3.0) / (2.0 * s) + c * r2 / (2.0 * s * s));
    ASSERT_NEAR(value(context, bkw.exact, 3, 0.0, v), log(f), 1e-13);
    triangle tri;
    triangle_init(&tri, 0.7, 0.3);
    ASSERT_NEAR(value(context, rotated.exact, 2, 0.0, w),
                log(triangle_density(&tri, w)), 1e-12);
    f = normal(v[0], 0.8) * normal(v[1], 1.4) * normal(v[2], 0.8);
    ASSERT_NEAR(value(context, gaussian.exact, 3, 0.0, v), log(f), 1e-13);
    lmx_exact_destroy(&radial.exact);
    lmx_exact_destroy(&bkw.exact);
    lmx_exact_destroy(&rotated.exact);
    lmx_exact_destroy(&gaussian.exact);
  }
  gsl_rng_free(rng);
}

/* Where t > 0 takes another path than t = 0: no jump between them. */
static void solutions_start_continuously(void **state)
{
  lmx_context *context = *state;
  const double t = 1e-7, v[3] = {0.8, -1.1, 0.5};
  example examples[3] = {triangle_example(context, 0.7, 0.3),
                         gaussian_example(context, 2, 1.3, 0),
                         gaussian_example(context, 3, 0.7, 1)};
  for (int i = 0; i < 3; ++i) {
    int d = examples[i].model.d;
    double start = value(context, examples[i].exact, d, 0.0, v);
    ASSERT_NEAR(value(context, examples[i].exact, d, t, v), start, 100.0 * t);
    ASSERT_NEAR(value(context, examples[i].exact, d, 0.1 * t, v), start,
                10.0 * t);
    lmx_exact_destroy(&examples[i].exact);
  }
}

static void relaxes_to(lmx_context *context, example ex, double t)
{
  int d = ex.model.d;
  jet_store store;
  lmx_jet *jet = jet_of(&store, d);
  for (int a = 0; a < d; ++a)
    jet->v[a] = 2.0 - 0.7 * a;
  ASSERT_OK(context, lmx_exact_eval(context, ex.exact, t, jet, NULL));
  ASSERT_NEAR(jet->g, lmx_log_maxwellian(d, norm2(d, jet->v)), 1e-12);
  for (int a = 0; a < d; ++a) {
    ASSERT_NEAR(jet->q[a], -jet->v[a], 1e-12);
    for (int b = 0; b < d; ++b)
      ASSERT_NEAR(jet->G[a * d + b], a == b ? -1.0 : 0.0, 1e-12);
  }
  lmx_exact_destroy(&ex.exact);
}

static void every_solution_relaxes_to_the_maxwellian(void **state)
{
  lmx_context *context = *state;
  const double late[] = {40.0, 1e3, 1e9};
  for (int i = 0; i < 3; ++i) {
    for (int d = 2; d <= LMX_MAX_DIMENSION; d += 7) {
      relaxes_to(context, radial_example(context, d), late[i]);
      relaxes_to(context, bkw_example(context, d), late[i]);
      relaxes_to(context, gaussian_example(context, d, 1.5, 0), late[i]);
    }
    relaxes_to(context, triangle_example(context, 0.7, 0.3), late[i]);
  }
}

/* Mass and second moments on a lattice: the midpoint rule is accurate to
 * rounding for entire functions that decay like Gaussians. */
static void has_moments(lmx_context *context, example ex, double t)
{
  const double h = 0.5, reach = 10.0;
  int d = ex.model.d, n = (int)(2.0 * reach / h);
  double mass = 0.0, second[3] = {0}, mixed = 0.0;
  for (int i = 0; i < (d == 2 ? n * n : n * n * n); ++i) {
    double v[3] = {(i % n + 0.5) * h - reach, (i / n % n + 0.5) * h - reach,
                   (i / (n * n) + 0.5) * h - reach};
    /* The three-dimensional examples are even in v_3. */
    if (norm2(d, v) > reach * reach || (d == 3 && v[2] < 0.0))
      continue;
    double f = (d == 3 ? 2.0 * h : 1.0) * h * h *
               exp(value(context, ex.exact, d, t, v));
    mass += f;
    for (int a = 0; a < d; ++a)
      second[a] += v[a] * v[a] * f;
    mixed += v[0] * v[1] * f;
  }
  ASSERT_NEAR(mass, 1.0, 1e-10);
  ASSERT_NEAR(mixed, 0.0, 1e-10);
  for (int a = 0; a < d; ++a)
    ASSERT_NEAR(second[a], 1.0 + ex.model.D[a] * exp(-4.0 * d * t), 1e-8);
  lmx_exact_destroy(&ex.exact);
}

/* (3.4), with the sum of D exp(-4dt) written out. */
static void mass_and_temperatures_follow_the_closed_form(void **state)
{
  lmx_context *context = *state;
  has_moments(context, radial_example(context, 2), 0.1);
  has_moments(context, bkw_example(context, 2), 0.1);
  has_moments(context, triangle_example(context, 0.7, 0.3), 0.2);
  has_moments(context, gaussian_example(context, 2, 1.3, 0), 0.07);
  has_moments(context, gaussian_example(context, 2, 1.3, 1), 0.07);
  has_moments(context, gaussian_example(context, 3, 0.7, 0), 0.05);
}

/* Radial moments by adaptive quadrature, in any dimension. */
typedef struct {
  lmx_context *context;
  const lmx_exact *exact;
  int d, power;
  double t;
} radial_integrand;

static double radial_density(double r, void *data)
{
  const radial_integrand *in = data;
  double v[LMX_MAX_DIMENSION] = {0};
  v[in->d - 1] = r;
  double area = 2.0 * pow(pi, 0.5 * in->d) / gsl_sf_gamma(0.5 * in->d);
  return area * pow(r, in->d - 1 + in->power) *
         exp(value(in->context, in->exact, in->d, in->t, v));
}

static double radial_moment(radial_integrand *in, int power)
{
  double result = NAN, error;
  size_t n;
  gsl_function f = {radial_density, in};
  in->power = power;
  assert_int_equal(
      gsl_integration_qng(&f, 0.0, 14.0, 1e-11, 1e-11, &result, &error, &n), 0);
  return result;
}

static void radial_solutions_have_their_moments(void **state)
{
  lmx_context *context = *state;
  for (int d = 2; d <= 10; d += 4) {
    const double t = 0.08;
    double decay = exp(-4.0 * (d - 1.0) * t), c = 1.6 / (d + 2.0);
    double isotropic = d * (d + 2.0),
           variance = 0.5 * 0.16 + 0.3 * 0.04 + 0.2 * 0.49;
    example radial = radial_example(context, d), bkw = bkw_example(context, d);
    radial_integrand in = {context, radial.exact, d, 0, t};
    ASSERT_NEAR(radial_moment(&in, 0), 1.0, 1e-9);
    ASSERT_NEAR(radial_moment(&in, 2), d, 1e-9 * d);
    /* E|v|^4 = d(d+2) sum w th^2. */
    ASSERT_NEAR(radial_moment(&in, 4), isotropic * (1.0 + variance * decay),
                1e-8 * isotropic);
    in.exact = bkw.exact;
    ASSERT_NEAR(radial_moment(&in, 0), 1.0, 1e-9);
    ASSERT_NEAR(radial_moment(&in, 2), d, 1e-9 * d);
    /* E|v|^4 = d(d+2) s (2-s) = d(d+2) (1 - c^2 exp(-4(d-1)t)). */
    ASSERT_NEAR(radial_moment(&in, 4), isotropic * (1.0 - c * c * decay),
                1e-8 * isotropic);
    lmx_exact_destroy(&radial.exact);
    lmx_exact_destroy(&bkw.exact);
  }
}

/* The rotation average by adaptive quadrature of the plain density, written
 * in the laboratory frame. */
typedef struct {
  const triangle *tri;
  double t, v[2];
} rotation_integrand;

static double rotated_density(double phi, void *data)
{
  const rotation_integrand *in = data;
  double c = cos(phi), s = sin(phi), sum = 0.0, rho = exp(-in->t);
  for (int k = 0; k < TRIANGLE; ++k) {
    const double *m = in->tri->mean[k], *S = in->tri->covariance[k];
    double heat = 1.0 - rho * rho;
    double mean[2] = {rho * (c * m[0] - s * m[1]), rho * (s * m[0] + c * m[1])};
    double RS[4] = {c * S[0] - s * S[2], c * S[1] - s * S[3],
                    s * S[0] + c * S[2], s * S[1] + c * S[3]};
    double RSR[4] = {RS[0] * c - RS[1] * s, RS[0] * s + RS[1] * c,
                     RS[2] * c - RS[3] * s, RS[2] * s + RS[3] * c};
    for (int i = 0; i < 4; ++i)
      RSR[i] = rho * rho * RSR[i] + (i % 3 == 0 ? heat : 0.0);
    sum += plane_normal(in->v, mean, RSR) / 3.0;
  }
  return normal(phi, 2.0 * in->t) * sum;
}

static void rotated_mixture_agrees_with_adaptive_quadrature(void **state)
{
  lmx_context *context = *state;
  const double times[] = {1e-3, 0.02, 0.1, 0.3, 0.8, 1.1, 2.5};
  gsl_integration_workspace *work = gsl_integration_workspace_alloc(1000);
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus);
  example ex = triangle_example(context, 0.7, 0.3);
  triangle tri;
  triangle_init(&tri, 0.7, 0.3);
  for (int i = 0; i < 70; ++i) {
    rotation_integrand in = {.tri = &tri, .t = times[i % 7]};
    random_point(rng, 2, 8.0, in.v);
    double f = NAN, error, reach = 16.0 * sqrt(2.0 * in.t);
    gsl_function function = {rotated_density, &in};
    assert_int_equal(gsl_integration_qag(&function, -reach, reach, 0.0, 1e-11,
                                         1000, GSL_INTEG_GAUSS31, work, &f,
                                         &error),
                     0);
    ASSERT_NEAR(value(context, ex.exact, 2, in.t, in.v), log(f), 1e-10);
  }
  lmx_exact_destroy(&ex.exact);
  gsl_rng_free(rng);
  gsl_integration_workspace_free(work);
}

/* Two solutions must be the same function. */
static void agree(lmx_context *context, example one, example two, double radius,
                  double tolerance)
{
  int d = one.model.d;
  jet_store first, second;
  lmx_jet *x = jet_of(&first, d), *y = jet_of(&second, d);
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus);
  for (int i = 0; i < 20; ++i) {
    double t = 0.07 * (i / 5), error_x, error_y;
    random_point(rng, d, radius, x->v);
    memcpy(y->v, x->v, sizeof first.v);
    ASSERT_OK(context, lmx_exact_eval(context, one.exact, t, x, &error_x));
    ASSERT_OK(context, lmx_exact_eval(context, two.exact, t, y, &error_y));
    ASSERT_NEAR(x->g, y->g, error_x + error_y);
    ASSERT_AT_MOST(error_x + error_y, 0.1 * tolerance);
    for (int a = 0; a < d; ++a) {
      ASSERT_NEAR(x->q[a], y->q[a], tolerance);
      for (int b = 0; b < d; ++b)
        ASSERT_NEAR(x->G[a * d + b], y->G[a * d + b], 10.0 * tolerance);
    }
  }
  gsl_rng_free(rng);
  lmx_exact_destroy(&one.exact);
  lmx_exact_destroy(&two.exact);
}

static example maxwellian_example(lmx_context *context, int d)
{
  const double one = 1.0, D[LMX_MAX_DIMENSION] = {0};
  example ex;
  ASSERT_OK(context,
            lmx_exact_radial_mixture(context, d, 1, &one, &one, &ex.exact));
  ASSERT_OK(context, lmx_model_init(context, d, D, &ex.model));
  return ex;
}

/* The components of radial_example in the plane, as a plane mixture. */
static example radial_as_rotated(lmx_context *context)
{
  double mean[2] = {0.0, 0.0};
  double S1[4] = {0.6, 0.0, 0.0, 0.6}, S2[4] = {1.2, 0.0, 0.0, 1.2};
  double S3[4] = {1.7, 0.0, 0.0, 1.7};
  const lmx_component components[3] = {
      {0.5, mean, S1}, {0.3, mean, S2}, {0.2, mean, S3}};
  example ex = maxwellian_example(context, 2);
  lmx_exact_destroy(&ex.exact);
  ASSERT_OK(context,
            lmx_exact_rotated_mixture(context, 3, components, &ex.exact));
  return ex;
}

static void solutions_agree_where_they_overlap(void **state)
{
  lmx_context *context = *state;
  for (int d = 2; d <= 8; d += 3)
    agree(context, maxwellian_example(context, d),
          gaussian_example(context, d, 1.0, 0), 10.0, 1e-11);
  agree(context, radial_example(context, 2), radial_as_rotated(context), 10.0,
        1e-9);
  /* The same plane Gaussian with either axis distinguished: other signs and
   * other terms, so their difference tests the error estimate as well. */
  agree(context, gaussian_example(context, 2, 1.4, 0),
        gaussian_example(context, 2, 0.6, 1), 6.0, 1e-8);
}

static void estimates_hold_where_conditioning_is_bad(void **state)
{
  lmx_context *context = *state;
  example one = gaussian_example(context, 2, 1.6, 0);
  example two = gaussian_example(context, 2, 0.4, 1);
  double worst = 0.0;
  jet_store first, second;
  lmx_jet *x = jet_of(&first, 2), *y = jet_of(&second, 2);
  for (int i = 0; i < 24; ++i) {
    double error_x, error_y, r = 4.0 + 0.25 * i;
    x->v[0] = y->v[0] = 0.1 * r;
    x->v[1] = y->v[1] = r;
    if (lmx_exact_eval(context, one.exact, 0.02, x, &error_x) != LMX_OK ||
        lmx_exact_eval(context, two.exact, 0.02, y, &error_y) != LMX_OK)
      continue;
    ASSERT_NEAR(x->g, y->g, error_x + error_y);
    ASSERT_AT_MOST(error_x, 1.1e-6);
    worst = fmax(worst, error_x);
  }
  /* The estimate is not simply small everywhere ... */
  ASSERT_AT_LEAST(worst, 1e-9);
  /* ... and where nothing is left, the evaluation says so. */
  x->v[0] = 0.0;
  x->v[1] = 10.0;
  x->g = 123.0;
  assert_int_equal(lmx_exact_eval(context, one.exact, 1e-3, x, NULL),
                   LMX_ERR_NUMERICS);
  assert_non_null(strstr(lmx_context_message(context), "badly conditioned"));
  lmx_exact_destroy(&one.exact);
  lmx_exact_destroy(&two.exact);
}

/* Coefficients are kept for one time and extended as points need them: the
 * order of the calls must not matter. */
static void results_do_not_depend_on_the_order_of_calls(void **state)
{
  lmx_context *context = *state;
  const double v[3][3] = {{0.1, 0.2, 0.3}, {7.0, -5.0, 4.0}, {0.0, 9.0, 0.0}};
  const double t[2] = {0.05, 0.3};
  example used = gaussian_example(context, 3, 1.5, 0);
  double got[2][3];
  for (int round = 0; round < 2; ++round)
    for (int k = 0; k < 2; ++k)
      for (int i = 0; i < 3; ++i)
        got[k][i] = value(context, used.exact, 3, t[k], v[i]);
  for (int k = 0; k < 2; ++k)
    for (int i = 0; i < 3; ++i) {
      example fresh = gaussian_example(context, 3, 1.5, 0);
      ASSERT_NEAR(value(context, fresh.exact, 3, t[k], v[i]), got[k][i], 0.0);
      lmx_exact_destroy(&fresh.exact);
    }
  lmx_exact_destroy(&used.exact);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(initial_values_are_the_data),
      cmocka_unit_test(solutions_start_continuously),
      cmocka_unit_test(every_solution_relaxes_to_the_maxwellian),
      cmocka_unit_test(mass_and_temperatures_follow_the_closed_form),
      cmocka_unit_test(radial_solutions_have_their_moments),
      cmocka_unit_test(rotated_mixture_agrees_with_adaptive_quadrature),
      cmocka_unit_test(solutions_agree_where_they_overlap),
      cmocka_unit_test(estimates_hold_where_conditioning_is_bad),
      cmocka_unit_test(results_do_not_depend_on_the_order_of_calls),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
