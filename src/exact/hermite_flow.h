/* Coefficients in time of the Hermite series of solution (d).
 *
 * With alpha = D_1 d/(d-1) the series is
 *   f/M = sum_{j} sum_{m<=j} c_{jm}(t) Delta^n Y_l(grad) M / M,
 *   l = 2m, n = j - m (degree 2j in v),
 * and c_{jm} = exp(-2(d-1) j t) (alpha/2)^j / j! y_{jm}(t) where y does not
 * depend on the data:
 *   y_j' = -mu_m y_j - 2j exp(-(2d+2) t) S y_{j-1},  mu_m = l (l+d-2),
 *   y_0 = 1,  y_j(0) = S y_{j-1}(0),
 * S being multiplication of a symbol by x_1^2 - |x|^2/d. Every y_{jm} is
 * expanded in Legendre polynomials of t on intervals that grow
 * geometrically away from the initial layer of the large mu; on each
 * interval the scalar equation is a tridiagonal system (tau method), solved
 * exactly in extended precision. Degrees are added one at a time. */
#ifndef LMX_EXACT_HERMITE_FLOW_H
#define LMX_EXACT_HERMITE_FLOW_H

#include "landaumax/core.h"

enum {
  LMX_FLOW_DEGREES = 512, /* largest j */
  LMX_FLOW_MODES = 28,    /* Legendre modes of an interval */
  LMX_FLOW_INTERVALS = 64,
  LMX_FLOW_TIMES = 16 /* most times followed at once */
};

/* What the solution on an interval needs of its row alone. */
typedef struct lmx_flow_elimination {
  long double theta, slope, B[LMX_FLOW_MODES + 1], inverse[LMX_FLOW_MODES];
} lmx_flow_elimination;

typedef struct lmx_flow {
  int d;
  int times;
  double time[LMX_FLOW_TIMES];
  int j;         /* highest degree computed at this time; -1 = none */
  int intervals; /* number of time intervals */
  int last[LMX_FLOW_TIMES];         /* the interval that ends at this time */
  long double rest[LMX_FLOW_TIMES]; /* time after it: pure decay */
  long double start[LMX_FLOW_INTERVALS], length[LMX_FLOW_INTERVALS];
  int band[LMX_FLOW_INTERVALS];        /* bandwidth of the damping matrix */
  long double odd[LMX_FLOW_MODES + 1]; /* 1/(2k+1) */
  long double *damping; /* [intervals][MODES][MODES] exp(-(2d+2) t) */
  long double *path;    /* [DEGREES+1][INTERVALS][MODES], degree j */
  long double *source;  /* the same, degree j-1 damped */
  long double *initial; /* [DEGREES+1] y_jm(0), degree j */
  long double *scratch; /* [DEGREES+1] */
  lmx_flow_elimination *elimination; /* [DEGREES+1][INTERVALS] */
  /* S y = up[m-1] y_{m-1} + mid[m] y_m + down[m+1] y_{m+1} */
  long double *up, *mid, *down; /* [DEGREES+2] */
} lmx_flow;

lmx_status lmx_flow_create(lmx_context *context, int d, lmx_flow **out);
void lmx_flow_destroy(lmx_flow **flow);

/* Starts again at degree -1 with n <= LMX_FLOW_TIMES increasing times > 0. */
void lmx_flow_set_times(lmx_flow *flow, int n, const double *times);

/* Computes the next degree j: y[i] [j+1] receives y_jm, m = 0..j, at the i-th
 * time, and truncation[i] an estimate of the truncation error in time relative
 * to the largest of them. */
void lmx_flow_next(lmx_flow *flow, long double *const *y,
                   long double *truncation);

#endif
