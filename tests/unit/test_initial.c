/* Initial data: the families in closed form, normalisation, the affine map. */
#include "initial_support.h"

#include <gsl/gsl_linalg.h>

/* An off-centre, unnormalised mixture of two Gaussians in d = 3. */
static double mean_1[3] = {1.0, -2.0, 0.5}, mean_2[3] = {-1.5, 0.3, 2.0};
static double covariance_1[9] = {1.0, 0.3, 0.1, 0.3, 0.8, -0.2, 0.1, -0.2, 0.5};
static double covariance_2[9] = {0.6, 0.0, 0.2, 0.0, 2.0, 0.1, 0.2, 0.1, 1.1};
static const lmx_component skew[2] = {{0.7, mean_1, covariance_1},
                                      {1.9, mean_2, covariance_2}};

static lmx_initial *make_skew(void)
{
  lmx_initial_spec spec = {.d = 3,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = 2,
                           .components = skew};
  return make(&spec);
}

/* w N(x; m, S) by inverse and determinant of S, in long double. */
static long double direct_gaussian(int d, double w, const double *mean,
                                   const double *S, const double *x)
{
  double copy[64], inverse[64];
  int sign;
  size_t n = (size_t)d;
  memcpy(copy, S, n * n * sizeof *copy);
  gsl_matrix_view lu = gsl_matrix_view_array(copy, n, n);
  gsl_matrix_view inv = gsl_matrix_view_array(inverse, n, n);
  gsl_permutation *p = gsl_permutation_alloc(n);
  gsl_linalg_LU_decomp(&lu.matrix, p, &sign);
  gsl_linalg_LU_invert(&lu.matrix, p, &inv.matrix);
  long double det = gsl_linalg_LU_det(&lu.matrix, sign), q = 0.0L;
  gsl_permutation_free(p);
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      q +=
          (long double)inverse[a * d + b] * (x[a] - mean[a]) * (x[b] - mean[b]);
  return w * expl(-0.5L * q) / sqrtl(powl(2.0L * acosl(-1.0L), d) * det);
}

static double direct_skew(const double *x)
{
  return (double)logl(direct_gaussian(3, 0.7, mean_1, covariance_1, x) +
                      direct_gaussian(3, 1.9, mean_2, covariance_2, x));
}

static void mixture_equals_the_direct_formula(void **state)
{
  (void)state;
  lmx_initial *initial = make_skew();
  unsigned seed = 1;
  for (int i = 0; i < 50; ++i) {
    double x[3];
    for (int a = 0; a < 3; ++a)
      x[a] = 6.0 * spread(&seed);
    double want = direct_skew(x);
    ASSERT_NEAR(user_log_density(initial, x), want, 1e-13 * fabs(want) + 1e-12);
  }
  lmx_initial_destroy(&initial);
  assert_null(initial);
}

static void density_of_1e_300_keeps_its_digits(void **state)
{
  (void)state;
  lmx_initial *initial = make_skew();
  double x[3] = {4.0, 2.1, -1.7}, want = 0.0;
  while (want > -690.0) {
    for (int a = 0; a < 3; ++a)
      x[a] *= 1.001;
    want = direct_skew(x);
  }
  ASSERT_AT_LEAST(want, -695.0);
  ASSERT_NEAR(user_log_density(initial, x) / want, 1.0, 1e-13);
  /* Far below the range of doubles only the logarithm is left. */
  for (int a = 0; a < 3; ++a)
    x[a] *= 100.0;
  ASSERT_NEAR(user_log_density(initial, x) / (1e4 * want), 1.0, 0.05);
  lmx_initial_destroy(&initial);
}

static void radial_mixture_equals_the_direct_formula(void **state)
{
  (void)state;
  const double w[2] = {0.5, 1.0}, th[2] = {0.4, 3.0};
  lmx_initial_spec spec = {.d = 5,
                           .kind = LMX_INITIAL_RADIAL_MIXTURE,
                           .normalise = true,
                           .nradial = 2,
                           .weights = w,
                           .variances = th};
  lmx_initial *initial = make(&spec);
  for (double r = 0.0; r < 9.0; r += 0.7) {
    double x[5] = {0.6 * r, 0.0, -0.8 * r, 0.0, 0.0}, f = 0.0;
    for (int k = 0; k < 2; ++k)
      f += w[k] * pow(2.0 * M_PI * th[k], -2.5) * exp(-r * r / (2.0 * th[k]));
    ASSERT_NEAR(user_log_density(initial, x), log(f), 1e-12);
  }
  const lmx_affine *map = lmx_initial_map(initial);
  ASSERT_NEAR(map->mass, 1.5, 1e-15);
  ASSERT_NEAR(map->scale, sqrt((0.5 * 0.4 + 3.0) / 1.5), 1e-15);
  assert_false(map->identity);
  for (int a = 0; a < 5; ++a)
    ASSERT_NEAR(lmx_initial_model(initial)->D[a], 0.0, 1e-15);
  lmx_initial_destroy(&initial);
}

static void bkw_equals_the_direct_formula(void **state)
{
  (void)state;
  for (int d = 2; d <= 6; ++d) {
    double c = 1.9 / (d + 2), s = 1.0 - c;
    lmx_initial_spec spec = {.d = d, .kind = LMX_INITIAL_BKW, .c = c};
    lmx_initial *initial = make(&spec);
    assert_true(lmx_initial_map(initial)->identity);
    ASSERT_NEAR(lmx_initial_bkw_c(initial), c, 0.0);
    for (double r = 0.0; r < 8.0; r += 0.5) {
      double v[6] = {r / sqrt(2.0), -r / sqrt(2.0)};
      double f =
          pow(2.0 * M_PI * s, -0.5 * d) * exp(-r * r / (2.0 * s)) *
          (((d + 2) * s - d) / (2.0 * s) + (1.0 - s) * r * r / (2.0 * s * s));
      ASSERT_NEAR(lmx_initial_log_density(initial, v), log(f), 1e-12);
    }
    lmx_axis_spec axis = {LMX_AXIS_RADIAL, 200, 12.0};
    check_normalised(initial, 1, &axis, 1e-10);
    lmx_initial_destroy(&initial);
  }
}

static void normalised_mixture_has_the_moments_of_1_2(void **state)
{
  (void)state;
  lmx_initial *initial = make_skew();
  const lmx_axis_spec axis = {LMX_AXIS_FULL, 72, 9.0};
  const lmx_axis_spec axes[3] = {axis, axis, axis};
  check_normalised(initial, 3, axes, 1e-10);
  const lmx_affine *map = lmx_initial_map(initial);
  ASSERT_NEAR(map->mass, 2.6, 1e-15);
  for (int a = 0; a < 3; ++a)
    ASSERT_NEAR(map->mean[a], (0.7 * mean_1[a] + 1.9 * mean_2[a]) / 2.6, 1e-15);
  size_t n;
  const lmx_component *components = lmx_initial_components(initial, &n);
  assert_int_equal(n, 2);
  ASSERT_NEAR(components[0].weight, 0.7 / 2.6, 1e-15);
  ASSERT_NEAR(components[0].weight + components[1].weight, 1.0, 1e-15);
  double v[3];
  lmx_affine_to_normalised(map, mean_2, v);
  for (int a = 0; a < 3; ++a)
    ASSERT_NEAR(components[1].mean[a], v[a], 1e-15);
  lmx_initial_destroy(&initial);
}

static void map_round_trips_and_its_rotation_is_proper(void **state)
{
  (void)state;
  lmx_initial *initial = make_skew();
  const lmx_affine *map = lmx_initial_map(initial);
  const double *R = map->rotation;
  double x[3] = {0.3, -4.0, 2.5}, v[3], back[3];
  lmx_affine_to_normalised(map, x, v);
  lmx_affine_to_user(map, v, back);
  for (int a = 0; a < 3; ++a) {
    ASSERT_NEAR(back[a], x[a], 1e-14);
    for (int b = 0; b < 3; ++b) {
      double dot = 0.0;
      for (int k = 0; k < 3; ++k)
        dot += R[a * 3 + k] * R[b * 3 + k];
      ASSERT_NEAR(dot, a == b, 1e-14);
    }
  }
  double det = R[0] * (R[4] * R[8] - R[5] * R[7]) -
               R[1] * (R[3] * R[8] - R[5] * R[6]) +
               R[2] * (R[3] * R[7] - R[4] * R[6]);
  ASSERT_NEAR(det, 1.0, 1e-14);
  const double *D = lmx_initial_model(initial)->D;
  assert_true(D[0] > D[1] && D[1] > D[2]);
  lmx_initial_destroy(&initial);
}

/* Adds `share` times the jet at v by central differences of step h. */
static void add_differences(double (*g)(const void *, const double *),
                            const void *self, const double *v, double h,
                            double share, lmx_jet *jet)
{
  int d = jet->d;
  double w[LMX_MAX_DIMENSION];
  memcpy(w, v, (size_t)d * sizeof *w);
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      double sum = 0.0, first = 0.0;
      for (int i = -1; i <= 1; i += 2)
        for (int j = -1; j <= 1; j += 2) {
          w[a] += i * h;
          w[b] += j * h;
          sum += i * j * g(self, w) / (4.0 * h * h);
          memcpy(w, v, (size_t)d * sizeof *w);
        }
      for (int i = -1; i <= 1; i += 2) {
        w[a] = v[a] + i * h;
        first += i * g(self, w) / (2.0 * h);
        w[a] = v[a];
      }
      jet->q[a] += b == 0 ? share * first : 0.0;
      jet->G[a * d + b] += share * sum;
    }
}

/* The jet at v by differences, extrapolated to fourth order. */
static void difference_jet(double (*g)(const void *, const double *),
                           const void *self, const double *v, lmx_jet *jet)
{
  size_t d = (size_t)jet->d;
  memcpy(jet->v, v, d * sizeof *v);
  jet->g = g(self, v);
  memset(jet->q, 0, d * sizeof *jet->q);
  memset(jet->G, 0, d * d * sizeof *jet->G);
  add_differences(g, self, v, 1e-3, 4.0 / 3.0, jet);
  add_differences(g, self, v, 2e-3, -1.0 / 3.0, jet);
}

static double normalised_g(const void *self, const double *v)
{
  return lmx_initial_log_density(self, v);
}

static double skew_g(const void *self, const double *x)
{
  (void)self;
  return direct_skew(x);
}

static void jets_reach_the_users_coordinates(void **state)
{
  (void)state;
  lmx_initial *initial = make_skew();
  const lmx_affine *map = lmx_initial_map(initial);
  lmx_jet *jet, *want;
  ASSERT_OK(ctx, lmx_jet_create(ctx, 3, &jet));
  ASSERT_OK(ctx, lmx_jet_create(ctx, 3, &want));
  const double x[3] = {0.4, -0.7, 1.1};
  double v[3];
  lmx_affine_to_normalised(map, x, v);
  difference_jet(normalised_g, initial, v, jet);
  lmx_affine_jet_to_user(map, jet);
  difference_jet(skew_g, NULL, x, want);
  ASSERT_NEAR(jet->g, want->g, 1e-13);
  for (int a = 0; a < 3; ++a) {
    ASSERT_NEAR(jet->v[a], x[a], 1e-14);
    ASSERT_NEAR(jet->q[a], want->q[a], 1e-8);
    for (int b = 0; b < 3; ++b)
      ASSERT_NEAR(jet->G[a * 3 + b], want->G[a * 3 + b], 1e-6);
  }
  lmx_jet_destroy(&jet);
  lmx_jet_destroy(&want);
  lmx_initial_destroy(&initial);
}

/* (abar : Hess f + factor f) / f. */
static double operator_over_f(const lmx_jet *jet, const double *abar,
                              double factor)
{
  int d = jet->d;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      factor += abar[a * d + b] * (jet->G[a * d + b] + jet->q[a] * jet->q[b]);
  return factor;
}

/* d_t log f_user = (a * f_user) : Hess f_user / f_user + kappa rho with
 * a(z) = |z|^2 I - z z^T, and this must be rho times the right-hand side of
 * the normalised problem: t = rho t_user. */
static void time_scales_with_the_mass(void **state)
{
  (void)state;
  lmx_initial *initial = make_skew();
  const lmx_affine *map = lmx_initial_map(initial);
  const lmx_model *model = lmx_initial_model(initial);
  const double x[3] = {0.4, -0.7, 1.1}, rho = 2.6;
  double v[3], abar[9], user_abar[9], C[9], z[3], z2 = 0.0, trace = 0.0;
  lmx_jet *jet;
  ASSERT_OK(ctx, lmx_jet_create(ctx, 3, &jet));
  lmx_affine_to_normalised(map, x, v);
  difference_jet(normalised_g, initial, v, jet);
  lmx_model_abar(model, 0.0, v, abar);
  double rate = operator_over_f(jet, abar, model->kappa);
  for (int a = 0; a < 3; ++a) {
    double m_a = (0.7 * mean_1[a] + 1.9 * mean_2[a]) / rho;
    z[a] = x[a] - m_a;
    z2 += z[a] * z[a];
    for (int b = 0; b < 3; ++b) {
      double m_b = (0.7 * mean_1[b] + 1.9 * mean_2[b]) / rho;
      C[a * 3 + b] = (0.7 * (covariance_1[a * 3 + b] + mean_1[a] * mean_1[b]) +
                      1.9 * (covariance_2[a * 3 + b] + mean_2[a] * mean_2[b])) /
                         rho -
                     m_a * m_b;
    }
    trace += C[a * 3 + a];
  }
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b)
      user_abar[a * 3 + b] =
          rho * ((a == b) * (z2 + trace) - z[a] * z[b] - C[a * 3 + b]);
  difference_jet(skew_g, NULL, x, jet);
  double user_rate = operator_over_f(jet, user_abar, 6.0 * rho);
  ASSERT_NEAR(user_rate, rho * rate, 1e-6 * fabs(user_rate));
  lmx_jet_destroy(&jet);
  lmx_initial_destroy(&initial);
}

static void rotated_covariance_gives_its_eigenvalues(void **state)
{
  (void)state;
  const double variance[3] = {0.4, 1.8, 0.8}, t = 0.3, p = 1.1;
  /* Columns of Q: the principal axes. */
  const double Q[9] = {cos(t), -sin(t) * cos(p), sin(t) * sin(p),
                       sin(t), cos(t) * cos(p),  -cos(t) * sin(p),
                       0.0,    sin(p),           cos(p)};
  double S[9], zero[3] = {0.0};
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      S[a * 3 + b] = 0.0;
      for (int k = 0; k < 3; ++k)
        S[a * 3 + b] += Q[a * 3 + k] * variance[k] * Q[b * 3 + k];
    }
  lmx_component component = {1.0, zero, S};
  lmx_initial_spec spec = {.d = 3,
                           .kind = LMX_INITIAL_GAUSSIAN,
                           .normalise = true,
                           .ncomponents = 1,
                           .components = &component};
  lmx_initial *initial = make(&spec);
  const double *D = lmx_initial_model(initial)->D;
  const double *R = lmx_initial_map(initial)->rotation;
  ASSERT_NEAR(D[0], 0.8, 1e-14);
  ASSERT_NEAR(D[1], -0.2, 1e-14);
  ASSERT_NEAR(D[2], -0.6, 1e-14);
  static const int column[3] = {1, 2, 0};
  for (int a = 0; a < 3; ++a) {
    double dot = 0.0;
    for (int b = 0; b < 3; ++b)
      dot += R[a * 3 + b] * Q[b * 3 + column[a]];
    ASSERT_NEAR(fabs(dot), 1.0, 1e-14);
  }
  ASSERT_NEAR(lmx_initial_map(initial)->scale, 1.0, 0.0);
  lmx_initial_destroy(&initial);
}

static void normalised_data_is_left_alone(void **state)
{
  (void)state;
  const double variance[3] = {0.7, 1.8, 0.5};
  lmx_initial *initial = make_gaussian(3, variance);
  assert_true(lmx_initial_map(initial)->identity);
  for (int a = 0; a < 3; ++a)
    ASSERT_NEAR(lmx_initial_model(initial)->D[a], variance[a] - 1.0, 1e-15);
  lmx_initial_destroy(&initial);
}

static void the_radial_group_comes_last(void **state)
{
  (void)state;
  /* The single direction is the third: it must become the first axis. */
  const double variance[4] = {0.8, 0.8, 1.6, 0.8};
  lmx_initial *initial = make_gaussian(4, variance);
  const double *D = lmx_initial_model(initial)->D;
  ASSERT_NEAR(D[0], 0.6, 1e-15);
  for (int a = 1; a < 4; ++a)
    ASSERT_NEAR(D[a], -0.2, 1e-15);
  const lmx_affine *map = lmx_initial_map(initial);
  assert_false(map->identity);
  double x[4] = {0.1, 0.2, 0.3, 0.4}, v[4];
  lmx_affine_to_normalised(map, x, v);
  ASSERT_NEAR(v[0], 0.3, 0.0);
  ASSERT_NEAR(v[1], 0.1, 0.0);
  ASSERT_NEAR(v[2], 0.2, 0.0);
  ASSERT_NEAR(v[3], 0.4, 0.0);
  lmx_initial_destroy(&initial);
}

static void not_normalising_makes_wrong_moments_an_error(void **state)
{
  (void)state;
  double mean[2] = {0.0, 0.0}, S[4] = {1.3, 0.0, 0.0, 0.7};
  lmx_component component = {1.0, mean, S};
  lmx_initial_spec spec = {.d = 2,
                           .kind = LMX_INITIAL_MIXTURE,
                           .ncomponents = 1,
                           .components = &component};
  lmx_initial *initial = make(&spec);
  assert_true(lmx_initial_map(initial)->identity);
  lmx_initial_destroy(&initial);
  const double changes[5] = {1e-9, 1e-9, 1e-9, 1e-9, 1e-9};
  double *changed[5] = {&component.weight, &mean[1], &S[0], &S[3], &S[1]};
  for (int i = 0; i < 5; ++i) {
    double before = *changed[i];
    *changed[i] += changes[i];
    if (i == 4)
      S[2] = S[1];
    assert_int_equal(lmx_initial_create(ctx, &spec, &initial), LMX_ERR_CASE);
    assert_ptr_equal(strstr(lmx_context_message(ctx), "initial.normalise"),
                     lmx_context_message(ctx));
    *changed[i] = before;
  }
  component.weight = 2.0;
  S[2] = 0.0;
  assert_int_equal(lmx_initial_create(ctx, &spec, &initial), LMX_ERR_CASE);
  assert_string_equal(lmx_context_message(ctx),
                      "initial.normalise: data has mass 2, mean 0 (largest "
                      "component), energy 4, must be 1, 0, 2");
}

static void wrong_families_name_the_key(void **state)
{
  (void)state;
  double mean[2] = {0.0, 0.0}, good[4] = {1.0, 0.0, 0.0, 1.0};
  double indefinite[4] = {1.0, 2.0, 2.0, 1.0}, lopsided[4] = {1, 0.1, 0.2, 1};
  double nan_mean[2] = {0.0, NAN};
  lmx_component c[2] = {{1.0, mean, good}, {1.0, mean, good}};
  lmx_initial_spec spec = {.d = 2,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = 2,
                           .components = c};
  c[1].covariance = indefinite;
  expect_error(&spec, "initial.components: component 2: covariance is not pos");
  c[1].covariance = lopsided;
  expect_error(&spec, "initial.components: component 2: covariance is not sym");
  c[1].covariance = good;
  c[1].weight = -1.0;
  expect_error(&spec, "initial.components: component 2: weight is -1, must be");
  c[1].weight = 1e308;
  c[0].weight = 1e308;
  expect_error(&spec, "initial.kind: the mass (inf)");
  c[0].weight = c[1].weight = 1.0;
  c[0].mean = nan_mean;
  expect_error(&spec, "initial.components: component 1: entry 2 of the mean");
  spec.ncomponents = 0;
  expect_error(&spec, "initial.components: 0 given");
  spec.kind = LMX_INITIAL_GAUSSIAN;
  spec.ncomponents = 1;
  c[0].mean = NULL;
  c[0].covariance = indefinite;
  expect_error(&spec, "initial.covariance: covariance is not positive def");
  const double w[2] = {1.0, 0.0}, th[2] = {1.0, NAN};
  spec = (lmx_initial_spec){.d = 3,
                            .kind = LMX_INITIAL_RADIAL_MIXTURE,
                            .nradial = 2,
                            .weights = w,
                            .variances = th};
  expect_error(&spec, "initial.weights: weight 2 is 0, must be > 0");
  spec.weights = th + 0;
  expect_error(&spec, "initial.weights: weight 2 is nan, must be > 0");
  const double ones[2] = {1.0, 1.0};
  spec.weights = ones;
  expect_error(&spec, "initial.variances: variance 2 is nan, must be > 0");
  spec = (lmx_initial_spec){.d = 2, .kind = LMX_INITIAL_BKW, .c = 0.6};
  expect_error(&spec, "initial.c: is 0.6, allowed is 0 <= c < 0.5");
  spec.c = 0.5;
  expect_error(&spec, "initial.c: is 0.5, allowed is 0 <= c < 0.5");
  spec.c = NAN;
  expect_error(&spec, "initial.c: is nan");
  spec.d = 1;
  expect_error(&spec, "dimension: is 1, allowed is 2 to 16");
}

static void every_failing_allocation_is_reported(void **state)
{
  (void)state;
  lmx_initial_spec spec = {.d = 3,
                           .kind = LMX_INITIAL_MIXTURE,
                           .normalise = true,
                           .ncomponents = 2,
                           .components = skew};
  lmx_initial *initial = NULL;
  int failures = 0;
  for (long n = 1; initial == NULL; ++n) {
    lmx_alloc_fail_after(n);
    lmx_status status = lmx_initial_create(ctx, &spec, &initial);
    if (initial == NULL) {
      assert_int_equal(status, LMX_ERR_MEMORY);
      ++failures;
    }
  }
  lmx_alloc_fail_after(0);
  assert_true(failures >= 8);
  lmx_initial_destroy(&initial);
}

static void kinds_have_names(void **state)
{
  (void)state;
  assert_string_equal(lmx_initial_kind_name(LMX_INITIAL_GAUSSIAN), "gaussian");
  assert_string_equal(lmx_initial_kind_name(LMX_INITIAL_RADIAL_MIXTURE),
                      "radial_mixture");
  assert_string_equal(lmx_initial_kind_name(LMX_INITIAL_TABLE), "table");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(mixture_equals_the_direct_formula),
      cmocka_unit_test(density_of_1e_300_keeps_its_digits),
      cmocka_unit_test(radial_mixture_equals_the_direct_formula),
      cmocka_unit_test(bkw_equals_the_direct_formula),
      cmocka_unit_test(normalised_mixture_has_the_moments_of_1_2),
      cmocka_unit_test(map_round_trips_and_its_rotation_is_proper),
      cmocka_unit_test(jets_reach_the_users_coordinates),
      cmocka_unit_test(time_scales_with_the_mass),
      cmocka_unit_test(rotated_covariance_gives_its_eigenvalues),
      cmocka_unit_test(normalised_data_is_left_alone),
      cmocka_unit_test(the_radial_group_comes_last),
      cmocka_unit_test(not_normalising_makes_wrong_moments_an_error),
      cmocka_unit_test(wrong_families_name_the_key),
      cmocka_unit_test(every_failing_allocation_is_reported),
      cmocka_unit_test(kinds_have_names),
  };
  return RUN_WITH_CONTEXT(tests);
}
