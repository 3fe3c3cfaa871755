/** @file moment.h
 * Exact moments of the N-particle systems (1.3), (1.7), (1.8) with independent
 * initial data: for polynomials of degree <= 4 that are symmetric in the
 * particles, the Liouville equation (1.4) closes into a linear equation with
 * constant coefficients, affine in 1/N (docs/math.md, "Exact moments").
 */
#ifndef LANDAUMAX_MOMENT_H
#define LANDAUMAX_MOMENT_H

#include "landaumax/check.h"
#include "landaumax/core.h"
#include "landaumax/grid.h"
#include "landaumax/initial.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The moments of f0 that the hierarchy starts from, normalised to (1.2).
 * Plain value. */
typedef struct lmx_moment_data {
  int d;
  double E[LMX_MAX_DIMENSION]; /**< mean of v_a^2, [d], sum d */
  double Q[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION]; /**< mean of v_a^2 v_b^2,
                                                        [d][d] */
  double error; /**< of the quadrature: how far mass and E were from their
                     exact values, relative; 0 for closed forms */
} lmx_moment_data;

/** Moments of initial data: closed forms for Gaussian families and bkw, else
 * quadrature on `grid` (NULL is then LMX_ERR_USAGE).
 * Errors: LMX_ERR_NUMERICS (the quadrature errs by more than 1e-6),
 * LMX_ERR_MEMORY and those of lmx_initial_sample. */
LMX_API lmx_status lmx_moment_data_create(lmx_context *context,
                                          const lmx_initial *initial,
                                          const lmx_grid *grid,
                                          lmx_moment_data *out);

/** M_4(0), the mean of |v|^4. */
LMX_API double lmx_moment_data_fourth(const lmx_moment_data *data);

/** The exact moments for one N. */
typedef struct lmx_hierarchy lmx_hierarchy;

/** Expectations under F_N(t) for independent initial data. What vanishes like
 * 1/N is given times N, so that nothing is lost for N up to 1e12 and N =
 * INFINITY gives the limit. */
typedef struct lmx_hierarchy_values {
  double lln;      /**< N times the left side of (2.5) */
  double M4;       /**< mean of |v^1|^4, Appendix A */
  double momentum; /**< N times the mean of |(1/N) sum v^i|^2 */
  double temperature[LMX_MAX_DIMENSION]; /**< Psi_a of Lemma 5.8, [d]: mean of
                                              (1/N) sum (v^i_a)^2 */
  double excess[LMX_MAX_DIMENSION];      /**< N (Psi_a - E_a(t)), [d] */
} lmx_hierarchy_values;

/** @param N      a whole number >= 1, or INFINITY
 *  @param t_max  times up to this one are meant; more are possible
 * Errors: LMX_ERR_USAGE (N, d), LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_hierarchy_create(lmx_context *context,
                                        const lmx_moment_data *data, double N,
                                        double t_max, lmx_hierarchy **out);
LMX_API void lmx_hierarchy_destroy(lmx_hierarchy **hierarchy);

/** The values at time t >= 0. Not for two threads at once. */
LMX_API void lmx_hierarchy_at(lmx_hierarchy *hierarchy, double t,
                              lmx_hierarchy_values *out);

/** N times the left side of (2.5) at t = 0, (1.4) independent: closed form. */
LMX_API double lmx_lln_start(const lmx_moment_data *data, double N);

/** Slope of N LHS(t) of (2.5) for 1 << t << N: 8 (d-1)^2 (4d-1). */
LMX_API double lmx_lln_slope(int d);

/** Most numbers of particles at once. */
#define LMX_SECTION5_MOST 16

/** Judges every statement of Section 5, and Proposition A.1 with p = 4, on the
 * exact moments: the printed forms and the corrected ones. For "left <= C (1 +
 * M_4(0)) g(t) / N" with an unnamed constant, `value` is the smallest C, the
 * supremum over N and over times from 1e-6 to 40 N (8192 for N = INFINITY),
 * over alpha and beta; the statement fails when the ratio grows without bound
 * for t -> 0, for t -> infinity or with N. Sums over i != j != k are over
 * pairwise distinct indices. The results hold the table "section5".
 * @param N  [n], whole numbers >= 1 or INFINITY
 * Errors: LMX_ERR_USAGE (n, N), LMX_ERR_MEMORY, LMX_INTERRUPTED. */
LMX_API lmx_status lmx_section5_run(lmx_context *context,
                                    const lmx_moment_data *data, size_t n,
                                    const double *N, lmx_check_results **out);

#ifdef __cplusplus
}
#endif
#endif
