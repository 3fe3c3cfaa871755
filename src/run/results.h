/* What every kind of run leaves in its directory: tables, reports, verdict. */
#ifndef LMX_RUN_RESULTS_H
#define LMX_RUN_RESULTS_H

#include "landaumax/run.h"

/* FOLDER/tables, in place of those of an earlier run. */
lmx_status lmx_run_write_tables(lmx_context *context, const char *folder,
                                const lmx_check_results *results);

/* FOLDER/report.json and FOLDER/report.txt. */
lmx_status lmx_run_write_reports(lmx_context *context, const char *folder,
                                 const lmx_report *report);

/* Counts the verdicts; LMX_CHECK_FAILED when one fails. */
lmx_status lmx_run_verdict(lmx_context *context, const char *folder,
                           const lmx_check_results *results,
                           lmx_run_summary *summary);

#endif
