/* Coefficients in time of the Hermite series of solution (d). */
#include "exact/hermite_flow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_math.h>

enum { P = LMX_FLOW_MODES, STRIDE = LMX_FLOW_INTERVALS * LMX_FLOW_MODES };

/* x Y_l = a Y_{l+1} + b |x|^2 Y_{l-1} for zonal harmonics with Y_l(e_1) = 1. */
static long double ratio_up(int d, int l)
{
  return l == 0 ? 1.0L : (l + d - 2.0L) / (2.0L * l + d - 2.0L);
}

static long double ratio_down(int d, int l)
{
  return l == 0 ? 0.0L : l / (2.0L * l + d - 2.0L);
}

static void set_symbol_product(lmx_flow *flow)
{
  int d = flow->d;
  for (int m = 0; m <= LMX_FLOW_DEGREES + 1; ++m) {
    int l = 2 * m;
    flow->up[m] = ratio_up(d, l) * ratio_up(d, l + 1);
    flow->mid[m] = ratio_up(d, l) * ratio_down(d, l + 1) +
                   (l == 0 ? 0.0L : ratio_down(d, l) * ratio_up(d, l - 1)) -
                   1.0L / d;
    flow->down[m] = l == 0 ? 0.0L : ratio_down(d, l) * ratio_down(d, l - 1);
  }
}

lmx_status lmx_flow_create(lmx_context *context, int d, lmx_flow **out)
{
  const size_t rows = LMX_FLOW_DEGREES + 2;
  lmx_status status;
  lmx_flow *flow;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &flow));
  flow->d = d;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, STRIDE * P, &flow->damping), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, rows * STRIDE, &flow->path), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, rows * STRIDE, &flow->source), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, rows, &flow->initial), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, rows, &flow->scratch), fail);
  LMX_TRY_GOTO(
      LMX_NEW_ARRAY(context, rows * LMX_FLOW_INTERVALS, &flow->elimination),
      fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, rows, &flow->up), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, rows, &flow->mid), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, rows, &flow->down), fail);
  set_symbol_product(flow);
  for (int k = 0; k <= P; ++k)
    flow->odd[k] = 1.0L / (2 * k + 1);
  *out = flow;
  return LMX_OK;
fail:
  lmx_flow_destroy(&flow);
  return status;
}

void lmx_flow_destroy(lmx_flow **flow)
{
  if (flow == NULL || *flow == NULL)
    return;
  lmx_free((*flow)->damping);
  lmx_free((*flow)->path);
  lmx_free((*flow)->source);
  lmx_free((*flow)->initial);
  lmx_free((*flow)->scratch);
  lmx_free((*flow)->elimination);
  lmx_free((*flow)->up);
  lmx_free((*flow)->mid);
  lmx_free((*flow)->down);
  lmx_free(*flow);
  *flow = NULL;
}

/* out = in times the coordinate -1 <= x <= 1 of the interval, in Legendre
 * modes: x P_k = ((k+1) P_{k+1} + k P_{k-1}) / (2k+1). */
static void times_coordinate(const long double *in, long double *out)
{
  memset(out, 0, P * sizeof *out);
  for (int k = 0; k < P; ++k) {
    if (k + 1 < P)
      out[k + 1] += in[k] * (k + 1) / (2 * k + 1);
    if (k > 0)
      out[k - 1] += in[k] * k / (2 * k + 1);
  }
}

/* Matrix of multiplication by exp(-gamma (x+1)), the exponential of the
 * Jacobi matrix (so: the projection by Gauss quadrature), gamma <= 1.5, by its
 * series up to the terms that matter. Returns its bandwidth, small on the
 * short intervals. */
static int set_damping(long double gamma, long double scale, long double *E)
{
  int band = 0;
  for (int column = 0; column < P; ++column) {
    long double term[P] = {0}, next[P], sum[P] = {0};
    term[column] = scale * expl(-gamma);
    long double size = term[column];
    for (int r = 1; size > 1e-24L * scale; ++r) {
      for (int k = 0; k < P; ++k)
        sum[k] += term[k];
      size *= gamma / r;
      times_coordinate(term, next);
      for (int k = 0; k < P; ++k)
        term[k] = -gamma / r * next[k];
    }
    for (int k = 0; k < P; ++k) {
      E[k * P + column] = sum[k];
      if (fabsl(sum[k]) > 1e-22L * scale)
        band = GSL_MAX_INT(band, abs(k - column));
    }
  }
  return band;
}

/* Length of the interval that begins at a: short at first, where the rows of
 * large mu decay, then as long as the damping allows. Never leaves a sliver
 * before the stop. */
static long double next_length(const lmx_flow *flow, long double a,
                               long double stop)
{
  const long double l = 2.0L * LMX_FLOW_DEGREES;
  long double first = 2.0L / (l * (l + flow->d - 2.0L));
  long double h = fmaxl(first, fminl(a, 2.0L / (2.0L * flow->d + 2.0L)));
  return a + 1.5L * h > stop ? stop - a : h;
}

void lmx_flow_set_times(lmx_flow *flow, int n, const double *times)
{
  const long double rate = 2.0L * flow->d + 2.0L;
  /* exp(-rate t) < 1e-22: the sources have died out. */
  const long double end = 51.0L / rate;
  long double a = 0.0L;
  int i = 0;
  for (int k = 0; k < n; ++k) {
    long double stop = fminl(times[k], end);
    for (; i < LMX_FLOW_INTERVALS && a < stop; ++i) {
      long double h = next_length(flow, a, stop);
      flow->start[i] = a;
      flow->length[i] = h;
      flow->band[i] = set_damping(rate * h / 2.0L, expl(-rate * a),
                                  flow->damping + i * P * P);
      a += h;
    }
    flow->time[k] = times[k];
    flow->last[k] = i - 1;
    flow->rest[k] = times[k] - a;
  }
  flow->times = n;
  flow->intervals = i;
  flow->j = -1;
}

/* One interval of y' = -mu y + s from y(-1) = begin, everything in Legendre
 * modes; returns y(1). Integrating the equation gives, for k >= 1,
 *   y_k + theta (y_{k-1}/(2k-1) - y_{k+1}/(2k+3)) = r_k, theta = mu h/2;
 * eliminated from the highest mode down, y_k = A_k + B_k y_{k-1} with
 * B_k <= 0, the sum for y(-1) has terms of one sign: stable for every mu.
 * What does not depend on the source is made once per row and interval: B,
 * the pivots and sum_k (-1)^k B_1 .. B_k. */
static void eliminate(const lmx_flow *flow, int m, int i,
                      lmx_flow_elimination *e)
{
  const long double *odd = flow->odd;
  int l = 2 * m;
  e->theta = l * (l + flow->d - 2.0L) * flow->length[i] / 2.0L;
  e->B[P] = 0.0L;
  for (int k = P - 1; k >= 1; --k) {
    e->inverse[k] = 1.0L / (1.0L - e->theta * odd[k + 1] * e->B[k + 1]);
    e->B[k] = -e->theta * odd[k - 1] * e->inverse[k];
  }
  long double factor = 1.0L;
  e->slope = 1.0L;
  for (int k = 1; k < P; ++k) {
    factor *= -e->B[k];
    e->slope += factor;
  }
}

static long double solve_interval(const lmx_flow *flow, int m, int i,
                                  long double begin, const long double *s,
                                  long double *y)
{
  const lmx_flow_elimination *e =
      flow->elimination + (size_t)m * LMX_FLOW_INTERVALS + i;
  const long double *odd = flow->odd;
  long double half = flow->length[i] / 2.0L, A[P + 1];
  A[P] = 0.0L;
  for (int k = P - 1; k >= 1; --k) {
    long double next = k + 1 < P ? s[k + 1] : 0.0L;
    long double r = half * (s[k - 1] * odd[k - 1] - next * odd[k + 1]);
    A[k] = (r + e->theta * odd[k + 1] * A[k + 1]) * e->inverse[k];
  }
  /* y(-1) = sum (-1)^k y_k = fixed + slope y_0. */
  long double part = 0.0L, sign = 1.0L, fixed = 0.0L;
  for (int k = 1; k < P; ++k) {
    part = A[k] + e->B[k] * part;
    sign = -sign;
    fixed += sign * part;
  }
  long double end = y[0] = (begin - fixed) / e->slope;
  for (int k = 1; k < P; ++k) {
    y[k] = A[k] + e->B[k] * y[k - 1];
    end += y[k];
  }
  return end;
}

/* S applied to entries of stride `stride`: row m of degree j from rows
 * 0..j-1 of degree j-1. */
static long double symbol_product(const lmx_flow *flow, int j, int m,
                                  const long double *y, size_t stride)
{
  size_t row = (size_t)m;
  long double sum = 0.0L;
  if (m > 0)
    sum += flow->up[m - 1] * y[(row - 1) * stride];
  if (m < j && flow->mid[m] != 0.0L)
    sum += flow->mid[m] * y[row * stride];
  if (m + 1 < j)
    sum += flow->down[m + 1] * y[(row + 1) * stride];
  return sum;
}

/* In the plane x_1^2 - |x|^2/2 is the harmonic Y_2 and couples l to l +- 2
 * alone: every second coefficient vanishes. */
static bool vanishes(const lmx_flow *flow, int j, int m)
{
  return flow->d == 2 && (j - m) % 2 != 0;
}

static void damp_row(const lmx_flow *flow, int i,
                     const long double *restrict in, long double *restrict out)
{
  const long double *E = flow->damping + i * P * P;
  for (int k = 0, band = flow->band[i]; k < P; ++k) {
    int end = GSL_MIN_INT(k + band + 1, P);
    long double sum = 0.0L;
    for (int c = GSL_MAX_INT(k - band, 0); c < end; ++c)
      sum += E[k * P + c] * in[c];
    out[k] = sum;
  }
}

/* source = exp(-(2d+2) t) path for the rows of degree j. */
static void damp(lmx_flow *flow, int j)
{
  for (int m = 0; m <= j; ++m)
    for (int i = 0; i < flow->intervals && !vanishes(flow, j, m); ++i) {
      size_t at = (size_t)m * STRIDE + (size_t)(i * P);
      damp_row(flow, i, flow->path + at, flow->source + at);
    }
}

static void begin_degree_zero(lmx_flow *flow, long double *const *y,
                              long double *truncation)
{
  memset(flow->path, 0, STRIDE * sizeof *flow->path);
  for (int i = 0; i < flow->intervals; ++i)
    flow->path[i * P] = 1.0L;
  flow->initial[0] = 1.0L;
  for (int k = 0; k < flow->times; ++k) {
    y[k][0] = 1.0L;
    truncation[k] = 0.0L;
  }
  flow->j = 0;
}

/* Follows y_jm over all intervals; tail[k] receives the size of the last
 * Legendre modes up to the k-th time. */
static void follow(lmx_flow *flow, int j, int m, long double *const *out,
                   long double *tail)
{
  int l = 2 * m, i = 0;
  long double mu = l * (l + flow->d - 2.0L), y = flow->initial[m], size = 0.0L;
  for (int k = 0; k < flow->times; ++k) {
    for (; i <= flow->last[k]; ++i) {
      long double s[P];
      const long double *source = flow->source + i * P;
      long double *path = flow->path + (size_t)m * STRIDE + i * P;
      for (int c = 0; c < P; ++c)
        s[c] = -2.0L * j * symbol_product(flow, j, m, source + c, STRIDE);
      y = solve_interval(flow, m, i, y, s, path);
      size = fmaxl(size, fabsl(path[P - 1]) + fabsl(path[P - 2]));
    }
    out[k][m] = y * expl(-mu * flow->rest[k]);
    tail[k] = fmaxl(tail[k], size);
  }
}

void lmx_flow_next(lmx_flow *flow, long double *const *y,
                   long double *truncation)
{
  if (flow->j < 0) {
    begin_degree_zero(flow, y, truncation);
    return;
  }
  int j = ++flow->j;
  long double tail[LMX_FLOW_TIMES] = {0.0L};
  damp(flow, j - 1);
  for (int m = j == 1 ? 0 : j; m <= j; ++m) /* the rows that are new */
    for (int i = 0; i < flow->intervals; ++i)
      eliminate(flow, m, i,
                flow->elimination + (size_t)m * LMX_FLOW_INTERVALS + i);
  for (int m = 0; m <= j; ++m)
    flow->scratch[m] = symbol_product(flow, j, m, flow->initial, 1);
  memcpy(flow->initial, flow->scratch, (size_t)(j + 1) * sizeof **y);
  for (int m = 0; m <= j; ++m)
    if (!vanishes(flow, j, m))
      follow(flow, j, m, y, tail);
  for (int k = 0; k < flow->times; ++k) {
    long double largest = 0.0L;
    for (int m = 0; m <= j; ++m) {
      if (vanishes(flow, j, m))
        y[k][m] = 0.0L;
      largest = fmaxl(largest, fabsl(y[k][m]));
    }
    /* Rows that have decayed below the smallest number have no error left; the
     * cap keeps the product with such a row finite. */
    truncation[k] = largest > 0.0L ? fminl(tail[k] / largest, 1e30L) : 0.0L;
  }
}
