/* Damped line relaxation, residual and solve fused. */
#include <string.h>

#include "solve/multigrid_kernel.h"

/* Elimination and back substitution of the lines along axis 0 or 1 that cross
 * columns [k0, k1); `at` is the first row of theirs. */
LMX_INLINE void solve_rows(const lmx_mg_level *level, int axis, size_t at,
                           int k0, int k1, bool from_zero)
{
  const lmx_mg_lines *lines = &level->lines[axis];
  size_t stride = level->stride[axis];
  int n = level->axis[axis].n;
  size_t last = at + (size_t)(n - 1) * stride;
  float *r = level->r, *z = level->z;
  for (int p = n - 1; p >= 0; --p) {
    size_t here = at + (size_t)p * stride;
    size_t next = here == last ? here : here + stride;
    const float *restrict pivot = lines->pivot + here;
    const float *restrict upper = lines->upper + here;
    float *x = r + here, *restrict to = z + here;
    const float *x_next = r + next;
    /* upper is 0 in the last row, whatever x_next holds */
#pragma GCC ivdep
    for (int k = k0; k < k1; ++k) {
      x[k] = pivot[k] * x[k] - upper[k] * x_next[k];
      to[k] = from_zero ? x[k] : to[k] + x[k];
    }
  }
}

LMX_INLINE void smooth_slow(const lmx_mg_level *level, int axis, float omega,
                            bool from_zero)
{
  int n = level->axis[axis].n, other = 1 - axis, n2 = level->axis[2].n;
  const float *lower = level->lines[axis].lower;
  for (int o = 0; o < level->axis[other].n; ++o)
    for (int k0 = 0; k0 < n2; k0 += LMX_MG_PANEL) {
      int k1 = k0 + LMX_MG_PANEL < n2 ? k0 + LMX_MG_PANEL : n2;
      for (int p = 0; p < n; ++p) {
        lmx_mg_row row =
            lmx_mg_row_make(level, axis == 0 ? p : o, axis == 0 ? o : p);
        float *restrict r = level->r + row.at;
        if (from_zero)
          memcpy(r + k0, level->f + row.at + k0, (size_t)(k1 - k0) * sizeof *r);
        else
          lmx_mg_row_residual(level, &row, k0, k1, level->z, level->f + row.at,
                              r);
        const float *restrict m = lower + row.at;
        const float *back = p == 0 ? r : r - level->stride[axis];
#pragma GCC ivdep
        for (int k = k0; k < k1; ++k)
          r[k] = omega * r[k] - m[k] * back[k];
      }
      solve_rows(level, axis,
                 lmx_mg_row_at(level, axis == 0 ? 0 : o, axis == 0 ? o : 0), k0,
                 k1, from_zero);
    }
}

LMX_INLINE void smooth_contiguous(const lmx_mg_level *level, float omega,
                                  bool from_zero, float *restrict buffer)
{
  int n = level->axis[2].n, n1 = level->axis[1].n;
  int rows = level->axis[0].n * n1;
  float *restrict line = buffer + LMX_MG_LANES * (size_t)n;
  for (int first = 0; first < rows; first += LMX_MG_LANES) {
    int lanes = rows - first < LMX_MG_LANES ? rows - first : LMX_MG_LANES;
    for (int lane = 0; lane < lanes; ++lane) {
      lmx_mg_row row =
          lmx_mg_row_make(level, (first + lane) / n1, (first + lane) % n1);
      const float *from = level->f + row.at;
      if (!from_zero) {
        lmx_mg_row_residual(level, &row, 0, n, level->z, from, line);
        from = line;
      }
      for (int k = 0; k < n; ++k)
        buffer[k * LMX_MG_LANES + lane] = omega * from[k];
    }
    size_t at = (size_t)first * (size_t)n;
    const float *lower = level->lines[2].lower + at;
    const float *pivot = level->lines[2].pivot + at;
    const float *upper = level->lines[2].upper + at;
    float x[LMX_MG_LANES] = {0};
    for (int k = 0; k < n; ++k)
      for (int lane = 0; lane < LMX_MG_LANES; ++lane) {
        int c = k * LMX_MG_LANES + lane;
        x[lane] = buffer[c] - lower[c] * x[lane];
        buffer[c] = x[lane];
      }
    for (int lane = 0; lane < LMX_MG_LANES; ++lane)
      x[lane] = 0.0f;
    for (int k = n - 1; k >= 0; --k)
      for (int lane = 0; lane < LMX_MG_LANES; ++lane) {
        int c = k * LMX_MG_LANES + lane;
        x[lane] = pivot[c] * buffer[c] - upper[c] * x[lane];
        buffer[c] = x[lane];
      }
    for (int lane = 0; lane < lanes; ++lane) {
      float *restrict z = level->z + lmx_mg_row_at(level, (first + lane) / n1,
                                                   (first + lane) % n1);
      for (int k = 0; k < n; ++k)
        z[k] = buffer[k * LMX_MG_LANES + lane] + (from_zero ? 0.0f : z[k]);
    }
  }
}

LMX_KERNEL void lmx_mg_smooth(const lmx_mg_level *level, int axis, float omega,
                              bool from_zero, float *scratch)
{
  if (axis == 2)
    smooth_contiguous(level, omega, from_zero, scratch);
  else
    smooth_slow(level, axis, omega, from_zero);
}
