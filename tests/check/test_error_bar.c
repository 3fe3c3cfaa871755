/* The error bar of the maximum principle against the true error of solutions
 * that the solver computed, and its barriers against the equation. */
#include "solutions.h"

#include "check/error_bar.h"

static const char *const ids[2] = {"exact-error", "error-bar"};
enum { TIME, TRUTH, BAR, RESIDUAL, STEPS, BEYOND, DISTANCE, COLUMNS };

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
    double parts = row[RESIDUAL] + row[STEPS] + row[BEYOND];
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

/* w = exp(k |v|^2 / 2) through the equation, derivatives by differences: A w
 * with abar from the model, and L w. */
static void growth_is_that_of_the_equation(void **state)
{
  (void)state;
  static const double k[2] = {0.2, 1.2}; /* two of the list */
  static const size_t place[2] = {0, 12};
  const double D[3] = {0.5, -0.3, -0.2}, v[3] = {0.7, -1.1, 0.4}, t = 0.03;
  double q[3] = {-0.4, 1.3, 0.2}, abar[9], growth[LMX_BAR_RATES];
  double density[LMX_BAR_RATES], normal = 0.0, drift = 0.0;
  double r2 = square_norm(3, v);
  lmx_context *context;
  lmx_model model;
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  ASSERT_OK(context, lmx_model_init(context, 3, D, &model));
  lmx_model_abar(&model, t, v, abar);
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      normal += v[a] * abar[3 * a + b] * v[b] / r2;
      drift += v[a] * abar[3 * a + b] * q[b];
    }
  lmx_bar_growth(&model, r2, normal, drift, growth);
  lmx_bar_growth_density(&model, r2, normal, density);
  for (int i = 0; i < 2; ++i) {
    double A = 0.0, L = model.kappa, s = k[i] - 1.0;
    for (int a = 0; a < 3; ++a)
      for (int b = 0; b < 3; ++b) {
        double one = a == b ? 1.0 : 0.0, x = abar[3 * a + b];
        A += x * (k[i] * one + k[i] * k[i] * v[a] * v[b]);
        A += 2.0 * x * q[a] * k[i] * v[b];
        L += x * (s * one + s * s * v[a] * v[b]);
      }
    ASSERT_NEAR(growth[place[i]], A, 1e-12 * (1.0 + fabs(A)));
    ASSERT_NEAR(density[place[i]], L, 1e-12 * (1.0 + fabs(L)));
  }
  lmx_context_destroy(&context);
}

enum { FD = 180 };

/* W_t = W'' + ((d - 1) (d + r^2) - 1) / r W' - 2 r W', d = 2, W = 0 at first
 * and 1 at r = Lambda, by explicit differences: what comes in at the sphere
 * when f = M. */
static void solve_radial(double outer, double end, double *W)
{
  double h = outer / FD, dt = 0.2 * h * h, new[FD + 1];
  memset(W, 0, (FD + 1) * sizeof *W);
  W[FD] = 1.0;
  for (double t = 0.0; t < end; t += dt) {
    for (int i = 1; i < FD; ++i) {
      double r = i * h, drift = (2.0 + r * r - 1.0) / r - 2.0 * r;
      new[i] = W[i] + dt *((W[i + 1] - 2.0 * W[i] + W[i - 1]) / (h * h) +
                           drift * (W[i + 1] - W[i - 1]) / (2.0 * h));
    }
    memcpy(W + 1, new + 1, (FD - 1) * sizeof *W);
    W[0] = W[1];
  }
}

static void barriers_bound_a_radial_solution(void **state)
{
  (void)state;
  const double D[2] = {0.0, 0.0}, times[1] = {0.0}, end = 0.4;
  const lmx_axis_spec axes[1] = {{LMX_AXIS_RADIAL, 90, 6.0}};
  static lmx_bar_coefficients c;
  static lmx_bar_profile fed, entered;
  lmx_bar_shells shells;
  double W[FD + 1], none[LMX_BAR_SHELLS] = {0}, source[LMX_BAR_SHELLS];
  sample s;
  sample_open(&s, 2, D, 1, axes, 1, times, 4.0);
  ASSERT_OK(s.context, lmx_bar_shells_init(s.context, s.grid, 4.0, &shells));
  memset(&c, 0, sizeof c);
  for (size_t j = 0; j < shells.n; ++j) {
    source[j] = 1e-3;
    for (int i = 0; i < LMX_BAR_RATES; ++i)
      c.growth[i][j] = -INFINITY;
    for (int p = 0; p <= 20; ++p) {
      double growth[LMX_BAR_RATES], r = shells.edge[j];
      r += (shells.edge[j + 1] - shells.edge[j]) * p / 20.0;
      lmx_bar_growth(&s.model, r * r, 1.0, -r * r, growth);
      for (int i = 0; i < LMX_BAR_RATES; ++i)
        c.growth[i][j] = fmax(c.growth[i][j], growth[i]);
    }
  }
  lmx_bar_profile_init(&shells, &entered);
  lmx_bar_profile_init(&shells, &fed);
  for (int step = 0; step < 40; ++step) {
    lmx_bar_profile_prepare(&shells, &c, &entered);
    lmx_bar_profile_advance(&shells, none, none, 1.0, end / 40.0, &entered);
    lmx_bar_profile_settle(&shells, NULL, &entered);
    lmx_bar_profile_prepare(&shells, &c, &fed);
    lmx_bar_profile_advance(&shells, none, source, 0.0, end / 40.0, &fed);
    lmx_bar_profile_settle(&shells, NULL, &fed);
  }
  solve_radial(6.0, end, W);
  for (size_t j = 0; j < shells.n; ++j) {
    double exact = W[(size_t)(shells.edge[j + 1] / 6.0 * FD)];
    ASSERT_AT_LEAST(entered.value[j], exact);
    /* a uniform source fills uniformly, sharply so in the ball */
    ASSERT_AT_LEAST(fed.value[j], 1e-3 * end * (1.0 - 1e-12));
    if (j < shells.ball)
      ASSERT_AT_MOST(fed.value[j], 1e-3 * end * 1.05);
  }
  /* and not without end above what enters */
  ASSERT_AT_MOST(entered.value[shells.ball - 1],
                 30.0 * W[(size_t)(4.0 / 6.0 * FD)]);
  lmx_bar_shells_release(&shells);
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
    assert_non_null(strstr(result_of(results, "error-bar")->note, "further"));
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

/* (d_t - L) of the Gaussian above the exact solution is >= 0. */
static double log_upper(const sample *s, double t, const double *v)
{
  const lmx_bar_gaussian gaussian = {.theta0 = 1.9, .log_c = 0.3, .delta = 0.6};
  return lmx_bar_gaussian_log(&s->model, &gaussian, t,
                              square_norm(s->model.d, v));
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
    double abar[9], q[3], G[3], g = log_upper(&s, t, v);
    double rate =
        (log_upper(&s, t + e, v) - log_upper(&s, t - e, v)) / (2.0 * e);
    for (int a = 0; a < 3; ++a) {
      double kept = v[a];
      v[a] = kept + e;
      double up = log_upper(&s, t, v);
      v[a] = kept - e;
      double down = log_upper(&s, t, v);
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

/* It is above the data, and touches them. */
static void the_gaussian_is_above_the_data(void **state)
{
  (void)state;
  sample s;
  lmx_bar_gaussian gaussian;
  double least = INFINITY;
  open_solved(&s, 44);
  lmx_bar_gaussian_init(&s.input, 11.0, &gaussian);
  assert_true(gaussian.theta0 > 1.25 && gaussian.theta0 < 1.35);
  for (size_t i = 0; i < s.grid->size; ++i) {
    double v[2];
    lmx_grid_point(s.grid, i, v);
    double r2 = square_norm(2, v);
    least = fmin(least, lmx_bar_gaussian_log(&s.model, &gaussian, 0.0, r2) -
                            s.u[0][i] - lmx_log_maxwellian(2, r2));
  }
  ASSERT_NEAR(least, 0.0, 1e-10);
  sample_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_bar_is_above_the_true_error),
      cmocka_unit_test(the_bar_holds_for_other_data),
      cmocka_unit_test(growth_is_that_of_the_equation),
      cmocka_unit_test(barriers_bound_a_radial_solution),
      cmocka_unit_test(a_corrupted_state_is_within_its_bar),
      cmocka_unit_test(a_watched_solve_has_a_sharper_bar),
      cmocka_unit_test(the_record_tells_what_is_off),
      cmocka_unit_test(the_wrong_equation_is_rejected),
      cmocka_unit_test(without_the_truth_the_bar_is_reported),
      cmocka_unit_test(the_gaussian_above_is_a_supersolution),
      cmocka_unit_test(the_gaussian_is_above_the_data),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
