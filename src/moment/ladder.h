/* exp(t B) x for B = [[A0, 0], [A1, A0 + A1/N]] and any t >= 0, from the
 * matrices exp(2^k h B) - 1, k = 0, 1, ..: a ladder of doublings. */
#ifndef LMX_MOMENT_LADDER_H
#define LMX_MOMENT_LADDER_H

#include "landaumax/core.h"

typedef struct lmx_ladder {
  size_t n;     /* A0 and A1 are [n][n] */
  bool coupled; /* with a second block; false: exp(t A0) alone */
  double h;     /* time of rung 0 */
  size_t rungs;
  double *F; /* [rungs][3][n][n]: exp - 1 of the first block, of the
                second, and the coupling; only the first when not
                coupled */
  double *B; /* [3][n][n]: A0, A0 + A1/N, A1 */
} lmx_ladder;

/* inverse = 1/N; for N = 1 nothing moves and A1 is taken to be -A0, its value
 * on the moments of one particle. A1 NULL: not coupled. Reaches at least t_max,
 * and beyond it at the price of more products. Errors: LMX_ERR_MEMORY. */
lmx_status lmx_ladder_create(lmx_context *context, size_t n, const double *A0,
                             const double *A1, double inverse, double t_max,
                             lmx_ladder **out);
void lmx_ladder_destroy(lmx_ladder **ladder);

/* x <- exp(t B) x, x = (y, z), [2 n] ([n] when not coupled); work has twice
 * as many entries. A t that is h 2^k costs one product. */
void lmx_ladder_apply(const lmx_ladder *ladder, double t, double *x,
                      double *work);

#endif
