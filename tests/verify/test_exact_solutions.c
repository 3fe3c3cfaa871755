/* The solver against every exact solution of docs/math.md, section 2. The
 * bounds are two to three times what is measured, and never above what the
 * project promises for the case. */
#include "context.h"

#include "case_run.h"
#include "trial.h"

static trial_setup setup_on(int naxes, lmx_axis_kind first, lmx_axis_kind last)
{
  return (trial_setup){
      .naxes = naxes,
      .kind = {naxes == 1 ? last : first, naxes == 2 ? last : first, last},
      .points = 40,
      .half_width = 9.0,
      .order = 12,
      .rtol = 1e-8,
      .preconditioner = LMX_PRECONDITIONER_DIAGONAL};
}

/* Errors within `radius` at time t: of log f at most `bound`, of the gradient
 * and the Hessian at most 1/h and 1/h^2 times as much, roughly. */
static void check_error(lmx_context *context, const char *name, const trial *t,
                        const trial_setup *setup, double end, double radius,
                        double bound)
{
  trial_state state;
  trial_error error;
  ASSERT_OK(context, trial_solve(context, t, setup, end, &state));
  ASSERT_OK(context, trial_errors(context, t, &state, radius, &error));
  print_message("%s, t = %g, |v| <= %g: %.2e (gradient %.2e, Hessian %.2e), "
                "bound %.1e\n",
                name, end, radius, error.value, error.gradient, error.hessian,
                bound);
  ASSERT_AT_MOST(error.value, bound);
  ASSERT_AT_MOST(error.gradient, 20.0 * bound);
  ASSERT_AT_MOST(error.hessian, 400.0 * bound);
  trial_state_clear(&state);
}

static void radial_mixture(void **state)
{
  static const double weights[] = {0.5, 0.5}, variances[] = {0.6, 1.4};
  lmx_initial_spec spec = {.d = 3,
                           .kind = LMX_INITIAL_RADIAL_MIXTURE,
                           .nradial = 2,
                           .weights = weights,
                           .variances = variances};
  trial t;
  trial_setup setup = setup_on(1, LMX_AXIS_RADIAL, LMX_AXIS_RADIAL);
  setup.points = 100;
  setup.rtol = 1e-9;
  ASSERT_OK(*state, trial_open(*state, &spec, &t));
  check_error(*state, "radial mixture, d = 3", &t, &setup, 0.1, 6.0, 2e-9);
  check_error(*state, "radial mixture, d = 3", &t, &setup, 0.5, 6.0, 2e-9);
  trial_clear(&t);
}

static void bkw(void **state)
{
  trial_setup setup = setup_on(1, LMX_AXIS_RADIAL, LMX_AXIS_RADIAL);
  setup.points = 100;
  setup.rtol = 1e-9;
  for (int d = 2; d <= 3; ++d) {
    lmx_initial_spec spec = {.d = d, .kind = LMX_INITIAL_BKW, .c = 0.3};
    trial t;
    ASSERT_OK(*state, trial_open(*state, &spec, &t));
    const char *name = d == 2 ? "BKW, d = 2" : "BKW, d = 3";
    check_error(*state, name, &t, &setup, 0.1, 6.0, 1e-8);
    check_error(*state, name, &t, &setup, 0.5, 6.0, 1e-8);
    trial_clear(&t);
  }
}

/* Three equal Gaussians on a circle: no radial symmetry, and none in the
 * first component. */
static lmx_status open_threefold(lmx_context *context, trial *out)
{
  double mean[3][2], covariance[] = {0.5, 0.0, 0.0, 0.5};
  lmx_component components[3];
  for (int k = 0; k < 3; ++k) {
    mean[k][0] = cos(2.0 * M_PI * k / 3.0);
    mean[k][1] = sin(2.0 * M_PI * k / 3.0);
    components[k] = (lmx_component){1.0 / 3.0, mean[k], covariance};
  }
  lmx_initial_spec spec = {.d = 2,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = false,
                           .ncomponents = 3,
                           .components = components};
  return trial_open(context, &spec, out);
}

static void threefold_mixture(void **state)
{
  trial t;
  trial_setup setup = setup_on(2, LMX_AXIS_FULL, LMX_AXIS_FULL);
  setup.points = 48;
  setup.rtol = 1e-9; /* u itself is about 20 at |v| = 6 */
  ASSERT_OK(*state, open_threefold(*state, &t));
  check_error(*state, "threefold mixture, d = 2", &t, &setup, 0.1, 6.0, 1e-7);
  check_error(*state, "threefold mixture, d = 2", &t, &setup, 0.2, 6.0, 1e-7);
  trial_clear(&t);
}

static void axisymmetric_gaussians(void **state)
{
  static const struct {
    int d;
    double s1;
    const char *name;
  } data[] = {{2, 1.3, "Gaussian 1.3, d = 2"},
              {3, 1.4, "Gaussian 1.4, d = 3"},
              {5, 0.6, "Gaussian 0.6, d = 5"}};
  for (int k = 0; k < 3; ++k) {
    trial t;
    trial_setup setup =
        setup_on(2, LMX_AXIS_MIRRORED,
                 data[k].d == 2 ? LMX_AXIS_MIRRORED : LMX_AXIS_RADIAL);
    ASSERT_OK(*state,
              trial_open_axisymmetric(*state, data[k].d, data[k].s1, &t));
    check_error(*state, data[k].name, &t, &setup, 0.1, 6.0, 5e-8);
    check_error(*state, data[k].name, &t, &setup, 0.2, 6.0, 5e-8);
    trial_clear(&t);
  }
}

static void strong_anisotropy(void **state)
{
  trial t;
  trial_setup setup = setup_on(2, LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED);
  setup.points = 64;
  ASSERT_OK(*state, trial_open_axisymmetric(*state, 2, 1.8, &t));
  check_error(*state, "Gaussian 1.8, d = 2", &t, &setup, 0.1, 7.0, 3e-7);
  trial_clear(&t);
}

/* cases/anisotropic_gaussian_2d.toml as it stands, to t = 0.1. */
static void main_case(void **state)
{
  static const char *const overrides[] = {"time.end=0.1", "time.output=[0.05]",
                                          "solver.preconditioner=diagonal"};
  case_run run;
  ASSERT_OK(*state,
            case_run_solve(*state,
                           LMX_SOURCE_DIR "/cases/anisotropic_gaussian_2d.toml",
                           3, overrides, &run));
  trial t = {run.problem->initial, run.problem->exact};
  for (size_t k = 1; k < run.solution->ntimes; ++k) {
    trial_state s = {.grid = run.solution->grid,
                     .u = run.solution->u[k],
                     .t = run.solution->times[k]};
    trial_error at6, at8;
    ASSERT_OK(*state, trial_errors(*state, &t, &s, 6.0, &at6));
    ASSERT_OK(*state, trial_errors(*state, &t, &s, 8.0, &at8));
    print_message("main case, t = %g: %.2e over |v| <= 6, %.2e over |v| <= "
                  "8\n",
                  s.t, at6.value, at8.value);
    ASSERT_AT_MOST(at6.value, 1e-8);
    ASSERT_AT_MOST(at8.value, 1e-7);
  }
  case_run_clear(&run);
}

/* Largest difference over |v| <= 5 of two states of the same data on nodes of
 * the first, the second read by interpolation. */
static double disagreement(lmx_context *context, const trial_state *a,
                           const trial_state *b)
{
  lmx_jet *jet;
  double worst = 0.0;
  ASSERT_OK(context, lmx_jet_create(context, a->grid->d, &jet));
  for (size_t i = 0; i < a->grid->size; ++i) {
    double r2 = 0.0;
    lmx_grid_point(a->grid, i, jet->v);
    for (int k = 0; k < a->grid->d; ++k)
      r2 += jet->v[k] * jet->v[k];
    if (r2 > 25.0)
      continue;
    ASSERT_OK(context, lmx_interpolate(context, b->grid, b->u, jet->v, jet));
    worst =
        fmax(worst, fabs(a->u[i] + lmx_log_maxwellian(jet->d, r2) - jet->g));
  }
  lmx_jet_destroy(&jet);
  return worst;
}

static double disagreement_of(lmx_context *context, const trial *t,
                              const trial_setup *one, const trial_setup *other)
{
  trial_state a, b;
  ASSERT_OK(context, trial_solve(context, t, one, 0.05, &a));
  ASSERT_OK(context, trial_solve(context, t, other, 0.05, &b));
  double worst = disagreement(context, &a, &b);
  trial_state_clear(&a);
  trial_state_clear(&b);
  return worst;
}

/* Reflection is exact: full and mirrored axes are one discretisation but for
 * the edge, a ball or a box, which is not felt at |v| <= 5; and the tolerance
 * of time is 1e-8 of u, of order 10 at the edge. */
static void full_axes_agree_with_mirrored(void **state)
{
  trial t;
  trial_setup full = setup_on(2, LMX_AXIS_FULL, LMX_AXIS_FULL);
  trial_setup mirrored = setup_on(2, LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED);
  trial_setup half = setup_on(2, LMX_AXIS_FULL, LMX_AXIS_MIRRORED);
  ASSERT_OK(*state, trial_open_axisymmetric(*state, 2, 1.3, &t));
  double one = disagreement_of(*state, &t, &mirrored, &full);
  double two = disagreement_of(*state, &t, &mirrored, &half);
  print_message("full - mirrored: %.2e, half mirrored: %.2e\n", one, two);
  ASSERT_AT_MOST(one, 1e-8);
  ASSERT_AT_MOST(two, 1e-8);
  trial_clear(&t);
}

/* The same axisymmetric data in d = 3 on a plane grid, on three mirrored and
 * on three full axes. */
static void three_axes_agree_with_two(void **state)
{
  trial t;
  trial_setup plane = setup_on(2, LMX_AXIS_MIRRORED, LMX_AXIS_RADIAL);
  trial_setup mirrored = setup_on(3, LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED);
  trial_setup full = setup_on(3, LMX_AXIS_FULL, LMX_AXIS_FULL);
  mirrored.points = full.points = 24;
  mirrored.half_width = full.half_width = 9.0;
  mirrored.rtol = full.rtol = 1e-6;
  ASSERT_OK(*state, trial_open_axisymmetric(*state, 3, 1.2, &t));
  double one = disagreement_of(*state, &t, &mirrored, &plane);
  double two = disagreement_of(*state, &t, &full, &mirrored);
  print_message("three axes - two: %.2e, full - mirrored: %.2e\n", one, two);
  ASSERT_AT_MOST(one, 1e-6);
  ASSERT_AT_MOST(two, 1e-6);
  trial_clear(&t);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(radial_mixture),
      cmocka_unit_test(bkw),
      cmocka_unit_test(threefold_mixture),
      cmocka_unit_test(axisymmetric_gaussians),
      cmocka_unit_test(strong_anisotropy),
      cmocka_unit_test(main_case),
      cmocka_unit_test(full_axes_agree_with_mirrored),
      cmocka_unit_test(three_axes_agree_with_two),
  };
  return RUN_WITH_CONTEXT(tests);
}
