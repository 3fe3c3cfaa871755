/* Restriction and interpolation between two levels. */
#include "solve/multigrid_internal.h"

/* row[k] = sum of the fine rows that coarse row (i, j) averages. */
LMX_INLINE void gather_rows(const lmx_mg_level *fine, const float *from, int i,
                            int j, float *restrict row)
{
  const lmx_mg_axis *a0 = &fine->axis[0], *a1 = &fine->axis[1];
  int n = fine->axis[2].n, taps0 = a0->present ? LMX_MG_TAPS : 1;
  int taps1 = a1->present ? LMX_MG_TAPS : 1;
  for (int k = 0; k < n; ++k)
    row[k] = 0.0f;
  for (int p = 0; p < taps0; ++p)
    for (int q = 0; q < taps1; ++q) {
      float w = a0->tap[LMX_MG_TAPS * i + p] * a1->tap[LMX_MG_TAPS * j + q];
      const float *restrict x =
          from + lmx_mg_row_at(fine, a0->first[i] + p, a1->first[j] + q);
      if (w != 0.0f)
        for (int k = 0; k < n; ++k)
          row[k] += w * x[k];
    }
}

LMX_KERNEL void lmx_mg_restrict(const lmx_mg_level *fine, const float *from,
                                const lmx_mg_level *coarse, float *to,
                                float *scratch)
{
  const lmx_mg_axis *a2 = &fine->axis[2];
  const int *first = a2->first;
  const float *tap = a2->tap;
  int n = coarse->axis[2].n;
  for (int i = 0; i < coarse->axis[0].n; ++i)
    for (int j = 0; j < coarse->axis[1].n; ++j) {
      float *restrict row = scratch;
      gather_rows(fine, from, i, j, row);
      /* taps of weight 0 may reach beyond a short row */
      for (int k = 0; k < LMX_MG_TAPS; ++k)
        row[fine->axis[2].n + k] = 0.0f;
      float *restrict out = to + lmx_mg_row_at(coarse, i, j);
      for (int k = 0; k < n; ++k) {
        const float *x = row + first[k], *w = tap + LMX_MG_TAPS * k;
        out[k] = w[0] * x[0] + w[1] * x[1] + w[2] * x[2] + w[3] * x[3];
      }
    }
}

/* row[k], k = -1 .. n: the coarse rows interpolated to fine row (i, j). */
LMX_INLINE void blend_rows(const lmx_mg_level *coarse, const lmx_mg_level *fine,
                           int i, int j, float *restrict row)
{
  const lmx_mg_axis *a0 = &fine->axis[0], *a1 = &fine->axis[1];
  const float *x = coarse->z + lmx_mg_row_at(coarse, a0->base[i], a1->base[j]);
  size_t n0 = a0->present ? coarse->stride[0] : 0;
  size_t n1 = a1->present ? coarse->stride[1] : 0;
  float p = a0->weight[i], q = a1->weight[j];
  float w00 = p * q, w01 = p * (1.0f - q);
  float w10 = (1.0f - p) * q, w11 = (1.0f - p) * (1.0f - q);
  const float *x01 = x + n1, *x10 = x + n0, *x11 = x + n0 + n1;
  int n = coarse->axis[2].n;
  if (!a0->present)
    for (int k = -1; k <= n; ++k)
      row[k] = w00 * x[k] + w01 * x01[k];
  else
    for (int k = -1; k <= n; ++k)
      row[k] = w00 * x[k] + w01 * x01[k] + w10 * x10[k] + w11 * x11[k];
}

LMX_KERNEL void lmx_mg_prolong_add(const lmx_mg_level *coarse,
                                   const lmx_mg_level *fine, float *scratch)
{
  const lmx_mg_axis *a2 = &fine->axis[2];
  float *restrict row = scratch + 1;
  for (int i = 0; i < fine->axis[0].n; ++i)
    for (int j = 0; j < fine->axis[1].n; ++j) {
      blend_rows(coarse, fine, i, j, row);
      float *restrict z = fine->z + lmx_mg_row_at(fine, i, j);
      if (a2->halved)
        for (int k = 0; k < coarse->axis[2].n; ++k) {
          z[2 * k] += 0.25f * row[k - 1] + 0.75f * row[k];
          z[2 * k + 1] += 0.75f * row[k] + 0.25f * row[k + 1];
        }
      else
        for (int k = 0; k < a2->n; ++k)
          z[k] += a2->weight[k] * row[a2->base[k]] +
                  (1.0f - a2->weight[k]) * row[a2->base[k] + 1];
    }
}
