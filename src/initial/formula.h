/* Formulas for log f in v1..vd and r, read by muParser. */
#ifndef LMX_INITIAL_FORMULA_H
#define LMX_INITIAL_FORMULA_H

#include "landaumax/core.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lmx_formula lmx_formula;

/* Errors: LMX_ERR_CASE "initial.log_density: position 4: ..." (positions
 * count characters from 1), LMX_ERR_MEMORY. */
lmx_status lmx_formula_create(lmx_context *context, int d, const char *text,
                              lmx_formula **out);
void lmx_formula_destroy(lmx_formula **formula);

/* Value at x, [d]; NaN where it cannot be evaluated. Uses storage of the
 * formula: one thread at a time. */
double lmx_formula_value(const lmx_formula *formula, const double *x);

/* Bounds of log f over the box lo <= v <= hi, [d] each; -inf and +inf are
 * allowed ones. One thread at a time. */
void lmx_formula_bounds(const lmx_formula *formula, const double *lo,
                        const double *hi, double *lower, double *upper);

/* Whether v_a (from 0) stands in the text, otherwise than through r. */
bool lmx_formula_names(const lmx_formula *formula, int a);

#ifdef __cplusplus
}
#endif
#endif
