/* [checks] and [checks.constants]: which statements, with which constants. */
#include "support.h"

#include <string.h>

#include <landaumax/case.h>

static const char head[] = "dimension = 2\n"
                           "[initial]\n"
                           "kind = \"gaussian\"\n"
                           "variances = [1.3, 0.7]\n";

static lmx_status parse(lmx_context *context, const char *tail,
                        const char *override, lmx_case **out)
{
  char text[1024];
  snprintf(text, sizeof text, "%s%s", head, tail);
  return lmx_case_parse(context, "c.toml", text, strlen(text),
                        override == NULL ? 0 : 1, &override, out);
}

static lmx_context *new_context(void)
{
  lmx_context *context;
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  return context;
}

/* Prints the case and reads it back. */
static lmx_case *printed_and_read(lmx_context *context, const lmx_case *c)
{
  char *text;
  lmx_case *again;
  ASSERT_OK(context, lmx_case_print(context, c, &text));
  ASSERT_OK(context, lmx_case_parse(context, "again.toml", text, strlen(text),
                                    0, NULL, &again));
  lmx_free(text);
  return again;
}

static void by_default_all_is_checked_with_constants_from_the_data(void **state)
{
  (void)state;
  lmx_context *context = new_context();
  lmx_case *c, *again;
  ASSERT_OK(context, parse(context, "", NULL, &c));
  again = printed_and_read(context, c);
  const lmx_case *both[2] = {c, again};
  for (int i = 0; i < 2; ++i) {
    assert_int_equal(both[i]->nchecks, 0);
    assert_true(isnan(both[i]->constants.C));
    assert_true(isnan(both[i]->constants.C_prime));
    assert_true(isnan(both[i]->constants.A));
    assert_true(isnan(both[i]->constants.C_doubleprime));
    assert_true(isnan(both[i]->constants.K1));
    assert_true(isnan(both[i]->constants.K2));
  }
  lmx_case_destroy(&c);
  lmx_case_destroy(&again);
  lmx_context_destroy(&context);
}

static void given_ones_are_read_and_printed(void **state)
{
  (void)state;
  const char tail[] = "[checks]\n"
                      "list = [\"thm-2.3\", \"F-grad\"]\n"
                      "radius = 4.5\n"
                      "[checks.constants]\n"
                      "C = 7.5\nC_prime = 0\nC_doubleprime = -3.25\n";
  lmx_context *context = new_context();
  lmx_case *c, *again;
  ASSERT_OK(context, parse(context, tail, "checks.constants.K1=3", &c));
  again = printed_and_read(context, c);
  const lmx_case *both[2] = {c, again};
  for (int i = 0; i < 2; ++i) {
    assert_int_equal(both[i]->nchecks, 2);
    assert_string_equal(both[i]->checks[0], "thm-2.3");
    assert_string_equal(both[i]->checks[1], "F-grad");
    ASSERT_NEAR(both[i]->radius, 4.5, 0.0);
    ASSERT_NEAR(both[i]->constants.C, 7.5, 0.0);
    ASSERT_NEAR(both[i]->constants.C_prime, 0.0, 0.0);
    assert_true(isnan(both[i]->constants.A));
    ASSERT_NEAR(both[i]->constants.C_doubleprime, -3.25, 0.0);
    ASSERT_NEAR(both[i]->constants.K1, 3.0, 0.0);
    assert_true(isnan(both[i]->constants.K2));
  }
  assert_string_equal(lmx_case_where(c, "checks.constants.C"), "c.toml:9");
  lmx_case_destroy(&c);
  lmx_case_destroy(&again);
  lmx_context_destroy(&context);
}

static const struct {
  const char *tail, *message;
} wrong[] = {
    {"[checks]\nlist = [\"thm-9.9\"]\n",
     "c.toml:6: checks.list[1]: is \"thm-9.9\", allowed are eq-1.2, "},
    {"[checks]\nlist = []\n", "c.toml:6: checks.list: is empty"},
    {"[checks]\nlist = \"some\"\n",
     "c.toml:6: checks.list: is \"some\", allowed is \"all\", or a list of "
     "ids of checks"},
    {"[checks]\nlist = [3]\n", "c.toml:6: checks.list[1]: is 3"},
    {"[checks.constants]\nC = 0\n",
     "c.toml:6: checks.constants.C: is 0, allowed is a number > 0"},
    {"[checks.constants]\nA = -1\n", "c.toml:6: checks.constants.A: is -1"},
    {"[checks.constants]\nC_prim = 1\n",
     "c.toml:6: checks.constants.C_prim: is unknown, did you mean "
     "checks.constants.C_prime?"},
    {"[checks]\nconstants = 3\n",
     "c.toml:6: checks.constants: is a section, allowed is "
     "[checks.constants], once"},
    {"[constants]\nC = 1\n", "c.toml:5: constants: is unknown"},
};

static void wrong_ones_are_refused(void **state)
{
  (void)state;
  lmx_context *context = new_context();
  for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; ++i) {
    lmx_case *c = NULL;
    assert_int_equal(parse(context, wrong[i].tail, NULL, &c), LMX_ERR_CASE);
    assert_null(c);
    const char *message = lmx_context_message(context);
    if (strncmp(message, wrong[i].message, strlen(wrong[i].message)) != 0)
      fail_msg("%s\ngives %s", wrong[i].tail, message);
  }
  lmx_context_destroy(&context);
}

static void help_names_them(void **state)
{
  (void)state;
  lmx_context *context = new_context();
  const char *const formats[2] = {"text", "man"};
  for (int i = 0; i < 2; ++i) {
    char *help;
    ASSERT_OK(context, lmx_case_help(context, formats[i], &help));
    assert_non_null(strstr(help, "checks.constants"));
    assert_non_null(strstr(help, "C_doubleprime"));
    assert_non_null(strstr(help, "list"));
    lmx_free(help);
  }
  lmx_context_destroy(&context);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(by_default_all_is_checked_with_constants_from_the_data),
      cmocka_unit_test(given_ones_are_read_and_printed),
      cmocka_unit_test(wrong_ones_are_refused),
      cmocka_unit_test(help_names_them),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
