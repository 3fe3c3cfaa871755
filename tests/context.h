/* One context for all tests of a program: ctx, and what state points to. */
#ifndef LMX_TESTS_CONTEXT_H
#define LMX_TESTS_CONTEXT_H

#include "support.h"

static lmx_context *ctx;

static inline int set_up_context(void **state)
{
  if (lmx_context_create(&ctx) != LMX_OK)
    return -1;
  *state = ctx;
  return 0;
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
