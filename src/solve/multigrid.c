/* The multigrid cycle and its set-up. */
#include "solve/multigrid.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "solve/multigrid_internal.h"

/* Damping of the line relaxations; iterations change little from 0.7 to 1. */
static const float omega = 0.9f;

/* An axis is halved only while it keeps at least three nodes, and not when
 * it is already much coarser than another: then coupling along it is weak. */
static bool coarsen(const lmx_grid *grid, int *n)
{
  double h[LMX_MAX_AXES], finest = INFINITY;
  for (int a = 0; a < grid->naxes; ++a) {
    h[a] = grid->axis[a].h * (double)grid->axis[a].points / n[a];
    if (n[a] >= 5)
      finest = fmin(finest, h[a]);
  }
  if (isinf(finest))
    return false;
  for (int a = 0; a < grid->naxes; ++a)
    if (n[a] >= 5 && h[a] <= 1.5 * finest)
      n[a] = (n[a] + 1) / 2;
  return true;
}

lmx_status lmx_multigrid_create(lmx_context *context, const lmx_model *model,
                                const lmx_grid *grid, lmx_outer outer,
                                lmx_multigrid **out)
{
  lmx_status status;
  lmx_multigrid *mg;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &mg));
  mg->model = model;
  mg->grid = grid;
  int n[LMX_MAX_AXES];
  for (int a = 0; a < grid->naxes; ++a)
    n[a] = (int)grid->axis[a].points;
  do {
    lmx_mg_level *level = &mg->level[mg->nlevels++];
    LMX_TRY_GOTO(lmx_mg_level_create(context, grid, n, outer, level), fail);
    if (mg->nlevels > 1)
      lmx_mg_level_link(level - 1, level);
  } while (mg->nlevels < LMX_MG_LEVELS && coarsen(grid, n));
  LMX_TRY_GOTO(
      LMX_NEW_ARRAY(context, lmx_mg_scratch_size(&mg->level[0]), &mg->scratch),
      fail);
  *out = mg;
  return LMX_OK;
fail:
  lmx_multigrid_destroy(&mg);
  return status;
}

void lmx_multigrid_destroy(lmx_multigrid **multigrid)
{
  if (multigrid == NULL || *multigrid == NULL)
    return;
  for (int l = 0; l < (*multigrid)->nlevels; ++l)
    lmx_mg_level_destroy(&(*multigrid)->level[l]);
  lmx_free((*multigrid)->scratch);
  lmx_free(*multigrid);
  *multigrid = NULL;
}

static void set_parameters(const lmx_multigrid *mg, double t, double gamma,
                           double reaction, lmx_mg_level *level)
{
  static const int pair[3][2] = {{0, 1}, {0, 2}, {1, 2}};
  const int skip = LMX_MG_AXES - level->naxes;
  level->identity = (float)fmax(1.0 - gamma * reaction, 0.25);
  for (int a = skip; a < LMX_MG_AXES; ++a) {
    lmx_mg_axis *axis = &level->axis[a];
    double scale = gamma / (axis->h * axis->h);
    level->d[a] = (float)scale;
    level->dc[a] = (float)(scale * lmx_model_c(mg->model, a - skip, t));
    for (int i = 0; i < axis->n; ++i)
      axis->guard[i] = 0.5f * level->identity;
    /* near rho = 0 the radial term is large but leads to a ghost */
    if (axis->low == LMX_MG_REFLECT)
      axis->guard[0] = FLT_MAX;
  }
  for (int p = 0; p < 3; ++p) {
    int a = pair[p][0], b = pair[p][1];
    if (a < skip)
      continue;
    double ha = level->axis[a].h, hb = level->axis[b].h;
    level->q[p] = (float)(0.5 * gamma / (ha * hb));
  }
}

/* t of the finest level from the given b. */
static void load_drift(const lmx_multigrid *mg, double gamma,
                       const double *const b[LMX_MAX_AXES])
{
  const lmx_mg_level *level = &mg->level[0];
  const int skip = LMX_MG_AXES - level->naxes;
  for (int a = skip; a < LMX_MG_AXES; ++a) {
    if (b == NULL || b[a - skip] == NULL) {
      memset(level->t[a], 0, level->total * sizeof *level->t[a]);
      continue;
    }
    const double *from = b[a - skip];
    double scale = gamma / (2.0 * level->axis[a].h);
    int n = level->axis[2].n;
    for (int i = 0; i < level->axis[0].n; ++i)
      for (int j = 0; j < level->axis[1].n; ++j, from += n) {
        float *to = level->t[a] + lmx_mg_row_at(level, i, j);
        for (int k = 0; k < n; ++k)
          to[k] = (float)(scale * from[k]);
      }
  }
}

static void restrict_drift(lmx_multigrid *mg, int l)
{
  const lmx_mg_level *fine = &mg->level[l], *coarse = &mg->level[l + 1];
  for (int a = LMX_MG_AXES - fine->naxes; a < LMX_MG_AXES; ++a) {
    lmx_mg_restrict(fine, fine->t[a], coarse, coarse->t[a], mg->scratch);
    float ratio = (float)(fine->axis[a].h / coarse->axis[a].h);
    for (size_t k = 0; k < coarse->total; ++k)
      coarse->t[a][k] *= ratio;
  }
}

/* The term m (d + |v|^2 - E_n) w_rho / rho of a radial axis. */
static void add_radial_drift(const lmx_multigrid *mg, double t, double gamma,
                             lmx_mg_level *level)
{
  if (mg->grid->m == 0)
    return;
  const lmx_mg_axis *a0 = &level->axis[0], *a1 = &level->axis[1];
  const lmx_mg_axis *a2 = &level->axis[2];
  double c = lmx_model_c(mg->model, mg->grid->naxes - 1, t);
  float scale = (float)(mg->grid->m * gamma / (2.0 * a2->h));
  for (int i = 0; i < a0->n; ++i)
    for (int j = 0; j < a1->n; ++j) {
      float *to = level->t[2] + lmx_mg_row_at(level, i, j);
      float x = (float)c + a0->v2[i] + a1->v2[j];
      for (int k = 0; k < a2->n; ++k)
        to[k] += scale * (x + a2->v2[k]) / a2->v[k];
    }
}

/* Where functions are extrapolated, transport into the box has no value to
 * carry in: only its outward part is kept at the outermost nodes. */
static void keep_outward(lmx_mg_level *level, int a)
{
  const lmx_mg_axis *axis = &level->axis[a];
  int n[LMX_MG_AXES];
  for (int b = 0; b < LMX_MG_AXES; ++b)
    n[b] = b == a ? 1 : level->axis[b].n;
  size_t last = (size_t)(axis->n - 1) * level->stride[a];
  for (int i = 0; i < n[0]; ++i)
    for (int j = 0; j < n[1]; ++j)
      for (int k = 0; k < n[2]; ++k) {
        float *low = level->t[a] + lmx_mg_row_at(level, i, j) + k;
        float *high = low + last;
        if (axis->low == LMX_MG_EXTRAPOLATE && *low < 0.0f)
          *low = 0.0f;
        if (axis->high == LMX_MG_EXTRAPOLATE && *high > 0.0f)
          *high = 0.0f;
      }
}

/* Largest sum of the diffusion numbers s_a of a level. */
static double stiffness(const lmx_mg_level *level)
{
  double sum = 0.0;
  for (int a = 0; a < LMX_MG_AXES; ++a) {
    sum += level->dc[a];
    for (int b = 0; b < LMX_MG_AXES; ++b)
      if (b != a)
        sum += level->d[a] * level->axis[b].v2[level->axis[b].n - 1];
  }
  return sum;
}

void lmx_multigrid_setup(lmx_multigrid *mg, double t, double gamma,
                         const double *const b[LMX_MAX_AXES], double reaction)
{
  mg->depth = 0;
  bool stiff = true;
  for (int l = 0; l < mg->nlevels && stiff; ++l) {
    lmx_mg_level *level = &mg->level[l];
    set_parameters(mg, t, gamma, reaction, level);
    if (l == 0)
      load_drift(mg, gamma, b);
    else
      restrict_drift(mg, l - 1);
    stiff = stiffness(level) > 0.5 * level->identity;
    mg->depth = l + 1;
  }
  for (int l = 0; l < mg->depth; ++l) {
    lmx_mg_level *level = &mg->level[l];
    add_radial_drift(mg, t, gamma, level);
    for (int a = LMX_MG_AXES - level->naxes; a < LMX_MG_AXES; ++a)
      keep_outward(level, a);
    lmx_mg_lines_setup(level, mg->scratch);
  }
}

static void relax(const lmx_multigrid *mg, const lmx_mg_level *level, int axis,
                  bool z_is_zero)
{
  if (z_is_zero) {
    memcpy(level->r, level->f, level->total * sizeof *level->r);
  } else {
    lmx_mg_fill_ghosts(level, level->z);
    lmx_mg_residual(level);
  }
  lmx_mg_edge_differences(level, level->r);
  lmx_mg_solve_lines(level, axis, omega, z_is_zero, mg->scratch);
  lmx_mg_edge_sums(level, level->r, level->z);
}

/* Levels that visit the next coarser one twice: where the strong diffusion runs
 * oblique to the grid, one coarse correction takes only part of the smooth
 * error, and with one per level that would compound. */
enum { TWICE = 3 };

/* One cycle from z = 0 on level l: lines along all axes but the last before
 * the coarse corrections, along the last after them.  On the coarsest level in
 * use the diffusion numbers are small, or the nodes few, and one more round of
 * relaxations does for a solution. */
static void cycle(const lmx_multigrid *mg, int l)
{
  const lmx_mg_level *level = &mg->level[l], *coarse = level + 1;
  bool last = l == mg->depth - 1;
  int first = LMX_MG_AXES - level->naxes;
  int end = last || level->naxes == 1 ? LMX_MG_AXES : LMX_MG_AXES - 1;
  for (int a = first; a < end; ++a)
    relax(mg, level, a, a == first);
  int visits = last ? 0 : l < TWICE ? 2 : 1;
  for (int visit = 0; visit < visits; ++visit) {
    lmx_mg_fill_ghosts(level, level->z);
    lmx_mg_residual(level);
    lmx_mg_restrict(level, level->r, coarse, coarse->f, mg->scratch);
    cycle(mg, l + 1);
    lmx_mg_fill_ghosts(coarse, coarse->z);
    lmx_mg_prolong_add(coarse, level, mg->scratch);
  }
  relax(mg, level, LMX_MG_AXES - 1, false);
}

/* Power of two near the largest |r|: keeps single precision clear of
 * overflow and denormals, and the map exactly homogeneous for such factors. */
static double magnitude(size_t n, const double *r)
{
  double largest = 0.0;
  for (size_t k = 0; k < n; ++k)
    largest = fabs(r[k]) > largest ? fabs(r[k]) : largest;
  if (largest == 0.0 || !isfinite(largest))
    return 1.0;
  int exponent;
  (void)frexp(largest, &exponent);
  return ldexp(1.0, exponent);
}

void lmx_multigrid_apply(lmx_multigrid *mg, const double *r, double *z)
{
  const lmx_mg_level *level = &mg->level[0];
  double scale = magnitude(mg->grid->size, r), inverse = 1.0 / scale;
  int n = level->axis[2].n;
  const double *from = r;
  for (int i = 0; i < level->axis[0].n; ++i)
    for (int j = 0; j < level->axis[1].n; ++j, from += n) {
      float *to = level->f + lmx_mg_row_at(level, i, j);
      for (int k = 0; k < n; ++k)
        to[k] = (float)(inverse * from[k]);
    }
  cycle(mg, 0);
  double *out = z;
  for (int i = 0; i < level->axis[0].n; ++i)
    for (int j = 0; j < level->axis[1].n; ++j, out += n) {
      const float *x = level->z + lmx_mg_row_at(level, i, j);
      for (int k = 0; k < n; ++k)
        out[k] = scale * (double)x[k];
    }
}
