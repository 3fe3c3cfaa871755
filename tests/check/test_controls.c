/* Negative controls: corrupted solutions and wrong statements, and which check
 * rejects which. The table is docs/controls.md: the test writes it as
 * controls.md into its working directory, prints it, and compares. */
#include "controls.h"

#include "check/lemma.h"

enum { CHECKS = 64 };

/* --- wrong statements, checked on the true solution by the same machinery */

static lmx_pointwise changed; /* 40 kB */

static const lmx_pointwise *wrong_kappa(const lmx_pointwise *p)
{
  changed = *p;
  changed.kappa += 1.0;
  return &changed;
}

/* c_a = d - 1 + exp(-4dt) D_aa */
static const lmx_pointwise *wrong_c(const lmx_pointwise *p)
{
  changed = *p;
  for (int a = 0; a < p->d; ++a)
    changed.c[a] = 2.0 * (p->d - 1.0) - p->c[a];
  return &changed;
}

static lmx_side lem_4_1_wrong_D(const lmx_pointwise *p)
{
  return lmx_lem_4_1_right(wrong_c(p));
}

static lmx_side lem_4_2_wrong_D(const lmx_pointwise *p)
{
  return lmx_lem_4_2_right(wrong_c(p));
}

static lmx_side lem_4_2_wrong_kappa(const lmx_pointwise *p)
{
  return lmx_lem_4_2_right(wrong_kappa(p));
}

static lmx_side lem_4_5_wrong_D(const lmx_pointwise *p)
{
  return lmx_lem_4_5_right(wrong_c(p));
}

/* The step of the printed proof: |Hess f|^2 in place of (Lap f)^2 >= it. */
static lmx_side lem_4_5_step(const lmx_pointwise *p)
{
  lmx_side side = lmx_lem_4_5_right(p);
  double trace = 0.0;
  for (int a = 0; a < p->d; ++a)
    trace += p->K[a * p->d + a];
  lmx_side_add(&side, 4.0 * (p->K2 - trace * trace));
  return side;
}

static lmx_side lem_4_6_wrong_kappa(const lmx_pointwise *p)
{
  return lmx_lem_4_6_right(wrong_kappa(p));
}

static lmx_side lem_4_6_wrong_D(const lmx_pointwise *p)
{
  return lmx_lem_4_6_right(wrong_c(p));
}

static lmx_side eq_4_5_wrong_D(const lmx_pointwise *p)
{
  return lmx_lem_4_2_paper(wrong_c(p));
}

static lmx_side eq_4_5_wrong_kappa(const lmx_pointwise *p)
{
  return lmx_lem_4_2_paper(wrong_kappa(p));
}

/* With the sum over all a, b, not half of it: the slip of Lemma 4.6. */
static lmx_side eq_4_5_twice(const lmx_pointwise *p)
{
  lmx_side side = lmx_lem_4_2_paper(p);
  lmx_side_add(&side, -lmx_rotation_square(p));
  return side;
}

static double half_K1(const lmx_bernstein *b)
{
  return 0.5 * b->K1;
}

static double half_K2(const lmx_bernstein *b)
{
  return 0.5 * b->K2;
}

static double twice_eta(const lmx_bernstein *b)
{
  return -2.0 * b->eta;
}

typedef struct wrong_statement {
  const lmx_check_class *of;
  const lmx_lemma *lemma;
  const char *name;
  lmx_side (*right)(const lmx_pointwise *p); /* in its place, or */
  double (*K)(const lmx_bernstein *b);       /* in its place */
} wrong_statement;

static const wrong_statement statements[] = {
    {&lmx_check_lem_4_1, &lmx_lemma_4_1, "D of the wrong sign in c_a",
     .right = lem_4_1_wrong_D},
    {&lmx_check_lem_4_1, &lmx_lemma_4_1, "K1 and 4d halved", .K = half_K1},
    {&lmx_check_lem_4_2, &lmx_lemma_4_2, "D of the wrong sign in c_a",
     .right = lem_4_2_wrong_D},
    {&lmx_check_lem_4_2, &lmx_lemma_4_2, "kappa = d(d-1) + 1",
     .right = lem_4_2_wrong_kappa},
    {&lmx_check_lem_4_2, &lmx_lemma_4_2, "eta doubled", .K = twice_eta},
    {&lmx_check_lem_4_5, &lmx_lemma_4_5, "D of the wrong sign in c_a",
     .right = lem_4_5_wrong_D},
    {&lmx_check_lem_4_5, &lmx_lemma_4_5,
     "*printed proof:* (Lap f)^2 <= \\|Hess f\\|^2", .right = lem_4_5_step},
    {&lmx_check_lem_4_5, &lmx_lemma_4_5, "K2 and 16d halved", .K = half_K2},
    {&lmx_check_lem_4_6, &lmx_lemma_4_6, "*printed:* last term twice",
     .right = lmx_lem_4_6_printed},
    {&lmx_check_lem_4_6, &lmx_lemma_4_6, "D of the wrong sign in c_a",
     .right = lem_4_6_wrong_D},
    {&lmx_check_lem_4_6, &lmx_lemma_4_6, "kappa = d(d-1) + 1",
     .right = lem_4_6_wrong_kappa},
    {&lmx_check_eq_4_5, &lmx_equation_4_5, "last term twice",
     .right = eq_4_5_twice},
    {&lmx_check_eq_4_5, &lmx_equation_4_5, "D of the wrong sign in c_a",
     .right = eq_4_5_wrong_D},
    {&lmx_check_eq_4_5, &lmx_equation_4_5, "kappa = d(d-1) + 1",
     .right = eq_4_5_wrong_kappa},
};
enum { STATEMENTS = sizeof statements / sizeof statements[0] };

static void make_base(sample *s, bool mirrored)
{
  const lmx_axis_spec full[2] = {{LMX_AXIS_FULL, 62, 9.0},
                                 {LMX_AXIS_FULL, 62, 9.0}};
  const lmx_axis_spec half[2] = {{LMX_AXIS_MIRRORED, 36, 8.0},
                                 {LMX_AXIS_MIRRORED, 36, 8.0}};
  const double times[4] = {0.0, 0.025, 0.05, 0.1};
  sample_axisymmetric(s, 2, 1.3, 2, mirrored ? half : full, 4, times, 6.0);
}

/* Runs one control on a copy of the base: caught[i] for failing checks. */
static void run_control(const control *c, const sample *base, bool *caught)
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
  for (size_t i = 0; i < results->n; ++i)
    caught[i] = results->items[i].status == LMX_FAILS;
  lmx_check_results_destroy(&results);
  for (size_t k = 0; k < s.ntimes; ++k)
    lmx_free(s.u[k]);
}

/* The class of a check with another right side or constant. */
static lmx_verdict verdict_on(sample *base, const wrong_statement *wrong)
{
  lmx_lemma lemma = *wrong->lemma;
  if (wrong->right != NULL)
    lemma.right = wrong->right;
  if (wrong->K != NULL)
    lemma.K = wrong->K;
  const lmx_check_class class = {
      .id = "wrong", .statement = wrong->name, LMX_LEMMA_CLASS(&lemma)};
  const lmx_check_class *const classes[1] = {&class};
  lmx_check_results *results = NULL;
  base->input.model = &base->model;
  base->input.times = base->times;
  base->input.trust = base->trust;
  base->input.u = (const double *const *)base->u;
  ASSERT_OK(base->context, lmx_checks_run_classes(base->context, &base->input,
                                                  1, classes, &results));
  lmx_verdict verdict = results->items[0].status;
  lmx_check_results_destroy(&results);
  return verdict;
}

static void wrong_statements_are_rejected(void **state)
{
  (void)state;
  sample base;
  make_base(&base, false);
  for (size_t i = 0; i < STATEMENTS; ++i) {
    /* the machinery as it is accepts what it is changed from */
    wrong_statement right = statements[i];
    right.right = NULL;
    right.K = NULL;
    if (verdict_on(&base, &right) != LMX_HOLDS ||
        verdict_on(&base, &statements[i]) != LMX_FAILS)
      fail_msg("%s: %s", statements[i].of->id, statements[i].name);
  }
  sample_close(&base);
}

/* --- the table */

static const char *name_of(size_t c, char *text, size_t size)
{
  size_t used = 0;
  for (const char *p = controls[c].name; *p != '\0' && used + 2 < size; ++p) {
    if (*p == '|')
      text[used++] = '\\';
    text[used++] = *p;
  }
  text[used] = '\0';
  return text;
}

static const char introduction[] =
    "# What the checks reject\n\n"
    "Negative controls: corrupted solutions, and statements changed into wrong "
    "ones and\nchecked on the true solution. Made by tests/check/"
    "test_controls.c, which fails if this\npage is not current. The solution "
    "is d = 2, E(0) = diag(1.3, 0.7), \\|v\\| <= 6, t = 0\nto 0.1. Wrong "
    "statements about jets and particles alone are in "
    "[statements.md](statements.md).\n";

static void write_by_check(FILE *out, bool (*caught)[CHECKS])
{
  char text[128];
  fputs("\n| check | rejects the solution with | rejects as statement |\n"
        "|---|---|---|\n",
        out);
  for (size_t i = 0; i < lmx_check_count(); ++i) {
    const char *separator = "";
    fprintf(out, "| %s | ", lmx_check_id(i));
    for (size_t c = 0; c < CONTROLS; ++c)
      if (caught[c][i]) {
        fprintf(out, "%s%s", separator, name_of(c, text, sizeof text));
        separator = "; ";
      }
    fputs(" | ", out);
    separator = "";
    for (size_t w = 0; w < STATEMENTS; ++w)
      if (strcmp(statements[w].of->id, lmx_check_id(i)) == 0) {
        fprintf(out, "%s%s", separator, statements[w].name);
        separator = "; ";
      }
    fputs(" |\n", out);
  }
}

static void write_by_control(FILE *out, bool (*caught)[CHECKS])
{
  char text[128];
  fputs("\n| solution | rejected by |\n|---|---|\n", out);
  for (size_t c = 0; c < CONTROLS; ++c) {
    const char *separator = "";
    fprintf(out, "| %s | ", name_of(c, text, sizeof text));
    for (size_t i = 0; i < lmx_check_count(); ++i)
      if (caught[c][i]) {
        fprintf(out, "%s%s", separator, lmx_check_id(i));
        separator = ", ";
      }
    fputs(" |\n", out);
  }
}

/* --- hypotheses as far as a ball shows -------------------------------------
 */

/* log f0 = -(1 + r^2)^(s/2), times 1 + amplitude sin(frequency log(1 + r^2)):
 * powers of r, and powers within bounded factors. */
typedef struct tail {
  double power, amplitude, frequency;
} tail;

static tail current;

static double tail_log_density(const sample *s, double t, const double *v)
{
  (void)s;
  (void)t;
  double x = 1.0 + square_norm(2, v);
  return -pow(x, 0.5 * current.power) *
         (1.0 + current.amplitude * sin(current.frequency * log(x)));
}

/* (1.9) to (1.11) on |v| <= 6, in words, and none of them false. */
static void judge_tail(sample *s, char *out, size_t size)
{
  static const char *const ids[3] = {"hyp-1.9", "hyp-1.10", "hyp-1.11"};
  const bool truth[3] = {current.power >= 2.0, current.power <= 2.0,
                         current.power <= 4.0};
  size_t used = 0;
  sample_fill(s, tail_log_density);
  lmx_check_results *results = sample_check(s, 3, ids);
  for (int i = 0; i < 3; ++i) {
    const lmx_check_result *r = &results->items[i];
    if (r->status == (truth[i] ? LMX_FAILS : LMX_HOLDS))
      fail_msg("power %g, amplitude %g, frequency %g: %s %s: %s", current.power,
               current.amplitude, current.frequency, r->id,
               lmx_verdict_text(r->status), r->note);
    used += (size_t)snprintf(out + used, size - used, "%s%s", i > 0 ? ", " : "",
                             lmx_verdict_text(r->status));
  }
  lmx_check_results_destroy(&results);
}

static const char power_introduction[] =
    "\n## What a ball says of powers\n\n"
    "For formulas and tables the hypotheses (1.9), (1.10) and (1.11) are "
    "decided on\n\\|v\\| <= R. Here log f0 = -x^(s/2) (1 + a sin(b log x)), x "
    "= 1 "
    "+ \\|v\\|^2, d = 2, R = 6,\n160 nodes: what is said of each, in this "
    "order. (1.9) is true for s >= 2, (1.10) for\ns <= 2, (1.11) for s <= 4. "
    "Powers are measured to some 0.05: those between are not told\nfrom 2. By "
    "structure nothing is open: Gaussians, mixtures and BKW satisfy all "
    "three.\n\n"
    "| s | a = 0 | a = 0.1, b = 1 | a = 0.1, b = 6 |\n|---|---|---|---|\n";

static void write_powers(FILE *out)
{
  static const double powers[] = {0.8, 1.0, 1.2, 1.4, 1.6, 1.7, 1.8, 1.9,
                                  2.0, 2.1, 2.2, 2.4, 2.7, 3.0, 3.5, 4.0};
  static const double waves[3][2] = {{0.0, 0.0}, {0.1, 1.0}, {0.1, 6.0}};
  const double D[2] = {0.0, 0.0}, times[1] = {0.0};
  const lmx_axis_spec axis = {LMX_AXIS_RADIAL, 240, 9.0};
  sample s;
  char text[64];
  sample_open(&s, 2, D, 1, &axis, 1, times, 6.0);
  fputs(power_introduction, out);
  for (size_t i = 0; i < sizeof powers / sizeof powers[0]; ++i) {
    fprintf(out, "| %g", powers[i]);
    for (int j = 0; j < 3; ++j) {
      current = (tail){powers[i], waves[j][0], waves[j][1]};
      judge_tail(&s, text, sizeof text);
      fprintf(out, " | %s", text);
    }
    fputs(" |\n", out);
  }
  sample_close(&s);
}

static char *text_of(const char *path)
{
  FILE *file = fopen(path, "r");
  assert_non_null(file);
  enum { MOST = 1 << 16 };
  char *text = calloc(1, MOST);
  assert_non_null(text);
  assert_true(fread(text, 1, MOST - 1, file) < MOST - 1);
  fclose(file);
  return text;
}

static void assert_table_is_current(void)
{
  char *now = text_of("controls.md");
  char *kept = text_of(LMX_SOURCE_DIR "/docs/controls.md");
  fputs(now, stdout); /* longer than cmocka prints */
  if (strcmp(now, kept) != 0)
    fail_msg("docs/controls.md is not current: the verdicts of the controls "
             "have changed; if rightly so, replace it by controls.md of this "
             "test's working directory");
  free(now);
  free(kept);
}

/* Every check rejects a mistake one makes, and no true solution. */
static void each_check_rejects_a_corrupted_solution(void **state)
{
  (void)state;
  static bool caught[CONTROLS][CHECKS];
  assert_true(lmx_check_count() <= CHECKS);
  sample base[2];
  make_base(&base[0], false);
  make_base(&base[1], true);
  for (size_t c = 0; c < CONTROLS; ++c)
    run_control(&controls[c], &base[controls[c].mirrored], caught[c]);
  sample_close(&base[0]);
  sample_close(&base[1]);
  FILE *out = fopen("controls.md", "w");
  assert_non_null(out);
  fputs(introduction, out);
  write_by_check(out, caught);
  write_by_control(out, caught);
  write_powers(out);
  fclose(out);
  for (size_t i = 0; i < lmx_check_count(); ++i) {
    size_t mistakes = 0;
    for (size_t c = 0; c < CONTROLS; ++c) {
      mistakes += caught[c][i] && !controls[c].crude;
      if (controls[c].corrupt == nothing && caught[c][i])
        fail_msg("%s: %s fails", controls[c].name, lmx_check_id(i));
    }
    if (mistakes == 0)
      fail_msg("no mistake makes %s fail", lmx_check_id(i));
  }
  assert_table_is_current();
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(each_check_rejects_a_corrupted_solution),
      cmocka_unit_test(wrong_statements_are_rejected),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
