/* The right sides of Section 5, without the factor C (1 + M_4(0)) / N. */
#ifndef LMX_MOMENT_BOUND_H
#define LMX_MOMENT_BOUND_H

#include "landaumax/core.h"

/* With l = 8/N, c = 4 d:
 *   I1 = int_0^t e^{ls} ds, I2 = int_0^t I1, J_k = int_0^t e^{-cs} I_k(s) ds,
 *   G4 = int_0^t e^{-c(t-s)} (e^{ls} + I1(s)) ds.
 * X(symbol, text) */
#define LMX_BOUND_LIST(X)                                                      \
  X(LMX_BOUND_I1, "int_0^t e^{8s/N} ds")                                       \
  X(LMX_BOUND_DECAYED_I2, "e^{-4dt} int_0^t int_0^s e^{8r/N} dr ds")           \
  X(LMX_BOUND_DECAYED_J2,                                                      \
    "e^{-8dt} int_0^t e^{-4dq} int_0^q int_0^s e^{8r/N} dr ds dq")             \
  X(LMX_BOUND_DECAYED_I1_I2,                                                   \
    "e^{-4dt} int_0^t (e^{8s/N} + int_0^s e^{8r/N} dr) ds")                    \
  X(LMX_BOUND_I1_J1_J2, "the right side of Lemma 5.15")                        \
  X(LMX_BOUND_I1_DECAYED_I2, "the right side of Corollary 5.18")               \
  X(LMX_BOUND_DECAYED_I2_J2, "the right side of Corollary 5.21")               \
  X(LMX_BOUND_5_10, "the right side of (5.10)")                                \
  X(LMX_BOUND_5_11, "the right side of (5.11)")                                \
  X(LMX_BOUND_EXPONENTIAL, "e^{8t/N}")                                         \
  X(LMX_BOUND_LINEAR, "1 + t, for t <= N")                                     \
  X(LMX_BOUND_G4, "int_0^t e^{-4d(t-s)} (e^{8s/N} + int_0^s e^{8r/N} dr) ds")  \
  X(LMX_BOUND_A1_PRINTED, "M_4(0) ((d+1)/(d-1))^2 e^{8t/N}")                   \
  X(LMX_BOUND_A1_SHARPER, "M_4(0) ((d+2)/d) e^{8(d-1)t/(dN)}")                 \
  X(LMX_BOUND_ZERO, "0")

typedef enum {
#define LMX_BOUND_ENUM(symbol, text) symbol,
  LMX_BOUND_LIST(LMX_BOUND_ENUM)
#undef LMX_BOUND_ENUM
      LMX_BOUND_COUNT
} lmx_bound;

const char *lmx_bound_text(lmx_bound bound);

/* The integrals for one d and N. */
typedef struct lmx_bounds lmx_bounds;

lmx_status lmx_bounds_create(lmx_context *context, int d, double inverse,
                             double t_max, lmx_bounds **out);
void lmx_bounds_destroy(lmx_bounds **bounds);

/* log of the right side at t > 0: no under- or overflow. NaN where it says
 * nothing (LMX_BOUND_LINEAR beyond N). */
double lmx_bounds_log(const lmx_bounds *bounds, lmx_bound bound, double t);

#endif
