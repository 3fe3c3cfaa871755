/* What the series leaves out, bounded (docs/math.md section 2.1), and the
 * choice of degree, contour and precision. */
#ifndef LMX_EXACT_SERIES_BOUND_H
#define LMX_EXACT_SERIES_BOUND_H

#include <arb.h>

#include "landaumax/core.h"

/* The data as the bounds see it. */
typedef struct lmx_majorant {
  int d;
  size_t n;
  arb_ptr weight, norm, mean2; /* [n]: w_k, bounds of ||S_k - sigma_0 I|| and
                                  of |m_k|^2 */
  arb_t sigma0;
  arb_t delta; /* max(max |D_a|, |D| / sqrt(2)) */
} lmx_majorant;

/* Parameters of one evaluation. All are exact; no choice of theirs makes the
 * bounds false. */
typedef struct lmx_plan {
  double t;
  int degree;
  long bits;     /* of p(t) */
  long sum_bits; /* of sums */
  double b;      /* ||p_j(0)|| <= C(b) b^{j/2} */
  double mehler; /* r of the bound of Hermite polynomials, for the tail */
  int nodes;     /* of the contour beyond that on the real axis; -1 at t = 0 */
  double alpha, strip, x, step, contour_mehler;
} lmx_plan;

/* Chooses a plan with which what is left out is about e^-goal relative to the
 * reference Gaussian where |v|^2 <= v2. Doubles; nothing is proved here.
 * Errors: LMX_ERR_NUMERICS when the degree would exceed `most`. */
lmx_status lmx_plan_choose(lmx_context *context, const lmx_majorant *bound,
                           double t, double v2, double goal, int most,
                           lmx_plan *plan);

/* sigma(t) = 1 + (sigma_0 - 1) e^{-2(d-1)t}. */
void lmx_majorant_sigma(const lmx_majorant *bound, const arb_t t, arb_t sigma,
                        long bits);

/* Proved bounds of what a plan leaves out, but for the factors that depend on
 * the point. */
typedef struct lmx_omitted {
  int d;
  arb_ptr tail, contour; /* [3] by order of the derivative */
  arb_t tail_mehler, contour_mehler, sigma;
} lmx_omitted;

void lmx_omitted_init(const lmx_majorant *bound, const lmx_plan *plan,
                      lmx_omitted *omitted);
void lmx_omitted_clear(lmx_omitted *omitted);

/* Bounds of what is left out of f, of any directional derivative of first and
 * of second order, [3], each divided by the reference Gaussian N(0, sigma(t)
 * I), at |v|^2 = v2. */
void lmx_omitted_errors(const lmx_omitted *omitted, const arb_t v2,
                        arb_ptr errors);

#endif
