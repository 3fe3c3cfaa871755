/* The case reader under failing allocations: each gives LMX_ERR_MEMORY and
 * leaves nothing behind (run under ASan or valgrind to see leaks). */
#include "support.h"

#include <string.h>

static lmx_context *context;

static const char mixture[] =
    "title = \"t\"\ndimension = 2\n[initial]\nkind = \"mixture\"\n"
    "components = [{weight = 1, mean = [0, 1], variances = [1, 1]},\n"
    "{weight = 1, mean = [0, 1], covariance = [[2, 1], [1, 2]]}]\n"
    "[grid]\npoints = [20, 30]\naxes = [\"full\", \"full\"]\n"
    "[time]\noutput = [0.1, 0.2]\n";
static const char radial[] = "dimension = 4\n[initial]\n"
                             "kind = \"radial_mixture\"\nweights = [1, 2]\n"
                             "variances = [1, 2]\n[time]\noutput = 0.1\n";
static const char formula[] = "dimension = 2\n[initial]\nkind = \"formula\"\n"
                              "log_density = \"-r^2/2\"\n";
static const char wrong[] = "dimension = 2\n[initial]\nkind = \"gaussian\"\n"
                            "variances = [1, -1]\n";
static const char unknown[] = "dimension = 2\n[gird]\n";

/* Calls read_and_print with the nth allocation failing, for n = 1, 2 ...
 * until it no longer fails for that reason. */
static long count_allocations(const char *text, lmx_status expected)
{
  static const char *const overrides[] = {"solver.rtol=1e-6",
                                          "title=bare words"};
  for (long n = 1;; ++n) {
    lmx_case *c = NULL;
    char *printed = NULL;
    lmx_alloc_fail_after(n);
    lmx_status status =
        lmx_case_parse(context, "x.toml", text, strlen(text), 2, overrides, &c);
    if (status == LMX_OK)
      status = lmx_case_print(context, c, &printed);
    lmx_alloc_fail_after(0);
    lmx_free(printed);
    lmx_case_destroy(&c);
    if (status == expected)
      return n;
    assert_int_equal(status, LMX_ERR_MEMORY);
    assert_non_null(strstr(lmx_context_message(context), "out of memory"));
  }
}

static void every_allocation_may_fail(void **state)
{
  (void)state;
  assert_true(count_allocations(mixture, LMX_OK) > 50);
  assert_true(count_allocations(radial, LMX_OK) > 30);
  assert_true(count_allocations(formula, LMX_OK) > 30);
  assert_true(count_allocations(wrong, LMX_ERR_CASE) > 30);
  assert_true(count_allocations(unknown, LMX_ERR_CASE) > 5);
}

static void wrong_overrides_fail_cleanly(void **state)
{
  (void)state;
  static const char *const overrides[] = {"grid.points=[", "gird.points=1",
                                          "grid=1", "x"};
  for (size_t i = 0; i < 4; ++i) {
    lmx_status status = LMX_ERR_MEMORY;
    for (long n = 1; status == LMX_ERR_MEMORY; ++n) {
      lmx_case *c = NULL;
      lmx_alloc_fail_after(n);
      status = lmx_case_parse(context, "x.toml", formula, strlen(formula), 1,
                              &overrides[i], &c);
      lmx_alloc_fail_after(0);
      assert_null(c);
    }
    assert_int_equal(status, LMX_ERR_CASE);
  }
}

static void loading_and_help_fail_cleanly(void **state)
{
  (void)state;
  static const char path[] = LMX_SOURCE_DIR "/cases/formula_2d.toml";
  static const char *const overrides[] = {"initial.kind=table"};
  static const char table[] = "case_memory.toml";
  FILE *file = fopen(table, "wb");
  assert_non_null(file);
  fputs("dimension = 2\n[initial]\nkind = \"table\"\npath = \"a\"\n", file);
  fclose(file);
  lmx_status status = LMX_ERR_MEMORY;
  lmx_case *c = NULL;
  for (long n = 1; status == LMX_ERR_MEMORY; ++n) {
    lmx_alloc_fail_after(n);
    status = lmx_case_load(context, table, 1, overrides, &c);
  }
  lmx_alloc_fail_after(0);
  assert_int_equal(status, LMX_OK);
  lmx_case_destroy(&c);
  remove(table);
  ASSERT_OK(context, lmx_case_load(context, path, 0, NULL, &c));
  lmx_case_destroy(&c);
  char *help = NULL;
  status = LMX_ERR_MEMORY;
  for (long n = 1; status == LMX_ERR_MEMORY; ++n) {
    lmx_alloc_fail_after(n);
    status = lmx_case_help(context, "man", &help);
  }
  lmx_alloc_fail_after(0);
  assert_int_equal(status, LMX_OK);
  lmx_free(help);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(every_allocation_may_fail),
      cmocka_unit_test(wrong_overrides_fail_cleanly),
      cmocka_unit_test(loading_and_help_fail_cleanly),
  };
  if (lmx_context_create(&context) != LMX_OK)
    return 1;
  int failures = cmocka_run_group_tests(tests, NULL, NULL);
  lmx_context_destroy(&context);
  return failures;
}
