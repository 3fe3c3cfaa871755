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

/* Window `index` of the grid, counted with the last slot fastest. */
static void make_box(const lmx_lapped *p, size_t index, lapped_box *box)
{
  box->paired = -1;
  box->unknowns = 1;
  for (int s = 2; s >= 0; --s) {
    const lapped_window *w = &p->axis[s].window[index % p->axis[s].count];
    index /= p->axis[s].count;
    box->w[s] = w;
    box->stride[s] = s == 2   ? 1
                     : s == 1 ? box->w[2]->padded
                              : box->stride[1] * box->w[1]->modes;
    if (w->dense) {
      box->dense = true;
      box->unknowns *= w->length;
    } else if (box->paired < 0 && s >= 3 - p->grid->naxes)
      box->paired = s;
  }
}

static lmx_status allocate(lmx_context *context, lmx_lapped *p)
{
  size_t tile = 1, work = 0, row = 0, M = 0;
  for (int s = 0; s < 3; ++s) {
    size_t most = 0;
    LMX_TRY(lmx_lapped_axis_init(context, p->grid, s - 3 + p->grid->naxes,
                                 &p->axis[s]));
    for (size_t i = 0; i < p->axis[s].count; ++i)
      most = larger(most, p->axis[s].window[i].padded);
    tile *= most;
  }
  LMX_TRY(LMX_NEW_ARRAY(context, tile, &p->tile));
  LMX_TRY(LMX_NEW_ARRAY(context, tile, &p->other));
  p->boxes = p->axis[0].count * p->axis[1].count * p->axis[2].count;
  LMX_TRY(LMX_NEW_ARRAY(context, p->boxes, &p->box));
  for (size_t i = 0; i < p->boxes; ++i) {
    lapped_box *box = &p->box[i];
    make_box(p, i, box);
    if (!box->dense)
      continue;
    LMX_TRY(
        LMX_NEW_ARRAY(context, lmx_lapped_edge_size(p, box), &box->inverse));
    work = larger(work, lmx_lapped_edge_work(box));
    row = larger(row, lmx_lapped_edge_row(box));
    M = larger(M, box->unknowns);
  }
  LMX_TRY(LMX_NEW_ARRAY(context, work, &p->work));
  LMX_TRY(LMX_NEW_ARRAY(context, row, &p->row));
  return LMX_NEW_ARRAY(context, M, &p->pivot);
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
  for (int s = 0; s < 3; ++s)
    lmx_lapped_axis_clear(&p->axis[s]);
  lmx_free(p->box);
  lmx_free(p->tile);
  lmx_free(p->other);
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
    double top = p->axis[s].top;
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
    if (box->dense && !stale)
      continue;
    freeze_box(p, t, b, box);
    box->identity = is_soft(p, &box->frozen);
    if (box->dense && !box->identity)
      lmx_lapped_edge_setup(p, box, t, b);
  }
}

/* Divides a row of modes along the last slot by 1 - gamma lambda, the part
 * of which that is constant along the row is real + i imaginary. */
LMX_INLINE void divide_row(const lapped_axis *last, double real,
                           double imaginary, double slope,
                           const lapped_coefficients *f, double gamma,
                           double *restrict x, double *restrict y)
{
#pragma omp simd
  for (size_t k = 0; k < last->half; ++k) {
    double s = last->first[k];
    double re = real + gamma * (f->a[2] * last->second[k] + slope * s);
    double im = imaginary - gamma * f->b[2] * s;
    double w = 1.0 / (re * re + im * im), xk = x[k], yk = y[k];
    x[k] = w * (xk * re - yk * im);
    y[k] = w * (yk * re + xk * im);
  }
}

/* Modes are those of exp(-ik.x): 1 - gamma lambda is the conjugate. */
LMX_KERNEL
static void divide(lmx_lapped *p, const lapped_box *box)
{
  const lapped_axis *x = p->axis;
  const lapped_coefficients *f = &box->frozen;
  double g = p->gamma;
  for (size_t i = 0; i < box->w[0]->modes; ++i)
    for (size_t j = 0; j < box->w[1]->modes; ++j) {
      double s0 = x[0].first[i], s1 = x[1].first[j];
      double real = 1.0 - g * p->reaction +
                    g * (f->a[0] * x[0].second[i] + f->a[1] * x[1].second[j] +
                         f->mixed[0] * s0 * s1);
      double imaginary = -g * (f->b[0] * s0 + f->b[1] * s1);
      double slope = f->mixed[1] * s0 + f->mixed[2] * s1;
      double *row = p->tile + i * box->stride[0] + j * box->stride[1];
      divide_row(&x[2], real, imaginary, slope, f, g, row, row + x[2].half);
    }
}

/* z += X X r. */
LMX_KERNEL
static void add_identity(const lmx_lapped *p, const lapped_box *box,
                         const double *restrict r, double *restrict z)
{
  const lapped_window *const *w = box->w;
  for (size_t i = 0; i < w[0]->length; ++i)
    for (size_t j = 0; j < w[1]->length; ++j) {
      size_t at =
          ((w[0]->start + i) * p->axis[1].n + w[1]->start + j) * p->axis[2].n +
          w[2]->start;
      double c = w[0]->weight[i] * w[1]->weight[j];
#pragma omp simd
      for (size_t k = 0; k < w[2]->length; ++k)
        z[at + k] += c * c * w[2]->weight[k] * w[2]->weight[k] * r[at + k];
    }
}

void lmx_lapped_apply(lmx_lapped *p, const double *r, double *z)
{
  memset(z, 0, p->grid->size * sizeof *z);
  for (size_t i = 0; i < p->boxes; ++i) {
    const lapped_box *box = &p->box[i];
    if (box->identity) {
      add_identity(p, box, r, z);
      continue;
    }
    lmx_lapped_to_modes(p, box, r);
    if (box->dense)
      lmx_lapped_edge_apply(p, box);
    else
      divide(p, box);
    lmx_lapped_from_modes(p, box, z);
  }
}
