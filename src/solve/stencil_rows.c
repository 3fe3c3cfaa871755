/* Central differences along rows, unrolled for each order. */
#include "solve/stencil_rows.h"

#include "core/simd.h"

LMX_INLINE void both(const double *restrict in, ptrdiff_t s, size_t n,
                     const double *restrict c1, const double *restrict c2,
                     double *restrict d1, double *restrict d2, const int r)
{
  for (size_t i = 0; i < n; ++i) {
    double a = 0.0, b = c2[0] * in[i];
#pragma GCC unroll 8
    for (int k = 1; k <= r; ++k) {
      double up = in[(ptrdiff_t)i + k * s], down = in[(ptrdiff_t)i - k * s];
      a += c1[k - 1] * (up - down);
      b += c2[k] * (up + down);
    }
    d1[i] = a;
    d2[i] = b;
  }
}

LMX_INLINE void first(const double *restrict in, ptrdiff_t s, size_t n,
                      const double *restrict c1, double *restrict d1,
                      const int r)
{
  for (size_t i = 0; i < n; ++i) {
    double a = 0.0;
#pragma GCC unroll 8
    for (int k = 1; k <= r; ++k)
      a += c1[k - 1] * (in[(ptrdiff_t)i + k * s] - in[(ptrdiff_t)i - k * s]);
    d1[i] = a;
  }
}

LMX_INLINE void second(const double *restrict in, ptrdiff_t s, size_t n,
                       const double *restrict c2, double *restrict d2,
                       const int r)
{
  for (size_t i = 0; i < n; ++i) {
    double b = c2[0] * in[i];
#pragma GCC unroll 8
    for (int k = 1; k <= r; ++k)
      b += c2[k] * (in[(ptrdiff_t)i + k * s] + in[(ptrdiff_t)i - k * s]);
    d2[i] = b;
  }
}

#define FOR_EACH_HALF_ORDER(X) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8)

LMX_KERNEL
void lmx_row_both(const lmx_stencil *st, const double *in, ptrdiff_t s,
                  size_t n, double *d1, double *d2)
{
  switch (st->r) {
#define ROW(r)                                                                 \
  case r:                                                                      \
    both(in, s, n, st->first, st->second, d1, d2, r);                          \
    break;
    FOR_EACH_HALF_ORDER(ROW)
#undef ROW
  default:
    break;
  }
}

LMX_KERNEL
void lmx_row_first(const lmx_stencil *st, const double *in, ptrdiff_t s,
                   size_t n, double *d1)
{
  switch (st->r) {
#define ROW(r)                                                                 \
  case r:                                                                      \
    first(in, s, n, st->first, d1, r);                                         \
    break;
    FOR_EACH_HALF_ORDER(ROW)
#undef ROW
  default:
    break;
  }
}

LMX_KERNEL
void lmx_row_second(const lmx_stencil *st, const double *in, ptrdiff_t s,
                    size_t n, double *d2)
{
  switch (st->r) {
#define ROW(r)                                                                 \
  case r:                                                                      \
    second(in, s, n, st->second, d2, r);                                       \
    break;
    FOR_EACH_HALF_ORDER(ROW)
#undef ROW
  default:
    break;
  }
}
