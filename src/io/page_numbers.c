/* report.html: tables of constants, what the solver did. */
#include "page.h"

#include <math.h>
#include <string.h>

#include "html.h"
#include "layout.h"

/* --- constants --------------------------------------------------------- */

/* Column of a table by its name; the number of columns if it has none such. */
static size_t column(const lmx_table *table, const char *name)
{
  size_t c = 0;
  while (c < table->columns && strcmp(table->column_names[c], name) != 0)
    ++c;
  return c;
}

/* The largest value of a column, and so the smallest constant for all
 * times. */
static double largest(const lmx_table *table, const char *name)
{
  double value = NAN;
  if (table == NULL)
    return NAN;
  for (size_t r = 0; r < table->rows; ++r)
    value = fmax(value, lmx_page_entry(table, r, column(table, name)));
  return value;
}

/* Rows of tables/constants.dat. */
enum { PRINTED, SHARP };

/* What each constant would have to be for the solution at hand: columns of
 * tables/smallest_constants.dat for the printed and the sharp set. */
static const char *const needed[][3] = {
    {"K1 of Lemma 4.1", "K1 of Lemma 4.1", "K1 of Lemma 4.1"},
    {"K2 of Lemma 4.5", "K2 of Lemma 4.5", "K2 of Lemma 4.5"},
    {"C' of (4.1)", "C' with the printed C", "C' with the sharp C"},
    {"C'' of Section 4.2", "C'' printed", "C'' sharp"}};

static const char *needed_column(const char *name, int set)
{
  for (size_t i = 0; i < sizeof needed / sizeof *needed; ++i)
    if (strcmp(needed[i][0], name) == 0)
      return needed[i][1 + set];
  return "";
}

static void print_proof_constants(const lmx_page *page, const lmx_table *table)
{
  FILE *file = page->file;
  static const char *const names[] = {"Constant", "Printed", "Enough", "Sharp",
                                      "Enough"};
  const lmx_table *smallest = lmx_page_table(page, "smallest_constants");
  fputs("<p>Printed: with the paper\u2019s K<sub>1</sub> = 4d and "
        "K<sub>2</sub> = 16d. Sharp: with 2(d\u22121) and 4(d\u22121), or as "
        "chosen in the case. Enough: the smallest that serves at all stored "
        "times at the nodes of the checked ball, with the other constants of "
        "the set as they are.</p>\n",
        file);
  lmx_page_table_open(file, NULL,
                      "Constants of the proofs of Theorems 2.3 and 2.4");
  lmx_page_columns(file, sizeof names / sizeof *names, names);
  for (size_t c = 1; c < table->columns; ++c) {
    const char *name = table->column_names[c];
    fputs("<tr><th scope=\"row\">", file);
    lmx_html_math(file, name);
    fputs("</th>", file);
    for (int set = PRINTED; set <= SHARP; ++set) {
      lmx_page_cell(file, lmx_page_entry(table, (size_t)set, c));
      lmx_page_cell(file, largest(smallest, needed_column(name, set)));
    }
    fputs("</tr>\n", file);
  }
  lmx_page_table_close(file);
}

lmx_status lmx_page_constants(const lmx_page *page)
{
  const lmx_table *constants = lmx_page_table(page, "constants");
  const lmx_table *smallest = lmx_page_table(page, "smallest_constants");
  if (constants != NULL)
    print_proof_constants(page, constants);
  if (smallest != NULL)
    lmx_page_rows(page, smallest,
                  "The smallest constants with which the statements hold at "
                  "the nodes of the checked ball, at each stored time",
                  (lmx_page_view){0});
  if (constants == NULL && smallest == NULL)
    fputs("<p>No statement that needs constants was checked.</p>\n",
          page->file);
  return LMX_OK;
}

/* --- solver ------------------------------------------------------------ */

static void print_axes(const lmx_page *page)
{
  FILE *file = page->file;
  const json_t *grid = json_object_get(page->report, "grid");
  const json_t *axes = json_object_get(grid, "axes");
  fputs("<table>\n<caption>Grid; differences of order ", file);
  lmx_html_number(file, lmx_page_real(grid, "order"), 4);
  fputs("</caption>\n<thead>\n<tr><th scope=\"col\">Axis</th><th scope=\"col\">"
        "Kind</th><th scope=\"col\">Points</th><th scope=\"col\">Half width"
        "</th><th scope=\"col\">Spacing</th></tr>\n</thead>\n<tbody>\n",
        file);
  for (size_t i = 0; i < json_array_size(axes); ++i) {
    const json_t *axis = json_array_get(axes, i);
    fprintf(file, "<tr><th scope=\"row\">%zu</th><td>", i + 1);
    lmx_html_text(file, lmx_page_string(axis, "kind"));
    fputs("</td>", file);
    lmx_page_cell(file, lmx_page_real(axis, "points"));
    lmx_page_cell(file, lmx_page_real(axis, "half_width"));
    lmx_page_cell(file, lmx_page_real(axis, "spacing"));
    fputs("</tr>\n", file);
  }
  fputs("</tbody>\n</table>\n", file);
}

/* Data that (1.2) does not hold for was brought to it. */
static void print_map(const lmx_page *page)
{
  FILE *file = page->file;
  const json_t *map =
      json_object_get(json_object_get(page->report, "initial"), "map");
  const json_t *rotation = json_object_get(map, "rotation");
  if (!json_is_false(json_object_get(map, "identity")))
    return;
  fputs("<p>The data was brought to the normal form (1.2) by v = R (x \u2212 m)"
        " / s and t = \u03c1 \u00b7 (your time), with \u03c1 = ",
        file);
  lmx_html_number(file, lmx_page_real(map, "mass"), 6);
  fputs(", s = ", file);
  lmx_html_number(file, lmx_page_real(map, "scale"), 6);
  fputs(", m = ", file);
  lmx_page_vector(file, json_object_get(map, "mean"));
  fputs(" and R with the rows ", file);
  for (size_t i = 0; i < json_array_size(rotation); ++i) {
    fputs(i == 0 ? "" : ", ", file);
    lmx_page_vector(file, json_array_get(rotation, i));
  }
  fputs(".</p>\n", file);
}

lmx_status lmx_page_solver(const lmx_page *page)
{
  FILE *file = page->file;
  const json_t *solver = json_object_get(page->report, "solver");
  const json_t *timing = json_object_get(page->report, "timing");
  print_map(page);
  print_axes(page);
  fputs("<p>CVODE with BDF, Newton and SPGMR.</p>\n", file);
  lmx_page_list_open(file);
  lmx_page_item(file, "relative tolerance", lmx_page_real(solver, "rtol"), 4);
  lmx_page_item(file, "absolute tolerance", lmx_page_real(solver, "atol"), 4);
#define PRINT_COUNT(member, words)                                             \
  lmx_page_item(file, words, lmx_page_real(solver, #member), 9);
  LMX_STATS_COUNTS(PRINT_COUNT)
#undef PRINT_COUNT
  lmx_page_item(file, "last order", lmx_page_real(solver, "last_order"), 4);
  lmx_page_item(file, "last step", lmx_page_real(solver, "last_step"), 4);
  lmx_page_item(file, "seconds: set-up", lmx_page_real(timing, "setup"), 3);
  lmx_page_item(file, "seconds: solve", lmx_page_real(timing, "solve"), 3);
  lmx_page_item(file, "seconds: checks", lmx_page_real(timing, "check"), 3);
  lmx_page_item(file, "seconds: tables", lmx_page_real(timing, "write"), 3);
  lmx_page_list_close(file);
  return LMX_OK;
}
