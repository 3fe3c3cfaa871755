/* Negative controls: corrupted solutions, and which check rejects which.
 * The table below is also what the test prints. */
#include "solutions.h"

#include <gsl/gsl_rng.h>

/* Changes u at output time k. */
typedef void corrupt_fn(sample *s, size_t k);

typedef struct control {
  const char *name;
  corrupt_fn *corrupt;
  const char *caught_by; /* ids that must fail, each between blanks */
} control;

typedef double defect_fn(double t, const double *v);

static void add(sample *s, size_t k, defect_fn *defect)
{
  double v[LMX_MAX_DIMENSION];
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    s->u[k][i] += defect(s->times[k], v);
  }
}

static void gaussian(sample *s, size_t k, double E1, double E2)
{
  double v[LMX_MAX_DIMENSION];
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    s->u[k][i] = 0.5 * (v[0] * v[0] * (1.0 - 1.0 / E1) - log(E1) +
                        v[1] * v[1] * (1.0 - 1.0 / E2) - log(E2));
  }
}

static double quartic(double t, const double *v)
{
  (void)t;
  double r2 = square_norm(2, v);
  return -1e-3 * r2 * r2;
}

static double sextic(double t, const double *v)
{
  (void)t;
  return -1e-2 * pow(square_norm(2, v), 3);
}

static double a_little_mass(double t, const double *v)
{
  (void)t;
  (void)v;
  return 1e-3;
}

static double half_the_mass(double t, const double *v)
{
  (void)t;
  (void)v;
  return -M_LN2;
}

static double growing_mass(double t, const double *v)
{
  (void)v;
  return t;
}

static double shear(double t, const double *v)
{
  (void)t;
  return 1e-3 * v[0] * v[1];
}

static double drift(double t, const double *v)
{
  (void)t;
  return 5e-4 * v[0];
}

static void nothing(sample *s, size_t k)
{
  (void)s;
  (void)k;
}

static void mass_off(sample *s, size_t k)
{
  add(s, k, a_little_mass);
}

static void mass_halved(sample *s, size_t k)
{
  add(s, k, half_the_mass);
}

static void kappa_off_by_one(sample *s, size_t k)
{
  add(s, k, growing_mass);
}

static void sheared(sample *s, size_t k)
{
  add(s, k, shear);
}

static void drifted(sample *s, size_t k)
{
  if (k > 0)
    add(s, k, drift);
}

static void quartic_tail(sample *s, size_t k)
{
  add(s, k, quartic);
}

/* Five times as much: angular diffusion bends log f the other way at first. */
static void quartic_tail_later(sample *s, size_t k)
{
  for (int i = 0; k > 0 && i < 5; ++i)
    add(s, k, quartic);
}

static void sextic_tail(sample *s, size_t k)
{
  add(s, k, sextic);
}

static void sextic_tail_later(sample *s, size_t k)
{
  if (k > 0)
    add(s, k, sextic);
}

static void exponential_tail(sample *s, size_t k)
{
  double v[LMX_MAX_DIMENSION];
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    double r2 = square_norm(2, v);
    s->u[k][i] = 0.5 * r2 - 3.0 * (sqrt(1.0 + r2) - 1.0);
  }
}

static void noise(sample *s, size_t k)
{
  if (k == 0)
    return;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
  assert_non_null(rng);
  gsl_rng_set(rng, 17 + k);
  for (size_t i = 0; i < s->grid->size; ++i)
    s->u[k][i] += 1e-3 * (2.0 * gsl_rng_uniform(rng) - 1.0);
  gsl_rng_free(rng);
}

static void wrong_sign_of_D(sample *s, size_t k)
{
  double growth = exp(4.0 * 2 * s->times[k]);
  gaussian(s, k, 1.0 + s->model.D[0] * growth, 1.0 + s->model.D[1] * growth);
}

static void too_cold(sample *s, size_t k)
{
  if (k > 0)
    gaussian(s, k, 0.3, 0.3);
}

static void swapped_axes(sample *s, size_t k)
{
  if (k == 0)
    return;
  size_t n = s->grid->axis[0].points;
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < i; ++j) {
      double kept = s->u[k][i * n + j];
      s->u[k][i * n + j] = s->u[k][j * n + i];
      s->u[k][j * n + i] = kept;
    }
}

/* At the last time, for all. */
static void reversed_times(sample *s, size_t k)
{
  if (k + 1 < s->ntimes)
    return;
  for (size_t j = 0; j < s->ntimes / 2; ++j) {
    double *kept = s->u[j];
    s->u[j] = s->u[k - j];
    s->u[k - j] = kept;
  }
}

/* The largest temperature taken for the smallest. */
static void wrong_eta(sample *s, size_t k)
{
  (void)k;
  s->model.eta = 1.3;
}

/* Hotter than d: abar is not elliptic at v = 0. */
static void wrong_D(sample *s, size_t k)
{
  (void)k;
  s->model.D[0] = 1.5;
  s->model.D[1] = -1.5;
}

static void not_a_number(sample *s, size_t k)
{
  if (k == 1)
    s->u[k][s->grid->size / 2 + s->grid->axis[1].points / 2] = NAN;
}

static const control controls[] = {
    {"the solution itself", nothing, " "},
    {"u + 1e-3", mass_off,
     " eq-1.2 eq-3.1 eq-3.4 eq-3.5 exact-error error-bar "},
    {"half the mass", mass_halved,
     " eq-1.2 eq-3.1 eq-3.4 H exact-error error-bar "},
    {"kappa off by one", kappa_off_by_one,
     " eq-1.2 eq-3.1 eq-3.4 H eq-3.7 exact-error "},
    {"u + 1e-3 v1 v2", sheared, " eq-3.1 eq-3.6 eq-3.7 exact-error error-bar "},
    {"u + 5e-4 v1 for t > 0", drifted, " eq-1.2 eq-3.1 exact-error "},
    {"noise 1e-3 for t > 0", noise,
     " eq-1.2 eq-3.1 eq-3.4 eq-3.6 lem-4.1 lem-4.2 lem-4.5 lem-4.6 "
     "eq-4.5 exact-error "},
    {"wrong sign of D", wrong_sign_of_D,
     " eq-3.1 eq-3.4 eq-3.5 H eq-3.7 prop-3.2 eq-4.1 eq-4.6 F-grad F-hess "
     "thm-2.3 thm-2.4 exact-error "},
    {"axes swapped for t > 0", swapped_axes,
     " eq-3.1 eq-3.4 eq-3.7 exact-error "},
    {"times reversed", reversed_times,
     " eq-3.1 eq-3.4 H eq-3.7 prop-3.2 exact-error error-bar "},
    {"u - 1e-3 |v|^4", quartic_tail,
     " eq-1.2 eq-3.1 eq-3.4 hyp-1.10 eq-3.7 exact-error error-bar "},
    {"u - 5e-3 |v|^4 for t > 0", quartic_tail_later,
     " eq-1.2 eq-3.1 eq-3.4 H eq-3.7 prop-3.2 eq-4.1 eq-4.6 F-grad F-hess "
     "thm-2.3 thm-2.4 exact-error "},
    {"u - 1e-2 |v|^6", sextic_tail,
     " eq-1.2 eq-3.1 eq-3.4 H hyp-1.10 hyp-1.11 lem-4.5 exact-error "
     "error-bar "},
    {"u - 1e-2 |v|^6 for t > 0", sextic_tail_later,
     " eq-1.2 eq-3.1 eq-3.4 H prop-3.2 eq-4.1 lem-4.5 eq-4.6 F-grad "
     "F-hess thm-2.3 thm-2.4 exact-error "},
    {"N(0, 0.3 I) for t > 0", too_cold,
     " eq-1.2 eq-3.1 eq-3.4 H eq-3.7 prop-3.2 eq-4.1 eq-4.6 F-grad F-hess "
     "thm-2.3 thm-2.4 exact-error "},
    {"exp(-3 |v|)", exponential_tail,
     " eq-1.2 eq-3.1 eq-3.4 H hyp-1.9 eq-3.7 exact-error error-bar "},
    {"eta = 1.3 instead of 0.7", wrong_eta, " eq-3.5 lem-4.2 "},
    {"D = diag(1.5, -1.5)", wrong_D, " eq-3.1 eq-3.4 eq-3.7 prop-3.1 lem-4.2 "},
    {"one NaN", not_a_number,
     " eq-1.2 eq-3.1 eq-3.4 eq-3.5 eq-3.6 H eq-3.7 prop-3.2 lem-4.1 lem-4.2 "
     "eq-4.1 lem-4.5 lem-4.6 eq-4.5 eq-4.6 F-grad F-hess thm-2.3 thm-2.4 "
     "exact-error error-bar "},
};
enum { CONTROLS = sizeof controls / sizeof controls[0] };

static void make_base(sample *s)
{
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 48, 7.0},
                                 {LMX_AXIS_FULL, 48, 7.0}};
  const double times[4] = {0.0, 0.025, 0.05, 0.1};
  sample_axisymmetric(s, 2, 1.3, 2, axes, 4, times, 6.0);
}

static bool expected(const control *c, const char *id)
{
  char padded[64];
  snprintf(padded, sizeof padded, " %s ", id);
  return strstr(c->caught_by, padded) != NULL;
}

/* Runs one control on a copy of the base; sets caught[i] for failing checks;
 * returns the number of surprises. */
static int run_control(const control *c, const sample *base, bool *caught)
{
  sample s = *base;
  for (size_t k = 0; k < s.ntimes; ++k) {
    ASSERT_OK(s.context, LMX_NEW_ARRAY(s.context, s.grid->size, &s.u[k]));
    memcpy(s.u[k], base->u[k], s.grid->size * sizeof *s.u[k]);
  }
  s.input.model = &s.model;
  s.input.times = s.times;
  s.input.trust = s.trust;
  s.input.u = (const double *const *)s.u;
  for (size_t k = 0; k < s.ntimes; ++k)
    c->corrupt(&s, k);
  lmx_check_results *results = sample_check(&s, 0, NULL);
  int surprises = 0;
  print_message("%-26s", c->name);
  for (size_t i = 0; i < results->n; ++i) {
    const lmx_check_result *r = &results->items[i];
    bool fails = r->status == LMX_FAILS;
    print_message(" %s", fails ? r->id : "-");
    if (fails)
      caught[i] = true;
    if (fails != expected(c, r->id)) {
      ++surprises;
      print_error("\n%s: %s: %s (value %g, bound %g, %s)\n", c->name, r->id,
                  lmx_verdict_text(r->status), r->value, r->bound, r->note);
    }
  }
  print_message("\n");
  lmx_check_results_destroy(&results);
  for (size_t k = 0; k < s.ntimes; ++k)
    lmx_free(s.u[k]);
  return surprises;
}

static void each_control_is_caught_as_expected(void **state)
{
  (void)state;
  bool caught[64] = {false};
  int surprises = 0;
  sample base;
  make_base(&base);
  for (size_t c = 0; c < CONTROLS; ++c)
    surprises += run_control(&controls[c], &base, caught);
  sample_close(&base);
  assert_int_equal(surprises, 0);
  for (size_t i = 0; i < lmx_check_count(); ++i)
    if (!caught[i])
      fail_msg("no control makes %s fail", lmx_check_id(i));
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_control_is_caught_as_expected),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
