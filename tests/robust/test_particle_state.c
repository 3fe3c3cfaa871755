/* particles.state with numbers changed under a seal that fits: what is not
 * finite, and counts and times that are none, are refused; whatever the change,
 * resuming ends. LMX_SEED repeats a failure. */
#include "folder.h"

#include <landaumax/landaumax.h>

#include <math.h>
#include <time.h>

static const char text[] =
    "dimension = 2\n[initial]\nkind = \"gaussian\"\nvariances = [1.3, 0.7]\n"
    "[time]\nend = 0.4\noutput = 0.1\n[figures]\nenabled = false\n"
    "[particles]\nsystems = [\"fournier\", \"fgm\", \"landau\", \"kac\"]\n"
    "number = [20, 2000]\nreplicas = 100\nstep = 0.01\nthreads = 1\n";

static lmx_status simulate(lmx_context *context, const char *folder,
                           bool resume)
{
  lmx_case *source;
  lmx_run_summary summary;
  const lmx_run_options options = {.folder = folder,
                                   .resume = resume,
                                   .checkpoint_interval = 1e9,
                                   .plots = "."};
  ASSERT_OK(context, lmx_case_parse(context, "x.toml", text, strlen(text), 0,
                                    NULL, &source));
  lmx_status status =
      lmx_run_particles(context, source, &options, NULL, &summary);
  lmx_case_destroy(&source);
  return status;
}

static void stop(void *user, const char *line)
{
  (void)line;
  lmx_context_interrupt(user);
}

/* FOLDER with a checkpoint of a run that was interrupted, [*n] numbers; tag
 * [100] names it. */
static double *interrupted(const char *folder, const char *path, char *tag,
                           size_t *n)
{
  lmx_context *context;
  double *state;
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  lmx_context_set_progress(context, stop, context);
  assert_int_equal(simulate(context, folder, false), LMX_INTERRUPTED);
  FILE *file = fopen(path, "rb");
  assert_non_null(file);
  assert_int_equal(fscanf(file, "landaumax %60c", tag), 1);
  fclose(file);
  *strrchr(tag, ' ') = '\0'; /* the count of numbers */
  char *line_end = strchr(tag, '\n');
  if (line_end != NULL)
    *line_end = '\0';
  lmx_context_destroy(&context);
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  ASSERT_OK(context, lmx_numbers_read(context, path, tag, n, &state));
  lmx_context_destroy(&context);
  return state;
}

/* Resumed with state[at] = x. */
static lmx_status with_number(const char *folder, const char *path,
                              const char *tag, size_t n, double *state,
                              size_t at, double x)
{
  lmx_context *context;
  double kept = state[at];
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  state[at] = x;
  ASSERT_OK(context, lmx_numbers_write(context, path, tag, n, state));
  state[at] = kept;
  lmx_context_set_progress(context, stop, context); /* a glance is enough */
  lmx_status status = simulate(context, folder, true);
  if (status == LMX_ERR_IO)
    assert_true(strlen(lmx_context_message(context)) > 10);
  lmx_context_destroy(&context);
  return status;
}

static void changed_numbers(void **state)
{
  enum { CHANGES = 300 };
  static const double values[] = {NAN,  INFINITY, -INFINITY, -1.0,
                                  1e18, 1e300,    0.5,       3.0};
  char folder[] = "test_state.XXXXXX", path[64], tag[100] = "";
  const char *given = getenv("LMX_SEED");
  unsigned seed = given != NULL ? (unsigned)atol(given) : (unsigned)time(NULL);
  size_t n, refused = 0;
  (void)state;
  print_message("LMX_SEED=%u\n", seed);
  assert_non_null(mkdtemp(folder));
  snprintf(path, sizeof path, "%s/particles.state", folder);
  double *numbers = interrupted(folder, path, tag, &n);
  assert_int_equal(
      with_number(folder, path, tag, n, numbers, n / 2, numbers[n / 2]),
      LMX_INTERRUPTED);
  for (int k = 0; k < CHANGES; ++k) {
    seed = seed * 1664525u + 1013904223u;
    double x = values[(seed >> 8) % 8];
    /* a third of them among the counts at the beginning */
    size_t at = (seed >> 11) % (k % 3 == 0 ? 12 : n);
    lmx_status status = with_number(folder, path, tag, n, numbers, at, x);
    if (!isfinite(x))
      assert_int_equal(status, LMX_ERR_IO);
    assert_true(status == LMX_ERR_IO || status == LMX_INTERRUPTED ||
                status == LMX_OK || status == LMX_CHECK_FAILED);
    refused += status == LMX_ERR_IO;
  }
  print_message("%zu of %d changes refused\n", refused, CHANGES);
  assert_true(refused > CHANGES / 4);
  lmx_free(numbers);
  unlink(path);
  snprintf(path, sizeof path, "%s/case.toml", folder);
  unlink(path);
  assert_int_equal(rmdir(folder), 0);
}

int main(void)
{
  const struct CMUnitTest tests[] = {cmocka_unit_test(changed_numbers)};
  return cmocka_run_group_tests(tests, NULL, NULL);
}
