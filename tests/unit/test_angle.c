/* The angle of Brownian motion on the sphere: its law by other means. */
#include "support.h"

#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_gegenbauer.h>

#include "particle/angle.h"

static lmx_context *context;

typedef struct moment {
  const lmx_angle_map *map;
  int l;
} moment;

static double cosine(const lmx_angle_map *map, double y)
{
  double t = fmin(y, map->last), q = 0.0;
  for (int k = map->degree; k >= 0; --k)
    q = q * t + map->q[k];
  return fmax(-1.0, 1.0 - y * q);
}

/* P_l(cos theta) with P_l(1) = 1, times the density of |g| = r. */
static double integrand(double r, void *data)
{
  const moment *m = data;
  int d = m->map->d;
  double c = cosine(m->map, r * r), P = cos(m->l * acos(c));
  double lambda = 0.5 * (d - 2);
  if (d > 2)
    P = gsl_sf_gegenpoly_n(m->l, lambda, c) /
        gsl_sf_gegenpoly_n(m->l, lambda, 1.0);
  return P * gsl_ran_chisq_pdf(r * r, d - 1) * 2.0 * r;
}

/* E P_l(cos theta) = exp(-l (l+d-2) tau). */
static void harmonics_decay_at_their_rates(void **state)
{
  (void)state;
  static const int dimensions[] = {2, 3, 4, 7, 10};
  static const double times[] = {2e-7, 9e-6, 1.2e-5, 1e-3, 0.01, 0.1};
  gsl_integration_workspace *work = gsl_integration_workspace_alloc(1000);
  for (int i = 0; i < 5; ++i)
    for (int k = 0; k < 6; ++k) {
      lmx_angle_map map;
      int d = dimensions[i];
      ASSERT_OK(context, lmx_angle_map_init(context, d, times[k], &map));
      for (int l = 1; l <= 6; ++l) {
        moment m = {&map, l};
        gsl_function f = {integrand, &m};
        double got, error;
        gsl_integration_qag(&f, 0.0, 13.0, 1e-15, 1e-13, 1000, 6, work, &got,
                            &error);
        ASSERT_NEAR(got, exp(-l * (l + d - 2) * times[k]), 1e-12);
      }
    }
  gsl_integration_workspace_free(work);
}

/* S^3: the kernel sin theta sum_n (theta + 2 pi n) exp(-(theta + 2 pi n)^2 /
 * (4 tau)), up to a factor; its quantiles are those of chi^2 with 3 degrees. */
static double kernel(double theta, void *data)
{
  double tau = *(const double *)data, sum = 0.0;
  for (int n = -2; n <= 2; ++n) {
    double x = theta + 2.0 * M_PI * n;
    sum += x * exp(-x * x / (4.0 * tau));
  }
  return sin(theta) * sum;
}

static void three_sphere_has_its_closed_form(void **state)
{
  (void)state;
  double tau = 0.05, whole, part, error;
  lmx_angle_map map;
  gsl_integration_workspace *work = gsl_integration_workspace_alloc(1000);
  gsl_function f = {kernel, &tau};
  ASSERT_OK(context, lmx_angle_map_init(context, 4, tau, &map));
  gsl_integration_qag(&f, 0.0, M_PI, 1e-15, 1e-13, 1000, 6, work, &whole,
                      &error);
  for (double y = 0.25; y < 24.0; y *= 1.7) {
    double theta = acos(cosine(&map, y)), r = sqrt(y);
    gsl_integration_qag(&f, 0.0, theta, 1e-15, 1e-13, 1000, 6, work, &part,
                        &error);
    /* chi^2_3: erf(r / sqrt 2) - sqrt(2 / pi) r exp(-y / 2) */
    double p = erf(r * M_SQRT1_2) - sqrt(2.0 / M_PI) * r * exp(-0.5 * y);
    ASSERT_NEAR(part / whole, p, 1e-11);
  }
  gsl_integration_workspace_free(work);
}

static void long_times_are_refused(void **state)
{
  (void)state;
  lmx_angle_map map;
  assert_int_equal(lmx_angle_map_init(context, 3, 0.11, &map),
                   LMX_ERR_NUMERICS);
  assert_int_equal(lmx_angle_map_init(context, 11, 0.01, &map),
                   LMX_ERR_NUMERICS);
  assert_int_equal(lmx_angle_map_init(context, 3, 0.0, &map), LMX_ERR_NUMERICS);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(harmonics_decay_at_their_rates),
      cmocka_unit_test(three_sphere_has_its_closed_form),
      cmocka_unit_test(long_times_are_refused),
  };
  if (lmx_context_create(&context) != LMX_OK)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  lmx_context_destroy(&context);
  return failed;
}
