/* Notes and verdicts on made-up data for which the right ones are known: how
 * far a bound reaches, hypotheses that cannot be judged, residuals where all
 * terms vanish, the density form's noise, constants given in the case. */
#include "solutions.h"

#include "check/bernstein.h"

static const double start[1] = {0.0};

static void assert_says(const lmx_check_result *r, const char *words)
{
  if (strstr(r->note, words) == NULL)
    fail_msg("%s does not say \"%s\": %s", r->id, words, r->note);
}

static void assert_silent(const lmx_check_result *r, const char *words)
{
  if (strstr(r->note, words) != NULL)
    fail_msg("%s says \"%s\": %s", r->id, words, r->note);
}

/* --- the reach of a bound */

/* A value that is |v| itself, on a ball of radius `radius`, held against
 * `bound`. */
static void look_at_radius(double radius, double bound, lmx_check_result *r)
{
  const double D[2] = {0.0, 0.0};
  const lmx_axis_spec axis = {LMX_AXIS_RADIAL, 100, 10.0};
  sample s;
  sample_open(&s, 2, D, 1, &axis, 1, start, 8.0);
  lmx_check_env env = {
      .context = s.context, .input = &s.input, .radius = radius};
  lmx_check_sup sup = {0};
  for (size_t i = 0; s.grid->axis[0].nodes[i] <= radius; ++i) {
    double x = s.grid->axis[0].nodes[i];
    const lmx_check_point point = {.node = i, .r = x};
    lmx_check_sup_take(&env, &point, x, x - bound, 0.0, &sup);
  }
  *r = (lmx_check_result){.id = "reach", .value = NAN};
  assert_true(lmx_check_sup_result(&env, &sup, bound, r));
  lmx_check_sup_note_edge(&env, &sup, r);
  sample_close(&s);
}

/* Nodes 0.05, 0.15 ..: with R = 8, 7.95 at the edge and 7.15 up to 0.9 R, a
 * slope of 1 over 0.8; with R = 5 4.95 and 4.45 over 0.5. */
static void the_reach_of_a_bound(void **state)
{
  (void)state;
  lmx_check_result r;
  look_at_radius(8.0, 10.15, &r);
  assert_int_equal(r.status, LMX_HOLDS);
  assert_says(&r, "Largest beyond 0.9 R, |v| up to 8:");
  assert_says(&r, "the bound is reached at |v| = 10.2,"); /* 8 + 2.2 */
  look_at_radius(5.0, 6.0, &r);                           /* a trust radius */
  assert_says(&r, "Largest beyond 0.9 R, |v| up to 5:");
  assert_says(&r, "the bound is reached at |v| = 6.05,");
  look_at_radius(5.0, 20.0, &r); /* out of sight */
  assert_silent(&r, "the bound is reached");
  look_at_radius(8.0, 7.5, &r);
  assert_int_equal(r.status, LMX_FAILS);
  assert_says(&r, "Exceeded beyond 0.9 R only.");
  assert_silent(&r, "the bound is reached");
}

/* Where there is a bound but no ratio, (4.1) with a right side <= 0, the bound
 * is exceeded, and that is no lack of nodes. */
static void exceeded_without_a_value(void **state)
{
  (void)state;
  const double D[2] = {0.0, 0.0};
  const lmx_axis_spec axis = {LMX_AXIS_RADIAL, 20, 10.0};
  sample s;
  sample_open(&s, 2, D, 1, &axis, 1, start, 8.0);
  lmx_check_env env = {.context = s.context, .input = &s.input, .radius = 8.0};
  lmx_check_sup sup = {0};
  const lmx_check_point point = {.node = 1, .r = 0.75};
  lmx_check_result r = {.id = "none", .status = LMX_INFO};
  assert_false(lmx_check_sup_result(&env, &sup, 1.0, &r));
  assert_int_equal(r.status, LMX_INFO);
  lmx_check_sup_take(&env, &point, NAN, 1.0, 0.0, &sup);
  assert_false(lmx_check_sup_result(&env, &sup, 1.0, &r));
  assert_int_equal(r.status, LMX_FAILS);
  assert_says(&r, "Exceeded at all 1 nodes");
  sample_close(&s);
}

/* --- hypotheses */

static const char *const hypotheses[3] = {"hyp-1.9", "hyp-1.10", "hyp-1.11"};

/* |v|^2 M: log f is singular at 0. */
static double hollow(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  double r2 = square_norm(2, v);
  return log(r2) - 0.5 * r2;
}

static double bell(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  return -0.5 * square_norm(2, v);
}

static void assert_hypotheses(log_density_fn *log_density, double radius,
                              const lmx_verdict *verdicts, const char *words)
{
  const double D[2] = {0.0, 0.0};
  const lmx_axis_spec axis = {LMX_AXIS_RADIAL, 200, 9.0};
  sample s;
  sample_open(&s, 2, D, 1, &axis, 1, start, radius);
  sample_fill(&s, log_density);
  lmx_check_results *results = sample_check(&s, 3, hypotheses);
  for (size_t i = 0; i < 3; ++i) {
    assert_verdict(results, hypotheses[i], verdicts[i]);
    if (verdicts[i] == LMX_INFO)
      assert_says(&results->items[i], words);
  }
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

static void hypotheses_that_cannot_be_judged(void **state)
{
  (void)state;
  const lmx_verdict hold[3] = {LMX_HOLDS, LMX_HOLDS, LMX_HOLDS};
  const lmx_verdict singular[3] = {LMX_HOLDS, LMX_INFO, LMX_INFO};
  const lmx_verdict none[3] = {LMX_INFO, LMX_INFO, LMX_INFO};
  assert_hypotheses(bell, 6.0, hold, "");
  assert_hypotheses(hollow, 6.0, singular, "may be singular");
  assert_hypotheses(bell, 0.3, none, "Too few shells");
}

/* --- residuals */

/* BKW in d = 3, math.md (16), with c = 0.35. */
static double bkw(const sample *s, double t, const double *v)
{
  (void)s;
  double r2 = square_norm(3, v), w = 1.0 - 0.35 * exp(-4.0 * t);
  return -1.5 * log(2.0 * M_PI * w) - 0.5 * r2 / w +
         log((5.0 * w - 3.0) / (2.0 * w) + 0.5 * (1.0 - w) / (w * w) * r2);
}

/* When s = (d+2)/(d+4) = 5/7, Hess log f vanishes at v = 0, and with it all
 * terms of Lemma 4.1: not the error of its left side. */
static void residuals_where_all_terms_vanish(void **state)
{
  (void)state;
  const char *const ids[1] = {"lem-4.1"};
  const double D[3] = {0.0, 0.0, 0.0}, times[1] = {0.25 * log(0.35 * 3.5)};
  const lmx_axis_spec axis = {LMX_AXIS_RADIAL, 100, 9.0};
  sample s;
  sample_open(&s, 3, D, 1, &axis, 1, times, 6.0);
  sample_fill(&s, bkw);
  lmx_check_results *results = sample_check(&s, 1, ids);
  assert_verdict(results, "lem-4.1", LMX_HOLDS);
  lmx_check_results_destroy(&results);
  for (size_t i = 0; i < 6; ++i) /* but a wrong field stays one */
    s.u[0][i] += 0.01 * pow(s.grid->axis[0].nodes[i], 3);
  results = sample_check(&s, 1, ids);
  assert_verdict(results, "lem-4.1", LMX_FAILS);
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

/* In density form a residual above the bound is noise and says nothing; it is
 * counted, and it does not hold. */
static void noise_of_the_density_form(void **state)
{
  (void)state;
  const char *const ids[3] = {"lem-4.1", "lem-4.6", "eq-4.5"};
  const double D[2] = {0.0, 0.0};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 64, 8.0},
                                 {LMX_AXIS_FULL, 64, 8.0}};
  sample s;
  sample_open(&s, 2, D, 2, axes, 1, start, 4.0);
  s.input.formulation = LMX_FORMULATION_DENSITY;
  sample_fill(&s, bell);
  for (int noisy = 0; noisy < 2; ++noisy) {
    lmx_check_results *results = sample_check(&s, 3, ids);
    assert_verdict(results, "lem-4.1", LMX_HOLDS);
    for (size_t i = 1; i < 3; ++i) {
      const lmx_check_result *r = result_of(results, ids[i]);
      assert_verdict(results, ids[i], noisy ? LMX_INFO : LMX_HOLDS);
      assert_true((r->slack < 0.0) == (noisy == 1));
      assert_true((strstr(r->note, " at 0 nodes") != NULL) == (noisy == 0));
      assert_silent(r, "the bound is reached");
    }
    lmx_check_results_destroy(&results);
    for (size_t i = 0; i < s.grid->size; ++i)
      s.u[0][i] += 1e-5 * sin(77.0 * (double)(i % 101));
  }
  sample_close(&s);
}

/* Near a node where f <= 0 third derivatives do not exist where second ones
 * do: that is no violation in density form, but one in log form. */
static void third_derivatives_that_do_not_exist(void **state)
{
  (void)state;
  const char *const ids[4] = {"lem-4.1", "lem-4.5", "lem-4.6", "eq-4.5"};
  const double D[2] = {0.0, 0.0};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 64, 8.0},
                                 {LMX_AXIS_FULL, 64, 8.0}};
  sample s;
  sample_open(&s, 2, D, 2, axes, 1, start, 4.0);
  sample_fill(&s, bell);
  s.u[0][32 * 64 + 51] = NAN; /* at |v| = 4.9, differences being of order 8 */
  s.input.formulation = LMX_FORMULATION_DENSITY;
  for (int log_form = 0; log_form < 2; ++log_form) {
    lmx_check_results *results = sample_check(&s, 4, ids);
    for (size_t i = 0; i < 4; ++i) {
      bool noisy = i >= 2 && results->items[i].slack < 0.0;
      assert_verdict(results, ids[i],
                     log_form ? LMX_FAILS
                     : noisy  ? LMX_INFO
                              : LMX_HOLDS);
    }
    lmx_check_results_destroy(&results);
    s.input.formulation = LMX_FORMULATION_LOG;
  }
  sample_close(&s);
}

/* On |v| <= 0.3 the largest K1 is negative: no factor of it is said. */
static void factors_of_the_sharp_constant(void **state)
{
  (void)state;
  const char *const ids[1] = {"lem-4.1"};
  const double D[2] = {0.0, 0.0}, radii[2] = {0.3, 6.0};
  const lmx_axis_spec axis = {LMX_AXIS_RADIAL, 100, 9.0};
  for (int i = 0; i < 2; ++i) {
    sample s;
    sample_open(&s, 2, D, 1, &axis, 1, start, radii[i]);
    sample_fill(&s, bell);
    lmx_check_results *results = sample_check(&s, 1, ids);
    const lmx_check_result *r = &results->items[0];
    assert_true(r->value < 0.0 ? i == 0 : i == 1);
    if (i == 0)
      assert_says(r, "sharp 2, printed 8. ");
    else
      assert_says(r, "times the value), printed 8 (");
    lmx_check_results_destroy(&results);
    sample_close(&s);
  }
}

/* --- constants of the case */

static void constants_that_the_proof_does_not_admit(void **state)
{
  (void)state;
  const char *const ids[2] = {"F-grad", "F-hess"};
  const double D[2] = {0.0, 0.0};
  const lmx_axis_spec axis = {LMX_AXIS_RADIAL, 100, 9.0};
  lmx_check_choice choice = {NAN, NAN, NAN, NAN, NAN, NAN};
  sample s;
  sample_open(&s, 2, D, 1, &axis, 1, start, 6.0);
  sample_fill(&s, bell);
  s.input.choice = &choice;
  choice.C = 2.5; /* K1 / eta = 2 */
  lmx_check_results *results = sample_check(&s, 2, ids);
  for (size_t i = 0; i < 2; ++i) {
    assert_says(&results->items[i], "those of the case");
    assert_silent(&results->items[i], "The proof asks");
  }
  lmx_check_results_destroy(&results);
  choice.C = 1.5;
  choice.A = 1.0;
  results = sample_check(&s, 2, ids);
  assert_says(&results->items[0], "The proof asks for C >= K1 / eta = 2. ");
  assert_silent(&results->items[0], "A >=");
  assert_says(&results->items[1], "The proof asks for C >= K1 / eta = 2. ");
  assert_says(&results->items[1], "The proof asks for A >= 2. ");
  lmx_check_results_destroy(&results);
  sample_close(&s);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_reach_of_a_bound),
      cmocka_unit_test(exceeded_without_a_value),
      cmocka_unit_test(hypotheses_that_cannot_be_judged),
      cmocka_unit_test(residuals_where_all_terms_vanish),
      cmocka_unit_test(noise_of_the_density_form),
      cmocka_unit_test(third_derivatives_that_do_not_exist),
      cmocka_unit_test(factors_of_the_sharp_constant),
      cmocka_unit_test(constants_that_the_proof_does_not_admit),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
