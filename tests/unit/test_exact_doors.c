/* The exact solutions' doors: rejected parameters, wrong use, failing
 * allocations, and which solution belongs to which initial data. */
#include "exact_support.h"

static void rejects(lmx_context *context, lmx_status got, const char *word)
{
  assert_int_equal(got, LMX_ERR_CASE);
  if (strstr(lmx_context_message(context), word) == NULL) {
    print_error("\"%s\" lacks \"%s\"\n", lmx_context_message(context), word);
    fail();
  }
}

static void parameters_are_checked(void **state)
{
  lmx_context *context = *state;
  lmx_exact *out = NULL;
  const double half[2] = {0.5, 0.5}, good[2] = {0.7, 1.3}, hot[2] = {0.7, 1.4};
  const double heavy[2] = {0.5, 0.6}, wrong[2] = {1.5, -0.5};
  rejects(context, lmx_exact_radial_mixture(context, 3, 2, half, hot, &out),
          "variance 1.05");
  rejects(context, lmx_exact_radial_mixture(context, 3, 2, heavy, good, &out),
          "mass is 1.1");
  rejects(context, lmx_exact_radial_mixture(context, 3, 2, wrong, good, &out),
          "component 2");
  rejects(context, lmx_exact_radial_mixture(context, 3, 2, half, wrong, &out),
          "component 2");
  rejects(context, lmx_exact_radial_mixture(context, 3, 0, half, good, &out),
          "mass is 0");
  rejects(context, lmx_exact_radial_mixture(context, 1, 2, half, good, &out),
          "dimension is 1");
  rejects(context, lmx_exact_bkw(context, 2, 0.5, &out), "c is 0.5");
  rejects(context, lmx_exact_bkw(context, 3, 0.4, &out), "c is 0.4");
  rejects(context, lmx_exact_bkw(context, 3, -1e-3, &out), "c is -0.001");
  rejects(context, lmx_exact_bkw(context, 3, NAN, &out), "c is");
  rejects(context, lmx_exact_bkw(context, 17, 0.1, &out), "dimension is 17");
  rejects(context, lmx_exact_axisymmetric_gaussian(context, 2, 2.0, &out),
          "variances are 2 and 0");
  rejects(context, lmx_exact_axisymmetric_gaussian(context, 3, 2.1, &out),
          "variances are 2.1");
  rejects(context, lmx_exact_axisymmetric_gaussian(context, 2, 0.0, &out),
          "variances are 0");
  rejects(context, lmx_exact_axisymmetric_gaussian(context, 2, NAN, &out),
          "variances");
  assert_null(out);
}

static void plane_mixtures_are_checked(void **state)
{
  lmx_context *context = *state;
  lmx_exact *out = NULL;
  double zero[2] = {0.0, 0.0}, off[2] = {0.1, 0.0}, unit[4] = {1, 0, 0, 1};
  double stretched[4] = {1.3, 0, 0, 0.7}, sheared[4] = {1, 0.2, 0.2, 1};
  double skew[4] = {1, 0.2, -0.2, 1}, flat[4] = {2, 0, 0, 0};
  double tall[4] = {0, 0, 0, 2};
  lmx_component one = {1.0, zero, unit};
  one.covariance = stretched; /* D != 0 */
  rejects(context, lmx_exact_rotated_mixture(context, 1, &one, &out), "0.3");
  one.covariance = sheared;
  rejects(context, lmx_exact_rotated_mixture(context, 1, &one, &out), "0.2");
  one.covariance = skew;
  rejects(context, lmx_exact_rotated_mixture(context, 1, &one, &out),
          "symmetric");
  one.covariance = unit;
  one.mean = off;
  rejects(context, lmx_exact_rotated_mixture(context, 1, &one, &out), "0.1");
  one.mean = zero;
  one.weight = 0.9;
  rejects(context, lmx_exact_rotated_mixture(context, 1, &one, &out), "-0.1");
  one.weight = -1.0;
  rejects(context, lmx_exact_rotated_mixture(context, 1, &one, &out),
          "weight > 0");
  /* Unit second moments, but singular components. */
  lmx_component two[2] = {{0.5, zero, flat}, {0.5, zero, tall}};
  rejects(context, lmx_exact_rotated_mixture(context, 2, two, &out),
          "positive definite");
  assert_null(out);
}

static void wrong_use_is_reported(void **state)
{
  lmx_context *context = *state;
  jet_store store;
  example ex = bkw_example(context, 3);
  lmx_jet *jet = jet_of(&store, 3);
  memset(store.v, 0, sizeof store.v);
  assert_int_equal(lmx_exact_eval(context, ex.exact, -0.1, jet, NULL),
                   LMX_ERR_USAGE);
  assert_int_equal(lmx_exact_eval(context, ex.exact, NAN, jet, NULL),
                   LMX_ERR_USAGE);
  jet->d = 2;
  assert_int_equal(lmx_exact_eval(context, ex.exact, 0.1, jet, NULL),
                   LMX_ERR_USAGE);
  lmx_exact_destroy(&ex.exact);
  assert_null(ex.exact);
  lmx_exact_destroy(&ex.exact);
  lmx_exact_destroy(NULL);
}

/* Far beyond any use: an error, neither nonsense nor an endless sum. */
static void absurd_points_are_refused(void **state)
{
  lmx_context *context = *state;
  example examples[4] = {radial_example(context, 2), bkw_example(context, 2),
                         triangle_example(context, 0.7, 0.3),
                         gaussian_example(context, 2, 1.3, 0)};
  const double far[] = {1e6, 1e100, 1e200, INFINITY, NAN};
  const double times[] = {1e-12, 0.01, 1.0};
  jet_store store;
  lmx_jet *jet = jet_of(&store, 2);
  for (int i = 0; i < 4; ++i) {
    for (int k = 0; k < 15; ++k) {
      jet->v[0] = 1.0;
      jet->v[1] = far[k % 5];
      assert_int_equal(
          lmx_exact_eval(context, examples[i].exact, times[k / 5], jet, NULL),
          isfinite(far[k % 5]) ? LMX_ERR_NUMERICS : LMX_ERR_USAGE);
    }
    jet->v[1] = 1.0;
    ASSERT_OK(context,
              lmx_exact_eval(context, examples[i].exact, 1.0, jet, NULL));
    lmx_exact_destroy(&examples[i].exact);
  }
}

/* Every allocation of a constructor fails once; nothing may leak and `out`
 * stays as it was. */
typedef lmx_status make_fn(lmx_context *context, lmx_exact **out);

static lmx_status make_radial(lmx_context *context, lmx_exact **out)
{
  const double weights[2] = {0.5, 0.5}, variances[2] = {0.7, 1.3};
  return lmx_exact_radial_mixture(context, 3, 2, weights, variances, out);
}

static lmx_status make_bkw(lmx_context *context, lmx_exact **out)
{
  return lmx_exact_bkw(context, 4, 0.2, out);
}

static lmx_status make_rotated(lmx_context *context, lmx_exact **out)
{
  triangle tri;
  triangle_init(&tri, 0.7, 0.3);
  return lmx_exact_rotated_mixture(context, TRIANGLE, tri.components, out);
}

static lmx_status make_gaussian(lmx_context *context, lmx_exact **out)
{
  return lmx_exact_axisymmetric_gaussian(context, 3, 1.2, out);
}

static lmx_status classify_radial(lmx_context *context, lmx_exact **out)
{
  const double D[2] = {0.0, 0.0};
  double mean[2] = {0.0, 0.0};
  double cold[4] = {0.7, 0, 0, 0.7}, hot[4] = {1.3, 0, 0, 1.3};
  const lmx_component both[2] = {{0.5, mean, cold}, {0.5, mean, hot}};
  lmx_model model;
  LMX_TRY(lmx_model_init(context, 2, D, &model));
  return lmx_exact_classify(context, &model, LMX_INITIAL_RADIAL_MIXTURE, NAN, 2,
                            both, out);
}

static void failing_allocations_are_survived(void **state)
{
  lmx_context *context = *state;
  make_fn *const make[] = {make_radial, make_bkw, make_rotated, make_gaussian,
                           classify_radial};
  const int at_least[] = {8, 1, 8, 18, 9};
  for (int i = 0; i < 5; ++i) {
    int failures = 0;
    lmx_exact *out = NULL;
    lmx_status status = LMX_ERR_MEMORY;
    for (; status == LMX_ERR_MEMORY && failures < 100; ++failures) {
      assert_null(out);
      lmx_alloc_fail_after(failures + 1);
      status = make[i](context, &out);
    }
    lmx_alloc_fail_after(0);
    assert_int_equal(status, LMX_OK);
    assert_true(failures > at_least[i]);
    lmx_exact_destroy(&out);
  }
}

/* One component of weight 1, mean m e_1, covariance diag(S). */
static const char *class_of(lmx_context *context, int d, double m,
                            const double *diagonal, lmx_exact **out)
{
  double mean[LMX_MAX_DIMENSION] = {m}, D[LMX_MAX_DIMENSION];
  double S[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION] = {0};
  lmx_component one = {1.0, mean, S};
  lmx_model model;
  for (int a = 0; a < d; ++a) {
    S[a * (d + 1)] = diagonal[a];
    D[a] = diagonal[a] - 1.0;
  }
  ASSERT_OK(context, lmx_model_init(context, d, D, &model));
  ASSERT_OK(context, lmx_exact_classify(context, &model, LMX_INITIAL_GAUSSIAN,
                                        NAN, 1, &one, out));
  return *out == NULL ? "none" : lmx_exact_name(*out);
}

static void gaussians_find_their_solution(void **state)
{
  lmx_context *context = *state;
  const struct {
    int d;
    double S[3];
    const char *name;
  } cases[] = {
      {2, {1.0, 1.0}, "radial mixture"},
      {2, {1.3, 0.7}, "axisymmetric Gaussian"},
      {2, {0.1, 1.9}, "axisymmetric Gaussian"},
      {3, {1.4, 0.8, 0.8}, "axisymmetric Gaussian"},
      {3, {0.8, 1.4, 0.8}, "axisymmetric Gaussian"},
      {3, {0.8, 0.8, 1.4}, "axisymmetric Gaussian"},
      {3, {0.5, 1.0, 1.5}, "none"},
      {3, {2.2, 0.4, 0.4}, "none"}, /* |s - 1| >= 1 */
  };
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
    int d = cases[i].d;
    const double *S = cases[i].S;
    double f = 0.0;
    lmx_exact *exact = NULL;
    jet_store store;
    lmx_jet *jet = jet_of(&store, d);
    assert_string_equal(class_of(context, d, 0.0, S, &exact), cases[i].name);
    if (exact == NULL)
      continue;
    /* The distinguished axis is where it should be, at t = 0 and after. */
    for (int a = 0; a < d; ++a) {
      jet->v[a] = 0.3 + 0.5 * a;
      f -= 0.5 * log(2.0 * 3.14159265358979323846 * S[a]) +
           jet->v[a] * jet->v[a] / (2.0 * S[a]);
    }
    ASSERT_OK(context, lmx_exact_eval(context, exact, 0.0, jet, NULL));
    ASSERT_NEAR(jet->g, f, 1e-13);
    ASSERT_OK(context, lmx_exact_eval(context, exact, 1e-8, jet, NULL));
    ASSERT_NEAR(jet->g, f, 1e-5);
    lmx_exact_destroy(&exact);
  }
  lmx_exact *exact;
  const double unit[2] = {1.0, 1.0}, stretched[2] = {1.3, 0.7};
  assert_string_equal(class_of(context, 2, 0.1, stretched, &exact), "none");
  assert_string_equal(class_of(context, 2, 0.0, unit, &exact),
                      "radial mixture");
  lmx_exact_destroy(&exact);
}

static void other_data_find_their_solution(void **state)
{
  lmx_context *context = *state;
  const double zero[2] = {0.0, 0.0}, D[2] = {0.3, -0.3};
  lmx_model isotropic, stretched;
  lmx_exact *out = NULL;
  triangle tri;
  triangle_init(&tri, 0.7, 0.3);
  ASSERT_OK(context, lmx_model_init(context, 2, zero, &isotropic));
  ASSERT_OK(context, lmx_model_init(context, 2, D, &stretched));
  ASSERT_OK(context, lmx_exact_classify(context, &isotropic, LMX_INITIAL_BKW,
                                        0.3, 0, NULL, &out));
  assert_string_equal(lmx_exact_name(out), "BKW");
  lmx_exact_destroy(&out);
  ASSERT_OK(context,
            lmx_exact_classify(context, &isotropic, LMX_INITIAL_MIXTURE, NAN,
                               TRIANGLE, tri.components, &out));
  assert_string_equal(lmx_exact_name(out), "rotated mixture");
  lmx_exact_destroy(&out);
  ASSERT_OK(context, classify_radial(context, &out));
  assert_string_equal(lmx_exact_name(out), "radial mixture");
  lmx_exact_destroy(&out);
  out = (lmx_exact *)&tri;
  ASSERT_OK(context,
            lmx_exact_classify(context, &stretched, LMX_INITIAL_MIXTURE, NAN,
                               TRIANGLE, tri.components, &out));
  assert_null(out);
  out = (lmx_exact *)&tri;
  ASSERT_OK(context,
            lmx_exact_classify(context, &isotropic, LMX_INITIAL_FORMULA, NAN, 0,
                               NULL, &out));
  assert_null(out);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(parameters_are_checked),
      cmocka_unit_test(plane_mixtures_are_checked),
      cmocka_unit_test(wrong_use_is_reported),
      cmocka_unit_test(absurd_points_are_refused),
      cmocka_unit_test(failing_allocations_are_survived),
      cmocka_unit_test(gaussians_find_their_solution),
      cmocka_unit_test(other_data_find_their_solution),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
