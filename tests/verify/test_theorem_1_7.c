/* Theorem 1.7 as a number: f0 = M, where the true size is known from both
 * sides, a second quadrature, and the rate in N. */
#include "context.h"

static lmx_moment_data maxwellian(int d)
{
  lmx_moment_data data = {.d = d};
  for (int a = 0; a < d; ++a) {
    data.E[a] = 1.0;
    for (int b = 0; b < d; ++b)
      data.Q[a * d + b] = a == b ? 3 : 1;
  }
  return data;
}

/* d = 2, N = 100, t = 1: 2.37 <= N H_N <= 12.50, found by another program. */
static void known_bounds(void **state)
{
  (void)state;
  static const double times[] = {0, 0.4, 1};
  double lower[3], upper[3];
  ASSERT_OK(ctx, lmx_maxwellian_entropy(ctx, 2, 100, 3, times, lower, upper));
  ASSERT_NEAR(lower[2], 2.37, 5e-3);
  ASSERT_NEAR(upper[2], 12.50, 5e-3);
  /* the formula as it stands */
  double r = exp(-0.04), s = 100 - 99 * r;
  ASSERT_NEAR(lower[2], s - 1 - log(s) + 99 * (r - 1 - log(r)), 1e-10);
  /* N = infinity is the limit */
  double at_infinity[3], large[3];
  ASSERT_OK(ctx, lmx_maxwellian_entropy(ctx, 3, INFINITY, 3, times, at_infinity,
                                        upper));
  ASSERT_OK(ctx, lmx_maxwellian_entropy(ctx, 3, 1e12, 3, times, lower, large));
  ASSERT_NEAR(lower[2], at_infinity[2], 1e-9);
  ASSERT_NEAR(large[2], upper[2], 1e-9);
}

/* At t = 0 the upper bound's rate is kappa + E[..] by hand: phi^2 - |T|^2 of
 * independent Gaussians is (1 - 1/N) d (d-1), so that N g = -kappa - kappa +
 * 2 (d-1) d = 0, and it grows from there. */
static void upper_bound_starts_flat(void **state)
{
  (void)state;
  static const double times[] = {0, 1e-4, 2e-4};
  double lower[3], upper[3];
  for (int d = 2; d <= 4; ++d) {
    ASSERT_OK(ctx, lmx_maxwellian_entropy(ctx, d, 20, 3, times, lower, upper));
    ASSERT_NEAR(upper[2] / upper[1], 4.0, 0.01);
  }
}

/* sup |v v^T - I|_F / (1 + s + |v|^2) on a fine set of |v|. */
static void growth_of_the_maxwellian(void **state)
{
  (void)state;
  for (int d = 2; d <= 10; d += 2)
    for (double s = 0; s < 4; s += 0.37) {
      double sup = 0.0;
      for (double r = 0; r < 1e4; r = r * 1.01 + 1e-3)
        sup = fmax(sup, sqrt(pow(r * r - 1, 2) + d - 1) / (1 + s + r * r));
      ASSERT_NEAR(lmx_maxwellian_growth(d, s), sup, 1e-6);
    }
}

/* Simpson's rule on sqrt(N X Y), with B = 2 up to 0.5 and 3 beyond. */
static void bound_by_another_quadrature(void **state)
{
  (void)state;
  enum { STEPS = 2000 };
  static const double times[] = {0, 0.5, 1}, B[] = {2, 1, 3};
  lmx_moment_data data = maxwellian(3);
  data.E[0] = 1.4;
  data.E[1] = 0.6;
  data.Q[0] = 3 * 1.96;
  data.Q[4] = 3 * 0.36;
  lmx_hessian_growth growth = {.n = 3, .times = times, .B = B, .radius = 6.0};
  double got[3], sum = 0.0;
  lmx_hierarchy *h;
  ASSERT_OK(ctx, lmx_entropy_bound(ctx, &data, 30, &growth, got));
  ASSERT_OK(ctx, lmx_hierarchy_create(ctx, &data, 30, 1, &h));
  for (int half = 0; half < 2; ++half)
    for (int i = 0; i <= STEPS; ++i) {
      lmx_hierarchy_values x;
      double s = 0.5 * half + 0.5 * i / STEPS;
      double weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;
      lmx_hierarchy_at(h, s, &x);
      double Y = (1 + s) * (1 + s) + 6 * (1 + s) + x.M4;
      sum += weight * (half == 0 ? 2 : 3) * sqrt(x.lln * Y) / (6 * STEPS);
    }
  lmx_hierarchy_destroy(&h);
  ASSERT_NEAR(got[2], sum, 1e-10 * sum);
}

static void results_and_rate(void **state)
{
  (void)state;
  static const double times[] = {0, 0.5, 1}, N[] = {10, 1e4, INFINITY};
  double B[3];
  lmx_moment_data data = maxwellian(2);
  lmx_check_results *results;
  for (int i = 0; i < 3; ++i)
    B[i] = lmx_maxwellian_growth(2, times[i]);
  lmx_hessian_growth growth = {
      .n = 3, .times = times, .B = B, .radius = INFINITY};
  ASSERT_OK(ctx, lmx_theorem_1_7_run(ctx, &data, 3, N, &growth, &results));
  assert_int_equal(lmx_check_results_find(results, "thm-1.7")->status,
                   LMX_INFO);
  const lmx_check_result *r =
      lmx_check_results_find(results, "thm-1.7-maxwellian");
  assert_int_equal(r->status, LMX_HOLDS);
  ASSERT_AT_MOST(r->value, 0.5);
  /* rows: three times for each N and a break; H_N ~ N^{-1/2} */
  const lmx_table *table = results->tables[0];
  const double *ten = table->data + 2 * table->columns;
  const double *many = table->data + 6 * table->columns;
  assert_true(ten[1] == 10 && many[1] == 1e4);
  ASSERT_NEAR(many[4] * sqrt(1e3) / ten[4], 1.0, 0.05);
  ASSERT_NEAR(many[5], sqrt(2 * many[4]), 1e-12);
  lmx_check_results_destroy(&results);
  /* a B that is too small makes the bound fall below the truth */
  for (int i = 0; i < 3; ++i)
    B[i] *= 1e-3;
  ASSERT_OK(ctx, lmx_theorem_1_7_run(ctx, &data, 3, N, &growth, &results));
  r = lmx_check_results_find(results, "thm-1.7-maxwellian");
  assert_int_equal(r->status, LMX_FAILS);
  lmx_check_results_destroy(&results);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(known_bounds),
      cmocka_unit_test(upper_bound_starts_flat),
      cmocka_unit_test(growth_of_the_maxwellian),
      cmocka_unit_test(bound_by_another_quadrature),
      cmocka_unit_test(results_and_rate),
  };
  return RUN_WITH_CONTEXT(tests);
}
