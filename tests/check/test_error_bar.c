/* The error bar of the maximum principle against the true error of solutions
 * that the solver computed. */
#include "solutions.h"

static const char *const ids[2] = {"exact-error", "error-bar"};
enum { TIME, TRUTH, BAR, RESIDUAL, STEPS, BEYOND, COLUMNS };

/* Replaces the exact states at t > 0 by computed ones. */
static void solve(sample *s)
{
  const lmx_solver_options options = {.formulation = LMX_FORMULATION_LOG,
                                      .rtol = s->input.rtol,
                                      .atol = s->input.atol};
  lmx_solver *solver;
  lmx_solver_stats stats;
  ASSERT_OK(s->context, lmx_solver_create(s->context, &s->model, s->grid,
                                          &options, 0.0, s->u[0], &solver));
  for (size_t k = 1; k < s->ntimes; ++k) {
    ASSERT_OK(s->context, lmx_solver_advance(s->context, solver, s->times[k]));
    lmx_solver_state(solver, s->u[k]);
  }
  lmx_solver_get_stats(solver, &stats);
  s->input.steps = stats.steps;
  lmx_solver_destroy(&solver);
}

static void open_solved(sample *s, size_t points)
{
  const double times[4] = {0.0, 0.05, 0.2, 0.5};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, points, 11.0},
                                 {LMX_AXIS_MIRRORED, points, 11.0}};
  sample_axisymmetric(s, 2, 1.3, 2, axes, 4, times, 5.0);
  solve(s);
}

/* Every part is there, the bar is above the truth, and refining the grid
 * lowers the residual's part with the order of the differences. */
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
    assert_int_equal(table->columns, COLUMNS);
    assert_int_equal(table->rows, s.ntimes);
    for (size_t k = 1; k < s.ntimes; ++k) {
      const double *row = table->data + k * COLUMNS;
      ASSERT_AT_LEAST(row[BAR], row[TRUTH]);
      assert_true(row[TRUTH] > 0.0 && isfinite(row[BAR]));
      /* -log(exp(-R) - Phi/f) and the steps */
      ASSERT_NEAR(row[BAR], row[STEPS] - log(exp(-row[RESIDUAL]) - row[BEYOND]),
                  1e-12 + 1e-6 * row[BAR]);
      ASSERT_AT_MOST(row[BAR], 1e-2);
    }
    residual[i] = table->data[3 * COLUMNS + RESIDUAL];
    lmx_check_results_destroy(&results);
    sample_close(&s);
  }
  assert_true(residual[0] / residual[1] > pow(1.5, 5));
}

/* A state that is off by 1e-2, and a bar that does not know. */
static void an_unaccounted_error_is_rejected(void **state)
{
  (void)state;
  sample s;
  open_solved(&s, 44);
  for (size_t i = 0; i < s.grid->size; ++i)
    s.u[2][i] += 1e-2;
  lmx_check_results *results = sample_check(&s, 2, ids);
  assert_verdict(results, "error-bar", LMX_FAILS);
  lmx_check_results_destroy(&results);
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

/* The Gaussian above the exact solution: (d_t - L) of it is >= 0. */
static double log_upper(int d, double delta, double theta0, double t,
                        const double *v)
{
  double slow = exp(-2.0 * (d - 1) * t), fast = exp(-4.0 * d * t);
  double theta =
      1.0 + (theta0 - 1.0) * slow + delta * (slow - fast) / (d + 1.0);
  double b = delta * (1.0 - fast) / (4.0 * fmin(theta0, 1.0));
  return b - 0.5 * d * log(theta) - 0.5 * square_norm(d, v) / theta;
}

static void the_gaussian_above_is_a_supersolution(void **state)
{
  (void)state;
  const double D[3] = {0.9, -0.6, -0.3}, times[1] = {0.0}, e = 1e-3;
  const lmx_axis_spec axes[3] = {{LMX_AXIS_MIRRORED, 12, 8.0},
                                 {LMX_AXIS_MIRRORED, 12, 8.0},
                                 {LMX_AXIS_MIRRORED, 12, 8.0}};
  sample s;
  sample_open(&s, 3, D, 3, axes, 1, times, 6.0);
  for (int i = 0; i < 60; ++i) {
    double t = 0.01 + 0.01 * (i % 7), v[3] = {0.1 * i, 3.0 - 0.1 * i, i % 5};
    double abar[9], q[3], G[3], g = log_upper(3, 0.6, 1.9, t, v);
    double rate =
        (log_upper(3, 0.6, 1.9, t + e, v) - log_upper(3, 0.6, 1.9, t - e, v)) /
        (2.0 * e);
    for (int a = 0; a < 3; ++a) {
      double kept = v[a];
      v[a] = kept + e;
      double up = log_upper(3, 0.6, 1.9, t, v);
      v[a] = kept - e;
      double down = log_upper(3, 0.6, 1.9, t, v);
      v[a] = kept;
      q[a] = (up - down) / (2.0 * e);
      G[a] = (up - 2.0 * g + down) / (e * e);
    }
    lmx_model_abar(&s.model, t, v, abar);
    double Lf = s.model.kappa;
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b)
        Lf += abar[3 * a + b] * (q[a] * q[b] + (a == b ? G[a] : 0.0));
    ASSERT_AT_LEAST(rate - Lf, -1e-4);
  }
  sample_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_bar_is_above_the_true_error),
      cmocka_unit_test(an_unaccounted_error_is_rejected),
      cmocka_unit_test(without_the_truth_the_bar_is_reported),
      cmocka_unit_test(the_gaussian_above_is_a_supersolution),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
