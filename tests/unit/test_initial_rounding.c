/* Data that is right, or wrong, up to rounding. */
#include "initial_support.h"

/* Covariances that differ from symmetric ones, and weights from zero, by
 * rounding; the component of weight -2.8e-17 is as good as absent. */
static void data_right_to_rounding_is_accepted(void **state)
{
  (void)state;
  double mean[2] = {0.0, 0.0}, far[2] = {5.0, 5.0}, S[4] = {1.0, 0.1, 0.1, 1.0};
  lmx_component c[2] = {{1.0, mean, S}, {1.0 - 0.9 - 0.1, far, S}};
  lmx_initial_spec spec = {.d = 2,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = 1,
                           .components = c};
  for (double asymmetry = 1e-17; asymmetry < 2e-13; asymmetry *= 10.0) {
    S[2] = 0.1 + asymmetry;
    lmx_initial *initial = make(&spec);
    ASSERT_NEAR(lmx_initial_model(initial)->D[0], 0.1, 1e-13);
    lmx_initial_destroy(&initial);
  }
  assert_true(c[1].weight < 0.0);
  spec.ncomponents = 2;
  lmx_initial *initial = make(&spec);
  size_t n;
  lmx_initial_components(initial, &n);
  assert_int_equal(n, 1);
  ASSERT_NEAR(lmx_initial_map(initial)->mass, 1.0, 0.0);
  lmx_initial_destroy(&initial);
  const double w[3] = {0.9, 1.0 - 0.9 - 0.1, 0.1}, th[3] = {1.0, 0.5, 2.0};
  spec = (lmx_initial_spec){.d = 3,
                            .kind = LMX_INITIAL_RADIAL_MIXTURE,
                            .normalise = true,
                            .nradial = 3,
                            .weights = w,
                            .variances = th};
  initial = make(&spec);
  lmx_initial_components(initial, &n);
  assert_int_equal(n, 2);
  ASSERT_NEAR(lmx_initial_map(initial)->scale, sqrt(1.1), 1e-15);
  lmx_initial_destroy(&initial);
}

/* More than rounding: an asymmetry of the size of the small variance, a weight
 * of -1e-10, and m m^T, whose second eigenvalue is 0 and comes out as +-1e-17
 * of either sign. */
static void data_wrong_by_more_than_rounding_is_refused(void **state)
{
  (void)state;
  double mean[2] = {0.0, 0.0}, lopsided[4] = {1e6, 0.0, 1e-8, 1e-12};
  double good[4] = {1.0, 0.0, 0.0, 1.0};
  lmx_component c[2] = {{1.0, mean, lopsided}, {-1e-10, mean, good}};
  lmx_initial_spec spec = {.d = 2,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = 1,
                           .components = c};
  expect_error(&spec, "initial.components: component 1: covariance is not sym");
  c[0].covariance = good;
  spec.ncomponents = 2;
  expect_error(&spec, "initial.components: component 2: weight is -1e-10");
  spec.ncomponents = 1;
  unsigned seed = 11;
  for (int i = 0; i < 200; ++i) {
    double p = spread(&seed), q = spread(&seed);
    double rank_one[4] = {p * p, p * q, p * q, q * q};
    c[0].covariance = rank_one;
    expect_error(&spec,
                 "initial.components: component 1: covariance is not positive");
  }
  double needle[4] = {1e6, 0.0, 0.0, 1e-6};
  c[0].covariance = needle;
  spec.normalise = false;
  expect_error(&spec, "initial.normalise:");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(data_right_to_rounding_is_accepted),
      cmocka_unit_test(data_wrong_by_more_than_rounding_is_refused),
  };
  return RUN_WITH_CONTEXT(tests);
}
