/* The second-order operator on one level: residuals, line matrices. */
#include "solve/multigrid_kernel.h"

LMX_KERNEL void lmx_mg_residual(const lmx_mg_level *level)
{
  for (int i = 0; i < level->axis[0].n; ++i)
    for (int j = 0; j < level->axis[1].n; ++j) {
      lmx_mg_row row = lmx_mg_row_make(level, i, j);
      lmx_mg_row_residual(level, &row, 0, level->axis[2].n, level->z,
                          level->f + row.at, level->r + row.at);
    }
}

/* One row of the tridiagonal matrices along an axis, its ends not yet
 * closed. */
typedef struct {
  float *lower, *diagonal, *upper; /* [n] each */
} line_row;

/* Adds what another axis contributes to the diagonal of the lines. */
LMX_INLINE void add_axis(int n, float s, float d, const float *restrict v2,
                         const float *restrict t, float guard, float alpha,
                         float beta, line_row m)
{
  for (int k = 0; k < n; ++k) {
    float sk = lmx_mg_upwind(s + d * v2[k], t[k], guard);
    m.diagonal[k] += alpha * sk + beta * t[k];
  }
}

LMX_INLINE void set_axis(int n, float s, float d, const float *restrict v2,
                         const float *restrict t, float guard, line_row m)
{
  for (int k = 0; k < n; ++k) {
    float sk = lmx_mg_upwind(s + d * v2[k], t[k], guard);
    m.lower[k] = t[k] - sk;
    m.upper[k] = -t[k] - sk;
    m.diagonal[k] += 2.0f * sk;
  }
}

/* Mixed differences reaching ghosts of another axis. */
LMX_INLINE void add_mixed(int n, float q, const float *restrict v,
                          const float *restrict sigma, line_row m)
{
  for (int k = 0; k < n; ++k) {
    float x = 2.0f * q * (v == NULL ? 1.0f : v[k]) *
              (sigma == NULL ? 1.0f : sigma[k]);
    m.lower[k] -= x;
    m.upper[k] += x;
  }
}

/* The mixed difference of two other axes where it reaches ghosts of both. */
LMX_INLINE void add_corner(int n, float q, const float *restrict v,
                           const float *restrict sigma, line_row m)
{
  for (int k = 0; k < n; ++k)
    m.diagonal[k] += 4.0f * q * (v == NULL ? 1.0f : v[k] * sigma[k]);
}

LMX_INLINE void assemble_row(const lmx_mg_level *level, int axis, int i, int j,
                             line_row m)
{
  lmx_mg_row c = lmx_mg_row_make(level, i, j);
  const lmx_mg_axis *a0 = &level->axis[0], *a1 = &level->axis[1];
  const lmx_mg_axis *a2 = &level->axis[2];
  const float *v2 = a2->v2;
  int n = a2->n;
  for (int k = 0; k < n; ++k)
    m.diagonal[k] = c.identity;
  if (a0->present) {
    if (axis == 0)
      set_axis(n, c.s0, c.d0, v2, level->t[0] + c.at, c.guard, m);
    else
      add_axis(n, c.s0, c.d0, v2, level->t[0] + c.at, c.guard, a0->alpha[i],
               a0->beta[i], m);
  }
  if (a1->present) {
    if (axis == 1)
      set_axis(n, c.s1, c.d1, v2, level->t[1] + c.at, c.guard, m);
    else
      add_axis(n, c.s1, c.d1, v2, level->t[1] + c.at, c.guard, a1->alpha[j],
               a1->beta[j], m);
  }
  const float *t2 = level->t[2] + c.at;
  for (int k = 0; k < n; ++k) {
    float s2 = lmx_mg_upwind(c.s2, t2[k], a2->guard[k]);
    if (axis == 2) {
      m.lower[k] = t2[k] - s2;
      m.upper[k] = -t2[k] - s2;
      m.diagonal[k] += 2.0f * s2;
    } else {
      m.diagonal[k] += a2->alpha[k] * s2 + a2->beta[k] * t2[k];
    }
  }
  if (axis == 0) {
    add_mixed(n, c.q01 * a1->sigma[j], NULL, NULL, m);
    add_mixed(n, c.q02, a2->v, a2->sigma, m);
    add_corner(n, c.q12 * a1->sigma[j], a2->v, a2->sigma, m);
  } else if (axis == 1) {
    add_mixed(n, c.q01 * a0->sigma[i], NULL, NULL, m);
    add_mixed(n, c.q12, a2->v, a2->sigma, m);
    add_corner(n, c.q02 * a0->sigma[i], a2->v, a2->sigma, m);
  } else {
    add_mixed(n, c.q02 * a0->sigma[i] + c.q12 * a1->sigma[j], a2->v, NULL, m);
    add_corner(n, c.q01 * a0->sigma[i] * a1->sigma[j], NULL, NULL, m);
  }
}

/* Closes the first or last equation of a line. That of an extrapolated edge is
 * for a difference (multigrid_edge.c): what it keeps of this axis is outward
 * transport. */
LMX_INLINE void close_end(lmx_mg_end end, float *outward, float *diagonal,
                          float *inward)
{
  if (end == LMX_MG_REFLECT)
    *diagonal += *outward;
  if (end == LMX_MG_EXTRAPOLATE) {
    *diagonal += 2.0f * *outward;
    *inward = 0.0f;
  }
  *outward = 0.0f;
}

/* The equation next to an edge, where w_1 = difference + w_2. */
LMX_INLINE void close_next(lmx_mg_end end, float outward, float *diagonal)
{
  if (end == LMX_MG_EXTRAPOLATE)
    *diagonal += outward;
}

/* Lines along axis 0 or 1: rows follow each other in the elimination. */
LMX_INLINE void eliminate_row(const lmx_mg_level *level, int axis, size_t at,
                              int p, line_row m)
{
  const lmx_mg_axis *a = &level->axis[axis];
  const lmx_mg_lines *lines = &level->lines[axis];
  int n = level->axis[2].n;
  size_t back = p == 0 ? 0 : level->stride[axis];
  float *restrict lower = lines->lower + at, *restrict upper =
                                                 lines->upper + at;
  float *pivot = lines->pivot + at;
  const float *pivot_back = lines->pivot + at - back;
  const float *upper_back = lines->upper + at - back;
  for (int k = 0; k < n && p == 0; ++k)
    close_end(a->low, &m.lower[k], &m.diagonal[k], &m.upper[k]);
  for (int k = 0; k < n && p == a->n - 1; ++k)
    close_end(a->high, &m.upper[k], &m.diagonal[k], &m.lower[k]);
  for (int k = 0; k < n && p == 1; ++k)
    close_next(a->low, m.lower[k], &m.diagonal[k]);
  for (int k = 0; k < n && p == a->n - 2; ++k)
    close_next(a->high, m.upper[k], &m.diagonal[k]);
  for (int k = 0; k < n && p == 0; ++k) {
    lower[k] = 0.0f;
    pivot[k] = 1.0f / m.diagonal[k];
    upper[k] = m.upper[k] * pivot[k];
  }
#pragma GCC ivdep
  for (int k = 0; k < n && p > 0; ++k) {
    lower[k] = m.lower[k] * pivot_back[k];
    pivot[k] = 1.0f / (m.diagonal[k] - m.lower[k] * upper_back[k]);
    upper[k] = m.upper[k] * pivot[k];
  }
}

LMX_INLINE void setup_slow(const lmx_mg_level *level, int axis, line_row m)
{
  for (int i = 0; i < level->axis[0].n; ++i)
    for (int j = 0; j < level->axis[1].n; ++j) {
      assemble_row(level, axis, i, j, m);
      eliminate_row(level, axis, lmx_mg_row_at(level, i, j), axis == 0 ? i : j,
                    m);
    }
}

/* Lines along the contiguous axis: every row is one line; row number `lane`
 * of its block. */
LMX_INLINE void eliminate_line(int n, size_t at, const lmx_mg_lines *lines,
                               line_row m)
{
  float pivot = 0.0f, upper = 0.0f;
  for (int k = 0; k < n; ++k) {
    size_t to = at + (size_t)k * LMX_MG_LANES;
    lines->lower[to] = m.lower[k] * pivot;
    pivot = 1.0f / (m.diagonal[k] - m.lower[k] * upper);
    upper = m.upper[k] * pivot;
    lines->pivot[to] = pivot;
    lines->upper[to] = upper;
  }
}

LMX_INLINE void setup_contiguous(const lmx_mg_level *level, line_row m)
{
  const lmx_mg_axis *a = &level->axis[2];
  int n1 = level->axis[1].n, rows = level->axis[0].n * n1, n = a->n;
  for (int row = 0; row < rows; ++row) {
    assemble_row(level, 2, row / n1, row % n1, m);
    close_end(a->low, &m.lower[0], &m.diagonal[0], &m.upper[0]);
    close_end(a->high, &m.upper[n - 1], &m.diagonal[n - 1], &m.lower[n - 1]);
    close_next(a->low, m.lower[1], &m.diagonal[1]);
    close_next(a->high, m.upper[n - 2], &m.diagonal[n - 2]);
    size_t at = (size_t)(row / LMX_MG_LANES * n) * LMX_MG_LANES +
                (size_t)(row % LMX_MG_LANES);
    eliminate_line(n, at, &level->lines[2], m);
  }
}

LMX_KERNEL void lmx_mg_lines_setup(lmx_mg_level *level, float *scratch)
{
  int n = level->axis[2].n;
  line_row m = {scratch, scratch + n, scratch + 2 * n};
  for (int axis = 0; axis < 2; ++axis)
    if (level->axis[axis].present)
      setup_slow(level, axis, m);
  setup_contiguous(level, m);
}
