/** @file reference.h
 * Stored results of the checks of a run, of moments or of particles, each
 * number with a tolerance, and their comparison with those of another run. A
 * text file (JSON, one check a line), described in docs/manual.md.
 */
#ifndef LANDAUMAX_REFERENCE_H
#define LANDAUMAX_REFERENCE_H

#include "landaumax/check.h"
#include "landaumax/core.h"
#include "landaumax/io.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LMX_REFERENCE_ID = 64 };

/** NaN as value: there must be no finite number. NaN as tolerance: there must
 * be one, whichever. */
typedef struct lmx_reference_number {
  double value, tolerance;
} lmx_reference_number;

typedef struct lmx_reference_check {
  char id[LMX_REFERENCE_ID];
  lmx_verdict status;
  lmx_reference_number value, bound, slack;
  bool has_place;         /**< false: not compared */
  double t;               /**< where it is tightest: the time ... */
  lmx_reference_number r; /**< ... and |v|, in normalised coordinates */
} lmx_reference_check;

/* X(symbol, name in the file) */
#define LMX_REFERENCE_KIND_LIST(X)                                             \
  X(LMX_REFERENCE_RUN, "run")                                                  \
  X(LMX_REFERENCE_MOMENTS, "moments")                                          \
  X(LMX_REFERENCE_PARTICLES, "particles")

typedef enum {
#define LMX_REFERENCE_ENUM(symbol, name) symbol,
  LMX_REFERENCE_KIND_LIST(LMX_REFERENCE_ENUM)
#undef LMX_REFERENCE_ENUM
} lmx_reference_kind;

LMX_API const char *lmx_reference_kind_name(lmx_reference_kind kind);

/** What the results are of. Plain value, borrowed title. */
typedef struct lmx_reference_head {
  lmx_reference_kind kind;
  const char *title;
  int dimension;
  double end; /**< last time */
  /** of a run, else 0 and NaN */
  lmx_formulation formulation;
  double radius; /**< checked ball */
} lmx_reference_head;

typedef struct lmx_reference {
  lmx_reference_head head; /**< the title owned */
  size_t n;
  lmx_reference_check *checks; /**< [n] owned */
} lmx_reference;

/** The results as they are, all tolerances 0 and all places compared; without
 * checks if `results` is NULL. */
LMX_API lmx_status lmx_reference_create(lmx_context *context,
                                        const lmx_reference_head *head,
                                        const lmx_check_results *results,
                                        lmx_reference **out);
LMX_API void lmx_reference_destroy(lmx_reference **reference);

/** Widens each tolerance to the distance from these results. Gives up places
 * that are farther off than `distance` in |v|, or at another time, and
 * tolerances of numbers that are finite on one side only. */
LMX_API void lmx_reference_widen(const lmx_check_results *results,
                                 double distance, lmx_reference *reference);

/** Multiplies the tolerances and adds the solver's, atol + rtol |value|, and
 * the rounding of the file. That of the slack is at least the sum of those of
 * value and bound, whose difference it is. */
LMX_API void lmx_reference_add_margin(double factor, double rtol, double atol,
                                      lmx_reference *reference);

/** Errors: LMX_ERR_IO; LMX_ERR_USAGE, "FILE: what is wrong" or
 * "FILE:line: ...", if the file is no reference. */
LMX_API lmx_status lmx_reference_read(lmx_context *context, const char *path,
                                      lmx_reference **out);
/** Whether a reference may be written to `path`: nothing is there, or an empty
 * file, or a reference. Errors: LMX_ERR_USAGE (something else is there),
 * LMX_ERR_IO. */
LMX_API lmx_status lmx_reference_may_write(lmx_context *context,
                                           const char *path);
/** Errors: also those of lmx_reference_may_write. */
LMX_API lmx_status lmx_reference_write(lmx_context *context,
                                       const lmx_reference *reference,
                                       const char *path);

/** Compares; *text, in 80 columns, names every difference (release with
 * lmx_free). *differing counts the checks that differ, are missing or new,
 * and the settings (kind, dimension, formulation, radius, end) that differ. */
LMX_API lmx_status lmx_reference_compare(lmx_context *context,
                                         const lmx_reference *stored,
                                         const lmx_reference *now,
                                         size_t *differing, char **text);

#ifdef __cplusplus
}
#endif
#endif
