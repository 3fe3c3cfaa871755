/* Long runs of the main case: once u = log(f/M) has decayed the steps grow,
 * and the error stays within what the tolerance asks for, throughout. */
#include "context.h"

#include "case_run.h"
#include "trial.h"

/* Right-hand sides and Krylov iterations: what a run costs, free of the noise
 * of clocks. Iterations per step grow with the step unless the preconditioner
 * keeps them down. */
static double work(const lmx_solver_stats *stats)
{
  return (double)(stats->rhs_evaluations + stats->krylov_iterations);
}

static void solve_to(lmx_context *context, const char *end, case_run *run)
{
  const char *overrides[] = {end, "time.output=0.25"};
  ASSERT_OK(context,
            case_run_solve(context,
                           LMX_SOURCE_DIR "/cases/anisotropic_gaussian_2d.toml",
                           2, overrides, run));
}

static void five_units_cost_at_most_twice_one(void **state)
{
  case_run one, five;
  solve_to(*state, "time.end=1", &one);
  solve_to(*state, "time.end=5", &five);
  double ratio = work(&five.solution->stats) / work(&one.solution->stats);
  print_message("T = 1: %ld steps, work %g; T = 5: %ld steps, work %g; ratio "
                "%.2f\n",
                one.solution->stats.steps, work(&one.solution->stats),
                five.solution->stats.steps, work(&five.solution->stats), ratio);
  ASSERT_AT_MOST((double)five.solution->stats.steps,
                 2.0 * (double)one.solution->stats.steps);
  ASSERT_AT_MOST(ratio, 2.0);
  case_run_clear(&one);
  case_run_clear(&five);
}

static void error_stays_within_the_tolerance(void **state)
{
  case_run run;
  solve_to(*state, "time.end=5", &run);
  trial t = {run.problem->initial, run.problem->exact};
  double rtol = run.input->solver.rtol, largest = 0.0;
  for (size_t k = 1; k < run.solution->ntimes; ++k) {
    trial_state s = {.grid = run.solution->grid,
                     .u = run.solution->u[k],
                     .t = run.solution->times[k]};
    trial_error error;
    ASSERT_OK(*state, trial_errors(*state, &t, &s, 6.0, &error));
    print_message("t = %g: %.2e\n", s.t, error.value);
    largest = fmax(largest, error.value);
  }
  /* u0 = log(f0/M) is at most (1/0.7 - 1)/2 * 36 = 7.7 over |v| <= 6 */
  ASSERT_AT_MOST(largest, 7.7 * rtol);
  case_run_clear(&run);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(five_units_cost_at_most_twice_one),
      cmocka_unit_test(error_stays_within_the_tolerance),
  };
  return RUN_WITH_CONTEXT(tests);
}
