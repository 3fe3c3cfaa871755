/* Finite mixtures of Gaussians. */
#include "initial/gaussians.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>

enum { MAX = LMX_MAX_DIMENSION };

static const double LOG_TWO_PI = 1.83787706640934548356;

/* Covariances come from products and sums of decimal numbers: 4500 roundings of
 * the standard deviations concerned, and 16 of the largest variance, which a
 * rotation leaves in every entry. */
static const double SYMMETRIC = 1e-12;
static const double SYMMETRIC_TO_TRACE = 16.0 * DBL_EPSILON;
/* A variance given those of the directions before is a difference of two
 * numbers of the size of the variance: 8 d roundings or less of it are zero. */
static const double SINGULAR = 8.0 * DBL_EPSILON;
/* 1 - 0.9 - 0.1 is -2.8e-17: a negative weight of a few roundings per term of
 * the sum is a zero, and the component is left out. A positive one of that size
 * is kept, as it is seen in the tail of log f. */
static const double NO_WEIGHT = 4.0 * DBL_EPSILON;

void lmx_gaussians_destroy(lmx_gaussians **mixture)
{
  if (mixture == NULL || *mixture == NULL)
    return;
  lmx_free((*mixture)->components);
  lmx_free((*mixture)->storage);
  lmx_free(*mixture);
  *mixture = NULL;
}

static lmx_status allocate(lmx_context *context, int d, size_t n,
                           lmx_gaussians **out)
{
  lmx_gaussians *mixture;
  lmx_status status;
  size_t dd = (size_t)d;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &mixture));
  mixture->d = d;
  mixture->n = n;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &mixture->components), fail);
  LMX_TRY_GOTO(
      LMX_NEW_ARRAY(context, n * (dd + 2 * dd * dd + 1), &mixture->storage),
      fail);
  mixture->cholesky = mixture->storage;
  mixture->log_factor = mixture->cholesky + n * dd * dd;
  double *next = mixture->log_factor + n;
  for (size_t k = 0; k < n; ++k) {
    mixture->components[k].mean = next;
    mixture->components[k].covariance = next + dd;
    next += dd + dd * dd;
  }
  *out = mixture;
  return LMX_OK;
fail:
  lmx_gaussians_destroy(&mixture);
  return status;
}

/* Component k of a radial mixture or of any other. */
static double weight_of(const lmx_initial_spec *spec, size_t k)
{
  return spec->kind == LMX_INITIAL_RADIAL_MIXTURE ? spec->weights[k]
                                                  : spec->components[k].weight;
}

/* Whether the weight is a zero that came out negative by rounding. */
static bool is_rounded_zero(const lmx_initial_spec *spec, size_t n, size_t k)
{
  double sum = 0.0, own = weight_of(spec, k);
  for (size_t j = 0; j < n; ++j)
    sum += fabs(weight_of(spec, j));
  return own < 0.0 && -own <= NO_WEIGHT * (double)n * sum;
}

static lmx_status check_weight(lmx_context *context,
                               const lmx_initial_spec *spec, const char *where,
                               size_t n, size_t k)
{
  double weight = weight_of(spec, k);
  if ((weight > 0.0 && isfinite(weight)) || is_rounded_zero(spec, n, k))
    return LMX_OK;
  return lmx_fail(context, LMX_ERR_CASE, "%s is %g, must be > 0", where,
                  weight);
}

static lmx_status check_radial(lmx_context *context,
                               const lmx_initial_spec *spec)
{
  if (spec->nradial == 0)
    return lmx_fail(context, LMX_ERR_CASE,
                    "initial.weights: at least one component is needed");
  for (size_t k = 0; k < spec->nradial; ++k) {
    char where[64];
    snprintf(where, sizeof where, "initial.weights: weight %zu", k + 1);
    LMX_TRY(check_weight(context, spec, where, spec->nradial, k));
    if (!(spec->variances[k] > 0.0 && isfinite(spec->variances[k])))
      return lmx_fail(context, LMX_ERR_CASE,
                      "initial.variances: variance %zu is %g, must be > 0",
                      k + 1, spec->variances[k]);
  }
  return LMX_OK;
}

static lmx_status check_covariance(lmx_context *context, const char *where,
                                   int d, const double *S)
{
  double trace = 0.0;
  for (int a = 0; a < d; ++a)
    trace += S[a * d + a];
  for (int a = 0; a < d; ++a)
    for (int b = 0; b <= a; ++b) {
      if (!isfinite(S[a * d + b]) || !isfinite(S[b * d + a]))
        return lmx_fail(context, LMX_ERR_CASE,
                        "%s: covariance entry (%d, %d) is not finite", where,
                        a + 1, b + 1);
      double allowed = fmax(SYMMETRIC * sqrt(fabs(S[a * d + a] * S[b * d + b])),
                            SYMMETRIC_TO_TRACE * fabs(trace));
      if (!(fabs(S[a * d + b] - S[b * d + a]) <= allowed))
        return lmx_fail(context, LMX_ERR_CASE,
                        "%s: covariance is not symmetric: entry (%d, %d) is "
                        "%g, entry (%d, %d) is %g",
                        where, a + 1, b + 1, S[a * d + b], b + 1, a + 1,
                        S[b * d + a]);
    }
  return LMX_OK;
}

static lmx_status check_components(lmx_context *context,
                                   const lmx_initial_spec *spec)
{
  bool single = spec->kind == LMX_INITIAL_GAUSSIAN;
  if (spec->ncomponents == 0 || (single && spec->ncomponents != 1))
    return lmx_fail(context, LMX_ERR_CASE, "initial.%s: %zu given, %s needed",
                    single ? "covariance" : "components", spec->ncomponents,
                    single ? "one is" : "at least one is");
  for (size_t k = 0; k < spec->ncomponents; ++k) {
    const lmx_component *component = &spec->components[k];
    char where[64] = "initial.covariance", what[80];
    if (!single)
      snprintf(where, sizeof where, "initial.components: component %zu", k + 1);
    snprintf(what, sizeof what, "%s: weight", where);
    LMX_TRY(check_weight(context, spec, what, spec->ncomponents, k));
    for (int a = 0; component->mean != NULL && a < spec->d; ++a)
      if (!isfinite(component->mean[a]))
        return lmx_fail(context, LMX_ERR_CASE,
                        "%s: entry %d of the mean is not finite", where, a + 1);
    LMX_TRY(check_covariance(context, where, spec->d, component->covariance));
  }
  return LMX_OK;
}

/* Copies component k; the covariance is symmetrised. */
static void copy_component(const lmx_initial_spec *spec, size_t k,
                           lmx_component *to)
{
  int d = spec->d;
  if (spec->kind == LMX_INITIAL_RADIAL_MIXTURE) {
    to->weight = spec->weights[k];
    for (int a = 0; a < d; ++a)
      to->covariance[a * d + a] = spec->variances[k];
    return;
  }
  const lmx_component *from = &spec->components[k];
  to->weight = from->weight;
  for (int a = 0; a < d; ++a) {
    to->mean[a] = from->mean == NULL ? 0.0 : from->mean[a];
    for (int b = 0; b < d; ++b)
      to->covariance[a * d + b] =
          0.5 * from->covariance[a * d + b] + 0.5 * from->covariance[b * d + a];
  }
}

static void normalise_component(const lmx_affine *map, lmx_component *component)
{
  size_t d = (size_t)map->d;
  double mean[MAX], covariance[MAX * MAX];
  memcpy(mean, component->mean, d * sizeof *mean);
  memcpy(covariance, component->covariance, d * d * sizeof *covariance);
  component->weight /= map->mass;
  lmx_affine_to_normalised(map, mean, component->mean);
  lmx_affine_covariance(map, covariance, component->covariance);
}

/* Component k of the mixture, component `given` (from 0) of the user, whose
 * covariance must be regular to rounding before it is normalised. */
static lmx_status factorise(lmx_context *context, const lmx_initial_spec *spec,
                            size_t given, bool normalised,
                            lmx_gaussians *mixture, size_t k)
{
  size_t d = (size_t)mixture->d;
  const lmx_component *component = &mixture->components[k];
  double *L = mixture->cholesky + k * d * d;
  memcpy(L, component->covariance, d * d * sizeof *L);
  gsl_matrix_view view = gsl_matrix_view_array(L, d, d);
  bool good = gsl_linalg_cholesky_decomp1(&view.matrix) == GSL_SUCCESS;
  double log_factor = log(component->weight) - 0.5 * (double)d * LOG_TWO_PI;
  double share = normalised ? 0.0 : SINGULAR * (double)d;
  for (size_t a = 0; a < d; ++a) {
    double pivot = L[a * d + a];
    good = good && pivot * pivot > share * component->covariance[a * d + a];
    log_factor -= log(pivot);
  }
  mixture->log_factor[k] = log_factor;
  if (good && isfinite(log_factor))
    return LMX_OK;
  if (spec->kind == LMX_INITIAL_MIXTURE)
    return lmx_fail(context, LMX_ERR_CASE,
                    "initial.components: component %zu: covariance is not "
                    "positive definite",
                    given + 1);
  return lmx_fail(
      context, LMX_ERR_CASE, "initial.%s: covariance is not positive definite",
      spec->kind == LMX_INITIAL_GAUSSIAN ? "covariance" : "variances");
}

lmx_status lmx_gaussians_create(lmx_context *context,
                                const lmx_initial_spec *spec,
                                const lmx_affine *map, lmx_gaussians **out)
{
  bool radial = spec->kind == LMX_INITIAL_RADIAL_MIXTURE;
  LMX_TRY(radial ? check_radial(context, spec)
                 : check_components(context, spec));
  size_t n = radial ? spec->nradial : spec->ncomponents;
  lmx_gaussians *mixture;
  LMX_TRY(allocate(context, spec->d, n, &mixture));
  lmx_status status;
  size_t kept = 0;
  for (size_t k = 0; k < n; ++k) {
    if (is_rounded_zero(spec, n, k))
      continue;
    copy_component(spec, k, &mixture->components[kept]);
    if (map != NULL)
      normalise_component(map, &mixture->components[kept]);
    LMX_TRY_GOTO(factorise(context, spec, k, map != NULL, mixture, kept), fail);
    ++kept;
  }
  mixture->n = kept;
  *out = mixture;
  return LMX_OK;
fail:
  lmx_gaussians_destroy(&mixture);
  return status;
}

void lmx_gaussians_moments(const lmx_gaussians *mixture, lmx_moments *moments)
{
  int d = mixture->d;
  *moments = (lmx_moments){.d = d, .accuracy = LMX_MOMENTS_ROUNDING};
  for (size_t k = 0; k < mixture->n; ++k)
    moments->mass += mixture->components[k].weight;
  for (size_t k = 0; k < mixture->n; ++k) {
    const lmx_component *c = &mixture->components[k];
    for (int a = 0; a < d; ++a)
      moments->mean[a] += c->weight / moments->mass * c->mean[a];
  }
  for (size_t k = 0; k < mixture->n; ++k) {
    const lmx_component *c = &mixture->components[k];
    double share = c->weight / moments->mass;
    for (int a = 0; a < d; ++a)
      for (int b = 0; b < d; ++b)
        moments->covariance[a * d + b] +=
            share *
            (c->covariance[a * d + b] +
             (c->mean[a] - moments->mean[a]) * (c->mean[b] - moments->mean[b]));
  }
}

/* |L^{-1} (v - mean)|^2 by forward substitution. */
static double squared_distance(int d, const double *restrict L,
                               const double *restrict mean,
                               const double *restrict v)
{
  double y[MAX], sum = 0.0;
  for (int a = 0; a < d; ++a) {
    double rest = v[a] - mean[a];
    for (int b = 0; b < a; ++b)
      rest -= L[a * d + b] * y[b];
    y[a] = rest / L[a * d + a];
    sum += y[a] * y[a];
  }
  return sum;
}

/* log(w_k N(v; m_k, S_k)) */
static double log_term(const lmx_gaussians *mixture, size_t k, const double *v)
{
  int d = mixture->d;
  const double *L = mixture->cholesky + k * (size_t)(d * d);
  return mixture->log_factor[k] -
         0.5 * squared_distance(d, L, mixture->components[k].mean, v);
}

double lmx_gaussians_log_density(const lmx_gaussians *mixture, const double *v)
{
  /* sum = exp(-largest) times the terms so far, never below 1. */
  double largest = log_term(mixture, 0, v), sum = 1.0;
  for (size_t k = 1; k < mixture->n; ++k) {
    double term = log_term(mixture, k, v);
    if (term > largest) {
      sum = sum * exp(largest - term) + 1.0;
      largest = term;
    } else {
      sum += exp(term - largest);
    }
  }
  return largest + log(sum);
}
