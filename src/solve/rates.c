/* Where a state changes, and what the grid knows about it: looked at when a
 * solve has stopped, to say why. */
#include <math.h>
#include <string.h>

#include <fftw3.h>

#include "core/memory.h"
#include "landaumax/solve.h"
#include "solve/log_form.h"

/* Of the wave numbers of an axis, those above this part of the largest count
 * as its end. An eighth of them, so that one coefficient that vanishes by
 * symmetry does not stand for all. */
static const double spectrum_end = 0.875;

/* Rounding of f, relative to its largest value. */
static const double rounding = 1e-16;

/* --- the log form ----------------------------------------------------- */

/* The same nodes with differences of another order. */
static lmx_status create_like(lmx_context *context, const lmx_grid *grid,
                              int order, lmx_grid **out)
{
  lmx_axis_spec axes[LMX_MAX_AXES];
  for (int a = 0; a < grid->naxes; ++a)
    axes[a] = (lmx_axis_spec){grid->axis[a].kind, grid->axis[a].points,
                              grid->axis[a].half_width};
  return lmx_grid_create(context, grid->d, grid->naxes, axes, order, out);
}

static lmx_status rates_on(lmx_context *context, const lmx_model *model,
                           const lmx_grid *grid, double t, const double *u,
                           double *rate)
{
  lmx_log_form *form;
  LMX_TRY(lmx_log_form_create(context, model, grid, &form));
  const lmx_unknowns *unknowns = lmx_log_form_unknowns(form);
  double *y = NULL, *ydot = NULL;
  lmx_status status = LMX_NEW_ARRAY(context, unknowns->size, &y);
  if (status == LMX_OK)
    status = LMX_NEW_ARRAY(context, unknowns->size, &ydot);
  if (status == LMX_OK) {
    lmx_unknowns_gather(unknowns, u, y);
    lmx_log_form_rhs(form, t, y, ydot);
    memset(rate, 0, grid->size * sizeof *rate);
    lmx_unknowns_scatter(unknowns, ydot, rate);
  }
  lmx_free(y);
  lmx_free(ydot);
  lmx_log_form_destroy(&form);
  return status;
}

lmx_status lmx_log_rates(lmx_context *context, const lmx_model *model,
                         const lmx_grid *grid, double t, const double *u,
                         double *rate, double *doubt)
{
  lmx_grid *other;
  LMX_TRY(create_like(context, grid,
                      grid->order > 2 ? grid->order - 2 : grid->order + 2,
                      &other));
  lmx_status status = rates_on(context, model, grid, t, u, rate);
  if (status == LMX_OK)
    status = rates_on(context, model, other, t, u, doubt);
  lmx_grid_destroy(&other);
  for (size_t i = 0; status == LMX_OK && i < grid->size; ++i)
    doubt[i] = fabs(doubt[i] - rate[i]);
  return status;
}

/* --- the density form ------------------------------------------------- */

/* Whether a coefficient of the real transform lies at the end of the spectrum
 * in one axis at least. */
static bool at_spectrum_end(const lmx_grid *grid, size_t mode)
{
  for (int a = grid->naxes - 1; a >= 0; --a) {
    size_t n = grid->axis[a].points;
    size_t count = a == grid->naxes - 1 ? n / 2 + 1 : n, i = mode % count;
    mode /= count;
    double wave = (double)(2 * i <= n ? i : n - i);
    if (wave >= spectrum_end * 0.5 * (double)n)
      return true;
  }
  return false;
}

/* Largest amplitude at the end of the spectrum of f, which is lost. */
static lmx_status spectrum_tail(lmx_context *context, const lmx_grid *grid,
                                double *f, double *tail)
{
  int points[LMX_MAX_AXES];
  size_t last = grid->axis[grid->naxes - 1].points;
  size_t modes = grid->size / last * (last / 2 + 1);
  fftw_complex *hat;
  for (int a = 0; a < grid->naxes; ++a)
    points[a] = (int)grid->axis[a].points;
  LMX_TRY(lmx_memory_require(context, 48.0 * (double)grid->size, "FFTW"));
  LMX_TRY(LMX_NEW_ARRAY(context, modes, &hat));
  fftw_plan plan =
      fftw_plan_dft_r2c(grid->naxes, points, f, hat, FFTW_ESTIMATE);
  if (plan == NULL) {
    lmx_free(hat);
    return lmx_fail(context, LMX_ERR_MEMORY, "FFTW cannot plan");
  }
  fftw_execute(plan);
  fftw_destroy_plan(plan);
  *tail = 0.0;
  for (size_t mode = 0; mode < modes; ++mode)
    if (at_spectrum_end(grid, mode))
      *tail = fmax(*tail, 2.0 * hypot(hat[mode][0], hat[mode][1]) /
                              (double)grid->size);
  lmx_free(hat);
  return LMX_OK;
}

static double square_norm(const lmx_grid *grid, size_t index)
{
  double v[LMX_MAX_DIMENSION], r2 = 0.0;
  lmx_grid_point(grid, index, v);
  for (int a = 0; a < grid->naxes; ++a)
    r2 += v[a] * v[a];
  return r2;
}

static bool at_edge(const lmx_grid *grid, size_t index)
{
  double v[LMX_MAX_DIMENSION];
  lmx_grid_point(grid, index, v);
  for (int a = 0; a < grid->naxes; ++a)
    if (fabs(v[a]) > grid->axis[a].half_width - grid->axis[a].h)
      return true;
  return false;
}

/* Everything that can be read off f itself. */
static void read_field(const lmx_grid *grid, const double *f, double atol,
                       lmx_density_reach *out)
{
  double radius2 = INFINITY;
  for (size_t i = 0; i < grid->size; ++i) {
    out->edge = fmax(out->edge, at_edge(grid, i) ? f[i] : 0.0);
    if (f[i] < LMX_TRUST_MARGIN * fmax(atol, rounding))
      radius2 = fmin(radius2, square_norm(grid, i));
  }
  out->radius = sqrt(radius2);
}

lmx_status lmx_density_reach_measure(lmx_context *context, const lmx_grid *grid,
                                     const double *u, double atol,
                                     lmx_density_reach *out)
{
  double *f, top = -INFINITY;
  lmx_density_reach reach = {0};
  LMX_TRY(LMX_NEW_ARRAY(context, grid->size, &f));
  for (size_t i = 0; i < grid->size; ++i) {
    f[i] = u[i] + lmx_log_maxwellian(grid->d, square_norm(grid, i));
    top = fmax(top, f[i]);
  }
  for (size_t i = 0; i < grid->size; ++i)
    f[i] = exp(f[i] - top);
  read_field(grid, f, atol, &reach);
  lmx_status status = spectrum_tail(context, grid, f, &reach.tail);
  lmx_free(f);
  if (status == LMX_OK)
    *out = reach;
  return status;
}
