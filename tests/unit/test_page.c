/* report.html: the typesetting, and the page of a run directory whose texts
 * try to break out of it. */
#include "page_support.h"

#include "io/html.h"

/* What `print` printed, in a buffer of the test. */
static char printed[4096];

static FILE *open_printed(void)
{
  FILE *file = fmemopen(printed, sizeof printed, "w");
  assert_non_null(file);
  return file;
}

static void special_characters_are_escaped(void **state)
{
  (void)state;
  FILE *file = open_printed();
  lmx_html_text(file, "<a href=\"x\" b='y'>&amp;</a> \303\251");
  fclose(file);
  assert_string_equal(printed, "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;"
                               "&amp;amp;&lt;/a&gt; \303\251");
}

static void formulas_are_typeset(void **state)
{
  (void)state;
  static const char *const cases[][2] = {
      {"|v|^2 <= 6.", "|v|<sup>2</sup> \u2264 6."},
      {"f0 >= C_0 exp(-|v|^1.00/C_2'(t))",
       "f<sub>0</sub> \u2265 C<sub>0</sub> "
       "exp(\u2212|v|<sup>1.00</sup>/C<sub>2</sub>&#39;(t))"},
      {"(d_t - L) f", "(\u2202<sub>t</sub> \u2212 L) f"},
      {"|Hess log f|_F, |grad log f|",
       "|\u2207<sup>2</sup> log f|<sub>F</sub>, |\u2207 log f|"},
      {"1 + sqrt t, kappa t -> eta, int sup |rho|",
       "1 + \u221at, \u03ba t \u2192 \u03b7, \u222b sup |\u03c1|"},
      {"min_a min(1 + D_aa)", "min<sub>a</sub> min(1 + D<sub>aa</sub>)"},
      {"F_{N,1}, (1 + T^{5/2}) / N^{-1/4}, e^{-4ds}",
       "F<sub>N,1</sub>, (1 + T<sup>5/2</sup>) / N<sup>\u22121/4</sup>, "
       "e<sup>\u22124ds</sup>"},
      {"int_0^t e^{-4d(t-s)} ds, t^-1.00 and x^-",
       "\u222b<sub>0</sub><sup>t</sup> e<sup>\u22124d(t\u2212s)</sup> ds, "
       "t<sup>\u22121.00</sup> and x^-"},
      {"I_{a!=b}, Psi_a, L1, sum v, x^{<b>, ^{",
       "I<sub>a\u2260b</sub>, \u03a8<sub>a</sub>, L<sup>1</sup>, \u2211 v, "
       "x^{&lt;b&gt;, ^{"},
      {"K1 = 2, log10 f", "K<sub>1</sub> = 2, log<sub>10</sub> f"},
      {"at most 4.4e-07, 1e+12",
       "at most 4.4\u00a0\u00d7\u00a010<sup>\u22127</sup>, "
       "1\u00a0\u00d7\u00a010<sup>12</sup>"},
      {"v^T", "v<sup>T</sup>"},
      /* no formulas */
      {"F-grad, right-hand side, gradient",
       "F-grad, right-hand side, gradient"},
      {"smallest_constants in log_density_map, 100%",
       "smallest_constants in log_density_map, 100%"},
      {"<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"},
      {"a_ ^ ^< _", "a_ ^ ^&lt; _"},
      {"", ""}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
    FILE *file = open_printed();
    lmx_html_math(file, cases[i][0]);
    fclose(file);
    assert_string_equal(printed, cases[i][1]);
    printed[0] = '\0';
  }
}

static void numbers_are_typeset(void **state)
{
  (void)state;
  static const struct {
    double x;
    const char *text;
  } cases[] = {{0.0, "0"},
               {-0.0, "0"},
               {1.5, "1.5"},
               {-0.03326, "\u22120.03326"},
               {1.0888e-10, "1.089\u00a0\u00d7\u00a010<sup>\u221210</sup>"},
               {-2e100, "\u22122\u00a0\u00d7\u00a010<sup>100</sup>"},
               {NAN, "\u2013"},
               {INFINITY, "\u221e"},
               {-INFINITY, "\u2212\u221e"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
    FILE *file = open_printed();
    lmx_html_number(file, cases[i].x, 4);
    fclose(file);
    assert_string_equal(printed, cases[i].text);
  }
}

/* The examples of RFC 4648, section 10, and bytes beyond ASCII. */
static void base64_follows_the_standard(void **state)
{
  (void)state;
  static const char *const cases[][2] = {{"", ""},
                                         {"f", "Zg=="},
                                         {"fo", "Zm8="},
                                         {"foo", "Zm9v"},
                                         {"foob", "Zm9vYg=="},
                                         {"fooba", "Zm9vYmE="},
                                         {"foobar", "Zm9vYmFy"},
                                         {"\377\376\375", "//79"}};
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i) {
    memset(printed, 0, sizeof printed);
    FILE *file = open_printed();
    lmx_html_base64(file, cases[i][0], strlen(cases[i][0]));
    fclose(file);
    assert_string_equal(printed, cases[i][1]);
  }
}

/* --- tables ------------------------------------------------------------ */

static void tables_are_read_as_written(void **state)
{
  fixture *f = *state;
  const double rows[][3] = {{0.0, 0.1 + 0.2, -1e-300}, {1e300, NAN, INFINITY}};
  lmx_table *table, *read;
  ASSERT_OK(f->context, lmx_table_create(f->context, "x", "a title",
                                         "t,C' of (4.1),|v|", &table));
  for (size_t i = 0; i < 2; ++i) {
    ASSERT_OK(f->context, lmx_table_add(f->context, table, rows[i]));
    ASSERT_OK(f->context, lmx_table_break(f->context, table));
  }
  ASSERT_OK(f->context, lmx_table_write(f->context, f->folder, table));
  ASSERT_OK(f->context, lmx_table_read(f->context, f->folder, "x", &read));
  assert_string_equal(read->title, table->title);
  assert_int_equal(read->columns, 3);
  assert_int_equal(read->rows, 4);
  for (size_t c = 0; c < 3; ++c)
    assert_string_equal(read->column_names[c], table->column_names[c]);
  for (size_t i = 0; i < 12; ++i) {
    double got = read->data[i], want = table->data[i];
    if (i / 3 % 2 == 0) /* the others separate blocks */
      assert_true(isnan(want) ? isnan(got) : got == want);
    else if (i % 3 == 0)
      assert_true(isnan(got));
  }
  lmx_table_destroy(&read);
  lmx_table_destroy(&table);
}

static void other_files_are_no_tables(void **state)
{
  fixture *f = *state;
  static const char *const texts[] = {"",
                                      "x",
                                      "# title\n",
                                      "# title\n1 2\n",
                                      "# title\n# 1:t  2:x\n1 2 3\n",
                                      "# title\n# 1:t  2:x\n1\n",
                                      "# title\n# 1:t  2:x\n1 y\n"};
  char *path = in_folder(f, "x.dat");
  lmx_table *table = (lmx_table *)1;
  ASSERT_OK(f->context, lmx_table_read(f->context, f->folder, "x", &table));
  assert_null(table);
  for (size_t i = 0; i < sizeof texts / sizeof texts[0]; ++i) {
    ASSERT_OK(f->context,
              lmx_file_write(f->context, path, texts[i], strlen(texts[i])));
    assert_int_equal(lmx_table_read(f->context, f->folder, "x", &table),
                     LMX_ERR_IO);
    expect_message(f, "x.dat is not a table");
  }
  lmx_free(path);
}

/* --- the page ---------------------------------------------------------- */

static const char report[] =
    "{\"case\": \"" BREAK_OUT "\", \"version\": \"1.2.3\",\n"
    "\"title\": \"A title " BREAK_OUT "\",\n"
    "\"summary\": {\"holds\": 1, \"fails\": 1, \"info\": 1},\n"
    "\"checks\": [\n"
    "{\"id\": \"thm-2.3\", \"statement\": \"|grad log f| <= C " BREAK_OUT
    "\", \"status\": \"holds\", \"value\": 0.125, \"bound\": 1.5e-9,\n"
    "\"slack\": null, \"where\": {\"t\": 0.25, \"v\": [3.0, -4.0]},\n"
    "\"growing_at_edge\": true, \"note\": \"a note " BREAK_OUT "\"},\n"
    "{\"id\": \"H\", \"statement\": \"falls\", \"status\": \"fails\",\n"
    "\"value\": -1.0, \"where\": {\"t\": 0.5, \"v\": null},\n"
    "\"growing_at_edge\": false, \"note\": \"why it fails\"},\n"
    "{\"id\": \"eq-3.6\", \"statement\": \"nothing\", \"status\": \"info\",\n"
    "\"where\": null, \"growing_at_edge\": null, \"note\": \"\"}],\n"
    "\"initial\": {\"kind\": \"mixture\", \"D\": [0.3, -0.3], \"eta\": 0.7,\n"
    "\"map\": {\"identity\": false, \"mass\": 2.0, \"scale\": 0.5,\n"
    "\"mean\": [1.0, 2.0], \"rotation\": [[0.0, 1.0], [-1.0, 0.0]]},\n"
    "\"exact\": null},\n"
    "\"grid\": {\"dimension\": 2, \"order\": 12, \"nodes\": 512,\n"
    "\"radius\": 6.0, \"nodes_checked\": 321, \"axes\": [\n"
    "{\"kind\": \"mirrored\", \"points\": 16, \"half_width\": 9.0,\n"
    "\"spacing\": 0.5625}, {\"kind\": \"full\", \"points\": 32,\n"
    "\"half_width\": 9.0, \"spacing\": 0.5625}]},\n"
    "\"times\": [0.0, 0.25, 0.5], \"trust_radius\": [null, 4.5, 5.5],\n"
    "\"solver\": {\"formulation\": \"log\", \"rtol\": 1e-9, \"steps\": 614},\n"
    "\"timing\": {\"solve\": 0.5}}\n";

static run_folder make_run(const fixture *f)
{
  return make_run_folder(f, report);
}

static void write_constants(const fixture *f, const run_folder *r)
{
  static const char constants[] =
      "# title\n# 1:set  2:K1 of Lemma 4.1  3:C of (4.1)\n0 8 11\n1 2 2.75\n";
  static const char smallest[] = "# title\n# 1:t  2:Theorem 2.3  3:empty  "
                                 "4:K1 of Lemma 4.1\n"
                                 "0 1.25 NaN 1.0625\n0.5 1.5 NaN 1.9375\n";
  write_in(f, r->tables, "constants.dat", constants, strlen(constants));
  write_in(f, r->tables, "smallest_constants.dat", smallest, strlen(smallest));
}

static void the_page_says_what_the_report_says(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  write_constants(f, &r);
  write_in(f, r.tables, "entropy.dat", "# x\n", 4);
  write_in(f, r.figures, "entropy.png", picture, sizeof picture - 1);
  char *page = page_of(f, &r);
  expect_well_formed(page);
  expect_accessible(page);
  expect_not_in(page, "<script");
  expect_in(page, "A title &lt;/p&gt;&lt;/pre&gt;&lt;/style&gt;&lt;script");
  /* a verdict is a word and a symbol */
  expect_in(page, "\u2713</span> holds</span></td><td>0.125</td><td>"
                  "1.5\u00a0\u00d7\u00a010<sup>\u22129</sup></td><td>\u2013"
                  "</td><td>0.25</td><td>5</td><td>yes</td></tr>");
  expect_in(page, "\u2717</span> fails</span></td><td>\u22121</td><td>\u2013"
                  "</td><td>\u2013</td><td>0.5</td><td>\u2013</td><td>no");
  expect_in(page, "\u25cb</span> info");
  expect_in(page, "why it fails");
  expect_in(page, "directional temperatures 1.3, 0.7; \u03b7 = 0.7");
  expect_in(page, "16\u00a0\u00d7\u00a032 points up to t = 0.5, 3 states");
  expect_in(page, "at the 321 grid points with |v| \u2264 6 and 3 times");
  expect_in(page, "trusted up to |v| = 4.5 only");
  expect_in(page, "m = (1, 2) and R with the rows (0, 1), (\u22121, 0)");
  expect_in(page, "no exact solution is known");
  /* constants: printed, what is enough, sharp */
  expect_in(page, "K<sub>1</sub> of Lemma 4.1</th><td>8</td><td>1.938</td>"
                  "<td>2</td><td>1.938</td></tr>");
  expect_in(page, "<th scope=\"row\">0.5</th><td>1.5</td><td>1.938</td></tr>");
  expect_not_in(page, "empty</th>");
  expect_in(page, "<dt>steps</dt><dd>614</dd>");
  expect_in(page, "<img alt=\"Relative entropy\" width=\"3\" height=\"2\" "
                  "src=\"data:image/png;base64,iVBORw0KGgoAAAANSUhEUg");
  expect_in(page, "title = &quot;&lt;/pre&gt;&lt;script&gt;&quot;");
  lmx_free(page);
  remove_run(&r);
}

static void absent_parts_are_left_out(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  write_in(f, r.run, "report.json", "{}", 2);
  char *page = page_of(f, &r);
  expect_well_formed(page);
  expect_accessible(page);
  expect_in(page, "No statement that needs constants");
  expect_in(page, "None were drawn");
  lmx_free(page);
  write_in(f, r.figures, "entropy.pdf", "%PDF-", 5);
  page = page_of(f, &r);
  expect_in(page, "<a href=\"figures/entropy.pdf\">");
  lmx_free(page);
  remove_run(&r);
}

/* A check writes new tables; the figures are then those of the old ones. */
static void old_figures_are_called_old(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  write_in(f, r.tables, "entropy.dat", "# x\n", 4);
  write_in(f, r.figures, "entropy.png", picture, sizeof picture - 1);
  char *page = page_of(f, &r);
  expect_not_in(page, "older than the checks");
  lmx_free(page);
  usleep(20000); /* file systems count in ticks */
  write_in(f, r.tables, "entropy.dat", "# x\n", 4);
  page = page_of(f, &r);
  expect_in(page, "older than the checks");
  lmx_free(page);
  remove_run(&r);
}

static void damage_is_reported(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  write_in(f, r.tables, "constants.dat", "nonsense", 8);
  assert_int_equal(lmx_page_write(f->context, r.run), LMX_ERR_IO);
  expect_message(f, "constants.dat is not a table");
  count_entries(r.tables, true);
  write_in(f, r.run, "report.json", "{\n\"a\": ", 7);
  assert_int_equal(lmx_page_write(f->context, r.run), LMX_ERR_IO);
  expect_message(f, "report.json:2:");
  char *path;
  ASSERT_OK(f->context, lmx_path_join(f->context, r.run, "report.json", &path));
  assert_int_equal(unlink(path), 0);
  lmx_free(path);
  assert_int_equal(lmx_page_write(f->context, r.run), LMX_ERR_IO);
  expect_message(f, "report.json");
  assert_int_equal(count_entries(r.run, false), 3); /* case and folders */
  remove_run(&r);
}

static void a_full_disk_leaves_no_page(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  struct rlimit old = limit_files(1000);
  lmx_status status = lmx_page_write(f->context, r.run);
  unlimit_files(&old);
  assert_int_equal(status, LMX_ERR_IO);
  expect_message(f, "report.html");
  assert_int_equal(count_entries(r.run, false), 4); /* and report.json */
  remove_run(&r);
}

static void no_memory_is_survived(void **state)
{
  fixture *f = *state;
  run_folder r = make_run(f);
  write_constants(f, &r);
  write_in(f, r.figures, "entropy.png", picture, sizeof picture - 1);
  expect_memory_survived(f, &r);
  remove_run(&r);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(special_characters_are_escaped),
      cmocka_unit_test(formulas_are_typeset),
      cmocka_unit_test(numbers_are_typeset),
      cmocka_unit_test(base64_follows_the_standard),
      TEST(tables_are_read_as_written),
      TEST(other_files_are_no_tables),
      TEST(the_page_says_what_the_report_says),
      TEST(absent_parts_are_left_out),
      TEST(old_figures_are_called_old),
      TEST(damage_is_reported),
      TEST(a_full_disk_leaves_no_page),
      TEST(no_memory_is_survived)};
  return cmocka_run_group_tests_name("page", tests, NULL, NULL);
}
