/* From the sums of the series to gradient and Hessian in R^d. */
#include "exact/series_unfold.h"

/* Full gradient and Hessian of f over the reference Gaussian, in R^d, from
 * the sums of plane and space. */
static void unfold(int d, arb_srcptr sums, arb_ptr h)
{
  int at = 1 + d;
  for (int i = 0; i <= d; ++i)
    arb_set(&h[i], &sums[i]);
  for (int a = 0; a < d; ++a)
    for (int b = a; b < d; ++b, ++at) {
      arb_set(&h[1 + d + a * d + b], &sums[at]);
      arb_set(&h[1 + d + b * d + a], &sums[at]);
    }
}

/* From the sums f, f_1, f_11, Laplacian, -v.grad f, -v.grad f_1 of zonal data
 * to R^d, e the unit vector across the axis: with rho f_rho = v.grad f - v_1
 * f_1 and the same for f_1,
 *   rho^2 f_rhorho = rho^2 (Laplacian - f_11) - (d-2) rho f_rho.
 * On the axis f_rho = f_1rho = 0 and f_rhorho = f_rho/rho. */
typedef struct zonal {
  arb_t rho, slope, cross, twice, across; /* rho, f_rho, f_1rho, f_rhorho,
                                             f_rho/rho */
} zonal;

static void zonal_parts(int d, const arb_t v1, arb_srcptr sums, long bits,
                        zonal *at)
{
  arb_sub(at->twice, &sums[3], &sums[2], bits);
  if (arb_is_zero(at->rho)) {
    arb_div_si(at->twice, at->twice, d - 1, bits);
    arb_set(at->across, at->twice);
    return;
  }
  arb_addmul(at->slope, v1, &sums[1], bits);
  arb_add(at->slope, at->slope, &sums[4], bits);
  arb_neg(at->slope, at->slope);
  arb_div(at->slope, at->slope, at->rho, bits);
  arb_addmul(at->cross, v1, &sums[2], bits);
  arb_add(at->cross, at->cross, &sums[5], bits);
  arb_neg(at->cross, at->cross);
  arb_div(at->cross, at->cross, at->rho, bits);
  arb_div(at->across, at->slope, at->rho, bits);
  arb_submul_si(at->twice, at->across, d - 2, bits);
}

static void unfold_zonal(int d, int axis, const double *v, const zonal *at,
                         arb_srcptr sums, long bits, arb_ptr h)
{
  arb_t ea, eb, u;
  arb_init(ea);
  arb_init(eb);
  arb_init(u);
  arb_set(&h[0], &sums[0]);
  for (int a = 0; a < d; ++a) {
    arb_set_d(ea, a == axis ? 0.0 : v[a]);
    if (!arb_is_zero(at->rho))
      arb_div(ea, ea, at->rho, bits);
    arb_mul(&h[1 + a], ea, at->slope, bits);
    for (int b = 0; b < d; ++b) {
      arb_ptr H = &h[1 + d + a * d + b];
      arb_set_d(eb, b == axis ? 0.0 : v[b]);
      if (!arb_is_zero(at->rho))
        arb_div(eb, eb, at->rho, bits);
      arb_sub(u, at->twice, at->across, bits);
      arb_mul(u, u, ea, bits);
      arb_mul(H, u, eb, bits);
      if (a == b)
        arb_add(H, H, at->across, bits);
      if ((a == axis) != (b == axis))
        arb_mul(H, at->cross, a == axis ? eb : ea, bits);
    }
  }
  arb_set(&h[1 + axis], &sums[1]);
  arb_set(&h[1 + d + axis * (d + 1)], &sums[2]);
  arb_clear(ea);
  arb_clear(eb);
  arb_clear(u);
}

void lmx_series_unfold(lmx_harmonic_kind kind, int d, int axis, const double *v,
                       const arb_t rho, arb_srcptr sums, long bits, arb_ptr h)
{
  if (kind != LMX_ZONAL) {
    unfold(d, sums, h);
    return;
  }
  zonal at;
  arb_t v1;
  arb_init(v1);
  arb_init(at.rho);
  arb_init(at.slope);
  arb_init(at.cross);
  arb_init(at.twice);
  arb_init(at.across);
  arb_set_d(v1, v[axis]);
  arb_set(at.rho, rho);
  zonal_parts(d, v1, sums, bits, &at);
  unfold_zonal(d, axis, v, &at, sums, bits, h);
  arb_clear(v1);
  arb_clear(at.rho);
  arb_clear(at.slope);
  arb_clear(at.cross);
  arb_clear(at.twice);
  arb_clear(at.across);
}
