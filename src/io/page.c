/* report.html: the run on one page, made from what the run directory holds. */
#include "page.h"

#include <math.h>
#include <string.h>

#include "html.h"
#include "memory_file.h"

const char *lmx_page_string(const json_t *object, const char *key)
{
  const char *text = json_string_value(json_object_get(object, key));
  return text != NULL ? text : "";
}

double lmx_page_real(const json_t *object, const char *key)
{
  const json_t *value = json_object_get(object, key);
  return json_is_number(value) ? json_number_value(value) : NAN;
}

void lmx_page_cell(FILE *file, double x)
{
  fputs("<td>", file);
  lmx_html_number(file, x, 4);
  fputs("</td>", file);
}

void lmx_page_vector(FILE *file, const json_t *array)
{
  fputc('(', file);
  for (size_t i = 0; i < json_array_size(array); ++i) {
    if (i > 0)
      fputs(", ", file);
    lmx_html_number(file, json_number_value(json_array_get(array, i)), 4);
  }
  fputc(')', file);
}

/* --- what it is made from ---------------------------------------------- */

static lmx_status read_file(lmx_page *page, const char *name, char **out)
{
  char *path;
  size_t bytes;
  LMX_TRY(lmx_path_join(page->context, page->folder, name, &path));
  lmx_status status = lmx_file_read(page->context, path, out, &bytes);
  lmx_free(path);
  return status;
}

static lmx_status read_report(lmx_page *page)
{
  char *text;
  json_error_t error;
  LMX_TRY(read_file(page, "report.json", &text));
  page->report = json_loads(text, 0, &error);
  lmx_free(text);
  page->checks = json_object_get(page->report, "checks");
  if (page->report != NULL)
    return LMX_OK;
  if (json_error_code(&error) == json_error_out_of_memory)
    return lmx_fail(page->context, LMX_ERR_MEMORY,
                    "out of memory for report.html");
  return lmx_fail(page->context, LMX_ERR_IO, "%s/report.json:%d: %s",
                  page->folder, error.line, error.text);
}

/* Tables of statements that were not asked for are absent. */
static lmx_status read_table(lmx_page *page, const char *name, lmx_table **out)
{
  char *folder;
  LMX_TRY(lmx_path_join(page->context, page->folder, "tables", &folder));
  lmx_status status = lmx_table_read(page->context, folder, name, out);
  lmx_free(folder);
  return status;
}

static lmx_status gather(lmx_page *page)
{
  LMX_TRY(read_report(page));
  LMX_TRY(read_table(page, "smallest_constants", &page->smallest));
  LMX_TRY(read_table(page, "constants", &page->constants));
  return read_file(page, "case.toml", &page->case_text);
}

static void release(lmx_page *page)
{
  json_decref(page->report);
  lmx_table_destroy(&page->smallest);
  lmx_table_destroy(&page->constants);
  lmx_free(page->case_text);
}

/* --- the page ---------------------------------------------------------- */

static void print_reproduce(const lmx_page *page)
{
  FILE *file = page->file;
  fputs("<section id=\"reproduce\">\n<h2>How to reproduce</h2>\n"
        "<p>Computed by landaumax ",
        file);
  lmx_html_text(file, lmx_page_string(page->report, "version"));
  fputs(" from <code>", file);
  lmx_html_text(file, lmx_page_string(page->report, "case"));
  fputs("</code>. The case as run, with every default spelled out, is the "
        "file <code>case.toml</code> of the run directory and printed below. "
        "With it</p>\n<pre>landaumax run case.toml --out again</pre>\n"
        "<p>computes everything anew, and <code>landaumax check DIR</code> "
        "repeats the checks on the stored solution. Numbers behind the "
        "figures: <code>tables/</code>; this page for programs: "
        "<code>report.json</code>.</p>\n<pre class=\"case\">",
        file);
  lmx_html_text(file, page->case_text);
  fputs("</pre>\n</section>\n", file);
}

static lmx_status print_page(const lmx_page *page)
{
  FILE *file = page->file;
  fputs(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light "
      "dark\">\n<title>",
      file);
  lmx_html_text(file, lmx_page_string(page->report, "title"));
  fputs(" \u2013 landaumax</title>\n<style>\n", file);
  fputs(lmx_page_style, file);
  fputs("</style>\n</head>\n<body>\n", file);
  lmx_page_head(page);
  fputs("<main>\n", file);
  lmx_page_verdicts(page);
  lmx_page_scope(page);
  lmx_page_constants(page);
  lmx_page_solver(page);
  LMX_TRY(lmx_page_figures(page));
  print_reproduce(page);
  lmx_page_notes(page);
  fputs("</main>\n</body>\n</html>\n", file);
  return LMX_OK;
}

static lmx_status make(lmx_page *page, char **out)
{
  lmx_memory_file memory;
  LMX_TRY(gather(page));
  LMX_TRY(lmx_memory_file_open(page->context, &memory));
  page->file = memory.file;
  lmx_status status = print_page(page);
  char *text;
  lmx_status closed = lmx_memory_file_close(page->context, &memory, &text);
  if (status == LMX_OK && closed == LMX_OK)
    *out = text;
  else if (closed == LMX_OK)
    lmx_free(text);
  return status != LMX_OK ? status : closed;
}

lmx_status lmx_page_write(lmx_context *context, const char *folder)
{
  lmx_page page = {.context = context, .folder = folder};
  char *text = NULL, *path = NULL;
  lmx_status status;
  LMX_TRY_GOTO(make(&page, &text), end);
  LMX_TRY_GOTO(lmx_path_join(context, folder, "report.html", &path), end);
  status = lmx_file_write(context, path, text, strlen(text));
end:
  lmx_free(path);
  lmx_free(text);
  release(&page);
  return status;
}
