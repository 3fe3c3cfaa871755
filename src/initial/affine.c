/* The affine map between user's and normalised coordinates. */
#include "initial/affine.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_eigen.h>
#include <gsl/gsl_linalg.h>

enum { MAX = LMX_MAX_DIMENSION };

/* Changes of this size or less are rounding, not a change of the data: sums of
 * some hundred decimal numbers, and a formula's settled moments. */
static const double NO_CHANGE = 1e-12;

void lmx_affine_to_normalised(const lmx_affine *map, const double *x, double *v)
{
  int d = map->d;
  for (int a = 0; a < d; ++a) {
    double sum = 0.0;
    for (int b = 0; b < d; ++b)
      sum += map->rotation[a * d + b] * (x[b] - map->mean[b]);
    v[a] = sum / map->scale;
  }
}

void lmx_affine_to_user(const lmx_affine *map, const double *v, double *x)
{
  int d = map->d;
  for (int a = 0; a < d; ++a) {
    double sum = 0.0;
    for (int b = 0; b < d; ++b)
      sum += map->rotation[b * d + a] * v[b];
    x[a] = map->mean[a] + map->scale * sum;
  }
}

void lmx_affine_jet_to_user(const lmx_affine *map, lmx_jet *jet)
{
  int d = map->d;
  double s = map->scale;
  const double *R = map->rotation;
  double v[MAX], q[MAX], GR[MAX * MAX];
  memcpy(v, jet->v, (size_t)d * sizeof *v);
  memcpy(q, jet->q, (size_t)d * sizeof *q);
  lmx_affine_to_user(map, v, jet->v);
  jet->g += log(map->mass) - d * log(s);
  for (int a = 0; a < d; ++a) {
    jet->q[a] = 0.0;
    for (int b = 0; b < d; ++b)
      jet->q[a] += R[b * d + a] * q[b] / s;
    for (int b = 0; b < d; ++b) {
      GR[a * d + b] = 0.0;
      for (int k = 0; k < d; ++k)
        GR[a * d + b] += jet->G[a * d + k] * R[k * d + b];
    }
  }
  for (int a = 0; a < d; ++a)
    for (int b = a; b < d; ++b) { /* symmetric to the last bit */
      double sum = 0.0;
      for (int k = 0; k < d; ++k)
        sum += R[k * d + a] * GR[k * d + b];
      jet->G[a * d + b] = jet->G[b * d + a] = sum / (s * s);
    }
}

lmx_affine lmx_affine_identity(int d)
{
  lmx_affine map = {.d = d, .mass = 1.0, .scale = 1.0, .identity = true};
  for (int a = 0; a < d; ++a)
    map.rotation[a * d + a] = 1.0;
  return map;
}

void lmx_affine_covariance(const lmx_affine *map, const double *covariance,
                           double *normalised)
{
  int d = map->d;
  const double *R = map->rotation;
  double RS[MAX * MAX];
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      RS[a * d + b] = 0.0;
      for (int k = 0; k < d; ++k)
        RS[a * d + b] += R[a * d + k] * covariance[k * d + b];
    }
  for (int a = 0; a < d; ++a)
    for (int b = 0; b <= a; ++b) {
      double sum = 0.0;
      for (int k = 0; k < d; ++k)
        sum += RS[a * d + k] * R[b * d + k];
      sum /= map->scale * map->scale;
      normalised[a * d + b] = normalised[b * d + a] = sum;
    }
}

/* Flips the last row of an orthogonal matrix whose determinant is -1. */
static lmx_status make_proper(lmx_context *context, int d, double *R)
{
  double lu[MAX * MAX];
  int sign;
  memcpy(lu, R, (size_t)(d * d) * sizeof *lu);
  gsl_matrix_view view = gsl_matrix_view_array(lu, (size_t)d, (size_t)d);
  gsl_permutation *p = gsl_permutation_alloc((size_t)d);
  if (p == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory");
  gsl_linalg_LU_decomp(&view.matrix, p, &sign);
  gsl_permutation_free(p);
  if (gsl_linalg_LU_sgndet(&view.matrix, sign) < 0)
    for (int b = 0; b < d; ++b)
      R[(d - 1) * d + b] *= -1.0;
  return LMX_OK;
}

/* Entries that are equal up to this share count as equally large, so that the
 * sign does not depend on rounding. */
static const double NEARLY_LARGEST = 0.999;

/* Makes the first of the (nearly) largest entries of a row positive. */
static void fix_sign(int d, double *row)
{
  double largest = 0.0;
  for (int b = 0; b < d; ++b)
    largest = fmax(largest, fabs(row[b]));
  int b = 0;
  while (fabs(row[b]) < NEARLY_LARGEST * largest)
    ++b;
  if (row[b] < 0.0)
    for (int k = 0; k < d; ++k)
      row[k] = -row[k];
}

/* Rows of R: unit eigenvectors of the covariance, by falling variance. */
static lmx_status principal_axes(lmx_context *context, int d,
                                 const double *covariance, double *R)
{
  double copy[MAX * MAX], values[MAX], vectors[MAX * MAX];
  size_t n = (size_t)d;
  memcpy(copy, covariance, n * n * sizeof *copy);
  gsl_matrix_view A = gsl_matrix_view_array(copy, n, n);
  gsl_matrix_view V = gsl_matrix_view_array(vectors, n, n);
  gsl_vector_view e = gsl_vector_view_array(values, n);
  gsl_eigen_symmv_workspace *work = gsl_eigen_symmv_alloc(n);
  if (work == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory");
  int error = gsl_eigen_symmv(&A.matrix, &e.vector, &V.matrix, work);
  gsl_eigen_symmv_free(work);
  if (error)
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "the principal axes of the covariance were not found");
  gsl_eigen_symmv_sort(&e.vector, &V.matrix, GSL_EIGEN_SORT_VAL_DESC);
  for (int a = 0; a < d; ++a) {
    for (int b = 0; b < d; ++b)
      R[a * d + b] = vectors[b * d + a];
    fix_sign(d, R + a * d);
  }
  return make_proper(context, d, R);
}

static bool is_diagonal(const lmx_moments *moments, double variance)
{
  int d = moments->d;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < a; ++b)
      if (fabs(moments->covariance[a * d + b]) > moments->accuracy * variance)
        return false;
  return true;
}

static lmx_status check_moments(lmx_context *context,
                                const lmx_moments *moments, double variance)
{
  bool good = moments->mass > 0.0 && isfinite(moments->mass) &&
              variance > 0.0 && isfinite(variance) && isfinite(1.0 / variance);
  for (int a = 0; a < moments->d; ++a)
    good = good && isfinite(moments->mean[a]);
  for (int a = 0; a < moments->d * moments->d; ++a)
    good = good && isfinite(moments->covariance[a]);
  if (!good)
    return lmx_fail(context, LMX_ERR_CASE,
                    "initial.kind: the mass (%g), mean and mean variance (%g) "
                    "of the data must be finite, mass and variance positive",
                    moments->mass, variance);
  return LMX_OK;
}

lmx_status lmx_affine_from_moments(lmx_context *context,
                                   const lmx_moments *moments, lmx_affine *out)
{
  int d = moments->d;
  double variance = 0.0;
  for (int a = 0; a < d; ++a)
    variance += moments->covariance[a * d + a] / d;
  LMX_TRY(check_moments(context, moments, variance));
  lmx_affine map = lmx_affine_identity(d);
  if (fabs(moments->mass - 1.0) > NO_CHANGE)
    map.mass = moments->mass;
  if (fabs(sqrt(variance) - 1.0) > NO_CHANGE)
    map.scale = sqrt(variance);
  map.identity = map.mass == 1.0 && map.scale == 1.0;
  for (int a = 0; a < d; ++a)
    if (fabs(moments->mean[a]) > NO_CHANGE * map.scale) {
      map.mean[a] = moments->mean[a];
      map.identity = false;
    }
  if (!is_diagonal(moments, variance)) {
    LMX_TRY(principal_axes(context, d, moments->covariance, map.rotation));
    map.identity = false;
  }
  *out = map;
  return LMX_OK;
}

lmx_status lmx_affine_reorder(lmx_context *context, const int *order,
                              lmx_affine *map)
{
  int d = map->d;
  lmx_affine new = *map;
  for (int a = 0; a < d; ++a) {
    memcpy(new.rotation + a *d, map->rotation + order[a] * d,
           (size_t)d * sizeof *new.rotation);
    new.identity = new.identity &&order[a] == a;
  }
  LMX_TRY(make_proper(context, d, new.rotation));
  *map = new;
  return LMX_OK;
}
