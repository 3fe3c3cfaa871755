/* The values that the checks report, recomputed from closed formulas at the
 * nodes, without jets, moments or shells. */
#include "radial.h"

static const double ball = 6.0;

/* --- sups over the nodes of the ball */

typedef struct sups {
  double gradient, hessian, relative;
} sups;

static sups radial_sups(const sample *s, size_t k)
{
  int d = s->grid->d;
  double t = s->times[k], v[LMX_MAX_DIMENSION];
  sups best = {0};
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    double r = sqrt(square_norm(d, v));
    if (r > s->input.radius)
      continue;
    radial_jet j = radial(d, t, r);
    best.gradient = fmax(best.gradient, gradient_of(j) / (1 + sqrt(t) + r));
    best.hessian = fmax(best.hessian, hessian_of(d, r, j) / (1 + t + r * r));
    best.relative = fmax(best.relative, relative_of(d, r, j) / (1 + t + r * r));
  }
  return best;
}

/* Over the whole ball at t = 0. */
static sups radial_sups_between(int d, double radius)
{
  enum { FINE = 60000 };
  sups best = {0};
  for (int i = 1; i <= FINE; ++i) {
    double r = radius * i / FINE;
    radial_jet j = radial(d, 0.0, r);
    best.gradient = fmax(best.gradient, gradient_of(j) / (1 + r));
    best.hessian = fmax(best.hessian, hessian_of(d, r, j) / (1 + r * r));
    best.relative = fmax(best.relative, relative_of(d, r, j) / (1 + r * r));
  }
  return best;
}

/* Bound of thm-2.3 and least slack of (4.1) over nodes and times. */
static void radial_gradient_bound(const sample *s, radial_constants c,
                                  double *bound, double *slack, double *where)
{
  int d = s->grid->d;
  double v[LMX_MAX_DIMENSION], kappa = d * (d - 1.0);
  *bound = 0.0;
  *slack = INFINITY;
  for (size_t k = 0; k < s->ntimes; ++k)
    for (size_t i = 0; i < s->grid->size; ++i) {
      lmx_grid_point(s->grid, i, v);
      double r = sqrt(square_norm(d, v)), t = s->times[k];
      if (r > s->input.radius)
        continue;
      radial_jet j = radial(d, t, r);
      double right = kappa * c.C * t + c.C1 - c.C * j.g;
      *bound = fmax(*bound, sqrt(fmax(right, 0.0)) / (1 + sqrt(t) + r));
      if (right - j.g1 * j.g1 < *slack) {
        *slack = right - j.g1 * j.g1;
        *where = r;
      }
    }
}

static double radial_hessian_bound(const sample *s, radial_constants c)
{
  int d = s->grid->d;
  double v[LMX_MAX_DIMENSION], kappa = d * (d - 1.0), bound = 0.0;
  double K1 = 2.0, K2 = 4.0; /* over d - 1, the constant of ellipticity */
  for (size_t k = 0; k < s->ntimes; ++k)
    for (size_t i = 0; i < s->grid->size; ++i) {
      lmx_grid_point(s->grid, i, v);
      double r = sqrt(square_norm(d, v)), t = s->times[k];
      if (r > s->input.radius)
        continue;
      double g = radial(d, t, r).g;
      double bracket = g * g -
                       (4 * kappa * t + c.A + K1 / c.C + 2 * c.C1 / c.C) * g +
                       3 * kappa * kappa * t * t + kappa * c.A * t +
                       kappa * K1 * t / c.C + 4 * kappa * c.C1 * t / c.C + c.C2;
      double right = sqrt(fmax(K2 * c.C * bracket, 0.0)) +
                     fmax(kappa * c.C * t + c.C1 - c.C * g, 0.0);
      bound = fmax(bound, right / (1 + t + r * r));
    }
  return bound;
}

static void check_radial(int d, int naxes, const lmx_axis_spec *axes)
{
  const double D[LMX_MAX_DIMENSION] = {0}, times[3] = {0.0, 0.02, 0.1};
  sample s;
  sample_open(&s, d, D, naxes, axes, 3, times, ball);
  sample_fill(&s, radial_log_density);
  lmx_check_results *results = sample_check(&s, 0, NULL);
  for (size_t i = 0; i < results->n; ++i)
    if (results->items[i].status == LMX_FAILS)
      fail_msg("d = %d: %s fails: %s", d, results->items[i].id,
               results->items[i].note);

  sups start = radial_sups(&s, 0), all = start;
  for (size_t k = 1; k < s.ntimes; ++k) {
    sups now = radial_sups(&s, k);
    all.gradient = fmax(all.gradient, now.gradient);
    all.hessian = fmax(all.hessian, now.hessian);
    all.relative = fmax(all.relative, now.relative);
  }
  /* those of the hypotheses are found between nodes, too */
  sups between = radial_sups_between(d, s.input.radius);
  ASSERT_NEAR(result_of(results, "hyp-1.10")->value / between.gradient, 1.0,
              1e-5);
  ASSERT_NEAR(result_of(results, "hyp-1.11")->value / between.hessian, 1.0,
              1e-4);
  ASSERT_NEAR(result_of(results, "thm-2.3")->value / all.gradient, 1.0, 1e-5);
  ASSERT_NEAR(result_of(results, "thm-2.4")->value / all.hessian, 1.0, 1e-4);

  radial_constants c = radial_constants_of(d, s.input.radius, 2.0, 4.0);
  double bound, slack, where;
  radial_gradient_bound(&s, c, &bound, &slack, &where);
  const lmx_check_result *r = result_of(results, "thm-2.3");
  ASSERT_NEAR(r->bound / bound, 1.0, 1e-4);
  ASSERT_NEAR(sqrt(square_norm(d, r->v)), where,
              2.0 * axes[0].half_width / (double)axes[0].points);
  ASSERT_NEAR(result_of(results, "thm-2.4")->bound /
                  radial_hessian_bound(&s, c),
              1.0, 1e-4);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

static void radial_mixture_on_a_full_plane(void **state)
{
  (void)state;
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 136, 6.8},
                                 {LMX_AXIS_FULL, 136, 6.8}};
  check_radial(2, 2, axes);
}

static void radial_mixture_on_mirrored_axes(void **state)
{
  (void)state;
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 68, 6.8},
                                 {LMX_AXIS_MIRRORED, 68, 6.8}};
  check_radial(2, 2, axes);
}

static void radial_mixture_on_a_radial_axis(void **state)
{
  (void)state;
  const lmx_axis_spec axes[1] = {{LMX_AXIS_RADIAL, 80, 8.0}};
  check_radial(3, 1, axes);
  check_radial(5, 1, axes);
}

/* --- twice the grid */

/* What is called a value on the ball is one: not that of some nodes. */
static void values_on_the_ball_do_not_depend_on_its_nodes(void **state)
{
  (void)state;
  const char *const ids[4] = {"hyp-1.9", "hyp-1.10", "hyp-1.11", "thm-2.4"};
  const double D[LMX_MAX_DIMENSION] = {0}, times[2] = {0.0, 0.05};
  double value[2][5];
  for (int fine = 0; fine < 2; ++fine) {
    const lmx_axis_spec axis = {LMX_AXIS_RADIAL, fine ? 320 : 160, 8.0};
    sample s;
    sample_open(&s, 3, D, 1, &axis, 2, times, ball);
    sample_fill(&s, radial_log_density);
    lmx_check_results *results = sample_check(&s, 4, ids);
    const lmx_table *table = table_named(results, "growth_sup");
    for (int i = 0; i < 3; ++i)
      value[fine][i] = results->items[i].value;
    for (int k = 0; k < 2; ++k)
      value[fine][3 + k] = table->data[5 * k + 4];
    lmx_check_results_destroy(&results);
    sample_close(&s);
  }
  for (int i = 0; i < 5; ++i)
    ASSERT_NEAR(value[1][i] / value[0][i], 1.0, 1e-6);
  ASSERT_NEAR(value[1][1], radial_sups_between(3, ball).gradient, 1e-6);
}

/* --- the anisotropic Gaussian: sups, temperatures and entropy */

/* For N(0, diag E): |q|^2 = sum v_a^2 / E_a^2, G = -diag(1 / E_a). */
static void gaussian_ratios_are_those_of_the_formula(void **state)
{
  (void)state;
  const double D[3] = {0.8, -0.2, -0.6}, times[1] = {0.0};
  const lmx_axis_spec axes[3] = {{LMX_AXIS_MIRRORED, 28, 9.0},
                                 {LMX_AXIS_FULL, 52, 9.0},
                                 {LMX_AXIS_MIRRORED, 28, 9.0}};
  sample s;
  sample_open(&s, 3, D, 3, axes, 1, times, 6.0);
  sample_fill(&s, gaussian_log_density);
  double v[3], gradient = 0.0;
  for (size_t i = 0; i < s.grid->size; ++i) {
    lmx_grid_point(s.grid, i, v);
    double r = sqrt(square_norm(3, v)), q2 = 0.0;
    for (int a = 0; a < 3; ++a)
      q2 += pow(v[a] / (1.0 + D[a]), 2);
    if (r > 6.0)
      continue;
    gradient = fmax(gradient, sqrt(q2) / (1.0 + r));
  }
  lmx_check_results *results = sample_check(&s, 0, NULL);
  /* on the ball: at its edge along the cold axis, and at v = 0 */
  ASSERT_NEAR(result_of(results, "hyp-1.10")->value, 6.0 / 0.4 / 7.0, 1e-6);
  ASSERT_NEAR(result_of(results, "hyp-1.11")->value,
              sqrt(pow(1.8, -2) + pow(0.8, -2) + pow(0.4, -2)), 1e-6);
  ASSERT_NEAR(result_of(results, "thm-2.3")->value, gradient, 1e-9);
  /* H = (1/2) sum (E_a - 1 - log E_a) */
  double H = 0.0;
  for (int a = 0; a < 3; ++a)
    H += 0.5 * (D[a] - log1p(D[a]));
  ASSERT_NEAR(table_named(results, "entropy")->data[1], H, 1e-6);
  /* min_a c_a(0) = d - max E_a */
  ASSERT_NEAR(result_of(results, "eq-3.5")->value, 3.0 - 1.8, 1e-6);
  ASSERT_NEAR(result_of(results, "eq-3.5")->bound, 0.4, 1e-14);
  assert_verdict(results, "eq-3.6", LMX_INFO);
  assert_verdict(results, "exact-error", LMX_INFO);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

/* sup |Hess f / f| / (1 + t + |v|^2) on |v| <= 5 by a mesh of the plane of the
 * first two axes, from the exact solution. */
static double relative_on_mesh(const sample *s, double t, lmx_jet *jet)
{
  enum { RADII = 60, ANGLES = 90 };
  double largest = 0.0;
  for (int i = 0; i <= RADII; ++i)
    for (int j = 0; j <= ANGLES; ++j) {
      double r = 5.0 * i / RADII, angle = M_PI_2 * j / ANGLES, K2 = 0.0;
      int d = s->grid->d;
      memset(jet->v, 0, (size_t)d * sizeof *jet->v);
      jet->v[0] = r * cos(angle);
      jet->v[1] = r * sin(angle);
      ASSERT_OK(s->context, lmx_exact_eval(s->context, s->exact, t, jet, NULL));
      for (int a = 0; a < d * d; ++a)
        K2 += pow(jet->G[a] + jet->q[a / d] * jet->q[a % d], 2);
      largest = fmax(largest, sqrt(K2) / (1.0 + t + r * r));
    }
  return largest;
}

/* The sups of a non-radial solution at t > 0 from the exact solution's own
 * derivatives. */
static void check_axisymmetric(int d, double s1, int naxes,
                               const lmx_axis_spec *axes)
{
  const double times[3] = {0.0, 0.03, 0.1};
  sample s;
  sample_axisymmetric(&s, d, s1, naxes, axes, 3, times, 5.0);
  lmx_check_results *results = sample_check(&s, 0, NULL);
  for (size_t i = 0; i < results->n; ++i)
    if (results->items[i].status == LMX_FAILS)
      fail_msg("d = %d: %s fails: %s", d, results->items[i].id,
               results->items[i].note);
  lmx_jet *jet;
  ASSERT_OK(s.context, lmx_jet_create(s.context, d, &jet));
  const lmx_table *table = table_named(results, "growth_sup");
  const lmx_table *nodes = table_named(results, "smallest_constants");
  for (size_t k = 0; k < s.ntimes; ++k) {
    double t = s.times[k], gradient = 0.0, relative = 0.0;
    for (size_t i = 0; i < s.grid->size; ++i) {
      lmx_grid_point(s.grid, i, jet->v);
      double r2 = square_norm(d, jet->v), K2 = 0.0;
      if (r2 > 25.0)
        continue;
      ASSERT_OK(s.context, lmx_exact_eval(s.context, s.exact, t, jet, NULL));
      for (int a = 0; a < d; ++a)
        for (int b = 0; b < d; ++b)
          K2 += pow(jet->G[a * d + b] + jet->q[a] * jet->q[b], 2);
      gradient = fmax(gradient,
                      sqrt(square_norm(d, jet->q)) / (1 + sqrt(t) + sqrt(r2)));
      relative = fmax(relative, sqrt(K2) / (1 + t + r2));
    }
    ASSERT_NEAR(table->data[5 * k + 1], gradient, 1e-5);
    ASSERT_NEAR(nodes->data[nodes->columns * k + 4], relative, 1e-3);
    ASSERT_NEAR(table->data[5 * k + 3], relative, 1e-3);
    /* B is found between nodes, too */
    ASSERT_NEAR(table->data[5 * k + 4], relative_on_mesh(&s, t, jet),
                1e-3 * relative);
  }
  lmx_jet_destroy(&jet);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

static void axisymmetric_solutions_pass_with_exact_sups(void **state)
{
  (void)state;
  const lmx_axis_spec full[2] = {{LMX_AXIS_FULL, 60, 6.5},
                                 {LMX_AXIS_FULL, 60, 6.5}};
  const lmx_axis_spec mirrored[2] = {{LMX_AXIS_MIRRORED, 30, 6.5},
                                     {LMX_AXIS_MIRRORED, 30, 6.5}};
  const lmx_axis_spec radial_axes[2] = {{LMX_AXIS_MIRRORED, 30, 6.5},
                                        {LMX_AXIS_RADIAL, 30, 6.5}};
  check_axisymmetric(2, 1.3, 2, full);
  check_axisymmetric(2, 1.3, 2, mirrored);
  check_axisymmetric(3, 1.4, 2, radial_axes);
  check_axisymmetric(5, 0.6, 2, radial_axes);
}

/* A known error added to the exact solution is the error reported. */
static void exact_error_reports_the_error(void **state)
{
  (void)state;
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 40, 6.0},
                                 {LMX_AXIS_FULL, 40, 6.0}};
  const double times[2] = {0.0, 0.05};
  sample s;
  sample_axisymmetric(&s, 2, 1.2, 2, axes, 2, times, 5.0);
  /* 1e-2 (v1 + 2 v2)^2: largest near (1, 2) r / sqrt 5 */
  double v[2], largest = 0.0;
  for (size_t i = 0; i < s.grid->size; ++i) {
    lmx_grid_point(s.grid, i, v);
    double error = 1e-2 * pow(v[0] + 2.0 * v[1], 2);
    s.u[1][i] += error;
    if (square_norm(2, v) <= 25.0)
      largest = fmax(largest, error);
  }
  const char *const ids[1] = {"exact-error"};
  lmx_check_results *results = sample_check(&s, 1, ids);
  assert_int_equal(results->n, 1);
  assert_verdict(results, "exact-error", LMX_FAILS);
  ASSERT_NEAR(results->items[0].value, largest, 1e-7);
  ASSERT_NEAR(results->items[0].t, 0.05, 0.0);
  /* Hessian of the error: 0.02 (1 2; 2 4), Frobenius norm 0.1 */
  const lmx_table *table = table_named(results, "exact_error");
  const double *row = table->data + table->columns * (table->rows / 2 + 3);
  ASSERT_NEAR(row[0], 0.05, 0.0);
  ASSERT_NEAR(row[4], 0.1, 1e-4);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(radial_mixture_on_a_full_plane),
      cmocka_unit_test(radial_mixture_on_mirrored_axes),
      cmocka_unit_test(radial_mixture_on_a_radial_axis),
      cmocka_unit_test(values_on_the_ball_do_not_depend_on_its_nodes),
      cmocka_unit_test(gaussian_ratios_are_those_of_the_formula),
      cmocka_unit_test(axisymmetric_solutions_pass_with_exact_sups),
      cmocka_unit_test(exact_error_reports_the_error),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
