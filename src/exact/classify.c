/* Recognises initial data with a known exact solution. */
#include "exact/internal.h"

#include <math.h>

/* Normalised data carries rounding of this size at most. */
static const double same = 1e-12;

static bool is_zero(size_t n, const double *x)
{
  for (size_t i = 0; i < n; ++i)
    if (!(fabs(x[i]) <= same))
      return false;
  return true;
}

static bool is_diagonal(size_t d, const double *S)
{
  for (size_t i = 0; i < d * d; ++i)
    if (i % (d + 1) != 0 && !(fabs(S[i]) <= same))
      return false;
  return true;
}

static bool is_radial(size_t d, const lmx_component *component)
{
  const double *S = component->covariance;
  if (!is_zero(d, component->mean) || !is_diagonal(d, S))
    return false;
  for (size_t a = 1; a < d; ++a)
    if (!(fabs(S[a * (d + 1)] - S[0]) <= same * S[0]))
      return false;
  return true;
}

static lmx_status radial(lmx_context *context, int d, size_t n,
                         const lmx_component *components, lmx_exact **out)
{
  double *values;
  LMX_TRY(LMX_NEW_ARRAY(context, 2 * n, &values));
  for (size_t k = 0; k < n; ++k) {
    values[k] = components[k].weight;
    values[n + k] = components[k].covariance[0];
  }
  lmx_status status =
      lmx_exact_radial_mixture(context, d, n, values, values + n, out);
  lmx_free(values);
  return status;
}

/* The axis whose variance differs from all the others, which are equal;
 * -1 if there is none. In the plane any diagonal will do. */
static int distinguished_axis(int d, const double *S)
{
  for (int axis = 0; axis < d; ++axis) {
    double other = S[axis == 0 ? (d + 1) : 0];
    bool equal = true;
    for (int a = 0; a < d; ++a)
      equal =
          equal && (a == axis || fabs(S[a * (d + 1)] - other) <= same * other);
    if (equal)
      return axis;
  }
  return -1;
}

static lmx_status gaussian(lmx_context *context, int d,
                           const lmx_component *component, lmx_exact **out)
{
  const double *S = component->covariance;
  *out = NULL;
  if (!is_zero((size_t)d, component->mean) || !is_diagonal((size_t)d, S))
    return LMX_OK;
  int axis = distinguished_axis(d, S);
  if (axis < 0)
    return LMX_OK;
  double s1 = S[axis * (d + 1)], s2 = (d - s1) / (d - 1.0);
  if (!(fabs(s1 - 1.0) < 1.0 && fabs(s2 - 1.0) < 1.0))
    return LMX_OK;
  return lmx_exact_axisymmetric_at(context, d, s1, axis, out);
}

lmx_status lmx_exact_classify(lmx_context *context, const lmx_model *model,
                              lmx_initial_kind kind, double c, size_t n,
                              const lmx_component *components, lmx_exact **out)
{
  int d = model->d;
  if (kind == LMX_INITIAL_BKW)
    return lmx_exact_bkw(context, d, c, out);
  bool all_radial = n > 0;
  for (size_t k = 0; k < n; ++k)
    all_radial = all_radial && is_radial((size_t)d, &components[k]);
  if (all_radial)
    return radial(context, d, n, components, out);
  if (n == 1)
    return gaussian(context, d, &components[0], out);
  if (n > 1 && d == 2 && is_zero(2, model->D))
    return lmx_exact_rotated_mixture(context, n, components, out);
  *out = NULL;
  return LMX_OK;
}
