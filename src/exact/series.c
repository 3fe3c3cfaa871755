/* From sums of the series to balls of log f and its derivatives, with the
 * precision raised until they are as small as asked. */
#include "exact/series.h"

#include <math.h>

#include "exact/mixture.h"
#include "exact/series_data.h"
#include "exact/series_unfold.h"

enum { MOST_ATTEMPTS = 12, MOST_DEGREE = 4000 };

static const double default_work = 3e7;

struct lmx_series {
  lmx_series_data data;
  int axis;             /* of LMX_ZONAL */
  lmx_mixture *mixture; /* for guesses of log f */
  double work;
};

/* One call of lmx_series_enclose. */
typedef struct request {
  const lmx_series *series;
  double t;
  size_t n;
  const double *points;
  double tolerance;
  arb_ptr out;
  size_t stride; /* 1 + d + d d */
  double goal;   /* of the plan */
  double v2;     /* largest |v|^2 */
  long extra;    /* bits beyond those of the plan */
} request;

static lmx_status guesses(lmx_context *context, const lmx_model *model,
                          size_t n, const lmx_component *components,
                          lmx_mixture **out)
{
  size_t d = (size_t)model->d;
  LMX_TRY(lmx_mixture_create(context, model->d, n, out));
  for (size_t k = 0; k < n; ++k) {
    (*out)->log_weight[k] = log(components[k].weight);
    for (size_t a = 0; a < d; ++a)
      (*out)->mean[k * d + a] = components[k].mean[a];
    for (size_t i = 0; i < d * d; ++i)
      (*out)->covariance[k * d * d + i] = components[k].covariance[i];
  }
  return LMX_OK;
}

lmx_status lmx_series_create(lmx_context *context, const lmx_model *model,
                             size_t n, const lmx_component *components,
                             lmx_series **out)
{
  lmx_status status;
  lmx_series *series;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &series));
  series->work = default_work;
  LMX_TRY_GOTO(lmx_series_data_set(context, model, n, components, &series->data,
                                   &series->axis),
               fail);
  LMX_TRY_GOTO(guesses(context, model, n, components, &series->mixture), fail);
  *out = series;
  return LMX_OK;
fail:
  lmx_series_destroy(&series);
  return status;
}

lmx_status lmx_series_from_initial(lmx_context *context,
                                   const lmx_initial *initial, lmx_series **out)
{
  size_t n;
  const lmx_component *components = lmx_initial_components(initial, &n);
  if (n == 0)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "exact series: the data is no mixture of Gaussians");
  return lmx_series_create(context, lmx_initial_model(initial), n, components,
                           out);
}

void lmx_series_destroy(lmx_series **series)
{
  if (series == NULL || *series == NULL)
    return;
  lmx_series_data_clear(&(*series)->data);
  lmx_mixture_destroy(&(*series)->mixture);
  lmx_free(*series);
  *series = NULL;
}

void lmx_series_limit(lmx_series *series, double work)
{
  series->work = work > 0.0 ? work : default_work;
}

/* log f of components that flow by themselves. */
static double log_flow(const lmx_series *series, const double *v)
{
  double g, q[LMX_MAX_DIMENSION], G[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION];
  lmx_logsum sum;
  lmx_logsum_reset(&sum, series->data.d);
  lmx_mixture_sum(series->mixture, v, &sum);
  lmx_logsum_result(&sum, &g, q, G);
  return g;
}

/* Direction number i of `rays`: spread over the circle, the sphere, or angles
 * from the axis. */
static void ray(const lmx_series *series, int i, int rays, double *e)
{
  const double pi = acos(-1.0);
  int d = series->data.d, axis = series->axis, other = axis == 0 ? 1 : 0;
  for (int a = 0; a < d; ++a)
    e[a] = 0.0;
  if (series->data.kind == LMX_SPACE) {
    double z = (2.0 * i + 1.0) / rays - 1.0, phi = pi * (3.0 - sqrt(5.0)) * i;
    e[0] = sqrt(1.0 - z * z) * cos(phi);
    e[1] = sqrt(1.0 - z * z) * sin(phi);
    e[2] = z;
    return;
  }
  double angle = (series->data.kind == LMX_PLANE ? 2.0 : 1.0) * pi * i / rays;
  e[axis] = cos(angle);
  e[other] = sin(angle);
}

/* A guess of log f: the flow without rotations, turned by the likeliest angle
 * of a Brownian motion on the sphere. Costs attempts where it is wrong, no
 * digits. */
static double guess(const lmx_series *series, double t, const double *v,
                    double r)
{
  enum { RAYS = 200 };
  int d = series->data.d, axis = series->axis;
  double best = log_flow(series, v), e[LMX_MAX_DIMENSION];
  bool zonal = series->data.kind == LMX_ZONAL;
  for (int i = 0; i < RAYS && t > 0.0 && r > 0.0; ++i) {
    double dot = 0.0, across = 0.0;
    ray(series, i, RAYS, e);
    for (int a = 0; a < d; ++a) {
      dot += zonal && a != axis ? 0.0 : e[a] * v[a];
      across += zonal && a != axis ? v[a] * v[a] : 0.0;
    }
    if (zonal)
      dot += e[axis == 0 ? 1 : 0] * sqrt(across);
    double angle = acos(fmax(-1.0, fmin(1.0, dot / r)));
    for (int a = 0; a < d; ++a)
      e[a] *= r;
    best = fmax(best, log_flow(series, e) - angle * angle / (4.0 * t));
  }
  return best;
}

/* The largest -log of f over the reference Gaussian. */
static lmx_status first_goal(lmx_context *context, request *ask)
{
  const lmx_series *series = ask->series;
  int d = series->data.d;
  double sigma0 =
      arf_get_d(arb_midref(series->data.bound.sigma0), ARF_RND_NEAR);
  double sigma = 1.0 + (sigma0 - 1.0) * exp(-2.0 * (d - 1.0) * ask->t);
  LMX_TRY(lmx_mixture_set_time(context, series->mixture, ask->t));
  ask->goal = 0.0;
  for (size_t i = 0; i < ask->n; ++i) {
    const double *v = ask->points + i * (size_t)d;
    double r2 = 0.0;
    for (int a = 0; a < d; ++a)
      r2 += v[a] * v[a];
    if (!isfinite(r2))
      return lmx_fail(context, LMX_ERR_USAGE,
                      "exact series: point %zu is not finite", i + 1);
    double reference = lmx_log_maxwellian(d, r2 / sigma) - 0.5 * d * log(sigma);
    ask->goal = fmax(ask->goal, reference - guess(series, ask->t, v, sqrt(r2)));
    ask->v2 = fmax(ask->v2, r2);
  }
  ask->goal += 2.0 - log(ask->tolerance);
  return LMX_OK;
}

/* Distances of balls from what was asked: the larger, the more is missing. */
typedef struct shortfall {
  double omitted, rounding; /* radius over wanted radius, by its cause */
} shortfall;

static double upper(const arb_t x)
{
  arf_t bound;
  arf_init(bound);
  arb_get_abs_ubound_arf(bound, x, 53);
  double value = arf_get_d(bound, ARF_RND_UP);
  arf_clear(bound);
  return value;
}

/* x / y as a double, for positive numbers beyond the range of doubles, too;
 * infinite when y may be 0. */
static double ratio(const arb_t x, const arb_t y)
{
  arb_t q;
  arb_init(q);
  arb_div(q, x, y, 64);
  double value = arb_is_positive(y) && arb_is_finite(q) ? upper(q) : INFINITY;
  arb_clear(q);
  return value;
}

/* Enlarges the sums of order `order` by what was left out, and notes how much
 * is missing relative to f and scale. */
static void enlarge(arb_t sum, const arb_t omitted, const arb_t f,
                    double wanted, shortfall *worst)
{
  arb_t radius, want;
  arb_init(radius);
  arb_init(want);
  arb_abs(want, f);
  arb_get_lbound_arf(arb_midref(want), want, 64);
  mag_zero(arb_radref(want));
  arb_set_d(radius, wanted);
  arb_mul(want, want, radius, 64);
  arf_set_mag(arb_midref(radius), arb_radref(sum));
  mag_zero(arb_radref(radius));
  worst->rounding = fmax(worst->rounding, ratio(radius, want));
  worst->omitted = fmax(worst->omitted, ratio(omitted, want));
  arb_add_error(sum, omitted);
  arb_clear(radius);
  arb_clear(want);
}

/* Where one point is worked on. */
typedef struct place {
  arb_ptr v; /* [3] */
  arb_ptr work, sums, errors;
  arb_t v2, rho, u;
} place;

static void place_init(const lmx_series_state *state, place *at)
{
  at->v = _arb_vec_init(3);
  at->work = _arb_vec_init((slong)lmx_series_work_size(state));
  at->sums = _arb_vec_init(LMX_SERIES_SUMS);
  at->errors = _arb_vec_init(3);
  arb_init(at->v2);
  arb_init(at->rho);
  arb_init(at->u);
}

static void place_clear(const lmx_series_state *state, place *at)
{
  _arb_vec_clear(at->v, 3);
  _arb_vec_clear(at->work, (slong)lmx_series_work_size(state));
  _arb_vec_clear(at->sums, LMX_SERIES_SUMS);
  _arb_vec_clear(at->errors, 3);
  arb_clear(at->v2);
  arb_clear(at->rho);
  arb_clear(at->u);
}

static void place_set(const lmx_series *series, const double *v, long bits,
                      place *at)
{
  int d = series->data.d;
  bool zonal = series->data.kind == LMX_ZONAL;
  arb_zero(at->v2);
  for (int a = 0; a < d; ++a) {
    arb_set_d(at->u, v[a]);
    if (!zonal)
      arb_set(&at->v[a], at->u);
    if (!zonal || a != series->axis)
      arb_addmul(at->v2, at->u, at->u, bits);
  }
  if (zonal) {
    arb_sqrt(at->rho, at->v2, bits);
    arb_set_d(&at->v[0], v[series->axis]);
    arb_set(&at->v[1], at->rho);
    arb_addmul(at->v2, &at->v[0], &at->v[0], bits);
  }
}

/* From h = f/N and its derivatives over N to log f and its derivatives. */
static void take_logarithm(int d, const lmx_series_state *state, place *at,
                           arb_ptr h)
{
  long bits = state->bits;
  arb_ptr q = h + 1, G = h + 1 + d;
  _arb_vec_scalar_div(q, q, (slong)d * (d + 1), &h[0], bits);
  for (int i = 0; i < d * d; ++i)
    arb_submul(&G[i], &q[i / d], &q[i % d], bits);
  arb_log(&h[0], &h[0], bits);
  arb_div(at->u, at->v2, state->sigma, bits);
  arb_mul_2exp_si(at->u, at->u, -1);
  arb_sub(&h[0], &h[0], at->u, bits);
  arb_const_pi(at->u, bits);
  arb_mul_2exp_si(at->u, at->u, 1);
  arb_mul(at->u, at->u, state->sigma, bits);
  arb_log(at->u, at->u, bits);
  arb_mul_si(at->u, at->u, d, bits);
  arb_mul_2exp_si(at->u, at->u, -1);
  arb_sub(&h[0], &h[0], at->u, bits);
}

static void evaluate(const request *ask, const lmx_plan *plan,
                     const lmx_series_state *state, shortfall *worst)
{
  const lmx_series *series = ask->series;
  int d = series->data.d;
  place at;
  lmx_omitted omitted;
  arb_t f;
  arb_init(f);
  place_init(state, &at);
  lmx_omitted_init(&series->data.bound, plan, &omitted);
  for (size_t i = 0; i < ask->n; ++i) {
    const double *v = ask->points + i * (size_t)d;
    arb_ptr h = ask->out + i * ask->stride;
    place_set(series, v, state->bits, &at);
    lmx_series_sums(state, at.v, at.v2, at.work, at.sums);
    lmx_series_unfold(series->data.kind, d, series->axis, v, at.rho, at.sums,
                      state->bits, h);
    lmx_omitted_errors(&omitted, at.v2, at.errors);
    arb_set(f, &h[0]);
    double v2 = arf_get_d(arb_midref(at.v2), ARF_RND_DOWN);
    double wanted[3] = {ask->tolerance, ask->tolerance * (1.0 + sqrt(v2)),
                        ask->tolerance * (1.0 + v2)};
    for (int e = 0; e < 1 + d + d * d; ++e) {
      int order = e == 0 ? 0 : e <= d ? 1 : 2;
      enlarge(&h[e], &at.errors[order], f, wanted[order], worst);
    }
    take_logarithm(d, state, &at, h);
  }
  lmx_omitted_clear(&omitted);
  place_clear(state, &at);
  arb_clear(f);
}

/* Coefficients of a polynomial of the plan's degree that are not 0 by
 * symmetry. */
static double coefficients(const lmx_series *series, int degree)
{
  const lmx_series_data *data = &series->data;
  int axes = data->kind == LMX_ZONAL ? 1 : data->d;
  double J = degree;
  double all = data->kind == LMX_PLANE   ? (J + 1.0) * (J + 2.0) / 2.0
               : data->kind == LMX_SPACE ? (J + 1.0) * (J + 2.0) * (J + 3.0) / 6
                                         : (J + 2.0) * (J + 2.0) / 4.0;
  for (int a = 0; a < axes; ++a) {
    bool even = true;
    for (size_t k = 0; k < data->n; ++k) {
      even = even && arb_is_zero(&data->parts[k].mean[a]);
      for (int b = 0; b < axes; ++b)
        even = even && (a == b || arb_is_zero(&data->parts[k].A[a * axes + b]));
    }
    all *= even ? 0.5 : 1.0;
  }
  return all;
}

static lmx_status attempt(lmx_context *context, request *ask,
                          lmx_series_cost *cost, shortfall *worst)
{
  const lmx_series *series = ask->series;
  lmx_series_state *state;
  lmx_plan plan;
  double start = lmx_seconds();
  LMX_TRY(lmx_plan_choose(context, &series->data.bound, ask->t, ask->v2,
                          ask->goal, MOST_DEGREE, &plan));
  plan.bits += ask->extra;
  plan.sum_bits += ask->extra;
  double work = (plan.nodes + 2.0) * coefficients(series, plan.degree);
  if (!(work <= series->work))
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "exact series: %g digits at |v| = %g, t = %g take degree "
                    "%d and %d nodes, %.2g operations; the limit is %.2g",
                    -log10(ask->tolerance), sqrt(ask->v2), ask->t, plan.degree,
                    plan.nodes + 1, work, series->work);
  LMX_TRY(lmx_series_state_create(context, &series->data, &plan, &state));
  lmx_series_derivatives(&series->data, state);
  double solved = lmx_seconds();
  *worst = (shortfall){0.0, 0.0};
  evaluate(ask, &plan, state, worst);
  lmx_series_state_destroy(&state);
  cost->degree = plan.degree;
  cost->bits = plan.bits;
  cost->nodes = plan.nodes + 1;
  ++cost->attempts;
  cost->solve += solved - start;
  cost->evaluate += lmx_seconds() - solved;
  return LMX_OK;
}

/* Raises what is too low; true when nothing is. Half of the wanted radius is
 * for what is left out, half for rounding. */
static bool enough(request *ask, const shortfall *worst, long bits)
{
  if (worst->omitted <= 0.5 && worst->rounding <= 0.5)
    return true;
  if (!isfinite(worst->omitted))
    ask->goal += 30.0;
  else if (worst->omitted > 0.5)
    ask->goal += log(2.0 * worst->omitted) + 1.0;
  if (!isfinite(worst->rounding))
    ask->extra += bits / 3;
  else if (worst->rounding > 0.5)
    ask->extra += (long)log2(2.0 * worst->rounding) + 16;
  return false;
}

lmx_status lmx_series_enclose(lmx_context *context, const lmx_series *series,
                              double t, size_t n, const double *points,
                              double digits, arb_ptr out, lmx_series_cost *cost)
{
  size_t d = (size_t)series->data.d;
  lmx_series_cost spent = {0};
  if (!(t >= 0.0 && isfinite(t) && digits >= 1.0 && digits <= 300.0))
    return lmx_fail(context, LMX_ERR_USAGE,
                    "exact series: t is %g, allowed is t >= 0; digits are %g, "
                    "allowed are 1 to 300",
                    t, digits);
  request ask = {.series = series,
                 .t = t,
                 .n = n,
                 .points = points,
                 .tolerance = pow(10.0, -digits),
                 .out = out,
                 .stride = 1 + d + d * d};
  shortfall worst = {INFINITY, INFINITY};
  LMX_TRY(first_goal(context, &ask));
  do {
    if (spent.attempts == MOST_ATTEMPTS)
      return lmx_fail(context, LMX_ERR_NUMERICS,
                      "exact series: %g digits not reached at t = %g with "
                      "degree %d and %ld bits",
                      digits, t, spent.degree, spent.bits);
    LMX_TRY(attempt(context, &ask, &spent, &worst));
  } while (!enough(&ask, &worst, spent.bits));
  spent.sigma0 = arf_get_d(arb_midref(series->data.bound.sigma0), ARF_RND_NEAR);
  if (cost != NULL)
    *cost = spent;
  return LMX_OK;
}

/* The double nearest to the middle of a ball; raises *radius to its largest
 * distance from the ball. */
static double nearest(arb_t x, double *radius)
{
  arb_t value;
  arb_init(value);
  double number = arf_get_d(arb_midref(x), ARF_RND_NEAR);
  arb_set_d(value, number);
  arb_sub(value, x, value, 64);
  *radius = fmax(*radius, upper(value));
  arb_clear(value);
  return number;
}

static void to_doubles(int d, size_t i, arb_ptr ball, double *g, double *q,
                       double *G, double *radius)
{
  double largest[3] = {0.0, 0.0, 0.0};
  size_t stride = (size_t)d;
  for (int e = 0; e < 1 + d + d * d; ++e) {
    double *out = e == 0 ? g : e <= d ? q : G;
    size_t at = e == 0   ? i
                : e <= d ? i * stride + (size_t)(e - 1)
                         : i * stride * stride + (size_t)(e - 1 - d);
    double value = nearest(&ball[e], &largest[e == 0 ? 0 : e <= d ? 1 : 2]);
    if (out != NULL)
      out[at] = value;
  }
  for (int order = 0; order < 3 && radius != NULL; ++order)
    radius[3 * i + (size_t)order] = largest[order];
}

lmx_status lmx_series_eval(lmx_context *context, const lmx_series *series,
                           double t, size_t n, const double *points,
                           double digits, double *g, double *q, double *G,
                           double *radius, lmx_series_cost *cost)
{
  size_t d = (size_t)series->data.d, stride = 1 + d + d * d;
  arb_ptr out = _arb_vec_init((slong)(n * stride));
  lmx_status status =
      lmx_series_enclose(context, series, t, n, points, digits, out, cost);
  for (size_t i = 0; i < n && status == LMX_OK; ++i)
    to_doubles((int)d, i, out + i * stride, g, q, G, radius);
  _arb_vec_clear(out, (slong)(n * stride));
  return status;
}
