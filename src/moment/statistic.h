/* Means over distinct particles, such as
 *   (1/N^3) sum over pairwise distinct i, j, k of v^i_a v^j_a (v^k_b)^2,
 * as linear functionals of the hierarchy with directions 0 and 1 told apart.
 * Coefficients may contain powers of E_0(t). */
#ifndef LMX_MOMENT_STATISTIC_H
#define LMX_MOMENT_STATISTIC_H

#include "moment/system.h"

enum {
  LMX_STATISTIC_LABELS = 2,
  LMX_STATISTIC_POWERS = 3,               /* E_0^0 .. E_0^2 */
  LMX_STATISTIC_ORDERS = LMX_RING_DEGREE, /* 1, 1/N, .. */
  LMX_STATISTIC_TABLES = LMX_STATISTIC_POWERS * LMX_STATISTIC_ORDERS
};

/* The linear equations a statistic lives on; degree 0 is the constant 1. */
typedef struct lmx_spaces {
  int d;
  lmx_system *second, *third, *fourth; /* third: not only even monomials */
} lmx_spaces;

lmx_status lmx_spaces_create(lmx_context *context, int d, lmx_spaces *out);
void lmx_spaces_clear(lmx_spaces *spaces);

/* Functionals [POWERS][ORDERS][n] of each degree. */
typedef struct lmx_statistic {
  const lmx_spaces *spaces; /* borrowed */
  lmx_context *context;
  lmx_status status; /* of the first addition that failed */
  double constant[LMX_STATISTIC_TABLES];
  double *second, *third, *fourth;
} lmx_statistic;

lmx_status lmx_statistic_open(lmx_context *context, const lmx_spaces *spaces,
                              lmx_statistic *out);
void lmx_statistic_clear(lmx_statistic *statistic);

/* Adds c E_0^power times the sum over pairwise distinct i_1 .. i_n of
 * (v^{i_1})^{words[0]} .. (v^{i_n})^{words[n-1]}, divided by N^n. A word may be
 * empty: its particle is only counted. A failure is kept in ->status. */
void lmx_statistic_add(lmx_statistic *statistic, double c, int power, int n,
                       const lmx_word *words);
/* Adds c E_0^power. */
void lmx_statistic_add_constant(lmx_statistic *statistic, double c, int power);

/* To the coordinates of the systems, once everything is added. */
lmx_status lmx_statistic_close(lmx_statistic *statistic);

/* A state of all systems: x = (y, z), the expectations are y + z/N. */
typedef struct lmx_state {
  double inverse;                        /* 1/N */
  double E;                              /* E_0(t) */
  const double *second, *third, *fourth; /* [2 n2], [2 n3], [2 n4] */
} lmx_state;

/* N times the expectation of a statistic whose limit for N -> infinity is
 * 0, without taking differences of numbers that do not vanish.
 * *limit  what that limit comes out as: 0 up to rounding
 * *size   sum of the absolute values of all terms, the scale of rounding */
double lmx_statistic_value(const lmx_statistic *statistic,
                           const lmx_state *state, double *limit, double *size);

#endif
