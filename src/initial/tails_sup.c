/* Suprema of what the statements are about: closed formulas for a centred
 * Gaussian, else enclosures. math.md, section 3.7. */
#include "initial/tails_range.h"

/* Relative width of enclosures in one variable, and in more. */
static const double narrow = 1e-9, wide = 1e-4;
/* Correlations and means below this are none. */
static const double rounded = 1e-11;
/* A pole at this distance from C / 2 is one at it. */
static const double equal = 1e-9;

static double tolerance_of(const lmx_tails *tails)
{
  return tails->n == 1 ? narrow : wide;
}

/* |v|^2 over a cell is at most (1 - s)^2 / s^2; g <= log C - |v|^2 / C holds
 * there if s^2 g <= s^2 log C - (1 - s)^2 / C at its ends. */
static double C0_on(const lmx_tail_cell *c, const void *user)
{
  (void)user;
  double y = 1.0 - c->s.lo, s2 = c->s.lo * c->s.lo;
  if (s2 > 0.0 && c->s.lo == c->s.hi)
    return lmx_smallest_C0(y * y / s2, c->g.hi / s2);
  if (s2 > 0.0)
    return fmax(1.0, lmx_smallest_C0(y * y / s2, c->g.hi / s2));
  return c->g.hi < 0.0 ? fmax(1.0, -y * y / c->g.hi) : INFINITY;
}

/* s (1 + |v|) = 1. */
static double gradient_on(const lmx_tail_cell *c, const void *user)
{
  (void)user;
  return c->q;
}

/* s^2 (1 + |v|^2) = s^2 + (1 - s)^2, least at s = 1/2. */
static double over_square(const lmx_tail_cell *c, double size)
{
  double s = fmin(fmax(0.5, c->s.lo), c->s.hi);
  return size / (s * s + (1.0 - s) * (1.0 - s));
}

static double hessian_on(const lmx_tail_cell *c, const void *user)
{
  (void)user;
  return over_square(c, c->G);
}

static double relative_on(const lmx_tail_cell *c, const void *user)
{
  (void)user;
  return over_square(c, c->K);
}

static double gradient_limit_on(const lmx_tail_cell *c, const void *user)
{
  (void)user;
  return c->g.hi < 0.0 ? c->q * c->q / -c->g.hi : INFINITY;
}

static double hessian_limit_on(const lmx_tail_cell *c, const void *user)
{
  (void)user;
  return c->g.hi < 0.0 ? pow(c->K / c->g.hi, 2) : INFINITY;
}

double lmx_tail_unscaled(double x, lmx_range s, int power)
{
  if (x == 0.0 && s.lo == 0.0 && s.hi == 0.0)
    return NAN;
  return x == 0.0 ? 0.0 : x / pow(x > 0.0 ? s.lo : s.hi, power);
}

static double log_on(const lmx_tail_cell *c, const void *user)
{
  (void)user;
  return lmx_tail_unscaled(c->g.hi, c->s, 2);
}

static double bracket_on(const lmx_tail_cell *c, const void *user)
{
  const double *C = user;
  double bound = fmin(c->q * c->q + *C * c->g.hi, lmx_tail_convex(c, *C));
  return lmx_tail_unscaled(bound, c->s, 2);
}

/* --- a centred Gaussian ----------------------------------------------------
 */

/* Up to rounding. */
static bool is_centred_gaussian(const lmx_tails *tails)
{
  if (tails->components != 1)
    return false;
  const lmx_tail_component *x = &tails->component[0];
  bool centred = true;
  for (int i = 0; i < tails->n; ++i)
    for (int j = 0; j < tails->n; ++j)
      centred = centred && fabs(x->Pm[i]) <= rounded * x->P[i][i] &&
                (i == j || fabs(x->P[i][j]) <= rounded * x->P[i][i]);
  return centred;
}

static lmx_tail_sup exactly(double value, double r)
{
  return (lmx_tail_sup){value, value, r};
}

static void gaussian_constants(const lmx_tails *tails, lmx_tail_constants *out)
{
  const lmx_tail_component *x = &tails->component[0];
  double least = INFINITY, most = 0.0;
  double square = tails->extra * x->extra * x->extra;
  for (int i = 0; i < tails->n; ++i) {
    least = fmin(least, x->P[i][i]);
    most = fmax(most, x->P[i][i]);
    square += x->P[i][i] * x->P[i][i];
  }
  double norm = sqrt(square), top = exp(x->c);
  *out = (lmx_tail_constants){
      .closed = true,
      .C0 = 2.0 / least >= top ? exactly(2.0 / least, INFINITY)
                               : exactly(top, 0.0),
      .gradient = exactly(most, INFINITY),
      .hessian = exactly(norm, 0.0),
      .relative = most * most >= norm ? exactly(most * most, INFINITY)
                                      : exactly(norm, 0.0),
      .gradient_limit = exactly(2.0 * most, INFINITY),
      .hessian_limit = exactly(4.0 * most * most, INFINITY),
      .log_f = exactly(x->c, 0.0)};
}

/* sum v_a^2 (p_a^2 - C p_a / 2) + C log f0(0). */
static lmx_tail_sup gaussian_bracket(const lmx_tails *tails, double C)
{
  const lmx_tail_component *x = &tails->component[0];
  for (int i = 0; i < tails->n; ++i)
    if (2.0 * x->P[i][i] > C * (1.0 + equal))
      return exactly(INFINITY, INFINITY);
  return exactly(C * x->c, 0.0);
}

/* ---------------------------------------------------------------------------
 */

lmx_status lmx_tails_constants(lmx_context *context, const lmx_tails *tails,
                               lmx_tail_constants *out)
{
  if (is_centred_gaussian(tails)) {
    gaussian_constants(tails, out);
    return LMX_OK;
  }
  lmx_tail_constants found = {0};
  const struct {
    lmx_tail_fn *quantity;
    bool infinity;
    lmx_tail_sup *out;
  } searches[] = {{C0_on, false, &found.C0},
                  {gradient_on, false, &found.gradient},
                  {hessian_on, false, &found.hessian},
                  {relative_on, false, &found.relative},
                  {gradient_limit_on, true, &found.gradient_limit},
                  {hessian_limit_on, true, &found.hessian_limit},
                  {log_on, false, &found.log_f}};
  for (size_t i = 0; i < sizeof searches / sizeof searches[0]; ++i)
    LMX_TRY(lmx_tails_sup(context, tails, searches[i].infinity,
                          searches[i].quantity, NULL, tolerance_of(tails),
                          searches[i].out));
  *out = found;
  return LMX_OK;
}

lmx_status lmx_tails_bracket(lmx_context *context, const lmx_tails *tails,
                             double C, lmx_tail_sup *out)
{
  if (is_centred_gaussian(tails)) {
    *out = gaussian_bracket(tails, C);
    return LMX_OK;
  }
  return lmx_tails_sup(context, tails, false, bracket_on, &C,
                       tolerance_of(tails), out);
}
