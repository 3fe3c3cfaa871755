/* The case reader: defaults, kinds, overrides, printing. */
#include "support.h"

#include <dirent.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "case_support.h"

static lmx_context *context;

static lmx_case *parse_with(const char *text, size_t n,
                            const char *const *overrides)
{
  lmx_case *c = NULL;
  ASSERT_OK(context, lmx_case_parse(context, "folder/test.toml", text,
                                    strlen(text), n, overrides, &c));
  return c;
}

static lmx_case *parse(const char *text)
{
  return parse_with(text, 0, NULL);
}

#define GAUSSIAN                                                               \
  "dimension = 2\n[initial]\nkind = \"gaussian\"\nvariances = [1.3, 0.7]\n"

/* --- defaults -------------------------------------------------------- */

static void defaults_are_filled_in(void **state)
{
  (void)state;
  lmx_case *c = parse(GAUSSIAN);
  assert_string_equal(c->path, "folder/test.toml");
  assert_string_equal(c->title, "test");
  assert_int_equal(c->dimension, 2);
  assert_true(c->initial.normalise);
  assert_null(c->initial_path);
  assert_int_equal(c->naxes, 0);
  assert_int_equal(c->npoints, 0);
  assert_int_equal(c->nhalf_width, 0); /* from the data */
  assert_int_equal(c->order, 12);
  ASSERT_NEAR(c->end, 1.0, 0.0);
  assert_int_equal(c->noutputs, 11);
  for (int k = 0; k <= 10; ++k)
    ASSERT_NEAR(c->outputs[k], k / 10.0, 1e-15);
  ASSERT_NEAR(c->outputs[10], 1.0, 0.0);
  assert_int_equal(c->solver.formulation, LMX_FORMULATION_LOG);
  ASSERT_NEAR(c->solver.rtol, 1e-9, 0.0);
  ASSERT_NEAR(c->solver.atol, 1e-11, 0.0);
  assert_int_equal(c->solver.preconditioner, LMX_PRECONDITIONER_AUTO);
  ASSERT_NEAR(c->radius, 6.0, 0.0);
  assert_true(c->figures);
  assert_string_equal(c->figures_format, "png");
  lmx_case_destroy(&c);
  assert_null(c);
  lmx_case_destroy(&c);
  lmx_case_destroy(NULL);
}

static void every_key_is_read(void **state)
{
  (void)state;
  lmx_case *c = parse(
      "title = \"T \\\"1\\\" \xc3\xa9\"\ndimension = 3\n"
      "[initial]\nkind = \"bkw\"\nc = 0.25\nnormalise = false\n"
      "[grid]\nhalf_width = [8, 7.5, 10]\npoints = [20, 30, 40]\norder = 12\n"
      "axes = [\"full\", \"mirrored\", \"full\"]\n"
      "[time]\nend = 2\noutput = [0.0, 0.5, 1.5]\n"
      "[solver]\nformulation = \"log\"\nrtol = 1e-6\natol = 1e-7\n"
      "preconditioner = \"lapped\"\n"
      "[checks]\nradius = 7\n[figures]\nenabled = false\nformat = \"both\"\n");
  assert_string_equal(c->title, "T \"1\" \xc3\xa9");
  assert_int_equal(c->dimension, 3);
  assert_int_equal(c->initial.d, 3);
  assert_int_equal(c->initial.kind, LMX_INITIAL_BKW);
  ASSERT_NEAR(c->initial.c, 0.25, 0.0);
  assert_false(c->initial.normalise);
  static const double half_width[] = {8.0, 7.5, 10.0},
                      outputs[] = {0, 0.5, 1.5, 2.0};
  static const lmx_axis_kind axes[] = {LMX_AXIS_FULL, LMX_AXIS_MIRRORED,
                                       LMX_AXIS_FULL};
  assert_int_equal(c->nhalf_width, 3);
  assert_int_equal(c->npoints, 3);
  assert_int_equal(c->naxes, 3);
  for (int i = 0; i < 3; ++i) {
    ASSERT_NEAR(c->half_width[i], half_width[i], 0.0);
    assert_int_equal(c->points[i], 20 + 10 * i);
    assert_int_equal(c->axes[i], axes[i]);
  }
  assert_int_equal(c->order, 12);
  assert_int_equal(c->noutputs, 4);
  for (int i = 0; i < 4; ++i)
    ASSERT_NEAR(c->outputs[i], outputs[i], 0.0);
  ASSERT_NEAR(c->solver.rtol, 1e-6, 0.0);
  ASSERT_NEAR(c->solver.atol, 1e-7, 0.0);
  assert_int_equal(c->solver.preconditioner, LMX_PRECONDITIONER_LAPPED);
  ASSERT_NEAR(c->radius, 7.0, 0.0);
  assert_false(c->figures);
  assert_string_equal(c->figures_format, "both");
  lmx_case_destroy(&c);
}

static void output_times_hold_both_ends(void **state)
{
  (void)state;
  /* 0.3 / 0.1 is 2.9999..., which must not give a sliver of a step. */
  lmx_case *c = parse(GAUSSIAN "[time]\nend = 0.3\noutput = 0.1\n");
  assert_int_equal(c->noutputs, 4);
  ASSERT_NEAR(c->outputs[2], 0.2, 1e-15);
  ASSERT_NEAR(c->outputs[3], 0.3, 0.0);
  lmx_case_destroy(&c);
  c = parse(GAUSSIAN "[time]\nend = 1.0\noutput = 0.4\n");
  assert_int_equal(c->noutputs, 4);
  ASSERT_NEAR(c->outputs[2], 0.8, 0.0);
  ASSERT_NEAR(c->outputs[3], 1.0, 0.0);
  lmx_case_destroy(&c);
  c = parse(GAUSSIAN "[time]\nend = 0.01\noutput = 0.4\n");
  assert_int_equal(c->noutputs, 2);
  lmx_case_destroy(&c);
  c = parse(GAUSSIAN "[time]\noutput = []\n");
  assert_int_equal(c->noutputs, 2);
  ASSERT_NEAR(c->outputs[0], 0.0, 0.0);
  ASSERT_NEAR(c->outputs[1], 1.0, 0.0);
  lmx_case_destroy(&c);
  c = parse(GAUSSIAN "[time]\noutput = 1e-4\n");
  assert_int_equal(c->noutputs, 10001);
  for (size_t k = 1; k < c->noutputs; ++k)
    assert_true(c->outputs[k] > c->outputs[k - 1]);
  lmx_case_destroy(&c);
}

/* Lists are often made by adding up steps. */
static void the_last_time_may_be_off_by_rounding(void **state)
{
  (void)state;
  char text[200];
  double sum = 0.0, third = 1.0 / 3.0;
  lmx_case *c = parse(GAUSSIAN "[time]\nend = 0.3\n"
                               "output = [0.1, 0.2, 0.30000000000000004]\n");
  assert_int_equal(c->noutputs, 4);
  ASSERT_NEAR(c->outputs[3], 0.3, 0.0);
  lmx_case_destroy(&c);
  for (int k = 0; k < 10000; ++k) /* as many as a list may have */
    sum += 0.0001 / 3.0;
  assert_true(sum != third);
  for (int above = 0; above <= 1; ++above) {
    double t = above ? third + fabs(sum - third) : third - fabs(sum - third);
    snprintf(text, sizeof text,
             GAUSSIAN "[time]\nend = %.17g\noutput = [0.1, %.17g]\n", third, t);
    c = parse(text);
    assert_int_equal(c->noutputs, 3);
    ASSERT_NEAR(c->outputs[2], third, 0.0);
    lmx_case_destroy(&c);
  }
}

/* --- initial data ---------------------------------------------------- */

static void gaussians_become_one_component(void **state)
{
  (void)state;
  lmx_case *c = parse("dimension = 3\n[initial]\nkind = \"gaussian\"\n"
                      "variances = [1.8, 0.8, 0.4]\n");
  static const double variances[] = {1.8, 0.8, 0.4};
  assert_int_equal(c->initial.ncomponents, 1);
  const lmx_component *component = &c->initial.components[0];
  ASSERT_NEAR(component->weight, 1.0, 0.0);
  for (int i = 0; i < 3; ++i) {
    ASSERT_NEAR(component->mean[i], 0.0, 0.0);
    for (int j = 0; j < 3; ++j)
      ASSERT_NEAR(component->covariance[3 * i + j], i == j ? variances[i] : 0.0,
                  0.0);
  }
  lmx_case_destroy(&c);
  c = parse("dimension = 2\n[initial]\nkind = \"gaussian\"\n"
            "covariance = [[2, 0.5], [0.5, 1]]\n");
  static const double covariance[] = {2.0, 0.5, 0.5, 1.0};
  for (int i = 0; i < 4; ++i)
    ASSERT_NEAR(c->initial.components[0].covariance[i], covariance[i], 0.0);
  lmx_case_destroy(&c);
}

static void mixtures_keep_order_and_shape(void **state)
{
  (void)state;
  /* Also as TOML's list of sections. */
  lmx_case *c = parse("dimension = 2\n[initial]\nkind = \"mixture\"\n"
                      "[[initial.components]]\n"
                      "weight = 2\nmean = [1, -1]\nvariances = [0.5, 0.25]\n"
                      "[[initial.components]]\n"
                      "weight = 3.5\nmean = [0, 4]\n"
                      "covariance = [[1.0, 0.1], [0.1, 3.0]]\n");
  assert_int_equal(c->initial.ncomponents, 2);
  const lmx_component *k = c->initial.components;
  ASSERT_NEAR(k[0].weight, 2.0, 0.0);
  ASSERT_NEAR(k[1].weight, 3.5, 0.0);
  ASSERT_NEAR(k[0].mean[1], -1.0, 0.0);
  ASSERT_NEAR(k[1].mean[1], 4.0, 0.0);
  ASSERT_NEAR(k[0].covariance[3], 0.25, 0.0);
  ASSERT_NEAR(k[1].covariance[1], 0.1, 0.0);
  ASSERT_NEAR(k[1].covariance[3], 3.0, 0.0);
  lmx_case_destroy(&c);
}

/* --- printing -------------------------------------------------------- */

static const char *const every_kind[] = {
    GAUSSIAN,
    "dimension = 2\n[initial]\nkind = \"gaussian\"\n"
    "covariance = [[1.1, 0.1234567890123456], [0.1234567890123456, 0.9]]\n",
    "dimension = 2\n[initial]\nkind = \"mixture\"\ncomponents = [\n"
    "{weight = 0.1, mean = [1e-300, 3.3], variances = [0.1, 1e8]},\n"
    "{weight = 1e12, mean = [-1e6, 0.3], covariance = [[1, 0.1], [0.1, 2]]}]\n",
    "dimension = 7\n[initial]\nkind = \"radial_mixture\"\n"
    "weights = [0.3, 0.7]\nvariances = [0.5, 1.2142857142857142]\n",
    "dimension = 3\n[initial]\nkind = \"bkw\"\nc = 0.3999999999999999\n",
    "title = 'a \"b\" \\c \xe2\x82\xac'\ndimension = 2\n[initial]\n"
    "kind = \"formula\"\nlog_density = '-r^2/2 - \"x\" \\ '\n",
    "dimension = 2\n[initial]\nkind = \"table\"\npath = \"runs/a b\"\n",
    "dimension = 5\n[initial]\nkind = \"gaussian\"\n"
    "variances = [0.6, 1.1, 1.1, 1.1, 1.1]\n[grid]\nhalf_width = [8, 9.25]\n"
    "points = [40, 44]\naxes = [\"mirrored\", \"radial\"]\n"
    "[time]\noutput = 0.3\nend = 0.7\n[figures]\nenabled = false\n",
};

static void every_kind_prints_back_to_an_equal_case(void **state)
{
  (void)state;
  bool seen[LMX_INITIAL_TABLE + 1] = {false};
  for (size_t i = 0; i < sizeof every_kind / sizeof every_kind[0]; ++i) {
    lmx_case *c = parse(every_kind[i]), *again;
    char *text, *text_again;
    ASSERT_OK(context, lmx_case_print(context, c, &text));
    again = parse(text);
    ASSERT_OK(context, lmx_case_print(context, again, &text_again));
    if (!same_case(c, again))
      fail_msg("not the same case:\n%s\n%s", every_kind[i], text);
    assert_string_equal(text, text_again);
    seen[c->initial.kind] = true;
    lmx_free(text);
    lmx_free(text_again);
    lmx_case_destroy(&c);
    lmx_case_destroy(&again);
  }
  for (int kind = 0; kind <= LMX_INITIAL_TABLE; ++kind)
    assert_true(seen[kind]);
}

/* The comparison the round trip stands on must notice every field. */
static void unequal_cases_are_told_apart(void **state)
{
  (void)state;
  static const char *const changes[] = {"title=other",
                                        "initial.variances=[1.3, 0.6]",
                                        "grid.half_width=8",
                                        "grid.half_width=[9.0, 9.0]",
                                        "grid.points=20",
                                        "grid.order=6",
                                        "time.end=0.5",
                                        "time.output=0.2",
                                        "solver.rtol=1e-7",
                                        "solver.atol=1e-9",
                                        "checks.radius=5",
                                        "figures.enabled=false",
                                        "figures.format=pdf",
                                        "solver.preconditioner=none",
                                        "initial.normalise=false",
                                        "grid.axes=[\"full\", \"full\"]",
                                        "solver.formulation=density"};
  lmx_case *c = parse(GAUSSIAN);
  for (size_t i = 0; i < sizeof changes / sizeof changes[0]; ++i) {
    lmx_case *other = parse_with(GAUSSIAN, 1, &changes[i]);
    if (same_case(c, other))
      fail_msg("%s makes no difference", changes[i]);
    lmx_case_destroy(&other);
  }
  lmx_case_destroy(&c);
}

static void numbers_are_printed_as_short_as_possible(void **state)
{
  (void)state;
  lmx_case *c = parse("dimension = 2\n[initial]\nkind = \"gaussian\"\n"
                      "variances = [0.10000000000000001, 1]\n"
                      "[time]\nend = 0.30000000000000004\noutput = []\n");
  char *text;
  ASSERT_OK(context, lmx_case_print(context, c, &text));
  assert_non_null(strstr(text, "\nvariances = [0.1, 1.0]\n"));
  assert_non_null(strstr(text, "\nend = 0.30000000000000004\n"));
  assert_non_null(strstr(text, "\nrtol = 1e-09\n"));
  lmx_free(text);
  lmx_case_destroy(&c);
}

/* --- overrides and places -------------------------------------------- */

static void overrides_replace_keys(void **state)
{
  (void)state;
  static const char *const overrides[] = {"grid.points=80",
                                          "grid.points = [64, 32]",
                                          "title=My run, no. 2",
                                          "initial.variances=[1.2,0.8]",
                                          "figures.format=pdf",
                                          "time.end=0.5",
                                          "solver.formulation=\"log\"",
                                          "figures.enabled=false",
                                          "grid.axes=auto"};
  lmx_case *c = parse_with(GAUSSIAN "[grid]\npoints = \"wrong\"\n",
                           sizeof overrides / sizeof overrides[0], overrides);
  assert_int_equal(c->npoints, 2);
  assert_int_equal(c->points[0], 64);
  assert_int_equal(c->points[1], 32);
  assert_string_equal(c->title, "My run, no. 2");
  ASSERT_NEAR(c->initial.components[0].covariance[0], 1.2, 0.0);
  ASSERT_NEAR(c->initial.components[0].covariance[3], 0.8, 0.0);
  assert_string_equal(c->figures_format, "pdf");
  ASSERT_NEAR(c->outputs[c->noutputs - 1], 0.5, 0.0);
  assert_false(c->figures);
  lmx_case_destroy(&c);
}

static void text_overrides_need_no_quotes(void **state)
{
  (void)state;
  static const char text[] = "dimension = 2\n[initial]\nkind = \"formula\"\n"
                             "log_density = \"0\"\n";
  static const char *const overrides[] = {
      "initial.log_density=-r^2/2 - 0.1*exp(-v1^2)", "title=2024"};
  lmx_case *c = parse_with(text, 2, overrides);
  assert_string_equal(c->initial.log_density, "-r^2/2 - 0.1*exp(-v1^2)");
  assert_string_equal(c->title, "2024");
  lmx_case_destroy(&c);
}

/* toml++ sees another text than the user wrote; nothing of that may show. */
static void strings_are_read_as_written(void **state)
{
  (void)state;
  static const struct {
    const char *toml, *title;
  } strings[] = {
      {"\"gr\xc3\xb6\xc3\x9f"
       "er\"",
       "gr\xc3\xb6\xc3\x9f"
       "er"},
      {"'\xe2\x82\xac \\n ~ \xf0\x9f\x98\x80'",
       "\xe2\x82\xac \\n ~ \xf0\x9f\x98\x80"},
      {"\"~ ~41 ~C3~A9 ~\"", "~ ~41 ~C3~A9 ~"},
      {"\"\\u007e41 \\u007E \\U0000007e7E\"", "~41 ~ ~7E"},
      {"\"\\\\u007e41 \\u00e9\"", "\\u007e41 \xc3\xa9"},
      {"\"\"\"\na\\\n   \xc3\xbc\"\" \\\"\"\"\"", "a\xc3\xbc\"\" \""},
      {"'''~\xc3\xbc'' \\''''", "~\xc3\xbc'' \\'"},
      {"\"a\" # \xc3\xbc ~41 \"'", "a"},
  };
  for (size_t i = 0; i < sizeof strings / sizeof strings[0]; ++i) {
    char text[256];
    snprintf(text, sizeof text, "title = %s\n%s", strings[i].toml, GAUSSIAN);
    lmx_case *c = parse(text);
    assert_string_equal(c->title, strings[i].title);
    lmx_case_destroy(&c);
  }
}

static void places_of_keys_are_known(void **state)
{
  (void)state;
  static const char *const overrides[] = {"grid.points=80"};
  lmx_case *c = parse_with(GAUSSIAN "[grid]\norder = 6\n", 1, overrides);
  assert_string_equal(lmx_case_where(c, "dimension"), "folder/test.toml:1");
  assert_string_equal(lmx_case_where(c, "initial.variances"),
                      "folder/test.toml:4");
  assert_string_equal(lmx_case_where(c, "initial.variances[2]"),
                      "folder/test.toml:4");
  assert_string_equal(lmx_case_where(c, "grid.order"), "folder/test.toml:6");
  assert_string_equal(lmx_case_where(c, "grid.points"), "--set grid.points=80");
  assert_string_equal(lmx_case_where(c, "grid.axes"), "folder/test.toml:5");
  assert_string_equal(lmx_case_where(c, "solver.rtol"), "folder/test.toml:1");
  assert_string_equal(lmx_case_where(c, "no such key"), "folder/test.toml");
  lmx_case_destroy(&c);
}

/* --- files ----------------------------------------------------------- */

static void write_file(const char *path, const char *text)
{
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  fputs(text, file);
  fclose(file);
}

static void files_name_the_case_and_anchor_the_table(void **state)
{
  (void)state;
  char here[PATH_MAX], wanted[PATH_MAX + 32];
  assert_non_null(getcwd(here, sizeof here));
  snprintf(wanted, sizeof wanted, "%s/../run 1", here);
  write_file("case_table.toml", "dimension = 2\n[initial]\nkind = \"table\"\n"
                                "path = \"../run 1\"\n");
  lmx_case *c = NULL;
  ASSERT_OK(context, lmx_case_load(context, "./case_table.toml", 0, NULL, &c));
  assert_string_equal(c->title, "case_table");
  assert_string_equal(c->initial_path, wanted);
  lmx_case_destroy(&c);
  static const char *const overrides[] = {"initial.path=/elsewhere"};
  ASSERT_OK(context,
            lmx_case_load(context, "case_table.toml", 1, overrides, &c));
  assert_string_equal(c->initial_path, "/elsewhere");
  lmx_case_destroy(&c);
  remove("case_table.toml");
}

/* A file's name may hold bytes that TOML cannot. */
static void odd_file_names_give_a_printable_title(void **state)
{
  (void)state;
  lmx_case *c = NULL, *again;
  char *text;
  ASSERT_OK(context, lmx_case_parse(context, "a/b\xff\n\"c.toml", GAUSSIAN,
                                    strlen(GAUSSIAN), 0, NULL, &c));
  assert_string_equal(c->title, "b??\"c");
  ASSERT_OK(context, lmx_case_print(context, c, &text));
  again = parse(text);
  assert_true(same_case(c, again));
  lmx_free(text);
  lmx_case_destroy(&c);
  lmx_case_destroy(&again);
}

/* The data exists, and the chosen axes and numbers per axis fit to it. */
static void assert_usable(const lmx_case *c)
{
  lmx_initial *initial = NULL;
  lmx_axis_kind kinds[LMX_MAX_AXES];
  int n = c->naxes;
  ASSERT_OK(context, lmx_initial_create(context, &c->initial, &initial));
  if (n > 0)
    ASSERT_OK(context, lmx_initial_allows(context, initial, n, c->axes));
  else
    ASSERT_OK(context, lmx_initial_axes(context, initial, &n, kinds));
  assert_true(c->npoints <= 1 || c->npoints == (size_t)n); /* 0: default */
  assert_true(c->nhalf_width <= 1 || c->nhalf_width == (size_t)n);
  lmx_initial_destroy(&initial);
}

/* Every case of the project is read, printed and read again. */
static void shipped_cases_are_right(void **state)
{
  (void)state;
  static const char folder[] = LMX_SOURCE_DIR "/cases";
  size_t n = 0;
  DIR *files = opendir(folder);
  assert_non_null(files);
  for (struct dirent *entry; (entry = readdir(files)) != NULL;) {
    if (strstr(entry->d_name, ".toml") == NULL)
      continue;
    char path[1024], *text;
    size_t length = 0;
    lmx_case *c = NULL, *again;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    ASSERT_OK(context, lmx_case_load(context, path, 0, NULL, &c));
    ASSERT_OK(context, lmx_case_print(context, c, &text));
    again = parse(text);
    assert_true(same_case(c, again));
    assert_usable(c);
    lmx_free(text);
    lmx_case_destroy(&c);
    lmx_case_destroy(&again);
    char *comment = read_whole(path, &length);
    assert_int_equal(strncmp(comment, "# Purpose: ", 11), 0);
    assert_non_null(strstr(comment, "\n# Paper: "));
    assert_non_null(strstr(comment, "\n# Run time: about "));
    free(comment);
    ++n;
  }
  closedir(files);
  assert_true(n >= 13);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(defaults_are_filled_in),
      cmocka_unit_test(every_key_is_read),
      cmocka_unit_test(output_times_hold_both_ends),
      cmocka_unit_test(the_last_time_may_be_off_by_rounding),
      cmocka_unit_test(gaussians_become_one_component),
      cmocka_unit_test(mixtures_keep_order_and_shape),
      cmocka_unit_test(every_kind_prints_back_to_an_equal_case),
      cmocka_unit_test(unequal_cases_are_told_apart),
      cmocka_unit_test(numbers_are_printed_as_short_as_possible),
      cmocka_unit_test(overrides_replace_keys),
      cmocka_unit_test(text_overrides_need_no_quotes),
      cmocka_unit_test(strings_are_read_as_written),
      cmocka_unit_test(places_of_keys_are_known),
      cmocka_unit_test(files_name_the_case_and_anchor_the_table),
      cmocka_unit_test(odd_file_names_give_a_printable_title),
      cmocka_unit_test(shipped_cases_are_right),
  };
  if (lmx_context_create(&context) != LMX_OK)
    return 1;
  int failures = cmocka_run_group_tests(tests, NULL, NULL);
  lmx_context_destroy(&context);
  return failures;
}
