/* Where the equation is solved on a grid with a full axis, and how a field
 * continues beyond.
 *
 * Data without symmetry moves information along the spheres |v| = const, with
 * speeds of |v|^2 and more. These cross the edges of a box inwards near its
 * corners, where nobody knows what should come in. So such a grid uses the
 * nodes with |v| <= L only, L the smallest half width: they are active. At
 * |v| = L everything leaves (docs/math.md, 1.4).
 *
 * A padded value beyond the ball is the cubic through four values on the
 * ray to it, two cells and more apart. Each of these is a polynomial fitted to
 * a window of active nodes in the plane across the axis nearest to the ray.
 * On three axes only values up to two cells beyond are made so. One further
 * out is the parabola through three of them or of active nodes, the next on a
 * line of the grid inwards: differences give it so little weight that this is
 * enough, and it costs a tenth (docs/performance.md). */
#ifndef LMX_GRID_BALL_H
#define LMX_GRID_BALL_H

#include "landaumax/grid.h"

enum {
  LMX_RAY_POINTS = 4,
  LMX_FAR_TERMS = 3,
  LMX_BALL_WINDOW = 8 /* most nodes of a window along one slot */
};

/* The shape of a padded array; slots as in padded.h. */
typedef struct lmx_ball_layout {
  const lmx_grid *grid;
  const size_t *n, *pad, *stride; /* [3] */
  size_t origin, size;
} lmx_ball_layout;

/* One value beyond the ball and its mirror images in the full axes, which have
 * the same weights: the sum over ray points k and window nodes a, b (one slot
 * across on two axes) of weight[k][0][a] weight[k][1][b] times the value at
 * from[k] + a e_first + b e_second. */
typedef struct lmx_ball_ghost {
  int at[3], from[LMX_RAY_POINTS][3]; /* padded indices, interior from 0 */
  int across[2];                      /* slots; the second -1 on two axes */
  int width;                          /* of the windows */
  size_t weight; /* of the first weight, [LMX_RAY_POINTS][slots][width] */
} lmx_ball_ghost;

/* One value further out, by offsets in the padded array: the sum over k of
 * far_weight[steps - 1][k] times the value at from + k inwards, where at is
 * from - steps inwards. */
typedef struct lmx_ball_far {
  int at, from, inwards, steps;
} lmx_ball_far;

typedef struct lmx_ball {
  size_t count;          /* in the octant where no full axis is negative */
  lmx_ball_ghost *ghost; /* [count] */
  double *weight;
  size_t far_count; /* in all of them */
  lmx_ball_far *far;
  double (*far_weight)[LMX_FAR_TERMS]; /* [most steps] */
  int images;                          /* 2^full axes */
  ptrdiff_t base[8]; /* offset of padded index 0 in each image */
  ptrdiff_t stride[8][3];
} lmx_ball;

/* Whether padded node i (three indices, interior nodes from 0) is one of the
 * active nodes or the mirror image of one. */
bool lmx_ball_active(const lmx_ball_layout *layout, const ptrdiff_t i[3]);

/* The values that differences of the pad's reach ask for at active nodes.
 * Made once for each pad and kept by the grid, whose they remain: *out is the
 * caller's for as long as the grid lives. Not for two threads at once.
 * Errors: LMX_ERR_CASE (too few nodes), LMX_ERR_MEMORY. */
lmx_status lmx_ball_of(lmx_context *context, const lmx_ball_layout *layout,
                       const lmx_ball **out);

/* What a grid keeps, at first empty. */
typedef struct lmx_balls {
  lmx_ball *of_pad[LMX_MAX_ORDER / 2 + 2];
} lmx_balls;

void lmx_balls_destroy(lmx_balls **balls);

/* Fills the listed values of a padded array whose active nodes and their
 * mirror images are set. */
void lmx_ball_fill(const lmx_ball *ball, double *data);

#endif
