/* What `run`, `moments` and `particles` do alike with results. */
#ifndef LMX_RUN_OUTPUT_H
#define LMX_RUN_OUTPUT_H

#include "landaumax/run.h"
#include "run/folder.h"

/* Checks a solution of a problem: the ids, or all when ids is NULL. */
lmx_status lmx_output_check(lmx_context *context, const lmx_case *lmx_case_,
                            const lmx_problem *problem,
                            const lmx_solution *solution, size_t nids,
                            const char *const *ids, lmx_check_results **out);

/* The three below write into the stage of a folder, where their messages say
 * so with its path. */

/* Tables. If the figures there are drawn from other ones, none are kept. */
lmx_status lmx_output_tables(lmx_context *context, const lmx_run_folder *folder,
                             const lmx_check_results *checks);

/* report.json, report.txt and, with the figures that are there, report.html. */
lmx_status lmx_output_reports(lmx_context *context,
                              const lmx_run_folder *folder,
                              const lmx_report *report);

/* Draws the figures, if the case wants them, puts them into report.html and
 * exchanges the results. What cannot be drawn or written does not keep the
 * rest from being exchanged: that error comes after. */
lmx_status lmx_output_finish(lmx_context *context, const lmx_case *lmx_case_,
                             lmx_run_folder *folder, const char *plots);

/* Counts the verdicts. Errors: LMX_CHECK_FAILED when one is not as expected:
 * a check failed, or a misprint did not. */
lmx_status lmx_output_verdict(lmx_context *context, const char *folder,
                              const lmx_check_results *checks,
                              lmx_run_summary *summary);

/* Reads a finished run; what is made belongs to the caller, also after a
 * failure. Errors: LMX_ERR_IO (it is none), LMX_ERR_USAGE. */
lmx_status lmx_run_open(lmx_context *context, const char *folder,
                        lmx_case **source, lmx_problem **problem,
                        lmx_solution **solution);

#endif
