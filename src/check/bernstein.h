/* The Bernstein functions F of Section 4, F <= 0, and what they imply. */
#ifndef LMX_CHECK_BERNSTEIN_H
#define LMX_CHECK_BERNSTEIN_H

#include "check/internal.h"

enum { LMX_BERNSTEIN_PRINTED, LMX_BERNSTEIN_SHARP, LMX_BERNSTEIN_SETS };

/* Constants of one set; the sharp ones may be given by the case. */
const lmx_bernstein *lmx_bernstein_set(const lmx_check_env *env, int set);
/* Right side of (4.1): |q|^2 <= kappa C t + C' - C log f. */
double lmx_bernstein_gradient(const lmx_model *model, double C, double C1,
                              double t, double g);
/* Right side of |K|^2 <= (K2 C / eta) [ ... ], from F-hess <= 0. */
double lmx_bernstein_hessian(const lmx_model *model, const lmx_bernstein *b,
                             double t, double g, double q2);
/* Error granted to |q|^2 + C log f: differences of log f over a spacing. */
double lmx_bernstein_gradient_error(const lmx_check_env *env,
                                    const lmx_check_point *point, double C);

/* A Bernstein function; each returns a value divided by f. */
typedef double lmx_bernstein_value(const lmx_check_env *env,
                                   const lmx_check_point *point,
                                   const lmx_bernstein *b);
typedef struct lmx_bernstein_function {
  const char *name, *title;
  lmx_growth_kind kind;                   /* what it bounds */
  lmx_bernstein_value *value;             /* F / f */
  lmx_bernstein_value *error;             /* granted to it */
  double (*last)(const lmx_bernstein *b); /* the constant it ends with */
  lmx_smallest_kind smallest[LMX_BERNSTEIN_SETS];
} lmx_bernstein_function;

extern const lmx_bernstein_function lmx_f_grad, lmx_f_hess;

/* The A that the proof of Theorem 2.4 asks for. */
double lmx_bernstein_least_A(const lmx_check_constants *c);

/* One sentence with the constants of both sets, and where they are attained. */
void lmx_bernstein_note(const lmx_check_env *env, lmx_growth_kind kind,
                        lmx_check_result *result);
/* False, with a note and nothing claimed, where (1.9), (1.10), or (1.11) for
 * the Hessian, is not known to hold, or where a constant is infinite. */
bool lmx_bernstein_known(const lmx_check_env *env, lmx_growth_kind kind,
                         lmx_check_result *result);

/* --- F-grad, F-hess: F/f at every node with both sets of constants, its
 * largest value per output time, and a map of it */

typedef struct lmx_bernstein_watch {
  const lmx_bernstein_function *function;
  lmx_check_sup sup[LMX_BERNSTEIN_SETS]; /* of F/f */
  double *largest[LMX_BERNSTEIN_SETS];   /* [ntimes] over the ball */
  double granted;                        /* largest error, sharp set */
  double *field;                         /* [size] F/f, sharp set */
  lmx_table *map;
} lmx_bernstein_watch;

lmx_status lmx_bernstein_begin(lmx_check_env *env, void *state);
lmx_status lmx_bernstein_time(lmx_check_env *env, void *state);
void lmx_bernstein_point(const lmx_check_env *env, const lmx_check_point *point,
                         void *state);
lmx_status lmx_bernstein_end(lmx_check_env *env, void *state);
lmx_status lmx_bernstein_finish(lmx_check_env *env, void *state,
                                lmx_check_result *result);
void lmx_bernstein_release(void *state);

/* All of a class but its id and statement. */
#define LMX_BERNSTEIN_CLASS(function_)                                         \
  .uses = LMX_CHECK_USES_JETS | LMX_CHECK_USES_CONSTANTS, .derivatives = 2,    \
  .state_size = sizeof(lmx_bernstein_watch),                                   \
  .initial = &(const lmx_bernstein_watch){.function = (function_)},            \
  .begin = lmx_bernstein_begin, .time = lmx_bernstein_time,                    \
  .point = lmx_bernstein_point, .end_time = lmx_bernstein_end,                 \
  .finish = lmx_bernstein_finish, .release = lmx_bernstein_release

/* --- theorem.c: Theorems 2.3 and 2.4. F <= 0 says that a square is at most
 * what the constants allow; the theorem's constant follows. */

typedef struct lmx_theorem {
  const lmx_bernstein_function *function;
  const char *square; /* in words */
  /* what is left of the square's bound is - scale F / f */
  double (*scale)(const lmx_bernstein *b);
  lmx_bernstein_value *bound; /* the theorem's constant that F <= 0 gives */
} lmx_theorem;

typedef struct lmx_theorem_watch {
  const lmx_theorem *theorem;
  lmx_check_sup excess[LMX_BERNSTEIN_SETS]; /* scale F / f */
  double bound[LMX_BERNSTEIN_SETS];         /* largest over the nodes */
} lmx_theorem_watch;

void lmx_theorem_point(const lmx_check_env *env, const lmx_check_point *point,
                       void *state);
lmx_status lmx_theorem_finish(lmx_check_env *env, void *state,
                              lmx_check_result *result);

#endif
