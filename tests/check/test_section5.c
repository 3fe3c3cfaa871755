/* Section 5 judged on exact moments: left sides against closed forms, all
 * verdicts as expected, constants found a second way, and spoiled left sides
 * that must be rejected. */
#include "context.h"

#include <string.h>

#include "moment/section5.h"

static const double many[] = {1, 2, 3, 10, 1e3, 1e6, 1e12, INFINITY};
enum { MANY = sizeof many / sizeof *many };

static lmx_moment_data gaussian(int d, double D)
{
  lmx_moment_data data = {.d = d};
  for (int a = 0; a < d; ++a)
    data.E[a] = a == 0 ? 1 + D : a == 1 ? 1 - D : 1;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      data.Q[a * d + b] = data.E[a] * data.E[b] * (a == b ? 3 : 1);
  return data;
}

/* --- left sides -------------------------------------------------------- */

typedef struct everything {
  lmx_spaces spaces;
  lmx_statistic statistics[LMX_LEFT_COUNT];
} everything;

static void everything_open(int d, everything *e)
{
  ASSERT_OK(ctx, lmx_spaces_create(ctx, d, &e->spaces));
  for (int i = 0; i < LMX_LEFT_COUNT; ++i) {
    ASSERT_OK(ctx, lmx_statistic_open(ctx, &e->spaces, &e->statistics[i]));
    ASSERT_OK(ctx, lmx_left_fill((lmx_left)i, &e->statistics[i]));
  }
}

static void everything_close(everything *e)
{
  for (int i = 0; i < LMX_LEFT_COUNT; ++i)
    lmx_statistic_clear(&e->statistics[i]);
  lmx_spaces_clear(&e->spaces);
}

static lmx_scan *scan(const everything *e, const lmx_moment_data *data,
                      double N)
{
  lmx_scan *out;
  ASSERT_OK(ctx,
            lmx_scan_create(ctx, data, &e->spaces, e->statistics, N, &out));
  return out;
}

static const lmx_quantity *at(const lmx_scan *s, size_t k, int quantity)
{
  return &s->values[k * LMX_QUANTITY_COUNT + (size_t)quantity];
}

/* What can be had from the hierarchy, which is another system of unknowns. */
static void compare_scan(const lmx_scan *s, const lmx_moment_data *data)
{
  lmx_hierarchy *h;
  double last = s->times[s->ntimes - 1];
  ASSERT_OK(ctx, lmx_hierarchy_create(ctx, data, s->N, last, &h));
  for (size_t k = 0; k < s->ntimes; k += 5) {
    lmx_hierarchy_values x;
    lmx_hierarchy_at(h, s->times[k], &x);
    double d = data->d, most = -INFINITY;
    double scale = 1e-11 * (1 + fabs(x.lln) + x.momentum + fabs(x.phi2));
    ASSERT_NEAR(at(s, k, LMX_LEFT_claim_5_3)->most, x.momentum - d, scale);
    ASSERT_NEAR(at(s, k, LMX_LEFT_claim_5_4)->most, x.phi2 - x.M4, scale);
    for (int a = 0; a < data->d; ++a)
      most = fmax(most, x.excess[a]);
    ASSERT_NEAR(at(s, k, LMX_LEFT_lem_5_8)->most, most, scale);
    /* (5.2) and (5.3) add up to (2.5), computed without either */
    ASSERT_NEAR(at(s, k, LMX_QUANTITY_COINCIDING)->most +
                    at(s, k, LMX_LEFT_diagonal)->most +
                    at(s, k, LMX_LEFT_off_diagonal)->most,
                x.lln, scale);
    /* sum (d - |v^j|^2)(d - |v^k|^2) over j != k, times 1/N */
    ASSERT_NEAR(at(s, k, LMX_LEFT_cor_5_16)->most, x.phi2 - x.M4 + d * d,
                scale);
  }
  lmx_hierarchy_destroy(&h);
}

static void left_sides_agree_with_the_hierarchy(void **state)
{
  (void)state;
  for (int d = 2; d <= 5; ++d) {
    everything e;
    lmx_moment_data data = gaussian(d, 0.4);
    everything_open(d, &e);
    for (int i = 0; i < MANY; ++i) {
      lmx_scan *s = scan(&e, &data, many[i]);
      ASSERT_AT_MOST(s->limit, 1e-12);
      compare_scan(s, &data);
      lmx_scan_destroy(&s);
    }
    everything_close(&e);
  }
}

/* Independent particles: means of products are products of means, so that N
 * times the left side is minus that product times what is missing of N^k. */
static void left_sides_at_the_start(void **state)
{
  (void)state;
  everything e;
  lmx_moment_data data = gaussian(3, 0.3);
  everything_open(3, &e);
  for (int i = 0; i < MANY; ++i) {
    lmx_scan *s = scan(&e, &data, many[i]);
    static const int zero[] = {
        LMX_LEFT_claim_5_2,  LMX_LEFT_claim_5_3,  LMX_LEFT_claim_5_5,
        LMX_LEFT_claim_5_6,  LMX_LEFT_claim_5_7,  LMX_LEFT_lem_5_8,
        LMX_LEFT_claim_5_10, LMX_LEFT_claim_5_11, LMX_LEFT_claim_5_12,
        LMX_LEFT_lem_5_14,   LMX_LEFT_lem_5_15,   LMX_LEFT_cor_5_16,
        LMX_LEFT_cor_5_17,   LMX_LEFT_cor_5_18,   LMX_LEFT_cor_5_19,
        LMX_LEFT_cor_5_20,   LMX_LEFT_cor_5_21,   LMX_LEFT_diagonal};
    /* at t = 1e-6 what vanishes at 0 is below 1e-3 */
    for (size_t k = 0; k < sizeof zero / sizeof *zero; ++k)
      ASSERT_AT_MOST(at(s, 0, zero[k])->largest, 1e-3);
    ASSERT_NEAR(at(s, 0, LMX_LEFT_claim_5_4)->most, -9, 1e-3);
    ASSERT_NEAR(at(s, 0, LMX_LEFT_claim_5_9)->most, -3 * 0.7, 1e-3);
    ASSERT_NEAR(at(s, 0, LMX_LEFT_lem_5_13)->most, -0.7 * 0.7, 1e-3);
    ASSERT_NEAR(at(s, 0, LMX_LEFT_lem_5_13)->largest, 1.3 * 1.3, 1e-3);
    ASSERT_NEAR(at(s, 0, LMX_QUANTITY_COINCIDING)->most,
                lmx_lln_start(&data, many[i]), 1e-3);
    lmx_scan_destroy(&s);
  }
  everything_close(&e);
}

/* --- verdicts ---------------------------------------------------------- */

/* As many misprints must fail as `misprints` says. */
static void expect_all(const lmx_moment_data *data, size_t n, const double *N,
                       size_t misprints)
{
  lmx_check_results *results;
  size_t fails = 0;
  ASSERT_OK(ctx, lmx_section5_run(ctx, data, n, N, &results));
  for (size_t i = 0; i < results->n; ++i) {
    const lmx_check_result *r = &results->items[i];
    if (r->status != r->expected)
      fail_msg("d = %d: %s %s: %s", data->d, r->id, lmx_verdict_text(r->status),
               r->note);
    assert_true(strlen(r->note) < sizeof r->note - 1);
    fails += r->status == LMX_FAILS;
  }
  assert_int_equal(fails, misprints);
  lmx_check_results_destroy(&results);
}

static void all_verdicts_are_as_expected(void **state)
{
  (void)state;
  static const double one[] = {37}, two[] = {10, 100}, limit[] = {INFINITY};
  lmx_moment_data data = gaussian(2, 0.6);
  expect_all(&data, MANY, many, 11);
  expect_all(&data, 2, two, 10);
  expect_all(&data, 1, one, 10);  /* not Claim 5.6 with its factor N */
  expect_all(&data, 1, limit, 9); /* where N left = 0 in two of them */
  for (int d = 2; d <= 10; d += 4) {
    data = gaussian(d, 0.0);
    expect_all(&data, MANY, many, 10); /* not Lemma 5.8 */
    data = gaussian(d, 0.9);
    expect_all(&data, MANY, many, 11);
  }
}

/* The constants of Claim 5.3 and Lemma 5.8 from their closed forms. */
static void constants_from_closed_forms(void **state)
{
  (void)state;
  double N = 50, D = 0.5;
  int d = 3;
  lmx_moment_data data = gaussian(d, D);
  lmx_check_results *results;
  lmx_bounds *b;
  ASSERT_OK(ctx, lmx_section5_run(ctx, &data, 1, &N, &results));
  ASSERT_OK(ctx, lmx_bounds_create(ctx, d, 1 / N, 4096, &b));
  double sup3 = 0, sup8 = 0, M4 = lmx_moment_data_fourth(&data);
  for (int k = -40; k <= 22; ++k) {
    double t = pow(2.0, 0.5 * k), c = 4 * (d - 1 / N);
    double momentum = -d * (N - 1) * expm1(-4 * (d - 1) * t / N);
    double ratio = d * (1 - 1 / N) / (d - 1 / N);
    double excess = N * D * (ratio * expm1(-c * t) - expm1(-4 * d * t));
    sup3 = fmax(sup3, momentum / exp(lmx_bounds_log(b, LMX_BOUND_I1, t)));
    sup8 = fmax(sup8, fabs(excess) / exp(lmx_bounds_log(b, LMX_BOUND_G4, t)));
  }
  const lmx_check_result *r3 = lmx_check_results_find(results, "claim-5.3");
  const lmx_check_result *r8 = lmx_check_results_find(results, "lem-5.8");
  ASSERT_NEAR(r3->value, sup3 / (1 + M4), 1e-4 * r3->value);
  ASSERT_NEAR(r8->value, sup8 / (1 + M4), 1e-4 * r8->value);
  const lmx_check_result *printed =
      lmx_check_results_find(results, "lem-5.8-printed");
  assert_non_null(strstr(printed->note, "grows like t^-1.00 for t -> 0"));
  assert_non_null(strstr(printed->note, "grows like exp("));
  lmx_bounds_destroy(&b);
  lmx_check_results_destroy(&results);
}

/* The rate at which a printed form fails, for N = infinity: e^{-4dt} t^2. */
static void measured_rate(void **state)
{
  (void)state;
  double N = INFINITY;
  lmx_moment_data data = gaussian(2, 0.5);
  lmx_check_results *results;
  ASSERT_OK(ctx, lmx_section5_run(ctx, &data, 1, &N, &results));
  const char *note = lmx_check_results_find(results, "lem-5.8-printed")->note;
  assert_non_null(strstr(note, "exp(8 t)"));
  note = lmx_check_results_find(results, "lem-5.13-printed")->note;
  assert_non_null(strstr(note, "exp(16 t)"));
  lmx_check_results_destroy(&results);
}

/* --- (5.9) for linear test functions -------------------------------------- */

/* N times the mean of (v^i_a)^2 v^j_b for N = infinity. With m the mean of
 * v_a^2 v_b, q that of |v|^2 v_b and s the limit of N E T_aa p_b,
 *   m' = 2 c q - 6 d m,  c = 3 if a = b and 1 if not,  q' = -4 (d-1) q,
 *   s' = 4 q(0) - 4 d s + 4 (q - m if a = b, -m if not),  s(0) = m(0). */
static double linear_limit(int d, bool own, double m0, double q0, double t)
{
  double A = (own ? 3.0 : 1.0) * q0 / (d + 2), B2 = 2.0 * (m0 - A) / d;
  double B1 = own ? q0 - A : -A, B3 = m0 - q0 / d - B1 - B2;
  double slow = exp(-4.0 * (d - 1) * t), fast = exp(-6.0 * d * t);
  return q0 / d + B1 * slow + B2 * fast + B3 * exp(-4.0 * d * t) -
         (A * slow + (m0 - A) * fast);
}

static void add_heat_flux(lmx_moment_data *data)
{
  for (int a = 0; a < data->d; ++a)
    for (int b = 0; b < data->d; ++b)
      data->S[a * data->d + b] = 0.1 + 0.3 * a * a - 0.17 * b + 0.2 * (a == b);
}

static void compare_linear(const everything *e, const lmx_moment_data *data)
{
  lmx_scan *s = scan(e, data, INFINITY), *one = scan(e, data, 1.0);
  int d = data->d;
  for (size_t k = 0; k < s->ntimes && s->times[k] < 30.0; ++k) {
    double other = 0.0, own = 0.0;
    for (int b = 0; b < d; ++b) {
      double q = 0.0;
      for (int a = 0; a < d; ++a)
        q += data->S[a * d + b];
      for (int a = 0; a < d; ++a) {
        double x = linear_limit(d, a == b, data->S[a * d + b], q, s->times[k]);
        *(a == b ? &own : &other) = fmax(a == b ? own : other, fabs(x));
      }
    }
    ASSERT_NEAR(at(s, k, LMX_LEFT_eq_5_9_other)->most, other, 1e-12);
    ASSERT_NEAR(at(s, k, LMX_LEFT_eq_5_9_own)->most, own, 1e-12);
  }
  for (size_t k = 0; k < one->ntimes; ++k) /* no two different particles */
    ASSERT_NEAR(at(one, k, LMX_LEFT_eq_5_9_other)->most, 0.0, 1e-12);
  lmx_scan_destroy(&s);
  lmx_scan_destroy(&one);
}

static void linear_test_functions(void **state)
{
  (void)state;
  for (int d = 2; d <= 4; ++d) {
    everything e;
    lmx_moment_data data = gaussian(d, 0.4);
    add_heat_flux(&data);
    everything_open(d, &e);
    compare_linear(&e, &data);
    everything_close(&e);
    expect_all(&data, MANY, many, 13); /* the two printed forms fail, too */
  }
}

/* Third moments of a mixture by its closed form, and of the same density as a
 * formula by quadrature; signs and order of the axes are those of the means
 * and variances. */
static void third_moments(void **state)
{
  (void)state;
  double m1[] = {0.4, 0.2}, m2[] = {-0.8, -0.4};
  double c[] = {0.8, 0.1, 0.1, 0.5};
  const lmx_component parts[] = {{2.0 / 3.0, m1, c}, {1.0 / 3.0, m2, c}};
  const lmx_initial_spec mixture = {.d = 2,
                                    .kind = LMX_INITIAL_MIXTURE,
                                    .normalise = true,
                                    .ncomponents = 2,
                                    .components = parts};
  /* the inverse of c is (0.5, -0.1; -0.1, 0.8) / 0.39 */
  const lmx_initial_spec formula = {
      .d = 2,
      .kind = LMX_INITIAL_FORMULA,
      .normalise = true,
      .log_density =
          "log(2*exp(-(0.5*(v1-0.4)^2-0.2*(v1-0.4)*(v2-0.2)+0.8*(v2-0.2)^2)"
          "/0.78)+exp(-(0.5*(v1+0.8)^2-0.2*(v1+0.8)*(v2+0.4)+0.8*(v2+0.4)^2)"
          "/0.78))"};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_FULL, 120, 9.0},
                                 {LMX_AXIS_FULL, 120, 9.0}};
  lmx_initial *a, *b;
  lmx_grid *grid;
  lmx_moment_data exact, quadrature;
  ASSERT_OK(ctx, lmx_initial_create(ctx, &mixture, &a));
  ASSERT_OK(ctx, lmx_initial_create(ctx, &formula, &b));
  ASSERT_OK(ctx, lmx_grid_create(ctx, 2, 2, axes, 8, &grid));
  ASSERT_OK(ctx, lmx_moment_data_create(ctx, a, NULL, &exact));
  ASSERT_OK(ctx, lmx_moment_data_create(ctx, b, grid, &quadrature));
  for (int i = 0; i < 4; ++i)
    ASSERT_NEAR(fabs(exact.S[i]), fabs(quadrature.S[i]), 1e-7);
  assert_true(fabs(exact.S[0]) > 0.1);
  lmx_grid_destroy(&grid);
  lmx_initial_destroy(&a);
  lmx_initial_destroy(&b);
}

/* --- negative controls ------------------------------------------------- */

/* Left sides that grow by a further t^p, or a further N^p, are rejected. */
static void spoil(lmx_scan *s, double p, bool with_N)
{
  for (size_t k = 0; k < s->ntimes; ++k)
    for (int q = 0; q < LMX_QUANTITY_COUNT; ++q) {
      lmx_quantity *x = &s->values[k * LMX_QUANTITY_COUNT + (size_t)q];
      double factor = with_N ? pow(s->N, p) : pow(s->times[k], p);
      x->most *= factor;
      x->largest *= factor;
      x->rounding *= factor;
    }
}

static size_t failures(const lmx_moment_data *data, size_t n,
                       lmx_scan *const *scans)
{
  size_t count = 0;
  for (size_t i = 0; i < LMX_ROWS; ++i) {
    lmx_check_result r;
    const lmx_row *row = lmx_row_get(i);
    if (row->misprint || row->bound == LMX_BOUND_ZERO)
      continue;
    lmx_row_judge(row, data, n, scans, &r);
    count += r.status == LMX_FAILS;
  }
  return count;
}

static void spoiled_left_sides_are_rejected(void **state)
{
  (void)state;
  static const double N[] = {1000, 10000};
  everything e;
  lmx_moment_data data = gaussian(3, 0.4);
  everything_open(3, &e);
  for (int kind = 0; kind < 4; ++kind) {
    lmx_scan *scans[2];
    for (int i = 0; i < 2; ++i) {
      scans[i] = scan(&e, &data, N[i]);
      if (kind == 1) /* for t -> 0 */
        spoil(scans[i], -1, false);
      if (kind == 2)
        spoil(scans[i], 1, true);
    }
    if (kind == 3) { /* N = infinity, for t -> infinity */
      lmx_scan_destroy(&scans[0]);
      scans[0] = scan(&e, &data, INFINITY);
      spoil(scans[0], 2, false);
    }
    size_t count = failures(&data, 2, scans);
    if (kind == 0)
      assert_int_equal(count, 0);
    else
      assert_true(count >= 10);
    lmx_scan_destroy(&scans[0]);
    lmx_scan_destroy(&scans[1]);
  }
  everything_close(&e);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(left_sides_agree_with_the_hierarchy),
      cmocka_unit_test(left_sides_at_the_start),
      cmocka_unit_test(all_verdicts_are_as_expected),
      cmocka_unit_test(constants_from_closed_forms),
      cmocka_unit_test(measured_rate),
      cmocka_unit_test(linear_test_functions),
      cmocka_unit_test(third_moments),
      cmocka_unit_test(spoiled_left_sides_are_rejected),
  };
  return RUN_WITH_CONTEXT(tests);
}
