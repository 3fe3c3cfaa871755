/* Lemma 4.5, pointwise: [(d_t - L)(|Hess f|^2 / f)] / f. */
#include "check/identities.h"

#define SQUARE (LMX_MAX_DIMENSION * LMX_MAX_DIMENSION)

/* Row i of f_iab / f, [d][d]. */
static void third_row(const lmx_pointwise *p, int i, double *W)
{
  int dd = p->d * p->d;
  for (int k = 0; k < dd; ++k)
    W[k] = p->dK[i * dd + k] + p->jet->q[i] * p->K[k];
}

/* What fourth derivatives add: 2 K_ij abar : Hess f_ij to N_t, and
 * 2 K_ij f_abij to N_ab. */
static void add_fourth(const lmx_pointwise *p, const double *fourth,
                       double *ddN, lmx_side *Nt)
{
  int dd = p->d * p->d;
  for (int ij = 0; ij < dd; ++ij) {
    lmx_abar_add(p, fourth + (size_t)ij * dd, 2.0 * p->K[ij], Nt);
    for (int ab = 0; ab < dd; ++ab)
      ddN[ab] += 2.0 * p->K[ij] * fourth[ab * dd + ij];
  }
}

/* N_t = 2 K_ij d_ij f_t without fourth derivatives:
 *   d_ij f_t = abar : Hess f_ij + d_i abar : Hess f_j + d_j abar : Hess f_i
 *              + d_ij abar : Hess f + kappa f_ij,
 *   d_i abar : X = 2 v_i tr X - 2 (X v)_i,
 *   d_ij abar : X = 2 delta_ij tr X - 2 X_ij. */
static lmx_side time_part(const lmx_pointwise *p)
{
  int d = p->d;
  const double *v = p->jet->v;
  double W[SQUARE], trace = 0.0;
  lmx_side Nt = {0};
  for (int i = 0; i < d; ++i)
    trace += p->K[i * d + i];
  for (int j = 0; j < d; ++j) {
    third_row(p, j, W);
    double traceW = 0.0;
    for (int a = 0; a < d; ++a)
      traceW += W[a * d + a];
    for (int i = 0; i < d; ++i) {
      double Wv = 0.0;
      for (int a = 0; a < d; ++a)
        Wv += W[i * d + a] * v[a];
      lmx_side_add(&Nt, 8.0 * p->K[i * d + j] * v[i] * traceW);
      lmx_side_add(&Nt, -8.0 * p->K[i * d + j] * Wv);
    }
  }
  lmx_side_add(&Nt, 4.0 * trace * trace);
  lmx_side_add(&Nt, -4.0 * p->K2);
  lmx_side_add(&Nt, 2.0 * p->kappa * p->K2);
  return Nt;
}

/* N = |Hess f|^2 (f = 1 at the point):
 *   N_a = 2 f_ij f_aij,   N_ab = 2 f_aij f_bij + 2 f_ij f_abij. */
lmx_side lmx_lem_4_5_left(const lmx_pointwise *p, const double *fourth)
{
  int d = p->d;
  double dN[LMX_MAX_DIMENSION], ddN[SQUARE], Wa[SQUARE], Wb[SQUARE];
  lmx_side Nt = time_part(p);
  for (int a = 0; a < d; ++a) {
    third_row(p, a, Wa);
    dN[a] = 0.0;
    for (int k = 0; k < d * d; ++k)
      dN[a] += 2.0 * p->K[k] * Wa[k];
    for (int b = 0; b <= a; ++b) {
      third_row(p, b, Wb);
      double sum = 0.0;
      for (int k = 0; k < d * d; ++k)
        sum += Wa[k] * Wb[k];
      ddN[a * d + b] = ddN[b * d + a] = 2.0 * sum;
    }
  }
  if (fourth != NULL)
    add_fourth(p, fourth, ddN, &Nt);
  return lmx_quotient_rule(p, p->K2, dN, ddN, Nt);
}

/* || |v| P dK - 2 S ||^2 with S_{i,ab} = (1/2) (P_ia (K n)_b + P_ib (K n)_a
 * - n_a (P K)_ib - n_b (P K)_ia), both from math.md section 3. */
static double tangential_square(const lmx_pointwise *p, const double *Kn)
{
  int d = p->d, dd = d * d;
  const double *n = p->n;
  double along[SQUARE] = {0}, sum = 0.0; /* n_k d_k K */
  for (int ab = 0; ab < dd; ++ab) {
    for (int k = 0; k < d; ++k)
      along[ab] += n[k] * p->dK[k * dd + ab];
  }
  for (int i = 0; i < d; ++i)
    for (int a = 0; a < d; ++a)
      for (int b = 0; b < d; ++b) {
        double Pia = (i == a) - n[i] * n[a], Pib = (i == b) - n[i] * n[b];
        double PKib = p->K[i * d + b] - n[i] * Kn[b];
        double PKia = p->K[i * d + a] - n[i] * Kn[a];
        double twice_S = Pia * Kn[b] + Pib * Kn[a] - n[a] * PKib - n[b] * PKia;
        double PdK = p->dK[i * dd + a * d + b] - n[i] * along[a * d + b];
        double entry = p->r * PdK - twice_S;
        sum += entry * entry;
      }
  return sum;
}

static double anisotropic_square(const lmx_pointwise *p)
{
  int dd = p->d * p->d;
  double sum = 0.0;
  for (int i = 0; i < p->d; ++i)
    for (int ab = 0; ab < dd; ++ab)
      sum += p->c[i] * p->dK[i * dd + ab] * p->dK[i * dd + ab];
  return sum;
}

/* - 2 sum c_i dK_{i,ab}^2 - 2 || |v| P dK - 2 S ||^2 + 4 (tr P K)^2
 * + 4 (d-1) (n.K n)^2 + 4 d |P K n|^2. */
lmx_side lmx_lem_4_5_right(const lmx_pointwise *p)
{
  int d = p->d;
  double Kn[LMX_MAX_DIMENSION], nKn = 0.0, Kn2 = 0.0, trace = 0.0;
  for (int a = 0; a < d; ++a) {
    Kn[a] = 0.0;
    for (int b = 0; b < d; ++b)
      Kn[a] += p->K[a * d + b] * p->n[b];
    nKn += p->n[a] * Kn[a];
    trace += p->K[a * d + a];
  }
  for (int a = 0; a < d; ++a)
    Kn2 += (Kn[a] - nKn * p->n[a]) * (Kn[a] - nKn * p->n[a]);
  lmx_side side = {0};
  lmx_side_add(&side, -2.0 * anisotropic_square(p));
  lmx_side_add(&side, -2.0 * tangential_square(p, Kn));
  lmx_side_add(&side, 4.0 * (trace - nKn) * (trace - nKn));
  lmx_side_add(&side, 4.0 * (d - 1.0) * nKn * nKn);
  lmx_side_add(&side, 4.0 * d * Kn2);
  return side;
}

/* - 2 |v|^2 |f_abc - f_a f_bc / f|^2 + 2 v_a v_b (...), Term_5 and the part
 * of Term_4 with |v|^2 as they stand in the proof, over f. */
lmx_side lmx_eq_4_7_left(const lmx_pointwise *p)
{
  int d = p->d, dd = d * d;
  const double *v = p->jet->v, *q = p->jet->q;
  double W[SQUARE], vW[SQUARE] = {0}, vq = p->r * p->nq;
  double square = 0.0, product = 0.0, mixed = 0.0;
  for (int i = 0; i < d; ++i) {
    third_row(p, i, W);
    for (int k = 0; k < dd; ++k) {
      double entry = W[k] - q[i] * p->K[k];
      square += entry * entry;
      vW[k] += v[i] * W[k];
    }
  }
  for (int k = 0; k < dd; ++k) {
    product += vW[k] * vW[k];
    mixed += p->K[k] * vW[k];
  }
  lmx_side side = {0};
  lmx_side_add(&side, -2.0 * p->v2 * square);
  lmx_side_add(&side, 2.0 * product);
  lmx_side_add(&side, -4.0 * vq * mixed);
  lmx_side_add(&side, 2.0 * vq * vq * p->K2);
  return side;
}

/* - sum over all four indices of the square of (4.7), whose bracket is
 * v_a d_b K_cd - v_b d_a K_cd. */
lmx_side lmx_eq_4_7_right(const lmx_pointwise *p)
{
  int d = p->d, dd = d * d;
  const double *v = p->jet->v;
  lmx_side side = {0};
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      double sum = 0.0;
      for (int k = 0; k < dd; ++k) {
        double bracket = v[a] * p->dK[b * dd + k] - v[b] * p->dK[a * dd + k];
        sum += bracket * bracket;
      }
      lmx_side_add(&side, -sum);
    }
  return side;
}
