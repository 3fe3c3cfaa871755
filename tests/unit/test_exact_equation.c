/* Each exact solution against the equation itself,
 *   d_t log f = abar : (Hess log f + grad log f grad log f^T) + kappa,
 * the left side by differences of the value in time, and its gradient and
 * Hessian against differences in v; random points out to |v| = 10. */
#include "exact_support.h"

enum { POINTS = 12, HALF = 4 };

/* Central first difference of order 8: f' = sum c_k (f_k - f_-k) / h. */
static const double stencil[HALF] = {4.0 / 5.0, -1.0 / 5.0, 4.0 / 105.0,
                                     -1.0 / 280.0};

static double right_side(const lmx_model *model, double t, const lmx_jet *jet)
{
  double abar[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION], sum = model->kappa;
  int d = model->d;
  lmx_model_abar(model, t, jet->v, abar);
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      sum += abar[a * d + b] * (jet->G[a * d + b] + jet->q[a] * jet->q[b]);
  return sum;
}

/* Time is the outer loop: coefficients are kept for one time. */
static void solves_the_equation(lmx_context *context, example ex, double t,
                                double radius, unsigned long seed)
{
  int d = ex.model.d;
  double points[POINTS][LMX_MAX_DIMENSION], rate[POINTS] = {0};
  double step = t / 400.0;
  jet_store store;
  lmx_jet *jet = jet_of(&store, d);
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus);
  gsl_rng_set(rng, seed);
  for (int i = 0; i < POINTS; ++i)
    random_point(rng, d, radius, points[i]);
  gsl_rng_free(rng);
  for (int k = -HALF; k <= HALF; ++k) {
    for (int i = 0; i < POINTS && k != 0; ++i) {
      memcpy(jet->v, points[i], sizeof points[i]);
      ASSERT_OK(context,
                lmx_exact_eval(context, ex.exact, t + k * step, jet, NULL));
      rate[i] += (k > 0 ? 1.0 : -1.0) * stencil[abs(k) - 1] * jet->g / step;
    }
  }
  for (int i = 0; i < POINTS; ++i) {
    memcpy(jet->v, points[i], sizeof points[i]);
    ASSERT_OK(context, lmx_exact_eval(context, ex.exact, t, jet, NULL));
    /* Rounding of the difference, and of terms of size |v|^2 |q|^2. */
    double tolerance =
        3e-14 * (1.0 + fabs(jet->g)) / step +
        1e-13 * d * (1.0 + norm2(d, jet->v)) * (d + norm2(d, jet->q));
    ASSERT_NEAR(rate[i], right_side(&ex.model, t, jet), tolerance);
  }
  lmx_exact_destroy(&ex.exact);
}

static double value_at(lmx_context *context, const lmx_exact *exact, double t,
                       const double *v, int axis, double shift,
                       jet_store *store)
{
  lmx_jet *jet = jet_of(store, store->jet.d);
  memcpy(jet->v, v, (size_t)jet->d * sizeof *v);
  jet->v[axis] += shift;
  ASSERT_OK(context, lmx_exact_eval(context, exact, t, jet, NULL));
  return jet->g;
}

/* Gradient from values, Hessian from gradients. */
static void has_consistent_jet(lmx_context *context, const lmx_exact *exact,
                               int d, double t, const double *v)
{
  const double h = 0.01;
  jet_store here, there;
  jet_of(&here, d);
  jet_of(&there, d);
  double g = value_at(context, exact, t, v, 0, 0.0, &here);
  double noise = 1e-14 * (1.0 + fabs(g)) / h;
  for (int a = 0; a < d; ++a) {
    double slope = 0.0, row[LMX_MAX_DIMENSION] = {0};
    for (int k = -HALF; k <= HALF; ++k) {
      if (k == 0)
        continue;
      double c = (k > 0 ? 1.0 : -1.0) * stencil[abs(k) - 1] / h;
      slope += c * value_at(context, exact, t, v, a, k * h, &there);
      for (int b = 0; b < d; ++b)
        row[b] += c * there.q[b];
    }
    ASSERT_NEAR(here.q[a], slope, 4.0 * noise + 1e-11);
    for (int b = 0; b < d; ++b) {
      ASSERT_NEAR(here.G[a * d + b], row[b], 10.0 * noise + 1e-10);
      ASSERT_NEAR(here.G[a * d + b], here.G[b * d + a], 1e-12);
    }
  }
}

static void jets_are_consistent(lmx_context *context, example ex, double t,
                                double radius, unsigned long seed)
{
  double v[LMX_MAX_DIMENSION];
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus);
  gsl_rng_set(rng, seed);
  for (int i = 0; i < 6; ++i) {
    random_point(rng, ex.model.d, radius, v);
    has_consistent_jet(context, ex.exact, ex.model.d, t, v);
  }
  gsl_rng_free(rng);
  lmx_exact_destroy(&ex.exact);
}

static const int dimensions[] = {2, 3, 5, 8};
static const double times[] = {0.03, 0.1, 0.45};

static void radial_mixture_solves_the_equation(void **state)
{
  lmx_context *context = *state;
  for (int i = 0; i < 4; ++i)
    for (unsigned long k = 0; k < 3; ++k)
      solves_the_equation(context, radial_example(context, dimensions[i]),
                          times[k], 10.0, 11 + k);
}

static void bkw_solves_the_equation(void **state)
{
  lmx_context *context = *state;
  for (int i = 0; i < 4; ++i)
    for (unsigned long k = 0; k < 3; ++k)
      solves_the_equation(context, bkw_example(context, dimensions[i]),
                          times[k], 10.0, 21 + k);
}

static void rotated_mixture_solves_the_equation(void **state)
{
  lmx_context *context = *state;
  for (unsigned long k = 0; k < 3; ++k) {
    solves_the_equation(context, triangle_example(context, 0.9, 0.0), times[k],
                        10.0, 31 + k);
    solves_the_equation(context, triangle_example(context, 0.7, 0.3), times[k],
                        10.0, 41 + k);
  }
  /* Both layouts of the angles, and both forms of the wrapped normal. */
  solves_the_equation(context, triangle_example(context, 0.7, 0.3), 1e-3, 3.0,
                      51);
  solves_the_equation(context, triangle_example(context, 0.7, 0.3), 1.2, 10.0,
                      52);
}

static void axisymmetric_gaussian_solves_the_equation(void **state)
{
  lmx_context *context = *state;
  const double s1[] = {1.3, 1.6, 0.7, 1.5};
  for (int i = 0; i < 4; ++i)
    for (unsigned long k = 0; k < 3; ++k)
      solves_the_equation(context,
                          gaussian_example(context, dimensions[i], s1[i], 0),
                          times[k], 10.0, 61 + k);
  solves_the_equation(context, gaussian_example(context, 3, 0.6, 2), 0.1, 10.0,
                      71);
  solves_the_equation(context, gaussian_example(context, 2, 1.8, 0), 0.1, 8.0,
                      72);
}

static void derivatives_match_differences(void **state)
{
  lmx_context *context = *state;
  for (int i = 0; i < 4; ++i) {
    int d = dimensions[i];
    jets_are_consistent(context, radial_example(context, d), 0.05, 10.0, 81);
    jets_are_consistent(context, bkw_example(context, d), 0.02, 10.0, 82);
    jets_are_consistent(context, gaussian_example(context, d, 1.4, d - 1), 0.06,
                        10.0, 83);
  }
  jets_are_consistent(context, triangle_example(context, 0.7, 0.3), 0.0, 10.0,
                      84);
  jets_are_consistent(context, triangle_example(context, 0.7, 0.3), 0.05, 10.0,
                      84);
  jets_are_consistent(context, triangle_example(context, 0.9, 0.0), 0.4, 10.0,
                      85);
  jets_are_consistent(context, gaussian_example(context, 3, 1.4, 0), 0.0, 10.0,
                      86);
}

static int set_up(void **state)
{
  lmx_context *context;
  if (lmx_context_create(&context) != LMX_OK)
    return -1;
  *state = context;
  return 0;
}

static int tear_down(void **state)
{
  lmx_context *context = *state;
  lmx_context_destroy(&context);
  return 0;
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(radial_mixture_solves_the_equation),
      cmocka_unit_test(bkw_solves_the_equation),
      cmocka_unit_test(rotated_mixture_solves_the_equation),
      cmocka_unit_test(axisymmetric_gaussian_solves_the_equation),
      cmocka_unit_test(derivatives_match_differences),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
