/* What every kind of run leaves in its directory. */
#include "run/results.h"

#include "run/folder.h"

lmx_status lmx_run_write_tables(lmx_context *context, const char *folder,
                                const lmx_check_results *results)
{
  char *tables;
  LMX_TRY(lmx_path_join(context, folder, "tables", &tables));
  lmx_status status = lmx_folder_create(context, tables);
  if (status == LMX_OK)
    status = lmx_run_folder_clear_tables(context, folder);
  for (size_t i = 0; status == LMX_OK && i < results->ntables; ++i)
    status = lmx_table_write(context, tables, results->tables[i]);
  lmx_free(tables);
  return status;
}

lmx_status lmx_run_write_reports(lmx_context *context, const char *folder,
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
  return status;
}

lmx_status lmx_run_verdict(lmx_context *context, const char *folder,
                           const lmx_check_results *results,
                           lmx_run_summary *summary)
{
  lmx_run_summary s = {0};
  for (size_t i = 0; i < results->n; ++i) {
    lmx_verdict status = results->items[i].status;
    s.holds += status == LMX_HOLDS;
    s.fails += status == LMX_FAILS;
    s.info += status == LMX_INFO;
  }
  *summary = s;
  if (s.fails > 0)
    return lmx_fail(context, LMX_CHECK_FAILED,
                    "%zu of %zu checks failed; see %s/report.txt", s.fails,
                    results->n, folder);
  return LMX_OK;
}
