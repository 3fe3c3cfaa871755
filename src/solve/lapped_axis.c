/* Windows along one axis. At an outer edge lies a short one, in which the
 * preconditioner uses the true rows of the differences, extrapolated ghosts
 * included; Fourier windows cover the rest. */
#include <math.h>

#include "grid/padded.h"
#include "solve/lapped_internal.h"

/* Fourier windows are the shortest power of two at least this long (velocity
 * units): measured, docs/performance.md. */
static const double shortest = 1.4;

/* Nodes of a dense window; their square or cube is the order of the matrix at
 * a corner, hence fewer of them on three axes. */
enum { EDGE = 16, EDGE_OF_FINE_GRID = 22, EDGE_OF_THREE_AXES = 6 };

/* Grids are fine below this spacing. */
static const double fine = 0.04;

enum { LEAST_WINDOW = 8, LARGEST_WINDOW = 64 };

/* Geometry of an axis: windows meet in transitions [at, at + width). */
typedef struct layout {
  size_t n, half; /* nodes; half the length of a Fourier window */
  size_t over;    /* overlap of two Fourier windows */
  size_t edge, lap;
  bool full;
} layout;

static size_t window_length(double h)
{
  size_t m = LEAST_WINDOW;
  while (m < LARGEST_WINDOW && (double)m * h < shortest)
    m *= 2;
  return m;
}

/* Symbols of the differences of the grid's order, Nyquist included. */
static void set_symbols(const lmx_grid *grid, double h, lapped_axis *axis)
{
  int r = grid->order / 2;
  double c1[LMX_MAX_ORDER / 2], c2[LMX_MAX_ORDER / 2 + 1];
  lmx_stencil_first(grid->order, c1);
  lmx_stencil_second(grid->order, c2);
  for (size_t k = 0; k < axis->m; ++k) {
    double angle = 2.0 * M_PI * (double)k / (double)axis->m;
    double s1 = 0.0, s2 = c2[0];
    for (int j = 1; j <= r; ++j) {
      s1 += 2.0 * c1[j - 1] * sin(j * angle);
      s2 += 2.0 * c2[j] * cos(j * angle);
    }
    axis->first[k] = s1 / h;
    axis->second[k] = -s2 / (h * h);
  }
}

/* Adds c times the value at node i to a row of a matrix over the nodes
 * start .. start + length - 1: ghosts by the rules of grid/padded.h, nodes
 * beyond the inner end of the window count as zero. */
static void add_entry(const lmx_axis *g, ptrdiff_t start, size_t length,
                      ptrdiff_t i, double c, double *row)
{
  ptrdiff_t n = (ptrdiff_t)g->points;
  double w[LMX_EXTRAPOLATION_NODES], nodes[LMX_EXTRAPOLATION_NODES];
  if (i < 0 && g->kind != LMX_AXIS_FULL)
    i = -1 - i;
  if (i >= 0 && i < n) {
    if (i >= start && i < start + (ptrdiff_t)length)
      row[i - start] += c;
    return;
  }
  for (int k = 0; k < LMX_EXTRAPOLATION_NODES; ++k)
    nodes[k] = -k;
  lmx_fornberg((double)(i < 0 ? -i : i - n + 1), LMX_EXTRAPOLATION_NODES, nodes,
               0, w);
  for (int k = 0; k < LMX_EXTRAPOLATION_NODES; ++k)
    add_entry(g, start, length, i < 0 ? k : n - 1 - k, c * w[k], row);
}

static lmx_status set_matrices(lmx_context *context, const lmx_grid *grid,
                               const lmx_axis *g, ptrdiff_t start,
                               lapped_window *w)
{
  int r = grid->order / 2;
  double c1[LMX_MAX_ORDER / 2], c2[LMX_MAX_ORDER / 2 + 1];
  double h = g->h;
  size_t e = w->length;
  lmx_stencil_first(grid->order, c1);
  lmx_stencil_second(grid->order, c2);
  LMX_TRY(LMX_NEW_ARRAY(context, e * e, &w->first));
  LMX_TRY(LMX_NEW_ARRAY(context, e * e, &w->second));
  for (size_t i = 0; i < e; ++i) {
    double *d1 = w->first + i * e, *d2 = w->second + i * e;
    ptrdiff_t at = start + (ptrdiff_t)i;
    add_entry(g, start, e, at, c2[0] / (h * h), d2);
    for (int k = 1; k <= r; ++k)
      for (int sign = -1; sign <= 1; sign += 2) {
        add_entry(g, start, e, at + sign * k, sign * c1[k - 1] / h, d1);
        add_entry(g, start, e, at + sign * k, c2[k] / (h * h), d2);
      }
  }
  return LMX_OK;
}

/* Weight of node i where the window rises over [up, up + wu) and falls over
 * [down, down + wd); the squares of neighbours add up to one. */
static double weight(double i, double up, double wu, double down, double wd)
{
  double rise = (i + 0.5 - up) / wu, fall = (i + 0.5 - down) / wd;
  rise = fmin(fmax(rise, 0.0), 1.0);
  fall = fmin(fmax(fall, 0.0), 1.0);
  return sin(0.5 * M_PI * rise) * cos(0.5 * M_PI * fall);
}

/* A window that rises over [up, up + wu) and falls over [down, down + wd). */
static lmx_status make_window(lmx_context *context, const lmx_grid *grid,
                              const lmx_axis *g, const layout *l, size_t up,
                              size_t wu, size_t down, size_t wd, bool dense,
                              bool centred, lapped_window *w)
{
  size_t end = down + wd < l->n ? down + wd : l->n, m = 2 * l->half;
  ptrdiff_t start = centred ? -(ptrdiff_t)l->half : (ptrdiff_t)up;
  w->dense = dense;
  w->centred = centred;
  w->length = dense ? end - up : m;
  LMX_TRY(LMX_NEW_ARRAY(context, w->length, &w->weight));
  LMX_TRY(LMX_NEW_ARRAY(context, w->length, &w->index));
  double rise = centred || wu == 0 ? -1e9 : (double)up;
  for (size_t k = 0; k < w->length; ++k) {
    ptrdiff_t i = start + (ptrdiff_t)k;
    if (i < 0)
      i = -1 - i;
    if ((size_t)i >= end)
      continue;
    w->index[k] = (size_t)i;
    w->weight[k] = weight((double)i, rise, wu == 0 ? 1.0 : (double)wu,
                          (double)down, wd == 0 ? 1.0 : (double)wd);
  }
  w->from = centred ? l->half : 0;
  w->to = (size_t)((ptrdiff_t)end - start);
  double low = g->kind == LMX_AXIS_FULL ? -g->half_width : 0.0;
  w->v = centred ? 0.0 : low + 0.5 * (double)(up + end) * g->h;
  w->node = centred ? 0 : (up + end) / 2;
  return dense ? set_matrices(context, grid, g, start, w) : LMX_OK;
}

/* One pass counts (window NULL), one makes. */
static lmx_status place(lmx_context *context, const lmx_grid *grid,
                        const lmx_axis *g, const layout *l, lapped_axis *axis)
{
  size_t none = l->n + 1, count = 0, last = l->n - l->edge;
  lapped_window *w = axis->window;
#define ADD(...)                                                               \
  do {                                                                         \
    if (w != NULL)                                                             \
      LMX_TRY(make_window(context, grid, g, l, __VA_ARGS__, &w[count]));       \
    ++count;                                                                   \
  } while (0)
  if (l->n < (l->full ? 2 : 1) * l->edge + l->lap) {
    ADD(0, 0, none, 0, true, false);
    axis->count = count;
    return LMX_OK;
  }
  size_t up = 0, wu = 0, next = l->half - l->over, m = 2 * l->half;
  bool centred = !l->full;
  if (l->full) {
    ADD(0, 0, l->edge - l->lap, l->lap, true, false);
    up = l->edge - l->lap;
    wu = l->lap;
    next = up + m - l->over;
  }
  /* The Fourier window that begins at `up` (at -half when centred) may reach
   * up to the transition of the last dense one, or hands over at `next`. */
  while (last + l->lap > (centred ? l->half : up + m)) {
    size_t wd = last - next < l->over ? last - next : l->over;
    ADD(up, wu, next, wd, false, centred);
    centred = false;
    up = next;
    wu = wd;
    next += m - l->over;
  }
  ADD(up, wu, last, l->lap, false, centred);
  ADD(last, l->lap, none, 0, true, false);
#undef ADD
  axis->count = count;
  return LMX_OK;
}

static lmx_status unused_slot(lmx_context *context, lapped_axis *axis)
{
  axis->n = axis->m = axis->count = 1;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &axis->first));
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &axis->second));
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &axis->window));
  lapped_window *w = axis->window;
  w->length = w->to = 1;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &w->weight));
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &w->index));
  w->weight[0] = 1.0;
  return LMX_OK;
}

lmx_status lmx_lapped_axis_init(lmx_context *context, const lmx_grid *grid,
                                int a, lapped_axis *axis)
{
  if (a < 0)
    return unused_slot(context, axis);
  const lmx_axis *g = &grid->axis[a];
  axis->n = g->points;
  axis->m = window_length(g->h);
  size_t edge = grid->naxes == 3 ? EDGE_OF_THREE_AXES
                : g->h < fine    ? EDGE_OF_FINE_GRID
                                 : EDGE;
  layout l = {.n = axis->n,
              .half = axis->m / 2,
              .over = axis->m / 4,
              .edge = edge,
              .lap = edge / 2 < axis->m / 4 ? edge / 2 : axis->m / 4,
              .full = g->kind == LMX_AXIS_FULL};
  LMX_TRY(LMX_NEW_ARRAY(context, axis->m, &axis->first));
  LMX_TRY(LMX_NEW_ARRAY(context, axis->m, &axis->second));
  set_symbols(grid, g->h, axis);
  LMX_TRY(place(context, grid, g, &l, axis));
  LMX_TRY(LMX_NEW_ARRAY(context, axis->count, &axis->window));
  return place(context, grid, g, &l, axis);
}

void lmx_lapped_axis_clear(lapped_axis *axis)
{
  for (size_t i = 0; axis->window != NULL && i < axis->count; ++i) {
    lapped_window *w = &axis->window[i];
    lmx_free(w->weight);
    lmx_free(w->index);
    lmx_free(w->first);
    lmx_free(w->second);
  }
  lmx_free(axis->window);
  lmx_free(axis->first);
  lmx_free(axis->second);
}
