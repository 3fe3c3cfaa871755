/* From a case to initial data, axes and exact solution. */
#include <stdio.h>
#include <string.h>

#include "run/fit.h"
#include "run/folder.h"
#include "run/solving.h"

/* Points of an axis in density form, whose accuracy is that of its periodic
 * box. */
static size_t density_points(int naxes)
{
  return naxes == 2 ? 128 : 64;
}

/* A message that begins with "section.key: " names its own key. */
static bool names_key(const char *message, char *key, size_t n)
{
  size_t length = strcspn(message, ":");
  bool named = length < n && message[length] == ':' &&
               memchr(message, ' ', length) == NULL &&
               (memchr(message, '.', length) != NULL ||
                strncmp(message, "dimension", length) == 0);
  if (named)
    snprintf(key, n, "%.*s", (int)length, message);
  return named;
}

lmx_status lmx_problem_locate(lmx_context *context, const lmx_case *lmx_case_,
                              const char *key, lmx_status status)
{
  char message[800], named[64];
  if (status != LMX_ERR_CASE && status != LMX_ERR_NUMERICS)
    return status;
  snprintf(message, sizeof message, "%s", lmx_context_message(context));
  if (names_key(message, named, sizeof named))
    return lmx_fail(context, status, "%s: %s", lmx_case_where(lmx_case_, named),
                    message);
  if (status == LMX_ERR_NUMERICS) /* no key is to blame */
    return status;
  return lmx_fail(context, status, "%s: %s: %s", lmx_case_where(lmx_case_, key),
                  key, message);
}

static lmx_status read_table(lmx_context *context, lmx_case *lmx_case_,
                             lmx_solution **out)
{
  char *path;
  bool checkpoint;
  LMX_TRY(lmx_run_folder_complete(context, lmx_case_->initial_path));
  LMX_TRY(
      lmx_path_join(context, lmx_case_->initial_path, "solution.h5", &path));
  lmx_status status = lmx_solution_read(context, path, &checkpoint, out);
  lmx_free(path);
  if (status == LMX_ERR_IO) { /* the case names the wrong folder */
    char why[600];
    snprintf(why, sizeof why, "%s", lmx_context_message(context));
    return lmx_fail(context, LMX_ERR_CASE,
                    "initial.path: %s, needed is a finished run", why);
  }
  LMX_TRY(status);
  if (checkpoint)
    return lmx_fail(context, LMX_ERR_CASE,
                    "initial.path: %s/solution.h5 is a checkpoint, needed is a "
                    "finished run",
                    lmx_case_->initial_path);
  const lmx_solution *s = *out;
  lmx_initial_spec *spec = &lmx_case_->initial;
  spec->table_grid = s->grid;
  spec->table_u = s->u[s->ntimes - 1];
  spec->table_map = &s->map;
  spec->table_model = &s->model;
  spec->table_time = s->times[s->ntimes - 1];
  return LMX_OK;
}

static lmx_status create_initial(lmx_context *context, lmx_case *lmx_case_,
                                 lmx_initial **out)
{
  lmx_solution *table = NULL;
  if (lmx_case_->initial.kind == LMX_INITIAL_TABLE) {
    lmx_status read = read_table(context, lmx_case_, &table);
    if (read != LMX_OK) {
      lmx_solution_destroy(&table);
      return lmx_problem_locate(context, lmx_case_, "initial.path", read);
    }
  }
  lmx_status status = lmx_initial_create(context, &lmx_case_->initial, out);
  lmx_solution_destroy(&table);
  return lmx_problem_locate(context, lmx_case_, "initial.kind", status);
}

/* Axes of the case, or those the symmetry of the data allows; kept in the
 * case so that it can be printed as run. */
static lmx_status resolve_axes(lmx_context *context, lmx_problem *p,
                               lmx_case *lmx_case_)
{
  if (lmx_case_->naxes == 0 &&
      lmx_case_->solver.formulation == LMX_FORMULATION_DENSITY) {
    lmx_case_->naxes = lmx_case_->dimension;
    for (int a = 0; a < lmx_case_->naxes && a < LMX_MAX_AXES; ++a)
      lmx_case_->axes[a] = LMX_AXIS_FULL;
  } else if (lmx_case_->naxes == 0) {
    lmx_case_->axes_found = true;
    LMX_TRY(lmx_initial_axes(context, p->initial, &lmx_case_->naxes,
                             lmx_case_->axes));
  }
  if (lmx_case_->naxes > LMX_MAX_AXES)
    return lmx_fail(context, LMX_ERR_CASE,
                    "solver.formulation: \"density\" in dimension %d, allowed "
                    "are dimensions 2 and 3",
                    lmx_case_->dimension);
  return lmx_initial_allows(context, p->initial, lmx_case_->naxes,
                            lmx_case_->axes);
}

static lmx_status one_per_axis(lmx_context *context, const char *key, size_t n,
                               int naxes)
{
  if (n <= 1 || n == (size_t)naxes)
    return LMX_OK;
  return lmx_fail(context, LMX_ERR_CASE,
                  "%s: has %zu entries, allowed are 1 or one for each of the "
                  "%d axes",
                  key, n, naxes);
}

/* One number for all axes: that of a full axis where there is one, and half of
 * it for the others, which are half as long: equal spacing, as a ball needs. */
static size_t share_of_points(const lmx_case *c, int axis)
{
  bool full = false;
  for (int a = 0; a < c->naxes; ++a)
    full = full || c->axes[a] == LMX_AXIS_FULL;
  return full && c->axes[axis] != LMX_AXIS_FULL ? (c->points[0] + 1) / 2
                                                : c->points[0];
}

static lmx_status resolve_grid(lmx_context *context, lmx_problem *p,
                               lmx_case *lmx_case_)
{
  LMX_TRY(resolve_axes(context, p, lmx_case_));
  int n = lmx_case_->naxes;
  bool density = lmx_case_->solver.formulation == LMX_FORMULATION_DENSITY;
  LMX_TRY(one_per_axis(context, "grid.points", lmx_case_->npoints, n));
  LMX_TRY(one_per_axis(context, "grid.half_width", lmx_case_->nhalf_width, n));
  if (lmx_case_->nhalf_width == 0)
    LMX_TRY(lmx_fit_half_width(context, p->initial, lmx_case_));
  if (lmx_case_->npoints == 0 && !density)
    LMX_TRY(lmx_fit_points(context, p->initial, lmx_case_));
  for (int a = n - 1; a >= 0; --a) {
    if (lmx_case_->npoints == 0)
      lmx_case_->points[a] = density_points(n);
    else if (lmx_case_->npoints == 1)
      lmx_case_->points[a] = share_of_points(lmx_case_, a);
    if (lmx_case_->nhalf_width == 1)
      lmx_case_->half_width[a] = lmx_case_->half_width[0];
    p->axes[a] = (lmx_axis_spec){lmx_case_->axes[a], lmx_case_->points[a],
                                 lmx_case_->half_width[a]};
  }
  lmx_case_->npoints = lmx_case_->nhalf_width = (size_t)n;
  p->naxes = n;
  p->order = lmx_case_->order;
  lmx_grid *grid = NULL; /* refuses what makes no grid, before any file */
  LMX_TRY(lmx_grid_create(context, lmx_case_->dimension, n, p->axes, p->order,
                          &grid));
  lmx_grid_destroy(&grid);
  return LMX_OK;
}

void lmx_problem_take_ball(lmx_problem *p, lmx_case *lmx_case_)
{
  lmx_case_->axes[0] = p->axes[0].kind = LMX_AXIS_FULL;
  lmx_case_->points[0] = p->axes[0].points = 2 * p->axes[0].points;
}

lmx_status lmx_problem_create(lmx_context *context, lmx_case *lmx_case_,
                              lmx_problem **out)
{
  lmx_problem *p;
  lmx_status status;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &p));
  LMX_TRY_GOTO(create_initial(context, lmx_case_, &p->initial), fail);
  LMX_TRY_GOTO(lmx_problem_locate(context, lmx_case_, "grid.axes",
                                  resolve_grid(context, p, lmx_case_)),
               fail);
  LMX_TRY_GOTO(lmx_exact_from_initial(context, p->initial, &p->exact), fail);
  *out = p;
  return LMX_OK;
fail:
  lmx_problem_destroy(&p);
  return status;
}

lmx_status lmx_problem_create_data(lmx_context *context, lmx_case *lmx_case_,
                                   lmx_problem **out)
{
  lmx_problem *p;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &p));
  lmx_status status = create_initial(context, lmx_case_, &p->initial);
  if (status != LMX_OK)
    lmx_problem_destroy(&p);
  else
    *out = p;
  return status;
}

static lmx_status moments_on_grid(lmx_context *context, const lmx_case *c,
                                  const lmx_problem *p, lmx_moment_data *out)
{
  lmx_grid *grid;
  LMX_TRY(lmx_grid_create(context, c->dimension, p->naxes, p->axes, p->order,
                          &grid));
  lmx_status status = lmx_moment_data_create(context, p->initial, grid, out);
  lmx_grid_destroy(&grid);
  return lmx_problem_locate(context, c, "grid.points", status);
}

lmx_status lmx_problem_create_moments(lmx_context *context, lmx_case *lmx_case_,
                                      lmx_problem **out,
                                      lmx_moment_data *moments)
{
  lmx_problem *p;
  lmx_status status;
  lmx_initial_kind kind = lmx_case_->initial.kind;
  if (kind == LMX_INITIAL_FORMULA || kind == LMX_INITIAL_TABLE) {
    LMX_TRY(lmx_problem_create(context, lmx_case_, &p));
    status = moments_on_grid(context, lmx_case_, p, moments);
  } else {
    LMX_TRY(lmx_problem_create_data(context, lmx_case_, &p));
    status = lmx_moment_data_create(context, p->initial, NULL, moments);
  }
  if (status != LMX_OK)
    lmx_problem_destroy(&p);
  else
    *out = p;
  return status;
}

void lmx_problem_destroy(lmx_problem **problem)
{
  if (problem == NULL || *problem == NULL)
    return;
  lmx_initial_destroy(&(*problem)->initial);
  lmx_exact_destroy(&(*problem)->exact);
  lmx_free(*problem);
  *problem = NULL;
}
