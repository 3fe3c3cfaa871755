/* Formulas through muParser. Its exceptions end in this file. */
#include "initial/formula.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <memory>
#include <new>
#include <string>

#include <muParser.h>

#include "initial/formula_bounds.hpp"

struct lmx_formula {
  int d;
  double v[LMX_MAX_DIMENSION];
  double r;
  mu::Parser parser;
  std::unique_ptr<lmx::formula_bounds> bounds;
};

namespace
{

/* Cancellation inside a formula costs a few digits of the 16, and the value
 * and its bounds (long double) lose different ones. */
const double BOUNDS_ROUNDING = 1e-9;

/* muParser counts positions from 0 and writes them into its texts; users count
 * from 1, so the text's own position is cut out. */
std::string without_position(std::string text)
{
  for (const char *lead : {" found at position ", " at position "}) {
    size_t from = text.find(lead);
    if (from == std::string::npos)
      continue;
    size_t to = text.find_first_not_of("0123456789", from + std::strlen(lead));
    text.erase(from, to == std::string::npos ? to : to - from);
  }
  while (!text.empty() && (text.back() == '.' || text.back() == ' '))
    text.pop_back();
  return text;
}

/* From 1. Behind the end muParser counts a blank of its own; errors of the
 * whole text have no position and count as its beginning. */
long position_of(const mu::ParserError &error, const char *text)
{
  long position = std::max(error.GetPos(), 0);
  return std::min(position, (long)std::strlen(text)) + 1;
}

lmx_status fail_at(lmx_context *context, long position, const char *text)
{
  return lmx_fail(context, LMX_ERR_CASE,
                  "initial.log_density: position %ld: %s", position, text);
}

/* An assignment would change a velocity component behind our back. */
size_t find_assignment(const std::string &text)
{
  for (size_t i = text.find('='); i != std::string::npos;
       i = text.find('=', i + 1)) {
    if (i + 1 < text.size() && text[i + 1] == '=') {
      ++i;
      continue;
    }
    if (i == 0 || std::strchr("<>!=", text[i - 1]) == nullptr)
      return i;
  }
  return std::string::npos;
}

/* log(e^a + e^b + ...) without the overflow of its terms. */
double log_sum(const double *terms, int n)
{
  double top = *std::max_element(terms, terms + n), sum = 0.0;
  if (std::isinf(top))
    return top;
  for (int i = 0; i < n; ++i)
    sum += std::exp(terms[i] - top);
  return top + std::log(sum);
}

void define_names(lmx_formula &formula)
{
  mu::Parser &parser = formula.parser;
  for (int a = 0; a < formula.d; ++a)
    parser.DefineVar("v" + std::to_string(a + 1), &formula.v[a]);
  parser.DefineVar("r", &formula.r);
  parser.DefineConst("pi", 3.14159265358979323846);
  parser.DefineConst("e", 2.71828182845904523536);
  parser.DefineFun("logsumexp", log_sum);
}

lmx_status compile(lmx_context *context, const char *text, lmx_formula &formula)
{
  size_t assignment = find_assignment(text);
  if (assignment != std::string::npos)
    return fail_at(context, (long)assignment + 1,
                   "assignments are not allowed");
  define_names(formula);
  formula.parser.SetExpr(text);
  int results = 0;
  formula.parser.Eval(results);
  if (results != 1)
    return lmx_fail(context, LMX_ERR_CASE,
                    "initial.log_density: has %d expressions separated by "
                    "commas, must be one",
                    results);
  return LMX_OK;
}

/* Whether the bounds hold at most of a few points, where they are the value
 * itself to rounding: a guard against what means different things to muParser
 * and to us. A point may fail for another reason, underflow in muParser. */
bool bounds_agree(lmx_formula &formula)
{
  double v[LMX_MAX_DIMENSION];
  int finite = 0, agree = 0;
  for (int i = 0; i < 16; ++i) {
    for (int a = 0; a < formula.d; ++a)
      v[a] = 2.0 * std::sin(1.0 + 3.7 * i + 1.3 * a);
    double value = lmx_formula_value(&formula, v);
    lmx::interval bounds = formula.bounds->over(v, v);
    double slack = BOUNDS_ROUNDING * (1.0 + std::fabs(value));
    bool good = bounds.lo <= value + slack && bounds.hi >= value - slack;
    finite += std::isfinite(value);
    agree += std::isfinite(value) && good;
  }
  return 2 * agree >= finite;
}

/* Without bounds peaks could be missed, so that there must be some. */
lmx_status make_bounds(lmx_context *context, const char *text,
                       lmx_formula &formula)
{
  formula.bounds.reset(new lmx::formula_bounds(formula.d, text));
  if (bounds_agree(formula))
    return LMX_OK;
  return lmx_fail(context, LMX_ERR_CASE,
                  "initial.log_density: cannot be bounded over boxes, so that "
                  "peaks could be missed; a comparison is allowed as a "
                  "condition only, v1 < 1 ? a : b");
}

} // namespace

lmx_status lmx_formula_create(lmx_context *context, int d, const char *text,
                              lmx_formula **out)
{
  std::unique_ptr<lmx_formula> formula;
  lmx_status status;
  if (text == nullptr)
    return lmx_fail(context, LMX_ERR_CASE, "initial.log_density: is missing");
  try {
    formula.reset(new lmx_formula{});
    formula->d = d;
    status = compile(context, text, *formula);
    if (status == LMX_OK)
      status = make_bounds(context, text, *formula);
  } catch (const mu::ParserError &error) {
    std::string words = without_position(error.GetMsg());
    status = fail_at(context, position_of(error, text), words.c_str());
  } catch (const std::bad_alloc &) {
    status = lmx_fail(context, LMX_ERR_MEMORY, "out of memory");
  } catch (const std::exception &error) {
    status = lmx_fail(context, LMX_ERR_CASE, "initial.log_density: %s",
                      error.what());
  }
  if (status == LMX_OK)
    *out = formula.release();
  return status;
}

void lmx_formula_destroy(lmx_formula **formula)
{
  if (formula == nullptr)
    return;
  delete *formula;
  *formula = nullptr;
}

double lmx_formula_value(const lmx_formula *formula, const double *x)
{
  lmx_formula *own = const_cast<lmx_formula *>(formula);
  double r2 = 0.0;
  for (int a = 0; a < own->d; ++a) {
    own->v[a] = x[a];
    r2 += x[a] * x[a];
  }
  own->r = std::sqrt(r2);
  try {
    return own->parser.Eval();
  } catch (...) {
    return std::numeric_limits<double>::quiet_NaN();
  }
}

void lmx_formula_bounds(const lmx_formula *formula, const double *lo,
                        const double *hi, double *lower, double *upper)
{
  *lower = -std::numeric_limits<double>::infinity();
  *upper = std::numeric_limits<double>::infinity();
  try {
    lmx::interval out = formula->bounds->over(lo, hi);
    *lower = (double)out.lo;
    *upper = (double)out.hi;
  } catch (...) {
    return; /* out of memory: nothing is known */
  }
}

bool lmx_formula_names(const lmx_formula *formula, int a)
{
  try {
    return formula->parser.GetUsedVar().count("v" + std::to_string(a + 1)) > 0;
  } catch (...) {
    return true;
  }
}
