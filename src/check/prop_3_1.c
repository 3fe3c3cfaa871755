/* Prop. 3.1, pointwise: the barrier is a supersolution. */
#include "check/identities.h"

bool lmx_barrier_admissible(const lmx_model *model, const lmx_barrier *barrier)
{
  double horizon =
      fmin(0.5 / model->kappa, 0.125 / (model->d * barrier->growth));
  return barrier->growth > 0.0 && barrier->T > 0.0 && barrier->eps > 0.0 &&
         barrier->T + barrier->eps < horizon;
}

double lmx_barrier_delta(const lmx_model *model, const lmx_barrier *barrier,
                         double t)
{
  return 0.25 / (model->d * (barrier->T + barrier->eps - t));
}

/* From the jet of log phi: gradient delta v, Hessian delta I, time derivative
 * beta' + delta' |v|^2 / 2 with delta' = 4 d delta^2. */
lmx_side lmx_prop_3_1_left(const lmx_model *model, const lmx_barrier *barrier,
                           double t, const double *v)
{
  int d = model->d;
  double q[LMX_MAX_DIMENSION], c[LMX_MAX_DIMENSION], point[LMX_MAX_DIMENSION];
  double G[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION];
  double delta = lmx_barrier_delta(model, barrier, t);
  for (int a = 0; a < d; ++a) {
    point[a] = v[a];
    q[a] = delta * v[a];
    for (int b = 0; b < d; ++b)
      G[a * d + b] = a == b ? delta : 0.0;
  }
  lmx_jet jet = {.d = d, .v = point, .q = q, .G = G};
  lmx_pointwise p;
  lmx_pointwise_c(model, t, c);
  lmx_pointwise_set(&jet, c, 2, &p);
  lmx_side side = {0};
  lmx_side_add(&side, 0.25 * (d - 1.0) / barrier->eps);
  lmx_side_add(&side, 2.0 * d * delta * delta * p.v2);
  lmx_abar_add(&p, p.K, -1.0, &side);
  lmx_side_add(&side, 1.0);
  return side;
}

/* beta' + delta' |v|^2 / 2 - kappa delta - (d-1) (delta^2 + delta) |v|^2
 * + exp(-4dt) delta^2 sum D_aa v_a^2 + 1. */
lmx_side lmx_prop_3_1_right(const lmx_model *model, const lmx_barrier *barrier,
                            double t, const double *v)
{
  int d = model->d;
  double delta = lmx_barrier_delta(model, barrier, t), v2 = 0.0, Dv2 = 0.0;
  for (int a = 0; a < d; ++a) {
    v2 += v[a] * v[a];
    Dv2 += (lmx_model_temperature(model, a, t) - 1.0) * v[a] * v[a];
  }
  lmx_side side = {0};
  lmx_side_add(&side, 0.25 * (d - 1.0) / barrier->eps);
  lmx_side_add(&side, 2.0 * d * delta * delta * v2);
  lmx_side_add(&side, -model->kappa * delta);
  lmx_side_add(&side, -(d - 1.0) * (delta * delta + delta) * v2);
  lmx_side_add(&side, delta * delta * Dv2);
  lmx_side_add(&side, 1.0);
  return side;
}
