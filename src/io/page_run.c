/* report.html of `landaumax run`: what was solved, what was verified. */
#include <math.h>
#include <string.h>

#include "html.h"
#include "page.h"

/* --- what was solved --------------------------------------------------- */

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

lmx_status lmx_page_problem(const lmx_page *page)
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
  return LMX_OK;
}

/* --- what was verified ------------------------------------------------- */

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
        "computed. This is evidence, not proof. What is said of the data over "
        "R<sup>d</sup>, by its structure, holds for all v.</li>\n<li><b>Not "
        "verified:</b> "
        "of the solution, anything beyond |v| = ",
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
  fputs(". ", file);
  lmx_html_math(file, lmx_page_string(json_object_get(page->report, "accuracy"),
                                      "sentence"));
  fputs("</li>\n", file);
}

static bool grows(const json_t *check)
{
  return json_is_true(json_object_get(check, "growing_at_edge"));
}

lmx_status lmx_page_scope(const lmx_page *page)
{
  lmx_page_unexpected(page);
  fputs("<ul>\n", page->file);
  print_verified(page);
  print_trust(page);
  lmx_page_chosen(
      page,
      "<li><b>Largest, or still rising,</b> at the edge of the ball: ", grows,
      ". Their values there say nothing about what comes "
      "beyond.</li>\n");
  lmx_page_informing(page);
  print_accuracy(page);
  fputs("</ul>\n", page->file);
  return LMX_OK;
}

static const lmx_page_section sections[] = {
    {"verdicts", "Verdicts", "Verdicts", lmx_page_verdicts},
    {"scope", "What was verified", "What was verified, and what was not",
     lmx_page_scope},
    {"constants", "Constants", "Constants", lmx_page_constants},
    {"solver", "Solver", "Solver", lmx_page_solver},
    {"figures", "Figures", "Figures", lmx_page_figures},
    {"reproduce", "Reproduce", "How to reproduce", lmx_page_reproduce},
    {"notes", "Notes", "Notes on each statement", lmx_page_notes}};

const lmx_page_kind lmx_page_run = {
    .command = "run",
    .tables = {"smallest_constants", "constants"},
    .pointwise = true,
    .columns =
        "Value: what was measured. Bound: what it is held against. Slack: the "
        "room that is left. Tightest at: where it is least. Growing: whether "
        "the quantity is largest, or still rises, at the edge of the checked "
        "ball, so that it may be larger beyond. A dash: does not apply. "
        "Equation numbers are "
        "the paper\u2019s.",
    .caption = "Statements of the paper on this solution",
    .lead = lmx_page_problem,
    .again = "computes everything anew, and <code>landaumax check DIR</code> "
             "repeats the checks on the stored solution",
    .nsections = sizeof sections / sizeof *sections,
    .sections = sections};
