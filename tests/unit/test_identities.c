/* The pointwise algebra of Sections 3 and 4. Both sides of each identity are
 * compared on random jets, and with finite differences in v and t of the
 * quantity itself, of which this test knows no derivative formula. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "check/identities.h"

enum { MAXD = 8 };

static double normal(gsl_rng *rng)
{
  return gsl_ran_gaussian(rng, 1.0);
}

/* D with E(0) = I + D positive, and the c_a at a random time. */
static void random_model(gsl_rng *rng, int d, lmx_context *ctx, lmx_model *m)
{
  double E[MAXD], sum = 0.0, D[MAXD];
  for (int a = 0; a < d; ++a)
    sum += E[a] = gsl_rng_uniform_pos(rng);
  for (int a = 0; a < d; ++a)
    D[a] = d * E[a] / sum - 1.0;
  ASSERT_OK(ctx, lmx_model_init(ctx, d, D, m));
}

/* Index of a symmetric tensor's entry in sorted order, so that equal
 * multi-indices share one random number. */
static size_t sorted_index(int d, int rank, const int *index)
{
  int s[4];
  memcpy(s, index, (size_t)rank * sizeof *s);
  for (int i = 0; i < rank; ++i)
    for (int j = i + 1; j < rank; ++j)
      if (s[j] < s[i]) {
        int swap = s[i];
        s[i] = s[j];
        s[j] = swap;
      }
  size_t k = 0;
  for (int i = 0; i < rank; ++i)
    k = k * (size_t)d + (size_t)s[i];
  return k;
}

/* A random fully symmetric tensor [d]^rank. */
static void random_tensor(gsl_rng *rng, int d, int rank, double *x)
{
  size_t n = 1;
  for (int i = 0; i < rank; ++i)
    n *= (size_t)d;
  for (size_t k = 0; k < n; ++k)
    x[k] = normal(rng);
  for (size_t k = 0; k < n; ++k) {
    int index[4];
    size_t rest = k;
    for (int i = rank; i-- > 0; rest /= (size_t)d)
      index[i] = (int)(rest % (size_t)d);
    x[k] = x[sorted_index(d, rank, index)];
  }
}

typedef struct {
  double v[MAXD], q[MAXD], G[MAXD * MAXD], T[MAXD * MAXD * MAXD];
  lmx_jet jet;
} store;

static void random_jet(gsl_rng *rng, int d, store *s)
{
  s->jet = (lmx_jet){.d = d, .v = s->v, .q = s->q, .G = s->G, .T = s->T};
  double reach = exp(normal(rng));
  for (int a = 0; a < d; ++a)
    s->v[a] = reach * normal(rng);
  s->jet.g = 5.0 * normal(rng);
  random_tensor(rng, d, 1, s->q);
  random_tensor(rng, d, 2, s->G);
  random_tensor(rng, d, 3, s->T);
}

/* --- both sides on random jets ----------------------------------------- */

/* Sums have up to d^4 rounded terms below the largest group. */
static double rounding(int d)
{
  return 1e-15 * d * d * d;
}

static void compare_all(const lmx_pointwise *p, const double *fourth)
{
  double tol = rounding(p->d);
  lmx_side left = lmx_lem_4_1_left(p);
  ASSERT_AT_MOST(lmx_side_residual(left, lmx_lem_4_1_right(p)), tol);
  ASSERT_AT_MOST(lmx_side_residual(left, lmx_lem_4_1_paper(p)), tol);
  left = lmx_lem_4_2_left(p);
  ASSERT_AT_MOST(lmx_side_residual(left, lmx_lem_4_2_right(p)), tol);
  ASSERT_AT_MOST(lmx_side_residual(left, lmx_lem_4_2_paper(p)), tol);
  ASSERT_AT_MOST(lmx_side_residual(lmx_eq_4_4_left(p), lmx_eq_4_4_right(p)),
                 tol);
  left = lmx_lem_4_5_left(p, NULL);
  ASSERT_AT_MOST(lmx_side_residual(left, lmx_lem_4_5_right(p)), tol);
  ASSERT_AT_MOST(
      lmx_side_residual(lmx_lem_4_5_left(p, fourth), lmx_lem_4_5_right(p)),
      tol);
  ASSERT_AT_MOST(lmx_side_residual(lmx_eq_4_7_left(p), lmx_eq_4_7_right(p)),
                 tol);
  left = lmx_lem_4_6_left(p);
  ASSERT_AT_MOST(lmx_side_residual(left, lmx_lem_4_6_right(p)), tol);
  ASSERT_AT_MOST(lmx_side_residual(lmx_time_derivative(p), lmx_eq_3_7_split(p)),
                 tol);
}

static void sides_agree(void **state)
{
  lmx_context *ctx = *state;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  store *s = malloc(sizeof *s);
  lmx_pointwise *p = malloc(sizeof *p);
  double *fourth = malloc(MAXD * MAXD * MAXD * MAXD * sizeof *fourth);
  for (int d = 2; d <= MAXD; ++d)
    for (int trial = 0; trial < 200; ++trial) {
      lmx_model model;
      double c[MAXD];
      random_model(rng, d, ctx, &model);
      lmx_pointwise_c(&model, 0.1 * gsl_rng_uniform(rng), c);
      random_jet(rng, d, s);
      if (trial == 0)
        memset(s->v, 0, sizeof s->v);
      random_tensor(rng, d, 4, fourth);
      lmx_pointwise_set(&s->jet, c, 3, p);
      compare_all(p, fourth);
    }
  free(fourth);
  free(p);
  free(s);
  gsl_rng_free(rng);
}

/* --- finite differences ------------------------------------------------- */

/* f is a Taylor polynomial of degree 4 about v0 with f(v0) = 1; in time it
 * moves by f + tau L f. Its derivatives up to order 2, as functions of v. */
typedef struct {
  int d;
  double v0[MAXD], c[MAXD];
  double *t[5]; /* t[k]: [d]^k coefficients, fully symmetric */
} taylor;

/* Derivative in the directions listed in index[0..order-1], at v0 + x. */
static double taylor_derivative(const taylor *f, const double *x, int order,
                                const int *index)
{
  int d = f->d;
  size_t base = 0, n = 1;
  for (int i = 0; i < order; ++i)
    base = base * (size_t)d + (size_t)index[i];
  double sum = 0.0, factorial = 1.0;
  for (int k = order; k <= 4; ++k) {
    if (k > order) {
      n *= (size_t)d;
      factorial *= k - order;
    }
    double term = 0.0;
    for (size_t m = 0; m < n; ++m) {
      double product = f->t[k][base * n + m];
      size_t rest = m;
      for (int i = order; i < k; ++i, rest /= (size_t)d)
        product *= x[rest % (size_t)d];
      term += product;
    }
    sum += term / factorial;
  }
  return sum;
}

/* f_t = L f at v0 + x from second derivatives alone. */
static double operator_value(const taylor *f, const double *x)
{
  int d = f->d;
  double v[MAXD], v2 = 0.0, sum = d * (d - 1.0);
  sum *= taylor_derivative(f, x, 0, NULL);
  for (int a = 0; a < d; ++a) {
    v[a] = f->v0[a] + x[a];
    v2 += v[a] * v[a];
  }
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      double abar = (a == b ? f->c[a] + v2 : 0.0) - v[a] * v[b];
      sum += abar * taylor_derivative(f, x, 2, (int[]){a, b});
    }
  return sum;
}

/* Central differences of order 6, on unit spacing. */
static const double first6[3] = {3.0 / 4, -3.0 / 20, 1.0 / 60};
static const double second6[4] = {-49.0 / 18, 3.0 / 2, -3.0 / 20, 1.0 / 90};

typedef double function(const void *context, const double *x);

static double difference(function *F, const void *context, double *x, int a,
                         int b, double h)
{
  double sum = 0.0, xa = x[a];
  if (a == b) {
    sum = second6[0] * F(context, x);
    for (int k = 1; k <= 3; ++k) {
      x[a] = xa + k * h;
      double right = F(context, x);
      x[a] = xa - k * h;
      sum += second6[k] * (right + F(context, x));
    }
    x[a] = xa;
    return sum / (h * h);
  }
  double xb = x[b];
  for (int k = 1; k <= 3; ++k)
    for (int l = 1; l <= 3; ++l)
      for (int signs = 0; signs < 4; ++signs) {
        int sk = signs & 1 ? -1 : 1, sl = signs & 2 ? -1 : 1;
        x[a] = xa + sk * k * h;
        x[b] = xb + sl * l * h;
        sum += sk * sl * first6[k - 1] * first6[l - 1] * F(context, x);
      }
  x[a] = xa;
  x[b] = xb;
  return sum / (h * h);
}

/* First difference of L f in direction a. */
static double operator_slope(const taylor *f, double *x, int a, double h)
{
  double sum = 0.0, xa = x[a];
  for (int k = 1; k <= 3; ++k) {
    x[a] = xa + k * h;
    double right = operator_value(f, x);
    x[a] = xa - k * h;
    sum += first6[k - 1] * (right - operator_value(f, x));
  }
  x[a] = xa;
  return sum / h;
}

static double operator_as_function(const void *context, const double *x)
{
  return operator_value(context, x);
}

enum quantity { GRADIENT, ENTROPY, HESSIAN, SQUARED_LOG };

/* The quantity of a lemma from f, grad f, Hess f. */
static double quantity_of(enum quantity which, int d, double f,
                          const double *df, const double *ddf)
{
  double sum = 0.0;
  switch (which) {
  case GRADIENT:
    for (int a = 0; a < d; ++a)
      sum += df[a] * df[a];
    return sum / f;
  case ENTROPY:
    return f * log(f);
  case HESSIAN:
    for (int k = 0; k < d * d; ++k)
      sum += ddf[k] * ddf[k];
    return sum / f;
  default:
    return f * log(f) * log(f);
  }
}

typedef struct {
  const taylor *f;
  enum quantity which;
} field;

static double field_value(const void *context, const double *x)
{
  const field *q = context;
  int d = q->f->d;
  double df[MAXD], ddf[MAXD * MAXD];
  for (int a = 0; a < d; ++a) {
    df[a] = taylor_derivative(q->f, x, 1, &a);
    for (int b = 0; b < d; ++b)
      ddf[a * d + b] = taylor_derivative(q->f, x, 2, (int[]){a, b});
  }
  return quantity_of(q->which, d, taylor_derivative(q->f, x, 0, NULL), df, ddf);
}

/* d/dtau of the quantity along f + tau L f, at v0. */
static double field_rate(const field *q, double h)
{
  int d = q->f->d;
  double x[MAXD] = {0}, f = taylor_derivative(q->f, x, 0, NULL), df[MAXD];
  double ddf[MAXD * MAXD], rf = operator_value(q->f, x), rdf[MAXD];
  double rddf[MAXD * MAXD], sum = 0.0, tau = 1e-3;
  for (int a = 0; a < d; ++a) {
    df[a] = taylor_derivative(q->f, x, 1, &a);
    rdf[a] = operator_slope(q->f, x, a, h);
    for (int b = 0; b < d; ++b) {
      ddf[a * d + b] = taylor_derivative(q->f, x, 2, (int[]){a, b});
      rddf[a * d + b] = difference(operator_as_function, q->f, x, a, b, h);
    }
  }
  for (int k = 1; k <= 3; ++k)
    for (int sign = -1; sign <= 1; sign += 2) {
      double s = sign * k * tau, mf = f + s * rf, mdf[MAXD], mddf[MAXD * MAXD];
      for (int a = 0; a < d; ++a)
        mdf[a] = df[a] + s * rdf[a];
      for (int m = 0; m < d * d; ++m)
        mddf[m] = ddf[m] + s * rddf[m];
      sum += sign * first6[k - 1] * quantity_of(q->which, d, mf, mdf, mddf);
    }
  return sum / tau;
}

/* (d_t - L) of the quantity at v0, over f = t[0]. */
static double measured(const taylor *f, enum quantity which)
{
  int d = f->d;
  const double h = 2e-2;
  double x[MAXD] = {0}, v2 = 0.0;
  field q = {.f = f, .which = which};
  double sum = field_rate(&q, h) - d * (d - 1.0) * field_value(&q, x);
  for (int a = 0; a < d; ++a)
    v2 += f->v0[a] * f->v0[a];
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      double abar = (a == b ? f->c[a] + v2 : 0.0) - f->v0[a] * f->v0[b];
      sum -= abar * difference(field_value, &q, x, a, b, h);
    }
  return sum / f->t[0][0];
}

static void random_taylor(gsl_rng *rng, int d, lmx_context *ctx, taylor *f)
{
  lmx_model model;
  random_model(rng, d, ctx, &model);
  lmx_pointwise_c(&model, 0.02, f->c);
  f->d = d;
  for (int a = 0; a < d; ++a)
    f->v0[a] = normal(rng);
  for (int k = 1; k <= 4; ++k) {
    random_tensor(rng, d, k, f->t[k]);
    size_t n = 1;
    for (int i = 0; i < k; ++i)
      n *= (size_t)d;
    for (size_t i = 0; i < n; ++i) /* keeps log f smooth over the stencil */
      f->t[k][i] *= 0.3;
  }
  f->t[0][0] = 1.3;
}

/* log-derivatives of f at v0 from those of f, by the chain rule; checked
 * below against differences of log f. */
static void log_jet(const taylor *f, store *s)
{
  int d = f->d;
  double value = f->t[0][0];
  s->jet = (lmx_jet){.d = d, .v = s->v, .q = s->q, .G = s->G, .T = s->T};
  s->jet.g = log(value);
  memcpy(s->v, f->v0, sizeof s->v);
  for (int a = 0; a < d; ++a)
    s->q[a] = f->t[1][a] / value;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      s->G[a * d + b] = f->t[2][a * d + b] / value - s->q[a] * s->q[b];
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      for (int c = 0; c < d; ++c)
        s->T[(a * d + b) * d + c] =
            f->t[3][(a * d + b) * d + c] / value - s->q[a] * s->G[b * d + c] -
            s->q[b] * s->G[a * d + c] - s->q[c] * s->G[a * d + b] -
            s->q[a] * s->q[b] * s->q[c];
}

static double log_value(const void *context, const double *x)
{
  return log(taylor_derivative(context, x, 0, NULL));
}

/* Hess log f by differences; third derivatives by differences of those. */
static void check_log_jet(const taylor *f, const store *s)
{
  int d = f->d;
  double x[MAXD] = {0}, h = 2e-2;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      ASSERT_NEAR(difference(log_value, f, x, a, b, h), s->G[a * d + b], 1e-7);
      double third = 0.0;
      for (int k = 1; k <= 3; ++k) {
        x[0] = k * h;
        double right = difference(log_value, f, x, a, b, h);
        x[0] = -k * h;
        third +=
            first6[k - 1] * (right - difference(log_value, f, x, a, b, h)) / h;
      }
      x[0] = 0.0;
      ASSERT_NEAR(third, s->T[a * d + b], 1e-5);
    }
}

static double compare_with_differences(const taylor *f, store *s,
                                       lmx_pointwise *p, double *fourth)
{
  size_t n = (size_t)f->d * f->d * f->d * f->d;
  for (size_t k = 0; k < n; ++k)
    fourth[k] = f->t[4][k] / f->t[0][0];
  lmx_pointwise_set(&s->jet, f->c, 3, p);
  const double tol = 2e-6;
  lmx_side sides[][2] = {
      [GRADIENT] = {lmx_lem_4_1_left(p), lmx_lem_4_1_right(p)},
      [ENTROPY] = {lmx_lem_4_2_left(p), lmx_lem_4_2_right(p)},
      [HESSIAN] = {lmx_lem_4_5_left(p, fourth), lmx_lem_4_5_right(p)},
      [SQUARED_LOG] = {lmx_lem_4_6_left(p), lmx_lem_4_6_right(p)},
  };
  for (int which = 0; which < 4; ++which) {
    double want = measured(f, (enum quantity)which);
    for (int side = 0; side < 2; ++side)
      ASSERT_NEAR(sides[which][side].value, want,
                  tol * fmax(1.0, sides[which][side].scale));
  }
  /* the printed Lemma 4.6 is not what f log^2 f does */
  double off = lmx_lem_4_6_printed(p).value - measured(f, SQUARED_LOG);
  double missing = -2.0 * (1.0 + s->jet.g) * lmx_rotation_square(p);
  ASSERT_NEAR(off, missing, tol * fmax(1.0, sides[SQUARED_LOG][0].scale));
  return fabs(missing);
}

static void finite_differences(void **state)
{
  lmx_context *ctx = *state;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  gsl_rng_set(rng, 11);
  static const int dimensions[] = {2, 3, 5};
  store *s = malloc(sizeof *s);
  lmx_pointwise *p = malloc(sizeof *p);
  double *fourth = malloc(MAXD * MAXD * MAXD * MAXD * sizeof *fourth);
  taylor f = {0};
  double missing = 0.0;
  for (int k = 0, n = 1; k <= 4; ++k, n *= MAXD)
    f.t[k] = malloc((size_t)n * sizeof(double));
  for (size_t i = 0; i < sizeof dimensions / sizeof *dimensions; ++i)
    for (int trial = 0; trial < (dimensions[i] == 5 ? 1 : 4); ++trial) {
      random_taylor(rng, dimensions[i], ctx, &f);
      log_jet(&f, s);
      check_log_jet(&f, s);
      missing = fmax(missing, compare_with_differences(&f, s, p, fourth));
    }
  ASSERT_AT_LEAST(missing, 0.1);
  for (int k = 0; k <= 4; ++k)
    free(f.t[k]);
  free(fourth);
  free(p);
  free(s);
  gsl_rng_free(rng);
}

/* --- hand counts -------------------------------------------------------- */

/* d = 2, v = e_1, c = (1, 1), g = 0, q = e_2, G = 0, T = 0. */
static void by_hand(void **state)
{
  (void)state;
  double v[2] = {1, 0}, q[2] = {0, 1}, G[4] = {0}, T[8] = {0}, c[2] = {1, 1};
  lmx_jet jet = {.d = 2, .v = v, .q = q, .G = G, .T = T};
  lmx_pointwise p;
  lmx_pointwise_set(&jet, c, 3, &p);
  ASSERT_NEAR(lmx_time_derivative(&p).value, 2.0 + 2.0, 0.0);
  ASSERT_NEAR(lmx_lem_4_1_left(&p).value, 0.0, 0.0);
  ASSERT_NEAR(lmx_lem_4_2_left(&p).value, 2.0 - 1.0 - 1.0, 0.0);
  ASSERT_NEAR(lmx_lem_4_6_left(&p).value, -4.0, 0.0);
  ASSERT_NEAR(lmx_lem_4_6_right(&p).value, -4.0, 0.0);
  ASSERT_NEAR(lmx_lem_4_6_printed(&p).value, -6.0, 0.0);
  /* q = 0, G = I: Lemma 4.5 is attained, 4 (d-1) |K|^2 = 8 */
  q[1] = 0.0;
  G[0] = G[3] = 1.0;
  lmx_pointwise_set(&jet, c, 3, &p);
  ASSERT_NEAR(lmx_lem_4_5_left(&p, NULL).value, 8.0, 0.0);
  ASSERT_NEAR(lmx_lem_4_5_right(&p).value, 8.0, 0.0);
}

/* --- the barrier -------------------------------------------------------- */

static double log_barrier(const lmx_model *m, const lmx_barrier *b, double t,
                          const double *v)
{
  double v2 = 0.0;
  for (int a = 0; a < m->d; ++a)
    v2 += v[a] * v[a];
  return (m->d - 1.0) * t / (4.0 * b->eps) +
         v2 / (8.0 * m->d * (b->T + b->eps - t));
}

/* Hess phi and d_t phi by differences of phi itself. */
static double barrier_measured(const lmx_model *m, const lmx_barrier *b,
                               double t, double *v)
{
  int d = m->d;
  double abar[MAXD * MAXD], sum = 1.0, h = 1e-2, tau = 1e-4 * b->eps;
  double here = log_barrier(m, b, t, v);
  lmx_model_abar(m, t, v, abar);
  for (int k = 1; k <= 3; ++k)
    sum += first6[k - 1] *
           (log_barrier(m, b, t + k * tau, v) -
            log_barrier(m, b, t - k * tau, v)) /
           tau;
  for (int a = 0; a < d; ++a)
    for (int e = 0; e < d; ++e) {
      double second = 0.0, va = v[a], ve = v[e];
      for (int k = -3; k <= 3; ++k)
        for (int l = -3; l <= 3; ++l) {
          double w;
          if (a == e)
            w = l != 0 ? 0.0 : second6[abs(k)];
          else if (k == 0 || l == 0)
            w = 0.0;
          else
            w = (k * l > 0 ? 1 : -1) * first6[abs(k) - 1] * first6[abs(l) - 1];
          if (w == 0.0)
            continue;
          v[a] = va + k * h;
          if (a != e)
            v[e] = ve + l * h;
          second += w * exp(log_barrier(m, b, t, v) - here);
          v[a] = va;
          v[e] = ve;
        }
      sum -= abar[a * d + e] * second / (h * h);
    }
  return sum;
}

static void barrier(void **state)
{
  lmx_context *ctx = *state;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  for (int d = 2; d <= 5; ++d)
    for (int trial = 0; trial < 50; ++trial) {
      lmx_model model;
      random_model(rng, d, ctx, &model);
      double growth = gsl_rng_uniform_pos(rng), v[MAXD];
      double horizon = fmin(0.5 / model.kappa, 0.125 / (d * growth));
      lmx_barrier b = {.growth = growth};
      b.T = horizon * gsl_rng_uniform_pos(rng);
      b.eps = 0.99 * (horizon - b.T);
      assert_true(lmx_barrier_admissible(&model, &b));
      double t = b.T * gsl_rng_uniform(rng);
      for (int a = 0; a < d; ++a)
        v[a] = 0.3 * normal(rng);
      lmx_side left = lmx_prop_3_1_left(&model, &b, t, v);
      lmx_side right = lmx_prop_3_1_right(&model, &b, t, v);
      ASSERT_AT_MOST(lmx_side_residual(left, right), 1e-14);
      ASSERT_AT_LEAST(left.value, 1.0 - 1e-14 * left.scale);
      if (lmx_barrier_delta(&model, &b, t) < 20.0)
        ASSERT_NEAR(barrier_measured(&model, &b, t, v), left.value,
                    1e-7 * fmax(1.0, left.scale));
    }
  lmx_model model;
  ASSERT_OK(ctx, lmx_model_init(ctx, 2, (double[]){0.0, 0.0}, &model));
  assert_false(lmx_barrier_admissible(
      &model, &(lmx_barrier){.T = 0.2, .eps = 0.1, .growth = 1e-3}));
  assert_false(lmx_barrier_admissible(
      &model, &(lmx_barrier){.T = 0.05, .eps = 0.05, .growth = 1.0}));
  gsl_rng_free(rng);
}

static int setup(void **state)
{
  return lmx_context_create((lmx_context **)state) == LMX_OK ? 0 : -1;
}

static int teardown(void **state)
{
  lmx_context_destroy((lmx_context **)state);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(sides_agree),
      cmocka_unit_test(finite_differences),
      cmocka_unit_test(by_hand),
      cmocka_unit_test(barrier),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
