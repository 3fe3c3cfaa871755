/* 1300 random mixtures with default settings, a tenth of them against the exact
 * series. Hours; ctest -L long. */
#include "random_mixtures.h"

/* Counts how many the solver gives up (exit code 3); what it solves must be
 * right. */
static void check(survey_kind kind, int n)
{
  survey_count count;
  survey_many(&count, kind, n, 10);
  assert_int_equal(count.cases, n);
  assert_int_equal(count.other, 0);
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
