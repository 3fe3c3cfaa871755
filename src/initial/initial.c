/* Initial data: families, normalisation to (1.2), sampling. */
#include "landaumax/initial.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "initial/data.h"
#include "initial/quadrature.h"

enum { MAX = LMX_MAX_DIMENSION };

const char *lmx_initial_kind_name(lmx_initial_kind kind)
{
  static const char *const names[] = {
#define KIND_NAME(symbol, name) [symbol] = name,
      LMX_INITIAL_KIND_LIST(KIND_NAME)
#undef KIND_NAME
  };
  size_t n = sizeof names / sizeof names[0];
  return (size_t)kind < n ? names[kind] : "unknown";
}

void lmx_initial_destroy(lmx_initial **initial)
{
  if (initial == NULL || *initial == NULL)
    return;
  lmx_gaussians_destroy(&(*initial)->mixture);
  lmx_formula_destroy(&(*initial)->formula);
  lmx_continued_destroy(&(*initial)->continued);
  lmx_free((*initial)->places.x);
  lmx_free(*initial);
  *initial = NULL;
}

static double formula_value(const void *self, const double *x)
{
  return lmx_formula_value(self, x);
}

static void formula_bounds(const void *self, const double *lo, const double *hi,
                           double *lower, double *upper)
{
  lmx_formula_bounds(self, lo, hi, lower, upper);
}

static bool formula_names(const void *self, int a)
{
  return lmx_formula_names(self, a);
}

/* f = (2 pi s)^{-d/2} exp(-|v|^2/(2s)) (((d+2)s - d)/(2s)
 *     + (1-s)|v|^2/(2 s^2)),  s = 1 - c: the solution of Bobylev, Krook and
 * Wu at time 0. */
static double bkw_log_density(int d, double c, const double *v)
{
  double s = 1.0 - c, r2 = 0.0;
  for (int a = 0; a < d; ++a)
    r2 += v[a] * v[a];
  double factor = (2.0 - (d + 2) * c) / (2.0 * s) + c * r2 / (2.0 * s * s);
  return log(factor) - 0.5 * d * log(2.0 * M_PI * s) - r2 / (2.0 * s);
}

double lmx_initial_log_density(const lmx_initial *initial, const double *v)
{
  switch (initial->kind) {
  case LMX_INITIAL_GAUSSIAN:
  case LMX_INITIAL_MIXTURE:
  case LMX_INITIAL_RADIAL_MIXTURE:
    return lmx_gaussians_log_density(initial->mixture, v);
  case LMX_INITIAL_BKW:
    return bkw_log_density(initial->model.d, initial->c, v);
  case LMX_INITIAL_TABLE:
    return lmx_continued_log_density(initial->continued, v);
  case LMX_INITIAL_FORMULA:
    break;
  }
  double x[MAX];
  const lmx_affine *map = &initial->map;
  lmx_affine_to_user(map, v, x);
  return lmx_formula_value(initial->formula, x) + map->d * log(map->scale) -
         log(map->mass);
}

double lmx_initial_log_density_fn(const void *self, const double *v)
{
  return lmx_initial_log_density(self, v);
}

static lmx_status formula_moments(lmx_context *context, lmx_initial *initial,
                                  int d, lmx_moments *moments)
{
  const lmx_density density = {.key = "initial.log_density",
                               .d = d,
                               .value = formula_value,
                               .bounds = formula_bounds,
                               .names = formula_names,
                               .self = initial->formula};
  return lmx_quadrature_moments(context, &density, moments, &initial->places);
}

/* Reads the data in the user's coordinates and finds its moments. */
static lmx_status read_data(lmx_context *context, const lmx_initial_spec *spec,
                            lmx_initial *initial, lmx_moments *moments)
{
  int d = spec->d;
  switch (spec->kind) {
  case LMX_INITIAL_GAUSSIAN:
  case LMX_INITIAL_MIXTURE:
  case LMX_INITIAL_RADIAL_MIXTURE:
    LMX_TRY(lmx_gaussians_create(context, spec, NULL, &initial->mixture));
    lmx_gaussians_moments(initial->mixture, moments);
    return LMX_OK;
  case LMX_INITIAL_FORMULA:
    LMX_TRY(
        lmx_formula_create(context, d, spec->log_density, &initial->formula));
    return formula_moments(context, initial, d, moments);
  case LMX_INITIAL_BKW:
    if (!(spec->c >= 0.0 && spec->c < 2.0 / (d + 2)))
      return lmx_fail(context, LMX_ERR_CASE,
                      "initial.c: is %g, allowed is 0 <= c < %g", spec->c,
                      2.0 / (d + 2));
    initial->c = spec->c;
    break;
  case LMX_INITIAL_TABLE:
    LMX_TRY(lmx_continued_create(context, spec, &initial->continued));
    break;
  }
  /* Normalised as they are. */
  *moments =
      (lmx_moments){.d = d, .mass = 1.0, .accuracy = LMX_MOMENTS_ROUNDING};
  for (int a = 0; a < d; ++a)
    moments->covariance[a * d + a] = 1.0;
  return LMX_OK;
}

/* Reorders the axes so that rotational symmetry is that of the last ones. */
static lmx_status put_group_last(lmx_context *context,
                                 const lmx_initial_spec *spec,
                                 lmx_initial *initial)
{
  int order[MAX];
  bool moved = false;
  lmx_symmetry *symmetry;
  LMX_TRY(lmx_initial_symmetry(context, initial, &symmetry));
  lmx_symmetry_group(symmetry, order);
  lmx_symmetry_destroy(&symmetry);
  for (int a = 0; a < spec->d; ++a)
    moved = moved || order[a] != a;
  if (!moved)
    return LMX_OK;
  LMX_TRY(lmx_affine_reorder(context, order, &initial->map));
  if (initial->mixture == NULL)
    return LMX_OK;
  lmx_gaussians_destroy(&initial->mixture);
  return lmx_gaussians_create(context, spec, &initial->map, &initial->mixture);
}

static lmx_status normalise(lmx_context *context, const lmx_initial_spec *spec,
                            const lmx_moments *moments, lmx_initial *initial)
{
  LMX_TRY(lmx_affine_from_moments(context, moments, &initial->map));
  if (initial->mixture != NULL) {
    lmx_gaussians_destroy(&initial->mixture);
    LMX_TRY(
        lmx_gaussians_create(context, spec, &initial->map, &initial->mixture));
  }
  return put_group_last(context, spec, initial);
}

/* Numbers that a user has rounded to twelve digits, and ten times the accuracy
 * of the moments of a formula. */
static const double NORMALISED = 1e-10;

/* normalise = false: the data must obey (1.2) already. */
static lmx_status check_normalised(lmx_context *context,
                                   const lmx_moments *moments)
{
  int d = moments->d;
  double energy = 0.0, mean = 0.0, off_diagonal = 0.0;
  for (int a = 0; a < d; ++a) {
    mean = fmax(mean, fabs(moments->mean[a]));
    energy +=
        moments->covariance[a * d + a] + moments->mean[a] * moments->mean[a];
    for (int b = 0; b < a; ++b)
      off_diagonal = fmax(off_diagonal, fabs(moments->covariance[a * d + b]));
  }
  energy *= moments->mass;
  const double tolerance = fmax(NORMALISED, 10.0 * moments->accuracy);
  if (!(fabs(moments->mass - 1.0) <= tolerance && mean <= tolerance &&
        fabs(energy - d) <= tolerance * d))
    return lmx_fail(context, LMX_ERR_CASE,
                    "initial.normalise: data has mass %.12g, mean %.12g "
                    "(largest component), energy %.12g, must be 1, 0, %d",
                    moments->mass, mean, energy, d);
  if (!(off_diagonal <= tolerance))
    return lmx_fail(context, LMX_ERR_CASE,
                    "initial.normalise: data has a second moment %.12g off the "
                    "diagonal, must be 0",
                    off_diagonal);
  return LMX_OK;
}

/* D = E(0) - I in normalised coordinates. Directions that belong to a radial
 * axis get one common value, free of rounding. */
static lmx_status make_model(lmx_context *context, const lmx_moments *moments,
                             lmx_initial *initial)
{
  int d = moments->d;
  double E[MAX * MAX], D[MAX], mean = 0.0, trace = 0.0;
  lmx_symmetry *symmetry;
  LMX_TRY(lmx_initial_symmetry(context, initial, &symmetry));
  int group = lmx_symmetry_trailing(symmetry);
  lmx_symmetry_destroy(&symmetry);
  lmx_affine_covariance(&initial->map, moments->covariance, E);
  for (int a = 0; a < d; ++a) {
    D[a] = E[a * d + a] - 1.0;
    trace += D[a] / d;
  }
  for (int a = d - group; a < d; ++a)
    mean += D[a] / group;
  for (int a = 0; a < d; ++a)
    D[a] = (a < d - group ? D[a] : mean) - trace;
  if (lmx_model_init(context, d, D, &initial->model) == LMX_OK)
    return LMX_OK;
  char text[256];
  snprintf(text, sizeof text, "%s", lmx_context_message(context));
  return lmx_fail(context, LMX_ERR_CASE,
                  "initial.kind: the data is too anisotropic: %s", text);
}

/* The run goes on from `table_time`: same coordinates, D decayed (3.4). */
static lmx_status continue_run(lmx_context *context,
                               const lmx_initial_spec *spec,
                               lmx_initial *initial)
{
  double D[MAX];
  for (int a = 0; a < spec->d; ++a)
    D[a] = spec->table_model->D[a] * exp(-4.0 * spec->d * spec->table_time);
  initial->map = *spec->table_map;
  return lmx_model_init(context, spec->d, D, &initial->model);
}

static lmx_status build(lmx_context *context, const lmx_initial_spec *spec,
                        lmx_initial *initial)
{
  lmx_moments moments;
  LMX_TRY(read_data(context, spec, initial, &moments));
  initial->accuracy = moments.accuracy;
  if (spec->kind == LMX_INITIAL_TABLE)
    return continue_run(context, spec, initial);
  if (spec->normalise)
    LMX_TRY(normalise(context, spec, &moments, initial));
  else
    LMX_TRY(check_normalised(context, &moments));
  return make_model(context, &moments, initial);
}

lmx_status lmx_initial_create(lmx_context *context,
                              const lmx_initial_spec *spec, lmx_initial **out)
{
  if (spec->d < 2 || spec->d > MAX)
    return lmx_fail(context, LMX_ERR_CASE,
                    "dimension: is %d, allowed is 2 to %d", spec->d, MAX);
  lmx_initial *initial;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &initial));
  initial->kind = spec->kind;
  initial->c = NAN;
  initial->model.d = spec->d;
  initial->map = lmx_affine_identity(spec->d);
  lmx_status status = build(context, spec, initial);
  if (status != LMX_OK) {
    lmx_initial_destroy(&initial);
    return status;
  }
  *out = initial;
  return LMX_OK;
}

const lmx_model *lmx_initial_model(const lmx_initial *initial)
{
  return &initial->model;
}

const lmx_affine *lmx_initial_map(const lmx_initial *initial)
{
  return &initial->map;
}

lmx_initial_kind lmx_initial_get_kind(const lmx_initial *initial)
{
  return initial->kind;
}

const lmx_component *lmx_initial_components(const lmx_initial *initial,
                                            size_t *n)
{
  *n = initial->mixture == NULL ? 0 : initial->mixture->n;
  return initial->mixture == NULL ? NULL : initial->mixture->components;
}

double lmx_initial_accuracy(const lmx_initial *initial)
{
  return initial->accuracy;
}

double lmx_initial_bkw_c(const lmx_initial *initial)
{
  return initial->c;
}

void lmx_initial_box(const lmx_initial *initial, double *half_width)
{
  const lmx_grid *grid =
      initial->continued != NULL ? initial->continued->grid : NULL;
  for (int a = 0; a < initial->model.d; ++a) {
    half_width[a] = INFINITY;
    if (grid != NULL)
      half_width[a] =
          grid->axis[a < grid->naxes ? a : grid->naxes - 1].half_width;
  }
}
