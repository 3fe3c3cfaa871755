/* Krylov iterations per step with the lapped preconditioner grow by less than
 * a factor 2 from 40^2 to 640^2 and from 24^3 to 96^3 nodes of the whole
 * space (mirrored axes: half as many each), and no steps are lost to it. */
#include "support.h"

#include "trial.h"

static lmx_solver_stats solve(lmx_context *context, int d, size_t points,
                              lmx_preconditioner_kind preconditioner)
{
  trial t;
  trial_state state;
  trial_setup setup = {
      .naxes = d,
      .kind = {LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED, LMX_AXIS_MIRRORED},
      .points = points,
      .half_width = 9.0,
      .order = 12,
      .rtol = 1e-6,
      .preconditioner = preconditioner};
  ASSERT_OK(context,
            trial_open_axisymmetric(context, d, d == 2 ? 1.3 : 1.4, &t));
  ASSERT_OK(context, trial_solve(context, &t, &setup, 0.02, &state));
  lmx_solver_stats stats = state.stats;
  trial_state_clear(&state);
  trial_clear(&t);
  return stats;
}

static double per_step(const lmx_solver_stats *s)
{
  return (double)s->krylov_iterations / (double)s->steps;
}

static void growth(int d, size_t coarse, size_t fine)
{
  lmx_context *context;
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  lmx_solver_stats a = solve(context, d, coarse, LMX_PRECONDITIONER_LAPPED);
  lmx_solver_stats b = solve(context, d, fine, LMX_PRECONDITIONER_LAPPED);
  lmx_solver_stats c = solve(context, d, coarse, LMX_PRECONDITIONER_DIAGONAL);
  print_message("d = %d: %.2f iterations per step on %zu, %.2f on %zu\n", d,
                per_step(&a), coarse, per_step(&b), fine);
  ASSERT_AT_MOST(per_step(&b), 2.0 * per_step(&a));
  ASSERT_AT_MOST((double)a.steps, 1.1 * (double)c.steps);
  lmx_context_destroy(&context);
}

static void plane(void **state)
{
  (void)state;
  growth(2, 20, 320);
}

static void space(void **state)
{
  (void)state;
  growth(3, 12, 48);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plane),
      cmocka_unit_test(space),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
