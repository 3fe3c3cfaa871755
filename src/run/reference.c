/* `landaumax check --write-reference` and `--against`: the results of a run
 * kept, with tolerances that are measured.
 *
 * The checks are made on three other solutions, at the same nodes and under
 * the same bounds: of the case solved with differences of another order, of
 * the case solved with other tolerances, and the run's own states with random
 * rounding. A number is granted `factor` times its largest distance from
 * these, and the solver's tolerance. The distances estimate the errors of the
 * run: differences of order p - 2 are worse than those of order p, a tenth of
 * the tolerance leaves about a tenth of the error, and derivatives amplify
 * rounding as they do on another machine. */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include <gsl/gsl_rng.h>

#include "landaumax/reference.h"
#include "run/checking.h"
#include "run/keep.h"
#include "run/solving.h"

/* Tolerances below this are not made finer. */
static const double finest_rtol = 1e-13;
/* u is log f - log M: its rounding is of some units in the last place of
 * these. */
static const double units = 4.0;

/* --- writing ----------------------------------------------------------- */

typedef struct companion {
  const char *what;
  int order;
  lmx_solver_options options;
} companion;

static lmx_status companion_failed(lmx_context *context, const companion *c,
                                   lmx_status status)
{
  char why[LMX_MESSAGE_SIZE];
  if (status != LMX_ERR_NUMERICS)
    return status;
  snprintf(why, sizeof why, "%s", lmx_context_message(context));
  return lmx_fail(context, status,
                  "the run with %s, by which tolerances are measured, failed: "
                  "%s",
                  c->what, why);
}

/* The bounds of checks know the tolerances: those of the run are left. */
static lmx_status check_companion(lmx_context *context,
                                  const lmx_checked_run *run,
                                  const companion *c, lmx_check_results **out)
{
  lmx_problem problem = *run->problem;
  lmx_solution *solution;
  problem.order = c->order;
  LMX_TRY(companion_failed(
      context, c,
      lmx_problem_solve_watched(context, &problem, run->source, NULL,
                                &c->options, true, &solution)));
  solution->rtol = run->solution->rtol;
  solution->atol = run->solution->atol;
  lmx_status status =
      lmx_solution_check(context, run->source, &problem, solution, out);
  lmx_solution_destroy(&solution);
  return status;
}

static double coarsest(const lmx_grid *grid)
{
  double h = 0.0;
  for (int a = 0; a < grid->naxes; ++a)
    h = fmax(h, grid->axis[a].h);
  return h;
}

static lmx_status measure_errors(lmx_context *context,
                                 const lmx_checked_run *run,
                                 lmx_reference *reference)
{
  const lmx_case *source = run->source;
  int order = run->problem->order;
  double finer = source->solver.rtol > finest_rtol ? 0.1 : 10.0;
  companion companions[2] = {
      {"another order", order > 2 ? order - 2 : order + 2, source->solver},
      {"another tolerance", order, source->solver}};
  companions[1].options.rtol *= finer;
  companions[1].options.atol *= finer;
  for (size_t i = 0; i < 2; ++i) {
    lmx_check_results *results;
    lmx_progress(context, "measuring tolerances: run with %s",
                 companions[i].what);
    LMX_TRY(check_companion(context, run, &companions[i], &results));
    lmx_reference_widen(results, coarsest(run->solution->grid), reference);
    lmx_check_results_destroy(&results);
  }
  return LMX_OK;
}

/* Fresh states u + rounding, [ntimes][grid->size] in one piece. */
static lmx_status round_states(lmx_context *context,
                               const lmx_solution *solution, double **out)
{
  const lmx_grid *grid = solution->grid;
  double v[LMX_MAX_DIMENSION], *all;
  LMX_TRY(LMX_NEW_ARRAY(context, solution->ntimes * grid->size, &all));
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  if (rng == NULL) {
    lmx_free(all);
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory");
  }
  for (size_t i = 0; i < grid->size; ++i) {
    double r2 = 0.0;
    lmx_grid_point(grid, i, v);
    for (int a = 0; a < grid->d; ++a)
      r2 += v[a] * v[a];
    for (size_t k = 0; k < solution->ntimes; ++k) {
      double u = solution->u[k][i];
      double scale = fabs(u) + fabs(lmx_log_maxwellian(grid->d, r2));
      all[k * grid->size + i] =
          u + units * DBL_EPSILON * scale * (gsl_rng_uniform(rng) - 0.5);
    }
  }
  gsl_rng_free(rng);
  *out = all;
  return LMX_OK;
}

static lmx_status measure_rounding(lmx_context *context,
                                   const lmx_checked_run *run,
                                   lmx_reference *reference)
{
  lmx_solution rounded = *run->solution;
  lmx_check_results *results;
  double *states = NULL;
  lmx_progress(context, "%s", "measuring tolerances: rounding");
  LMX_TRY(round_states(context, run->solution, &states));
  lmx_status status = LMX_NEW_ARRAY(context, rounded.ntimes, &rounded.u);
  if (status != LMX_OK)
    goto done;
  for (size_t k = 0; k < rounded.ntimes; ++k)
    rounded.u[k] = states + k * rounded.grid->size;
  status = lmx_solution_check(context, run->source, run->problem, &rounded,
                              &results);
  if (status == LMX_OK) {
    lmx_reference_widen(results, coarsest(rounded.grid), reference);
    lmx_check_results_destroy(&results);
  }
  lmx_free(rounded.u);
done:
  lmx_free(states);
  return status;
}

static lmx_status measure(lmx_context *context, const lmx_checked_run *run,
                          lmx_reference *reference)
{
  const lmx_solver_options *solver = &run->source->solver;
  LMX_TRY(measure_rounding(context, run, reference));
  LMX_TRY(measure_errors(context, run, reference));
  lmx_reference_add_margin(LMX_KEEP_FACTOR, solver->rtol, solver->atol,
                           reference);
  return LMX_OK;
}

static lmx_status create(lmx_context *context, const lmx_checked_run *run,
                         lmx_reference **out)
{
  const lmx_solution *solution = run->solution;
  const lmx_reference_head head = {.kind = LMX_REFERENCE_RUN,
                                   .title = run->source->title,
                                   .dimension = solution->model.d,
                                   .end = solution->times[solution->ntimes - 1],
                                   .formulation = solution->formulation,
                                   .radius = run->source->radius};
  return lmx_reference_create(context, &head, run->checks, out);
}

static lmx_status write_reference(lmx_context *context,
                                  const lmx_checked_run *run, void *user)
{
  const char *path = user;
  lmx_reference *reference;
  LMX_TRY(create(context, run, &reference));
  lmx_status status = measure(context, run, reference);
  if (status == LMX_OK)
    status = lmx_reference_write(context, reference, path);
  lmx_reference_destroy(&reference);
  return status;
}

lmx_status lmx_run_write_reference(lmx_context *context, const char *folder,
                                   const char *path, lmx_run_summary *summary)
{
  LMX_TRY(lmx_reference_may_write(context, path));
  lmx_status status = lmx_run_check_then(context, folder, write_reference,
                                         (void *)path, summary);
  return status == LMX_CHECK_FAILED ? LMX_OK : status;
}

/* --- comparing --------------------------------------------------------- */

typedef struct against {
  const lmx_reference *stored;
  size_t differing;
  char *text;
} against;

static lmx_status compare(lmx_context *context, const lmx_checked_run *run,
                          void *user)
{
  against *a = user;
  lmx_reference *now;
  LMX_TRY(create(context, run, &now));
  lmx_status status =
      lmx_reference_compare(context, a->stored, now, &a->differing, &a->text);
  lmx_reference_destroy(&now);
  return status;
}

lmx_status lmx_run_compare(lmx_context *context, const char *folder,
                           const char *path, lmx_run_summary *summary,
                           char **text)
{
  lmx_reference *stored;
  against a = {0};
  LMX_TRY(lmx_reference_read(context, path, &stored));
  a.stored = stored;
  lmx_status status = lmx_run_check_then(context, folder, compare, &a, summary);
  lmx_reference_destroy(&stored);
  if (a.text == NULL || (status != LMX_OK && status != LMX_CHECK_FAILED)) {
    lmx_free(a.text);
    return status;
  }
  *text = a.text;
  return lmx_keep_verdict(context, folder, path, a.differing);
}
