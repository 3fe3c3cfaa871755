/* The exact moments against closed forms: second moments, (2.5) at t = 0 and
 * for long times, Proposition A.1, N = 1, and against the hierarchy of all
 * monomials of degree 4 for data without symmetry. */
#include "context.h"

#include "moment/data.h"

/* Gaussian data with temperatures E. */
static lmx_moment_data gaussian(int d, const double *E)
{
  lmx_moment_data data = {.d = d};
  for (int a = 0; a < d; ++a) {
    data.E[a] = E[a];
    for (int b = 0; b < d; ++b)
      data.Q[a * d + b] = E[a] * E[b] * (a == b ? 3.0 : 1.0);
  }
  return data;
}

static const double E2[] = {1.6, 0.4}, E3[] = {1.5, 1.1, 0.4};
static const double E10[] = {1.9, 0.1, 1.3, 0.7, 1, 1, 1, 1, 1.2, 0.8};
static const double many[] = {1, 2, 10, 1e3, 1e6, 1e12, INFINITY};
static const double times[] = {0, 1e-6, 0.01, 0.1, 0.5, 3, 100};
enum {
  MANY = sizeof many / sizeof *many,
  TIMES = sizeof times / sizeof *times
};

static void second_moments(const lmx_moment_data *data, double N)
{
  lmx_hierarchy *h;
  int d = data->d;
  double inverse = 1.0 / N;
  ASSERT_OK(ctx, lmx_hierarchy_create(ctx, data, N, 100.0, &h));
  for (int k = 0; k < TIMES; ++k) {
    double t = times[k], relative = 1e-12;
    double c = 4 * (d - inverse);
    lmx_hierarchy_values x;
    double sum = 0.0;
    lmx_hierarchy_at(h, t, &x);
    /* N E |p|^2 = d + d (N-1) (1 - exp(-4 (d-1) t / N)) */
    double p2 = d + 4.0 * d * (d - 1) * t;
    if (N < INFINITY)
      p2 = d - d * (N - 1) * expm1(-4 * (d - 1) * t / N);
    ASSERT_NEAR(x.momentum, p2, relative * p2);
    for (int a = 0; a < d; ++a) {
      double D = data->E[a] - 1, ratio = d * (1 - inverse) / (d - inverse);
      double Psi = 1 + D * (1 + ratio * expm1(-c * t));
      ASSERT_NEAR(x.temperature[a], Psi, relative * Psi);
      sum += x.temperature[a];
      /* N (Psi_a - E_a), its limit and its size */
      double excess = N * (Psi - 1 - D * exp(-4 * d * t));
      if (N == INFINITY)
        excess = D * (-(1.0 / d - 1) * -expm1(-4.0 * d * t) +
                      4 * t * exp(-4.0 * d * t));
      if (N < 1e5 || N == INFINITY)
        ASSERT_NEAR(x.excess[a], excess,
                    relative * (1 + fabs(excess)) +
                        (N < INFINITY ? 4e-15 * N : 0.0));
    }
    ASSERT_NEAR(sum, d, relative * d);
  }
  lmx_hierarchy_destroy(&h);
}

static void second_moments_have_closed_forms(void **state)
{
  (void)state;
  lmx_moment_data a = gaussian(2, E2), b = gaussian(3, E3);
  lmx_moment_data c = gaussian(10, E10);
  for (int k = 0; k < MANY; ++k) {
    second_moments(&a, many[k]);
    second_moments(&b, many[k]);
    second_moments(&c, many[k]);
  }
}

static double lln(const lmx_moment_data *data, double N, double t)
{
  lmx_hierarchy *h;
  lmx_hierarchy_values x;
  ASSERT_OK(ctx, lmx_hierarchy_create(ctx, data, N, 100.0, &h));
  lmx_hierarchy_at(h, t, &x);
  lmx_hierarchy_destroy(&h);
  return x.lln;
}

/* Two numbers found by another program for d = 2, E = (1.6, 0.4), N = 10, and
 * the formula for independent particles. */
static void law_of_large_numbers(void **state)
{
  (void)state;
  lmx_moment_data a = gaussian(2, E2), b = gaussian(3, E3);
  ASSERT_NEAR(lln(&a, 10, 0.0), 19.904, 1e-12);
  ASSERT_NEAR(lln(&a, 10, 0.5), 41.838, 5e-4);
  for (int k = 0; k < MANY; ++k) {
    ASSERT_NEAR(lln(&a, many[k], 0.0), lmx_lln_start(&a, many[k]), 1e-12);
    ASSERT_NEAR(lln(&b, many[k], 0.0), lmx_lln_start(&b, many[k]), 1e-11);
  }
  /* the slope of N LHS for 1 << t << N */
  for (int d = 2; d <= 3; ++d) {
    const lmx_moment_data *x = d == 2 ? &a : &b;
    double slope = (lln(x, INFINITY, 80) - lln(x, INFINITY, 40)) / 40;
    ASSERT_NEAR(slope, lmx_lln_slope(d), 1e-11 * slope);
    slope = (lln(x, 1e12, 80) - lln(x, 1e12, 40)) / 40;
    ASSERT_NEAR(slope, lmx_lln_slope(d), 1e-8 * slope);
  }
}

/* |a*f - a(0)|^2 of one particle that never moves: only f changes. */
static void one_particle_does_not_move(void **state)
{
  (void)state;
  lmx_moment_data a = gaussian(3, E3);
  lmx_hierarchy *h;
  double M4 = lmx_moment_data_fourth(&a);
  ASSERT_OK(ctx, lmx_hierarchy_create(ctx, &a, 1, 10.0, &h));
  for (int k = 0; k < 5; ++k) {
    double t = 0.3 * k;
    lmx_hierarchy_values x;
    lmx_hierarchy_at(h, t, &x);
    ASSERT_NEAR(x.M4, M4, 1e-12 * M4);
    ASSERT_NEAR(x.momentum, 3.0, 1e-12);
    /* abar = (d + |v|^2) I - v v^T - E(t): its mean square by hand */
    double E0[3], trace = 0.0, squares = 0.0, vE = 0.0;
    for (int i = 0; i < 3; ++i) {
      E0[i] = 1 + (a.E[i] - 1) * exp(-12.0 * t);
      trace += E0[i];
      squares += E0[i] * E0[i];
      vE += E0[i] * a.E[i];
    }
    /* |d - E|^2 + 2 (d - E):(|v|^2 - v v^T) + (d-1) |v|^4 */
    double want = 27 - 6 * trace + squares + 2 * (3 * 3 * 3 - 3 * 3) -
                  2 * (3 * trace - vE) + 2 * M4;
    ASSERT_NEAR(x.lln, want, 1e-12 * want);
  }
  lmx_hierarchy_destroy(&h);
}

/* M_4 against its equation for radial limits: for D = 0 and N = INFINITY
 * M_4 relaxes to d (d+2) with rate 4 (d-1); and Proposition A.1 with p = 4. */
static void fourth_moment(void **state)
{
  (void)state;
  for (int d = 2; d <= 4; ++d) {
    lmx_moment_data a = {.d = d};
    double c = 0.3;
    for (int i = 0; i < d; ++i) {
      a.E[i] = 1.0;
      for (int j = 0; j < d; ++j)
        a.Q[i * d + j] = (1 - c * c) * (i == j ? 3 : 1);
    }
    lmx_hierarchy *h;
    ASSERT_OK(ctx, lmx_hierarchy_create(ctx, &a, INFINITY, 10.0, &h));
    for (int k = 0; k < TIMES; ++k) {
      lmx_hierarchy_values x;
      lmx_hierarchy_at(h, times[k], &x);
      double s = c * exp(-2.0 * (d - 1) * times[k]); /* BKW */
      double want = d * (d + 2) * (1 - s * s);
      ASSERT_NEAR(x.M4, want, 2e-13 * want);
    }
    lmx_hierarchy_destroy(&h);
  }
}

/* The ladder's step and number of rungs must not matter. */
static void times_compose(void **state)
{
  (void)state;
  lmx_moment_data a = gaussian(3, E3);
  for (int k = 0; k < MANY; ++k) {
    lmx_hierarchy *few, *much;
    lmx_hierarchy_values x, y;
    ASSERT_OK(ctx, lmx_hierarchy_create(ctx, &a, many[k], 1e-3, &few));
    ASSERT_OK(ctx, lmx_hierarchy_create(ctx, &a, many[k], 1e3, &much));
    lmx_hierarchy_at(few, 0.7531, &x);
    lmx_hierarchy_at(much, 0.7531, &y);
    ASSERT_NEAR(x.lln, y.lln, 2e-13 * y.lln);
    ASSERT_NEAR(x.M4, y.M4, 2e-13 * y.M4);
    lmx_hierarchy_destroy(&few);
    lmx_hierarchy_destroy(&much);
  }
}

/* Two particles have no third central moment: P_000 P_0 - 3 P_00 P_0^2 +
 * 2 P_0^4 = 0, which the linear equation does not know but must keep. */
static void relation_of_two_particles(void **state)
{
  (void)state;
  static const int zeros[4] = {0, 0, 0, 0}, one = 0;
  static const int lengths[3][4] = {{3, 1}, {2, 1, 1}, {1, 1, 1, 1}};
  static const double factor[3] = {1, -3, 2};
  for (int d = 2; d <= 3; ++d) {
    lmx_moment_data data = gaussian(d, d == 2 ? E2 : E3);
    lmx_system *s;
    lmx_ladder *ladder;
    double x[128], work[256], c[64] = {0};
    ASSERT_OK(ctx, lmx_system_create(ctx, d, 4, 1, true, &s));
    ASSERT_OK(ctx, lmx_system_ladder(ctx, s, 0.5, 100, &ladder));
    size_t n = s->basis->n;
    for (int k = 0; k < 3; ++k) {
      lmx_monomial monomial = {0};
      for (int i = 0; i < 4 && lengths[k][i] > 0; ++i) {
        lmx_word word = lmx_word_of(lengths[k][i], zeros);
        lmx_monomial_multiply(&monomial, &word);
      }
      ASSERT_OK(ctx, lmx_system_add(ctx, s, factor[k], &monomial, c));
    }
    lmx_system_functional(s, c);
    for (double t = 0.0; t < 100.0; t = 3.0 * t + 0.1) {
      double sum = 0.0, size = 0.0;
      lmx_system_start(s, lmx_moment_data_word, &data, &one, 0.5, x);
      lmx_ladder_apply(ladder, t, x, work);
      for (size_t i = 0; i < n; ++i) {
        sum += c[i] * (x[i] + 0.5 * x[n + i]);
        size += fabs(c[i] * x[i]) + fabs(c[i] * x[n + i]);
      }
      ASSERT_AT_MOST(fabs(sum), 1e-13 * (1.0 + size));
    }
    lmx_ladder_destroy(&ladder);
    lmx_system_destroy(&s);
  }
}

/* --- all monomials, data without symmetry ------------------------------ */

typedef struct mixture {
  size_t n;
  const lmx_component *components;
  int d;
} mixture;

/* Mean of v^word over N(m, S): the first letter is its mean or is paired with
 * one of the others. */
static double gaussian_word(const lmx_component *g, int d, const lmx_word *word)
{
  if (word->n == 0)
    return 1.0;
  int a = word->axis[0];
  lmx_word rest = lmx_word_without(word, 0);
  double sum = g->mean[a] * gaussian_word(g, d, &rest);
  for (int i = 0; i < rest.n; ++i) {
    lmx_word both = lmx_word_without(&rest, i);
    sum += g->covariance[a * d + rest.axis[i]] * gaussian_word(g, d, &both);
  }
  return sum;
}

static double mixture_word(const void *self, const lmx_word *word)
{
  const mixture *m = self;
  double sum = 0.0;
  for (size_t k = 0; k < m->n; ++k)
    sum +=
        m->components[k].weight * gaussian_word(&m->components[k], m->d, word);
  return sum;
}

/* All monomials of one degree at one time. */
typedef struct everything {
  lmx_system *system;
  double N, x[1024];
} everything;

static void everything_open(everything *e, const mixture *m, int degree,
                            double N, double t)
{
  static const int where[] = {0, 1, 2};
  static double work[2048];
  lmx_ladder *ladder;
  e->N = N;
  ASSERT_OK(ctx, lmx_system_create(ctx, m->d, degree, m->d, false, &e->system));
  assert_true(2 * e->system->basis->n <= 1024);
  ASSERT_OK(ctx, lmx_system_ladder(ctx, e->system, 1 / N, t, &ladder));
  lmx_system_start(e->system, mixture_word, m, where, 1 / N, e->x);
  lmx_ladder_apply(ladder, t, e->x, work);
  lmx_ladder_destroy(&ladder);
}

/* The mean of a product of n power sums. */
static double mean(everything *e, int n, const int *lengths, const int *letters)
{
  double c[512] = {0}, sum = 0.0;
  lmx_monomial monomial = {0};
  for (int k = 0, at = 0; k < n; at += lengths[k++]) {
    lmx_word word = lmx_word_of(lengths[k], letters + at);
    lmx_monomial_multiply(&monomial, &word);
  }
  size_t size = e->system->basis->n;
  ASSERT_OK(ctx, lmx_system_add(ctx, e->system, 1.0, &monomial, c));
  lmx_system_functional(e->system, c);
  for (size_t i = 0; i < size; ++i)
    sum += c[i] * (e->x[i] + e->x[size + i] / e->N);
  return sum;
}

/* Mean of X of (2.5) and of |v^1|^4, from all monomials. */
static void from_everything(const lmx_model *model, everything *two,
                            everything *four, double t, double *X, double *M4)
{
  static const int l4[] = {4}, l22[] = {2, 2}, l211[] = {2, 1, 1};
  static const int l2[] = {2}, l11[] = {1, 1};
  int d = model->d;
  *M4 = 0.0;
  *X = 0.0;
  for (int a = 0; a < d; ++a) {
    double E = lmx_model_temperature(model, a, t);
    int aa[] = {a, a};
    *X += E * E - 2.0 * (E + d * (d - 2)) * mean(two, 1, l2, aa) +
          (4 * d * (d - 2) + 4 * E) * mean(two, 2, l11, aa);
    for (int b = 0; b < d; ++b) {
      int aabb[] = {a, a, b, b}, abab[] = {a, b, a, b};
      *M4 += mean(four, 1, l4, aabb);
      *X += (d - 2) * mean(four, 2, l22, aabb) + mean(four, 2, l22, abab) -
            (4 * d - 10) *
                (mean(four, 3, l211, aabb) - mean(four, 3, l211, abab));
    }
  }
  *X += d * d * (d - 2);
}

static void compare_classes(const lmx_initial *initial, double N, double t)
{
  static everything two, four;
  const lmx_model *model = lmx_initial_model(initial);
  mixture m = {.d = model->d};
  m.components = lmx_initial_components(initial, &m.n);
  lmx_moment_data data;
  lmx_hierarchy *h;
  lmx_hierarchy_values x;
  double X, M4;
  ASSERT_OK(ctx, lmx_moment_data_create(ctx, initial, NULL, &data));
  ASSERT_OK(ctx, lmx_hierarchy_create(ctx, &data, N, t, &h));
  lmx_hierarchy_at(h, t, &x);
  everything_open(&two, &m, 2, N, t);
  everything_open(&four, &m, 4, N, t);
  from_everything(model, &two, &four, t, &X, &M4);
  ASSERT_NEAR(x.M4, M4, 1e-12 * M4);
  ASSERT_NEAR(x.lln, N * X, 1e-12 * N * M4);
  lmx_system_destroy(&two.system);
  lmx_system_destroy(&four.system);
  lmx_hierarchy_destroy(&h);
}

static void data_without_symmetry(void **state)
{
  (void)state;
  double m0[] = {1.0, 0.5, 0.2}, m1[] = {-0.4, 0.3, -0.5};
  double m2[] = {0.1, -0.9, 0.4};
  double S0[] = {0.5, 0.1, 0, 0.1, 0.7, 0.2, 0, 0.2, 0.4};
  double S1[] = {0.3, 0, 0.1, 0, 0.9, 0, 0.1, 0, 0.6};
  double S2[] = {0.3, 0.1, 0.1, 0.5};
  double S3[] = {0.6, -0.2, -0.2, 0.4};
  lmx_component three[] = {{0.5, m0, S0}, {0.3, m1, S1}, {0.2, m2, S0}};
  lmx_component two[] = {{0.5, m0, S2}, {0.3, m1, S3}, {0.2, m2, S2}};
  for (int d = 2; d <= 3; ++d) {
    lmx_initial_spec spec = {.d = d,
                             .kind = LMX_INITIAL_MIXTURE,
                             .normalise = true,
                             .ncomponents = 3,
                             .components = d == 2 ? two : three};
    lmx_initial *initial;
    ASSERT_OK(ctx, lmx_initial_create(ctx, &spec, &initial));
    compare_classes(initial, 7, 0.0);
    compare_classes(initial, 7, 0.2);
    compare_classes(initial, 2, 1.3);
    lmx_initial_destroy(&initial);
  }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(second_moments_have_closed_forms),
      cmocka_unit_test(law_of_large_numbers),
      cmocka_unit_test(one_particle_does_not_move),
      cmocka_unit_test(fourth_moment),
      cmocka_unit_test(times_compose),
      cmocka_unit_test(relation_of_two_particles),
      cmocka_unit_test(data_without_symmetry),
  };
  return RUN_WITH_CONTEXT(tests);
}
