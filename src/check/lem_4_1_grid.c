/* Lemma 4.1: [(d_t - L)(|grad f|^2 / f)] / f <= K1 |grad log f|^2, K1 = 4 d
 * as printed, 2 (d-1) at best, and the identity behind it. */
#include "check/lemma.h"

static double h(const lmx_check_point *point)
{
  return point->q2;
}

/* 2 q . grad (d_t log f) */
static double h_t(const lmx_pointwise *p, const lmx_jet *rate)
{
  double sum = 0.0;
  for (int a = 0; a < p->d; ++a)
    sum += 2.0 * p->jet->q[a] * rate->q[a];
  return sum;
}

static double K(const lmx_bernstein *b)
{
  return b->K1;
}

static double size(const lmx_pointwise *p)
{
  return p->q2;
}

static const lmx_lemma_quantity gradient_square = {h, h_t};

const lmx_lemma lmx_lemma_4_1 = {.name = "lemma_4_1",
                                 .title = "Lemma 4.1",
                                 .quantity = &gradient_square,
                                 .residual_bound = 1e-2,
                                 .left = lmx_lem_4_1_left,
                                 .right = lmx_lem_4_1_right,
                                 .value = "the smallest K1",
                                 .K = K,
                                 .size = size,
                                 .smallest = LMX_SMALLEST_K1};

const lmx_check_class lmx_check_lem_4_1 = {
    .id = "lem-4.1",
    .statement = "(d_t - L)(|grad f|^2 / f) <= K1 |grad f|^2 / f (Lemma 4.1)",
    LMX_LEMMA_CLASS(&lmx_lemma_4_1),
};
