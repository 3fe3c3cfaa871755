/* Data that a user would try first; what takes longer is in
 * test_ordinary_data_slow.c. */
#include "ordinary.h"

static void mixtures(void **state)
{
  (void)state;
  ordinary_mixture("example_of_help_case_2d", NULL);
  ordinary_mixture("two_beams_equal_2d", NULL);
  ordinary_mixture("off_centre_pair_2d", NULL);
  ordinary_mixture("two_beams_3d", NULL);
}

/* Values in the user's coordinates at the second output, from a series in other
 * arithmetic that gives 20 digits, written down when this data still stopped.
 */
static void pair(void **state)
{
  (void)state;
  static const double points[][2] = {
      {0.0, 0.0}, {3.0, 2.0}, {-3.0, -1.0}, {4.0, -3.0}};
  static const double exact[] = {-1.510410363584, -8.017566845919,
                                 -6.856402933192, -16.118386058742};
  lmx_case *input;
  lmx_problem *problem;
  lmx_solution *solution;
  ASSERT_OK(ctx, ordinary_run("readme_like_pair_2d", NULL, &input, &problem,
                              &solution));
  const lmx_affine *map = lmx_initial_map(problem->initial);
  ASSERT_NEAR(solution->times[2], 0.1, 0.0);
  for (size_t i = 0; i < 4; ++i) {
    double v[2], value;
    lmx_affine_to_normalised(map, points[i], v);
    ASSERT_OK(ctx, lmx_interpolate_value(ctx, solution->grid, solution->u[2], v,
                                         &value));
    ASSERT_NEAR(value - 2.0 * log(map->scale) + log(map->mass), exact[i], 1e-6);
  }
  ordinary_clear(&input, &problem, &solution);
}

/* Falls faster than any Gaussian along the diagonals: no exact solution, but
 * two grids agree. */
static void product_tail(void **state)
{
  (void)state;
  static const double points[][2] = {
      {0.0, 0.0}, {1.0, 2.0}, {3.0, 1.0}, {3.0, 3.0}, {0.5, 5.0}};
  lmx_case *input[2];
  lmx_problem *problem[2];
  lmx_solution *solution[2];
  ASSERT_OK(ctx, ordinary_run("product_tail_2d", NULL, &input[0], &problem[0],
                              &solution[0]));
  ASSERT_OK(ctx, ordinary_run("product_tail_2d", "grid.points=128", &input[1],
                              &problem[1], &solution[1]));
  for (size_t i = 0; i < 5; ++i) {
    double value[2];
    for (int j = 0; j < 2; ++j)
      ASSERT_OK(ctx,
                lmx_interpolate_value(ctx, solution[j]->grid, solution[j]->u[2],
                                      points[i], &value[j]));
    ASSERT_NEAR(value[0], value[1], 1e-4);
  }
  for (int j = 0; j < 2; ++j)
    ordinary_clear(&input[j], &problem[j], &solution[j]);
}

/* What it needs is more than grid.max_points, and that is said before anything
 * is solved or written. */
static void needle(void **state)
{
  (void)state;
  lmx_case *input;
  lmx_run_summary summary;
  const lmx_run_options options = {.folder = "no_such_needle",
                                   .checkpoint_interval = INFINITY};
  ASSERT_OK(ctx, ordinary_load("needle_2d", NULL, &input));
  assert_int_equal(lmx_run(ctx, input, &options, &summary), LMX_ERR_CASE);
  assert_non_null(
      strstr(lmx_context_message(ctx), "needs about 2356 x 1180 = 2780080"));
  assert_int_equal(access(options.folder, F_OK), -1);
  lmx_case_destroy(&input);
}

/* Where the points are given they are taken: few for these, so that a check
 * may fail, but the solve does not stop. */
static void far_beams(void **state)
{
  (void)state;
  lmx_case *input;
  lmx_problem *problem;
  lmx_solution *solution;
  lmx_status status =
      ordinary_run("far_beams_2d", NULL, &input, &problem, &solution);
  assert_true(status == LMX_OK || status == LMX_CHECK_FAILED);
  if (status == LMX_OK)
    ordinary_clear(&input, &problem, &solution);
}

static void gaussians(void **state)
{
  (void)state;
  ordinary_gaussian(0.5);
  ordinary_gaussian(0.4);
  ordinary_gaussian(0.3);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(mixtures),     cmocka_unit_test(pair),
      cmocka_unit_test(product_tail), cmocka_unit_test(needle),
      cmocka_unit_test(far_beams),    cmocka_unit_test(gaussians),
  };
  return RUN_WITH_CONTEXT(tests);
}
