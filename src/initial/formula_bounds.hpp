/* The formula once more, over boxes instead of points. */
#ifndef LMX_INITIAL_FORMULA_BOUNDS_HPP
#define LMX_INITIAL_FORMULA_BOUNDS_HPP

#include <string>
#include <vector>

#include <muParser.h>

#include "initial/interval.hpp"

namespace lmx
{

/* muParser reads the formula with operators and functions of our own. Its
 * numbers are then not values but places in a list of intervals, to which
 * every operation appends its result. */
class formula_bounds
{
public:
  /* Throws mu::ParserError where the formula has a function without bounds. */
  formula_bounds(int d, const std::string &text);

  /* Bounds of log f over the box with these d sides. */
  interval over(const double *lo, const double *hi);

private:
  int d;
  mu::Parser parser;
  std::vector<interval> values; /* v1..vd, r, constants, then results */
  std::vector<double> names;    /* places of v1..vd and r, for muParser */
  size_t constants;             /* how many stand before the results */
};

} // namespace lmx

#endif
