/* Formulas whose mass is hard to find: far peaks, spikes, underflow, overflow,
 * few derivatives. The bounds by which it is found. */
#include "random_formulas.h"

#include <gsl/gsl_sf_gamma.h>

#include "initial/formula.h"

/* Every operator and function that a formula may have. */
static const char *const bounded[] = {
    "v1+v2*v1-v2/3",
    "v1*v2-v1*v1",
    "v1/(v2+3)",
    "v1/v2",
    "1/(v1^2+v2^2)",
    "v1^2-v2^3+v1^4",
    "v1^(-2)-v2^(-3)",
    "abs(v1)^1.5-2^v2",
    "-v1^2",
    "+v1--v2",
    "2-3-v1",
    "2^3^v1",
    "exp(v1)-exp(-v2^2)",
    "ln(1+v1^2)+log(2+v2)",
    "log2(3+v1)-log10(4+v2)",
    "log(v1)",
    "sqrt(v1^2+v2)",
    "abs(v1)-sign(v2)+rint(v1)",
    "sin(v1)+cos(3*v2)",
    "sin(v1*v2)*cos(v1+9)",
    "tan(v1/2)",
    "asin(v1/3)+acos(v2/4)",
    "asin(v1)-acos(v2)",
    "atan(v1)-atan2(v2,v1)",
    "sinh(v1)-cosh(v2)+tanh(v1*v2)",
    "asinh(v1)+acosh(2+v2)-atanh(v1/4)",
    "acosh(v1)+atanh(v2)",
    "min(v1,v2,1)+max(v1,-v2)",
    "sum(v1,v2,3)-avg(v1,v2)",
    "logsumexp(v1,-v2,v1*v2)",
    "r-r^2+e^v1+pi*v2",
    "_pi*v1-_e",
    "v1<v2 ? v1 : -v2^2",
    "v1>0.5 && v2<=1 ? v1 : 4",
    "v1>=0.5 || v2!=1 ? v1 : v2 > 0 ? 1 : 2",
    "v1==v2 ? 1 : v1",
    "1e2*v1 - .5*v2 + 2e-1",
};

/* Random boxes of all sizes, a point in each. */
static void bounds_hold_at_every_point_of_a_box(void **state)
{
  (void)state;
  unsigned seed = 21;
  for (size_t i = 0; i < sizeof bounded / sizeof *bounded; ++i) {
    lmx_formula *formula;
    ASSERT_OK(ctx, lmx_formula_create(ctx, 2, bounded[i], &formula));
    for (int k = 0; k < 2000; ++k) {
      double lo[2], hi[2], v[2], lower, upper;
      double size = exp(between(&seed, -9.0, 2.0));
      for (int a = 0; a < 2; ++a) {
        lo[a] = between(&seed, -4.0, 4.0);
        hi[a] = lo[a] + between(&seed, 0.0, size);
        v[a] = between(&seed, lo[a], hi[a]);
      }
      lmx_formula_bounds(formula, lo, hi, &lower, &upper);
      double value = lmx_formula_value(formula, v);
      double slack = 1e-12 * (1.0 + fabs(value));
      if (!isfinite(value) ||
          (lower <= value + slack && value <= upper + slack))
        continue;
      print_error("\"%s\" at (%g, %g): %g not in [%g, %g]\n", bounded[i], v[0],
                  v[1], value, lower, upper);
      fail();
    }
    lmx_formula_destroy(&formula);
  }
}

/* On small boxes the bounds close on the value: they are worth something. */
static void bounds_of_small_boxes_are_narrow(void **state)
{
  (void)state;
  unsigned seed = 22;
  for (size_t i = 0; i < sizeof bounded / sizeof *bounded; ++i) {
    lmx_formula *formula;
    int narrow = 0, finite = 0;
    ASSERT_OK(ctx, lmx_formula_create(ctx, 2, bounded[i], &formula));
    for (int k = 0; k < 200; ++k) {
      double lo[2], hi[2], lower, upper;
      for (int a = 0; a < 2; ++a) {
        lo[a] = between(&seed, -4.0, 4.0);
        hi[a] = lo[a] + 1e-7;
      }
      lmx_formula_bounds(formula, lo, hi, &lower, &upper);
      double value = lmx_formula_value(formula, lo);
      finite += isfinite(value);
      narrow += isfinite(value) && upper - lower < 1e-4 * (1.0 + fabs(value));
    }
    assert_true(finite > 0);
    if (narrow < finite - 4) /* jumps, and poles of 1/v2 and tan */
      print_error("\"%s\": %d of %d\n", bounded[i], narrow, finite);
    assert_true(narrow >= finite - 4);
    lmx_formula_destroy(&formula);
  }
}

typedef struct known_mass {
  int d;
  const char *text;
  double mass, mean, variance; /* of v1 */
} known_mass;

/* Both peaks of the first, a spike with a tenth of the mass, peaks beyond the
 * underflow of exp at 38 deviations, a peak 10^5 deviations away, a shell, and
 * conditions. */
static void all_of_the_mass_is_found(void **state)
{
  (void)state;
  const double ring = 2.0 * M_PI * sqrt(2e-6 * M_PI), spike = 2e-6 * M_PI;
  const known_mass data[] = {
      {2, "-8*((v1-3)^2+v2^2)+ln(1+exp(-96*v1))", M_PI / 4.0, 0.0,
       9.0 + 1.0 / 16},
      {2, "ln(exp(-r^2/2)+1e5*exp(-((v1-1)^2+v2^2)/2e-6))",
       2.0 * M_PI + 1e5 * spike, 0.1 / 1.1, 0.0},
      {2, "log(exp(-800*((v1-5)^2+v2^2))+exp(-800*((v1+5)^2+v2^2)))",
       M_PI / 400.0, 0.0, 25.0 + 1.0 / 1600},
      {2, "logsumexp(-r^2/2, log(1e-6)-((v1-1e5)^2+v2^2)/2)",
       2.0 * M_PI * (1.0 + 1e-6), 0.1 / (1.0 + 1e-6), 0.0},
      {2, "-(r-1)^2/2e-6", ring, 0.0, 0.5 * (1.0 + 3e-6)},
      {2, "v1>0 ? -r^2 : -r^2/4", 0.5 * M_PI * 5.0,
       -1.0 / (5.0 * sqrt(M_PI)) * (8.0 - 1.0), 0.0},
      {3, "logsumexp(-r^2/2, 9-((v1-2)^2+v2^2+v3^2)/2e-4)",
       pow(2.0 * M_PI, 1.5) * (1.0 + 1e-6 * exp(9.0)),
       2.0 * 1e-6 * exp(9.0) / (1.0 + 1e-6 * exp(9.0)), 0.0},
  };
  for (size_t i = 0; i < sizeof data / sizeof *data; ++i) {
    lmx_initial *initial = make_formula(data[i].d, data[i].text);
    const lmx_affine *map = lmx_initial_map(initial);
    const double *D = lmx_initial_model(initial)->D;
    ASSERT_NEAR(map->mass / data[i].mass, 1.0, 1e-10);
    ASSERT_NEAR(map->mean[0], data[i].mean, 1e-10 * map->scale);
    double variance = map->scale * map->scale * (1.0 + D[0]);
    if (data[i].variance > 0.0)
      ASSERT_NEAR(variance / data[i].variance, 1.0, 1e-10);
    lmx_initial_destroy(&initial);
  }
}

/* A fixed sample; tests/verify has a larger one. */
static void random_formulas_have_their_moments(void **state)
{
  (void)state;
  unsigned seed = 2;
  for (int i = 0; i < 8; ++i) {
    random_formula formula;
    draw_formula(&seed, 2, &formula);
    lmx_initial *initial = make_formula(2, formula.text);
    ASSERT_NEAR(moments_error(initial, &formula), 0.0, 1e-10);
    ASSERT_NEAR(lmx_initial_accuracy(initial), 1e-11, 1e-12);
    lmx_initial_destroy(&initial);
  }
}

/* exp(-|v1|^3/6 - v2^2/2), which is C^2: moments by Gamma functions. */
static void data_with_two_derivatives_is_accepted(void **state)
{
  (void)state;
  lmx_initial *initial = make_formula(2, "-abs(v1)^3/6 - v2^2/2");
  const lmx_affine *map = lmx_initial_map(initial);
  double gamma = gsl_sf_gamma(1.0 / 3.0);
  double mass = 2.0 * gamma * cbrt(6.0) / 3.0 * sqrt(2.0 * M_PI);
  double variance = pow(6.0, 2.0 / 3.0) / gamma;
  ASSERT_NEAR(map->mass / mass, 1.0, 1e-10);
  ASSERT_NEAR(map->scale, sqrt(0.5 * (variance + 1.0)), 1e-10);
  assert_true(lmx_initial_accuracy(initial) <= 1e-10);
  lmx_initial_destroy(&initial);
  initial = make_formula(2, "-abs(v1+v2/3)^3/6 - v2^2/2");
  ASSERT_NEAR(lmx_initial_map(initial)->mass / mass, 1.0, 1e-10);
  lmx_initial_destroy(&initial);
}

static void logsumexp_neither_over_nor_underflows(void **state)
{
  (void)state;
  lmx_formula *formula;
  const double v[2] = {30.0, -40.0};
  ASSERT_OK(ctx, lmx_formula_create(ctx, 2, "logsumexp(v1*100, v2*100, v1*100)",
                                    &formula));
  ASSERT_NEAR(lmx_formula_value(formula, v), 3000.0 + log(2.0), 1e-12);
  lmx_formula_destroy(&formula);
  ASSERT_OK(ctx,
            lmx_formula_create(ctx, 2, "logsumexp(v2*100, 1/0*v2)", &formula));
  ASSERT_NEAR(lmx_formula_value(formula, v), -4000.0, 0.0);
  lmx_formula_destroy(&formula);
}

static void expect_refusal(int d, const char *text, const char *start,
                           const char *advice)
{
  lmx_initial *initial = NULL;
  lmx_initial_spec spec = {.d = d,
                           .kind = LMX_INITIAL_FORMULA,
                           .normalise = true,
                           .log_density = text};
  assert_true(lmx_initial_create(ctx, &spec, &initial) != LMX_OK);
  assert_null(initial);
  const char *message = lmx_context_message(ctx);
  if (strncmp(message, start, strlen(start)) != 0 ||
      strstr(message, advice) == NULL) {
    print_error("\"%s\": %s\n", text, message);
    fail();
  }
}

static void what_is_refused_says_what_to_do(void **state)
{
  (void)state;
  expect_refusal(2, "log(exp(800-r^2)+1)-r^2",
                 "initial.log_density: is infinite at v = (",
                 "logsumexp(a, b)");
  expect_refusal(2, "-r^2*(1+(v1>0))",
                 "initial.log_density: cannot be bounded over boxes",
                 "v1 < 1 ? a : b");
  /* Found, but off the axis of the symmetry that d = 4 needs. */
  expect_refusal(4, "-1.5*log(1+r^2)",
                 "initial.log_density: the density is "
                 "not integrable",
                 "");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bounds_hold_at_every_point_of_a_box),
      cmocka_unit_test(bounds_of_small_boxes_are_narrow),
      cmocka_unit_test(all_of_the_mass_is_found),
      cmocka_unit_test(random_formulas_have_their_moments),
      cmocka_unit_test(data_with_two_derivatives_is_accepted),
      cmocka_unit_test(logsumexp_neither_over_nor_underflows),
      cmocka_unit_test(what_is_refused_says_what_to_do),
  };
  return RUN_WITH_CONTEXT(tests);
}
