/* B(s) = sup |Hess f / f|_F / (1 + s + |v|^2), measured on a stored run. */
#include "run/growth.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "landaumax/moment.h"
#include "run/output.h"

void lmx_hessian_table_clear(lmx_hessian_table *table)
{
  lmx_free(table->times);
  lmx_free(table->B);
  *table = (lmx_hessian_table){0};
}

static lmx_status reserve(lmx_context *context, size_t n,
                          lmx_hessian_table *out)
{
  LMX_TRY(LMX_NEW_ARRAY(context, n, &out->times));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &out->B));
  out->n = n;
  return LMX_OK;
}

lmx_status lmx_hessian_table_maxwellian(lmx_context *context,
                                        const lmx_case *lmx_case_,
                                        lmx_hessian_table *out)
{
  out->radius = INFINITY;
  LMX_TRY(reserve(context, lmx_case_->noutputs, out));
  for (size_t i = 0; i < out->n; ++i) {
    out->times[i] = lmx_case_->outputs[i];
    out->B[i] = lmx_maxwellian_growth(lmx_case_->dimension, out->times[i]);
  }
  return LMX_OK;
}

/* --- a finished run --------------------------------------------------- */

/* The stored state at t = 0 must be the data, on the checked ball. */
static lmx_status same_data(lmx_context *context, const char *folder,
                            const lmx_initial *initial,
                            const lmx_solution *solution, double radius)
{
  const lmx_grid *grid = solution->grid;
  const lmx_model *model = lmx_initial_model(initial);
  double v[LMX_MAX_DIMENSION], worst = 0.0;
  bool same = model->d == grid->d;
  for (size_t i = 0; i < grid->size && same; ++i) {
    double r2 = 0.0;
    lmx_grid_point(grid, i, v);
    for (int a = 0; a < grid->d; ++a)
      r2 += v[a] * v[a];
    if (r2 > radius * radius)
      continue;
    double u =
        lmx_initial_log_density(initial, v) - lmx_log_maxwellian(grid->d, r2);
    worst = fmax(worst, fabs(u - solution->u[0][i]) / (1.0 + fabs(u)));
  }
  if (same && worst <= 1e-8)
    return LMX_OK;
  return lmx_fail(context, LMX_ERR_USAGE,
                  "%s is the run of other initial data, needed is one of this "
                  "case",
                  folder);
}

/* The table of the theorem's check: t, three ratios, B. */
static lmx_status take_column(lmx_context *context, const char *folder,
                              const lmx_check_results *results,
                              lmx_hessian_table *out)
{
  enum { B = 4 };
  for (size_t k = 0; k < results->ntables; ++k) {
    const lmx_table *table = results->tables[k];
    if (strcmp(table->name, "growth_sup") != 0 || table->columns <= B)
      continue;
    LMX_TRY(reserve(context, table->rows, out));
    for (size_t i = 0; i < table->rows; ++i) {
      out->times[i] = table->data[i * table->columns];
      out->B[i] = table->data[i * table->columns + B];
      if (!isfinite(out->B[i]))
        return lmx_fail(context, LMX_ERR_NUMERICS,
                        "%s: Hess f / f is not finite at t = %g", folder,
                        out->times[i]);
    }
    return LMX_OK;
  }
  return lmx_fail(context, LMX_ERR_NUMERICS, "%s: no table of growth", folder);
}

typedef struct finished {
  lmx_case *source;
  lmx_problem *problem;
  lmx_solution *solution;
  lmx_check_results *results;
} finished;

/* B is finite at t = 0 if (1.10) and (1.11) hold, since |Hess f / f| <= |Hess
 * log f| + |grad log f|^2, and later by Theorem 2.4, which needs (1.9), too. */
static void take_hypotheses(const lmx_check_results *results,
                            lmx_hessian_table *out)
{
  static const char *const ids[] = {"hyp-1.9", "hyp-1.10", "hyp-1.11"};
  for (int i = 0; i < 3; ++i) {
    const lmx_check_result *r = lmx_check_results_find(results, ids[i]);
    if (r->status == LMX_HOLDS || out->unbounded[0] != '\0')
      continue;
    snprintf(out->unbounded, sizeof out->unbounded, "%s %s: %.400s", ids[i],
             r->status == LMX_FAILS ? "fails" : "is not resolved", r->note);
  }
}

static lmx_status measure(lmx_context *context, const char *folder,
                          const lmx_initial *initial, finished *f,
                          lmx_hessian_table *out)
{
  static const char *const ids[] = {"hyp-1.9", "hyp-1.10", "hyp-1.11",
                                    "thm-2.4"};
  LMX_TRY(lmx_run_open(context, folder, &f->source, &f->problem, &f->solution));
  out->radius = f->source->radius;
  LMX_TRY(same_data(context, folder, initial, f->solution, out->radius));
  LMX_TRY(lmx_output_check(context, f->source, f->problem, f->solution, 4, ids,
                           &f->results));
  take_hypotheses(f->results, out);
  lmx_initial_kind kind = lmx_initial_get_kind(f->problem->initial);
  out->start_on_space =
      kind != LMX_INITIAL_FORMULA && kind != LMX_INITIAL_TABLE;
  return take_column(context, folder, f->results, out);
}

lmx_status lmx_hessian_table_read(lmx_context *context, const char *folder,
                                  const lmx_initial *initial,
                                  lmx_hessian_table *out)
{
  finished f = {0};
  lmx_status status = measure(context, folder, initial, &f, out);
  lmx_check_results_destroy(&f.results);
  lmx_solution_destroy(&f.solution);
  lmx_problem_destroy(&f.problem);
  lmx_case_destroy(&f.source);
  return status;
}
