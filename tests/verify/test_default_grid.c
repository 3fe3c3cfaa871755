/* The grid chosen for the data: sharp Gaussians reach the accuracy asked for,
 * given points stay, and what does not fit is refused with its size. */
#include "context.h"

#include <string.h>
#include <time.h>

#include "run/accuracy.h"
#include "run/fit.h"

static lmx_status create(const char *text, size_t n,
                         const char *const *overrides, lmx_case **c,
                         lmx_problem **problem)
{
  ASSERT_OK(ctx,
            lmx_case_parse(ctx, "text", text, strlen(text), n, overrides, c));
  lmx_status status = lmx_problem_create(ctx, *c, problem);
  if (status != LMX_OK)
    lmx_case_destroy(c);
  return status;
}

/* Largest error of log f against the Hermite series at the nodes of the ball,
 * where that has ten digits, and at how many nodes it has. */
static double exact_error(const lmx_problem *problem,
                          const lmx_solution *solution, double radius, size_t k,
                          size_t *compared)
{
  const lmx_grid *grid = solution->grid;
  double worst = 0.0, error;
  lmx_jet *jet;
  *compared = 0;
  ASSERT_OK(ctx, lmx_jet_create(ctx, grid->d, &jet));
  for (size_t i = 0; i < grid->size; i += 7) {
    lmx_grid_point(grid, i, jet->v);
    double r2 = jet->v[0] * jet->v[0] + jet->v[1] * jet->v[1];
    double u = solution->u[k][i] + lmx_log_maxwellian(2, r2);
    if (r2 > radius * radius ||
        lmx_exact_eval(ctx, problem->exact, solution->times[k], jet, &error) !=
            LMX_OK ||
        !(error <= 1e-10))
      continue;
    worst = fmax(worst, fabs(u - jet->g));
    ++*compared;
  }
  lmx_jet_destroy(&jet);
  return worst;
}

static void check_gaussian(const char *variances)
{
  char text[256];
  lmx_case *c;
  lmx_problem *problem;
  lmx_solution *solution;
  snprintf(text, sizeof text,
           "dimension = 2\n[initial]\nkind = \"gaussian\"\nvariances = [%s]\n"
           "[time]\nend = 0.1\noutput = [0.01, 0.02, 0.05]\n",
           variances);
  ASSERT_OK(ctx, create(text, 0, NULL, &c, &problem));
  assert_true(c->points_fitted);
  ASSERT_OK(ctx,
            lmx_problem_solve(ctx, problem, c, NULL, &c->solver, &solution));
  for (size_t k = 1; k < solution->ntimes; ++k) {
    size_t compared;
    ASSERT_AT_MOST(exact_error(problem, solution, c->radius, k, &compared),
                   c->accuracy);
    assert_true(compared > 100);
  }
  lmx_solution_destroy(&solution);
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&c);
}

/* On the 64^2 nodes of before, (1.7, 0.3) 5.5e-4 and
 * (1.8, 0.2) 2.4e-3 at t = 0.02. */
static void sharp_gaussians(void **state)
{
  (void)state;
  check_gaussian("1.7, 0.3");
  check_gaussian("1.8, 0.2");
}

static const char needle[] =
    "dimension = 2\n[initial]\nkind = \"gaussian\"\n"
    "variances = [1.999, 0.001]\n[time]\nend = 0.1\noutput = [0.01]\n";

/* By hand: contrast 1/0.001 - 1/1.999 = 999.5, width sqrt(0.01/999.5) =
 * 0.003163, h = 0.51 * 999.5^(1/8) = 1.2094 of that = 0.0038255: 2352.6 points
 * on [0, 9], and half; both to the next multiple of 4. */
static void too_narrow(void **state)
{
  (void)state;
  lmx_case *c = NULL;
  lmx_problem *problem = NULL;
  assert_int_equal(create(needle, 0, NULL, &c, &problem), LMX_ERR_CASE);
  const char *message = lmx_context_message(ctx);
  assert_non_null(strstr(message, "text:1: grid.max_points: is 2000000"));
  assert_non_null(strstr(message, "2356 x 1180 = 2780080 points"));
  assert_non_null(strstr(message, "an accuracy of about "));
}

/* The accuracy that the message names is one that the bound allows. */
static void named_accuracy(void **state)
{
  (void)state;
  char set[64];
  double named = 0.0;
  lmx_case *c = NULL;
  lmx_problem *problem = NULL;
  assert_int_equal(create(needle, 0, NULL, &c, &problem), LMX_ERR_CASE);
  const char *at = strstr(lmx_context_message(ctx), "accuracy of about ");
  assert_non_null(at);
  assert_int_equal(sscanf(at, "accuracy of about %lf", &named), 1);
  assert_true(named > 1e-6);
  snprintf(set, sizeof set, "grid.accuracy=%g", named);
  const char *const allowed[] = {set};
  ASSERT_OK(ctx, create(needle, 1, allowed, &c, &problem));
  assert_true((double)c->points[0] * (double)c->points[1] <= 2e6);
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&c);
}

static void given_points_stay(void **state)
{
  (void)state;
  lmx_case *c;
  lmx_problem *problem;
  const char *const given[] = {"grid.points=40"};
  ASSERT_OK(ctx, create(needle, 1, given, &c, &problem));
  assert_false(c->points_fitted);
  assert_int_equal(problem->axes[0].points, 40);
  assert_int_equal(problem->axes[1].points, 40);
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&c);
}

static size_t points_of(const char *set)
{
  lmx_case *c;
  lmx_problem *problem;
  const char *const overrides[] = {set};
  ASSERT_OK(ctx, create("dimension = 2\n[initial]\nkind = \"gaussian\"\n"
                        "variances = [1.8, 0.2]\n[time]\noutput = [0.01]\n",
                        1, overrides, &c, &problem));
  size_t points = problem->axes[0].points;
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&c);
  return points;
}

static void follows_what_is_asked(void **state)
{
  (void)state;
  size_t usual = points_of("grid.accuracy=1e-6");
  assert_true(points_of("grid.accuracy=1e-8") > usual);
  assert_true(points_of("grid.accuracy=1e-3") < usual);
  assert_true(points_of("time.output=[0.1]") < usual);
  assert_true(points_of("grid.half_width=12") > usual);
}

/* With two overrides, the half width; 0 where the case is refused. */
static double width_of(const char *text, const char *first, const char *second)
{
  lmx_case *c;
  lmx_problem *problem;
  const char *const overrides[] = {first, second};
  if (create(text, 2, overrides, &c, &problem) != LMX_OK)
    return 0.0;
  double L = problem->axes[problem->naxes - 1].half_width;
  ASSERT_NEAR(c->half_width[0], L, 0.0);
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&c);
  return L;
}

static const char hot[] =
    "dimension = 3\n[initial]\nkind = \"gaussian\"\nvariances = [2.8, 0.1, "
    "0.1]\n[grid]\naxes = [\"mirrored\", \"radial\"]\n";
static const char mild[] = "dimension = 2\n[initial]\nkind = \"gaussian\"\n"
                           "variances = [1.2, 0.8]\n";

/* By hand: 3 beyond the ball, 1/4 per digit; the energy of a Gaussian of
 * variance 2.8 beyond x deviations is a hundredth of 1e-6 at x = 6.33, that is
 * 10.59. */
static void half_widths(void **state)
{
  (void)state;
  const char *none = "title=t";
  ASSERT_NEAR(width_of(mild, none, none), 9.0, 1e-12);
  ASSERT_NEAR(width_of(mild, "checks.radius=4.5", none), 7.5, 1e-12);
  ASSERT_NEAR(width_of(mild, "checks.radius=9", none), 12.0, 1e-12);
  ASSERT_NEAR(width_of(mild, "grid.accuracy=1e-4", none), 8.5, 1e-12);
  ASSERT_NEAR(width_of(mild, "grid.accuracy=1e-8", none), 9.5, 1e-12);
  ASSERT_NEAR(width_of(mild, "grid.accuracy=0.5", none), 8.0, 1e-12);
  ASSERT_NEAR(width_of(mild, "grid.half_width=7", "grid.points=40"), 7.0, 0.0);
  ASSERT_NEAR(width_of(mild, "grid.points=40", none), 9.0, 1e-12);
  double L = width_of(hot, none, "grid.points=64"), x = L / sqrt(2.8);
  ASSERT_NEAR(L, 10.6, 1e-12);
  ASSERT_AT_MOST(2.0 * x * exp(-0.5 * x * x) / sqrt(2.0 * M_PI), 1e-8);
  x = (L - 0.1) / sqrt(2.8);
  ASSERT_AT_LEAST(2.0 * x * exp(-0.5 * x * x) / sqrt(2.0 * M_PI), 0.9e-8);
  /* of beams the means count, not the temperature that they make, 2.5 */
  ASSERT_NEAR(width_of("dimension = 3\n[initial]\nkind = \"mixture\"\n"
                       "components = [{weight = 1, mean = [3, 0, 0], "
                       "variances = [1, 1, 1]}, {weight = 1, mean = [-3, 0, "
                       "0], variances = [1, 1, 1]}]\n",
                       none, "grid.points=64"),
              9.0, 1e-12);
}

/* Variances 1.2 and 0.8 in the tail of the formula, where the dent is gone. */
static void scales_of_a_formula(void **state)
{
  (void)state;
  lmx_case *c;
  lmx_problem *problem;
  lmx_scales scales;
  ASSERT_OK(ctx, create("dimension = 2\n[initial]\nkind = \"formula\"\n"
                        "normalise = true\nlog_density = \"-(v1^2/1.2 + "
                        "v2^2/0.8)/2 - 0.6*exp(-(v1^2 + 2*v2^2)/2)\"\n",
                        0, NULL, &c, &problem));
  ASSERT_OK(ctx,
            lmx_scales_of(ctx, problem->initial, problem->naxes, 6.0, &scales));
  double s2 = pow(lmx_initial_map(problem->initial)->scale, 2);
  ASSERT_NEAR(scales.cold, 0.8 / s2, 0.01);
  assert_true(scales.hot >= 1.2 / s2 - 0.01);
  assert_true(scales.curvature >= s2 / 0.8 - 1e-6);
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&c);
}

/* Pilot and solve of data; both in seconds of processor time, which other
 * programs do not stretch. */
static void timed(const char *text, lmx_case **c, lmx_problem **problem,
                  lmx_pilot *pilot, lmx_solution **solution, double *ratio)
{
  ASSERT_OK(ctx, create(text, 0, NULL, c, problem));
  clock_t start = clock();
  ASSERT_OK(ctx, lmx_pilot_solve(ctx, *problem, *c, pilot));
  clock_t middle = clock();
  assert_non_null(pilot->coarse);
  ASSERT_OK(
      ctx, lmx_problem_solve(ctx, *problem, *c, NULL, &(*c)->solver, solution));
  *ratio = (double)(clock() - middle) / (double)(middle - start);
}

static void check_pilot(const char *text)
{
  lmx_case *c;
  lmx_problem *problem;
  lmx_pilot pilot;
  lmx_solution *solution;
  double ratio, estimate;
  timed(text, &c, &problem, &pilot, &solution, &ratio);
  double forecast = pilot.forecast / pilot.seconds;
  ASSERT_AT_MOST(forecast, 2.0 * ratio);
  ASSERT_AT_LEAST(forecast, 0.5 * ratio);
  ASSERT_OK(ctx,
            lmx_pilot_compare(ctx, &pilot, solution, c->radius, &estimate));
  ASSERT_AT_MOST(estimate, c->accuracy);
  for (size_t k = 1; problem->exact != NULL && k < solution->ntimes; ++k) {
    size_t compared;
    ASSERT_AT_MOST(exact_error(problem, solution, c->radius, k, &compared),
                   estimate);
    assert_true(compared > 100);
  }
  /* an error of the states is seen: where log f is off by 1e-4, the distance
   * is at least that less what it was, 5 estimates */
  for (size_t i = 0; i < solution->grid->size; ++i)
    solution->u[1][i] += 1e-4;
  double before = estimate;
  ASSERT_OK(ctx,
            lmx_pilot_compare(ctx, &pilot, solution, c->radius, &estimate));
  ASSERT_AT_LEAST(estimate, 2e-5 - before);
  lmx_pilot_clear(&pilot);
  lmx_solution_destroy(&solution);
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&c);
}

static void forecast_and_estimate(void **state)
{
  (void)state;
  check_pilot("dimension = 2\n[initial]\nkind = \"gaussian\"\n"
              "variances = [1.5, 0.5]\n[time]\nend = 0.5\n"
              "output = [0.01, 0.02, 0.05]\n");
  check_pilot("dimension = 2\n[initial]\nkind = \"mixture\"\ncomponents = [\n"
              "{weight = 1, mean = [1, 0.3], variances = [0.5, 0.8]},\n"
              "{weight = 2, mean = [-0.7, 0], variances = [0.9, 0.6]}]\n"
              "[time]\nend = 0.2\noutput = [0.1]\n");
}

/* By the eighth root of twice the excess, unless the bound forbids. */
static void refinement(void **state)
{
  (void)state;
  lmx_case *c;
  lmx_problem *problem;
  const char *const bound[] = {"grid.max_points=13000"};
  ASSERT_OK(ctx, create("dimension = 2\n[initial]\nkind = \"gaussian\"\n"
                        "variances = [1.5, 0.5]\n[time]\noutput = [0.01]\n",
                        1, bound, &c, &problem));
  size_t first = c->points[0], second = c->points[1];
  assert_true(lmx_accuracy_refine(c, 2.0 * c->accuracy));
  /* (2 * 2)^(1/8) = 1.189 */
  assert_in_range(c->points[0], 1.189 * (double)first,
                  1.189 * (double)first + 2.0);
  assert_in_range(c->points[1], 1.189 * (double)second,
                  1.189 * (double)second + 2.0);
  size_t kept = c->points[0];
  assert_false(lmx_accuracy_refine(c, 1e-2)); /* 3.2 * 3.2 times the nodes */
  assert_int_equal(c->points[0], kept);
  assert_int_equal(lmx_accuracy_judge(ctx, c, 1e-2), LMX_ERR_CASE);
  /* 1.2^(1/8) = 1.023 is needed, 1.15 would be taken, 1.06 is allowed */
  ASSERT_OK(ctx, lmx_accuracy_judge(ctx, c, 1.2 * c->accuracy));
  assert_true(lmx_accuracy_refine(c, 1.2 * c->accuracy));
  assert_true(c->points[0] > kept);
  assert_true(c->points[0] * c->points[1] <= 13000);
  /* now it is at its bound */
  assert_int_equal(lmx_accuracy_judge(ctx, c, 1.2 * c->accuracy), LMX_ERR_CASE);
  assert_non_null(strstr(lmx_context_message(ctx), "one of about 2e-06"));
  ASSERT_OK(ctx, lmx_accuracy_judge(ctx, c, c->accuracy));
  assert_int_equal(lmx_accuracy_judge(ctx, c, 0.0), LMX_ERR_CASE);
  lmx_problem_destroy(&problem);
  lmx_case_destroy(&c);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sharp_gaussians),
      cmocka_unit_test(too_narrow),
      cmocka_unit_test(named_accuracy),
      cmocka_unit_test(given_points_stay),
      cmocka_unit_test(follows_what_is_asked),
      cmocka_unit_test(half_widths),
      cmocka_unit_test(scales_of_a_formula),
      cmocka_unit_test(forecast_and_estimate),
      cmocka_unit_test(refinement),
  };
  return RUN_WITH_CONTEXT(tests);
}
