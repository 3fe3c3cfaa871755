/* 22 random mixtures with default settings against the exact series; two more,
 * in d = 3 without symmetry, in test_random_mixtures_space.c. */
#include "random_mixtures.h"

/* All are solved to the accuracy asked for, as they must be. */
static void check(survey_kind kind, int n)
{
  survey_count count;
  survey_many(&count, kind, n, 1);
  assert_int_equal(count.cases, n);
  assert_int_equal(count.other, 0);
  assert_int_equal(count.stopped, 0);
  assert_int_equal(count.refused, 0);
  assert_int_equal(count.wrong, 0);
}

static void axisymmetric(void **state)
{
  (void)state;
  check(SURVEY_AXIS, 10);
}

static void plane(void **state)
{
  (void)state;
  check(SURVEY_PLANE, 12);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(axisymmetric),
      cmocka_unit_test(plane),
  };
  return RUN_WITH_CONTEXT(tests);
}
