/* The ball |v| <= L of a tensor grid and the values beyond it. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_math.h>

#include "grid/ball_internal.h"

static size_t offset(const lmx_ball_layout *l, const ptrdiff_t i[3])
{
  ptrdiff_t at = (ptrdiff_t)l->origin;
  for (int s = 0; s < 3; ++s)
    at += i[s] * (ptrdiff_t)l->stride[s];
  return (size_t)at;
}

bool lmx_grid_is_ball(const lmx_grid *grid)
{
  for (int a = 0; a < grid->naxes && grid->naxes >= 2; ++a)
    if (grid->axis[a].kind == LMX_AXIS_FULL)
      return true;
  return false;
}

double lmx_grid_radius(const lmx_grid *grid)
{
  double L = grid->axis[0].half_width;
  for (int a = 1; a < grid->naxes; ++a)
    L = fmin(L, grid->axis[a].half_width);
  return L;
}

/* L^2, and a little for rounding. */
static double square_of_radius(const lmx_grid *grid)
{
  double L = lmx_grid_radius(grid);
  return L * L * (1.0 + 1e-12);
}

bool lmx_grid_active(const lmx_grid *grid, size_t index)
{
  if (!lmx_grid_is_ball(grid))
    return true;
  double v[LMX_MAX_DIMENSION], r2 = 0.0;
  lmx_grid_point(grid, index, v);
  for (int a = 0; a < grid->naxes; ++a)
    r2 += v[a] * v[a];
  return r2 <= square_of_radius(grid);
}

bool lmx_ball_active(const lmx_ball_layout *l, const ptrdiff_t i[3])
{
  double r2 = 0.0;
  for (int s = lmx_ball_first_slot(l); s < 3; ++s) {
    ptrdiff_t low = lmx_ball_mirrored(l, s) ? -(ptrdiff_t)l->pad[s] : 0;
    if (i[s] < low || i[s] >= (ptrdiff_t)l->n[s])
      return false;
    double x = lmx_ball_coordinate(l, s, i[s]);
    r2 += x * x;
  }
  return r2 <= square_of_radius(l->grid);
}

/* Far ghosts are this many cells and more beyond the ball. On two axes, where
 * rays cost little, there are none: the lapped preconditioner, which knows
 * nothing of the closure, would take a seventh more iterations. */
static const double near_cells = 2.0;

static bool is_far(const lmx_ball_layout *l, const ptrdiff_t i[3])
{
  double r2 = 0.0, h = 0.0;
  if (l->grid->naxes < 3)
    return false;
  for (int s = lmx_ball_first_slot(l); s < 3; ++s) {
    r2 += gsl_pow_2(lmx_ball_coordinate(l, s, i[s]));
    h = fmax(h, lmx_ball_axis(l, s)->h);
  }
  return r2 > gsl_pow_2(lmx_grid_radius(l->grid) + near_cells * h);
}

/* Where a far ghost is continued from. */
typedef struct line {
  ptrdiff_t from[3], inwards[3];
  int steps; /* from there back to the ghost */
} line;

/* Inwards is the direction next to the ray of the 26 between neighbours:
 * tan(pi/8) halves the angle between an axis and a diagonal. */
static line line_to(const lmx_ball_layout *l, const ptrdiff_t i[3])
{
  line to = {{i[0], i[1], i[2]}, {0, 0, 0}, 0};
  double v[3] = {0.0}, top = 0.0;
  for (int s = lmx_ball_first_slot(l); s < 3; ++s) {
    v[s] = lmx_ball_coordinate(l, s, i[s]);
    top = fmax(top, fabs(v[s]));
  }
  for (int s = lmx_ball_first_slot(l); s < 3; ++s)
    if (fabs(v[s]) > 0.4142 * top)
      to.inwards[s] = v[s] > 0.0 ? -1 : 1;
  for (; is_far(l, to.from); ++to.steps)
    for (int s = 0; s < 3; ++s)
      to.from[s] += to.inwards[s];
  return to;
}

/* The ghosts of one octant of the full axes; nodes of the others from 0. */
static ptrdiff_t low_end(const lmx_ball_layout *l, int s)
{
  bool full = s >= lmx_ball_first_slot(l) && !lmx_ball_mirrored(l, s);
  return full ? (ptrdiff_t)l->n[s] / 2 : 0;
}

/* Node k of the line, from its end inwards. */
static void node_of(const line *to, int k, ptrdiff_t i[3])
{
  for (int s = 0; s < 3; ++s)
    i[s] = to->from[s] + k * to->inwards[s];
}

/* The mirror image of i among the nodes that the lists hold. */
static void fold(const lmx_ball_layout *l, ptrdiff_t i[3])
{
  for (int s = lmx_ball_first_slot(l); s < 3; ++s)
    if (i[s] < low_end(l, s))
      i[s] =
          lmx_ball_mirrored(l, s) ? -1 - i[s] : (ptrdiff_t)l->n[s] - 1 - i[s];
}

/* Marks padded node i and, where it is a far ghost, those that make it. */
static void need(const lmx_ball_layout *l, const ptrdiff_t i[3], bool *needed)
{
  bool *mine = &needed[offset(l, i)];
  if (*mine)
    return;
  *mine = true;
  if (!is_far(l, i))
    return;
  line to = line_to(l, i);
  for (int k = 0; k < LMX_FAR_TERMS; ++k) {
    ptrdiff_t at[3];
    node_of(&to, k, at);
    fold(l, at);
    needed[offset(l, at)] = true;
  }
}

/* Marks what differences and mixed differences at active node i read: squares
 * in each pair of slots. */
static void mark(const lmx_ball_layout *l, const ptrdiff_t i[3], bool *needed)
{
  for (int a = lmx_ball_first_slot(l); a < 3; ++a)
    for (int b = a + 1; b < 3; ++b) {
      ptrdiff_t ra = (ptrdiff_t)l->pad[a], rb = (ptrdiff_t)l->pad[b];
      for (ptrdiff_t p = -ra; p <= ra; ++p)
        for (ptrdiff_t q = -rb; q <= rb; ++q) {
          ptrdiff_t at[3] = {i[0], i[1], i[2]};
          at[a] += p;
          at[b] += q;
          need(l, at, needed);
        }
    }
}

/* Whether a corner of those squares is beyond the ball. */
static bool next_to_edge(const lmx_ball_layout *l, const ptrdiff_t i[3])
{
  for (int a = lmx_ball_first_slot(l); a < 3; ++a)
    for (int b = a + 1; b < 3; ++b) {
      ptrdiff_t at[3] = {i[0], i[1], i[2]};
      for (int s = a; s <= b; s += b - a) {
        ptrdiff_t pad = (ptrdiff_t)l->pad[s];
        at[s] += lmx_ball_coordinate(l, s, i[s]) > 0.0 ? pad : -pad;
      }
      if (!lmx_ball_active(l, at))
        return true;
    }
  return false;
}

static bool add_ghost(const lmx_ball_layout *l, const ptrdiff_t i[3],
                      lmx_ball *out)
{
  lmx_window_weights w;
  lmx_ball_ghost *g = &out->ghost[out->count];
  int slots = l->grid->naxes - 1;
  if (!lmx_ball_near_ghost(l, i, g, w))
    return false;
  g->weight = out->count * lmx_ball_weights(l);
  double *to = out->weight + g->weight;
  for (int k = 0; k < LMX_RAY_POINTS; ++k)
    for (int e = 0; e < slots; ++e, to += g->width)
      memcpy(to, w[k][e], (size_t)g->width * sizeof *to);
  ++out->count;
  return true;
}

/* Mirror images: index i becomes n - 1 - i in the flipped slots. */
static void place_images(const lmx_ball_layout *l, lmx_ball *out)
{
  out->images = 0;
  for (int flips = 0; flips < 8; ++flips) {
    bool possible = true;
    for (int s = 0; s < 3; ++s)
      if (flips >> s & 1 &&
          (s < lmx_ball_first_slot(l) || lmx_ball_mirrored(l, s)))
        possible = false;
    if (!possible)
      continue;
    ptrdiff_t base = (ptrdiff_t)l->origin;
    for (int s = 0; s < 3; ++s) {
      bool flip = flips >> s & 1;
      ptrdiff_t stride = (ptrdiff_t)l->stride[s];
      out->stride[out->images][s] = flip ? -stride : stride;
      base += flip ? (ptrdiff_t)(l->n[s] - 1) * stride : 0;
    }
    out->base[out->images++] = base;
  }
}

/* A far ghost and its mirror images; false if its line crosses the origin of a
 * mirrored axis beyond the ball, where values are reflected later. */
static bool add_far(const lmx_ball_layout *l, const ptrdiff_t i[3],
                    lmx_ball *out)
{
  line to = line_to(l, i);
  for (int k = 0; k < LMX_FAR_TERMS; ++k) {
    ptrdiff_t at[3];
    node_of(&to, k, at);
    for (int s = 0; s < 3; ++s)
      if (lmx_ball_mirrored(l, s) && at[s] < 0 && !lmx_ball_active(l, at))
        return false;
  }
  for (int m = 0; m < out->images; ++m) {
    ptrdiff_t at = out->base[m], from = out->base[m], inwards = 0;
    for (int s = 0; s < 3; ++s) {
      at += i[s] * out->stride[m][s];
      from += to.from[s] * out->stride[m][s];
      inwards += to.inwards[s] * out->stride[m][s];
    }
    out->far[out->far_count++] =
        (lmx_ball_far){(int)at, (int)from, (int)inwards, to.steps};
  }
  return true;
}

/* How many ghosts of either kind are needed and, unless out is NULL, makes
 * them. */
static bool list(const lmx_ball_layout *l, const bool *needed, size_t *near,
                 size_t *far, lmx_ball *out)
{
  ptrdiff_t i[3], high[3];
  *near = *far = 0;
  for (int s = 0; s < 3; ++s)
    high[s] = (ptrdiff_t)(l->n[s] + l->pad[s]);
  for (i[0] = low_end(l, 0); i[0] < high[0]; ++i[0])
    for (i[1] = low_end(l, 1); i[1] < high[1]; ++i[1])
      for (i[2] = low_end(l, 2); i[2] < high[2]; ++i[2]) {
        if (!needed[offset(l, i)] || lmx_ball_active(l, i))
          continue;
        bool beyond = is_far(l, i);
        ++*(beyond ? far : near);
        if (out == NULL)
          continue;
        if (beyond ? !add_far(l, i, out) : !add_ghost(l, i, out))
          return false;
      }
  return true;
}

/* Parabolas through 0, 1, 2 at -1, -2, .. */
static lmx_status weigh_far(lmx_context *context, lmx_ball *out)
{
  static const double nodes[LMX_FAR_TERMS] = {0.0, 1.0, 2.0};
  int most = 0;
  for (size_t n = 0; n < out->far_count; ++n)
    most = out->far[n].steps > most ? out->far[n].steps : most;
  LMX_TRY(LMX_NEW_ARRAY(context, (size_t)most, &out->far_weight));
  for (int k = 0; k < most; ++k)
    lmx_fornberg(-1.0 - k, LMX_FAR_TERMS, nodes, 0, out->far_weight[k]);
  return LMX_OK;
}

static lmx_status make_lists(lmx_context *context, const lmx_ball_layout *l,
                             const bool *needed, lmx_ball *out)
{
  size_t near, far;
  (void)list(l, needed, &near, &far, NULL);
  LMX_TRY(LMX_NEW_ARRAY(context, near, &out->ghost));
  LMX_TRY(LMX_NEW_ARRAY(context, near * lmx_ball_weights(l), &out->weight));
  LMX_TRY(LMX_NEW_ARRAY(context, far * (size_t)out->images, &out->far));
  if (!list(l, needed, &near, &far, out))
    return lmx_fail(context, LMX_ERR_CASE,
                    "grid.points: too few to continue log f beyond the ball; "
                    "take more");
  return weigh_far(context, out);
}

/* Nodes where no full axis is negative ask for all that their mirror images
 * ask for there. */
static lmx_status make_ball(lmx_context *context, const lmx_ball_layout *l,
                            lmx_ball *out)
{
  bool *needed;
  ptrdiff_t i[3];
  LMX_TRY(LMX_NEW_ARRAY(context, l->size, &needed));
  for (i[0] = low_end(l, 0); i[0] < (ptrdiff_t)l->n[0]; ++i[0])
    for (i[1] = low_end(l, 1); i[1] < (ptrdiff_t)l->n[1]; ++i[1])
      for (i[2] = low_end(l, 2); i[2] < (ptrdiff_t)l->n[2]; ++i[2])
        if (lmx_ball_active(l, i) && next_to_edge(l, i))
          mark(l, i, needed);
  place_images(l, out);
  lmx_status status = make_lists(context, l, needed, out);
  lmx_free(needed);
  return status;
}

static void destroy_ball(lmx_ball **ball)
{
  if (*ball == NULL)
    return;
  lmx_free((*ball)->ghost);
  lmx_free((*ball)->weight);
  lmx_free((*ball)->far);
  lmx_free((*ball)->far_weight);
  lmx_free(*ball);
  *ball = NULL;
}

void lmx_balls_destroy(lmx_balls **balls)
{
  if (*balls == NULL)
    return;
  for (size_t pad = 0; pad < sizeof(*balls)->of_pad / sizeof(void *); ++pad)
    destroy_ball(&(*balls)->of_pad[pad]);
  lmx_free(*balls);
  *balls = NULL;
}

lmx_status lmx_ball_of(lmx_context *context, const lmx_ball_layout *layout,
                       const lmx_ball **out)
{
  lmx_ball **kept = &layout->grid->balls->of_pad[layout->pad[2]];
  if (*kept == NULL) {
    LMX_TRY(LMX_NEW_ARRAY(context, 1, kept));
    lmx_status status = make_ball(context, layout, *kept);
    if (status != LMX_OK) {
      destroy_ball(kept);
      return status;
    }
  }
  *out = *kept;
  return LMX_OK;
}
