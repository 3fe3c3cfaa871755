/** @file reference.h
 * Stored results of the checks of a run, each number with a tolerance, and
 * their comparison with those of another run. A text file (JSON, one check a
 * line), described in docs/manual.md.
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

typedef struct lmx_reference {
  char *title; /**< owned */
  lmx_formulation formulation;
  int dimension;
  double radius, end; /**< checked ball and last time */
  size_t n;
  lmx_reference_check *checks; /**< [n] owned */
} lmx_reference;

/** The results as they are, all tolerances 0 and all places compared. */
LMX_API lmx_status lmx_reference_create(lmx_context *context, const char *title,
                                        const lmx_solution *solution,
                                        double radius,
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
LMX_API lmx_status lmx_reference_write(lmx_context *context,
                                       const lmx_reference *reference,
                                       const char *path);

/** Compares; *text, in 80 columns, names every difference (release with
 * lmx_free). *differing counts the checks that differ, are missing or new,
 * and the settings (dimension, formulation, radius, end) that differ. */
LMX_API lmx_status lmx_reference_compare(lmx_context *context,
                                         const lmx_reference *stored,
                                         const lmx_reference *now,
                                         size_t *differing, char **text);

#ifdef __cplusplus
}
#endif
#endif
