/* One value next to the ball: values on the ray to it, each from a window of
 * active nodes. */
#include <math.h>

#include <gsl/gsl_linalg.h>
#include <gsl/gsl_math.h>

#include "grid/ball_internal.h"

/* How a ghost is made: window nodes across the ray, the degree fitted to
 * them, cells between ray points. Fits of lower degree than the window holds
 * forget waves that the grid does not resolve: a closure that returns them
 * with any phase lets them grow where advection along the sphere beats
 * diffusion from cell to cell. Parabolas through neighbours amplify 40-fold,
 * through points two cells apart 10-fold (docs/performance.md). */
typedef struct recipe {
  int width, degree;
  double spacing;
} recipe;

/* Tried in turn, the later ones on grids too small for the earlier. */
static const recipe recipes_2[] = {{8, 3, 2.0}, {4, 2, 2.0}, {2, 1, 1.0}};
static const recipe recipes_3[] = {{4, 3, 2.0}, {2, 1, 1.0}};

/* w [n]: value at y of the polynomial of the given degree fitted to values at
 * x [n] by least squares. Normal equations in scaled coordinates: at most 8
 * nodes and degree 3, no loss. */
static void fit_weights(double y, int n, int degree, const double *x, double *w)
{
  double A[16], b[4], c[4], middle = 0.5 * (x[0] + x[n - 1]);
  double scale = fmax(fabs(x[n - 1] - middle), 1e-300);
  size_t m = (size_t)degree + 1;
  for (size_t p = 0; p < m; ++p) {
    b[p] = gsl_pow_int((y - middle) / scale, (int)p);
    for (size_t q = 0; q < m; ++q) {
      A[p * m + q] = 0.0;
      for (int i = 0; i < n; ++i)
        A[p * m + q] += gsl_pow_int((x[i] - middle) / scale, (int)(p + q));
    }
  }
  gsl_matrix_view matrix = gsl_matrix_view_array(A, m, m);
  gsl_vector_view right = gsl_vector_view_array(b, m);
  gsl_vector_view out = gsl_vector_view_array(c, m);
  gsl_linalg_HH_solve(&matrix.matrix, &right.vector, &out.vector);
  for (int i = 0; i < n; ++i) {
    w[i] = 0.0;
    for (size_t p = 0; p < m; ++p)
      w[i] += c[p] * gsl_pow_int((x[i] - middle) / scale, (int)p);
  }
}

typedef struct ray {
  const lmx_ball_layout *layout;
  int along; /* slot of the largest coordinate */
  int across[2], nacross;
  double v[3]; /* the point beyond the ball */
  const recipe *how;
} ray;

/* Whether all corners of the window that starts at i are active: the ball is
 * convex. */
static bool window_active(const ray *r, const ptrdiff_t i[3])
{
  for (int corner = 0; corner < 1 << r->nacross; ++corner) {
    ptrdiff_t at[3] = {i[0], i[1], i[2]};
    for (int e = 0; e < r->nacross; ++e)
      if (corner >> e & 1)
        at[r->across[e]] += r->how->width - 1;
    if (!lmx_ball_active(r->layout, at))
      return false;
  }
  return true;
}

/* Shifts the slot whose window reaches furthest out by one node inwards. */
static void shift_inwards(const ray *r, ptrdiff_t i[3])
{
  int worst = r->across[0];
  double far = -1.0, middle = 0.0;
  for (int e = 0; e < r->nacross; ++e) {
    int s = r->across[e];
    double low = lmx_ball_coordinate(r->layout, s, i[s]);
    double high = lmx_ball_coordinate(r->layout, s, i[s] + r->how->width - 1);
    if (fmax(fabs(low), fabs(high)) > far) {
      far = fmax(fabs(low), fabs(high));
      middle = low + high;
      worst = s;
    }
  }
  i[worst] += middle > 0.0 ? -1 : 1;
}

/* The window around the point where the ray meets plane i[along]; false if
 * there is none of active nodes with the point next to them. */
static bool place_window(const ray *r, ptrdiff_t i[3], double y[3])
{
  const lmx_ball_layout *l = r->layout;
  double part = lmx_ball_coordinate(l, r->along, i[r->along]) / r->v[r->along];
  for (int e = 0; e < r->nacross; ++e) {
    int s = r->across[e];
    y[s] = r->v[s] * part;
    i[s] = (ptrdiff_t)floor((y[s] - lmx_ball_coordinate(l, s, 0)) /
                            lmx_ball_axis(l, s)->h) -
           (r->how->width / 2 - 1);
    if (lmx_ball_mirrored(l, s) && i[s] < -(ptrdiff_t)l->pad[s])
      i[s] = -(ptrdiff_t)l->pad[s];
  }
  for (int tries = 0; tries < r->how->width && !window_active(r, i); ++tries)
    shift_inwards(r, i);
  for (int e = 0; e < r->nacross; ++e) {
    int s = r->across[e];
    double h = lmx_ball_axis(l, s)->h, low = lmx_ball_coordinate(l, s, i[s]);
    double high = low + (r->how->width - 1) * h;
    if (y[s] < low - 0.6 * h || y[s] > high + 0.6 * h)
      return false;
  }
  return window_active(r, i);
}

/* Weights of ray point k, whose window starts at i. */
static void weigh_window(const ray *r, const ptrdiff_t i[3], const double y[3],
                         int k, lmx_ball_ghost *g, lmx_window_weights w)
{
  double x[LMX_BALL_WINDOW];
  for (int s = 0; s < 3; ++s)
    g->from[k][s] = (int)i[s];
  for (int e = 0; e < r->nacross; ++e) {
    int s = r->across[e];
    for (int a = 0; a < r->how->width; ++a)
      x[a] = lmx_ball_coordinate(r->layout, s, i[s] + a);
    fit_weights(y[s], r->how->width, r->how->degree, x, w[k][e]);
  }
}

/* The points on the ray, from outside inwards; false if the ball is too
 * small for them. */
static bool follow_ray(const ray *r, ptrdiff_t start, lmx_ball_ghost *g,
                       lmx_window_weights weights)
{
  const lmx_ball_layout *l = r->layout;
  double position[LMX_RAY_POINTS] = {0.0}, w[LMX_RAY_POINTS], y[3] = {0.0};
  double v = r->v[r->along], h = 0.0, length = 0.0;
  for (int s = lmx_ball_first_slot(l); s < 3; ++s) {
    h = fmax(h, lmx_ball_axis(l, s)->h);
    length += r->v[s] * r->v[s];
  }
  double gap = 0.999 * r->how->spacing * h * fabs(v) / sqrt(length);
  ptrdiff_t i[3] = {0, 0, 0}, inwards = v > 0.0 ? -1 : 1;
  int k = 0;
  for (i[r->along] = start; k < LMX_RAY_POINTS; i[r->along] += inwards) {
    double x = lmx_ball_coordinate(l, r->along, i[r->along]);
    if (x * v <= 0.0)
      return false;
    if ((k > 0 && fabs(x - position[k - 1]) < gap) || !place_window(r, i, y))
      continue;
    weigh_window(r, i, y, k, g, weights);
    position[k++] = x;
  }
  lmx_fornberg(v, LMX_RAY_POINTS, position, 0, w);
  for (k = 0; k < LMX_RAY_POINTS; ++k)
    for (int a = 0; a < r->how->width; ++a)
      weights[k][0][a] *= w[k];
  return true;
}

bool lmx_ball_near_ghost(const lmx_ball_layout *l, const ptrdiff_t i[3],
                         lmx_ball_ghost *g, lmx_window_weights weights)
{
  bool three = l->grid->naxes == 3;
  const recipe *recipes = three ? recipes_3 : recipes_2;
  int count = three ? 2 : 3;
  ray r = {.layout = l, .along = lmx_ball_first_slot(l), .across = {-1, -1}};
  for (int s = lmx_ball_first_slot(l); s < 3; ++s) {
    r.v[s] = lmx_ball_coordinate(l, s, i[s]);
    if (fabs(r.v[s]) > fabs(r.v[r.along]))
      r.along = s;
  }
  for (int s = lmx_ball_first_slot(l); s < 3; ++s)
    if (s != r.along)
      r.across[r.nacross++] = s;
  for (int k = 0; k < count; ++k) {
    r.how = &recipes[k];
    *g = (lmx_ball_ghost){.at = {(int)i[0], (int)i[1], (int)i[2]},
                          .across = {r.across[0], r.across[1]},
                          .width = r.how->width};
    if (follow_ray(&r, i[r.along], g, weights))
      return true;
  }
  return false;
}

size_t lmx_ball_weights(const lmx_ball_layout *l)
{
  return l->grid->naxes == 3 ? (size_t)(LMX_RAY_POINTS * 2 * recipes_3[0].width)
                             : (size_t)(LMX_RAY_POINTS * recipes_2[0].width);
}
