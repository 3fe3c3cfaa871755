/* The coordinates in which a density is integrated: a box in y that an affine
 * map carries to where the density lives,
 *   single directions  x_{order[i]} = centre[i] + sum_j A[i][j] y_j,
 *   radial direction   |(x of the group)| = A[nsingle][nsingle] y_nsingle. */
#ifndef LMX_INITIAL_FRAME_H
#define LMX_INITIAL_FRAME_H

#include "initial/symmetry.h"

enum { LMX_FRAME_AXES = 3 };

typedef struct lmx_frame {
  lmx_context *context;
  const char *key; /* of messages */
  lmx_log_density_fn *log_density;
  lmx_log_bounds_fn *bounds;
  const void *self;
  int d;
  int n;       /* axes: single directions and one for the group, if any */
  int nsingle; /* n or n - 1 */
  int group;   /* directions of the radial axis, 0 if there is none */
  int order[LMX_MAX_DIMENSION]; /* single directions, then the group */
  double centre[LMX_FRAME_AXES];
  double A[LMX_FRAME_AXES][LMX_FRAME_AXES]; /* lower triangular */
  double start[LMX_FRAME_AXES]; /* of the climb to a maximum, in x, ... */
  double step;                  /* ... and its first step */
  double lo[LMX_FRAME_AXES], hi[LMX_FRAME_AXES];
  double top;    /* largest log f met in the box */
  bool too_wide; /* the box would have to reach beyond 1e3 scales */
} lmx_frame;

/* The point x, [d], that belongs to y, [n]. */
void lmx_frame_point(const lmx_frame *frame, const double *y, double *x);

/* log f at y; -inf counts as a density of zero.
 * Errors: LMX_ERR_CASE (NaN or +inf; the message gives the point). */
lmx_status lmx_frame_value(const lmx_frame *frame, const double *y,
                           double *value);

/* Unit scales at the origin, from where the climb starts, too. */
void lmx_frame_reset(lmx_frame *frame);

/* Of a frame that is reset: looks for a maximum of log f from the start and
 * puts the frame there, its
 * scales the distances at which log f has fallen by 1.
 * Errors: LMX_ERR_CASE (no maximum, no decay), LMX_ERR_MEMORY. */
lmx_status lmx_frame_locate(lmx_frame *frame);

/* Enlarges the box, from six scales, until the density times |y|^2 is below
 * 1e-18 of its maximum on every side, or sets `too_wide`.
 * Errors: LMX_ERR_CASE (not a number or infinite somewhere). */
lmx_status lmx_frame_grow(lmx_frame *frame);

/* The failure shared by all of these: the density has no finite integral. */
lmx_status lmx_frame_not_integrable(const lmx_frame *frame);

#endif
