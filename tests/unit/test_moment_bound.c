/* The right sides of Section 5 against nested quadrature, also where
 * exponents coincide, and far out where they would overflow. */
#include "context.h"

#include <gsl/gsl_integration.h>

#include "moment/bound.h"

/* Gauss-Legendre with 64 points is exact to rounding for these times. */
static double integral(double (*f)(double s, void *p), void *p, double t)
{
  gsl_integration_glfixed_table *table =
      gsl_integration_glfixed_table_alloc(64);
  gsl_function g = {f, p};
  double sum = gsl_integration_glfixed(&g, 0.0, t, table);
  gsl_integration_glfixed_table_free(table);
  return sum;
}

typedef struct numbers {
  double l, c, t;
} numbers;

static double growing(double s, void *p)
{
  return exp(((numbers *)p)->l * s);
}

static double I1(double t, void *p)
{
  return integral(growing, p, t);
}

static double I2(double t, void *p)
{
  return integral(I1, p, t);
}

static double decayed_I1(double s, void *p)
{
  return exp(-((numbers *)p)->c * s) * I1(s, p);
}

static double decayed_I2(double s, void *p)
{
  return exp(-((numbers *)p)->c * s) * I2(s, p);
}

static double G4_integrand(double s, void *p)
{
  numbers *x = p;
  return exp(-x->c * (x->t - s)) * (growing(s, p) + I1(s, p));
}

static void check(int d, double N, double t)
{
  lmx_bounds *b;
  numbers x = {8.0 / N, 4.0 * d, t};
  ASSERT_OK(ctx, lmx_bounds_create(ctx, d, 1.0 / N, 10.0, &b));
  double i1 = I1(t, &x), i2 = I2(t, &x), decay = exp(-4.0 * d * t);
  double j1 = integral(decayed_I1, &x, t), j2 = integral(decayed_I2, &x, t);
  double G4 = integral(G4_integrand, &x, t);
  const double want[LMX_BOUND_COUNT] = {
      [LMX_BOUND_I1] = i1,
      [LMX_BOUND_DECAYED_I2] = decay * i2,
      [LMX_BOUND_DECAYED_J2] = decay * decay * j2,
      [LMX_BOUND_DECAYED_I1_I2] = decay * (i1 + i2),
      [LMX_BOUND_I1_J1_J2] = i1 + j1 + j2,
      [LMX_BOUND_I1_DECAYED_I2] = i1 + decay * i2,
      [LMX_BOUND_DECAYED_I2_J2] = decay * i2 + decay * decay * j2,
      [LMX_BOUND_5_10] = i1 + j1 + j2 + decay * (i1 + i2),
      [LMX_BOUND_5_11] = i1 + decay * (i1 + i2) + decay * decay * j2,
      [LMX_BOUND_EXPONENTIAL] = exp(8 * t / N),
      [LMX_BOUND_LINEAR] = t <= N ? 1 + t : NAN,
      [LMX_BOUND_G4] = G4,
      [LMX_BOUND_A1_PRINTED] = pow((d + 1.0) / (d - 1.0), 2) * exp(8 * t / N),
      [LMX_BOUND_A1_SHARPER] = (d + 2.0) / d * exp(8 * (d - 1) * t / (d * N)),
      [LMX_BOUND_ZERO] = 0.0};
  for (int i = 0; i < LMX_BOUND_COUNT; ++i) {
    double got = exp(lmx_bounds_log(b, (lmx_bound)i, t));
    if (isnan(want[i]))
      assert_true(isnan(got));
    else
      ASSERT_NEAR(got, want[i], 1e-12 * want[i]);
  }
  lmx_bounds_destroy(&b);
}

static void right_sides_are_the_integrals(void **state)
{
  (void)state;
  static const double times[] = {1e-6, 1e-3, 0.1, 0.7, 1.3};
  for (int i = 0; i < 5; ++i) {
    check(2, INFINITY, times[i]);
    check(2, 1, times[i]); /* 8/N = 4d */
    check(3, 10, times[i]);
    check(10, 1e12, times[i]);
  }
}

static void logarithms_do_not_overflow(void **state)
{
  (void)state;
  lmx_bounds *b;
  ASSERT_OK(ctx, lmx_bounds_create(ctx, 10, 1e-2, 4e3, &b));
  /* e^{-40 t} (e^{0.08 t} - 1 - 0.08 t) / 0.08^2 */
  double t = 4e3, log_I2 = 0.08 * t - 2 * log(0.08);
  ASSERT_NEAR(lmx_bounds_log(b, LMX_BOUND_DECAYED_I2, t), log_I2 - 40 * t,
              1e-9);
  lmx_bounds_destroy(&b);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(right_sides_are_the_integrals),
      cmocka_unit_test(logarithms_do_not_overflow),
  };
  return RUN_WITH_CONTEXT(tests);
}
