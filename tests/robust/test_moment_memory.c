/* The moments with memory that runs out at any allocation: an error and no
 * leak (the sanitizers see to that), never a crash. */
#include "context.h"

static lmx_moment_data some_data(void)
{
  lmx_moment_data data = {.d = 3, .E = {1.4, 0.9, 0.7}};
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b)
      data.Q[a * 3 + b] = data.E[a] * data.E[b] * (a == b ? 3 : 1);
  return data;
}

static void the_hierarchy(void **state)
{
  (void)state;
  lmx_moment_data data = some_data();
  long n = 0;
  lmx_status status = LMX_ERR_MEMORY;
  while (status == LMX_ERR_MEMORY) {
    lmx_hierarchy *h = NULL;
    lmx_alloc_fail_after(++n);
    status = lmx_hierarchy_create(ctx, &data, 10, 1, &h);
    lmx_alloc_fail_after(0);
    assert_true((h != NULL) == (status == LMX_OK));
    lmx_hierarchy_destroy(&h);
  }
  assert_int_equal(status, LMX_OK);
  assert_true(n > 20);
}

static void section_5(void **state)
{
  (void)state;
  static const double N[] = {10, INFINITY};
  lmx_moment_data data = some_data();
  lmx_status status = LMX_ERR_MEMORY;
  for (long n = 1; status == LMX_ERR_MEMORY; n += 1 + n / 16) {
    lmx_check_results *results = NULL;
    lmx_alloc_fail_after(n);
    status = lmx_section5_run(ctx, &data, 2, N, &results);
    lmx_alloc_fail_after(0);
    assert_true((results != NULL) == (status == LMX_OK));
    lmx_check_results_destroy(&results);
  }
  assert_int_equal(status, LMX_OK);
}

static void theorem_1_7(void **state)
{
  (void)state;
  static const double N[] = {10, INFINITY}, times[] = {0, 1}, B[] = {2, 2};
  lmx_moment_data data = some_data();
  lmx_hessian_growth growth = {.n = 2, .times = times, .B = B, .radius = 6};
  lmx_status status = LMX_ERR_MEMORY;
  for (long n = 1; status == LMX_ERR_MEMORY; n += 1 + n / 16) {
    lmx_check_results *results = NULL;
    lmx_alloc_fail_after(n);
    status = lmx_theorem_1_7_run(ctx, &data, 2, N, &growth, &results);
    lmx_alloc_fail_after(0);
    assert_true((results != NULL) == (status == LMX_OK));
    lmx_check_results_destroy(&results);
  }
  assert_int_equal(status, LMX_OK);
}

/* What is no data, no N, no times. */
static void doors(void **state)
{
  (void)state;
  static const double zero[] = {0}, times[] = {1, 2}, B[] = {1, 1};
  lmx_moment_data data = some_data();
  lmx_hierarchy *h = NULL;
  lmx_check_results *results = NULL;
  lmx_hessian_growth growth = {.n = 2, .times = times, .B = B, .radius = 6};
  assert_int_equal(lmx_hierarchy_create(ctx, &data, 0.5, 1, &h), LMX_ERR_USAGE);
  assert_int_equal(lmx_hierarchy_create(ctx, &data, NAN, 1, &h), LMX_ERR_USAGE);
  assert_int_equal(lmx_section5_run(ctx, &data, 0, zero, &results),
                   LMX_ERR_USAGE);
  assert_int_equal(lmx_section5_run(ctx, &data, 1, zero, &results),
                   LMX_ERR_USAGE);
  assert_int_equal(lmx_theorem_1_7_run(ctx, &data, 1, zero, &growth, &results),
                   LMX_ERR_USAGE);
  assert_null(h);
  assert_null(results);
  lmx_hierarchy_destroy(NULL);
  lmx_hierarchy_destroy(&h);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_hierarchy),
      cmocka_unit_test(section_5),
      cmocka_unit_test(theorem_1_7),
      cmocka_unit_test(doors),
  };
  return RUN_WITH_CONTEXT(tests);
}
