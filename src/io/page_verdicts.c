/* report.html: title, verdicts, notes. */
#include "page.h"

#include <math.h>
#include <string.h>

#include "html.h"

/* --- single verdicts --------------------------------------------------- */

static bool fails(const json_t *check)
{
  return strcmp(lmx_page_string(check, "status"), "fails") == 0;
}

static bool is_info(const json_t *check)
{
  return strcmp(lmx_page_string(check, "status"), "info") == 0;
}

static bool is_misprint(const json_t *check)
{
  return strcmp(lmx_page_string(check, "expected"), "fails") == 0;
}

static bool is_unexpected(const json_t *check)
{
  return !is_info(check) && fails(check) != is_misprint(check);
}

/* Never by colour alone: symbol and word. */
static const char *symbol(const char *status)
{
  return strcmp(status, "holds") == 0   ? "\u2713"
         : strcmp(status, "fails") == 0 ? "\u2717"
                                        : "\u25cb";
}

void lmx_page_verdict(FILE *file, const json_t *check)
{
  const char *status = lmx_page_string(check, "status");
  bool expected = is_misprint(check) && fails(check);
  fputs("<span class=\"", file);
  lmx_html_text(file, expected ? "info" : status);
  fprintf(file, "\"><span aria-hidden=\"true\">%s</span> ", symbol(status));
  lmx_html_text(file, status);
  fputs("</span>", file);
  if (is_misprint(check))
    fputs(expected ? ", as expected" : ", expected to fail", file);
}

/* --- title ------------------------------------------------------------- */

static size_t count(const lmx_page *page, lmx_page_test *test)
{
  size_t n = 0;
  for (size_t i = 0; i < json_array_size(page->checks); ++i)
    n += test(json_array_get(page->checks, i));
  return n;
}

static bool is_failed_misprint(const json_t *check)
{
  return fails(check) && is_misprint(check);
}

static void print_count(const lmx_page *page, const char *status, bool soft,
                        const char *one, const char *many)
{
  const json_t *summary = json_object_get(page->report, "summary");
  double n = lmx_page_real(summary, status);
  fprintf(page->file, "<li class=\"%s\"><span aria-hidden=\"true\">%s</span> ",
          n > 0.0 && !soft ? status : "none", symbol(status));
  lmx_html_number(page->file, n, 6);
  fprintf(page->file, " %s", n == 1.0 ? one : many);
}

static void print_counts(const lmx_page *page)
{
  FILE *file = page->file;
  size_t misprints = count(page, is_failed_misprint);
  fputs("<ul class=\"summary\" aria-label=\"Statements by verdict\">\n", file);
  print_count(page, "holds", false, "statement holds", "statements hold");
  fputs("</li>\n", file);
  print_count(page, "fails", misprints > 0 && count(page, fails) == misprints,
              "fails", "fail");
  if (misprints > 0)
    fprintf(file, ", %zu of them misprinted, as expected", misprints);
  fputs("</li>\n", file);
  print_count(page, "info", false, "is for information", "are for information");
  fputs("</li>\n</ul>\n", file);
}

lmx_status lmx_page_about(const lmx_page *page)
{
  fputs("<p class=\"lead\">", page->file);
  lmx_html_math(page->file, lmx_page_string(page->report, "about"));
  fputs("</p>\n", page->file);
  return LMX_OK;
}

lmx_status lmx_page_head(const lmx_page *page)
{
  FILE *file = page->file;
  fputs("<header>\n<h1>", file);
  lmx_html_text(file, lmx_page_string(page->report, "title"));
  fputs("</h1>\n", file);
  LMX_TRY(page->kind->lead(page));
  print_counts(page);
  fputs("<nav aria-label=\"Sections\">", file);
  for (size_t i = 0; i < page->kind->nsections; ++i)
    fprintf(file, "%s<a href=\"#%s\">%s</a>", i == 0 ? "" : "\n",
            page->kind->sections[i].id, page->kind->sections[i].link);
  fputs("</nav>\n</header>\n", file);
  return LMX_OK;
}

/* --- verdicts ---------------------------------------------------------- */

static double length(const json_t *v)
{
  double r2 = 0.0;
  if (!json_is_array(v))
    return NAN;
  for (size_t i = 0; i < json_array_size(v); ++i)
    r2 += pow(json_number_value(json_array_get(v, i)), 2);
  return sqrt(r2);
}

static const char *growing(const json_t *check)
{
  const json_t *value = json_object_get(check, "growing_at_edge");
  return json_is_true(value) ? "yes" : json_is_false(value) ? "no" : "\u2013";
}

static void print_statement(FILE *file, const json_t *check)
{
  const char *id = lmx_page_string(check, "id");
  fputs("<th scope=\"row\"><a href=\"#note-", file);
  lmx_html_text(file, id);
  fputs("\">", file);
  lmx_html_text(file, id);
  fputs("</a> <span class=\"statement\">", file);
  lmx_html_math(file, lmx_page_string(check, "statement"));
  fputs("</span></th>", file);
}

static void print_verdict_cell(FILE *file, const json_t *check)
{
  fputs("<td>", file);
  if (check != NULL)
    lmx_page_verdict(file, check);
  else
    fputs("\u2013", file);
  fputs("</td>", file);
}

/* A statement and, where it was misprinted, its printed form. */
static void print_row(const lmx_page *page, const json_t *check,
                      const json_t *printed)
{
  FILE *file = page->file;
  const json_t *where = json_object_get(check, "where");
  bool failed =
      is_unexpected(check) || (printed != NULL && is_unexpected(printed));
  fputs(failed ? "<tr class=\"failed\">" : "<tr>", file);
  print_statement(file, check);
  if (page->kind->forms) {
    print_verdict_cell(file, printed != NULL ? printed : check);
    print_verdict_cell(file, printed != NULL ? check : NULL);
  } else {
    print_verdict_cell(file, check);
  }
  lmx_page_cell(file, lmx_page_real(check, "value"));
  lmx_page_cell(file, lmx_page_real(check, "bound"));
  lmx_page_cell(file, lmx_page_real(check, "slack"));
  fputs("<td>", file);
  lmx_html_number(file, lmx_page_real(where, "t"), 3);
  fputs("</td>", file);
  if (page->kind->pointwise) {
    fputs("<td>", file);
    lmx_html_number(file, length(json_object_get(where, "v")), 3);
    fprintf(file, "</td><td>%s</td>", growing(check));
  }
  fputs("</tr>\n", file);
}

static void print_column(FILE *file, const char *attributes, const char *name)
{
  fprintf(file, "<th scope=\"col\"%s>%s</th>", attributes, name);
}

static void print_titles(const lmx_page *page)
{
  static const char *const numbers[] = {"Value", "Bound", "Slack"};
  FILE *file = page->file;
  bool pointwise = page->kind->pointwise;
  const char *rows = pointwise ? " rowspan=\"2\"" : "";
  fputs("<tr>", file);
  print_column(file, rows, "Statement");
  print_column(file, rows, page->kind->forms ? "As printed" : "Verdict");
  if (page->kind->forms)
    print_column(file, rows, "Corrected");
  for (size_t i = 0; i < sizeof numbers / sizeof *numbers; ++i)
    print_column(file, rows, numbers[i]);
  if (pointwise) {
    fputs("<th scope=\"colgroup\" colspan=\"2\">Tightest at</th>", file);
    print_column(file, rows, "Growing?");
    fputs("</tr>\n<tr>", file);
    print_column(file, " class=\"sub\"", "t");
    print_column(file, "", "|v|");
  } else {
    print_column(file, "", "Tightest at t");
  }
  fputs("</tr>\n</thead>\n<tbody>\n", file);
}

/* The form in which a statement is printed, or the corrected one: its id with
 * or without this ending. */
static const char ending[] = "-printed";

static const json_t *printed_form(const lmx_page *page, const char *id)
{
  char other[128];
  snprintf(other, sizeof other, "%s%s", id, ending);
  return lmx_page_check(page, other);
}

static const json_t *corrected_form(const lmx_page *page, const char *id)
{
  char other[128];
  size_t n = strlen(id), m = strlen(ending);
  if (n <= m || strcmp(id + n - m, ending) != 0)
    return NULL;
  snprintf(other, sizeof other, "%.*s", (int)(n - m), id);
  return lmx_page_check(page, other);
}

lmx_status lmx_page_verdicts(const lmx_page *page)
{
  FILE *file = page->file;
  fprintf(file, "<p>%s</p>\n", page->kind->columns);
  lmx_page_table_open(file, page->kind->forms ? "verdicts forms" : "verdicts",
                      page->kind->caption);
  print_titles(page);
  for (size_t i = 0; i < json_array_size(page->checks); ++i) {
    const json_t *check = json_array_get(page->checks, i);
    const char *id = lmx_page_string(check, "id");
    if (!page->kind->forms)
      print_row(page, check, NULL);
    else if (corrected_form(page, id) == NULL)
      print_row(page, check, printed_form(page, id));
  }
  lmx_page_table_close(file);
  return LMX_OK;
}

/* --- what the verdicts are worth --------------------------------------- */

/* "before id, id, id after" as an item of a list, if there is any. */
void lmx_page_chosen(const lmx_page *page, const char *before,
                     lmx_page_test *chosen, const char *after)
{
  FILE *file = page->file;
  size_t n = 0;
  for (size_t i = 0; i < json_array_size(page->checks); ++i) {
    const json_t *check = json_array_get(page->checks, i);
    if (!chosen(check))
      continue;
    fputs(n++ == 0 ? before : ", ", file);
    fputs("<a href=\"#note-", file);
    lmx_html_text(file, lmx_page_string(check, "id"));
    fputs("\">", file);
    lmx_html_text(file, lmx_page_string(check, "id"));
    fputs("</a>", file);
  }
  if (n > 0)
    fputs(after, file);
}

void lmx_page_informing(const lmx_page *page)
{
  lmx_page_chosen(page, "<li><b>For information only:</b> ", is_info,
                  ". The notes say why nothing is claimed.</li>\n");
}

void lmx_page_unexpected(const lmx_page *page)
{
  FILE *file = page->file;
  for (size_t i = 0; i < json_array_size(page->checks); ++i) {
    const json_t *check = json_array_get(page->checks, i);
    if (!is_unexpected(check))
      continue;
    fputs("<div class=\"failure\">\n<p>", file);
    lmx_page_verdict(file, check);
    fputs(": <b>", file);
    lmx_html_text(file, lmx_page_string(check, "id"));
    fputs("</b>, ", file);
    lmx_html_math(file, lmx_page_string(check, "statement"));
    fputs("</p>\n<p>", file);
    lmx_html_math(file, lmx_page_string(check, "note"));
    fputs("</p>\n</div>\n", file);
  }
}

lmx_status lmx_page_worth(const lmx_page *page)
{
  lmx_page_unexpected(page);
  fputs("<p>", page->file);
  lmx_html_math(page->file, lmx_page_string(page->report, "closing"));
  fputs("</p>\n<ul>\n", page->file);
  lmx_page_informing(page);
  fputs("</ul>\n", page->file);
  return LMX_OK;
}

/* --- notes ------------------------------------------------------------- */

static void print_note(FILE *file, const json_t *check)
{
  const json_t *where = json_object_get(check, "where");
  const json_t *v = json_object_get(where, "v");
  fputs("<section class=\"note\" id=\"note-", file);
  lmx_html_text(file, lmx_page_string(check, "id"));
  fputs("\">\n<h3>", file);
  lmx_html_text(file, lmx_page_string(check, "id"));
  fputs(" ", file);
  lmx_page_verdict(file, check);
  fputs("</h3>\n<p>", file);
  lmx_html_math(file, lmx_page_string(check, "statement"));
  fputs("</p>\n<p>", file);
  if (json_is_object(where)) {
    fputs("Tightest at t = ", file);
    lmx_html_number(file, lmx_page_real(where, "t"), 6);
    if (json_is_array(v)) {
      fputs(", v = ", file);
      lmx_page_vector(file, v);
    }
    fputs(". ", file);
  }
  lmx_html_math(file, lmx_page_string(check, "note"));
  fputs("</p>\n</section>\n", file);
}

lmx_status lmx_page_notes(const lmx_page *page)
{
  for (size_t i = 0; i < json_array_size(page->checks); ++i)
    print_note(page->file, json_array_get(page->checks, i));
  return LMX_OK;
}
