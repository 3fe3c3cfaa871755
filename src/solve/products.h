/* Products of small dense matrices. */
#ifndef LMX_SOLVE_PRODUCTS_H
#define LMX_SOLVE_PRODUCTS_H

#include <stddef.h>

/* Numbers that belong together, at any address: one wide register, or two. */
enum { LANES = 8 };
typedef double lanes __attribute__((vector_size(8 * LANES), aligned(8)));
typedef double half_lanes __attribute__((vector_size(4 * LANES), aligned(8)));

/* n rounded up to whole vectors. */
static inline size_t lmx_whole(size_t n)
{
  return (n + LANES - 1) / LANES * LANES;
}

/* A left factor: entry (i, k) is at i row + k column. */
typedef struct lmx_factor {
  const double *data;
  size_t row, column;
} lmx_factor;

/* out [rows][columns] = a [rows][terms] b [terms][columns]; `columns`, the
 * stride of b and out, is a multiple of LANES. No overlap. */
void lmx_multiply(lmx_factor a, size_t rows, size_t terms, const double *b,
                  size_t columns, double *out);

/* The same, added to out. */
void lmx_multiply_add(lmx_factor a, size_t rows, size_t terms, const double *b,
                      size_t columns, double *out);

#endif
