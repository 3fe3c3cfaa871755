/* The checks of a solution in memory and of a finished run. */
#ifndef LMX_RUN_CHECKING_H
#define LMX_RUN_CHECKING_H

#include "landaumax/run.h"

/* The checks that the case asks for. */
lmx_status lmx_solution_check(lmx_context *context, const lmx_case *lmx_case_,
                              const lmx_problem *problem,
                              const lmx_solution *solution,
                              lmx_check_results **out);

/* A run just checked; all borrowed. */
typedef struct lmx_checked_run {
  const lmx_case *source;
  const lmx_problem *problem;
  const lmx_solution *solution;
  const lmx_check_results *checks;
} lmx_checked_run;

typedef lmx_status lmx_checked_fn(lmx_context *context,
                                  const lmx_checked_run *run, void *user);

/* lmx_run_check, with a look at the results before they go. */
lmx_status lmx_run_check_then(lmx_context *context, const char *folder,
                              lmx_checked_fn *look, void *user,
                              lmx_run_summary *summary);

#endif
