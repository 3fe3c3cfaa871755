/* Every Gaussian mixture exactly, as a series in ball arithmetic (docs/math.md
 * section 2.1): log f, its gradient and Hessian with proved radii. An
 * independent truth for the solver; slow beside the closed solutions. */
#ifndef LMX_EXACT_SERIES_H
#define LMX_EXACT_SERIES_H

#include <arb.h>

#include "landaumax/initial.h"
#include "landaumax/model.h"

typedef struct lmx_series lmx_series;

/* What one evaluation took. */
typedef struct lmx_series_cost {
  int degree;             /* of the polynomial p */
  long bits;              /* working precision */
  int nodes;              /* of the contour; 0 at t = 0 */
  int attempts;           /* evaluations until the radii were small enough */
  double sigma0;          /* variance of the reference Gaussian at t = 0 */
  double solve, evaluate; /* seconds, all attempts */
} lmx_series_cost;

/* The solution for f0 = sum_k w_k N(m_k, S_k), normalised variables, D the
 * model's. Components are copied; weights, means, covariances and D count as
 * exact numbers, whether or not they satisfy (1.2) to the last bit: what is
 * enclosed is the solution of the linear equation (2) with this E(t).
 * d = 2 and 3: any mixture. d > 3: means along one axis and covariances and D
 * that are round about it.
 * Errors: LMX_ERR_CASE (weights or covariances not positive, other symmetry),
 * LMX_ERR_MEMORY. */
lmx_status lmx_series_create(lmx_context *context, const lmx_model *model,
                             size_t n, const lmx_component *components,
                             lmx_series **out);
void lmx_series_destroy(lmx_series **series);

/* The same from a Gaussian family of initial data.
 * Errors: as above; LMX_ERR_USAGE when the data is no Gaussian mixture. */
lmx_status lmx_series_from_initial(lmx_context *context,
                                   const lmx_initial *initial,
                                   lmx_series **out);

/* Limit on the work of one attempt: contour nodes times coefficients; 0 is
 * the default, 3e7, some minutes. */
void lmx_series_limit(lmx_series *series, double work);

/* Balls for log f, gradient and Hessian at `n` points, [n][d], at time t >= 0.
 *  digits  wanted: the balls of f, of f_a/(|f| (1 + |v|)) and of f_ab/(|f| (1 +
 *          |v|^2)) have radius at most 10^-digits relative to f
 *  out     [n][1 + d + d*d], initialised by the caller
 *  cost    NULL or what it took
 * Errors: LMX_ERR_NUMERICS when the digits cannot be had within the limit,
 * LMX_ERR_USAGE (t < 0, digits outside 1 to 300), LMX_ERR_MEMORY. */
lmx_status lmx_series_enclose(lmx_context *context, const lmx_series *series,
                              double t, size_t n, const double *points,
                              double digits, arb_ptr out,
                              lmx_series_cost *cost);

/* The same in doubles; any output may be NULL.
 *  g [n], q [n][d], G [n][d][d]
 *  radius  [n][3]: largest distances of the doubles from the exact values of
 *          g, of the entries of q, and of those of G */
lmx_status lmx_series_eval(lmx_context *context, const lmx_series *series,
                           double t, size_t n, const double *points,
                           double digits, double *g, double *q, double *G,
                           double *radius, lmx_series_cost *cost);

#endif
