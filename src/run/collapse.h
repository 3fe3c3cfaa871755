/* Why a solve has stopped, and what to change: the message of exit code 3. */
#ifndef LMX_RUN_COLLAPSE_H
#define LMX_RUN_COLLAPSE_H

#include "landaumax/run.h"

/* *corner says whether that is in a corner of a box, which the ball does not
 * have (lmx_problem_take_ball). Replaces the message of a solver whose steps
 * have collapsed by one that says where log f changes fastest, what that means,
 * and what to change; each piece of advice is measured on the data. `solution`
 * holds the initial state and the grid of the solve. Where memory does not
 * suffice for that, and in the density form, the message stays as it is.
 * Returns LMX_ERR_NUMERICS. */
lmx_status lmx_collapse_explain(lmx_context *context,
                                const lmx_problem *problem,
                                const lmx_case *lmx_case_,
                                const lmx_solver_options *options,
                                const lmx_solution *solution,
                                const lmx_solver *solver, bool *corner);

#endif
