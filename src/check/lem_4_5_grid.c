/* Lemma 4.5: [(d_t - L)(|Hess f|^2 / f)] / f <= K2 |Hess f / f|^2, K2 = 16 d
 * as printed, 4 (d-1) at best, and the identity behind it, which needs third
 * derivatives of log f. */
#include "check/lemma.h"

static double h(const lmx_check_point *point)
{
  return point->K2;
}

/* 2 K : K_t, K_t = Hess r + grad r q^T + q grad r^T, r = d_t log f. */
static double h_t(const lmx_pointwise *p, const lmx_jet *rate)
{
  int d = p->d;
  const double *q = p->jet->q;
  double sum = 0.0;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      sum += 2.0 * p->K[a * d + b] *
             (rate->G[a * d + b] + rate->q[a] * q[b] + q[a] * rate->q[b]);
  return sum;
}

static double K(const lmx_bernstein *b)
{
  return b->K2;
}

static double size(const lmx_pointwise *p)
{
  return p->K2;
}

/* The fourth derivatives, which cancel, are left out. */
static lmx_side left(const lmx_pointwise *p)
{
  return lmx_lem_4_5_left(p, NULL);
}

static const lmx_lemma_quantity hessian_square = {h, h_t};

const lmx_lemma lmx_lemma_4_5 = {.name = "lemma_4_5",
                                 .title = "Lemma 4.5",
                                 .quantity = &hessian_square,
                                 .residual_bound = 1e-2,
                                 .left = left,
                                 .right = lmx_lem_4_5_right,
                                 .value = "the smallest K2",
                                 .K = K,
                                 .size = size,
                                 .smallest = LMX_SMALLEST_K2};

const lmx_check_class lmx_check_lem_4_5 = {
    .id = "lem-4.5",
    .statement = "(d_t - L)(|Hess f|^2 / f) <= K2 |Hess f|^2 / f (Lemma 4.5)",
    LMX_LEMMA_CLASS(&lmx_lemma_4_5),
};
