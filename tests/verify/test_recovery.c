/* Data with a quartic tail recovers: for D = 0 and radial data the equation is
 * the Fokker-Planck equation, whose solution in d = 2 is
 *   f(t,r) = int f0(s) exp(-(r - a s)^2 / (2 b)) I0e(r a s / b) s ds / b,
 * a = exp(-t), b = 1 - a^2, I0e(x) = exp(-x) I0(x). Here it is integrated with
 * GSL, in logarithms, and the computed log f and its slope agree with it far
 * into the tail; the slope is of linear growth then, and was cubic. */
#include "support.h"

#include <string.h>

#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_bessel.h>

typedef struct kernel {
  double r, a, b; /* point, exp(-t), 1 - exp(-2t) */
  double scale;   /* log f0 = offset - (scale s)^4 / 8 */
  double top;     /* largest exponent, taken out */
  bool slope;     /* with the factor of d_r log f instead of 1 */
} kernel;

static double exponent(const kernel *k, double s)
{
  double x = k->r - k->a * s;
  return -pow(k->scale * s, 4) / 8.0 - x * x / (2.0 * k->b);
}

static double integrand(double s, void *params)
{
  const kernel *k = params;
  double x = k->r * k->a * s / k->b, zero, one;
  zero = gsl_sf_bessel_I0_scaled(x);
  one = gsl_sf_bessel_I1_scaled(x);
  double weight = exp(exponent(k, s) - k->top) * s;
  return k->slope ? weight * (-k->r * zero + k->a * s * one) / k->b
                  : weight * zero;
}

static double integral(kernel *k, bool slope)
{
  gsl_integration_workspace *work = gsl_integration_workspace_alloc(2000);
  double value = 0.0, error = 0.0, peak = 0.0;
  k->slope = slope;
  k->top = -INFINITY;
  for (double s = 0.0; s < 12.0; s += 0.001)
    if (exponent(k, s) > k->top) {
      k->top = exponent(k, s);
      peak = s;
    }
  gsl_function f = {integrand, k};
  double points[3] = {0.0, peak > 0.0 ? peak : 0.01, 12.0};
  int code = gsl_integration_qagp(&f, points, 3, 0.0, 1e-11, 2000, work, &value,
                                  &error);
  gsl_integration_workspace_free(work);
  assert_int_equal(code, 0);
  return value;
}

/* log f(t, r) - log f(t, 0), and d_r log f. */
static double exact(double scale, double t, double r, double *slope)
{
  double a = exp(-t);
  kernel here = {.r = r, .a = a, .b = 1.0 - a * a, .scale = scale};
  kernel centre = here;
  centre.r = 0.0;
  double f = integral(&here, false), f0 = integral(&centre, false);
  double log_ratio = log(f) + here.top - log(f0) - centre.top;
  *slope = integral(&here, true) / f;
  return log_ratio;
}

static void quartic_tail_becomes_gaussian(void **state)
{
  (void)state;
  const char *set[] = {"time.end=0.5", "time.output=[0.01,0.1]"};
  const double radii[] = {1.0, 3.0, 4.5, 6.0};
  lmx_context *context;
  lmx_case *source;
  lmx_problem *problem;
  lmx_solution *solution;
  lmx_jet *jet;
  ASSERT_OK(NULL, lmx_context_create(&context));
  ASSERT_OK(context,
            lmx_case_load(context, LMX_SOURCE_DIR "/cases/quartic_tail_2d.toml",
                          2, set, &source));
  ASSERT_OK(context, lmx_problem_create(context, source, &problem));
  ASSERT_OK(context, lmx_problem_solve(context, problem, source, NULL,
                                       &source->solver, &solution));
  ASSERT_OK(context, lmx_jet_create(context, 2, &jet));
  double scale = solution->map.scale;
  for (size_t k = 1; k < solution->ntimes; ++k) {
    const double origin[2] = {0.0, 0.0};
    ASSERT_OK(context, lmx_interpolate(context, solution->grid, solution->u[k],
                                       origin, jet));
    double centre = jet->g;
    for (size_t i = 0; i < 4; ++i) {
      const double v[2] = {radii[i], 0.0};
      double slope, t = solution->times[k];
      double want = exact(scale, t, radii[i], &slope);
      ASSERT_OK(context, lmx_interpolate(context, solution->grid,
                                         solution->u[k], v, jet));
      print_message("t = %g, r = %g: log f %.12g, off by %.2g; slope %.12g, "
                    "off by %.2g\n",
                    t, radii[i], want, jet->g - centre - want, slope,
                    jet->q[0] - slope);
      ASSERT_NEAR(jet->g - centre, want, 1e-7 * (1.0 - want));
      ASSERT_NEAR(jet->q[0], slope, 1e-6 * (1.0 - slope));
    }
  }
  double at_6, at_3; /* 8 times as large at t = 0 */
  exact(scale, solution->times[solution->ntimes - 1], 6.0, &at_6);
  exact(scale, solution->times[solution->ntimes - 1], 3.0, &at_3);
  ASSERT_AT_MOST(at_6 / at_3, 2.5);
  lmx_jet_destroy(&jet);
  lmx_solution_destroy(&solution);
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&source);
  lmx_context_destroy(&context);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(quartic_tail_becomes_gaussian),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
