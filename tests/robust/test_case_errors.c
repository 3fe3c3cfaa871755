/* Wrong case files: each gives one line `file:line: key: ...`.
 *
 * bad_cases/NAME.toml begins with `# expect: LINE: KEY: | words | words`. The
 * message must begin with NAME.toml:LINE: KEY: and contain the words. */
#include "support.h"

#include <dirent.h>
#include <regex.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case_support.h"

static lmx_context *context;

static const char folder[] = LMX_SOURCE_DIR "/tests/robust/bad_cases";

/* One line, `place: key: what is wrong, what is allowed`. */
static void assert_form(const char *message)
{
  regex_t form;
  assert_int_equal(
      regcomp(&form, "^(.+:[0-9]+|--set .+): [^ ]+: .+", REG_EXTENDED), 0);
  if (regexec(&form, message, 0, NULL, 0) != 0)
    fail_msg("not of the form place: key: what: \"%s\"", message);
  regfree(&form);
  for (const char *p = message; *p != '\0'; ++p)
    if ((unsigned char)*p < 0x20)
      fail_msg("more than one plain line: \"%s\"", message);
  static const char *const advice[] = {"allowed", "needed", "needs",
                                       "did you mean", "syntax"};
  bool helps = false;
  for (size_t i = 0; i < sizeof advice / sizeof advice[0]; ++i)
    helps = helps || strstr(message, advice[i]) != NULL;
  if (!helps)
    fail_msg("does not say what is allowed: \"%s\"", message);
}

/* `expected` is modified. */
static void assert_message(const char *name, char *expected,
                           const char *message)
{
  char start[512], *rest;
  char *part = strtok_r(expected, "|", &rest);
  size_t n = strlen(part);
  while (n > 0 && part[n - 1] == ' ')
    part[--n] = '\0';
  snprintf(start, sizeof start, "%s:%s ", name, part);
  if (strncmp(message, start, strlen(start)) != 0)
    fail_msg("%s: want \"%s...\", got \"%s\"", name, start, message);
  while ((part = strtok_r(NULL, "|", &rest)) != NULL) {
    part += strspn(part, " ");
    n = strlen(part);
    while (n > 0 && part[n - 1] == ' ')
      part[--n] = '\0';
    if (strstr(message, part) == NULL)
      fail_msg("%s: want \"%s\" in \"%s\"", name, part, message);
  }
}

static void check_file(const char *name)
{
  char path[1024];
  size_t length = 0;
  snprintf(path, sizeof path, "%s/%s", folder, name);
  char *text = read_whole(path, &length);
  assert_non_null(text);
  static const char mark[] = "# expect: ";
  assert_int_equal(strncmp(text, mark, strlen(mark)), 0);
  char *expected =
      strndup(text + strlen(mark), strcspn(text, "\n") - strlen(mark));
  lmx_case *c = NULL;
  lmx_status status = lmx_case_parse(context, name, text, length, 0, NULL, &c);
  if (status != LMX_ERR_CASE)
    fail_msg("%s: status %d (%s), want LMX_ERR_CASE", name, (int)status,
             lmx_context_message(context));
  assert_null(c);
  assert_form(lmx_context_message(context));
  assert_message(name, expected, lmx_context_message(context));
  free(expected);
  free(text);
}

static void every_bad_case_gives_one_clear_line(void **state)
{
  (void)state;
  size_t n = 0;
  DIR *files = opendir(folder);
  assert_non_null(files);
  for (struct dirent *entry; (entry = readdir(files)) != NULL;)
    if (strstr(entry->d_name, ".toml") != NULL) {
      check_file(entry->d_name);
      ++n;
    }
  closedir(files);
  assert_true(n >= 100);
}

/* --- what cannot be kept as a text file ------------------------------ */

static void assert_refused(const char *text, size_t length,
                           const char *expected)
{
  lmx_case *c = NULL;
  char *copy = strdup(expected);
  assert_int_equal(lmx_case_parse(context, "x.toml", text, length, 0, NULL, &c),
                   LMX_ERR_CASE);
  assert_form(lmx_context_message(context));
  assert_message("x.toml", copy, lmx_context_message(context));
  free(copy);
}

static void texts_that_are_no_text_are_refused(void **state)
{
  (void)state;
  static const char binary[] = "title = 1\n\x7f"
                               "ELF\0\1\2\3";
  static const char latin1[] = "title = \"M\xe9thode\"\ndimension = 2\n";
  static const char surrogate[] = "title = \"\xed\xa0\x80\"\ndimension = 2\n";
  assert_refused("", 0, "1: dimension: | is missing");
  assert_refused("\n\n  \n", 5, "1: dimension: | is missing");
  assert_refused("\xef\xbb\xbf", 3, "1: dimension: | is missing");
  assert_refused(binary, sizeof binary - 1, "2: file: | zero byte");
  assert_refused(latin1, sizeof latin1 - 1, "1: syntax: | not UTF-8");
  assert_refused(surrogate, sizeof surrogate - 1, "1: syntax: | not UTF-8");
  assert_refused("a = 1\n#\xc0\x80", 9, "2: syntax: | not UTF-8");
  assert_refused("\n\n#\xf5\x80\x80\x80", 7, "3: syntax: | not UTF-8");
  assert_refused("#\xe2\x82", 3, "1: syntax: | not UTF-8");
  assert_refused("#\xf4\x90\x80\x80", 5, "1: syntax: | not UTF-8");
  assert_refused("dimension = \xc2\xa0"
                 "2\n",
                 16, "1: syntax: | outside of quotes");
  assert_refused("\ngr\xc3\xb6sse = 2\n", 13, "2: syntax: | outside of quotes");
}

static char *repeat(const char *start, const char *part, size_t n,
                    size_t *length)
{
  size_t m = strlen(part);
  *length = strlen(start) + n * m;
  char *text = malloc(*length + 1);
  char *end = stpcpy(text, start);
  for (size_t i = 0; i < n; ++i, end += m)
    memcpy(end, part, m);
  *end = '\0';
  return text;
}

static void refuse_repeated(const char *start, const char *part, size_t n,
                            const char *expected)
{
  size_t length;
  char *text = repeat(start, part, n, &length);
  assert_refused(text, length, expected);
  free(text);
}

static void huge_and_deep_texts_are_refused(void **state)
{
  (void)state;
  refuse_repeated("", "#\n", 600000, "1: file: | 1 MiB");
  /* Each would exhaust the stack of a parser without a limit. */
  refuse_repeated("a", ".a", 500000, "1: syntax: | too many points");
  refuse_repeated("a", " . \"=\"", 100000, "1: syntax: | too many points");
  refuse_repeated("[a", ".'#'", 200000, "1: syntax: | too many points");
  refuse_repeated("t = '''x''''' \na", ".a", 10000,
                  "2: syntax: | too many points");
  refuse_repeated("t = \"\"\"x\\\"\"\"\"\na", ".a", 10000,
                  "2: syntax: | too many points");
  refuse_repeated("a = ", "[", 500000, "1: syntax: | not TOML");
  refuse_repeated("a = ", "{a = ", 200000, "1: syntax: | not TOML");
  refuse_repeated("title = \"", "\\", 500001, "1: syntax: | not TOML");
  refuse_repeated("dimension = ", "9", 500000, "1: syntax: | not TOML");
  refuse_repeated("", "x", 300, "1: syntax: | not TOML");
  refuse_repeated("dimension = 2\n'", "x", 30, "2: syntax: | not TOML");
}

static void long_names_and_values_keep_the_message_short(void **state)
{
  (void)state;
  size_t length;
  lmx_case *c = NULL;
  char *text = repeat("dimension = '", "\xc3\xa9", 5000, &length);
  text[length - 2] = '\'';
  text[length - 1] = '\n';
  char *name = repeat("cases", "/folder", 2000, &(size_t){0});
  assert_int_equal(lmx_case_parse(context, name, text, length, 0, NULL, &c),
                   LMX_ERR_CASE);
  const char *message = lmx_context_message(context);
  assert_form(message);
  assert_true(strlen(message) < 500);
  assert_non_null(strstr(message, "/folder:1: dimension: is \"\xc3\xa9"));
  assert_non_null(strstr(message, "\xc3\xa9\"..., allowed is an integer from "
                                  "2 to 16"));
  free(name);
  free(text);
}

/* --- files ----------------------------------------------------------- */

static void assert_not_loaded(const char *path, const char *words)
{
  lmx_case *c = NULL;
  char start[64];
  assert_int_equal(lmx_case_load(context, path, 0, NULL, &c), LMX_ERR_CASE);
  assert_null(c);
  const char *message = lmx_context_message(context);
  snprintf(start, sizeof start, "%s: ", path);
  assert_int_equal(strncmp(message, start, strlen(start)), 0);
  assert_non_null(strstr(message, words));
  assert_non_null(strstr(message, "needed is a case file"));
}

static void unreadable_files_are_refused(void **state)
{
  (void)state;
  assert_not_loaded("no_such_case.toml", "is missing");
  assert_not_loaded("no_such_folder/case.toml", "is missing");
  assert_not_loaded(".", "is a folder");
  FILE *file = fopen("case_huge.tmp", "wb");
  assert_non_null(file);
  assert_int_equal(ftruncate(fileno(file), 3 << 20), 0);
  fclose(file);
  lmx_case *huge = NULL;
  assert_int_equal(lmx_case_load(context, "case_huge.tmp", 0, NULL, &huge),
                   LMX_ERR_CASE);
  assert_form(lmx_context_message(context));
  assert_non_null(strstr(lmx_context_message(context), "1 MiB"));
  remove("case_huge.tmp");
  if (geteuid() == 0) /* root reads everything */
    return;
  file = fopen("case_closed.tmp", "wb");
  fclose(file);
  assert_int_equal(chmod("case_closed.tmp", 0), 0);
  assert_not_loaded("case_closed.tmp", "Permission denied");
  remove("case_closed.tmp");
}

/* --- overrides ------------------------------------------------------- */

static void assert_override(const char *override, const char *expected)
{
  static const char text[] = "dimension = 2\n[initial]\nkind = \"gaussian\"\n"
                             "variances = [1.3, 0.7]\n";
  lmx_case *c = NULL;
  char start[256];
  assert_int_equal(
      lmx_case_parse(context, "x.toml", text, strlen(text), 1, &override, &c),
      LMX_ERR_CASE);
  const char *message = lmx_context_message(context);
  assert_form(message);
  snprintf(start, sizeof start, "--set %s: %s", override, expected);
  if (strncmp(message, start, strlen(start)) != 0)
    fail_msg("want \"%s...\", got \"%s\"", start, message);
}

static void wrong_overrides_name_themselves(void **state)
{
  (void)state;
  assert_override("grid.points=8o", "grid.points: is \"8o\", allowed is");
  assert_override("grid.points=64.5", "grid.points: is 64.5, allowed is");
  assert_override("grid.points=", "grid.points: is \"\", allowed is");
  assert_override("grid.points", "grid.points: has no value, needed is");
  assert_override("grid.points=[80", "grid.points: is not TOML");
  assert_override("grid.points=[80, 2]",
                  "grid.points[2]: is 2, allowed is an integer");
  assert_override("grid=5", "grid: is a section");
  assert_override("gird.points=5",
                  "gird.points: is unknown, did you mean grid.points?");
  assert_override("=5", "=5: has no key, needed is");
  assert_override("initial.components.weight=5",
                  "initial.components.weight: is unknown");
  assert_override("figures.enabled=yes",
                  "figures.enabled: is \"yes\", allowed is true or false");
  assert_override("solver.formulation=linear",
                  "solver.formulation: is \"linear\", allowed is \"log\" or");
  assert_override("initial.variances=[1.3,0.7,1]",
                  "initial.variances: has 3 entries, needed are 2");
  assert_override("checks.radius=0", "checks.radius: is 0, allowed is");
  assert_override("time.end=nan", "time.end: is nan, allowed is");
  assert_override("title=\xff", "title: is not TOML");
}

/* The leftover key of the other kind is in the file, and named there. */
static void overriding_the_kind_keeps_the_rules(void **state)
{
  (void)state;
  static const char text[] = "dimension = 2\n[initial]\nkind = \"gaussian\"\n"
                             "variances = [1.3, 0.7]\n";
  static const char *const overrides[] = {"initial.kind=bkw", "initial.c=0.1"};
  lmx_case *c = NULL;
  assert_int_equal(
      lmx_case_parse(context, "x.toml", text, strlen(text), 2, overrides, &c),
      LMX_ERR_CASE);
  assert_string_equal(lmx_context_message(context),
                      "x.toml:4: initial.variances: does not belong to "
                      "initial.kind = \"bkw\", allowed is to remove one of "
                      "them");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_bad_case_gives_one_clear_line),
      cmocka_unit_test(texts_that_are_no_text_are_refused),
      cmocka_unit_test(huge_and_deep_texts_are_refused),
      cmocka_unit_test(long_names_and_values_keep_the_message_short),
      cmocka_unit_test(unreadable_files_are_refused),
      cmocka_unit_test(wrong_overrides_name_themselves),
      cmocka_unit_test(overriding_the_kind_keeps_the_rules),
  };
  if (lmx_context_create(&context) != LMX_OK)
    return 1;
  int failures = cmocka_run_group_tests(tests, NULL, NULL);
  lmx_context_destroy(&context);
  return failures;
}
