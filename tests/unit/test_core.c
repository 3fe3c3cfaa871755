/* Status codes, context, memory, tables. */
#include "support.h"

static void status_codes_have_texts_and_exit_codes(void **state)
{
  (void)state;
  assert_string_equal(lmx_status_text(LMX_OK), "success");
  assert_int_equal(lmx_status_exit_code(LMX_ERR_CASE), 2);
  assert_int_equal(lmx_status_exit_code(LMX_ERR_NUMERICS), 3);
  assert_int_equal(lmx_status_exit_code(LMX_ERR_IO), 4);
  assert_int_equal(lmx_status_exit_code(LMX_INTERRUPTED), 130);
}

static void failures_keep_their_message(void **state)
{
  (void)state;
  lmx_context *context;
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  assert_int_equal(lmx_fail(context, LMX_ERR_IO, "cannot open %s", "x"),
                   LMX_ERR_IO);
  assert_string_equal(lmx_context_message(context), "cannot open x");
  lmx_context_destroy(&context);
  assert_null(context);
}

static void allocation_is_zeroed_and_can_be_made_to_fail(void **state)
{
  (void)state;
  double *x = NULL;
  assert_int_equal(LMX_NEW_ARRAY(NULL, 1000, &x), LMX_OK);
  for (int i = 0; i < 1000; ++i)
    ASSERT_NEAR(x[i], 0.0, 0.0);
  assert_int_equal((uintptr_t)x % 64, 0);
  lmx_free(x);
  lmx_alloc_fail_after(2);
  assert_int_equal(LMX_NEW_ARRAY(NULL, 10, &x), LMX_OK);
  lmx_free(x);
  assert_int_equal(LMX_NEW_ARRAY(NULL, 10, &x), LMX_ERR_MEMORY);
  assert_int_equal(LMX_NEW_ARRAY(NULL, SIZE_MAX / 4, &x), LMX_ERR_MEMORY);
}

static void tables_keep_names_and_rows(void **state)
{
  (void)state;
  lmx_table *table;
  assert_int_equal(lmx_table_create(NULL, "ratio", "a title", "t,|v|", &table),
                   LMX_OK);
  assert_int_equal(table->columns, 2);
  assert_string_equal(table->column_names[1], "|v|");
  for (int i = 0; i < 200; ++i) {
    double row[2] = {i, 2.0 * i};
    assert_int_equal(lmx_table_add(NULL, table, row), LMX_OK);
  }
  assert_int_equal(lmx_table_break(NULL, table), LMX_OK);
  assert_int_equal(table->rows, 201);
  ASSERT_NEAR(table->data[2 * 150 + 1], 300.0, 0.0);
  assert_true(isnan(table->data[2 * 200]));
  lmx_table_destroy(&table);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(status_codes_have_texts_and_exit_codes),
      cmocka_unit_test(failures_keep_their_message),
      cmocka_unit_test(allocation_is_zeroed_and_can_be_made_to_fail),
      cmocka_unit_test(tables_keep_names_and_rows),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
