/* One context for all tests of a program. */
#ifndef LMX_TESTS_CONTEXT_H
#define LMX_TESTS_CONTEXT_H

#include "support.h"

static lmx_context *ctx;

static inline int set_up_context(void **state)
{
  (void)state;
  return lmx_context_create(&ctx) == LMX_OK ? 0 : -1;
}

static inline int tear_down_context(void **state)
{
  (void)state;
  lmx_context_destroy(&ctx);
  return 0;
}

/* Runs an array of tests as main does. */
#define RUN_WITH_CONTEXT(tests)                                                \
  cmocka_run_group_tests(tests, set_up_context, tear_down_context)

#endif
