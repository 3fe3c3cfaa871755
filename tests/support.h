/* Shared by every test program: cmocka with a comparison of doubles that is
 * really done in double (cmocka's own casts to float). */
#ifndef LMX_TESTS_SUPPORT_H
#define LMX_TESTS_SUPPORT_H

/* cmocka.h needs these first, in this order. */
/* clang-format off */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
/* clang-format on */
#include <math.h>
#include <stdio.h>

#include <landaumax/landaumax.h>

/* Fails unless |got - want| <= tol; NaN never passes. */
#define ASSERT_NEAR(got, want, tol)                                            \
  do {                                                                         \
    double lmx_got_ = (got), lmx_want_ = (want), lmx_tol_ = (tol);             \
    if (!(fabs(lmx_got_ - lmx_want_) <= lmx_tol_)) {                           \
      print_error("%s:%d: %s = %.17g, want %.17g within %.3g (off by %.3g)\n", \
                  __FILE__, __LINE__, #got, lmx_got_, lmx_want_, lmx_tol_,     \
                  lmx_got_ - lmx_want_);                                       \
      fail();                                                                  \
    }                                                                          \
  } while (0)

/* Fails unless got <= bound; NaN never passes. */
#define ASSERT_AT_MOST(got, bound)                                             \
  do {                                                                         \
    double lmx_got_ = (got), lmx_bound_ = (bound);                             \
    if (!(lmx_got_ <= lmx_bound_)) {                                           \
      print_error("%s:%d: %s = %.17g exceeds %.17g\n", __FILE__, __LINE__,     \
                  #got, lmx_got_, lmx_bound_);                                 \
      fail();                                                                  \
    }                                                                          \
  } while (0)

/* Fails unless got >= bound; NaN never passes. */
#define ASSERT_AT_LEAST(got, bound) ASSERT_AT_MOST(-(got), -(bound))

/* Fails, with the context's message, unless the call succeeds. */
#define ASSERT_OK(ctx, call)                                                   \
  do {                                                                         \
    lmx_status lmx_status_ = (call);                                           \
    if (lmx_status_ != LMX_OK) {                                               \
      print_error("%s:%d: %s: %s\n", __FILE__, __LINE__, #call,                \
                  lmx_context_message(ctx));                                   \
      fail();                                                                  \
    }                                                                          \
  } while (0)

#endif
