/* Homogeneous polynomials as sums of |x|^{2n} times solid harmonics, and
 * multiplication by coordinates in this basis (docs/math.md section 2.1). */
#ifndef LMX_EXACT_SERIES_BASIS_H
#define LMX_EXACT_SERIES_BASIS_H

#include <arb.h>

#include "landaumax/core.h"

typedef enum {
  LMX_PLANE, /* d = 2: Re and Im of (x1 + i x2)^m, l = m */
  LMX_SPACE, /* d = 3: Re and Im of R_l^m, m <= l */
  LMX_ZONAL  /* d >= 3: functions of x1 and |x|; Gegenbauer */
} lmx_harmonic_kind;

/* The harmonics of degree l <= degree, in order of l. Coefficients of a
 * polynomial of degree <= `degree` are an array [size]: that of
 * |x|^{2n} Y_k is number offset[k] + n, 2n + l <= degree. */
typedef struct lmx_harmonics {
  lmx_harmonic_kind kind;
  int d, degree;
  int n;          /* harmonics */
  int *l, *m;     /* [n] */
  int *part;      /* [n] 0 real, 1 imaginary part */
  size_t *offset; /* [n + 1] */
  size_t size;
} lmx_harmonics;

lmx_status lmx_harmonics_create(lmx_context *context, lmx_harmonic_kind kind,
                                int d, int degree, lmx_harmonics **out);
void lmx_harmonics_destroy(lmx_harmonics **basis);

/* Powers of |x|^2 that harmonic k may carry, plus one. */
int lmx_harmonics_powers(const lmx_harmonics *basis, int k);

/* Coordinates that have an operator: 2, 3, 1. */
int lmx_harmonics_axes(const lmx_harmonics *basis);

/* A multiplication: row k lists from which harmonics Y_k receives,
 *   (op p)[k][n] = sum_i c[i] p[source[i]][n - shift[i]]. */
typedef struct lmx_operator {
  int rows;
  int *start; /* [rows + 1] */
  int *source, *shift;
  size_t capacity;
  arb_ptr c; /* [capacity] */
} lmx_operator;

/* Multiplication by x_a, a from 0. */
lmx_status lmx_operator_coordinate(lmx_context *context,
                                   const lmx_harmonics *basis, int a, long bits,
                                   lmx_operator **out);

/* Multiplication by sum_ab A_ab x_a x_b + radial |x|^2 over the coordinates
 * that have an operator, X [axes]; A is [axes][axes]. */
lmx_status lmx_operator_quadratic(lmx_context *context,
                                  const lmx_harmonics *basis,
                                  lmx_operator *const *X, arb_srcptr A,
                                  const arb_t radial, long bits,
                                  lmx_operator **out);
void lmx_operator_destroy(lmx_operator **op);

/* Values of all harmonics at v, [d] (ZONAL: v is (v1, rho)), into Y [n];
 * r2 = |v|^2. */
void lmx_harmonics_values(const lmx_harmonics *basis, arb_srcptr v,
                          const arb_t r2, arb_ptr Y, long bits);

#endif
