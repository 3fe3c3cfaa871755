/* The data of test_ordinary_data.c that takes minutes. */
#include "ordinary.h"

static void sharp_gaussians(void **state)
{
  (void)state;
  ordinary_gaussian(0.2);
  ordinary_gaussian(0.1);
}

static void three_in_space(void **state)
{
  (void)state;
  ordinary_mixture("three_without_symmetry_3d", NULL);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sharp_gaussians),
      cmocka_unit_test(three_in_space),
  };
  return RUN_WITH_CONTEXT(tests);
}
