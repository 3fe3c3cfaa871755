/* solution.h5 made to lead elsewhere, or damaged under a seal that fits: it is
 * refused, or read without harm; no file but itself is opened. LMX_SEED repeats
 * a failure, LMX_MUTATIONS says how many damaged files there are. */
#include "folder.h"

#include <landaumax/landaumax.h>

#include <math.h>
#include <sys/stat.h>
#include <time.h>

#include <hdf5.h>

#include "io/seal.h"

enum { POINTS = 12, TIMES = 3 };

/* f0 = M on a plane grid. */
static lmx_solution *make_solution(const fixture *f)
{
  const double D[2] = {0.3, -0.3};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, POINTS, 8.0},
                                 {LMX_AXIS_MIRRORED, POINTS, 8.0}};
  const lmx_solver_options options = {.rtol = 1e-8, .atol = 1e-10};
  lmx_affine map = {.d = 2, .mass = 1.0, .scale = 1.0, .identity = true};
  lmx_model model;
  lmx_grid *grid;
  lmx_solution *s;
  double *u;
  map.rotation[0] = map.rotation[3] = 1.0;
  ASSERT_OK(f->context, lmx_model_init(f->context, 2, D, &model));
  ASSERT_OK(f->context, lmx_grid_create(f->context, 2, 2, axes, 4, &grid));
  ASSERT_OK(f->context, LMX_NEW_ARRAY(f->context, grid->size, &u));
  ASSERT_OK(f->context,
            lmx_solution_create(f->context, &model, &map, &options, grid, &s));
  for (int k = 0; k < TIMES; ++k)
    ASSERT_OK(f->context, lmx_solution_add(f->context, s, k, INFINITY, u));
  lmx_free(u);
  return s;
}

/* A good file, opened for changes. */
static hid_t open_good(const fixture *f, const char *path)
{
  lmx_solution *s = make_solution(f);
  ASSERT_OK(f->context, lmx_solution_write(f->context, s, false, path));
  lmx_solution_destroy(&s);
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0);
  return file;
}

static lmx_status read_it(const fixture *f, const char *path)
{
  bool checkpoint;
  lmx_solution *s = NULL;
  lmx_status status = lmx_solution_read(f->context, path, &checkpoint, &s);
  lmx_solution_destroy(&s);
  return status;
}

static void expect_refused(const fixture *f, const char *path, hid_t file,
                           const char *part)
{
  assert_true(H5Fclose(file) >= 0);
  assert_int_equal(read_it(f, path), LMX_ERR_IO);
  expect_message(f, part);
}

/* A dataset of the extents of u, made with `made`. */
static void put_states(hid_t file, hid_t made)
{
  const hsize_t dims[3] = {TIMES, POINTS, POINTS};
  hid_t space = H5Screate_simple(3, dims, NULL);
  H5Ldelete(file, "u", H5P_DEFAULT);
  hid_t set = H5Dcreate2(file, "u", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, made,
                         H5P_DEFAULT);
  assert_true(set >= 0);
  H5Dclose(set);
  H5Sclose(space);
}

static void other_files_are_not_opened(void **state)
{
  enum { STATE_BYTES = TIMES * POINTS * POINTS * 8 };
  fixture *f = *state;
  char *path = in_folder(f, "solution.h5"), *other = in_folder(f, "other.h5");
  char *pipe = in_folder(f, "pipe"), *bytes;
  hid_t file;
  /* what would hang whoever opens it */
  assert_int_equal(mkfifo(pipe, 0600), 0);
  const char *const names[] = {"u", "time", "map", "axis1", "solver"};
  for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
    file = open_good(f, path);
    H5Ldelete(file, names[i], H5P_DEFAULT);
    H5Lcreate_external(pipe, "/", file, names[i], H5P_DEFAULT, H5P_DEFAULT);
    expect_refused(f, path, file, names[i]);
    file = open_good(f, path);
    H5Ldelete(file, names[i], H5P_DEFAULT);
    H5Lcreate_soft("/elsewhere", file, names[i], H5P_DEFAULT, H5P_DEFAULT);
    expect_refused(f, path, file, names[i]);
  }
  /* a good file that lies elsewhere is no better */
  file = open_good(f, other);
  H5Fclose(file);
  file = open_good(f, path);
  H5Ldelete(file, "u", H5P_DEFAULT);
  H5Lcreate_external("other.h5", "/u", file, "u", H5P_DEFAULT, H5P_DEFAULT);
  expect_refused(f, path, file, "u: is missing, or a link");
  /* soft links in the same file, in a circle */
  file = open_good(f, path);
  H5Ldelete(file, "u", H5P_DEFAULT);
  H5Lcreate_soft("/w", file, "u", H5P_DEFAULT, H5P_DEFAULT);
  H5Lcreate_soft("/u", file, "w", H5P_DEFAULT, H5P_DEFAULT);
  expect_refused(f, path, file, "u: is missing, or a link");
  /* bytes in another file */
  char *raw = in_folder(f, "raw");
  ASSERT_OK(f->context, LMX_NEW_ARRAY(f->context, STATE_BYTES, &bytes));
  ASSERT_OK(f->context, lmx_file_write(f->context, raw, bytes, STATE_BYTES));
  lmx_free(bytes);
  const char *const sources[] = {raw, pipe, "/dev/zero"};
  for (size_t i = 0; i < 3; ++i) {
    hid_t made = H5Pcreate(H5P_DATASET_CREATE);
    H5Pset_external(made, sources[i], 0, STATE_BYTES);
    file = open_good(f, path);
    put_states(file, made);
    H5Pclose(made);
    expect_refused(f, path, file, "u: is not stored plainly in this file");
  }
  lmx_free(raw);
  lmx_free(pipe);
  lmx_free(other);
  lmx_free(path);
}

static void layouts_that_need_more_are_refused(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "solution.h5");
  const hsize_t dims[3] = {TIMES, POINTS, POINTS};
  hid_t space = H5Screate_simple(3, dims, NULL), made, file;
  made = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_virtual(made, space, "other.h5", "/u", space);
  file = open_good(f, path);
  put_states(file, made);
  expect_refused(f, path, file, "u: ");
  H5Pclose(made);
  made = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_chunk(made, 3, dims);
  H5Pset_fletcher32(made);
  file = open_good(f, path);
  put_states(file, made);
  expect_refused(f, path, file, "u: is not stored plainly in this file");
  H5Pclose(made);
  H5Sclose(space);
  lmx_free(path);
}

static unsigned next(unsigned *seed)
{
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 7;
}

/* A few bytes changed, most of them in what describes the data; or a piece
 * copied over another; or the end cut off. */
static size_t mutate(unsigned *seed, char *image, size_t bytes)
{
  size_t n = 1 + next(seed) % 8, kind = next(seed) % 10;
  for (size_t i = 0; i < n; ++i) {
    size_t at = next(seed) % (kind < 7 ? 4096 : bytes);
    static const char values[] = {0, 1, 2, 127, -1, -128, 8, 64};
    image[at] = kind % 2 == 0 ? values[next(seed) % 8] : (char)next(seed);
  }
  if (kind == 8) {
    size_t length = 1 + next(seed) % 256;
    memmove(image + next(seed) % (bytes - length),
            image + next(seed) % (bytes - length), length);
  }
  return kind == 9 ? 8 + next(seed) % (bytes - 8) : bytes;
}

static void damaged_files_do_no_harm(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "solution.h5"), *good, *image;
  const char *given = getenv("LMX_SEED"), *many = getenv("LMX_MUTATIONS");
  unsigned seed = given != NULL ? (unsigned)atol(given) : (unsigned)time(NULL);
  long count = many != NULL ? atol(many) : 500, refused = 0, crashes = 0;
  size_t bytes;
  print_message("LMX_SEED=%u\n", seed);
  H5Fclose(open_good(f, path));
  ASSERT_OK(f->context, lmx_file_read(f->context, path, &good, &bytes));
  ASSERT_OK(f->context,
            LMX_NEW_ARRAY(f->context, bytes + LMX_SEAL_BYTES, &image));
  for (long k = 0; k < count; ++k) {
    memcpy(image, good, bytes);
    size_t n = mutate(&seed, image, bytes);
    if (k % 2 == 0) { /* the other half without a seal */
      lmx_seal_put(image, n);
      n += LMX_SEAL_BYTES;
    }
    ASSERT_OK(f->context, lmx_file_write(f->context, path, image, n));
    lmx_status status = read_it(f, path);
    assert_true(status == LMX_OK || status == LMX_ERR_IO ||
                status == LMX_ERR_MEMORY);
    refused += status != LMX_OK;
    crashes += status != LMX_OK &&
               strstr(lmx_context_message(f->context), "does not survive");
  }
  print_message("%ld files, %ld refused, HDF5 would have crashed on %ld\n",
                count, refused, crashes);
  assert_true(refused > count / 4);
  lmx_free(image);
  lmx_free(good);
  lmx_free(path);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test_setup_teardown(other_files_are_not_opened, set_up,
                                      tear_down),
      cmocka_unit_test_setup_teardown(layouts_that_need_more_are_refused,
                                      set_up, tear_down),
      cmocka_unit_test_setup_teardown(damaged_files_do_no_harm, set_up,
                                      tear_down),
  };
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  return cmocka_run_group_tests(tests, NULL, NULL);
}
