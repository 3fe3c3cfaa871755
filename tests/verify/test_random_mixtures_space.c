/* Two random mixtures in d = 3 without symmetry, with default settings, against
 * the exact series. */
#include "random_mixtures.h"

static void space(void **state)
{
  (void)state;
  survey_count count;
  survey_many(&count, SURVEY_SPACE, 2, 1);
  assert_int_equal(count.cases, 2);
  assert_int_equal(count.other, 0);
  assert_int_equal(count.stopped, 0);
  assert_int_equal(count.refused, 0);
  assert_int_equal(count.wrong, 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(space)};
  return RUN_WITH_CONTEXT(tests);
}
