/* Products in blocks that stay in registers. */
#include "solve/products.h"

#include "core/simd.h"

/* ROWS rows from row i on, VECTORS vectors of columns. */
#define BLOCK(name, vector, ROWS, VECTORS)                                     \
  LMX_INLINE void name(const lmx_factor *a, size_t i, size_t terms,            \
                       const double *b, size_t stride, double *out,            \
                       const int add)                                          \
  {                                                                            \
    vector sum[ROWS][VECTORS];                                                 \
    const double *x = a->data + i * a->row;                                    \
    out += i * stride;                                                         \
    _Pragma("GCC unroll 8") for (size_t r = 0; r < ROWS; ++r)                  \
        _Pragma("GCC unroll 8") for (int v = 0; v < VECTORS; ++v) sum[r][v] =  \
            add ? ((const vector *)(out + r * stride))[v] : (vector){0.0};     \
    for (size_t k = 0; k < terms; ++k, x += a->column, b += stride)            \
      _Pragma("GCC unroll 8") for (size_t r = 0; r < ROWS; ++r)                \
          _Pragma("GCC unroll 8") for (int v = 0; v < VECTORS; ++v)            \
              sum[r][v] += x[r * a->row] * ((const vector *)b)[v];             \
    _Pragma("GCC unroll 8") for (size_t r = 0; r < ROWS; ++r)                  \
        _Pragma("GCC unroll 8") for (int v = 0; v < VECTORS; ++v)(             \
            (vector *)(out + r * stride))[v] = sum[r][v];                      \
  }

BLOCK(four_by_two, lanes, 4, 2)
BLOCK(eight_by_one, lanes, 8, 1)
BLOCK(one_by_two, lanes, 1, 2)
BLOCK(one_by_one, lanes, 1, 1)
BLOCK(four_by_halves, half_lanes, 4, 2)
BLOCK(one_by_halves, half_lanes, 1, 2)

LMX_INLINE void multiply_wide(lmx_factor a, size_t rows, size_t terms,
                              const double *b, size_t columns, double *out,
                              const int add)
{
  size_t j = 0;
  for (; j + 2 * LANES <= columns; j += 2 * LANES) {
    size_t i = 0;
    for (; i + 4 <= rows; i += 4)
      four_by_two(&a, i, terms, b + j, columns, out + j, add);
    if (!add && rows >= 4 && i < rows) { /* some rows once more */
      four_by_two(&a, rows - 4, terms, b + j, columns, out + j, add);
      continue;
    }
    for (; i < rows; ++i)
      one_by_two(&a, i, terms, b + j, columns, out + j, add);
  }
  if (j < columns) {
    size_t i = 0;
    for (; i + 8 <= rows; i += 8)
      eight_by_one(&a, i, terms, b + j, columns, out + j, add);
    for (; i < rows; ++i)
      one_by_one(&a, i, terms, b + j, columns, out + j, add);
  }
}

/* For registers of four numbers or less. */
LMX_INLINE void multiply_halves(lmx_factor a, size_t rows, size_t terms,
                                const double *b, size_t columns, double *out,
                                const int add)
{
  for (size_t j = 0; j < columns; j += LANES) {
    size_t i = 0;
    for (; i + 4 <= rows; i += 4)
      four_by_halves(&a, i, terms, b + j, columns, out + j, add);
    if (!add && rows >= 4 && i < rows) { /* some rows once more */
      four_by_halves(&a, rows - 4, terms, b + j, columns, out + j, add);
      continue;
    }
    for (; i < rows; ++i)
      one_by_halves(&a, i, terms, b + j, columns, out + j, add);
  }
}

LMX_KERNEL
void lmx_multiply(lmx_factor a, size_t rows, size_t terms, const double *b,
                  size_t columns, double *out)
{
  if (lmx_wide_registers())
    multiply_wide(a, rows, terms, b, columns, out, 0);
  else
    multiply_halves(a, rows, terms, b, columns, out, 0);
}

LMX_KERNEL
void lmx_multiply_add(lmx_factor a, size_t rows, size_t terms, const double *b,
                      size_t columns, double *out)
{
  if (lmx_wide_registers())
    multiply_wide(a, rows, terms, b, columns, out, 1);
  else
    multiply_halves(a, rows, terms, b, columns, out, 1);
}
