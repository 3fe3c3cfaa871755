/* Tables of fields over the box at the first, a middle and the last output
 * time, thinned, for figures. */
#include "check/internal.h"

#include <math.h>
#include <stdio.h>

/* Maps are thinned to about so many points per axis. */
enum { FINE_POINTS = 160, COARSE_POINTS = 80 };

/* Points of a map along one axis: every stride-th node; mirrored and radial
 * axes are reflected, so that the map shows -L .. L. */
typedef struct map_axis {
  const lmx_axis *axis;
  size_t stride, half, n;
  bool reflected;
} map_axis;

static map_axis map_axis_of(const lmx_axis *axis, size_t points)
{
  map_axis m = {.axis = axis, .reflected = axis->kind != LMX_AXIS_FULL};
  size_t wanted = m.reflected ? points / 2 : points;
  m.stride = (axis->points + wanted - 1) / wanted;
  m.half = (axis->points + m.stride - 1) / m.stride;
  m.n = m.reflected ? 2 * m.half : m.half;
  return m;
}

/* Node and coordinate of point i of the map. */
static size_t map_node(const map_axis *m, size_t i, double *v)
{
  bool negative = m->reflected && i < m->half;
  size_t j = !m->reflected ? i : negative ? m->half - 1 - i : i - m->half;
  size_t node = j * m->stride;
  *v = negative ? -m->axis->nodes[node] : m->axis->nodes[node];
  return node;
}

static lmx_status map_line(lmx_check_env *env, size_t k, const double *field,
                           size_t points, lmx_table *table)
{
  map_axis m = map_axis_of(&env->input->grid->axis[0], points);
  double row[3] = {env->input->times[k], 0.0, 0.0};
  for (size_t i = 0; i < m.n; ++i) {
    row[2] = field[map_node(&m, i, &row[1])];
    LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return lmx_table_break(env->context, table);
}

static lmx_status map_plane(lmx_check_env *env, size_t k, const double *field,
                            size_t points, lmx_table *table)
{
  const lmx_grid *grid = env->input->grid;
  map_axis m1 = map_axis_of(&grid->axis[0], points);
  map_axis m2 = map_axis_of(&grid->axis[1], points);
  size_t n3 = grid->naxes == 3 ? grid->axis[2].points : 1;
  size_t i3 =
      grid->naxes == 3 && grid->axis[2].kind == LMX_AXIS_FULL ? n3 / 2 : 0;
  double row[4] = {env->input->times[k]};
  for (size_t i = 0; i < m1.n; ++i) {
    size_t i1 = map_node(&m1, i, &row[1]);
    for (size_t j = 0; j < m2.n; ++j) {
      size_t i2 = map_node(&m2, j, &row[2]);
      size_t node = (i1 * grid->axis[1].points + i2) * n3 + i3;
      /* nothing is known beyond a ball */
      row[3] = lmx_grid_active(grid, node) ? field[node] : (double)NAN;
      LMX_TRY(lmx_table_add(env->context, table, row));
    }
    LMX_TRY(lmx_table_break(env->context, table));
  }
  return LMX_OK;
}

bool lmx_check_map_wanted(const lmx_check_env *env, size_t k)
{
  size_t last = env->input->ntimes - 1;
  return k == 0 || k == last / 2 || k == last;
}

lmx_status lmx_check_map_create(lmx_check_env *env, const char *name,
                                const char *title, const char *value,
                                lmx_table **out)
{
  const lmx_grid *grid = env->input->grid;
  const char *radial = grid->m > 0 ? "rho" : "v2";
  char columns[128];
  if (grid->naxes == 1)
    snprintf(columns, sizeof columns, "t,rho,%s", value);
  else
    snprintf(columns, sizeof columns, "t,v1,%s,%s",
             grid->naxes == 2 ? radial : "v2", value);
  return lmx_check_table(env, name, title, columns, out);
}

lmx_status lmx_check_map_add(lmx_check_env *env, size_t k, const double *field,
                             bool fine, lmx_table *table)
{
  size_t points = fine ? FINE_POINTS : COARSE_POINTS;
  if (table->rows > 0)
    LMX_TRY(lmx_table_break(env->context, table));
  return env->input->grid->naxes == 1 ? map_line(env, k, field, points, table)
                                      : map_plane(env, k, field, points, table);
}
