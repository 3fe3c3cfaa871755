/* The structure of the data and the search for suprema. */
#include "initial/tails_range.h"

#include <gsl/gsl_linalg.h>
#include <gsl/gsl_sf_lambert.h>
#include <string.h>

/* Cells looked at for one supremum, by the number of axes. */
static const size_t most_cells[LMX_MAX_AXES + 1] = {0, 40000, 30000, 30000};
/* Granted to rounding. */
static const double rounding = 1e-12;
/* Beyond this W is computed from its logarithmic equation. */
static const double largest_log = 600.0;

/* --- structure ------------------------------------------------------------ */

/* The inverse of the covariance on the grid axes and its log determinant. */
static lmx_status invert(lmx_context *context, int d, const double *covariance,
                         double *inverse, double *log_det)
{
  gsl_matrix_view view = gsl_matrix_view_array(inverse, (size_t)d, (size_t)d);
  memcpy(inverse, covariance, (size_t)(d * d) * sizeof *inverse);
  if (gsl_linalg_cholesky_decomp1(&view.matrix) != 0)
    return lmx_fail(context, LMX_ERR_NUMERICS, "a covariance is not positive");
  *log_det = 0.0;
  for (int a = 0; a < d; ++a)
    *log_det += 2.0 * log(inverse[a * d + a]);
  if (gsl_linalg_cholesky_invert(&view.matrix) != 0)
    return lmx_fail(context, LMX_ERR_NUMERICS, "a covariance is not positive");
  return LMX_OK;
}

static lmx_status fill_component(lmx_context *context, const lmx_tails *tails,
                                 const lmx_component *from,
                                 lmx_tail_component *out)
{
  int d = tails->d;
  double P[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION], log_det = 0.0, mPm = 0.0;
  LMX_TRY(invert(context, d, from->covariance, P, &log_det));
  for (int i = 0; i < tails->n; ++i)
    for (int j = 0; j < tails->n; ++j) {
      out->P[i][j] = P[i * d + j];
      out->Pm[i] += P[i * d + j] * from->mean[j];
    }
  for (int i = 0; i < tails->n; ++i)
    mPm += out->Pm[i] * from->mean[i];
  out->extra = P[d * d - 1];
  out->c = log(from->weight) - 0.5 * (d * log(2.0 * M_PI) + log_det + mPm);
  return LMX_OK;
}

static lmx_status fill(lmx_context *context, const lmx_initial *initial,
                       lmx_tails *tails)
{
  size_t n;
  const lmx_component *components = lmx_initial_components(initial, &n);
  tails->bkw = lmx_initial_bkw_c(initial);
  LMX_TRY(lmx_initial_axes(context, initial, &tails->n, tails->kinds));
  tails->extra = tails->d - tails->n;
  if (components == NULL)
    return LMX_OK;
  tails->components = n;
  LMX_TRY(LMX_NEW_ARRAY(context, n, &tails->component));
  for (size_t k = 0; k < n; ++k)
    LMX_TRY(
        fill_component(context, tails, &components[k], &tails->component[k]));
  return LMX_OK;
}

/* BKW with c = 0 is a Maxwellian. */
static lmx_status fill_maxwellian(lmx_context *context, lmx_tails *tails)
{
  tails->components = 1;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &tails->component));
  tails->component[0].c = -0.5 * tails->d * log(2.0 * M_PI);
  tails->component[0].extra = 1.0;
  for (int i = 0; i < tails->n; ++i)
    tails->component[0].P[i][i] = 1.0;
  return LMX_OK;
}

lmx_status lmx_tails_create(lmx_context *context, const lmx_initial *initial,
                            lmx_tails **out)
{
  lmx_initial_kind kind = lmx_initial_get_kind(initial);
  lmx_tails *tails;
  if (kind == LMX_INITIAL_FORMULA || kind == LMX_INITIAL_TABLE) {
    *out = NULL;
    return LMX_OK;
  }
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &tails));
  tails->d = lmx_initial_model(initial)->d;
  lmx_status status = fill(context, initial, tails);
  if (status == LMX_OK && tails->bkw == 0.0)
    status = fill_maxwellian(context, tails);
  if (status != LMX_OK) {
    lmx_tails_destroy(&tails);
    return status;
  }
  *out = tails;
  return LMX_OK;
}

void lmx_tails_destroy(lmx_tails **tails)
{
  if (tails == NULL || *tails == NULL)
    return;
  lmx_free((*tails)->component);
  lmx_free(*tails);
  *tails = NULL;
}

/* --- branch and bound ----------------------------------------------------- */

/* A cell of the search; a heap with the largest bound first. */
typedef struct cell {
  lmx_tail_box box;
  double bound;
} cell;

typedef struct search {
  const lmx_tails *tails;
  lmx_tail_fn *quantity;
  const void *user;
  lmx_tail_scratch scratch;
  cell *heap;
  size_t n, room;
  double dropped; /* largest bound of what needs no further look */
  lmx_tail_sup sup;
} search;

static double value_on(search *x, const lmx_tail_box *box)
{
  lmx_tail_cell ranges;
  if (x->tails->components == 0)
    lmx_tail_bkw(x->tails, box, &ranges);
  else
    lmx_tail_mixture(x->tails, box, &x->scratch, &ranges);
  return x->quantity(&ranges, x->user);
}

/* The value at a point of the cell: of its middle, or farthest out. */
static void try_point(search *x, const lmx_tail_box *box, bool far)
{
  lmx_tail_box point = *box;
  double s = far ? box->s.lo : 0.5 * (box->s.lo + box->s.hi);
  point.s = (lmx_range){s, s};
  for (int i = 0; i < x->tails->n; ++i) {
    double w = 0.5 * (box->w[i].lo + box->w[i].hi);
    point.w[i] = (lmx_range){w, w};
  }
  double value = value_on(x, &point);
  if (!(value > x->sup.low))
    return;
  x->sup.low = value;
  x->sup.r = s > 0.0 ? (1.0 - s) / s : INFINITY;
}

static void push(search *x, const cell *new)
{
  size_t i = x->n++;
  for (; i > 0 && x->heap[(i - 1) / 2].bound < new->bound; i = (i - 1) / 2)
    x->heap[i] = x->heap[(i - 1) / 2];
  x->heap[i] = *new;
}

static cell pop(search *x)
{
  cell top = x->heap[0], last = x->heap[--x->n];
  size_t i = 0;
  for (size_t j = 1; j < x->n; j = 2 * i + 1) {
    if (j + 1 < x->n && x->heap[j + 1].bound > x->heap[j].bound)
      ++j;
    if (x->heap[j].bound <= last.bound)
      break;
    x->heap[i] = x->heap[j];
    i = j;
  }
  x->heap[i] = last;
  return top;
}

static void look(search *x, cell *c)
{
  try_point(x, &c->box, false);
  if (c->box.s.lo == 0.0)
    try_point(x, &c->box, true);
  c->bound = value_on(x, &c->box);
  if (isnan(c->bound))
    c->bound = INFINITY;
  push(x, c);
}

/* Halves the longest side; directions matter the less the smaller |v|. */
static void split(search *x, const cell *c)
{
  lmx_range *side[2];
  cell half[2] = {*c, *c};
  double longest = c->box.s.hi - c->box.s.lo;
  for (int j = 0; j < 2; ++j)
    side[j] = &half[j].box.s;
  for (int i = 0; i < x->tails->n; ++i) {
    double length =
        0.5 * (1.0 - c->box.s.lo) * (c->box.w[i].hi - c->box.w[i].lo);
    if (i == c->box.face || length <= longest)
      continue;
    longest = length;
    for (int j = 0; j < 2; ++j)
      side[j] = &half[j].box.w[i];
  }
  double middle = 0.5 * (side[0]->lo + side[0]->hi);
  side[0]->hi = middle;
  side[1]->lo = middle;
  for (int j = 0; j < 2; ++j)
    look(x, &half[j]);
}

/* All directions, but for those that symmetry repeats. */
static void start(search *x, bool infinity)
{
  const lmx_tails *tails = x->tails;
  for (int face = 0; face < tails->n; ++face)
    for (double sign = 1.0; sign >= -1.0; sign -= 2.0) {
      cell c = {.box = {.s = {0.0, infinity ? 0.0 : 1.0},
                        .face = face,
                        .sign = sign}};
      if (sign < 0.0 && tails->kinds[face] != LMX_AXIS_FULL)
        continue;
      for (int i = 0; i < tails->n; ++i)
        if (i != face)
          c.box.w[i] =
              (lmx_range){tails->kinds[i] == LMX_AXIS_FULL ? -1.0 : 0.0, 1.0};
      look(x, &c);
    }
}

static bool done(const search *x, double tolerance)
{
  double top = x->heap[0].bound, low = x->sup.low;
  return x->n + 2 >= x->room || low == INFINITY ||
         top - low <= tolerance * fabs(low);
}

lmx_status lmx_tails_sup(lmx_context *context, const lmx_tails *tails,
                         bool infinity, lmx_tail_fn *quantity, const void *user,
                         double tolerance, lmx_tail_sup *out)
{
  search x = {.tails = tails,
              .quantity = quantity,
              .user = user,
              .room = most_cells[tails->n],
              .sup = {-INFINITY, INFINITY, NAN}};
  lmx_status status = lmx_tail_scratch_create(context, tails, &x.scratch);
  if (status == LMX_OK)
    status = LMX_NEW_ARRAY(context, x.room, &x.heap);
  if (status == LMX_OK) {
    start(&x, infinity);
    while (!done(&x, tolerance)) {
      cell top = pop(&x);
      split(&x, &top);
    }
    *out = x.sup;
    out->high = x.heap[0].bound + rounding * fabs(x.heap[0].bound);
    out->high = fmax(out->high, out->low);
  }
  lmx_tail_scratch_release(&x.scratch);
  lmx_free(x.heap);
  return status;
}

/* --- (1.9) ---------------------------------------------------------------- */

/* w with w + log w = log_z. */
static double lambert(double log_z)
{
  if (log_z < largest_log)
    return gsl_sf_lambert_W0(exp(log_z));
  double w = log_z;
  for (int i = 0; i < 8; ++i) /* Newton; quadratic from the first step on */
    w -= (w + log(w) - log_z) / (1.0 + 1.0 / w);
  return w;
}

double lmx_smallest_C0(double r2, double g)
{
  if (r2 == 0.0)
    return exp(g);
  double w = lambert(log(r2) - g);
  return w > 1.0 ? r2 / w : exp(g + w);
}
