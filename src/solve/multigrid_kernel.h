/* The row of the operator that residuals and fused line solves share. */
#ifndef LMX_SOLVE_MULTIGRID_KERNEL_H
#define LMX_SOLVE_MULTIGRID_KERNEL_H

#include "solve/multigrid_internal.h"

/* Coefficients of row (i, j) that do not vary along it; s_0, s_1 gain
 * d0, d1 times v_k^2, and q02, q12 are still to be multiplied by v_k. */
typedef struct lmx_mg_row {
  size_t at;
  float identity, guard;
  float s0, s1, s2, d0, d1;
  float q01, q02, q12;
} lmx_mg_row;

LMX_INLINE lmx_mg_row lmx_mg_row_make(const lmx_mg_level *level, int i, int j)
{
  float v0 = level->axis[0].v[i], v1 = level->axis[1].v[j];
  float x0 = v0 * v0, x1 = v1 * v1;
  const float *d = level->d, *dc = level->dc, *q = level->q;
  return (lmx_mg_row){.at = lmx_mg_row_at(level, i, j),
                      .identity = level->identity,
                      .guard = level->identity * 0.5f,
                      .s0 = dc[0] + d[0] * x1,
                      .s1 = dc[1] + d[1] * x0,
                      .s2 = dc[2] + d[2] * (x0 + x1),
                      .d0 = d[0],
                      .d1 = d[1],
                      .q01 = q[0] * v0 * v1,
                      .q02 = q[1] * v0,
                      .q12 = q[2] * v1};
}

/* s raised where the first-order term would otherwise take the diagonal
 * dominance of the lines. */
LMX_INLINE float lmx_mg_upwind(float s, float t, float guard)
{
  return lmx_mg_larger(s, lmx_mg_absolute(t) - guard);
}

/* out = f - A z on columns [k0, k1) of row (i, j); f and out point to the
 * row's first node, z to the whole field. */
LMX_INLINE void lmx_mg_row_residual(const lmx_mg_level *level,
                                    const lmx_mg_row *row, int k0, int k1,
                                    const float *z, const float *restrict f,
                                    float *restrict out)
{
  const lmx_mg_row c = *row;
  const float *v = level->axis[2].v, *v2 = level->axis[2].v2;
  const float *guard2 = level->axis[2].guard;
  const float *w = z + c.at, *t2 = level->t[2] + c.at;
  if (level->naxes == 1) {
    for (int k = k0; k < k1; ++k) {
      float s2 = lmx_mg_upwind(c.s2, t2[k], guard2[k]);
      float sum = w[k + 1] + w[k - 1], two = w[k] + w[k];
      out[k] = f[k] - c.identity * w[k] + s2 * (sum - two) +
               t2[k] * (w[k + 1] - w[k - 1]);
    }
    return;
  }
  const float *t1 = level->t[1] + c.at;
  const float *up = w + level->stride[1], *um = w - level->stride[1];
  if (level->naxes == 2) {
#pragma GCC ivdep
    for (int k = k0; k < k1; ++k) {
      float s1 = lmx_mg_upwind(c.s1 + c.d1 * v2[k], t1[k], c.guard);
      float s2 = lmx_mg_upwind(c.s2, t2[k], guard2[k]);
      float two = w[k] + w[k];
      float D1 = up[k] + um[k] - two, D2 = w[k + 1] + w[k - 1] - two;
      float pp = up[k + 1], pm = up[k - 1], mp = um[k + 1], mm = um[k - 1];
      float mixed = (pp - pm) - (mp - mm);
      out[k] = f[k] - c.identity * w[k] + s1 * D1 + s2 * D2 +
               t1[k] * (up[k] - um[k]) + t2[k] * (w[k + 1] - w[k - 1]) -
               c.q12 * v[k] * mixed;
    }
    return;
  }
  const float *t0 = level->t[0] + c.at;
  size_t n0 = level->stride[0], n1 = level->stride[1];
  const float *ap = w + n0, *am = w - n0;
  const float *pp = ap + n1, *pm = ap - n1, *mp = am + n1, *mm = am - n1;
#pragma GCC ivdep
  for (int k = k0; k < k1; ++k) {
    float s0 = lmx_mg_upwind(c.s0 + c.d0 * v2[k], t0[k], c.guard);
    float s1 = lmx_mg_upwind(c.s1 + c.d1 * v2[k], t1[k], c.guard);
    float s2 = lmx_mg_upwind(c.s2, t2[k], guard2[k]);
    float two = w[k] + w[k];
    float D0 = ap[k] + am[k] - two, D1 = up[k] + um[k] - two;
    float D2 = w[k + 1] + w[k - 1] - two;
    float mixed = c.q01 * ((pp[k] - pm[k]) - (mp[k] - mm[k]));
    float dp = ap[k + 1] - am[k + 1], dm = ap[k - 1] - am[k - 1];
    mixed += c.q02 * v[k] * (dp - dm);
    dp = up[k + 1] - um[k + 1];
    dm = up[k - 1] - um[k - 1];
    mixed += c.q12 * v[k] * (dp - dm);
    out[k] = f[k] - c.identity * w[k] + s0 * D0 + s1 * D1 + s2 * D2 +
             t0[k] * (ap[k] - am[k]) + t1[k] * (up[k] - um[k]) +
             t2[k] * (w[k + 1] - w[k - 1]) - mixed;
  }
}

#endif
