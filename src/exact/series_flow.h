/* The polynomial p(t, x) of docs/math.md section 2.1 and its evaluation. */
#ifndef LMX_EXACT_SERIES_FLOW_H
#define LMX_EXACT_SERIES_FLOW_H

#include "exact/series_basis.h"
#include "exact/series_bound.h"

/* A component in coordinates that have operators (LMX_ZONAL: along the axis
 * and across it), exact. */
typedef struct lmx_series_part {
  arb_t weight;
  arb_ptr mean; /* [axes] */
  arb_ptr A;    /* [axes][axes] part of S - sigma_0 I that is not `radial` */
  arb_t radial; /* times |x|^2 */
} lmx_series_part;

/* The equation: D as a quadratic form like A and radial above. */
typedef struct lmx_series_data {
  lmx_harmonic_kind kind;
  int d;
  size_t n;
  lmx_series_part *parts; /* [n] */
  arb_ptr D;              /* [axes][axes] */
  arb_t D_radial;
  lmx_majorant bound;
} lmx_series_data;

enum {
  LMX_SERIES_SUMS = 10 /* polynomials to sum: f and its derivatives */
};

/* p and what its derivatives need, at one time. */
typedef struct lmx_series_state {
  lmx_harmonics *basis; /* of degree plan->degree + 3 */
  lmx_operator *X[3];
  arb_ptr p[LMX_SERIES_SUMS];    /* [basis->size] each */
  bool *active[LMX_SERIES_SUMS]; /* [basis->n]: not all zero */
  int sums;
  int degree;
  long bits;
  arb_t sigma;
} lmx_series_state;

/* Finds p(plan->t). Errors: LMX_ERR_MEMORY. */
lmx_status lmx_series_state_create(lmx_context *context,
                                   const lmx_series_data *data,
                                   const lmx_plan *plan,
                                   lmx_series_state **out);
void lmx_series_state_destroy(lmx_series_state **state);

/* Polynomials whose sums are f and its derivatives.
 * plane, space: p, x_a p, x_a x_b p (a <= b, row by row);
 * zonal: p, x1 p, x1^2 p, |x|^2 p, and Z p, Z x1 p, where (Z p)(grad) N =
 * -v.grad (p(grad) N), Z p_j = (d + j) p_j + sigma |x|^2 p_j. */
void lmx_series_derivatives(const lmx_series_data *data,
                            lmx_series_state *state);

/* The sums p_i(grad) N / N at v, N the reference Gaussian: sums [state->sums];
 * v is [d], or (v1, rho) if zonal; work [lmx_series_work_size(state)]. */
void lmx_series_sums(const lmx_series_state *state, arb_srcptr v,
                     const arb_t v2, arb_ptr work, arb_ptr sums);
size_t lmx_series_work_size(const lmx_series_state *state);

#endif
