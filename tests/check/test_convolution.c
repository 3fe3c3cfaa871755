/* (3.1): a * f by FFT and by direct summation. */
#include "radial.h"

static const char *const id[1] = {"eq-3.1"};

/* The solution passes; times 1 + 1e-3 every entry is off by that times what
 * it should be, at the place reported and nowhere more. */
static void check_sample(sample *s, const char *how)
{
  lmx_check_results *results = sample_check(s, 1, id);
  assert_verdict(results, "eq-3.1", LMX_HOLDS);
  assert_non_null(strstr(results->items[0].note, how));
  ASSERT_AT_MOST(results->items[0].value, 1e-6);
  lmx_check_results_destroy(&results);

  const double factor = 1e-3;
  for (size_t k = 0; k < s->ntimes; ++k)
    for (size_t i = 0; i < s->grid->size; ++i)
      s->u[k][i] += log1p(factor);
  results = sample_check(s, 1, id);
  const lmx_check_result *r = &results->items[0];
  assert_verdict(results, "eq-3.1", LMX_FAILS);
  double abar[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION], nearest = INFINITY;
  lmx_model_abar(&s->model, r->t, r->v, abar);
  for (int a = 0; a < s->grid->d * s->grid->d; ++a)
    nearest = fmin(nearest, fabs(factor * fabs(abar[a]) - r->value));
  ASSERT_AT_MOST(nearest, 1e-6);
  ASSERT_AT_LEAST(r->value, 1e-3);
  lmx_check_results_destroy(&results);
}

static void on_full_and_mirrored_axes(void **state)
{
  (void)state;
  const double times[2] = {0.0, 0.1}, D[3] = {0.3, -0.1, -0.2};
  const lmx_axis_spec plane[2] = {{LMX_AXIS_FULL, 160, 8.0},
                                  {LMX_AXIS_MIRRORED, 80, 8.0}};
  const lmx_axis_spec space[3] = {{LMX_AXIS_MIRRORED, 16, 7.0},
                                  {LMX_AXIS_FULL, 28, 7.0},
                                  {LMX_AXIS_MIRRORED, 16, 7.0}};
  sample s;
  sample_axisymmetric(&s, 2, 1.3, 2, plane, 2, times, 6.0);
  check_sample(&s, "every 3. node");
  sample_close(&s);
  sample_open(&s, 3, D, 3, space, 1, times, 5.0);
  sample_fill(&s, gaussian_log_density);
  check_sample(&s, "FFT");
  sample_close(&s);
}

/* Narrow data is not thinned. */
static void narrow_data_keeps_every_node(void **state)
{
  (void)state;
  const double times[1] = {0.0}, D[2] = {0.98, -0.98};
  const lmx_axis_spec plane[2] = {{LMX_AXIS_FULL, 160, 12.0},
                                  {LMX_AXIS_FULL, 200, 3.0}};
  sample s;
  sample_open(&s, 2, D, 2, plane, 1, times, 2.0);
  sample_fill(&s, gaussian_log_density);
  lmx_check_results *results = sample_check(&s, 1, id);
  assert_verdict(results, "eq-3.1", LMX_HOLDS);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

static void on_radial_axes(void **state)
{
  (void)state;
  const double times[2] = {0.0, 0.1}, D[5] = {0};
  const lmx_axis_spec two[2] = {{LMX_AXIS_MIRRORED, 40, 8.0},
                                {LMX_AXIS_RADIAL, 40, 8.0}};
  const lmx_axis_spec full[2] = {{LMX_AXIS_FULL, 80, 8.0},
                                 {LMX_AXIS_RADIAL, 40, 8.0}};
  const lmx_axis_spec one = {LMX_AXIS_RADIAL, 160, 14.0};
  sample s;
  sample_axisymmetric(&s, 3, 1.4, 2, two, 2, times, 6.0);
  check_sample(&s, "direct summation");
  sample_close(&s);
  sample_axisymmetric(&s, 5, 0.7, 2, full, 2, times, 6.0);
  check_sample(&s, "direct summation");
  sample_close(&s);
  sample_open(&s, 5, D, 1, &one, 2, times, 6.0);
  sample_fill(&s, radial_log_density);
  check_sample(&s, "direct summation");
  sample_close(&s);
}

/* Off-centre data of the same temperatures: a * f is that of another centre. */
static double moved(const sample *s, double t, const double *v)
{
  const double w[2] = {v[0] - 0.01, v[1]};
  return gaussian_log_density(s, t, w);
}

static void a_moved_density_is_rejected(void **state)
{
  (void)state;
  const double times[1] = {0.0}, D[2] = {0.2, -0.2};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 64, 8.0},
                                 {LMX_AXIS_FULL, 64, 8.0}};
  sample s;
  sample_open(&s, 2, D, 2, axes, 1, times, 6.0);
  sample_fill(&s, moved);
  lmx_check_results *results = sample_check(&s, 1, id);
  assert_verdict(results, "eq-3.1", LMX_FAILS);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(on_full_and_mirrored_axes),
      cmocka_unit_test(narrow_data_keeps_every_node),
      cmocka_unit_test(on_radial_axes),
      cmocka_unit_test(a_moved_density_is_rejected),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
