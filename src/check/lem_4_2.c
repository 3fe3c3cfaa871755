/* Lemma 4.2, pointwise: [(d_t - L)(f log f)] / f, with (4.4) and (4.5). */
#include "check/identities.h"

/* phi(f) = f log f: phi' = 1 + g, f phi'' = 1, phi/f = g. */
lmx_side lmx_lem_4_2_left(const lmx_pointwise *p)
{
  double g = p->jet->g;
  lmx_side side = {0}, ft = lmx_time_derivative(p);
  side.value = (1.0 + g) * ft.value;
  side.scale = fabs(1.0 + g) * ft.scale;
  lmx_abar_add(p, p->K, -(1.0 + g), &side);
  lmx_abar_pair_add(p, p->jet->q, p->jet->q, -1.0, &side);
  lmx_side_add(&side, -p->kappa * g);
  return side;
}

/* kappa - sum c_a q_a^2 - |v|^2 |P q|^2. */
lmx_side lmx_lem_4_2_right(const lmx_pointwise *p)
{
  lmx_side side = {0};
  lmx_side_add(&side, p->kappa);
  lmx_side_add(&side, -lmx_c_square(p));
  lmx_side_add(&side, -lmx_rotation_square(p));
  return side;
}

lmx_side lmx_lem_4_2_paper(const lmx_pointwise *p)
{
  lmx_side side = lmx_eq_4_4_right(p);
  side.value = -side.value;
  lmx_side_add(&side, p->kappa);
  lmx_side_add(&side, -lmx_c_square(p));
  return side;
}

lmx_side lmx_eq_4_4_left(const lmx_pointwise *p)
{
  double vq = 0.0;
  for (int a = 0; a < p->d; ++a)
    vq += p->jet->v[a] * p->jet->q[a];
  lmx_side side = {0};
  lmx_side_add(&side, p->v2 * p->q2);
  lmx_side_add(&side, -vq * vq);
  return side;
}

lmx_side lmx_eq_4_4_right(const lmx_pointwise *p)
{
  const double *v = p->jet->v, *q = p->jet->q;
  lmx_side side = {0};
  for (int a = 0; a < p->d; ++a)
    for (int b = 0; b < p->d; ++b) {
      double bracket = v[a] * q[b] - v[b] * q[a];
      lmx_side_add(&side, 0.5 * bracket * bracket);
    }
  return side;
}
