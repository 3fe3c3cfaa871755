/* The quantile map of the heat kernel's angle, math.md "Particles": the
 * distribution function by the Gegenbauer series, the map at the nodes of a
 * Gauss-Laguerre rule, and its expansion in Laguerre polynomials. */
#include "particle/angle.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_sf_laguerre.h>

enum { NODES = 48, MOST_TERMS = 4000 };

static const long double pi = 3.14159265358979323846264338327950288L;

/* Below it two terms of the expansion in tau are exact to rounding. */
static const double shortest_series = 1e-5;

/* Upper part of the angle's distribution, int_x^pi, up to the part of l = 0,
 * in extended precision since the terms cancel in the tail. lambda = (d-2)/2,
 *   int_0^x sin^{2 lambda} C_l^lambda(cos) =
 *     2 lambda / (l (l + 2 lambda)) sin^{2 lambda + 1} x C_{l-1}^{lambda+1},
 * and with 2 lambda C_{l-1}^{lambda+1} = d C_l^lambda / d cos. For d = 3 and
 * more; `scale` is 1 / int_0^pi sin^{2 lambda}. */
static long double series(int d, double tau, long double x)
{
  long double lambda = 0.5L * (d - 2), c = cosl(x), sum = 0.0L;
  long double alpha = lambda + 1.0L, before = 0.0L, now = 1.0L;
  for (int l = 1; l < MOST_TERMS; ++l) {
    long double n = l, decay = expl(-n * (n + d - 2) * (long double)tau);
    if (decay < 1e-24L)
      break;
    /* now = C_{l-1}^{alpha}(c) */
    sum += decay * (n + lambda) * 2.0L / (n * (n + d - 2)) * now;
    long double next = (2.0L * c * (n - 1.0L + alpha) * now -
                        (n + 2.0L * alpha - 2.0L) * before) /
                       n;
    before = now;
    now = next;
  }
  return sum * powl(sinl(x), (long double)(d - 1));
}

/* int_0^x sin^m, by the recursion in m. */
static long double sine_integral(int m, long double x)
{
  long double c = cosl(x), s = sinl(x);
  long double value = m % 2 == 0 ? x : 1.0L - c;
  for (int k = m % 2 == 0 ? 2 : 3; k <= m; k += 2)
    value = (-powl(s, (long double)(k - 1)) * c + (k - 1) * value) / k;
  return value;
}

typedef struct kernel {
  int d;
  double tau;
  long double whole; /* int_0^pi sin^{d-2} */
} kernel;

static long double distribution(const kernel *k, long double x)
{
  return (sine_integral(k->d - 2, x) + series(k->d, k->tau, x)) / k->whole;
}

/* The angle below which the heat kernel has mass p = 1 - q. */
static long double quantile(const kernel *k, double p, double q)
{
  long double low = 0.0L, high = pi;
  for (int i = 0; i < 70; ++i) {
    long double middle = 0.5L * (low + high);
    long double value = distribution(k, middle);
    bool beyond =
        p < 0.5 ? value > (long double)p : 1.0L - value < (long double)q;
    if (beyond)
      high = middle;
    else
      low = middle;
  }
  return 0.5L * (low + high);
}

/* (1 - cos theta) / y for the theta that has the rank of y. */
static double ratio(const kernel *k, double y)
{
  double n = k->d - 1;
  double p = gsl_cdf_chisq_P(y, n), q = gsl_cdf_chisq_Q(y, n);
  long double s = sinl(0.5L * quantile(k, p, q));
  return (double)(2.0L * s * s / (long double)y);
}

/* d = 2: theta = sqrt(2 tau y). */
static void circle(lmx_angle_map *map)
{
  double term = map->tau;
  map->degree = LMX_ANGLE_DEGREE;
  for (int k = 0; k <= map->degree; ++k) {
    map->q[k] = term;
    term *= -2.0 * map->tau / ((2 * k + 3) * (2 * k + 4));
  }
}

/* Two terms, math.md "Particles". */
static void short_time(lmx_angle_map *map)
{
  double tau = map->tau;
  map->degree = 1;
  map->q[0] = tau * (1.0 + tau * (2 - map->d) / 3.0);
  map->q[1] = -tau * tau / 6.0;
}

/* Adds c L_j^{(alpha)}(y / 2) to the polynomial in y. */
static void add_laguerre(lmx_angle_map *map, int j, double alpha, double c)
{
  double term = c; /* (-1)^k binomial(j + alpha, j - k) / (k! 2^k) */
  for (int k = 1; k <= j; ++k)
    term *= (k + alpha) / k;
  for (int k = 0; k <= j; ++k) {
    map->q[k] += term;
    term *= -(j - k) / (2.0 * (k + 1) * (k + 1 + alpha));
  }
}

/* Values at the nodes whose tail is resolved; the rest, of weight below 1e-15
 * in all, follows the last slope. */
static void values_at(const kernel *k, const double *nodes, double *values)
{
  int n = k->d - 1;
  for (int i = 0; i < NODES; ++i) {
    double y = 2.0 * nodes[i];
    if (i >= 2 && gsl_cdf_chisq_Q(y, n) < 1e-15)
      values[i] = fmax(0.0, values[i - 1] + (values[i - 1] - values[i - 2]) /
                                                (nodes[i - 1] - nodes[i - 2]) *
                                                (nodes[i] - nodes[i - 1]));
    else
      values[i] = ratio(k, y);
  }
}

static lmx_status project(lmx_context *context, const double *nodes,
                          const double *weights, const double *values,
                          lmx_angle_map *map)
{
  double alpha = 0.5 * (map->d - 1) - 1.0;
  double norm = tgamma(alpha + 1.0); /* int w L_j^2 */
  map->degree = LMX_ANGLE_DEGREE;
  for (int j = 0; j <= map->degree; ++j) {
    double c = 0.0;
    for (int i = 0; i < NODES; ++i) {
      gsl_sf_result L;
      if (gsl_sf_laguerre_n_e(j, alpha, nodes[i], &L) != GSL_SUCCESS)
        return lmx_fail(context, LMX_ERR_NUMERICS,
                        "spherical heat kernel: no Laguerre polynomial");
      c += weights[i] * values[i] * L.val;
    }
    c /= norm;
    if (fabs(c) < 1e-17 * map->tau && j > 2) {
      map->degree = j - 1;
      break;
    }
    add_laguerre(map, j, alpha, c);
    norm *= (j + 1 + alpha) / (j + 1);
  }
  return LMX_OK;
}

static lmx_status expand(lmx_context *context, lmx_angle_map *map)
{
  double values[NODES];
  kernel k = {map->d, map->tau, sine_integral(map->d - 2, pi)};
  gsl_integration_fixed_workspace *rule =
      gsl_integration_fixed_alloc(gsl_integration_fixed_laguerre, NODES, 0.0,
                                  1.0, 0.5 * (map->d - 1) - 1.0, 0.0);
  if (rule == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory: quadrature rule");
  const double *nodes = gsl_integration_fixed_nodes(rule);
  values_at(&k, nodes, values);
  lmx_status status =
      project(context, nodes, gsl_integration_fixed_weights(rule), values, map);
  gsl_integration_fixed_free(rule);
  return status;
}

lmx_status lmx_angle_map_init(lmx_context *context, int d, double tau,
                              lmx_angle_map *out)
{
  if (d < 2 || d > LMX_PARTICLE_MAX_DIMENSION || !(tau > 0.0) ||
      !(tau <= LMX_ANGLE_LONGEST))
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "spherical heat kernel: time %g in dimension %d, allowed "
                    "is up to %g",
                    tau, d, LMX_ANGLE_LONGEST);
  lmx_angle_map map = {
      .d = d, .tau = tau, .last = gsl_cdf_chisq_Qinv(1e-14, d - 1)};
  if (d == 2)
    circle(&map);
  else if (tau < shortest_series)
    short_time(&map);
  else
    LMX_TRY(expand(context, &map));
  *out = map;
  return LMX_OK;
}
