/* Initial data on grids: symmetries, axes, sampling, continued runs. */
#include "initial_support.h"

/* Expected axes: one letter each, f full, m mirrored, r radial; "-" where the
 * data has too little symmetry. */
static void expect_axes(const lmx_initial *initial, const char *letters)
{
  static const char letter_of[] = {[LMX_AXIS_FULL] = 'f',
                                   [LMX_AXIS_MIRRORED] = 'm',
                                   [LMX_AXIS_RADIAL] = 'r'};
  int n = 0;
  lmx_axis_kind kinds[LMX_MAX_AXES];
  char got[LMX_MAX_AXES + 1] = "-";
  lmx_status status = lmx_initial_axes(ctx, initial, &n, kinds);
  for (int a = 0; a < n; ++a) {
    got[a] = letter_of[kinds[a]];
    got[a + 1] = '\0';
  }
  assert_string_equal(got, letters);
  if (status == LMX_OK)
    ASSERT_OK(ctx, lmx_initial_allows(ctx, initial, n, kinds));
  else
    assert_int_equal(status, LMX_ERR_CASE);
}

static void gaussians_of_every_dimension(void **state)
{
  (void)state;
  static const struct {
    int d;
    double variance[8];
    const char *axes;
  } data[] = {
      {2, {1, 1}, "r"},
      {2, {1.3, 0.7}, "mm"},
      {2, {1 + 1e-9, 1 - 1e-9}, "mm"},
      {3, {1, 1, 1}, "r"},
      {3, {1.4, 0.8, 0.8}, "mr"},
      {3, {0.8, 1.4, 0.8}, "mr"},
      {3, {0.8, 0.8, 1.4}, "mr"},
      {3, {1.8, 0.8, 0.4}, "mmm"},
      {4, {2, 2, 2, 2}, "r"},
      {4, {1, 1, 2, 1}, "mr"},
      {4, {1, 1, 2, 2}, "mmr"},
      {4, {1, 3, 2, 1}, "mmr"},
      {4, {1, 2, 3, 4}, "-"},
      {5, {0.6, 1.1, 1.1, 1.1, 1.1}, "mr"},
      {5, {1, 2, 1, 3, 1}, "mmr"},
      {5, {1, 1, 2, 2, 3}, "-"},
      {6, {1, 1, 1, 1, 1, 2}, "mr"},
      {7, {1, 1, 1, 1, 1, 1, 1}, "r"},
      {8, {1, 1, 1, 2, 1, 1, 3, 1}, "mmr"},
      {8, {1, 1, 1, 2, 2, 1, 3, 1}, "-"},
  };
  for (size_t i = 0; i < sizeof data / sizeof *data; ++i) {
    lmx_initial *initial = make_gaussian(data[i].d, data[i].variance);
    expect_axes(initial, data[i].axes);
    lmx_initial_destroy(&initial);
  }
}

static void formulas_of_many_symmetries(void **state)
{
  (void)state;
  static const struct {
    int d;
    const char *text;
    const char *axes;
  } data[] = {
      {2, "-r^4", "r"},
      {2, "-r^2 - v1^4", "mm"},
      {2, "-r^2 - v1^4 + 0.1*sin(v2)", "mf"},
      {2, "-r^2 + v1*v2^2*exp(-r^2)", "fm"},
      {2, "-r^2 + sin(v1)*exp(-(v2-1)^2)", "ff"},
      {3, "-r^2 - v2^4", "mr"},
      {3, "-r^2 - v1^4 + v1^3", "fr"},
      {3, "-r^2 - v1^4 - 2*v2^4 - 3*v3^4 + v3^3", "mmf"},
      {6, "-r^2 - v1^4", "mr"},
      {6, "-r^2 - v1^4 + sin(v1)", "fr"},
      {6, "-r^2 - v2^4 - 2*v5^4", "mmr"},
      {6, "-r^2 - v2^4 - 2*v5^4 + sin(v5)", "mfr"},
      {8, "-r^2 - log(1+r^2)", "r"},
  };
  for (size_t i = 0; i < sizeof data / sizeof *data; ++i) {
    lmx_initial *initial = make_formula(data[i].d, data[i].text);
    expect_axes(initial, data[i].axes);
    lmx_initial_destroy(&initial);
  }
}

/* Three equal Gaussians on a circle: D = 0 without being radial, and a
 * mixture along one line in d = 5, pointing in a general direction. */
static void mixtures_of_many_symmetries(void **state)
{
  (void)state;
  double m[3][2], S[4] = {0.5, 0.0, 0.0, 0.5};
  lmx_component three[3];
  for (int k = 0; k < 3; ++k) {
    m[k][0] = cos(2.0 * M_PI * k / 3.0);
    m[k][1] = sin(2.0 * M_PI * k / 3.0);
    three[k] = (lmx_component){1.0 / 3.0, m[k], S};
  }
  lmx_initial_spec spec = {.d = 2,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = 3,
                           .components = three};
  lmx_initial *initial = make(&spec);
  expect_axes(initial, "fm");
  ASSERT_NEAR(lmx_initial_model(initial)->D[0], 0.0, 1e-15);
  ASSERT_NEAR(lmx_initial_map(initial)->rotation[0], 1.0, 0.0);
  lmx_initial_destroy(&initial);

  double a[5] = {1.0, -2.0, 0.5, 0.3, 1.0}, b[5], I[25] = {0.0};
  for (int i = 0; i < 5; ++i) {
    b[i] = -1.5 * a[i];
    I[6 * i] = 1.0;
  }
  lmx_component line[2] = {{0.3, a, I}, {0.4, b, I}};
  spec.d = 5;
  spec.ncomponents = 2;
  spec.components = line;
  initial = make(&spec);
  expect_axes(initial, "fr");
  lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 120, 9.0},
                           {LMX_AXIS_RADIAL, 100, 9.0}};
  check_normalised(initial, 2, axes, 1e-9);
  lmx_initial_destroy(&initial);
}

/* A spike that no random point meets breaks the symmetry of what it stands on,
 * in a formula and as a component; four of them keep the mirrors. */
static void spikes_break_symmetries(void **state)
{
  (void)state;
  static const struct {
    int d;
    const char *text;
    const char *axes;
  } data[] = {
      {2, "logsumexp(-r^2/2, 2-((v1-1)^2+v2^2)/2e-6)", "fm"},
      {2, "logsumexp(-r^2/2, 12-((v1-1)^2+(v2-0.3)^2)/2e-6)", "fm"},
      {2, "logsumexp(-r^2/2-v1^2, 2-((v1-1)^2+(v2-0.3)^2)/2e-6)", "ff"},
      {2, "logsumexp(-r^2/2, 2-((abs(v1)-1)^2+(abs(v2)-0.7)^2)/2e-6)", "mm"},
      {2, "logsumexp(-r^2/2, 2-(r-1)^2/2e-6)", "r"},
      {3, "logsumexp(-r^2/2, 2-((v1-1)^2+v2^2+v3^2)/2e-4)", "fr"},
      {3, "logsumexp(-r^2/2, -3-((v1-1.1)^2+(v2-0.37)^2+(v3+0.2)^2)/0.002)",
       "fr"},
  };
  for (size_t i = 0; i < sizeof data / sizeof *data; ++i) {
    lmx_initial *initial = make_formula(data[i].d, data[i].text);
    expect_axes(initial, data[i].axes);
    lmx_initial_destroy(&initial);
  }
  double zero[4] = {0.0}, mean[4] = {1.0, 0.0, 0.0, 0.0};
  double I[16] = {0.0}, S[16] = {0.0};
  for (int a = 0; a < 4; ++a) {
    I[5 * a] = 1.0;
    S[5 * a] = 1e-8;
  }
  lmx_component two[2] = {{1.0, zero, I}, {1e-3, mean, S}};
  lmx_initial_spec spec = {.d = 4,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = 2,
                           .components = two};
  lmx_initial *initial = make(&spec);
  expect_axes(initial, "fr");
  lmx_initial_destroy(&initial);
}

/* Means that are opposite, and narrow peaks that are mirrored, to rounding. */
static void mirrors_hold_to_rounding(void **state)
{
  (void)state;
  double left[2] = {0.1 + 0.2, 0.0}, right[2] = {-0.3, 0.0};
  double S[4] = {1e-8, 0.0, 0.0, 1.0};
  lmx_component two[2] = {{0.5, left, S}, {0.5, right, S}};
  lmx_initial_spec spec = {.d = 2,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = 2,
                           .components = two};
  lmx_initial *initial = make(&spec);
  expect_axes(initial, "mm");
  lmx_initial_destroy(&initial);
  left[0] = 0.3 + 1e-6;
  initial = make(&spec);
  expect_axes(initial, "mm");
  lmx_initial_destroy(&initial);
  two[1].weight = 0.5 + 1e-6;
  initial = make(&spec);
  expect_axes(initial, "fm");
  lmx_initial_destroy(&initial);
  /* Far from the origin of the user's coordinates. */
  initial = make_formula(2, "logsumexp(-(v1-1000.1)^2/2e-4, "
                            "-(v1-1000.3)^2/2e-4) - (v2+7.7)^2");
  expect_axes(initial, "mm");
  lmx_initial_destroy(&initial);
}

static void axes_that_the_data_does_not_allow(void **state)
{
  (void)state;
  const lmx_axis_kind F = LMX_AXIS_FULL, M = LMX_AXIS_MIRRORED;
  const lmx_axis_kind R = LMX_AXIS_RADIAL;
  lmx_initial *initial = make_formula(3, "-r^2 - v1^4 + v1^3 - v2^4");
  const struct {
    int n;
    lmx_axis_kind kinds[3];
    const char *message; /* NULL: allowed */
  } tries[] = {
      {3, {F, F, F}, NULL},
      {3, {F, M, M}, NULL},
      {3,
       {M, M, F},
       "grid.axes: axis 1 is \"mirrored\", but the data is not "
       "even in v1 (normalised coordinates)"},
      {2,
       {F, R},
       "grid.axes: axis 2 is \"radial\", but the data is not "
       "symmetric under the rotations of v2..v3 (normalised "
       "coordinates)"},
      {1,
       {R},
       "grid.axes: axis 1 is \"radial\", but the data is not symmetric "
       "under the rotations of v1..v3 (normalised coordinates)"},
      {2,
       {F, M},
       "grid.axes: 2 axes cannot hold dimension 3 unless the last "
       "is \"radial\""},
      {3,
       {F, F, R},
       "grid.axes: with 3 axes in dimension 3 the last cannot be "
       "\"radial\""},
      {2, {R, R}, "grid.axes: only the last axis may be \"radial\""},
      {0, {F}, "grid.axes: 0 axes given, allowed is 1 to 3"},
      {4, {F}, "grid.axes: 4 axes given, allowed is 1 to 3"},
  };
  for (size_t i = 0; i < sizeof tries / sizeof *tries; ++i) {
    lmx_status status =
        lmx_initial_allows(ctx, initial, tries[i].n, tries[i].kinds);
    if (tries[i].message == NULL) {
      ASSERT_OK(ctx, status);
      continue;
    }
    assert_int_equal(status, LMX_ERR_CASE);
    assert_string_equal(lmx_context_message(ctx), tries[i].message);
  }
  lmx_initial_destroy(&initial);
}

static void sampling_gives_u_at_the_nodes(void **state)
{
  (void)state;
  const double variance[5] = {1.8, 0.8, 0.8, 0.8, 0.8};
  lmx_initial *initial = make_gaussian(5, variance);
  lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 20, 7.0},
                           {LMX_AXIS_RADIAL, 30, 8.0}};
  lmx_grid *grid;
  double u[600];
  ASSERT_OK(ctx, lmx_grid_create(ctx, 5, 2, axes, 8, &grid));
  ASSERT_OK(ctx, lmx_initial_sample(ctx, initial, grid, u));
  for (size_t i = 0; i < 20; ++i)
    for (size_t j = 0; j < 30; ++j) {
      double v1 = 7.0 / 20 * ((double)i + 0.5);
      double rho = 8.0 / 30 * ((double)j + 0.5);
      double want = 0.5 * v1 * v1 * (1.0 - 1.0 / 1.8) +
                    0.5 * rho * rho * (1.0 - 1.0 / 0.8) -
                    0.5 * log(1.8 * pow(0.8, 4));
      ASSERT_NEAR(u[30 * i + j], want, 1e-13);
    }
  lmx_grid_destroy(&grid);
  lmx_axis_spec wrong[2] = {{LMX_AXIS_FULL, 20, 7.0}, {LMX_AXIS_FULL, 30, 8.0}};
  ASSERT_OK(ctx, lmx_grid_create(ctx, 2, 2, wrong, 8, &grid));
  assert_int_equal(lmx_initial_sample(ctx, initial, grid, u), LMX_ERR_USAGE);
  lmx_grid_destroy(&grid);
  lmx_initial_destroy(&initial);
}

/* A run of d = 4 data, continued at time 0.05. The field is a smooth function
 * that stands for the run's state. */
typedef struct {
  lmx_initial *first;
  lmx_grid *grid;
  double u[1600];
  lmx_initial_spec spec;
} finished_run;

static double state_u(const double *v)
{
  double rho2 = v[1] * v[1] + v[2] * v[2] + v[3] * v[3];
  return 0.1 * v[0] + 0.02 * v[0] * v[0] - 0.01 * rho2 + 0.1 * cos(0.5 * v[0]);
}

static void finish_run(finished_run *run)
{
  double mean[4] = {1.0, 0.0, 0.0, 2.0}, S[16] = {0.0};
  for (int a = 0; a < 4; ++a)
    S[5 * a] = a == 2 ? 5.0 : 2.0;
  lmx_component component = {3.0, mean, S};
  lmx_initial_spec spec = {.d = 4,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = 1,
                           .components = &component};
  run->first = make(&spec);
  lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 40, 8.0},
                           {LMX_AXIS_RADIAL, 40, 8.0}};
  ASSERT_OK(ctx, lmx_grid_create(ctx, 4, 2, axes, 8, &run->grid));
  for (size_t i = 0; i < run->grid->size; ++i) {
    double v[4];
    lmx_grid_point(run->grid, i, v);
    run->u[i] = state_u(v);
  }
  run->spec = (lmx_initial_spec){.d = 4,
                                 .kind = LMX_INITIAL_TABLE,
                                 .normalise = true,
                                 .table_grid = run->grid,
                                 .table_u = run->u,
                                 .table_map = lmx_initial_map(run->first),
                                 .table_model = lmx_initial_model(run->first),
                                 .table_time = 0.05};
}

static void table_continues_a_run(void **state)
{
  (void)state;
  finished_run run;
  finish_run(&run);
  lmx_initial *next = make(&run.spec);
  const lmx_affine *map = lmx_initial_map(next);
  const lmx_affine *old = lmx_initial_map(run.first);
  const double *D = lmx_initial_model(next)->D;
  for (int a = 0; a < 4; ++a)
    ASSERT_NEAR(D[a], lmx_initial_model(run.first)->D[a] * exp(-0.8), 1e-15);
  /* The user's coordinates are still those of the first run. */
  double x[4] = {1.0, 0.0, 0.3, 2.0}, v[4], w[4];
  lmx_affine_to_normalised(map, x, v);
  lmx_affine_to_normalised(old, x, w);
  ASSERT_NEAR(v[0], 0.3 / sqrt(11.0 / 4.0), 1e-15);
  for (int a = 0; a < 4; ++a)
    ASSERT_NEAR(v[a], w[a], 0.0);
  /* log f between the nodes, in any direction, and nothing outside. */
  double p[4] = {-1.23, 0.4, -2.1, 3.3}, r2 = 0.0;
  for (int a = 0; a < 4; ++a)
    r2 += p[a] * p[a];
  ASSERT_NEAR(lmx_initial_log_density(next, p),
              state_u(p) - 0.5 * (4.0 * log(2.0 * M_PI) + r2), 1e-9);
  p[0] = 8.1;
  assert_true(isnan(lmx_initial_log_density(next, p)));
  expect_axes(next, "fr");
  lmx_initial_destroy(&next);
  lmx_initial_destroy(&run.first);
  lmx_grid_destroy(&run.grid);
}

static void table_is_sampled_on_old_and_new_grids(void **state)
{
  (void)state;
  finished_run run;
  finish_run(&run);
  lmx_initial *next = make(&run.spec);
  double u[3600];
  /* The old grid: no interpolation, bit by bit the same. */
  ASSERT_OK(ctx, lmx_initial_sample(ctx, next, run.grid, u));
  for (size_t i = 0; i < run.grid->size; ++i)
    ASSERT_NEAR(u[i], run.u[i], 0.0);
  lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 60, 7.0},
                           {LMX_AXIS_RADIAL, 60, 7.5}};
  lmx_grid *grid;
  ASSERT_OK(ctx, lmx_grid_create(ctx, 4, 2, axes, 8, &grid));
  ASSERT_OK(ctx, lmx_initial_sample(ctx, next, grid, u));
  for (size_t i = 0; i < grid->size; ++i) {
    double v[4];
    lmx_grid_point(grid, i, v);
    /* Nothing is promised beyond the ball that the table was solved on. */
    if (hypot(v[0], v[1]) <= 8.0)
      ASSERT_NEAR(u[i], state_u(v), 1e-7);
  }
  lmx_grid_destroy(&grid);
  axes[0].half_width = 9.0;
  ASSERT_OK(ctx, lmx_grid_create(ctx, 4, 2, axes, 8, &grid));
  assert_int_equal(lmx_initial_sample(ctx, next, grid, u), LMX_ERR_CASE);
  const char *start = "grid.half_width: the grid reaches beyond the table";
  assert_memory_equal(lmx_context_message(ctx), start, strlen(start));
  lmx_grid_destroy(&grid);
  lmx_initial_destroy(&next);
  lmx_initial_destroy(&run.first);
  lmx_grid_destroy(&run.grid);
}

static void wrong_tables_are_refused(void **state)
{
  (void)state;
  finished_run run;
  finish_run(&run);
  lmx_initial *next = NULL;
  run.spec.d = 3;
  assert_int_equal(lmx_initial_create(ctx, &run.spec, &next), LMX_ERR_CASE);
  assert_string_equal(lmx_context_message(ctx),
                      "dimension: is 3, but the run to continue has 4");
  run.spec.d = 4;
  run.u[77] = NAN;
  assert_int_equal(lmx_initial_create(ctx, &run.spec, &next), LMX_ERR_CASE);
  run.spec.table_u = NULL;
  assert_int_equal(lmx_initial_create(ctx, &run.spec, &next), LMX_ERR_CASE);
  assert_null(next);
  lmx_initial_destroy(&run.first);
  lmx_grid_destroy(&run.grid);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gaussians_of_every_dimension),
      cmocka_unit_test(formulas_of_many_symmetries),
      cmocka_unit_test(mixtures_of_many_symmetries),
      cmocka_unit_test(spikes_break_symmetries),
      cmocka_unit_test(mirrors_hold_to_rounding),
      cmocka_unit_test(axes_that_the_data_does_not_allow),
      cmocka_unit_test(sampling_gives_u_at_the_nodes),
      cmocka_unit_test(table_continues_a_run),
      cmocka_unit_test(table_is_sampled_on_old_and_new_grids),
      cmocka_unit_test(wrong_tables_are_refused),
  };
  return RUN_WITH_CONTEXT(tests);
}
