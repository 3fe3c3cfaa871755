/* Intervals [lo, hi] of long double, which hold exp(11000) where a double
 * overflows at exp(710). The bounds are used to find where a density may be
 * large, not to prove digits: endpoints are rounded to nearest, and whoever
 * compares them leaves more room than 1e-18.
 *
 * A function is bounded over the part of the interval on which it is defined;
 * where it is defined nowhere the result is [-inf, -inf], as if the density
 * vanished there. */
#ifndef LMX_INITIAL_INTERVAL_HPP
#define LMX_INITIAL_INTERVAL_HPP

#include <algorithm>
#include <cmath>
#include <limits>

namespace lmx
{

struct interval {
  long double lo, hi;
};

constexpr long double infinity = std::numeric_limits<long double>::infinity();
constexpr interval nowhere = {-infinity, -infinity};
constexpr interval everything = {-infinity, infinity};

/* The sum of an infinite and an opposite infinite end says nothing. */
inline interval add(const interval &a, const interval &b)
{
  interval c = {a.lo + b.lo, a.hi + b.hi};
  return {std::isnan(c.lo) ? -infinity : c.lo,
          std::isnan(c.hi) ? infinity : c.hi};
}

inline interval negative(const interval &a)
{
  return {-a.hi, -a.lo};
}

inline interval subtract(const interval &a, const interval &b)
{
  return add(a, negative(b));
}

/* Zero times an infinite end is zero: every finite number times zero is. */
inline long double product(long double a, long double b)
{
  return a == 0.0L || b == 0.0L ? 0.0L : a * b;
}

inline interval multiply(const interval &a, const interval &b)
{
  long double p = product(a.lo, b.lo), q = product(a.lo, b.hi);
  long double r = product(a.hi, b.lo), s = product(a.hi, b.hi);
  return {std::min(std::min(p, q), std::min(r, s)),
          std::max(std::max(p, q), std::max(r, s))};
}

inline interval divide(const interval &a, const interval &b)
{
  if (b.lo < 0.0L && b.hi > 0.0L)
    return everything;
  if (b.lo == 0.0L && b.hi == 0.0L)
    return everything;
  interval inverse = {1.0L / b.hi, 1.0L / b.lo};
  if (b.lo == 0.0L)
    inverse.hi = infinity;
  if (b.hi == 0.0L)
    inverse.lo = -infinity;
  return multiply(a, inverse);
}

/* A function that rises on [from, to] and is not defined elsewhere. */
template <typename F>
interval rising(const interval &a, F function, long double from = -infinity,
                long double to = infinity)
{
  if (a.hi < from || a.lo > to)
    return nowhere;
  return {function(std::max(a.lo, from)), function(std::min(a.hi, to))};
}

inline interval absolute(const interval &a)
{
  if (a.lo >= 0.0L)
    return a;
  if (a.hi <= 0.0L)
    return negative(a);
  return {0.0L, std::max(-a.lo, a.hi)};
}

inline interval logarithm(const interval &a)
{
  return rising(
      a, [](long double x) { return std::log(x); }, 0.0L);
}

inline interval exponential(const interval &a)
{
  return rising(a, [](long double x) { return std::exp(x); });
}

inline interval square_root(const interval &a)
{
  return rising(
      a, [](long double x) { return std::sqrt(x); }, 0.0L);
}

/* a^n for a whole number n >= 0. */
inline interval whole_power(const interval &a, long double n)
{
  bool even = std::fmod(n, 2.0L) == 0.0L;
  interval base = even ? absolute(a) : a;
  return {std::pow(base.lo, n), std::pow(base.hi, n)};
}

inline interval power(const interval &a, const interval &b)
{
  if (b.lo == b.hi && b.lo == std::floor(b.lo) && std::fabs(b.lo) < 1e9L)
    return b.lo >= 0.0L ? whole_power(a, b.lo)
                        : divide(interval{1.0L, 1.0L}, whole_power(a, -b.lo));
  return exponential(multiply(b, logarithm(a)));
}

/* cos: 1 and -1 are reached where the interval holds a multiple of pi. */
inline interval cosine(const interval &a)
{
  const long double pi = std::acos(-1.0L);
  if (!(a.hi - a.lo < 2.0L * pi) || std::fabs(a.lo) > 1e15L)
    return {-1.0L, 1.0L};
  long double p = std::cos(a.lo), q = std::cos(a.hi);
  interval out = {std::min(p, q), std::max(p, q)};
  for (long double k = std::ceil(a.lo / pi); k * pi <= a.hi; k += 1.0L)
    (std::fmod(k, 2.0L) == 0.0L ? out.hi : out.lo) =
        std::fmod(k, 2.0L) == 0.0L ? 1.0L : -1.0L;
  return out;
}

inline interval sine(const interval &a)
{
  const long double quarter = 0.5L * std::acos(-1.0L);
  return cosine(subtract(a, interval{quarter, quarter}));
}

/* cosh is even and rises on the right. */
inline interval hyperbolic_cosine(const interval &a)
{
  return rising(absolute(a), [](long double x) { return std::cosh(x); });
}

} // namespace lmx

#endif
