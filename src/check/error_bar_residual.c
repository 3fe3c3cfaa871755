/* The residual of the differences at the nodes (docs/math.md, section 3.5).
 *
 * What differences of order p leave out is a series, one term for every
 * further order. Two orders give a term and no bound of the rest. Three, q0 <
 * q1 < q2, give two terms in a row, T0 = N_q0 - N_q1 and T1 = N_q1 - N_q2, and
 * with theta = sup |T1| / sup |T0| over a shell and its neighbours
 *   |N_p - N| <= |N_p - N_q2| + |T1| x / (1 - x),  x = sqrt(theta),
 * if the ratio of later terms stays below x. Where theta is too large for that
 * the grid does not resolve the solution, and nothing is known. */
#include "check/error_bar.h"

/* A wave exp(ikx) has terms with the ratio
 *   c_n sin(kh/2)^2,  c_n = (n+1)^2 / ((n+2) (n+3/2)),  n = order / 2,
 * in its second derivative. Where theta is more than this part of c_n it does
 * not say how the terms go on. */
static const double largest_part = 0.6;
/* Nodes that differences need beyond order / 2. */
enum { MARGIN = 4 };

static bool fits(const lmx_grid *grid, int order)
{
  size_t fewest = grid->axis[0].points;
  for (int a = 1; a < grid->naxes; ++a)
    if (grid->axis[a].points < fewest)
      fewest = grid->axis[a].points;
  return order >= 2 && order <= LMX_MAX_ORDER &&
         fewest >= (size_t)order / 2 + MARGIN;
}

/* q0: that of the grid, or two or four less. */
static int lowest_order(const lmx_grid *grid)
{
  int order = grid->order;
  while (order > 2 && order > grid->order - 4 && !fits(grid, order + 4))
    order -= 2;
  return order;
}

static double limit(int n)
{
  return largest_part * (n + 1.0) * (n + 1.0) / ((n + 2.0) * (n + 1.5));
}

static lmx_status create_level(lmx_context *context, const lmx_grid *grid,
                               int order, lmx_bar_level *level)
{
  lmx_axis_spec axes[LMX_MAX_AXES];
  for (int a = 0; a < grid->naxes; ++a)
    axes[a] = (lmx_axis_spec){.kind = grid->axis[a].kind,
                              .points = grid->axis[a].points,
                              .half_width = grid->axis[a].half_width};
  LMX_TRY(lmx_grid_create(context, grid->d, grid->naxes, axes, order,
                          &level->grid));
  LMX_TRY(lmx_jets_create(context, level->grid, 2, &level->jets));
  return lmx_jet_create(context, grid->d, &level->jet);
}

lmx_status lmx_bar_residual_create(lmx_context *context, const lmx_grid *grid,
                                   lmx_bar_residual *out)
{
  int lowest = lowest_order(grid);
  out->own = (grid->order - lowest) / 2;
  out->largest_ratio = fits(grid, lowest + 4) ? limit(lowest / 2) : -limit(1);
  for (int i = 0, level = 0; i < LMX_BAR_ORDERS; ++i) {
    int order = lowest + 2 * i;
    if (i == out->own)
      continue;
    if (!fits(grid, order))
      order = grid->order;
    LMX_TRY(create_level(context, grid, order, &out->level[level++]));
  }
  return LMX_OK;
}

void lmx_bar_residual_release(lmx_bar_residual *r)
{
  for (int i = 0; i < LMX_BAR_ORDERS - 1; ++i) {
    lmx_jets_destroy(&r->level[i].jets);
    lmx_jet_destroy(&r->level[i].jet);
    lmx_grid_destroy(&r->level[i].grid);
  }
}

void lmx_bar_residual_set(lmx_bar_residual *r, const double *u)
{
  for (int i = 0; i < LMX_BAR_ORDERS - 1; ++i)
    lmx_jets_set(r->level[i].jets, u);
}

const lmx_jet *lmx_bar_residual_jet(lmx_bar_residual *r, size_t node)
{
  for (int i = 0; i < LMX_BAR_ORDERS - 1; ++i)
    lmx_jets_get(r->level[i].jets, node, r->level[i].jet);
  return r->level[LMX_BAR_ORDERS - 2].jet;
}

/* (d_t f) / f = abar : Hess f / f + kappa, math.md (4), (5). The lemmas have
 * the same with the size of its terms, at twice the price. */
double lmx_bar_time_derivative(const lmx_jet *jet, const double *c)
{
  int d = jet->d;
  double trace = 0.0, normal = 0.0, own = d * (d - 1.0), v2 = 0.0;
  for (int a = 0; a < d; ++a) {
    double row = 0.0;
    for (int b = 0; b < d; ++b)
      row += (jet->G[a * d + b] + jet->q[a] * jet->q[b]) * jet->v[b];
    double diagonal = jet->G[a * d + a] + jet->q[a] * jet->q[a];
    normal += jet->v[a] * row;
    trace += diagonal;
    own += c[a] * diagonal;
    v2 += jet->v[a] * jet->v[a];
  }
  return own + v2 * trace - normal;
}

void lmx_bar_residual_at(const lmx_bar_residual *r, const double *c,
                         double rate, lmx_bar_terms *terms)
{
  double N[LMX_BAR_ORDERS];
  for (int i = 0, level = 0; i < LMX_BAR_ORDERS; ++i)
    N[i] =
        i == r->own ? rate : lmx_bar_time_derivative(r->level[level++].jet, c);
  terms->first = fabs(N[0] - N[1]);
  terms->second = fabs(N[1] - N[2]);
  terms->known = fabs(rate - N[LMX_BAR_ORDERS - 1]);
}

/* The ratio over a shell and its neighbours; NaN counts as 1. */
static double ratio_at(size_t n, const double *first, const double *second,
                       size_t j)
{
  double T0 = 0.0, T1 = 0.0;
  for (size_t k = j > 0 ? j - 1 : 0; k < n && k <= j + 1; ++k) {
    lmx_bar_raise(&T0, first[k]);
    lmx_bar_raise(&T1, second[k]);
  }
  if (T1 == 0.0)
    return 0.0;
  return T1 < T0 ? T1 / T0 : 1.0;
}

void lmx_bar_residual_rest(const lmx_bar_residual *r, size_t n,
                           const double *first, const double *second,
                           double *rest, bool *resolved)
{
  for (size_t j = 0; j < n; ++j) {
    double ratio = ratio_at(n, first, second, j);
    double x = sqrt(fmin(ratio, fabs(r->largest_ratio)));
    resolved[j] = ratio <= r->largest_ratio;
    rest[j] = x / (1.0 - x);
  }
}
