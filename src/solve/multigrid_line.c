/* Line solves with the factors made at set-up. */
#include "solve/multigrid_internal.h"

/* Lines along axis 0 or 1 that cross columns [k0, k1), elimination;
 * `at` is the first row of theirs. */
LMX_INLINE void eliminate(const lmx_mg_level *level, int axis, size_t at,
                          int k0, int k1, float omega)
{
  size_t stride = level->stride[axis];
  int n = level->axis[axis].n;
  for (int p = 0; p < n; ++p, at += stride) {
    const float *restrict lower = level->lines[axis].lower + at;
    float *r = level->r + at;
    const float *back = p == 0 ? r : r - stride; /* lower is 0 there */
#pragma GCC ivdep
    for (int k = k0; k < k1; ++k)
      r[k] = omega * r[k] - lower[k] * back[k];
  }
}

/* Back substitution of the same. */
LMX_INLINE void substitute(const lmx_mg_level *level, int axis, size_t at,
                           int k0, int k1, bool z_is_zero)
{
  size_t stride = level->stride[axis];
  int n = level->axis[axis].n;
  at += (size_t)(n - 1) * stride;
  for (int p = n - 1; p >= 0; --p, at -= stride) {
    const float *restrict pivot = level->lines[axis].pivot + at;
    const float *restrict upper = level->lines[axis].upper + at;
    float *x = level->r + at, *restrict z = level->z + at;
    const float *next = p == n - 1 ? x : x + stride; /* upper is 0 there */
#pragma GCC ivdep
    for (int k = k0; k < k1; ++k) {
      x[k] = pivot[k] * x[k] - upper[k] * next[k];
      z[k] = z_is_zero ? x[k] : z[k] + x[k];
    }
  }
}

LMX_INLINE void solve_slow(const lmx_mg_level *level, int axis, float omega,
                           bool z_is_zero)
{
  int other = 1 - axis, n2 = level->axis[2].n;
  for (int o = 0; o < level->axis[other].n; ++o) {
    size_t at = level->origin + (size_t)o * level->stride[other];
    for (int k0 = 0; k0 < n2; k0 += LMX_MG_PANEL) {
      int k1 = k0 + LMX_MG_PANEL < n2 ? k0 + LMX_MG_PANEL : n2;
      eliminate(level, axis, at, k0, k1, omega);
      substitute(level, axis, at, k0, k1, z_is_zero);
    }
  }
}

/* LMX_MG_LANES lines along the contiguous axis at once, transposed in
 * `block` [n][LMX_MG_LANES]. */
LMX_INLINE void solve_block(int n, const float *restrict lower,
                            const float *restrict pivot,
                            const float *restrict upper, float *restrict block)
{
  float x[LMX_MG_LANES] = {0};
  for (int k = 0; k < n; ++k)
    for (int lane = 0; lane < LMX_MG_LANES; ++lane) {
      int c = k * LMX_MG_LANES + lane;
      x[lane] = block[c] - lower[c] * x[lane];
      block[c] = x[lane];
    }
  for (int lane = 0; lane < LMX_MG_LANES; ++lane)
    x[lane] = 0.0f;
  for (int k = n - 1; k >= 0; --k)
    for (int lane = 0; lane < LMX_MG_LANES; ++lane) {
      int c = k * LMX_MG_LANES + lane;
      x[lane] = pivot[c] * block[c] - upper[c] * x[lane];
      block[c] = x[lane];
    }
}

LMX_INLINE void solve_contiguous(const lmx_mg_level *level, float omega,
                                 bool z_is_zero, float *restrict block)
{
  int n = level->axis[2].n, n1 = level->axis[1].n;
  int rows = level->axis[0].n * n1;
  const lmx_mg_lines *lines = &level->lines[2];
  for (int first = 0; first < rows; first += LMX_MG_LANES) {
    int lanes = rows - first < LMX_MG_LANES ? rows - first : LMX_MG_LANES;
    size_t from = (size_t)first * (size_t)n, at[LMX_MG_LANES];
    for (int lane = 0; lane < lanes; ++lane) {
      at[lane] = lmx_mg_row_at(level, (first + lane) / n1, (first + lane) % n1);
      const float *r = level->r + at[lane];
      for (int k = 0; k < n; ++k)
        block[k * LMX_MG_LANES + lane] = omega * r[k];
    }
    solve_block(n, lines->lower + from, lines->pivot + from,
                lines->upper + from, block);
    for (int lane = 0; lane < lanes; ++lane) {
      float *restrict x = level->r + at[lane];
      float *restrict z = level->z + at[lane];
      for (int k = 0; k < n; ++k) {
        x[k] = block[k * LMX_MG_LANES + lane];
        z[k] = z_is_zero ? x[k] : z[k] + x[k];
      }
    }
  }
}

LMX_KERNEL void lmx_mg_solve_lines(const lmx_mg_level *level, int axis,
                                   float omega, bool z_is_zero, float *scratch)
{
  if (axis == 2)
    solve_contiguous(level, omega, z_is_zero, scratch);
  else
    solve_slow(level, axis, omega, z_is_zero);
}
