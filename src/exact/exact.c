/* Exact solutions: construction and evaluation (docs/math.md, section 2). */
#include "exact/internal.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "exact/hermite.h"
#include "exact/rotated.h"

/* X(symbol, name) */
#define EXACT_KIND_LIST(X)                                                     \
  X(RADIAL_MIXTURE, "radial mixture")                                          \
  X(BKW, "BKW")                                                                \
  X(ROTATED_MIXTURE, "rotated mixture")                                        \
  X(AXISYMMETRIC_GAUSSIAN, "axisymmetric Gaussian")

typedef enum {
#define EXACT_ENUM(symbol, name) symbol,
  EXACT_KIND_LIST(EXACT_ENUM)
#undef EXACT_ENUM
} exact_kind;

static const char *const kind_names[] = {
#define EXACT_NAME(symbol, name) [symbol] = (name),
    EXACT_KIND_LIST(EXACT_NAME)
#undef EXACT_NAME
};

struct lmx_exact {
  exact_kind kind;
  int d;
  double c;             /* BKW */
  int axis;             /* of an axisymmetric Gaussian */
  lmx_mixture *mixture; /* all but BKW; the data itself for (d) */
  lmx_hermite *hermite; /* (d) */
};

static const double normalised = 1e-10; /* tolerance on the moments (1.2) */

static lmx_status new_exact(lmx_context *context, exact_kind kind, int d,
                            lmx_exact **out)
{
  if (d < 2 || d > LMX_MAX_DIMENSION)
    return lmx_fail(context, LMX_ERR_CASE,
                    "exact solution: dimension is %d, allowed is 2 to %d", d,
                    LMX_MAX_DIMENSION);
  LMX_TRY(LMX_NEW_ARRAY(context, 1, out));
  (*out)->kind = kind;
  (*out)->d = d;
  return LMX_OK;
}

void lmx_exact_destroy(lmx_exact **exact)
{
  if (exact == NULL || *exact == NULL)
    return;
  lmx_mixture_destroy(&(*exact)->mixture);
  lmx_hermite_destroy(&(*exact)->hermite);
  lmx_free(*exact);
  *exact = NULL;
}

const char *lmx_exact_name(const lmx_exact *exact)
{
  return kind_names[exact->kind];
}

static lmx_status check_radial(lmx_context *context, size_t n,
                               const double *weights, const double *variances)
{
  double mass = 0.0, energy = 0.0;
  for (size_t k = 0; k < n; ++k) {
    if (!(weights[k] > 0.0 && variances[k] > 0.0))
      return lmx_fail(context, LMX_ERR_CASE,
                      "radial mixture: component %zu has weight %g and "
                      "variance %g, both must be > 0",
                      k + 1, weights[k], variances[k]);
    mass += weights[k];
    energy += weights[k] * variances[k];
  }
  if (!(fabs(mass - 1.0) <= normalised && fabs(energy - 1.0) <= normalised))
    return lmx_fail(context, LMX_ERR_CASE,
                    "radial mixture: mass is %.12g and mean variance %.12g, "
                    "both must be 1",
                    mass, energy);
  return LMX_OK;
}

lmx_status lmx_exact_radial_mixture(lmx_context *context, int d, size_t n,
                                    const double *weights,
                                    const double *variances, lmx_exact **out)
{
  lmx_status status;
  lmx_exact *exact;
  LMX_TRY(check_radial(context, n, weights, variances));
  LMX_TRY(new_exact(context, RADIAL_MIXTURE, d, &exact));
  LMX_TRY_GOTO(lmx_mixture_create(context, d, n, &exact->mixture), fail);
  for (size_t k = 0, dd = (size_t)d; k < n; ++k) {
    exact->mixture->log_weight[k] = log(weights[k]);
    for (size_t a = 0; a < dd; ++a)
      exact->mixture->covariance[(k * dd + a) * dd + a] = variances[k];
  }
  LMX_TRY_GOTO(lmx_mixture_set_time(context, exact->mixture, 0.0), fail);
  *out = exact;
  return LMX_OK;
fail:
  lmx_exact_destroy(&exact);
  return status;
}

lmx_status lmx_exact_bkw(lmx_context *context, int d, double c, lmx_exact **out)
{
  lmx_exact *exact;
  LMX_TRY(new_exact(context, BKW, d, &exact));
  if (!(c >= 0.0 && c < 2.0 / (d + 2.0))) {
    lmx_exact_destroy(&exact);
    return lmx_fail(context, LMX_ERR_CASE,
                    "BKW solution: c is %g, allowed is 0 <= c < 2/(d+2) = %g",
                    c, 2.0 / (d + 2.0));
  }
  exact->c = c;
  *out = exact;
  return LMX_OK;
}

static lmx_status check_plane(lmx_context *context, size_t n,
                              const lmx_component *components)
{
  double moments[6] = {-1.0, 0.0, 0.0, -1.0, 0.0, -1.0};
  for (size_t k = 0; k < n; ++k) {
    double w = components[k].weight;
    const double *m = components[k].mean, *S = components[k].covariance;
    if (!(w > 0.0 && fabs(S[1] - S[2]) <= normalised))
      return lmx_fail(context, LMX_ERR_CASE,
                      "rotated mixture: component %zu needs a weight > 0 and "
                      "a symmetric covariance",
                      k + 1);
    moments[0] += w;
    moments[1] += w * m[0];
    moments[2] += w * m[1];
    moments[3] += w * (S[0] + m[0] * m[0]);
    moments[4] += w * (S[1] + m[0] * m[1]);
    moments[5] += w * (S[3] + m[1] * m[1]);
  }
  for (int i = 0; i < 6; ++i)
    if (!(fabs(moments[i]) <= normalised))
      return lmx_fail(context, LMX_ERR_CASE,
                      "rotated mixture: mass, mean and second moments must be "
                      "1, 0 and the unit matrix; one of them is off by %g",
                      moments[i]);
  return LMX_OK;
}

lmx_status lmx_exact_rotated_mixture(lmx_context *context, size_t n,
                                     const lmx_component *components,
                                     lmx_exact **out)
{
  lmx_status status;
  lmx_exact *exact;
  LMX_TRY(check_plane(context, n, components));
  LMX_TRY(new_exact(context, ROTATED_MIXTURE, 2, &exact));
  LMX_TRY_GOTO(lmx_mixture_create(context, 2, n, &exact->mixture), fail);
  for (size_t k = 0; k < n; ++k) {
    exact->mixture->log_weight[k] = log(components[k].weight);
    memcpy(exact->mixture->mean + 2 * k, components[k].mean,
           2 * sizeof(double));
    memcpy(exact->mixture->covariance + 4 * k, components[k].covariance,
           4 * sizeof(double));
  }
  LMX_TRY_GOTO(lmx_mixture_set_time(context, exact->mixture, 0.0), fail);
  *out = exact;
  return LMX_OK;
fail:
  lmx_exact_destroy(&exact);
  return status;
}

lmx_status lmx_exact_axisymmetric_at(lmx_context *context, int d, double s1,
                                     int axis, lmx_exact **out)
{
  double s2 = (d - s1) / (d - 1.0);
  lmx_status status;
  lmx_exact *exact;
  LMX_TRY(new_exact(context, AXISYMMETRIC_GAUSSIAN, d, &exact));
  exact->axis = axis;
  if (!(fabs(s1 - 1.0) < 1.0 && fabs(s2 - 1.0) < 1.0)) {
    status = lmx_fail(context, LMX_ERR_CASE,
                      "axisymmetric Gaussian: the variances are %g and %g, "
                      "allowed is 0 < s < 2",
                      s1, s2);
    goto fail;
  }
  LMX_TRY_GOTO(lmx_hermite_create(context, d, s1 - 1.0, &exact->hermite), fail);
  LMX_TRY_GOTO(lmx_mixture_create(context, d, 1, &exact->mixture), fail);
  for (int a = 0; a < d; ++a)
    exact->mixture->covariance[a * d + a] = a == axis ? s1 : s2;
  LMX_TRY_GOTO(lmx_mixture_set_time(context, exact->mixture, 0.0), fail);
  *out = exact;
  return LMX_OK;
fail:
  lmx_exact_destroy(&exact);
  return status;
}

lmx_status lmx_exact_axisymmetric_gaussian(lmx_context *context, int d,
                                           double s1, lmx_exact **out)
{
  return lmx_exact_axisymmetric_at(context, d, s1, 0, out);
}

void lmx_exact_announce(const lmx_exact *exact, size_t n, const double *times)
{
  if (exact->hermite != NULL)
    lmx_hermite_announce(exact->hermite, n, times);
}

static double norm2(int d, const double *v)
{
  double sum = 0.0;
  for (int a = 0; a < d; ++a)
    sum += v[a] * v[a];
  return sum;
}

static double rounding(double g)
{
  return 4.0 * DBL_EPSILON * (1.0 + fabs(g));
}

/* f = (2 pi s)^(-d/2) exp(-|v|^2/(2s)) (A + B |v|^2). */
static void eval_bkw(const lmx_exact *exact, double t, lmx_jet *jet)
{
  const double log_two_pi = 1.83787706640934548356;
  int d = exact->d;
  double deficit = exact->c * exp(-2.0 * (d - 1.0) * t), s = 1.0 - deficit;
  double A = (2.0 - (d + 2.0) * deficit) / (2.0 * s);
  double B = deficit / (2.0 * s * s);
  double r2 = norm2(d, jet->v), factor = A + B * r2;
  double radial = 2.0 * B / factor - 1.0 / s;
  double curved = 4.0 * B * B / (factor * factor);
  jet->g = -0.5 * d * (log_two_pi + log(s)) - r2 / (2.0 * s) + log(factor);
  for (int a = 0; a < d; ++a) {
    jet->q[a] = radial * jet->v[a];
    for (int b = 0; b < d; ++b)
      jet->G[a * d + b] =
          (a == b ? radial : 0.0) - curved * (jet->v[a] * jet->v[b]);
  }
}

static lmx_status eval_mixture(lmx_context *context, const lmx_exact *exact,
                               double t, lmx_jet *jet, double *error)
{
  LMX_TRY(lmx_mixture_set_time(context, exact->mixture, t));
  if (exact->kind == ROTATED_MIXTURE && t > 0.0)
    return lmx_rotated_eval(context, exact->mixture, t, jet, error);
  lmx_logsum acc;
  lmx_logsum_reset(&acc, exact->d);
  lmx_mixture_sum(exact->mixture, jet->v, &acc);
  lmx_logsum_result(&acc, &jet->g, jet->q, jet->G);
  *error = rounding(jet->g);
  return LMX_OK;
}

/* From h(x, s) = f/M to the jet of log f in R^d. */
static lmx_status eval_hermite(lmx_context *context, const lmx_exact *exact,
                               double t, lmx_jet *jet, double *error)
{
  int d = exact->d, axis = exact->axis;
  const double *v = jet->v;
  double r2 = norm2(d, v);
  lmx_hermite_jet h;
  LMX_TRY(lmx_hermite_eval(context, exact->hermite, t, v[axis], r2, &h));
  jet->g = h.log_h + lmx_log_maxwellian(d, r2);
  for (int a = 0; a < d; ++a)
    jet->q[a] = 2.0 * v[a] * h.s + (a == axis ? h.x : 0.0);
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      double K = 4.0 * v[a] * v[b] * h.ss + (a == b ? 2.0 * h.s : 0.0);
      K += (a == axis ? 2.0 * v[b] * h.xs : 0.0);
      K += (b == axis ? 2.0 * v[a] * h.xs : 0.0);
      K += (a == axis && b == axis ? h.xx : 0.0);
      jet->G[a * d + b] = K - jet->q[a] * jet->q[b] - (a == b ? 1.0 : 0.0);
    }
  for (int a = 0; a < d; ++a)
    jet->q[a] -= v[a];
  *error = h.error + rounding(jet->g);
  return LMX_OK;
}

lmx_status lmx_exact_eval(lmx_context *context, const lmx_exact *exact,
                          double t, lmx_jet *jet, double *error)
{
  double estimate;
  if (!(t >= 0.0 && isfinite(t)))
    return lmx_fail(context, LMX_ERR_USAGE,
                    "exact solution: the time is %g, allowed is t >= 0", t);
  if (jet->d != exact->d)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "exact solution of dimension %d, jet of dimension %d",
                    exact->d, jet->d);
  for (int a = 0; a < exact->d; ++a)
    if (!isfinite(jet->v[a]))
      return lmx_fail(context, LMX_ERR_USAGE,
                      "exact solution: v_%d is not finite", a + 1);
  if (exact->kind == BKW) {
    eval_bkw(exact, t, jet);
    estimate = rounding(jet->g);
  } else if (exact->kind == AXISYMMETRIC_GAUSSIAN && t > 0.0) {
    LMX_TRY(eval_hermite(context, exact, t, jet, &estimate));
  } else {
    LMX_TRY(eval_mixture(context, exact, t, jet, &estimate));
  }
  if (!(estimate <= 1e-6))
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "exact solution: log f = %g is only good to %g at |v| = %g",
                    jet->g, estimate, sqrt(norm2(jet->d, jet->v)));
  if (error != NULL)
    *error = estimate;
  return LMX_OK;
}
