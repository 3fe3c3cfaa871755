/* report.html: tables and lists of numbers. */
#include "page.h"

#include <math.h>
#include <string.h>

#include "html.h"

/* --- any table --------------------------------------------------------- */

void lmx_page_table_open(FILE *file, const char *class, const char *caption)
{
  fputs("<div class=\"scroll\" role=\"region\" aria-label=\"", file);
  lmx_html_text(file, caption);
  fputs("\" tabindex=\"0\">\n<table", file);
  if (class != NULL)
    fprintf(file, " class=\"%s\"", class);
  fputs(">\n<caption>", file);
  lmx_html_math(file, caption);
  fputs("</caption>\n<thead>\n", file);
}

void lmx_page_table_close(FILE *file)
{
  fputs("</tbody>\n</table>\n</div>\n", file);
}

static void print_column(FILE *file, const char *name)
{
  fputs("<th scope=\"col\">", file);
  lmx_html_math(file, name);
  fputs("</th>", file);
}

void lmx_page_columns(FILE *file, size_t n, const char *const *names)
{
  fputs("<tr>", file);
  for (size_t i = 0; i < n; ++i)
    print_column(file, names[i]);
  fputs("</tr>\n</thead>\n<tbody>\n", file);
}

void lmx_page_cell(FILE *file, double x)
{
  fputs("<td>", file);
  lmx_html_number(file, x, 4);
  fputs("</td>", file);
}

/* --- tables of numbers ------------------------------------------------- */

const lmx_table *lmx_page_table(const lmx_page *page, const char *name)
{
  for (size_t i = 0; i < LMX_PAGE_TABLES; ++i)
    if (page->tables[i] != NULL && strcmp(page->tables[i]->name, name) == 0)
      return page->tables[i];
  return NULL;
}

double lmx_page_entry(const lmx_table *table, size_t row, size_t column)
{
  return column < table->columns && row < table->rows
             ? table->data[row * table->columns + column]
             : NAN;
}

bool lmx_page_is_last(const lmx_table *table, size_t row)
{
  return isnan(lmx_page_entry(table, row + 1, 0));
}

static bool has_values(const lmx_table *table, size_t c)
{
  for (size_t r = 0; r < table->rows; ++r)
    if (!isnan(lmx_page_entry(table, r, c)))
      return true;
  return false;
}

static bool is_error(const lmx_table *table, size_t c)
{
  return c > 0 && c < table->columns &&
         strcmp(table->column_names[c], "error") == 0;
}

/* Numbers of particles and times are not rounded. */
static void print_entry(FILE *file, const lmx_table *table, size_t r, size_t c)
{
  enum { EXACT = 7, ROUNDED = 4 };
  bool exact = c == 0 || strcmp(table->column_names[c], "N") == 0;
  lmx_html_number(file, lmx_page_entry(table, r, c), exact ? EXACT : ROUNDED);
  if (!is_error(table, c + 1) || isnan(lmx_page_entry(table, r, c + 1)))
    return;
  fputs("\u00a0\u00b1\u00a0", file);
  lmx_html_number(file, lmx_page_entry(table, r, c + 1), 2);
}

static void print_row(FILE *file, const lmx_table *table, size_t r,
                      const lmx_page_view *view)
{
  fputs("<tr><th scope=\"row\">", file);
  if (view->name != NULL)
    lmx_html_text(file, view->name(lmx_page_entry(table, r, 0)));
  else
    print_entry(file, table, r, 0);
  fputs("</th>", file);
  for (size_t c = 1; c < table->columns; ++c) {
    if (is_error(table, c) || !has_values(table, c))
      continue;
    fputs("<td>", file);
    if (view->cell == NULL || view->cell(table, r, c))
      print_entry(file, table, r, c);
    else
      fputs("\u2013", file);
    fputs("</td>", file);
  }
  fputs("</tr>\n", file);
}

void lmx_page_rows(const lmx_page *page, const lmx_table *table,
                   const char *caption, lmx_page_view view)
{
  FILE *file = page->file;
  const char *names[LMX_TABLE_MAX_COLUMNS];
  size_t n = 0;
  for (size_t c = 0; c < table->columns; ++c)
    if (!is_error(table, c) && has_values(table, c))
      names[n++] = table->column_names[c];
  lmx_page_table_open(file, NULL, caption);
  lmx_page_columns(file, n, names);
  for (size_t r = 0; r < table->rows; ++r)
    if (!isnan(lmx_page_entry(table, r, 0)) &&
        (view.row == NULL || view.row(table, r)))
      print_row(file, table, r, &view);
  lmx_page_table_close(file);
}

/* --- lists of numbers -------------------------------------------------- */

void lmx_page_list_open(FILE *file)
{
  fputs("<dl class=\"numbers\">\n", file);
}

void lmx_page_list_close(FILE *file)
{
  fputs("</dl>\n", file);
}

static void open_item(FILE *file, const char *name)
{
  fputs("<div><dt>", file);
  lmx_html_math(file, name);
  fputs("</dt><dd>", file);
}

static void close_item(FILE *file)
{
  fputs("</dd></div>\n", file);
}

void lmx_page_item(FILE *file, const char *name, double value, int digits)
{
  open_item(file, name);
  lmx_html_number(file, value, digits);
  close_item(file);
}

void lmx_page_setup_item(const lmx_page *page, const char *name,
                         const char *key)
{
  const json_t *setup = json_object_get(page->report, "setup");
  const json_t *value = json_object_get(setup, key);
  open_item(page->file, name);
  if (json_is_array(value))
    lmx_page_list(page->file, value);
  else if (json_is_string(value))
    lmx_html_text(page->file, json_string_value(value));
  else
    lmx_html_number(page->file, lmx_page_real(setup, key), 10);
  close_item(page->file);
}
