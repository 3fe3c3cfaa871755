/* Lapped Fourier preconditioner. */
#include "solve/lapped.h"

#include <math.h>
#include <string.h>

#include <fftw3.h>

#include "core/simd.h"

/* Side of the windows in velocity units; measured to be flat around 2. */
static const double window_side = 2.0;

enum { LEAST_WINDOW = 8, LARGEST_WINDOW = 64 };

/* One slot; the axes of a grid are right-aligned in three slots, the unused
 * ones have one node and one window of one node. */
typedef struct lapped_axis {
  size_t n;       /* nodes */
  size_t m;       /* window length, even (1: unused slot) */
  size_t count;   /* windows, centred at multiples of m / 2 */
  size_t modes;   /* m, or m / 2 + 1 on the last axis */
  double *window; /* [m] */
  size_t *index;  /* [(count + 1) m / 2] nodes, reflected at the origin */
  double *mask;   /* [(count + 1) m / 2] 0 beyond outer edges, else 1 */
  double *first;  /* [modes] symbol of the first derivative, over i */
  double *second; /* [modes] minus the symbol of the second derivative */
} lapped_axis;

/* Frozen coefficients of one window: lambda(k) = -sum a_ab s_a s_b + i b.s */
typedef struct frozen {
  double a[3], mixed[3], b[3]; /* mixed: 01, 02, 12 */
} frozen;

struct lmx_lapped {
  const lmx_model *model;
  const lmx_grid *grid;
  lapped_axis axis[3];
  size_t windows;
  frozen *coefficients; /* [windows] */
  double gamma, reaction;
  double *tile; /* [m m m] */
  fftw_complex *hat;
  fftw_plan forward, backward;
};

static size_t window_length(double h)
{
  size_t m = LEAST_WINDOW;
  while (m < LARGEST_WINDOW && (double)m * h < 0.7 * window_side)
    m *= 2;
  return m;
}

/* Node at position i >= -m / 2 of an axis: reflected at a mirrored or radial
 * origin, 0 outside (masked). */
static size_t position(const lmx_axis *axis, ptrdiff_t i, double *mask)
{
  ptrdiff_t n = (ptrdiff_t)axis->points;
  if (i < 0 && axis->kind != LMX_AXIS_FULL)
    i = -1 - i;
  *mask = i >= 0 && i < n ? 1.0 : 0.0;
  return *mask > 0.0 ? (size_t)i : 0;
}

/* Symbols of the differences of the grid's order, Nyquist included. */
static void set_symbols(const lmx_grid *grid, double h, lapped_axis *axis)
{
  int r = grid->order / 2;
  double c1[LMX_MAX_ORDER / 2], c2[LMX_MAX_ORDER / 2 + 1];
  lmx_stencil_first(grid->order, c1);
  lmx_stencil_second(grid->order, c2);
  for (size_t k = 0; k < axis->modes; ++k) {
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

static lmx_status make_axis(lmx_context *context, const lmx_grid *grid, int a,
                            lapped_axis *axis)
{
  const lmx_axis *g = a >= 0 ? &grid->axis[a] : NULL;
  axis->n = g != NULL ? g->points : 1;
  axis->m = g != NULL ? window_length(g->h) : 1;
  size_t half = axis->m / 2;
  axis->count = g != NULL ? (axis->n + half - 1) / half + 1 : 1;
  axis->modes = a == grid->naxes - 1 ? half + 1 : axis->m;
  size_t length = g != NULL ? (axis->count + 1) * half : 1;
  LMX_TRY(LMX_NEW_ARRAY(context, axis->m, &axis->window));
  LMX_TRY(LMX_NEW_ARRAY(context, length, &axis->index));
  LMX_TRY(LMX_NEW_ARRAY(context, length, &axis->mask));
  LMX_TRY(LMX_NEW_ARRAY(context, axis->modes, &axis->first));
  LMX_TRY(LMX_NEW_ARRAY(context, axis->modes, &axis->second));
  for (size_t i = 0; i < axis->m; ++i)
    axis->window[i] =
        g != NULL ? sin(M_PI * ((double)i + 0.5) / (double)axis->m) : 1.0;
  axis->mask[0] = 1.0;
  for (size_t i = 0; g != NULL && i < length; ++i)
    axis->index[i] =
        position(g, (ptrdiff_t)i - (ptrdiff_t)half, &axis->mask[i]);
  if (g != NULL)
    set_symbols(grid, g->h, axis);
  return LMX_OK;
}

static lmx_status allocate(lmx_context *context, lmx_lapped *p)
{
  int first = 3 - p->grid->naxes, m[3];
  size_t tile = 1, modes = 1;
  p->windows = 1;
  for (int s = 0; s < 3; ++s) {
    LMX_TRY(make_axis(context, p->grid, s - first, &p->axis[s]));
    p->windows *= p->axis[s].count;
    tile *= p->axis[s].m;
    modes *= p->axis[s].modes;
    m[s] = (int)p->axis[s].m;
  }
  LMX_TRY(LMX_NEW_ARRAY(context, p->windows, &p->coefficients));
  LMX_TRY(LMX_NEW_ARRAY(context, tile, &p->tile));
  LMX_TRY(LMX_NEW_ARRAY(context, modes, &p->hat));
  p->forward = fftw_plan_dft_r2c(p->grid->naxes, m + first, p->tile, p->hat,
                                 FFTW_ESTIMATE);
  p->backward = fftw_plan_dft_c2r(p->grid->naxes, m + first, p->hat, p->tile,
                                  FFTW_ESTIMATE);
  if (p->forward == NULL || p->backward == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "FFTW cannot plan");
  return LMX_OK;
}

lmx_status lmx_lapped_create(lmx_context *context, const lmx_model *model,
                             const lmx_grid *grid, lmx_lapped **out)
{
  lmx_lapped *p;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &p));
  p->model = model;
  p->grid = grid;
  lmx_status status = allocate(context, p);
  if (status != LMX_OK) {
    lmx_lapped_destroy(&p);
    return status;
  }
  *out = p;
  return LMX_OK;
}

void lmx_lapped_destroy(lmx_lapped **lapped)
{
  if (lapped == NULL || *lapped == NULL)
    return;
  lmx_lapped *p = *lapped;
  if (p->forward != NULL)
    fftw_destroy_plan(p->forward);
  if (p->backward != NULL)
    fftw_destroy_plan(p->backward);
  for (int s = 0; s < 3; ++s) {
    lmx_free(p->axis[s].window);
    lmx_free(p->axis[s].index);
    lmx_free(p->axis[s].mask);
    lmx_free(p->axis[s].first);
    lmx_free(p->axis[s].second);
  }
  lmx_free(p->coefficients);
  lmx_free(p->tile);
  lmx_free(p->hat);
  lmx_free(p);
  *lapped = NULL;
}

/* Coefficients at the centre of window (j0, j1, j2). */
static void freeze(const lmx_lapped *p, const size_t j[3], double t,
                   const double *const b[LMX_MAX_AXES], frozen *out)
{
  const lmx_grid *grid = p->grid;
  int first = 3 - grid->naxes;
  double v[3] = {0, 0, 0}, r2 = 0.0;
  size_t node = 0;
  for (int s = first; s < 3; ++s) {
    const lmx_axis *axis = &grid->axis[s - first];
    size_t i = j[s] * (p->axis[s].m / 2);
    double low = axis->kind == LMX_AXIS_FULL ? -axis->half_width : 0.0;
    v[s] = fmin(low + (double)i * axis->h, axis->half_width);
    r2 += v[s] * v[s];
    node = node * axis->points + (i < axis->points ? i : axis->points - 1);
  }
  frozen f = {{0}, {0}, {0}};
  for (int s = first; s < 3; ++s) {
    const lmx_axis *axis = &grid->axis[s - first];
    f.a[s] = lmx_model_c(p->model, s - first, t) + r2 - v[s] * v[s];
    f.b[s] = b[s - first] != NULL ? b[s - first][node] : 0.0;
    if (axis->kind != LMX_AXIS_FULL && j[s] == 0)
      f.b[s] = 0.0; /* odd across the origin */
  }
  if (grid->m > 0) {
    double radial = grid->m * (lmx_model_c(p->model, grid->naxes - 1, t) + r2);
    if (j[2] == 0) /* u_rho / rho -> u_rho_rho */
      f.a[2] += radial;
    else
      f.b[2] += radial / v[2];
  }
  f.mixed[0] = -2.0 * v[0] * v[1];
  f.mixed[1] = -2.0 * v[0] * v[2];
  f.mixed[2] = -2.0 * v[1] * v[2];
  *out = f;
}

void lmx_lapped_setup(lmx_lapped *p, double t, double gamma,
                      const double *const b[LMX_MAX_AXES], double reaction)
{
  p->gamma = gamma;
  p->reaction = reaction;
  frozen *out = p->coefficients;
  size_t j[3];
  for (j[0] = 0; j[0] < p->axis[0].count; ++j[0])
    for (j[1] = 0; j[1] < p->axis[1].count; ++j[1])
      for (j[2] = 0; j[2] < p->axis[2].count; ++j[2])
        freeze(p, j, t, b, out++);
}

/* hat *= scale / (1 - gamma lambda), one row of modes along the last axis. */
LMX_KERNEL
static void divide_row(const lapped_axis *last, double real, double imaginary,
                       double slope, const frozen *f, double gamma,
                       double scale, fftw_complex *hat)
{
  double *h = (double *)hat;
#pragma omp simd
  for (size_t k = 0; k < last->modes; ++k) {
    double s = last->first[k];
    double re = real + gamma * (f->a[2] * last->second[k] + slope * s);
    double im = imaginary - gamma * f->b[2] * s;
    double w = scale / (re * re + im * im);
    double x = h[2 * k], y = h[2 * k + 1];
    h[2 * k] = w * (x * re + y * im);
    h[2 * k + 1] = w * (y * re - x * im);
  }
}

static void divide(lmx_lapped *p, const frozen *f)
{
  const lapped_axis *x = p->axis;
  double scale = 1.0 / (double)(x[0].m * x[1].m * x[2].m), g = p->gamma;
  fftw_complex *hat = p->hat;
  for (size_t i = 0; i < x[0].modes; ++i)
    for (size_t j = 0; j < x[1].modes; ++j, hat += x[2].modes) {
      double s0 = x[0].first[i], s1 = x[1].first[j];
      double real = 1.0 - g * p->reaction +
                    g * (f->a[0] * x[0].second[i] + f->a[1] * x[1].second[j] +
                         f->mixed[0] * s0 * s1);
      double imaginary = -g * (f->b[0] * s0 + f->b[1] * s1);
      double slope = f->mixed[1] * s0 + f->mixed[2] * s1;
      divide_row(&x[2], real, imaginary, slope, f, g, scale, hat);
    }
}

/* tile = X r on the window with first node offsets at (o0, o1, o2). */
static void gather(const lmx_lapped *p, const size_t o[3], const double *r)
{
  const lapped_axis *x = p->axis;
  double *tile = p->tile;
  for (size_t i = 0; i < x[0].m; ++i)
    for (size_t j = 0; j < x[1].m; ++j, tile += x[2].m) {
      double w = x[0].window[i] * x[1].window[j] * x[0].mask[o[0] + i] *
                 x[1].mask[o[1] + j];
      const double *row =
          r + (x[0].index[o[0] + i] * x[1].n + x[1].index[o[1] + j]) * x[2].n;
      for (size_t k = 0; k < x[2].m; ++k)
        tile[k] = w * x[2].window[k] * x[2].mask[o[2] + k] *
                  row[x[2].index[o[2] + k]];
    }
}

/* Range of window positions whose node lies inside the axis. */
static void inside(const lapped_axis *x, size_t o, size_t *from, size_t *to)
{
  size_t half = x->m / 2;
  *from = o < half ? half - o : 0;
  size_t end = x->n + half - o;
  *to = end < x->m ? end : x->m;
}

static void scatter(const lmx_lapped *p, const size_t o[3], double *z)
{
  const lapped_axis *x = p->axis;
  size_t from[3], to[3];
  for (int s = 0; s < 3; ++s)
    inside(&x[s], o[s], &from[s], &to[s]);
  for (size_t i = from[0]; i < to[0]; ++i)
    for (size_t j = from[1]; j < to[1]; ++j) {
      double w = x[0].window[i] * x[1].window[j];
      const double *tile = p->tile + (i * x[1].m + j) * x[2].m;
      size_t start = x[2].index[o[2] + from[2]];
      double *row =
          z + (x[0].index[o[0] + i] * x[1].n + x[1].index[o[1] + j]) * x[2].n +
          start - from[2];
      for (size_t k = from[2]; k < to[2]; ++k)
        row[k] += w * x[2].window[k] * tile[k];
    }
}

void lmx_lapped_apply(lmx_lapped *p, const double *r, double *z)
{
  const lapped_axis *x = p->axis;
  memset(z, 0, p->grid->size * sizeof *z);
  const frozen *f = p->coefficients;
  for (size_t a = 0; a < x[0].count; ++a)
    for (size_t b = 0; b < x[1].count; ++b)
      for (size_t c = 0; c < x[2].count; ++c, ++f) {
        size_t o[3] = {a * (x[0].m / 2), b * (x[1].m / 2), c * (x[2].m / 2)};
        gather(p, o, r);
        fftw_execute(p->forward);
        divide(p, f);
        fftw_execute(p->backward);
        scatter(p, o, z);
      }
}
