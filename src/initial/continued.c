/* Data that continues another run: u = log(f/M) on that run's grid. */
#include "initial/continued.h"

#include <math.h>
#include <string.h>

void lmx_continued_destroy(lmx_continued **continued)
{
  if (continued == NULL || *continued == NULL)
    return;
  lmx_grid_destroy(&(*continued)->grid);
  lmx_free((*continued)->u);
  lmx_free(*continued);
  *continued = NULL;
}

static lmx_status check(lmx_context *context, const lmx_initial_spec *spec)
{
  if (spec->table_grid == NULL || spec->table_u == NULL ||
      spec->table_map == NULL || spec->table_model == NULL)
    return lmx_fail(context, LMX_ERR_CASE,
                    "initial.kind: \"table\" needs the run it continues");
  int d = spec->table_grid->d;
  if (d != spec->d || spec->table_map->d != d || spec->table_model->d != d)
    return lmx_fail(context, LMX_ERR_CASE,
                    "dimension: is %d, but the run to continue has %d", spec->d,
                    d);
  for (size_t i = 0; i < spec->table_grid->size; ++i)
    if (!isfinite(spec->table_u[i]))
      return lmx_fail(context, LMX_ERR_CASE,
                      "initial.kind: the table has a value that is not finite");
  return LMX_OK;
}

static lmx_status copy_grid(lmx_context *context, const lmx_grid *grid,
                            lmx_grid **out)
{
  lmx_axis_spec axes[LMX_MAX_AXES];
  for (int a = 0; a < grid->naxes; ++a)
    axes[a] = (lmx_axis_spec){.kind = grid->axis[a].kind,
                              .points = grid->axis[a].points,
                              .half_width = grid->axis[a].half_width};
  return lmx_grid_create(context, grid->d, grid->naxes, axes, grid->order, out);
}

lmx_status lmx_continued_create(lmx_context *context,
                                const lmx_initial_spec *spec,
                                lmx_continued **out)
{
  lmx_continued *continued;
  lmx_status status;
  LMX_TRY(check(context, spec));
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &continued));
  LMX_TRY_GOTO(copy_grid(context, spec->table_grid, &continued->grid), fail);
  size_t size = continued->grid->size;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, size, &continued->u), fail);
  memcpy(continued->u, spec->table_u, size * sizeof *continued->u);
  continued->reach = INFINITY;
  for (int a = 0; a < continued->grid->naxes; ++a)
    continued->reach =
        fmin(continued->reach, continued->grid->axis[a].half_width);
  *out = continued;
  return LMX_OK;
fail:
  lmx_continued_destroy(&continued);
  return status;
}

double lmx_continued_log_density(const lmx_continued *continued,
                                 const double *v)
{
  double value;
  lmx_status status =
      lmx_interpolate_value(NULL, continued->grid, continued->u, v, &value);
  return status == LMX_OK ? value : NAN;
}

bool lmx_continued_same_grid(const lmx_continued *continued,
                             const lmx_grid *grid)
{
  const lmx_grid *own = continued->grid;
  if (own->d != grid->d || own->naxes != grid->naxes)
    return false;
  for (int a = 0; a < own->naxes; ++a)
    if (own->axis[a].kind != grid->axis[a].kind ||
        own->axis[a].points != grid->axis[a].points ||
        own->axis[a].half_width != grid->axis[a].half_width)
      return false;
  return true;
}
