/* Experiments: equality and inequality in law, conservation, verdicts that
 * notice wrong numbers, independence of threads, continuation. */
#include "particle_support.h"

#include "particle/experiment.h"

static lmx_context *context;
static lmx_initial *initial;

static const double times[] = {0.0, 0.05, 0.1};

static lmx_experiment *start(size_t nsystems,
                             const lmx_particle_system *systems,
                             lmx_scheme scheme, size_t N, size_t replicas,
                             int threads)
{
  lmx_experiment *e;
  const lmx_experiment_spec spec = {.nsystems = nsystems,
                                    .systems = systems,
                                    .nnumbers = 1,
                                    .numbers = &N,
                                    .replicas = replicas,
                                    .step = 0.01,
                                    .scheme = scheme,
                                    .seed = 11,
                                    .threads = threads,
                                    .ntimes = 3,
                                    .times = times};
  ASSERT_OK(context, lmx_experiment_create(context, initial, &spec, &e));
  return e;
}

/* Steps of 0.05 to t = 0.2. */
static void take_long_steps(lmx_experiment *e)
{
  e->spec.step = 0.05;
  e->times[1] = 0.1;
  e->times[2] = 0.2;
}

static void finish(lmx_experiment *e)
{
  for (bool done = false; !done;)
    ASSERT_OK(context, lmx_experiment_advance(context, e, &done));
}

static const lmx_check_result *find(const lmx_check_results *r, const char *id)
{
  const lmx_check_result *result = lmx_check_results_find(r, id);
  assert_non_null(result);
  return result;
}

static void assert_verdict(const lmx_check_results *r, const char *id,
                           lmx_verdict verdict)
{
  const lmx_check_result *result = find(r, id);
  if (result->status != verdict)
    print_error("%s: %s, value %g, bound %g: %s\n", id,
                lmx_verdict_text(result->status), result->value, result->bound,
                result->note);
  assert_int_equal(result->status, verdict);
}

/* With Euler steps (1.3), (1.7) and (1.8) have one law exactly. */
static void equal_and_different_laws(void **state)
{
  (void)state;
  static const lmx_particle_system systems[] = {
      LMX_SYSTEM_FOURNIER, LMX_SYSTEM_FGM, LMX_SYSTEM_LANDAU,
      LMX_SYSTEM_LANDAU_PRINTED};
  lmx_experiment *e = start(4, systems, LMX_SCHEME_EULER, 5, 10000, 0);
  lmx_check_results *r;
  finish(e);
  ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
  assert_verdict(r, "equal-law-1.7", LMX_HOLDS);
  assert_verdict(r, "equal-law-1.8", LMX_HOLDS);
  assert_verdict(r, "printed-1.8-rejected", LMX_HOLDS);
  assert_verdict(r, "printed-1.8-collapse", LMX_HOLDS);
  assert_verdict(r, "lln-2.5", LMX_INFO);
  assert_verdict(r, "prop-A.1", LMX_INFO);
  /* two-sided 1e-5 for all comparisons together; 4.417 for a single one */
  ASSERT_NEAR(lmx_check_results_find(r, "equal-law-1.7")->bound, 1e-5, 0.0);
  ASSERT_AT_LEAST(lmx_check_results_find(r, "energy")->bound, 4.417);
  ASSERT_AT_MOST(lmx_check_results_find(r, "energy")->bound, 5.5);
  lmx_check_results_destroy(&r);
  /* Exchange the samples of (1.7) and of the printed system: the verdicts
   * turn round. */
  lmx_batch *fgm = &e->batches[1], *printed = &e->batches[3];
  double *kept = fgm->sample;
  fgm->sample = printed->sample;
  printed->sample = kept;
  ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
  assert_verdict(r, "equal-law-1.7", LMX_FAILS);
  assert_verdict(r, "printed-1.8-rejected", LMX_FAILS);
  lmx_check_results_destroy(&r);
  lmx_experiment_destroy(&e);
}

/* Means of few replicas are not normal as far out as the level asks for, and
 * few samples never differ so much: a right program would fail, or a wrong one
 * hold. */
static void few_replicas_decide_nothing(void **state)
{
  (void)state;
  static const lmx_particle_system systems[] = {LMX_SYSTEM_FOURNIER,
                                                LMX_SYSTEM_FGM};
  lmx_experiment *e = start(2, systems, LMX_SCHEME_SPLITTING, 5, 10, 0);
  lmx_check_results *r;
  finish(e);
  ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
  assert_verdict(r, "energy", LMX_INFO);
  assert_verdict(r, "moments-1.7", LMX_INFO);
  assert_verdict(r, "equal-law-1.7", LMX_INFO);
  lmx_check_results_destroy(&r);
  lmx_experiment_destroy(&e);
}

/* Of many pairs some start far closer together than they are from 0: their
 * variance is known to the rounding of their energy only. */
static void close_pairs_collapse_too(void **state)
{
  (void)state;
  static const lmx_particle_system systems[] = {LMX_SYSTEM_LANDAU,
                                                LMX_SYSTEM_LANDAU_PRINTED};
  lmx_experiment *e = start(2, systems, LMX_SCHEME_SPLITTING, 2, 20000, 0);
  lmx_check_results *r;
  finish(e);
  ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
  assert_verdict(r, "printed-1.8-collapse", LMX_HOLDS);
  lmx_check_results_destroy(&r);
  ASSERT_AT_LEAST(e->batches[0].spread_gap, 0.1); /* independent noises */
  e->batches[1].spread_gap = e->batches[0].spread_gap;
  ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
  assert_verdict(r, "printed-1.8-collapse", LMX_FAILS);
  lmx_check_results_destroy(&r);
  lmx_experiment_destroy(&e);
}

/* The splitting of (1.3), with steps so short that the weak error of the pair
 * sums' Euler steps is not seen by 10000 replicas, and with long ones: the
 * verdict is the same, because it compares Euler steps, and the note tells the
 * two apart. */
static void equal_laws_beside_the_splitting(void **state)
{
  (void)state;
  static const lmx_particle_system systems[] = {
      LMX_SYSTEM_FOURNIER, LMX_SYSTEM_FGM, LMX_SYSTEM_LANDAU,
      LMX_SYSTEM_LANDAU_PRINTED};
  static const char *const told[] = {"equal, too", "rejected; distances"};
  for (int k = 0; k < 2; ++k) {
    lmx_check_results *r;
    lmx_experiment *e =
        start(4, systems, LMX_SCHEME_SPLITTING, 5, k == 0 ? 10000 : 50000, 0);
    e->spec.step = 0.0025;
    if (k == 1)
      take_long_steps(e);
    finish(e);
    ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
    assert_verdict(r, "equal-law-1.7", LMX_HOLDS);
    assert_verdict(r, "equal-law-1.8", LMX_HOLDS);
    assert_verdict(r, "printed-1.8-rejected", LMX_HOLDS);
    assert_verdict(r, "moments-1.7", LMX_HOLDS);
    assert_verdict(r, "moments-1.8", LMX_HOLDS);
    assert_verdict(r, "lln-2.5", LMX_HOLDS);
    assert_non_null(strstr(find(r, "equal-law-1.7")->note, told[k]));
    assert_non_null(strstr(find(r, "equal-law-1.8")->note, told[k]));
    /* tables show the systems asked for, no Euler steps of (1.3) */
    assert_int_equal(r->tables[0]->rows, 4 * 3 + 3 * 2); /* and breaks */
    lmx_check_results_destroy(&r);
    lmx_experiment_destroy(&e);
  }
}

/* The moments of Euler steps are not the exact ones, which the long steps
 * here would miss; and those of (1.7) and (1.8) are compared one by one. */
static void wrong_pair_moments_are_noticed(void **state)
{
  (void)state;
  static const lmx_particle_system systems[] = {LMX_SYSTEM_FGM,
                                                LMX_SYSTEM_LANDAU};
  static const size_t indices[] = {LMX_SEEN_ENERGY, LMX_SEEN_DRIFT,
                                   LMX_SEEN_MOMENTUM + 2,
                                   LMX_SEEN_MOMENTUM + 3};
  lmx_experiment *e = start(2, systems, LMX_SCHEME_SPLITTING, 5, 40000, 0);
  lmx_check_results *r;
  take_long_steps(e);
  finish(e);
  double off = fabs(e->batches[0].mean[2 * e->seen + LMX_SEEN_ENERGY] - 2.0);
  assert_true(off > 5.0 * e->batches[0].error[2 * e->seen + LMX_SEEN_ENERGY]);
  for (size_t k = 0; k < 8; ++k) {
    lmx_batch *b = &e->batches[k / 4];
    size_t q = 2 * e->seen + indices[k % 4];
    double kept = b->mean[q];
    ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
    assert_verdict(r, "moments-1.7", LMX_HOLDS);
    assert_verdict(r, "moments-1.8", LMX_HOLDS);
    lmx_check_results_destroy(&r);
    b->mean[q] += 7.0 * b->error[q];
    ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
    assert_verdict(r, "moments-1.7", k / 4 == 0 ? LMX_FAILS : LMX_HOLDS);
    assert_verdict(r, "moments-1.8", k / 4 == 1 ? LMX_FAILS : LMX_HOLDS);
    lmx_check_results_destroy(&r);
    b->mean[q] = kept;
  }
  lmx_experiment_destroy(&e);
}

static void pair_turns_conserve(void **state)
{
  (void)state;
  const lmx_particle_system kac = LMX_SYSTEM_KAC;
  lmx_experiment *e = start(1, &kac, LMX_SCHEME_SPLITTING, 31, 50, 0);
  lmx_check_results *r;
  finish(e);
  ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
  assert_verdict(r, "kac-momentum", LMX_HOLDS);
  assert_verdict(r, "kac-energy", LMX_HOLDS);
  ASSERT_AT_MOST(find(r, "kac-energy")->value, 1e-13);
  assert_true(find(r, "kac-energy")->value > 0.0);
  lmx_check_results_destroy(&r);
  e->batches[0].energy_gap = 1e-9;
  ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
  assert_verdict(r, "kac-energy", LMX_FAILS);
  lmx_check_results_destroy(&r);
  lmx_experiment_destroy(&e);
}

/* Standard error of phi - |p|^2 at the last time, in two passes. */
static double spread_error(const lmx_batch *b, size_t R)
{
  const double *phi = b->sample + LMX_SAMPLE_ENERGY * R;
  const double *p2 = b->sample + LMX_SAMPLE_DRIFT * R;
  double mean = 0.0, squares = 0.0, n = (double)R;
  for (size_t r = 0; r < R; ++r)
    mean += (phi[r] - p2[r]) / n;
  for (size_t r = 0; r < R; ++r)
    squares += (phi[r] - p2[r] - mean) * (phi[r] - p2[r] - mean);
  return sqrt(squares / (n * (n - 1.0)));
}

static void the_variance_has_its_standard_error(void **state)
{
  (void)state;
  static const lmx_particle_system systems[] = {LMX_SYSTEM_FOURNIER,
                                                LMX_SYSTEM_LANDAU_PRINTED};
  const size_t R = 40;
  lmx_experiment *e = start(2, systems, LMX_SCHEME_SPLITTING, 5, R, 0);
  lmx_check_results *r;
  finish(e);
  ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
  size_t k = 0;
  while (k < r->ntables && strcmp(r->tables[k]->name, "particle_variance") != 0)
    ++k;
  assert_true(k < r->ntables);
  const lmx_table *table = r->tables[k];
  /* three times, and two lines between the systems */
  for (size_t s = 0; s < 2; ++s) {
    const double *row = table->data + (s * 5 + 2) * table->columns;
    double want = spread_error(&e->batches[s], R);
    ASSERT_NEAR(row[2], times[2], 0.0);
    ASSERT_AT_LEAST(want, 0.01);
    ASSERT_NEAR(row[4], want, 1e-12);
  }
  lmx_check_results_destroy(&r);
  lmx_experiment_destroy(&e);
}

/* Each estimate moved by five standard errors is noticed. */
static void wrong_moments_are_noticed(void **state)
{
  (void)state;
  const lmx_particle_system fournier = LMX_SYSTEM_FOURNIER;
  static const struct {
    const char *id;
    size_t index;
  } claims[] = {{"lln-2.5", LMX_SEEN_LLN},
                {"energy", LMX_SEEN_ENERGY},
                {"momentum", LMX_SEEN_DRIFT},
                {"moment-4", LMX_SEEN_M4},
                {"temperatures", LMX_SEEN_MOMENTUM + 3}};
  lmx_experiment *e = start(1, &fournier, LMX_SCHEME_SPLITTING, 50, 2000, 0);
  lmx_check_results *r;
  finish(e);
  for (size_t k = 0; k < sizeof claims / sizeof *claims; ++k) {
    lmx_batch *b = &e->batches[0];
    size_t q = 2 * e->seen + claims[k].index;
    ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
    assert_verdict(r, claims[k].id, LMX_HOLDS);
    lmx_check_results_destroy(&r);
    double kept = b->mean[q];
    b->mean[q] += 7.0 * b->error[q];
    ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
    assert_verdict(r, claims[k].id, LMX_FAILS);
    lmx_check_results_destroy(&r);
    b->mean[q] = kept;
  }
  /* Proposition A.1: every power by itself; the sharper form has one */
  for (size_t q = LMX_SEEN_M3; q <= LMX_SEEN_M6; ++q) {
    double *mean = &e->batches[0].mean[2 * e->seen + q], kept = *mean;
    *mean *= 1e3;
    ASSERT_OK(context, lmx_experiment_conclude(context, e, &r));
    assert_verdict(r, "prop-A.1", LMX_FAILS);
    assert_verdict(r, "prop-A.1-sharp",
                   q == LMX_SEEN_M4 ? LMX_FAILS : LMX_HOLDS);
    lmx_check_results_destroy(&r);
    *mean = kept;
  }
  lmx_experiment_destroy(&e);
}

/* --- reproducibility
 * ---------------------------------------------------------- */

static void same_batches(const lmx_experiment *a, const lmx_experiment *b)
{
  size_t cells = a->spec.ntimes * a->seen;
  for (size_t k = 0; k < a->nbatches; ++k) {
    assert_memory_equal(a->batches[k].mean, b->batches[k].mean,
                        cells * sizeof(double));
    assert_memory_equal(a->batches[k].spread_error, b->batches[k].spread_error,
                        a->spec.ntimes * sizeof(double));
    assert_memory_equal(a->batches[k].sample, b->batches[k].sample,
                        LMX_SAMPLES * a->spec.replicas * sizeof(double));
  }
}

static const lmx_particle_system all[] = {
    LMX_SYSTEM_FOURNIER, LMX_SYSTEM_FGM, LMX_SYSTEM_LANDAU,
    LMX_SYSTEM_LANDAU_PRINTED, LMX_SYSTEM_KAC};

/* Bit for bit. N is not a multiple of the block, and large enough with two
 * replicas that threads share the blocks of one replica. */
static void threads_do_not_matter(void **state)
{
  (void)state;
  lmx_experiment *one = start(5, all, LMX_SCHEME_SPLITTING, 11, 20, 1);
  lmx_experiment *three = start(5, all, LMX_SCHEME_SPLITTING, 11, 20, 3);
  finish(one);
  finish(three);
  same_batches(one, three);
  lmx_experiment_destroy(&one);
  lmx_experiment_destroy(&three);
  one = start(1, all, LMX_SCHEME_SPLITTING, 5003, 2, 1);
  three = start(1, all, LMX_SCHEME_SPLITTING, 5003, 2, 3);
  finish(one);
  finish(three);
  same_batches(one, three);
  lmx_experiment_destroy(&one);
  lmx_experiment_destroy(&three);
}

static void continuation_gives_the_same(void **state)
{
  (void)state;
  lmx_experiment *whole = start(5, all, LMX_SCHEME_SPLITTING, 700, 8, 1);
  lmx_experiment *part = start(5, all, LMX_SCHEME_SPLITTING, 700, 8, 1);
  finish(whole);
  bool done = false;
  size_t pieces = 0, count;
  while (!done) { /* a new experiment for every piece of work */
    double *saved;
    ASSERT_OK(context, lmx_experiment_advance(context, part, &done));
    ASSERT_OK(context, lmx_experiment_save(context, part, &count, &saved));
    lmx_experiment_destroy(&part);
    part = start(5, all, LMX_SCHEME_SPLITTING, 700, 8, 1);
    ASSERT_OK(context, lmx_experiment_restore(context, part, count, saved));
    lmx_free(saved);
    ++pieces;
  }
  assert_true(pieces > 20);
  same_batches(whole, part);
  lmx_experiment_destroy(&whole);
  lmx_experiment_destroy(&part);
}

static void foreign_states_are_refused(void **state)
{
  (void)state;
  lmx_experiment *e = start(1, all, LMX_SCHEME_SPLITTING, 7, 4, 1);
  lmx_experiment *other = start(1, all, LMX_SCHEME_SPLITTING, 9, 6, 1);
  double *saved;
  size_t count;
  bool done;
  ASSERT_OK(context, lmx_experiment_advance(context, e, &done));
  ASSERT_OK(context, lmx_experiment_save(context, e, &count, &saved));
  assert_int_equal(lmx_experiment_restore(context, other, count, saved),
                   LMX_ERR_IO);
  assert_int_equal(lmx_experiment_restore(context, e, count - 1, saved),
                   LMX_ERR_IO);
  assert_int_equal(lmx_experiment_restore(context, e, 3, saved), LMX_ERR_IO);
  saved[0] = NAN;
  assert_int_equal(lmx_experiment_restore(context, e, count, saved),
                   LMX_ERR_IO);
  lmx_free(saved);
  lmx_experiment_destroy(&e);
  lmx_experiment_destroy(&other);
}

/* Every allocation may fail, and leaves nothing behind. */
static void run_out_of_memory(const lmx_initial *data,
                              const lmx_moment_data *moments)
{
  const size_t N = 3;
  const lmx_experiment_spec spec = {.nsystems = 5,
                                    .systems = all,
                                    .nnumbers = 1,
                                    .numbers = &N,
                                    .replicas = 2,
                                    .step = 0.05,
                                    .threads = 1,
                                    .ntimes = 3,
                                    .times = times,
                                    .moments = moments};
  long n = 0;
  for (lmx_status status = LMX_ERR_MEMORY; status != LMX_OK; ++n) {
    lmx_experiment *e = NULL;
    lmx_check_results *r = NULL;
    bool done = false;
    lmx_alloc_fail_after(n + 1);
    status = lmx_experiment_create(context, data, &spec, &e);
    while (status == LMX_OK && !done)
      status = lmx_experiment_advance(context, e, &done);
    if (status == LMX_OK)
      status = lmx_experiment_conclude(context, e, &r);
    lmx_alloc_fail_after(0);
    assert_true(status == LMX_OK || status == LMX_ERR_MEMORY);
    lmx_check_results_destroy(&r);
    lmx_experiment_destroy(&e);
  }
  assert_true(n > 40);
}

static void memory_may_run_out(void **state)
{
  (void)state;
  run_out_of_memory(initial, NULL);
}

/* A formula brings the moments that it has no closed form for. */
static void formulas_need_their_moments(void **state)
{
  (void)state;
  const lmx_initial_spec formula = {.d = 2,
                                    .kind = LMX_INITIAL_FORMULA,
                                    .normalise = true,
                                    .log_density = "-(v1^2/1.6+v2^2/0.4)/2"};
  const size_t N = 3;
  const lmx_experiment_spec spec = {.nsystems = 1,
                                    .systems = all,
                                    .nnumbers = 1,
                                    .numbers = &N,
                                    .replicas = 2,
                                    .step = 0.05,
                                    .ntimes = 3,
                                    .times = times};
  lmx_initial *same;
  lmx_moment_data moments;
  lmx_experiment *e = NULL;
  ASSERT_OK(context, lmx_initial_create(context, &formula, &same));
  assert_int_equal(lmx_experiment_create(context, same, &spec, &e),
                   LMX_ERR_USAGE);
  assert_null(e);
  ASSERT_OK(context, lmx_moment_data_create(context, initial, NULL, &moments));
  run_out_of_memory(same, &moments);
  lmx_initial_destroy(&same);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(equal_and_different_laws),
      cmocka_unit_test(few_replicas_decide_nothing),
      cmocka_unit_test(close_pairs_collapse_too),
      cmocka_unit_test(equal_laws_beside_the_splitting),
      cmocka_unit_test(wrong_pair_moments_are_noticed),
      cmocka_unit_test(pair_turns_conserve),
      cmocka_unit_test(the_variance_has_its_standard_error),
      cmocka_unit_test(wrong_moments_are_noticed),
      cmocka_unit_test(threads_do_not_matter),
      cmocka_unit_test(continuation_gives_the_same),
      cmocka_unit_test(foreign_states_are_refused),
      cmocka_unit_test(memory_may_run_out),
      cmocka_unit_test(formulas_need_their_moments),
  };
  if (lmx_context_create(&context) != LMX_OK)
    return 1;
  initial = gaussian(context, 2, 1.6);
  int failed = cmocka_run_group_tests(tests, NULL, NULL);
  lmx_initial_destroy(&initial);
  lmx_context_destroy(&context);
  return failed;
}
