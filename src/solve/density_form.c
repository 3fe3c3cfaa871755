/* Right-hand side of the density form: f on a periodic box, Fourier
 * derivatives through FFTW. Linear, so its Jacobian is itself.
 *   d_t f = abar : Hess f + kappa f */
#include <math.h>
#include <string.h>

#include <fftw3.h>

#include "core/memory.h"
#include "core/simd.h"
#include "solve/formulation.h"

enum { MAX_SECOND = 6 }; /* second derivatives of three axes */

typedef struct density_form {
  const lmx_model *model;
  const lmx_grid *grid;
  size_t modes;               /* complex coefficients of a real transform */
  double *k[LMX_MAX_AXES];    /* wave numbers, [points] (last axis halved) */
  double *real;               /* [size] */
  fftw_complex *hat, *second; /* [modes] */
  fftw_plan forward, backward;
  double *derivative[MAX_SECOND]; /* [size], pairs (a, b), a <= b */
  lmx_unknowns unknowns;
  double t; /* of the linearisation */
} density_form;

static void destroy(void **self)
{
  if (self == NULL || *self == NULL)
    return;
  density_form *form = *self;
  if (form->forward != NULL)
    fftw_destroy_plan(form->forward);
  if (form->backward != NULL)
    fftw_destroy_plan(form->backward);
  for (int a = 0; a < LMX_MAX_AXES; ++a)
    lmx_free(form->k[a]);
  for (int i = 0; i < MAX_SECOND; ++i)
    lmx_free(form->derivative[i]);
  lmx_unknowns_clear(&form->unknowns);
  lmx_free(form->real);
  lmx_free(form->hat);
  lmx_free(form->second);
  lmx_free(form);
  *self = NULL;
}

/* Wave numbers of axis a in FFTW's order. */
static lmx_status wave_numbers(lmx_context *context, const lmx_axis *axis,
                               double **out)
{
  LMX_TRY(LMX_NEW_ARRAY(context, axis->points, out));
  ptrdiff_t n = (ptrdiff_t)axis->points;
  for (ptrdiff_t i = 0; i < n; ++i)
    (*out)[i] = M_PI / axis->half_width * (double)(2 * i <= n ? i : i - n);
  return LMX_OK;
}

static lmx_status allocate(lmx_context *context, density_form *form)
{
  const lmx_grid *grid = form->grid;
  int n = grid->naxes, points[LMX_MAX_AXES];
  size_t last = grid->axis[n - 1].points;
  form->modes = grid->size / last * (last / 2 + 1);
  for (int a = 0; a < n; ++a) {
    points[a] = (int)grid->axis[a].points;
    LMX_TRY(wave_numbers(context, &grid->axis[a], &form->k[a]));
  }
  LMX_TRY(lmx_unknowns_init(context, grid, true, &form->unknowns));
  LMX_TRY(LMX_NEW_ARRAY(context, grid->size, &form->real));
  LMX_TRY(LMX_NEW_ARRAY(context, form->modes, &form->hat));
  LMX_TRY(LMX_NEW_ARRAY(context, form->modes, &form->second));
  for (int i = 0; i < n * (n + 1) / 2; ++i)
    LMX_TRY(LMX_NEW_ARRAY(context, grid->size, &form->derivative[i]));
  LMX_TRY(lmx_memory_require(context, 24.0 * (double)grid->size, "FFTW"));
  /* Estimated plans: measured ones would make results depend on timing. */
  form->forward = fftw_plan_dft_r2c(n, points, form->real, form->hat,
                                    FFTW_ESTIMATE | FFTW_PRESERVE_INPUT);
  form->backward = fftw_plan_dft_c2r(n, points, form->second,
                                     form->derivative[0], FFTW_ESTIMATE);
  if (form->forward == NULL || form->backward == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "FFTW cannot plan");
  return LMX_OK;
}

static lmx_status create(lmx_context *context, const lmx_model *model,
                         const lmx_grid *grid, void **out)
{
  density_form *form;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &form));
  form->model = model;
  form->grid = grid;
  lmx_status status = allocate(context, form);
  if (status != LMX_OK) {
    void *self = form;
    destroy(&self);
    return status;
  }
  *out = form;
  return LMX_OK;
}

/* Multiplies the spectrum by -k_a k_b / size. The Nyquist mode has no sign:
 * it drops out of mixed derivatives. */
static void multiply_spectrum(density_form *form, int a, int b)
{
  const lmx_grid *grid = form->grid;
  int n = grid->naxes;
  size_t half = grid->axis[n - 1].points / 2 + 1;
  double norm = 1.0 / (double)grid->size;
  for (size_t mode = 0; mode < form->modes; ++mode) {
    size_t rest = mode;
    double factor = -norm;
    for (int c = n - 1; c >= 0; --c) {
      size_t count = c == n - 1 ? half : grid->axis[c].points;
      size_t i = rest % count;
      rest /= count;
      bool nyquist = 2 * i == grid->axis[c].points;
      if (c == a)
        factor *= a != b && nyquist ? 0.0 : form->k[c][i];
      if (c == b)
        factor *= a != b && nyquist ? 0.0 : form->k[c][i];
    }
    form->second[mode][0] = factor * form->hat[mode][0];
    form->second[mode][1] = factor * form->hat[mode][1];
  }
}

/* out = abar : Hess + kappa f from the second derivatives. */
static void combine(const density_form *form, double t, const double *f,
                    double *out)
{
  const lmx_grid *grid = form->grid;
  int n = grid->naxes;
  double v[LMX_MAX_DIMENSION], c[LMX_MAX_AXES];
  for (int a = 0; a < n; ++a)
    c[a] = lmx_model_c(form->model, a, t);
  for (size_t i = 0; i < grid->size; ++i) {
    lmx_grid_point(grid, i, v);
    double r2 = 0.0, sum = form->model->kappa * f[i];
    for (int a = 0; a < n; ++a)
      r2 += v[a] * v[a];
    for (int a = 0, pair = 0; a < n; ++a)
      for (int b = a; b < n; ++b, ++pair)
        sum += (a == b ? c[a] + r2 - v[a] * v[a] : -2.0 * v[a] * v[b]) *
               form->derivative[pair][i];
    out[i] = sum;
  }
}

static void rhs(void *self, double t, const double *f, double *fdot)
{
  density_form *form = self;
  memcpy(form->real, f, form->grid->size * sizeof *f);
  fftw_execute(form->forward);
  int n = form->grid->naxes;
  for (int a = 0, pair = 0; a < n; ++a)
    for (int b = a; b < n; ++b, ++pair) {
      multiply_spectrum(form, a, b);
      fftw_execute_dft_c2r(form->backward, form->second,
                           form->derivative[pair]);
    }
  combine(form, t, f, fdot);
}

static void linearise(void *self, double t, const double *f)
{
  (void)f;
  ((density_form *)self)->t = t;
}

static void product(void *self, const double *w, double *jw)
{
  rhs(self, ((density_form *)self)->t, w, jw);
}

static const double *const *no_drift(const void *self)
{
  (void)self;
  return NULL;
}

static const lmx_unknowns *unknowns(const void *self)
{
  return &((const density_form *)self)->unknowns;
}

static double kappa(const lmx_model *model)
{
  return model->kappa;
}

static double log_maxwellian_at(const lmx_grid *grid, size_t index, double *r2)
{
  double v[LMX_MAX_DIMENSION];
  lmx_grid_point(grid, index, v);
  *r2 = 0.0;
  for (int a = 0; a < grid->naxes; ++a)
    *r2 += v[a] * v[a];
  return lmx_log_maxwellian(grid->d, *r2);
}

/* A stored state has NaN where noise made f negative: zero is as near. */
static void from_log(const void *self, const double *u, double *f)
{
  const lmx_grid *grid = ((const density_form *)self)->grid;
  double r2;
  for (size_t i = 0; i < grid->size; ++i)
    f[i] = isnan(u[i]) ? 0.0 : exp(u[i] + log_maxwellian_at(grid, i, &r2));
}

static void to_log(void *self, const double *f, double *u)
{
  const lmx_grid *grid = ((density_form *)self)->grid;
  double r2;
  for (size_t i = 0; i < grid->size; ++i)
    u[i] = f[i] > 0.0 ? log(f[i]) - log_maxwellian_at(grid, i, &r2) : NAN;
}

static double largest(const lmx_grid *grid, const double *f)
{
  double top = 0.0;
  for (size_t i = 0; i < grid->size; ++i)
    top = fmax(top, f[i]);
  return top;
}

static bool at_edge(const lmx_grid *grid, size_t index)
{
  for (int a = grid->naxes - 1; a >= 0; --a) {
    size_t i = index % grid->axis[a].points;
    if (i == 0 || i == grid->axis[a].points - 1)
      return true;
    index /= grid->axis[a].points;
  }
  return false;
}

static double trust_radius(const lmx_grid *grid, const double *f)
{
  double noise = 1e-16 * largest(grid, f), r2, radius2 = INFINITY;
  for (size_t i = 0; i < grid->size; ++i)
    if (f[i] < 0.0 || at_edge(grid, i))
      noise = fmax(noise, fabs(f[i]));
  for (size_t i = 0; i < grid->size; ++i) {
    log_maxwellian_at(grid, i, &r2);
    if (f[i] < LMX_TRUST_MARGIN * noise)
      radius2 = fmin(radius2, r2);
  }
  return sqrt(radius2);
}

const lmx_formulation_class lmx_density_formulation = {
    .create = create,
    .destroy = destroy,
    .rhs = rhs,
    .linearise = linearise,
    .product = product,
    .drift = no_drift,
    .reaction = kappa,
    .spectral = true,
    .unknowns = unknowns,
    .from_log = from_log,
    .to_log = to_log,
    .trust_radius = trust_radius,
    .scale = largest,
    .corner_slack = 1.0,
};
