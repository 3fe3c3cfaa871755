/* Errors and costs of grids for one set of data: what the rules of
 * docs/math.md, 1.10, were measured with. CSV on standard output.
 *
 *   bench_grid CASE.toml < GRIDS
 *
 * A line of GRIDS is: half width, order, spacing in units of that of the case,
 * rtol (atol = rtol/100). The first line is the reference, the others are
 * compared with it at their nodes in the checked ball at all output times after
 * 0. Seconds are of the processor, with the set-up. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <landaumax/run.h>

#include "measure.h"

enum { COMPARED = 40000 };

typedef struct bench {
  lmx_context *context;
  lmx_case *c;
  lmx_problem *problem;
  lmx_solution *reference;
} bench;

typedef struct line {
  double half_width, spacing, rtol;
  int order;
} line;

static bool read_line(line *out)
{
  return scanf("%lf %d %lf %lf", &out->half_width, &out->order, &out->spacing,
               &out->rtol) == 4;
}

static lmx_status solve(bench *b, const line *l, lmx_solution **out)
{
  lmx_axis_spec axes[LMX_MAX_AXES];
  lmx_solver_options options = b->c->solver;
  options.rtol = l->rtol;
  options.atol = 0.01 * l->rtol;
  b->problem->order = l->order;
  for (int a = 0; a < b->problem->naxes; ++a) {
    axes[a] = b->problem->axes[a];
    double points = (double)axes[a].points * l->half_width /
                    axes[a].half_width / l->spacing;
    axes[a].half_width = l->half_width;
    axes[a].points = 2 * (size_t)ceil(0.5 * points - 1e-9);
  }
  return lmx_problem_solve(b->context, b->problem, b->c, axes, &options, out);
}

static lmx_status error_at(bench *b, const lmx_solution *s, size_t k,
                           double *out)
{
  const lmx_grid *grid = s->grid;
  size_t stride = 1 + grid->size / COMPARED;
  double v[LMX_MAX_DIMENSION], value;
  *out = 0.0;
  for (size_t i = 0; i < grid->size; i += stride) {
    double r2 = 0.0;
    lmx_grid_point(grid, i, v);
    for (int a = 0; a < grid->d; ++a)
      r2 += v[a] * v[a];
    if (r2 > b->c->radius * b->c->radius)
      continue;
    LMX_TRY(lmx_interpolate_value(b->context, b->reference->grid,
                                  b->reference->u[k], v, &value));
    *out =
        fmax(*out, fabs(value - lmx_log_maxwellian(grid->d, r2) - s->u[k][i]));
  }
  return LMX_OK;
}

static lmx_status compare(bench *b, const line *l, const lmx_solution *s,
                          double seconds)
{
  double work = (double)s->grid->size *
                (double)(s->stats.rhs_evaluations + s->stats.krylov_iterations);
  printf("%g,%d,%g,%g,%zu,%.3f,%.4g", l->half_width, l->order, l->rtol,
         l->spacing, s->grid->axis[0].points, seconds, work);
  for (size_t k = 1; k < s->ntimes; ++k) {
    double error;
    LMX_TRY(error_at(b, s, k, &error));
    printf(",%.2e", error);
  }
  printf("\n");
  fflush(stdout);
  return LMX_OK;
}

static lmx_status measure(bench *b, const char *path)
{
  line l;
  LMX_TRY(lmx_case_load(b->context, path, 0, NULL, &b->c));
  LMX_TRY(lmx_problem_create(b->context, b->c, &b->problem));
  if (!read_line(&l))
    return lmx_fail(b->context, LMX_ERR_USAGE, "no reference");
  LMX_TRY(solve(b, &l, &b->reference));
  while (read_line(&l)) {
    lmx_solution *s = NULL;
    double start = bench_seconds();
    lmx_status status = solve(b, &l, &s);
    if (status == LMX_ERR_NUMERICS) {
      printf("%g,%d,%g,%g,stops\n", l.half_width, l.order, l.rtol, l.spacing);
      continue;
    }
    LMX_TRY(status);
    status = compare(b, &l, s, bench_seconds() - start);
    lmx_solution_destroy(&s);
    LMX_TRY(status);
  }
  return LMX_OK;
}

int main(int argc, char **argv)
{
  bench b = {0};
  if (argc != 2 || lmx_context_create(&b.context) != LMX_OK)
    return 2;
  lmx_status status = measure(&b, argv[1]);
  if (status != LMX_OK)
    fprintf(stderr, "%s\n", lmx_context_message(b.context));
  lmx_solution_destroy(&b.reference);
  lmx_problem_destroy(&b.problem);
  lmx_case_destroy(&b.c);
  lmx_context_destroy(&b.context);
  return lmx_status_exit_code(status);
}
