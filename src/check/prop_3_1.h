/* Proposition 3.1 through the solver: a combination of two of its solutions
 * that starts <= 0 stays so (docs/math.md, section 3.6). */
#ifndef LMX_CHECK_PROP_3_1_H
#define LMX_CHECK_PROP_3_1_H

#include "check/internal.h"

/* h = exp(-source t) f1 - f2 with two solutions f1 and f2, so that
 * (d_t - L) h = -source exp(-source t) f1. Looked at is the sign of h, as
 * -log of f1 over f2: at t = 0, end / 2 and end. */
typedef struct lmx_ordered {
  double source, end;
  double rtol;     /* of the solver */
  double *u1, *u2; /* [size] log(f/M) at t = 0; afterwards, at the end */
  /* found, in the ball: */
  double least, largest; /* of log f2 - log f1 + source t */
  double differences;    /* what the grid's differences may be wrong by */
  double granted;        /* for them and by the tolerances */
  size_t points;         /* nodes */
  bool violated;         /* by more than was granted at that time */
  bool failed;           /* the solver cannot */
} lmx_ordered;

/* What h is granted above 0 is left to the caller.
 * Errors: LMX_ERR_MEMORY, LMX_INTERRUPTED. */
lmx_status lmx_ordered_solve(lmx_context *context, const lmx_model *model,
                             const lmx_grid *grid, double radius,
                             lmx_ordered *ordered);
bool lmx_ordered_holds(const lmx_ordered *ordered);

/* f2 = exp(M |v|^2), f1 = f2 (1 - |v|^2 / (1 + |v|^2)^2): h grows like f2 and
 * touches 0 at v = 0. */
void lmx_ordered_growing(const lmx_grid *grid, double growth, double *u1,
                         double *u2);

#endif
