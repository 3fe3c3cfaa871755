/* Theorem 1.7 as a number, and what is known for f0 = M. */
#include <math.h>
#include <stdio.h>

#include <gsl/gsl_integration.h>

#include "landaumax/moment.h"

enum { PANEL = 16, MAX = LMX_MAX_DIMENSION };

/* A function of time integrated from one of `times` to the next. */
typedef struct integrand {
  lmx_hierarchy *hierarchy;
  int d;
  double B; /* on the interval at hand */
  double (*value)(const struct integrand *self, double s);
} integrand;

/* Gauss-Legendre on panels no longer than the shortest time scale 1/(4d). */
static double integrate(const integrand *f,
                        const gsl_integration_glfixed_table *table, double from,
                        double to)
{
  double panels = ceil(4.0 * f->d * (to - from)), sum = 0.0;
  double h = (to - from) / panels;
  for (double k = 0.0; k < panels; k += 1.0)
    for (size_t i = 0; i < PANEL; ++i) {
      double s, weight;
      gsl_integration_glfixed_point(from + k * h, from + (k + 1.0) * h, i, &s,
                                    &weight, table);
      sum += weight * f->value(f, s);
    }
  return sum;
}

/* out[i] = int_0^{times[i]} f; B [n] may be NULL. */
static lmx_status accumulate(lmx_context *context, integrand *f, size_t n,
                             const double *times, const double *B, double *out)
{
  gsl_integration_glfixed_table *table =
      gsl_integration_glfixed_table_alloc(PANEL);
  if (table == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory");
  out[0] = 0.0;
  for (size_t i = 1; i < n; ++i) {
    f->B = B != NULL ? fmax(B[i - 1], B[i]) : 0.0;
    out[i] = out[i - 1] + integrate(f, table, times[i - 1], times[i]);
  }
  gsl_integration_glfixed_table_free(table);
  return LMX_OK;
}

/* sqrt(N X_N Y_N) */
static double theorem_rate(const integrand *f, double s)
{
  lmx_hierarchy_values x;
  lmx_hierarchy_at(f->hierarchy, s, &x);
  double r = 1.0 + s;
  return sqrt(x.lln * (r * r + 2.0 * r * f->d + x.M4)) * f->B;
}

lmx_status lmx_entropy_bound(lmx_context *context, const lmx_moment_data *data,
                             double N, const lmx_hessian_growth *growth,
                             double *root_N_H)
{
  integrand f = {.d = data->d, .value = theorem_rate};
  LMX_TRY(lmx_hierarchy_create(context, data, N, growth->times[growth->n - 1],
                               &f.hierarchy));
  lmx_status status =
      accumulate(context, &f, growth->n, growth->times, growth->B, root_N_H);
  lmx_hierarchy_destroy(&f.hierarchy);
  return status;
}

/* --- f0 = M ----------------------------------------------------------- */

/* Hess M / M = v v^T - I has the squared norm (|v|^2 - 1)^2 + d - 1. Over
 * (1 + s + |v|^2)^2 this has no maximum inside, only at 0 and infinity. */
double lmx_maxwellian_growth(int d, double s)
{
  return fmax(1.0, sqrt(d) / (1.0 + s));
}

/* N g, in which the terms without 1/N cancel: kappa + kappa - 2 (d-1) d. */
static double maxwellian_rate(const integrand *f, double s)
{
  lmx_hierarchy_values x;
  lmx_hierarchy_at(f->hierarchy, s, &x);
  return x.phi2 - x.T2 + (f->d - 1.0) * (2.0 * x.momentum - f->d);
}

/* x - log(1 + x) */
static double minus_log1p(double x)
{
  if (fabs(x) > 1e-3)
    return x - log1p(x);
  double sum = 0.0, power = x;
  for (int k = 2; k <= 8; ++k) {
    power *= -x;
    sum -= power / k;
  }
  return sum;
}

static double lower_bound(int d, double N, double t)
{
  double c = 4.0 * (d - 1) * t;
  if (!isfinite(N)) /* s - 1 -> c, N (r - 1 - log r) -> 0 */
    return 0.5 * d * minus_log1p(c);
  double r_minus_1 = expm1(-c / N);
  return 0.5 * d *
         (minus_log1p(-(N - 1.0) * r_minus_1) +
          (N - 1.0) * minus_log1p(r_minus_1));
}

lmx_status lmx_maxwellian_entropy(lmx_context *context, int d, double N,
                                  size_t n, const double *times, double *lower,
                                  double *upper)
{
  integrand f = {.d = d, .value = maxwellian_rate};
  lmx_moment_data data = {.d = d};
  for (int a = 0; a < d; ++a) {
    data.E[a] = 1.0;
    for (int b = 0; b < d; ++b)
      data.Q[a * d + b] = a == b ? 3.0 : 1.0;
  }
  LMX_TRY(lmx_hierarchy_create(context, &data, N, times[n - 1], &f.hierarchy));
  lmx_status status = accumulate(context, &f, n, times, NULL, upper);
  lmx_hierarchy_destroy(&f.hierarchy);
  LMX_TRY(status);
  for (size_t i = 0; i < n; ++i)
    lower[i] = lower_bound(d, N, times[i]);
  return LMX_OK;
}
