/* The states of a run in memory. */
#include "landaumax/io.h"

#include <stdio.h>
#include <string.h>

lmx_status lmx_solution_create(lmx_context *context, const lmx_model *model,
                               const lmx_affine *map,
                               const lmx_solver_options *options,
                               lmx_grid *grid, lmx_solution **out)
{
  lmx_solution *solution;
  lmx_status status = LMX_NEW_ARRAY(context, 1, &solution);
  if (status != LMX_OK) {
    lmx_grid_destroy(&grid);
    return status;
  }
  solution->model = *model;
  solution->map = *map;
  solution->formulation = options->formulation;
  solution->rtol = options->rtol;
  solution->atol = options->atol;
  solution->grid = grid;
  *out = solution;
  return LMX_OK;
}

void lmx_solution_destroy(lmx_solution **solution)
{
  if (solution == NULL || *solution == NULL)
    return;
  for (size_t k = 0; k < (*solution)->ntimes; ++k)
    lmx_free((*solution)->u[k]);
  lmx_free((*solution)->u);
  lmx_free((*solution)->times);
  lmx_free((*solution)->trust);
  lmx_grid_destroy(&(*solution)->grid);
  lmx_bar_record_destroy(&(*solution)->record);
  lmx_free(*solution);
  *solution = NULL;
}

static lmx_status grow(lmx_context *context, lmx_solution *solution)
{
  size_t n = solution->ntimes;
  size_t capacity = n == 0 ? 16 : 2 * n;
  double *times = NULL, *trust = NULL, **u = NULL;
  lmx_status status;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, capacity, &times), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, capacity, &trust), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, capacity, &u), fail);
  if (n > 0) {
    memcpy(times, solution->times, n * sizeof *times);
    memcpy(trust, solution->trust, n * sizeof *trust);
    memcpy(u, solution->u, n * sizeof *u);
  }
  lmx_free(solution->times);
  lmx_free(solution->trust);
  lmx_free(solution->u);
  solution->times = times;
  solution->trust = trust;
  solution->u = u;
  solution->capacity = capacity;
  return LMX_OK;
fail:
  lmx_free(times);
  lmx_free(trust);
  lmx_free(u);
  return status;
}

lmx_status lmx_solution_add(lmx_context *context, lmx_solution *solution,
                            double t, double trust, const double *u)
{
  double *copy;
  if (solution->ntimes == solution->capacity)
    LMX_TRY(grow(context, solution));
  LMX_TRY(LMX_NEW_ARRAY(context, solution->grid->size, &copy));
  memcpy(copy, u, solution->grid->size * sizeof *copy);
  solution->times[solution->ntimes] = t;
  solution->trust[solution->ntimes] = trust;
  solution->u[solution->ntimes] = copy;
  ++solution->ntimes;
  return LMX_OK;
}

void lmx_solution_drop_last(lmx_solution *solution)
{
  --solution->ntimes;
  lmx_free(solution->u[solution->ntimes]);
  solution->u[solution->ntimes] = NULL;
}

void lmx_solution_describe_accuracy(const lmx_solution *solution,
                                    double accuracy, double radius, char *out,
                                    size_t n)
{
  char finer[80] = "";
  out[0] = '\0';
  if (!(solution->estimate > 0.0))
    return;
  if (solution->refinements > 0)
    snprintf(finer, sizeof finer, ", after %d solve%s on coarser grids",
             solution->refinements, solution->refinements == 1 ? "" : "s");
  snprintf(out, n,
           "The error of log f in |v| <= %g is at most about %.1e, by a "
           "coarser solve%s; asked for was %.1e.%s",
           radius, solution->estimate, finer, accuracy,
           solution->estimate <= accuracy
               ? ""
               : " It misses that: a larger grid.max_points or more "
                 "grid.points, or a smaller solver.rtol, would lower it.");
}
