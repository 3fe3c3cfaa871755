/** @file exact.h
 * Exact solutions of the equation (docs/math.md, section 2), evaluated as
 * log f with gradient and Hessian, accurate in the tail.
 */
#ifndef LANDAUMAX_EXACT_H
#define LANDAUMAX_EXACT_H

#include "landaumax/core.h"
#include "landaumax/grid.h"
#include "landaumax/initial.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct lmx_exact lmx_exact;

/** a. Radial mixture sum_k w_k N(0, th_k(t) I), D = 0, any d >= 2:
 * th_k(t) = 1 + (th_k(0) - 1) exp(-2 (d-1) t).
 * @param weights  [n] > 0, summing to 1
 * @param variances  [n] > 0 with sum w_k th_k = 1 (within 1e-10)
 * Errors: LMX_ERR_CASE, LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_exact_radial_mixture(lmx_context *context, int d,
                                            size_t n, const double *weights,
                                            const double *variances,
                                            lmx_exact **out);

/** b. BKW solution, 0 <= c < 2/(d+2). Errors: LMX_ERR_CASE, LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_exact_bkw(lmx_context *context, int d, double c,
                                 lmx_exact **out);

/** c. d = 2, D = 0, not radial: a normalised mixture averaged over rotations
 * (trapezoid rule, refined until it has converged to rounding). The means and
 * covariances are copied.
 * Errors: LMX_ERR_CASE unless mass 1, mean 0, second moments I (each within
 * 1e-10) and covariances positive definite; LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_exact_rotated_mixture(lmx_context *context, size_t n,
                                             const lmx_component *components,
                                             lmx_exact **out);

/** d. Axisymmetric Gaussian N(0, diag(s1, s2 .. s2)), s1 + (d-1) s2 = d,
 * |s_i - 1| < 1, by its Hermite series, any d >= 2. The object takes about
 * 40 MB of address space, all of it here.
 * Errors: LMX_ERR_CASE, LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_exact_axisymmetric_gaussian(lmx_context *context, int d,
                                                   double s1, lmx_exact **out);

/** The exact solution belonging to initial data; *out = NULL (and LMX_OK)
 * where none is known. Recognised, in normalised coordinates: bkw; centred
 * isotropic components (a); one Gaussian diag with all variances but one
 * equal, whichever axis that is, and |s_i - 1| < 1 (d); d = 2 mixtures with
 * D = 0 (c). Does not keep a reference to the initial data. */
LMX_API lmx_status lmx_exact_from_initial(lmx_context *context,
                                          const lmx_initial *initial,
                                          lmx_exact **out);

LMX_API void lmx_exact_destroy(lmx_exact **exact);

/** "radial mixture", "BKW", "rotated mixture", "axisymmetric Gaussian". */
LMX_API const char *lmx_exact_name(const lmx_exact *exact);

/** Announces the times that will be asked for, increasing: solution (d) then
 * finds what depends on time alone for up to 16 of them at once, at little more
 * than the cost of one. Values are the same without. `times` is borrowed until
 * the next announcement (n = 0 ends it); `exact` may be destroyed before. */
LMX_API void lmx_exact_announce(const lmx_exact *exact, size_t n,
                                const double *times);

/** Jet of log f (value, gradient, Hessian; not T) at time t >= 0 and the
 * point jet->v, which the caller sets, in normalised coordinates.
 * @param error  when not NULL: an estimate of the error of log f from
 *               rounding and truncation (the condition number of the sum
 *               times the unit roundoff plus the last term)
 * Errors: LMX_ERR_NUMERICS when the value cannot be had to 1e-6 (solution d at
 * small t, far out in a direction of small variance: the series cancels);
 * LMX_ERR_USAGE for t < 0 or a jet of another dimension. On failure the
 * jet's derivatives are undefined.
 *
 * Not thread-safe although `exact` is const: the object keeps what depends on
 * time alone for the last t it was asked for (and those announced), so ask for
 * all points of one time in sequence. Never allocates. */
LMX_API lmx_status lmx_exact_eval(lmx_context *context, const lmx_exact *exact,
                                  double t, lmx_jet *jet, double *error);

#ifdef __cplusplus
}
#endif
#endif
