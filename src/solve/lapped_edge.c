/* Windows at outer edges: Fourier along the edge, the true rows of the
 * differences across it. Per Fourier mode (s_f: symbols of the first
 * derivative over i, f the Fourier slots; D_s, D2_s: matrices of the dense
 * slots) the system is
 *   1 - gamma reaction - gamma sum_s (a_s D2_s + b_s D_s)
 *     + 2 gamma sum_{s < s'} v_s v_s' D_s D_s'
 *     + gamma sum_f a_f (-s2_f) - 2 gamma sum_{f < f'} v_f v_f' s_f s_f'
 *     + i (2 gamma (sum_f v_f s_f) K - gamma sum_f b_f s_f),
 *   K = sum_s v_s D_s,
 * with coefficients of the row's own node in the dense slots. */
#include <math.h>
#include <string.h>

#include "core/simd.h"
#include "solve/lapped_internal.h"

size_t lmx_lapped_edge_size(const lapped_shape *shape)
{
  size_t M = shape->unknowns;
  return shape->forward != NULL ? 2 * M * M * shape->mode_count : M * M;
}

size_t lmx_lapped_edge_work(const lapped_shape *shape)
{
  size_t M = shape->unknowns;
  return 4 * M * M + 9 * M;
}

typedef struct edge_work {
  double *base, *K, *re, *im; /* [M][M] */
  lapped_coefficients *row;   /* [M] */
} edge_work;

static edge_work split(double *work, size_t M)
{
  return (edge_work){work, work + M * M, work + 2 * M * M, work + 3 * M * M,
                     (lapped_coefficients *)(work + 4 * M * M)};
}

/* row -= factor pivot_row for both parts; real systems pass im = NULL. */
LMX_KERNEL
static void eliminate_real(size_t M, double f, const double *restrict pivot,
                           double *restrict row)
{
#pragma omp simd
  for (size_t j = 0; j < M; ++j)
    row[j] -= f * pivot[j];
}

LMX_KERNEL
static void eliminate(size_t M, double fr, double fi, const double *restrict pr,
                      const double *restrict pi, double *restrict re,
                      double *restrict im)
{
#pragma omp simd
  for (size_t j = 0; j < M; ++j) {
    re[j] -= fr * pr[j] - fi * pi[j];
    im[j] -= fr * pi[j] + fi * pr[j];
  }
}

static void swap_rows(double *m, size_t M, size_t i, size_t j)
{
  if (m == NULL || i == j)
    return;
  for (size_t k = 0; k < M; ++k) {
    double t = m[i * M + k];
    m[i * M + k] = m[j * M + k];
    m[j * M + k] = t;
  }
}

static size_t largest_in_column(const double *re, const double *im, size_t M,
                                size_t p)
{
  size_t best = p;
  double top = -1.0;
  for (size_t i = p; i < M; ++i) {
    double x = re[i * M + p], y = im != NULL ? im[i * M + p] : 0.0;
    if (x * x + y * y > top) {
      top = x * x + y * y;
      best = i;
    }
  }
  return best;
}

/* Scales the pivot row by the inverse of its pivot (fr, fi), whose place
 * takes the inverse. */
static void scale_row(double *re, double *im, size_t M, size_t p)
{
  double x = re[p], y = im != NULL ? im[p] : 0.0, s = 1.0 / (x * x + y * y);
  double fr = x * s, fi = -y * s;
  re[p] = 1.0;
  if (im != NULL)
    im[p] = 0.0;
  for (size_t j = 0; j < M; ++j) {
    double a = re[j], b = im != NULL ? im[j] : 0.0;
    re[j] = a * fr - b * fi;
    if (im != NULL)
      im[j] = a * fi + b * fr;
  }
}

/* Gauss-Jordan inversion in place, rows pivoted; im is NULL for a real
 * matrix. The systems are I - gamma J with J's spectrum to the left. */
static void invert(double *re, double *im, size_t M, size_t *pivot)
{
  for (size_t p = 0; p < M; ++p) {
    pivot[p] = largest_in_column(re, im, M, p);
    swap_rows(re, M, p, pivot[p]);
    swap_rows(im, M, p, pivot[p]);
    double *pr = re + p * M, *pi = im != NULL ? im + p * M : NULL;
    scale_row(pr, pi, M, p);
    for (size_t i = 0; i < M; ++i) {
      if (i == p)
        continue;
      double fr = re[i * M + p], fi = im != NULL ? im[i * M + p] : 0.0;
      re[i * M + p] = 0.0;
      if (im == NULL) {
        eliminate_real(M, fr, pr, re + i * M);
        continue;
      }
      im[i * M + p] = 0.0;
      eliminate(M, fr, fi, pr, pi, re + i * M, im + i * M);
    }
  }
}

/* Undoes the row exchanges on the columns, multiplies by `scale` and stores
 * column by column. */
static void store_columns(const double *m, size_t M, const size_t *pivot,
                          double scale, double *row, size_t stride, double *out)
{
  for (size_t i = 0; i < M; ++i) {
    memcpy(row, m + i * M, M * sizeof *row);
    for (size_t p = M; p-- > 0;) {
      double t = row[p];
      row[p] = row[pivot[p]];
      row[pivot[p]] = t;
    }
    for (size_t j = 0; j < M; ++j)
      out[j * stride + i] = scale * row[j];
  }
}

/* Position of unknown u in the dense slots; 0 elsewhere. */
static void unravel(const lapped_box *box, size_t u, size_t k[3])
{
  for (int s = 2; s >= 0; --s) {
    size_t length = box->w[s]->dense ? box->w[s]->length : 1;
    k[s] = u % length;
    u /= length;
  }
}

static void row_coefficients(const lmx_lapped *p, const lapped_box *box,
                             double t, const double *const b[LMX_MAX_AXES],
                             const size_t k[3], lapped_point *at,
                             lapped_coefficients *out)
{
  int first = 3 - p->grid->naxes;
  *at = (lapped_point){{0.0}, {false}, 0};
  for (int s = first; s < 3; ++s) {
    const lapped_window *w = box->w[s];
    const lmx_axis *axis = &p->grid->axis[s - first];
    size_t node = w->dense ? w->index[k[s]] : w->node;
    at->v[s] = w->dense ? axis->nodes[node] : w->v;
    at->centred[s] = w->centred;
    at->node = at->node * axis->points + node;
  }
  lmx_lapped_freeze(p, at, t, b, out);
}

/* Adds the row of unknown u to base and K. */
static void assemble_row(const lmx_lapped *p, const lapped_box *box, size_t u,
                         const size_t k[3], const lapped_point *at,
                         const lapped_coefficients *c, double *base, double *K)
{
  const lapped_shape *shape = &p->shape[box->dense];
  double g = p->gamma;
  base[u] += 1.0 - g * p->reaction;
  for (int s = 0; s < 3; ++s) {
    const lapped_window *w = box->w[s];
    if (!w->dense)
      continue;
    const double *d1 = w->first + k[s] * w->length;
    const double *d2 = w->second + k[s] * w->length;
    size_t origin = u - k[s] * shape->stride[s];
    for (size_t j = 0; j < w->length; ++j) {
      size_t col = origin + j * shape->stride[s];
      base[col] -= g * (c->a[s] * d2[j] + c->b[s] * d1[j]);
      K[col] += at->v[s] * d1[j];
    }
    for (int q = 0; q < s; ++q) {
      const lapped_window *x = box->w[q];
      if (!x->dense)
        continue;
      const double *e1 = x->first + k[q] * x->length;
      size_t corner = origin - k[q] * shape->stride[q];
      double f = -g * c->mixed[q + s - 1];
      for (size_t i = 0; i < x->length; ++i)
        for (size_t j = 0; j < w->length; ++j)
          base[corner + i * shape->stride[q] + j * shape->stride[s]] +=
              f * e1[i] * d1[j];
    }
  }
}

static void assemble(lmx_lapped *p, const lapped_box *box, double t,
                     const double *const b[LMX_MAX_AXES], const edge_work *w)
{
  size_t M = p->shape[box->dense].unknowns;
  memset(w->base, 0, 2 * M * M * sizeof *w->base); /* base and K */
  for (size_t u = 0; u < M; ++u) {
    lapped_point at;
    size_t k[3];
    unravel(box, u, k);
    row_coefficients(p, box, t, b, k, &at, &w->row[u]);
    assemble_row(p, box, u, k, &at, &w->row[u], w->base + u * M, w->K + u * M);
  }
}

/* The system of Fourier mode k from the parts that all modes share. */
static void add_mode(const lmx_lapped *p, const lapped_box *box,
                     const size_t k[3], const edge_work *w)
{
  size_t M = p->shape[box->dense].unknowns;
  double s1[3] = {0}, s2[3] = {0}, slope = 0.0, g = p->gamma;
  for (int s = 0; s < 3; ++s)
    if (!box->w[s]->dense) {
      s1[s] = p->axis[s].first[k[s]];
      s2[s] = p->axis[s].second[k[s]];
      slope += 2.0 * g * box->w[s]->v * s1[s];
    }
  memcpy(w->re, w->base, M * M * sizeof *w->re);
  for (size_t i = 0; i < M * M; ++i)
    w->im[i] = slope * w->K[i];
  for (size_t u = 0; u < M; ++u) {
    const lapped_coefficients *c = &w->row[u];
    double real = c->mixed[0] * s1[0] * s1[1] + c->mixed[1] * s1[0] * s1[2] +
                  c->mixed[2] * s1[1] * s1[2];
    double imaginary = 0.0;
    for (int s = 0; s < 3; ++s) {
      real += c->a[s] * s2[s];
      imaginary -= c->b[s] * s1[s];
    }
    w->re[u * (M + 1)] += g * real;
    w->im[u * (M + 1)] += g * imaginary;
  }
}

void lmx_lapped_edge_setup(lmx_lapped *p, lapped_box *box, double t,
                           const double *const b[LMX_MAX_AXES])
{
  const lapped_shape *shape = &p->shape[box->dense];
  size_t M = shape->unknowns, k[3];
  edge_work w = split(p->work, M);
  assemble(p, box, t, b, &w);
  if (shape->forward == NULL) {
    invert(w.base, NULL, M, p->pivot);
    store_columns(w.base, M, p->pivot, 1.0, w.K, M, box->inverse);
    return;
  }
  double *out = box->inverse, scale = shape->scale;
  for (k[0] = 0; k[0] < shape->modes[0]; ++k[0])
    for (k[1] = 0; k[1] < shape->modes[1]; ++k[1])
      for (k[2] = 0; k[2] < shape->modes[2]; ++k[2], out += 2 * M * M) {
        add_mode(p, box, k, &w);
        invert(w.re, w.im, M, p->pivot);
        store_columns(w.re, M, p->pivot, scale, p->row, 2 * M, out);
        store_columns(w.im, M, p->pivot, scale, p->row, 2 * M, out + M);
      }
}

/* y (both parts, [2 M]) = inverse x, x interleaved. */
LMX_KERNEL
static void times_complex(const double *restrict inverse, size_t M,
                          const double *restrict x, double *restrict y)
{
  double *yr = y, *yi = y + M;
  memset(y, 0, 2 * M * sizeof *y);
  for (size_t c = 0; c < M; ++c, inverse += 2 * M) {
    double a = x[2 * c], b = x[2 * c + 1];
#pragma omp simd
    for (size_t i = 0; i < M; ++i) {
      yr[i] += inverse[i] * a - inverse[M + i] * b;
      yi[i] += inverse[i] * b + inverse[M + i] * a;
    }
  }
}

LMX_KERNEL
static void times_real(const double *restrict inverse, size_t M,
                       const double *restrict x, double *restrict y)
{
  memset(y, 0, M * sizeof *y);
  for (size_t c = 0; c < M; ++c, inverse += M) {
    double a = x[c];
#pragma omp simd
    for (size_t i = 0; i < M; ++i)
      y[i] += inverse[i] * a;
  }
}

void lmx_lapped_edge_apply(lmx_lapped *p, const lapped_box *box)
{
  const lapped_shape *shape = &p->shape[box->dense];
  size_t M = shape->unknowns;
  double *y = p->row;
  if (shape->forward == NULL) {
    times_real(box->inverse, M, p->tile, y);
    memcpy(p->tile, y, M * sizeof *y);
    return;
  }
  for (size_t mode = 0; mode < shape->mode_count; ++mode) {
    double *x = (double *)(p->hat + mode * M);
    times_complex(box->inverse + 2 * M * M * mode, M, x, y);
    for (size_t i = 0; i < M; ++i) {
      x[2 * i] = y[i];
      x[2 * i + 1] = y[M + i];
    }
  }
}
