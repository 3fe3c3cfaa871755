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
#include "solve/invert.h"
#include "solve/lapped_internal.h"

/* Modes per slot: both signs of the frequency but on the paired slot. */
static void count_modes(const lmx_lapped *p, const lapped_box *box, size_t n[3])
{
  for (int s = 0; s < 3; ++s)
    n[s] = box->w[s]->dense   ? 1
           : s == box->paired ? p->axis[s].half
                              : box->w[s]->modes;
}

size_t lmx_lapped_edge_size(const lmx_lapped *p, const lapped_box *box)
{
  size_t M = box->unknowns, n[3];
  count_modes(p, box, n);
  return lmx_whole(M) * M * (box->paired < 0 ? 1 : 2 * n[0] * n[1] * n[2]);
}

/* What all systems of a box share, and room to invert one. */
typedef struct edge_work {
  double *base, *K, *re, *im; /* [M][whole M] */
  lapped_coefficients *row;   /* [M] */
  double *scratch, *line;     /* of lmx_invert; [M] */
} edge_work;

size_t lmx_lapped_edge_work(const lapped_box *box)
{
  size_t M = box->unknowns;
  return 4 * M * lmx_whole(M) + 9 * M + lmx_invert_scratch(M) + M;
}

static edge_work split(double *work, size_t M)
{
  size_t size = M * lmx_whole(M);
  double *rest = work + 4 * size;
  return (edge_work){
      .base = work,
      .K = work + size,
      .re = work + 2 * size,
      .im = work + 3 * size,
      .row = (lapped_coefficients *)rest,
      .scratch = rest + 9 * M,
      .line = rest + 9 * M + lmx_invert_scratch(M),
  };
}

size_t lmx_lapped_edge_row(const lapped_box *box)
{
  return 2 * box->unknowns + 2 * lmx_whole(box->unknowns);
}

/* Undoes the row exchanges on the columns and stores panels of LANES rows,
 * column by column; `parts` is 2 where imaginary parts come between. */
static void store_panels(const double *m, size_t M, const size_t *pivot,
                         size_t parts, double *row, double *out)
{
  size_t stride = lmx_whole(M);
  for (size_t i = 0; i < M; ++i) {
    double *to = out + parts * (i / LANES * LANES * M) + i % LANES;
    memcpy(row, m + i * stride, M * sizeof *row);
    for (size_t p = M; p-- > 0;) {
      double t = row[p];
      row[p] = row[pivot[p]];
      row[pivot[p]] = t;
    }
    for (size_t j = 0; j < M; ++j)
      to[parts * j * LANES] = row[j];
  }
}

static void unknown_strides(const lapped_box *box, size_t stride[3])
{
  size_t size = 1;
  for (int s = 2; s >= 0; --s) {
    stride[s] = size;
    size *= box->w[s]->dense ? box->w[s]->length : 1;
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
    size_t node = w->dense ? w->start + k[s] : w->node;
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
  size_t stride[3];
  double g = p->gamma;
  unknown_strides(box, stride);
  base[u] += 1.0 - g * p->reaction;
  for (int s = 0; s < 3; ++s) {
    const lapped_window *w = box->w[s];
    if (!w->dense)
      continue;
    const double *d1 = w->first + k[s] * w->length;
    const double *d2 = w->second + k[s] * w->length;
    size_t origin = u - k[s] * stride[s];
    for (size_t j = 0; j < w->length; ++j) {
      size_t col = origin + j * stride[s];
      base[col] -= g * (c->a[s] * d2[j] + c->b[s] * d1[j]);
      K[col] += at->v[s] * d1[j];
    }
    for (int q = 0; q < s; ++q) {
      const lapped_window *x = box->w[q];
      if (!x->dense)
        continue;
      const double *e1 = x->first + k[q] * x->length;
      size_t corner = origin - k[q] * stride[q];
      double f = -g * c->mixed[q + s - 1];
      for (size_t i = 0; i < x->length; ++i)
        for (size_t j = 0; j < w->length; ++j)
          base[corner + i * stride[q] + j * stride[s]] += f * e1[i] * d1[j];
    }
  }
}

static void assemble(lmx_lapped *p, const lapped_box *box, double t,
                     const double *const b[LMX_MAX_AXES], const edge_work *w)
{
  size_t M = box->unknowns;
  size_t stride = lmx_whole(M);
  memset(w->base, 0, 2 * M * stride * sizeof *w->base); /* base and K */
  for (size_t u = 0; u < M; ++u) {
    lapped_point at;
    size_t k[3];
    unravel(box, u, k);
    row_coefficients(p, box, t, b, k, &at, &w->row[u]);
    assemble_row(p, box, u, k, &at, &w->row[u], w->base + u * stride,
                 w->K + u * stride);
  }
}

/* The system of Fourier mode k from the parts that all modes share. Modes are
 * those of exp(-ik.x), hence minus the symbol of the first derivative. */
static void add_mode(const lmx_lapped *p, const lapped_box *box,
                     const size_t k[3], const edge_work *w)
{
  size_t M = box->unknowns;
  double s1[3] = {0}, s2[3] = {0}, slope = 0.0, g = p->gamma;
  for (int s = 0; s < 3; ++s)
    if (!box->w[s]->dense) {
      s1[s] = -p->axis[s].first[k[s]];
      s2[s] = p->axis[s].second[k[s]];
      slope += 2.0 * g * box->w[s]->v * s1[s];
    }
  size_t stride = lmx_whole(M);
  memcpy(w->re, w->base, M * stride * sizeof *w->re);
  for (size_t i = 0; i < M * stride; ++i)
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
    w->re[u * (stride + 1)] += g * real;
    w->im[u * (stride + 1)] += g * imaginary;
  }
}

void lmx_lapped_edge_setup(lmx_lapped *p, lapped_box *box, double t,
                           const double *const b[LMX_MAX_AXES])
{
  size_t M = box->unknowns, n[3], k[3];
  edge_work w = split(p->work, M);
  assemble(p, box, t, b, &w);
  if (box->paired < 0) {
    lmx_matrix m = {M, lmx_whole(M), w.base, NULL};
    lmx_invert(&m, p->pivot, w.scratch);
    store_panels(w.base, M, p->pivot, 1, w.line, box->inverse);
    return;
  }
  double *out = box->inverse;
  lmx_matrix m = {M, lmx_whole(M), w.re, w.im};
  count_modes(p, box, n);
  for (k[0] = 0; k[0] < n[0]; ++k[0])
    for (k[1] = 0; k[1] < n[1]; ++k[1])
      for (k[2] = 0; k[2] < n[2]; ++k[2], out += 2 * lmx_whole(M) * M) {
        add_mode(p, box, k, &w);
        lmx_invert(&m, p->pivot, w.scratch);
        store_panels(w.re, M, p->pivot, 2, w.line, out);
        store_panels(w.im, M, p->pivot, 2, w.line, out + LANES);
      }
}

/* y = inverse x on MANY panels of PARTS vectors; the real and imaginary parts
 * of y are at re, im. */
#define COMPLEX_PANELS(name, vector, PARTS, MANY)                              \
  LMX_INLINE void name(const double *inverse, size_t M, const double *x,       \
                       double *re, double *im)                                 \
  {                                                                            \
    enum { VECTORS = (MANY) * (PARTS) };                                       \
    vector rr[VECTORS] = {{0.0}}, ri[VECTORS] = {{0.0}};                       \
    vector ir[VECTORS] = {{0.0}}, ii[VECTORS] = {{0.0}};                       \
    for (size_t c = 0; c < M; ++c)                                             \
      _Pragma("GCC unroll 8") for (int v = 0; v < VECTORS; ++v)                \
      {                                                                        \
        size_t panel = (size_t)(v / (PARTS)) * M + c;                          \
        const vector *m = (const vector *)(inverse + 2 * LANES * panel);       \
        m += v % (PARTS);                                                      \
        rr[v] += m[0] * x[c];                                                  \
        ii[v] += m[PARTS] * x[M + c];                                          \
        ri[v] += m[0] * x[M + c];                                              \
        ir[v] += m[PARTS] * x[c];                                              \
      }                                                                        \
    _Pragma("GCC unroll 8") for (int v = 0; v < VECTORS; ++v)                  \
    {                                                                          \
      ((vector *)re)[v] = rr[v] - ii[v];                                       \
      ((vector *)im)[v] = ri[v] + ir[v];                                       \
    }                                                                          \
  }

COMPLEX_PANELS(two_complex, lanes, 1, 2)
COMPLEX_PANELS(one_complex, lanes, 1, 1)
COMPLEX_PANELS(one_complex_by_halves, half_lanes, 2, 1)

/* The same for real systems. */
#define REAL_PANELS(name, vector, PARTS, MANY)                                 \
  LMX_INLINE void name(const double *inverse, size_t M, const double *x,       \
                       double *y)                                              \
  {                                                                            \
    enum { VECTORS = (MANY) * (PARTS) };                                       \
    vector sum[VECTORS] = {{0.0}};                                             \
    for (size_t c = 0; c < M; ++c)                                             \
      _Pragma("GCC unroll 8") for (int v = 0; v < VECTORS; ++v)                \
      {                                                                        \
        size_t panel = (size_t)(v / (PARTS)) * M + c;                          \
        const vector *m = (const vector *)(inverse + LANES * panel);           \
        sum[v] += m[v % (PARTS)] * x[c];                                       \
      }                                                                        \
    _Pragma("GCC unroll 8") for (int v = 0; v < VECTORS;                       \
                                 ++v)((vector *)y)[v] = sum[v];                \
  }

REAL_PANELS(four_real, lanes, 1, 4)
REAL_PANELS(one_real, lanes, 1, 1)
REAL_PANELS(four_real_by_halves, half_lanes, 2, 4)
REAL_PANELS(one_real_by_halves, half_lanes, 2, 1)

/* y = inverse x; x [2 M] and y [2 lmx_whole(M)]: real parts, then imaginary. */
LMX_KERNEL
static void times_complex(const double *inverse, size_t M, const double *x,
                          double *y)
{
  const int wide = lmx_wide_registers();
  size_t rows = lmx_whole(M), i = 0;
  for (; wide && i + 2 * LANES <= rows; i += 2 * LANES)
    two_complex(inverse + 2 * i * M, M, x, y + i, y + rows + i);
  if (wide && i < rows)
    one_complex(inverse + 2 * i * M, M, x, y + i, y + rows + i);
  for (; !wide && i < rows; i += LANES)
    one_complex_by_halves(inverse + 2 * i * M, M, x, y + i, y + rows + i);
}

LMX_KERNEL
static void times_real(const double *inverse, size_t M, const double *x,
                       double *y)
{
  const int wide = lmx_wide_registers();
  size_t rows = lmx_whole(M), i = 0;
  for (; i + 4 * LANES <= rows; i += 4 * LANES)
    wide ? four_real(inverse + i * M, M, x, y + i)
         : four_real_by_halves(inverse + i * M, M, x, y + i);
  for (; i < rows; i += LANES)
    wide ? one_real(inverse + i * M, M, x, y + i)
         : one_real_by_halves(inverse + i * M, M, x, y + i);
}

/* The unknowns of one mode between the tile and x [M]. */
LMX_INLINE void get_unknowns(const lapped_box *box, const double *tile,
                             double *x)
{
  size_t n[3];
  for (int s = 0; s < 3; ++s)
    n[s] = box->w[s]->dense ? box->w[s]->length : 1;
  for (size_t i = 0; i < n[0]; ++i)
    for (size_t j = 0; j < n[1]; ++j)
      for (size_t k = 0; k < n[2]; ++k)
        *x++ = tile[i * box->stride[0] + j * box->stride[1] + k];
}

LMX_INLINE void put_unknowns(const lapped_box *box, const double *x,
                             double *tile)
{
  size_t n[3];
  for (int s = 0; s < 3; ++s)
    n[s] = box->w[s]->dense ? box->w[s]->length : 1;
  for (size_t i = 0; i < n[0]; ++i)
    for (size_t j = 0; j < n[1]; ++j)
      for (size_t k = 0; k < n[2]; ++k)
        tile[i * box->stride[0] + j * box->stride[1] + k] = *x++;
}

void lmx_lapped_edge_apply(lmx_lapped *p, const lapped_box *box)
{
  size_t M = box->unknowns, n[3], k[3];
  double *x = p->row, *y = p->row + 2 * M;
  const double *inverse = box->inverse;
  if (box->paired < 0) {
    get_unknowns(box, p->tile, x);
    times_real(inverse, M, x, y);
    put_unknowns(box, y, p->tile);
    return;
  }
  count_modes(p, box, n);
  size_t to_imaginary = n[box->paired] * box->stride[box->paired];
  for (k[0] = 0; k[0] < n[0]; ++k[0])
    for (k[1] = 0; k[1] < n[1]; ++k[1])
      for (k[2] = 0; k[2] < n[2]; ++k[2], inverse += 2 * lmx_whole(M) * M) {
        double *re = p->tile + k[0] * box->stride[0] + k[1] * box->stride[1] +
                     k[2] * box->stride[2];
        get_unknowns(box, re, x);
        get_unknowns(box, re + to_imaginary, x + M);
        times_complex(inverse, M, x, y);
        put_unknowns(box, y, re);
        put_unknowns(box, y + lmx_whole(M), re + to_imaginary);
      }
}
