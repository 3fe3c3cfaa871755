/* (1.9) as far as a ball shows: how log f0, at its largest on |v| = r, decays.
 *
 * The measured power p is that of sup log f0 - log f0 ~ |v|^p over the outer
 * part of the ball, offset and factor free. (1.9) needs p >= 2 to infinity.
 * All signs of slower decay together are taken for it: the rate -d(log
 * f0)/d|v|^2 falls from window to window with exponents that agree, as for
 * exp(-|v|) or |v|^-p. A mixture whose components change places has a falling
 * rate only for a while. */
#include "check/internal.h"

#include <math.h>

#include <gsl/gsl_fit.h>

/* The rate is taken in this many windows of equal width ... */
enum { WINDOWS = 4, MOST = 128 };
/* ... over |v| > outer_part R, from at least so many shells in each. */
static const double outer_part = 0.4;
static const size_t fewest_shells = 3;
/* It falls like a power if from each window to the next it does so with an
 * exponent of at least this: tails exp(-|v|^p) with p < 1.5. */
static const double falling = 0.5;
/* ... and of at most this, |v|^-p having the exponent 2, and these exponents
 * agree up to this factor; they do not while the components of a mixture
 * change places. */
static const double falling_most = 2.5, steady = 1.5;

/* Shells with |v| in [from, to]: |v|^power and log f0. */
static size_t collect(const lmx_check_env *env, double from, double to,
                      double power, double *x, double *y)
{
  size_t n = 0;
  for (size_t s = 0; s < env->growth.nshells && n < MOST; ++s) {
    const lmx_shell *top = &env->growth.tops[s];
    if (top->ratio < 0.0 || top->r < from || top->r > to)
      continue;
    x[n] = pow(top->r, power);
    y[n++] = top->size;
  }
  return n;
}

/* -d(log f0)/d|v|^2 over one window by a straight line; false: too few
 * shells. */
static bool window_rate(const lmx_check_env *env, int window, double *rate,
                        double *centre)
{
  double radius = lmx_check_radius(env->input, 0);
  double width = (1.0 - outer_part) * radius / WINDOWS;
  double from = outer_part * radius + window * width;
  double x[MOST], y[MOST];
  double offset, slope, cov00, cov01, cov11, chisq;
  size_t n = collect(env, from, from + width, 2.0, x, y);
  if (n < fewest_shells || gsl_fit_linear(x, 1, y, 1, n, &offset, &slope,
                                          &cov00, &cov01, &cov11, &chisq) != 0)
    return false;
  *rate = -slope;
  *centre = from + 0.5 * width;
  return true;
}

/* True when the decay is slower than a Gaussian's by all signs. */
static bool is_slow(const double *rate, const double *centre)
{
  if (rate[WINDOWS - 1] <= 0.0)
    return true;
  double least = INFINITY, most = 0.0;
  for (int i = 0; i + 1 < WINDOWS; ++i) {
    if (rate[i] <= 0.0)
      return false;
    double exponent =
        log(rate[i] / rate[i + 1]) / log(centre[i + 1] / centre[i]);
    least = fmin(least, exponent);
    most = fmax(most, exponent);
  }
  return least >= falling && most <= fmin(falling_most, steady * least);
}

void lmx_decay_measure(const lmx_check_env *env, lmx_decay *out)
{
  double rate[WINDOWS], centre[WINDOWS], r[MOST], g[MOST];
  bool judged = true;
  *out = (lmx_decay){0};
  for (int i = 0; i < WINDOWS; ++i)
    judged = window_rate(env, i, &rate[i], &centre[i]) && judged;
  double radius = lmx_check_radius(env->input, 0);
  out->shells = collect(env, outer_part * radius, radius, 1.0, r, g);
  out->slow = judged && is_slow(rate, centre);
  out->measured = lmx_measured_power(out->shells, r, g, &out->power);
}
