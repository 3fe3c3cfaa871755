/* The run directory: whose it is, and what earlier runs left in it. */
#ifndef LMX_RUN_FOLDER_H
#define LMX_RUN_FOLDER_H

#include "landaumax/case.h"

/* Names inside a run directory. */
#define LMX_CASE_NAME "case.toml"
#define LMX_SOLUTION_NAME "solution.h5"
#define LMX_CHECKPOINT_NAME "checkpoint.h5"
#define LMX_PARTICLES_NAME "particles.state" /* checkpoint of particles */
#define LMX_FAILED_NAME "failed.txt"         /* why the run here has failed */
/* While a folder holds a finished run, a new one is at work in this folder
 * inside, which has a case.toml, checkpoints and failed.txt of its own. */
#define LMX_ATTEMPT_NAME "attempt"

typedef struct lmx_run_folder {
  const char *path; /* borrowed */
  int lock;         /* open folder, locked while it is worked in; -1: none */
  char *work;       /* owned: where case.toml and the checkpoints of the run
                       under way are, `path` or its folder attempt; NULL: only
                       locked */
  char *stage;      /* owned: where new results are written; NULL: none yet */
  bool whole;       /* the stage is the attempt: nothing of before stays */
} lmx_run_folder;

/* Whether FOLDER/NAME is there. */
bool lmx_folder_has(const char *folder, const char *name);

/* Locks an existing folder against other runs, completes an exchange of
 * results that was cut short, and removes the temporary files of killed
 * programs. Errors: LMX_ERR_USAGE (another run works in it), LMX_ERR_IO. */
lmx_status lmx_run_folder_lock(lmx_context *context, const char *path,
                               lmx_run_folder *out);

/* Makes the folder that of this case: creates it, or finds it empty, or
 * replaces a failed run. A finished run stays as it is until
 * lmx_run_folder_exchange, and out->work is then another folder. With `resume`
 * a run of the same case is kept, finished or not.
 * Nothing is changed when refused. Commands that do not solve leave solved runs
 * alone.
 * Errors: LMX_ERR_USAGE (it holds something else, an interrupted run and
 * `resume` is false, another case, or for !solves a solved run), LMX_ERR_IO,
 * LMX_ERR_MEMORY. */
lmx_status lmx_run_folder_claim(lmx_context *context, const char *path,
                                const lmx_case *lmx_case_, bool solves,
                                bool resume, lmx_run_folder *out);

/* Makes an empty folder, out->stage, in which results are then written:
 * tables/, figures/ and reports, each of which takes the place of the old one.
 * What a stage lacks stays as it is, unless there is an attempt, which is
 * itself the stage: it replaces everything. Of a folder that is locked. */
lmx_status lmx_run_folder_stage(lmx_context *context, lmx_run_folder *folder);

/* The results in the stage become those of the folder, all at once; `work` is
 * then `path`. A kill in the midst leaves what the next command that works
 * there, or lmx_run_folder_complete, completes. Errors: LMX_ERR_IO. */
lmx_status lmx_run_folder_exchange(lmx_context *context,
                                   lmx_run_folder *folder);

/* Removes tables, figures and reports of an attempt. */
lmx_status lmx_run_folder_clear_results(lmx_context *context,
                                        const char *attempt);

/* Removes a stage that was not exchanged, unless it is the attempt. */
void lmx_run_folder_drop_stage(lmx_run_folder *folder);

/* Completes an exchange that was cut short, if any: before a folder is read
 * that nobody locks. Errors: LMX_ERR_IO, LMX_ERR_USAGE (another program is at
 * it for longer than that takes). */
lmx_status lmx_run_folder_complete(lmx_context *context, const char *path);
/* The same of a locked folder, and removes a stage that was left. */
lmx_status lmx_run_folder_complete_locked(lmx_context *context,
                                          const lmx_run_folder *folder);

/* Of a claimed folder, when the run has ended with `status`: if numerics or
 * memory failed, notes the context's message in failed.txt, whereupon the next
 * run may replace what is left, and says in the message that a finished run is
 * still there, if so. Returns `status`. */
lmx_status lmx_run_folder_note_failure(lmx_context *context,
                                       const lmx_run_folder *folder,
                                       lmx_status status);

void lmx_run_folder_release(lmx_run_folder *folder);

/* Fails with "cannot VERB PATH: " and errno in words. */
lmx_status lmx_folder_fail(lmx_context *context, const char *verb,
                           const char *path);

/* "NAME.tmp123", as lmx_file_write calls what it has not finished. */
bool lmx_folder_temporary(const char *name);

/* Whether an entry is a case.toml that was being written. */
bool lmx_folder_unfinished_case(const char *name);

/* Removes what killed programs left half-written. */
lmx_status lmx_run_folder_clear_temporaries(lmx_context *context,
                                            const char *folder);

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
