/* Lapped Fourier preconditioner. */
#include <math.h>
#include <string.h>

#include "core/simd.h"
#include "solve/lapped_internal.h"

static const double negligible = 0.05;

static size_t larger(size_t a, size_t b)
{
  return a > b ? a : b;
}

/* Strides and modes of the windows whose dense slots are the bits of `dense`:
 * Fourier slots first, then the dense ones, in the order of the slots. */
static void set_shape(const lmx_lapped *p, const lapped_box *box,
                      lapped_shape *shape)
{
  int last = -1;
  shape->used = true;
  shape->unknowns = shape->mode_count = shape->size = 1;
  shape->scale = 1.0;
  for (int s = 3 - p->grid->naxes; s < 3; ++s)
    if (!box->w[s]->dense)
      last = s;
  for (int dense = 1; dense >= 0; --dense)
    for (int s = 2; s >= 0; --s)
      if (box->w[s]->dense == (dense == 1)) {
        shape->stride[s] = shape->size;
        shape->size *= box->w[s]->length;
        if (dense)
          shape->unknowns *= box->w[s]->length;
        else
          shape->scale /= (double)box->w[s]->length;
      }
  for (int s = 0; s < 3; ++s) {
    shape->modes[s] = s == last          ? p->axis[s].m / 2 + 1
                      : box->w[s]->dense ? 1
                                         : p->axis[s].m;
    shape->mode_count *= shape->modes[s];
  }
}

static lmx_status plan(lmx_context *context, const lmx_lapped *p,
                       const lapped_box *box, lapped_shape *shape)
{
  fftw_iodim real[3], hat[3];
  int rank = 0, M = (int)shape->unknowns, stride = M;
  for (int s = 2; s >= 3 - p->grid->naxes; --s)
    if (!box->w[s]->dense)
      ++rank;
  if (rank == 0)
    return LMX_OK;
  for (int s = 2, at = rank - 1; s >= 3 - p->grid->naxes; --s)
    if (!box->w[s]->dense) {
      int m = (int)p->axis[s].m, is = (int)shape->stride[s];
      real[at] = (fftw_iodim){m, is, stride};
      hat[at--] = (fftw_iodim){m, stride, is};
      stride *= (int)shape->modes[s];
    }
  fftw_iodim many = {M, 1, 1};
  shape->forward = fftw_plan_guru_dft_r2c(rank, real, 1, &many, p->tile, p->hat,
                                          FFTW_ESTIMATE);
  shape->backward = fftw_plan_guru_dft_c2r(rank, hat, 1, &many, p->hat, p->tile,
                                           FFTW_ESTIMATE);
  if (shape->forward == NULL || shape->backward == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "FFTW cannot plan");
  return LMX_OK;
}

/* Window `index` of the grid, counted with the last slot fastest. */
static void make_box(const lmx_lapped *p, size_t index, lapped_box *box)
{
  box->dense = 0;
  for (int s = 2; s >= 0; --s) {
    box->w[s] = &p->axis[s].window[index % p->axis[s].count];
    index /= p->axis[s].count;
    if (box->w[s]->dense)
      box->dense |= 1u << s;
  }
}

static lmx_status allocate_boxes(lmx_context *context, lmx_lapped *p)
{
  size_t tile = 0, hat = 0, work = 0, M = 0;
  p->boxes = p->axis[0].count * p->axis[1].count * p->axis[2].count;
  LMX_TRY(LMX_NEW_ARRAY(context, p->boxes, &p->box));
  for (size_t i = 0; i < p->boxes; ++i) {
    lapped_shape *shape;
    make_box(p, i, &p->box[i]);
    shape = &p->shape[p->box[i].dense];
    if (!shape->used)
      set_shape(p, &p->box[i], shape);
    tile = larger(tile, shape->size);
    hat = larger(hat, shape->mode_count * shape->unknowns);
    if (p->box[i].dense != 0) {
      work = larger(work, lmx_lapped_edge_work(shape));
      M = larger(M, shape->unknowns);
    }
  }
  LMX_TRY(LMX_NEW_ARRAY(context, tile, &p->tile));
  LMX_TRY(LMX_NEW_ARRAY(context, hat, &p->hat));
  LMX_TRY(LMX_NEW_ARRAY(context, work, &p->work));
  LMX_TRY(LMX_NEW_ARRAY(context, 2 * M, &p->row));
  return LMX_NEW_ARRAY(context, M, &p->pivot);
}

static lmx_status allocate(lmx_context *context, lmx_lapped *p)
{
  for (int s = 0; s < 3; ++s)
    LMX_TRY(lmx_lapped_axis_init(context, p->grid, s - 3 + p->grid->naxes,
                                 &p->axis[s]));
  LMX_TRY(allocate_boxes(context, p));
  for (size_t i = 0; i < p->boxes; ++i) {
    lapped_box *box = &p->box[i];
    lapped_shape *shape = &p->shape[box->dense];
    if (shape->forward == NULL)
      LMX_TRY(plan(context, p, box, shape));
    if (box->dense != 0)
      LMX_TRY(
          LMX_NEW_ARRAY(context, lmx_lapped_edge_size(shape), &box->inverse));
  }
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
  for (size_t i = 0; p->box != NULL && i < p->boxes; ++i)
    lmx_free(p->box[i].inverse);
  for (int i = 0; i < 8; ++i) {
    if (p->shape[i].forward != NULL)
      fftw_destroy_plan(p->shape[i].forward);
    if (p->shape[i].backward != NULL)
      fftw_destroy_plan(p->shape[i].backward);
  }
  for (int s = 0; s < 3; ++s)
    lmx_lapped_axis_clear(&p->axis[s]);
  lmx_free(p->box);
  lmx_free(p->tile);
  lmx_free(p->hat);
  lmx_free(p->work);
  lmx_free(p->row);
  lmx_free(p->pivot);
  lmx_free(p);
  *lapped = NULL;
}

void lmx_lapped_freeze(const lmx_lapped *p, const lapped_point *at, double t,
                       const double *const b[LMX_MAX_AXES],
                       lapped_coefficients *out)
{
  const lmx_grid *grid = p->grid;
  int first = 3 - grid->naxes;
  const double *v = at->v;
  double r2 = v[0] * v[0] + v[1] * v[1] + v[2] * v[2];
  lapped_coefficients f = {{0}, {0}, {0}};
  for (int s = first; s < 3; ++s) {
    f.a[s] = lmx_model_c(p->model, s - first, t) + r2 - v[s] * v[s];
    if (b[s - first] != NULL && !at->centred[s]) /* odd across the origin */
      f.b[s] = b[s - first][at->node];
  }
  if (grid->m > 0) {
    double radial = grid->m * (lmx_model_c(p->model, grid->naxes - 1, t) + r2);
    if (at->centred[2]) /* u_rho / rho -> u_rho_rho */
      f.a[2] += radial;
    else
      f.b[2] += radial / v[2];
  }
  f.mixed[0] = -2.0 * v[0] * v[1];
  f.mixed[1] = -2.0 * v[0] * v[2];
  f.mixed[2] = -2.0 * v[1] * v[2];
  *out = f;
}

static void freeze_box(const lmx_lapped *p, double t,
                       const double *const b[LMX_MAX_AXES], lapped_box *box)
{
  int first = 3 - p->grid->naxes;
  lapped_point at = {{0.0}, {false}, 0};
  for (int s = first; s < 3; ++s) {
    at.v[s] = box->w[s]->v;
    at.centred[s] = box->w[s]->centred;
    at.node = at.node * p->axis[s].n + box->w[s]->node;
  }
  lmx_lapped_freeze(p, &at, t, b, &box->frozen);
}

/* A bound of |gamma lambda| over the modes of a box below which the box only
 * gets the identity: P A is then within that of the identity anyway. */
static bool is_soft(const lmx_lapped *p, const lapped_coefficients *f)
{
  double sum = 0.0;
  for (int s = 0; s < 3; ++s) {
    double top = p->axis[s].second[p->axis[s].m / 2]; /* Nyquist */
    sum += f->a[s] * top + fabs(f->b[s]) * sqrt(top);
  }
  return p->gamma * sum < negligible;
}

/* Inverses at the edges cost most of a set-up and tolerate a stale gamma, as
 * CVODE does with its own; the coefficients vary with exp(-4dt). */
static bool edges_are_stale(lmx_lapped *p, double t)
{
  double decay = exp(-4.0 * p->grid->d * t);
  if (fabs(p->gamma - p->edge_gamma) <= 0.15 * p->edge_gamma &&
      fabs(decay - p->edge_decay) <= 0.15)
    return false;
  p->edge_gamma = p->gamma;
  p->edge_decay = decay;
  return true;
}

void lmx_lapped_setup(lmx_lapped *p, double t, double gamma,
                      const double *const b[LMX_MAX_AXES], double reaction)
{
  p->gamma = gamma;
  p->reaction = reaction;
  bool stale = edges_are_stale(p, t);
  for (size_t i = 0; i < p->boxes; ++i) {
    lapped_box *box = &p->box[i];
    if (box->dense != 0 && !stale)
      continue;
    freeze_box(p, t, b, box);
    box->identity = is_soft(p, &box->frozen);
    if (box->dense != 0 && !box->identity)
      lmx_lapped_edge_setup(p, box, t, b);
  }
}

/* hat *= scale / (1 - gamma lambda), one row of modes along the last axis. */
LMX_KERNEL
static void divide_row(const lapped_axis *last, size_t modes, double real,
                       double imaginary, double slope,
                       const lapped_coefficients *f, double gamma, double scale,
                       fftw_complex *hat)
{
  double *h = (double *)hat;
#pragma omp simd
  for (size_t k = 0; k < modes; ++k) {
    double s = last->first[k];
    double re = real + gamma * (f->a[2] * last->second[k] + slope * s);
    double im = imaginary - gamma * f->b[2] * s;
    double w = scale / (re * re + im * im);
    double x = h[2 * k], y = h[2 * k + 1];
    h[2 * k] = w * (x * re + y * im);
    h[2 * k + 1] = w * (y * re - x * im);
  }
}

static void divide(lmx_lapped *p, const lapped_box *box)
{
  const lapped_axis *x = p->axis;
  const lapped_coefficients *f = &box->frozen;
  const lapped_shape *shape = &p->shape[0];
  double g = p->gamma;
  fftw_complex *hat = p->hat;
  for (size_t i = 0; i < shape->modes[0]; ++i)
    for (size_t j = 0; j < shape->modes[1]; ++j, hat += shape->modes[2]) {
      double s0 = x[0].first[i], s1 = x[1].first[j];
      double real = 1.0 - g * p->reaction +
                    g * (f->a[0] * x[0].second[i] + f->a[1] * x[1].second[j] +
                         f->mixed[0] * s0 * s1);
      double imaginary = -g * (f->b[0] * s0 + f->b[1] * s1);
      double slope = f->mixed[1] * s0 + f->mixed[2] * s1;
      divide_row(&x[2], shape->modes[2], real, imaginary, slope, f, g,
                 shape->scale, hat);
    }
}

/* tile = c weight row on the last slot of a window; the index is contiguous
 * from position `from` on and reflected before. */
LMX_KERNEL
static void gather_row(const lapped_window *w, double c,
                       const double *restrict row, double *restrict tile,
                       size_t stride)
{
  const double *restrict weight = w->weight;
  size_t from = w->from, to = w->to;
  const double *near = row + w->index[from];
  for (size_t k = 0; k < from; ++k)
    tile[k * stride] = c * weight[k] * row[w->index[k]];
  if (stride == 1)
#pragma omp simd
    for (size_t k = from; k < to; ++k)
      tile[k] = c * weight[k] * near[k - from];
  else
    for (size_t k = from; k < to; ++k)
      tile[k * stride] = c * weight[k] * near[k - from];
  for (size_t k = to; k < w->length; ++k)
    tile[k * stride] = 0.0;
}

/* row += c weight tile. */
LMX_KERNEL
static void scatter_row(const lapped_window *w, double c,
                        const double *restrict tile, size_t stride,
                        double *restrict row)
{
  const double *restrict weight = w->weight;
  size_t from = w->from, to = w->to;
  double *near = row + w->index[from];
  if (stride == 1)
#pragma omp simd
    for (size_t k = from; k < to; ++k)
      near[k - from] += c * weight[k] * tile[k];
  else
    for (size_t k = from; k < to; ++k)
      near[k - from] += c * weight[k] * tile[k * stride];
}

/* tile = X r on the box. */
static void gather(const lmx_lapped *p, const lapped_box *box, const double *r)
{
  const lapped_axis *x = p->axis;
  const lapped_window *const *w = box->w;
  const size_t *stride = p->shape[box->dense].stride;
  for (size_t i = 0; i < w[0]->length; ++i)
    for (size_t j = 0; j < w[1]->length; ++j) {
      size_t node = w[0]->index[i] * x[1].n + w[1]->index[j];
      gather_row(w[2], w[0]->weight[i] * w[1]->weight[j], r + node * x[2].n,
                 p->tile + i * stride[0] + j * stride[1], stride[2]);
    }
}

/* z += X tile. */
static void scatter(const lmx_lapped *p, const lapped_box *box, double *z)
{
  const lapped_axis *x = p->axis;
  const lapped_window *const *w = box->w;
  const size_t *stride = p->shape[box->dense].stride;
  for (size_t i = w[0]->from; i < w[0]->to; ++i)
    for (size_t j = w[1]->from; j < w[1]->to; ++j) {
      size_t node = w[0]->index[i] * x[1].n + w[1]->index[j];
      scatter_row(w[2], w[0]->weight[i] * w[1]->weight[j],
                  p->tile + i * stride[0] + j * stride[1], stride[2],
                  z + node * x[2].n);
    }
}

void lmx_lapped_apply(lmx_lapped *p, const double *r, double *z)
{
  memset(z, 0, p->grid->size * sizeof *z);
  for (size_t i = 0; i < p->boxes; ++i) {
    const lapped_box *box = &p->box[i];
    const lapped_shape *shape = &p->shape[box->dense];
    gather(p, box, r);
    if (box->identity) {
      scatter(p, box, z);
      continue;
    }
    if (shape->forward != NULL)
      fftw_execute(shape->forward);
    if (box->dense != 0)
      lmx_lapped_edge_apply(p, box);
    else
      divide(p, box);
    if (shape->backward != NULL)
      fftw_execute(shape->backward);
    scatter(p, box, z);
  }
}
