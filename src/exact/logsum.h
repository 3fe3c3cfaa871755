/* Jets of log sum_k exp(g_k) from the jets of the g_k, one term at a time.
 * Every term is positive, so values keep full relative accuracy in the tail;
 * the Hessian is accumulated around the running mean of the gradients
 * (weighted Welford update), which avoids its cancellation. */
#ifndef LMX_EXACT_LOGSUM_H
#define LMX_EXACT_LOGSUM_H

#include "landaumax/core.h"
#include "landaumax/grid.h"

typedef struct lmx_logsum {
  int d;
  double largest; /* largest g_k so far */
  double sum;     /* sum of exp(g_k - largest) */
  double q[LMX_MAX_DIMENSION];
  double C[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION]; /* sum times the Hessian */
} lmx_logsum;

void lmx_logsum_reset(lmx_logsum *acc, int d);

/* Adds a term with value g, gradient q [d] and Hessian G [d][d] of its
 * logarithm. */
void lmx_logsum_add(lmx_logsum *acc, double g, const double *q,
                    const double *G);

/* The logarithm of the sum and its derivatives; G is [d][d]. */
void lmx_logsum_result(const lmx_logsum *acc, double *g, double *q, double *G);

#endif
