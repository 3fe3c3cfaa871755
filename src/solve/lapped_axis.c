/* Windows along one axis. At an outer edge lies a short one, in which the
 * preconditioner uses the true rows of the differences, extrapolated ghosts
 * included; Fourier windows cover the rest. */
#include <math.h>

#include "grid/padded.h"
#include "solve/lapped_internal.h"
#include "solve/products.h"

/* Least length of Fourier windows (velocity units): measured,
 * docs/performance.md. */
static const double shortest = 2.4;

/* Nodes of a dense window; their square or cube is the order of the matrix at
 * a corner, hence fewer of them on three axes. */
enum { EDGE = 16, EDGE_OF_FINE_GRID = 28, EDGE_OF_THREE_AXES = 8 };

/* Grids are fine below this spacing. */
static const double fine = 0.04;

/* Cosines and sines of a window together come in whole vectors. */
enum { LEAST_HALF = 4, LARGEST_HALF = 32 };

/* Geometry of an axis: windows meet in transitions [at, at + width). */
typedef struct layout {
  size_t n, half; /* nodes; Fourier windows have 2 half - 1 */
  size_t over;    /* overlap of two Fourier windows */
  size_t edge, lap;
  bool full;
} layout;

static size_t half_length(double h)
{
  size_t half = LEAST_HALF;
  while (half < LARGEST_HALF && (double)(2 * half - 1) * h < shortest)
    half += LEAST_HALF;
  return half;
}

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

static size_t larger(size_t a, size_t b)
{
  return a > b ? a : b;
}

/* Symbols of the differences of the grid's order. */
static void symbols(const lmx_grid *grid, double h, double angle, double *first,
                    double *second)
{
  double c1[LMX_MAX_ORDER / 2], c2[LMX_MAX_ORDER / 2 + 1];
  lmx_stencil_first(grid->order, c1);
  lmx_stencil_second(grid->order, c2);
  *first = 0.0;
  *second = -c2[0] / (h * h);
  for (int j = 1; j <= grid->order / 2; ++j) {
    *first += 2.0 * c1[j - 1] * sin(j * angle) / h;
    *second -= 2.0 * c2[j] * cos(j * angle) / (h * h);
  }
}

static lmx_status set_symbols(lmx_context *context, const lmx_grid *grid,
                              double h, lapped_axis *axis)
{
  size_t half = axis->half;
  double none;
  LMX_TRY(LMX_NEW_ARRAY(context, 2 * half, &axis->first));
  LMX_TRY(LMX_NEW_ARRAY(context, 2 * half, &axis->second));
  symbols(grid, h, M_PI, &none, &axis->top);
  for (size_t k = 0; k < half; ++k) {
    symbols(grid, h, 2.0 * M_PI * (double)k / (double)(2 * half - 1),
            &axis->first[k], &axis->second[k]);
    axis->first[half + k] = -axis->first[k];
    axis->second[half + k] = axis->second[k];
  }
  return LMX_OK;
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

/* The orthonormal Fourier basis of a window, times its weights; `forward` also
 * sums over the reflected nodes of a centred one. */
static lmx_status set_basis(lmx_context *context, size_t half, lapped_window *w)
{
  double period = (double)(2 * half - 1);
  LMX_TRY(LMX_NEW_ARRAY(context, w->length * w->padded, &w->forward));
  LMX_TRY(LMX_NEW_ARRAY(context, w->modes * w->padded, &w->backward));
  for (size_t i = 0; i < w->length; ++i)
    for (size_t q = 0; q < w->modes; ++q) {
      double k = (double)(q % half), x = (double)i + (w->centred ? 0.5 : 0.0);
      double angle = 2.0 * M_PI * k * x / period;
      double e = w->weight[i] * sqrt((q == 0 ? 1.0 : 2.0) / period);
      e *= q < half ? cos(angle) : w->centred ? 0.0 : sin(angle);
      w->backward[q * w->padded + i] = e;
      w->forward[i * w->padded + q] = w->centred && i < half - 1 ? 2.0 * e : e;
    }
  return LMX_OK;
}

/* A window that rises over [up, up + wu) and falls over [down, down + wd). */
static lmx_status make_window(lmx_context *context, const lmx_grid *grid,
                              const lmx_axis *g, const layout *l, size_t up,
                              size_t wu, size_t down, size_t wd, bool dense,
                              bool centred, lapped_window *w)
{
  size_t end = down + wd < l->n ? down + wd : l->n;
  w->dense = dense;
  w->centred = centred;
  w->start = up;
  w->length = end - up;
  w->modes = dense ? w->length : 2 * l->half;
  w->padded = lmx_whole(w->modes);
  LMX_TRY(LMX_NEW_ARRAY(context, w->length, &w->weight));
  double rise = centred || wu == 0 ? -1e9 : (double)up;
  for (size_t i = 0; i < w->length; ++i)
    w->weight[i] = weight((double)(up + i), rise, wu == 0 ? 1.0 : (double)wu,
                          (double)down, wd == 0 ? 1.0 : (double)wd);
  double low = g->kind == LMX_AXIS_FULL ? -g->half_width : 0.0;
  w->v = centred ? 0.0 : low + 0.5 * (double)(up + end) * g->h;
  w->node = centred ? 0 : (up + end) / 2;
  return dense ? set_matrices(context, grid, g, (ptrdiff_t)up, w)
               : set_basis(context, l->half, w);
}

/* Windows from the first edge or the origin to the last edge; the Fourier ones
 * end at even distances and begin where their length or the window before the
 * last allows. One pass counts (window NULL), one makes. */
static lmx_status place(lmx_context *context, const lmx_grid *grid,
                        const lmx_axis *g, const layout *l, lapped_axis *axis)
{
  size_t none = l->n + 1, end = l->n - l->edge + l->lap, count = 0;
  size_t m = 2 * l->half - 1;
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
  size_t up = l->full ? l->edge - l->lap : 0, wu = l->full ? l->lap : 0;
  size_t first = smaller(l->full ? up + m : l->half, end), stop = first;
  size_t more = (end - first + m - l->over - 1) / (m - l->over);
  if (l->full)
    ADD(0, 0, up, wu, true, false);
  for (size_t i = 0; i <= more; ++i) {
    size_t ahead = first + (end - first) * (i + 1) / (more + (more == 0));
    size_t down = end - l->lap, wd = l->lap, next = down;
    if (i < more) {
      stop = smaller(stop, down);
      next = larger(ahead > m ? ahead - m : 0, up + wu);
      down = next, wd = stop - next;
    }
    ADD(up, wu, down, wd, false, i == 0 && !l->full);
    up = next, wu = wd, stop = ahead;
  }
  ADD(end - l->lap, l->lap, none, 0, true, false);
#undef ADD
  axis->count = count;
  return LMX_OK;
}

static lmx_status unused_slot(lmx_context *context, lapped_axis *axis)
{
  axis->n = axis->count = 1;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &axis->first));
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &axis->second));
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &axis->window));
  lapped_window *w = axis->window;
  w->length = w->modes = w->padded = 1;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &w->weight));
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
  axis->half = half_length(g->h);
  size_t over = axis->half / 2;
  size_t edge = grid->naxes == 3 ? EDGE_OF_THREE_AXES
                : g->h < fine    ? EDGE_OF_FINE_GRID
                                 : EDGE;
  layout l = {.n = axis->n,
              .half = axis->half,
              .over = over,
              .edge = edge,
              .lap = edge / 2 < over ? edge / 2 : over,
              .full = g->kind == LMX_AXIS_FULL};
  LMX_TRY(set_symbols(context, grid, g->h, axis));
  LMX_TRY(place(context, grid, g, &l, axis));
  LMX_TRY(LMX_NEW_ARRAY(context, axis->count, &axis->window));
  return place(context, grid, g, &l, axis);
}

void lmx_lapped_axis_clear(lapped_axis *axis)
{
  for (size_t i = 0; axis->window != NULL && i < axis->count; ++i) {
    lapped_window *w = &axis->window[i];
    lmx_free(w->weight);
    lmx_free(w->forward);
    lmx_free(w->backward);
    lmx_free(w->first);
    lmx_free(w->second);
  }
  lmx_free(axis->window);
  lmx_free(axis->first);
  lmx_free(axis->second);
}
