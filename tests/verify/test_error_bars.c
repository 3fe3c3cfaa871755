/* The error bar on random data with an exact solution; 300 of them are
 * test_error_bars_long.c. */
#include "error_bar_survey.h"

static void bars_are_above_the_true_errors(void **state)
{
  (void)state;
  survey_count count;
  survey_many(&count, 0, 24);
  assert_int_equal(count.below, 0);
  assert_int_equal(count.fails, 0);
  assert_true(count.holds >= 12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bars_are_above_the_true_errors),
  };
  return RUN_WITH_CONTEXT(tests);
}
