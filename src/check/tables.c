/* Tables of the state itself: density maps, temperatures, entropy. */
#include "check/internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Maps are thinned to about this many points per axis. */
enum { MAP_POINTS = 160 };

static const double log_10 = 2.30258509299404568402;

/* Points of a map along one axis: every stride-th node; mirrored and radial
 * axes are reflected, so that the map shows -L .. L. */
typedef struct map_axis {
  const lmx_axis *axis;
  size_t stride, half, n;
  bool reflected;
} map_axis;

static map_axis map_axis_of(const lmx_axis *axis)
{
  map_axis m = {.axis = axis, .reflected = axis->kind != LMX_AXIS_FULL};
  size_t wanted = m.reflected ? MAP_POINTS / 2 : MAP_POINTS;
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

static double log10_f(const lmx_check_input *input, size_t k, size_t node)
{
  double v[LMX_MAX_DIMENSION], r2 = 0.0;
  lmx_grid_point(input->grid, node, v);
  for (int a = 0; a < input->grid->d; ++a)
    r2 += v[a] * v[a];
  return (input->u[k][node] + lmx_log_maxwellian(input->grid->d, r2)) / log_10;
}

static lmx_status map_line(lmx_check_env *env, size_t k, lmx_table *table)
{
  map_axis m = map_axis_of(&env->input->grid->axis[0]);
  double row[3] = {env->input->times[k], 0.0, 0.0};
  for (size_t i = 0; i < m.n; ++i) {
    row[2] = log10_f(env->input, k, map_node(&m, i, &row[1]));
    LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}

static lmx_status map_plane(lmx_check_env *env, size_t k, lmx_table *table)
{
  const lmx_grid *grid = env->input->grid;
  map_axis m1 = map_axis_of(&grid->axis[0]), m2 = map_axis_of(&grid->axis[1]);
  size_t n3 = grid->naxes == 3 ? grid->axis[2].points : 1;
  size_t i3 =
      grid->naxes == 3 && grid->axis[2].kind == LMX_AXIS_FULL ? n3 / 2 : 0;
  double row[4] = {env->input->times[k]};
  for (size_t i = 0; i < m1.n; ++i) {
    size_t i1 = map_node(&m1, i, &row[1]);
    for (size_t j = 0; j < m2.n; ++j) {
      size_t i2 = map_node(&m2, j, &row[2]);
      size_t node = (i1 * grid->axis[1].points + i2) * n3 + i3;
      row[3] = log10_f(env->input, k, node);
      LMX_TRY(lmx_table_add(env->context, table, row));
    }
    LMX_TRY(lmx_table_break(env->context, table));
  }
  return LMX_OK;
}

/* The first, a middle and the last output time, two blank lines between. */
static lmx_status density_map(lmx_check_env *env)
{
  const lmx_grid *grid = env->input->grid;
  const char *radial = grid->m > 0 ? "rho" : "v2";
  char columns[64];
  lmx_table *table;
  if (grid->naxes == 1)
    snprintf(columns, sizeof columns, "t,rho,log10_f");
  else
    snprintf(columns, sizeof columns, "t,v1,%s,log10_f",
             grid->naxes == 2 ? radial : "v2");
  LMX_TRY(lmx_check_table(env, "log_density_map",
                          grid->naxes == 3
                              ? "log10 f on the slice nearest v3 = 0"
                              : "log10 f over the box",
                          columns, &table));
  size_t last = env->input->ntimes - 1;
  const size_t times[3] = {0, last / 2, last};
  for (int i = 0; i < 3; ++i) {
    if (i > 0 && times[i] == times[i - 1])
      continue;
    if (i > 0)
      LMX_TRY(lmx_table_break(env->context, table));
    if (grid->naxes == 1) {
      LMX_TRY(map_line(env, times[i], table));
      LMX_TRY(lmx_table_break(env->context, table));
    } else {
      LMX_TRY(map_plane(env, times[i], table));
    }
  }
  return LMX_OK;
}

static lmx_status temperature_table(lmx_check_env *env)
{
  const lmx_check_input *input = env->input;
  int n = input->grid->naxes;
  char columns[256] = "t";
  for (int a = 0; a < n; ++a) {
    size_t used = strlen(columns);
    snprintf(columns + used, sizeof columns - used, ",E_%d,E_%d closed form",
             a + 1, a + 1);
  }
  lmx_table *table;
  LMX_TRY(lmx_check_table(
      env, "temperatures",
      "directional temperatures, measured and by the closed form (3.4)",
      columns, &table));
  for (size_t k = 0; k < input->ntimes; ++k) {
    double row[1 + 2 * LMX_MAX_AXES] = {input->times[k]};
    for (int a = 0; a < n; ++a) {
      row[1 + 2 * a] = env->moments[k].second[a][a];
      row[2 + 2 * a] = lmx_model_temperature(input->model, a, input->times[k]);
    }
    LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}

static lmx_status entropy_table(lmx_check_env *env)
{
  lmx_table *table;
  LMX_TRY(lmx_check_table(env, "entropy", "relative entropy int f log(f/M)",
                          "t,H", &table));
  for (size_t k = 0; k < env->input->ntimes; ++k) {
    const double row[2] = {env->input->times[k], env->moments[k].entropy};
    LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}

lmx_status lmx_check_state_tables(lmx_check_env *env)
{
  LMX_TRY(density_map(env));
  LMX_TRY(temperature_table(env));
  return entropy_table(env);
}
