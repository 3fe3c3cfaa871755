/* Gauss-Jordan elimination by panels of columns: within a panel one pivot
 * after the other, in the other columns all pivots of a panel at once, as a
 * product. Most of the work is in the products. */
#include "solve/invert.h"

#include <string.h>

#include "core/simd.h"

enum { PANEL = 16 };

size_t lmx_invert_scratch(size_t n)
{
  return 2 * PANEL * (n + lmx_whole(n));
}

/* A panel: PANEL columns of one matrix, [n][PANEL] each; im may be NULL. */
typedef struct panel {
  double *re, *im;
} panel;

static void swap_rows(double *m, size_t stride, size_t i, size_t j)
{
  for (size_t k = 0; m != NULL && i != j && k < stride; ++k) {
    double t = m[i * stride + k];
    m[i * stride + k] = m[j * stride + k];
    m[j * stride + k] = t;
  }
}

/* Row at or below `first` with the largest entry in column c. */
static size_t largest_in_column(const panel *w, size_t n, size_t first,
                                size_t c)
{
  size_t best = first;
  double top = -1.0;
  for (size_t i = first; i < n; ++i) {
    double x = w->re[i * PANEL + c];
    double y = w->im != NULL ? w->im[i * PANEL + c] : 0.0;
    if (x * x + y * y > top) {
      top = x * x + y * y;
      best = i;
    }
  }
  return best;
}

/* Divides row p by its entry in column c, whose place takes the inverse. */
LMX_INLINE void scale_row(const panel *w, size_t p, size_t c)
{
  double *re = w->re + p * PANEL,
         *im = w->im != NULL ? w->im + p * PANEL : NULL;
  double x = re[c], y = im != NULL ? im[c] : 0.0, s = 1.0 / (x * x + y * y);
  double fr = x * s, fi = -y * s;
  re[c] = 1.0;
  if (im != NULL)
    im[c] = 0.0;
  for (int j = 0; j < PANEL; ++j) {
    double a = re[j], b = im != NULL ? im[j] : 0.0;
    re[j] = a * fr - b * fi;
    if (im != NULL)
      im[j] = a * fi + b * fr;
  }
}

/* Row i -= its entry in column c times row p, after that entry was set to
 * zero: `keep` is 0 there and 1 elsewhere, which spares a store. */
LMX_INLINE void eliminate(const panel *w, size_t i, size_t p, size_t c,
                          const double keep[PANEL])
{
  double *re = w->re + i * PANEL, fr = re[c];
  const double *pr = w->re + p * PANEL;
  if (w->im == NULL) {
#pragma omp simd
    for (int j = 0; j < PANEL; ++j)
      re[j] = keep[j] * re[j] - fr * pr[j];
    return;
  }
  double *im = w->im + i * PANEL, fi = im[c];
  const double *pi = w->im + p * PANEL;
#pragma omp simd
  for (int j = 0; j < PANEL; ++j) {
    re[j] = keep[j] * re[j] - (fr * pr[j] - fi * pi[j]);
    im[j] = keep[j] * im[j] - (fr * pi[j] + fi * pr[j]);
  }
}

/* Gauss-Jordan on the panel alone, which begins at column `from`; exchanges
 * whole rows of the matrix. */
LMX_KERNEL
static void reduce_panel(const lmx_matrix *m, const panel *w, size_t from,
                         size_t width, size_t *pivot)
{
  for (size_t c = 0; c < width; ++c) {
    size_t p = from + c, q = largest_in_column(w, m->n, p, c);
    pivot[p] = q;
    swap_rows(w->re, PANEL, p, q);
    swap_rows(w->im, PANEL, p, q);
    swap_rows(m->re, m->stride, p, q);
    swap_rows(m->im, m->stride, p, q);
    scale_row(w, p, c);
    double keep[PANEL];
    for (size_t j = 0; j < PANEL; ++j)
      keep[j] = j == c ? 0.0 : 1.0;
    for (size_t i = 0; i < m->n; ++i)
      if (i != p)
        eliminate(w, i, p, c, keep);
  }
}

/* Moves `width` columns to a panel and leaves zeros. */
static void take_panel(double *m, size_t n, size_t stride, size_t from,
                       size_t width, double *out)
{
  memset(out, 0, n * PANEL * sizeof *out);
  for (size_t i = 0; i < n; ++i) {
    double *row = m + i * stride + from;
    memcpy(out + i * PANEL, row, width * sizeof *row);
    memset(row, 0, width * sizeof *row);
  }
}

/* Moves the pivots' rows to out [PANEL][stride] and leaves zeros; the panel's
 * own columns become `one` times the identity. */
static void take_rows(double *m, size_t stride, size_t from, size_t width,
                      double one, double *out)
{
  memcpy(out, m + from * stride, width * stride * sizeof *m);
  memset(m + from * stride, 0, width * stride * sizeof *m);
  for (size_t k = 0; k < width; ++k)
    out[k * stride + from + k] = one;
}

/* What is left of the matrix plus the panel times the pivots' rows. */
static void reduce_rest(const lmx_matrix *m, const panel *w, size_t from,
                        size_t width, double *rows)
{
  size_t n = m->n, stride = m->stride;
  lmx_factor re = {w->re, PANEL, 1}, im = {w->im, PANEL, 1};
  double *rows_im = rows + PANEL * stride;
  take_rows(m->re, stride, from, width, 1.0, rows);
  lmx_multiply_add(re, n, width, rows, stride, m->re);
  if (m->im == NULL)
    return;
  take_rows(m->im, stride, from, width, 0.0, rows_im);
  lmx_multiply_add(re, n, width, rows_im, stride, m->im);
  lmx_multiply_add(im, n, width, rows, stride, m->im);
  for (size_t k = 0; k < width * stride; ++k)
    rows_im[k] = -rows_im[k];
  lmx_multiply_add(im, n, width, rows_im, stride, m->re);
}

void lmx_invert(const lmx_matrix *m, size_t *pivot, double *scratch)
{
  size_t n = m->n;
  panel w = {scratch, m->im != NULL ? scratch + PANEL * n : NULL};
  for (size_t from = 0; from < n; from += PANEL) {
    size_t width = from + PANEL < n ? PANEL : n - from;
    take_panel(m->re, n, m->stride, from, width, w.re);
    if (m->im != NULL)
      take_panel(m->im, n, m->stride, from, width, w.im);
    reduce_panel(m, &w, from, width, pivot);
    reduce_rest(m, &w, from, width, scratch + 2 * PANEL * n);
  }
}
