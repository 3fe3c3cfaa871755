/* Weak order of the splitting against the exact moments, from two particles to
 * many. For few particles the second moments of the scheme itself are worked
 * out from the definition of its parts, so that the order is measured without
 * noise, and the simulation is compared with them at steps where they are far
 * from those of a scheme that freezes the coefficients. */
#include "particle_support.h"

#include "particle/cloud.h"

static lmx_context *context;

static lmx_hierarchy_values exact_at(const lmx_initial *initial, size_t N,
                                     double t)
{
  lmx_moment_data data;
  lmx_hierarchy *hierarchy;
  lmx_hierarchy_values values;
  ASSERT_OK(context, lmx_moment_data_create(context, initial, NULL, &data));
  ASSERT_OK(context,
            lmx_hierarchy_create(context, &data, (double)N, t, &hierarchy));
  lmx_hierarchy_at(hierarchy, t, &values);
  lmx_hierarchy_destroy(&hierarchy);
  return values;
}

/* --- second moments of the scheme ------------------------------------------
 */

enum { MOST = 15 };

/* G = E V V^T of all N d components. */
typedef struct second {
  int d, N;
  double G[MOST][MOST];
} second;

/* E (v^k - m')(v^k - m')^T, or with own = 0 E m' m'^T, m' the mean of the
 * others: entry a, b. */
static double centred(const second *s, int k, double own, int a, int b)
{
  double sum = 0.0;
  for (int i = 0; i < s->N; ++i)
    for (int j = 0; j < s->N; ++j) {
      double x = i == k ? own : -1.0 / (s->N - 1);
      double y = j == k ? own : -1.0 / (s->N - 1);
      sum += x * y * s->G[i * s->d + a][j * s->d + b];
    }
  return sum;
}

/* v^k -> m' + decay (v^k - m') on average, and `extra` in its own block. */
static void contract(second *s, int k, double decay, double extra[3][3])
{
  double H[MOST][MOST];
  int d = s->d, n = s->N * d;
  for (int pass = 0; pass < 2; ++pass) { /* from the left, from the right */
    memcpy(H, s->G, sizeof H);
    for (int a = 0; a < d; ++a)
      for (int c = 0; c < n; ++c) {
        double x = 0.0;
        for (int i = 0; i < s->N; ++i) {
          double w = i == k ? decay : (1.0 - decay) / (s->N - 1);
          x += w * (pass == 0 ? H[i * d + a][c] : H[c][i * d + a]);
        }
        *(pass == 0 ? &s->G[k * d + a][c] : &s->G[c][k * d + a]) = x;
      }
  }
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      s->G[k * d + a][k * d + b] += extra[a][b];
}

/* w turns: E w w^T -> r E w w^T + (1 - r) E |w|^2 I / d, r = exp(-2 d tau). */
static void turn(second *s, int k, double tau)
{
  double extra[3][3], trace = 0.0, r = exp(-2.0 * s->d * tau);
  double decay = exp(-(s->d - 1) * tau);
  for (int a = 0; a < s->d; ++a)
    trace += centred(s, k, 1.0, a, a);
  for (int a = 0; a < s->d; ++a)
    for (int b = 0; b < s->d; ++b)
      extra[a][b] = (r - decay * decay) * centred(s, k, 1.0, a, b) +
                    (a == b ? (1.0 - r) * trace / s->d : 0.0);
  contract(s, k, decay, extra);
}

/* Ornstein-Uhlenbeck with the covariance of the others. */
static void diffuse(second *s, int k, double tau)
{
  double C[3][3], trace = 0.0;
  double decay = exp(-(s->d - 1) * tau);
  for (int a = 0; a < s->d; ++a)
    for (int b = 0; b < s->d; ++b) {
      C[a][b] = -centred(s, k, 0.0, a, b);
      for (int i = 0; i < s->N; ++i)
        C[a][b] += i == k ? 0.0 : s->G[i * s->d + a][i * s->d + b] / (s->N - 1);
    }
  for (int a = 0; a < s->d; ++a)
    trace += C[a][a];
  for (int a = 0; a < s->d; ++a)
    for (int b = 0; b < s->d; ++b)
      C[a][b] = ((a == b ? trace : 0.0) - C[a][b]) * (1.0 - decay * decay) /
                (s->d - 1);
  contract(s, k, decay, C);
}

/* N E |p|^2 and the mean of (v_1)^2 after `steps` steps. */
static void scheme(int d, int N, double first, double h, int steps, double *p2,
                   double *T1)
{
  second s = {.d = d, .N = N};
  double tau = h * (N - 1) / N;
  for (int i = 0; i < N; ++i)
    for (int a = 0; a < d; ++a)
      s.G[i * d + a][i * d + a] = a == 0 ? first : (d - first) / (d - 1);
  for (int n = 0; n < steps; ++n)
    for (int j = 0; j < N; ++j) {
      bool forwards = n % 2 == 0;
      int k = forwards ? j : N - 1 - j;
      if (forwards)
        turn(&s, k, tau);
      diffuse(&s, k, tau);
      if (!forwards)
        turn(&s, k, tau);
    }
  *p2 = *T1 = 0.0;
  for (int i = 0; i < N; ++i) {
    *T1 += s.G[i * d][i * d] / N;
    for (int j = 0; j < N; ++j)
      for (int a = 0; a < d; ++a)
        *p2 += s.G[i * d + a][j * d + a] / N;
  }
}

static void order_of_few(int d, int N)
{
  const double t = 0.4, first = 1.6;
  double p2[4], T1[4];
  lmx_initial *initial = gaussian(context, d, first);
  lmx_hierarchy_values exact = exact_at(initial, (size_t)N, t);
  for (int k = 0; k < 4; ++k) {
    scheme(d, N, first, t / (8 << k), 8 << k, &p2[k], &T1[k]);
    p2[k] -= exact.momentum;
    T1[k] -= exact.temperature[0];
  }
  for (int k = 1; k < 4; ++k) {
    if (N == 2)
      ASSERT_NEAR(p2[k], 0.0, 1e-12); /* E|p|^2 is exact for two particles */
    else
      ASSERT_NEAR(log2(p2[k - 1] / p2[k]), 2.0, 0.1);
    ASSERT_NEAR(log2(T1[k - 1] / T1[k]), 2.0, 0.1);
  }
  lmx_initial_destroy(&initial);
}

static void few_particles_have_order_two(void **state)
{
  (void)state;
  for (int d = 2; d <= 3; ++d) {
    order_of_few(d, 2);
    order_of_few(d, 3);
    order_of_few(d, 5);
  }
}

/* --- the simulation ---------------------------------------------------------
 */

/* At h = 0.1, where freezing the coefficients of each step is off by 4 % of
 * N E |p|^2 and 5 % of N E X: the second moments are those of the scheme, and
 * the moments of degree 4 the exact ones up to h^2. */
static void simulate_few(int d, size_t N)
{
  const double t = 0.4, first = 1.8, h = 0.1;
  double p2, T1, n = (double)N;
  lmx_initial *initial = gaussian(context, d, first);
  lmx_hierarchy_values exact = exact_at(initial, N, t);
  const lmx_cloud_spec spec = {.particles = N, .replicas = 100000, .seed = 3};
  size_t count = lmx_seen_count(d), R = spec.replicas;
  double *seen = observed(context, initial, &spec, h, t);
  average X = average_of(R, count, seen, LMX_SEEN_LLN);
  average p = average_of(R, count, seen, LMX_SEEN_DRIFT);
  average M4 = average_of(R, count, seen, LMX_SEEN_M4);
  average T = average_of(R, count, seen, LMX_SEEN_MOMENTUM + (size_t)d);
  scheme(d, (int)N, first, h, 4, &p2, &T1);
  ASSERT_NEAR(n * p.mean, p2, 4.0 * n * p.error);
  ASSERT_NEAR(T.mean, T1, 4.0 * T.error);
  ASSERT_NEAR(n * X.mean, exact.lln, 4.0 * n * X.error + h * h * exact.lln);
  ASSERT_NEAR(M4.mean, exact.M4, 4.0 * M4.error + h * h * exact.M4);
  /* so that freezing would be noticed */
  ASSERT_AT_MOST(4.0 * n * p.error, 0.02 * p2);
  ASSERT_AT_MOST(4.0 * n * X.error, 0.04 * exact.lln);
  free(seen);
  lmx_initial_destroy(&initial);
}

static void few_particles_are_simulated_as_defined(void **state)
{
  (void)state;
  simulate_few(2, 2);
  simulate_few(2, 3);
  simulate_few(3, 2);
  simulate_few(3, 3);
  simulate_few(3, 5);
}

/* Where particles move together (N = 100), and next to where they begin to
 * (N = 17): the bias is divided by four with the step, not by two. */
static void order_of_many(size_t N, size_t R)
{
  const double t = 0.4;
  double bias[2], error[2];
  lmx_initial *initial = gaussian(context, 3, 1.8);
  lmx_hierarchy_values exact = exact_at(initial, N, t);
  const lmx_cloud_spec spec = {.particles = N, .replicas = R, .seed = 4};
  for (int k = 0; k < 2; ++k) {
    double *seen = observed(context, initial, &spec, 0.1 / (1 << k), t);
    average p = average_of(R, lmx_seen_count(3), seen, LMX_SEEN_DRIFT);
    bias[k] = fabs((double)N * p.mean / exact.momentum - 1.0);
    error[k] = p.error / p.mean;
    free(seen);
  }
  assert_true(N > LMX_SWEEP);
  assert_true(bias[0] > 10.0 * error[0]);
  ASSERT_AT_MOST(bias[1], 0.25 * bias[0] + 3.0 * error[1]);
  assert_true(0.5 * bias[0] - 3.0 * error[0] > bias[1]); /* not one */
  lmx_initial_destroy(&initial);
}

static void many_particles_have_order_two(void **state)
{
  (void)state;
  order_of_many(17, 150000);
  order_of_many(100, 30000);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(few_particles_have_order_two),
      cmocka_unit_test(few_particles_are_simulated_as_defined),
      cmocka_unit_test(many_particles_have_order_two),
  };
  if (lmx_context_create(&context) != LMX_OK)
    return 1;
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  lmx_context_destroy(&context);
  return failed;
}
