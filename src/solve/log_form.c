/* The log form on a tensor grid, row by row. */
#include "solve/log_form.h"

#include <math.h>
#include <string.h>

#include "core/simd.h"
#include "grid/padded.h"
#include "solve/formulation.h"
#include "solve/stencil_rows.h"

/* Derivatives along one row; unused slots stay NULL. Mixed ones: u_12 on two
 * axes; on three u_01 and the derivative along the row of v_0 u_0 + v_1 u_1,
 * where v_0 and v_1 are constant: one difference for two. */
typedef struct row_derivatives {
  const double *first[3], *second[3], *mixed, *mixed_last;
} row_derivatives;

/* What the combination needs besides the derivatives: coefficients of the
 * row, slots right-aligned. */
typedef struct row_coefficients {
  double v[3]; /* [0], [1]: constant along the row */
  double c[3], eD[3];
  const double *last;   /* [n] coordinates along the active row */
  const double *radial; /* [n] m / rho, NULL without radial axis */
  const double *b[3];   /* frozen linearisation, for products */
  double *b_out[3];
} row_coefficients;

struct lmx_log_form {
  const lmx_model *model;
  const lmx_grid *grid;
  lmx_padded padded;
  lmx_stencil stencil[3]; /* by slot */
  double *plane;          /* first derivative along slot 0, padded plane */
  double *row[8];         /* padded rows for the other derivatives */
  double *m_over_rho;     /* [n_last] or NULL */
  double *b[LMX_MAX_AXES];
  lmx_row *active; /* [rows] where the equation is solved */
  lmx_unknowns unknowns;
  double t; /* of the linearisation */
};

static void scale_stencil(const lmx_axis *axis, int order, lmx_stencil *st)
{
  st->r = order / 2;
  lmx_stencil_first(order, st->first);
  lmx_stencil_second(order, st->second);
  for (int k = 0; k < st->r; ++k)
    st->first[k] /= axis->h;
  for (int k = 0; k <= st->r; ++k)
    st->second[k] /= axis->h * axis->h;
}

/* The row that starts at node `start`; the ball is convex. */
static lmx_row find_active(const lmx_grid *grid, size_t start)
{
  size_t n = grid->axis[grid->naxes - 1].points;
  lmx_row row = {0, n, 0};
  while (row.low < n && !lmx_grid_active(grid, start + row.low))
    ++row.low;
  while (row.high > row.low && !lmx_grid_active(grid, start + row.high - 1))
    --row.high;
  return row;
}

static lmx_status allocate(lmx_context *context, lmx_log_form *form)
{
  const lmx_grid *grid = form->grid;
  LMX_TRY(
      lmx_padded_init(context, grid, (size_t)grid->order / 2, &form->padded));
  size_t row = form->padded.stride[1];
  LMX_TRY(LMX_NEW_ARRAY(context, form->padded.stride[0], &form->plane));
  for (int i = 0; i < 8; ++i)
    LMX_TRY(LMX_NEW_ARRAY(context, row, &form->row[i]));
  for (int a = 0; a < grid->naxes; ++a)
    LMX_TRY(LMX_NEW_ARRAY(context, grid->size, &form->b[a]));
  size_t rows = form->padded.n[0] * form->padded.n[1];
  LMX_TRY(LMX_NEW_ARRAY(context, rows, &form->active));
  for (size_t i = 0, count = 0; i < rows; ++i) {
    form->active[i] = find_active(grid, i * form->padded.n[2]);
    form->active[i].start = count;
    count += form->active[i].high - form->active[i].low;
  }
  LMX_TRY(lmx_unknowns_init(context, grid, false, &form->unknowns));
  if (grid->m > 0) {
    const lmx_axis *rho = &grid->axis[grid->naxes - 1];
    LMX_TRY(LMX_NEW_ARRAY(context, rho->points, &form->m_over_rho));
    for (size_t i = 0; i < rho->points; ++i)
      form->m_over_rho[i] = grid->m / rho->nodes[i];
  }
  return LMX_OK;
}

lmx_status lmx_log_form_create(lmx_context *context, const lmx_model *model,
                               const lmx_grid *grid, lmx_log_form **out)
{
  lmx_log_form *form;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &form));
  form->model = model;
  form->grid = grid;
  for (int a = 0; a < grid->naxes; ++a)
    scale_stencil(&grid->axis[a], grid->order,
                  &form->stencil[a + lmx_first_slot(grid)]);
  lmx_status status = allocate(context, form);
  if (status != LMX_OK) {
    lmx_log_form_destroy(&form);
    return status;
  }
  *out = form;
  return LMX_OK;
}

void lmx_log_form_destroy(lmx_log_form **form)
{
  if (form == NULL || *form == NULL)
    return;
  lmx_padded_clear(&(*form)->padded);
  lmx_free((*form)->plane);
  for (int i = 0; i < 8; ++i)
    lmx_free((*form)->row[i]);
  for (int a = 0; a < LMX_MAX_AXES; ++a)
    lmx_free((*form)->b[a]);
  lmx_free((*form)->m_over_rho);
  lmx_free((*form)->active);
  lmx_unknowns_clear(&(*form)->unknowns);
  lmx_free(*form);
  *form = NULL;
}

const lmx_unknowns *lmx_log_form_unknowns(const lmx_log_form *form)
{
  return &form->unknowns;
}

const double *const *lmx_log_form_b(const lmx_log_form *form)
{
  return (const double *const *)form->b;
}

/* First derivative along slot 0 on plane i, where mixed derivatives at its
 * active nodes difference it: on the rows up to one radius of the stencil
 * away, each as far as the longest of the rows that read it. */
static void plane_derivative(lmx_log_form *form, size_t i)
{
  const lmx_padded *p = &form->padded;
  const lmx_row *active = form->active + i * p->n[1];
  size_t pad = p->pad[1];
  for (size_t j = 0; j < p->n[1] + 2 * pad; ++j) {
    size_t low = p->n[2], high = 0;
    for (size_t k = j < 2 * pad ? 0 : j - 2 * pad; k <= j && k < p->n[1]; ++k)
      if (active[k].low < active[k].high) {
        low = active[k].low < low ? active[k].low : low;
        high = active[k].high > high ? active[k].high : high;
      }
    if (low >= high)
      continue;
    size_t at = j * p->stride[1] + low;
    lmx_row_first(
        &form->stencil[0], p->data + (p->pad[0] + i) * p->stride[0] + at,
        (ptrdiff_t)p->stride[0], high - low + 2 * p->pad[2], form->plane + at);
  }
}

LMX_KERNEL
static void weigh_rows(double a, const double *x, double b, const double *y,
                       size_t n, double *out)
{
  for (size_t k = 0; k < n; ++k)
    out[k] = a * x[k] + b * y[k];
}

/* All derivatives at the active nodes of row (i, j), where v_0 and v_1 are v.
 */
static void differentiate_row(lmx_log_form *form, size_t i, size_t j,
                              lmx_row active, const double v[2],
                              row_derivatives *d)
{
  const lmx_padded *p = &form->padded;
  size_t n = active.high - active.low, pad = p->pad[2], row = n + 2 * pad;
  ptrdiff_t s1 = (ptrdiff_t)p->stride[1];
  const double *in =
      p->data + p->origin + i * p->stride[0] + j * p->stride[1] + active.low;
  double *const *w = form->row;
  lmx_row_both(&form->stencil[2], in, 1, n, w[0], w[1]);
  d->first[2] = w[0];
  d->second[2] = w[1];
  if (form->grid->naxes >= 2) {
    lmx_row_both(&form->stencil[1], in - pad, s1, row, w[2], w[3]);
    d->first[1] = w[2] + pad;
    d->second[1] = w[3] + pad;
  }
  if (form->grid->naxes == 2)
    lmx_row_first(&form->stencil[2], d->first[1], 1, n, w[4]);
  if (form->grid->naxes == 3) {
    const double *first =
        form->plane + (p->pad[1] + j) * p->stride[1] + pad + active.low;
    weigh_rows(v[0], first - pad, v[1], w[2], row, w[5]);
    lmx_row_first(&form->stencil[2], w[5] + pad, 1, n, w[4]);
    lmx_row_first(&form->stencil[1], first, s1, n, w[6]);
    lmx_row_second(&form->stencil[0], in, (ptrdiff_t)p->stride[0], n, w[7]);
    d->second[0] = w[7];
    d->first[0] = first;
    d->mixed = w[6];
  }
  d->mixed_last = w[4];
}

/* The analyzer does not see that an axis the grid lacks is not asked for. */
/* NOLINTBEGIN(clang-analyzer-core.NullDereference) */

/* abar : Hess at entry k of the row. */
LMX_INLINE double second_order(const row_derivatives *d,
                               const row_coefficients *q, size_t k, double r2,
                               const int naxes)
{
  double v2 = q->last[k];
  double sum = (q->c[2] + r2 - v2 * v2) * d->second[2][k];
  if (naxes >= 2)
    sum += (q->c[1] + r2 - q->v[1] * q->v[1]) * d->second[1][k];
  if (naxes == 2)
    sum -= 2.0 * q->v[1] * v2 * d->mixed_last[k];
  if (naxes == 3)
    sum += (q->c[0] + r2 - q->v[0] * q->v[0]) * d->second[0][k] -
           2.0 * (q->v[0] * q->v[1] * d->mixed[k] + v2 * d->mixed_last[k]);
  return sum;
}

LMX_INLINE double square_radius(const row_coefficients *q, size_t k)
{
  return q->v[0] * q->v[0] + q->v[1] * q->v[1] + q->last[k] * q->last[k];
}

LMX_INLINE void rhs_row(const row_derivatives *d, const row_coefficients *q,
                        size_t n, double *restrict out, const int naxes,
                        const int radial)
{
  for (size_t k = 0; k < n; ++k) {
    double r2 = square_radius(q, k), grad2 = 0.0, radially = 0.0;
    double sum = second_order(d, q, k, r2, naxes);
    for (int s = 3 - naxes; s < 3; ++s) {
      double v = s == 2 ? q->last[k] : q->v[s], u = d->first[s][k];
      radially += v * u;
      grad2 += u * u;
      sum += q->c[s] * u * (u - 2.0 * v) - q->eD[s] * v * v;
    }
    if (radial)
      sum += q->radial[k] * (q->c[2] + r2) * d->first[2][k];
    out[k] = sum + r2 * grad2 - radially * radially;
  }
}

LMX_INLINE void product_row(const row_derivatives *d, const row_coefficients *q,
                            size_t n, double *restrict out, const int naxes,
                            const int radial)
{
  for (size_t k = 0; k < n; ++k) {
    double r2 = square_radius(q, k);
    double sum = second_order(d, q, k, r2, naxes);
    for (int s = 3 - naxes; s < 3; ++s)
      sum += q->b[s][k] * d->first[s][k];
    if (radial)
      sum += q->radial[k] * (q->c[2] + r2) * d->first[2][k];
    out[k] = sum;
  }
}

LMX_INLINE void linearise_row(const row_derivatives *d,
                              const row_coefficients *q, size_t n,
                              const int naxes)
{
  for (size_t k = 0; k < n; ++k) {
    double r2 = square_radius(q, k), radially = 0.0;
    for (int s = 3 - naxes; s < 3; ++s)
      radially += (s == 2 ? q->last[k] : q->v[s]) * d->first[s][k];
    for (int s = 3 - naxes; s < 3; ++s) {
      double v = s == 2 ? q->last[k] : q->v[s], u = d->first[s][k];
      q->b_out[s][k] = 2.0 * ((q->c[s] + r2) * u - v * radially - q->c[s] * v);
    }
  }
}
/* NOLINTEND(clang-analyzer-core.NullDereference) */

/* One instance per number of axes, with and without radial axis. */
#define DISPATCH(naxes, radial, CALL)                                          \
  switch (2 * (naxes) + (radial)) {                                            \
  case 2:                                                                      \
    CALL(1, 0);                                                                \
    break;                                                                     \
  case 3:                                                                      \
    CALL(1, 1);                                                                \
    break;                                                                     \
  case 4:                                                                      \
    CALL(2, 0);                                                                \
    break;                                                                     \
  case 5:                                                                      \
    CALL(2, 1);                                                                \
    break;                                                                     \
  case 6:                                                                      \
    CALL(3, 0);                                                                \
    break;                                                                     \
  default:                                                                     \
    CALL(3, 1);                                                                \
  }

LMX_KERNEL
static void combine_rhs(const row_derivatives *d, const row_coefficients *q,
                        size_t n, double *out, int naxes){
#define CALL(na, ra) rhs_row(d, q, n, out, na, ra)
    DISPATCH(naxes, q->radial != NULL, CALL)
#undef CALL
}

LMX_KERNEL static void combine_product(const row_derivatives *d,
                                       const row_coefficients *q, size_t n,
                                       double *out, int naxes){
#define CALL(na, ra) product_row(d, q, n, out, na, ra)
    DISPATCH(naxes, q->radial != NULL, CALL)
#undef CALL
}

LMX_KERNEL static void combine_linearisation(const row_derivatives *d,
                                             const row_coefficients *q,
                                             size_t n, int naxes)
{
  switch (naxes) {
  case 1:
    linearise_row(d, q, n, 1);
    break;
  case 2:
    linearise_row(d, q, n, 2);
    break;
  default:
    linearise_row(d, q, n, 3);
  }
}

typedef enum { RHS, LINEARISE, PRODUCT } sweep_kind;

/* Differentiates row (i, j) and combines it: into `out`, of the unknowns, or,
 * for LINEARISE, into b. */
static void sweep_row(lmx_log_form *form, size_t i, size_t j, sweep_kind kind,
                      row_coefficients *q, double *out)
{
  const lmx_grid *grid = form->grid;
  const lmx_padded *p = &form->padded;
  int first = lmx_first_slot(grid), naxes = grid->naxes;
  size_t row = i * p->n[1] + j;
  lmx_row active = form->active[row];
  size_t n = active.high - active.low;
  if (n == 0)
    return;
  row_derivatives d = {{0}, {0}, NULL, NULL};
  differentiate_row(form, i, j, active, q->v, &d);
  size_t at = row * p->n[2] + active.low;
  q->last = grid->axis[naxes - 1].nodes + active.low;
  if (form->m_over_rho != NULL)
    q->radial = form->m_over_rho + active.low;
  for (int s = first; s < 3; ++s) {
    q->b[s] = form->b[s - first] + at;
    q->b_out[s] = form->b[s - first] + at;
  }
  if (kind == RHS)
    combine_rhs(&d, q, n, out + active.start, naxes);
  else if (kind == PRODUCT)
    combine_product(&d, q, n, out + active.start, naxes);
  else
    combine_linearisation(&d, q, n, naxes);
}

/* Visits every row of the padded field. */
static void sweep(lmx_log_form *form, double t, sweep_kind kind, double *out)
{
  const lmx_grid *grid = form->grid;
  const lmx_padded *p = &form->padded;
  int first = lmx_first_slot(grid), naxes = grid->naxes;
  double decay = exp(-4.0 * grid->d * t);
  row_coefficients q = {.last = NULL};
  for (int s = first; s < 3; ++s) {
    q.eD[s] = decay * form->model->D[s - first];
    q.c[s] = grid->d - 1.0 - q.eD[s];
  }
  for (size_t i = 0; i < p->n[0]; ++i) {
    if (naxes == 3) {
      plane_derivative(form, i);
      q.v[0] = grid->axis[0].nodes[i];
    }
    for (size_t j = 0; j < p->n[1]; ++j) {
      if (naxes >= 2)
        q.v[1] = grid->axis[naxes - 2].nodes[j];
      sweep_row(form, i, j, kind, &q, out);
    }
  }
}

static void fill(lmx_log_form *form, const double *y)
{
  lmx_padded_fill_rows(&form->padded, form->active, y);
}

void lmx_log_form_rhs(lmx_log_form *form, double t, const double *u,
                      double *udot)
{
  fill(form, u);
  sweep(form, t, RHS, udot);
}

void lmx_log_form_field(lmx_log_form *form, const double *y, double *u)
{
  memset(u, 0, form->grid->size * sizeof *u);
  lmx_unknowns_scatter(&form->unknowns, y, u);
  lmx_padded_complete(&form->padded, u);
}

void lmx_log_form_linearise(lmx_log_form *form, double t, const double *u)
{
  form->t = t;
  fill(form, u);
  sweep(form, t, LINEARISE, NULL);
}

void lmx_log_form_product(lmx_log_form *form, const double *w, double *jw)
{
  fill(form, w);
  sweep(form, form->t, PRODUCT, jw);
}

static lmx_status create(lmx_context *context, const lmx_model *model,
                         const lmx_grid *grid, void **out)
{
  return lmx_log_form_create(context, model, grid, (lmx_log_form **)out);
}

static void destroy(void **self)
{
  lmx_log_form_destroy((lmx_log_form **)self);
}

static void rhs(void *self, double t, const double *y, double *ydot)
{
  lmx_log_form_rhs(self, t, y, ydot);
}

static void linearise(void *self, double t, const double *y)
{
  lmx_log_form_linearise(self, t, y);
}

static void product(void *self, const double *w, double *jw)
{
  lmx_log_form_product(self, w, jw);
}

static const double *const *drift(const void *self)
{
  return lmx_log_form_b(self);
}

static double no_reaction(const lmx_model *model)
{
  (void)model;
  return 0.0;
}

static const lmx_unknowns *unknowns(const void *self)
{
  return lmx_log_form_unknowns(self);
}

static void from_log(const void *self, const double *u, double *y)
{
  lmx_unknowns_gather(lmx_log_form_unknowns(self), u, y);
}

static void to_log(void *self, const double *y, double *u)
{
  lmx_log_form_field(self, y, u);
}

static double trusted_everywhere(const lmx_grid *grid, const double *y)
{
  (void)grid, (void)y;
  return INFINITY;
}

static double unit_scale(const lmx_grid *grid, const double *y)
{
  (void)grid, (void)y;
  return 1.0;
}

const lmx_formulation_class lmx_log_formulation = {
    .create = create,
    .destroy = destroy,
    .rhs = rhs,
    .linearise = linearise,
    .product = product,
    .drift = drift,
    .reaction = no_reaction,
    .spectral = false,
    .unknowns = unknowns,
    .from_log = from_log,
    .to_log = to_log,
    .trust_radius = trusted_everywhere,
    .scale = unit_scale,
    .corner_slack = 1e4,
};
