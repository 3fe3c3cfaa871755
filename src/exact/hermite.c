/* Solution (d): summation of the Hermite series and its derivatives.
 *
 *   h = sum_{j} sum_{m<=j} e_{jm} L_n^{(l+d/2-1)}(s/2) Y_l(x, s),
 *   l = 2m, n = j - m, e = (-1)^n 2^{-m} (n!/j!) beta^j y_{jm}(t),
 *   beta = D_1 d/(d-1) exp(-2(d-1) t),
 * with y from hermite_flow.h and Y_l the zonal harmonic polynomial in x = v_1
 * and s = |v|^2 with Y_l(1, 1) = 1 (Chebyshev for d = 2, Gegenbauer above).
 * Degrees are summed upwards until they no longer matter at this point;
 * coefficients of higher degrees are computed when first needed. Laguerre
 * and harmonic polynomials come from their three-term recurrences,
 * differentiated; both grow in the direction of the recurrence (or
 * oscillate), so it is stable. Extended precision pays for the alternating
 * signs. */
#include "exact/hermite.h"

#include <float.h>
#include <math.h>
#include <string.h>

/* Y_l and its derivatives in x and s. */
typedef struct {
  long double v, x, s, xx, xs, ss;
} harmonic;

/* For one l: Laguerre polynomial of index n and n-1 with two derivatives in
 * the argument z = s/2, the partial sum over n of e L, e L', e L'', and Y_l. */
typedef struct {
  long double L, L1, L2, previous;
  long double sum, sum1, sum2;
  harmonic Y;
} column;

enum { TRIANGLE = (LMX_FLOW_DEGREES + 1) * (LMX_FLOW_DEGREES + 2) / 2 };

/* A degree smaller than this part of the sum is not seen in double precision,
 * nor are those behind it. */
static const long double negligible = DBL_EPSILON / 64.0L;

/* Sizes of degrees fall geometrically but swing with the zeros of Laguerre
 * polynomials, some dozen degrees apart: what is left is judged by the largest
 * of so many. */
enum { WINDOW = 16 };

struct lmx_hermite {
  int d;
  double D1;
  long double epsilon;                       /* unit of rounding of the sums */
  long double inverse[LMX_FLOW_DEGREES + 1]; /* 1/n */
  lmx_flow *flow;
  size_t nannounced;
  const double *announced; /* [nannounced] times; borrowed */
  int time;                /* the current one of the flow's */
  int degrees;             /* degrees 0..degrees-1 are in e */
  long double *e;          /* [TIMES], triangular: e_{jm} at j (j+1)/2 + m */
  long double *truncation; /* [DEGREES+1][TIMES] error of y_j, relative */
  column *columns;         /* [DEGREES+1] */
};

/* LDBL_EPSILON where long double really is carried to that precision;
 * emulators (valgrind among them) may compute in 64 bits. */
static long double working_epsilon(void)
{
  volatile long double one = 1.0L, next = one + LDBL_EPSILON;
  return next - one > 0.0L ? LDBL_EPSILON : DBL_EPSILON;
}

lmx_status lmx_hermite_create(lmx_context *context, int d, double D1,
                              lmx_hermite **out)
{
  const size_t rows = LMX_FLOW_DEGREES + 1;
  lmx_status status;
  lmx_hermite *hermite;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &hermite));
  hermite->d = d;
  hermite->D1 = D1;
  hermite->epsilon = working_epsilon();
  for (int n = 1; n <= LMX_FLOW_DEGREES; ++n)
    hermite->inverse[n] = 1.0L / n;
  LMX_TRY_GOTO(lmx_flow_create(context, d, &hermite->flow), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, LMX_FLOW_TIMES * TRIANGLE, &hermite->e),
               fail);
  LMX_TRY_GOTO(
      LMX_NEW_ARRAY(context, rows * LMX_FLOW_TIMES, &hermite->truncation),
      fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, rows, &hermite->columns), fail);
  *out = hermite;
  return LMX_OK;
fail:
  lmx_hermite_destroy(&hermite);
  return status;
}

void lmx_hermite_destroy(lmx_hermite **hermite)
{
  if (hermite == NULL || *hermite == NULL)
    return;
  lmx_flow_destroy(&(*hermite)->flow);
  lmx_free((*hermite)->e);
  lmx_free((*hermite)->truncation);
  lmx_free((*hermite)->columns);
  lmx_free(*hermite);
  *hermite = NULL;
}

static long double *row_of(lmx_hermite *hermite, int time, int j)
{
  return hermite->e + (size_t)time * TRIANGLE + (size_t)j * ((size_t)j + 1) / 2;
}

/* Coefficients of the next degree, for all times of the flow. */
static void add_degree(lmx_hermite *hermite)
{
  int j = hermite->degrees++, d = hermite->d;
  const lmx_flow *flow = hermite->flow;
  long double *rows[LMX_FLOW_TIMES];
  for (int k = 0; k < flow->times; ++k)
    rows[k] = row_of(hermite, k, j);
  lmx_flow_next(hermite->flow, rows,
                hermite->truncation + (size_t)j * LMX_FLOW_TIMES);
  for (int k = 0; k < flow->times; ++k) {
    long double beta = (long double)hermite->D1 * d / (d - 1.0L) *
                       expl(-2.0L * (d - 1.0L) * flow->time[k]);
    long double factor = powl(beta, j) * (j % 2 == 0 ? 1.0L : -1.0L);
    for (int m = 0; m <= j; ++m) {
      rows[k][m] *= factor;
      /* From m to m+1: n falls by one, so does n!/j!, and the sign turns. */
      factor /= -2.0L * (j - m);
    }
  }
}

/* Y_{l+1} = A x Y_l - B s Y_{l-1}, l >= 1, and its derivatives. */
static harmonic next_harmonic(int d, int l, long double x, long double s,
                              const harmonic *Y, const harmonic *old)
{
  long double A = (2.0L * l + d - 2.0L) / (l + d - 2.0L);
  long double B = l / (l + d - 2.0L);
  return (harmonic){
      .v = A * x * Y->v - B * s * old->v,
      .x = A * (Y->v + x * Y->x) - B * s * old->x,
      .s = A * x * Y->s - B * (old->v + s * old->s),
      .xx = A * (2.0L * Y->x + x * Y->xx) - B * s * old->xx,
      .xs = A * (Y->s + x * Y->xs) - B * (old->x + s * old->xs),
      .ss = A * x * Y->ss - B * (2.0L * old->s + s * old->ss),
  };
}

/* The polynomial of index 0 in column m, and Y_l from columns before;
 * *odd carries Y_{l-1}. */
static void open_column(lmx_hermite *hermite, int m, long double x,
                        long double s, harmonic *odd)
{
  column *c = hermite->columns + m;
  *c = (column){.L = 1.0L};
  if (m == 0) {
    c->Y = (harmonic){.v = 1.0L};
    *odd = (harmonic){.v = x, .x = 1.0L}; /* Y_1, for m = 1 */
    return;
  }
  int d = hermite->d;
  const harmonic *even = &hermite->columns[m - 1].Y;
  if (m > 1)
    *odd = next_harmonic(d, 2 * m - 2, x, s, even, odd);
  c->Y = next_harmonic(d, 2 * m - 1, x, s, odd, even);
}

/* n L_n = (2n-1+a-z) L_{n-1} - (n-1+a) L_{n-2}, and L_n' = L_{n-1}' - L_{n-1}
 * twice; scale = 1/n. */
static void advance_column(column *c, int n, long double scale, long double a,
                           long double z)
{
  long double p = 2 * n - 1 + a - z, q = n - 1 + a;
  long double L = scale * (p * c->L - q * c->previous);
  c->L2 -= c->L1;
  c->L1 -= c->L;
  c->previous = c->L;
  c->L = L;
}

/* Adds degree j to the columns; returns its signed sum, *size the sum of
 * absolute values. */
static long double sum_degree(lmx_hermite *hermite, int j, long double x,
                              long double s, harmonic *odd, long double *size)
{
  const long double *e = row_of(hermite, hermite->time, j);
  long double sum = 0.0L;
  *size = 0.0L;
  for (int m = 0; m < j; ++m)
    advance_column(hermite->columns + m, j - m, hermite->inverse[j - m],
                   2 * m + 0.5L * hermite->d - 1.0L, 0.5L * s);
  open_column(hermite, j, x, s, odd);
  for (int m = 0; m <= j; ++m) {
    column *c = hermite->columns + m;
    if (e[m] == 0.0L) /* in the plane every second one */
      continue;
    long double term = e[m] * c->L * c->Y.v;
    c->sum += e[m] * c->L;
    c->sum1 += e[m] * c->L1;
    c->sum2 += e[m] * c->L2;
    sum += term;
    *size += fabsl(term);
  }
  return sum;
}

/* Derivatives of sum_l R_l(s/2) Y_l(x, s). */
static void collect(const lmx_hermite *hermite, int top, lmx_hermite_jet *out)
{
  harmonic h = {0};
  for (int m = 0; m <= top; ++m) {
    const column *c = hermite->columns + m;
    const harmonic *Y = &c->Y;
    long double R = c->sum, R1 = 0.5L * c->sum1, R2 = 0.25L * c->sum2;
    h.v += R * Y->v;
    h.x += R * Y->x;
    h.s += R1 * Y->v + R * Y->s;
    h.xx += R * Y->xx;
    h.xs += R1 * Y->x + R * Y->xs;
    h.ss += R2 * Y->v + 2.0L * R1 * Y->s + R * Y->ss;
  }
  out->log_h = (double)logl(h.v);
  out->x = (double)(h.x / h.v);
  out->s = (double)(h.s / h.v);
  out->xx = (double)(h.xx / h.v);
  out->xs = (double)(h.xs / h.v);
  out->ss = (double)(h.ss / h.v);
}

void lmx_hermite_announce(lmx_hermite *hermite, size_t n, const double *times)
{
  hermite->nannounced = n;
  hermite->announced = times;
}

/* Follows t, and what was announced behind it. */
static void set_time(lmx_hermite *hermite, double t)
{
  const lmx_flow *flow = hermite->flow;
  double times[LMX_FLOW_TIMES] = {t};
  int n = 1;
  for (hermite->time = 0; hermite->time < flow->times; ++hermite->time)
    if (flow->time[hermite->time] == t)
      return;
  for (size_t i = 0; i < hermite->nannounced && n < LMX_FLOW_TIMES; ++i)
    if (hermite->announced[i] > times[n - 1])
      times[n++] = hermite->announced[i];
  lmx_flow_set_times(hermite->flow, n, times);
  hermite->time = 0;
  hermite->degrees = 0;
}

/* What the degrees from j on add up to at most, by the largest size of the
 * last WINDOW degrees and the ratio to the WINDOW before; sizes[i % 2 WINDOW]
 * is that of degree i. */
static long double remainder_after(const long double *sizes, int j)
{
  if (j < 2 * WINDOW)
    return INFINITY;
  long double now = 0.0L, before = 0.0L;
  for (int i = 1; i <= WINDOW; ++i) {
    now = fmaxl(now, sizes[(j - i) % (2 * WINDOW)]);
    before = fmaxl(before, sizes[(j - i - WINDOW) % (2 * WINDOW)]);
  }
  if (!(now < before))
    return INFINITY;
  return now / (1.0L - powl(now / before, 1.0L / WINDOW));
}

lmx_status lmx_hermite_eval(lmx_context *context, lmx_hermite *hermite,
                            double t, double x, double s, lmx_hermite_jet *out)
{
  long double h = 0.0L, total = 0.0L, truncation = 0.0L, size = 0.0L;
  long double last = 0.0L, sizes[2 * WINDOW];
  harmonic odd;
  int j = 0, small = 0;
  set_time(hermite, t);
  for (; j <= LMX_FLOW_DEGREES && small < 2; ++j) {
    if (j == hermite->degrees)
      add_degree(hermite);
    last = size;
    h += sum_degree(hermite, j, x, s, &odd, &size);
    total += size;
    sizes[j % (2 * WINDOW)] = size;
    truncation +=
        size * hermite->truncation[j * LMX_FLOW_TIMES + hermite->time];
    /* A single degree may vanish at a point (the first one does). */
    small = size <= negligible * fabsl(h) ? small + 1 : 0;
  }
  long double ratio = last > 0.0L ? fminl(size / last, 0.95L) : 0.0L;
  long double remainder =
      small == 2 ? size / (1.0L - ratio) : remainder_after(sizes, j);
  long double error = 32.0L * hermite->epsilon * total + truncation + remainder;
  if (!(h > 0.0L && error <= 1e-6L * h))
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "axisymmetric Gaussian: the Hermite series is too badly "
                    "conditioned at t = %g, v_1 = %g, |v| = %g (terms of "
                    "total size %Lg sum to %Lg)",
                    t, x, sqrt(s), total, h);
  out->error = (double)(error / h);
  collect(hermite, j - 1, out);
  return LMX_OK;
}
