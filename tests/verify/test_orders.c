/* Observed orders: the error of the solver against exact solutions falls with
 * the nominal order of the central differences on every kind of axis, and
 * with the tolerance of the time integration. */
#include "context.h"
#include "trial.h"

enum { GRIDS = 3 };

/* Error of log f over |v| <= 5 at t = 0.05 on each grid, and the orders
 * observed between neighbours, each within 0.5 of the nominal one. */
static void check_order(lmx_context *context, const trial *t,
                        trial_setup *setup, const size_t points[GRIDS])
{
  double error[GRIDS];
  for (int k = 0; k < GRIDS; ++k) {
    trial_state state;
    trial_error e;
    setup->points = points[k];
    ASSERT_OK(context, trial_solve(context, t, setup, 0.05, &state));
    ASSERT_OK(context, trial_errors(context, t, &state, 5.0, &e));
    trial_state_clear(&state);
    error[k] = e.value;
  }
  for (int k = 1; k < GRIDS; ++k) {
    double finer = (double)points[k] / (double)points[k - 1];
    double order = log(error[k - 1] / error[k]) / log(finer);
    print_message("order %d: %zu points %.2e, %zu points %.2e: %.2f\n",
                  setup->order, points[k - 1], error[k - 1], points[k],
                  error[k], order);
    ASSERT_NEAR(order, setup->order, 0.5);
  }
}

static trial_setup tight(int naxes, lmx_axis_kind first, lmx_axis_kind last)
{
  return (trial_setup){
      .naxes = naxes,
      .kind = {naxes == 1 ? last : first, naxes == 2 ? last : first, last},
      .half_width = 8.0,
      .rtol = 1e-10,
      .preconditioner = LMX_PRECONDITIONER_DIAGONAL};
}

static void orders_on_mirrored_axes(void **state)
{
  static const struct {
    int order;
    size_t points[GRIDS];
  } studies[] = {{2, {32, 48, 64}},
                 {4, {32, 48, 64}},
                 {6, {48, 64, 80}},
                 {8, {64, 80, 100}}};
  trial t;
  ASSERT_OK(*state, trial_open_axisymmetric(*state, 2, 1.3, &t));
  trial_setup setup = tight(2, LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED);
  for (size_t i = 0; i < sizeof studies / sizeof studies[0]; ++i) {
    setup.order = studies[i].order;
    /* the error of time must stay well below that of the finest grid */
    setup.rtol = setup.order == 8 ? 1e-12 : 1e-10;
    check_order(*state, &t, &setup, studies[i].points);
  }
  trial_clear(&t);
}

static void order_on_full_axes(void **state)
{
  static const size_t points[GRIDS] = {32, 48, 64};
  trial t;
  ASSERT_OK(*state, trial_open_axisymmetric(*state, 2, 1.3, &t));
  trial_setup setup = tight(2, LMX_AXIS_FULL, LMX_AXIS_FULL);
  setup.order = 4;
  check_order(*state, &t, &setup, points);
  trial_clear(&t);
}

static void order_with_a_radial_axis(void **state)
{
  static const size_t points[GRIDS] = {48, 64, 80};
  static const double s1[] = {[3] = 1.4, [5] = 0.6};
  trial_setup setup = tight(2, LMX_AXIS_MIRRORED, LMX_AXIS_RADIAL);
  setup.order = 6;
  for (int d = 3; d <= 5; d += 2) {
    trial t;
    ASSERT_OK(*state, trial_open_axisymmetric(*state, d, s1[d], &t));
    check_order(*state, &t, &setup, points);
    trial_clear(&t);
  }
}

static void orders_on_one_radial_axis(void **state)
{
  static const double weights[] = {0.5, 0.5}, variances[] = {0.6, 1.4};
  static const size_t points[GRIDS] = {48, 64, 80};
  lmx_initial_spec spec = {.d = 3,
                           .kind = LMX_INITIAL_RADIAL_MIXTURE,
                           .nradial = 2,
                           .weights = weights,
                           .variances = variances};
  trial t;
  ASSERT_OK(*state, trial_open(*state, &spec, &t));
  trial_setup setup = tight(1, LMX_AXIS_RADIAL, LMX_AXIS_RADIAL);
  for (setup.order = 2; setup.order <= 8; setup.order += 2)
    check_order(*state, &t, &setup, points);
  trial_clear(&t);
}

static void order_on_three_axes(void **state)
{
  static const size_t points[GRIDS] = {24, 32, 40};
  trial t;
  ASSERT_OK(*state, trial_open_axisymmetric(*state, 3, 1.4, &t));
  trial_setup setup = tight(3, LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED);
  setup.order = 4;
  setup.rtol = 1e-7;
  check_order(*state, &t, &setup, points);
  trial_clear(&t);
}

/* Largest difference of two states on one grid over |v| <= 6. */
static double difference(const trial_state *a, const trial_state *b)
{
  double worst = 0.0, v[LMX_MAX_DIMENSION];
  for (size_t i = 0; i < a->grid->size; ++i) {
    lmx_grid_point(a->grid, i, v);
    if (hypot(v[0], v[1]) <= 6.0)
      worst = fmax(worst, fabs(a->u[i] - b->u[i]));
  }
  return worst;
}

/* On one grid the error of time is the difference from a run at 1e-12. */
static void time_error_follows_the_tolerance(void **state)
{
  trial t;
  trial_state reference, solved;
  ASSERT_OK(*state, trial_open_axisymmetric(*state, 2, 1.3, &t));
  trial_setup setup = tight(2, LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED);
  setup.order = 8;
  setup.points = 24;
  setup.rtol = 1e-12;
  ASSERT_OK(*state, trial_solve(*state, &t, &setup, 0.1, &reference));
  double before = INFINITY;
  for (setup.rtol = 1e-4; setup.rtol > 5e-11; setup.rtol *= 0.01) {
    ASSERT_OK(*state, trial_solve(*state, &t, &setup, 0.1, &solved));
    double error = difference(&solved, &reference);
    print_message("rtol %.0e: %.2e\n", setup.rtol, error);
    trial_state_clear(&solved);
    ASSERT_AT_MOST(error, 5.0 * setup.rtol);
    ASSERT_AT_MOST(error, 0.1 * before);
    before = error;
  }
  trial_state_clear(&reference);
  trial_clear(&t);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(orders_on_mirrored_axes),
      cmocka_unit_test(order_on_full_axes),
      cmocka_unit_test(order_with_a_radial_axis),
      cmocka_unit_test(orders_on_one_radial_axis),
      cmocka_unit_test(order_on_three_axes),
      cmocka_unit_test(time_error_follows_the_tolerance),
  };
  return RUN_WITH_CONTEXT(tests);
}
