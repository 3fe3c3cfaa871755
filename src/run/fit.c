/* The grid that fits the data: its spacing from the scales of log f0. */
#include "run/fit.h"

#include <gsl/gsl_eigen.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

/* The accuracy at which the spacings below were measured. */
static const double measured_at = 1e-6;
/* The error falls like h^8 at least between 1e-3 and 1e-8 (measured: by 7 to
 * 33 from n to 4/3 n points, where h^8 gives 10). */
static const double error_power = 8.0;
/* Spacing in widths of the front of docs/math.md, 1.10: this times
 * contrast^(1/8), contrasts below 1 taken as 1. To keep 1e-6 with order 12,
 * Gaussians of contrast 1.3, 2.7, 4.4, 9.5, 19.5 need 0.69, 0.68, 0.73, 0.79,
 * 0.89 widths; where more is needed the estimate after the solve says so. */
static const double widths_of_front = 0.66;
/* The same for a single Gaussian: not for its error, but because that falls
 * like h^12 there and the estimate is 10 to 50 times too large. At 0.66 it
 * misses, and solving again takes longer than this. */
static const double widths_of_front_alone = 0.51;
/* The same on three axes, where contrasts of 0.6 to 2.2 need 0.8 to 1.1: a
 * finer grid costs like the fourth power, so no margin is taken; where the
 * estimate misses, the run refines. */
static const double widths_of_front_3 = 1.1;
/* Measured with the above. */
static const double contrast_power = 0.125;
/* Features of log f0 of curvature k are resolved by this times 1/sqrt(k):
 * cases/ripples_2d.toml and cases/formula_2d.toml. */
static const double part_of_feature = 0.25;
/* The same on three axes: three Gaussians without symmetry, whose narrowest
 * variance is 0.46, are known to 6e-8 on 100^3 points, 0.27 of it. */
static const double part_of_feature_3 = 0.33;
/* No coarser than this, points per half axis of length 9 on 1, 2, 3 axes
 * (docs/performance.md). */
static const double floor_length = 9.0;
static const double floor_points[LMX_MAX_AXES] = {128.0, 64.0, 32.0};
/* Points beyond which the first choice does not go on one axis alone, where
 * nothing turns and no front is thin. */
static const double most_alone = 512.0;

enum { DIRECTIONS = 96, RADII = 24 };

/* --- scales of the data ------------------------------------------------ */

static lmx_status scales_of_components(lmx_context *context, int d, size_t n,
                                       const lmx_component *components,
                                       lmx_scales *out)
{
  size_t dim = (size_t)d;
  double entries[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION];
  double values[LMX_MAX_DIMENSION];
  gsl_eigen_symm_workspace *work = gsl_eigen_symm_alloc(dim);
  int error = 0;
  if (work == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory: eigenvalues");
  for (size_t k = 0; k < n; ++k) {
    double m2 = 0.0;
    for (size_t a = 0; a < dim; ++a)
      m2 += components[k].mean[a] * components[k].mean[a];
    out->centre = fmax(out->centre, sqrt(m2));
    memcpy(entries, components[k].covariance, dim * dim * sizeof *entries);
    gsl_matrix_view S = gsl_matrix_view_array(entries, dim, dim);
    gsl_vector_view e = gsl_vector_view_array(values, dim);
    error |= gsl_eigen_symm(&S.matrix, &e.vector, work);
    for (size_t a = 0; a < dim; ++a) {
      out->curvature = fmax(out->curvature, 1.0 / values[a]);
      out->wide = fmax(out->wide, values[a]);
    }
  }
  gsl_eigen_symm_free(work);
  if (error != 0)
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "the eigenvalues of a covariance were not found");
  return LMX_OK;
}

/* The i-th of DIRECTIONS unit vectors of the coordinates that have axes. */
static void direction(int naxes, int i, double *n)
{
  const double golden = M_PI * (3.0 - sqrt(5.0));
  double z = naxes == 3 ? 1.0 - (2.0 * i + 1.0) / DIRECTIONS : 0.0;
  double angle = naxes == 3 ? golden * i : 2.0 * M_PI * i / DIRECTIONS;
  n[0] = naxes == 1 ? 1.0 : sqrt(1.0 - z * z) * cos(angle);
  if (naxes > 1)
    n[1] = sqrt(1.0 - z * z) * sin(angle);
  if (naxes > 2)
    n[2] = z;
}

typedef struct sampling {
  const lmx_initial *initial;
  int d, naxes;
  double radius;
} sampling;

static double log_density(const sampling *s, double r, const double *n,
                          int axis, double shift)
{
  double v[LMX_MAX_DIMENSION] = {0.0};
  for (int a = 0; a < s->naxes; ++a)
    v[a] = r * n[a];
  if (axis >= 0)
    v[axis] += shift;
  return lmx_initial_log_density(s->initial, v);
}

static void take_largest(double *largest, double x)
{
  if (isfinite(x) && x > *largest)
    *largest = x;
}

/* Variance of the Gaussian that falls as log f0 does from R/2 to R. Values that
 * are not finite are left out: sampling on the grid reports them. */
static void sample_tail(const sampling *s, const double *n, lmx_scales *out)
{
  double R = s->radius, step = R / RADII;
  double fall = log_density(s, 0.5 * R, n, -1, 0.0) -
                log_density(s, R - step, n, -1, 0.0);
  double variance = ((R - step) * (R - step) - 0.25 * R * R) / (2.0 * fall);
  if (isfinite(variance) && variance > 0.0) {
    out->cold = fmin(out->cold, variance);
    out->hot = fmax(out->hot, variance);
  }
}

/* Second differences along the axes on a ray. */
static void sample_ray(const sampling *s, const double *n, lmx_scales *out)
{
  double step = s->radius / RADII;
  for (int k = 0; k < RADII; ++k)
    for (int a = 0; a < s->naxes; ++a) {
      double r = k * step, g = log_density(s, r, n, -1, 0.0);
      double second = log_density(s, r, n, a, step) - 2.0 * g +
                      log_density(s, r, n, a, -step);
      take_largest(&out->curvature, -second / (step * step));
    }
}

lmx_status lmx_scales_of(lmx_context *context, const lmx_initial *initial,
                         int naxes, double radius, lmx_scales *out)
{
  const lmx_model *model = lmx_initial_model(initial);
  size_t n;
  const lmx_component *components = lmx_initial_components(initial, &n);
  sampling s = {initial, model->d, naxes, radius};
  lmx_scales scales = {.cold = INFINITY, .wide = 1.0, .single = n == 1};
  double ray[LMX_MAX_AXES];
  LMX_TRY(scales_of_components(context, model->d, n, components, &scales));
  for (int i = 0; i < (naxes == 1 ? 1 : DIRECTIONS); ++i) {
    direction(naxes, i, ray);
    sample_tail(&s, ray, &scales);
    if (n == 0)
      sample_ray(&s, ray, &scales);
  }
  if (n == 0)
    scales.wide = fmax(scales.wide, scales.hot);
  *out = scales;
  return LMX_OK;
}

/* --- from scales to the half width ------------------------------------- */

/* What the grid has beyond the checked ball: for the error of log f 1.5 to 2
 * are enough, the error bar falls by 10 for each 0.4 (docs/performance.md). */
static double margin_for(double accuracy)
{
  const double usual = 3.0, least = 2.0, per_digit = 0.25;
  return fmax(usual - per_digit * log10(accuracy / measured_at), least);
}

/* Standard deviations beyond which the energy 2 x exp(-x^2/2)/sqrt(2 pi) of a
 * Gaussian is a hundredth of the accuracy: x^2/2 = log(100/accuracy) +
 * log(0.8 x), where the last term is 1.5 to 1.8. */
static double deviations_for(double accuracy)
{
  return sqrt(2.0 * (log(100.0 / accuracy) + 1.6));
}

/* Data from a table ends with it. */
static double end_of_data(const lmx_initial *initial)
{
  double box[LMX_MAX_DIMENSION], end = INFINITY;
  lmx_initial_box(initial, box);
  for (int a = 0; a < lmx_initial_model(initial)->d; ++a)
    end = fmin(end, box[a]);
  return end;
}

lmx_status lmx_fit_half_width(lmx_context *context, const lmx_initial *initial,
                              lmx_case *c)
{
  lmx_scales scales;
  const double tenth = 0.1; /* which it is rounded up to */
  double d = c->dimension, end = end_of_data(initial);
  LMX_TRY(lmx_scales_of(context, initial, c->naxes, c->radius, &scales));
  double hot =
      scales.centre + deviations_for(c->accuracy) * sqrt(fmin(scales.wide, d));
  double L = fmax(c->radius + margin_for(c->accuracy), hot);
  L = fmin(ceil(L / tenth - 1e-9) * tenth, end);
  if (!(c->radius < L))
    return lmx_fail(context, LMX_ERR_CASE,
                    "checks.radius: is %g, needed is less than %g, where the "
                    "table that the data continues ends",
                    c->radius, L);
  c->half_width[0] = L;
  c->nhalf_width = 1;
  return LMX_OK;
}

/* --- from scales to points --------------------------------------------- */

/* What comes from the hot direction meets what the cold one had at the front
 * r^2 t = (pi/2)^2 / (2 contrast); it is sqrt(t / contrast) wide when it has
 * come. Without a contrast there is none. */
static double front_spacing(const lmx_scales *scales, double widths,
                            double radius, double first)
{
  double contrast = 1.0 / scales->cold - 1.0 / scales->hot;
  if (!(contrast > 0.0))
    return INFINITY;
  double arrival = 0.125 * M_PI * M_PI / (radius * radius * contrast);
  return widths * pow(fmax(contrast, 1.0), contrast_power) *
         sqrt(fmax(first, arrival) / contrast);
}

static double widths_for(const lmx_scales *scales, int naxes)
{
  if (naxes == 3)
    return widths_of_front_3;
  return scales->single ? widths_of_front_alone : widths_of_front;
}

double lmx_fit_spacing(const lmx_scales *scales, int naxes, double radius,
                       double first, double accuracy)
{
  double h = floor_length / floor_points[naxes - 1];
  double part = naxes == 3 ? part_of_feature_3 : part_of_feature;
  h = fmin(h, part / sqrt(fmax(scales->curvature, 1e-300)));
  if (naxes > 1)
    h = fmin(h,
             front_spacing(scales, widths_for(scales, naxes), radius, first));
  else
    h = fmax(h, floor_length / most_alone);
  return h * pow(accuracy / measured_at, 1.0 / error_power);
}

/* The front of a Gaussian moves along the hot axes into the cold one, and
 * across the cold one half the points do (docs/performance.md). */
static double part_of_axis(const lmx_initial *initial, int axis)
{
  const lmx_model *model = lmx_initial_model(initial);
  int coldest = 0;
  for (int a = 1; a < model->d; ++a)
    if (model->D[a] < model->D[coldest])
      coldest = a;
  bool gaussian = lmx_initial_get_kind(initial) == LMX_INITIAL_GAUSSIAN;
  return gaussian && axis == coldest ? 0.5 : 1.0;
}

static double nodes_of(int naxes, const size_t *points)
{
  double nodes = 1.0;
  for (int a = 0; a < naxes; ++a)
    nodes *= (double)points[a];
  return nodes;
}

bool lmx_fit_allows(const lmx_case *c, const size_t *points)
{
  for (int a = 0; a < c->naxes; ++a)
    if (points[a] > LMX_FIT_MOST_POINTS)
      return false;
  return nodes_of(c->naxes, points) <= (double)c->max_points;
}

double lmx_fit_round_up(double x)
{
  double unit = pow(10.0, floor(log10(x)));
  return ceil(x / unit - 1e-9) * unit;
}

/* "64 x 32" */
static void write_sizes(int naxes, const size_t *points, char *out, size_t size)
{
  size_t used = 0;
  for (int a = 0; a < naxes; ++a)
    used += (size_t)snprintf(out + used, size - used, "%s%zu",
                             a == 0 ? "" : " x ", points[a]);
}

static lmx_status refuse(lmx_context *context, const lmx_case *c,
                         const size_t *points)
{
  char sizes[64], allowed[80] = "no accuracy below 1: output later";
  double n = (double)c->naxes, longest = 0.0;
  for (int a = 0; a < c->naxes; ++a)
    longest = fmax(longest, (double)points[a]);
  write_sizes(c->naxes, points, sizes, sizeof sizes);
  double excess =
      pow(nodes_of(c->naxes, points) / (double)c->max_points, 1.0 / n);
  excess = fmax(excess, longest / LMX_FIT_MOST_POINTS);
  double accuracy = 1.05 * c->accuracy * pow(excess, error_power);
  if (accuracy < 1.0)
    snprintf(allowed, sizeof allowed,
             "an accuracy of about %.0e. Set grid.accuracy to that",
             lmx_fit_round_up(accuracy));
  return lmx_fail(context, LMX_ERR_CASE,
                  "grid.max_points: is %d, an error of log f of at most "
                  "grid.accuracy = %g needs about %s = %.0f points; allowed by "
                  "it is %s, raise grid.max_points (at most %d points on an "
                  "axis), or choose grid.points",
                  c->max_points, c->accuracy, sizes, nodes_of(c->naxes, points),
                  allowed, LMX_FIT_MOST_POINTS);
}

/* The points for grid.accuracy, with the half widths of the case. */
static lmx_status fitted_points(lmx_context *context,
                                const lmx_initial *initial, const lmx_case *c,
                                size_t *out)
{
  lmx_scales scales;
  enum { MULTIPLE = 4 }; /* rows that fill whole vectors */
  LMX_TRY(lmx_scales_of(context, initial, c->naxes, c->radius, &scales));
  double first = c->outputs[c->noutputs > 1 ? 1 : 0];
  double h = lmx_fit_spacing(&scales, c->naxes, c->radius, first, c->accuracy);
  double floor_h = floor_length / floor_points[c->naxes - 1] *
                   pow(c->accuracy / measured_at, 1.0 / error_power);
  for (int a = 0; a < c->naxes; ++a) {
    double L = c->half_width[c->nhalf_width > 1 ? a : 0];
    double length = c->axes[a] == LMX_AXIS_FULL ? 2.0 * L : L;
    double spacing = fmin(h / part_of_axis(initial, a), floor_h);
    double points = ceil(length / spacing / MULTIPLE - 1e-9) * MULTIPLE;
    out[a] = (size_t)fmin(fmax(points, 4.0 * MULTIPLE), 1e9);
  }
  return LMX_OK;
}

lmx_status lmx_fit_points(lmx_context *context, const lmx_initial *initial,
                          lmx_case *c)
{
  LMX_TRY(fitted_points(context, initial, c, c->points));
  if (!lmx_fit_allows(c, c->points))
    return refuse(context, c, c->points);
  c->npoints = (size_t)c->naxes;
  c->points_fitted = true;
  return LMX_OK;
}

lmx_status lmx_fit_warn(lmx_context *context, const lmx_initial *initial,
                        const lmx_case *c)
{
  const double worth_saying = 1000.0; /* the rule is cautious by up to 200 */
  size_t wanted[LMX_MAX_AXES];
  double excess = 1.0;
  if (c->points_fitted || c->solver.formulation == LMX_FORMULATION_DENSITY)
    return LMX_OK;
  LMX_TRY(fitted_points(context, initial, c, wanted));
  for (int a = 0; a < c->naxes; ++a)
    excess = fmax(excess, (double)wanted[a] / (double)c->points[a]);
  if (pow(excess, error_power) < worth_saying)
    return LMX_OK;
  char given[64], needed[64];
  write_sizes(c->naxes, c->points, given, sizeof given);
  write_sizes(c->naxes, wanted, needed, sizeof needed);
  lmx_notice(context,
             "grid.points: %s is coarse for these data; an error of log f of "
             "at most grid.accuracy = %g takes about %s, which "
             "grid.points = \"auto\" chooses.",
             given, c->accuracy, needed);
  return LMX_OK;
}
