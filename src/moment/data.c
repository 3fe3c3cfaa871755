/* Second and fourth moments of the initial data. */
#include "moment/data.h"

#include <math.h>

enum { MAX = LMX_MAX_DIMENSION };

static const double LARGEST_ERROR = 1e-6;

double lmx_moment_data_fourth(const lmx_moment_data *data)
{
  double sum = 0.0;
  for (int a = 0; a < data->d * data->d; ++a)
    sum += data->Q[a];
  return sum;
}

/* Of a word of three letters. */
static double third(const lmx_moment_data *data, const int *count)
{
  int square = -1, odd = -1;
  for (int a = 0; a < data->d; ++a) {
    square = count[a] >= 2 ? a : square;
    odd = count[a] % 2 != 0 ? a : odd;
  }
  return square < 0 ? 0.0 : data->S[square * data->d + odd];
}

double lmx_moment_data_word(const void *self, const lmx_word *word)
{
  const lmx_moment_data *data = self;
  int count[MAX] = {0}, pair[2], n = 0;
  for (int i = 0; i < word->n; ++i)
    count[word->axis[i]]++;
  if (word->n == 3)
    return third(data, count);
  for (int a = 0; a < data->d; ++a) {
    if (count[a] % 2 != 0)
      return 0.0;
    for (int k = 0; k < count[a] / 2 && n < 2; ++k)
      pair[n++] = a;
  }
  if (n == 0)
    return 1.0;
  return n == 1 ? data->E[pair[0]] : data->Q[pair[0] * data->d + pair[1]];
}

/* --- closed forms ----------------------------------------------------- */

/* Mean of v_a^2 v_b^2 over N(m, S) by Isserlis' theorem. */
static double gaussian_fourth(const lmx_component *g, int d, int a, int b)
{
  double Saa = g->covariance[a * d + a], Sbb = g->covariance[b * d + b];
  double Sab = g->covariance[a * d + b];
  return (g->mean[a] * g->mean[a] + Saa) * (g->mean[b] * g->mean[b] + Sbb) +
         2.0 * Sab * Sab + 4.0 * g->mean[a] * g->mean[b] * Sab;
}

/* Mean of v_a^2 v_b. */
static double gaussian_third(const lmx_component *g, int d, int a, int b)
{
  double Saa = g->covariance[a * d + a], Sab = g->covariance[a * d + b];
  return (g->mean[a] * g->mean[a] + Saa) * g->mean[b] + 2.0 * g->mean[a] * Sab;
}

static void from_mixture(size_t n, const lmx_component *components,
                         lmx_moment_data *data)
{
  int d = data->d;
  for (size_t k = 0; k < n; ++k)
    for (int a = 0; a < d; ++a)
      for (int b = 0; b < d; ++b) {
        const lmx_component *g = &components[k];
        data->Q[a * d + b] += g->weight * gaussian_fourth(g, d, a, b);
        data->S[a * d + b] += g->weight * gaussian_third(g, d, a, b);
      }
}

/* BKW: the mean of |v|^4 is d (d+2) (1 - c^2), and f0 is radial. */
static void from_bkw(double c, lmx_moment_data *data)
{
  for (int a = 0; a < data->d; ++a)
    for (int b = 0; b < data->d; ++b)
      data->Q[a * data->d + b] = (1.0 - c * c) * (a == b ? 3.0 : 1.0);
}

/* --- quadrature ------------------------------------------------------- */

/* Means over the unit sphere of R^g that turn powers of rho, the length of g
 * components, into those of two of them: rho^2 -> 1/g, rho^4 -> (1 + 2
 * delta_ab) / (g (g+2)). */
static void add_node(const lmx_grid *grid, const double *v, double weight,
                     double *mass, lmx_moment_data *data)
{
  int d = grid->d, last = grid->naxes - 1, g = grid->m + 1;
  *mass += weight;
  for (int a = 0; a < d; ++a) {
    int i = a < last ? a : last;
    double va = v[i] * v[i] / (a < last ? 1 : g);
    data->E[a] += weight * va;
    for (int b = 0; b < d; ++b) {
      int j = b < last ? b : last;
      double factor = b < last ? 1.0 : 1.0 / g;
      if (a >= last && b >= last)
        factor = (a == b ? 3.0 : 1.0) / (g + 2);
      data->Q[a * d + b] += weight * va * v[j] * v[j] * factor;
      if (b < grid->naxes && grid->axis[b].kind == LMX_AXIS_FULL)
        data->S[a * d + b] += weight * va * v[b];
    }
  }
}

/* E comes from the model, to full accuracy; the quadrature's own shows how
 * good Q is. */
static lmx_status from_grid(lmx_context *context, const lmx_initial *initial,
                            const lmx_grid *grid, lmx_moment_data *data)
{
  const lmx_model *model = lmx_initial_model(initial);
  double *u, v[MAX], mass = 0.0;
  LMX_TRY(LMX_NEW_ARRAY(context, grid->size, &u));
  lmx_status status = lmx_initial_sample(context, initial, grid, u);
  for (size_t i = 0; i < grid->size && status == LMX_OK; ++i) {
    double r2 = 0.0;
    lmx_grid_point(grid, i, v);
    for (int a = 0; a < grid->naxes; ++a)
      r2 += v[a] * v[a];
    add_node(grid, v,
             lmx_grid_weight(grid, i) *
                 exp(u[i] + lmx_log_maxwellian(grid->d, r2)),
             &mass, data);
  }
  lmx_free(u);
  LMX_TRY(status);
  data->error = fabs(mass - 1.0);
  for (int a = 0; a < data->d; ++a) {
    double E = lmx_model_temperature(model, a, 0.0);
    data->error = fmax(data->error, fabs(data->E[a] - E));
    data->E[a] = E;
  }
  if (!(data->error <= LARGEST_ERROR))
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "grid.points: mass and second moments of the initial data "
                    "err by %.1e on this grid; it needs more points or a "
                    "larger half width",
                    data->error);
  return LMX_OK;
}

lmx_status lmx_moment_data_create(lmx_context *context,
                                  const lmx_initial *initial,
                                  const lmx_grid *grid, lmx_moment_data *out)
{
  const lmx_model *model = lmx_initial_model(initial);
  lmx_moment_data data = {.d = model->d};
  size_t n;
  const lmx_component *components = lmx_initial_components(initial, &n);
  if (n == 0 && lmx_initial_get_kind(initial) != LMX_INITIAL_BKW) {
    if (grid == NULL)
      return lmx_fail(context, LMX_ERR_USAGE,
                      "moments: this initial data needs a grid");
    LMX_TRY(from_grid(context, initial, grid, &data));
    *out = data;
    return LMX_OK;
  }
  for (int a = 0; a < data.d; ++a)
    data.E[a] = lmx_model_temperature(model, a, 0.0);
  if (n > 0)
    from_mixture(n, components, &data);
  else
    from_bkw(lmx_initial_bkw_c(initial), &data);
  *out = data;
  return LMX_OK;
}
