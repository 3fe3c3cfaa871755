/* Lemma 4.6, pointwise: [(d_t - L)(f log^2 f)] / f. */
#include "check/identities.h"

/* phi(f) = f log^2 f: phi' = g^2 + 2 g, f phi'' = 2 + 2 g, phi/f = g^2. */
lmx_side lmx_lem_4_6_left(const lmx_pointwise *p)
{
  double g = p->jet->g;
  double slope = g * g + 2.0 * g;
  lmx_side side = {0}, ft = lmx_time_derivative(p);
  side.value = slope * ft.value;
  side.scale = fabs(slope) * ft.scale;
  lmx_abar_add(p, p->K, -slope, &side);
  lmx_abar_pair_add(p, p->jet->q, p->jet->q, -(2.0 + 2.0 * g), &side);
  lmx_side_add(&side, -p->kappa * g * g);
  return side;
}

/* 2 kappa g - 2 (1 + g) (sum c_a q_a^2 + times |v|^2 |P q|^2). */
static lmx_side with_rotation(const lmx_pointwise *p, double times)
{
  double g = p->jet->g;
  lmx_side side = {0};
  lmx_side_add(&side, 2.0 * p->kappa * g);
  lmx_side_add(&side, -2.0 * (1.0 + g) * lmx_c_square(p));
  lmx_side_add(&side, -2.0 * (1.0 + g) * times * lmx_rotation_square(p));
  return side;
}

lmx_side lmx_lem_4_6_right(const lmx_pointwise *p)
{
  return with_rotation(p, 1.0);
}

/* The printed (v_a f_b - v_b f_a)^2, summed over both indices, is twice
 * |v|^2 |P q|^2 by (4.4). */
lmx_side lmx_lem_4_6_printed(const lmx_pointwise *p)
{
  return with_rotation(p, 2.0);
}
