/* Proposition 3.1: the barrier recomputed by differences, and the comparison
 * on every kind of grid. */
#include "solutions.h"

#include "check/prop_3_1.h"

static const char *const id[1] = {"prop-3.1"};

/* log phi of the proof. */
static double log_barrier(int d, double T, double eps, double t,
                          const double *v)
{
  return (d - 1) * t / (4.0 * eps) +
         0.5 * square_norm(d, v) / (4.0 * d * (T + eps - t));
}

/* ((d_t - abar : Hess + 1) phi) / phi by differences. */
static double by_differences(const lmx_model *model, double T, double eps,
                             double t, const double *v0)
{
  int d = model->d;
  double e = 1e-3 * eps, h = 1e-3, v[LMX_MAX_DIMENSION];
  double q[LMX_MAX_DIMENSION], G[LMX_MAX_DIMENSION];
  double abar[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION];
  memcpy(v, v0, (size_t)d * sizeof *v);
  double g = log_barrier(d, T, eps, t, v);
  double value = 1.0 + (log_barrier(d, T, eps, t + e, v) -
                        log_barrier(d, T, eps, t - e, v)) /
                           (2.0 * e);
  for (int a = 0; a < d; ++a) {
    v[a] = v0[a] + h;
    double up = log_barrier(d, T, eps, t, v);
    v[a] = v0[a] - h;
    double down = log_barrier(d, T, eps, t, v);
    v[a] = v0[a];
    q[a] = (up - down) / (2.0 * h);
    G[a] = (up - 2.0 * g + down) / (h * h);
  }
  lmx_model_abar(model, t, v, abar);
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      value -= abar[a * d + b] * (q[a] * q[b] + (a == b ? G[a] : 0.0));
  return value;
}

static double note_number(const lmx_check_result *r, const char *before)
{
  const char *at = strstr(r->note, before);
  double value = 0.0;
  assert_non_null(at);
  assert_int_equal(sscanf(at + strlen(before), "%lf", &value), 1);
  return value;
}

static void check_grid(int d, const double *D, int naxes,
                       const lmx_axis_spec *axes)
{
  const double times[2] = {0.0, 0.05};
  sample s;
  sample_open(&s, d, D, naxes, axes, 2, times, 5.0);
  sample_fill(&s, gaussian_log_density);
  lmx_check_results *results = sample_check(&s, 1, id);
  assert_verdict(results, "prop-3.1", LMX_HOLDS);
  const lmx_check_result *r = &results->items[0];
  ASSERT_NEAR(r->value, 1.0, 1e-6); /* attained at t = T */
  /* the comparison took place, and the difference is that of a positive
   * perturbation */
  double end = fmin(0.05, 0.5 / s.model.kappa);
  ASSERT_NEAR(note_number(r, "] to t = "), end, 1e-3 * end + 1e-12);
  ASSERT_AT_LEAST(note_number(r, "lies in ["), -1e-5);
  assert_non_null(strstr(r->note, "Subsolution h"));
  assert_true(strstr(r->note, "could not") == NULL);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

static void ordered_data_stay_ordered(void **state)
{
  (void)state;
  const double D2[2] = {0.3, -0.3}, D3[3] = {0.4, -0.1, -0.3};
  const double D5[5] = {0.4, -0.1, -0.1, -0.1, -0.1};
  const lmx_axis_spec full[2] = {{LMX_AXIS_FULL, 40, 8.0},
                                 {LMX_AXIS_MIRRORED, 40, 8.0}};
  const lmx_axis_spec space[3] = {{LMX_AXIS_MIRRORED, 12, 7.0},
                                  {LMX_AXIS_MIRRORED, 12, 7.0},
                                  {LMX_AXIS_MIRRORED, 12, 7.0}};
  const lmx_axis_spec radial[2] = {{LMX_AXIS_MIRRORED, 30, 8.0},
                                   {LMX_AXIS_RADIAL, 30, 8.0}};
  check_grid(2, D2, 2, full);
  check_grid(3, D3, 3, space);
  check_grid(5, D5, 2, radial);
}

/* The coarse copy of a grid on a wide box resolves the data all the same. */
static void a_wide_box_is_no_obstacle(void **state)
{
  (void)state;
  const double D1[2] = {0.0, 0.0}, D2[2] = {0.3, -0.3};
  const lmx_axis_spec radial = {LMX_AXIS_RADIAL, 400, 60.0};
  const lmx_axis_spec plane[2] = {{LMX_AXIS_MIRRORED, 160, 30.0},
                                  {LMX_AXIS_MIRRORED, 160, 30.0}};
  check_grid(2, D1, 1, &radial);
  check_grid(2, D2, 2, plane);
}

/* Over random admissible barriers, never below 1. */
static void the_barrier_is_a_supersolution(void **state)
{
  (void)state;
  const double D[3] = {1.7, -0.9, -0.8};
  lmx_context *context;
  lmx_model model;
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  ASSERT_OK(context, lmx_model_init(context, 3, D, &model));
  for (int i = 0; i < 400; ++i) {
    double part = (i % 20 + 0.5) / 20.0, longest = 0.5 / model.kappa;
    double T = part * longest, eps = (0.05 + 0.9 * (i % 7) / 7.0);
    eps *= longest - T;
    double v[3] = {i % 11, 0.5 * (i % 5), 0.1 * (i % 3)};
    double t = T * (i % 13) / 12.0;
    ASSERT_AT_LEAST(by_differences(&model, T, eps, t, v), 1.0 - 1e-4);
  }
  lmx_context_destroy(&context);
}

/* With c_a < 0 the proof's estimate fails. */
static void without_ellipticity_the_barrier_fails(void **state)
{
  (void)state;
  const double D[2] = {0.3, -0.3}, times[2] = {0.0, 0.05};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 40, 8.0},
                                 {LMX_AXIS_FULL, 40, 8.0}};
  sample s;
  sample_open(&s, 2, D, 2, axes, 2, times, 5.0);
  sample_fill(&s, gaussian_log_density);
  s.model.D[0] = 1.5;
  s.model.D[1] = -1.5;
  lmx_check_results *results = sample_check(&s, 1, id);
  const lmx_check_result *r = &results->items[0];
  assert_verdict(results, "prop-3.1", LMX_FAILS);
  /* the witness, by differences */
  double T = note_number(r, "(T = "), eps = note_number(r, "eps = ");
  double scale = fmax(1.0, fabs(r->value));
  ASSERT_NEAR(by_differences(&s.model, T, eps, r->t, r->v) / scale,
              r->value / scale, 0.05);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

/* exp(M |v|^2) and the function below it, on a grid as coarse as that of the
 * check. */
static void open_growing(sample *s, const double *D, double growth,
                         double source, double end, lmx_ordered *o)
{
  const double times[2] = {0.0, 0.1};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 24, 9.0},
                                 {LMX_AXIS_MIRRORED, 24, 9.0}};
  sample_open(s, 2, D, 2, axes, 2, times, 6.0);
  lmx_ordered_growing(s->grid, growth, s->u[0], s->u[1]);
  *o = (lmx_ordered){
      .source = source, .end = end, .rtol = 1e-5, .u1 = s->u[0], .u2 = s->u[1]};
}

static void solve_growing(sample *s, lmx_ordered *o)
{
  ASSERT_OK(s->context,
            lmx_ordered_solve(s->context, &s->model, s->grid, 6.0, o));
}

/* D = 0: exp(M |v|^2) is the Gaussian of theta_0 = -1 / (2 M), math.md (15). */
static void growing_solutions_are_solved_for(void **state)
{
  (void)state;
  const double D[2] = {0.0, 0.0}, growth = 0.125, end = 0.225;
  double theta0 = -0.5 / growth, r;
  double theta = 1.0 + (theta0 - 1.0) * exp(-2.0 * end);
  sample s;
  lmx_ordered o;
  open_growing(&s, D, growth, 0.0, end, &o);
  solve_growing(&s, &o);
  assert_false(o.failed);
  for (size_t i = 0; lmx_check_ball_next(s.grid, 6.0, &i, &r); ++i)
    ASSERT_NEAR(o.u2[i] + lmx_log_maxwellian(2, r * r),
                log(theta0 / theta) - 0.5 * r * r / theta, o.granted);
  sample_close(&s);
}

static const double uneven[2] = {0.6, -0.6};

static void a_subsolution_stays_below_0(void **state)
{
  (void)state;
  sample s;
  lmx_ordered o;
  for (int source = 0; source < 2; ++source) {
    open_growing(&s, uneven, 0.125, source, 0.225, &o);
    double least = INFINITY, r;
    for (size_t i = 0; lmx_check_ball_next(s.grid, 6.0, &i, &r); ++i)
      least = fmin(least, -log1p(-pow(r / (1.0 + r * r), 2)));
    solve_growing(&s, &o);
    assert_true(lmx_ordered_holds(&o));
    ASSERT_AT_MOST(o.least, least * (1.0 + 1e-12)); /* t = 0 is looked at */
    ASSERT_AT_LEAST(o.least, 1e-3);
    ASSERT_AT_LEAST(o.largest, 0.1 + 0.2 * source);
    sample_close(&s);
  }
}

/* A source > 0; data > 0 at a single node, which is gone at the end. */
static void what_is_no_subsolution_is_rejected(void **state)
{
  (void)state;
  sample s;
  lmx_ordered o;
  open_growing(&s, uneven, 0.125, -1.0, 0.225, &o);
  solve_growing(&s, &o);
  assert_false(o.failed);
  assert_false(lmx_ordered_holds(&o));
  ASSERT_AT_MOST(o.least, -0.1);
  sample_close(&s);
  open_growing(&s, uneven, 0.125, 1.0, 0.225, &o);
  s.u[0][3 * 24 + 4] = s.u[1][3 * 24 + 4] + 0.02;
  solve_growing(&s, &o);
  assert_false(o.failed);
  assert_false(lmx_ordered_holds(&o));
  ASSERT_NEAR(o.least, -0.02, 1e-10);
  sample_close(&s);
}

/* M = 2: T + eps < 1 / (8 d M) = 1 / 32 is asked for. The solution ceases to
 * exist where theta = 1 - 5/4 exp(-2t) = 0, t = 0.11 for D = 0. */
static void growth_beyond_the_class_is_rejected(void **state)
{
  (void)state;
  const double D[2] = {0.0, 0.0};
  sample s;
  lmx_ordered o;
  open_growing(&s, D, 2.0, 1.0, 0.2, &o);
  const lmx_barrier barrier = {.T = o.end, .eps = 1e-3, .growth = 2.0};
  assert_false(lmx_barrier_admissible(&s.model, &barrier));
  solve_growing(&s, &o);
  assert_true(o.failed);
  assert_false(lmx_ordered_holds(&o));
  sample_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(ordered_data_stay_ordered),
      cmocka_unit_test(a_wide_box_is_no_obstacle),
      cmocka_unit_test(the_barrier_is_a_supersolution),
      cmocka_unit_test(without_ellipticity_the_barrier_fails),
      cmocka_unit_test(growing_solutions_are_solved_for),
      cmocka_unit_test(a_subsolution_stays_below_0),
      cmocka_unit_test(what_is_no_subsolution_is_rejected),
      cmocka_unit_test(growth_beyond_the_class_is_rejected),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
