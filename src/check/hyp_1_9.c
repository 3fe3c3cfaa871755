/* (1.9): f0 <= C_0 exp(-|v|^2 / C_0).
 *
 * At one point log C - |v|^2 / C increases with C, so that the smallest C_0
 * there solves C = |v|^2 / w with w exp(w) = |v|^2 / f0 (Lambert's W), and the
 * smallest C_0 of the ball is the largest of these. Whether some C_0 serves
 * beyond the ball is a matter of the decay rate -d(log f0)/d|v|^2, with log f0
 * at its largest on |v| = r: it must stay away from 0, and C_0 >= 1 / rate. A
 * ball of finite radius can only tell that the rate falls like a power of r
 * all the way to its edge, as for exp(-|v|) or |v|^-p. A mixture whose
 * components change places has a falling rate only for a while. */
#include "check/internal.h"

#include <math.h>

#include <gsl/gsl_fit.h>
#include <gsl/gsl_sf_lambert.h>

/* The rate is taken in this many windows of equal width ... */
enum { WINDOWS = 4 };
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
/* Beyond this W is computed from its logarithmic equation. */
static const double largest_log = 600.0;

typedef struct gaussian_bound {
  lmx_check_sup sup;
  double *r, *g; /* [nshells] where log f0 is largest on the shell; r < 0 */
  double rate[WINDOWS], centre[WINDOWS];
  bool judged;
} gaussian_bound;

/* w with w + log w = log_z. */
static double lambert(double log_z)
{
  if (log_z < largest_log)
    return gsl_sf_lambert_W0(exp(log_z));
  double w = log_z;
  for (int i = 0; i < 8; ++i) /* Newton; quadratic from the first step on */
    w -= (w + log(w) - log_z) / (1.0 + 1.0 / w);
  return w;
}

static double smallest_C0(double r, double g)
{
  double w = lambert(2.0 * log(r) - g);
  return w > 1.0 ? r * r / w : exp(g + w);
}

static lmx_status begin(lmx_check_env *env, void *state)
{
  gaussian_bound *b = state;
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->growth.nshells, &b->r));
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->growth.nshells, &b->g));
  for (size_t s = 0; s < env->growth.nshells; ++s)
    b->r[s] = -1.0;
  return LMX_OK;
}

static void release(void *state)
{
  gaussian_bound *b = state;
  lmx_free(b->r);
  lmx_free(b->g);
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  gaussian_bound *b = state;
  double g = point->jet->g, C0 = smallest_C0(point->r, g);
  lmx_check_smallest_take(env, LMX_SMALLEST_C0, C0);
  if (env->k > 0)
    return;
  lmx_check_sup_take(env, point, C0, isfinite(C0) ? 0.0 : INFINITY, 0.0,
                     &b->sup);
  size_t s = lmx_growth_shell_of(&env->growth, point->r);
  if (b->r[s] < 0.0 || g > b->g[s]) {
    b->r[s] = point->r;
    b->g[s] = g;
  }
}

/* -d(log f0)/d|v|^2 over one window by a straight line; false: too few
 * shells. */
static bool window_rate(const lmx_check_env *env, int window, gaussian_bound *b)
{
  double radius = lmx_check_radius(env->input, 0);
  double width = (1.0 - outer_part) * radius / WINDOWS;
  double from = outer_part * radius + window * width;
  double x[64], y[64];
  size_t n = 0;
  for (size_t s = 0; s < env->growth.nshells && n < 64; ++s)
    if (b->r[s] >= from && b->r[s] <= from + width) {
      x[n] = b->r[s] * b->r[s];
      y[n++] = b->g[s];
    }
  double offset, slope, cov00, cov01, cov11, chisq;
  if (n < fewest_shells || gsl_fit_linear(x, 1, y, 1, n, &offset, &slope,
                                          &cov00, &cov01, &cov11, &chisq) != 0)
    return false;
  b->rate[window] = -slope;
  b->centre[window] = from + 0.5 * width;
  return true;
}

/* True when the decay is slower than a Gaussian's by all signs. */
static bool decays_too_slowly(const lmx_check_env *env, gaussian_bound *b)
{
  b->judged = true;
  for (int i = 0; i < WINDOWS; ++i)
    b->judged = window_rate(env, i, b) && b->judged;
  if (!b->judged)
    return false;
  if (b->rate[WINDOWS - 1] <= 0.0)
    return true;
  double least = INFINITY, most = 0.0;
  for (int i = 0; i + 1 < WINDOWS; ++i) {
    if (b->rate[i] <= 0.0)
      return false;
    double exponent =
        log(b->rate[i] / b->rate[i + 1]) / log(b->centre[i + 1] / b->centre[i]);
    least = fmin(least, exponent);
    most = fmax(most, exponent);
  }
  return least >= falling && most <= fmin(falling_most, steady * least);
}

static void describe(const gaussian_bound *b, lmx_check_result *result)
{
  double edge_rate = b->rate[WINDOWS - 1];
  lmx_check_sup_note_edge(&b->sup, result);
  if (!b->judged)
    lmx_check_note(result, "Too few shells to judge the decay at the edge. ");
  else if (result->status == LMX_FAILS)
    lmx_check_note(result,
                   "The rate -d(log f0)/d|v|^2 falls from %.3g at |v| = %.3g "
                   "to %.3g at %.3g like a power: no constant serves beyond "
                   "the ball. ",
                   b->rate[0], b->centre[0], edge_rate, b->centre[WINDOWS - 1]);
  else
    lmx_check_note(result,
                   "With the rate -d(log f0)/d|v|^2 = %.4g of the edge, "
                   "C_0 = %.6g serves beyond it. ",
                   edge_rate, fmax(b->sup.value, 1.0 / edge_rate));
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  gaussian_bound *b = state;
  if (!lmx_check_sup_result(env, &b->sup, INFINITY, result))
    return LMX_OK;
  if (decays_too_slowly(env, b))
    result->status = LMX_FAILS;
  else if (!b->judged)
    result->status = LMX_INFO;
  result->bound = result->slack = NAN; /* any constant will do */
  lmx_check_note(result, "Value: the smallest C_0 on the ball. ");
  describe(b, result);
  lmx_check_note_data(env, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_hyp_1_9 = {
    .id = "hyp-1.9",
    .statement = "f0 <= C_0 exp(-|v|^2 / C_0) (1.9)",
    .uses = LMX_CHECK_USES_JETS | LMX_CHECK_DATA_ONLY,
    .derivatives = 2,
    .state_size = sizeof(gaussian_bound),
    .begin = begin,
    .point = at_point,
    .finish = finish,
    .release = release,
};
