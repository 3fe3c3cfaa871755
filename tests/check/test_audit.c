/* The audit: as expected on the paper's statements, and hard to fool:
 * corrupted identities and constants a little too small must be caught, and
 * every witness is recomputed here by hand. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "check/audit_gaussian.h"

static lmx_audit_options few(int d_min, int d_max)
{
  return (lmx_audit_options){
      .d_min = d_min, .d_max = d_max, .seed = 5, .jets = 300, .starts = 6};
}

static const lmx_audit_result *find(const lmx_audit *audit, int d,
                                    const char *id, lmx_audit_form form)
{
  for (size_t i = 0; i < audit->n; ++i) {
    const lmx_audit_result *r = &audit->items[i];
    if (r->d == d && r->form == form && strcmp(r->id, id) == 0)
      return r;
  }
  fail_msg("no entry %s, %s, d = %d", id, lmx_audit_form_text(form), d);
  return NULL;
}

/* Set up once: d = 2, 3 with the default seed. */
typedef struct {
  lmx_context *ctx;
  lmx_audit *audit;
} fixture;

static int setup(void **state)
{
  static fixture f;
  lmx_audit_options options = few(2, 3);
  options.seed = 1;
  if (lmx_context_create(&f.ctx) != LMX_OK ||
      lmx_audit_run(f.ctx, &options, &f.audit) != LMX_OK)
    return -1;
  *state = &f;
  return 0;
}

static int teardown(void **state)
{
  fixture *f = *state;
  lmx_audit_destroy(&f->audit);
  lmx_context_destroy(&f->ctx);
  return 0;
}

/* --- the paper's statements ------------------------------------------------
 */

static void as_expected(void **state)
{
  const lmx_audit *audit = ((fixture *)*state)->audit;
  size_t failures = 0;
  assert_int_equal(audit->unexpected, 0);
  for (size_t i = 0; i < audit->n; ++i) {
    const lmx_audit_result *r = &audit->items[i];
    assert_true(r->as_expected);
    assert_int_equal(r->verdict, r->expected);
    failures += r->verdict == LMX_FAILS;
    assert_true((r->verdict == LMX_FAILS) == (r->witness[0] != '\0'));
    assert_true(isnan(r->residual) != isnan(r->constant));
    if (r->verdict == LMX_HOLDS && isnan(r->constant))
      ASSERT_AT_MOST(r->residual, 1e-13);
  }
  assert_int_equal(failures, 2 * 7); /* the misprints, each d */
}

static void check_sharp(const lmx_audit *audit, int d, const char *id,
                        double constant)
{
  const lmx_audit_result *r = find(audit, d, id, LMX_AUDIT_SHARP);
  ASSERT_NEAR(r->constant, constant, 0.0);
  assert_true(r->tight);
  if (r->lower) {
    ASSERT_AT_LEAST(r->extreme, constant * (1.0 - 1e-9));
    ASSERT_AT_MOST(r->extreme, 1.01 * constant);
  } else {
    ASSERT_AT_MOST(r->extreme, constant * (1.0 + 1e-9));
    ASSERT_AT_LEAST(r->extreme, 0.99 * constant);
  }
}

static void sharp_constants(void **state)
{
  const lmx_audit *audit = ((fixture *)*state)->audit;
  for (int d = 2; d <= 3; ++d) {
    check_sharp(audit, d, "lem-4.1", 2.0 * (d - 1));
    check_sharp(audit, d, "step-4.2", 2.0 * (d - 1));
    check_sharp(audit, d, "lem-4.5", 4.0 * (d - 1));
    check_sharp(audit, d, "eq-3.5", d - 1.0);
    check_sharp(audit, d, "lem-4.2", d - 1.0);
    check_sharp(audit, d, "prop-3.1", 1.0);
    ASSERT_NEAR(find(audit, d, "lem-4.1", LMX_AUDIT_PRINTED)->constant, 4.0 * d,
                0.0);
    ASSERT_NEAR(find(audit, d, "lem-4.5", LMX_AUDIT_PRINTED)->constant,
                16.0 * d, 0.0);
    /* By hand: v = r n with n an axis where c_a = (d-1) eta and r -> inf,
     * q = n, G = P/r gives 2(d-1) - C (d-1) eta. */
    double grad = find(audit, d, "F-grad", LMX_AUDIT_PRINTED)->extreme;
    ASSERT_NEAR(grad, 2.0 * (d - 1) - 4.0 * d * (d - 1), 0.1);
  }
}

/* --- negative controls: identities ------------------------------------------
 */

static const lmx_audit_options control = {
    .d_min = 2, .d_max = 4, .seed = 3, .jets = 100, .starts = 4};

static lmx_audit_result run_entry(lmx_context *ctx,
                                  const lmx_audit_entry *entry, int d)
{
  lmx_audit_result result;
  ASSERT_OK(ctx, lmx_audit_entry_run(ctx, entry, d, &control, &result));
  return result;
}

/* Lemma 4.1 with 2 d for 2 (d-1) in front of (n.q)^2. */
static void wrong_coefficient(lmx_audit_point *a, lmx_side *l, lmx_side *r)
{
  *l = lmx_lem_4_1_left(&a->pointwise);
  *r = lmx_lem_4_1_right(&a->pointwise);
  lmx_side_add(r, 2.0 * a->pointwise.nq * a->pointwise.nq);
}

/* Lemma 4.1 with D of the wrong sign: c_a -> 2 (d-1) - c_a. */
static void wrong_D(lmx_audit_point *a, lmx_side *l, lmx_side *r)
{
  *l = lmx_lem_4_1_left(&a->pointwise);
  for (int i = 0; i < a->d; ++i)
    a->pointwise.c[i] = 2.0 * (a->d - 1.0) - a->pointwise.c[i];
  *r = lmx_lem_4_1_right(&a->pointwise);
}

/* Lemma 4.5 without q_a G_ib in dK. */
static void wrong_dK(lmx_audit_point *a, lmx_side *l, lmx_side *r)
{
  int d = a->d;
  *l = lmx_lem_4_5_left(&a->pointwise, a->fourth);
  for (int i = 0; i < d; ++i)
    for (int b = 0; b < d; ++b)
      a->pointwise.dK[(i * d + 0) * d + b] -=
          a->jet->q[0] * a->jet->G[i * d + b];
  *r = lmx_lem_4_5_right(&a->pointwise);
}

/* Lemma 4.5 with an error of one part in 10^6 in its smallest term. */
static void slightly_wrong(lmx_audit_point *a, lmx_side *l, lmx_side *r)
{
  *l = lmx_lem_4_5_left(&a->pointwise, a->fourth);
  *r = lmx_lem_4_5_right(&a->pointwise);
  lmx_side_add(r, 4e-6 * a->pointwise.K[0] * a->pointwise.K[0]);
}

/* Fourth derivatives in the time derivative only. */
static void fourth_left_over(lmx_audit_point *a, lmx_side *l, lmx_side *r)
{
  wrong_coefficient(a, l, r);
  *l = lmx_lem_4_5_left(&a->pointwise, NULL);
  *r = lmx_lem_4_5_right(&a->pointwise);
  lmx_abar_add(&a->pointwise, a->fourth, 2.0 * a->pointwise.K[0], l);
}

/* Lemma 4.2 without the rotation. */
static void no_rotation(lmx_audit_point *a, lmx_side *l, lmx_side *r)
{
  *l = lmx_lem_4_2_left(&a->pointwise);
  *r = lmx_lem_4_2_right(&a->pointwise);
  lmx_side_add(r, lmx_rotation_square(&a->pointwise));
}

/* The equation with kappa off by one. */
static void wrong_kappa(lmx_audit_point *a, lmx_side *l, lmx_side *r)
{
  *l = lmx_time_derivative(&a->pointwise);
  *r = lmx_eq_3_7_split(&a->pointwise);
  lmx_side_add(l, 1.0);
}

/* (4.4) without the factor 1/2. */
static void wrong_half(lmx_audit_point *a, lmx_side *l, lmx_side *r)
{
  *l = lmx_eq_4_4_left(&a->pointwise);
  *r = lmx_eq_4_4_right(&a->pointwise);
  r->value *= 2.0;
}

static void corrupted_identities(void **state)
{
  lmx_context *ctx = ((fixture *)*state)->ctx;
  static const struct {
    void (*sides)(lmx_audit_point *, lmx_side *, lmx_side *);
    const char *blocks;
  } corrupted[] = {
      {wrong_coefficient, "DtvgqGT"}, {wrong_D, "DtvgqGT"},
      {wrong_dK, "DtvgqGTF"},         {slightly_wrong, "DtvgqGTF"},
      {fourth_left_over, "DtvgqGTF"}, {no_rotation, "DtvgqG"},
      {wrong_kappa, "DtvgqG"},        {wrong_half, "vq"},
  };
  for (size_t k = 0; k < sizeof corrupted / sizeof *corrupted; ++k)
    for (int d = 2; d <= 4; ++d) {
      lmx_audit_entry entry = {.id = "control",
                               .expected = LMX_HOLDS,
                               .blocks = corrupted[k].blocks,
                               .sides = corrupted[k].sides};
      lmx_audit_result r = run_entry(ctx, &entry, d);
      if (r.verdict != LMX_FAILS)
        print_error("corrupted identity %zu, d = %d: %g\n", k, d, r.residual);
      assert_int_equal(r.verdict, LMX_FAILS);
      assert_false(r.as_expected);
      assert_true(r.witness[0] != '\0');
    }
}

/* --- negative controls: constants --------------------------------------------
 */

static const lmx_audit_entry *entry_of(const lmx_audit_entry *list, size_t n,
                                       const char *id)
{
  for (size_t i = 0; i < n; ++i)
    if (strcmp(list[i].id, id) == 0 && list[i].form == LMX_AUDIT_SHARP)
      return &list[i];
  fail_msg("no entry %s", id);
  return NULL;
}

static double factor;
static double (*true_constant)(int d);

static double scaled_constant(int d)
{
  return factor * true_constant(d);
}

/* A constant 1.5 % better than the best one must be refuted. */
static void refute(lmx_context *ctx, const lmx_audit_entry *list, size_t n,
                   const char *id)
{
  lmx_audit_entry entry = *entry_of(list, n, id);
  true_constant = entry.constant;
  factor = entry.lower ? 1.015 : 0.985;
  entry.constant = scaled_constant;
  for (int d = 2; d <= 3; ++d) {
    lmx_audit_result r = run_entry(ctx, &entry, d);
    if (r.verdict != LMX_FAILS)
      print_error("%s, d = %d: %g against %g\n", id, d, r.extreme, r.constant);
    assert_int_equal(r.verdict, LMX_FAILS);
    assert_true(r.witness[0] != '\0');
  }
}

static void constants_too_good(void **state)
{
  lmx_context *ctx = ((fixture *)*state)->ctx;
  size_t n;
  const lmx_audit_entry *list = lmx_audit_estimates(&n);
  refute(ctx, list, n, "lem-4.1");
  refute(ctx, list, n, "lem-4.2");
  refute(ctx, list, n, "step-4.2");
  refute(ctx, list, n, "lem-4.5");
  list = lmx_audit_equation(&n);
  refute(ctx, list, n, "eq-3.5");
  refute(ctx, list, n, "prop-3.1");
}

static double F_grad_too_small(lmx_audit_point *a)
{
  return lmx_audit_F_grad(a,
                          1.9); /* K1 = 2 is enough by min c_a >= (d-1) eta */
}

/* What the lemmas leave to spare lets K2 go down to about 2, not to 1. */
static double F_hess_small_K2(lmx_audit_point *a)
{
  return lmx_audit_F_hess(a, 2.0 * (a->d - 1), 1.0, 2.0);
}

static double F_hess_small_A(lmx_audit_point *a)
{
  return lmx_audit_F_hess(a, 2.0 * (a->d - 1), 4.0 * (a->d - 1), 1.0);
}

static double zero(int d)
{
  (void)d;
  return 0.0;
}

static void bernstein_constants(void **state)
{
  lmx_context *ctx = ((fixture *)*state)->ctx;
  lmx_audit_entry grad = {.id = "F-grad",
                          .blocks = "DtvqG",
                          .ratio = F_grad_too_small,
                          .constant = zero};
  lmx_audit_entry hess = {.id = "F-hess",
                          .blocks = "DtvqGTP",
                          .ratio = F_hess_small_K2,
                          .constant = zero};
  for (int d = 2; d <= 3; ++d) {
    assert_int_equal(run_entry(ctx, &grad, d).verdict, LMX_FAILS);
    hess.ratio = F_hess_small_K2;
    assert_int_equal(run_entry(ctx, &hess, d).verdict, LMX_FAILS);
    hess.ratio = F_hess_small_A;
    assert_int_equal(run_entry(ctx, &hess, d).verdict, LMX_FAILS);
  }
}

/* A sharp constant that is not the best one is told from the best. */
static double twice(int d)
{
  return 4.0 * (d - 1.0);
}

static void not_tight(void **state)
{
  lmx_context *ctx = ((fixture *)*state)->ctx;
  size_t n;
  const lmx_audit_entry *list = lmx_audit_estimates(&n);
  lmx_audit_entry entry = *entry_of(list, n, "lem-4.1");
  entry.constant = twice;
  lmx_audit_result r = run_entry(ctx, &entry, 2);
  assert_int_equal(r.verdict, LMX_HOLDS);
  assert_false(r.as_expected);
}

/* --- witnesses, recomputed
 * ---------------------------------------------------- */

static void check_witness(const lmx_audit *audit, const char *id,
                          const char *where, double left, double right)
{
  const lmx_audit_result *r = find(audit, 2, id, LMX_AUDIT_PRINTED);
  char text[200];
  snprintf(text, sizeof text, "%s: left %.10g, right %.10g", where, left,
           right);
  assert_string_equal(r->witness, text);
}

/* d = 2 throughout, kappa = 2, c = (1, 1). */
static void witnesses(void **state)
{
  const lmx_audit *audit = ((fixture *)*state)->audit;
  /* One particle: a(0) = 0 and b(0) = 0, F_1 stands still. */
  check_witness(audit, "eq-1.5", "N = 1, all 0", 0.0, 2.0 / 2.0 + 0.0);
  check_witness(audit, "eq-1.6", "N = 1, all 0", 0.0, 2.0);
  /* V^1 = V^2 = 0, V^3 = e_1: only j = 3 counts, x = y = -e_1, and
   * xi_{12}(-e_1) = -e_2, so that the covariation is (2/3) e_2 e_2^T. */
  check_witness(audit, "eq-1.8", "N = 3, v^3_1 = 1", 2.0 / 3.0, 0.0);
  /* V^1 = e_1, V^2 = 0: (2/2) b(e_1) . 2 e_1 = -2. */
  check_witness(audit, "rem-1.5", "N = 2, v^1_1 = 1", -2.0, 0.0);
  /* N = 1, F = f = M: dH/dt = 0, I_1 = 0, and M_1 = abar with
   * abar : (v v^T - I) = |v|^2 + |v|^4 - |v|^4 - (2 + 2 |v|^2 - |v|^2) = -2. */
  check_witness(audit, "prop-2.1", "N = 1, all 0", 0.0, 2.0);
  /* f = exp(v_2) at v = e_1: abar_22 = 1 + 1, f_t = (2 + 2) f, and f log^2 f =
   * y^2 e^y with y = v_2 = 0 has value 0, t-derivative 0, yy-derivative 2:
   * left = -2 * 2. The printed right side: -2 (1 + 2). */
  check_witness(audit, "lem-4.6", "v_1 = 1, q_2 = 1", -2.0 * 2.0,
                -2.0 * (1.0 + 2.0));
  /* K = diag(1, 1): (tr K)^2 = 4, |K|^2 = 2. */
  assert_string_equal(find(audit, 2, "step-4.5", LMX_AUDIT_PRINTED)->witness,
                      "G_11 = 1, G_22 = 1: ratio 2, not <= 1");
}

/* --- parts
 * --------------------------------------------------------------------- */

/* Moments of the standard Gaussian up to degree 5. */
static void cubature(void **state)
{
  (void)state;
  static const int powers[][3] = {{0, 0, 0}, {1, 0, 0}, {2, 0, 0}, {1, 1, 0},
                                  {3, 0, 0}, {2, 1, 0}, {1, 1, 1}, {4, 0, 0},
                                  {2, 2, 0}, {3, 1, 0}, {2, 1, 1}, {5, 0, 0},
                                  {2, 2, 1}};
  static const double moment[] = {1, 0, 1, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0};
  double z[LMX_GAUSSIAN_MAX];
  for (int n = 3; n <= LMX_GAUSSIAN_MAX; n += 7)
    for (size_t m = 0; m < sizeof moment / sizeof *moment; ++m) {
      double sum = 0.0;
      for (size_t k = 0; k < lmx_cubature_size(n); ++k) {
        double weight = lmx_cubature_node(n, k, z);
        sum += weight * pow(z[0], powers[m][0]) * pow(z[n - 1], powers[m][1]) *
               pow(z[1], powers[m][2]);
      }
      ASSERT_NEAR(sum, moment[m], 1e-13);
    }
}

/* Every multi-index has its own place, equal up to order. */
static void packing(void **state)
{
  lmx_context *ctx = ((fixture *)*state)->ctx;
  lmx_audit_space *space;
  ASSERT_OK(ctx, lmx_audit_space_create(ctx, "GTF", 3, 1, &space));
  assert_int_equal(space->n, 6 + 10 + 15);
  bool seen[10] = {false};
  for (int i = 0; i < 3; ++i)
    for (int j = 0; j < 3; ++j)
      for (int k = 0; k < 3; ++k) {
        size_t at = space->packed[3][(i * 3 + j) * 3 + k];
        assert_true(at < 10);
        assert_int_equal(at, space->packed[3][(k * 3 + i) * 3 + j]);
        assert_int_equal(at, space->packed[3][(j * 3 + i) * 3 + k]);
        if (i <= j && j <= k) {
          assert_false(seen[at]);
          seen[at] = true;
        }
      }
  lmx_audit_space_destroy(&space);
}

static void options_and_memory(void **state)
{
  lmx_context *ctx = ((fixture *)*state)->ctx;
  lmx_audit *audit = NULL;
  lmx_audit_options bad[] = {few(1, 3), few(3, 2), few(2, 9), few(2, 2),
                             few(2, 2)};
  bad[3].jets = 0;
  bad[4].starts = 0;
  for (size_t k = 0; k < sizeof bad / sizeof *bad; ++k)
    assert_int_equal(lmx_audit_run(ctx, &bad[k], &audit), LMX_ERR_USAGE);
  assert_null(audit);
  size_t n;
  const lmx_audit_entry *list = lmx_audit_estimates(&n);
  const lmx_audit_entry *entry = entry_of(list, n, "lem-4.1");
  lmx_audit_options one = {
      .d_min = 2, .d_max = 2, .seed = 1, .jets = 1, .starts = 1};
  lmx_audit_result result;
  lmx_status status = LMX_ERR_MEMORY;
  long fails = 0;
  for (; status == LMX_ERR_MEMORY && fails < 100; ++fails) {
    lmx_alloc_fail_after(fails + 1);
    status = lmx_audit_entry_run(ctx, entry, 2, &one, &result);
  }
  lmx_alloc_fail_after(0);
  assert_int_equal(status, LMX_OK);
  assert_true(fails > 5);
}

/* --- outputs
 * --------------------------------------------------------------------- */

static void json(void **state)
{
  fixture *f = *state;
  char *text;
  ASSERT_OK(f->ctx, lmx_audit_json(f->ctx, f->audit, &text));
  json_t *root = json_loads(text, 0, NULL);
  assert_non_null(root);
  json_t *entries = json_object_get(root, "entries");
  assert_int_equal(json_array_size(entries), f->audit->n);
  assert_int_equal(json_integer_value(json_object_get(root, "unexpected")), 0);
  for (size_t i = 0; i < f->audit->n; ++i) {
    const lmx_audit_result *r = &f->audit->items[i];
    json_t *entry = json_array_get(entries, i);
    assert_string_equal(json_string_value(json_object_get(entry, "id")), r->id);
    assert_string_equal(json_string_value(json_object_get(entry, "verdict")),
                        r->verdict == LMX_HOLDS ? "holds" : "fails");
    assert_string_equal(json_string_value(json_object_get(entry, "witness")),
                        r->witness);
    json_t *constant = json_object_get(entry, "constant");
    assert_true(isnan(r->constant) ? json_is_null(constant)
                                   : json_real_value(constant) == r->constant);
  }
  json_decref(root);
  lmx_free(text);
}

static void text_width(void **state)
{
  fixture *f = *state;
  char *text;
  ASSERT_OK(f->ctx, lmx_audit_text(f->ctx, f->audit, &text));
  for (const char *line = text; *line != '\0';) {
    size_t n = strcspn(line, "\n");
    if (n > 80)
      print_error("too long: %.*s\n", (int)n, line);
    assert_true(n <= 80);
    line += n + 1;
  }
  assert_non_null(strstr(text, "lem-4.6      printed"));
  lmx_free(text);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(as_expected),
      cmocka_unit_test(sharp_constants),
      cmocka_unit_test(corrupted_identities),
      cmocka_unit_test(constants_too_good),
      cmocka_unit_test(bernstein_constants),
      cmocka_unit_test(not_tight),
      cmocka_unit_test(witnesses),
      cmocka_unit_test(cubature),
      cmocka_unit_test(packing),
      cmocka_unit_test(options_and_memory),
      cmocka_unit_test(json),
      cmocka_unit_test(text_width),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
