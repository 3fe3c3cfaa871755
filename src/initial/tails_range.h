/* Ranges of numbers, in double precision without directed rounding. */
#ifndef LMX_INITIAL_TAILS_RANGE_H
#define LMX_INITIAL_TAILS_RANGE_H

#include "initial/tails.h"

#include <math.h>

static inline lmx_range lmx_range_add(lmx_range a, lmx_range b)
{
  return (lmx_range){a.lo + b.lo, a.hi + b.hi};
}

static inline lmx_range lmx_range_scale(double c, lmx_range a)
{
  return c >= 0.0 ? (lmx_range){c * a.lo, c * a.hi}
                  : (lmx_range){c * a.hi, c * a.lo};
}

static inline lmx_range lmx_range_times(lmx_range a, lmx_range b)
{
  double x[4] = {a.lo * b.lo, a.lo * b.hi, a.hi * b.lo, a.hi * b.hi};
  return (lmx_range){fmin(fmin(x[0], x[1]), fmin(x[2], x[3])),
                     fmax(fmax(x[0], x[1]), fmax(x[2], x[3]))};
}

static inline double lmx_range_size(lmx_range a)
{
  return fmax(fabs(a.lo), fabs(a.hi));
}

static inline lmx_range lmx_range_square(lmx_range a)
{
  double most = lmx_range_size(a);
  double least = a.lo > 0.0 ? a.lo : a.hi < 0.0 ? a.hi : 0.0;
  return (lmx_range){least * least, most * most};
}

/* a x^2 + b x + c, at x = infinity by its leading term. */
static inline double lmx_parabola(double a, double b, double c, double x)
{
  if (!isinf(x))
    return (a * x + b) * x + c;
  return a != 0.0 ? a * x : b != 0.0 ? b * x : c;
}

/* Its largest value over x, 0 <= x.lo. */
static inline double lmx_parabola_most(double a, double b, double c,
                                       lmx_range x)
{
  double most = fmax(lmx_parabola(a, b, c, x.lo), lmx_parabola(a, b, c, x.hi));
  double top = a < 0.0 ? -0.5 * b / a : x.lo;
  return top > x.lo && top < x.hi ? fmax(most, lmx_parabola(a, b, c, top))
                                  : most;
}

/* Its range over x >= 0 when a, b, c have ranges. */
static inline lmx_range lmx_parabola_range(lmx_range a, lmx_range b,
                                           lmx_range c, lmx_range x)
{
  return (lmx_range){-lmx_parabola_most(-a.lo, -b.lo, -c.lo, x),
                     lmx_parabola_most(a.hi, b.hi, c.hi, x)};
}

/* (1 - s)^2 a + s (1 - s) b + s^2 c over s in [0, 1]. */
static inline lmx_range lmx_scaled_range(lmx_range a, lmx_range b, lmx_range c,
                                         lmx_range s)
{
  return (lmx_range){
      -lmx_parabola_most(-(a.lo - b.lo + c.lo), -(b.lo - 2.0 * a.lo), -a.lo, s),
      lmx_parabola_most(a.hi - b.hi + c.hi, b.hi - 2.0 * a.hi, a.hi, s)};
}

/* |v| = (1 - s) / s. */
static inline lmx_range lmx_range_radius(lmx_range s)
{
  return (lmx_range){(1.0 - s.hi) / s.hi,
                     s.lo > 0.0 ? (1.0 - s.lo) / s.lo : INFINITY};
}

#endif
