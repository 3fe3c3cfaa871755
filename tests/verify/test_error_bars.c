/* The error bar on random data with an exact solution (300 of them are
 * test_error_bars_long.c), and on cases in which it was once below the true
 * error. */
#include "error_bar_survey.h"

static void bars_are_above_the_true_errors(void **state)
{
  (void)state;
  survey_count count;
  survey_many(&count, 0, 24);
  assert_int_equal(count.below, 0);
  assert_int_equal(count.fails, 0);
  /* and most cases have one, which is not out of all proportion */
  assert_true(count.holds >= 12);
  assert_true(count.ratios[count.nratios / 2] < 5.0);
}

enum { TIME, TRUTH, BAR, COLUMNS = 8 };

/* A case with its checks. */
typedef struct checked {
  lmx_case *input;
  lmx_problem *problem;
  lmx_solution *solution;
  lmx_check_results *results;
  const lmx_check_result *bar;
  const lmx_table *table;
} checked;

static void open_checked(const char *path, size_t n,
                         const char *const *overrides, checked *c)
{
  static const char *const ids[] = {"exact-error", "error-bar"};
  *c = (checked){.input = NULL};
  ASSERT_OK(ctx, lmx_case_load(ctx, path, n, overrides, &c->input));
  ASSERT_OK(ctx, lmx_problem_create(ctx, c->input, &c->problem));
  ASSERT_OK(ctx,
            lmx_problem_solve_watched(ctx, c->problem, c->input, NULL,
                                      &c->input->solver, true, &c->solution));
  ASSERT_OK(ctx, lmx_output_check(ctx, c->input, c->problem, c->solution, 2,
                                  ids, &c->results));
  c->bar = lmx_check_results_find(c->results, "error-bar");
  c->table = survey_table(c->results, "error_bar");
  assert_int_equal(c->table->columns, COLUMNS);
}

static void close_checked(checked *c)
{
  lmx_check_results_destroy(&c->results);
  lmx_solution_destroy(&c->solution);
  lmx_problem_destroy(&c->problem);
  lmx_case_destroy(&c->input);
}

static const double *row_at(const checked *c, double t)
{
  for (size_t k = 0; k < c->table->rows; ++k)
    if (c->table->data[k * COLUMNS] == t)
      return c->table->data + k * COLUMNS;
  fail_msg("no time %g", t);
  return NULL;
}

/* The row of the check is that of one time, with the bar of that time. */
static void assert_row(const checked *c)
{
  const double *row = row_at(c, c->bar->t);
  assert_true(c->bar->has_where);
  ASSERT_NEAR(c->bar->bound, row[BAR], 2e-12);
  ASSERT_AT_MOST(c->bar->value, row[TRUTH]);
  ASSERT_NEAR(c->bar->slack, c->bar->bound - c->bar->value, 1e-15);
}

static void assert_holds(const char *path, size_t n,
                         const char *const *overrides)
{
  checked c;
  open_checked(path, n, overrides, &c);
  if (c.bar->status != LMX_HOLDS)
    fail_msg("%s: %s", lmx_verdict_text(c.bar->status), c.bar->note);
  for (size_t k = 1; k < c.table->rows; ++k) {
    const double *row = c.table->data + k * COLUMNS;
    ASSERT_AT_LEAST(row[BAR], row[TRUTH]);
    ASSERT_AT_MOST(row[BAR], 30.0 * row[TRUTH]);
  }
  assert_row(&c);
  close_checked(&c);
}

/* Outputs among the first steps, which grow from one to the next. */
static void among_the_first_steps(void **state)
{
  (void)state;
  static const char *const early[] = {"time.end=0.1",
                                      "time.output=[1e-6, 0.05]"};
  static const char *const loose[] = {"time.end=1e-4", "solver.rtol=1e-6",
                                      "time.output=[1e-4]"};
  assert_holds(LMX_SOURCE_DIR "/cases/bkw_3d.toml", 2, early);
  assert_holds(LMX_SOURCE_DIR "/cases/bkw_2d.toml", 3, loose);
}

/* The differences do not resolve the data: no bar where the residual, which
 * they know too small, feeds what matters. */
static void assert_no_bar(size_t n, const char *const *overrides, double t,
                          bool known)
{
  checked c;
  open_checked(LMX_SOURCE_DIR "/cases/bkw_3d.toml", n, overrides, &c);
  assert_int_equal(c.bar->status, LMX_INFO);
  assert_non_null(strstr(c.bar->note, "do not converge"));
  assert_true(isinf(row_at(&c, t)[BAR]));
  assert_true(isinf(c.bar->bound));
  ASSERT_NEAR(c.bar->t, t, 0.0);
  assert_int_equal(isnan(c.bar->value), !known);
  close_checked(&c);
}

static void data_that_are_not_resolved_have_no_bar(void **state)
{
  (void)state;
  static const char *const points[] = {"grid.points=96", "grid.points=128",
                                       "grid.points=160"};
  static const char *const coarse[] = {"dimension=4", "initial.c=0.16",
                                       "grid.points=20", "time.end=0.01",
                                       "time.output=[0.01]"};
  for (int i = 0; i < 3; ++i) {
    const char *const limit[] = {"initial.c=0.3999", points[i], "time.end=0.01",
                                 "time.output=[0.001]"};
    assert_no_bar(4, limit, 0.001, true);
  }
  assert_no_bar(5, coarse, 0.01, true);
}

/* The same data as a formula, of which no exact solution is known. */
static void a_formula_makes_no_difference(void **state)
{
  (void)state;
  static const char text[] =
      "dimension = 3\n[initial]\nkind = \"formula\"\n"
      "log_density = \"ln(0.00041659723379487668+0.55523157405221635*r^2)"
      "-r^2/1.2002000000000002\"\n[grid]\npoints = 160\n[time]\nend = 0.001\n";
  const char *path = "error_bar_formula.toml";
  checked c;
  ASSERT_OK(ctx, lmx_file_write(ctx, path, text, sizeof text - 1));
  open_checked(path, 0, NULL, &c);
  assert_int_equal(remove(path), 0);
  assert_int_equal(c.bar->status, LMX_INFO);
  assert_non_null(strstr(c.bar->note, "do not converge"));
  assert_true(isinf(c.bar->bound) && isnan(c.bar->value));
  close_checked(&c);
}

/* The exact series of a cold direction knows itself to 5e-8 there, the bar is
 * 7e-9: it is granted what it does not know, and not more. */
static void the_exact_solutions_own_error_is_granted(void **state)
{
  (void)state;
  static const char *const early[] = {"time.end=1e-4", "time.output=[1e-4]"};
  checked c;
  open_checked(LMX_SOURCE_DIR "/cases/strong_anisotropy_2d.toml", 2, early, &c);
  const double *row = row_at(&c, 1e-4);
  assert_int_equal(c.bar->status, LMX_HOLDS);
  assert_true(row[TRUTH] > 2.0 * row[BAR]);
  assert_non_null(strstr(c.bar->note, "its own error"));
  assert_row(&c);
  ASSERT_AT_LEAST(c.bar->value, 1e-10);
  close_checked(&c);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bars_are_above_the_true_errors),
      cmocka_unit_test(among_the_first_steps),
      cmocka_unit_test(data_that_are_not_resolved_have_no_bar),
      cmocka_unit_test(a_formula_makes_no_difference),
      cmocka_unit_test(the_exact_solutions_own_error_is_granted),
  };
  return RUN_WITH_CONTEXT(tests);
}
