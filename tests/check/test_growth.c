/* The judgement on growth: hypotheses (1.10) and (1.11) on data whose growth
 * is known, and what becomes of the theorems when a hypothesis fails. */
#include "solutions.h"

#include <gsl/gsl_sf_bessel.h>

static const char *const hypotheses[2] = {"hyp-1.10", "hyp-1.11"};

/* --- data of known growth, radial in d = 2 */

static double gaussian(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  return -0.5 * square_norm(2, v);
}

/* On a ring of radius 2: the gradient is affine, 4 (2 - r) for large r. */
static double ring(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  return -2.0 * pow(sqrt(1.0 + square_norm(2, v)) - 2.0, 2);
}

/* |grad| ~ r^2 */
static double cubic(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  return -0.2 * pow(1.0 + square_norm(2, v), 1.5);
}

/* |grad| ~ r^3, |Hess| ~ r^2 */
static double quartic(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  return -0.02 * pow(square_norm(2, v), 2);
}

/* |grad| ~ r, |Hess| ~ r^2: within both hypotheses, but the ball shows no power
 * of the gradient */
static double oscillating(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  double r2 = square_norm(2, v);
  return -r2 + 0.4 * sin(r2);
}

/* |grad| ~ r, |Hess| ~ r^3: (1.10) holds, (1.11) does not */
static double fast_oscillating(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  double r2 = square_norm(2, v), x = sqrt(1.0 + r2);
  return -r2 + 0.3 * sin(pow(x, 3)) / x;
}

/* |Hess| ~ r^4 */
static double sextic(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  double r2 = square_norm(2, v);
  return -0.5 * r2 - 1e-2 * pow(r2, 3);
}

static const struct {
  const char *name;
  log_density_fn *log_density;
  lmx_verdict gradient, hessian;
} growths[] = {
    {"Gaussian", gaussian, LMX_HOLDS, LMX_HOLDS},
    {"ring", ring, LMX_HOLDS, LMX_HOLDS},
    {"exp(-|v|^3)", cubic, LMX_FAILS, LMX_HOLDS},
    {"exp(-|v|^4)", quartic, LMX_FAILS, LMX_HOLDS},
    {"sin |v|^2", oscillating, LMX_INFO, LMX_HOLDS},
    {"sin |v|^3 / |v|", fast_oscillating, LMX_INFO, LMX_FAILS},
    {"exp(-|v|^6)", sextic, LMX_FAILS, LMX_FAILS},
};

static void open_radial(sample *s, size_t ntimes, const double *times)
{
  const double D[2] = {0.0, 0.0};
  const lmx_axis_spec axis = {LMX_AXIS_RADIAL, 800, 8.0};
  sample_open(s, 2, D, 1, &axis, ntimes, times, 6.0);
}

static void known_growth_is_recognised(void **state)
{
  (void)state;
  const double times[1] = {0.0};
  sample s;
  open_radial(&s, 1, times);
  for (size_t i = 0; i < sizeof growths / sizeof growths[0]; ++i) {
    sample_fill(&s, growths[i].log_density);
    lmx_check_results *results = sample_check(&s, 2, hypotheses);
    if (results->items[0].status != growths[i].gradient ||
        results->items[1].status != growths[i].hessian)
      fail_msg(
          "%s: (1.10) %s: %s\n(1.11) %s: %s", growths[i].name,
          lmx_verdict_text(results->items[0].status), results->items[0].note,
          lmx_verdict_text(results->items[1].status), results->items[1].note);
    if (i == 0) { /* r / (1 + r) and const / (1 + r^2) */
      assert_int_equal(results->items[0].edge, LMX_EDGE_GROWING);
      assert_int_equal(results->items[1].edge, LMX_EDGE_LEVEL);
    }
    lmx_check_results_destroy(&results);
  }
  sample_close(&s);
}

/* --- mixtures are within the hypotheses, but where their components change
 * places in the ball it cannot tell that */

/* A Gaussian of variance th averaged over a ring of radius a. */
static double ring_density(double r, double a, double th)
{
  double x = a * r / th;
  return exp(-0.5 * (r - a) * (r - a) / th) * gsl_sf_bessel_I0_scaled(x) / th;
}

/* A ring of variance 1 and w times a Gaussian of variance th. */
static void fill_mixture(sample *s, double a, double w, double th)
{
  for (size_t node = 0; node < s->grid->size; ++node) {
    double r = s->grid->axis[0].nodes[node];
    double f = ring_density(r, a, 1.0) + w * ring_density(r, 0.0, th);
    s->u[0][node] = log(f) - lmx_log_maxwellian(2, r * r);
  }
}

static void mixtures_are_never_called_superlinear(void **state)
{
  (void)state;
  const double radii[4] = {0.0, 0.7, 1.5, 2.5};
  const double weights[6] = {1.0, 0.1, 1e-2, 1e-3, 1e-4, 1e-5};
  const double variances[7] = {0.3, 0.7, 1.2, 1.5, 2.0, 3.0, 5.0};
  const double times[1] = {0.0};
  sample s;
  open_radial(&s, 1, times);
  for (int i = 0; i < 4 * 6 * 7; ++i) {
    double a = radii[i / 42], w = weights[i / 7 % 6], th = variances[i % 7];
    fill_mixture(&s, a, w, th);
    lmx_check_results *results = sample_check(&s, 2, hypotheses);
    for (size_t c = 0; c < 2; ++c)
      if (results->items[c].status == LMX_FAILS)
        fail_msg("ring %g, weight %g, variance %g: %s %s", a, w, th,
                 results->items[c].id, results->items[c].note);
    lmx_check_results_destroy(&results);
  }
  sample_close(&s);
}

/* --- a theorem whose hypothesis fails claims nothing */

static double quartic_at_first(const sample *s, double t, const double *v)
{
  return t == 0.0 ? quartic(s, t, v) : gaussian(s, t, v);
}

static void theorems_without_hypothesis_are_not_judged(void **state)
{
  (void)state;
  const double times[3] = {0.0, 0.125, 0.25};
  const char *const ids[2] = {"thm-2.3", "thm-2.4"};
  sample s;
  open_radial(&s, 3, times);
  sample_fill(&s, quartic_at_first);
  lmx_check_results *results = sample_check(&s, 2, ids);
  for (size_t i = 0; i < 2; ++i) {
    assert_int_equal(results->items[i].status, LMX_INFO);
    assert_non_null(strstr(results->items[i].note, "Hypothesis (1.10) fails"));
  }
  assert_non_null(strstr(results->items[0].note, "from t = 0.125 on"));
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

/* The exponent in the note is that of the growing part: 3 for
 * grad(-|v|^4 / 50). */
static void the_exponent_is_reported(void **state)
{
  (void)state;
  const double times[1] = {0.0};
  sample s;
  open_radial(&s, 1, times);
  sample_fill(&s, quartic);
  lmx_check_results *results = sample_check(&s, 1, hypotheses);
  const char *at = strstr(results->items[0].note, "|v|^");
  double exponent = 0.0;
  assert_non_null(at);
  assert_int_equal(sscanf(at, "|v|^%lf", &exponent), 1);
  ASSERT_NEAR(exponent, 3.0, 0.05);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_growth_is_recognised),
      cmocka_unit_test(mixtures_are_never_called_superlinear),
      cmocka_unit_test(theorems_without_hypothesis_are_not_judged),
      cmocka_unit_test(the_exponent_is_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
