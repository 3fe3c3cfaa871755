/* The linear equation d/dt E[monomials] = (A0 + A1/N) E[monomials], and the
 * values it starts from. */
#ifndef LMX_MOMENT_SYSTEM_H
#define LMX_MOMENT_SYSTEM_H

#include "moment/ladder.h"
#include "moment/ring.h"

/* Moment of one particle of f0: the mean of v^word. */
typedef double lmx_word_moment(const void *self, const lmx_word *word);

typedef struct lmx_system {
  lmx_basis *basis;
  double *A0, *A1; /* [n][n] in the coordinates below */
  /* Coordinates: the expectations of the basis, but
   *  - in place of the one at fold[i] that of the polynomial rows[i], which L0
   *    conserves: now all that L0 conserves are coordinates;
   *  - for the others the distance from what L0 drives them to, stationary
   *    times the conserved ones.
   * A0 is then zero but for the block of the others. */
  size_t nfolds;
  size_t *fold;       /* [nfolds] */
  double *rows;       /* [nfolds][n] */
  double *stationary; /* [n][n] */
} lmx_system;

lmx_status lmx_system_create(lmx_context *context, int d, int degree,
                             int labels, bool even, lmx_system **out);
void lmx_system_destroy(lmx_system **system);

/* Turns a linear functional of the expectations, [n], into one of the
 * coordinates; in place. */
void lmx_system_functional(const lmx_system *system, double *functional);

/* Adds c times the expectation of a monomial to a functional of the
 * expectations. Errors: LMX_ERR_USAGE (not in the basis). */
lmx_status lmx_system_add(lmx_context *context, const lmx_system *system,
                          double c, const lmx_monomial *monomial,
                          double *functional);

/* Coordinates x = y + z/N at t = 0 for independent particles of law f0:
 * y = x[0..n-1], z = x[n..2n-1].
 * @param where  [labels] the directions that the labels stand for */
void lmx_system_start(const lmx_system *system, lmx_word_moment *moment,
                      const void *self, const int *where, double inverse,
                      double *x);

/* exp(t B) for 0 <= t <= t_max */
lmx_status lmx_system_ladder(lmx_context *context, const lmx_system *system,
                             double inverse, double t_max, lmx_ladder **out);

#endif
