/* Lemma 4.1, pointwise: [(d_t - L)(|grad f|^2 / f)] / f. */
#include "check/identities.h"

/* N = |grad f|^2 (f = 1 at the point):
 *   N_a = 2 f_i f_ia,  N_ab = 2 f_ia f_ib + 2 f_i f_iab,  N_t = 2 f_i d_i f_t,
 *   d_i f_t = d_i abar : Hess f + abar : Hess f_i + kappa f_i,
 *   d_i abar : X = 2 v_i tr X - 2 (X v)_i. */
lmx_side lmx_lem_4_1_left(const lmx_pointwise *p)
{
  int d = p->d;
  const double *q = p->jet->q, *v = p->jet->v, *K = p->K;
  double dN[LMX_MAX_DIMENSION], W[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION];
  double ddN[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION];
  double trace = 0.0;
  for (int a = 0; a < d; ++a)
    trace += K[a * d + a];
  for (int k = 0; k < d * d; ++k)
    ddN[k] = 0.0;
  lmx_side Nt = {0};
  for (int i = 0; i < d; ++i) {
    double Kv = 0.0, Kq = 0.0;
    for (int a = 0; a < d; ++a) {
      Kv += K[i * d + a] * v[a];
      Kq += K[i * d + a] * q[a];
      for (int b = 0; b < d; ++b) {
        W[a * d + b] = p->dK[(i * d + a) * d + b] + q[i] * K[a * d + b];
        ddN[a * d + b] +=
            2.0 * (K[i * d + a] * K[i * d + b] + q[i] * W[a * d + b]);
      }
    }
    dN[i] = 2.0 * Kq;
    lmx_abar_add(p, W, 2.0 * q[i], &Nt);
    lmx_side_add(&Nt, 4.0 * q[i] * v[i] * trace);
    lmx_side_add(&Nt, -4.0 * q[i] * Kv);
    lmx_side_add(&Nt, 2.0 * p->kappa * q[i] * q[i]);
  }
  return lmx_quotient_rule(p, p->q2, dN, ddN, Nt);
}

/* - 2 sum_ab c_a G_ab^2. */
static double anisotropic(const lmx_pointwise *p)
{
  int d = p->d;
  double sum = 0.0;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      sum += p->c[a] * p->jet->G[a * d + b] * p->jet->G[a * d + b];
  return -2.0 * sum;
}

/* math.md section 3: - 2 sum c_a G_ab^2
 * - 2 || |v| P G - (n.q) P + (P q) n^T ||^2 + 2 [(d-1)(n.q)^2 + |P q|^2]. */
lmx_side lmx_lem_4_1_right(const lmx_pointwise *p)
{
  int d = p->d;
  const double *n = p->n, *q = p->jet->q, *G = p->jet->G;
  double nG[LMX_MAX_DIMENSION], square = 0.0, tangential = 0.0;
  for (int b = 0; b < d; ++b) {
    nG[b] = 0.0;
    for (int a = 0; a < d; ++a)
      nG[b] += n[a] * G[a * d + b];
  }
  for (int a = 0; a < d; ++a) {
    double Pq = q[a] - p->nq * n[a];
    tangential += Pq * Pq;
    for (int b = 0; b < d; ++b) {
      double PG = G[a * d + b] - n[a] * nG[b];
      double P = (a == b) - n[a] * n[b];
      double entry = p->r * PG - p->nq * P + Pq * n[b];
      square += entry * entry;
    }
  }
  lmx_side side = {0};
  lmx_side_add(&side, anisotropic(p));
  lmx_side_add(&side, -2.0 * square);
  lmx_side_add(&side, 2.0 * (d - 1.0) * p->nq * p->nq);
  lmx_side_add(&side, 2.0 * tangential);
  return side;
}

/* (4.3) as it ends the proof, the terms with gamma = beta completed to a
 * square: v_a G_bc - v_b G_ac is what its brackets are in log variables. */
lmx_side lmx_lem_4_1_paper(const lmx_pointwise *p)
{
  int d = p->d;
  const double *v = p->jet->v, *q = p->jet->q, *G = p->jet->G;
  double square = 0.0;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      for (int c = 0; c < d; ++c) {
        double bracket = v[a] * G[b * d + c] - v[b] * G[a * d + c];
        if (c == b)
          bracket -= 2.0 * q[a];
        square += bracket * bracket;
      }
  lmx_side side = {0};
  lmx_side_add(&side, anisotropic(p));
  lmx_side_add(&side, -square);
  lmx_side_add(&side, 4.0 * d * p->q2);
  return side;
}
