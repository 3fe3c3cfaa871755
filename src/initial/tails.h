/* Suprema over R^d of quantities of the data, for kinds whose structure is
 * known: Gaussians, their mixtures, BKW. math.md, section 3.7.
 *
 * R^d is |v| = (1 - s) / s with 0 <= s <= 1 and a direction n. On cells of s
 * and n the quantities have ranges, those with |v| = infinity included; the
 * supremum is enclosed by branch and bound. Ranges are computed in double
 * precision and moved outwards by 1e-12. */
#ifndef LMX_INITIAL_TAILS_H
#define LMX_INITIAL_TAILS_H

#include "landaumax/initial.h"

typedef struct lmx_range {
  double lo, hi;
} lmx_range;

/* What is known of the data on a cell; at a point the numbers themselves. */
typedef struct lmx_tail_cell {
  lmx_range s; /* 1 / (1 + |v|) */
  lmx_range g; /* s^2 log f0 */
  double q;    /* at least s |grad log f0| ... */
  double G, K; /* ... s^2 |Hess log f0|_F and s^2 |Hess f0 / f0|_F */
  const struct lmx_tail_parts *parts; /* of a mixture, else NULL */
} lmx_tail_cell;

/* At least the supremum over the cell of some quantity, and at a point the
 * quantity; infinite where it has no bound, NaN for none at all. */
typedef double lmx_tail_fn(const lmx_tail_cell *cell, const void *user);

/* A supremum lies in [low, high]. Both infinite: it is. low finite and high
 * infinite: not decided. */
typedef struct lmx_tail_sup {
  double low, high;
  double r; /* |v| of the value low; INFINITY: a limit */
} lmx_tail_sup;

typedef struct lmx_tails lmx_tails;

/* *out is NULL for kinds of unknown structure: formula and table.
 * Errors: LMX_ERR_MEMORY and those of lmx_initial_axes. */
lmx_status lmx_tails_create(lmx_context *context, const lmx_initial *initial,
                            lmx_tails **out);
void lmx_tails_destroy(lmx_tails **tails);

/* Over R^d, or (infinity) limits for |v| -> infinity alone. Until the
 * enclosure is `tolerance` wide, relative to what it encloses, or has used
 * its number of cells. Errors: LMX_ERR_MEMORY. */
lmx_status lmx_tails_sup(lmx_context *context, const lmx_tails *tails,
                         bool infinity, lmx_tail_fn *quantity, const void *user,
                         double tolerance, lmx_tail_sup *out);

/* The smallest C_0 of (1.9) over R^d, and the suprema of |grad log f0| / (1 +
 * |v|), |Hess log f0|_F / (1 + |v|^2) and |Hess f0 / f0|_F / (1 + |v|^2):
 * closed formulas for a centred Gaussian, else enclosures. Errors:
 * LMX_ERR_MEMORY. */
typedef struct lmx_tail_constants {
  bool closed; /* low = high is a closed formula */
  lmx_tail_sup C0, gradient, hessian, relative;
  /* limits superior of |grad log f0|^2 / (-log f0), |Hess f0 / f0|_F^2 / (log
   * f0)^2 for |v| -> infinity */
  lmx_tail_sup gradient_limit, hessian_limit;
  lmx_tail_sup log_f; /* sup log f0 */
} lmx_tail_constants;

lmx_status lmx_tails_constants(lmx_context *context, const lmx_tails *tails,
                               lmx_tail_constants *out);

/* sup (|grad log f0|^2 + C log f0), C >= 0. Errors: LMX_ERR_MEMORY. */
lmx_status lmx_tails_bracket(lmx_context *context, const lmx_tails *tails,
                             double C, lmx_tail_sup *out);

/* The bound of a quantity from that of s^power times it. */
double lmx_tail_unscaled(double x, lmx_range s, int power);

/* The smallest C with g <= log C - r2 / C. */
double lmx_smallest_C0(double r2, double g);

/* --- tails_mixture.c, tails_bkw.c: ranges on a cell */

/* Directions n = w / |w|, w = 1 (or -1) at `face` and in the box elsewhere. */
typedef struct lmx_tail_box {
  lmx_range s;
  int face;
  double sign;
  lmx_range w[LMX_MAX_AXES]; /* but for the face */
} lmx_tail_box;

/* Gaussian components on the grid axes: the last of n axes stands for
 * `extra` + 1 directions, in which means vanish. */
typedef struct lmx_tail_component {
  double c;                             /* log of weight and normalisation */
  double P[LMX_MAX_AXES][LMX_MAX_AXES]; /* inverse of the covariance ... */
  double Pm[LMX_MAX_AXES];              /* ... times the mean ... */
  double extra;                         /* ... and on the further directions */
} lmx_tail_component;

struct lmx_tails {
  int d, n, extra;
  lmx_axis_kind kinds[LMX_MAX_AXES];
  size_t components; /* 0: BKW */
  lmx_tail_component *component;
  double bkw; /* c */
};

/* Scratch of tails_mixture.c: [components] each. */
typedef struct lmx_tail_scratch {
  struct lmx_tail_parts *parts;
} lmx_tail_scratch;

lmx_status lmx_tail_scratch_create(lmx_context *context, const lmx_tails *tails,
                                   lmx_tail_scratch *out);
void lmx_tail_scratch_release(lmx_tail_scratch *scratch);
void lmx_tail_mixture(const lmx_tails *tails, const lmx_tail_box *box,
                      lmx_tail_scratch *scratch, lmx_tail_cell *out);
/* At least s^2 (|grad log f0|^2 + C log f0), C >= 0, by convexity. */
double lmx_tail_convex(const lmx_tail_cell *cell, double C);
void lmx_tail_bkw(const lmx_tails *tails, const lmx_tail_box *box,
                  lmx_tail_cell *out);

#endif
