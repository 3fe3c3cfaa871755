/** @file run.h
 * The pipeline case -> initial -> model -> grid -> solve -> check -> report,
 * as the subcommands use it.
 */
#ifndef LANDAUMAX_RUN_H
#define LANDAUMAX_RUN_H

#include "landaumax/case.h"
#include "landaumax/check.h"
#include "landaumax/core.h"
#include "landaumax/exact.h"
#include "landaumax/grid.h"
#include "landaumax/initial.h"
#include "landaumax/io.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A case turned into mathematics. Owned parts; read only. */
typedef struct lmx_problem {
  lmx_initial *initial; /**< holds the model and the affine map */
  lmx_exact *exact;     /**< NULL when none is known */
  int naxes;
  lmx_axis_spec axes[LMX_MAX_AXES];
  int order;
} lmx_problem;

/** Builds the initial data, finds the axes, and resolves what the case leaves
 * automatic: axes, points and paths in `lmx_case_` are then spelled out.
 * Errors: LMX_ERR_CASE with the place in the case file; LMX_ERR_IO (table
 * data that cannot be read). */
LMX_API lmx_status lmx_problem_create(lmx_context *context, lmx_case *lmx_case_,
                                      lmx_problem **out);
LMX_API void lmx_problem_destroy(lmx_problem **problem);

/** Solves a problem in memory: the states at the case's output times.
 * @param axes  [problem->naxes] grid to use, NULL for the problem's own
 * Errors: LMX_ERR_NUMERICS, LMX_INTERRUPTED, LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_problem_solve(lmx_context *context,
                                     const lmx_problem *problem,
                                     const lmx_case *lmx_case_,
                                     const lmx_axis_spec *axes,
                                     const lmx_solver_options *options,
                                     lmx_solution **out);

typedef struct lmx_run_options {
  const char *folder;         /**< run directory */
  bool resume;                /**< continue from DIR/checkpoint.h5 */
  double checkpoint_interval; /**< wall seconds between checkpoints */
  const char *plots;          /**< folder of the gnuplot scripts */
} lmx_run_options;

/** What a run came to; filled when its report was written. */
typedef struct lmx_run_summary {
  bool written;              /**< the report: what follows is filled */
  size_t holds, fails, info; /**< checks by verdict */
  char accuracy[400];        /**< lmx_solution_describe_accuracy */
  double seconds_solve;
} lmx_run_summary;

/** `landaumax run`: solves, checks, writes the run directory, draws figures.
 * Errors: as above and LMX_ERR_USAGE (the folder holds something else, or an
 * interrupted run and `resume` is false, or another case), LMX_ERR_IO;
 * LMX_CHECK_FAILED when everything was written but a check failed, LMX_ERR_CASE
 * also when it was but grid.max_points bounded the accuracy asked for. */
LMX_API lmx_status lmx_run(lmx_context *context, lmx_case *lmx_case_,
                           const lmx_run_options *options,
                           lmx_run_summary *summary);

/** `landaumax check`: checks a finished run again and rewrites its tables and
 * reports. */
LMX_API lmx_status lmx_run_check(lmx_context *context, const char *folder,
                                 lmx_run_summary *summary);

/** `landaumax check --write-reference`: checks a finished run again, solves
 * its case twice more to measure how accurate the results are, and writes
 * them with tolerances to `path` (reference.h). A check that fails is stored
 * as such, and no error.
 * Errors: as lmx_run_check; LMX_ERR_NUMERICS when a further run fails. */
LMX_API lmx_status lmx_run_write_reference(lmx_context *context,
                                           const char *folder, const char *path,
                                           lmx_run_summary *summary);

/** `landaumax check --against`: checks a finished run again and compares the
 * results with those stored in `path`. *text names the differences, "" if
 * there are none; it is given with LMX_OK and LMX_CHECK_FAILED and released
 * with lmx_free.
 * Errors: as lmx_run_check, but LMX_CHECK_FAILED when something differs,
 * whatever the verdicts; LMX_ERR_USAGE (no reference), LMX_ERR_IO. */
LMX_API lmx_status lmx_run_compare(lmx_context *context, const char *folder,
                                   const char *path, lmx_run_summary *summary,
                                   char **text);

/** Completes an exchange of results in a run directory that a kill has cut
 * short, if any; the functions above do so by themselves. For programs that
 * read the files of a run directory.
 * Errors: LMX_ERR_IO; LMX_ERR_USAGE (another program is at work there). */
LMX_API lmx_status lmx_run_complete(lmx_context *context, const char *folder);

/** `landaumax plot`: draws the figures of a finished run in the format of its
 * case; `plots` is the folder of the gnuplot scripts. */
LMX_API lmx_status lmx_run_plot(lmx_context *context, const char *folder,
                                const char *plots);

/** What lmx_run_particles and lmx_moments do with their results besides: at
 * most one of the two files (reference.h). */
typedef struct lmx_keep {
  const char *write;   /**< store them here, with tolerances measured by
                            computing them again with rounding, which takes as
                            long as the command */
  const char *against; /**< compare them with those stored here */
  char *text;          /**< names the differences, "" if there are none; set if
                            they were compared; release with lmx_free */
} lmx_keep;

/** `landaumax particles`: simulates the systems of [particles], compares them
 * with the exact moments and writes a run directory like lmx_run, without a
 * solution; its checkpoint is DIR/particles.state.
 *  keep  NULL: nothing
 * Errors: as lmx_run; with `keep`, LMX_CHECK_FAILED when something differs,
 * and never for verdicts. */
LMX_API lmx_status lmx_run_particles(lmx_context *context, lmx_case *lmx_case_,
                                     const lmx_run_options *options,
                                     lmx_keep *keep, lmx_run_summary *summary);

typedef struct lmx_moments_options {
  const char *folder; /**< run directory to write */
  const char *run;    /**< finished run of the same data, for Theorem 1.7; NULL:
                           only if f0 = M, where B(s) is exact */
  const char *plots;  /**< folder of the gnuplot scripts */
  bool json;          /**< *out is report.json, else the table of verdicts */
  lmx_keep *keep;     /**< NULL: nothing; as in lmx_run_particles */
} lmx_moments_options;

/** `landaumax moments`: the exact moments of the case's initial data, Section 5
 * and Theorem 1.7; writes a run directory without solution.h5.
 * @param out  text for the terminal; release with lmx_free; also set when the
 *             status is LMX_CHECK_FAILED
 * Errors: as lmx_run; LMX_ERR_USAGE (`run` is of other data);
 * LMX_CHECK_FAILED when a verdict is not as expected. */
LMX_API lmx_status lmx_moments(lmx_context *context, lmx_case *lmx_case_,
                               const lmx_moments_options *options, char **out,
                               lmx_run_summary *summary);

/** One row of a convergence study. */
typedef struct lmx_converge_row {
  const char *what; /**< "grid", "box" or "tolerance"; static */
  double parameter; /**< points on axis 1, half width, or rtol */
  double h;         /**< spacing of axis 1 */
  double error[3];  /**< log f, gradient, Hessian: against the exact solution
                         or the last row of the block that was solved; NaN
                         where log f does not exist at all points, or nothing
                         was solved */
  double order[3];  /**< observed against the row before; NaN if none */
  double seconds;
  char *failed; /**< why this one was not solved; NULL if it was */
} lmx_converge_row;

typedef struct lmx_convergence {
  size_t n;
  lmx_converge_row *rows; /**< [n] */
  bool against_exact;
  double estimate[3]; /**< estimated error of the case as it stands, for log
                           f, gradient and Hessian; NaN if it was not solved
                           or there is nothing better to compare with */
} lmx_convergence;

/** `landaumax converge`: refines grid, box and tolerances of a case and
 * compares the final states on a fixed set of points of the checked ball. The
 * box of a table is not widened: it has no rows "box". A run that cannot be
 * solved is a row that says why.
 * @param levels  grids in the grid study, >= 3
 * Errors: as lmx_problem_solve, but LMX_ERR_NUMERICS only when fewer than two
 * grids of the grid study are solved. */
LMX_API lmx_status lmx_converge(lmx_context *context, lmx_case *lmx_case_,
                                int levels, lmx_convergence **out);
LMX_API void lmx_convergence_destroy(lmx_convergence **convergence);

#ifdef __cplusplus
}
#endif
#endif
