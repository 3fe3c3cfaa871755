/* Inversion of dense real and complex matrices. */
#ifndef LMX_SOLVE_INVERT_H
#define LMX_SOLVE_INVERT_H

#include "solve/products.h"

/* [n][stride], stride = lmx_whole(n); im is NULL for a real matrix. */
typedef struct lmx_matrix {
  size_t n, stride;
  double *re, *im;
} lmx_matrix;

/* Doubles that lmx_invert needs. */
size_t lmx_invert_scratch(size_t n);

/* Inverts in place by Gauss-Jordan elimination with exchanges of rows, pivot
 * [n]; row i of the inverse is row i of the result after the exchanges of
 * columns n - 1 .. 0 with pivot[n - 1] .. pivot[0]. Singular: not finite. */
void lmx_invert(const lmx_matrix *m, size_t *pivot, double *scratch);

#endif
