/* report.html: title, verdicts, what they are worth, notes. */
#include "page.h"

#include <math.h>
#include <string.h>

#include "html.h"

/* --- title ------------------------------------------------------------- */

/* E_a(0) = 1 + D_aa, (3.4). */
static void print_temperatures(FILE *file, const json_t *D)
{
  size_t n = json_array_size(D);
  for (size_t i = 0; i < n; ++i) {
    fputs(i == 0 ? "" : ", ", file);
    lmx_html_number(file, 1.0 + json_number_value(json_array_get(D, i)), 4);
  }
}

static double last(const json_t *array)
{
  size_t n = json_array_size(array);
  return n > 0 ? json_number_value(json_array_get(array, n - 1)) : NAN;
}

static void print_points(FILE *file, const json_t *grid)
{
  const json_t *axes = json_object_get(grid, "axes");
  for (size_t i = 0; i < json_array_size(axes); ++i) {
    fputs(i == 0 ? "" : "\u00a0\u00d7\u00a0", file);
    lmx_html_number(file, lmx_page_real(json_array_get(axes, i), "points"), 6);
  }
}

static void print_problem(const lmx_page *page)
{
  FILE *file = page->file;
  const json_t *initial = json_object_get(page->report, "initial");
  const json_t *grid = json_object_get(page->report, "grid");
  const json_t *solver = json_object_get(page->report, "solver");
  const json_t *times = json_object_get(page->report, "times");
  bool density = strcmp(lmx_page_string(solver, "formulation"), "density") == 0;
  fputs("<p class=\"lead\">The spatially homogeneous Landau equation for "
        "Maxwellian molecules in dimension d = ",
        file);
  lmx_html_number(file, lmx_page_real(grid, "dimension"), 4);
  fputs(", normalised by (1.2), with initial data of kind \u201c", file);
  lmx_html_text(file, lmx_page_string(initial, "kind"));
  fputs("\u201d and directional temperatures ", file);
  print_temperatures(file, json_object_get(initial, "D"));
  fputs("; \u03b7 = ", file);
  lmx_html_number(file, lmx_page_real(initial, "eta"), 4);
  fputs(" in (3.5).<br>\nSolved for ", file);
  fputs(density ? "f with Fourier derivatives" : "u = log(f/M)", file);
  fputs(" on ", file);
  print_points(file, grid);
  fputs(" points up to t = ", file);
  lmx_html_number(file, last(times), 6);
  fprintf(file, ", %zu states, and checked where |v| \u2264 ",
          json_array_size(times));
  lmx_html_number(file, lmx_page_real(grid, "radius"), 4);
  fputs(". Everything is dimensionless.</p>\n", file);
}

/* Never by colour alone: symbol and word. */
static const char *symbol(const char *status)
{
  return strcmp(status, "holds") == 0   ? "\u2713"
         : strcmp(status, "fails") == 0 ? "\u2717"
                                        : "\u25cb";
}

static void print_count(const lmx_page *page, const char *status,
                        const char *one, const char *many)
{
  const json_t *summary = json_object_get(page->report, "summary");
  double n = lmx_page_real(summary, status);
  fprintf(page->file, "<li class=\"%s\"><span aria-hidden=\"true\">%s</span> ",
          n > 0.0 ? status : "none", symbol(status));
  lmx_html_number(page->file, n, 6);
  fprintf(page->file, " %s</li>\n", n == 1.0 ? one : many);
}

void lmx_page_head(const lmx_page *page)
{
  FILE *file = page->file;
  fputs("<header>\n<h1>", file);
  lmx_html_text(file, lmx_page_string(page->report, "title"));
  fputs("</h1>\n", file);
  print_problem(page);
  fputs("<ul class=\"summary\" aria-label=\"Statements by verdict\">\n", file);
  print_count(page, "holds", "statement holds", "statements hold");
  print_count(page, "fails", "fails", "fail");
  print_count(page, "info", "is for information", "are for information");
  fputs("</ul>\n<nav aria-label=\"Sections\"><a href=\"#verdicts\">Verdicts"
        "</a> <a href=\"#scope\">What was verified</a> <a "
        "href=\"#constants\">Constants</a> <a href=\"#solver\">Solver</a> <a "
        "href=\"#figures\">Figures</a> <a href=\"#reproduce\">Reproduce</a> "
        "<a href=\"#notes\">Notes</a></nav>\n</header>\n",
        file);
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

static void print_verdict(FILE *file, const json_t *check)
{
  const char *status = lmx_page_string(check, "status");
  fputs("<span class=\"", file);
  lmx_html_text(file, status);
  fprintf(file, "\"><span aria-hidden=\"true\">%s</span> ", symbol(status));
  lmx_html_text(file, status);
  fputs("</span>", file);
}

static bool fails(const json_t *check)
{
  return strcmp(lmx_page_string(check, "status"), "fails") == 0;
}

static const char *growing(const json_t *check)
{
  const json_t *value = json_object_get(check, "growing_at_edge");
  return json_is_true(value) ? "yes" : json_is_false(value) ? "no" : "\u2013";
}

static void print_row(FILE *file, const json_t *check)
{
  const char *id = lmx_page_string(check, "id");
  const json_t *where = json_object_get(check, "where");
  fputs(fails(check) ? "<tr class=\"failed\">" : "<tr>", file);
  fputs("<th scope=\"row\"><a href=\"#note-", file);
  lmx_html_text(file, id);
  fputs("\">", file);
  lmx_html_text(file, id);
  fputs("</a> <span class=\"statement\">", file);
  lmx_html_math(file, lmx_page_string(check, "statement"));
  fputs("</span></th><td>", file);
  print_verdict(file, check);
  fputs("</td>", file);
  lmx_page_cell(file, lmx_page_real(check, "value"));
  lmx_page_cell(file, lmx_page_real(check, "bound"));
  lmx_page_cell(file, lmx_page_real(check, "slack"));
  fputs("<td>", file);
  lmx_html_number(file, lmx_page_real(where, "t"), 3);
  fputs("</td><td>", file);
  lmx_html_number(file, length(json_object_get(where, "v")), 3);
  fprintf(file, "</td><td>%s</td></tr>\n", growing(check));
}

void lmx_page_verdicts(const lmx_page *page)
{
  FILE *file = page->file;
  fputs("<section id=\"verdicts\">\n<h2>Verdicts</h2>\n"
        "<p>Value: what was measured. Bound: what it is held against. Slack: "
        "the room that is left. Tightest at: where it is least. Growing: "
        "whether the quantity still grows at the edge of the checked ball, so "
        "that it may be larger beyond. A dash: does not apply. Equation "
        "numbers are the paper\u2019s.</p>\n"
        "<div class=\"scroll\" role=\"region\" aria-label=\"Verdicts\" "
        "tabindex=\"0\">\n<table class=\"verdicts\">\n<caption>Statements "
        "of the paper on this solution</caption>\n<thead>\n",
        file);
  fputs("<tr><th scope=\"col\" rowspan=\"2\">Statement</th>"
        "<th scope=\"col\" rowspan=\"2\">Verdict</th>"
        "<th scope=\"col\" rowspan=\"2\">Value</th>"
        "<th scope=\"col\" rowspan=\"2\">Bound</th>"
        "<th scope=\"col\" rowspan=\"2\">Slack</th>"
        "<th scope=\"colgroup\" colspan=\"2\">Tightest at</th>"
        "<th scope=\"col\" rowspan=\"2\">Growing?</th></tr>\n"
        "<tr><th class=\"sub\" scope=\"col\">t</th>"
        "<th scope=\"col\">|v|</th></tr>\n</thead>\n<tbody>\n",
        file);
  for (size_t i = 0; i < json_array_size(page->checks); ++i)
    print_row(file, json_array_get(page->checks, i));
  fputs("</tbody>\n</table>\n</div>\n</section>\n", file);
}

/* --- what the verdicts are worth --------------------------------------- */

typedef bool choose_fn(const json_t *check);

static bool is_info(const json_t *check)
{
  return strcmp(lmx_page_string(check, "status"), "info") == 0;
}

static bool grows(const json_t *check)
{
  return json_is_true(json_object_get(check, "growing_at_edge"));
}

/* "before id, id, id after" as an item of a list, if there is any. */
static void print_chosen(const lmx_page *page, const char *before,
                         choose_fn *chosen, const char *after)
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

static void print_failures(const lmx_page *page)
{
  FILE *file = page->file;
  for (size_t i = 0; i < json_array_size(page->checks); ++i) {
    const json_t *check = json_array_get(page->checks, i);
    if (!fails(check))
      continue;
    fputs("<div class=\"failure\">\n<p>", file);
    print_verdict(file, check);
    fputs(": <b>", file);
    lmx_html_text(file, lmx_page_string(check, "id"));
    fputs("</b>, ", file);
    lmx_html_math(file, lmx_page_string(check, "statement"));
    fputs("</p>\n<p>", file);
    lmx_html_math(file, lmx_page_string(check, "note"));
    fputs("</p>\n</div>\n", file);
  }
}

static void print_verified(const lmx_page *page)
{
  FILE *file = page->file;
  const json_t *grid = json_object_get(page->report, "grid");
  const json_t *times = json_object_get(page->report, "times");
  fputs("<li><b>Verified:</b> each statement marked \u201cholds\u201d, at the ",
        file);
  lmx_html_number(file, lmx_page_real(grid, "nodes_checked"), 9);
  fputs(" grid points with |v| \u2264 ", file);
  lmx_html_number(file, lmx_page_real(grid, "radius"), 4);
  fprintf(file, " and %zu times from 0 to ", json_array_size(times));
  lmx_html_number(file, last(times), 6);
  fputs(", or as its <a href=\"#notes\">note</a> says. The solution is itself "
        "computed. This is evidence, not proof.</li>\n<li><b>Not verified:</b> "
        "anything beyond |v| = ",
        file);
  lmx_html_number(file, lmx_page_real(grid, "radius"), 4);
  fputs(", between the grid points and the output times, or later.</li>\n",
        file);
}

/* In density form the far tail is noise. */
static void print_trust(const lmx_page *page)
{
  const json_t *trust = json_object_get(page->report, "trust_radius");
  double least = INFINITY;
  for (size_t i = 0; i < json_array_size(trust); ++i) {
    const json_t *radius = json_array_get(trust, i);
    if (json_is_number(radius))
      least = fmin(least, json_number_value(radius));
  }
  if (least == INFINITY)
    return;
  fputs("<li>log f could be trusted up to |v| = ", page->file);
  lmx_html_number(page->file, least, 4);
  fputs(" only at the worst time; pointwise checks end there.</li>\n",
        page->file);
}

static void print_accuracy(const lmx_page *page)
{
  FILE *file = page->file;
  const char *exact =
      lmx_page_string(json_object_get(page->report, "initial"), "exact");
  fputs("<li>How accurate the solution is: ", file);
  if (*exact != '\0') {
    fputs("the exact solution is known (", file);
    lmx_html_text(file, exact);
    fputs("), see exact-error", file);
  } else {
    fputs("no exact solution is known; see error-bar, and "
          "<code>landaumax converge</code>",
          file);
  }
  fputs(".</li>\n", file);
}

void lmx_page_scope(const lmx_page *page)
{
  FILE *file = page->file;
  fputs(
      "<section id=\"scope\">\n<h2>What was verified, and what was not</h2>\n",
      file);
  print_failures(page);
  fputs("<ul>\n", file);
  print_verified(page);
  print_trust(page);
  print_chosen(page,
               "<li><b>Still growing</b> at the edge of the ball: ", grows,
               ". Their values there say nothing about what comes "
               "beyond.</li>\n");
  print_chosen(page, "<li><b>For information only:</b> ", is_info,
               ". The notes say why nothing is claimed.</li>\n");
  print_accuracy(page);
  fputs("</ul>\n</section>\n", file);
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
  print_verdict(file, check);
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

void lmx_page_notes(const lmx_page *page)
{
  fputs("<section id=\"notes\">\n<h2>Notes on each statement</h2>\n",
        page->file);
  for (size_t i = 0; i < json_array_size(page->checks); ++i)
    print_note(page->file, json_array_get(page->checks, i));
  fputs("</section>\n", page->file);
}
