/* The tolerances of stored results cover the error of the run: the same checks
 * on the exact solution, at the same nodes and under the same bounds, agree
 * with them; on a solution that is off by a few times the error they do not. */
#include "support.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct trial {
  lmx_context *context;
  char folder[32], file[64];
  lmx_case *source;
  lmx_problem *problem;
  lmx_solution *solution;
} trial;

static void command(const char *format, const char *argument)
{
  char line[256];
  snprintf(line, sizeof line, format, argument);
  assert_int_equal(system(line), 0);
}

/* Runs the case and stores its results. */
static void open_trial(const char *name, size_t n, const char *const *set,
                       trial *s)
{
  char path[512];
  lmx_run_summary summary;
  memset(s, 0, sizeof *s);
  ASSERT_OK(s->context, lmx_context_create(&s->context));
  snprintf(s->folder, sizeof s->folder, "test_run.XXXXXX");
  assert_non_null(mkdtemp(s->folder));
  snprintf(s->file, sizeof s->file, "%s.json", s->folder);
  const lmx_run_options options = {.folder = s->folder,
                                   .checkpoint_interval = 1000.0};
  snprintf(path, sizeof path, "%s/cases/%s.toml", LMX_SOURCE_DIR, name);
  ASSERT_OK(s->context, lmx_case_load(s->context, path, n, set, &s->source));
  ASSERT_OK(s->context, lmx_run(s->context, s->source, &options, &summary));
  ASSERT_OK(s->context,
            lmx_run_write_reference(s->context, s->folder, s->file, &summary));
  ASSERT_OK(s->context, lmx_problem_create(s->context, s->source, &s->problem));
  bool checkpoint;
  snprintf(path, sizeof path, "%s/solution.h5", s->folder);
  ASSERT_OK(s->context,
            lmx_solution_read(s->context, path, &checkpoint, &s->solution));
}

static void close_trial(trial *s)
{
  command("rm -r %s", s->folder);
  assert_int_equal(unlink(s->file), 0);
  lmx_solution_destroy(&s->solution);
  lmx_problem_destroy(&s->problem);
  lmx_case_destroy(&s->source);
  lmx_context_destroy(&s->context);
}

/* For t > 0, u becomes the exact one plus `factor` times the run's error. */
static void put_exact(trial *s, double factor)
{
  lmx_solution *solution = s->solution;
  lmx_jet *jet;
  ASSERT_OK(s->context, lmx_jet_create(s->context, solution->grid->d, &jet));
  for (size_t k = 1; k < solution->ntimes; ++k)
    for (size_t i = 0; i < solution->grid->size; ++i) {
      double r2 = 0.0, *u = &solution->u[k][i];
      lmx_grid_point(solution->grid, i, jet->v);
      for (int a = 0; a < solution->grid->d; ++a)
        r2 += jet->v[a] * jet->v[a];
      ASSERT_OK(s->context, lmx_exact_eval(s->context, s->problem->exact,
                                           solution->times[k], jet, NULL));
      double exact = jet->g - lmx_log_maxwellian(solution->grid->d, r2);
      *u = exact + factor * (*u - exact);
    }
  lmx_jet_destroy(&jet);
}

/* These measure the error itself, or (eq-3.7) hold the states against the
 * differences they were made with: the exact solution has other values. */
static const char *const about_the_run[] = {"exact-error", "eq-3.1", "eq-3.7"};

static void drop_what_is_about_the_run(lmx_reference *reference)
{
  size_t n = 0;
  for (size_t i = 0; i < reference->n; ++i) {
    bool dropped = false;
    for (size_t j = 0; j < sizeof about_the_run / sizeof *about_the_run; ++j)
      dropped =
          dropped || strcmp(reference->checks[i].id, about_the_run[j]) == 0;
    if (!dropped)
      reference->checks[n++] = reference->checks[i];
  }
  assert_int_equal(reference->n - n, 3);
  reference->n = n;
}

/* How many of the results differ from the stored ones. */
static size_t differing(trial *s, bool exact)
{
  const lmx_solution *solution = s->solution;
  const lmx_check_input input = {.model = &solution->model,
                                 .grid = solution->grid,
                                 .initial = s->problem->initial,
                                 .exact = s->problem->exact,
                                 .formulation = solution->formulation,
                                 .rtol = solution->rtol,
                                 .atol = solution->atol,
                                 .steps = solution->stats.steps,
                                 .radius = s->source->radius,
                                 .ntimes = solution->ntimes,
                                 .times = solution->times,
                                 .u = (const double *const *)solution->u,
                                 .trust = solution->trust,
                                 .record = solution->record};
  lmx_check_results *results;
  lmx_reference *stored, *now;
  char *text;
  size_t n;
  ASSERT_OK(s->context, lmx_checks_run(s->context, &input, 0, NULL, &results));
  ASSERT_OK(s->context, lmx_reference_read(s->context, s->file, &stored));
  ASSERT_OK(s->context,
            lmx_reference_create(s->context, &stored->head, results, &now));
  if (exact) {
    drop_what_is_about_the_run(stored);
    drop_what_is_about_the_run(now);
  }
  ASSERT_OK(s->context,
            lmx_reference_compare(s->context, stored, now, &n, &text));
  print_message("%s", text);
  lmx_free(text);
  lmx_reference_destroy(&stored);
  lmx_reference_destroy(&now);
  lmx_check_results_destroy(&results);
  return n;
}

static void covered(const char *name, size_t n, const char *const *set)
{
  trial s;
  open_trial(name, n, set, &s);
  assert_int_equal(differing(&s, false), 0);
  put_exact(&s, 0.0);
  assert_int_equal(differing(&s, true), 0);
  close_trial(&s);
  open_trial(name, n, set, &s);
  put_exact(&s, 100.0);
  assert_true(differing(&s, true) >= 3);
  close_trial(&s);
}

static void of_a_radial_solution(void **state)
{
  (void)state;
  covered("bkw_3d", 1, (const char *const[]){"figures.enabled=false"});
}

static void of_an_anisotropic_solution(void **state)
{
  (void)state;
  covered("anisotropic_gaussian_2d", 5,
          (const char *const[]){"figures.enabled=false", "time.end=0.2",
                                "time.output=[0.05,0.1]", "grid.points=48",
                                "solver.rtol=1e-7"});
}

static void of_an_axisymmetric_solution(void **state)
{
  (void)state;
  covered("axisymmetric_gaussian_5d", 1,
          (const char *const[]){"figures.enabled=false"});
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(of_a_radial_solution),
      cmocka_unit_test(of_an_anisotropic_solution),
      cmocka_unit_test(of_an_axisymmetric_solution),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
