/* (4.5): [(d_t - L)(f log f)] / f <= kappa - sum_a c_a q_a^2
 *                                   - (1/2) sum_ab (v_a q_b - v_b q_a)^2,
 * which by (4.4) is an equality. */
#include "check/lemma.h"

const lmx_lemma lmx_equation_4_5 = {.name = "equation_4_5",
                                    .title = "(4.5)",
                                    .quantity = &lmx_lemma_log_f,
                                    .residual_bound = 1e-4,
                                    .left = lmx_lem_4_2_left,
                                    .right = lmx_lem_4_2_paper};

const lmx_check_class lmx_check_eq_4_5 = {
    .id = "eq-4.5",
    .statement = "(d_t - L)(f log f) <= kappa f - c_a (d_a f)^2 / f - "
                 "(v_a d_b f - v_b d_a f)^2 / (2 f) (4.5)",
    LMX_LEMMA_CLASS(&lmx_equation_4_5),
};
