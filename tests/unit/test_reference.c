/* Stored results: tolerances against hand counts, comparison, the file. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { N = 3 };

typedef struct fixture {
  lmx_context *context;
  lmx_check_result items[N];
  lmx_check_results results;
  lmx_reference *reference;
} fixture;

static void make_results(fixture *f)
{
  f->items[0] = (lmx_check_result){.id = "thm-2.3",
                                   .statement = "growth",
                                   .status = LMX_HOLDS,
                                   .value = 1.5,
                                   .bound = 2.0,
                                   .slack = 0.5,
                                   .has_where = true,
                                   .t = 0.25,
                                   .v = {3.0, 4.0}};
  f->items[1] = (lmx_check_result){.id = "eq-3.4",
                                   .statement = "temperatures",
                                   .status = LMX_FAILS,
                                   .value = 2e-9,
                                   .bound = 1e-9,
                                   .slack = -1e-9,
                                   .has_where = true,
                                   .t = 0.25,
                                   .v = {NAN, NAN}};
  f->items[2] = (lmx_check_result){.id = "exact-error",
                                   .statement = "error",
                                   .status = LMX_INFO,
                                   .value = NAN,
                                   .bound = INFINITY,
                                   .slack = NAN};
  f->results = (lmx_check_results){.n = N, .items = f->items};
}

static lmx_reference *take(fixture *f)
{
  const lmx_reference_head head = {.kind = LMX_REFERENCE_RUN,
                                   .title = "a \"title\"",
                                   .dimension = 2,
                                   .end = 0.25,
                                   .formulation = LMX_FORMULATION_LOG,
                                   .radius = 6.0};
  lmx_reference *reference;
  ASSERT_OK(f->context,
            lmx_reference_create(f->context, &head, &f->results, &reference));
  return reference;
}

static int open_fixture(void **state)
{
  fixture *f = calloc(1, sizeof *f);
  *state = f;
  ASSERT_OK(f->context, lmx_context_create(&f->context));
  make_results(f);
  f->reference = take(f);
  return 0;
}

static int close_fixture(void **state)
{
  fixture *f = *state;
  lmx_reference_destroy(&f->reference);
  lmx_context_destroy(&f->context);
  free(f);
  return 0;
}

/* How many checks of the fixture as it stands differ from the stored ones; the
 * text has `what` in a line with the id (NULL: no text at all). */
static size_t differing(fixture *f, const char *id, const char *what)
{
  lmx_reference *now = take(f);
  size_t n = 77;
  char *text = NULL, line[64];
  ASSERT_OK(f->context,
            lmx_reference_compare(f->context, f->reference, now, &n, &text));
  if (id == NULL) {
    assert_string_equal(text, "");
  } else {
    snprintf(line, sizeof line, "  %-12s %-7s ", id, what);
    assert_non_null(strstr(text, line));
  }
  for (const char *p = text; *p != '\0'; p = strchr(p, '\n') + 1)
    assert_true(strchr(p, '\n') - p <= 80);
  lmx_free(text);
  lmx_reference_destroy(&now);
  return n;
}

static void what_is_the_same_agrees(void **state)
{
  fixture *f = *state;
  assert_int_equal(differing(f, NULL, NULL), 0);
}

static void each_difference_is_named(void **state)
{
  fixture *f = *state;
  const lmx_check_result before = f->items[0];
  f->items[0].value = 1.5 + 1e-12;
  assert_int_equal(differing(f, "thm-2.3", "value"), 1);
  f->items[0] = before;
  f->items[0].bound = INFINITY;
  assert_int_equal(differing(f, "thm-2.3", "bound"), 1);
  f->items[0] = before;
  f->items[0].status = LMX_INFO;
  assert_int_equal(differing(f, "thm-2.3", "verdict"), 1);
  f->items[0] = before;
  f->items[0].t = 0.0;
  assert_int_equal(differing(f, "thm-2.3", "t"), 1);
  f->items[0] = before;
  f->items[0].v[0] = 0.0;
  assert_int_equal(differing(f, "thm-2.3", "|v|"), 1);
  f->items[0] = before;
  f->items[0].has_where = false;
  assert_int_equal(differing(f, "thm-2.3", "t"), 1);
  f->items[0] = before;
  f->items[2].value = 0.0;
  assert_int_equal(differing(f, "exact-error", "value"), 1);
  f->items[2].value = NAN;
  f->items[2].id = "brand-new"; /* and exact-error is gone */
  assert_int_equal(differing(f, "brand-new", "verdict"), 2);
  assert_int_equal(differing(f, "exact-error", "verdict"), 2);
}

static void another_run_is_named(void **state)
{
  fixture *f = *state;
  f->reference->head.radius = 7.0;
  assert_int_equal(differing(f, "the run", "radius"), 1);
  f->reference->head.end = 0.5;
  assert_int_equal(differing(f, "the run", "end"), 2);
  f->reference->head.dimension = 3;
  assert_int_equal(differing(f, "the run", "d"), 3);
  f->reference->head.formulation = LMX_FORMULATION_DENSITY;
  assert_int_equal(differing(f, "the run", "form"), 4);
}

/* Widened by results off by 1e-6 and -3e-6, with margin: by hand. */
static void tolerances_are_the_distances_with_margin(void **state)
{
  fixture *f = *state;
  lmx_reference_check *check = &f->reference->checks[0];
  f->items[0].value = 1.5 + 1e-6;
  lmx_reference_widen(&f->results, 0.5, f->reference);
  f->items[0].value = 1.5 - 3e-6;
  f->items[0].slack = 0.5 + 3e-6;
  f->items[0].v[0] = 3.2; /* |v| = 5.12 */
  lmx_reference_widen(&f->results, 0.5, f->reference);
  ASSERT_NEAR(check->value.tolerance, 3e-6, 1e-15);
  ASSERT_NEAR(check->bound.tolerance, 0.0, 0.0);
  assert_true(check->has_place);
  lmx_reference_add_margin(4.0, 1e-8, 1e-10, f->reference);
  ASSERT_NEAR(check->value.tolerance, 12e-6 + 1e-10 + 1.5 * 1.0005e-8, 1e-14);
  ASSERT_NEAR(check->bound.tolerance, 1e-10 + 2.0 * 1.0005e-8, 1e-14);
  ASSERT_NEAR(check->slack.tolerance,
              check->value.tolerance + check->bound.tolerance, 1e-14);
  f->items[0].value = 1.5 + 1.19e-5; /* just inside, then just outside */
  assert_int_equal(differing(f, NULL, NULL), 0);
  f->items[0].value = 1.5 + 1.21e-5;
  assert_int_equal(differing(f, "thm-2.3", "value"), 1);
  ASSERT_NEAR(f->reference->checks[1].value.tolerance, 1e-10, 1e-15);
}

static void what_is_not_settled_is_not_compared(void **state)
{
  fixture *f = *state;
  f->items[0].v[0] = 5.0; /* |v| = 6.4 */
  f->items[0].slack = NAN;
  lmx_reference_widen(&f->results, 0.5, f->reference);
  f->items[0].v[0] = 0.1;
  f->items[0].slack = 123.0;
  assert_int_equal(differing(f, NULL, NULL), 0);
  f->items[0].slack = NAN;
  assert_int_equal(differing(f, "thm-2.3", "slack"), 1);
}

/* Of moments and particles there is neither formulation nor ball. */
static void other_kinds_have_their_file(void **state)
{
  fixture *f = *state;
  char path[] = "test_reference.XXXXXX";
  lmx_reference *back;
  f->reference->head.kind = LMX_REFERENCE_PARTICLES;
  f->reference->head.radius = NAN;
  assert_int_equal(differing(f, "the run", "kind"), 2); /* and the radius */
  close(mkstemp(path));
  ASSERT_OK(f->context, lmx_reference_write(f->context, f->reference, path));
  ASSERT_OK(f->context, lmx_reference_read(f->context, path, &back));
  assert_int_equal(unlink(path), 0);
  assert_int_equal(back->head.kind, LMX_REFERENCE_PARTICLES);
  assert_int_equal(back->head.dimension, 2);
  ASSERT_NEAR(back->head.end, 0.25, 0.0);
  assert_true(isnan(back->head.radius));
  assert_int_equal(back->n, N);
  lmx_reference_destroy(&back);
}

static void the_file_gives_back_what_was_written(void **state)
{
  fixture *f = *state;
  char path[] = "test_reference.XXXXXX";
  close(mkstemp(path));
  f->items[0].slack = NAN;
  lmx_reference_widen(&f->results, 0.5, f->reference);
  f->items[0].slack = 0.5;
  lmx_reference_add_margin(4.0, 1e-8, 1e-10, f->reference);
  ASSERT_OK(f->context, lmx_reference_write(f->context, f->reference, path));
  lmx_reference *back;
  ASSERT_OK(f->context, lmx_reference_read(f->context, path, &back));
  assert_string_equal(back->head.title, "a \"title\"");
  assert_int_equal(back->n, N);
  ASSERT_NEAR(back->checks[0].value.tolerance, 1.5e-8, 0.2e-8);
  assert_true(isnan(back->checks[0].slack.tolerance));
  assert_true(isnan(back->checks[2].bound.value));
  lmx_reference_destroy(&f->reference);
  f->reference = back;
  assert_int_equal(differing(f, NULL, NULL), 0);
  assert_int_equal(unlink(path), 0);
}

int main(void)
{
#define CASE(name)                                                             \
  cmocka_unit_test_setup_teardown(name, open_fixture, close_fixture)
  const struct CMUnitTest tests[] = {
      CASE(what_is_the_same_agrees),
      CASE(each_difference_is_named),
      CASE(another_run_is_named),
      CASE(tolerances_are_the_distances_with_margin),
      CASE(what_is_not_settled_is_not_compared),
      CASE(other_kinds_have_their_file),
      CASE(the_file_gives_back_what_was_written),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
