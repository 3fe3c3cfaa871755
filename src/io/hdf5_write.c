/* solution.h5: the file is built in memory by HDF5's core driver and written
 * by lmx_file_write, so that HDF5 never meets a full disk.
 *
 * HDF5 calls on an invalid handle fail and do nothing else, so the functions
 * below test only the last call of a chain. */
#include "layout.h"

#include <stdint.h>
#include <string.h>

#include <hdf5.h>

#include "core/memory.h"
#include "hdf5_quiet.h"
#include "seal.h"

static bool put_attribute(hid_t object, const char *name, hid_t type,
                          hsize_t count, const void *data)
{
  hid_t space =
      count == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(1, &count, NULL);
  hid_t attribute =
      H5Acreate2(object, name, type, space, H5P_DEFAULT, H5P_DEFAULT);
  bool ok = H5Awrite(attribute, type, data) >= 0;
  H5Aclose(attribute);
  H5Sclose(space);
  return ok;
}

static bool put_text(hid_t object, const char *name, const char *text)
{
  hid_t type = H5Tcopy(H5T_C_S1);
  size_t n = strlen(text);
  bool ok = H5Tset_size(type, n > 0 ? n : 1) >= 0 &&
            H5Tset_strpad(type, H5T_STR_NULLPAD) >= 0 &&
            H5Tset_cset(type, H5T_CSET_UTF8) >= 0 &&
            put_attribute(object, name, type, 0, text);
  H5Tclose(type);
  return ok;
}

static bool put_real(hid_t object, const char *name, double x)
{
  return put_attribute(object, name, H5T_NATIVE_DOUBLE, 0, &x);
}

static bool put_integer(hid_t object, const char *name, int64_t k)
{
  return put_attribute(object, name, H5T_NATIVE_INT64, 0, &k);
}

/* A new dataset with its description; the caller closes it. */
static hid_t new_dataset(hid_t group, const char *name, hid_t type, int rank,
                         const hsize_t *dims, const char *description)
{
  hid_t space =
      rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, dims, NULL);
  hid_t set = H5Dcreate2(group, name, type, space, H5P_DEFAULT, H5P_DEFAULT,
                         H5P_DEFAULT);
  H5Sclose(space);
  if (set >= 0 && !put_text(set, "description", description)) {
    H5Dclose(set);
    set = H5I_INVALID_HID;
  }
  return set;
}

static bool put_dataset(hid_t group, const char *name, hid_t type, int rank,
                        const hsize_t *dims, const void *data,
                        const char *description)
{
  hid_t set = new_dataset(group, name, type, rank, dims, description);
  bool ok = H5Dwrite(set, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, data) >= 0;
  H5Dclose(set);
  return ok;
}

static bool put_root(hid_t file, const lmx_solution *s, bool checkpoint)
{
  return put_text(file, "format", LMX_FORMAT) &&
         put_integer(file, "format_version", LMX_FORMAT_VERSION) &&
         put_text(file, "landaumax_version", lmx_version()) &&
         put_integer(file, "dimension", s->model.d) &&
         put_attribute(file, "D", H5T_NATIVE_DOUBLE, (hsize_t)s->model.d,
                       s->model.D) &&
         put_real(file, "eta", s->model.eta) &&
         put_text(file, "formulation", lmx_formulation_name(s->formulation)) &&
         put_real(file, "rtol", s->rtol) && put_real(file, "atol", s->atol) &&
         put_integer(file, "naxes", s->grid->naxes) &&
         put_integer(file, "order", s->grid->order) &&
         put_integer(file, "m", s->grid->m) &&
         put_integer(file, "checkpoint", checkpoint) &&
         put_text(file, "identity", s->identity) &&
         (!(s->estimate > 0.0) ||
          (put_real(file, "error_estimate", s->estimate) &&
           put_integer(file, "refinements", s->refinements)));
}

static bool put_axis(hid_t file, int i, const lmx_axis *axis)
{
  char name[] = "axis1";
  name[4] = (char)('1' + i);
  hsize_t points = axis->points;
  hid_t set = new_dataset(file, name, H5T_NATIVE_DOUBLE, 1, &points,
                          "nodes of this axis, normalised velocity");
  bool ok = H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                     axis->nodes) >= 0 &&
            put_text(set, "kind", lmx_axis_kind_name(axis->kind)) &&
            put_real(set, "half_width", axis->half_width) &&
            put_integer(set, "points", (int64_t)axis->points);
  H5Dclose(set);
  return ok;
}

static bool put_states(hid_t file, const lmx_solution *s)
{
  hsize_t dims[LMX_MAX_AXES + 1] = {s->ntimes};
  hsize_t start[LMX_MAX_AXES + 1] = {0}, count[LMX_MAX_AXES + 1] = {1};
  int naxes = s->grid->naxes;
  for (int i = 0; i < naxes; ++i)
    dims[i + 1] = count[i + 1] = s->grid->axis[i].points;
  hid_t set = new_dataset(
      file, "u", H5T_NATIVE_DOUBLE, naxes + 1, dims,
      "u = log(f/M) at [time][axis1].., M the standard Maxwellian; NaN where "
      "f is not positive; Octave and MATLAB show the indices reversed");
  hid_t rows = H5Dget_space(set);
  hid_t row = H5Screate_simple(naxes + 1, count, NULL);
  bool ok = true;
  for (size_t k = 0; k < s->ntimes && ok; ++k) {
    start[0] = k;
    ok = H5Sselect_hyperslab(rows, H5S_SELECT_SET, start, NULL, count, NULL) >=
             0 &&
         H5Dwrite(set, H5T_NATIVE_DOUBLE, row, rows, H5P_DEFAULT, s->u[k]) >= 0;
  }
  H5Sclose(row);
  H5Sclose(rows);
  H5Dclose(set);
  return ok;
}

static bool put_record(hid_t file, const lmx_solution *s)
{
  const lmx_bar_record *r = s->record;
  if (r == NULL)
    return true;
  hsize_t dims[3] = {r->ntimes, r->nshells, LMX_BAR_COLUMNS};
  hid_t set = new_dataset(
      file, "error_bars", H5T_NATIVE_DOUBLE, 3, dims,
      "what error-bar measured while the solve ran, [time][shell]: outer |v| "
      "of the shell; bound of |f_exact - f| / f there from the differences in "
      "v, from those that do not resolve the data (a guess), from the time "
      "steps, from beyond the box; distance of u from the path through the "
      "steps");
  bool ok = H5Dwrite(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT,
                     r->data) >= 0 &&
            put_integer(set, "shells", (int64_t)r->nshells);
  H5Dclose(set);
  return ok;
}

static bool put_times(hid_t file, const lmx_solution *s)
{
  hsize_t nt = s->ntimes;
  return put_dataset(file, "time", H5T_NATIVE_DOUBLE, 1, &nt, s->times,
                     "normalised times of the states") &&
         put_dataset(file, "trust_radius", H5T_NATIVE_DOUBLE, 1, &nt, s->trust,
                     "|v| up to which u is trustworthy at these times");
}

static bool put_map(hid_t file, const lmx_affine *map)
{
  hsize_t d[2] = {(hsize_t)map->d, (hsize_t)map->d};
  hid_t group = H5Gcreate2(file, "map", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  hid_t real = H5T_NATIVE_DOUBLE;
  bool ok =
      put_text(group, "description",
               "from the user's x to normalised v = rotation (x - mean) / "
               "scale; normalised time = mass * user's time") &&
      put_integer(group, "identity", map->identity) &&
      put_dataset(group, "mass", real, 0, NULL, &map->mass, "mass rho") &&
      put_dataset(group, "scale", real, 0, NULL, &map->scale, "scale s") &&
      put_dataset(group, "mean", real, 1, d, map->mean, "mean m") &&
      put_dataset(group, "rotation", real, 2, d, map->rotation,
                  "rotation R, rows are the principal axes");
  H5Gclose(group);
  return ok;
}

static bool put_stats(hid_t file, const lmx_solver_stats *stats)
{
  hid_t group =
      H5Gcreate2(file, "solver", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT);
  bool ok = true;
#define PUT_COUNT(member, words)                                               \
  ok = ok && put_dataset(group, #member, H5T_NATIVE_LONG, 0, NULL,             \
                         &stats->member, words);
  LMX_STATS_COUNTS(PUT_COUNT)
#undef PUT_COUNT
  ok = ok &&
       put_dataset(group, "last_order", H5T_NATIVE_INT, 0, NULL,
                   &stats->last_order, "order of the last step") &&
       put_dataset(group, "last_step", H5T_NATIVE_DOUBLE, 0, NULL,
                   &stats->last_step, "size of the last step") &&
       put_dataset(group, "wall_seconds", H5T_NATIVE_DOUBLE, 0, NULL,
                   &stats->wall_seconds, "seconds spent in the solver");
  H5Gclose(group);
  return ok;
}

static bool put_solution(hid_t file, const lmx_solution *solution,
                         bool checkpoint)
{
  bool ok = put_root(file, solution, checkpoint) && put_times(file, solution) &&
            put_states(file, solution) && put_record(file, solution) &&
            put_map(file, &solution->map) && put_stats(file, &solution->stats);
  for (int i = 0; i < solution->grid->naxes; ++i)
    ok = ok && put_axis(file, i, &solution->grid->axis[i]);
  return ok;
}

static hid_t create_in_memory(void)
{
  enum { INCREMENT = 1 << 20, NO_FILE_BEHIND = 0 };
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  hid_t file = H5I_INVALID_HID;
  if (H5Pset_fapl_core(access, INCREMENT, NO_FILE_BEHIND) >= 0)
    file = H5Fcreate(LMX_IMAGE_NAME, H5F_ACC_TRUNC, H5P_DEFAULT, access);
  H5Pclose(access);
  return file;
}

/* The bytes of the file as HDF5 would have written it, and their seal. The
 * oldest HDF5 format is used: every reader knows it, and H5Fget_file_image
 * spoils the newer ones before HDF5 2.0
 * (https://github.com/HDFGroup/hdf5/issues/1915). */
static lmx_status build_image(lmx_context *context,
                              const lmx_solution *solution, bool checkpoint,
                              char **out, size_t *bytes)
{
  char *image = NULL;
  hid_t file = create_in_memory();
  lmx_status status = LMX_OK;
  ssize_t n = -1;
  if (put_solution(file, solution, checkpoint) &&
      H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0)
    n = H5Fget_file_image(file, NULL, 0);
  if (n > 0)
    status = LMX_NEW_ARRAY(context, (size_t)n + LMX_SEAL_BYTES, &image);
  if (status == LMX_OK && n > 0)
    n = H5Fget_file_image(file, image, (size_t)n);
  if (status == LMX_OK && n <= 0)
    status = lmx_fail(context, LMX_ERR_MEMORY,
                      "HDF5 cannot hold the solution in memory");
  H5Fclose(file);
  if (status != LMX_OK) {
    lmx_free(image);
    return status;
  }
  lmx_seal_put(image, (size_t)n);
  *out = image;
  *bytes = (size_t)n + LMX_SEAL_BYTES;
  return LMX_OK;
}

/* Of the file, and somewhat more: states, record, axes, and what HDF5 keeps. */
static double image_bytes(const lmx_solution *s)
{
  double numbers = (double)s->ntimes * ((double)s->grid->size + 2.0);
  for (int i = 0; i < s->grid->naxes; ++i)
    numbers += (double)s->grid->axis[i].points;
  if (s->record != NULL)
    numbers += (double)s->record->ntimes * (double)s->record->nshells *
               LMX_BAR_COLUMNS;
  return 8.0 * numbers + 2e6;
}

lmx_status lmx_solution_write(lmx_context *context,
                              const lmx_solution *solution, bool checkpoint,
                              const char *path)
{
  char *image = NULL;
  size_t bytes = 0;
  if (solution->ntimes == 0)
    return lmx_fail(context, LMX_ERR_USAGE, "%s: there is no state to write",
                    path);
  /* HDF5's file in memory grows by copies; beside it is the image of it */
  LMX_TRY(lmx_memory_require(context, 3.0 * image_bytes(solution), "HDF5"));
  lmx_hdf5_quiet quiet = lmx_hdf5_quiet_begin();
  lmx_status status =
      build_image(context, solution, checkpoint, &image, &bytes);
  lmx_hdf5_quiet_end(&quiet);
  if (status == LMX_OK)
    status = lmx_file_write(context, path, image, bytes);
  lmx_free(image);
  return status;
}
