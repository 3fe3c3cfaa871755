/* Entries of the audit: the lemmas of Section 4 and the inequalities between
 * them that the proofs of Theorems 2.3 and 2.4 use. */
#include "check/audit_internal.h"

/* --- constants ------------------------------------------------------------ */

static double zero(int d)
{
  (void)d;
  return 0.0;
}

static double one(int d)
{
  (void)d;
  return 1.0;
}

static double d_minus_1(int d)
{
  return d - 1.0;
}

static double printed_K1(int d)
{
  return 4.0 * d;
}

static double sharp_K1(int d)
{
  return 2.0 * (d - 1.0);
}

static double printed_K2(int d)
{
  return 16.0 * d;
}

static double sharp_K2(int d)
{
  return 4.0 * (d - 1.0);
}

/* --- identities ----------------------------------------------------------- */

static void lem_4_1(lmx_audit_point *a, lmx_side *left, lmx_side *right)
{
  *left = lmx_lem_4_1_left(&a->pointwise);
  *right = lmx_lem_4_1_right(&a->pointwise);
}

static void eq_4_3(lmx_audit_point *a, lmx_side *left, lmx_side *right)
{
  *left = lmx_lem_4_1_left(&a->pointwise);
  *right = lmx_lem_4_1_paper(&a->pointwise);
}

static void lem_4_2(lmx_audit_point *a, lmx_side *left, lmx_side *right)
{
  *left = lmx_lem_4_2_left(&a->pointwise);
  *right = lmx_lem_4_2_right(&a->pointwise);
}

static void eq_4_4(lmx_audit_point *a, lmx_side *left, lmx_side *right)
{
  *left = lmx_eq_4_4_left(&a->pointwise);
  *right = lmx_eq_4_4_right(&a->pointwise);
}

static void eq_4_5(lmx_audit_point *a, lmx_side *left, lmx_side *right)
{
  *left = lmx_lem_4_2_left(&a->pointwise);
  *right = lmx_lem_4_2_paper(&a->pointwise);
}

static void lem_4_5(lmx_audit_point *a, lmx_side *left, lmx_side *right)
{
  *left = lmx_lem_4_5_left(&a->pointwise, a->fourth);
  *right = lmx_lem_4_5_right(&a->pointwise);
}

static void eq_4_7(lmx_audit_point *a, lmx_side *left, lmx_side *right)
{
  *left = lmx_eq_4_7_left(&a->pointwise);
  *right = lmx_eq_4_7_right(&a->pointwise);
}

static void lem_4_6(lmx_audit_point *a, lmx_side *left, lmx_side *right)
{
  *left = lmx_lem_4_6_left(&a->pointwise);
  *right = lmx_lem_4_6_right(&a->pointwise);
}

static void lem_4_6_printed(lmx_audit_point *a, lmx_side *left, lmx_side *right)
{
  *left = lmx_lem_4_6_left(&a->pointwise);
  *right = lmx_lem_4_6_printed(&a->pointwise);
}

/* --- inequalities ----------------------------------------------------------
 */

static double over(double numerator, double denominator)
{
  return denominator > 0.0 ? numerator / denominator : NAN;
}

static double lem_4_1_ratio(lmx_audit_point *a)
{
  return over(lmx_lem_4_1_right(&a->pointwise).value, a->pointwise.q2);
}

/* kappa - [(d_t - L)(f log f)]/f >= eta |q|^2. */
static double lem_4_2_ratio(lmx_audit_point *a)
{
  const lmx_pointwise *p = &a->pointwise;
  return over(lmx_c_square(p) + lmx_rotation_square(p), a->model.eta * p->q2);
}

static double lem_4_5_ratio(lmx_audit_point *a)
{
  return over(lmx_lem_4_5_right(&a->pointwise).value, a->pointwise.K2);
}

static double lem_4_5_step(lmx_audit_point *a)
{
  const lmx_pointwise *p = &a->pointwise;
  double trace = 0.0;
  for (int i = 0; i < p->d; ++i)
    trace += p->K[i * p->d + i];
  return over(trace * trace, p->K2);
}

/* Section 4.2, Term_3 kept: [(d_t - L)(|grad f|^2/f)]/f
 * + eta |K|^2 - 2 |q|^2 sum c_a q_a^2 <= K1 |q|^2. */
static double term_3_kept(lmx_audit_point *a)
{
  const lmx_pointwise *p = &a->pointwise;
  return over(lmx_lem_4_1_right(p).value + a->model.eta * p->K2 -
                  2.0 * p->q2 * lmx_c_square(p),
              p->q2);
}

/* (d_t - L) F / (f |q|^2) for F of Theorem 2.3 with C = K1 / eta. */
double lmx_audit_F_grad(const lmx_audit_point *a, double K1)
{
  const lmx_pointwise *p = &a->pointwise;
  double C = K1 / a->model.eta;
  double rate = lmx_lem_4_1_right(p).value -
                C * (lmx_c_square(p) + lmx_rotation_square(p));
  return over(rate, p->q2);
}

static double F_grad_printed(lmx_audit_point *a)
{
  return lmx_audit_F_grad(a, printed_K1(a->d));
}

static double F_grad_sharp(lmx_audit_point *a)
{
  return lmx_audit_F_grad(a, sharp_K1(a->d));
}

/* min_a c_a >= (d-1) eta, so that C = 2/eta is enough. */
static double F_grad_best(lmx_audit_point *a)
{
  return lmx_audit_F_grad(a, 2.0);
}

/* The parameters of the Bernstein function of Theorem 2.4. */
typedef struct hessian_constants {
  double K1, K2, C, C1, A, below; /* below: how far (4.6) is from equality */
} hessian_constants;

/* g as (4.6) allows it, |q|^2/C + g <= kappa t + C'/C, and A >= least_A,
 * both up to a square; docs/math.md wants A >= 2. */
static hessian_constants draw_constants(lmx_audit_point *a, double K1,
                                        double K2, double least_A)
{
  const double *y = a->parameters;
  lmx_pointwise *p = &a->pointwise;
  hessian_constants k = {.K1 = K1,
                         .K2 = K2,
                         .C = exp(fmax(-9.0, fmin(9.0, y[0]))),
                         .C1 = y[1] * y[1]};
  k.below = y[2] * y[2];
  a->jet->g = p->kappa * a->t + k.C1 / k.C - p->q2 / k.C - k.below;
  k.A = least_A + y[3] * y[3];
  return k;
}

/* (d_t - L) F / f for F of Theorem 2.4. It vanishes where |q|, |K| and the gap
 * in (4.6) do, so it is taken relative to these; and only where they are
 * large enough for rounding not to matter. */
double lmx_audit_F_hess(lmx_audit_point *a, double K1, double K2,
                        double least_A)
{
  hessian_constants k = draw_constants(a, K1, K2, least_A);
  const lmx_pointwise *p = &a->pointwise;
  double eta = a->model.eta, t = a->t, g = a->jet->g, kappa = p->kappa;
  double slope = 4.0 * kappa * t + k.A + k.K1 / (k.C * eta) + 2.0 * k.C1 / k.C;
  double sink = 6.0 * kappa * kappa * t + kappa * k.A +
                kappa * k.K1 / (k.C * eta) + 4.0 * kappa * k.C1 / k.C;
  lmx_side rate = {0};
  lmx_side_add(&rate, eta / (k.K2 * k.C) * lmx_lem_4_5_right(p).value);
  lmx_side_add(&rate, -lmx_lem_4_6_right(p).value);
  lmx_side_add(&rate, slope * lmx_lem_4_2_right(p).value);
  lmx_side_add(&rate, 4.0 * kappa * g);
  lmx_side_add(&rate, lmx_lem_4_1_right(p).value / k.C);
  lmx_side_add(&rate, -sink);
  double size = lmx_c_square(p) + lmx_rotation_square(p) +
                (p->q2 + p->K2) / k.C + k.below;
  return size > 1e-4 * rate.scale ? rate.value / size : NAN;
}

static double F_hess_printed(lmx_audit_point *a)
{
  return lmx_audit_F_hess(a, printed_K1(a->d), printed_K2(a->d), 2.0);
}

static double F_hess_sharp(lmx_audit_point *a)
{
  return lmx_audit_F_hess(a, sharp_K1(a->d), sharp_K2(a->d), 2.0);
}

/* With (d-1) eta for eta, which enters as K1 / eta and K2 / eta only. */
static double F_hess_best(lmx_audit_point *a)
{
  return lmx_audit_F_hess(a, 2.0, 4.0, 2.0);
}

/* --- the table --------------------------------------------------------------
 */

static const lmx_audit_entry entries[] = {
    {.id = "lem-4.1",
     .reference = "Lemma 4.1",
     .statement = "[(d_t-L)(|grad f|^2/f)]/f = -2 sum c_a G_ab^2 - 2| |v|PG "
                  "- (n.q)P + (Pq)n^T |^2 + 2(d-1)(n.q)^2 + 2|Pq|^2",
     .form = LMX_AUDIT_EXACT,
     .expected = LMX_HOLDS,
     .blocks = "DtvgqGT",
     .sides = lem_4_1},
    {.id = "lem-4.1",
     .reference = "Lemma 4.1",
     .statement = "[(d_t-L)(|grad f|^2/f)]/f <= 4d |q|^2",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "DtvqG",
     .ratio = lem_4_1_ratio,
     .constant = printed_K1},
    {.id = "lem-4.1",
     .reference = "Lemma 4.1",
     .statement = "[(d_t-L)(|grad f|^2/f)]/f <= 2(d-1) |q|^2",
     .form = LMX_AUDIT_SHARP,
     .expected = LMX_HOLDS,
     .blocks = "DtvqG",
     .ratio = lem_4_1_ratio,
     .constant = sharp_K1,
     .tight = true},
    {.id = "eq-4.3",
     .reference = "(4.2), (4.3)",
     .statement = "Terms 3 to 5 of the proof of Lemma 4.1 as squares and "
                  "4d |q|^2",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "DtvgqGT",
     .sides = eq_4_3},
    {.id = "lem-4.2",
     .reference = "Lemma 4.2",
     .statement = "[(d_t-L)(f log f)]/f = kappa - sum c_a q_a^2 "
                  "- |v|^2 |Pq|^2",
     .form = LMX_AUDIT_EXACT,
     .expected = LMX_HOLDS,
     .blocks = "DtvgqG",
     .sides = lem_4_2},
    {.id = "lem-4.2",
     .reference = "Lemma 4.2",
     .statement = "[(d_t-L)(f log f)]/f <= kappa - eta |q|^2, as (kappa "
                  "- left) / (eta |q|^2) >= 1",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "Dtvq",
     .ratio = lem_4_2_ratio,
     .constant = one,
     .lower = true},
    {.id = "lem-4.2",
     .reference = "Lemma 4.2",
     .statement = "[(d_t-L)(f log f)]/f <= kappa - (d-1) eta |q|^2, as (kappa "
                  "- left) / (eta |q|^2) >= d-1",
     .form = LMX_AUDIT_SHARP,
     .expected = LMX_HOLDS,
     .blocks = "Dtvq",
     .ratio = lem_4_2_ratio,
     .constant = d_minus_1,
     .lower = true,
     .tight = true},
    {.id = "eq-4.4",
     .reference = "(4.4)",
     .statement = "|v|^2 |q|^2 - (v.q)^2 = (1/2) sum (v_a q_b - v_b q_a)^2",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "vq",
     .sides = eq_4_4},
    {.id = "F-grad",
     .reference = "Section 4.1",
     .statement = "(d_t-L)F <= 0 for F of Theorem 2.3 with C = 4d/eta",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "DtvqG",
     .ratio = F_grad_printed,
     .constant = zero},
    {.id = "F-grad",
     .reference = "Section 4.1",
     .statement = "(d_t-L)F <= 0 for F of Theorem 2.3 with C = 2(d-1)/eta",
     .form = LMX_AUDIT_SHARP,
     .expected = LMX_HOLDS,
     .blocks = "DtvqG",
     .ratio = F_grad_sharp,
     .constant = zero},
    {.id = "F-grad-best",
     .reference = "Section 4.1",
     .statement = "the same with C = 2/eta, by the sharp Lemma 4.2; the sup of "
                  "(d_t-L)F / (f |q|^2) is 0",
     .form = LMX_AUDIT_SHARP,
     .expected = LMX_HOLDS,
     .blocks = "DtvqG",
     .ratio = F_grad_best,
     .constant = zero},
    {.id = "step-4.2",
     .reference = "Section 4.2",
     .statement = "Lemma 4.1 with Term 3 kept: [(d_t-L)(|grad f|^2/f)]/f <= "
                  "4d |q|^2 - eta |K|^2 + 2 |q|^2 sum c_a q_a^2",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "DtvqG",
     .ratio = term_3_kept,
     .constant = printed_K1},
    {.id = "step-4.2",
     .reference = "Section 4.2",
     .statement = "the same with 2(d-1) |q|^2",
     .form = LMX_AUDIT_SHARP,
     .expected = LMX_HOLDS,
     .blocks = "DtvqG",
     .ratio = term_3_kept,
     .constant = sharp_K1,
     .tight = true},
    {.id = "eq-4.5",
     .reference = "(4.5)",
     .statement = "[(d_t-L)(f log f)]/f = kappa - sum c_a q_a^2 - (1/2) sum "
                  "(v_a q_b - v_b q_a)^2",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "DtvgqG",
     .sides = eq_4_5},
    {.id = "lem-4.5",
     .reference = "Lemma 4.5",
     .statement = "[(d_t-L)(|Hess f|^2/f)]/f = -2 sum c_i dK_{i,ab}^2 - 2| "
                  "|v|P dK - 2S |^2 + 4(tr PK)^2 + 4(d-1)(n.Kn)^2 "
                  "+ 4d |PKn|^2",
     .form = LMX_AUDIT_EXACT,
     .expected = LMX_HOLDS,
     .blocks = "DtvgqGTF",
     .sides = lem_4_5},
    {.id = "lem-4.5",
     .reference = "Lemma 4.5",
     .statement = "[(d_t-L)(|Hess f|^2/f)]/f <= 16d |K|^2",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "DtvqGT",
     .ratio = lem_4_5_ratio,
     .constant = printed_K2},
    {.id = "lem-4.5",
     .reference = "Lemma 4.5",
     .statement = "[(d_t-L)(|Hess f|^2/f)]/f <= 4(d-1) |K|^2",
     .form = LMX_AUDIT_SHARP,
     .expected = LMX_HOLDS,
     .blocks = "DtvqGT",
     .ratio = lem_4_5_ratio,
     .constant = sharp_K2,
     .tight = true},
    {.id = "eq-4.7",
     .reference = "(4.7)",
     .statement = "Term 5 and the second part of Term 4 of the proof of Lemma "
                  "4.5 as a sum of squares",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "vqGT",
     .sides = eq_4_7},
    {.id = "step-4.5",
     .reference = "Lemma 4.5, proof",
     .statement = "(Lap f)^2 <= |Hess f|^2, used after (4.7); the lemma holds "
                  "nevertheless",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_FAILS,
     .blocks = "G",
     .ratio = lem_4_5_step,
     .constant = one},
    {.id = "lem-4.6",
     .reference = "Lemma 4.6",
     .statement = "[(d_t-L)(f log^2 f)]/f = 2 kappa g - 2(1+g)(sum c_a q_a^2 "
                  "+ sum (v_a q_b - v_b q_a)^2)",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_FAILS,
     .blocks = "DtvgqG",
     .sides = lem_4_6_printed},
    {.id = "lem-4.6",
     .reference = "Lemma 4.6",
     .statement = "[(d_t-L)(f log^2 f)]/f = 2 kappa g - 2(1+g)(sum c_a q_a^2 "
                  "+ (1/2) sum (v_a q_b - v_b q_a)^2)",
     .form = LMX_AUDIT_CORRECTED,
     .expected = LMX_HOLDS,
     .blocks = "DtvgqG",
     .sides = lem_4_6},
    {.id = "F-hess",
     .reference = "Section 4.2",
     .statement = "(d_t-L)F <= 0 for F of Theorem 2.4 with 4d, 16d and "
                  "A >= 2, where (4.6) holds",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "DtvqGTP",
     .ratio = F_hess_printed,
     .constant = zero},
    {.id = "F-hess",
     .reference = "Section 4.2",
     .statement = "(d_t-L)F <= 0 for F of Theorem 2.4 with 2(d-1), 4(d-1) "
                  "and A >= 2, where (4.6) holds",
     .form = LMX_AUDIT_SHARP,
     .expected = LMX_HOLDS,
     .blocks = "DtvqGTP",
     .ratio = F_hess_sharp,
     .constant = zero},
    {.id = "F-hess-best",
     .reference = "Section 4.2",
     .statement = "the same with (d-1) eta for eta, by the sharp (3.5)",
     .form = LMX_AUDIT_SHARP,
     .expected = LMX_HOLDS,
     .blocks = "DtvqGTP",
     .ratio = F_hess_best,
     .constant = zero},
};

const lmx_audit_entry *lmx_audit_estimates(size_t *n)
{
  *n = sizeof entries / sizeof entries[0];
  return entries;
}
