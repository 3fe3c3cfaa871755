/** @file audit.h
 * The pointwise content of Sections 1 to 4 of the paper, checked without
 * solving anything: identities on random jets, the sup of each inequality's
 * ratio by optimisation, and the printed forms known to be wrong, which must
 * come out as failing, each with a witness that can be checked by hand.
 */
#ifndef LANDAUMAX_AUDIT_H
#define LANDAUMAX_AUDIT_H

#include "landaumax/check.h"
#include "landaumax/core.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LMX_AUDIT_MIN_DIMENSION = 2, LMX_AUDIT_MAX_DIMENSION = 8 };

/* X(symbol, text) */
#define LMX_AUDIT_FORM_LIST(X)                                                 \
  X(LMX_AUDIT_PRINTED, "printed")     /* as in the paper */                    \
  X(LMX_AUDIT_CORRECTED, "corrected") /* a misprint repaired */                \
  X(LMX_AUDIT_SHARP, "sharp")         /* with the best constant */             \
  X(LMX_AUDIT_EXACT, "exact")         /* the identity behind a statement */

typedef enum {
#define LMX_AUDIT_ENUM(symbol, text) symbol,
  LMX_AUDIT_FORM_LIST(LMX_AUDIT_ENUM)
#undef LMX_AUDIT_ENUM
} lmx_audit_form;

LMX_API const char *lmx_audit_form_text(lmx_audit_form form);

typedef struct lmx_audit_options {
  int d_min, d_max; /**< dimensions, within 2..8 */
  unsigned long seed;
  size_t jets;   /**< random jets per entry, at least 1 */
  size_t starts; /**< local searches per inequality, at least 1 */
} lmx_audit_options;

/** d = 2..4, and sizes with which these take a few seconds. */
LMX_API lmx_audit_options lmx_audit_defaults(void);

/** What was found about one form of one statement in one dimension. NaN
 * stands for "does not apply". */
typedef struct lmx_audit_result {
  const char *id;        /**< "lem-4.1"; static */
  const char *reference; /**< "Lemma 4.1"; static */
  const char *statement; /**< one or two sentences; static */
  lmx_audit_form form;
  int d;
  size_t jets;     /**< random jets (or clouds of particles) tried */
  size_t searches; /**< local searches made; 0 for identities */
  double residual; /**< identities: worst |left - right| over largest term */
  double extreme;  /**< inequalities: sup of the ratio, or inf, as found */
  double constant; /**< what it is held against */
  bool lower;      /**< the statement is extreme >= constant, not <= */
  bool tight;      /**< the constant is claimed to be the best one: expected
                        is an extreme within 1 % of it */
  lmx_verdict verdict, expected;
  bool as_expected;  /**< verdict and, if tight, the approach to 1 % */
  char witness[400]; /**< of a failure: all entries not named are 0 */
} lmx_audit_result;

typedef struct lmx_audit {
  lmx_audit_options options;
  size_t n, unexpected;
  lmx_audit_result *items; /**< [n], by dimension, then as in the paper */
} lmx_audit;

/** Runs all entries. That a statement fails is a result, not an error.
 * Errors: LMX_ERR_USAGE (options), LMX_ERR_MEMORY, LMX_INTERRUPTED. */
LMX_API lmx_status lmx_audit_run(lmx_context *context,
                                 const lmx_audit_options *options,
                                 lmx_audit **out);
LMX_API void lmx_audit_destroy(lmx_audit **audit);

#ifdef __cplusplus
}
#endif
#endif
