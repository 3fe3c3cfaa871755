/* A fixed sample of random formulas with far peaks and spikes: none is solved
 * with wrong moments, none is refused. */
#include "survey_formulas.h"

static void plane(void **state)
{
  (void)state;
  formula_count count = survey_formulas(20261129, 2, 12);
  assert_int_equal(count.found, 12);
}

static void space(void **state)
{
  (void)state;
  formula_count count = survey_formulas(20261130, 3, 1);
  assert_int_equal(count.found, 1);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(plane),
      cmocka_unit_test(space),
  };
  return RUN_WITH_CONTEXT(tests);
}
