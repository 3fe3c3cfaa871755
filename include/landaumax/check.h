/** @file check.h
 * The statements of the paper checked on a computed solution. One entry of
 * the registry per statement (src/check/registry.c), one source file per
 * statement.
 *
 * A check sampled on a grid is evidence, not proof: results say on which ball
 * and how many points they were found.
 */
#ifndef LANDAUMAX_CHECK_H
#define LANDAUMAX_CHECK_H

#include "landaumax/core.h"
#include "landaumax/exact.h"
#include "landaumax/grid.h"
#include "landaumax/initial.h"
#include "landaumax/model.h"
#include "landaumax/solve.h"
#include "landaumax/table.h"

#ifdef __cplusplus
extern "C" {
#endif

/* X(symbol, text in reports) */
#define LMX_VERDICT_LIST(X)                                                    \
  X(LMX_HOLDS, "holds")                                                        \
  X(LMX_FAILS, "fails")                                                        \
  X(LMX_INFO, "info")

typedef enum {
#define LMX_VERDICT_ENUM(symbol, text) symbol,
  LMX_VERDICT_LIST(LMX_VERDICT_ENUM)
#undef LMX_VERDICT_ENUM
} lmx_verdict;

LMX_API const char *lmx_verdict_text(lmx_verdict verdict);

/** Constants of the estimates of Section 4 chosen by the user; NaN: found
 * from the data as the proofs do. They take their place in the sharp set. */
typedef struct lmx_check_choice {
  double C;             /**< of (4.1), for both auxiliary functions */
  double C_prime;       /**< C' */
  double A;             /**< A */
  double C_doubleprime; /**< C'' */
  double K1, K2;        /**< constants of Lemmas 4.1 and 4.5 */
} lmx_check_choice;

/** What error-bar needs to know of a solve, measured while it ran. */
typedef enum {
  LMX_BAR_EDGE,     /**< outer radius of the shell */
  LMX_BAR_SPACE,    /**< bound of |f_exact - f| / f there, part of the
                         differences in v, */
  LMX_BAR_UNSURE,   /**< of those where they do not converge: a guess, */
  LMX_BAR_TIME,     /**< of the time integration, */
  LMX_BAR_BEYOND,   /**< of what enters from beyond the box */
  LMX_BAR_DISTANCE, /**< of the state at the output time from the path through
                         the steps */
  LMX_BAR_COLUMNS
} lmx_bar_column;

typedef struct lmx_bar_record {
  size_t ntimes, nshells;
  double *data; /**< [ntimes][nshells][LMX_BAR_COLUMNS]; infinite where there
                     is no bound */
} lmx_bar_record;

/** @param data  uninitialised numbers are infinite */
LMX_API lmx_status lmx_bar_record_create(lmx_context *context, size_t ntimes,
                                         size_t nshells, lmx_bar_record **out);
LMX_API void lmx_bar_record_destroy(lmx_bar_record **record);

/** A computed solution as the checks see it. All pointers are borrowed. */
typedef struct lmx_check_input {
  const lmx_model *model;
  const lmx_grid *grid;
  const lmx_initial *initial; /**< the data, for what its structure says of
                                   R^d; NULL: not known */
  const lmx_exact *exact;     /**< NULL when no exact solution is known */
  lmx_formulation formulation;
  double rtol, atol;      /**< the solver's */
  long steps;             /**< internal steps of the solver; 0: none */
  double radius;          /**< checked ball |v| <= radius */
  size_t ntimes;          /**< at least 1; times[0] = 0 */
  const double *times;    /**< [ntimes] increasing */
  const double *const *u; /**< [ntimes][grid->size], u = log(f/M) */
  const double *trust;    /**< [ntimes] lmx_solver_trust_radius at the times */
  const lmx_check_choice *choice; /**< NULL: all constants from the data */
  /** what lmx_watch recorded of the solve; NULL: error-bar solves the data
   * once more */
  const lmx_bar_record *record;
} lmx_check_input;

/** Whether a quantity still grows at the edge of the checked ball, so that it
 * may be larger beyond. */
typedef enum { LMX_EDGE_UNKNOWN, LMX_EDGE_LEVEL, LMX_EDGE_GROWING } lmx_edge;

/** The result of one statement. NaN stands for "does not apply". */
typedef struct lmx_check_result {
  const char *id;        /**< "thm-2.3"; static */
  const char *statement; /**< one line; static */
  lmx_verdict status;
  lmx_verdict expected; /**< LMX_HOLDS, or LMX_FAILS for a form known to be
                             misprinted: then failing is no failure */
  double value;         /**< measured */
  double bound;         /**< what it is held against */
  double slack;         /**< bound - value (in the units of value) */
  bool has_where;
  double t;                    /**< where it is tightest ... */
  double v[LMX_MAX_DIMENSION]; /**< ... normalised coordinates, [d]; NaN for an
                                    integral over v */
  lmx_edge edge;               /**< of the ball: does the value grow there? */
  char note[1024]; /**< what was verified where, and any reservation */
} lmx_check_result;

typedef struct lmx_check_results {
  size_t n;
  lmx_check_result *items; /**< [n] in registry order */
  size_t ntables;
  lmx_table **tables; /**< [ntables] for the figures; owned */
} lmx_check_results;

/** Runs the checks with the given ids, or all when ids is NULL.
 * Pointwise checks share one pass over the nodes per output time.
 * Errors: LMX_ERR_USAGE (unknown id), LMX_ERR_MEMORY. A statement that fails
 * is a result, not an error. */
LMX_API lmx_status lmx_checks_run(lmx_context *context,
                                  const lmx_check_input *input, size_t nids,
                                  const char *const *ids,
                                  lmx_check_results **out);
LMX_API void lmx_check_results_destroy(lmx_check_results **results);

/** Makes the record of a solve in log form while it runs, from the states
 * after its steps; knows nothing of the solver. */
typedef struct lmx_watch lmx_watch;

/** @param input  the solve to come: model, grid, radius, all output times (the
 *                X *                watch. *out is NULL when there is nothing
 * to record: not in log form, or the ball fills the box. Errors:
 * LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_watch_create(lmx_context *context,
                                    const lmx_check_input *input,
                                    lmx_watch **out);
LMX_API void lmx_watch_destroy(lmx_watch **watch);
/** After every internal step, u [grid->size] at t. */
LMX_API lmx_status lmx_watch_step(lmx_watch *watch, double t, const double *u);
/** At every output time after the first, in turn, as soon as a step has
 * reached it: u [grid->size] as it will be checked. */
LMX_API lmx_status lmx_watch_output(lmx_watch *watch, const double *u);
/** The record, now owned by the caller. */
LMX_API lmx_bar_record *lmx_watch_take_record(lmx_watch *watch);

/** The result with this id, NULL if absent. */
LMX_API const lmx_check_result *
lmx_check_results_find(const lmx_check_results *results, const char *id);

/** Ids and statements of the registry, for help texts. */
LMX_API size_t lmx_check_count(void);
LMX_API const char *lmx_check_id(size_t index);
LMX_API const char *lmx_check_statement(size_t index);

#ifdef __cplusplus
}
#endif
#endif
