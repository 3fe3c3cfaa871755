/* The auxiliary functions of Section 4, recomputed from closed formulas at
 * the nodes, and their rejection of what is no solution. */
#include "radial.h"

static const double ball = 6.0;
static const char *const ids[2] = {"F-grad", "F-hess"};

static double F_grad(int d, radial_constants c, double t, double r)
{
  radial_jet j = radial(d, t, r);
  return j.g1 * j.g1 + c.C * j.g - d * (d - 1) * c.C * t - c.C1;
}

static double F_hess(int d, double K1, double K2, radial_constants c, double t,
                     double r)
{
  radial_jet j = radial(d, t, r);
  double kappa = d * (d - 1.0), K = relative_of(d, r, j);
  double linear = 4 * kappa * t + c.A + K1 / c.C + 2 * c.C1 / c.C;
  return K * K / (K2 * c.C) - j.g * j.g + linear * j.g + j.g1 * j.g1 / c.C -
         (3 * kappa * kappa * t * t + kappa * c.A * t + kappa * K1 * t / c.C +
          4 * kappa * c.C1 * t / c.C + c.C2);
}

/* Largest values over the nodes of the ball at time k. */
static void largest(const sample *s, double K1, double K2, radial_constants c,
                    size_t k, double *grad, double *hess)
{
  int d = s->grid->d;
  double v[LMX_MAX_DIMENSION];
  *grad = *hess = -INFINITY;
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    double r = sqrt(square_norm(d, v));
    if (r > s->input.radius)
      continue;
    *grad = fmax(*grad, F_grad(d, c, s->times[k], r));
    *hess = fmax(*hess, F_hess(d, K1, K2, c, s->times[k], r));
  }
}

/* Largest ratio of the sides of (4.1) and left side of (4.6). */
static void check_consequences(const sample *s, radial_constants c)
{
  const char *const consequences[2] = {"eq-4.1", "eq-4.6"};
  int d = s->grid->d;
  double v[LMX_MAX_DIMENSION], ratio = 0.0, left = -INFINITY;
  for (size_t k = 0; k < s->ntimes; ++k)
    for (size_t i = 0; i < s->grid->size; ++i) {
      lmx_grid_point(s->grid, i, v);
      double r = sqrt(square_norm(d, v)), t = s->times[k];
      radial_jet j = radial(d, t, r);
      double q2 = j.g1 * j.g1, kappa = d * (d - 1.0);
      if (r > s->input.radius)
        continue;
      ratio = fmax(ratio, q2 / (kappa * c.C * t - c.C * j.g + c.C1));
      left = fmax(left, q2 / c.C + j.g - kappa * t);
    }
  sample copy = *s;
  lmx_check_results *results = sample_check(&copy, 2, consequences);
  assert_verdict(results, "eq-4.1", LMX_HOLDS);
  assert_verdict(results, "eq-4.6", LMX_HOLDS);
  ASSERT_NEAR(result_of(results, "eq-4.1")->value, ratio, 1e-4);
  ASSERT_NEAR(result_of(results, "eq-4.6")->value, left, 5e-4 / c.C);
  ASSERT_NEAR(result_of(results, "eq-4.6")->bound, c.C1 / c.C, 1e-4);
  lmx_check_results_destroy(&results);
}

/* eta = 1 for radial data, so that both pairs C, C' agree. K1 and K2 are over
 * the ellipticity, 1 for the printed and d - 1 for the sharp set. */
static void check_constants(const lmx_table *table, int d, int set, double K1,
                            double K2, radial_constants c)
{
  double e = set == 0 ? 1.0 : d - 1.0;
  const double want[] = {set,  e * K1, e * K2, e,   c.C,
                         c.C1, c.C,    c.C1,   c.A, c.C2};
  assert_int_equal(table->columns, 10);
  for (size_t i = 0; i < 10; ++i)
    ASSERT_NEAR(table->data[(size_t)set * 10 + i], want[i],
                1e-4 * fmax(1.0, fabs(want[i])));
}

static void check_radial(int d, int naxes, const lmx_axis_spec *axes)
{
  const double D[LMX_MAX_DIMENSION] = {0}, times[3] = {0.0, 0.02, 0.1};
  /* over the constants of ellipticity, 1 and d - 1 */
  const double K1[2] = {4.0 * d, 2.0}, K2[2] = {16.0 * d, 4.0};
  sample s;
  sample_open(&s, d, D, naxes, axes, 3, times, ball);
  sample_fill(&s, radial_log_density);
  lmx_check_results *results = sample_check(&s, 2, ids);
  assert_verdict(results, "F-grad", LMX_HOLDS);
  assert_verdict(results, "F-hess", LMX_HOLDS);
  const lmx_table *grad = table_named(results, "bernstein_gradient");
  const lmx_table *hess = table_named(results, "bernstein_hessian");
  assert_int_equal(grad->rows, 3);
  assert_int_equal(hess->rows, 3);
  const lmx_table *constants = table_named(results, "constants");
  assert_int_equal(constants->rows, 2);
  for (int set = 0; set < 2; ++set) {
    radial_constants c = radial_constants_of(d, ball, K1[set], K2[set]);
    check_constants(constants, d, set, K1[set], K2[set], c);
    for (size_t k = 0; k < s.ntimes; ++k) {
      double F, H;
      largest(&s, K1[set], K2[set], c, k, &F, &H);
      ASSERT_NEAR(grad->data[3 * k + 1 + (size_t)set], F, 1e-4 * c.C1 + 1e-4);
      ASSERT_NEAR(hess->data[3 * k + 1 + (size_t)set], H, 2e-4 + 1e-4 * c.A);
      ASSERT_AT_MOST(F, 1e-4);
      ASSERT_AT_MOST(H, 1e-4);
    }
  }
  lmx_check_results_destroy(&results);
  check_consequences(&s, radial_constants_of(d, ball, K1[1], K2[1]));
  sample_close(&s);
}

static void radial_mixtures_give_the_values_of_the_formulas(void **state)
{
  (void)state;
  const lmx_axis_spec full[2] = {{LMX_AXIS_FULL, 136, 6.8},
                                 {LMX_AXIS_FULL, 136, 6.8}};
  const lmx_axis_spec radial_axis[1] = {{LMX_AXIS_RADIAL, 128, 8.0}};
  check_radial(2, 2, full);
  check_radial(3, 1, radial_axis);
  check_radial(5, 1, radial_axis);
}

/* The map is F / f at the nodes: for the Maxwellian in d = 2, C = K1 / eta = 2,
 * F / f = r^2 - r^2 - 2 log 2 pi - 4 t - C', C' = max(0, ..) = 0. */
static void the_map_is_that_of_the_formula(void **state)
{
  (void)state;
  const double times[2] = {0.0, 0.3}, D[2] = {0.0, 0.0};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 32, 8.0},
                                 {LMX_AXIS_FULL, 64, 8.0}};
  sample s;
  sample_open(&s, 2, D, 2, axes, 2, times, 5.0);
  sample_fill(&s, gaussian_log_density);
  lmx_check_results *results = sample_check(&s, 1, ids);
  const lmx_table *map = table_named(results, "bernstein_gradient_map");
  size_t inside = 0;
  for (size_t i = 0; i < map->rows; ++i) {
    const double *row = map->data + 4 * i;
    bool in_ball = row[1] * row[1] + row[2] * row[2] <= 25.0;
    if (isnan(row[0]))
      continue;
    assert_true(in_ball != (bool)isnan(row[3]));
    inside += in_ball;
    if (in_ball)
      ASSERT_NEAR(row[3], -2.0 * log(2.0 * M_PI) - 4.0 * row[0], 1e-9);
  }
  assert_true(inside > 500);
  ASSERT_NEAR(result_of(results, "F-grad")->value, -2.0 * log(2.0 * M_PI),
              1e-9);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

/* A solution that falls off faster later than its data allows. */
static double cold_later(const sample *s, double t, const double *v)
{
  (void)s;
  double th = t > 0.0 ? 0.2 : 1.0;
  return -0.5 * square_norm(2, v) / th - log(2.0 * M_PI * th);
}

static void a_steeper_density_is_rejected(void **state)
{
  (void)state;
  const double times[2] = {0.0, 0.05}, D[2] = {0.0, 0.0};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 40, 8.0},
                                 {LMX_AXIS_FULL, 40, 8.0}};
  sample s;
  sample_open(&s, 2, D, 2, axes, 2, times, 6.0);
  sample_fill(&s, cold_later);
  lmx_check_results *results = sample_check(&s, 2, ids);
  for (size_t i = 0; i < 2; ++i) {
    assert_int_equal(results->items[i].status, LMX_FAILS);
    ASSERT_NEAR(results->items[i].t, 0.05, 0.0);
    assert_true(results->items[i].value > 100.0);
    assert_non_null(strstr(results->items[i].note, "Largest beyond"));
  }
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

/* Without (1.10) there is no C': nothing is claimed. */
static double quartic_tail(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  return -0.02 * pow(square_norm(2, v), 2);
}

static void without_the_hypothesis_nothing_is_claimed(void **state)
{
  (void)state;
  const double times[2] = {0.0, 0.05}, D[2] = {0.0, 0.0};
  const lmx_axis_spec axis = {LMX_AXIS_RADIAL, 400, 8.0};
  sample s;
  sample_open(&s, 2, D, 1, &axis, 2, times, 6.0);
  sample_fill(&s, quartic_tail);
  lmx_check_results *results = sample_check(&s, 2, ids);
  for (size_t i = 0; i < 2; ++i) {
    assert_int_equal(results->items[i].status, LMX_INFO);
    assert_non_null(strstr(results->items[i].note, "Hypothesis (1.10) fails"));
  }
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

/* Constants given by the user decide: too small ones are refused, and large
 * ones enter the values as they are. */
static void given_constants_decide(void **state)
{
  (void)state;
  const double times[2] = {0.0, 0.05}, D[2] = {0.0, 0.0};
  const char *const given[4] = {"F-grad", "F-hess", "lem-4.1", "lem-4.5"};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 68, 6.8},
                                 {LMX_AXIS_MIRRORED, 68, 6.8}};
  lmx_check_choice choice = {1.0, 0.0, NAN, -9.0, 1.5, 3.0};
  sample s;
  sample_open(&s, 2, D, 2, axes, 2, times, ball);
  sample_fill(&s, radial_log_density);
  s.input.choice = &choice;
  lmx_check_results *results = sample_check(&s, 4, given);
  for (size_t i = 0; i < 4; ++i)
    assert_verdict(results, given[i], LMX_FAILS);
  ASSERT_NEAR(result_of(results, "lem-4.1")->bound, 1.5, 0.0);
  ASSERT_NEAR(result_of(results, "lem-4.5")->bound, 3.0, 0.0);
  lmx_check_results_destroy(&results);

  choice = (lmx_check_choice){7.0, 50.0, 3.0, 40.0, NAN, NAN};
  results = sample_check(&s, 2, given);
  radial_constants c = {.C = 7.0, .C1 = 50.0, .A = 3.0, .C2 = 40.0};
  double F = -INFINITY, H = -INFINITY;
  for (size_t k = 0; k < s.ntimes; ++k) {
    double f, h;
    largest(&s, 2.0, 4.0, c, k, &f, &h);
    F = fmax(F, f);
    H = fmax(H, h);
  }
  assert_verdict(results, "F-grad", LMX_HOLDS);
  assert_verdict(results, "F-hess", LMX_HOLDS);
  ASSERT_NEAR(result_of(results, "F-grad")->value, F, 1e-3);
  ASSERT_NEAR(result_of(results, "F-hess")->value, H, 1e-3);
  assert_non_null(strstr(results->items[0].note, "those of the case"));
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(radial_mixtures_give_the_values_of_the_formulas),
      cmocka_unit_test(the_map_is_that_of_the_formula),
      cmocka_unit_test(a_steeper_density_is_rejected),
      cmocka_unit_test(without_the_hypothesis_nothing_is_claimed),
      cmocka_unit_test(given_constants_decide),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
