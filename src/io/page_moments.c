/* report.html of `landaumax moments`: Theorem 1.7 as a number, exact
 * moments. */
#include <math.h>
#include <string.h>

#include "html.h"
#include "page.h"

static const json_t *setup(const lmx_page *page)
{
  return json_object_get(page->report, "setup");
}

/* --- Theorem 1.7 and Corollary 1.9 ------------------------------------- */

static void print_input(FILE *file, const char *what, const char *worth,
                        const char *how)
{
  fputs("<tr><th scope=\"row\">", file);
  lmx_html_math(file, what);
  fprintf(file, "</th><td class=\"text\">%s</td><td class=\"text\">", worth);
  lmx_html_math(file, how);
  fputs("</td></tr>\n", file);
}

static void print_moments_input(const lmx_page *page)
{
  char how[160];
  double error = lmx_page_real(setup(page), "quadrature_error");
  print_input(page->file, "X_N, Y_N: moments of the N particles", "rigorous",
              "exact solution of the closed linear equation, to rounding");
  snprintf(how, sizeof how,
           "quadrature that gives mass and second moments to %.1e", error);
  if (error > 0.0)
    print_input(page->file, "fourth moments of f0", "sampled", how);
  else
    print_input(page->file, "fourth moments of f0", "rigorous", "closed forms");
}

static void print_hessian_input(const lmx_page *page)
{
  static const char what[] = "B(s) = sup |Hess f / f|_F / (1 + s + |v|^2)";
  char how[200];
  double radius = lmx_page_real(setup(page), "hessian_radius");
  if (isnan(radius)) {
    print_input(page->file, what, "rigorous", "exact, since f = M");
    return;
  }
  snprintf(how, sizeof how,
           "largest value at the grid points with |v| <= %.4g of a computed "
           "solution; between output times the larger neighbour",
           radius);
  print_input(page->file, what, "sampled", how);
}

static void print_inputs(const lmx_page *page)
{
  static const char *const columns[] = {"Input", "Worth", "How it is known"};
  lmx_page_table_open(page->file, "inputs",
                      "What the bound is made from: rigorous inputs are exact "
                      "up to rounding, sampled ones are evidence, not proof");
  lmx_page_columns(page->file, sizeof columns / sizeof *columns, columns);
  print_moments_input(page);
  print_hessian_input(page);
  lmx_page_table_close(page->file);
}

static void print_constant(const lmx_page *page, const char *id)
{
  FILE *file = page->file;
  const json_t *check = lmx_page_check(page, id);
  if (check == NULL)
    return;
  fputs("<tr><th scope=\"row\">", file);
  lmx_html_math(file, lmx_page_string(check, "statement"));
  fputs("</th>", file);
  lmx_page_cell(file, lmx_page_real(check, "value"));
  lmx_page_cell(file, lmx_page_real(json_object_get(check, "where"), "t"));
  fputs("</tr>\n", file);
}

static lmx_status print_theorem(const lmx_page *page)
{
  static const char *const columns[] = {"Statement", "Constant C", "at t"};
  const lmx_table *bound = lmx_page_table(page, "entropy_bound");
  if (bound == NULL) {
    fputs("<p>No numbers: B(s) = sup |\u2207<sup>2</sup> f / f| / (1 + s + "
          "|v|<sup>2</sup>) is not known for these data, or not known to be "
          "finite. <code>landaumax moments CASE.toml --run DIR</code> takes it "
          "from a finished run of the same data.</p>\n",
          page->file);
    return LMX_OK;
  }
  print_inputs(page);
  lmx_page_table_open(page->file, NULL,
                      "Constants that serve for these N and times");
  lmx_page_columns(page->file, sizeof columns / sizeof *columns, columns);
  print_constant(page, "thm-1.7");
  print_constant(page, "cor-1.9");
  lmx_page_table_close(page->file);
  lmx_page_rows(page, bound,
                "The bounds at the last time; that of the L1 distance is for "
                "k = 1, times sqrt(k) for others, and never above 2",
                (lmx_page_view){.row = lmx_page_is_last});
  return LMX_OK;
}

/* --- moments ----------------------------------------------------------- */

static lmx_status print_moments(const lmx_page *page)
{
  const lmx_table *moments = lmx_page_table(page, "moments");
  lmx_page_list_open(page->file);
  lmx_page_item(page->file, "dimension d",
                lmx_page_real(page->report, "dimension"), 4);
  lmx_page_setup_item(page, "N", "particles");
  lmx_page_setup_item(page, "E(0)", "temperatures");
  lmx_page_setup_item(page, "M_4(0)", "M_4");
  lmx_page_setup_item(page, "8 (d-1)^2 (4d-1), slope of N times (2.5)",
                      "lln_slope");
  lmx_page_list_close(page->file);
  if (moments != NULL)
    lmx_page_rows(page, moments,
                  "Exact moments at the last output time: p is the mean "
                  "velocity, Psi_a the directional temperatures",
                  (lmx_page_view){.row = lmx_page_is_last});
  return LMX_OK;
}

/* --- the page ---------------------------------------------------------- */

static const lmx_page_section sections[] = {
    {"verdicts", "Verdicts", "Verdicts", lmx_page_verdicts},
    {"scope", "What they are worth", "What the verdicts are worth",
     lmx_page_worth},
    {"theorem", "Theorem 1.7", "Theorem 1.7 and Corollary 1.9 as numbers",
     print_theorem},
    {"constants", "Constants and moments", "Constants and moments",
     print_moments},
    {"figures", "Figures", "Figures", lmx_page_figures},
    {"reproduce", "Reproduce", "How to reproduce", lmx_page_reproduce},
    {"notes", "Notes", "Notes on each statement", lmx_page_notes}};

const lmx_page_kind lmx_page_moments = {
    .command = "moments",
    .tables = {"entropy_bound", "moments"},
    .forms = true,
    .columns =
        "As printed: the verdict on the paper\u2019s form. Corrected: that on "
        "the form with the misprint mended, a dash where there is none. Value: "
        "the smallest constant C with which the statement (corrected, if it "
        "was misprinted) holds for all times and N looked at, or what was "
        "measured where there is a bound. Slack: the room that is left; a "
        "constant without a value leaves none to measure. Equation numbers are "
        "the paper\u2019s.",
    .caption = "Statements of the paper on the exact moments",
    .lead = lmx_page_about,
    .again = "computes everything anew; a bound of Theorem 1.7 with sampled "
             "B(s) also needs the finished run, <code>--run DIR</code>",
    .nsections = sizeof sections / sizeof *sections,
    .sections = sections};
