/* The run directory: whose it is, and what earlier runs left in it. */
#ifndef LMX_RUN_FOLDER_H
#define LMX_RUN_FOLDER_H

#include "landaumax/case.h"

/* Names inside a run directory. */
#define LMX_CASE_NAME "case.toml"
#define LMX_SOLUTION_NAME "solution.h5"
#define LMX_CHECKPOINT_NAME "checkpoint.h5"
#define LMX_PARTICLES_NAME "particles.state" /* checkpoint of particles */

typedef struct lmx_run_folder {
  const char *path; /* borrowed */
  int lock;         /* open folder, locked while it is worked in; -1: none */
} lmx_run_folder;

/* Whether FOLDER/NAME is there. */
bool lmx_folder_has(const char *folder, const char *name);

/* Locks an existing folder against other runs and removes the temporary files
 * of killed ones. Errors: LMX_ERR_USAGE (another run works in it),
 * LMX_ERR_IO. */
lmx_status lmx_run_folder_lock(lmx_context *context, const char *path,
                               lmx_run_folder *out);

/* Makes the folder that of this case: creates it, or finds it empty, or
 * replaces a finished run; with `resume` a run of the same case is kept.
 * Nothing is changed when refused.
 * Errors: LMX_ERR_USAGE (it holds something else, an interrupted run and
 * `resume` is false, or another case), LMX_ERR_IO. */
lmx_status lmx_run_folder_claim(lmx_context *context, const char *path,
                                const char *case_text, bool resume,
                                lmx_run_folder *out);

/* The same for commands that solve nothing.
 * Errors: also LMX_ERR_USAGE (it holds a solved run), LMX_ERR_MEMORY. */
lmx_status lmx_run_folder_claim_unsolved(lmx_context *context, const char *path,
                                         const lmx_case *lmx_case_, bool resume,
                                         lmx_run_folder *out);

void lmx_run_folder_release(lmx_run_folder *folder);

/* Removes the tables, so that none of an earlier check stays. */
lmx_status lmx_run_folder_clear_tables(lmx_context *context,
                                       const char *folder);

/* The same for the figures. */
lmx_status lmx_run_folder_clear_figures(lmx_context *context,
                                        const char *folder);

/* Writes FOLDER/NAME. */
lmx_status lmx_run_folder_write(lmx_context *context, const char *folder,
                                const char *name, const char *text);

#endif
