/* The power with which something grows over an interval: least squares of
 * y = a + b x^p. For each p this is linear; p is where the sum of squares is
 * least, and its error how far p can move until residuals are larger by one
 * part in the number of points, four times over: what oscillates about a power
 * widens it. */
#include "check/internal.h"

#include <math.h>

#include <gsl/gsl_fit.h>

static const double least_power = 0.05, most_power = 8.0;
/* Nothing goes like a power whose best one lies at an end of these, or is not
 * known to this. */
static const double at_end = 0.01, clear_error = 0.25;
/* Golden section. */
static const double golden = 0.6180339887498949;
enum { SECTIONS = 48, MOST = 128 };
/* Residuals below this part of the range of y are rounding. */
static const double rounding = 1e-9;

/* Sum of squares left by the power p. */
static double left(size_t n, const double *x, const double *y, double p)
{
  double powers[MOST], a, b, cov00, cov01, cov11, chisq;
  for (size_t i = 0; i < n; ++i)
    powers[i] = pow(x[i] / x[n - 1], p);
  gsl_fit_linear(powers, 1, y, 1, n, &a, &b, &cov00, &cov01, &cov11, &chisq);
  return chisq;
}

static double best_power(size_t n, const double *x, const double *y)
{
  double lo = least_power, hi = most_power;
  for (int i = 0; i < SECTIONS; ++i) {
    double p1 = hi - golden * (hi - lo), p2 = lo + golden * (hi - lo);
    if (left(n, x, y, p1) < left(n, x, y, p2))
      hi = p2;
    else
      lo = p1;
  }
  return 0.5 * (lo + hi);
}

/* The farthest p on one side whose residuals are no larger than `most`. */
static double reach(size_t n, const double *x, const double *y, double p,
                    double end, double most)
{
  double in = p, out = end;
  if (left(n, x, y, end) <= most)
    return end;
  for (int i = 0; i < SECTIONS; ++i) {
    double middle = 0.5 * (in + out);
    if (left(n, x, y, middle) <= most)
      in = middle;
    else
      out = middle;
  }
  return in;
}

bool lmx_measured_power(size_t n, const double *x, const double *y,
                        lmx_power *out)
{
  if (n < 6 || n > MOST)
    return false;
  double range = 0.0;
  for (size_t i = 1; i < n; ++i)
    range = fmax(range, fabs(y[i] - y[0]));
  double p = best_power(n, x, y);
  double most = left(n, x, y, p) * (1.0 + 4.0 / (double)(n - 3)) +
                (double)n * pow(rounding * range, 2);
  double above = reach(n, x, y, p, most_power, most) - p;
  double below = p - reach(n, x, y, p, least_power, most);
  double error = fmax(above, below);
  bool inside = p > least_power + at_end && p < most_power - at_end;
  *out = (lmx_power){p, error, inside && error <= clear_error};
  return range > 0.0;
}
