/* report.json and report.txt against the numbers they are made from. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

enum { D = 3, NTIMES = 2, NCHECKS = 4 };

typedef struct fixture {
  lmx_context *context;
  lmx_solution *solution;
  lmx_check_result items[NCHECKS];
  lmx_check_results checks;
  lmx_report report;
  char *text; /* report.txt, see make_text */
} fixture;

static void make_solution(fixture *f)
{
  const double anisotropy[D] = {0.8, -0.2, -0.6};
  const lmx_axis_spec axes[D] = {{LMX_AXIS_MIRRORED, 10, 8.0},
                                 {LMX_AXIS_FULL, 12, 7.0},
                                 {LMX_AXIS_MIRRORED, 14, 6.5}};
  const lmx_solver_options options = {
      .formulation = LMX_FORMULATION_LOG, .rtol = 1e-8, .atol = 1e-10};
  lmx_affine map = {.d = D, .mass = 2.5, .scale = 0.75};
  lmx_model model;
  lmx_grid *grid;
  double *u;
  for (int a = 0; a < D; ++a) {
    map.mean[a] = a - 0.5;
    map.rotation[a * D + (a + 1) % D] = 1.0;
  }
  ASSERT_OK(f->context, lmx_model_init(f->context, D, anisotropy, &model));
  ASSERT_OK(f->context, lmx_grid_create(f->context, D, D, axes, 6, &grid));
  ASSERT_OK(f->context, LMX_NEW_ARRAY(f->context, grid->size, &u));
  ASSERT_OK(f->context, lmx_solution_create(f->context, &model, &map, &options,
                                            grid, &f->solution));
  for (int k = 0; k < NTIMES; ++k)
    ASSERT_OK(f->context, lmx_solution_add(f->context, f->solution, 0.25 * k,
                                           k == 0 ? INFINITY : 4.75, u));
  lmx_free(u);
  f->solution->stats = (lmx_solver_stats){.steps = 101,
                                          .rhs_evaluations = 202,
                                          .newton_iterations = 303,
                                          .newton_failures = 4,
                                          .error_test_failures = 5,
                                          .krylov_iterations = 606,
                                          .krylov_failures = 7,
                                          .jacobian_products = 808,
                                          .preconditioner_setups = 9,
                                          .preconditioner_solves = 1010,
                                          .last_order = 5,
                                          .last_step = 0.1 / 3.0,
                                          .wall_seconds = 1.0 / 7.0};
}

static void make_checks(fixture *f)
{
  f->items[0] = (lmx_check_result){
      .id = "thm-2.3",
      .statement = "sup |grad log f| / (1 + sqrt t + |v|) is bounded",
      .status = LMX_HOLDS,
      .value = 0.1 + 0.2,
      .bound = 4.0 / 3.0,
      .slack = 4.0 / 3.0 - (0.1 + 0.2),
      .has_where = true,
      .t = 0.25,
      .v = {3.0, -4.0, 12.0},
      .edge = LMX_EDGE_LEVEL,
      .note = "verified on |v| <= 6; the ratio is no longer growing there, "
              "and this note is long enough to need more than one line"};
  f->items[1] = (lmx_check_result){.id = "lem-4.5-as-printed",
                                   .statement = "the printed constant 16d",
                                   .status = LMX_FAILS,
                                   .value = INFINITY,
                                   .bound = -INFINITY,
                                   .slack = -1e-300,
                                   .edge = LMX_EDGE_GROWING};
  f->items[2] = (lmx_check_result){.id = "H",
                                   .statement = "the entropy decreases",
                                   .status = LMX_INFO,
                                   .value = NAN,
                                   .bound = NAN,
                                   .slack = NAN,
                                   .has_where = true,
                                   .t = 0.5,
                                   .v = {NAN, NAN, NAN}};
  f->items[3] = (lmx_check_result){.id = "eq-1.2",
                                   .statement = "mass is conserved",
                                   .status = LMX_HOLDS,
                                   .value = 1e-9,
                                   .bound = 1e-8,
                                   .slack = 9e-9};
  /* a note cut inside a two-byte character */
  strcpy(f->items[3].note, "caf\303");
  f->checks = (lmx_check_results){.n = NCHECKS, .items = f->items};
}

static int set_up(void **state)
{
  fixture *f = calloc(1, sizeof *f);
  if (f == NULL || lmx_context_create(&f->context) != LMX_OK)
    return -1;
  make_solution(f);
  make_checks(f);
  f->report = (lmx_report){.case_path = "cases/\"quoted\".toml",
                           .title = "A title",
                           .solution = f->solution,
                           .kind = LMX_INITIAL_MIXTURE,
                           .exact_name = "rotated mixture",
                           .radius = 5.0,
                           .checks = &f->checks,
                           .seconds_setup = 0.125,
                           .seconds_solve = 2.5,
                           .seconds_check = 0.75,
                           .seconds_write = 0.0625};
  *state = f;
  return 0;
}

static int tear_down(void **state)
{
  fixture *f = *state;
  lmx_free(f->text);
  lmx_solution_destroy(&f->solution);
  lmx_context_destroy(&f->context);
  free(f);
  return 0;
}

/* --- JSON -------------------------------------------------------------- */

static json_t *parse(const fixture *f)
{
  char *text;
  json_error_t error;
  ASSERT_OK(f->context, lmx_report_json(f->context, &f->report, &text));
  assert_int_equal(text[strlen(text) - 1], '\n');
  json_t *root = json_loads(text, JSON_REJECT_DUPLICATES, &error);
  if (root == NULL)
    fail_msg("line %d: %s", error.line, error.text);
  lmx_free(text);
  return root;
}

static json_t *get(const json_t *object, const char *key)
{
  json_t *value = json_object_get(object, key);
  if (value == NULL)
    fail_msg("key %s is missing", key);
  return value;
}

static void expect_text(const json_t *object, const char *key, const char *want)
{
  json_t *value = get(object, key);
  assert_true(json_is_string(value));
  assert_string_equal(json_string_value(value), want);
}

/* bit-exact; null where the number is not finite */
static void expect_real(const json_t *value, double want)
{
  if (!isfinite(want)) {
    assert_true(json_is_null(value));
    return;
  }
  assert_true(json_is_real(value));
  ASSERT_NEAR(json_real_value(value), want, 0.0);
}

static void expect_number(const json_t *object, const char *key, double want)
{
  expect_real(get(object, key), want);
}

static void expect_integer(const json_t *object, const char *key, long want)
{
  json_t *value = get(object, key);
  assert_true(json_is_integer(value));
  assert_int_equal(json_integer_value(value), want);
}

static void expect_numbers(const json_t *object, const char *key,
                           const double *want, size_t n)
{
  json_t *array = get(object, key);
  assert_int_equal(json_array_size(array), n);
  for (size_t i = 0; i < n; ++i)
    expect_real(json_array_get(array, i), want[i]);
}

static void json_has_every_check(void **state)
{
  const fixture *f = *state;
  const char *const status[NCHECKS] = {"holds", "fails", "info", "holds"};
  json_t *root = parse(f), *checks = get(root, "checks");
  assert_int_equal(json_array_size(checks), NCHECKS);
  for (size_t i = 0; i < NCHECKS; ++i) {
    const lmx_check_result *want = &f->items[i];
    json_t *check = json_array_get(checks, i);
    assert_int_equal(json_object_size(check), 10);
    expect_text(check, "id", want->id);
    expect_text(check, "statement", want->statement);
    expect_text(check, "status", status[i]);
    expect_text(check, "expected", "holds");
    const json_t *edge = get(check, "growing_at_edge");
    assert_true(want->edge == LMX_EDGE_GROWING ? json_is_true(edge)
                : want->edge == LMX_EDGE_LEVEL ? json_is_false(edge)
                                               : json_is_null(edge));
    expect_text(check, "note", i == 3 ? "caf?" : want->note);
    expect_number(check, "value", want->value);
    expect_number(check, "bound", want->bound);
    expect_number(check, "slack", want->slack);
    if (want->has_where) {
      expect_number(get(check, "where"), "t", want->t);
      if (isnan(want->v[0]))
        assert_true(json_is_null(get(get(check, "where"), "v")));
      else
        expect_numbers(get(check, "where"), "v", want->v, D);
    } else {
      assert_true(json_is_null(get(check, "where")));
    }
  }
  json_t *summary = get(root, "summary");
  expect_integer(summary, "holds", 2);
  expect_integer(summary, "fails", 1);
  expect_integer(summary, "info", 1);
  json_decref(root);
}

static void json_describes_the_solver(void **state)
{
  const fixture *f = *state;
  json_t *root = parse(f), *solver = get(root, "solver");
  expect_text(solver, "formulation", "log");
  expect_number(solver, "rtol", 1e-8);
  expect_number(solver, "atol", 1e-10);
  expect_integer(solver, "steps", 101);
  expect_integer(solver, "rhs_evaluations", 202);
  expect_integer(solver, "newton_iterations", 303);
  expect_integer(solver, "newton_failures", 4);
  expect_integer(solver, "error_test_failures", 5);
  expect_integer(solver, "krylov_iterations", 606);
  expect_integer(solver, "krylov_failures", 7);
  expect_integer(solver, "jacobian_products", 808);
  expect_integer(solver, "preconditioner_setups", 9);
  expect_integer(solver, "preconditioner_solves", 1010);
  expect_integer(solver, "last_order", 5);
  expect_number(solver, "last_step", 0.1 / 3.0);
  expect_number(solver, "wall_seconds", 1.0 / 7.0);
  json_t *timing = get(root, "timing");
  expect_number(timing, "setup", 0.125);
  expect_number(timing, "solve", 2.5);
  expect_number(timing, "check", 0.75);
  expect_number(timing, "write", 0.0625);
  json_decref(root);
}

/* nodes of the test grid inside the ball, counted by hand from the formulas
 * of grid.h */
static long nodes_inside(double radius)
{
  long n = 0;
  for (int i = 0; i < 10; ++i)
    for (int j = 0; j < 12; ++j)
      for (int k = 0; k < 14; ++k) {
        double x = (i + 0.5) * 0.8, y = -7.0 + (j + 0.5) * (14.0 / 12.0);
        double z = (k + 0.5) * (6.5 / 14.0);
        n += x * x + y * y + z * z <= radius * radius;
      }
  return n;
}

static void json_describes_grid_and_data(void **state)
{
  const fixture *f = *state;
  const double anisotropy[D] = {0.8, -0.2, -0.6};
  const char *const kinds[D] = {"mirrored", "full", "mirrored"};
  const double widths[D] = {8.0, 7.0, 6.5};
  const int points[D] = {10, 12, 14};
  const double times[NTIMES] = {0.0, 0.25}, trust[NTIMES] = {INFINITY, 4.75};
  json_t *root = parse(f), *grid = get(root, "grid");
  expect_text(root, "case", f->report.case_path);
  expect_text(root, "title", "A title");
  expect_text(root, "version", lmx_version());
  expect_numbers(root, "times", times, NTIMES);
  expect_numbers(root, "trust_radius", trust, NTIMES);
  expect_integer(grid, "dimension", D);
  expect_integer(grid, "order", 6);
  expect_integer(grid, "nodes", 10 * 12 * 14);
  expect_number(grid, "radius", 5.0);
  expect_integer(grid, "nodes_checked", nodes_inside(5.0));
  for (int i = 0; i < D; ++i) {
    json_t *axis = json_array_get(get(grid, "axes"), (size_t)i);
    double extent = i == 1 ? 2.0 * widths[i] : widths[i];
    expect_text(axis, "kind", kinds[i]);
    expect_integer(axis, "points", points[i]);
    expect_number(axis, "half_width", widths[i]);
    ASSERT_NEAR(json_real_value(get(axis, "spacing")), extent / points[i],
                1e-15);
  }
  json_t *initial = get(root, "initial"), *map = get(initial, "map");
  expect_text(initial, "kind", "mixture");
  expect_text(initial, "exact", "rotated mixture");
  ASSERT_NEAR(json_real_value(get(initial, "eta")), 0.4, 1e-15);
  for (size_t a = 0; a < D; ++a)
    ASSERT_NEAR(json_real_value(json_array_get(get(initial, "D"), a)),
                anisotropy[a], 1e-15);
  assert_true(json_is_false(get(map, "identity")));
  expect_number(map, "mass", 2.5);
  expect_number(map, "scale", 0.75);
  expect_numbers(map, "mean", f->solution->map.mean, D);
  json_t *row = json_array_get(get(map, "rotation"), 2);
  assert_int_equal(json_array_size(row), D);
  ASSERT_NEAR(json_real_value(json_array_get(row, 0)), 1.0, 0.0);
  json_decref(root);
}

/* Moments, particles. */
static void json_holds_the_inputs_where_nothing_was_solved(void **state)
{
  fixture *f = *state;
  static const double N[] = {10.0, 1e12, INFINITY};
  const lmx_report_input inputs[] = {{.key = "systems", .text = "a \"b\""},
                                     {.key = "particles", .n = 3, .numbers = N},
                                     {.key = "M_4", .number = 1.0 / 3.0}};
  json_t *root = parse(f);
  expect_text(root, "command", "run");
  assert_null(json_object_get(root, "setup"));
  json_decref(root);
  f->report.solution = NULL;
  f->report.command = "moments";
  f->report.dimension = D;
  f->report.about = "about";
  f->report.closing = "closing";
  f->report.ninputs = 3;
  f->report.inputs = inputs;
  root = parse(f);
  expect_text(root, "command", "moments");
  expect_integer(root, "dimension", D);
  expect_text(root, "about", "about");
  expect_text(root, "closing", "closing");
  assert_null(json_object_get(root, "grid"));
  json_t *setup = get(root, "setup");
  expect_text(setup, "systems", "a \"b\"");
  expect_numbers(setup, "particles", N, 3);
  expect_number(setup, "M_4", 1.0 / 3.0);
  json_decref(root);
}

static void absent_names_are_null(void **state)
{
  fixture *f = *state;
  f->report.exact_name = NULL;
  f->solution->map.identity = true;
  json_t *root = parse(f);
  assert_true(json_is_null(get(get(root, "initial"), "exact")));
  assert_true(json_is_true(get(get(get(root, "initial"), "map"), "identity")));
  json_decref(root);
}

/* --- text -------------------------------------------------------------- */

static const char *make_text(fixture *f)
{
  ASSERT_OK(f->context, lmx_report_text(f->context, &f->report, &f->text));
  return f->text;
}

static void expect_part(const char *text, const char *part)
{
  if (strstr(text, part) == NULL) {
    print_error("%s\nlacks \"%s\"\n", text, part);
    fail();
  }
}

/* Line of the verdict table beginning with two blanks and this id. */
static void expect_row(const char *text, const lmx_check_result *want,
                       const char *verdict)
{
  char line[128], id[64], word[16], value[16];
  snprintf(line, sizeof line, "\n  %s ", want->id);
  expect_part(text, line);
  assert_int_equal(
      sscanf(strstr(text, line), "%63s %15s %15s", id, word, value), 3);
  assert_string_equal(word, verdict);
  if (isnan(want->value))
    assert_string_equal(value, "-");
  else if (isfinite(want->value))
    ASSERT_NEAR(strtod(value, NULL), want->value, 1e-3 * fabs(want->value));
}

static void text_has_every_check(void **state)
{
  fixture *f = *state;
  const char *const status[NCHECKS] = {"holds", "fails", "info", "holds"};
  const char *text = make_text(f);
  for (size_t i = 0; i < NCHECKS; ++i) {
    char heading[128];
    expect_row(text, &f->items[i], status[i]);
    snprintf(heading, sizeof heading, "\n%s (%s)\n  %s\n", f->items[i].id,
             status[i], f->items[i].statement);
    expect_part(text, heading);
  }
  expect_part(text, "Verdicts: 2 hold, 1 fails, 1 for information");
  expect_part(text, "t=0.25 |v|=13");
  expect_part(text, "tightest at t = 0.25, v = (3, -4, 12)");
  expect_part(text, "tightest at t = 0.5\n");
}

static void text_says_what_was_solved(void **state)
{
  fixture *f = *state;
  char part[64];
  const char *text = make_text(f);
  expect_part(text, "A title\n");
  expect_part(text, "cases/\"quoted\".toml");
  expect_part(text, lmx_version());
  expect_part(text, "d = 3");
  expect_part(text, "(1.8, 0.8, 0.4)");
  expect_part(text, "mirrored    10 points on [0, 8], spacing 0.8");
  expect_part(text, "full        12 points on [-7, 7], spacing 1.167");
  expect_part(text, "1680 nodes, differences of order 6");
  expect_part(text, "rtol = 1e-08, atol = 1e-10");
  expect_part(text, "rho = 2.5, s = 0.75");
  expect_part(text, "m = (-0.5, 0.5, 1.5)");
  expect_part(text, "rotated mixture");
  expect_part(text, "evidence and not");
  expect_part(text, "at least |v| <= 4.75");
  snprintf(part, sizeof part, "at %ld points and 2 times", nodes_inside(5.0));
  expect_part(text, part);
}

/* Moments of rounding or of a smooth formula need no words. */
static void text_says_how_well_the_moments_are_known(void **state)
{
  fixture *f = *state;
  f->report.moments_error = 1e-11;
  assert_null(strstr(make_text(f), "derivatives"));
  lmx_free(f->text);
  f->report.moments_error = 3e-9;
  make_text(f);
  expect_part(f->text, "too few derivatives");
  expect_part(f->text, "known to 3e-09.");
}

static void text_fits_a_terminal(void **state)
{
  fixture *f = *state;
  const char *text = make_text(f);
  for (const char *p = text; *p != '\0';) {
    size_t n = strcspn(p, "\n");
    if (n > 80 || (n > 0 && p[n - 1] == ' '))
      fail_msg("bad line of %zu characters: %.*s", n, (int)n, p);
    p += n + 1;
  }
}

static void an_identity_map_is_not_mentioned(void **state)
{
  fixture *f = *state;
  f->solution->map.identity = true;
  f->report.exact_name = NULL;
  f->solution->trust[1] = INFINITY;
  const char *text = make_text(f);
  assert_null(strstr(text, "rho = "));
  assert_null(strstr(text, "exact solution"));
  assert_null(strstr(text, "trustworthy"));
}

static void allocation_failures_are_reported(void **state)
{
  const fixture *f = *state;
  lmx_status status = LMX_ERR_MEMORY;
  char *text;
  long n;
  for (n = 1; status != LMX_OK; ++n) {
    lmx_alloc_fail_after(n);
    status = lmx_report_text(f->context, &f->report, &text);
    assert_true(status == LMX_OK || status == LMX_ERR_MEMORY);
  }
  assert_in_range(n, 4, 100);
  lmx_free(text);
  lmx_alloc_fail_after(1);
  assert_int_equal(lmx_report_json(f->context, &f->report, &text),
                   LMX_ERR_MEMORY);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, set_up, tear_down)

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(json_has_every_check),
      TEST(json_describes_the_solver),
      TEST(json_describes_grid_and_data),
      TEST(json_holds_the_inputs_where_nothing_was_solved),
      TEST(absent_names_are_null),
      TEST(text_has_every_check),
      TEST(text_says_what_was_solved),
      TEST(text_says_how_well_the_moments_are_known),
      TEST(text_fits_a_terminal),
      TEST(an_identity_map_is_not_mentioned),
      TEST(allocation_failures_are_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
