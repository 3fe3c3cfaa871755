/* Data without symmetry, on the ball: exact values of the series of
 * docs/math.md (19) for a pair of Gaussians, and the growth that the
 * linearised, discretised operator allows. */
#include "context.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_eigen.h>

#include "case_run.h"
#include "solve/log_form.h"
#include "trial.h"

static const char pair_case[] = "dimension = 2\n"
                                "[initial]\n"
                                "kind = \"mixture\"\n"
                                "components = [\n"
                                "  {weight = 1.0, mean = [0.9, 0.3],"
                                "   covariance = [[0.6, 0.0], [0.0, 0.5]]},\n"
                                "  {weight = 0.6, mean = [-0.8, -0.5],"
                                "   covariance = [[0.6, 0.0], [0.0, 0.5]]},\n"
                                "]\n"
                                "[time]\n"
                                "end = 0.1\n"
                                "output = [0.05]\n";

/* Values of log f in the user's coordinates at t = 0.1, to 12 digits. */
static const struct {
  double x[2], log_f;
} pair_values[] = {{{0.0, 0.0}, -1.510410363584},
                   {{3.0, 2.0}, -8.017566845919},
                   {{-3.0, -1.0}, -6.856402933192},
                   {{4.0, -3.0}, -16.118386058742}};

static lmx_status solve_text(lmx_context *context, const char *text,
                             case_run *run)
{
  *run = (case_run){NULL, NULL, NULL};
  lmx_status status =
      lmx_case_parse(context, "ball", text, strlen(text), 0, NULL, &run->input);
  if (status == LMX_OK)
    status = lmx_problem_create(context, run->input, &run->problem);
  if (status == LMX_OK)
    status = lmx_problem_solve(context, run->problem, run->input, NULL,
                               &run->input->solver, &run->solution);
  return status;
}

static void a_pair_is_solved(void **state)
{
  case_run run;
  lmx_jet *jet;
  ASSERT_OK(*state, solve_text(*state, pair_case, &run));
  ASSERT_OK(*state, lmx_jet_create(*state, 2, &jet));
  const lmx_solution *s = run.solution;
  assert_true(lmx_grid_is_ball(s->grid));
  for (size_t i = 0; i < sizeof pair_values / sizeof pair_values[0]; ++i) {
    double v[2];
    lmx_affine_to_normalised(&s->map, pair_values[i].x, v);
    ASSERT_OK(*state,
              lmx_interpolate(*state, s->grid, s->u[s->ntimes - 1], v, jet));
    lmx_affine_jet_to_user(&s->map, jet);
    print_message("(%g, %g): %.2e\n", pair_values[i].x[0], pair_values[i].x[1],
                  jet->g - pair_values[i].log_f);
    ASSERT_NEAR(jet->g, pair_values[i].log_f, 2e-8);
  }
  lmx_jet_destroy(&jet);
  case_run_clear(&run);
}

/* Up to the sphere |v| = L the state can be read anywhere: windows keep to the
 * nodes that were solved and those just beyond, not to nodes that still hold
 * the data, which are off by more than 1 here. */
static void read_up_to_the_edge(void **state)
{
  static const trial_setup setup = {.naxes = 2,
                                    .kind = {LMX_AXIS_FULL, LMX_AXIS_FULL},
                                    .points = 48,
                                    .half_width = 9.0,
                                    .order = 12,
                                    .rtol = 1e-7};
  trial t;
  trial_state s;
  lmx_jet *got, *want;
  ASSERT_OK(*state, trial_open_axisymmetric(*state, 2, 1.4, &t));
  ASSERT_OK(*state, trial_solve(*state, &t, &setup, 0.1, &s));
  ASSERT_OK(*state, lmx_jet_create(*state, 2, &got));
  ASSERT_OK(*state, lmx_jet_create(*state, 2, &want));
  double worst[2] = {0.0, 0.0};
  for (int k = 0; k < 120; ++k)
    for (int ring = 0; ring < 2; ++ring) {
      double r = ring == 0 ? 7.5 : 8.9, angle = M_PI / 60.0 * (k + 0.3);
      double v[2] = {r * cos(angle), r * sin(angle)};
      memcpy(want->v, v, sizeof v);
      ASSERT_OK(*state, lmx_exact_eval(*state, t.exact, 0.1, want, NULL));
      ASSERT_OK(*state, lmx_interpolate(*state, s.grid, s.u, v, got));
      worst[ring] = fmax(worst[ring], fabs(got->g - want->g));
    }
  print_message("|v| = 7.5: %.1e, |v| = 8.9: %.1e\n", worst[0], worst[1]);
  ASSERT_AT_MOST(worst[0], 1e-6);
  ASSERT_AT_MOST(worst[1], 1e-1);
  lmx_jet_destroy(&got);
  lmx_jet_destroy(&want);
  trial_state_clear(&s);
  trial_clear(&t);
}

/* The largest real part of the spectrum of J at u. */
static double growth(lmx_context *context, const lmx_model *model,
                     const lmx_grid *grid, const double *u)
{
  lmx_log_form *form;
  double *y, *unit, *column, *matrix, top = -INFINITY;
  ASSERT_OK(context, lmx_log_form_create(context, model, grid, &form));
  const lmx_unknowns *unknowns = lmx_log_form_unknowns(form);
  size_t n = unknowns->size;
  double **fields[] = {&y, &unit, &column};
  for (int i = 0; i < 3; ++i)
    ASSERT_OK(context, LMX_NEW_ARRAY(context, n, fields[i]));
  ASSERT_OK(context, LMX_NEW_ARRAY(context, n * n, &matrix));
  lmx_unknowns_gather(unknowns, u, y);
  lmx_log_form_linearise(form, 0.0, y);
  for (size_t j = 0; j < n; ++j) {
    unit[j] = 1.0;
    lmx_log_form_product(form, unit, column);
    unit[j] = 0.0;
    for (size_t i = 0; i < n; ++i)
      matrix[i * n + j] = column[i];
  }
  gsl_matrix_view view = gsl_matrix_view_array(matrix, n, n);
  gsl_vector_complex *values = gsl_vector_complex_alloc(n);
  gsl_eigen_nonsymm_workspace *work = gsl_eigen_nonsymm_alloc(n);
  assert_int_equal(gsl_eigen_nonsymm(&view.matrix, values, work), 0);
  for (size_t i = 0; i < n; ++i)
    top = fmax(top, GSL_REAL(gsl_vector_complex_get(values, i)));
  gsl_eigen_nonsymm_free(work);
  gsl_vector_complex_free(values);
  lmx_log_form_destroy(&form);
  for (int i = 0; i < 3; ++i)
    lmx_free(*fields[i]);
  lmx_free(matrix);
  return top;
}

/* u = log(f0/M) of data without symmetry on a small grid that resolves it. */
static double growth_of(lmx_context *context, const lmx_initial_spec *spec,
                        const lmx_axis_spec *axes, int order)
{
  trial t;
  lmx_grid *grid;
  double *u;
  ASSERT_OK(context, trial_open(context, spec, &t));
  ASSERT_OK(context,
            lmx_grid_create(context, spec->d, spec->d, axes, order, &grid));
  ASSERT_OK(context, LMX_NEW_ARRAY(context, grid->size, &u));
  ASSERT_OK(context, lmx_initial_sample(context, t.initial, grid, u));
  double top = growth(context, lmx_initial_model(t.initial), grid, u);
  lmx_free(u);
  lmx_grid_destroy(&grid);
  trial_clear(&t);
  return top;
}

/* Frozen in time and cut off at |v| = L the operator may grow at rates of the
 * equation, of which 4 d is the largest. What an unstable edge does has rates
 * of |v|^2 / h^2: quintics along rays through neighbouring nodes, or along
 * lines that meet the sphere at small angles, give 600 to 6000 on such grids.
 */
static void the_edge_is_stable(void **state)
{
  static const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 28, 4.2},
                                        {LMX_AXIS_FULL, 28, 4.2}};
  static const double mean[3][2] = {{1.2, 0.4}, {-1.5, 0.8}, {0.0, -1.6}};
  static const double covariance[3][4] = {
      {0.6, 0.2, 0.2, 0.4}, {0.4, -0.1, -0.1, 0.9}, {0.5, 0.0, 0.0, 0.8}};
  lmx_component parts[3];
  for (int k = 0; k < 3; ++k)
    parts[k] = (lmx_component){1.0 - 0.2 * k, (double *)mean[k],
                               (double *)covariance[k]};
  for (size_t n = 1; n <= 3; ++n) {
    lmx_initial_spec spec = {.d = 2,
                             .kind = LMX_INITIAL_MIXTURE,
                             .normalise = true,
                             .ncomponents = n,
                             .components = parts};
    double top = growth_of(*state, &spec, axes, 8);
    print_message("%zu components: largest real part %.2e\n", n, top);
    ASSERT_AT_MOST(top, 4.0 * spec.d);
  }
}

/* On three axes, where values further out continue parabolas. */
static void the_edge_is_stable_in_space(void **state)
{
  static const lmx_axis_spec axes[3] = {{LMX_AXIS_FULL, 14, 3.5},
                                        {LMX_AXIS_FULL, 14, 3.5},
                                        {LMX_AXIS_FULL, 14, 3.5}};
  static const double mean[2][3] = {{0.7, 0.3, -0.2}, {-0.7, 0.4, 0.5}};
  static const double covariance[2][9] = {
      {0.7, 0.2, 0.0, 0.2, 0.6, 0.1, 0.0, 0.1, 0.8},
      {0.6, -0.1, 0.1, -0.1, 0.9, 0.0, 0.1, 0.0, 0.7}};
  lmx_component parts[2];
  for (int k = 0; k < 2; ++k)
    parts[k] = (lmx_component){1.0, (double *)mean[k], (double *)covariance[k]};
  for (size_t n = 1; n <= 2; ++n) {
    lmx_initial_spec spec = {.d = 3,
                             .kind = LMX_INITIAL_MIXTURE,
                             .normalise = true,
                             .ncomponents = n,
                             .components = parts};
    double top = growth_of(*state, &spec, axes, 8);
    print_message("%zu components in space: largest real part %.2e\n", n, top);
    ASSERT_AT_MOST(top, 4.0 * spec.d);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(a_pair_is_solved),
      cmocka_unit_test(read_up_to_the_edge),
      cmocka_unit_test(the_edge_is_stable),
      cmocka_unit_test(the_edge_is_stable_in_space),
  };
  return RUN_WITH_CONTEXT(tests);
}
