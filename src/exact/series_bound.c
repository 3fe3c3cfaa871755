/* Bounds of section 2.1 of docs/math.md: in plain doubles where a plan is
 * chosen, in balls where its errors are proved. */
#include "exact/series_bound.h"

#include <acb.h>
#include <arb_hypgeom.h>
#include <math.h>

enum { BITS = 128, CHOICES = 24 };

static double middle(const arb_t x)
{
  return arf_get_d(arb_midref(x), ARF_RND_NEAR);
}

/* The majorant in doubles. */
typedef struct estimate {
  const lmx_majorant *bound;
  double t, sigma, delta, y2, goal;
} estimate;

/* log C(b). */
static double log_constant(const lmx_majorant *bound, double b)
{
  double sum = 0.0;
  for (size_t k = 0; k < bound->n; ++k) {
    double a = middle(&bound->norm[k]), m2 = middle(&bound->mean2[k]);
    sum += middle(&bound->weight[k]) *
           exp(-0.25 * bound->d * log1p(-a * a / (b * b)) + 0.5 * m2 / (b - a));
  }
  /* There is a component, and its weight is positive. */
  // cppcheck-suppress invalidFunctionArg
  return log(sum);
}

static double log_hermite(const estimate *at, double r)
{
  return -0.25 * at->bound->d * log1p(-r * r) + 0.5 * at->y2 * r / (1.0 + r);
}

/* Smallest degree whose tail of second derivatives is below e^-goal. */
static double degree_needed(const estimate *at, double b, double r,
                            double log_gamma)
{
  double rate = 0.5 * (log(r) - log_gamma), gap = -expm1(-rate);
  if (!(rate > 0.0))
    return INFINITY;
  double need = at->goal + log_constant(at->bound, b) + log_hermite(at, r) -
                log(at->sigma * r) - 2.0 * log(gap);
  double J = fmax(need / rate, 1.0);
  for (int i = 0; i < 4; ++i)
    J = fmax((need + log(J + 3.0)) / rate, 1.0);
  return ceil(J);
}

static void choose_tail(const estimate *at, lmx_plan *plan, double *degree)
{
  const lmx_majorant *bound = at->bound;
  double largest = 0.0, t = at->t, d = bound->d;
  double tau = -expm1(-2.0 * (d + 1.0) * t) / (2.0 * (d + 1.0));
  for (size_t k = 0; k < bound->n; ++k)
    largest = fmax(largest, middle(&bound->norm[k]) * (1.0 + 1e-9));
  *degree = INFINITY;
  for (int i = 1; i < CHOICES; ++i) {
    double b = largest + (middle(bound->sigma0) - largest) * exp2(-0.5 * i);
    double log_gamma =
        -2.0 * (d - 1.0) * t + log((b + 2.0 * at->delta * tau) / at->sigma);
    for (int j = 1; j < CHOICES; ++j) {
      double r = exp(log_gamma * j / CHOICES);
      double J = degree_needed(at, b, r, log_gamma);
      if (J < *degree) {
        *degree = J;
        plan->b = b;
        plan->mehler = r;
      }
    }
  }
}

/* log of the growth of resolvents of degree J on the hyperbola of angle
 * alpha, as it arrives in f; see `resolvent` below. */
static double log_growth(const estimate *at, const lmx_plan *plan, double alpha,
                         double r)
{
  double d = at->bound->d, b = plan->b, J = plan->degree;
  double opening = cos(alpha) * (1.0 - sin(alpha));
  double R2 = fmax(b, 2.0 * J * at->delta * at->t / (plan->x * opening));
  double omega2 =
      fmin(R2 * exp((b - R2) / R2), b + at->delta / ((d + 1.0) * cos(alpha)));
  double y2 = exp(-4.0 * d * at->t) * omega2 / (at->sigma * r);
  return 0.5 * (J + 2.0) * fmax(log(y2), 0.0) - log(0.5 * opening);
}

/* Number of nodes of a contour with the angles and the x given; `base` is the
 * log of all that does not depend on them. */
static double count_nodes(const estimate *at, lmx_plan *plan, double base)
{
  double r = plan->contour_mehler, alpha = plan->alpha, a = plan->strip;
  double x = plan->x, inner = alpha - a, outer = alpha + a;
  double worst = fmax(log_growth(at, plan, inner, r) + x * (1.0 - sin(inner)),
                      log_growth(at, plan, outer, r) + x * (1.0 - sin(outer)));
  double reach = (base + x + log_growth(at, plan, alpha, r)) / (x * sin(alpha));
  plan->step = 2.0 * acos(-1.0) * a / (base + worst);
  return ceil(acosh(fmax(reach, 1.1)) / plan->step) + 1.0;
}

static void choose_contour(const estimate *at, lmx_plan *plan)
{
  lmx_plan try = *plan;
  double best = INFINITY, d = at->bound->d;
  double fixed = at->goal + (d + 1.0) * plan->degree * at->t +
                 log_constant(at->bound, plan->b) +
                 2.0 * log(plan->degree + 2.0) + 2.0;
  for (int i = 1; i < 8; ++i) {
    try.contour_mehler = 0.125 * i;
    double base = fixed + log_hermite(at, try.contour_mehler) -
                  log(at->sigma * try.contour_mehler);
    for (try.alpha = 0.3; try.alpha < 1.25; try.alpha += 0.05)
      for (try.strip = 0.2; try.strip < fmin(try.alpha, 1.5 - try.alpha);
           try.strip += 0.05)
        for (try.x = 0.05 * base; try.x < 4.0 * base; try.x *= 1.2) {
          double nodes = count_nodes(at, &try, base);
          double exponent = base + try.x +
                            log_growth(at, &try, try.alpha, try.contour_mehler);
          if (nodes * (exponent + 50.0) < best) {
            best = nodes * (exponent + 50.0);
            *plan = try;
            plan->nodes = (int)nodes;
            plan->bits = (long)(exponent / log(2.0));
          }
        }
  }
}

lmx_status lmx_plan_choose(lmx_context *context, const lmx_majorant *bound,
                           double t, double v2, double goal, int most,
                           lmx_plan *plan)
{
  double degree, d = bound->d;
  double sigma =
      1.0 + (middle(bound->sigma0) - 1.0) * exp(-2.0 * (d - 1.0) * t);
  estimate at = {.bound = bound,
                 .t = t,
                 .sigma = sigma,
                 .delta = middle(bound->delta),
                 .y2 = v2 / sigma,
                 .goal = goal};
  choose_tail(&at, plan, &degree);
  if (!(degree <= most))
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "exact series: %g decimal digits of the reference "
                    "Gaussian at |v| = %g, t = %g take degree %g, more than %d",
                    goal / log(10.0), sqrt(v2), t, degree, most);
  plan->t = t;
  plan->degree = (int)degree;
  plan->nodes = -1;
  plan->contour_mehler = 0.0;
  plan->bits = (long)((goal + log_constant(bound, plan->b) +
                       log_hermite(&at, plan->mehler)) /
                      log(2.0));
  /* Three-term recurrences lose about e^{|v| sqrt(2 J / sigma)}. */
  plan->sum_bits = plan->bits + 64 + (long)(1.45 * sqrt(2.0 * at.y2 * degree));
  if (t > 0.0)
    choose_contour(&at, plan);
  plan->bits += 64;
  return LMX_OK;
}

void lmx_majorant_sigma(const lmx_majorant *bound, const arb_t t, arb_t sigma,
                        long bits)
{
  arb_t e;
  arb_init(e);
  arb_mul_si(e, t, -2L * (bound->d - 1), bits);
  arb_exp(e, e, bits);
  arb_sub_ui(sigma, bound->sigma0, 1, bits);
  arb_mul(sigma, sigma, e, bits);
  arb_add_ui(sigma, sigma, 1, bits);
  arb_clear(e);
}

/* C(b) = sum_k w_k (1 - a_k^2/b^2)^{-d/4} exp(m_k^2 / (2 (b - a_k))). */
static void constant(const lmx_majorant *bound, const arb_t b, arb_t C)
{
  arb_t u, w;
  arb_init(u);
  arb_init(w);
  arb_zero(C);
  for (size_t k = 0; k < bound->n; ++k) {
    arb_div(u, &bound->norm[k], b, BITS);
    arb_mul(u, u, u, BITS);
    arb_sub_ui(u, u, 1, BITS);
    arb_neg(u, u);
    arb_log(u, u, BITS);
    arb_mul_si(u, u, -bound->d, BITS);
    arb_mul_2exp_si(u, u, -2);
    arb_sub(w, b, &bound->norm[k], BITS);
    arb_div(w, &bound->mean2[k], w, BITS);
    arb_mul_2exp_si(w, w, -1);
    arb_add(u, u, w, BITS);
    arb_exp(u, u, BITS);
    arb_addmul(C, u, &bound->weight[k], BITS);
  }
  arb_clear(u);
  arb_clear(w);
}

/* (1 - r^2)^{-d/4} exp(y2 r / (2 (1 + r))), y2 = |v|^2/sigma. */
static void hermite(int d, const arb_t r, const arb_t y2, arb_t value)
{
  arb_t u;
  arb_init(u);
  arb_mul(u, r, r, BITS);
  arb_sub_ui(u, u, 1, BITS);
  arb_neg(u, u);
  arb_log(u, u, BITS);
  arb_mul_si(u, u, -d, BITS);
  arb_mul_2exp_si(u, u, -2);
  arb_add_ui(value, r, 1, BITS);
  arb_div(value, r, value, BITS);
  arb_mul(value, value, y2, BITS);
  arb_mul_2exp_si(value, value, -1);
  arb_add(value, value, u, BITS);
  arb_exp(value, value, BITS);
  arb_clear(u);
}

/* exp(s t), s an integer. */
static void exponential(arb_t out, const arb_t t, long s)
{
  arb_mul_si(out, t, s, BITS);
  arb_exp(out, out, BITS);
}

/* sum_{j > J} y^j (j+2)^i for i = 0, 1, which for i = 1 is
 * y^{J+1} ((J+3)/(1-y) + y/(1-y)^2); not finite unless y < 1. */
static void geometric(arb_t out, const arb_t y, int J, int i)
{
  arb_t gap, u;
  arb_init(gap);
  arb_init(u);
  arb_sub_ui(gap, y, 1, BITS);
  arb_neg(gap, gap);
  arb_pow_ui(out, y, (ulong)J + 1, BITS);
  if (i == 1) {
    arb_div(u, y, gap, BITS);
    arb_add_si(u, u, J + 3L, BITS);
    arb_mul(out, out, u, BITS);
  }
  arb_div(out, out, gap, BITS);
  if (!arb_is_positive(gap))
    arb_pos_inf(out);
  arb_clear(gap);
  arb_clear(u);
}

/* What the sums over degrees share. */
typedef struct frame {
  arb_t t, sigma, b, C;
} frame;

/* Tail: ||p_j|| <= C (gamma sigma)^{j/2}. */
static void tail(const lmx_majorant *bound, const lmx_plan *plan,
                 const frame *at, arb_ptr errors)
{
  arb_t r, tau, y, B;
  arb_init(r);
  arb_init(tau);
  arb_init(y);
  arb_init(B);
  arb_set_d(r, plan->mehler);
  exponential(tau, at->t, -2L * (bound->d + 1));
  arb_sub_ui(tau, tau, 1, BITS);
  arb_div_si(tau, tau, -(bound->d + 1L), BITS); /* 2 tau */
  arb_mul(y, tau, bound->delta, BITS);
  arb_add(y, y, at->b, BITS);
  exponential(B, at->t, -2L * (bound->d - 1));
  arb_mul(y, y, B, BITS);
  arb_mul(B, at->sigma, r, BITS); /* sigma r */
  arb_div(y, y, B, BITS);
  arb_sqrt(y, y, BITS);
  geometric(&errors[0], y, plan->degree, 0);
  geometric(&errors[2], y, plan->degree, 1);
  arb_sqrt(tau, B, BITS);
  arb_div(&errors[1], &errors[2], tau, BITS);
  arb_div(&errors[2], &errors[2], B, BITS);
  _arb_vec_scalar_mul(errors, errors, 3, at->C, BITS);
  arb_clear(r);
  arb_clear(tau);
  arb_clear(y);
  arb_clear(B);
}

/* omega^2 of the bound 2 C omega^j / K of degree j <= J of the resolvent on
 * the hyperbola with sine and cosine s, c of its angle, K = (x/t) c (1 - s). */
static void resolvent_rate(const lmx_majorant *bound, const lmx_plan *plan,
                           const frame *at, const arb_t s, const arb_t c,
                           arb_t omega2)
{
  arb_t u, R2;
  arb_init(u);
  arb_init(R2);
  arb_sub_ui(u, s, 1, BITS);
  arb_neg(u, u);
  arb_mul(u, u, c, BITS);
  arb_set_d(R2, plan->x);
  arb_mul(u, u, R2, BITS);
  arb_mul_si(R2, at->t, 2L * plan->degree, BITS);
  arb_mul(R2, R2, bound->delta, BITS);
  arb_div(R2, R2, u, BITS);
  arb_max(R2, R2, at->b, BITS);
  arb_sub(u, at->b, R2, BITS);
  arb_div(u, u, R2, BITS);
  arb_exp(u, u, BITS);
  arb_mul(R2, R2, u, BITS);
  arb_mul_si(u, c, bound->d + 1L, BITS);
  arb_div(u, bound->delta, u, BITS);
  arb_add(u, u, at->b, BITS);
  arb_min(omega2, u, R2, BITS);
  arb_clear(u);
  arb_clear(R2);
}

/* Sum over j <= J of the bounds 2 C omega^j e^{-2djt}, at most 2 (J+1) (J+2)
 * max(1, y)^{J+2}, over cos(alpha) (1 - sin(alpha)). */
static void resolvent(const lmx_majorant *bound, const lmx_plan *plan,
                      const frame *at, const arb_t alpha, arb_t out)
{
  arb_t s, c, y, one;
  arb_init(s);
  arb_init(c);
  arb_init(y);
  arb_init(one);
  arb_sin_cos(s, c, alpha, BITS);
  resolvent_rate(bound, plan, at, s, c, y);
  exponential(one, at->t, -4L * bound->d);
  arb_mul(y, y, one, BITS);
  arb_div(y, y, at->sigma, BITS);
  arb_set_d(one, plan->contour_mehler);
  arb_div(y, y, one, BITS);
  arb_sqrt(y, y, BITS);
  arb_one(one);
  arb_max(y, y, one, BITS);
  arb_pow_ui(out, y, (ulong)plan->degree + 2, BITS);
  arb_mul_si(out, out, 2 * (plan->degree + 1L), BITS);
  arb_mul_si(out, out, plan->degree + 2L, BITS);
  arb_sub(s, one, s, BITS);
  arb_mul(s, s, c, BITS);
  arb_div(out, out, s, BITS);
  if (!arb_is_positive(s))
    arb_pos_inf(out);
  arb_clear(s);
  arb_clear(c);
  arb_clear(y);
  arb_clear(one);
}

/* Trapezoid rule: resolvent(alpha) K_1(x sin alpha) / (e^{2 pi a/h} - 1) at
 * alpha = plan->alpha + sign strip, or what lies beyond the last node
 * (sign = 0), added to sum; the factor e^{t beta + x}/pi follows. */
static void add_edge(const lmx_majorant *bound, const lmx_plan *plan,
                     const frame *at, int sign, arb_t sum)
{
  arb_t alpha, u, X, value, one;
  arb_init(alpha);
  arb_init(u);
  arb_init(X);
  arb_init(value);
  arb_init(one);
  arb_set_d(alpha, plan->alpha);
  arb_set_d(u, plan->strip);
  arb_addmul_si(alpha, u, sign, BITS);
  arb_sin(X, alpha, BITS);
  arb_set_d(value, plan->x);
  arb_mul(X, X, value, BITS);
  arb_one(one);
  if (sign != 0) {
    arb_hypgeom_bessel_k(value, one, X, BITS);
    arb_const_pi(one, BITS);
    arb_mul(u, u, one, BITS);
    arb_mul_2exp_si(u, u, 1);
    arb_set_d(one, plan->step);
    arb_div(u, u, one, BITS);
    arb_expm1(u, u, BITS);
    arb_div(value, value, u, BITS);
  } else {
    arb_set_d(u, plan->step);
    arb_mul_si(u, u, plan->nodes, BITS);
    arb_sinh_cosh(u, value, u, BITS);
    arb_div(u, value, u, BITS);
    arb_div(u, u, X, BITS); /* cosh / (X sinh) */
    arb_mul(X, X, value, BITS);
    if (!arb_gt(X, one)) /* the integrand decreases from here on */
      arb_pos_inf(u);
    arb_neg(X, X);
    arb_exp(value, X, BITS);
    arb_mul(value, value, u, BITS);
  }
  resolvent(bound, plan, at, alpha, u);
  arb_addmul(sum, value, u, BITS);
  arb_clear(alpha);
  arb_clear(u);
  arb_clear(X);
  arb_clear(value);
  arb_clear(one);
}

static void contour(const lmx_majorant *bound, const lmx_plan *plan,
                    const frame *at, arb_ptr errors)
{
  arb_t sum, r, u;
  arb_init(sum);
  arb_init(r);
  arb_init(u);
  for (int sign = -1; sign <= 1; ++sign)
    add_edge(bound, plan, at, sign, sum);
  arb_set_d(u, plan->x);
  arb_addmul_si(u, at->t, (bound->d + 1L) * plan->degree, BITS);
  arb_exp(u, u, BITS);
  arb_mul(sum, sum, u, BITS);
  arb_const_pi(u, BITS);
  arb_div(sum, sum, u, BITS);
  arb_set_d(r, plan->contour_mehler);
  arb_mul(sum, sum, at->C, BITS);
  arb_mul(r, r, at->sigma, BITS);
  arb_set(&errors[0], sum);
  arb_sqrt(u, r, BITS);
  arb_div(&errors[1], sum, u, BITS);
  arb_div(&errors[2], sum, r, BITS);
  arb_clear(sum);
  arb_clear(r);
  arb_clear(u);
}

void lmx_omitted_init(const lmx_majorant *bound, const lmx_plan *plan,
                      lmx_omitted *omitted)
{
  frame at;
  arb_init(at.t);
  arb_init(at.sigma);
  arb_init(at.b);
  arb_init(at.C);
  omitted->d = bound->d;
  omitted->tail = _arb_vec_init(3);
  omitted->contour = _arb_vec_init(3);
  arb_init(omitted->tail_mehler);
  arb_init(omitted->contour_mehler);
  arb_init(omitted->sigma);
  arb_set_d(omitted->tail_mehler, plan->mehler);
  arb_set_d(omitted->contour_mehler, plan->contour_mehler);
  arb_set_d(at.t, plan->t);
  arb_set_d(at.b, plan->b);
  lmx_majorant_sigma(bound, at.t, at.sigma, BITS);
  arb_set(omitted->sigma, at.sigma);
  constant(bound, at.b, at.C);
  tail(bound, plan, &at, omitted->tail);
  if (plan->nodes >= 0)
    contour(bound, plan, &at, omitted->contour);
  arb_clear(at.t);
  arb_clear(at.sigma);
  arb_clear(at.b);
  arb_clear(at.C);
}

void lmx_omitted_clear(lmx_omitted *omitted)
{
  _arb_vec_clear(omitted->tail, 3);
  _arb_vec_clear(omitted->contour, 3);
  arb_clear(omitted->tail_mehler);
  arb_clear(omitted->contour_mehler);
  arb_clear(omitted->sigma);
}

void lmx_omitted_errors(const lmx_omitted *omitted, const arb_t v2,
                        arb_ptr errors)
{
  arb_t y2, H;
  arb_init(y2);
  arb_init(H);
  arb_div(y2, v2, omitted->sigma, BITS);
  hermite(omitted->d, omitted->tail_mehler, y2, H);
  _arb_vec_scalar_mul(errors, omitted->tail, 3, H, BITS);
  if (!arb_is_zero(omitted->contour_mehler)) {
    hermite(omitted->d, omitted->contour_mehler, y2, H);
    _arb_vec_scalar_addmul(errors, omitted->contour, 3, H, BITS);
  }
  arb_clear(y2);
  arb_clear(H);
}
