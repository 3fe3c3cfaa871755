/* The whole pipeline under failing allocations: whichever fails, the status is
 * LMX_ERR_MEMORY, nothing crashes and (under ASan or valgrind) nothing leaks.
 * What SUNDIALS, HDF5 and GSL allocate themselves is not touched. LMX_STEP=1
 * fails every one; without it a fraction does, which takes a minute. */
#include "support.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Small grids; TINY ends a case. */
#define TINY                                                                   \
  "[time]\nend = 1e-3\noutput = 5e-4\n[checks]\nradius = 4\n"                  \
  "[figures]\nenabled = false\n[solver]\nrtol = 1e-4\natol = 1e-6\n"
#define GRID "[grid]\norder = 2\nhalf_width = 6\npoints = 12\n"

static const char gaussian[] =
    "dimension = 2\n[initial]\nkind = \"gaussian\"\n"
    "covariance = [[1.3, 0.2], [0.2, 0.7]]\n" GRID TINY;
static const char mixture[] =
    "dimension = 2\n[initial]\nkind = \"mixture\"\ncomponents = [\n"
    "{weight = 1, mean = [1, 0], variances = [0.5, 1]},\n"
    "{weight = 2, mean = [-0.5, 0.3], variances = [1, 1]}]\n" GRID TINY;
static const char radial[] =
    "dimension = 4\n[initial]\nkind = \"radial_mixture\"\n"
    "weights = [1, 2]\nvariances = [1, 2]\n" GRID TINY;
static const char formula[] = "dimension = 2\n[initial]\nkind = \"formula\"\n"
                              "log_density = \"-r^2/2 - r^4/100\"\n" GRID TINY;
static const char density[] =
    "dimension = 2\n[initial]\nkind = \"gaussian\"\n"
    "variances = [1.3, 0.7]\n" GRID TINY "formulation = \"density\"\n";

static const char maxwellian[] =
    "dimension = 2\n[initial]\nkind = \"gaussian\"\n"
    "variances = [1, 1]\n" TINY "[moments]\nparticles = [10, \"infinity\"]\n";
static const char particles[] =
    "dimension = 2\n[initial]\nkind = \"gaussian\"\n"
    "variances = [1.3, 0.7]\n" TINY "[particles]\nsystems = [\"fournier\", "
    "\"kac\"]\nnumber = 2\nreplicas = 3\n"
    "threads = 1\n";

typedef lmx_status pipeline_fn(lmx_context *context, lmx_case *source);

/* In memory: problem, solution, checks, reports. */
static lmx_status solve_and_check(lmx_context *context, lmx_case *source)
{
  lmx_problem *problem = NULL;
  lmx_solution *solution = NULL;
  lmx_check_results *checks = NULL;
  lmx_report report = {.case_path = "x.toml", .title = "x", .radius = 4.0};
  char *json = NULL, *text = NULL;
  lmx_status status = lmx_problem_create(context, source, &problem);
  if (status == LMX_OK)
    status = lmx_problem_solve(context, problem, source, NULL, &source->solver,
                               &solution);
  if (status == LMX_OK) {
    lmx_check_input input = {.model = &solution->model,
                             .grid = solution->grid,
                             .exact = problem->exact,
                             .formulation = solution->formulation,
                             .rtol = solution->rtol,
                             .atol = solution->atol,
                             .radius = source->radius,
                             .ntimes = solution->ntimes,
                             .times = solution->times,
                             .u = (const double *const *)solution->u,
                             .trust = solution->trust};
    status = lmx_checks_run(context, &input, 0, NULL, &checks);
  }
  report.solution = solution;
  report.checks = checks;
  if (status == LMX_OK)
    status = lmx_report_json(context, &report, &json);
  if (status == LMX_OK)
    status = lmx_report_text(context, &report, &text);
  lmx_free(json);
  lmx_free(text);
  lmx_check_results_destroy(&checks);
  lmx_solution_destroy(&solution);
  lmx_problem_destroy(&problem);
  return status;
}

static lmx_status converge(lmx_context *context, lmx_case *source)
{
  lmx_convergence *convergence = NULL;
  lmx_status status = lmx_converge(context, source, 3, &convergence);
  lmx_convergence_destroy(&convergence);
  return status;
}

/* Removes a folder of files and folders of files. */
static void remove_folder(const char *folder)
{
  DIR *dir = opendir(folder);
  if (dir == NULL)
    return;
  for (struct dirent *e; (e = readdir(dir)) != NULL;) {
    char path[512];
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
      continue;
    snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
    assert_null(strstr(e->d_name, ".tmp"));
    if (unlink(path) != 0)
      remove_folder(path);
  }
  closedir(dir);
  assert_int_equal(rmdir(folder), 0);
}

/* With a run directory, from which the run is then resumed. */
static lmx_status run_in_folder(lmx_context *context, lmx_case *source)
{
  char folder[] = "test_run_memory.XXXXXX";
  lmx_run_summary summary;
  assert_non_null(mkdtemp(folder));
  lmx_run_options options = {.folder = folder, .plots = "."};
  lmx_status status = lmx_run(context, source, &options, &summary);
  if (status == LMX_CHECK_FAILED) /* as the coarse grid deserves */
    status = LMX_OK;
  lmx_alloc_fail_after(0);
  options.resume = true;
  lmx_context *again; /* the first one keeps its message */
  assert_int_equal(lmx_context_create(&again), LMX_OK);
  lmx_status resumed = lmx_run(again, source, &options, &summary);
  assert_true(resumed == LMX_OK || resumed == LMX_CHECK_FAILED);
  lmx_context_destroy(&again);
  remove_folder(folder);
  return status;
}

/* Folders without a solution, with their page. */
static lmx_status moments_in_folder(lmx_context *context, lmx_case *source)
{
  char folder[] = "test_run_memory.XXXXXX", *text = NULL;
  lmx_run_summary summary;
  assert_non_null(mkdtemp(folder));
  const lmx_moments_options options = {.folder = folder, .plots = "."};
  lmx_status status = lmx_moments(context, source, &options, &text, &summary);
  assert_true((text != NULL) == (status == LMX_OK));
  lmx_free(text);
  lmx_alloc_fail_after(0);
  remove_folder(folder);
  return status;
}

static lmx_status particles_in_folder(lmx_context *context, lmx_case *source)
{
  char folder[] = "test_run_memory.XXXXXX";
  lmx_run_summary summary;
  assert_non_null(mkdtemp(folder));
  const lmx_run_options options = {
      .folder = folder, .checkpoint_interval = 1e9, .plots = "."};
  lmx_status status =
      lmx_run_particles(context, source, &options, NULL, &summary);
  if (status == LMX_CHECK_FAILED) /* as so few replicas may deserve */
    status = LMX_OK;
  lmx_alloc_fail_after(0);
  remove_folder(folder);
  return status;
}

/* One case with the nth allocation failing. */
static lmx_status with_failure(const char *text, pipeline_fn *pipeline, long n)
{
  lmx_context *context;
  lmx_case *source;
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  ASSERT_OK(context, lmx_case_parse(context, "x.toml", text, strlen(text), 0,
                                    NULL, &source));
  lmx_alloc_fail_after(n);
  lmx_status status = pipeline(context, source);
  lmx_alloc_fail_after(0);
  if (status != LMX_OK && status != LMX_ERR_MEMORY)
    print_error("%s\n", lmx_context_message(context));
  if (status == LMX_ERR_MEMORY)
    assert_non_null(strstr(lmx_context_message(context), "out of memory"));
  lmx_case_destroy(&source);
  lmx_context_destroy(&context);
  return status;
}

/* Fails allocations 1, 1 + step, .. until there are no more; returns how many
 * failed. */
static long fail_each(const char *text, pipeline_fn *pipeline, long step)
{
  const char *given = getenv("LMX_STEP");
  long failed = 0;
  if (given != NULL)
    step = atol(given);
  for (long n = 1;; n += step, ++failed) {
    lmx_status status = with_failure(text, pipeline, n);
    if (status == LMX_OK)
      return failed;
    if (status != LMX_ERR_MEMORY)
      print_error("allocation %ld: %s\n", n, lmx_status_text(status));
    assert_int_equal(status, LMX_ERR_MEMORY);
  }
}

static void gaussians_in_memory(void **state)
{
  (void)state;
  assert_true(fail_each(gaussian, solve_and_check, 11) > 15);
}

static void mixtures_in_memory(void **state)
{
  (void)state;
  assert_true(fail_each(mixture, solve_and_check, 11) > 15);
}

static void radial_mixtures_in_memory(void **state)
{
  (void)state;
  assert_true(fail_each(radial, solve_and_check, 11) > 15);
}

static void formulas_in_memory(void **state)
{
  (void)state;
  assert_true(fail_each(formula, solve_and_check, 11) > 15);
}

static void the_density_form_in_memory(void **state)
{
  (void)state;
  assert_true(fail_each(density, solve_and_check, 11) > 15);
}

static void convergence_studies(void **state)
{
  (void)state;
  assert_true(fail_each(radial, converge, 7) > 50);
}

static void runs_in_a_folder(void **state)
{
  (void)state;
  assert_true(fail_each(gaussian, run_in_folder, 23) > 15);
}

static void moments_and_their_page(void **state)
{
  (void)state;
  assert_true(fail_each(maxwellian, moments_in_folder, 41) > 15);
}

static void particles_and_their_page(void **state)
{
  (void)state;
  assert_true(fail_each(particles, particles_in_folder, 7) > 15);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(gaussians_in_memory),
      cmocka_unit_test(mixtures_in_memory),
      cmocka_unit_test(radial_mixtures_in_memory),
      cmocka_unit_test(formulas_in_memory),
      cmocka_unit_test(the_density_form_in_memory),
      cmocka_unit_test(convergence_studies),
      cmocka_unit_test(runs_in_a_folder),
      cmocka_unit_test(moments_and_their_page),
      cmocka_unit_test(particles_and_their_page),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
