/* report.html: a run directory on one page, made from what it holds. */
#include "page.h"

#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "html.h"
#include "memory_file.h"
#include "page_write.h"

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

/* JSON has no infinity: numbers of particles without a number. */
void lmx_page_list(FILE *file, const json_t *array)
{
  for (size_t i = 0; i < json_array_size(array); ++i) {
    const json_t *value = json_array_get(array, i);
    fputs(i == 0 ? "" : ", ", file);
    lmx_html_number(
        file, json_is_null(value) ? INFINITY : json_number_value(value), 7);
  }
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

const json_t *lmx_page_check(const lmx_page *page, const char *id)
{
  for (size_t i = 0; i < json_array_size(page->checks); ++i) {
    const json_t *check = json_array_get(page->checks, i);
    if (strcmp(lmx_page_string(check, "id"), id) == 0)
      return check;
  }
  return NULL;
}

/* --- what it is made from ---------------------------------------------- */

const char *lmx_page_folder(const lmx_page *page, const char *name)
{
  int fd = open(page->folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  bool there = fd >= 0 && faccessat(fd, name, F_OK, 0) == 0;
  if (fd >= 0)
    close(fd);
  return there ? page->folder : page->old_folder;
}

static lmx_status read_file(lmx_page *page, const char *name, char **out)
{
  char *path;
  size_t bytes;
  LMX_TRY(
      lmx_path_join(page->context, lmx_page_folder(page, name), name, &path));
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

/* Reports that do not say so are of `landaumax run`. */
static const lmx_page_kind *find_kind(const json_t *report)
{
  static const lmx_page_kind *const kinds[] = {&lmx_page_run, &lmx_page_moments,
                                               &lmx_page_particles};
  const char *command = lmx_page_string(report, "command");
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; ++i)
    if (strcmp(kinds[i]->command, command) == 0)
      return kinds[i];
  return &lmx_page_run;
}

/* Tables of statements that were not asked for are absent. */
static lmx_status read_tables(lmx_page *page)
{
  char *folder;
  lmx_status status = LMX_OK;
  LMX_TRY(lmx_path_join(page->context, lmx_page_folder(page, "tables"),
                        "tables", &folder));
  for (size_t i = 0; i < LMX_PAGE_TABLES && status == LMX_OK; ++i)
    if (page->kind->tables[i] != NULL)
      status = lmx_table_read(page->context, folder, page->kind->tables[i],
                              &page->tables[i]);
  lmx_free(folder);
  return status;
}

static lmx_status gather(lmx_page *page)
{
  LMX_TRY(read_report(page));
  page->kind = find_kind(page->report);
  LMX_TRY(read_tables(page));
  return read_file(page, "case.toml", &page->case_text);
}

static void release(lmx_page *page)
{
  json_decref(page->report);
  for (size_t i = 0; i < LMX_PAGE_TABLES; ++i)
    lmx_table_destroy(&page->tables[i]);
  lmx_free(page->case_text);
}

/* --- the page ---------------------------------------------------------- */

lmx_status lmx_page_reproduce(const lmx_page *page)
{
  FILE *file = page->file;
  fputs("<p>Computed by landaumax ", file);
  lmx_html_text(file, lmx_page_string(page->report, "version"));
  fputs(" from <code>", file);
  lmx_html_text(file, lmx_page_string(page->report, "case"));
  fprintf(file,
          "</code>. The case as run, with every default spelled out, is the "
          "file <code>case.toml</code> of the run directory and printed below. "
          "With it</p>\n<pre>landaumax %s case.toml --out again",
          page->kind->command);
  fprintf(file,
          "</pre>\n<p>%s. Numbers behind the figures: <code>tables/</code>; "
          "this page for programs: <code>report.json</code>.</p>\n"
          "<pre class=\"case\">",
          page->kind->again);
  lmx_html_text(file, page->case_text);
  fputs("</pre>\n", file);
  return LMX_OK;
}

static lmx_status print_section(const lmx_page *page,
                                const lmx_page_section *section)
{
  fprintf(page->file, "<section id=\"%s\">\n<h2>%s</h2>\n", section->id,
          section->title);
  LMX_TRY(section->print(page));
  fputs("</section>\n", page->file);
  return LMX_OK;
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
  LMX_TRY(lmx_page_head(page));
  fputs("<main>\n", file);
  for (size_t i = 0; i < page->kind->nsections; ++i)
    LMX_TRY(print_section(page, &page->kind->sections[i]));
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

lmx_status lmx_page_write_over(lmx_context *context, const char *old_folder,
                               const char *new_folder)
{
  lmx_page page = {
      .context = context, .folder = new_folder, .old_folder = old_folder};
  char *text = NULL, *path = NULL;
  lmx_status status;
  LMX_TRY_GOTO(make(&page, &text), end);
  LMX_TRY_GOTO(lmx_path_join(context, new_folder, "report.html", &path), end);
  status = lmx_file_write(context, path, text, strlen(text));
end:
  lmx_free(path);
  lmx_free(text);
  release(&page);
  return status;
}

lmx_status lmx_page_write(lmx_context *context, const char *folder)
{
  return lmx_page_write_over(context, folder, folder);
}
