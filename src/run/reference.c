/* `landaumax check --write-reference` and `--against`: the results of a run
 * kept, with tolerances that are measured.
 *
 * The case is solved twice more, once with differences of another order and
 * once with other tolerances, and checked at the same nodes under the same
 * bounds. A number is granted `factor` times its largest distance from these,
 * and the solver's tolerance. The distances estimate the errors of the run:
 * those of order p - 2 exceed those of order p, and ten times the tolerance
 * ten times as fine leaves a tenth of the error. */
#include <math.h>
#include <stdio.h>

#include "landaumax/reference.h"
#include "run/checking.h"

/* Two runs may both be off, by twice what is estimated. */
static const double factor = 4.0;
/* Tolerances below this are not made finer. */
static const double finest_rtol = 1e-13;

/* --- writing ----------------------------------------------------------- */

typedef struct companion {
  const char *what;
  int order;
  lmx_solver_options options;
} companion;

static lmx_status companion_failed(lmx_context *context, const companion *c,
                                   lmx_status status)
{
  char why[512];
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
  LMX_TRY(companion_failed(context, c,
                           lmx_problem_solve(context, &problem, run->source,
                                             NULL, &c->options, &solution)));
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

static lmx_status measure(lmx_context *context, const lmx_checked_run *run,
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
  lmx_reference_add_margin(factor, source->solver.rtol, source->solver.atol,
                           reference);
  return LMX_OK;
}

static lmx_status write_reference(lmx_context *context,
                                  const lmx_checked_run *run, void *user)
{
  const char *path = user;
  lmx_reference *reference;
  LMX_TRY(lmx_reference_create(context, run->source->title, run->solution,
                               run->source->radius, run->checks, &reference));
  lmx_status status = measure(context, run, reference);
  if (status == LMX_OK)
    status = lmx_reference_write(context, reference, path);
  lmx_reference_destroy(&reference);
  return status;
}

lmx_status lmx_run_write_reference(lmx_context *context, const char *folder,
                                   const char *path, lmx_run_summary *summary)
{
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
  LMX_TRY(lmx_reference_create(context, run->source->title, run->solution,
                               run->source->radius, run->checks, &now));
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
  if (a.differing > 0)
    return lmx_fail(context, LMX_CHECK_FAILED, "%s differs from %s in %zu %s",
                    folder, path, a.differing,
                    a.differing == 1 ? "check" : "checks");
  return LMX_OK;
}
