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
  double S[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION]; /**< mean of v_a^2 v_b,
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
  double phi2; /**< N (mean of phi^2 - d^2), phi = (1/N) sum |v^i|^2 */
  double T2;   /**< N (mean of |T|_F^2 - |E(t)|_F^2), T = (1/N) sum v^i v^i^T */
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

/** B(s) >= sup_v |Hess f / f|_F / (1 + s + |v|^2), by Theorem 2.4 finite, at
 * some times. Between them the larger neighbour is taken, beyond the last one
 * nothing is known. Plain value, borrowed arrays. */
typedef struct lmx_hessian_growth {
  size_t n;
  const double *times;   /**< [n] increasing, times[0] = 0 */
  const double *B;       /**< [n] */
  double radius;         /**< sampled on |v| <= radius of a computed solution;
                              INFINITY: B is exact */
  bool start_on_space;   /**< B[0] is over R^d, by the structure of the data */
  const char *unbounded; /**< NULL, or why B is infinite or not known to be
                              finite: then there is no number */
} lmx_hessian_growth;

/** Theorem 1.7 as a number: with X_N the left side of (2.5) and Y_N(s) =
 * B(s)^2 ((1+s)^2 + 2 (1+s) d + M_4(s)),
 *     H_N(t) <= int_0^t sqrt(X_N Y_N) ds,
 * by (2.1), (2.4).
 * @param root_N_H  [growth->n], sqrt(N) times the bound at growth->times
 * Errors: LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_entropy_bound(lmx_context *context,
                                     const lmx_moment_data *data, double N,
                                     const lmx_hessian_growth *growth,
                                     double *root_N_H);

/** f0 = M, where f = M for all times: the exact B(s) = max(1, sqrt(d) / (1 +
 * s)). */
LMX_API double lmx_maxwellian_growth(int d, double s);

/** f0 = M: known bounds of N H_N(t) from below and above,
 *     (d/2) ((s - 1 - log s) + (N-1) (r - 1 - log r)),
 *         r = exp(-4 (d-1) t / N), s = N - (N-1) r,
 *     int_0^t N g, g = kappa (1 - 1/N) + E[phi^2 - |T|^2]
 *                      - 2 (d-1) E[phi - |p|^2].
 * @param times  [n] increasing, times[0] = 0
 * @param lower, upper  [n] */
LMX_API lmx_status lmx_maxwellian_entropy(lmx_context *context, int d, double N,
                                          size_t n, const double *times,
                                          double *lower, double *upper);

/** Theorem 1.7 and Corollary 1.9 for several N: results thm-1.7, cor-1.9 and,
 * when growth->radius is INFINITY (f0 = M), thm-1.7-maxwellian; table
 * "entropy_bound".
 * @param N  [n], whole numbers >= 1 or INFINITY */
LMX_API lmx_status lmx_theorem_1_7_run(lmx_context *context,
                                       const lmx_moment_data *data, size_t n,
                                       const double *N,
                                       const lmx_hessian_growth *growth,
                                       lmx_check_results **out);

#ifdef __cplusplus
}
#endif
#endif
