/* The pointwise algebra of Sections 3 and 4 of the paper, at one jet of
 * log f and one set of coefficients c_a = d - 1 - exp(-4dt) D_aa. Everything
 * is divided by f: with g = log f, q = grad g, G = Hess g,
 *   f_a/f = q_a,   f_ab/f = K_ab = G_ab + q_a q_b,
 *   f_abc/f = W_abc = d_a K_bc + q_a K_bc,
 * so that it works where f itself underflows.
 *
 * Each lemma has two sides that share no formula. The right side is the
 * closed identity (docs/math.md, section 3). The left side is the product
 * rule: d_t f := L f = abar : Hess f + kappa f with its derivatives, and the
 * derivatives of the quotient |grad f|^2 / f and so on. On any jet, of a
 * solution or not, both agree to rounding.
 *
 * Which derivatives of log f are needed:
 *               left   right
 *   Lemma 4.1    3*     2       * cancel
 *   Lemma 4.2    2      1
 *   Lemma 4.5    4*     3       * cancel; may be left out
 *   Lemma 4.6    2      1
 */
#ifndef LMX_CHECK_IDENTITIES_H
#define LMX_CHECK_IDENTITIES_H

#include <math.h>

#include "landaumax/grid.h"
#include "landaumax/model.h"

/* A sum and the largest of its terms in absolute value: rounding is judged
 * against the latter. */
typedef struct lmx_side {
  double value, scale;
} lmx_side;

static inline void lmx_side_add(lmx_side *side, double term)
{
  side->value += term;
  side->scale = fmax(side->scale, fabs(term));
}

/* |left - right| over the largest term of either. */
double lmx_side_residual(lmx_side left, lmx_side right);

/* What the formulas share at one jet. A plain value of some 40 kB of which
 * the first d, d^2, d^3 entries of the arrays are used; not zeroed. */
typedef struct lmx_pointwise {
  const lmx_jet *jet; /* borrowed */
  int d;
  double kappa;
  double c[LMX_MAX_DIMENSION];
  double v2, r;                /* |v|^2, |v| */
  double n[LMX_MAX_DIMENSION]; /* v / |v|; e_1 at v = 0, where the identities
                                  hold with every unit vector */
  double q2, nq;               /* |q|^2, n . q */
  double K[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION]; /* [a][b] Hess f / f */
  double K2;                                       /* |K|_F^2 */
  double dK[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION *
            LMX_MAX_DIMENSION]; /* [i][a][b] d_i K_ab; third derivatives */
} lmx_pointwise;

/* Fills all but c from a jet; dK only if derivatives is 3 (else jet->T may
 * be NULL). The left sides of Lemmas 4.1 and 4.5 and the right side of 4.5
 * need 3, everything else 2. */
void lmx_pointwise_set(const lmx_jet *jet, const double *c, int derivatives,
                       lmx_pointwise *p);
/* c_a(t) of the model, [d]. */
void lmx_pointwise_c(const lmx_model *model, double t, double *c);

/* abar : X for symmetric X [d][d], its three parts times `factor` added to
 * the side. */
void lmx_abar_add(const lmx_pointwise *p, const double *X, double factor,
                  lmx_side *side);
/* The same for X = x y^T. */
void lmx_abar_pair_add(const lmx_pointwise *p, const double *x, const double *y,
                       double factor, lmx_side *side);
/* (d_t f) / f = abar : K + kappa. */
lmx_side lmx_time_derivative(const lmx_pointwise *p);
/* sum_a c_a q_a^2 and |v|^2 |P q|^2 = |v|^2 |q|^2 - (v.q)^2. */
double lmx_c_square(const lmx_pointwise *p);
double lmx_rotation_square(const lmx_pointwise *p);

/* [(d_t - L)(N/f)] / f by the quotient rule, for N with derivatives
 * dN [d], ddN [d][d] in v and Nt in t (all over f^2). */
lmx_side lmx_quotient_rule(const lmx_pointwise *p, double N, const double *dN,
                           const double *ddN, lmx_side Nt);

/* Lemma 4.1: [(d_t - L)(|grad f|^2 / f)] / f; the bound is K1 |q|^2. */
lmx_side lmx_lem_4_1_left(const lmx_pointwise *p);
lmx_side lmx_lem_4_1_right(const lmx_pointwise *p);
/* The same by the paper's (4.2), (4.3): Term_3 to Term_5 as squares. */
lmx_side lmx_lem_4_1_paper(const lmx_pointwise *p);

/* Lemma 4.2: [(d_t - L)(f log f)] / f; the bound is kappa - eta |q|^2. */
lmx_side lmx_lem_4_2_left(const lmx_pointwise *p);
lmx_side lmx_lem_4_2_right(const lmx_pointwise *p);
/* The same by (4.5), which is an equality. */
lmx_side lmx_lem_4_2_paper(const lmx_pointwise *p);
/* (4.4): |v|^2 |q|^2 - (v.q)^2 = sum_ab (v_a q_b - v_b q_a)^2 / 2. */
lmx_side lmx_eq_4_4_left(const lmx_pointwise *p);
lmx_side lmx_eq_4_4_right(const lmx_pointwise *p);

/* Lemma 4.5: [(d_t - L)(|Hess f|^2 / f)] / f; the bound is K2 |K|^2.
 * fourth: [d][d][d][d] fully symmetric f_abij / f, or NULL for zero; the left
 * side does not depend on it. */
lmx_side lmx_lem_4_5_left(const lmx_pointwise *p, const double *fourth);
lmx_side lmx_lem_4_5_right(const lmx_pointwise *p);
/* (4.7): Term_5 and the second part of Term_4, before and after. */
lmx_side lmx_eq_4_7_left(const lmx_pointwise *p);
lmx_side lmx_eq_4_7_right(const lmx_pointwise *p);

/* Lemma 4.6: [(d_t - L)(f log^2 f)] / f, and the right side as printed,
 * whose last term is twice what it should be. */
lmx_side lmx_lem_4_6_left(const lmx_pointwise *p);
lmx_side lmx_lem_4_6_right(const lmx_pointwise *p);
lmx_side lmx_lem_4_6_printed(const lmx_pointwise *p);

/* (3.7): L f / f by the decomposition L_1 + L_2 behind it; compare
 * lmx_time_derivative. */
lmx_side lmx_eq_3_7_split(const lmx_pointwise *p);

/* Prop. 3.1: the barrier phi = mu exp(beta(t) + delta(t) |v|^2 / 2) with
 * delta = 1/(4 d (T + eps - t)), beta = (d-1) t / (4 eps). */
typedef struct lmx_barrier {
  double T, eps, growth; /* growth: the constant M of (3.8) */
} lmx_barrier;

/* 0 < T, 0 < eps < min(1/(2 kappa), 1/(8 d M)) - T. */
bool lmx_barrier_admissible(const lmx_model *model, const lmx_barrier *barrier);
double lmx_barrier_delta(const lmx_model *model, const lmx_barrier *barrier,
                         double t);
/* ((d_t - abar : Hess + 1) phi) / phi, which is >= 1 for 0 <= t <= T:
 * from the derivatives of log phi, and in the closed form. */
lmx_side lmx_prop_3_1_left(const lmx_model *model, const lmx_barrier *barrier,
                           double t, const double *v);
lmx_side lmx_prop_3_1_right(const lmx_model *model, const lmx_barrier *barrier,
                            double t, const double *v);

#endif
