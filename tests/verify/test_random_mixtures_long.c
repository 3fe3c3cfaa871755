/* 1300 random mixtures with default settings, a tenth of them against the exact
 * series. Hours; ctest -L long. */
#include "random_mixtures.h"

/* All are solved, and right, but for at most 2 % that are refused beforehand
 * for their size. */
static void check(survey_kind kind, int n)
{
  survey_count count;
  survey_many(&count, kind, n, 10);
  assert_int_equal(count.cases, n);
  assert_int_equal(count.other, 0);
  assert_int_equal(count.stopped, 0);
  assert_true(50 * count.refused <= n);
  assert_int_equal(count.wrong, 0);
}

static void axisymmetric(void **state)
{
  (void)state;
  check(SURVEY_AXIS, 200);
}

static void plane(void **state)
{
  (void)state;
  check(SURVEY_PLANE, 1000);
}

static void space(void **state)
{
  (void)state;
  check(SURVEY_SPACE, 100);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(axisymmetric),
      cmocka_unit_test(plane),
      cmocka_unit_test(space),
  };
  return RUN_WITH_CONTEXT(tests);
}
