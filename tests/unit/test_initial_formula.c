/* Formula data: the formula itself, its moments by quadrature, its errors. */
#include "initial_support.h"

#include <gsl/gsl_sf_gamma.h>

static double sphere_area(int d)
{
  return 2.0 * pow(M_PI, 0.5 * d) / gsl_sf_gamma(0.5 * d);
}

static void formula_of_a_gaussian_equals_the_gaussian(void **state)
{
  (void)state;
  const double variance[2] = {1.3, 0.7};
  lmx_initial *gaussian = make_gaussian(2, variance);
  lmx_initial *formula =
      make_formula(2, "-v1^2/2.6 - v2^2/1.4 - log(2*pi) - log(1.3*0.7)/2");
  assert_true(lmx_initial_map(formula)->identity);
  for (int a = 0; a < 2; ++a)
    ASSERT_NEAR(lmx_initial_model(formula)->D[a],
                lmx_initial_model(gaussian)->D[a], 1e-13);
  unsigned seed = 3;
  for (int i = 0; i < 40; ++i) {
    double v[2] = {8.0 * spread(&seed), 8.0 * spread(&seed)};
    ASSERT_NEAR(lmx_initial_log_density(formula, v),
                lmx_initial_log_density(gaussian, v), 1e-12);
  }
  lmx_initial_destroy(&gaussian);
  lmx_initial_destroy(&formula);
}

/* A narrow, tilted Gaussian far from the origin with mass exp(3): mean,
 * covariance and mass are known, though the formula hides them. */
static void far_narrow_tilted_formula_is_found(void **state)
{
  (void)state;
  lmx_initial *initial = make_formula(
      2, "-((v1-40)^2 - 1.8*(v1-40)*(v2+25) + (v2+25)^2)/(2*0.19*1e-4)"
         " - log(2*pi*1e-4*sqrt(0.19)) + 3");
  const lmx_affine *map = lmx_initial_map(initial);
  ASSERT_NEAR(map->mass / exp(3.0), 1.0, 1e-9);
  ASSERT_NEAR(map->mean[0], 40.0, 1e-11);
  ASSERT_NEAR(map->mean[1], -25.0, 1e-11);
  /* Covariance 1e-4 [[1, 0.9], [0.9, 1]]: eigenvalues 1 +- 0.9. */
  ASSERT_NEAR(map->scale, 1e-2, 1e-11);
  ASSERT_NEAR(lmx_initial_model(initial)->D[0], 0.9, 1e-8);
  ASSERT_NEAR(fabs(map->rotation[0]), sqrt(0.5), 1e-8);
  ASSERT_NEAR(map->rotation[0], map->rotation[1], 1e-8);
  lmx_initial_destroy(&initial);
}

static void formula_of_a_mixture_equals_the_mixture(void **state)
{
  (void)state;
  double mean_1[2] = {1.5, 0.5}, mean_2[2] = {-2.0, 0.0};
  double S_1[4] = {0.5, 0.0, 0.0, 0.5}, S_2[4] = {1.0, 0.0, 0.0, 2.0};
  lmx_component components[2] = {{0.6, mean_1, S_1}, {0.8, mean_2, S_2}};
  lmx_initial_spec spec = {.d = 2,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = 2,
                           .components = components};
  lmx_initial *mixture = make(&spec);
  lmx_initial *formula =
      make_formula(2, "log(0.6/pi*exp(-(v1-1.5)^2-(v2-0.5)^2)"
                      " + 0.8/(2*pi*sqrt(2))*exp(-(v1+2)^2/2-v2^2/4))");
  const lmx_affine *want = lmx_initial_map(mixture);
  const lmx_affine *got = lmx_initial_map(formula);
  ASSERT_NEAR(got->mass, want->mass, 1e-12);
  ASSERT_NEAR(got->scale, want->scale, 1e-12);
  for (int a = 0; a < 2; ++a)
    ASSERT_NEAR(got->mean[a], want->mean[a], 1e-12);
  for (int a = 0; a < 4; ++a)
    ASSERT_NEAR(got->rotation[a], want->rotation[a], 1e-11);
  unsigned seed = 5;
  for (int i = 0; i < 40; ++i) {
    double v[2] = {6.0 * spread(&seed), 6.0 * spread(&seed)};
    ASSERT_NEAR(lmx_initial_log_density(formula, v),
                lmx_initial_log_density(mixture, v), 1e-10);
  }
  lmx_initial_destroy(&mixture);
  lmx_initial_destroy(&formula);
}

/* exp(-r^4/4) and exp(-r): mass and energy by Gamma functions. The second
 * has a corner at 0 and a long tail. */
static void radial_formulas_have_the_moments_of_gamma_functions(void **state)
{
  (void)state;
  for (int d = 2; d <= 9; ++d) {
    lmx_initial *initial = make_formula(d, "-r^4/4");
    const lmx_affine *map = lmx_initial_map(initial);
    double mass =
        sphere_area(d) * 0.25 * pow(4.0, 0.25 * d) * gsl_sf_gamma(0.25 * d);
    double energy = 2.0 * gsl_sf_gamma(0.25 * (d + 2)) / gsl_sf_gamma(0.25 * d);
    ASSERT_NEAR(map->mass / mass, 1.0, 1e-11);
    ASSERT_NEAR(map->scale, sqrt(energy / d), 1e-11);
    lmx_initial_destroy(&initial);
    initial = make_formula(d, "-r");
    map = lmx_initial_map(initial);
    ASSERT_NEAR(map->mass / (sphere_area(d) * gsl_sf_gamma(d)), 1.0, 1e-11);
    ASSERT_NEAR(map->scale, sqrt(d + 1.0), 1e-11);
    lmx_initial_destroy(&initial);
  }
}

/* Axisymmetric about axis 1, with odd and even powers of rho: the other
 * integral factors out, and the shift along axis 1 is found. */
static void axisymmetric_formulas_in_high_dimension(void **state)
{
  (void)state;
  for (int d = 4; d <= 8; ++d) {
    lmx_initial *initial =
        make_formula(d, "-(v1-2)^2/3 - (r^2-v1^2)^2/8 - (r^2-v1^2)/2");
    const lmx_affine *map = lmx_initial_map(initial);
    ASSERT_NEAR(map->mean[0], 2.0, 1e-11);
    double s2 = map->scale * map->scale;
    ASSERT_NEAR(s2 * (1.0 + lmx_initial_model(initial)->D[0]), 1.5, 1e-11);
    /* In w = rho^2: int w^{(d-3)/2} exp(-w^2/8 - w/2) dw / 2, trapezoid in
     * log w. */
    double mass = 0.0, second = 0.0;
    for (double t = -60.0; t <= 6.0; t += 1.0 / 64) {
      double w = exp(t);
      double f = exp(0.5 * (d - 1) * t - w * w / 8 - w / 2) / 128;
      mass += f;
      second += f * w / (d - 1);
    }
    ASSERT_NEAR(s2 * (1.0 + lmx_initial_model(initial)->D[d - 1]),
                second / mass, 1e-11);
    ASSERT_NEAR(map->mass / (mass * sphere_area(d - 1) * sqrt(3.0 * M_PI)), 1.0,
                1e-10);
    const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 160, 20.0},
                                   {LMX_AXIS_RADIAL, 160, 8.0}};
    check_normalised(initial, 2, axes, 1e-9);
    lmx_initial_destroy(&initial);
  }
}

static void formula_about_another_axis_is_turned(void **state)
{
  (void)state;
  lmx_initial *initial = make_formula(5, "-r^2/2 - v3^4 + v3/3");
  int n;
  lmx_axis_kind kinds[LMX_MAX_AXES];
  ASSERT_OK(ctx, lmx_initial_axes(ctx, initial, &n, kinds));
  assert_int_equal(n, 2);
  assert_int_equal(kinds[0], LMX_AXIS_FULL);
  assert_int_equal(kinds[1], LMX_AXIS_RADIAL);
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 200, 10.0},
                                 {LMX_AXIS_RADIAL, 160, 9.0}};
  check_normalised(initial, 2, axes, 1e-9);
  lmx_initial_destroy(&initial);
}

static void formula_without_symmetry_in_three_dimensions(void **state)
{
  (void)state;
  lmx_initial *initial =
      make_formula(3, "-(v1^2+v2^2+v3^2)/2 - (v1*v2+v3)^2/9 + cos(v1+v2)/4"
                      " - (v3-1)^4/20");
  const lmx_axis_spec axis = {LMX_AXIS_FULL, 64, 9.0};
  const lmx_axis_spec axes[3] = {axis, axis, axis};
  check_normalised(initial, 3, axes, 1e-9);
  lmx_initial_destroy(&initial);
}

static void bkw_as_a_formula_is_normalised_already(void **state)
{
  (void)state;
  lmx_initial_spec spec = {.d = 3,
                           .kind = LMX_INITIAL_FORMULA,
                           .log_density =
                               "-3/2*log(2*pi*0.7) - r^2/1.4"
                               " + log((5*0.7-3)/1.4 + 0.3*r^2/(2*0.7^2))"};
  lmx_initial *formula = make(&spec);
  assert_true(lmx_initial_map(formula)->identity);
  spec = (lmx_initial_spec){.d = 3, .kind = LMX_INITIAL_BKW, .c = 0.3};
  lmx_initial *bkw = make(&spec);
  for (double r = 0.0; r < 8.0; r += 0.3) {
    double v[3] = {0.0, 0.6 * r, -0.8 * r};
    ASSERT_NEAR(lmx_initial_log_density(formula, v),
                lmx_initial_log_density(bkw, v), 1e-12);
  }
  lmx_initial_destroy(&formula);
  lmx_initial_destroy(&bkw);
}

static void not_normalising_a_formula_checks_its_moments(void **state)
{
  (void)state;
  lmx_initial *initial = NULL;
  lmx_initial_spec spec = {
      .d = 2, .kind = LMX_INITIAL_FORMULA, .log_density = "-r^2/2"};
  assert_int_equal(lmx_initial_create(ctx, &spec, &initial), LMX_ERR_CASE);
  assert_string_equal(lmx_context_message(ctx),
                      "initial.normalise: data has mass 6.28318530718, mean 0 "
                      "(largest component), energy 12.5663706144, must be 1, "
                      "0, 2");
  assert_null(initial);
}

typedef struct {
  int d;
  const char *text;
  lmx_status status;
  const char *message; /* how it begins */
} wrong_formula;

static void wrong_formulas_say_what_and_where(void **state)
{
  (void)state;
  static const wrong_formula wrong[] = {
      {2, "", LMX_ERR_CASE, "initial.log_density: position "},
      {2, "-r^2/2 + w", LMX_ERR_CASE,
       "initial.log_density: position 10: Unexpected token \"w\""},
      {2, "-v1^2 - v3^2", LMX_ERR_CASE,
       "initial.log_density: position 9: Unexpected token \"v3"},
      {2, "-r^2 +", LMX_ERR_CASE, "initial.log_density: position 7: "},
      {2, "-(r^2", LMX_ERR_CASE, "initial.log_density: position 6: "},
      {2, "foo(v1)", LMX_ERR_CASE, "initial.log_density: position 1: "},
      {2, "-r^2/2 + (v1 = 3)", LMX_ERR_CASE,
       "initial.log_density: position 14: assignments are not allowed"},
      {2, "-r^2, v1", LMX_ERR_CASE,
       "initial.log_density: has 2 expressions separated by commas, must be "
       "one"},
      {2, "-r^2/2 + sqrt(v1)", LMX_ERR_CASE,
       "initial.log_density: is not a number at v = ("},
      {2, "-r^2/2 + 1/v1^2*0 + 1/0", LMX_ERR_CASE, "initial.log_density: is "},
      {2, "v1^2", LMX_ERR_CASE,
       "initial.log_density: the density is not integrable"},
      {2, "0", LMX_ERR_CASE,
       "initial.log_density: the density is not integrable"},
      {3, "-v1^2/2 - v3^2", LMX_ERR_CASE,
       "initial.log_density: the density is not integrable"},
      {2, "-log(1+r^2)", LMX_ERR_CASE,
       "initial.log_density: the density is not integrable"},
      {5, "-r", LMX_OK, ""},
      {5, "-v1^2-2*v2^2-3*v3^2-4*v4^2-5*v5^2", LMX_ERR_CASE,
       "initial.log_density: in dimension 5 the formula must be symmetric"},
      {2, "-abs(v1) - abs(v2+v1/3)", LMX_ERR_NUMERICS,
       "initial.log_density: the moments of the density still change by"},
      {2, "-r^2/2 + 1e308*10", LMX_ERR_CASE, "initial.log_density: "},
      {2, "-r^2/2 + 1000", LMX_ERR_CASE, "initial.kind: the mass (inf)"},
  };
  for (size_t i = 0; i < sizeof wrong / sizeof *wrong; ++i) {
    lmx_initial *initial = NULL;
    lmx_initial_spec spec = {.d = wrong[i].d,
                             .kind = LMX_INITIAL_FORMULA,
                             .normalise = true,
                             .log_density = wrong[i].text};
    lmx_status status = lmx_initial_create(ctx, &spec, &initial);
    const char *message = status == LMX_OK ? "" : lmx_context_message(ctx);
    if (status != wrong[i].status ||
        strncmp(message, wrong[i].message, strlen(wrong[i].message)) != 0) {
      print_error("\"%s\": status %d, %s\n", wrong[i].text, status, message);
      fail();
    }
    lmx_initial_destroy(&initial);
  }
}

static void formulas_not_finite_on_the_grid_name_the_point(void **state)
{
  (void)state;
  /* Underflows to log 0 only far out, where the moments do not notice. */
  lmx_initial *initial = make_formula(2, "log(exp(-r^2/2)/(2*pi))");
  assert_true(lmx_initial_map(initial)->identity);
  lmx_grid *grid;
  double u[2500];
  lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 50, 40.0},
                           {LMX_AXIS_MIRRORED, 50, 40.0}};
  ASSERT_OK(ctx, lmx_grid_create(ctx, 2, 2, axes, 4, &grid));
  assert_int_equal(lmx_initial_sample(ctx, initial, grid, u), LMX_ERR_CASE);
  const char *start = "initial.log_density: log f is -inf at v = (0.4, 38.8)";
  assert_memory_equal(lmx_context_message(ctx), start, strlen(start));
  assert_non_null(strstr(lmx_context_message(ctx), "logsumexp(a, b)"));
  lmx_grid_destroy(&grid);
  axes[0].half_width = axes[1].half_width = 8.0;
  ASSERT_OK(ctx, lmx_grid_create(ctx, 2, 2, axes, 4, &grid));
  ASSERT_OK(ctx, lmx_initial_sample(ctx, initial, grid, u));
  for (size_t i = 0; i < grid->size; ++i)
    ASSERT_NEAR(u[i], 0.0, 1e-13);
  lmx_grid_destroy(&grid);
  lmx_initial_destroy(&initial);
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  lmx_initial_spec spec = {.d = 3,
                           .kind = LMX_INITIAL_FORMULA,
                           .normalise = true,
                           .log_density = "-r^2 - v1^4"};
  lmx_initial *initial = NULL;
  int failures = 0;
  for (long n = 1; initial == NULL; ++n) {
    lmx_alloc_fail_after(n);
    lmx_status status = lmx_initial_create(ctx, &spec, &initial);
    if (initial == NULL) {
      assert_int_equal(status, LMX_ERR_MEMORY);
      ++failures;
    }
  }
  lmx_alloc_fail_after(0);
  assert_true(failures >= 8);
  lmx_initial_destroy(&initial);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(formula_of_a_gaussian_equals_the_gaussian),
      cmocka_unit_test(far_narrow_tilted_formula_is_found),
      cmocka_unit_test(formula_of_a_mixture_equals_the_mixture),
      cmocka_unit_test(radial_formulas_have_the_moments_of_gamma_functions),
      cmocka_unit_test(axisymmetric_formulas_in_high_dimension),
      cmocka_unit_test(formula_about_another_axis_is_turned),
      cmocka_unit_test(formula_without_symmetry_in_three_dimensions),
      cmocka_unit_test(bkw_as_a_formula_is_normalised_already),
      cmocka_unit_test(not_normalising_a_formula_checks_its_moments),
      cmocka_unit_test(wrong_formulas_say_what_and_where),
      cmocka_unit_test(formulas_not_finite_on_the_grid_name_the_point),
      cmocka_unit_test(every_failing_allocation_is_reported),
  };
  return RUN_WITH_CONTEXT(tests);
}
