/* Bounds of a formula over a box, by interval arithmetic. */
#include "initial/formula_bounds.hpp"

#include <cstdlib>
#include <cstring>

namespace lmx
{

namespace
{

/* 2^8 evaluations of one box at most. */
constexpr int MOST_OPEN = 8;

/* muParser calls plain functions, which must find the list of the formula that
 * is being evaluated. */
thread_local std::vector<interval> *current = nullptr;

/* Comparisons give plain truth values, by which muParser itself chooses the
 * branch of ?: to evaluate. One that is open on the box is decided by the next
 * bit, and the formula is evaluated again for every choice of bits. */
thread_local unsigned choices = 0;
thread_local int open_comparisons = 0;

double choose(bool certainly, bool possibly)
{
  if (certainly == possibly)
    return certainly ? 1.0 : 0.0;
  return (choices >> open_comparisons++) & 1U;
}

double store(const interval &value)
{
  current->push_back(value);
  return (double)(current->size() - 1);
}

interval at(double place)
{
  return (*current)[(size_t)place];
}

template <interval (*operation)(const interval &)> double unary(double a)
{
  return store(operation(at(a)));
}

template <interval (*operation)(const interval &, const interval &)>
double binary(double a, double b)
{
  return store(operation(at(a), at(b)));
}

/* Functions that rise wherever they are defined. */
template <long double (*function)(long double)> double monotone(double a)
{
  return store(rising(at(a), function));
}

double same(double a)
{
  return a;
}

template <int base> double log_to_base(double a)
{
  interval log_a = logarithm(at(a));
  long double scale = std::log((long double)base);
  return store({log_a.lo / scale, log_a.hi / scale});
}

double arc_sine(double a)
{
  return store(rising(at(a), asinl, -1.0L, 1.0L));
}

double arc_cosine(double a)
{
  const long double quarter = 0.5L * std::acos(-1.0L);
  return store(subtract({quarter, quarter}, rising(at(a), asinl, -1.0L, 1.0L)));
}

double area_cosine(double a)
{
  return store(rising(at(a), acoshl, 1.0L));
}

double area_tangent(double a)
{
  return store(rising(at(a), atanhl, -1.0L, 1.0L));
}

double tangent(double a)
{
  return store(divide(sine(at(a)), cosine(at(a))));
}

double sign(double a)
{
  return store(rising(at(a), [](long double x) {
    return (long double)((x > 0.0L) - (x < 0.0L));
  }));
}

double less(double x, double y)
{
  interval a = at(x), b = at(y);
  return choose(a.hi < b.lo, a.lo < b.hi);
}

double at_most(double x, double y)
{
  interval a = at(x), b = at(y);
  return choose(a.hi <= b.lo, a.lo <= b.hi);
}

double greater(double x, double y)
{
  return less(y, x);
}

double at_least(double x, double y)
{
  return at_most(y, x);
}

double equal(double x, double y)
{
  interval a = at(x), b = at(y);
  bool certainly = a.lo == a.hi && b.lo == b.hi && a.lo == b.lo;
  return choose(certainly, a.lo <= b.hi && b.lo <= a.hi);
}

double unequal(double x, double y)
{
  return 1.0 - equal(x, y);
}

double both(double a, double b)
{
  return a != 0.0 && b != 0.0 ? 1.0 : 0.0;
}

double either(double a, double b)
{
  return a != 0.0 || b != 0.0 ? 1.0 : 0.0;
}

/* The angle of (x, y) jumps only across the negative x axis; elsewhere its
 * extremes over a box are at corners. */
double angle(double of_y, double of_x)
{
  interval y = at(of_y), x = at(of_x);
  const long double half = std::acos(-1.0L);
  if (x.lo <= 0.0L && y.lo <= 0.0L && y.hi >= 0.0L)
    return store({-half, half});
  long double p = std::atan2(y.lo, x.lo), q = std::atan2(y.lo, x.hi);
  long double r = std::atan2(y.hi, x.lo), s = std::atan2(y.hi, x.hi);
  return store({std::min(std::min(p, q), std::min(r, s)),
                std::max(std::max(p, q), std::max(r, s))});
}

/* Functions of any number of arguments, folded from the left. */
template <interval (*operation)(const interval &, const interval &)>
double fold(const double *arguments, int n)
{
  interval value = at(arguments[0]);
  for (int i = 1; i < n; ++i)
    value = operation(value, at(arguments[i]));
  return store(value);
}

interval least(const interval &a, const interval &b)
{
  return {std::min(a.lo, b.lo), std::min(a.hi, b.hi)};
}

interval greatest(const interval &a, const interval &b)
{
  return {std::max(a.lo, b.lo), std::max(a.hi, b.hi)};
}

double average(const double *arguments, int n)
{
  interval sum = at(fold<add>(arguments, n));
  return store({sum.lo / n, sum.hi / n});
}

/* log(e^a + e^b), which rises in both. */
long double log_add(long double a, long double b)
{
  long double top = std::max(a, b);
  return std::isinf(top) ? top
                         : top + std::log1p(std::exp(std::min(a, b) - top));
}

interval log_sum(const interval &a, const interval &b)
{
  return {log_add(a.lo, b.lo), log_add(a.hi, b.hi)};
}

/* Numbers in the text become constants of the list. What is not a number, as
 * "inf", is left to muParser to refuse. */
int read_number(const mu::char_type *text, int *position, double *value)
{
  if (std::strchr("0123456789.", text[0]) == nullptr || text[0] == '\0')
    return 0;
  char *end = nullptr;
  long double number = std::strtod(text, &end);
  if (end == text)
    return 0;
  *position += (int)(end - text);
  *value = store({number, number});
  return 1;
}

void define_operators(mu::Parser &parser)
{
  parser.EnableBuiltInOprt(false);
  parser.ClearInfixOprt();
  parser.DefineOprt("+", binary<add>, mu::prADD_SUB);
  parser.DefineOprt("-", binary<subtract>, mu::prADD_SUB);
  parser.DefineOprt("*", binary<multiply>, mu::prMUL_DIV);
  parser.DefineOprt("/", binary<divide>, mu::prMUL_DIV);
  parser.DefineOprt("^", binary<power>, mu::prPOW, mu::oaRIGHT);
  parser.DefineOprt("<", less, mu::prCMP);
  parser.DefineOprt(">", greater, mu::prCMP);
  parser.DefineOprt("<=", at_most, mu::prCMP);
  parser.DefineOprt(">=", at_least, mu::prCMP);
  parser.DefineOprt("==", equal, mu::prCMP);
  parser.DefineOprt("!=", unequal, mu::prCMP);
  parser.DefineOprt("&&", both, mu::prLAND);
  parser.DefineOprt("||", either, mu::prLOR);
  parser.DefineInfixOprt("-", unary<negative>, mu::prINFIX, false);
  parser.DefineInfixOprt("+", same, mu::prINFIX, false);
}

void define_functions(mu::Parser &parser)
{
  parser.ClearFun();
  parser.DefineFun("exp", unary<exponential>, false);
  parser.DefineFun("ln", unary<logarithm>, false);
  parser.DefineFun("log", unary<logarithm>, false);
  parser.DefineFun("log2", log_to_base<2>, false);
  parser.DefineFun("log10", log_to_base<10>, false);
  parser.DefineFun("sqrt", unary<square_root>, false);
  parser.DefineFun("abs", unary<absolute>, false);
  parser.DefineFun("sign", sign, false);
  parser.DefineFun("rint", monotone<rintl>, false);
  parser.DefineFun("sin", unary<sine>, false);
  parser.DefineFun("cos", unary<cosine>, false);
  parser.DefineFun("tan", tangent, false);
  parser.DefineFun("asin", arc_sine, false);
  parser.DefineFun("acos", arc_cosine, false);
  parser.DefineFun("atan", monotone<atanl>, false);
  parser.DefineFun("atan2", angle, false);
  parser.DefineFun("sinh", monotone<sinhl>, false);
  parser.DefineFun("cosh", unary<hyperbolic_cosine>, false);
  parser.DefineFun("tanh", monotone<tanhl>, false);
  parser.DefineFun("asinh", monotone<asinhl>, false);
  parser.DefineFun("acosh", area_cosine, false);
  parser.DefineFun("atanh", area_tangent, false);
  parser.DefineFun("min", fold<least>, false);
  parser.DefineFun("max", fold<greatest>, false);
  parser.DefineFun("sum", fold<add>, false);
  parser.DefineFun("avg", average, false);
  parser.DefineFun("logsumexp", fold<log_sum>, false);
}

void define_constant(mu::Parser &parser, const char *name, double value)
{
  double place = store({value, value});
  parser.DefineConst(name, place);
}

} // namespace

formula_bounds::formula_bounds(int dimension, const std::string &text)
    : d(dimension), values((size_t)dimension + 1, everything),
      names((size_t)dimension + 1), constants(0)
{
  current = &values;
  define_operators(parser);
  define_functions(parser);
  parser.AddValIdent(read_number);
  parser.ClearConst();
  for (const char *name : {"pi", "_pi"})
    define_constant(parser, name, 3.14159265358979323846);
  for (const char *name : {"e", "_e"})
    define_constant(parser, name, 2.71828182845904523536);
  for (int a = 0; a <= d; ++a) {
    names[(size_t)a] = a;
    parser.DefineVar(a == d ? "r" : "v" + std::to_string(a + 1),
                     &names[(size_t)a]);
  }
  parser.SetExpr(text);
  /* The first evaluation parses, and results land among the constants. */
  parser.Eval();
  constants = values.size();
}

interval formula_bounds::over(const double *lo, const double *hi)
{
  current = &values;
  values.resize(constants);
  interval r2 = {0.0L, 0.0L};
  for (int a = 0; a < d; ++a) {
    values[(size_t)a] = {lo[a], hi[a]};
    r2 = add(r2, whole_power(values[(size_t)a], 2.0L));
  }
  values[(size_t)d] = square_root(r2);
  interval out = {infinity, -infinity};
  size_t inputs = values.size();
  int most_open = 0;
  for (choices = 0; choices >> most_open == 0; ++choices) {
    values.resize(inputs);
    open_comparisons = 0;
    interval branch = at(parser.Eval());
    most_open = std::max(most_open, open_comparisons);
    if (most_open > MOST_OPEN)
      return everything;
    out.lo = std::isnan(branch.lo) ? -infinity : std::min(out.lo, branch.lo);
    out.hi = std::isnan(branch.hi) ? infinity : std::max(out.hi, branch.hi);
  }
  return out;
}

} // namespace lmx
