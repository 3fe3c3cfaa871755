/* Shared by the files that make the ghosts of a ball. */
#ifndef LMX_GRID_BALL_INTERNAL_H
#define LMX_GRID_BALL_INTERNAL_H

#include "grid/ball.h"

static inline int lmx_ball_first_slot(const lmx_ball_layout *l)
{
  return 3 - l->grid->naxes;
}

static inline const lmx_axis *lmx_ball_axis(const lmx_ball_layout *l, int s)
{
  return &l->grid->axis[s - lmx_ball_first_slot(l)];
}

static inline double lmx_ball_coordinate(const lmx_ball_layout *l, int s,
                                         ptrdiff_t i)
{
  if (s < lmx_ball_first_slot(l))
    return 0.0;
  const lmx_axis *axis = lmx_ball_axis(l, s);
  double centre =
      axis->kind == LMX_AXIS_FULL ? 0.5 * (double)axis->points : 0.0;
  return ((double)i + 0.5 - centre) * axis->h;
}

static inline bool lmx_ball_mirrored(const lmx_ball_layout *l, int s)
{
  return s >= lmx_ball_first_slot(l) &&
         lmx_ball_axis(l, s)->kind != LMX_AXIS_FULL;
}

typedef double lmx_window_weights[LMX_RAY_POINTS][2][LMX_BALL_WINDOW];

/* The ghost at padded node i, from values on the ray to it; false if the ball
 * is too small for them. */
bool lmx_ball_near_ghost(const lmx_ball_layout *layout, const ptrdiff_t i[3],
                         lmx_ball_ghost *ghost, lmx_window_weights weights);

/* Doubles that the weights of such a ghost take. */
size_t lmx_ball_weights(const lmx_ball_layout *layout);

#endif
