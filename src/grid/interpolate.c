/* Jets of log f at arbitrary points by tensor polynomials. */
#include <math.h>
#include <string.h>

#include "landaumax/grid.h"
#include "landaumax/model.h"

enum { MAX_WIDTH = LMX_MAX_ORDER + 8 };

/* The nodes around one coordinate and the weights of derivatives 0..2.
 * Indices below zero are reflected. */
typedef struct window {
  ptrdiff_t start;
  size_t width;
  double weights[3 * MAX_WIDTH];
} window;

static void make_window(const lmx_axis *axis, int order, double x,
                        int derivatives, ptrdiff_t inwards, window *w)
{
  bool full = axis->kind == LMX_AXIS_FULL;
  ptrdiff_t n = (ptrdiff_t)axis->points, least = full ? 0 : -n;
  ptrdiff_t width = order + 8;
  if (width > n - least)
    width = (n - least) / 2 * 2;
  double shift = full ? axis->half_width : 0.0;
  /* centred; on mirrored axes symmetric about 0 for x < h/2, so that the
   * polynomial is even and x -> 0 is harmless */
  ptrdiff_t start = (ptrdiff_t)lround((x + shift) / axis->h) - width / 2;
  if (start > n - width)
    start = n - width;
  start += x < 0.0 ? inwards : -inwards;
  if (start > n - width) /* a grid hardly wider than the window */
    start = n - width;
  if (start < least)
    start = least;
  double nodes[MAX_WIDTH];
  for (ptrdiff_t i = 0; i < width; ++i)
    nodes[i] = (double)(start + i) + 0.5;
  w->start = start;
  w->width = (size_t)width;
  lmx_fornberg((x + shift) / axis->h, w->width, nodes, derivatives, w->weights);
  if (derivatives == 0)
    return;
  for (size_t i = 0; i < w->width; ++i) {
    w->weights[w->width + i] /= axis->h;
    w->weights[2 * w->width + i] /= axis->h * axis->h;
  }
}

static size_t node(const window *w, size_t i)
{
  ptrdiff_t k = w->start + (ptrdiff_t)i;
  return (size_t)(k >= 0 ? k : -k - 1);
}

/* Sum over the tensor of windows; s[a] derivatives along axis a. The axes
 * stand right-aligned in three slots, the unused ones with one node. */
static double contract(const lmx_grid *grid, const window *w, const int *s,
                       const double *u)
{
  int first = 3 - grid->naxes;
  static const double one = 1.0;
  const double *weights[3];
  size_t width[3];
  for (int k = 0; k < 3; ++k) {
    int a = k - first;
    width[k] = a < 0 ? 1 : w[a].width;
    weights[k] = a < 0 ? &one : w[a].weights + (size_t)s[a] * w[a].width;
  }
  const size_t stride1 = first <= 1 ? grid->axis[1 - first].points : 1;
  const size_t stride2 = grid->axis[2 - first].points;
  double sum = 0.0;
  for (size_t i = 0; i < width[0]; ++i)
    for (size_t j = 0; j < width[1]; ++j) {
      size_t plane = first <= 0 ? node(&w[0 - first], i) : 0;
      size_t row = plane * stride1 + (first <= 1 ? node(&w[1 - first], j) : 0);
      double line = 0.0;
      for (size_t k = 0; k < width[2]; ++k)
        line += weights[2][k] * u[row * stride2 + node(&w[2 - first], k)];
      sum += weights[0][i] * weights[1][j] * line;
    }
  return sum;
}

/* Coordinates on the grid of v in R^d, and the unit vector e (d entries, of
 * which those of the radial directions are used) along the radial part. */
static double reduce(const lmx_grid *grid, const double *v, double *y,
                     double *sign, double *e)
{
  int n = grid->naxes;
  for (int a = 0; a < n && a < LMX_MAX_AXES; ++a) {
    bool mirrored = grid->axis[a].kind == LMX_AXIS_MIRRORED;
    sign[a] = mirrored && v[a] < 0.0 ? -1.0 : 1.0;
    y[a] = sign[a] * v[a];
  }
  if (grid->m == 0)
    return 0.0;
  double rho2 = 0.0;
  for (int j = n - 1; j < grid->d; ++j)
    rho2 += v[j] * v[j];
  double rho = sqrt(rho2);
  for (int j = n - 1; j < grid->d; ++j)
    e[j] = rho > 0.0 ? v[j] / rho : (j == n - 1 ? 1.0 : 0.0);
  y[n - 1] = rho;
  return rho;
}

/* Derivatives on the grid axes -> gradient and Hessian of u in R^d. */
static void expand(const lmx_grid *grid, const double *du,
                   const double ddu[][LMX_MAX_AXES], double rho,
                   const double *e, lmx_jet *jet)
{
  int n = grid->naxes, d = grid->d, r = grid->m > 0 ? n - 1 : n;
  double lambda = 0.0;
  if (grid->m > 0)
    lambda = rho > 1e-7 ? du[n - 1] / rho : ddu[n - 1][n - 1];
  for (int a = 0; a < d; ++a) {
    bool ra = a >= r;
    jet->q[a] = ra ? du[n - 1] * e[a] : du[a];
    for (int b = 0; b < d; ++b) {
      bool rb = b >= r;
      double entry = ddu[ra ? n - 1 : a][rb ? n - 1 : b] * (ra ? e[a] : 1.0) *
                     (rb ? e[b] : 1.0);
      if (ra && rb)
        entry += lambda * ((a == b ? 1.0 : 0.0) - e[a] * e[b]);
      jet->G[a * d + b] = entry;
    }
  }
}

/* The node of a window that is furthest from the origin. */
static double far_end(const lmx_axis *axis, const window *w)
{
  double shift = axis->kind == LMX_AXIS_FULL ? axis->half_width : 0.0;
  double low = ((double)w->start + 0.5) * axis->h - shift;
  return fmax(fabs(low), fabs(low + (double)(w->width - 1) * axis->h));
}

/* Near the edge of a ball windows move inwards, on the axis that reaches out
 * furthest, until their corner is no further beyond the ball than fields are
 * continued (by half the order). At least three nodes stay beyond the point. */
static void shift_windows(const lmx_grid *grid, const double *y,
                          int derivatives, window *w)
{
  ptrdiff_t inwards[LMX_MAX_AXES] = {0}, most = grid->order / 2 + 1;
  double L = INFINITY, h = INFINITY;
  for (int a = 0; a < grid->naxes; ++a) {
    L = fmin(L, grid->axis[a].half_width);
    h = fmin(h, grid->axis[a].h);
  }
  L += 0.5 * grid->order * h;
  for (;;) {
    double r2 = 0.0, far = 0.0;
    int worst = -1;
    for (int a = 0; a < grid->naxes; ++a) {
      double end = far_end(&grid->axis[a], &w[a]);
      r2 += end * end;
      if (end > far && inwards[a] < most) {
        far = end;
        worst = a;
      }
    }
    if (r2 <= L * L || worst < 0)
      return;
    make_window(&grid->axis[worst], grid->order, y[worst], derivatives,
                ++inwards[worst], &w[worst]);
  }
}

static lmx_status make_windows(lmx_context *context, const lmx_grid *grid,
                               const double *y, int derivatives, window *w)
{
  for (int a = 0; a < grid->naxes; ++a) {
    if (!(fabs(y[a]) <= grid->axis[a].half_width))
      return lmx_fail(context, LMX_ERR_USAGE,
                      "component %d is %.12g, outside the box |v| <= %g", a + 1,
                      y[a], grid->axis[a].half_width);
    make_window(&grid->axis[a], grid->order, y[a], derivatives, 0, &w[a]);
  }
  if (lmx_grid_is_ball(grid))
    shift_windows(grid, y, derivatives, w);
  return LMX_OK;
}

lmx_status lmx_interpolate_value(lmx_context *context, const lmx_grid *grid,
                                 const double *u, const double *v, double *out)
{
  double y[LMX_MAX_AXES], sign[LMX_MAX_AXES], e[LMX_MAX_DIMENSION], r2 = 0.0;
  static const int s[LMX_MAX_AXES] = {0, 0, 0};
  window w[LMX_MAX_AXES] = {0};
  reduce(grid, v, y, sign, e);
  LMX_TRY(make_windows(context, grid, y, 0, w));
  for (int a = 0; a < grid->d; ++a)
    r2 += v[a] * v[a];
  *out = contract(grid, w, s, u) + lmx_log_maxwellian(grid->d, r2);
  return LMX_OK;
}

lmx_status lmx_interpolate(lmx_context *context, const lmx_grid *grid,
                           const double *u, const double *v, lmx_jet *jet)
{
  int n = grid->naxes, d = grid->d;
  double y[LMX_MAX_AXES], sign[LMX_MAX_AXES], e[LMX_MAX_DIMENSION];
  double rho = reduce(grid, v, y, sign, e);
  window w[LMX_MAX_AXES] = {0};
  LMX_TRY(make_windows(context, grid, y, 2, w));
  int s[LMX_MAX_AXES] = {0, 0, 0};
  double value = contract(grid, w, s, u), du[LMX_MAX_AXES];
  double ddu[LMX_MAX_AXES][LMX_MAX_AXES], r2 = 0.0;
  for (int a = 0; a < n; ++a) {
    ++s[a];
    du[a] = sign[a] * contract(grid, w, s, u);
    for (int b = a; b < n; ++b) {
      ++s[b];
      ddu[a][b] = ddu[b][a] = sign[a] * sign[b] * contract(grid, w, s, u);
      --s[b];
    }
    --s[a];
  }
  expand(grid, du, ddu, rho, e, jet);
  for (int a = 0; a < d; ++a) {
    r2 += v[a] * v[a];
    jet->v[a] = v[a];
    jet->q[a] -= v[a];
    jet->G[a * d + a] -= 1.0;
  }
  jet->g = value + lmx_log_maxwellian(d, r2);
  return LMX_OK;
}
