/* report.html of `landaumax moments` and `landaumax particles`. */
#include "page_support.h"

#include <jansson.h>

/* --- reports ----------------------------------------------------------- */

static const char break_out[] =
    "</p></pre></style><script>alert('\"')</script>&";

static json_t *number(double x)
{
  return isnan(x) ? json_null() : json_real(x);
}

static json_t *check(const char *id, const char *status, const char *expected,
                     double value, double bound, double slack)
{
  return json_pack("{s:s, s:s++, s:s, s:s, s:s++, s:n, s:{s:f, s:n}, s:o, s:o, "
                   "s:o}",
                   "id", id, "statement", id, " is true ", break_out, "status",
                   status, "expected", expected, "note", id, " is so because ",
                   break_out, "growing_at_edge", "where", "t", 0.5, "v",
                   "value", number(value), "bound", number(bound), "slack",
                   number(slack));
}

/* Takes over `checks` and `setup`. */
static char *report_of(const char *command, json_t *checks, json_t *setup)
{
  json_t *root = json_pack(
      "{s:s, s:s, s:s, s:s+, s:i, s:s+, s:s+, s:{s:i, s:i, s:i}, s:{s:f}, s:o, "
      "s:o}",
      "case", break_out, "version", "1.2.3", "command", command, "title",
      "A title ", break_out, "dimension", 3, "about", "With M_4(0) = 8 ",
      break_out, "closing", "What it is worth ", break_out, "summary", "holds",
      3, "fails", 1, "info", 2, "timing", "solve", 2.5, "checks", checks,
      "setup", setup);
  assert_non_null(root);
  char *text = json_dumps(root, 0);
  assert_non_null(text);
  json_decref(root);
  return text;
}

static void write_report(const fixture *f, const run_folder *r, char *report)
{
  write_in(f, r->run, "report.json", report, strlen(report));
  free(report);
}

/* --- moments ----------------------------------------------------------- */

/* lem-5.8 is misprinted and fails, claim-5.9-printed should and does not. B(s)
 * is sampled up to `radius`, or exact. */
static char *moments_report(double radius)
{
  json_t *checks =
      json_pack("[o, o, o, o, o, o]",
                check("claim-5.2", "holds", "holds", 1.5e-5, 1.0, 0.25),
                check("lem-5.8-printed", "fails", "fails", NAN, NAN, NAN),
                check("lem-5.8", "holds", "holds", 0.4375, NAN, NAN),
                check("claim-5.9-printed", "holds", "fails", NAN, NAN, NAN),
                check("thm-1.7", "info", "holds", 14.25, NAN, NAN),
                check("cor-1.9", "info", "holds", 3.75, NAN, NAN));
  json_t *setup = json_pack(
      "{s:[f, f, n], s:f, s:[f, f, f], s:f, s:o}", "particles", 10.0, 1e6,
      "M_4", 8.5, "temperatures", 1.25, 0.75, 1.0, "quadrature_error",
      isnan(radius) ? 0.0 : 2e-9, "hessian_radius", number(radius));
  return report_of("moments", checks, setup);
}

static const char bound_table[] =
    "# title\n# 1:t  2:N  3:B  4:bound of H_N  5:N H_N at least\n"
    "0 10 1.5 0 NaN\n2 10 1.25 0.125 NaN\n\n0 inf 1.5 0 NaN\n"
    "2 inf 1.25 0.0625 NaN\n\n";

static void put_bound(const fixture *f, const run_folder *r)
{
  write_in(f, r->tables, "entropy_bound.dat", bound_table, strlen(bound_table));
}

/* What all pages must be. */
static void expect_sound(const char *page)
{
  expect_well_formed(page);
  expect_accessible(page);
  expect_not_in(page, "<script");
  expect_in(page, "A title &lt;/p&gt;&lt;/pre&gt;&lt;/style&gt;&lt;script");
  expect_in(page, "What it is worth &lt;/p&gt;");
  expect_in(page, "title = &quot;&lt;/pre&gt;&lt;script&gt;&quot;");
}

static void printed_and_corrected_forms_share_a_row(void **state)
{
  fixture *f = *state;
  run_folder r = make_run_folder(f, "");
  write_report(f, &r, moments_report(NAN));
  char *page = page_of(f, &r);
  expect_sound(page);
  expect_in(page, "With M<sub>4</sub>(0) = 8 &lt;");
  expect_in(page, "1 fails, 1 of them misprinted, as expected</li>");
  expect_in(page, "As printed</th><th scope=\"col\">Corrected</th>");
  /* alone; printed and corrected; printed alone */
  expect_in(page, "claim\u22125.2 is true &lt;");
  expect_in(page, "holds</span></td><td>\u2013</td><td>"
                  "1.5\u00a0\u00d7\u00a010<sup>\u22125</sup></td><td>1</td>"
                  "<td>0.25</td><td>0.5</td></tr>");
  expect_in(page, "fails</span>, as expected</td><td><span class=\"holds\">"
                  "<span aria-hidden=\"true\">\u2713</span> holds</span></td>"
                  "<td>0.4375</td><td>\u2013</td><td>\u2013</td>");
  assert_int_equal(times_in(page, "<a href=\"#note-lem-5.8\">"), 1);
  assert_int_equal(times_in(page, "<a href=\"#note-lem-5.8-printed\">"), 0);
  /* what was expected to fail and does not, and only that, is a failure */
  expect_in(page, "holds</span>, expected to fail</td><td>\u2013</td>");
  assert_int_equal(times_in(page, "<tr class=\"failed\">"), 1);
  assert_int_equal(times_in(page, "<div class=\"failure\">"), 1);
  expect_in(page, "<p>claim\u22125.9-printed is so because &lt;");
  /* all have a note */
  assert_int_equal(times_in(page, "class=\"note\" id=\"note-"), 6);
  expect_in(page, "id=\"note-lem-5.8-printed\"");
  expect_in(page, "landaumax moments case.toml --out again");
  expect_in(page, "<dt>N</dt><dd>10, 1000000, \u221e</dd>");
  expect_in(page, "<dd>1.25, 0.75, 1</dd>");
  expect_in(page, "is not known for these data");
  lmx_free(page);
  remove_run(&r);
}

static void inputs_of_theorem_1_7_are_named(void **state)
{
  fixture *f = *state;
  run_folder r = make_run_folder(f, "");
  write_report(f, &r, moments_report(6.0));
  put_bound(f, &r);
  char *page = page_of(f, &r);
  expect_sound(page);
  expect_not_in(page, "is not known for these data");
  expect_in(page, "B(s) = sup |\u2207<sup>2</sup> f / f|<sub>F</sub> / (1 + s "
                  "+ |v|<sup>2</sup>)</th><td class=\"text\">sampled</td>");
  expect_in(page, "|v| \u2264 6 of a computed solution");
  expect_in(page, "gives mass and second moments to "
                  "2.0\u00a0\u00d7\u00a010<sup>\u22129</sup>");
  expect_in(page, "<td>14.25</td><td>0.5</td></tr>");
  expect_in(page, "<td>3.75</td><td>0.5</td></tr>");
  /* the last time of each N; no column without numbers */
  expect_in(page, "<th scope=\"row\">2</th><td>10</td><td>1.25</td>"
                  "<td>0.125</td></tr>\n<tr><th scope=\"row\">2</th>"
                  "<td>\u221e</td><td>1.25</td><td>0.0625</td></tr>\n</tbody>");
  expect_not_in(page, "at least</th>");
  assert_int_equal(times_in(page, "rigorous</td>"), 1);
  lmx_free(page);
  write_report(f, &r, moments_report(NAN));
  page = page_of(f, &r);
  expect_in(page, "exact, since f = M");
  assert_int_equal(times_in(page, "rigorous</td>"), 3);
  lmx_free(page);
  remove_run(&r);
}

/* --- particles --------------------------------------------------------- */

static char *particles_report(void)
{
  json_t *checks =
      json_pack("[o, o, o]", check("lln-2.5", "fails", "holds", 4.5, 3.5, -1.0),
                check("rate-lln", "holds", "holds", NAN, NAN, NAN),
                check("rate-l1", "info", "holds", NAN, NAN, NAN));
  json_t *setup =
      json_pack("{s:s+, s:[i, i], s:i, s:i, s:f, s:f, s:s, s:[f, f], s:i}",
                "systems", "fournier, kac ", break_out, "particles", 5, 20,
                "replicas", 4000, "seed", 7, "end", 1.0, "step", 0.02, "scheme",
                "splitting", "temperatures", 1.6, 0.4, "fallbacks", 12);
  return report_of("particles", checks, setup);
}

static const char moments_table[] =
    "# title\n# 1:system  2:N  3:t  4:N X  5:error  6:exact N X\n"
    "0 5 0 19.5 0.5 19.75\n0 5 1 59.5 2.5 54.25\n\n\n"
    "4 5 0 19.25 0.5 19.75\n4 5 1 18.5 0.25 54.25\n";
static const char temperatures_table[] =
    "# title\n# 1:system  2:N  3:t  4:a  5:mean  6:error  7:exact\n"
    "0 5 0 1 1.5 0.125 1.6\n0 5 1 1 1.25 0.0625 1.125\n"
    "0 5 1 2 0.75 NaN 0.875\n";
static const char rates_table[] = "# title\n# 1:N  2:LHS (2.5)  3:error  4:L1  "
                                  "5:error\n4 6.5 0.125 0.25 NaN\n";
/* The fourth row is that of the L1 distance. */
static const char slopes_table[] =
    "# title\n# 1:quantity  2:slope  3:low  4:high  5:claimed\n"
    "1 -1.25 -1.5 -1.125 -1\n2 NaN NaN NaN -0.5\n3 NaN NaN NaN -0.5\n"
    "4 -0.75 NaN NaN -0.25\n";

#define PUT(f, r, name, text)                                                  \
  write_in(f, (r)->tables, name ".dat", text, sizeof(text) - 1)

static void put_particles(const fixture *f, const run_folder *r)
{
  PUT(f, r, "particle_moments", moments_table);
  PUT(f, r, "particle_temperatures", temperatures_table);
  PUT(f, r, "particle_rates", rates_table);
  PUT(f, r, "particle_slopes", slopes_table);
  write_in(f, r->figures, "particle_lln.png", picture, sizeof picture - 1);
}

static void particles_stand_beside_exact_values(void **state)
{
  fixture *f = *state;
  run_folder r = make_run_folder(f, "");
  write_report(f, &r, particles_report());
  put_particles(f, &r);
  char *page = page_of(f, &r);
  expect_sound(page);
  expect_in(page, "fails</span></td><td>4.5</td><td>3.5</td><td>\u22121</td>"
                  "<td>0.5</td></tr>");
  assert_int_equal(times_in(page, "<div class=\"failure\">"), 1);
  assert_int_equal(times_in(page, "class=\"note\" id=\"note-"), 3);
  expect_in(page, "<dt>systems</dt><dd>fournier, kac &lt;/p&gt;");
  expect_in(page, "<dt>N</dt><dd>5, 20</dd>");
  expect_in(page, "<dt>replicas</dt><dd>4000</dd>");
  expect_in(page, "<dt>seed</dt><dd>7</dd>");
  /* at the last time; exact values only where they are some */
  expect_in(page, "fournier</th><td>5</td><td>1</td><td>59.5\u00a0\u00b1\u00a0"
                  "2.5</td><td>54.25</td></tr>\n<tr><th scope=\"row\">kac</th>"
                  "<td>5</td><td>1</td><td>18.5\u00a0\u00b1\u00a00.25</td>"
                  "<td>\u2013</td></tr>\n</tbody>");
  expect_in(page, "<td>1.25\u00a0\u00b1\u00a00.062</td><td>1.125</td></tr>\n"
                  "<tr><th scope=\"row\">fournier</th><td>5</td><td>1</td>"
                  "<td>2</td><td>0.75</td><td>0.875</td></tr>\n</tbody>");
  expect_in(page, "<td>\u22121.25</td><td>[\u22121.5, \u22121.125]</td><td>"
                  "\u22121</td><td><span class=\"holds\">");
  expect_in(page, "<td>\u22120.75</td><td>\u2013</td><td>\u22120.25</td><td>"
                  "<span class=\"info\">");
  expect_in(page, "<th scope=\"row\">4</th><td>6.5\u00a0\u00b1\u00a00.12</td>"
                  "<td>0.25</td></tr>");
  expect_in(page, "landaumax particles case.toml --out again");
  assert_int_equal(times_in(page, "<figure"), 1);
  lmx_free(page);
  remove_run(&r);
}

static void absent_tables_are_left_out(void **state)
{
  fixture *f = *state;
  run_folder r = make_run_folder(f, "");
  write_report(f, &r, particles_report());
  char *page = page_of(f, &r);
  expect_sound(page);
  expect_in(page, "None were measured");
  expect_in(page, "None were drawn");
  lmx_free(page);
  PUT(f, &r, "particle_moments", "nonsense");
  assert_int_equal(lmx_page_write(f->context, r.run), LMX_ERR_IO);
  expect_message(f, "particle_moments.dat is not a table");
  remove_run(&r);
}

static void no_memory_is_survived(void **state)
{
  fixture *f = *state;
  run_folder r = make_run_folder(f, "");
  write_report(f, &r, particles_report());
  put_particles(f, &r);
  expect_memory_survived(f, &r);
  remove_run(&r);
  r = make_run_folder(f, "");
  write_report(f, &r, moments_report(6.0));
  put_bound(f, &r);
  expect_memory_survived(f, &r);
  remove_run(&r);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(printed_and_corrected_forms_share_a_row),
      TEST(inputs_of_theorem_1_7_are_named),
      TEST(particles_stand_beside_exact_values),
      TEST(absent_tables_are_left_out), TEST(no_memory_is_survived)};
  return cmocka_run_group_tests_name("page kinds", tests, NULL, NULL);
}
