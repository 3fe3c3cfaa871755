/* report.html of `landaumax particles`: what was simulated, estimates beside
 * exact values, rates in N. */
#include <math.h>
#include <string.h>

#include "html.h"
#include "landaumax/particle.h"
#include "page.h"

/* Columns of the tables of particles. */
enum { SYSTEM, NUMBER, TIME };

static const char *system_name(double x)
{
  return x >= 0.0 && x < LMX_SYSTEM_COUNT
             ? lmx_particle_system_name((lmx_particle_system)x)
             : "\u2013";
}

/* --- what was simulated ------------------------------------------------ */

static lmx_status print_setup(const lmx_page *page)
{
  static const char *const items[][2] = {{"systems", "systems"},
                                         {"N", "particles"},
                                         {"replicas", "replicas"},
                                         {"seed", "seed"},
                                         {"end time t", "end"},
                                         {"longest step", "step"},
                                         {"scheme of (1.3)", "scheme"},
                                         {"E(0)", "temperatures"},
                                         {"steps of lower order", "fallbacks"}};
  lmx_page_list_open(page->file);
  lmx_page_item(page->file, "dimension d",
                lmx_page_real(page->report, "dimension"), 4);
  for (size_t i = 0; i < sizeof items / sizeof *items; ++i)
    lmx_page_setup_item(page, items[i][0], items[i][1]);
  lmx_page_item(page->file, "seconds: simulation",
                lmx_page_real(json_object_get(page->report, "timing"), "solve"),
                3);
  lmx_page_list_close(page->file);
  fputs("<p>fournier is (1.3), fgm (1.7), landau (1.8) with independent "
        "noises, landau-printed (1.8) with the noises shared as printed, kac "
        "the system of Remark 1.5. The seed and the case give every number "
        "again, on any number of threads.</p>\n",
        page->file);
  return LMX_OK;
}

/* --- measured against exact -------------------------------------------- */

/* At the last time, whatever follows: blocks or the end. */
static bool is_at_end(const lmx_table *table, size_t row)
{
  double end = 0.0;
  for (size_t r = 0; r < table->rows; ++r)
    end = fmax(end, lmx_page_entry(table, r, TIME));
  return lmx_page_entry(table, row, TIME) == end;
}

/* Exact values are those of (1.3), (1.7) and (1.8) with independent noises. */
static bool applies(const lmx_table *table, size_t row, size_t column)
{
  return lmx_page_entry(table, row, SYSTEM) <= LMX_SYSTEM_LANDAU ||
         strncmp(table->column_names[column], "exact", 5) != 0;
}

static lmx_status print_measured(const lmx_page *page)
{
  const lmx_page_view view = {is_at_end, applies, system_name};
  const lmx_table *moments = lmx_page_table(page, "particle_moments");
  const lmx_table *axes = lmx_page_table(page, "particle_temperatures");
  fputs("<p>Means over the replicas \u00b1 one standard error. Exact "
        "values are known for (1.3), and are the same for (1.7) and for (1.8) "
        "with independent noises; Euler steps miss them to first order in the "
        "step. The energy is (1/N) \u2211 |v<sup>i</sup>|<sup>2</sup>, exactly "
        "d in the mean, p the mean velocity, X what (2.5) takes the mean of. "
        "All times are in "
        "<code>tables/</code>.</p>\n",
        page->file);
  if (moments != NULL)
    lmx_page_rows(page, moments, "Moments at the last time", view);
  if (axes != NULL)
    lmx_page_rows(page, axes,
                  "Directional temperatures (1/N) sum (v_a)^2 at the last time",
                  view);
  return LMX_OK;
}

/* --- rates ------------------------------------------------------------- */

/* Columns of particle_slopes, whose rows are in the order of the verdicts. */
enum { QUANTITY, SLOPE, LOW, HIGH, CLAIMED };

static void print_rate(const lmx_page *page, const lmx_table *slopes, size_t r,
                       const json_t *check)
{
  FILE *file = page->file;
  double low = lmx_page_entry(slopes, r, LOW);
  fputs("<tr><th scope=\"row\"><a href=\"#note-", file);
  lmx_html_text(file, lmx_page_string(check, "id"));
  fputs("\">", file);
  lmx_html_text(file, lmx_page_string(check, "id"));
  fputs("</a> <span class=\"statement\">", file);
  lmx_html_math(file, lmx_page_string(check, "statement"));
  fputs("</span></th>", file);
  lmx_page_cell(file, lmx_page_entry(slopes, r, SLOPE));
  fputs("<td>", file);
  if (isnan(low)) {
    fputs("\u2013", file);
  } else {
    fputs("[", file);
    lmx_html_number(file, low, 4);
    fputs(", ", file);
    lmx_html_number(file, lmx_page_entry(slopes, r, HIGH), 4);
    fputs("]", file);
  }
  fputs("</td>", file);
  lmx_page_cell(file, lmx_page_entry(slopes, r, CLAIMED));
  fputs("<td>", file);
  lmx_page_verdict(file, check);
  fputs("</td></tr>\n", file);
}

static lmx_status print_rates(const lmx_page *page)
{
  static const char *const columns[] = {"Quantity", "Exponent of N",
                                        "95 % interval", "Paper", "Verdict"};
#define ID(symbol, id, words) id,
  static const char *const ids[] = {LMX_RATE_LIST(ID)};
#undef ID
  const lmx_table *slopes = lmx_page_table(page, "particle_slopes");
  const lmx_table *rates = lmx_page_table(page, "particle_rates");
  if (slopes == NULL || rates == NULL) {
    fputs("<p>None were measured; <code>particles.rates = true</code> compares "
          "the law of one particle with f (d = 2).</p>\n",
          page->file);
    return LMX_OK;
  }
  lmx_page_table_open(page->file, NULL,
                      "Exponents of N, fitted, with bootstrap intervals");
  lmx_page_columns(page->file, sizeof columns / sizeof *columns, columns);
  for (size_t r = 0; r < LMX_RATE_COUNT; ++r) {
    const json_t *check = lmx_page_check(page, ids[r]);
    if (check != NULL)
      print_rate(page, slopes, r, check);
  }
  lmx_page_table_close(page->file);
  lmx_page_rows(page, rates,
                "What the exponents were fitted to: distances between the law "
                "of one particle of (1.3) and f at the last time",
                (lmx_page_view){0});
  return LMX_OK;
}

/* --- the page ---------------------------------------------------------- */

static const lmx_page_section sections[] = {
    {"verdicts", "Verdicts", "Verdicts", lmx_page_verdicts},
    {"scope", "What they are worth", "What the verdicts are worth",
     lmx_page_worth},
    {"setup", "Simulations", "What was simulated", print_setup},
    {"measured", "Measured and exact", "Measured against exact",
     print_measured},
    {"rates", "Rates in N", "Rates in N", print_rates},
    {"figures", "Figures", "Figures", lmx_page_figures},
    {"reproduce", "Reproduce", "How to reproduce", lmx_page_reproduce},
    {"notes", "Notes", "Notes on each statement", lmx_page_notes}};

const lmx_page_kind lmx_page_particles = {
    .command = "particles",
    .tables = {"particle_moments", "particle_temperatures", "particle_rates",
               "particle_slopes"},
    .columns =
        "Value: what was measured, in standard errors where it is compared "
        "with an exact mean. Bound: what it is held against. Slack: the room "
        "that is left. Tightest at: the time at which it is least. A dash: "
        "does not apply. The notes say what each number is. Equation numbers "
        "are the paper\u2019s.",
    .caption = "Statements of the paper on the simulated particles",
    .lead = lmx_page_about,
    .again = "simulates everything anew and gives the same numbers",
    .nsections = sizeof sections / sizeof *sections,
    .sections = sections};
