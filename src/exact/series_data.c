/* Which harmonics serve a mixture, and its numbers as balls. */
#include "exact/series_data.h"

#include <arb_mat.h>
#include <gsl/gsl_eigen.h>
#include <math.h>

/* BITS hold differences of doubles of like size exactly or to 1e-60. */
enum { BITS = 256, SQUARINGS = 10 };

/* Whether S, [d][d], is diagonal with all entries but that of `axis` equal. */
static bool is_round(int d, const double *S, int axis)
{
  int other = axis == 0 ? 1 : 0;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      double want = a != b      ? 0.0
                    : a == axis ? S[a * (d + 1)]
                                : S[other * (d + 1)];
      if (S[a * d + b] != want)
        return false;
    }
  return true;
}

static bool serves(const lmx_model *model, size_t n,
                   const lmx_component *components, int axis)
{
  int d = model->d, other = axis == 0 ? 1 : 0;
  for (int a = 0; a < d; ++a)
    if (a != axis && model->D[a] != model->D[other])
      return false;
  for (size_t k = 0; k < n; ++k) {
    if (!is_round(d, components[k].covariance, axis))
      return false;
    for (int a = 0; a < d; ++a)
      if (a != axis && components[k].mean[a] != 0.0)
        return false;
  }
  return true;
}

/* Least and largest eigenvalue of S. */
static lmx_status eigenvalues(lmx_context *context, int d, const double *S,
                              double *least, double *largest)
{
  double copy[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION];
  double value[LMX_MAX_DIMENSION];
  for (int i = 0; i < d * d; ++i) {
    copy[i] = S[i];
    if (!isfinite(S[i]) || S[i] != S[i % d * d + i / d])
      return lmx_fail(context, LMX_ERR_CASE,
                      "exact series: a covariance is not symmetric or not "
                      "finite");
  }
  gsl_matrix_view m = gsl_matrix_view_array(copy, (size_t)d, (size_t)d);
  gsl_vector_view e = gsl_vector_view_array(value, (size_t)d);
  gsl_eigen_symm_workspace *work = gsl_eigen_symm_alloc((size_t)d);
  if (work == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory");
  int code = gsl_eigen_symm(&m.matrix, &e.vector, work);
  gsl_eigen_symm_free(work);
  if (code != 0)
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "exact series: no eigenvalues of a covariance");
  for (int a = 0; a < d; ++a) {
    *least = fmin(*least, value[a]);
    *largest = fmax(*largest, value[a]);
  }
  return LMX_OK;
}

/* The middle of all eigenvalues. The choice needs no proof. */
static lmx_status reference(lmx_context *context, int d, size_t n,
                            const lmx_component *components, double *sigma0)
{
  double least = INFINITY, largest = 0.0;
  for (size_t k = 0; k < n; ++k) {
    if (!(components[k].weight > 0.0 && isfinite(components[k].weight)))
      return lmx_fail(context, LMX_ERR_CASE,
                      "exact series: weight %zu is %g, allowed is > 0", k + 1,
                      components[k].weight);
    LMX_TRY(
        eigenvalues(context, d, components[k].covariance, &least, &largest));
  }
  if (!(least > 0.0))
    return lmx_fail(context, LMX_ERR_CASE,
                    "exact series: a covariance has the eigenvalue %g, "
                    "allowed is > 0",
                    least);
  *sigma0 = 0.5 * (least + largest);
  return LMX_OK;
}

/* ||A|| <= ||A^(2^s)||_F^(2^-s), too large by a factor d^(2^-s/2) at most. */
static void spectral_norm(int d, const double *S, const arb_t sigma0,
                          arb_t norm)
{
  arb_mat_t A;
  mag_t bound;
  arb_mat_init(A, d, d);
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      arb_set_d(arb_mat_entry(A, a, b), S[a * d + b]);
  for (int a = 0; a < d; ++a)
    arb_sub(arb_mat_entry(A, a, a), arb_mat_entry(A, a, a), sigma0, BITS);
  for (int s = 0; s < SQUARINGS; ++s)
    arb_mat_sqr(A, A, BITS);
  /* From above: where A is about 0 the ball of its norm has negative numbers in
   * it, which have no root, and arb_root_ui has none of 0 either. */
  mag_init(bound);
  arb_mat_bound_frobenius_norm(bound, A);
  arf_set_mag(arb_midref(norm), bound);
  mag_zero(arb_radref(norm));
  mag_clear(bound);
  if (!arb_is_zero(norm))
    arb_root_ui(norm, norm, 1U << SQUARINGS, BITS);
  arb_get_ubound_arf(arb_midref(norm), norm, BITS);
  mag_zero(arb_radref(norm));
  arb_mat_clear(A);
}

static void set_part(const lmx_series_data *data, const lmx_component *from,
                     int axis, lmx_series_part *part)
{
  int d = data->d, axes = data->kind == LMX_ZONAL ? 1 : d;
  int other = axis == 0 ? 1 : 0;
  const double *S = from->covariance;
  arb_set_d(part->weight, from->weight);
  for (int a = 0; a < axes; ++a)
    arb_set_d(&part->mean[a], from->mean[data->kind == LMX_ZONAL ? axis : a]);
  if (data->kind == LMX_ZONAL) {
    arb_set_d(part->radial, S[other * (d + 1)]);
    arb_set_d(&part->A[0], S[axis * (d + 1)]);
    arb_sub(&part->A[0], &part->A[0], part->radial, BITS);
    arb_sub(part->radial, part->radial, data->bound.sigma0, BITS);
    return;
  }
  for (int i = 0; i < d * d; ++i) {
    arb_set_d(&part->A[i], S[i]);
    if (i % (d + 1) == 0)
      arb_sub(&part->A[i], &part->A[i], data->bound.sigma0, BITS);
  }
}

static void set_D(lmx_series_data *data, const lmx_model *model, int axis)
{
  int d = data->d, other = axis == 0 ? 1 : 0;
  arb_t u, largest, square;
  arb_init(u);
  arb_init(largest);
  arb_init(square);
  for (int a = 0; a < d; ++a) {
    arb_set_d(u, model->D[a]);
    arb_addmul(square, u, u, BITS);
    arb_abs(u, u);
    arb_max(largest, largest, u, BITS);
    if (data->kind != LMX_ZONAL)
      arb_set_d(&data->D[a * (d + 1)], model->D[a]);
  }
  if (data->kind == LMX_ZONAL) {
    arb_set_d(data->D_radial, model->D[other]);
    arb_set_d(&data->D[0], model->D[axis]);
    arb_sub(&data->D[0], &data->D[0], data->D_radial, BITS);
  }
  arb_mul_2exp_si(square, square, -1);
  arb_sqrt(square, square, BITS);
  arb_max(data->bound.delta, largest, square, BITS);
  arb_clear(u);
  arb_clear(largest);
  arb_clear(square);
}

static void set_bound(lmx_series_data *data, const lmx_component *components)
{
  arb_t u;
  arb_init(u);
  for (size_t k = 0; k < data->n; ++k) {
    arb_set_d(&data->bound.weight[k], components[k].weight);
    for (int a = 0; a < data->d; ++a) {
      arb_set_d(u, components[k].mean[a]);
      arb_addmul(&data->bound.mean2[k], u, u, BITS);
    }
    spectral_norm(data->d, components[k].covariance, data->bound.sigma0,
                  &data->bound.norm[k]);
  }
  arb_clear(u);
}

static lmx_status choose(lmx_context *context, const lmx_model *model, size_t n,
                         const lmx_component *components, lmx_series_data *data,
                         int *axis)
{
  int d = model->d;
  data->kind = d == 2 ? LMX_PLANE : LMX_SPACE;
  *axis = 0;
  for (int a = 0; a < d && d > 2; ++a)
    if (serves(model, n, components, a)) {
      data->kind = LMX_ZONAL;
      *axis = a;
      return LMX_OK;
    }
  if (d > 3)
    return lmx_fail(context, LMX_ERR_CASE,
                    "exact series: in dimension %d the data must be round "
                    "about an axis",
                    d);
  return LMX_OK;
}

lmx_status lmx_series_data_set(lmx_context *context, const lmx_model *model,
                               size_t n, const lmx_component *components,
                               lmx_series_data *data, int *axis)
{
  double sigma0 = NAN;
  if (n == 0)
    return lmx_fail(context, LMX_ERR_CASE, "exact series: no components");
  LMX_TRY(reference(context, model->d, n, components, &sigma0));
  LMX_TRY(choose(context, model, n, components, data, axis));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &data->parts));
  int axes = data->kind == LMX_ZONAL ? 1 : model->d;
  lmx_majorant *bound = &data->bound;
  data->d = bound->d = model->d;
  data->n = bound->n = n;
  bound->weight = _arb_vec_init((slong)n);
  bound->norm = _arb_vec_init((slong)n);
  bound->mean2 = _arb_vec_init((slong)n);
  arb_init(bound->sigma0);
  arb_init(bound->delta);
  arb_set_d(bound->sigma0, sigma0);
  data->D = _arb_vec_init((slong)axes * axes);
  arb_init(data->D_radial);
  for (size_t k = 0; k < n; ++k) {
    lmx_series_part *part = &data->parts[k];
    arb_init(part->weight);
    arb_init(part->radial);
    part->mean = _arb_vec_init(axes);
    part->A = _arb_vec_init((slong)axes * axes);
    set_part(data, &components[k], *axis, part);
  }
  set_D(data, model, *axis);
  set_bound(data, components);
  return LMX_OK;
}

void lmx_series_data_clear(lmx_series_data *data)
{
  if (data->parts == NULL)
    return;
  slong axes = data->kind == LMX_ZONAL ? 1 : data->d, n = (slong)data->n;
  for (size_t k = 0; k < data->n; ++k) {
    arb_clear(data->parts[k].weight);
    arb_clear(data->parts[k].radial);
    _arb_vec_clear(data->parts[k].mean, axes);
    _arb_vec_clear(data->parts[k].A, axes * axes);
  }
  lmx_free(data->parts);
  data->parts = NULL;
  _arb_vec_clear(data->D, axes * axes);
  arb_clear(data->D_radial);
  _arb_vec_clear(data->bound.weight, n);
  _arb_vec_clear(data->bound.norm, n);
  _arb_vec_clear(data->bound.mean2, n);
  arb_clear(data->bound.sigma0);
  arb_clear(data->bound.delta);
}
