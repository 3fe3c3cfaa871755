/* Checks, tables, reports and verdicts. */
#include "run/output.h"

#include <math.h>
#include <string.h>

#include "io/figures.h"
#include "landaumax/plot.h"
#include "run/folder.h"

lmx_status lmx_output_check(lmx_context *context, const lmx_case *lmx_case_,
                            const lmx_problem *problem,
                            const lmx_solution *solution, size_t nids,
                            const char *const *ids, lmx_check_results **out)
{
  const lmx_solution *s = solution;
  lmx_check_input input = {.model = &s->model,
                           .grid = s->grid,
                           .exact = problem->exact,
                           .formulation = s->formulation,
                           .rtol = s->rtol,
                           .atol = s->atol,
                           .steps = s->stats.steps,
                           .radius = lmx_case_->radius,
                           .ntimes = s->ntimes,
                           .times = s->times,
                           .u = (const double *const *)s->u,
                           .trust = s->trust,
                           .choice = &lmx_case_->constants,
                           .record = s->record};
  return lmx_checks_run(context, &input, nids, ids, out);
}

static const lmx_table *table_named(const lmx_check_results *checks,
                                    const char *name)
{
  for (size_t i = 0; i < checks->ntables; ++i)
    if (strcmp(checks->tables[i]->name, name) == 0)
      return checks->tables[i];
  return NULL;
}

static bool same_numbers(const lmx_table *a, const lmx_table *b)
{
  if (a == NULL || b == NULL)
    return a == b;
  if (a->rows != b->rows || a->columns != b->columns)
    return false;
  for (size_t i = 0; i < a->rows * a->columns; ++i)
    if (a->data[i] != b->data[i] && !(isnan(a->data[i]) && isnan(b->data[i])))
      return false;
  return true;
}

/* Whether the figures are drawn from other tables than these. */
static lmx_status figures_are_outdated(lmx_context *context, const char *tables,
                                       const lmx_check_results *checks,
                                       bool *out)
{
  *out = false;
  for (size_t i = 0; i < lmx_figure_count && !*out; ++i) {
    const char *name = lmx_figures[i].table;
    lmx_table *old;
    lmx_status status = lmx_table_read(context, tables, name, &old);
    if (status != LMX_OK && status != LMX_ERR_IO) /* a damaged one goes */
      return status;
    *out = status != LMX_OK || !same_numbers(old, table_named(checks, name));
    lmx_table_destroy(&old);
  }
  return LMX_OK;
}

lmx_status lmx_output_tables(lmx_context *context, const char *folder,
                             const lmx_check_results *checks)
{
  char *tables;
  bool outdated = false;
  LMX_TRY(lmx_path_join(context, folder, "tables", &tables));
  lmx_status status = lmx_folder_create(context, tables);
  if (status == LMX_OK)
    status = figures_are_outdated(context, tables, checks, &outdated);
  if (status == LMX_OK && outdated)
    status = lmx_run_folder_clear_figures(context, folder);
  if (status == LMX_OK)
    status = lmx_run_folder_clear_tables(context, folder);
  for (size_t i = 0; status == LMX_OK && i < checks->ntables; ++i)
    status = lmx_table_write(context, tables, checks->tables[i]);
  lmx_free(tables);
  return status;
}

lmx_status lmx_output_reports(lmx_context *context, const char *folder,
                              const lmx_report *report)
{
  char *text;
  LMX_TRY(lmx_report_json(context, report, &text));
  lmx_status status =
      lmx_run_folder_write(context, folder, "report.json", text);
  lmx_free(text);
  if (status != LMX_OK)
    return status;
  LMX_TRY(lmx_report_text(context, report, &text));
  status = lmx_run_folder_write(context, folder, "report.txt", text);
  lmx_free(text);
  return status == LMX_OK ? lmx_page_write(context, folder) : status;
}

lmx_status lmx_output_figures(lmx_context *context, const lmx_case *lmx_case_,
                              const char *folder, const char *plots)
{
  if (!lmx_case_->figures)
    return LMX_OK;
  LMX_TRY(lmx_plot_run(context, folder, plots, lmx_case_->figures_format));
  return lmx_page_write(context, folder);
}

lmx_status lmx_output_verdict(lmx_context *context, const char *folder,
                              const lmx_check_results *checks,
                              lmx_run_summary *summary)
{
  lmx_run_summary s = {.written = true};
  size_t unexpected = 0;
  for (size_t i = 0; i < checks->n; ++i) {
    lmx_verdict status = checks->items[i].status;
    s.holds += status == LMX_HOLDS;
    s.fails += status == LMX_FAILS;
    s.info += status == LMX_INFO;
    unexpected += status != LMX_INFO && status != checks->items[i].expected;
  }
  *summary = s;
  if (unexpected > 0)
    return lmx_fail(context, LMX_CHECK_FAILED,
                    "%zu of %zu checks failed; see %s/report.txt", unexpected,
                    checks->n, folder);
  return LMX_OK;
}
