/* The density form (Fourier derivatives of f on a periodic box): an
 * independent discretisation, compared with the exact solution and with the
 * log form where f is above rounding. */
#include "context.h"
#include "trial.h"

static trial_setup setup_of(lmx_formulation formulation, size_t points)
{
  return (trial_setup){.naxes = 2,
                       .kind = {LMX_AXIS_FULL, LMX_AXIS_FULL},
                       .points = points,
                       .half_width = 8.0,
                       .order = 12,
                       .rtol = 1e-10,
                       .preconditioner = LMX_PRECONDITIONER_DIAGONAL,
                       .formulation = formulation};
}

/* Largest error of log f over |v| <= radius; nodes only, no derivatives. */
static double error_of(lmx_context *context, const trial *t,
                       const trial_state *s, double radius)
{
  lmx_jet *jet;
  double worst = 0.0;
  ASSERT_OK(context, lmx_jet_create(context, 2, &jet));
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, jet->v);
    double r2 = jet->v[0] * jet->v[0] + jet->v[1] * jet->v[1];
    if (r2 > radius * radius)
      continue;
    ASSERT_OK(context, lmx_exact_eval(context, t->exact, s->t, jet, NULL));
    double error = fabs(s->u[i] + lmx_log_maxwellian(2, r2) - jet->g);
    worst = error <= worst ? worst : error; /* keeps a NaN */
  }
  lmx_jet_destroy(&jet);
  return worst;
}

/* The observed order itself grows as h falls. */
static void converges_faster_than_any_order(void **state)
{
  static const size_t points[] = {10, 13, 16};
  double error[3];
  trial t;
  ASSERT_OK(*state, trial_open_axisymmetric(*state, 2, 1.3, &t));
  for (int k = 0; k < 3; ++k) {
    trial_state s;
    trial_setup setup = setup_of(LMX_FORMULATION_DENSITY, points[k]);
    ASSERT_OK(*state, trial_solve(*state, &t, &setup, 0.1, &s));
    error[k] = error_of(*state, &t, &s, 2.0);
    print_message("%zu points: %.2e within 2, trusted to %.2f\n", 2 * points[k],
                  error[k], s.trust);
    trial_state_clear(&s);
  }
  double first = log(error[0] / error[1]) / log(13.0 / 10.0);
  double second = log(error[1] / error[2]) / log(16.0 / 13.0);
  print_message("orders %.1f, %.1f\n", first, second);
  ASSERT_AT_LEAST(first, 6.0);
  ASSERT_AT_LEAST(second, first + 2.0);
  trial_clear(&t);
}

static void agrees_with_exact_and_log_form(void **state)
{
  trial t;
  trial_state density, logarithm;
  ASSERT_OK(*state, trial_open_axisymmetric(*state, 2, 1.3, &t));
  trial_setup one = setup_of(LMX_FORMULATION_DENSITY, 40);
  trial_setup other = setup_of(LMX_FORMULATION_LOG, 40);
  ASSERT_OK(*state, trial_solve(*state, &t, &one, 0.1, &density));
  ASSERT_OK(*state, trial_solve(*state, &t, &other, 0.1, &logarithm));
  assert_true(isinf(logarithm.trust));
  ASSERT_AT_LEAST(density.trust, 5.0);
  double radius = fmin(density.trust, 6.0), worst = 0.0;
  for (size_t i = 0; i < density.grid->size; ++i) {
    double v[LMX_MAX_DIMENSION];
    lmx_grid_point(density.grid, i, v);
    if (hypot(v[0], v[1]) <= 4.0)
      worst = fmax(worst, fabs(density.u[i] - logarithm.u[i]));
  }
  double trusted = error_of(*state, &t, &density, radius);
  double inner = error_of(*state, &t, &density, 4.0);
  print_message("trusted to %.2f: %.2e there, %.2e within 4; density - log "
                "form %.2e within 4\n",
                density.trust, trusted, inner, worst);
  ASSERT_AT_MOST(inner, 3e-8);
  ASSERT_AT_MOST(worst, 3e-8);
  ASSERT_AT_MOST(trusted, 2e-7);
  trial_state_clear(&density);
  trial_state_clear(&logarithm);
  trial_clear(&t);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(converges_faster_than_any_order),
      cmocka_unit_test(agrees_with_exact_and_log_form),
  };
  return RUN_WITH_CONTEXT(tests);
}
