/* Levels of the multigrid hierarchy: layout, transfers, ghosts. */
#include <float.h>
#include <math.h>
#include <string.h>

#include "solve/multigrid_internal.h"

static size_t round_up(size_t n)
{
  return (n + LMX_MG_LANES - 1) / LMX_MG_LANES * LMX_MG_LANES;
}

static void set_layout(lmx_mg_level *level)
{
  const lmx_mg_axis *a = level->axis;
  size_t row = round_up((size_t)a[2].n + 1) + LMX_MG_LANES;
  size_t n1 = (size_t)a[1].n + (a[1].present ? 2 : 0);
  size_t n0 = (size_t)a[0].n + (a[0].present ? 2 : 0);
  level->stride[2] = 1;
  level->stride[1] = row;
  level->stride[0] = row * n1;
  level->origin =
      LMX_MG_LANES + (a[1].present ? row : 0) + (a[0].present ? row * n1 : 0);
  level->total = row * n1 * n0;
}

/* Numbers in each of the three arrays of factors along an axis. */
static size_t lines_size(const lmx_mg_level *level, int axis)
{
  const lmx_mg_axis *a = level->axis;
  if (axis < 2)
    return a[axis].present ? level->total : 0;
  size_t rows = (size_t)a[0].n * (size_t)a[1].n;
  return round_up(rows) * (size_t)a[2].n;
}

/* Hands out consecutive pieces of one block, each aligned; a first pass
 * without memory counts them. */
typedef struct {
  float *memory;
  size_t used;
} arena;

static float *take(arena *from, size_t n)
{
  float *piece = from->memory == NULL ? NULL : from->memory + from->used;
  from->used += round_up(n);
  return piece;
}

static void take_all(arena *from, lmx_mg_level *level)
{
  for (int a = 0; a < LMX_MG_AXES; ++a) {
    lmx_mg_axis *axis = &level->axis[a];
    size_t n = (size_t)axis->n;
    float **arrays[] = {&axis->v,    &axis->v2,    &axis->guard, &axis->alpha,
                        &axis->beta, &axis->sigma, &axis->weight};
    for (size_t k = 0; k < sizeof arrays / sizeof arrays[0]; ++k)
      *arrays[k] = take(from, n);
    axis->tap = take(from, n * LMX_MG_TAPS);
    level->t[a] = take(from, axis->present ? level->total : 0);
    level->lines[a].lower = take(from, lines_size(level, a));
    level->lines[a].pivot = take(from, lines_size(level, a));
    level->lines[a].upper = take(from, lines_size(level, a));
  }
  level->z = take(from, level->total);
  level->f = take(from, level->total);
  level->r = take(from, level->total);
}

static lmx_mg_end far_end(lmx_outer outer)
{
  return outer == LMX_OUTER_ZERO ? LMX_MG_ZERO : LMX_MG_EXTRAPOLATE;
}

static void set_axis(const lmx_axis *from, int n, lmx_outer outer,
                     lmx_mg_axis *axis)
{
  bool full = from->kind == LMX_AXIS_FULL;
  double length = full ? 2.0 * from->half_width : from->half_width;
  axis->present = true;
  axis->n = n;
  axis->h = length / n;
  axis->low = full ? far_end(outer) : LMX_MG_REFLECT;
  axis->high = far_end(outer);
}

static void fill_axis(const lmx_axis *from, lmx_mg_axis *axis)
{
  double start =
      from != NULL && from->kind == LMX_AXIS_FULL ? -from->half_width : 0.0;
  for (int i = 0; i < axis->n; ++i) {
    double v = axis->present ? start + (i + 0.5) * axis->h : 0.0;
    axis->v[i] = (float)v;
    axis->v2[i] = (float)(v * v);
    axis->sigma[i] = 0.0f;
    axis->alpha[i] = axis->present ? 2.0f : 0.0f;
    axis->weight[i] = 1.0f;
    axis->base[i] = i;
    axis->first[i] = 0;
  }
  axis->tap[0] = 1.0f;
  if (!axis->present)
    return;
  int last = axis->n - 1;
  if (axis->low == LMX_MG_REFLECT)
    axis->alpha[0] = axis->beta[0] = 1.0f, axis->sigma[0] = -0.5f;
  if (axis->low == LMX_MG_EXTRAPOLATE)
    axis->alpha[0] = 0.0f, axis->beta[0] = 2.0f, axis->sigma[0] = -1.0f;
  if (axis->high == LMX_MG_EXTRAPOLATE)
    axis->alpha[last] = 0.0f, axis->beta[last] = -2.0f,
    axis->sigma[last] = 1.0f;
}

lmx_status lmx_mg_level_create(lmx_context *context, const lmx_grid *grid,
                               const int *n, lmx_outer outer,
                               lmx_mg_level *level)
{
  int skip = LMX_MG_AXES - grid->naxes;
  *level = (lmx_mg_level){.naxes = grid->naxes};
  for (int a = 0; a < LMX_MG_AXES; ++a) {
    level->axis[a].n = 1;
    level->axis[a].h = 1.0;
    if (a >= skip)
      set_axis(&grid->axis[a - skip], n[a - skip], outer, &level->axis[a]);
  }
  set_layout(level);
  arena count = {NULL, 0};
  take_all(&count, level);
  LMX_TRY(LMX_NEW_ARRAY(context, count.used, &level->memory));
  arena real = {level->memory, 0};
  take_all(&real, level);
  int *index;
  size_t per_axis[LMX_MG_AXES], indices = 0;
  for (int a = 0; a < LMX_MG_AXES; ++a)
    indices += per_axis[a] = 2 * (size_t)level->axis[a].n;
  LMX_TRY(LMX_NEW_ARRAY(context, indices, &level->indices));
  index = level->indices;
  for (int a = 0; a < LMX_MG_AXES; index += per_axis[a++]) {
    level->axis[a].base = index;
    level->axis[a].first = index + level->axis[a].n;
    fill_axis(a < skip ? NULL : &grid->axis[a - skip], &level->axis[a]);
  }
  return LMX_OK;
}

void lmx_mg_level_destroy(lmx_mg_level *level)
{
  lmx_free(level->memory);
  lmx_free(level->indices);
  *level = (lmx_mg_level){0};
}

size_t lmx_mg_scratch_size(const lmx_mg_level *finest)
{
  return (LMX_MG_LANES + 4) * (round_up((size_t)finest->axis[2].n) + 16);
}

/* Share of coarse node I in the value that linear interpolation gives at x,
 * constant beyond the outermost nodes. */
static double hat(double x, int I, int n, double x0, double h)
{
  double position = fmin(fmax((x - x0) / h, 0.0), n - 1.0);
  return fmax(0.0, 1.0 - fabs(position - I));
}

static void link_axis(lmx_mg_axis *fine, const lmx_mg_axis *coarse)
{
  double ratio = fine->h / coarse->h, x0 = 0.5;
  fine->halved = fine->n == 2 * coarse->n;
  for (int i = 0; i < fine->n; ++i) {
    double position = (i + 0.5) * ratio - x0;
    double base = fmin(fmax(floor(position), -1.0), coarse->n - 1.0);
    fine->base[i] = (int)base;
    fine->weight[i] = (float)(1.0 - (position - base));
  }
  for (int I = 0; I < coarse->n; ++I) {
    double share[LMX_MG_TAPS] = {0}, sum = 0.0;
    int first = -1, n = 0;
    for (int i = 0; i < fine->n; ++i) {
      double w = hat((i + 0.5) * ratio, I, coarse->n, x0, 1.0);
      if (w > 1e-9 && first < 0)
        first = i;
      if (w > 1e-9 && n < LMX_MG_TAPS)
        sum += share[n++] = w;
    }
    fine->first[I] = first;
    for (int k = 0; k < LMX_MG_TAPS; ++k)
      fine->tap[LMX_MG_TAPS * I + k] = (float)(share[k] / sum);
  }
}

void lmx_mg_level_link(lmx_mg_level *fine, const lmx_mg_level *coarse)
{
  for (int a = 0; a < LMX_MG_AXES; ++a)
    if (fine->axis[a].present)
      link_axis(&fine->axis[a], &coarse->axis[a]);
}
