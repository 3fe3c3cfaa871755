/* What happens at the ends of the axes: ghosts, and the change of unknowns
 * that makes the edge equations of extrapolated fields harmless.
 *
 * With quadratic extrapolation the second difference D2 w at an outermost
 * node w_1 equals that at its neighbour w_2, so the edge equation reads
 * w_1 - s D2 w = ..., with the wrong sign on w_1.  Subtracting the
 * neighbour's equation cancels s D2 w; what is left is an equation along the
 * edge for the difference w_1 - w_2, and the inner equations see a Neumann
 * condition.  So relaxation takes differences of the residual at the edges
 * (lmx_mg_edge_differences), solves for differences, and sums the correction
 * up again (lmx_mg_edge_sums). */
#include <string.h>

#include "solve/multigrid_internal.h"

static float beyond(lmx_mg_end end, const float *node, ptrdiff_t inward)
{
  if (end == LMX_MG_EXTRAPOLATE)
    return 3.0f * (node[0] - node[inward]) + node[2 * inward];
  return end == LMX_MG_REFLECT ? node[0] : 0.0f;
}

/* The ghosts outside n nodes whose neighbours are `inward` away. */
static void fill_nodes(lmx_mg_end end, size_t n, float *node, ptrdiff_t inward)
{
  float *restrict ghost = node - inward;
  const float *one = node + inward, *two = one + inward;
  if (end == LMX_MG_REFLECT)
    memcpy(ghost, node, n * sizeof *ghost);
  else if (end == LMX_MG_ZERO)
    memset(ghost, 0, n * sizeof *ghost);
  else
    for (size_t k = 0; k < n; ++k)
      ghost[k] = 3.0f * (node[k] - one[k]) + two[k];
}

/* Both ghost layers of axis 0 or 1; n numbers from `at` on. */
static void fill_slow(const lmx_mg_level *level, int a, float *at, size_t n)
{
  const lmx_mg_axis *axis = &level->axis[a];
  ptrdiff_t step = (ptrdiff_t)level->stride[a];
  fill_nodes(axis->low, n, at, step);
  fill_nodes(axis->high, n, at + (axis->n - 1) * step, -step);
}

LMX_KERNEL void lmx_mg_fill_ghosts(const lmx_mg_level *level, float *field)
{
  const lmx_mg_axis *a = level->axis;
  int n = a[2].n;
  for (int i = 0; i < a[0].n; ++i) {
    for (int j = 0; j < a[1].n; ++j) {
      float *row = field + lmx_mg_row_at(level, i, j);
      row[-1] = beyond(a[2].low, row, 1);
      row[n] = beyond(a[2].high, row + n - 1, -1);
    }
    if (a[1].present)
      fill_slow(level, 1, field + lmx_mg_row_at(level, i, 0) - 1,
                (size_t)n + 2);
  }
  if (a[0].present)
    for (int j = -1; j <= a[1].n; ++j)
      fill_slow(level, 0, field + lmx_mg_row_at(level, 0, j) - 1,
                (size_t)n + 2);
}

/* to[k] += factor from[k] for the nodes at one end of an axis, from their
 * neighbours; `also` gets the same. */
static void add_neighbours(const lmx_mg_level *level, int a, bool high,
                           float factor, float *x, float *also)
{
  int n[LMX_MG_AXES];
  for (int b = 0; b < LMX_MG_AXES; ++b)
    n[b] = b == a ? 1 : level->axis[b].n;
  ptrdiff_t step = (ptrdiff_t)level->stride[a];
  ptrdiff_t shift = high ? (level->axis[a].n - 1) * step : 0;
  ptrdiff_t inward = high ? -step : step;
  for (int i = 0; i < n[0]; ++i)
    for (int j = 0; j < n[1]; ++j) {
      ptrdiff_t at = (ptrdiff_t)lmx_mg_row_at(level, i, j) + shift;
      for (int k = 0; k < n[2]; ++k) {
        float change = factor * x[at + k + inward];
        x[at + k] += change;
        if (also != NULL)
          also[at + k] += change;
      }
    }
}

static void add_all(const lmx_mg_level *level, float factor, float *x,
                    float *also)
{
  for (int a = LMX_MG_AXES - level->naxes; a < LMX_MG_AXES; ++a) {
    if (level->axis[a].low == LMX_MG_EXTRAPOLATE)
      add_neighbours(level, a, false, factor, x, also);
    if (level->axis[a].high == LMX_MG_EXTRAPOLATE)
      add_neighbours(level, a, true, factor, x, also);
  }
}

void lmx_mg_edge_differences(const lmx_mg_level *level, float *r)
{
  add_all(level, -1.0f, r, NULL);
}

void lmx_mg_edge_sums(const lmx_mg_level *level, float *x, float *z)
{
  add_all(level, 1.0f, x, z);
}
