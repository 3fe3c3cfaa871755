/* Whole commands over a finished run with every LMX_STEP-th allocation of ours
 * failing (default 5; 1 takes minutes): the status is LMX_ERR_MEMORY, and every
 * file of the finished run is as it was, until nothing fails. */
#include "support.h"

#include <landaumax/landaumax.h>

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/hash.h"

#define CASE                                                                   \
  "dimension = 2\n[initial]\nkind = \"gaussian\"\nvariances = [1.2, 0.8]\n"    \
  "[grid]\norder = 2\nhalf_width = 6\npoints = 12\n"                           \
  "[time]\nend = 1e-3\noutput = 1e-3\n[checks]\nradius = 4\n"                  \
  "list = [\"thm-2.3\", \"error-bar\"]\n[figures]\nenabled = false\n"          \
  "[solver]\nrtol = 1e-4\natol = 1e-6\n"                                       \
  "[moments]\nparticles = [10, \"infinity\"]\n[particles]\nnumber = 2\n"       \
  "systems = [\"fournier\", \"kac\"]\nreplicas = 3\nthreads = 1\n"

typedef lmx_status command_fn(lmx_context *context, const char *folder,
                              const char *override);

static lmx_status load(lmx_context *context, const char *override,
                       lmx_case **out)
{
  return lmx_case_parse(context, "x.toml", CASE, strlen(CASE),
                        override != NULL ? 1 : 0, &override, out);
}

static lmx_status run(lmx_context *context, const char *folder,
                      const char *override)
{
  const lmx_run_options options = {.folder = folder, .plots = "."};
  lmx_run_summary summary;
  lmx_case *source;
  LMX_TRY(load(context, override, &source));
  lmx_status status = lmx_run(context, source, &options, &summary);
  lmx_case_destroy(&source);
  return status;
}

static lmx_status check(lmx_context *context, const char *folder,
                        const char *override)
{
  lmx_run_summary summary;
  return override == NULL ? run(context, folder, NULL)
                          : lmx_run_check(context, folder, &summary);
}

static lmx_status moments(lmx_context *context, const char *folder,
                          const char *override)
{
  const lmx_moments_options options = {.folder = folder, .plots = "."};
  lmx_run_summary summary;
  lmx_case *source;
  char *text = NULL;
  LMX_TRY(load(context, override, &source));
  lmx_status status = lmx_moments(context, source, &options, &text, &summary);
  lmx_free(text);
  lmx_case_destroy(&source);
  return status;
}

static lmx_status particles(lmx_context *context, const char *folder,
                            const char *override)
{
  const lmx_run_options options = {
      .folder = folder, .checkpoint_interval = 1e9, .plots = "."};
  lmx_run_summary summary;
  lmx_case *source;
  LMX_TRY(load(context, override, &source));
  lmx_status status =
      lmx_run_particles(context, source, &options, NULL, &summary);
  lmx_case_destroy(&source);
  return status;
}

/* A checksum of names and contents; the attempt and stages are left out, and
 * removed if asked. */
static uint64_t look(const char *folder, bool remove_all)
{
  uint64_t sum = 0;
  DIR *dir = opendir(folder);
  if (dir == NULL)
    return 0;
  for (struct dirent *e; (e = readdir(dir)) != NULL;) {
    char path[512], *data;
    size_t bytes;
    struct stat info;
    snprintf(path, sizeof path, "%s/%s", folder, e->d_name);
    bool is_new = strcmp(e->d_name, "attempt") == 0;
    if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
        (is_new && !remove_all) || stat(path, &info) != 0)
      continue;
    assert_null(strstr(e->d_name, ".tmp"));
    assert_null(strstr(e->d_name, "results."));
    if (S_ISDIR(info.st_mode)) {
      sum += look(path, remove_all);
      continue;
    }
    assert_int_equal(lmx_file_read(NULL, path, &data, &bytes), LMX_OK);
    sum += lmx_fnv1a64(data, bytes) ^ lmx_fnv1a64(path, strlen(path));
    lmx_free(data);
    if (remove_all)
      unlink(path);
  }
  closedir(dir);
  if (remove_all)
    rmdir(folder);
  return sum;
}

static bool is_done(lmx_status status)
{
  return status == LMX_OK || status == LMX_CHECK_FAILED;
}

/* Removes what a failed command leaves, to begin as before. */
static void drop_attempt(const char *folder)
{
  char path[512];
  snprintf(path, sizeof path, "%s/attempt", folder);
  look(path, true);
}

static void expect_it_stays(command_fn *command, const char *override)
{
  char folder[] = "test_stays.XXXXXX";
  const char *given = getenv("LMX_STEP");
  long step = given != NULL ? atol(given) : 5, failed = 0;
  lmx_context *context;
  assert_non_null(mkdtemp(folder));
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  assert_true(is_done(command(context, folder, NULL)));
  const uint64_t before = look(folder, false);
  for (long n = 1;; n += step, ++failed) {
    lmx_alloc_fail_after(n);
    lmx_status status = command(context, folder, override);
    lmx_alloc_fail_after(0);
    if (is_done(status))
      break;
    if (status != LMX_ERR_MEMORY)
      print_error("allocation %ld: %s\n", n, lmx_context_message(context));
    assert_int_equal(status, LMX_ERR_MEMORY);
    assert_true(look(folder, false) == before);
    drop_attempt(folder);
  }
  print_message("%ld allocations failed\n", failed);
  assert_true(failed * step > 100);
  assert_true(look(folder, false) != before);
  look(folder, true);
  lmx_context_destroy(&context);
}

static void runs(void **state)
{
  (void)state;
  expect_it_stays(run, "solver.rtol=1e-5");
}

static void checks(void **state)
{
  (void)state;
  expect_it_stays(check, "");
}

static void exact_moments(void **state)
{
  (void)state;
  expect_it_stays(moments, "time.end=2e-3");
}

static void simulations(void **state)
{
  (void)state;
  expect_it_stays(particles, "particles.seed=2");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(runs), cmocka_unit_test(checks),
      cmocka_unit_test(exact_moments), cmocka_unit_test(simulations)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
