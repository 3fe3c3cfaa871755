/** @file case.h
 * Case files: one option table describes every key (type, default, unit,
 * bounds, help); it reads TOML, prints `landaumax help case`, the man page
 * section and the spelled-out case.toml of a run.
 */
#ifndef LANDAUMAX_CASE_H
#define LANDAUMAX_CASE_H

#include "landaumax/check.h"
#include "landaumax/core.h"
#include "landaumax/grid.h"
#include "landaumax/initial.h"
#include "landaumax/particle.h"
#include "landaumax/solve.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A case, every default filled in. Strings and arrays belong to the case.
 * Read only; made by lmx_case_load. */
typedef struct lmx_case {
  char *path;  /**< as given by the user, for messages */
  char *title; /**< default: the file's name without directory and .toml */
  int dimension;
  /** [initial]; spec.table_* are NULL, initial_path says where they are */
  lmx_initial_spec initial;
  char *initial_path; /**< kind = "table": run directory; lmx_case_load makes
                           it absolute (from the case file's folder),
                           lmx_case_parse keeps it; NULL otherwise */
  /** [grid] */
  int naxes; /**< 0: axes = "auto" */
  lmx_axis_kind axes[LMX_MAX_AXES];
  size_t npoints; /**< 0: default by axis kind; 1; or per axis */
  size_t points[LMX_MAX_AXES];
  size_t nhalf_width; /**< 0: "auto"; 1; or one per axis */
  double half_width[LMX_MAX_AXES];
  int order;
  double accuracy;    /**< asked of log f on the checked ball */
  int max_points;     /**< of all axes together */
  bool points_fitted; /**< lmx_problem_create chose `points` */
  bool axes_found;    /**< lmx_problem_create chose `axes` */
  /** [time] */
  double end;
  size_t noutputs;
  double *outputs; /**< [noutputs] increasing, first 0, last `end` */
  /** [solver] */
  lmx_solver_options solver;
  /** [checks] */
  double radius;
  size_t nchecks;             /**< 0: list = "all" */
  const char **checks;        /**< [nchecks] ids; the strings are static */
  lmx_check_choice constants; /**< [checks.constants], NaN: from the data */
  /** [particles] */
  size_t nsystems; /**< at least 1 */
  lmx_particle_system systems[LMX_SYSTEM_COUNT];
  size_t nnumbers; /**< at least 1 */
  size_t *numbers; /**< [nnumbers] N, increasing */
  int replicas;
  double particle_step;
  lmx_scheme scheme;
  int64_t seed; /**< at least 0 */
  int threads;  /**< 0: all */
  bool rates;
  /** [moments] */
  size_t nparticles;
  double *particles; /**< [nparticles] whole numbers >= 1 or INFINITY */
  /** [figures] */
  bool figures;
  char *figures_format; /**< "png", "pdf" or "both" */
  char **where;         /**< for lmx_case_where */
} lmx_case;

/** Reads a case file and applies "key=value" overrides: the value is TOML, a
 * bare word is text, and for text keys anything but a quoted string is taken
 * as it stands. The last override of a key wins.
 * Errors: LMX_ERR_CASE with one line `file:line: key: what is wrong, what is
 * allowed` (overrides: `--set key=value: key: ...`; the key is "syntax" where
 * the text is not TOML; `file: ...` where there is no such file or it cannot
 * be read); entries of lists are counted from 1, initial.components[2].mean.
 * LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_case_load(lmx_context *context, const char *path,
                                 size_t noverrides,
                                 const char *const *overrides, lmx_case **out);

/** The same from text in memory; `name` stands in for the file name. */
LMX_API lmx_status lmx_case_parse(lmx_context *context, const char *name,
                                  const char *text, size_t length,
                                  size_t noverrides,
                                  const char *const *overrides, lmx_case **out);
LMX_API void lmx_case_destroy(lmx_case **lmx_case_);

/** `file:line` where the key was set (where its section begins, else line 1,
 * when defaulted) or `--set key=value`, for messages of later stages; "file"
 * alone when there is no such key. Owned by the case. */
LMX_API const char *lmx_case_where(const lmx_case *lmx_case_, const char *key);

/** The case with every default spelled out, as TOML that lmx_case_parse reads
 * back to an equal case. *out is allocated; release with lmx_free. */
LMX_API lmx_status lmx_case_print(lmx_context *context,
                                  const lmx_case *lmx_case_, char **out);

/** Text of `landaumax help case`, made from the option table; release with
 * lmx_free. format: "text" or "man". */
LMX_API lmx_status lmx_case_help(lmx_context *context, const char *format,
                                 char **out);

#ifdef __cplusplus
}
#endif
#endif
