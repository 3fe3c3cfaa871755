/* The error bar of the maximum principle against the true error of solutions
 * that the solver computed, and its barriers against the equation. */
#include "solutions.h"

#include "check/error_bar.h"

static const char *const ids[2] = {"exact-error", "error-bar"};
enum { TIME, TRUTH, BAR, RESIDUAL, STEPS, BEYOND, DISTANCE, UNSURE, COLUMNS };

typedef struct watched {
  lmx_watch *watch;
  double *u; /* [size] */
} watched;

static lmx_status watch_step(void *user, lmx_solver *solver)
{
  watched *w = user;
  lmx_solver_state(solver, w->u);
  return lmx_watch_step(w->watch, lmx_solver_time(solver), w->u);
}

/* Replaces the exact states at t > 0 by computed ones. w: NULL, or who looks
 * on. */
static void solve_watched(sample *s, watched *w)
{
  const lmx_solver_options options = {.formulation = LMX_FORMULATION_LOG,
                                      .rtol = s->input.rtol,
                                      .atol = s->input.atol};
  lmx_solver *solver;
  lmx_solver_stats stats;
  ASSERT_OK(s->context, lmx_solver_create(s->context, &s->model, s->grid,
                                          &options, 0.0, s->u[0], &solver));
  if (w != NULL)
    lmx_solver_set_step_callback(solver, watch_step, w);
  for (size_t k = 1; k < s->ntimes; ++k) {
    ASSERT_OK(s->context, lmx_solver_advance(s->context, solver, s->times[k]));
    lmx_solver_state(solver, s->u[k]);
    if (w != NULL)
      ASSERT_OK(s->context, lmx_watch_output(w->watch, s->u[k]));
  }
  lmx_solver_get_stats(solver, &stats);
  s->input.steps = stats.steps;
  lmx_solver_destroy(&solver);
}

static void solve(sample *s)
{
  solve_watched(s, NULL);
}

static void open_solved(sample *s, size_t points)
{
  const double times[4] = {0.0, 0.05, 0.2, 0.5};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, points, 11.0},
                                 {LMX_AXIS_MIRRORED, points, 11.0}};
  sample_axisymmetric(s, 2, 1.3, 2, axes, 4, times, 5.0);
  solve(s);
}

/* The bar is above the truth at every time, not above `most`, and no less than
 * its largest part and no more than the sum of all. */
static void assert_bar(const sample *s, const lmx_table *table, double most)
{
  assert_int_equal(table->columns, COLUMNS);
  assert_int_equal(table->rows, s->ntimes);
  for (size_t k = 1; k < s->ntimes; ++k) {
    const double *row = table->data + k * COLUMNS;
    double parts = row[RESIDUAL] + row[STEPS] + row[BEYOND] + row[UNSURE];
    ASSERT_AT_LEAST(row[BAR], row[TRUTH]);
    assert_true(row[TRUTH] > 0.0);
    ASSERT_AT_MOST(row[BAR], most);
    ASSERT_AT_MOST(row[BAR], row[DISTANCE] - log1p(-parts) + 1e-15);
    ASSERT_AT_LEAST(row[BAR], row[DISTANCE] + row[RESIDUAL]);
    ASSERT_AT_LEAST(row[BAR], row[DISTANCE] + row[STEPS]);
    ASSERT_AT_LEAST(row[BAR], row[DISTANCE] + row[BEYOND]);
  }
}

/* Refining the grid lowers the residual's part with the order of the
 * differences. */
static void the_bar_is_above_the_true_error(void **state)
{
  (void)state;
  double residual[2];
  for (int i = 0; i < 2; ++i) {
    sample s;
    open_solved(&s, i == 0 ? 44 : 66);
    lmx_check_results *results = sample_check(&s, 2, ids);
    assert_verdict(results, "error-bar", LMX_HOLDS);
    const lmx_table *table = table_named(results, "error_bar");
    assert_bar(&s, table, i == 0 ? 1e-3 : 2e-5);
    residual[i] = table->data[COLUMNS + RESIDUAL];
    lmx_check_results_destroy(&results);
    sample_close(&s);
  }
  assert_true(residual[0] / residual[1] > pow(1.5, 5));
}

/* Three dimensions, a cold direction, a radial axis; and by radius the bar
 * does not fall. */
static void the_bar_holds_for_other_data(void **state)
{
  (void)state;
  const double times[4] = {0.0, 0.03, 0.1, 0.25};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 48, 9.0},
                                 {LMX_AXIS_RADIAL, 40, 9.0}};
  sample s;
  sample_axisymmetric(&s, 3, 0.75, 2, axes, 4, times, 5.0);
  solve(&s);
  lmx_check_results *results = sample_check(&s, 2, ids);
  assert_verdict(results, "error-bar", LMX_HOLDS);
  const lmx_table *table = table_named(results, "error_bar");
  assert_bar(&s, table, 1e-3);
  const lmx_table *radii = table_named(results, "error_bar_radii");
  size_t at_ball = 0;
  for (size_t i = 0; i < radii->rows; ++i) {
    const double *row = radii->data + 3 * i;
    for (size_t k = 0; k < s.ntimes; ++k)
      if (row[0] == s.times[k] && row[1] == 5.0) {
        ASSERT_NEAR(row[2], table->data[k * COLUMNS + BAR], 1e-15);
        ++at_ball;
      }
    if (i > 0 && row[0] == row[-3])
      ASSERT_AT_LEAST(row[2], row[-1]);
  }
  assert_int_equal(at_ball, s.ntimes);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

/* A state that is off by 1e-2 in one place: the bar grows with it, and it is
 * said that the state is not a solution, with and without a known one. */
static void a_corrupted_state_is_within_its_bar(void **state)
{
  (void)state;
  for (int known = 0; known < 2; ++known) {
    sample s;
    open_solved(&s, 44);
    for (size_t i = 0; i < s.grid->size; ++i) {
      double v[2];
      lmx_grid_point(s.grid, i, v);
      s.u[2][i] += 1e-2 * exp(-square_norm(2, v));
    }
    if (known == 0)
      s.input.exact = NULL;
    lmx_check_results *results = sample_check(&s, 2, ids);
    assert_verdict(results, "error-bar", LMX_FAILS);
    const lmx_check_result *r = result_of(results, "error-bar");
    assert_non_null(strstr(r->note, "further"));
    /* the time and the numbers that decided: how far, and what is allowed */
    assert_true(r->has_where);
    ASSERT_NEAR(r->t, s.times[2], 0.0);
    assert_true(r->bound > 0.0 && r->value > r->bound);
    const lmx_table *table = table_named(results, "error_bar");
    const double *row = table->data + 2 * COLUMNS;
    ASSERT_AT_LEAST(row[BAR], 9e-3);
    if (known == 1)
      ASSERT_AT_LEAST(row[BAR], row[TRUTH]);
    lmx_check_results_destroy(&results);
    sample_close(&s);
  }
}

static lmx_bar_record *watch_solve(sample *s)
{
  watched w;
  ASSERT_OK(s->context, lmx_watch_create(s->context, &s->input, &w.watch));
  ASSERT_OK(s->context, LMX_NEW_ARRAY(s->context, s->grid->size, &w.u));
  solve_watched(s, &w);
  lmx_bar_record *record = lmx_watch_take_record(w.watch);
  lmx_watch_destroy(&w.watch);
  lmx_free(w.u);
  return record;
}

/* The steps of the solve itself: the bar is above the truth, and its part in
 * time is smaller than by another solve at looser tolerances. A record of
 * another ball is not used. */
static void a_watched_solve_has_a_sharper_bar(void **state)
{
  (void)state;
  sample s;
  double steps[3];
  open_solved(&s, 66);
  lmx_bar_record *record = watch_solve(&s);
  for (int i = 0; i < 3; ++i) {
    s.input.record = i > 0 ? record : NULL;
    s.input.radius = i == 2 ? 4.5 : 5.0;
    lmx_check_results *results = sample_check(&s, 2, ids);
    assert_verdict(results, "error-bar", LMX_HOLDS);
    const lmx_table *table = table_named(results, "error_bar");
    assert_bar(&s, table, 2e-5);
    steps[i] = table->data[COLUMNS + STEPS];
    const char *note = result_of(results, "error-bar")->note;
    assert_true((strstr(note, "another solve") == NULL) == (i == 1));
    lmx_check_results_destroy(&results);
  }
  ASSERT_AT_MOST(steps[1], 0.2 * steps[0]);
  assert_true(steps[2] > 2.0 * steps[1]);
  lmx_bar_record_destroy(&record);
  sample_close(&s);
}

/* What is handed over at an output time is not on the path. */
static void the_record_tells_what_is_off(void **state)
{
  (void)state;
  sample s;
  open_solved(&s, 44);
  watched w;
  ASSERT_OK(s.context, lmx_watch_create(s.context, &s.input, &w.watch));
  ASSERT_OK(s.context, LMX_NEW_ARRAY(s.context, s.grid->size, &w.u));
  /* two steps that lead to the first output, the second to another state */
  ASSERT_OK(s.context, lmx_watch_step(w.watch, 0.5 * s.times[1], s.u[0]));
  ASSERT_OK(s.context, lmx_watch_step(w.watch, s.times[1], s.u[1]));
  for (size_t i = 0; i < s.grid->size; ++i)
    w.u[i] = s.u[1][i] + 1e-3;
  ASSERT_OK(s.context, lmx_watch_output(w.watch, w.u));
  lmx_bar_record *record = lmx_watch_take_record(w.watch);
  size_t n = record->nshells * LMX_BAR_COLUMNS;
  for (size_t j = n; j < 2 * n; j += LMX_BAR_COLUMNS) {
    ASSERT_NEAR(record->data[j + LMX_BAR_DISTANCE], 1e-3, 1e-12);
    /* a step that goes nowhere has a large defect */
    ASSERT_AT_LEAST(record->data[j + LMX_BAR_TIME], 1e-3);
    /* and later times have no bound yet */
    assert_true(isinf(record->data[j + n + LMX_BAR_TIME]));
  }
  lmx_bar_record_destroy(&record);
  lmx_watch_destroy(&w.watch);
  lmx_free(w.u);
  sample_close(&s);
}

/* Another equation's solution: its true error is above the bar. */
static void the_wrong_equation_is_rejected(void **state)
{
  (void)state;
  sample s;
  open_solved(&s, 44);
  s.model.D[0] *= 1.02;
  s.model.D[1] *= 1.02;
  solve(&s);
  lmx_check_results *results = sample_check(&s, 2, ids);
  assert_verdict(results, "error-bar", LMX_FAILS);
  assert_non_null(strstr(result_of(results, "error-bar")->note, "NOT below"));
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

/* A bar that is below the true error at one time, however little: the row
 * shows that time, not that of the largest bar, and both numbers. */
static void the_row_shows_what_decided(void **state)
{
  (void)state;
  sample s;
  open_solved(&s, 44);
  lmx_bar_record *record = watch_solve(&s);
  s.input.record = record;
  for (size_t wrong = 1; wrong < s.ntimes; ++wrong) {
    size_t n = record->nshells * LMX_BAR_COLUMNS;
    double *kept, *now = record->data + wrong * n;
    ASSERT_OK(s.context, LMX_NEW_ARRAY(s.context, n, &kept));
    memcpy(kept, now, n * sizeof *kept);
    for (size_t j = 0; j < n; ++j)
      if (j % LMX_BAR_COLUMNS != LMX_BAR_EDGE)
        now[j] *= 1e-6;
    lmx_check_results *results = sample_check(&s, 2, ids);
    const lmx_check_result *r = result_of(results, "error-bar");
    const lmx_table *table = table_named(results, "error_bar");
    const double *row = table->data + wrong * COLUMNS;
    assert_int_equal(r->status, LMX_FAILS);
    assert_true(r->has_where && row[TRUTH] > row[BAR]);
    ASSERT_NEAR(r->t, s.times[wrong], 0.0);
    ASSERT_NEAR(r->value, row[TRUTH], 1e-3 * row[TRUTH]);
    ASSERT_NEAR(r->bound, row[BAR], 2e-12);
    assert_true(r->slack < 0.0);
    lmx_check_results_destroy(&results);
    memcpy(now, kept, n * sizeof *kept);
    lmx_free(kept);
  }
  lmx_bar_record_destroy(&record);
  sample_close(&s);
}

/* Where f may be off by all of f there is no bar, and then nothing holds: it
 * says from where on, and why. */
static void without_a_bar_nothing_holds(void **state)
{
  (void)state;
  static const int column[3] = {LMX_BAR_SPACE, LMX_BAR_TIME, LMX_BAR_BEYOND};
  static const char *const why[3] = {"differences in v", "time steps",
                                     "beyond the box"};
  sample s;
  open_solved(&s, 44);
  lmx_bar_record *record = watch_solve(&s);
  s.input.record = record;
  for (int i = 0; i < 4; ++i) {
    double *x = record->data + (2 * record->nshells + 3) * LMX_BAR_COLUMNS;
    double edge = x[LMX_BAR_EDGE - LMX_BAR_COLUMNS], kept = x[column[i % 3]];
    char where[80];
    x[column[i % 3]] = i == 3 ? INFINITY : 1.5;
    lmx_check_results *results = sample_check(&s, 2, ids);
    const lmx_check_result *r = result_of(results, "error-bar");
    assert_int_equal(r->status, LMX_INFO);
    assert_true(isinf(r->bound) && isfinite(r->value));
    snprintf(where, sizeof where,
             "NO BAR at 1 of 4 times, first at t = %.4g "
             "where |v| > %.3g",
             s.times[2], edge);
    assert_non_null(strstr(r->note, where));
    assert_non_null(strstr(r->note, i == 3 ? "no Gaussian" : why[i]));
    lmx_check_results_destroy(&results);
    x[column[i % 3]] = kept;
  }
  lmx_bar_record_destroy(&record);
  sample_close(&s);
}

/* A cold direction that is filled from the side: the layer is not resolved in
 * the tail at first, and what was wrong there must be forgotten. */
static void a_cold_direction_has_a_bar(void **state)
{
  (void)state;
  const double times[3] = {0.0, 0.02, 0.05};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 176, 8.0},
                                 {LMX_AXIS_MIRRORED, 48, 8.0}};
  const double D[2] = {0.8, -0.8};
  sample s;
  sample_open(&s, 2, D, 2, axes, 3, times, 5.0);
  ASSERT_OK(s.context,
            lmx_exact_axisymmetric_gaussian(s.context, 2, 1.8, &s.exact));
  s.input.exact = s.exact;
  for (size_t i = 0; i < s.grid->size; ++i) {
    double v[2];
    lmx_grid_point(s.grid, i, v);
    s.u[0][i] = 0.5 * (v[0] * v[0] * (1.0 - 1.0 / 1.8) +
                       v[1] * v[1] * (1.0 - 1.0 / 0.2) - log(0.36));
  }
  s.input.record = watch_solve(&s);
  lmx_check_results *results = sample_check(&s, 2, ids);
  assert_verdict(results, "error-bar", LMX_HOLDS);
  assert_bar(&s, table_named(results, "error_bar"), 1e-3);
  lmx_check_results_destroy(&results);
  lmx_bar_record_destroy((lmx_bar_record **)&s.input.record);
  sample_close(&s);
}

/* Without an exact solution there is a bar, and nothing to compare. */
static void without_the_truth_the_bar_is_reported(void **state)
{
  (void)state;
  sample s;
  open_solved(&s, 44);
  s.input.exact = NULL;
  lmx_check_results *results = sample_check(&s, 1, ids + 1);
  const lmx_check_result *r = &results->items[0];
  assert_int_equal(r->status, LMX_INFO);
  assert_true(isnan(r->value));
  assert_true(r->bound > 0.0 && r->bound < 1e-2);
  lmx_check_results_destroy(&results);
  /* in density form nothing is claimed, nor where the ball fills the box */
  s.input.radius = 10.99;
  results = sample_check(&s, 1, ids + 1);
  assert_int_equal(results->items[0].status, LMX_INFO);
  assert_non_null(strstr(results->items[0].note, "no sphere"));
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_bar_is_above_the_true_error),
      cmocka_unit_test(the_bar_holds_for_other_data),
      cmocka_unit_test(a_corrupted_state_is_within_its_bar),
      cmocka_unit_test(a_watched_solve_has_a_sharper_bar),
      cmocka_unit_test(the_record_tells_what_is_off),
      cmocka_unit_test(the_wrong_equation_is_rejected),
      cmocka_unit_test(without_the_truth_the_bar_is_reported),
      cmocka_unit_test(the_row_shows_what_decided),
      cmocka_unit_test(without_a_bar_nothing_holds),
      cmocka_unit_test(a_cold_direction_has_a_bar),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
