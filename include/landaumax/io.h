/** @file io.h
 * Files: whole or absent. Solutions in HDF5, tables, reports.
 */
#ifndef LANDAUMAX_IO_H
#define LANDAUMAX_IO_H

#include "landaumax/audit.h"
#include "landaumax/check.h"
#include "landaumax/core.h"
#include "landaumax/grid.h"
#include "landaumax/initial.h"
#include "landaumax/model.h"
#include "landaumax/solve.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Writes a whole file: under a temporary name in the same folder, flushed to
 * disk, then renamed. On failure nothing is left behind. Only a regular file is
 * replaced, and keeps its mode.
 * Errors: LMX_ERR_IO with path and reason. */
LMX_API lmx_status lmx_file_write(lmx_context *context, const char *path,
                                  const void *data, size_t bytes);

/** Reads a whole file, pipes too; *out is NUL-terminated behind its *bytes;
 * release with lmx_free. Errors: LMX_ERR_IO. */
LMX_API lmx_status lmx_file_read(lmx_context *context, const char *path,
                                 char **out, size_t *bytes);

/** Makes a folder and its parents; an existing one is fine. */
LMX_API lmx_status lmx_folder_create(lmx_context *context, const char *path);

/** "FOLDER/NAME" in fresh memory; NAME alone when it is absolute or FOLDER is
 * "". Release with lmx_free. */
LMX_API lmx_status lmx_path_join(lmx_context *context, const char *folder,
                                 const char *name, char **out);

/** The stored states of a run: everything solution.h5 holds. */
typedef struct lmx_solution {
  lmx_model model;
  lmx_affine map;
  lmx_formulation formulation;
  double rtol, atol;
  lmx_grid *grid; /**< owned */
  size_t ntimes, capacity;
  double *times; /**< [ntimes] */
  double *trust; /**< [ntimes] trustworthy radius */
  double **u;    /**< [ntimes][grid->size] */
  lmx_solver_stats stats;
  lmx_bar_record *record; /**< of the solve, owned; NULL: nobody watched it */
  double estimate;        /**< of the error of log f in the checked ball, by a
                               coarser solve; 0: none was made */
  int refinements;        /**< solves on coarser grids that were given up */
  /** Of which case it is: a checksum of what decides the solution; "" where
   * there was no case. */
  char identity[LMX_IDENTITY_SIZE];
} lmx_solution;

/** Takes ownership of the grid (also on failure: it is then destroyed). */
LMX_API lmx_status lmx_solution_create(lmx_context *context,
                                       const lmx_model *model,
                                       const lmx_affine *map,
                                       const lmx_solver_options *options,
                                       lmx_grid *grid, lmx_solution **out);
LMX_API void lmx_solution_destroy(lmx_solution **solution);

/** The estimate of the error of log f as one sentence or two: what it is, what
 * was asked for, and what to do where it misses that.
 * @param accuracy  asked for in |v| <= radius
 * @param out  [n], cut there; "" where there is no estimate */
LMX_API void lmx_solution_describe_accuracy(const lmx_solution *solution,
                                            double accuracy, double radius,
                                            char *out, size_t n);

/** Appends a state; u [grid->size] is copied. */
LMX_API lmx_status lmx_solution_add(lmx_context *context,
                                    lmx_solution *solution, double t,
                                    double trust, const double *u);

/** Forgets the last state; there must be more than one. */
LMX_API void lmx_solution_drop_last(lmx_solution *solution);

/** HDF5, written whole or not at all. Also used for checkpoints: the last
 * state need not be an output time (`checkpoint` marks it so).
 * Layout in docs/manual.md: attributes of the root (format, format_version,
 * landaumax_version, dimension, D, eta, formulation, rtol, atol, naxes, order,
 * m, checkpoint, identity), /axis1.. (nodes; attributes kind, half_width,
 * points), /time [nt], /trust_radius [nt], /u [nt][n1].., /error_bar (the
 * record, if any), /map and /solver. Behind the HDF5 data stands a line of text
 * with their checksum. Errors: LMX_ERR_USAGE (no state yet), LMX_ERR_IO,
 * LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_solution_write(lmx_context *context,
                                      const lmx_solution *solution,
                                      bool checkpoint, const char *path);
/** Reads what lmx_solution_write wrote, bit by bit.
 * Errors: LMX_ERR_IO with "FILE: ITEM: what is wrong": absent, not HDF5,
 * damaged, truncated, or of another layout; LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_solution_read(lmx_context *context, const char *path,
                                     bool *checkpoint, lmx_solution **out);

/** Numbers under a tag of their kind, with a checksum: checkpoints that only
 * this program reads. Written whole or not at all. */
LMX_API lmx_status lmx_numbers_write(lmx_context *context, const char *path,
                                     const char *tag, size_t count,
                                     const double *numbers);
/** *out is allocated; release with lmx_free. Errors: LMX_ERR_IO with path and
 * what is wrong (absent, damaged, of another kind). */
LMX_API lmx_status lmx_numbers_read(lmx_context *context, const char *path,
                                    const char *tag, size_t *count,
                                    double **out);

/** Writes FOLDER/NAME.dat: a title line, a line naming each column, rows in
 * %.17g. */
LMX_API lmx_status lmx_table_write(lmx_context *context, const char *folder,
                                   const lmx_table *table);

/** Reads FOLDER/NAME.dat as lmx_table_write left it; *out is NULL when there
 * is no such file. Errors: LMX_ERR_IO (not a table), LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_table_read(lmx_context *context, const char *folder,
                                  const char *name, lmx_table **out);

/** An input of what a report is about: a text, or numbers [n], or for n = 0
 * one number. Borrowed pointers. */
typedef struct lmx_report_input {
  const char *key, *text;
  size_t n;
  const double *numbers;
  double number;
  int64_t integer; /**< where the others are NULL and 0 */
} lmx_report_input;

/** Everything a report says. Borrowed pointers. */
typedef struct lmx_report {
  const char *case_path, *title;
  /** What was solved; NULL when nothing was (moments, particles): `command`,
   * `dimension`, `about`, `closing` and `inputs` then say what the report is
   * about, `kind`, `exact_name` and `radius` do not apply. */
  const lmx_solution *solution;
  const char *command; /**< "moments", "particles" */
  int dimension;
  const char *about, *closing; /**< paragraphs */
  size_t ninputs;
  const lmx_report_input *inputs; /**< [ninputs] */
  lmx_initial_kind kind;
  /** Relative error of the moments by which the data was normalised. */
  double moments_error;
  const char *exact_name; /**< NULL when none is known */
  double radius;
  double accuracy; /**< asked of log f; told beside solution->estimate */
  const lmx_check_results *checks;
  double seconds_setup, seconds_solve, seconds_check, seconds_write;
} lmx_report;

/** report.json (the contract of docs/manual.md) as text; NaN and infinities
 * become null. Release with lmx_free. */
LMX_API lmx_status lmx_report_json(lmx_context *context,
                                   const lmx_report *report, char **out);
/** report.txt; release with lmx_free. */
LMX_API lmx_status lmx_report_text(lmx_context *context,
                                   const lmx_report *report, char **out);

/** The lines of report.txt with the verdicts only; release with lmx_free. */
LMX_API lmx_status lmx_report_verdicts(lmx_context *context,
                                       const lmx_report *report, char **out);

/** Writes FOLDER/report.html, a run directory on one page, from its
 * report.json, case.toml, tables and figures; report.json says of which
 * command. The page holds the PNG figures themselves and refers to nothing
 * outside.
 * Errors: LMX_ERR_IO (one of them cannot be read or is damaged, or the page
 * not be written), LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_page_write(lmx_context *context, const char *folder);

/** An audit as text of 80 columns, as JSON (NaN becomes null), and as
 * docs/statements.md. Release with lmx_free. Errors: LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_audit_text(lmx_context *context, const lmx_audit *audit,
                                  char **out);
LMX_API lmx_status lmx_audit_json(lmx_context *context, const lmx_audit *audit,
                                  char **out);
LMX_API lmx_status lmx_audit_markdown(lmx_context *context,
                                      const lmx_audit *audit, char **out);

#ifdef __cplusplus
}
#endif
#endif
