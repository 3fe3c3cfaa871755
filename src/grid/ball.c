/* The ball |v| <= L of a tensor grid and the values beyond it. */
#include "grid/ball.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_linalg.h>
#include <gsl/gsl_math.h>

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

static int first_slot(const lmx_ball_layout *l)
{
  return 3 - l->grid->naxes;
}

static const lmx_axis *axis_of(const lmx_ball_layout *l, int s)
{
  return &l->grid->axis[s - first_slot(l)];
}

static double coordinate(const lmx_ball_layout *l, int s, ptrdiff_t i)
{
  if (s < first_slot(l))
    return 0.0;
  const lmx_axis *axis = axis_of(l, s);
  double centre =
      axis->kind == LMX_AXIS_FULL ? 0.5 * (double)axis->points : 0.0;
  return ((double)i + 0.5 - centre) * axis->h;
}

static bool mirrored(const lmx_ball_layout *l, int s)
{
  return s >= first_slot(l) && axis_of(l, s)->kind != LMX_AXIS_FULL;
}

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
  for (int s = first_slot(l); s < 3; ++s) {
    ptrdiff_t low = mirrored(l, s) ? -(ptrdiff_t)l->pad[s] : 0;
    if (i[s] < low || i[s] >= (ptrdiff_t)l->n[s])
      return false;
    double x = coordinate(l, s, i[s]);
    r2 += x * x;
  }
  return r2 <= square_of_radius(l->grid);
}

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

/* Building one ghost. */
typedef double window_weights[LMX_RAY_POINTS][2][LMX_BALL_WINDOW];

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
    double low = coordinate(r->layout, s, i[s]);
    double high = coordinate(r->layout, s, i[s] + r->how->width - 1);
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
  double part = coordinate(l, r->along, i[r->along]) / r->v[r->along];
  for (int e = 0; e < r->nacross; ++e) {
    int s = r->across[e];
    y[s] = r->v[s] * part;
    i[s] = (ptrdiff_t)floor((y[s] - coordinate(l, s, 0)) / axis_of(l, s)->h) -
           (r->how->width / 2 - 1);
    if (mirrored(l, s) && i[s] < -(ptrdiff_t)l->pad[s])
      i[s] = -(ptrdiff_t)l->pad[s];
  }
  for (int tries = 0; tries < r->how->width && !window_active(r, i); ++tries)
    shift_inwards(r, i);
  for (int e = 0; e < r->nacross; ++e) {
    int s = r->across[e];
    double h = axis_of(l, s)->h, low = coordinate(l, s, i[s]);
    double high = low + (r->how->width - 1) * h;
    if (y[s] < low - 0.6 * h || y[s] > high + 0.6 * h)
      return false;
  }
  return window_active(r, i);
}

/* Weights of ray point k, whose window starts at i. */
static void weigh_window(const ray *r, const ptrdiff_t i[3], const double y[3],
                         int k, lmx_ball_ghost *g, window_weights w)
{
  double x[LMX_BALL_WINDOW];
  for (int s = 0; s < 3; ++s)
    g->from[k][s] = (int)i[s];
  for (int e = 0; e < r->nacross; ++e) {
    int s = r->across[e];
    for (int a = 0; a < r->how->width; ++a)
      x[a] = coordinate(r->layout, s, i[s] + a);
    fit_weights(y[s], r->how->width, r->how->degree, x, w[k][e]);
  }
}

/* The points on the ray, from outside inwards; false if the ball is too
 * small for them. */
static bool follow_ray(const ray *r, ptrdiff_t start, lmx_ball_ghost *g,
                       window_weights weights)
{
  const lmx_ball_layout *l = r->layout;
  double position[LMX_RAY_POINTS] = {0.0}, w[LMX_RAY_POINTS], y[3] = {0.0};
  double v = r->v[r->along], h = 0.0, length = 0.0;
  for (int s = first_slot(l); s < 3; ++s) {
    h = fmax(h, axis_of(l, s)->h);
    length += r->v[s] * r->v[s];
  }
  double gap = 0.999 * r->how->spacing * h * fabs(v) / sqrt(length);
  ptrdiff_t i[3] = {0, 0, 0}, inwards = v > 0.0 ? -1 : 1;
  int k = 0;
  for (i[r->along] = start; k < LMX_RAY_POINTS; i[r->along] += inwards) {
    double x = coordinate(l, r->along, i[r->along]);
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

static bool make_ghost(const lmx_ball_layout *l, const ptrdiff_t i[3],
                       lmx_ball_ghost *g, window_weights weights)
{
  bool three = l->grid->naxes == 3;
  const recipe *recipes = three ? recipes_3 : recipes_2;
  int count = three ? 2 : 3;
  ray r = {.layout = l, .along = first_slot(l), .across = {-1, -1}};
  for (int s = first_slot(l); s < 3; ++s) {
    r.v[s] = coordinate(l, s, i[s]);
    if (fabs(r.v[s]) > fabs(r.v[r.along]))
      r.along = s;
  }
  for (int s = first_slot(l); s < 3; ++s)
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

/* Marks what differences and mixed differences at active node i read: squares
 * in each pair of slots. */
static void mark(const lmx_ball_layout *l, const ptrdiff_t i[3], bool *needed)
{
  for (int a = first_slot(l); a < 3; ++a)
    for (int b = a + 1; b < 3; ++b) {
      ptrdiff_t ra = (ptrdiff_t)l->pad[a], rb = (ptrdiff_t)l->pad[b];
      for (ptrdiff_t p = -ra; p <= ra; ++p)
        for (ptrdiff_t q = -rb; q <= rb; ++q) {
          ptrdiff_t at[3] = {i[0], i[1], i[2]};
          at[a] += p;
          at[b] += q;
          needed[offset(l, at)] = true;
        }
    }
}

/* Whether a corner of those squares is beyond the ball. */
static bool next_to_edge(const lmx_ball_layout *l, const ptrdiff_t i[3])
{
  for (int a = first_slot(l); a < 3; ++a)
    for (int b = a + 1; b < 3; ++b) {
      ptrdiff_t at[3] = {i[0], i[1], i[2]};
      for (int s = a; s <= b; s += b - a) {
        ptrdiff_t pad = (ptrdiff_t)l->pad[s];
        at[s] += coordinate(l, s, i[s]) > 0.0 ? pad : -pad;
      }
      if (!lmx_ball_active(l, at))
        return true;
    }
  return false;
}

/* The ghosts of one octant of the full axes; nodes of the others from 0. */
static ptrdiff_t low_end(const lmx_ball_layout *l, int s)
{
  bool full = s >= first_slot(l) && !mirrored(l, s);
  return full ? (ptrdiff_t)l->n[s] / 2 : 0;
}

/* Doubles that the weights of a ghost take. */
static size_t weights_of(const lmx_ball_layout *l)
{
  return l->grid->naxes == 3 ? (size_t)(LMX_RAY_POINTS * 2 * recipes_3[0].width)
                             : (size_t)(LMX_RAY_POINTS * recipes_2[0].width);
}

static bool add_ghost(const lmx_ball_layout *l, const ptrdiff_t i[3],
                      lmx_ball *out)
{
  window_weights w;
  lmx_ball_ghost *g = &out->ghost[out->count];
  int slots = l->grid->naxes - 1;
  if (!make_ghost(l, i, g, w))
    return false;
  g->weight = out->count * weights_of(l);
  double *to = out->weight + g->weight;
  for (int k = 0; k < LMX_RAY_POINTS; ++k)
    for (int e = 0; e < slots; ++e, to += g->width)
      memcpy(to, w[k][e], (size_t)g->width * sizeof *to);
  ++out->count;
  return true;
}

/* Counts the nodes that are needed and not active and, unless out is NULL,
 * makes their ghosts. */
static bool list(const lmx_ball_layout *l, const bool *needed, size_t *count,
                 lmx_ball *out)
{
  ptrdiff_t i[3], high[3];
  for (int s = 0; s < 3; ++s)
    high[s] = (ptrdiff_t)(l->n[s] + l->pad[s]);
  for (i[0] = low_end(l, 0); i[0] < high[0]; ++i[0])
    for (i[1] = low_end(l, 1); i[1] < high[1]; ++i[1])
      for (i[2] = low_end(l, 2); i[2] < high[2]; ++i[2]) {
        if (!needed[offset(l, i)] || lmx_ball_active(l, i))
          continue;
        if (out != NULL && !add_ghost(l, i, out))
          return false;
        ++*count;
      }
  return true;
}

/* Mirror images: index i becomes n - 1 - i in the flipped slots. */
static void place_images(const lmx_ball_layout *l, lmx_ball *out)
{
  out->images = 0;
  for (int flips = 0; flips < 8; ++flips) {
    bool possible = true;
    for (int s = 0; s < 3; ++s)
      if (flips >> s & 1 && (s < first_slot(l) || mirrored(l, s)))
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

static lmx_status make_list(lmx_context *context, const lmx_ball_layout *l,
                            const bool *needed, lmx_ball *out)
{
  size_t count = 0;
  (void)list(l, needed, &count, NULL);
  LMX_TRY(LMX_NEW_ARRAY(context, count, &out->ghost));
  LMX_TRY(LMX_NEW_ARRAY(context, count * weights_of(l), &out->weight));
  if (list(l, needed, &count, out))
    return LMX_OK;
  return lmx_fail(context, LMX_ERR_CASE,
                  "grid.points: too few to continue log f beyond the ball; "
                  "take more");
}

static lmx_status make_ball(lmx_context *context, const lmx_ball_layout *l,
                            lmx_ball *out)
{
  bool *needed;
  ptrdiff_t i[3];
  LMX_TRY(LMX_NEW_ARRAY(context, l->size, &needed));
  for (i[0] = 0; i[0] < (ptrdiff_t)l->n[0]; ++i[0])
    for (i[1] = 0; i[1] < (ptrdiff_t)l->n[1]; ++i[1])
      for (i[2] = 0; i[2] < (ptrdiff_t)l->n[2]; ++i[2])
        if (lmx_ball_active(l, i) && next_to_edge(l, i))
          mark(l, i, needed);
  place_images(l, out);
  lmx_status status = make_list(context, l, needed, out);
  lmx_free(needed);
  return status;
}

static void destroy_ball(lmx_ball **ball)
{
  if (*ball == NULL)
    return;
  lmx_free((*ball)->ghost);
  lmx_free((*ball)->weight);
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
