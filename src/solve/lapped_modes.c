/* Transforms of the windows: products with small matrices, one slot after the
 * other. On windows so short they take less time than fast transforms, and
 * weights, reflections and missing nodes cost nothing. */
#include <string.h>

#include "core/simd.h"
#include "solve/lapped_internal.h"
#include "solve/products.h"

static void swap_tiles(lmx_lapped *p)
{
  double *t = p->tile;
  p->tile = p->other;
  p->other = t;
}

/* Multiplies the tile, [outer][length][inner], along its middle by the
 * matrix, [length][padded] (forward) or [modes][padded] (backward). */
static void transform(lmx_lapped *p, const lapped_window *w, bool forward,
                      size_t outer, size_t inner)
{
  size_t from = forward ? w->length : w->modes;
  size_t to = forward ? w->modes : w->length;
  if (w->dense) {
    for (size_t i = 0; i < outer * from; ++i)
      for (size_t k = 0; k < inner; ++k)
        p->tile[i * inner + k] *= w->weight[i % from];
    return;
  }
  lmx_factor f = {forward ? w->forward : w->backward, 1, w->padded};
  for (size_t i = 0; i < outer; ++i)
    lmx_multiply(f, to, from, p->tile + i * from * inner, inner,
                 p->other + i * to * inner);
  swap_tiles(p);
}

LMX_KERNEL
static void weigh(const double *weight, const double *x, size_t n, double *out)
{
#pragma omp simd
  for (size_t k = 0; k < n; ++k)
    out[k] = weight[k] * x[k];
}

LMX_KERNEL
static void add(const double *restrict x, size_t n, double *restrict out)
{
#pragma omp simd
  for (size_t k = 0; k < n; ++k)
    out[k] += x[k];
}

/* Real and imaginary parts of the sums over exp(+- i theta x) from products of
 * cosines and sines in the slots s and `paired`: strides to the sines are ds
 * and dp. */
LMX_INLINE void join(double *x, size_t ds, size_t dp, size_t n)
{
#pragma omp simd
  for (size_t k = 0; k < n; ++k) {
    double cc = x[k], sc = x[k + ds], cs = x[k + dp], ss = x[k + ds + dp];
    x[k] = cc - ss;
    x[k + dp] = sc + cs;
    x[k + ds] = cc + ss;
    x[k + ds + dp] = cs - sc;
  }
}

LMX_INLINE void part(double *x, size_t ds, size_t dp, size_t n)
{
#pragma omp simd
  for (size_t k = 0; k < n; ++k) {
    double re = x[k], im = x[k + dp], re_ = x[k + ds], im_ = x[k + ds + dp];
    x[k] = 0.5 * (re + re_);
    x[k + ds + dp] = 0.5 * (re_ - re);
    x[k + dp] = 0.5 * (im + im_);
    x[k + ds] = 0.5 * (im - im_);
  }
}

/* Joins or parts slot s and the paired one. */
LMX_KERNEL
static void pair(double *tile, const lapped_box *box, int s, bool forward)
{
  size_t n[3];
  for (int q = 0; q < 3; ++q)
    n[q] = box->w[q]->modes / (q == s || q == box->paired ? 2 : 1);
  size_t ds = n[s] * box->stride[s],
         dp = n[box->paired] * box->stride[box->paired];
  for (size_t i = 0; i < n[0]; ++i)
    for (size_t j = 0; j < n[1]; ++j) {
      double *x = tile + i * box->stride[0] + j * box->stride[1];
      if (forward)
        join(x, ds, dp, n[2]);
      else
        part(x, ds, dp, n[2]);
    }
}

static void pair_all(const lmx_lapped *p, const lapped_box *box, bool forward)
{
  for (int s = 3 - p->grid->naxes; s < box->paired; ++s)
    if (!box->w[s]->dense)
      pair(p->tile, box, s, forward);
}

void lmx_lapped_to_modes(lmx_lapped *p, const lapped_box *box, const double *r)
{
  const lapped_window *const *w = box->w;
  size_t n1 = p->axis[1].n, n2 = p->axis[2].n, row = w[2]->padded;
  for (size_t i = 0; i < w[0]->length; ++i) {
    const double *from =
        r + ((w[0]->start + i) * n1 + w[1]->start) * n2 + w[2]->start;
    double *to = p->tile + i * w[1]->length * row;
    if (!w[2]->dense) {
      lmx_factor f = {from, n2, 1};
      lmx_multiply(f, w[1]->length, w[2]->length, w[2]->forward, row, to);
      continue;
    }
    for (size_t j = 0; j < w[1]->length; ++j, to += row)
      weigh(w[2]->weight, from + j * n2, w[2]->length, to);
  }
  if (p->grid->naxes >= 2)
    transform(p, w[1], true, w[0]->length, row);
  if (p->grid->naxes == 3)
    transform(p, w[0], true, 1, w[1]->modes * row);
  pair_all(p, box, true);
}

void lmx_lapped_from_modes(lmx_lapped *p, const lapped_box *box, double *z)
{
  const lapped_window *const *w = box->w;
  size_t n1 = p->axis[1].n, n2 = p->axis[2].n, row = w[2]->padded;
  pair_all(p, box, false);
  if (p->grid->naxes == 3)
    transform(p, w[0], false, 1, w[1]->modes * row);
  if (p->grid->naxes >= 2)
    transform(p, w[1], false, w[0]->length, row);
  if (!w[2]->dense) {
    lmx_factor f = {p->tile, row, 1};
    lmx_multiply(f, w[0]->length * w[1]->length, w[2]->modes, w[2]->backward,
                 row, p->other);
    swap_tiles(p);
  } else
    for (size_t i = 0; i < w[0]->length * w[1]->length; ++i)
      weigh(w[2]->weight, p->tile + i * row, w[2]->length, p->tile + i * row);
  for (size_t i = 0; i < w[0]->length; ++i)
    for (size_t j = 0; j < w[1]->length; ++j)
      add(p->tile + (i * w[1]->length + j) * row, w[2]->length,
          z + ((w[0]->start + i) * n1 + w[1]->start + j) * n2 + w[2]->start);
}
