/* Solutions in HDF5: bit by bit there and back, and damaged files. */
#include "folder.h"

#include <hdf5.h>

static const lmx_solver_stats some_stats = {.steps = 101,
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

static void check_stats(const lmx_solver_stats *a, const lmx_solver_stats *b)
{
  assert_int_equal(a->steps, b->steps);
  assert_int_equal(a->rhs_evaluations, b->rhs_evaluations);
  assert_int_equal(a->newton_iterations, b->newton_iterations);
  assert_int_equal(a->newton_failures, b->newton_failures);
  assert_int_equal(a->error_test_failures, b->error_test_failures);
  assert_int_equal(a->krylov_iterations, b->krylov_iterations);
  assert_int_equal(a->krylov_failures, b->krylov_failures);
  assert_int_equal(a->jacobian_products, b->jacobian_products);
  assert_int_equal(a->preconditioner_setups, b->preconditioner_setups);
  assert_int_equal(a->preconditioner_solves, b->preconditioner_solves);
  assert_int_equal(a->last_order, b->last_order);
  ASSERT_NEAR(a->last_step, b->last_step, 0.0);
  ASSERT_NEAR(a->wall_seconds, b->wall_seconds, 0.0);
}

/* d = 5, axes mirrored x radial, values with every kind of double. */
static lmx_solution *make_solution(const fixture *f, size_t points,
                                   size_t ntimes)
{
  enum { D = 5 };
  const double anisotropy[D] = {0.4, -0.1, -0.1, -0.1, -0.1};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, points, 7.5},
                                 {LMX_AXIS_RADIAL, points + 2, 8.25}};
  const lmx_solver_options options = {
      .formulation = LMX_FORMULATION_DENSITY, .rtol = 1e-9, .atol = 3e-12};
  lmx_model model;
  lmx_affine map = {.d = D, .mass = 2.0 / 3.0, .scale = 1.1};
  lmx_grid *grid;
  lmx_solution *s;
  double *u;
  ASSERT_OK(f->context, lmx_model_init(f->context, D, anisotropy, &model));
  for (int a = 0; a < D; ++a) {
    map.mean[a] = 0.1 * (a + 1);
    map.rotation[a * D + (a + 1) % D] = a == 2 ? -1.0 : 1.0;
  }
  ASSERT_OK(f->context, lmx_grid_create(f->context, D, 2, axes, 8, &grid));
  ASSERT_OK(f->context, LMX_NEW_ARRAY(f->context, grid->size, &u));
  ASSERT_OK(f->context,
            lmx_solution_create(f->context, &model, &map, &options, grid, &s));
  for (size_t k = 0; k < ntimes; ++k) {
    for (size_t i = 0; i < grid->size; ++i)
      u[i] = sin((double)(i + 1) * (double)(k + 1)) / 3.0;
    u[0] = NAN;
    u[1] = -0.0;
    u[2] = 4.9e-324;
    u[3] = -1.7976931348623157e308;
    ASSERT_OK(f->context,
              lmx_solution_add(f->context, s, 0.1 * (double)k,
                               k == 1 ? INFINITY : 6.0 + (double)k, u));
  }
  s->stats = some_stats;
  lmx_free(u);
  return s;
}

static void check_equal(const lmx_solution *a, const lmx_solution *b)
{
  size_t d = (size_t)a->model.d;
  assert_int_equal(a->model.d, b->model.d);
  assert_memory_equal(a->model.D, b->model.D, d * sizeof(double));
  assert_memory_equal(&a->model.eta, &b->model.eta, sizeof(double));
  ASSERT_NEAR(a->model.kappa, b->model.kappa, 0.0);
  assert_int_equal(a->map.d, b->map.d);
  assert_int_equal(a->map.identity, b->map.identity);
  ASSERT_NEAR(a->map.mass, b->map.mass, 0.0);
  ASSERT_NEAR(a->map.scale, b->map.scale, 0.0);
  assert_memory_equal(a->map.mean, b->map.mean, d * sizeof(double));
  assert_memory_equal(a->map.rotation, b->map.rotation, d * d * sizeof(double));
  assert_int_equal(a->formulation, b->formulation);
  ASSERT_NEAR(a->rtol, b->rtol, 0.0);
  ASSERT_NEAR(a->atol, b->atol, 0.0);
  assert_int_equal(a->grid->d, b->grid->d);
  assert_int_equal(a->grid->order, b->grid->order);
  assert_int_equal(a->grid->m, b->grid->m);
  assert_int_equal(a->grid->naxes, b->grid->naxes);
  for (int i = 0; i < a->grid->naxes; ++i) {
    const lmx_axis *x = &a->grid->axis[i], *y = &b->grid->axis[i];
    assert_int_equal(x->kind, y->kind);
    assert_int_equal(x->points, y->points);
    ASSERT_NEAR(x->half_width, y->half_width, 0.0);
    assert_memory_equal(x->nodes, y->nodes, x->points * sizeof(double));
  }
  assert_int_equal(a->ntimes, b->ntimes);
  for (size_t k = 0; k < a->ntimes; ++k) {
    assert_memory_equal(&a->times[k], &b->times[k], sizeof(double));
    assert_memory_equal(&a->trust[k], &b->trust[k], sizeof(double));
    assert_memory_equal(a->u[k], b->u[k], a->grid->size * sizeof(double));
  }
  check_stats(&a->stats, &b->stats);
}

static void solutions_come_back_bit_by_bit(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "solution.h5");
  const size_t points[2] = {12, 70};
  for (size_t i = 0; i < 2; ++i) {
    lmx_solution *s = make_solution(f, points[i], 19), *back;
    bool checkpoint = i == 1;
    ASSERT_OK(f->context, lmx_solution_write(f->context, s, i == 0, path));
    ASSERT_OK(f->context,
              lmx_solution_read(f->context, path, &checkpoint, &back));
    assert_int_equal(checkpoint, i == 0);
    check_equal(s, back);
    lmx_solution_destroy(&back);
    lmx_solution_destroy(&s);
    assert_null(s);
  }
  assert_int_equal(count_entries(f->folder, false), 1);
  lmx_free(path);
}

/* The record of error-bar: not read without the seal, by which nobody changed
 * the states; nonsense is refused. */
static void records_need_the_seal(void **state)
{
  enum { SEAL = 37, SHELLS = 3 };
  fixture *f = *state;
  char *path = in_folder(f, "solution.h5"), *bytes;
  lmx_solution *s = make_solution(f, 12, 2), *back;
  size_t n, count = 2 * SHELLS * LMX_BAR_COLUMNS;
  bool checkpoint;
  ASSERT_OK(f->context,
            lmx_bar_record_create(f->context, 2, SHELLS, &s->record));
  for (size_t i = 0; i + 1 < count; ++i) /* the last is infinite */
    s->record->data[i] = 0.1 * (double)i;
  ASSERT_OK(f->context, lmx_solution_write(f->context, s, false, path));
  ASSERT_OK(f->context,
            lmx_solution_read(f->context, path, &checkpoint, &back));
  assert_int_equal(back->record->nshells, SHELLS);
  assert_memory_equal(back->record->data, s->record->data,
                      count * sizeof(double));
  lmx_solution_destroy(&back);
  ASSERT_OK(f->context, lmx_file_read(f->context, path, &bytes, &n));
  ASSERT_OK(f->context, lmx_file_write(f->context, path, bytes, n - SEAL));
  lmx_free(bytes);
  ASSERT_OK(f->context,
            lmx_solution_read(f->context, path, &checkpoint, &back));
  assert_null(back->record);
  lmx_solution_destroy(&back);
  s->record->data[4] = NAN;
  ASSERT_OK(f->context, lmx_solution_write(f->context, s, false, path));
  assert_int_equal(lmx_solution_read(f->context, path, &checkpoint, &back),
                   LMX_ERR_IO);
  assert_non_null(strstr(lmx_context_message(f->context), "error_bar"));
  lmx_solution_destroy(&s);
  lmx_free(path);
}

static void a_full_disk_spares_the_solution(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "solution.h5");
  lmx_solution *s = make_solution(f, 70, 3), *back;
  bool checkpoint;
  ASSERT_OK(f->context, lmx_solution_write(f->context, s, false, path));
  s->times[2] = 9.0;
  struct rlimit old = limit_files(10000);
  lmx_status status = lmx_solution_write(f->context, s, false, path);
  unlimit_files(&old);
  assert_int_equal(status, LMX_ERR_IO);
  expect_message(f, path);
  assert_int_equal(count_entries(f->folder, false), 1);
  ASSERT_OK(f->context,
            lmx_solution_read(f->context, path, &checkpoint, &back));
  ASSERT_NEAR(back->times[2], 0.2, 1e-15);
  lmx_solution_destroy(&back);
  lmx_solution_destroy(&s);
  lmx_free(path);
}

static void a_solution_without_states_is_refused(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "solution.h5");
  lmx_solution *s = make_solution(f, 12, 0);
  assert_int_equal(lmx_solution_write(f->context, s, false, path),
                   LMX_ERR_USAGE);
  assert_int_equal(count_entries(f->folder, false), 0);
  lmx_solution_destroy(&s);
  lmx_free(path);
}

/* Every allocation of writing and reading fails once. */
static void allocation_failures_are_reported(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "solution.h5");
  lmx_solution *s = make_solution(f, 12, 2), *back;
  lmx_status status = LMX_ERR_MEMORY;
  bool checkpoint;
  long n;
  for (n = 1; status != LMX_OK; ++n) {
    lmx_alloc_fail_after(n);
    status = lmx_solution_write(f->context, s, false, path);
    assert_true(status == LMX_OK || status == LMX_ERR_MEMORY);
  }
  assert_in_range(n, 3, 100);
  for (n = 1, status = LMX_ERR_MEMORY; status != LMX_OK; ++n) {
    lmx_alloc_fail_after(n);
    status = lmx_solution_read(f->context, path, &checkpoint, &back);
    assert_true(status == LMX_OK || status == LMX_ERR_MEMORY);
  }
  assert_in_range(n, 10, 1000);
  lmx_alloc_fail_after(0);
  check_equal(s, back);
  lmx_solution_destroy(&back);
  lmx_solution_destroy(&s);
  lmx_free(path);
}

/* --- damaged files ----------------------------------------------------- */

static void expect_unreadable(const fixture *f, const char *path,
                              const char *part)
{
  lmx_solution *back = NULL;
  bool checkpoint;
  assert_int_equal(lmx_solution_read(f->context, path, &checkpoint, &back),
                   LMX_ERR_IO);
  assert_null(back);
  expect_message(f, path);
  expect_message(f, part);
}

static void other_files_are_not_solutions(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "other.h5");
  expect_unreadable(f, path, "No such file");
  ASSERT_OK(f->context, lmx_file_write(f->context, path, "", 0));
  expect_unreadable(f, path, "not an HDF5 file");
  ASSERT_OK(f->context, lmx_file_write(f->context, path, "text\n", 5));
  expect_unreadable(f, path, "not an HDF5 file");
  ASSERT_OK(f->context,
            lmx_file_write(f->context, path, "\211HDF\r\n\032\nmore", 12));
  expect_unreadable(f, path, "damaged");
  hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(file >= 0);
  H5Fclose(file);
  expect_unreadable(f, path, "format: is missing");
  lmx_free(path);
}

/* A damaged file is refused; if not, the solution in it is whole. */
static bool survives(const fixture *f, const char *path,
                     const lmx_solution *want)
{
  lmx_solution *back = NULL;
  bool checkpoint;
  lmx_status status = lmx_solution_read(f->context, path, &checkpoint, &back);
  if (status != LMX_OK) {
    assert_int_equal(status, LMX_ERR_IO);
    expect_message(f, path);
    return false;
  }
  check_equal(want, back);
  lmx_solution_destroy(&back);
  return true;
}

static void put_bytes(const char *path, const char *data, size_t bytes)
{
  FILE *file = fopen(path, "wb");
  assert_non_null(file);
  assert_int_equal(fwrite(data, 1, bytes, file), bytes);
  assert_int_equal(fclose(file), 0);
}

/* A file without its last line is taken for one without checksum. */
static void damaged_files_are_refused(void **state)
{
  enum { SEAL = 37 };
  fixture *f = *state;
  char *path = in_folder(f, "solution.h5"), *image;
  const size_t points[2] = {8, 70};
  for (size_t i = 0; i < 2; ++i) {
    lmx_solution *s = make_solution(f, points[i], 2);
    size_t bytes;
    ASSERT_OK(f->context, lmx_solution_write(f->context, s, false, path));
    ASSERT_OK(f->context, lmx_file_read(f->context, path, &image, &bytes));
    size_t stride = 1 + bytes / 400;
    assert_true(survives(f, path, s));
    for (size_t k = 0; k < bytes; k += stride) {
      char mask = (char)(1 << (k * 7 % 8));
      image[k] = (char)(image[k] ^ mask);
      put_bytes(path, image, bytes);
      if (survives(f, path, s))
        assert_true(k >= bytes - SEAL);
      image[k] = (char)(image[k] ^ mask);
    }
    for (size_t n = 0; n < bytes - SEAL; n += 1 + bytes / 60) {
      put_bytes(path, image, n);
      assert_false(survives(f, path, s));
    }
    lmx_free(image);
    lmx_solution_destroy(&s);
  }
  lmx_free(path);
}

/* Writes a good file, then lets `spoil` change it through HDF5 itself,
 * which drops our checksum: only the contents are wrong. */
static void expect_spoilt(const fixture *f, void (*spoil)(hid_t file),
                          const char *part)
{
  char *path = in_folder(f, "solution.h5");
  lmx_solution *s = make_solution(f, 12, 3);
  ASSERT_OK(f->context, lmx_solution_write(f->context, s, false, path));
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0);
  spoil(file);
  assert_true(H5Fclose(file) >= 0);
  expect_unreadable(f, path, part);
  lmx_solution_destroy(&s);
  lmx_free(path);
}

static void put_attribute(hid_t file, const char *object, const char *name,
                          hid_t type, hsize_t count, const void *data)
{
  hid_t space =
      count == 1 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, NULL);
  H5Adelete_by_name(file, object, name, H5P_DEFAULT);
  hid_t attribute = H5Acreate_by_name(file, object, name, type, space,
                                      H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  assert_true(H5Awrite(attribute, type, data) >= 0);
  H5Aclose(attribute);
  H5Sclose(space);
}

static void put_integer(hid_t file, const char *object, const char *name,
                        int value)
{
  put_attribute(file, object, name, H5T_NATIVE_INT, 1, &value);
}

static void put_real(hid_t file, const char *object, const char *name,
                     double value)
{
  put_attribute(file, object, name, H5T_NATIVE_DOUBLE, 1, &value);
}

static void put_text(hid_t file, const char *object, const char *name,
                     const char *value)
{
  hid_t type = H5Tcopy(H5T_C_S1);
  H5Tset_size(type, strlen(value));
  put_attribute(file, object, name, type, 1, value);
  H5Tclose(type);
}

static void files_changed_by_other_programs_are_read(void **state)
{
  fixture *f = *state;
  char *path = in_folder(f, "solution.h5");
  lmx_solution *s = make_solution(f, 70, 3);
  ASSERT_OK(f->context, lmx_solution_write(f->context, s, false, path));
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  hid_t file = H5Fopen(path, H5F_ACC_RDWR, H5P_DEFAULT);
  assert_true(file >= 0);
  put_text(file, "/", "remark", "seen");
  assert_true(H5Fclose(file) >= 0);
  assert_true(survives(f, path, s));
  lmx_solution_destroy(&s);
  lmx_free(path);
}

static void put_dataset(hid_t file, const char *name, hid_t type, int rank,
                        const hsize_t *dims, const void *data)
{
  hid_t space = H5Screate_simple(rank, dims, NULL);
  H5Ldelete(file, name, H5P_DEFAULT);
  hid_t set = H5Dcreate2(file, name, type, space, H5P_DEFAULT, H5P_DEFAULT,
                         H5P_DEFAULT);
  assert_true(set >= 0);
  if (data != NULL)
    assert_true(H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0);
  H5Dclose(set);
  H5Sclose(space);
}

static void spoil_format(hid_t file)
{
  put_text(file, "/", "format", "something else");
}
static void spoil_version(hid_t file)
{
  put_integer(file, "/", "format_version", 99);
}
static void spoil_dimension(hid_t file)
{
  put_integer(file, "/", "dimension", 17);
}
static void spoil_dimension_type(hid_t file)
{
  put_real(file, "/", "dimension", 5.0);
}
static void spoil_D_size(hid_t file)
{
  const double D[3] = {0.1, -0.1, 0.0};
  put_attribute(file, "/", "D", H5T_NATIVE_DOUBLE, 3, D);
}
static void spoil_D(hid_t file)
{
  const double D[5] = {0.4, 0.1, 0.0, 0.0, 0.0};
  put_attribute(file, "/", "D", H5T_NATIVE_DOUBLE, 5, D);
}
static void spoil_eta(hid_t file)
{
  put_real(file, "/", "eta", 0.123);
}
static void spoil_formulation(hid_t file)
{
  put_text(file, "/", "formulation", "square root");
}
static void spoil_rtol(hid_t file)
{
  put_real(file, "/", "rtol", NAN);
}
static void spoil_order(hid_t file)
{
  put_integer(file, "/", "order", 7);
}
static void spoil_m(hid_t file)
{
  put_integer(file, "/", "m", 2);
}
static void spoil_checkpoint(hid_t file)
{
  put_integer(file, "/", "checkpoint", 2);
}
static void spoil_naxes(hid_t file)
{
  put_integer(file, "/", "naxes", 3);
}
static void spoil_kind(hid_t file)
{
  put_text(file, "axis1", "kind", "slanted");
}
static void spoil_kind_order(hid_t file)
{
  put_text(file, "axis1", "kind", "radial");
}
static void spoil_points(hid_t file)
{
  put_integer(file, "axis2", "points", 2000000000);
}
static void spoil_half_width(hid_t file)
{
  put_real(file, "axis2", "half_width", 8.0);
}
static void spoil_time_order(hid_t file)
{
  const hsize_t dims[1] = {3};
  const double t[3] = {0.0, 0.2, 0.1};
  put_dataset(file, "time", H5T_NATIVE_DOUBLE, 1, dims, t);
}
static void spoil_time_length(hid_t file)
{
  const hsize_t dims[1] = {2};
  const double t[2] = {0.0, 0.1};
  put_dataset(file, "time", H5T_NATIVE_DOUBLE, 1, dims, t);
}
static void spoil_trust(hid_t file)
{
  const hsize_t dims[1] = {3};
  const double r[3] = {1.0, NAN, 1.0};
  put_dataset(file, "trust_radius", H5T_NATIVE_DOUBLE, 1, dims, r);
}
static void spoil_u_type(hid_t file)
{
  const hsize_t dims[3] = {3, 12, 14};
  put_dataset(file, "u", H5T_NATIVE_FLOAT, 3, dims, NULL);
}
/* a petabyte that is declared but not there */
static void spoil_sizes(hid_t file)
{
  const hsize_t nt[1] = {(hsize_t)1 << 40};
  const hsize_t dims[3] = {(hsize_t)1 << 40, 12, 14};
  put_dataset(file, "time", H5T_NATIVE_DOUBLE, 1, nt, NULL);
  put_dataset(file, "u", H5T_NATIVE_DOUBLE, 3, dims, NULL);
}
static void spoil_u_missing(hid_t file)
{
  H5Ldelete(file, "u", H5P_DEFAULT);
}
static void spoil_map(hid_t file)
{
  H5Ldelete(file, "map", H5P_DEFAULT);
}
static void spoil_rotation(hid_t file)
{
  const hsize_t dims[2] = {5, 5};
  const double R[25] = {1.0, 1.0};
  put_dataset(file, "map/rotation", H5T_NATIVE_DOUBLE, 2, dims, R);
}
static void spoil_stats(hid_t file)
{
  H5Ldelete(file, "solver/steps", H5P_DEFAULT);
}
static void spoil_stats_type(hid_t file)
{
  const hsize_t dims[1] = {2};
  const int k[2] = {1, 2};
  put_dataset(file, "solver/steps", H5T_NATIVE_INT, 1, dims, k);
}

static void wrong_contents_are_named(void **state)
{
  fixture *f = *state;
  const struct {
    void (*spoil)(hid_t file);
    const char *part;
  } cases[] = {{spoil_format, "format: is \"something else\""},
               {spoil_version, "format_version: is 99"},
               {spoil_dimension, "dimension: is out of bounds"},
               {spoil_dimension_type, "dimension: is of the wrong type"},
               {spoil_D_size, "D: is of the wrong size"},
               {spoil_D, "D: is not traceless"},
               {spoil_eta, "eta: is 0.123"},
               {spoil_formulation, "formulation: is \"square root\""},
               {spoil_rtol, "rtol: is not a positive number"},
               {spoil_order, "grid: "},
               {spoil_m, "m: is 2"},
               {spoil_checkpoint, "checkpoint: is out of bounds"},
               {spoil_naxes, "axis3"},
               {spoil_kind, "axis1: is of unknown kind \"slanted\""},
               {spoil_kind_order, "grid: "},
               {spoil_points, "axis2: is of the wrong size"},
               {spoil_half_width, "axis2: node 1 is"},
               {spoil_time_order, "time: entry 3"},
               {spoil_time_length, "u: is of the wrong size"},
               {spoil_trust, "trust_radius: entry 2"},
               {spoil_u_type, "u: is of the wrong type"},
               {spoil_sizes, "is not stored in full"},
               {spoil_u_missing, "u: is missing"},
               {spoil_map, "map/identity: is missing"},
               {spoil_rotation, "map/rotation: is not orthogonal"},
               {spoil_stats, "solver/steps: is missing"},
               {spoil_stats_type, "solver/steps: is of the wrong size"}};
  /* deletions of what is not there are part of the helpers above */
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; ++i)
    expect_spoilt(f, cases[i].spoil, cases[i].part);
}

static void the_printing_of_hdf5_is_given_back(void **state)
{
  fixture *f = *state;
  H5E_auto2_t print;
  void *user;
  char *path = in_folder(f, "other.h5");
  ASSERT_OK(f->context,
            lmx_file_write(f->context, path, "\211HDF\r\n\032\nmore", 12));
  H5Eset_auto2(H5E_DEFAULT, (H5E_auto2_t)H5Eprint2, stderr);
  expect_unreadable(f, path, "damaged");
  H5Eget_auto2(H5E_DEFAULT, &print, &user);
  assert_ptr_equal(user, stderr);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  lmx_free(path);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      TEST(solutions_come_back_bit_by_bit),
      TEST(records_need_the_seal),
      TEST(a_full_disk_spares_the_solution),
      TEST(a_solution_without_states_is_refused),
      TEST(allocation_failures_are_reported),
      TEST(other_files_are_not_solutions),
      TEST(damaged_files_are_refused),
      TEST(files_changed_by_other_programs_are_read),
      TEST(wrong_contents_are_named),
      TEST(the_printing_of_hdf5_is_given_back),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
