/* Tensor grids: axes, nodes, validity. */
#include "landaumax/grid.h"

#include <math.h>
#include <string.h>

#include "grid/ball.h"
#include "grid/quadrature.h"

static const char *const kind_names[] = {
#define KIND_NAME(symbol, name) [symbol] = name,
    LMX_AXIS_KIND_LIST(KIND_NAME)
#undef KIND_NAME
};

const char *lmx_axis_kind_name(lmx_axis_kind kind)
{
  return kind_names[kind];
}

static lmx_status check_axes(lmx_context *context, int d, int naxes,
                             const lmx_axis_spec *axes, int order)
{
  if (d < 2 || d > LMX_MAX_DIMENSION)
    return lmx_fail(context, LMX_ERR_CASE,
                    "dimension is %d, allowed is 2 to %d", d,
                    LMX_MAX_DIMENSION);
  if (order < 2 || order > LMX_MAX_ORDER || order % 2 != 0)
    return lmx_fail(context, LMX_ERR_CASE,
                    "grid.order: is %d, allowed are even orders 2 to %d", order,
                    LMX_MAX_ORDER);
  if (naxes < 1 || naxes > LMX_MAX_AXES)
    return lmx_fail(context, LMX_ERR_CASE,
                    "grid.axes: %d axes, allowed are 1 to %d", naxes,
                    LMX_MAX_AXES);
  for (int a = 0; a < naxes; ++a) {
    if (axes[a].kind == LMX_AXIS_RADIAL && a != naxes - 1)
      return lmx_fail(context, LMX_ERR_CASE,
                      "grid.axes: only the last axis can be radial");
    size_t least = (size_t)order / 2 + 4;
    if (axes[a].points < least)
      return lmx_fail(context, LMX_ERR_CASE,
                      "grid.points: is %zu on axis %d, order %d needs at "
                      "least %zu",
                      axes[a].points, a + 1, order, least);
    if (!(axes[a].half_width > 0.0) || !isfinite(axes[a].half_width))
      return lmx_fail(context, LMX_ERR_CASE,
                      "grid.half_width: is %g, must be positive and finite",
                      axes[a].half_width);
  }
  bool radial = axes[naxes - 1].kind == LMX_AXIS_RADIAL;
  if (radial ? naxes >= d : naxes != d)
    return lmx_fail(context, LMX_ERR_CASE,
                    "grid.axes: %d axes%s do not describe dimension %d, "
                    "allowed are %s",
                    naxes, radial ? " with a radial last one" : "", d,
                    radial ? "fewer axes than dimensions"
                           : "d axes, or fewer with a radial last one");
  return LMX_OK;
}

static lmx_status make_axis(lmx_context *context, const lmx_axis_spec *spec,
                            int m, lmx_axis *axis)
{
  bool full = spec->kind == LMX_AXIS_FULL;
  axis->kind = spec->kind;
  axis->points = spec->points;
  axis->half_width = spec->half_width;
  axis->h = (full ? 2.0 : 1.0) * spec->half_width / (double)spec->points;
  LMX_TRY(LMX_NEW_ARRAY(context, spec->points, &axis->nodes));
  LMX_TRY(LMX_NEW_ARRAY(context, spec->points, &axis->weights));
  /* Symmetric formula, so that full axes are symmetric to the last bit. */
  double centre = full ? 0.5 * (double)spec->points : 0.0;
  for (size_t i = 0; i < spec->points; ++i)
    axis->nodes[i] = ((double)i + 0.5 - centre) * axis->h;
  return lmx_axis_quadrature(context, axis, m);
}

lmx_status lmx_grid_create(lmx_context *context, int d, int naxes,
                           const lmx_axis_spec *axes, int order, lmx_grid **out)
{
  LMX_TRY(check_axes(context, d, naxes, axes, order));
  lmx_grid *grid;
  lmx_status status;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &grid));
  grid->d = d;
  grid->naxes = naxes;
  grid->order = order;
  grid->m = d - naxes;
  grid->size = 1;
  for (int a = 0; a < naxes; ++a) {
    LMX_TRY_GOTO(make_axis(context, &axes[a], grid->m, &grid->axis[a]), fail);
    grid->size *= axes[a].points;
  }
  if (lmx_grid_is_ball(grid))
    LMX_TRY_GOTO(LMX_NEW_ARRAY(context, 1, &grid->balls), fail);
  *out = grid;
  return LMX_OK;
fail:
  lmx_grid_destroy(&grid);
  return status;
}

void lmx_grid_destroy(lmx_grid **grid)
{
  if (grid == NULL || *grid == NULL)
    return;
  for (int a = 0; a < LMX_MAX_AXES; ++a) {
    lmx_free((*grid)->axis[a].nodes);
    lmx_free((*grid)->axis[a].weights);
  }
  lmx_balls_destroy(&(*grid)->balls);
  lmx_free(*grid);
  *grid = NULL;
}

void lmx_grid_point(const lmx_grid *grid, size_t index, double *v)
{
  for (int a = grid->naxes; a < grid->d; ++a)
    v[a] = 0.0;
  for (int a = grid->naxes - 1; a >= 0; --a) {
    const lmx_axis *axis = &grid->axis[a];
    v[a] = axis->nodes[index % axis->points];
    index /= axis->points;
  }
}

double lmx_grid_weight(const lmx_grid *grid, size_t index)
{
  double weight = 1.0;
  for (int a = grid->naxes - 1; a >= 0; --a) {
    const lmx_axis *axis = &grid->axis[a];
    weight *= axis->weights[index % axis->points];
    index /= axis->points;
  }
  return weight;
}

double lmx_grid_integrate(const lmx_grid *grid, const double *field)
{
  const lmx_axis *last = &grid->axis[grid->naxes - 1];
  double integral = 0.0;
  for (size_t row = 0; row < grid->size; row += last->points) {
    double sum = 0.0;
    for (size_t i = 0; i < last->points; ++i)
      sum += last->weights[i] * field[row + i];
    integral += sum * lmx_grid_weight(grid, row) / last->weights[0];
  }
  return integral;
}
