/* The integrals behind eq-1.2, eq-3.4, eq-3.5, eq-3.6 and H against
 * lmx_grid_integrate and closed formulas. */
#include "solutions.h"

#include "check/internal.h"

/* A lopsided field without symmetry. */
static double lopsided(const sample *s, double t, const double *v)
{
  (void)t;
  int d = s->grid->d;
  double g = lmx_log_maxwellian(d, square_norm(d, v));
  return g + 0.1 * v[0] + 0.05 * v[0] * v[1] - 0.03 * v[1] * v[1];
}

typedef double integrand_fn(const double *v, double r2, double u);

static double integral(const sample *s, integrand_fn *p)
{
  double v[LMX_MAX_DIMENSION], sum;
  double *field;
  ASSERT_OK(s->context, LMX_NEW_ARRAY(s->context, s->grid->size, &field));
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    double r2 = square_norm(s->grid->d, v), u = s->u[0][i];
    field[i] = exp(u + lmx_log_maxwellian(s->grid->d, r2)) * p(v, r2, u);
  }
  sum = lmx_grid_integrate(s->grid, field);
  lmx_free(field);
  return sum;
}

static double one(const double *v, double r2, double u)
{
  (void)v;
  (void)r2;
  (void)u;
  return 1.0;
}

static double v1(const double *v, double r2, double u)
{
  (void)r2;
  (void)u;
  return v[0];
}

static double v1_v2(const double *v, double r2, double u)
{
  (void)r2;
  (void)u;
  return v[0] * v[1];
}

static double v2_v2(const double *v, double r2, double u)
{
  (void)r2;
  (void)u;
  return v[1] * v[1];
}

static double speed(const double *v, double r2, double u)
{
  (void)v;
  (void)u;
  return r2;
}

static double log_ratio(const double *v, double r2, double u)
{
  (void)v;
  (void)r2;
  return u;
}

static void moments_are_the_integrals_of_the_grid(void **state)
{
  (void)state;
  const double D[5] = {0.0}, times[1] = {0.0};
  const lmx_axis_spec full[2] = {{LMX_AXIS_FULL, 40, 6.0},
                                 {LMX_AXIS_FULL, 44, 7.0}};
  sample s;
  sample_open(&s, 2, D, 2, full, 1, times, 5.0);
  sample_fill(&s, lopsided);
  lmx_check_moments m;
  lmx_check_moments_compute(&s.input, 0, &m);
  ASSERT_NEAR(m.mass, integral(&s, one), 1e-13);
  ASSERT_NEAR(m.momentum[0], integral(&s, v1), 1e-13);
  ASSERT_NEAR(m.second[0][1], integral(&s, v1_v2), 1e-13);
  ASSERT_NEAR(m.second[1][0], m.second[0][1], 0.0);
  ASSERT_NEAR(m.second[1][1], integral(&s, v2_v2), 1e-13);
  ASSERT_NEAR(m.energy, integral(&s, speed), 1e-13);
  ASSERT_NEAR(m.entropy, integral(&s, log_ratio), 1e-13);
  assert_true(fabs(m.momentum[0]) > 1e-2 && fabs(m.second[0][1]) > 1e-2);
  sample_close(&s);
}

/* A radial axis stands for m + 1 directions: E_2 = ... = E_5. */
static void a_radial_axis_shares_its_energy(void **state)
{
  (void)state;
  const double D[5] = {0.4, -0.1, -0.1, -0.1, -0.1}, times[1] = {0.0};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 40, 9.0},
                                 {LMX_AXIS_RADIAL, 40, 9.0}};
  sample s;
  sample_open(&s, 5, D, 2, axes, 1, times, 5.0);
  sample_fill(&s, gaussian_log_density);
  lmx_check_moments m;
  lmx_check_moments_compute(&s.input, 0, &m);
  ASSERT_NEAR(m.mass, 1.0, 1e-7);
  ASSERT_NEAR(m.second[0][0], 1.4, 1e-7);
  ASSERT_NEAR(m.second[1][1], 0.9, 1e-7);
  ASSERT_NEAR(m.energy, 5.0, 1e-6);
  sample_close(&s);
}

/* M beyond the box [-L, L]^2: mass 1 - erf(L / sqrt 2)^2. */
static void what_the_box_misses_is_bounded(void **state)
{
  (void)state;
  const double D[2] = {0.0}, times[1] = {0.0};
  for (int L = 3; L <= 6; ++L) {
    const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 40, L},
                                   {LMX_AXIS_FULL, 80, L}};
    sample s;
    sample_open(&s, 2, D, 2, axes, 1, times, 2.0);
    sample_fill(&s, gaussian_log_density);
    lmx_check_moments m;
    lmx_check_moments_compute(&s.input, 0, &m);
    double inside = erf(L / sqrt(2.0)), missed = 1.0 - inside * inside;
    double missed_energy = 2.0 - m.energy;
    ASSERT_AT_LEAST(m.outer_mass, missed);
    ASSERT_AT_MOST(m.outer_mass, 3.0 * missed);
    ASSERT_AT_LEAST(m.outer_energy, missed_energy);
    ASSERT_AT_MOST(m.outer_energy, 3.0 * missed_energy);
    sample_close(&s);
  }
}

static void nodes_without_log_density(void **state)
{
  (void)state;
  const double D[2] = {0.0}, times[1] = {0.0};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 32, 8.0},
                                 {LMX_AXIS_FULL, 32, 8.0}};
  sample s;
  sample_open(&s, 2, D, 2, axes, 1, times, 5.0);
  sample_fill(&s, gaussian_log_density);
  s.u[0][0] = NAN; /* a corner of the box */
  lmx_check_moments m;
  lmx_check_moments_compute(&s.input, 0, &m);
  assert_true(isnan(m.mass) && isnan(m.entropy));
  s.input.formulation = LMX_FORMULATION_DENSITY;
  lmx_check_moments_compute(&s.input, 0, &m);
  ASSERT_NEAR(m.mass, 1.0, 1e-13);
  sample_close(&s);
}

/* N(0, Sigma), Sigma = (1.3 0.2; 0.2 0.7): the smallest eigenvalue of
 * d I - Sigma is 1 - sqrt(0.13), below eta = 0.7. */
static double correlated(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  const double determinant = 1.3 * 0.7 - 0.04;
  double form = 0.7 * v[0] * v[0] - 0.4 * v[0] * v[1] + 1.3 * v[1] * v[1];
  return -0.5 * form / determinant - log(2.0 * M_PI * sqrt(determinant));
}

static void ellipticity_uses_the_measured_moments(void **state)
{
  (void)state;
  const double D[2] = {0.3, -0.3}, times[1] = {0.0};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 60, 9.0},
                                 {LMX_AXIS_FULL, 60, 9.0}};
  const char *const ids[2] = {"eq-3.5", "eq-3.6"};
  sample s;
  sample_open(&s, 2, D, 2, axes, 1, times, 5.0);
  sample_fill(&s, correlated);
  lmx_check_results *results = sample_check(&s, 2, ids);
  assert_int_equal(results->items[0].status, LMX_FAILS);
  ASSERT_NEAR(results->items[0].value, 1.0 - sqrt(0.13), 1e-9);
  ASSERT_NEAR(results->items[0].bound, 0.7, 1e-14);
  assert_int_equal(results->items[1].status, LMX_FAILS);
  ASSERT_NEAR(results->items[1].value, 0.2, 1e-9);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(moments_are_the_integrals_of_the_grid),
      cmocka_unit_test(a_radial_axis_shares_its_energy),
      cmocka_unit_test(what_the_box_misses_is_bounded),
      cmocka_unit_test(nodes_without_log_density),
      cmocka_unit_test(ellipticity_uses_the_measured_moments),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
