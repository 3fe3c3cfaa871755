/* Random formulas by the hundred, and data with two derivatives in d = 3.
 * Minutes; ctest -L long. */
#include "survey_formulas.h"

#include <gsl/gsl_sf_gamma.h>

/* One in fifty may be refused, but none may be wrong. */
static void check(unsigned seed, int d, int n)
{
  formula_count count = survey_formulas(seed, d, n);
  assert_int_equal(count.wrong, 0);
  assert_true(50 * count.refused <= n);
}

static void plane(void **state)
{
  (void)state;
  check(31, 2, 1000);
}

static void space(void **state)
{
  (void)state;
  check(32, 3, 100);
}

/* |v1 + v2/3|^3, oblique to all cells: what is claimed is kept. */
static void two_derivatives_in_space(void **state)
{
  (void)state;
  lmx_initial *initial = make_formula(3, "-abs(v1+v2/3)^3/6 - v2^2/2 - v3^2");
  double gamma = gsl_sf_gamma(1.0 / 3.0);
  double mass = 2.0 * gamma * cbrt(6.0) / 3.0 * sqrt(2.0) * M_PI;
  double accuracy = lmx_initial_accuracy(initial);
  assert_true(accuracy <= 1e-8);
  ASSERT_NEAR(lmx_initial_map(initial)->mass / mass, 1.0, accuracy);
  lmx_initial_destroy(&initial);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plane),
      cmocka_unit_test(space),
      cmocka_unit_test(two_derivatives_in_space),
  };
  return RUN_WITH_CONTEXT(tests);
}
