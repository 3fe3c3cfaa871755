/* Data that a user would try first, all of which once stopped the solver: each
 * file of tests/verify/ordinary, run with its own settings, against exact
 * solutions. What a run says where steps do collapse is in cli/test_collapse.sh
 * and test_retry.sh. */
#ifndef LMX_TESTS_ORDINARY_H
#define LMX_TESTS_ORDINARY_H

#include "random_mixtures.h"

/* The case of tests/verify/ordinary/NAME.toml with one override more. */
static inline lmx_status ordinary_load(const char *name, const char *set,
                                       lmx_case **out)
{
  char path[512];
  const char *const overrides[] = {"figures.enabled=false",
                                   "checks.list=[\"eq-1.2\"]", set};
  snprintf(path, sizeof path, "%s/tests/verify/ordinary/%s.toml",
           LMX_SOURCE_DIR, name);
  return lmx_case_load(ctx, path, set == NULL ? 2 : 3, overrides, out);
}

/* Runs the case in a folder of its own and opens what it leaves. */
static inline lmx_status ordinary_run(const char *name, const char *set,
                                      lmx_case **input, lmx_problem **problem,
                                      lmx_solution **solution)
{
  char folder[] = "ordinary.XXXXXX";
  lmx_run_summary summary;
  lmx_case *given;
  assert_non_null(mkdtemp(folder));
  const lmx_run_options options = {.folder = folder,
                                   .checkpoint_interval = INFINITY};
  ASSERT_OK(ctx, ordinary_load(name, set, &given));
  bool chosen = given->npoints == 0;
  lmx_status status = lmx_run(ctx, given, &options, &summary);
  if (status == LMX_OK)
    ASSERT_OK(ctx, lmx_run_open(ctx, folder, input, problem, solution));
  if (status == LMX_OK && chosen) {
    assert_true((*solution)->estimate > 0.0);
    ASSERT_AT_MOST((*solution)->estimate, (*input)->accuracy);
  }
  lmx_case_destroy(&given);
  survey_remove(folder);
  return status;
}

static inline void ordinary_clear(lmx_case **input, lmx_problem **problem,
                                  lmx_solution **solution)
{
  lmx_solution_destroy(solution);
  lmx_problem_destroy(problem);
  lmx_case_destroy(input);
}

/* It is solved, and log f is right to 1e-6 where the series is compared. */
static inline void ordinary_mixture(const char *name, const char *set)
{
  lmx_case *input;
  lmx_problem *problem;
  lmx_solution *solution;
  ASSERT_OK(ctx, ordinary_run(name, set, &input, &problem, &solution));
  survey_row row = {.d = input->dimension};
  survey_compare(input, problem, solution, 1, &row);
  assert_true(row.compared);
  for (size_t k = 0; k < SURVEY_OUTPUTS; ++k)
    ASSERT_AT_MOST(row.error[k], survey_accuracy);
  ordinary_clear(&input, &problem, &solution);
}

/* A Gaussian of eta = E_2(0): right to 1e-6 wherever the Hermite series is. */
static inline void ordinary_gaussian(double eta)
{
  char set[64];
  lmx_case *input;
  lmx_problem *problem;
  lmx_solution *solution;
  lmx_jet *jet;
  snprintf(set, sizeof set, "initial.variances=[%g, %g]", 2.0 - eta, eta);
  ASSERT_OK(ctx, ordinary_run("eta_0_3_at_default_grid_2d", set, &input,
                              &problem, &solution));
  ASSERT_OK(ctx, lmx_jet_create(ctx, 2, &jet));
  for (size_t k = 1; k < solution->ntimes; ++k) {
    size_t compared = 0;
    for (size_t i = 0; i < solution->grid->size; i += 11) {
      double error;
      lmx_grid_point(solution->grid, i, jet->v);
      double r2 = jet->v[0] * jet->v[0] + jet->v[1] * jet->v[1];
      if (r2 > 36.0 ||
          lmx_exact_eval(ctx, problem->exact, solution->times[k], jet,
                         &error) != LMX_OK ||
          !(error <= 1e-9))
        continue;
      ASSERT_NEAR(solution->u[k][i] + lmx_log_maxwellian(2, r2), jet->g,
                  input->accuracy);
      ++compared;
    }
    assert_true(compared > 100);
  }
  lmx_jet_destroy(&jet);
  ordinary_clear(&input, &problem, &solution);
}

#endif
