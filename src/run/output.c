/* Checks, tables, reports and verdicts. */
#include "run/output.h"

#include <math.h>
#include <string.h>

#include "io/figures.h"
#include "io/page_write.h"
#include "io/plot_tables.h"

lmx_status lmx_output_check(lmx_context *context, const lmx_case *lmx_case_,
                            const lmx_problem *problem,
                            const lmx_solution *solution, size_t nids,
                            const char *const *ids, lmx_check_results **out)
{
  const lmx_solution *s = solution;
  lmx_check_input input = {.model = &s->model,
                           .grid = s->grid,
                           .initial = problem->initial,
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

static lmx_status drop_outdated_figures(lmx_context *context,
                                        const lmx_run_folder *folder,
                                        const lmx_check_results *checks)
{
  char *path;
  bool outdated = false;
  if (!lmx_folder_has(folder->path, "figures"))
    return LMX_OK;
  LMX_TRY(lmx_path_join(context, folder->path, "tables", &path));
  lmx_status status = figures_are_outdated(context, path, checks, &outdated);
  lmx_free(path);
  LMX_TRY(status);
  if (!outdated)
    return LMX_OK;
  LMX_TRY(lmx_path_join(context, folder->stage, "figures", &path));
  status = lmx_folder_create(context, path);
  lmx_free(path);
  return status;
}

lmx_status lmx_output_tables(lmx_context *context, const lmx_run_folder *folder,
                             const lmx_check_results *checks)
{
  char *tables;
  LMX_TRY(drop_outdated_figures(context, folder, checks));
  LMX_TRY(lmx_path_join(context, folder->stage, "tables", &tables));
  lmx_status status = lmx_folder_create(context, tables);
  for (size_t i = 0; status == LMX_OK && i < checks->ntables; ++i)
    status = lmx_table_write(context, tables, checks->tables[i]);
  lmx_free(tables);
  return status;
}

lmx_status lmx_output_reports(lmx_context *context,
                              const lmx_run_folder *folder,
                              const lmx_report *report)
{
  char *text;
  LMX_TRY(lmx_report_json(context, report, &text));
  lmx_status status =
      lmx_run_folder_write(context, folder->stage, "report.json", text);
  lmx_free(text);
  if (status != LMX_OK)
    return status;
  LMX_TRY(lmx_report_text(context, report, &text));
  status = lmx_run_folder_write(context, folder->stage, "report.txt", text);
  lmx_free(text);
  if (status != LMX_OK)
    return status;
  return lmx_page_write_over(context, folder->path, folder->stage);
}

static lmx_status draw(lmx_context *context, const lmx_case *lmx_case_,
                       const lmx_run_folder *folder, const char *plots)
{
  if (!lmx_case_->figures)
    return LMX_OK;
  LMX_TRY(lmx_plot_tables(context, folder->stage, folder->stage, plots,
                          lmx_case_->figures_format));
  return lmx_page_write_over(context, folder->path, folder->stage);
}

lmx_status lmx_output_finish(lmx_context *context, const lmx_case *lmx_case_,
                             lmx_run_folder *folder, const char *plots)
{
  lmx_status drawn = draw(context, lmx_case_, folder, plots);
  if (drawn == LMX_OK || drawn == LMX_ERR_IO)
    LMX_TRY(lmx_run_folder_exchange(context, folder));
  return drawn;
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
