/* Lemma 4.2: [(d_t - L)(f log f)] / f <= kappa - eta |grad log f|^2, and the
 * identity behind it. It holds with (d-1) eta as well (docs/math.md, 1.1). */
#include "check/lemma.h"

static double h(const lmx_check_point *point)
{
  return point->jet->g;
}

static double h_t(const lmx_pointwise *p, const lmx_jet *rate)
{
  (void)p;
  return rate->g;
}

static double minus_eta(const lmx_bernstein *b)
{
  return -b->eta;
}

static double size(const lmx_pointwise *p)
{
  return p->q2;
}

const lmx_lemma_quantity lmx_lemma_log_f = {h, h_t};

const lmx_lemma lmx_lemma_4_2 = {.name = "lemma_4_2",
                                 .title = "Lemma 4.2",
                                 .quantity = &lmx_lemma_log_f,
                                 .residual_bound = 1e-4,
                                 .left = lmx_lem_4_2_left,
                                 .right = lmx_lem_4_2_right,
                                 .value = "minus the largest eta",
                                 .K = minus_eta,
                                 .size = size,
                                 .kappas = 1.0,
                                 .smallest = LMX_SMALLEST_KINDS};

const lmx_check_class lmx_check_lem_4_2 = {
    .id = "lem-4.2",
    .statement =
        "(d_t - L)(f log f) <= kappa f - eta |grad f|^2 / f (Lemma 4.2)",
    LMX_LEMMA_CLASS(&lmx_lemma_4_2),
};
