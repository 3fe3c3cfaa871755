/* The help texts made from the option table: every key, plain roff, examples
 * that are right. */
#include "support.h"

#include <string.h>

static lmx_context *context;

static lmx_case *parse(const char *text)
{
  lmx_case *c = NULL;
  ASSERT_OK(context, lmx_case_parse(context, "help.toml", text, strlen(text), 0,
                                    NULL, &c));
  return c;
}

/* The keys that users were promised, written out a second time. */
static const char *const promised[] = {"title",
                                       "dimension",
                                       "kind",
                                       "normalise",
                                       "variances",
                                       "covariance",
                                       "components",
                                       "components.weight",
                                       "components.mean",
                                       "components.variances",
                                       "components.covariance",
                                       "weights",
                                       "c",
                                       "log_density",
                                       "path",
                                       "half_width",
                                       "points",
                                       "order",
                                       "axes",
                                       "end",
                                       "output",
                                       "formulation",
                                       "rtol",
                                       "atol",
                                       "preconditioner",
                                       "radius",
                                       "list",
                                       "C",
                                       "C_prime",
                                       "A",
                                       "C_doubleprime",
                                       "K1",
                                       "K2",
                                       "particles",
                                       "enabled",
                                       "format"};
static const char *const promised_sections[] = {
    "initial",          "grid",    "time",   "solver", "checks",
    "checks.constants", "moments", "figures"};

static void assert_contains(const char *text, const char *format,
                            const char *word)
{
  char line[128];
  snprintf(line, sizeof line, format, word);
  if (strstr(text, line) == NULL)
    fail_msg("help does not have \"%s\"", line);
}

static void text_help_mentions_every_key(void **state)
{
  (void)state;
  char *text;
  ASSERT_OK(context, lmx_case_help(context, "text", &text));
  for (size_t i = 0; i < sizeof promised / sizeof promised[0]; ++i)
    assert_contains(text, "\n  %s\n", promised[i]);
  for (size_t i = 0; i < 8; ++i)
    assert_contains(text, "\n[%s]\n", promised_sections[i]);
  assert_contains(text, "%s", "from 4 to 4096;");
  assert_contains(text, "%s", "default 1e-9\n");
  for (const char *p = text; *p != '\0'; ++p) {
    size_t n = strcspn(p, "\n");
    assert_true(n <= 80);
    p += n;
  }
  lmx_free(text);
}

static void man_help_is_plain_roff(void **state)
{
  (void)state;
  static const char *const macros[] = {".SH ",  ".SS ",  ".TP\n", ".B ",
                                       ".br\n", ".PP\n", ".EX\n", ".EE\n"};
  char *text;
  ASSERT_OK(context, lmx_case_help(context, "man", &text));
  for (size_t i = 0; i < sizeof promised / sizeof promised[0]; ++i)
    assert_contains(text, "\n.B %s\n", promised[i]);
  for (size_t i = 0; i < 7; ++i)
    assert_contains(text, "\n.SS \"[%s]\"\n", promised_sections[i]);
  assert_null(strstr(text, "--set")); /* hyphens are escaped */
  for (const char *p = text; p != NULL && *p != '\0';) {
    bool known = *p != '.' && *p != '\'';
    for (size_t i = 0; i < sizeof macros / sizeof macros[0]; ++i)
      known = known || strncmp(p, macros[i], strlen(macros[i])) == 0;
    if (!known)
      fail_msg("unknown roff line: %.40s", p);
    p = strchr(p, '\n');
    p = p == NULL ? NULL : p + 1;
  }
  lmx_free(text);
  assert_int_equal(lmx_case_help(context, "html", &text), LMX_ERR_USAGE);
}

/* The lines of the example block that starts behind `text`; returns what
 * follows, NULL if there is none. */
static const char *add_example(const char *text, char *example)
{
  static const char mark[] = "  Example:\n";
  const char *line = strstr(text, mark);
  if (line == NULL)
    return NULL;
  for (line += strlen(mark); strncmp(line, "      ", 6) == 0;) {
    size_t n = strcspn(line, "\n") + 1;
    strncat(example, line, n);
    line += n;
  }
  return line;
}

/* Examples teach only if they are right: the first is a case, and so are
 * those of the sections put together. */
static void the_examples_of_the_help_are_cases(void **state)
{
  (void)state;
  char *text, whole[1024] = "", sections[4096] = "";
  ASSERT_OK(context, lmx_case_help(context, "text", &text));
  const char *rest = add_example(text, whole);
  lmx_case *c = parse(whole);
  assert_int_equal(c->points[0], 80);
  lmx_case_destroy(&c);
  int n = 0;
  while ((rest = add_example(rest, sections)) != NULL)
    ++n;
  assert_int_equal(n, 9);
  c = parse(sections);
  assert_int_equal(c->initial.ncomponents, 2);
  ASSERT_NEAR(c->radius, 7.0, 0.0);
  ASSERT_NEAR(c->constants.C, 10.0, 0.0);
  assert_int_equal(c->nchecks, 2);
  assert_int_equal(c->nparticles, 4);
  assert_true(isinf(c->particles[3]));
  lmx_case_destroy(&c);
  lmx_free(text);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(text_help_mentions_every_key),
      cmocka_unit_test(man_help_is_plain_roff),
      cmocka_unit_test(the_examples_of_the_help_are_cases),
  };
  if (lmx_context_create(&context) != LMX_OK)
    return 1;
  int failures = cmocka_run_group_tests(tests, NULL, NULL);
  lmx_context_destroy(&context);
  return failures;
}
