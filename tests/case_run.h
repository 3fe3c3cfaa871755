/* Files of cases/ solved in memory, for tests that need what a user gets. */
#ifndef LMX_TESTS_CASE_RUN_H
#define LMX_TESTS_CASE_RUN_H

#include <landaumax/landaumax.h>

typedef struct case_run {
  lmx_case *input;
  lmx_problem *problem;
  lmx_solution *solution;
} case_run;

static inline void case_run_clear(case_run *run)
{
  lmx_solution_destroy(&run->solution);
  lmx_problem_destroy(&run->problem);
  lmx_case_destroy(&run->input);
}

/* Reads the case and solves it through all its output times. */
static inline lmx_status case_run_solve(lmx_context *context, const char *path,
                                        size_t noverrides,
                                        const char *const *overrides,
                                        case_run *run)
{
  *run = (case_run){NULL, NULL, NULL};
  lmx_status status =
      lmx_case_load(context, path, noverrides, overrides, &run->input);
  if (status == LMX_OK)
    status = lmx_problem_create(context, run->input, &run->problem);
  if (status == LMX_OK)
    status = lmx_problem_solve(context, run->problem, run->input, NULL,
                               &run->input->solver, &run->solution);
  if (status != LMX_OK)
    case_run_clear(run);
  return status;
}

#endif
