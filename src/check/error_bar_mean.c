/* Barriers between the two: with rho = (d_t f - L f) / f and a Gaussian G that
 * is a supersolution, z = log(G/f),
 *   (d_t - L) f^(1-s) G^s >= f^(1-s) G^s ((1-s) rho + s (1-s) |grad z|^2),
 * the square with abar: the log form of L is convex in the gradient. So
 *   C' >= |rho| (f/G)^s + (1-s) C (|rho| - s |grad z|^2)^+
 * makes C f^(1-s) G^s a bound of what rho feeds. Where f is filled from the
 * side its relative error was largest when f was least: G/f falls there, and
 * with it what this barrier keeps of the past (docs/math.md, section 3.5). */
#include "check/error_bar.h"

static double exponent(int m)
{
  return ldexp(1.0, m - LMX_BAR_MEANS);
}

void lmx_bar_means_powers(double root, double *powers)
{
  powers[0] = root;
  for (int m = 1; m <= LMX_BAR_MEANS; ++m)
    powers[m] = powers[m - 1] * powers[m - 1];
}

double lmx_bar_means_root(double above)
{
  return exp(-above * exponent(0));
}

void lmx_bar_means_take(double rho, double spread, const double *powers,
                        lmx_bar_feed *feed)
{
  for (int m = 0; m < LMX_BAR_MEANS; ++m) {
    lmx_bar_raise(&feed->source[m], rho * powers[m]);
    lmx_bar_raise(&feed->growth[m], rho - exponent(m) * spread);
  }
}

void lmx_bar_means_advance(const double *source, const double *growth,
                           double dt, double *C)
{
  for (int m = 0; m < LMX_BAR_MEANS; ++m)
    C[m] = (C[m] + dt * source[m]) *
           exp(dt * (1.0 - exponent(m)) * lmx_bar_larger(growth[m], 0.0));
}

double lmx_bar_means_over_f(const double *C, double above)
{
  double least = INFINITY;
  for (int m = 0; m < LMX_BAR_MEANS; ++m)
    least = fmin(least, C[m] * exp(exponent(m) * above));
  return least;
}

double lmx_bar_means_over_gaussian(const double *C, double below)
{
  double least = INFINITY;
  for (int m = 0; m < LMX_BAR_MEANS; ++m)
    least = fmin(least, C[m] * exp((1.0 - exponent(m)) * below));
  return least;
}

void lmx_bar_means_lower(size_t n, const double *over_f,
                         const double *over_gaussian, const double *above,
                         const double *below, double *C)
{
  for (int m = 0; m < LMX_BAR_MEANS; ++m) {
    double s = exponent(m), most = 0.0;
    for (size_t j = 0; j < n; ++j)
      most = lmx_bar_larger(most,
                            fmin(over_f[j] * exp(s * below[j]),
                                 over_gaussian[j] * exp((1.0 - s) * above[j])));
    C[m] = fmin(C[m], most);
  }
}
