/* What the measurement of rates in N hands to the fit. */
#ifndef LMX_PARTICLE_RATES_H
#define LMX_PARTICLE_RATES_H

#include "landaumax/particle.h"

/* The plane on which densities are compared, uniform, [POINTS][POINTS]. */
enum { LMX_PLANE_POINTS = 97, LMX_PLANE = 97 * 97 };
#define LMX_PLANE_HALF 4.8
#define LMX_PLANE_SPACING 0.1

/* Differences of one N, by groups of replicas. */
typedef struct lmx_rate_groups {
  double lln[LMX_RATE_GROUPS];     /* mean of X */
  double squared[LMX_RATE_GROUPS]; /* mean of |v - twin|^2 */
  double *density; /* [LMX_RATE_GROUPS][LMX_PLANE] F_{N,1} - f */
  double *line;    /* [LMX_RATE_GROUPS][LMX_PLANE_POINTS] of the first
                      component: difference of distribution functions */
  double neighbour[LMX_RATE_GROUPS];
} lmx_rate_groups;

/* f on the plane, and its first marginal. */
typedef struct lmx_rate_target {
  double *f, *log_f; /* [LMX_PLANE] */
  double *f_1;       /* [LMX_PLANE_POINTS] */
} lmx_rate_target;

/* The quantities of LMX_RATE_LIST from a choice of groups (with repetitions);
 * NaN where noise makes a square negative. */
void lmx_rates_of(const lmx_rate_groups *groups, const lmx_rate_target *target,
                  const int *choice, double *out);

/* Least squares exponent s of y = c x^s exp(b / x), b = 0 for less than four
 * points; NaN if a y is not positive. */
double lmx_log_slope(size_t n, const double *x, const double *y);

/* Fills the verdicts and tables from all N, groups [nnumbers]; needs
 * spec->moments. */
lmx_status lmx_rates_judge(lmx_context *context, const lmx_rates_spec *spec,
                           const lmx_rate_groups *groups,
                           const lmx_rate_target *target,
                           lmx_check_results *results);

#endif
