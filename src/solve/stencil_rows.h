/* Central differences along rows of a padded field: the inner loops of every
 * right-hand side. All operate on n contiguous values; `stride` is that of
 * the axis differentiated, r = order / 2, coefficients are already divided by
 * the power of h. */
#ifndef LMX_SOLVE_STENCIL_ROWS_H
#define LMX_SOLVE_STENCIL_ROWS_H

#include <stddef.h>

/* Coefficients of one axis. */
typedef struct lmx_stencil {
  int r;
  double first[8];  /* c_1 .. c_r */
  double second[9]; /* c_0 .. c_r */
} lmx_stencil;

/* d1 = first derivative, d2 = second derivative. */
void lmx_row_both(const lmx_stencil *stencil, const double *in,
                  ptrdiff_t stride, size_t n, double *d1, double *d2);
void lmx_row_first(const lmx_stencil *stencil, const double *in,
                   ptrdiff_t stride, size_t n, double *d1);
void lmx_row_second(const lmx_stencil *stencil, const double *in,
                    ptrdiff_t stride, size_t n, double *d2);

#endif
