/* The lemmas of Section 4 on the grid: all are about (d_t - L)(f h). */
#ifndef LMX_CHECK_LEMMA_H
#define LMX_CHECK_LEMMA_H

#include "check/internal.h"

typedef struct lmx_lemma_quantity {
  double (*h)(const lmx_check_point *point);
  /* d_t h from the jets of log f and of r = d_t log f */
  double (*h_t)(const lmx_pointwise *p, const lmx_jet *rate);
} lmx_lemma_quantity;

extern const lmx_lemma_quantity lmx_lemma_log_f;

/* The quantity at the current time, one for all lemmas about it. */
struct lmx_lemma_field {
  const lmx_lemma_quantity *quantity;
  double *h; /* [size], NaN where log f does not exist */
  lmx_jets *jets;
};

/* An identity (d_t - L)(f h) = right side, and from it, where there is a
 * constant K, the inequality
 *   right side <= (kappas kappa + K size) f. */
typedef struct lmx_lemma {
  const char *name, *title;
  const lmx_lemma_quantity *quantity;
  /* Residuals of the identity relative to its largest term beyond which the
   * derivatives of log f on the grid are taken not to be those of one
   * function, as with noise, a kink or a wrong ghost. On the default grids
   * they are 1e-9 where the residual is one difference deep, and 1e-7 where
   * it is two. */
  double residual_bound;
  lmx_side (*left)(const lmx_pointwise *p);
  lmx_side (*right)(const lmx_pointwise *p);
  lmx_side (*misprint)(const lmx_pointwise *p); /* right side; or NULL */
  const char *value;                            /* the least K, in words */
  double (*K)(const lmx_bernstein *b);          /* NULL: an identity only */
  double (*size)(const lmx_pointwise *p);
  double kappas;
  lmx_smallest_kind smallest; /* LMX_SMALLEST_KINDS: not in the table */
} lmx_lemma;

extern const lmx_lemma lmx_lemma_4_1, lmx_lemma_4_2, lmx_lemma_4_5,
    lmx_lemma_4_6, lmx_equation_4_5;

typedef struct lmx_lemma_watch {
  const lmx_lemma *lemma;
  const lmx_jets *jets;   /* of the quantity */
  double *field;          /* [size] slack */
  double *defect;         /* [size] residual, -1 outside the ball */
  double *shells;         /* [nshells] residual at the current time */
  double *histogram;      /* of the slacks */
  double counted;         /* slacks in it */
  lmx_check_sup residual; /* of the identity on the grid */
  lmx_check_sup rounding; /* of the identity on the jets */
  lmx_check_sup least;    /* K asked for */
  size_t printed_violations;
  double misprint; /* largest residual of the misprinted right side */
  lmx_table *residuals, *map;
} lmx_lemma_watch;

/* For the current time: h of all quantities in use. */
void lmx_lemma_fields_set(lmx_check_env *env);
void lmx_lemma_fields_release(lmx_check_env *env);
/* Rate and resolution at a node; counts nodes that are not resolved. */
void lmx_lemma_point_fill(lmx_check_env *env, lmx_check_point *point);

lmx_status lmx_lemma_begin(lmx_check_env *env, void *state);
lmx_status lmx_lemma_time(lmx_check_env *env, void *state);
void lmx_lemma_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state);
lmx_status lmx_lemma_end(lmx_check_env *env, void *state);
lmx_status lmx_lemma_finish(lmx_check_env *env, void *state,
                            lmx_check_result *result);
void lmx_lemma_release(void *state);

/* All of a class but its id and statement. */
#define LMX_LEMMA_CLASS(lemma_)                                                \
  .uses = LMX_CHECK_USES_LEMMAS | LMX_CHECK_USES_CONSTANTS, .derivatives = 3,  \
  .state_size = sizeof(lmx_lemma_watch),                                       \
  .initial = &(const lmx_lemma_watch){.lemma = (lemma_)},                      \
  .begin = lmx_lemma_begin, .time = lmx_lemma_time, .point = lmx_lemma_point,  \
  .end_time = lmx_lemma_end, .finish = lmx_lemma_finish,                       \
  .release = lmx_lemma_release

#endif
