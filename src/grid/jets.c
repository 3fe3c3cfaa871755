/* Derivative fields of u on a grid and the jets of log f read from them. */
#include <math.h>
#include <string.h>

#include "grid/padded.h"
#include "landaumax/model.h"

enum { MAX_FIELDS = 20, MAX_HALF = LMX_MAX_ORDER / 2 + 1 };

/* One derivative field: s[k] derivatives along slot k. */
typedef struct derivative {
  int s[3];
  double *values; /* [grid->size] */
} derivative;

struct lmx_jets {
  const lmx_grid *grid;
  int derivatives;
  lmx_padded padded;
  double *scratch[2]; /* padded arrays */
  int nfields;
  derivative field[MAX_FIELDS];
  int position[4][4][4];           /* multi-index -> field, -1 if absent */
  double stencil[4][MAX_HALF + 1]; /* by derivative order; [2] has c_0 */
};

lmx_status lmx_jet_create(lmx_context *context, int d, lmx_jet **out)
{
  size_t n = (size_t)d, total = n + n + n * n + n * n * n;
  lmx_jet *jet;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &jet));
  double *block;
  lmx_status status = LMX_NEW_ARRAY(context, total, &block);
  if (status != LMX_OK) {
    lmx_free(jet);
    return status;
  }
  *jet = (lmx_jet){.d = d,
                   .v = block,
                   .q = block + n,
                   .G = block + 2 * n,
                   .T = block + 2 * n + n * n};
  *out = jet;
  return LMX_OK;
}

void lmx_jet_destroy(lmx_jet **jet)
{
  if (jet == NULL || *jet == NULL)
    return;
  lmx_free((*jet)->v);
  lmx_free(*jet);
  *jet = NULL;
}

/* Lists the multi-indices of total order 1..derivatives on the used slots. */
static lmx_status list_fields(lmx_context *context, lmx_jets *jets)
{
  memset(jets->position, -1, sizeof jets->position);
  int first = lmx_first_slot(jets->grid), top = jets->derivatives;
  for (int a = 0; a <= (first <= 0 ? top : 0); ++a)
    for (int b = 0; b <= (first <= 1 ? top - a : 0); ++b)
      for (int c = 0; c <= top - a - b; ++c) {
        if (a + b + c == 0)
          continue;
        derivative *field = &jets->field[jets->nfields];
        *field = (derivative){.s = {a, b, c}};
        LMX_TRY(LMX_NEW_ARRAY(context, jets->grid->size, &field->values));
        jets->position[a][b][c] = jets->nfields++;
      }
  return LMX_OK;
}

lmx_status lmx_jets_create(lmx_context *context, const lmx_grid *grid,
                           int derivatives, lmx_jets **out)
{
  lmx_jets *jets;
  lmx_status status;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &jets));
  jets->grid = grid;
  jets->derivatives = derivatives;
  size_t pad = (size_t)grid->order / 2 + (derivatives >= 3 ? 1 : 0);
  LMX_TRY_GOTO(lmx_padded_init(context, grid, pad, &jets->padded), fail);
  for (int i = 0; i < 2; ++i)
    LMX_TRY_GOTO(LMX_NEW_ARRAY(context, jets->padded.size, &jets->scratch[i]),
                 fail);
  LMX_TRY_GOTO(list_fields(context, jets), fail);
  lmx_stencil_first(grid->order, jets->stencil[1] + 1);
  lmx_stencil_second(grid->order, jets->stencil[2]);
  lmx_stencil_third(grid->order, jets->stencil[3] + 1);
  *out = jets;
  return LMX_OK;
fail:
  lmx_jets_destroy(&jets);
  return status;
}

void lmx_jets_destroy(lmx_jets **jets)
{
  if (jets == NULL || *jets == NULL)
    return;
  for (int i = 0; i < MAX_FIELDS; ++i)
    lmx_free((*jets)->field[i].values);
  lmx_free((*jets)->scratch[0]);
  lmx_free((*jets)->scratch[1]);
  lmx_padded_clear(&(*jets)->padded);
  lmx_free(*jets);
  *jets = NULL;
}

/* out[i] = scale (c_0 in[i] + sum_k c_k (in[i + k s] + sign in[i - k s])) */
static void apply_row(const double *restrict in, ptrdiff_t s, size_t n,
                      const double *c, int half, double sign, double scale,
                      double *restrict out)
{
  for (size_t i = 0; i < n; ++i)
    out[i] = scale * c[0] * in[i];
  for (int k = 1; k <= half; ++k) {
    const double *up = in + k * s, *down = in - k * s;
    double ck = scale * c[k];
    for (size_t i = 0; i < n; ++i)
      out[i] += ck * (up[i] + sign * down[i]);
  }
}

/* Applies the s-th derivative along `slot`: on interior nodes of the slots
 * up to it, and on the padded range of the later ones, where a following
 * derivative needs it. */
static void apply_slot(const lmx_jets *jets, int slot, int s, const double *in,
                       double *out)
{
  const lmx_padded *p = &jets->padded;
  int a = slot - lmx_first_slot(jets->grid);
  double scale = pow(jets->grid->axis[a].h, -s);
  double sign = s % 2 == 0 ? 1.0 : -1.0;
  int half = jets->grid->order / 2 + (s == 3 ? 1 : 0);
  size_t lo[3], n[3];
  for (int k = 0; k < 3; ++k) {
    bool interior = k <= slot;
    lo[k] = interior ? p->pad[k] : 0;
    n[k] = p->n[k] + (interior ? 0 : 2 * p->pad[k]);
  }
  for (size_t i = 0; i < n[0]; ++i)
    for (size_t j = 0; j < n[1]; ++j) {
      size_t row =
          (lo[0] + i) * p->stride[0] + (lo[1] + j) * p->stride[1] + lo[2];
      apply_row(in + row, (ptrdiff_t)p->stride[slot], n[2], jets->stencil[s],
                half, sign, scale, out + row);
    }
}

static void extract(const lmx_padded *p, const double *from, double *field)
{
  for (size_t i = 0; i < p->n[0]; ++i)
    for (size_t j = 0; j < p->n[1]; ++j)
      memcpy(field + (i * p->n[1] + j) * p->n[2],
             from + p->origin + i * p->stride[0] + j * p->stride[1],
             p->n[2] * sizeof *field);
}

void lmx_jets_set(lmx_jets *jets, const double *u)
{
  lmx_padded_fill(&jets->padded, u);
  for (int f = 0; f < jets->nfields; ++f) {
    const double *from = jets->padded.data;
    int next = 0;
    for (int slot = 0; slot < 3; ++slot) {
      int s = jets->field[f].s[slot];
      if (s == 0)
        continue;
      apply_slot(jets, slot, s, from, jets->scratch[next]);
      from = jets->scratch[next];
      next = 1 - next;
    }
    extract(&jets->padded, from, jets->field[f].values);
  }
}

/* Derivative of u at node `index` with respect to up to three grid axes;
 * pass -1 for "none". */
static double partial(const lmx_jets *jets, size_t index, int a, int b, int c)
{
  int s[3] = {0, 0, 0}, first = lmx_first_slot(jets->grid);
  const int axes[3] = {a, b, c};
  for (int i = 0; i < 3; ++i)
    if (axes[i] >= 0)
      ++s[first + axes[i]];
  return jets->field[jets->position[s[0]][s[1]][s[2]]].values[index];
}

static void set_third(lmx_jet *jet, int a, int b, int c, double value)
{
  int d = jet->d;
  const int orders[6][3] = {{a, b, c}, {a, c, b}, {b, a, c},
                            {b, c, a}, {c, a, b}, {c, b, a}};
  for (int i = 0; i < 6; ++i)
    jet->T[(orders[i][0] * d + orders[i][1]) * d + orders[i][2]] = value;
}

/* Third derivatives: those on the grid axes, and d_a(u_rho/rho) on the
 * diagonal of the directions that the radial axis stands for. */
static void expand_third(const lmx_jets *jets, size_t index, lmx_jet *jet)
{
  int n = jets->grid->naxes, d = jet->d;
  memset(jet->T, 0, (size_t)(d * d * d) * sizeof *jet->T);
  for (int a = 0; a < n; ++a)
    for (int b = a; b < n; ++b)
      for (int c = b; c < n; ++c)
        set_third(jet, a, b, c, partial(jets, index, a, b, c));
  if (jets->grid->m == 0)
    return;
  double rho = jet->v[n - 1];
  for (int a = 0; a < n; ++a) {
    double value = partial(jets, index, a, n - 1, -1) / rho;
    if (a == n - 1)
      value -= partial(jets, index, n - 1, -1, -1) / (rho * rho);
    for (int j = n; j < d; ++j)
      set_third(jet, a, j, j, value);
  }
}

void lmx_jets_get(const lmx_jets *jets, size_t index, lmx_jet *jet)
{
  const lmx_grid *grid = jets->grid;
  const lmx_padded *p = &jets->padded;
  int n = grid->naxes, d = grid->d;
  lmx_grid_point(grid, index, jet->v);
  double r2 = 0.0;
  for (int a = 0; a < n; ++a)
    r2 += jet->v[a] * jet->v[a];
  size_t j = index / p->n[2];
  jet->g = p->data[p->origin + (j / p->n[1]) * p->stride[0] +
                   (j % p->n[1]) * p->stride[1] + index % p->n[2]] +
           lmx_log_maxwellian(d, r2);
  memset(jet->q, 0, (size_t)d * sizeof *jet->q);
  memset(jet->G, 0, (size_t)(d * d) * sizeof *jet->G);
  for (int a = 0; a < n; ++a) {
    jet->q[a] = partial(jets, index, a, -1, -1) - jet->v[a];
    for (int b = a; b < n && jets->derivatives >= 2; ++b)
      jet->G[a * d + b] = jet->G[b * d + a] =
          partial(jets, index, a, b, -1) - (a == b ? 1.0 : 0.0);
  }
  for (int a = n; a < d; ++a)
    jet->G[a * d + a] = jet->q[n - 1] / jet->v[n - 1];
  if (jets->derivatives >= 3)
    expand_third(jets, index, jet);
}
