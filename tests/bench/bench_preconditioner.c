/* Work and processor time of one solution with each preconditioner: log form,
 * the Gaussian of temperatures 1.3 and 0.7 (and 1.0), mirrored axes of half
 * width 9, order 12, tolerance 1e-8.
 *
 *   bench_preconditioner [largest]   2-D grids up to largest^2 (default 320),
 *                                    3-D grids up to (3 largest / 20)^3
 *
 * CSV on standard output. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "measure.h"

static void require(lmx_context *context, lmx_status status)
{
  if (status == LMX_OK)
    return;
  fprintf(stderr, "%s\n", lmx_context_message(context));
  exit(EXIT_FAILURE);
}

static void fill(const lmx_grid *grid, const double *D, double *u)
{
  for (size_t i = 0; i < grid->size; ++i) {
    double v[LMX_MAX_DIMENSION];
    lmx_grid_point(grid, i, v);
    u[i] = 0.0;
    for (int a = 0; a < grid->naxes; ++a) {
      double s = 1.0 + D[a];
      u[i] -= 0.5 * log(s) + 0.5 * v[a] * v[a] * (1.0 / s - 1.0);
    }
  }
}

static void run(lmx_context *context, int d, size_t points, double t,
                lmx_preconditioner_kind kind)
{
  const double D[3] = {0.3, -0.3, 0.0};
  lmx_model model;
  lmx_grid *grid;
  lmx_solver *solver;
  double *u = NULL;
  lmx_axis_spec axes[3];
  for (int a = 0; a < d; ++a)
    axes[a] = (lmx_axis_spec){LMX_AXIS_MIRRORED, points, 9.0};
  require(context, lmx_model_init(context, d, D, &model));
  require(context, lmx_grid_create(context, d, d, axes, 12, &grid));
  require(context, LMX_NEW_ARRAY(context, grid->size, &u));
  fill(grid, D, u);
  lmx_solver_options options = {LMX_FORMULATION_LOG, 1e-8, 1e-10, kind};
  double start = bench_seconds();
  require(context,
          lmx_solver_create(context, &model, grid, &options, 0.0, u, &solver));
  require(context, lmx_solver_advance(context, solver, t));
  double seconds = bench_seconds() - start;
  lmx_solver_stats s;
  lmx_solver_get_stats(solver, &s);
  printf("%zu^%d,%g,%s,%ld,%ld,%ld,%.2f,%.3f\n", points, d, t,
         lmx_preconditioner_name(kind), s.steps, s.newton_iterations,
         s.krylov_iterations, (double)s.krylov_iterations / (double)s.steps,
         seconds);
  fflush(stdout);
  lmx_solver_destroy(&solver);
  lmx_free(u);
  lmx_grid_destroy(&grid);
}

static void run_all(lmx_context *context, int d, size_t points, double t)
{
  run(context, d, points, t, LMX_PRECONDITIONER_DIAGONAL);
  run(context, d, points, t, LMX_PRECONDITIONER_LAPPED);
  run(context, d, points, t, LMX_PRECONDITIONER_AUTO);
}

int main(int argc, char **argv)
{
  size_t largest = argc > 1 ? (size_t)atol(argv[1]) : 320;
  lmx_context *context;
  if (lmx_context_create(&context) != LMX_OK)
    return EXIT_FAILURE;
  printf("grid,t,preconditioner,steps,newton,krylov,krylov/step,seconds\n");
  for (size_t n = 20; n <= largest; n *= 2)
    run_all(context, 2, n, 0.1);
  for (size_t n = 40; n <= largest && n <= 80; n *= 2)
    for (int t = 1; t <= 5; t += 4)
      run_all(context, 2, n, t);
  for (size_t n = 12; n <= largest * 3 / 20; n *= 2)
    run_all(context, 3, n, 0.1);
  lmx_context_destroy(&context);
  return EXIT_SUCCESS;
}
