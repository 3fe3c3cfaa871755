/* Random numbers of the particle systems: known answers, distribution. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <Random123/philox.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_sort.h>

#include "particle/random.h"

static uint32_t word(double u)
{
  return (uint32_t)(u * 0x1p32);
}

/* The published vector for zero counter and key, and the library's own scalar
 * call for others. */
static void uniforms_are_philox(void **state)
{
  (void)state;
  static const uint32_t known[4] = {0x6627e8d5, 0xe169c58d, 0xbc57ac4c,
                                    0x9b00dbd8};
  lmx_stream s = {{0, 0}, 0, 0, 0};
  double u[64];
  lmx_random_uniforms(&s, 4, u);
  for (int k = 0; k < 4; ++k)
    assert_int_equal(word(u[k]), known[k]);
  s = (lmx_stream){{0xa4093822u, 0x299f31d0u}, 0x85a308d3u, 7, 0x03707344u};
  lmx_random_uniforms(&s, 64, u);
  for (uint32_t i = 0; i < 16; ++i) {
    philox4x32_ctr_t c = {{i, s.block, s.step, s.lane}};
    philox4x32_key_t k = {{s.key[0], s.key[1]}};
    philox4x32_ctr_t x = philox4x32(c, k);
    for (uint32_t j = 0; j < 4; ++j)
      assert_int_equal(word(u[16 * j + i]), x.v[j]);
  }
}

/* Small seeds are the key; every bit of a large one matters. */
static void keys_of_seeds(void **state)
{
  (void)state;
  enum { SEEDS = 64 };
  uint32_t keys[SEEDS + 1][2];
  lmx_random_key(7, 9, keys[0]);
  assert_int_equal(keys[0][0], 7);
  assert_int_equal(keys[0][1], 9);
  for (int i = 0; i < SEEDS; ++i)
    lmx_random_key(UINT64_C(1) << i, 9, keys[i]);
  lmx_random_key(UINT64_C(1) << 63, 10, keys[SEEDS]);
  for (int i = 0; i <= SEEDS; ++i)
    for (int j = 0; j < i; ++j)
      assert_memory_not_equal(keys[i], keys[j], sizeof *keys);
}

/* Box and Muller with the system's functions. */
static void normals_are_those_of_the_uniforms(void **state)
{
  (void)state;
  enum { N = 1024 };
  lmx_stream s = {{3, 4}, 5, 6, 7};
  static double u[N], z[N];
  lmx_random_uniforms(&s, N, u);
  lmx_random_normals(&s, N, z);
  for (int i = 0; i < N / 4; ++i)
    for (int half = 0; half < N; half += N / 2) {
      double r = sqrt(-2.0 * log(u[half + i]));
      int32_t rest = (int32_t)(word(u[half + N / 4 + i]) << 2);
      int quarter = (int)(word(u[half + N / 4 + i]) >> 30);
      double angle = M_PI_2 * (quarter + ((double)rest + 2.0) * 0x1p-32);
      ASSERT_NEAR(z[half + i], r * cos(angle), 4e-15);
      ASSERT_NEAR(z[half + N / 4 + i], r * sin(angle), 4e-15);
    }
}

static void streams_differ(void **state)
{
  (void)state;
  const uint32_t key[2] = {1, 2};
  lmx_stream s[5] = {lmx_stream_of(key, LMX_DRAW_STEP, 3, 4, 5),
                     lmx_stream_of(key, LMX_DRAW_INITIAL, 3, 4, 5),
                     lmx_stream_of(key, LMX_DRAW_STEP, 4, 4, 5),
                     lmx_stream_of(key, LMX_DRAW_STEP, 3, 5, 5),
                     lmx_stream_of(key, LMX_DRAW_STEP, 3, 4, 6)};
  double first[5], z[4];
  for (int i = 0; i < 5; ++i) {
    lmx_random_normals(&s[i], 4, z);
    first[i] = z[0];
    for (int j = 0; j < i; ++j)
      assert_true(first[j] != first[i]);
  }
}

enum { SAMPLES = 1 << 20 };

static double *draw(void)
{
  const uint32_t key[2] = {20, 0};
  double *z = malloc(SAMPLES * sizeof *z);
  assert_non_null(z);
  for (size_t b = 0; b < SAMPLES / 1024; ++b) {
    lmx_stream s = lmx_stream_of(key, LMX_DRAW_STEP, 1, 2, (uint32_t)b);
    lmx_random_normals(&s, 1024, z + 1024 * b);
  }
  return z;
}

/* Moments within 4 standard errors: E z^{2k} = (2k-1)!!. */
static void normal_moments(void **state)
{
  (void)state;
  static const double even[] = {1, 1, 3, 15, 105, 945, 10395, 135135, 2027025};
  double *z = draw(), sums[9] = {0.0};
  for (size_t i = 0; i < SAMPLES; ++i) {
    double power = 1.0;
    for (int k = 1; k <= 8; ++k) {
      power *= z[i];
      sums[k] += power / SAMPLES;
    }
  }
  for (int k = 1; k <= 8; ++k) {
    double mean = k % 2 == 0 ? even[k / 2] : 0.0;
    double error = sqrt((even[k] - mean * mean) / SAMPLES);
    ASSERT_NEAR(sums[k], mean, 4.0 * error);
  }
  free(z);
}

/* Kolmogorov-Smirnov; beyond 1.95 / sqrt(n) with probability 0.001. */
static void normal_distribution(void **state)
{
  (void)state;
  double *z = draw(), gap = 0.0;
  gsl_sort(z, 1, SAMPLES);
  for (size_t i = 0; i < SAMPLES; ++i) {
    double p = gsl_cdf_ugaussian_P(z[i]);
    gap =
        fmax(gap, fmax(p - (double)i / SAMPLES, (double)(i + 1) / SAMPLES - p));
  }
  ASSERT_AT_MOST(gap, 1.95 / sqrt(SAMPLES));
  free(z);
}

/* The four numbers of a call, and neighbours, are independent: chi^2 of pairs
 * in 16 x 16 cells of equal probability. */
static void pairs_are_independent(void **state)
{
  (void)state;
  enum { CELLS = 16 };
  static const size_t lags[] = {1, 256, 512, 768};
  double *z = draw();
  for (size_t l = 0; l < sizeof lags / sizeof *lags; ++l) {
    static double count[CELLS][CELLS];
    double chi2 = 0.0, n = 0.0;
    memset(count, 0, sizeof count);
    for (size_t b = 0; b < SAMPLES; b += 1024)
      for (size_t i = 0; i + lags[l] < 1024; i += 2) {
        int x = (int)(CELLS * gsl_cdf_ugaussian_P(z[b + i]));
        int y = (int)(CELLS * gsl_cdf_ugaussian_P(z[b + i + lags[l]]));
        ++count[x][y];
        ++n;
      }
    for (int x = 0; x < CELLS; ++x)
      for (int y = 0; y < CELLS; ++y) {
        double mean = n / (CELLS * CELLS), off = count[x][y] - mean;
        chi2 += off * off / mean;
      }
    double p = gsl_cdf_chisq_Q(chi2, CELLS * CELLS - 1);
    ASSERT_AT_LEAST(fmin(p, 1.0 - p), 5e-4);
  }
  free(z);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(keys_of_seeds),
      cmocka_unit_test(uniforms_are_philox),
      cmocka_unit_test(normals_are_those_of_the_uniforms),
      cmocka_unit_test(streams_differ),
      cmocka_unit_test(normal_moments),
      cmocka_unit_test(normal_distribution),
      cmocka_unit_test(pairs_are_independent),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
