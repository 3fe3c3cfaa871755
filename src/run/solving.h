/* Integration of a problem into a solution, with checkpoints. */
#ifndef LMX_RUN_SOLVING_H
#define LMX_RUN_SOLVING_H

#include "landaumax/moment.h"
#include "landaumax/run.h"

/* Prefixes the message of a failed stage with the place of the key it names,
 * or of `key` when it names none. */
lmx_status lmx_problem_locate(lmx_context *context, const lmx_case *lmx_case_,
                              const char *key, lmx_status status);

/* A problem without axes: the initial data only, in any dimension. */
lmx_status lmx_problem_create_data(lmx_context *context, lmx_case *lmx_case_,
                                   lmx_problem **out);

/* A problem and the moments of its data. Formulas and tables get axes, the
 * grid of which gives their fourth moments; the others have closed forms. */
lmx_status lmx_problem_create_moments(lmx_context *context, lmx_case *lmx_case_,
                                      lmx_problem **out,
                                      lmx_moment_data *moments);

/* The grid of a problem and its case made a ball: the first axis full, with
 * the same spacing. */
void lmx_problem_take_ball(lmx_problem *problem, lmx_case *lmx_case_);

/* The states before any step: at t = 0 only.
 * Errors: LMX_ERR_CASE with the place (data not finite on the grid),
 * LMX_ERR_MEMORY. */
lmx_status lmx_solving_start(lmx_context *context, const lmx_problem *problem,
                             const lmx_case *lmx_case_,
                             const lmx_axis_spec *axes,
                             const lmx_solver_options *options,
                             lmx_solution **out);

/* "12 s", "3 min", "2 h" into out, [n]. */
void lmx_describe_seconds(double seconds, char *out, size_t n);

/* Watches a solve for the checks (lmx_watch). */
typedef struct lmx_observed {
  lmx_watch *watch;
  double seconds; /* it took so far */
  bool corner;    /* the steps collapsed in a corner of the box */
  /* NULL, or called once, some seconds into a solve that takes longer, with the
   * seconds that it will take in all. */
  void (*tell)(void *user, double seconds);
  void *user;
} lmx_observed;

/* A watch for these data if the case asks for what needs one and the solution
 * holds its initial state only; else out->watch is NULL. */
lmx_status lmx_observed_begin(lmx_context *context, const lmx_case *lmx_case_,
                              const lmx_solution *solution, lmx_observed *out);
/* Hands the record to the solution, unless NULL, and ends. */
void lmx_observed_end(lmx_observed *observed, lmx_solution *solution);

/* Continues `solution` from its last state through the remaining output
 * times of the case. The last state is dropped from the outputs when
 * `transient` (it came from a checkpoint between two). With a checkpoint path,
 * states are saved there every `interval` wall seconds, when interrupted and
 * when the steps collapse; that message says why and what to change. */
lmx_status lmx_solving_continue(
    lmx_context *context, const lmx_problem *problem, const lmx_case *lmx_case_,
    const lmx_solver_options *options, bool transient, const char *checkpoint,
    double interval, lmx_observed *observed, lmx_solution *solution);

/* lmx_problem_solve, with the record for error-bar if `watched`. */
lmx_status lmx_problem_solve_watched(lmx_context *context,
                                     const lmx_problem *problem,
                                     const lmx_case *lmx_case_,
                                     const lmx_axis_spec *axes,
                                     const lmx_solver_options *options,
                                     bool watched, lmx_solution **out);

#endif
