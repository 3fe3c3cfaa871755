/* Lemma 4.6: [(d_t - L)(f log^2 f)] / f = 2 kappa g
 *   - 2 (1 + g) (sum_a c_a q_a^2 + |v|^2 |P q|^2),  g = log f.
 * Read with the paper's summation convention its printed last term is twice
 * that; compare (4.4). How far the printed form is from an identity on this
 * solution is said in the note. */
#include "check/lemma.h"

static double h(const lmx_check_point *point)
{
  return point->jet->g * point->jet->g;
}

static double h_t(const lmx_pointwise *p, const lmx_jet *rate)
{
  return 2.0 * p->jet->g * rate->g;
}

static const lmx_lemma_quantity log_f_square = {h, h_t};

const lmx_lemma lmx_lemma_4_6 = {.name = "lemma_4_6",
                                 .title = "Lemma 4.6",
                                 .quantity = &log_f_square,
                                 .residual_bound = 1e-4,
                                 .left = lmx_lem_4_6_left,
                                 .right = lmx_lem_4_6_right,
                                 .misprint = lmx_lem_4_6_printed};

const lmx_check_class lmx_check_lem_4_6 = {
    .id = "lem-4.6",
    .statement = "the identity for (d_t - L)(f log^2 f) (Lemma 4.6, corrected)",
    LMX_LEMMA_CLASS(&lmx_lemma_4_6),
};
