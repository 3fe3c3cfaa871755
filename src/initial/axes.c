/* Initial data on grids: the axes its symmetry allows, and sampling. */
#include "landaumax/initial.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "initial/data.h"

/* Where a formula has its mass, and the components of a mixture with a point
 * on each of their axes: a narrow one is seen nowhere else. */
static lmx_status normalised_places(lmx_context *context,
                                    const lmx_initial *initial, lmx_places *out)
{
  size_t d = (size_t)initial->model.d, n = initial->places.n;
  const lmx_gaussians *mixture = initial->mixture;
  double *v;
  LMX_TRY(LMX_NEW_ARRAY(
      context, (n + (mixture == NULL ? 0 : mixture->n * (d + 1))) * d + 1, &v));
  for (size_t i = 0; i < n; ++i)
    lmx_affine_to_normalised(&initial->map, initial->places.x + i * d,
                             v + i * d);
  for (size_t k = 0; mixture != NULL && k < mixture->n; ++k)
    for (size_t j = 0; j <= d; ++j, ++n)
      for (size_t a = 0; a < d; ++a) {
        double side = j > a ? 0.0 : mixture->cholesky[(k * d + a) * d + j];
        v[n * d + a] = mixture->components[k].mean[a] + side;
      }
  *out = (lmx_places){.n = n, .x = v};
  return LMX_OK;
}

lmx_status lmx_initial_symmetry(lmx_context *context,
                                const lmx_initial *initial, lmx_symmetry **out)
{
  static const double scales[] = {0.5, 1.0, 1.5, 2.0, 3.0};
  int d = initial->model.d;
  lmx_places places;
  double largest = 0.0;
  LMX_TRY(normalised_places(context, initial, &places));
  for (int a = 0; a < d; ++a)
    largest = fmax(largest, fabs(initial->map.mean[a]) / initial->map.scale);
  const lmx_symmetry_points points = {.nscales = sizeof scales / sizeof *scales,
                                      .scales = scales,
                                      .reach = initial->continued != NULL
                                                   ? initial->continued->reach
                                                   : INFINITY,
                                      .shift = 8.0 * DBL_EPSILON * largest,
                                      .places = &places};
  lmx_status status = lmx_symmetry_create(context, lmx_initial_log_density_fn,
                                          initial, d, &points, out);
  lmx_free(places.x);
  return status;
}

lmx_status lmx_initial_axes(lmx_context *context, const lmx_initial *initial,
                            int *naxes, lmx_axis_kind *kinds)
{
  lmx_symmetry *symmetry;
  int d = initial->model.d;
  LMX_TRY(lmx_initial_symmetry(context, initial, &symmetry));
  int group = lmx_symmetry_trailing(symmetry);
  int n = d - group + 1;
  if (n > LMX_MAX_AXES) {
    lmx_symmetry_destroy(&symmetry);
    return lmx_fail(context, LMX_ERR_CASE,
                    "initial.kind: in dimension %d the data must be symmetric "
                    "under the rotations of at least %d velocity components, "
                    "so that it lives on at most %d axes",
                    d, d - LMX_MAX_AXES + 1, LMX_MAX_AXES);
  }
  for (int a = 0; a < n; ++a)
    kinds[a] =
        lmx_symmetry_mirror(symmetry, a) ? LMX_AXIS_MIRRORED : LMX_AXIS_FULL;
  if (group > 1)
    kinds[n - 1] = LMX_AXIS_RADIAL;
  *naxes = n;
  lmx_symmetry_destroy(&symmetry);
  return LMX_OK;
}

/* Whether the kinds make a grid of dimension d at all. */
static lmx_status check_shape(lmx_context *context, int d, int naxes,
                              const lmx_axis_kind *kinds)
{
  if (naxes < 1 || naxes > LMX_MAX_AXES || naxes > d)
    return lmx_fail(context, LMX_ERR_CASE,
                    "grid.axes: %d axes given, allowed is 1 to %d", naxes,
                    d < LMX_MAX_AXES ? d : LMX_MAX_AXES);
  for (int a = 0; a < naxes - 1; ++a)
    if (kinds[a] == LMX_AXIS_RADIAL)
      return lmx_fail(context, LMX_ERR_CASE,
                      "grid.axes: only the last axis may be \"radial\"");
  bool radial = kinds[naxes - 1] == LMX_AXIS_RADIAL;
  if (!radial && naxes != d)
    return lmx_fail(context, LMX_ERR_CASE,
                    "grid.axes: %d axes cannot hold dimension %d unless the "
                    "last is \"radial\"",
                    naxes, d);
  if (radial && naxes == d)
    return lmx_fail(context, LMX_ERR_CASE,
                    "grid.axes: with %d axes in dimension %d the last cannot "
                    "be \"radial\"",
                    naxes, d);
  return LMX_OK;
}

lmx_status lmx_initial_allows(lmx_context *context, const lmx_initial *initial,
                              int naxes, const lmx_axis_kind *kinds)
{
  int d = initial->model.d;
  lmx_symmetry *symmetry;
  lmx_status status = LMX_OK;
  LMX_TRY(check_shape(context, d, naxes, kinds));
  LMX_TRY(lmx_initial_symmetry(context, initial, &symmetry));
  for (int a = 0; a < naxes && status == LMX_OK; ++a) {
    if (kinds[a] == LMX_AXIS_MIRRORED && !lmx_symmetry_mirror(symmetry, a))
      status = lmx_fail(context, LMX_ERR_CASE,
                        "grid.axes: axis %d is \"mirrored\", but the data is "
                        "not even in v%d (normalised coordinates)",
                        a + 1, a + 1);
    if (kinds[a] == LMX_AXIS_RADIAL && lmx_symmetry_trailing(symmetry) < d - a)
      status = lmx_fail(context, LMX_ERR_CASE,
                        "grid.axes: axis %d is \"radial\", but the data is not "
                        "symmetric under the rotations of v%d..v%d (normalised "
                        "coordinates)",
                        a + 1, a + 1, d);
  }
  lmx_symmetry_destroy(&symmetry);
  return status;
}

static lmx_status fail_at(lmx_context *context, const lmx_initial *initial,
                          const double *v, double value)
{
  char text[32 * LMX_MAX_DIMENSION] = "";
  double x[LMX_MAX_DIMENSION];
  size_t used = 0;
  lmx_affine_to_user(&initial->map, v, x);
  for (int a = 0; a < initial->map.d; ++a)
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%.6g",
                             a == 0 ? "" : ", ", x[a]);
  if (initial->continued != NULL)
    return lmx_fail(context, LMX_ERR_CASE,
                    "grid.half_width: the grid reaches beyond the table it "
                    "continues, which ends at |v| = %g; the user's point (%s) "
                    "is outside",
                    initial->continued->reach, text);
  const char *key = initial->kind == LMX_INITIAL_FORMULA ? "initial.log_density"
                                                         : "initial.kind";
  const char *advice = "";
  if (initial->kind == LMX_INITIAL_FORMULA && isinf(value))
    advice = "; if exp over- or underflows there, write log(exp(a) + exp(b)) "
             "as logsumexp(a, b)";
  return lmx_fail(context, LMX_ERR_CASE,
                  "%s: log f is %g at v = (%s) in the user's coordinates, must "
                  "be finite on the whole grid%s",
                  key, value, text, advice);
}

lmx_status lmx_initial_sample(lmx_context *context, const lmx_initial *initial,
                              const lmx_grid *grid, double *u0)
{
  int d = initial->model.d;
  const lmx_continued *continued = initial->continued;
  if (grid->d != d)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "the grid has dimension %d, the data %d", grid->d, d);
  if (continued != NULL && lmx_continued_same_grid(continued, grid)) {
    memcpy(u0, continued->u, grid->size * sizeof *u0);
    return LMX_OK;
  }
  for (size_t i = 0; i < grid->size; ++i) {
    double v[LMX_MAX_DIMENSION], r2 = 0.0;
    lmx_grid_point(grid, i, v);
    for (int a = 0; a < d; ++a)
      r2 += v[a] * v[a];
    double value = lmx_initial_log_density(initial, v);
    if (!isfinite(value))
      return fail_at(context, initial, v, value);
    u0[i] = value - lmx_log_maxwellian(d, r2);
  }
  return LMX_OK;
}
