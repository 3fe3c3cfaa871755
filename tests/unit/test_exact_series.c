/* The exact series of Gaussian mixtures (docs/math.md section 2.1): printed
 * values, balls against ten times the precision, the other exact solutions,
 * the equation itself, and what it refuses. */
#include "context.h"
#include "exact_support.h"

#include "exact/series.h"

/* A mixture on the stack; S row-major. */
typedef struct mixture {
  int d;
  size_t n;
  double w[3], m[3][5], S[3][25];
  lmx_component components[3];
} mixture;

static lmx_initial *initial_of(mixture *data)
{
  lmx_initial *initial = NULL;
  for (size_t k = 0; k < data->n; ++k)
    data->components[k] = (lmx_component){data->w[k], data->m[k], data->S[k]};
  lmx_initial_spec spec = {.d = data->d,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = data->n,
                           .components = data->components};
  ASSERT_OK(ctx, lmx_initial_create(ctx, &spec, &initial));
  return initial;
}

static lmx_series *series_of(mixture *data, lmx_model *model)
{
  lmx_series *series = NULL;
  lmx_initial *initial = initial_of(data);
  if (model != NULL)
    *model = *lmx_initial_model(initial);
  ASSERT_OK(ctx, lmx_series_from_initial(ctx, initial, &series));
  lmx_initial_destroy(&initial);
  return series;
}

static const mixture pair = {.d = 2,
                             .n = 2,
                             .w = {1.0, 0.6},
                             .m = {{0.9, 0.3}, {-0.8, -0.5}},
                             .S = {{0.6, 0.0, 0.0, 0.5}, {0.6, 0.0, 0.0, 0.5}}};

static const mixture three = {
    .d = 2,
    .n = 3,
    .w = {0.5, 0.7, 0.4},
    .m = {{0.8, -0.2}, {-0.5, 0.9}, {0.1, -1.1}},
    .S = {{0.6, 0.1, 0.1, 0.5}, {0.4, -0.1, -0.1, 0.8}, {0.7, 0.0, 0.0, 0.5}}};

/* Round components of one variance: nothing is left of their covariances once
 * the reference Gaussian is taken out. */
static const mixture beams = {
    .d = 2,
    .n = 2,
    .w = {1.0, 2.0},
    .m = {{1.5, 0.3}, {-1.5, 0.0}},
    .S = {{0.5, 0.0, 0.0, 0.5}, {0.5, 0.0, 0.0, 0.5}}};

/* Nearly round, so that the full basis of d = 3 is quick. */
static const mixture solid = {
    .d = 3,
    .n = 2,
    .w = {0.6, 0.4},
    .m = {{0.3, -0.2, 0.1}, {-0.2, 0.3, -0.3}},
    .S = {{0.8, 0.05, 0.0, 0.05, 0.75, 0.03, 0.0, 0.03, 0.85},
          {0.85, 0.0, -0.05, 0.0, 0.8, 0.0, -0.05, 0.0, 0.75}}};

static const mixture round4 = {
    .d = 4,
    .n = 2,
    .w = {0.6, 0.5},
    .m = {{0.7}, {-0.9}},
    .S = {{0.6, 0, 0, 0, 0, 0.7, 0, 0, 0, 0, 0.7, 0, 0, 0, 0, 0.7},
          {0.9, 0, 0, 0, 0, 0.6, 0, 0, 0, 0, 0.6, 0, 0, 0, 0, 0.6}}};

/* E = (1.3, 0.7) at t = 0.1. The values, found by other means, belong to the
 * decimal numbers; data rounded to double moves log f by at most
 * |v|^2 / E^2 times the rounding 2^-53 of E, of D, here less than 2e-14, and
 * the doubles compared carry 2^-53 |log f|. */
static void printed_values(void **state)
{
  (void)state;
  mixture data = {.d = 2, .n = 1, .w = {1.0}, .S = {{1.3, 0.0, 0.0, 0.7}}};
  double points[4] = {3.0, 4.0, 5.5, 5.0}, g[2], q[4], radius[6];
  lmx_series *series = series_of(&data, NULL);
  ASSERT_OK(ctx, lmx_series_eval(ctx, series, 0.1, 2, points, 17.0, g, q, NULL,
                                 radius, NULL));
  ASSERT_NEAR(g[0], -13.9459891026833023, 1e-14);
  ASSERT_NEAR(q[0], -2.24599275389517973, 2e-15);
  ASSERT_NEAR(q[1], -3.87000149653834522, 2e-15);
  ASSERT_NEAR(g[1], -26.4072124266902378, 2e-14);
  /* What a ball can be worth in double: half a unit in the last place. */
  for (int i = 0; i < 2; ++i)
    ASSERT_AT_MOST(radius[3 * i], 1e-16 * (1.0 + fabs(g[i])));
  lmx_series_destroy(&series);
}

/* A pair without symmetry, not normalised, in the coordinates of its user:
 * twelve decimals, found by other means. */
static void printed_values_of_a_pair(void **state)
{
  (void)state;
  const double want[4] = {-1.510410363584, -8.017566845919, -6.856402933192,
                          -16.118386058742};
  const double x[4][2] = {{0, 0}, {3, 2}, {-3, -1}, {4, -3}};
  double points[8], g[4];
  mixture data = pair;
  lmx_initial *initial = initial_of(&data);
  const lmx_affine *map = lmx_initial_map(initial);
  lmx_series *series = NULL;
  ASSERT_OK(ctx, lmx_series_from_initial(ctx, initial, &series));
  for (int i = 0; i < 4; ++i)
    lmx_affine_to_normalised(map, x[i], points + 2 * i);
  ASSERT_OK(ctx, lmx_series_eval(ctx, series, 0.1, 4, points, 13.0, g, NULL,
                                 NULL, NULL, NULL));
  for (int i = 0; i < 4; ++i)
    ASSERT_NEAR(g[i] - 2.0 * log(map->scale) + log(map->mass), want[i],
                0.6e-12);
  lmx_series_destroy(&series);
  lmx_initial_destroy(&initial);
}

/* The balls of 3 digits contain those of 30, with room: they are honest and
 * not the same computation. */
static void check_nested(const mixture *from, double t)
{
  mixture data = *from;
  enum { POINTS = 3 };
  size_t d = (size_t)data.d, stride = 1 + d + d * d, n = POINTS * stride;
  double points[POINTS * 5] = {0};
  lmx_series *series = series_of(&data, NULL);
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus);
  gsl_rng_set(rng, 7);
  for (size_t i = 1; i < POINTS; ++i)
    random_point(rng, data.d, 4.0, points + i * d);
  gsl_rng_free(rng);
  arb_ptr coarse = _arb_vec_init((slong)n), fine = _arb_vec_init((slong)n);
  ASSERT_OK(ctx, lmx_series_enclose(ctx, series, t, POINTS, points, 3.0, coarse,
                                    NULL));
  ASSERT_OK(ctx, lmx_series_enclose(ctx, series, t, POINTS, points, 30.0, fine,
                                    NULL));
  for (size_t i = 0; i < n; ++i) {
    assert_true(arb_contains(&coarse[i], &fine[i]));
    /* 1e-30 (1 + |v|^2), and the quadratic terms of the Hessian. */
    assert_true(mag_cmp_2exp_si(arb_radref(&fine[i]), -90) < 0);
  }
  _arb_vec_clear(coarse, (slong)n);
  _arb_vec_clear(fine, (slong)n);
  lmx_series_destroy(&series);
}

static void balls_contain_finer_balls(void **state)
{
  (void)state;
  check_nested(&three, 0.0);
  check_nested(&pair, 0.25);
  check_nested(&round4, 0.1);
}

static void check_against(const lmx_exact *exact, const lmx_series *series,
                          int d, double t, double radius)
{
  enum { POINTS = 8 };
  double points[POINTS * 5] = {0}, g[POINTS], q[POINTS * 5], G[POINTS * 25];
  double error;
  jet_store store;
  lmx_jet *jet = jet_of(&store, d);
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus);
  gsl_rng_set(rng, 3);
  for (int i = 1; i < POINTS; ++i)
    random_point(rng, d, radius, points + i * d);
  gsl_rng_free(rng);
  ASSERT_OK(ctx, lmx_series_eval(ctx, series, t, POINTS, points, 14.0, g, q, G,
                                 NULL, NULL));
  for (int i = 0; i < POINTS; ++i) {
    memcpy(store.v, points + i * d, (size_t)d * sizeof(double));
    ASSERT_OK(ctx, lmx_exact_eval(ctx, exact, t, jet, &error));
    double r2 = norm2(d, store.v);
    /* Data and weights rounded to double move log f by |v|^2 2^-52 or so;
     * derivatives of the older solutions are good to 1e-11 (exact.h gives an
     * estimate for the value only). */
    ASSERT_NEAR(g[i], jet->g, error + 1e-15 * (1.0 + r2));
    for (int a = 0; a < d; ++a)
      ASSERT_NEAR(q[i * d + a], jet->q[a], 1e-11 * (1.0 + sqrt(r2)));
    for (int a = 0; a < d * d; ++a)
      ASSERT_NEAR(G[i * d * d + a], jet->G[a], 1e-10 * (1.0 + r2));
  }
}

static void agrees_with_rotated_mixtures(void **state)
{
  (void)state;
  triangle tri;
  triangle_init(&tri, 0.8, 0.3);
  double D[2] = {0.0, 0.0};
  lmx_model model;
  lmx_exact *exact = NULL;
  lmx_series *series = NULL;
  ASSERT_OK(ctx, lmx_model_init(ctx, 2, D, &model));
  ASSERT_OK(ctx,
            lmx_exact_rotated_mixture(ctx, TRIANGLE, tri.components, &exact));
  ASSERT_OK(ctx,
            lmx_series_create(ctx, &model, TRIANGLE, tri.components, &series));
  check_against(exact, series, 2, 0.05, 5.0);
  check_against(exact, series, 2, 0.7, 5.0);
  lmx_exact_destroy(&exact);
  lmx_series_destroy(&series);
}

static void agrees_with_hermite_series(void **state)
{
  (void)state;
  for (int d = 3; d <= 5; d += 2)
    for (int axis = 0; axis < 2; ++axis) {
      mixture data = {.d = d, .n = 1, .w = {1.0}};
      double D[5], s1 = 1.4, s2 = (d - s1) / (d - 1.0);
      lmx_model model;
      lmx_exact *exact = NULL;
      lmx_series *series = NULL;
      lmx_component component = {1.0, data.m[0], data.S[0]};
      for (int a = 0; a < d; ++a) {
        data.S[0][a * (d + 1)] = a == axis ? s1 : s2;
        D[a] = data.S[0][a * (d + 1)] - 1.0;
      }
      ASSERT_OK(ctx, lmx_model_init(ctx, d, D, &model));
      ASSERT_OK(ctx, lmx_exact_axisymmetric_at(ctx, d, s1, axis, &exact));
      ASSERT_OK(ctx, lmx_series_create(ctx, &model, 1, &component, &series));
      check_against(exact, series, d, 0.1, 6.0);
      lmx_exact_destroy(&exact);
      lmx_series_destroy(&series);
    }
}

static void agrees_with_radial_mixtures(void **state)
{
  (void)state;
  double D[3] = {0.0, 0.0, 0.0}, w[2] = {0.25, 0.75}, s[2] = {0.4, 1.2};
  for (int d = 2; d <= 3; ++d) {
    mixture data = {.d = d, .n = 2};
    lmx_model model;
    lmx_exact *exact = NULL;
    lmx_series *series = NULL;
    for (int k = 0; k < 2; ++k) {
      data.components[k] = (lmx_component){w[k], data.m[k], data.S[k]};
      for (int a = 0; a < d; ++a)
        data.S[k][a * (d + 1)] = s[k];
    }
    ASSERT_OK(ctx, lmx_model_init(ctx, d, D, &model));
    ASSERT_OK(ctx, lmx_exact_radial_mixture(ctx, d, 2, w, s, &exact));
    ASSERT_OK(ctx, lmx_series_create(ctx, &model, 2, data.components, &series));
    check_against(exact, series, d, 0.1, 6.0);
    check_against(exact, series, d, 0.0, 6.0);
    lmx_exact_destroy(&exact);
    lmx_series_destroy(&series);
  }
}

enum { HALF = 4 };

/* Central first difference of order 8: f' = sum c_k (f_k - f_-k) / h. */
static void difference(arb_t out, arb_srcptr values, double h)
{
  static const long num[HALF] = {4, -1, 4, -1}, den[HALF] = {5, 5, 105, 280};
  arb_t u;
  arb_init(u);
  arb_zero(out);
  for (int k = 1; k <= HALF; ++k) {
    arb_sub(u, &values[HALF + k], &values[HALF - k], 256);
    arb_mul_si(u, u, num[k - 1], 256);
    arb_div_si(u, u, den[k - 1], 256);
    arb_add(out, out, u, 256);
  }
  arb_set_d(u, h);
  arb_div(out, out, u, 256);
  arb_clear(u);
}

/* d_t log f by differences of step h. */
static void time_rate(const lmx_series *series, int d, double t, double h,
                      const double *v, double digits, arb_t rate)
{
  slong stride = 1 + d + d * d;
  arb_ptr ball = _arb_vec_init(stride), g = _arb_vec_init(2 * HALF + 1);
  for (int k = -HALF; k <= HALF; ++k)
    if (k != 0) {
      ASSERT_OK(ctx, lmx_series_enclose(ctx, series, t + k * h, 1, v, digits,
                                        ball, NULL));
      arb_set(&g[HALF + k], &ball[0]);
    }
  difference(rate, g, h);
  _arb_vec_clear(ball, stride);
  _arb_vec_clear(g, 2 * HALF + 1);
}

static double distance(const arb_t x, const arb_t y)
{
  arb_t u;
  arb_init(u);
  arb_sub(u, x, y, 256);
  arb_abs(u, u);
  double value = arf_get_d(arb_midref(u), ARF_RND_NEAR);
  arb_clear(u);
  return value;
}

/* abar : (G + q q^T) + kappa, in balls; abar of E(t) in double would limit
 * the comparison, so E is taken in balls too. */
static void right_side(const lmx_model *model, double t, const double *v,
                       arb_srcptr ball, arb_t sum)
{
  int d = model->d;
  arb_t abar, u, r2;
  arb_init(abar);
  arb_init(u);
  arb_init(r2);
  arb_set_si(sum, (long)d * (d - 1));
  for (int a = 0; a < d; ++a) {
    arb_set_d(u, v[a]);
    arb_addmul(r2, u, u, 256);
  }
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      arb_set_d(abar, -v[a]);
      arb_set_d(u, v[b]);
      arb_mul(abar, abar, u, 256);
      if (a == b) {
        arb_add(abar, abar, r2, 256);
        arb_add_si(abar, abar, d - 1, 256);
        arb_set_d(u, -4.0 * d * t); /* exact: t is dyadic */
        arb_exp(u, u, 256);
        arb_t D;
        arb_init(D);
        arb_set_d(D, model->D[a]);
        arb_submul(abar, u, D, 256);
        arb_clear(D);
      }
      arb_mul(u, &ball[1 + a], &ball[1 + b], 256);
      arb_add(u, u, &ball[1 + d + a * d + b], 256);
      arb_addmul(sum, abar, u, 256);
    }
  arb_clear(abar);
  arb_clear(u);
  arb_clear(r2);
}

/* The difference of order 8 errs by h^8/630 times the ninth derivative in
 * time. With h = 2^-8 the pair at t = 1/16 is off by 2.3e-10, so that this
 * derivative is 2.7e12 there, rates of 24; h = 2^-10 makes it 3.6e-15. The
 * rest is in the balls, which tell it themselves. */
static void check_equation(const mixture *from, double t, const double *v,
                           double digits)
{
  mixture data = *from;
  lmx_model model;
  lmx_series *series = series_of(&data, &model);
  slong stride = 1 + data.d + data.d * data.d;
  arb_ptr ball = _arb_vec_init(stride);
  arb_t rate, want;
  arb_init(rate);
  arb_init(want);
  ASSERT_OK(ctx, lmx_series_enclose(ctx, series, t, 1, v, digits, ball, NULL));
  right_side(&model, t, v, ball, want);
  time_rate(series, data.d, t, 1.0 / 1024.0, v, digits, rate);
  arb_sub(rate, rate, want, 256);
  /* The balls are small enough for the comparison to mean something. */
  assert_true(mag_cmp_2exp_si(arb_radref(rate), -20) < 0);
  mag_t slack;
  mag_init(slack);
  mag_set_d(slack, 1e-14);
  mag_add(arb_radref(rate), arb_radref(rate), slack);
  if (!arb_contains_zero(rate)) {
    arb_printd(rate, 20);
    fail();
  }
  mag_clear(slack);
  arb_clear(rate);
  arb_clear(want);
  _arb_vec_clear(ball, stride);
  lmx_series_destroy(&series);
}

static void solves_the_equation(void **state)
{
  (void)state;
  check_equation(&three, 0.125, (double[]){2.0, -1.5}, 12.0);
  check_equation(&pair, 0.0625, (double[]){-1.0, 3.0}, 12.0);
  check_equation(&beams, 0.125, (double[]){-1.0, 2.0}, 12.0);
  check_equation(&solid, 0.125, (double[]){1.0, -0.5, 1.5}, 9.0);
  check_equation(&round4, 0.125, (double[]){1.0, 0.5, -1.0, 1.5}, 12.0);
}

/* Gradient and Hessian are differences of log f and of the gradient. */
static void check_derivatives(const mixture *from, double t, const double *v,
                              double digits)
{
  mixture data = *from;
  lmx_series *series = series_of(&data, NULL);
  int d = data.d;
  slong stride = 1 + d + d * d;
  const double h = 1.0 / 1024.0;
  double points[(2 * HALF + 1) * 5];
  arb_ptr ball = _arb_vec_init((2 * HALF + 1) * stride);
  arb_ptr along = _arb_vec_init(2 * HALF + 1);
  arb_t rate;
  arb_init(rate);
  for (int axis = 0; axis < d; ++axis) {
    for (int k = 0; k <= 2 * HALF; ++k)
      for (int a = 0; a < d; ++a)
        points[k * d + a] = v[a] + (a == axis ? (k - HALF) * h : 0.0);
    ASSERT_OK(ctx, lmx_series_enclose(ctx, series, t, 2 * HALF + 1, points,
                                      digits, ball, NULL));
    for (int e = 0; e <= d; ++e) {
      for (int k = 0; k <= 2 * HALF; ++k)
        arb_set(&along[k], &ball[k * stride + e]);
      difference(rate, along, h);
      arb_srcptr centre = ball + HALF * stride;
      /* h^8/630 = 1.3e-27 times the ninth derivative, which is below 1e6 for
       * data as smooth as this; the balls divided by h, and the factors 1 +
       * |v| and 1 + |v|^2 of what digits mean, below 10. */
      ASSERT_AT_MOST(distance(rate, e == 0
                                        ? &centre[1 + axis]
                                        : &centre[1 + d + (e - 1) * d + axis]),
                     1e-20 + 10.0 * pow(10.0, -digits) * (1.0 + 2.0 / h));
    }
  }
  arb_clear(rate);
  _arb_vec_clear(ball, (2 * HALF + 1) * stride);
  _arb_vec_clear(along, 2 * HALF + 1);
  lmx_series_destroy(&series);
}

static void derivatives_match_differences(void **state)
{
  (void)state;
  check_derivatives(&three, 0.125, (double[]){2.0, -1.5}, 15.0);
  check_derivatives(&solid, 0.125, (double[]){1.0, -0.5, 1.5}, 9.0);
  check_derivatives(&round4, 0.125, (double[]){1.0, 0.5, -1.0, 1.5}, 20.0);
  check_derivatives(&round4, 0.125, (double[]){1.5, 0.0, 0.0, 0.0}, 20.0);
}

/* Data round about an axis, and the same with an entry of 1e-40 that sends it
 * to the full basis of d = 3. */
static void zonal_and_full_agree(void **state)
{
  (void)state;
  double points[6] = {1.0, -0.5, 2.0, 0.3, 0.0, 0.0};
  arb_ptr zonal = _arb_vec_init(26), full = _arb_vec_init(26);
  double m[2][3] = {{0.0, 0.6, 0.0}, {0.0, -0.6, 0.0}};
  double S[2][9] = {{0.7, 0, 0, 0, 0.8, 0, 0, 0, 0.7},
                    {0.9, 0, 0, 0, 0.6, 0, 0, 0, 0.9}};
  lmx_component components[2] = {{0.5, m[0], S[0]}, {0.5, m[1], S[1]}};
  double D[3] = {-0.05, 0.1, -0.05};
  lmx_model model;
  ASSERT_OK(ctx, lmx_model_init(ctx, 3, D, &model));
  for (int which = 0; which < 2; ++which) {
    lmx_series *series = NULL;
    S[0][5] = S[0][7] = which == 0 ? 0.0 : 1e-40;
    ASSERT_OK(ctx, lmx_series_create(ctx, &model, 2, components, &series));
    ASSERT_OK(ctx, lmx_series_enclose(ctx, series, 0.1, 2, points, 12.0,
                                      which == 0 ? zonal : full, NULL));
    lmx_series_destroy(&series);
  }
  for (int i = 0; i < 26; ++i)
    ASSERT_AT_MOST(distance(&zonal[i], &full[i]), 1e-11);
  _arb_vec_clear(zonal, 26);
  _arb_vec_clear(full, 26);
}

static void refuses(void **state)
{
  (void)state;
  mixture data = pair;
  lmx_model model;
  lmx_series *series = series_of(&data, &model), *none = NULL;
  double v[2] = {1.0, 1.0}, g;
  assert_int_equal(lmx_series_eval(ctx, series, -1.0, 1, v, 10.0, &g, NULL,
                                   NULL, NULL, NULL),
                   LMX_ERR_USAGE);
  assert_int_equal(
      lmx_series_eval(ctx, series, 0.1, 1, v, 1e4, &g, NULL, NULL, NULL, NULL),
      LMX_ERR_USAGE);
  lmx_series_limit(series, 1e3);
  assert_int_equal(
      lmx_series_eval(ctx, series, 0.1, 1, v, 10.0, &g, NULL, NULL, NULL, NULL),
      LMX_ERR_NUMERICS);
  assert_non_null(strstr(lmx_context_message(ctx), "the limit is 1e+03"));
  lmx_series_limit(series, 0.0);
  ASSERT_OK(ctx, lmx_series_eval(ctx, series, 0.1, 1, v, 10.0, &g, NULL, NULL,
                                 NULL, NULL));
  lmx_series_destroy(&series);
  data.components[1].weight = -1.0;
  assert_int_equal(lmx_series_create(ctx, &model, 2, data.components, &none),
                   LMX_ERR_CASE);
  data = round4;
  data.m[0][2] = 0.1;
  lmx_initial *initial = initial_of(&data);
  assert_int_equal(lmx_series_from_initial(ctx, initial, &none), LMX_ERR_CASE);
  assert_null(none);
  lmx_initial_destroy(&initial);
}

/* Every allocation fails once; the sanitizers see what would be lost. */
static void survives_memory(void **state)
{
  (void)state;
  mixture data = pair;
  lmx_initial *initial = initial_of(&data);
  double v[2] = {1.0, 1.0}, g;
  bool done = false;
  for (long n = 1; !done && n < 200; ++n) {
    lmx_series *series = NULL;
    lmx_alloc_fail_after(n);
    lmx_status status = lmx_series_from_initial(ctx, initial, &series);
    if (status == LMX_OK)
      status = lmx_series_eval(ctx, series, 0.1, 1, v, 6.0, &g, NULL, NULL,
                               NULL, NULL);
    lmx_alloc_fail_after(0);
    done = status == LMX_OK;
    assert_true(done || status == LMX_ERR_MEMORY);
    lmx_series_destroy(&series);
  }
  assert_true(done);
  lmx_initial_destroy(&initial);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(printed_values),
      cmocka_unit_test(printed_values_of_a_pair),
      cmocka_unit_test(balls_contain_finer_balls),
      cmocka_unit_test(agrees_with_rotated_mixtures),
      cmocka_unit_test(agrees_with_hermite_series),
      cmocka_unit_test(agrees_with_radial_mixtures),
      cmocka_unit_test(solves_the_equation),
      cmocka_unit_test(derivatives_match_differences),
      cmocka_unit_test(zonal_and_full_agree),
      cmocka_unit_test(refuses),
      cmocka_unit_test(survives_memory),
  };
  return RUN_WITH_CONTEXT(tests);
}
