/* Joint Gaussians of N particles and their exact integrals, for the audit. */
#ifndef LMX_CHECK_AUDIT_GAUSSIAN_H
#define LMX_CHECK_AUDIT_GAUSSIAN_H

#include "check/audit_internal.h"

enum {
  LMX_AUDIT_PARTICLES = 3, /* most particles of a joint Gaussian */
  LMX_GAUSSIAN_MAX = LMX_AUDIT_PARTICLES * LMX_AUDIT_MAX_DIMENSION
};

/* F = N(0, L L^T) on R^{dN}. */
typedef struct lmx_gaussian {
  int d, N, n;         /* n = d N */
  const double *lower; /* [n][n] L, unit diagonal; borrowed */
  double inverse[LMX_GAUSSIAN_MAX * LMX_GAUSSIAN_MAX]; /* [n][n] of L */
  double hessian[LMX_GAUSSIAN_MAX * LMX_GAUSSIAN_MAX]; /* Hess log F */
} lmx_gaussian;

void lmx_gaussian_set(const lmx_audit_point *point, lmx_gaussian *g);
/* V = L z and q = grad log F(V) = - L^{-T} z, [n] each. */
void lmx_gaussian_at(const lmx_gaussian *g, const double *z, double *V,
                     double *q);

/* Cubature exact to degree 5 for the standard Gaussian on R^n: node k [n] and
 * its weight. */
size_t lmx_cubature_size(int n);
double lmx_cubature_node(int n, size_t k, double *z);

/* Sums over all pairs, with A_i = (1/N) sum_j a(v^i - v^j), and B_i with b:
 * sum_i B_i . q_i, sum_i A_i : q_i q_i^T, sum_i A_i : H_ii.
 * V, q: [N][d]; H: [N d][N d]. */
typedef struct lmx_pair_sums {
  double drift, square, hessian;
} lmx_pair_sums;

lmx_pair_sums lmx_pair_sums_at(int d, int N, const double *V, const double *q,
                               const double *H);

#endif
