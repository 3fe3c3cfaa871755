/* Particle systems against exact moments and closed formulas, and the weak
 * orders of the schemes. The seeds are fixed, so nothing here is left to
 * chance; the tolerances are standard errors. */
#include "particle_support.h"

static lmx_context *context;

/* All estimators against the hierarchy; 4 standard errors and the allowance
 * for the time step. */
static void compare_with_hierarchy(int d, double first, lmx_cloud_spec spec,
                                   double h, double t, double allowance)
{
  lmx_initial *initial = gaussian(context, d, first);
  lmx_moment_data data;
  lmx_hierarchy *hierarchy;
  lmx_hierarchy_values exact;
  double N = (double)spec.particles;
  size_t n = lmx_seen_count(d), R = spec.replicas;
  ASSERT_OK(context, lmx_moment_data_create(context, initial, NULL, &data));
  ASSERT_OK(context, lmx_hierarchy_create(context, &data, N, t, &hierarchy));
  lmx_hierarchy_at(hierarchy, t, &exact);
  double *seen = observed(context, initial, &spec, h, t);
  average lln = average_of(R, n, seen, LMX_SEEN_LLN);
  average energy = average_of(R, n, seen, LMX_SEEN_ENERGY);
  average drift = average_of(R, n, seen, LMX_SEEN_DRIFT);
  average fourth = average_of(R, n, seen, LMX_SEEN_M4);
  ASSERT_NEAR(N * lln.mean, exact.lln,
              4.0 * N * lln.error + allowance * exact.lln);
  ASSERT_NEAR(energy.mean, d, 4.0 * energy.error);
  ASSERT_NEAR(N * drift.mean, exact.momentum,
              4.0 * N * drift.error + allowance * exact.momentum);
  ASSERT_NEAR(fourth.mean, exact.M4, 4.0 * fourth.error + allowance * exact.M4);
  for (int a = 0; a < d; ++a) {
    average T = average_of(R, n, seen, LMX_SEEN_MOMENTUM + (size_t)(d + a));
    ASSERT_NEAR(T.mean, exact.temperature[a], 4.0 * T.error + allowance);
  }
  free(seen);
  lmx_hierarchy_destroy(&hierarchy);
  lmx_initial_destroy(&initial);
}

static void moments_are_exact_at_small_N(void **state)
{
  (void)state;
  lmx_cloud_spec spec = {.particles = 10, .replicas = 20000, .seed = 1};
  compare_with_hierarchy(2, 1.6, spec, 0.01, 0.3, 0.0);
  spec.particles = 20;
  spec.replicas = 5000;
  compare_with_hierarchy(3, 1.6, spec, 0.01, 0.2, 0.0);
  spec.particles = 1;
  compare_with_hierarchy(2, 1.6, spec, 0.1, 0.3, 0.0);
}

static void moments_are_exact_at_large_N(void **state)
{
  (void)state;
  lmx_cloud_spec spec = {.particles = 3000, .replicas = 200, .seed = 2};
  compare_with_hierarchy(2, 1.6, spec, 0.01, 0.3, 0.0);
  spec.particles = 500;
  compare_with_hierarchy(10, 2.0, spec, 0.005, 0.05, 0.0);
}

/* From N = 2 to the two sides of LMX_SWEEP, where the step changes. */
static void two_to_seventeen_particles(void **state)
{
  (void)state;
  lmx_cloud_spec spec = {.particles = 2, .replicas = 100000, .seed = 3};
  compare_with_hierarchy(2, 1.6, spec, 0.02, 0.2, 0.0);
  spec.particles = 3;
  compare_with_hierarchy(3, 1.6, spec, 0.02, 0.2, 0.0);
  spec.replicas = 20000;
  for (spec.particles = 16; spec.particles <= 17; ++spec.particles)
    compare_with_hierarchy(3, 1.6, spec, 0.02, 0.2, 0.0);
  spec.particles = 7; /* sums of up to 55 second moments */
  spec.replicas = 4001;
  compare_with_hierarchy(10, 2.0, spec, 0.005, 0.05, 0.0);
}

/* --- order -----------------------------------------------------------------
 */

/* Second moments of the splitting for N = infinity, d = 3, worked out by
 * hand: each part acts linearly on T. Returns T_11. */
static double recursion(int d, double first, double h, int steps)
{
  double T[10], before[10], middle[10];
  double turn = exp(-2.0 * d * h), decay = exp(-2.0 * (d - 1) * h);
  for (int a = 0; a < d; ++a)
    T[a] = a == 0 ? first : (d - first) / (d - 1);
  for (int k = 0; k < steps; ++k) {
    double trace = 0.0;
    for (int a = 0; a < d; ++a)
      middle[a] = k == 0 ? T[a] + 2.0 * h * (d - d * T[a])
                         : 1.5 * T[a] - 0.5 * before[a];
    for (int a = 0; a < d; ++a) {
      before[a] = T[a];
      trace += middle[a];
    }
    for (int part = 0; part < 2; ++part) {
      double all = 0.0;
      for (int a = 0; a < d; ++a)
        all += T[a];
      for (int a = 0; a < d; ++a)
        T[a] =
            (part == 0) == (k % 2 == 0)
                ? turn * T[a] + (1.0 - turn) * all / d
                : decay * T[a] + (1.0 - decay) / (d - 1) * (trace - middle[a]);
    }
  }
  return T[0];
}

static void splitting_has_order_two(void **state)
{
  (void)state;
  const double t = 0.2, first = 1.6, exact = 1.0 + 0.6 * exp(-12.0 * t);
  double error[4];
  for (int k = 0; k < 4; ++k)
    error[k] = fabs(recursion(3, first, 0.05 / (1 << k), 4 << k) - exact);
  for (int k = 1; k < 4; ++k) {
    double order = log2(error[k - 1] / error[k]);
    ASSERT_NEAR(order, 2.0, 0.3);
  }
  /* The simulation does what the recursion says, where it is far from exact:
   * its error 0.016 is 20 standard errors. */
  lmx_initial *initial = gaussian(context, 3, first);
  const lmx_cloud_spec spec = {.particles = 2000, .replicas = 2000, .seed = 4};
  double *seen = observed(context, initial, &spec, 0.1, t);
  average T =
      average_of(spec.replicas, lmx_seen_count(3), seen, LMX_SEEN_MOMENTUM + 3);
  double finite = 2.0 / (double)spec.particles; /* Psi_a - E_a is O(1/N) */
  ASSERT_NEAR(T.mean, recursion(3, first, 0.1, 2), 4.0 * T.error + finite);
  assert_true(fabs(T.mean - exact) > 10.0 * T.error);
  free(seen);
  lmx_initial_destroy(&initial);
}

/* N E X at N = 10 with long steps: a scheme that froze m and C at the start of
 * the step would be off by a first order term even where E(t) is exact. */
static void fluctuations_are_of_second_order_too(void **state)
{
  (void)state;
  lmx_initial *initial = gaussian(context, 3, 1.0);
  lmx_moment_data data;
  lmx_hierarchy *hierarchy;
  lmx_hierarchy_values exact;
  ASSERT_OK(context, lmx_moment_data_create(context, initial, NULL, &data));
  ASSERT_OK(context,
            lmx_hierarchy_create(context, &data, 30.0, 0.4, &hierarchy));
  lmx_hierarchy_at(hierarchy, 0.4, &exact);
  const lmx_cloud_spec spec = {.particles = 30, .replicas = 20000, .seed = 5};
  double bias[2], error[2];
  for (int k = 0; k < 2; ++k) {
    double *seen = observed(context, initial, &spec, 0.04 / (1 << k), 0.4);
    average X =
        average_of(spec.replicas, lmx_seen_count(3), seen, LMX_SEEN_LLN);
    bias[k] = fabs(30.0 * X.mean - exact.lln) / exact.lln;
    error[k] = 30.0 * X.error / exact.lln;
    free(seen);
  }
  ASSERT_AT_MOST(bias[0], 10.0 * 0.04 * 0.04 + 4.0 * error[0]);
  ASSERT_AT_MOST(bias[1], 10.0 * 0.02 * 0.02 + 4.0 * error[1]);
  lmx_hierarchy_destroy(&hierarchy);
  lmx_initial_destroy(&initial);
}

static void euler_has_order_one(void **state)
{
  (void)state;
  lmx_initial *initial = gaussian(context, 3, 1.6);
  const lmx_cloud_spec spec = {.scheme = LMX_SCHEME_EULER,
                               .particles = 500,
                               .replicas = 2000,
                               .seed = 6};
  double error[3];
  for (int k = 0; k < 3; ++k) {
    double *seen = observed(context, initial, &spec, 0.04 / (1 << k), 0.2);
    average E =
        average_of(spec.replicas, lmx_seen_count(3), seen, LMX_SEEN_ENERGY);
    error[k] = E.mean - 3.0;
    assert_true(error[k] > 20.0 * E.error);
    free(seen);
  }
  ASSERT_NEAR(log2(error[0] / error[1]), 1.0, 0.25);
  ASSERT_NEAR(log2(error[1] / error[2]), 1.0, 0.25);
  lmx_initial_destroy(&initial);
}

/* --- Remark 1.5 --------------------------------------------------------------
 */

/* The anisotropy of C decays like exp(-4 d t) for every N: with x = v^i - v^j
 * the generator of a pair gives x x^T -> (8/N) (|x|^2 I - d x x^T). At N = 2
 * the two particles move on a circle. */
static void kac_relaxes(size_t N, size_t R)
{
  const double t = 0.1;
  lmx_initial *initial = gaussian(context, 2, 1.6);
  const lmx_cloud_spec spec = {
      .system = LMX_SYSTEM_KAC, .particles = N, .replicas = R, .seed = 7};
  size_t n = lmx_seen_count(2);
  double *seen = observed(context, initial, &spec, 0.01, t);
  for (size_t r = 0; r < R; ++r) { /* C_11 - C_22 */
    double *s = seen + r * n + LMX_SEEN_MOMENTUM;
    seen[r * n] = s[2] - s[0] * s[0] - s[3] + s[1] * s[1];
  }
  average D = average_of(R, n, seen, 0);
  double start = (1.0 - 1.0 / (double)N) * 1.2;
  ASSERT_NEAR(D.mean, start * exp(-8.0 * t), 4.0 * D.error);
  assert_true(D.error < 0.05 * start);
  free(seen);
  lmx_initial_destroy(&initial);
}

static void kac_relaxes_at_the_right_rate(void **state)
{
  (void)state;
  kac_relaxes(2, 20000);
  kac_relaxes(9, 6000);
  kac_relaxes(40, 400);
}

/* --- initial data -----------------------------------------------------------
 */

/* BKW: M_4(0) = d (d+2) (1 - c^2), E = I; a mixture: its own moments. */
static void initial_data_is_sampled_exactly(void **state)
{
  (void)state;
  const lmx_initial_spec spec = {
      .d = 3, .kind = LMX_INITIAL_BKW, .normalise = true, .c = 0.35};
  lmx_initial *initial;
  ASSERT_OK(context, lmx_initial_create(context, &spec, &initial));
  const lmx_cloud_spec cloud = {.particles = 1000, .replicas = 200, .seed = 8};
  double *seen = observed(context, initial, &cloud, 0.01, 0.0);
  size_t n = lmx_seen_count(3);
  average fourth = average_of(200, n, seen, LMX_SEEN_M4);
  average sixth = average_of(200, n, seen, LMX_SEEN_M6);
  double s = 0.65, w = 0.5 * 3.0 * 0.35 / s;
  ASSERT_NEAR(fourth.mean, 15.0 * (1.0 - 0.35 * 0.35), 4.0 * fourth.error);
  ASSERT_NEAR(sixth.mean, s * s * s * (105.0 * (1.0 - w) + 315.0 * w),
              4.0 * sixth.error);
  free(seen);
  lmx_initial_destroy(&initial);
}

static void off_centre_mixture_is_sampled(void **state)
{
  (void)state;
  double m1[] = {0.6, 0.3}, m2[] = {-1.2, -0.6};
  double c1[] = {0.8, 0.2, 0.2, 0.5}, c2[] = {0.3, 0.0, 0.0, 0.9};
  const lmx_component parts[] = {{2.0, m1, c1}, {1.0, m2, c2}};
  const lmx_initial_spec spec = {.d = 2,
                                 .kind = LMX_INITIAL_MIXTURE,
                                 .normalise = true,
                                 .ncomponents = 2,
                                 .components = parts};
  lmx_initial *initial;
  lmx_moment_data data;
  ASSERT_OK(context, lmx_initial_create(context, &spec, &initial));
  ASSERT_OK(context, lmx_moment_data_create(context, initial, NULL, &data));
  const lmx_cloud_spec cloud = {.particles = 1000, .replicas = 200, .seed = 9};
  double *seen = observed(context, initial, &cloud, 0.01, 0.0);
  size_t n = lmx_seen_count(2);
  average fourth = average_of(200, n, seen, LMX_SEEN_M4);
  ASSERT_NEAR(fourth.mean, lmx_moment_data_fourth(&data), 4.0 * fourth.error);
  for (size_t a = 0; a < 2; ++a) {
    average p = average_of(200, n, seen, LMX_SEEN_MOMENTUM + a);
    average T = average_of(200, n, seen, LMX_SEEN_MOMENTUM + 2 + a);
    ASSERT_NEAR(p.mean, 0.0, 4.0 * p.error);
    ASSERT_NEAR(T.mean, data.E[a], 4.0 * T.error);
  }
  free(seen);
  lmx_initial_destroy(&initial);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(moments_are_exact_at_small_N),
      cmocka_unit_test(moments_are_exact_at_large_N),
      cmocka_unit_test(two_to_seventeen_particles),
      cmocka_unit_test(splitting_has_order_two),
      cmocka_unit_test(fluctuations_are_of_second_order_too),
      cmocka_unit_test(euler_has_order_one),
      cmocka_unit_test(kac_relaxes_at_the_right_rate),
      cmocka_unit_test(initial_data_is_sampled_exactly),
      cmocka_unit_test(off_centre_mixture_is_sampled),
  };
  if (lmx_context_create(&context) != LMX_OK)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  lmx_context_destroy(&context);
  return failed;
}
