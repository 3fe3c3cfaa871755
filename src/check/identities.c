/* What the lemmas share: a jet prepared, abar contracted, quotients
 * differentiated. */
#include "check/identities.h"

double lmx_side_residual(lmx_side left, lmx_side right)
{
  double scale = fmax(left.scale, right.scale);
  double difference = fabs(left.value - right.value);
  return difference == 0.0 ? 0.0 : difference / scale;
}

void lmx_pointwise_c(const lmx_model *model, double t, double *c)
{
  for (int a = 0; a < model->d; ++a)
    c[a] = lmx_model_c(model, a, t);
}

static void set_third(lmx_pointwise *p)
{
  int d = p->d;
  const double *q = p->jet->q, *G = p->jet->G, *T = p->jet->T;
  for (int i = 0; i < d; ++i)
    for (int a = 0; a < d; ++a)
      for (int b = 0; b < d; ++b)
        p->dK[(i * d + a) * d + b] =
            T[(i * d + a) * d + b] + q[a] * G[i * d + b] + q[b] * G[i * d + a];
}

void lmx_pointwise_set(const lmx_jet *jet, const double *c, int derivatives,
                       lmx_pointwise *p)
{
  int d = jet->d;
  p->jet = jet;
  p->d = d;
  p->kappa = d * (d - 1.0);
  p->v2 = p->q2 = p->nq = p->K2 = 0.0;
  for (int a = 0; a < d; ++a) {
    p->c[a] = c[a];
    p->v2 += jet->v[a] * jet->v[a];
    p->q2 += jet->q[a] * jet->q[a];
  }
  p->r = sqrt(p->v2);
  for (int a = 0; a < d; ++a) {
    p->n[a] = p->r > 0.0 ? jet->v[a] / p->r : (a == 0);
    p->nq += p->n[a] * jet->q[a];
    for (int b = 0; b < d; ++b) {
      double K = jet->G[a * d + b] + jet->q[a] * jet->q[b];
      p->K[a * d + b] = K;
      p->K2 += K * K;
    }
  }
  if (derivatives >= 3)
    set_third(p);
}

void lmx_abar_add(const lmx_pointwise *p, const double *X, double factor,
                  lmx_side *side)
{
  int d = p->d;
  const double *v = p->jet->v;
  double diagonal = 0.0, trace = 0.0, along = 0.0;
  for (int a = 0; a < d; ++a) {
    diagonal += p->c[a] * X[a * d + a];
    trace += X[a * d + a];
    for (int b = 0; b < d; ++b)
      along += v[a] * v[b] * X[a * d + b];
  }
  lmx_side_add(side, factor * diagonal);
  lmx_side_add(side, factor * p->v2 * trace);
  lmx_side_add(side, -factor * along);
}

void lmx_abar_pair_add(const lmx_pointwise *p, const double *x, const double *y,
                       double factor, lmx_side *side)
{
  const double *v = p->jet->v;
  double diagonal = 0.0, product = 0.0, vx = 0.0, vy = 0.0;
  for (int a = 0; a < p->d; ++a) {
    diagonal += p->c[a] * x[a] * y[a];
    product += x[a] * y[a];
    vx += v[a] * x[a];
    vy += v[a] * y[a];
  }
  lmx_side_add(side, factor * diagonal);
  lmx_side_add(side, factor * p->v2 * product);
  lmx_side_add(side, -factor * vx * vy);
}

lmx_side lmx_time_derivative(const lmx_pointwise *p)
{
  lmx_side side = {0};
  lmx_abar_add(p, p->K, 1.0, &side);
  lmx_side_add(&side, p->kappa);
  return side;
}

double lmx_c_square(const lmx_pointwise *p)
{
  double sum = 0.0;
  for (int a = 0; a < p->d; ++a)
    sum += p->c[a] * p->jet->q[a] * p->jet->q[a];
  return sum;
}

double lmx_rotation_square(const lmx_pointwise *p)
{
  double sum = 0.0;
  for (int a = 0; a < p->d; ++a) {
    double tangential = p->jet->q[a] - p->nq * p->n[a];
    sum += tangential * tangential;
  }
  return p->v2 * sum;
}

/* With f = 1 at the point:
 *   d_t (N/f) = N_t - N f_t,
 *   d_ab (N/f) = N_ab - N_a f_b - N_b f_a - N f_ab + 2 N f_a f_b. */
lmx_side lmx_quotient_rule(const lmx_pointwise *p, double N, const double *dN,
                           const double *ddN, lmx_side Nt)
{
  const double *q = p->jet->q;
  lmx_side side = Nt;
  lmx_side ft = lmx_time_derivative(p);
  lmx_side_add(&side, -N * ft.value);
  side.scale = fmax(side.scale, fabs(N) * ft.scale);
  lmx_abar_add(p, ddN, -1.0, &side);
  lmx_abar_add(p, p->K, N, &side);
  lmx_abar_pair_add(p, dN, q, 2.0, &side);
  lmx_abar_pair_add(p, q, q, -2.0 * N, &side);
  lmx_side_add(&side, -p->kappa * N);
  return side;
}

/* L_1 f = (d-1) Lap f + (d-1) div(f v) - exp(-4dt) D_aa f_aa, where
 * exp(-4dt) D_aa = d - 1 - c_a, and
 * L_2 f = (|v|^2 I - v v^T) : Hess f - (d-1) v . grad f. */
lmx_side lmx_eq_3_7_split(const lmx_pointwise *p)
{
  int d = p->d;
  const double *v = p->jet->v;
  lmx_side side = {0};
  double vq = p->r * p->nq, trace = 0.0, anisotropy = 0.0, spherical = 0.0;
  for (int a = 0; a < d; ++a) {
    trace += p->K[a * d + a];
    anisotropy += (d - 1.0 - p->c[a]) * p->K[a * d + a];
    for (int b = 0; b < d; ++b)
      spherical +=
          (v[a] * v[a] * p->K[b * d + b]) - v[a] * v[b] * p->K[a * d + b];
  }
  lmx_side_add(&side, (d - 1.0) * trace);
  lmx_side_add(&side, (d - 1.0) * d);
  lmx_side_add(&side, (d - 1.0) * vq);
  lmx_side_add(&side, -anisotropy);
  lmx_side_add(&side, spherical);
  lmx_side_add(&side, -(d - 1.0) * vq);
  return side;
}
