/* Running the registry: selection, tables, trust radius, failures. */
#include "solutions.h"

static void open_gaussian(sample *s, size_t ntimes)
{
  const double times[3] = {0.0, 0.1, 0.2}, D[2] = {0.0, 0.0};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 16, 8.0},
                                 {LMX_AXIS_FULL, 32, 8.0}};
  sample_open(s, 2, D, 2, axes, ntimes, times, 5.0);
  sample_fill(s, gaussian_log_density); /* u = 0: stationary */
}

static void ids_select_in_registry_order(void **state)
{
  (void)state;
  sample s;
  open_gaussian(&s, 2);
  const char *const ids[3] = {"thm-2.3", "eq-1.2", "thm-2.3"};
  lmx_check_results *results = sample_check(&s, 3, ids);
  assert_int_equal(results->n, 2);
  assert_string_equal(results->items[0].id, "eq-1.2");
  assert_string_equal(results->items[1].id, "thm-2.3");
  assert_null(lmx_check_results_find(results, "H"));
  lmx_check_results_destroy(&results);
  assert_null(results);
  lmx_check_results_destroy(&results);

  const char *const unknown[1] = {"thm-9.9"};
  assert_int_equal(lmx_checks_run(s.context, &s.input, 1, unknown, &results),
                   LMX_ERR_USAGE);
  assert_non_null(strstr(lmx_context_message(s.context), "thm-9.9"));
  assert_null(results);
  sample_close(&s);
}

static void the_registry_has_distinct_ids(void **state)
{
  (void)state;
  assert_true(lmx_check_count() >= 10);
  for (size_t i = 0; i < lmx_check_count(); ++i) {
    assert_true(strlen(lmx_check_statement(i)) > 10);
    for (size_t j = 0; j < i; ++j)
      assert_string_not_equal(lmx_check_id(i), lmx_check_id(j));
  }
  assert_null(lmx_check_id(lmx_check_count()));
  assert_string_equal(lmx_verdict_text(LMX_HOLDS), "holds");
  assert_string_equal(lmx_verdict_text(LMX_FAILS), "fails");
  assert_string_equal(lmx_verdict_text(LMX_INFO), "info");
}

/* Equilibrium: everything is known without a computation. */
static void equilibrium(void **state)
{
  (void)state;
  sample s;
  open_gaussian(&s, 3);
  lmx_check_results *results = sample_check(&s, 0, NULL);
  assert_int_equal(results->n, lmx_check_count());
  for (size_t i = 0; i < results->n; ++i) {
    const lmx_check_result *r = &results->items[i];
    if (r->status == LMX_FAILS)
      fail_msg("%s: %s", r->id, r->note);
    if (!isnan(r->value) && !isnan(r->bound))
      ASSERT_NEAR(r->slack,
                  strcmp(r->id, "eq-3.5") == 0 || strcmp(r->id, "prop-3.1") == 0
                      ? r->value - r->bound
                      : r->bound - r->value,
                  0.0);
    assert_true(strlen(r->note) > 20);
    assert_true(strlen(r->note) < sizeof r->note - 1); /* not cut */
  }
  ASSERT_NEAR(lmx_check_results_find(results, "H")->value, 0.0, 1e-15);
  /* |G| / (1 + |v|^2) is largest at v = 0, between nodes */
  ASSERT_NEAR(lmx_check_results_find(results, "hyp-1.11")->value, sqrt(2.0),
              1e-6);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

/* Beyond the ball a map shows nothing. */
static void expect_on_ball(const lmx_grid *grid, double r2, double value,
                           double wanted)
{
  double L = lmx_grid_radius(grid);
  if (r2 > L * L * (1.0 + 1e-9))
    assert_true(isnan(value));
  else
    ASSERT_NEAR(value, wanted, 1e-12);
}

static void tables_hold_what_figures_need(void **state)
{
  (void)state;
  sample s;
  open_gaussian(&s, 3);
  lmx_check_results *results = sample_check(&s, 0, NULL);
  const lmx_table *map = table_named(results, "log_density_map");
  /* 32 x 32 points (v1 reflected), a break behind each v1, three times, a
   * second break between times */
  assert_int_equal(map->rows, 3 * 32 * 33 + 2);
  assert_string_equal(map->column_names[2], "v2");
  double least = 0.0;
  for (size_t i = 0; i < map->rows; ++i) {
    const double *row = map->data + 4 * i;
    if (isnan(row[0]))
      continue;
    double r2 = row[1] * row[1] + row[2] * row[2];
    expect_on_ball(s.grid, r2, row[3],
                   -(0.5 * r2 + log(2.0 * M_PI)) / log(10.0));
    least = fmin(least, row[1]);
  }
  ASSERT_NEAR(least, -7.75, 0.0);
  assert_true(isnan(map->data[4 * 32]));

  const lmx_table *growth = table_named(results, "growth_gradient");
  for (size_t i = 0; i < growth->rows; ++i) {
    const double *row = growth->data + 3 * i;
    if (!isnan(row[0])) /* |q| = |v| */
      ASSERT_NEAR(row[2], row[1] / (1.0 + sqrt(row[0]) + row[1]), 1e-12);
  }
  assert_int_equal(table_named(results, "growth_sup")->rows, 3);
  const lmx_table *E = table_named(results, "temperatures");
  assert_int_equal(E->columns, 5);
  assert_int_equal(E->rows, 3);
  ASSERT_NEAR(E->data[5 + 3], 1.0, 1e-10);
  ASSERT_NEAR(E->data[5 + 4], 1.0, 0.0);
  assert_int_equal(table_named(results, "entropy")->rows, 3);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

static void maps_of_one_and_three_axes(void **state)
{
  (void)state;
  const double times[1] = {0.0}, D[3] = {0.0};
  const lmx_axis_spec radial = {LMX_AXIS_RADIAL, 20, 8.0};
  sample s;
  sample_open(&s, 3, D, 1, &radial, 1, times, 5.0);
  sample_fill(&s, gaussian_log_density);
  lmx_check_results *results = sample_check(&s, 0, NULL);
  const lmx_table *map = table_named(results, "log_density_map");
  assert_string_equal(map->column_names[1], "rho");
  assert_int_equal(map->rows, 41);
  lmx_check_results_destroy(&results);
  sample_close(&s);

  const lmx_axis_spec full[3] = {{LMX_AXIS_FULL, 12, 6.0},
                                 {LMX_AXIS_FULL, 14, 7.0},
                                 {LMX_AXIS_FULL, 16, 8.0}};
  const char *const ids[1] = {"eq-1.2"};
  sample_open(&s, 3, D, 3, full, 1, times, 5.0);
  sample_fill(&s, gaussian_log_density);
  results = sample_check(&s, 1, ids);
  map = table_named(results, "log_density_map");
  assert_int_equal(map->rows, 12 * 15);
  for (size_t i = 0; i < map->rows; ++i) {
    const double *row = map->data + 4 * i;
    if (isnan(row[0]))
      continue; /* v3 = h / 2 = 0.5 */
    double r2 = row[1] * row[1] + row[2] * row[2] + 0.25;
    expect_on_ball(s.grid, r2, row[3], lmx_log_maxwellian(3, r2) / log(10.0));
  }
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

/* In the density form nothing beyond the trust radius is looked at. */
static void the_trust_radius_cuts_the_ball(void **state)
{
  (void)state;
  const double times[2] = {0.0, 0.1}, D[2] = {0.0, 0.0};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 64, 8.0},
                                 {LMX_AXIS_FULL, 64, 8.0}};
  const char *const ids[2] = {"hyp-1.10", "thm-2.3"};
  sample s;
  sample_open(&s, 2, D, 2, axes, 2, times, 6.0);
  sample_fill(&s, gaussian_log_density);
  s.input.formulation = LMX_FORMULATION_DENSITY;
  s.trust[1] = 4.0;
  double v[2];
  for (size_t i = 0; i < s.grid->size; ++i) {
    lmx_grid_point(s.grid, i, v);
    double r2 = square_norm(2, v);
    if (r2 > 16.0)
      s.u[1][i] += 100.0 * r2; /* nonsense, if anyone looked */
    if (r2 > 36.0)
      s.u[1][i] = NAN;
  }
  /* derivatives at |v| < 4 reach beyond, so leave a margin of one stencil */
  s.trust[1] = 2.9;
  lmx_check_results *results = sample_check(&s, 2, ids);
  for (size_t i = 0; i < 2; ++i)
    if (results->items[i].status != LMX_HOLDS)
      fail_msg("%s: %s", results->items[i].id, results->items[i].note);
  assert_non_null(strstr(results->items[1].note, "trust radius cut"));
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

static void an_empty_ball_verifies_nothing(void **state)
{
  (void)state;
  sample s;
  open_gaussian(&s, 1);
  s.input.radius = 1e-3;
  lmx_check_results *results = sample_check(&s, 0, NULL);
  const char *const ids[4] = {"hyp-1.10", "hyp-1.11", "thm-2.3", "thm-2.4"};
  for (size_t i = 0; i < 4; ++i)
    assert_int_equal(lmx_check_results_find(results, ids[i])->status, LMX_INFO);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

static void interruption_and_lack_of_memory_leave_nothing(void **state)
{
  (void)state;
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 8, 4.0},
                                 {LMX_AXIS_MIRRORED, 8, 4.0}};
  const double times[2] = {0.0, 0.1};
  sample s;
  sample_axisymmetric(&s, 2, 1.1, 2, axes, 2, times, 3.0);
  lmx_check_results *results = NULL;
  long n = 1;
  for (; n < 10000; ++n) {
    lmx_alloc_fail_after(n);
    lmx_status status = lmx_checks_run(s.context, &s.input, 0, NULL, &results);
    lmx_alloc_fail_after(0);
    if (status == LMX_OK)
      break;
    assert_int_equal(status, LMX_ERR_MEMORY);
    assert_null(results);
  }
  assert_true(n > 50 && n < 10000);
  lmx_check_results_destroy(&results);
  lmx_context_interrupt(s.context);
  assert_int_equal(lmx_checks_run(s.context, &s.input, 0, NULL, &results),
                   LMX_INTERRUPTED);
  assert_null(results);
  sample_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ids_select_in_registry_order),
      cmocka_unit_test(the_registry_has_distinct_ids),
      cmocka_unit_test(equilibrium),
      cmocka_unit_test(tables_hold_what_figures_need),
      cmocka_unit_test(maps_of_one_and_three_axes),
      cmocka_unit_test(the_trust_radius_cuts_the_ball),
      cmocka_unit_test(an_empty_ball_verifies_nothing),
      cmocka_unit_test(interruption_and_lack_of_memory_leave_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
