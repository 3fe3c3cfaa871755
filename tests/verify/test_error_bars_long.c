/* The error bar on 300 random data with an exact solution. */
#include "error_bar_survey.h"

static void bars_are_above_the_true_errors(void **state)
{
  (void)state;
  survey_count count;
  survey_many(&count, 0, 300);
  assert_int_equal(count.below, 0);
  assert_int_equal(count.fails, 0);
  assert_true(count.holds >= 150);
  assert_true(count.ratios[count.nratios / 2] < 5.0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(bars_are_above_the_true_errors),
  };
  return RUN_WITH_CONTEXT(tests);
}
