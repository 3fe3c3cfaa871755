/* From initial data, through normalisation, to the exact solution: at t = 0
 * it must be the normalised data. */
#include "exact_support.h"

static void finds(lmx_context *context, const lmx_initial_spec *spec,
                  const char *name)
{
  lmx_initial *initial;
  lmx_exact *exact;
  jet_store store;
  lmx_jet *jet = jet_of(&store, spec->d);
  ASSERT_OK(context, lmx_initial_create(context, spec, &initial));
  ASSERT_OK(context, lmx_exact_from_initial(context, initial, &exact));
  if (name == NULL) {
    assert_null(exact);
    lmx_initial_destroy(&initial);
    return;
  }
  assert_non_null(exact);
  assert_string_equal(lmx_exact_name(exact), name);
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus);
  for (int i = 0; i < 20; ++i) {
    random_point(rng, spec->d, 6.0, jet->v);
    double log_f = lmx_initial_log_density(initial, jet->v);
    ASSERT_OK(context, lmx_exact_eval(context, exact, 0.0, jet, NULL));
    ASSERT_NEAR(jet->g, log_f, 1e-12 * (1.0 + fabs(log_f)));
  }
  gsl_rng_free(rng);
  lmx_exact_destroy(&exact);
  lmx_initial_destroy(&initial);
}

static void finds_gaussian(lmx_context *context, int d, double *covariance,
                           const char *name)
{
  double mean[LMX_MAX_DIMENSION] = {0.4, -1.0};
  const lmx_component component = {2.5, mean, covariance};
  const lmx_initial_spec spec = {.d = d,
                                 .kind = LMX_INITIAL_GAUSSIAN,
                                 .normalise = true,
                                 .ncomponents = 1,
                                 .components = &component};
  finds(context, &spec, name);
}

static void gaussians_of_any_position_are_found(void **state)
{
  lmx_context *context = *state;
  double sheared[4] = {3.0, 0.8, 0.8, 1.5}, round[4] = {2.0, 0, 0, 2.0};
  double first[9] = {2.8, 0, 0, 0, 1.6, 0, 0, 0, 1.6};
  double middle[9] = {1.6, 0, 0, 0, 2.8, 0, 0, 0, 1.6};
  double last[9] = {1.6, 0, 0, 0, 1.6, 0, 0, 0, 2.8};
  double triaxial[9] = {1.0, 0, 0, 0, 2.0, 0, 0, 0, 3.0};
  /* N(0, 0.9 I + (1, 1, 1) (1, 1, 1)^T): its axis is a diagonal. */
  double oblique[9] = {1.9, 1, 1, 1, 1.9, 1, 1, 1, 1.9};
  finds_gaussian(context, 2, sheared, "axisymmetric Gaussian");
  finds_gaussian(context, 2, round, "radial mixture");
  finds_gaussian(context, 3, first, "axisymmetric Gaussian");
  finds_gaussian(context, 3, middle, "axisymmetric Gaussian");
  finds_gaussian(context, 3, last, "axisymmetric Gaussian");
  finds_gaussian(context, 3, triaxial, NULL);
  /* Variances 3.9, 0.9, 0.9 become 2.05, 0.47, 0.47: outside |s - 1| < 1. */
  finds_gaussian(context, 3, oblique, NULL);
  oblique[0] = oblique[4] = oblique[8] = 2.5;
  finds_gaussian(context, 3, oblique, "axisymmetric Gaussian");
}

static void mixtures_are_found(void **state)
{
  lmx_context *context = *state;
  const double weights[3] = {1.0, 0.6, 0.4}, variances[3] = {0.6, 1.2, 2.0};
  triangle tri;
  triangle_init(&tri, 0.7, 0.3);
  for (int k = 0; k < TRIANGLE; ++k) {
    tri.mean[k][0] = 2.0 * tri.mean[k][0] + 0.3;
    tri.mean[k][1] = 2.0 * tri.mean[k][1] - 1.0;
    for (int i = 0; i < 4; ++i)
      tri.covariance[k][i] *= 4.0;
    tri.components[k].weight = 1.2;
  }
  lmx_initial_spec spec = {.d = 2,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = TRIANGLE,
                           .components = tri.components};
  finds(context, &spec, "rotated mixture");
  tri.mean[0][0] += 0.5; /* D no longer 0 */
  finds(context, &spec, NULL);
  spec = (lmx_initial_spec){.d = 5,
                            .kind = LMX_INITIAL_RADIAL_MIXTURE,
                            .normalise = true,
                            .nradial = 3,
                            .weights = weights,
                            .variances = variances};
  finds(context, &spec, "radial mixture");
}

static void other_kinds_are_found(void **state)
{
  lmx_context *context = *state;
  lmx_initial_spec spec = {
      .d = 4, .kind = LMX_INITIAL_BKW, .normalise = true, .c = 0.2};
  finds(context, &spec, "BKW");
  spec = (lmx_initial_spec){.d = 2,
                            .kind = LMX_INITIAL_FORMULA,
                            .normalise = true,
                            .log_density = "-r^2/2"};
  finds(context, &spec, NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gaussians_of_any_position_are_found),
      cmocka_unit_test(mixtures_are_found),
      cmocka_unit_test(other_kinds_are_found),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
