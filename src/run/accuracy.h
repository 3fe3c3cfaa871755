/* How accurate a solve was, by a second one on a coarser grid. */
#ifndef LMX_RUN_ACCURACY_H
#define LMX_RUN_ACCURACY_H

#include "landaumax/run.h"

/* The coarser solve. */
typedef struct lmx_pilot {
  lmx_solution *coarse; /* NULL: it stopped, or there is none */
  double seconds;       /* it took */
  double forecast;      /* seconds that the solve itself will take */
} lmx_pilot;

/* Solves the problem with 3/4 of its points, 5/6 of what its grid has beyond
 * the checked ball and 10 times its tolerances. A solve that stops is no error.
 * Errors: LMX_INTERRUPTED, LMX_ERR_MEMORY. */
lmx_status lmx_pilot_solve(lmx_context *context, const lmx_problem *problem,
                           const lmx_case *lmx_case_, lmx_pilot *out);
void lmx_pilot_clear(lmx_pilot *pilot);

/* A notice where the solve will take more than a minute. */
void lmx_accuracy_announce(lmx_context *context, const lmx_pilot *pilot);

/* Estimates the error of log f in |v| <= radius at the times of the solution:
 * a fifth of the distance from the coarser one. */
lmx_status lmx_pilot_compare(lmx_context *context, const lmx_pilot *pilot,
                             const lmx_solution *solution, double radius,
                             double *estimate);

/* Puts more points into the case, for an estimate that misses its accuracy;
 * false where grid.max_points forbids. */
bool lmx_accuracy_refine(lmx_case *lmx_case_, double estimate);

/* Of a solve whose points the case left to be chosen: LMX_ERR_CASE, with the
 * accuracy that it allows, where grid.max_points forbade what the estimate asks
 * for. An estimate of 0 is none: the coarser solve stopped. */
lmx_status lmx_accuracy_judge(lmx_context *context, const lmx_case *lmx_case_,
                              double estimate);

#endif
