/* The left sides of Section 5. */
#ifndef LMX_MOMENT_LEFT_H
#define LMX_MOMENT_LEFT_H

#include "moment/statistic.h"

/* Over which directions a left side is meant. */
typedef enum {
  LMX_SCOPE_LARGEST,     /* the largest over alpha, or over alpha != beta */
  LMX_SCOPE_EITHER_SIGN, /* the same of the absolute value */
  LMX_SCOPE_SUM_AXES,
  LMX_SCOPE_SUM_PAIRS
} lmx_scope;

/* Sums are over pairwise distinct particles, divided by N to the number of
 * indices; a = alpha, b = beta != alpha, E = E_a(t).
 * X(symbol, scope, text) */
#define LMX_LEFT_LIST(X)                                                       \
  X(lem_5_1, LMX_SCOPE_LARGEST, "mean of |v^i|^2 - d")                         \
  X(claim_5_2, LMX_SCOPE_LARGEST, "mean of v^i_a v^j_a")                       \
  X(claim_5_3, LMX_SCOPE_LARGEST, "mean of v^i.v^j")                           \
  X(claim_5_4, LMX_SCOPE_LARGEST, "mean of |v^i|^2 |v^j|^2 - d^2")             \
  X(claim_5_5, LMX_SCOPE_LARGEST, "mean of v^i_a v^j_a |v^k|^2")               \
  X(claim_5_6, LMX_SCOPE_LARGEST, "mean of (v^i.v^j) |v^k|^2")                 \
  X(claim_5_7, LMX_SCOPE_LARGEST, "mean of v^i_a v^j_b v^k_a v^l_b")           \
  X(lem_5_8, LMX_SCOPE_LARGEST, "mean of (v^i_a)^2 - E")                       \
  X(claim_5_9, LMX_SCOPE_LARGEST, "mean of |v^i|^2 (v^j_a)^2 - d E")           \
  X(eq_5_9_other, LMX_SCOPE_EITHER_SIGN,                                       \
    "mean of (v^i_a)^2 v^j_b, or minus it")                                    \
  X(eq_5_9_own, LMX_SCOPE_EITHER_SIGN, "mean of (v^i_a)^2 v^j_a, or minus it") \
  X(claim_5_10, LMX_SCOPE_LARGEST, "mean of v^i_a v^j_a (v^k_a)^2")            \
  X(claim_5_11, LMX_SCOPE_LARGEST, "mean of (v^i.v^j) (v^k_a)^2")              \
  X(claim_5_12, LMX_SCOPE_LARGEST, "mean of v^i_b v^j_b (v^k_a)^2")            \
  X(lem_5_13, LMX_SCOPE_LARGEST, "mean of (v^i_a)^2 (v^j_a)^2 - E^2")          \
  X(lem_5_14, LMX_SCOPE_LARGEST, "mean of v^i_a v^j_b v^j_a v^k_b")            \
  X(lem_5_15_printed, LMX_SCOPE_LARGEST, "mean of v^i_a v^j_b v^j_a v^j_b")    \
  X(lem_5_15, LMX_SCOPE_LARGEST, "mean of v^i_a v^i_b v^j_a v^j_b")            \
  X(cor_5_16, LMX_SCOPE_LARGEST, "mean of (d - |v^j|^2) (d - |v^k|^2)")        \
  X(cor_5_17, LMX_SCOPE_LARGEST,                                               \
    "mean of (d - |v^j|^2) (2 v^i.v^k - 2 v^i_a v^k_a)")                       \
  X(cor_5_18, LMX_SCOPE_LARGEST,                                               \
    "mean of (d - |v^j|^2) ((v^k_a)^2 - E), i passed over")                    \
  X(cor_5_19, LMX_SCOPE_LARGEST,                                               \
    "mean of (2 v^i.v^j - 2 v^i_a v^j_a) ((v^k_a)^2 - E)")                     \
  X(cor_5_20, LMX_SCOPE_LARGEST,                                               \
    "mean of (v^i.v^j - v^i_a v^j_a) (v^i.v^k - v^i_a v^k_a)")                 \
  X(cor_5_21, LMX_SCOPE_LARGEST, "mean of ((v^j_a)^2 - E) ((v^k_a)^2 - E)")    \
  X(diagonal, LMX_SCOPE_SUM_AXES, "I_{a=b} of (5.3)")                          \
  X(off_diagonal, LMX_SCOPE_SUM_PAIRS, "I_{a!=b} of (5.3)")                    \
  X(diagonal_printed, LMX_SCOPE_SUM_AXES,                                      \
    "I_{a=b} of (5.3) minus its printed expansion, where (d - |v^j|^2) "       \
    "(v^i.v^k - v^i_a v^k_a) has the coefficient 1")                           \
  X(diagonal_expanded, LMX_SCOPE_SUM_AXES,                                     \
    "I_{a=b} of (5.3) minus its expansion with the coefficient 4")             \
  X(off_diagonal_expanded, LMX_SCOPE_SUM_PAIRS,                                \
    "I_{a!=b} of (5.3) minus its printed expansion")

typedef enum {
#define LMX_LEFT_ENUM(symbol, scope, text) LMX_LEFT_##symbol,
  LMX_LEFT_LIST(LMX_LEFT_ENUM)
#undef LMX_LEFT_ENUM
      LMX_LEFT_COUNT
} lmx_left;

lmx_scope lmx_left_scope(lmx_left left);
const char *lmx_left_text(lmx_left left);

/* Fills an opened statistic and closes it; alpha is direction 0, beta 1. */
lmx_status lmx_left_fill(lmx_left left, lmx_statistic *statistic);

#endif
