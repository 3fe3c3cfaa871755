/* Suprema over R^d: closed formulas, and searches against values on fine
 * meshes that reach far. */
#include "initial_support.h"

#include "initial/tails.h"

/* --- data ----------------------------------------------------------------- */

static lmx_tails *tails_of(const lmx_initial *initial)
{
  lmx_tails *tails = NULL;
  ASSERT_OK(ctx, lmx_tails_create(ctx, initial, &tails));
  assert_non_null(tails);
  return tails;
}

static lmx_tail_constants constants_of(const lmx_initial *initial)
{
  lmx_tails *tails = tails_of(initial);
  lmx_tail_constants c;
  ASSERT_OK(ctx, lmx_tails_constants(ctx, tails, &c));
  lmx_tails_destroy(&tails);
  return c;
}

static lmx_initial *bkw(int d, double c)
{
  lmx_initial_spec spec = {
      .d = d, .kind = LMX_INITIAL_BKW, .normalise = true, .c = c};
  return make(&spec);
}

/* Components with diagonal covariances, normalised by lmx_initial_create. */
static lmx_initial *mixture(int d, size_t n, const double *weight,
                            const double (*mean)[3],
                            const double (*variance)[3])
{
  enum { MOST = 4, D = 3 };
  static double m[MOST][D], S[MOST][D * D];
  lmx_component components[MOST];
  memset(S, 0, sizeof S);
  for (size_t k = 0; k < n; ++k) {
    for (int a = 0; a < d; ++a) {
      m[k][a] = mean[k][a];
      S[k][a * d + a] = variance[k][a];
    }
    components[k] = (lmx_component){weight[k], m[k], S[k]};
  }
  lmx_initial_spec spec = {.d = d,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = n,
                           .components = components};
  return make(&spec);
}

/* log f0, |grad|, |Hess|, |Hess f / f| from the components, written out for
 * covariances of two rows, on v = r (cos, sin). */
typedef struct values {
  double g, q, G, K;
} values;

static values values_at(const lmx_initial *initial, double r, double angle)
{
  size_t n;
  const lmx_component *c = lmx_initial_components(initial, &n);
  double v[2] = {r * cos(angle), r * sin(angle)}, log_term[4], top = -INFINITY;
  double a[4][2], P[4][3], sum = 0.0, q[2] = {0}, K[3] = {0};
  for (size_t k = 0; k < n; ++k) {
    const double *S = c[k].covariance;
    double det = S[0] * S[3] - S[1] * S[2], x[2];
    P[k][0] = S[3] / det;
    P[k][1] = -S[1] / det;
    P[k][2] = S[0] / det;
    x[0] = v[0] - c[k].mean[0];
    x[1] = v[1] - c[k].mean[1];
    a[k][0] = P[k][0] * x[0] + P[k][1] * x[1];
    a[k][1] = P[k][1] * x[0] + P[k][2] * x[1];
    log_term[k] = log(c[k].weight / (2.0 * M_PI * sqrt(det))) -
                  0.5 * (x[0] * a[k][0] + x[1] * a[k][1]);
    top = fmax(top, log_term[k]);
  }
  for (size_t k = 0; k < n; ++k)
    sum += exp(log_term[k] - top);
  for (size_t k = 0; k < n; ++k) {
    double share = exp(log_term[k] - top) / sum;
    q[0] -= share * a[k][0];
    q[1] -= share * a[k][1];
    K[0] += share * (a[k][0] * a[k][0] - P[k][0]);
    K[1] += share * (a[k][0] * a[k][1] - P[k][1]);
    K[2] += share * (a[k][1] * a[k][1] - P[k][2]);
  }
  double G[3] = {K[0] - q[0] * q[0], K[1] - q[0] * q[1], K[2] - q[1] * q[1]};
  return (values){.g = top + log(sum),
                  .q = hypot(q[0], q[1]),
                  .G = sqrt(G[0] * G[0] + 2.0 * G[1] * G[1] + G[2] * G[2]),
                  .K = sqrt(K[0] * K[0] + 2.0 * K[1] * K[1] + K[2] * K[2])};
}

/* What is looked for, as largest values over a mesh. */
typedef struct meshed {
  double C0, gradient, hessian, relative, log_f, bracket;
} meshed;

static meshed mesh(const lmx_initial *initial, double C)
{
  enum { RADII = 900, ANGLES = 1440 };
  meshed m = {0, 0, 0, 0, -INFINITY, -INFINITY};
  for (int i = 0; i <= RADII; ++i) {
    double x = (double)i / (RADII + 1), r = 6.0 * x / (1.0 - x);
    for (int j = 0; j < ANGLES; ++j) {
      values w = values_at(initial, r, 2.0 * M_PI * j / ANGLES);
      m.C0 = fmax(m.C0, lmx_smallest_C0(r * r, w.g));
      m.gradient = fmax(m.gradient, w.q / (1.0 + r));
      m.hessian = fmax(m.hessian, w.G / (1.0 + r * r));
      m.relative = fmax(m.relative, w.K / (1.0 + r * r));
      m.log_f = fmax(m.log_f, w.g);
      m.bracket = fmax(m.bracket, w.q * w.q + C * w.g);
    }
  }
  return m;
}

/* The mesh, which ends at |v| = 5400, comes close from below. */
static void assert_encloses(const lmx_tail_sup *sup, double meshed_value,
                            double near, double width)
{
  ASSERT_AT_MOST(sup->low, sup->high);
  double scale = 1.0 + fabs(sup->high);
  ASSERT_AT_MOST(sup->high - sup->low, width * scale);
  ASSERT_AT_MOST(meshed_value, sup->high);
  ASSERT_NEAR(meshed_value, sup->high, near * scale);
}

/* --- closed formulas -------------------------------------------------------
 */

/* math.md (53). */
static void gaussians_have_closed_formulas(void **state)
{
  (void)state;
  const double variance[3][3] = {{1.0, 1.0}, {1.3, 0.7}, {1.93, 0.07}};
  const double C0[3] = {2.0, 2.6, 3.86};
  for (int i = 0; i < 3; ++i) {
    lmx_initial *initial = make_gaussian(2, variance[i]);
    lmx_tail_constants c = constants_of(initial);
    double cold = 1.0 / variance[i][1], warm = 1.0 / variance[i][0];
    assert_true(c.closed);
    ASSERT_NEAR(c.C0.high, C0[i], 1e-12);
    ASSERT_NEAR(c.gradient.high, cold, 1e-12 * cold);
    ASSERT_NEAR(c.hessian.high, hypot(cold, warm), 1e-12 * cold);
    ASSERT_NEAR(c.relative.high, fmax(cold * cold, hypot(cold, warm)),
                1e-12 * cold * cold);
    ASSERT_NEAR(c.gradient_limit.high, 2.0 * cold, 1e-12 * cold);
    meshed m = mesh(initial, 2.0 * cold);
    assert_encloses(&c.C0, m.C0, 5e-3, 0.0);
    assert_encloses(&c.gradient, m.gradient, 2e-3, 0.0);
    assert_encloses(&c.hessian, m.hessian, 1e-12, 1e-12);
    assert_encloses(&c.relative, m.relative, 2e-3, 0.0);
    lmx_initial_destroy(&initial);
  }
}

/* B(0) of Theorem 1.7: 2.0408 = 1 / 0.49 for the main case; 20.588 for BKW with
 * c = 0.32 in d = 4, recomputed here from the radial formula. */
static void constants_of_bkw(void **state)
{
  (void)state;
  const int d = 4;
  const double c = 0.32, s = 1.0 - c;
  lmx_initial *initial = bkw(d, c);
  lmx_tail_constants found = constants_of(initial);
  double alpha = (2.0 - (d + 2) * c) / (2.0 * s), beta = c / (2.0 * s * s);
  double gradient = 0.0, hessian = 0.0, relative = 0.0, C0 = 0.0;
  for (double r = 0.0; r < 4000.0; r += r < 6.0 ? 1e-5 : 1e-2 * r) {
    double t = beta / (alpha + beta * r * r), across = 2.0 * t - 1.0 / s;
    double along = 2.0 * t - 1.0 / s - 4.0 * r * r * t * t;
    double q = r * across, K = along + q * q;
    double g = log(alpha + beta * r * r) - 0.5 * r * r / s -
               0.5 * d * log(2.0 * M_PI * s);
    gradient = fmax(gradient, fabs(q) / (1.0 + r));
    hessian = fmax(hessian,
                   sqrt(along * along + 3.0 * across * across) / (1.0 + r * r));
    relative =
        fmax(relative, sqrt(K * K + 3.0 * across * across) / (1.0 + r * r));
    C0 = fmax(C0, lmx_smallest_C0(r * r, g));
  }
  assert_encloses(&found.gradient, gradient, 1e-3, 1e-6);
  assert_encloses(&found.hessian, hessian, 1e-6, 1e-6);
  assert_encloses(&found.relative, relative, 1e-6, 1e-6);
  assert_encloses(&found.C0, C0, 1e-3, 1e-6);
  ASSERT_NEAR(found.relative.high, 20.588, 5e-4);
  lmx_initial_destroy(&initial);
}

/* BKW with c = 0 is the Maxwellian. */
static void bkw_without_deviation(void **state)
{
  (void)state;
  lmx_initial *initial = bkw(3, 0.0);
  lmx_tail_constants c = constants_of(initial);
  assert_true(c.closed);
  ASSERT_NEAR(c.C0.high, 2.0, 1e-12);
  ASSERT_NEAR(c.hessian.high, sqrt(3.0), 1e-12);
  lmx_initial_destroy(&initial);
}

/* --- searches ------------------------------------------------------------- */

static void assert_mixture(size_t n, const double *weight,
                           const double (*mean)[3], const double (*variance)[3])
{
  lmx_initial *initial = mixture(2, n, weight, mean, variance);
  lmx_tails *tails = tails_of(initial);
  lmx_tail_constants c = constants_of(initial);
  double C = 1.1 * c.gradient_limit.high;
  lmx_tail_sup bracket;
  ASSERT_OK(ctx, lmx_tails_bracket(ctx, tails, C, &bracket));
  meshed m = mesh(initial, C);
  assert_false(c.closed);
  assert_encloses(&c.C0, m.C0, 2e-3, 1e-3);
  assert_encloses(&c.gradient, m.gradient, 3e-3, 1e-3);
  assert_encloses(&c.hessian, m.hessian, 1e-2, 1e-2);
  assert_encloses(&c.relative, m.relative, 3e-3, 2e-3);
  assert_encloses(&c.log_f, m.log_f, 5e-3, 5e-3);
  assert_encloses(&bracket, m.bracket, 0.15, 0.15);
  /* below the limit superior there is none */
  ASSERT_OK(
      ctx, lmx_tails_bracket(ctx, tails, 0.9 * c.gradient_limit.low, &bracket));
  assert_true(isinf(bracket.low) && bracket.low > 0.0);
  lmx_tails_destroy(&tails);
  lmx_initial_destroy(&initial);
}

static void mixtures_are_enclosed(void **state)
{
  (void)state;
  const double w1[] = {0.4, 0.6}, w2[] = {1.0, 1.0}, w3[] = {1.0, 0.5, 0.2};
  const double m1[][3] = {{0.8, 0.3}, {-0.5, 0.0}};
  const double S1[][3] = {{0.6, 0.6}, {0.7, 0.5}};
  const double m2[][3] = {{1.0, 0.0}, {-1.0, 0.0}};
  const double S2[][3] = {{0.3, 0.8}, {0.3, 0.8}};
  const double m3[][3] = {{0.4, -0.2}, {-0.7, 0.1}, {0.0, 1.2}};
  const double S3[][3] = {{0.9, 0.3}, {0.3, 0.9}, {0.5, 0.5}};
  assert_mixture(2, w1, m1, S1);
  assert_mixture(2, w2, m2, S2);
  assert_mixture(3, w3, m3, S3);
}

/* A cold component that falls off faster than the other in every direction
 * has no part in the limits. */
static void limits_are_those_of_what_is_left(void **state)
{
  (void)state;
  lmx_initial_spec spec = {.d = 3,
                           .kind = LMX_INITIAL_RADIAL_MIXTURE,
                           .normalise = true,
                           .nradial = 2,
                           .weights = (const double[]){0.5, 0.5},
                           .variances = (const double[]){0.4, 1.6}};
  lmx_initial *initial = make(&spec);
  lmx_tails *tails = tails_of(initial);
  lmx_tail_constants c = constants_of(initial);
  ASSERT_NEAR(c.gradient_limit.low, 2.0 / 1.6, 1e-8);
  ASSERT_NEAR(c.gradient_limit.high, 2.0 / 1.6, 1e-8);
  ASSERT_NEAR(c.hessian_limit.high, 4.0 / 2.56, 1e-8);
  ASSERT_NEAR(c.C0.high, 3.2, 1e-6);
  lmx_tail_sup bracket;
  ASSERT_OK(ctx, lmx_tails_bracket(ctx, tails, 0.01, &bracket));
  assert_true(isinf(bracket.low));
  ASSERT_OK(ctx, lmx_tails_bracket(ctx, tails, 2.5, &bracket));
  assert_true(isfinite(bracket.high));
  lmx_tails_destroy(&tails);
  lmx_initial_destroy(&initial);
}

/* In d = 8 on two axes: of the failures, "grows like |v|^2.03". Its limits are
 * those of the component that is left along each direction. */
static void beams_in_eight_dimensions(void **state)
{
  (void)state;
  enum { D = 8 };
  double mean[2][D] = {{0}}, S[2][D * D] = {{0}};
  const double variances[2][2] = {{0.8, 0.5}, {0.9, 0.7}};
  for (int k = 0; k < 2; ++k) {
    mean[k][D - 1] = k == 0 ? 2.0 : -1.0;
    for (int a = 0; a < D; ++a)
      S[k][a * D + a] = variances[k][a == D - 1];
  }
  const lmx_component components[2] = {{1.0, mean[0], S[0]},
                                       {2.0, mean[1], S[1]}};
  lmx_initial_spec spec = {.d = D,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = 2,
                           .components = components};
  lmx_initial *initial = make(&spec);
  lmx_tail_constants c = constants_of(initial);
  assert_true(isfinite(c.gradient.high));
  /* the second is hotter in every direction: coldest along the beams */
  double scale = lmx_initial_map(initial)->scale;
  double cold = scale * scale / 0.7;
  ASSERT_NEAR(c.gradient_limit.high, 2.0 * cold, 1e-3 * cold);
  ASSERT_AT_LEAST(c.gradient.high, cold);
  lmx_initial_destroy(&initial);
}

/* Every allocation fails once; what was made is released. */
static void memory_that_runs_out(void **state)
{
  (void)state;
  lmx_initial *initial = bkw(3, 0.2);
  lmx_status status = LMX_ERR_MEMORY;
  long n = 0;
  while (status != LMX_OK) {
    lmx_tails *tails = NULL;
    lmx_tail_sup bracket;
    lmx_alloc_fail_after(++n);
    status = lmx_tails_create(ctx, initial, &tails);
    if (status == LMX_OK)
      status = lmx_tails_bracket(ctx, tails, 3.0, &bracket);
    lmx_alloc_fail_after(0);
    assert_true(status == LMX_OK || status == LMX_ERR_MEMORY);
    lmx_tails_destroy(&tails);
  }
  ASSERT_AT_LEAST((double)n, 4.0); /* tails, scratch, heap .. */
  lmx_initial_destroy(&initial);
}

static void other_kinds_have_no_structure(void **state)
{
  (void)state;
  lmx_initial *initial = make_formula(2, "-r^2");
  lmx_tails *tails = NULL;
  ASSERT_OK(ctx, lmx_tails_create(ctx, initial, &tails));
  assert_null(tails);
  lmx_initial_destroy(&initial);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gaussians_have_closed_formulas),
      cmocka_unit_test(constants_of_bkw),
      cmocka_unit_test(bkw_without_deviation),
      cmocka_unit_test(mixtures_are_enclosed),
      cmocka_unit_test(limits_are_those_of_what_is_left),
      cmocka_unit_test(beams_in_eight_dimensions),
      cmocka_unit_test(memory_that_runs_out),
      cmocka_unit_test(other_kinds_have_no_structure),
  };
  return RUN_WITH_CONTEXT(tests);
}
