/* Typed access to an HDF5 file that may hold anything. */
#include "hdf5_get.h"

#include "layout.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

lmx_status lmx_hdf5_fail(const lmx_hdf5_source *from, const char *item,
                         const char *format, ...)
{
  char text[512];
  va_list args;
  va_start(args, format);
  vsnprintf(text, sizeof text, format, args);
  va_end(args);
  return lmx_fail(from->context, LMX_ERR_IO, "%s: %s: %s", from->path, item,
                  text);
}

/* "axis1/kind" for messages */
static lmx_status fail_attribute(const lmx_hdf5_source *from,
                                 const char *object, const char *name,
                                 const char *text)
{
  char item[128];
  if (strcmp(object, "/") == 0)
    snprintf(item, sizeof item, "%s", name);
  else
    snprintf(item, sizeof item, "%s/%s", object, name);
  return lmx_hdf5_fail(from, item, "%s", text);
}

/* Types are compared by class and size only: byte order is converted. */
static bool is_real(hid_t type)
{
  return H5Tget_class(type) == H5T_FLOAT && H5Tget_size(type) == 8;
}

static bool is_integer(hid_t type)
{
  size_t size = H5Tget_size(type);
  return H5Tget_class(type) == H5T_INTEGER && size >= 1 && size <= 8;
}

static bool is_text(hid_t type)
{
  size_t size = H5Tget_size(type);
  return H5Tget_class(type) == H5T_STRING && H5Tis_variable_str(type) == 0 &&
         size >= 1 && size < LMX_FORMAT_TEXT;
}

/* Whether everything on the way to an object is in this file: links may lead to
 * any other, to a device that never answers, or in circles. */
static bool is_inside(const lmx_hdf5_source *from, const char *object)
{
  char path[128];
  H5L_info_t info;
  if (strcmp(object, "/") == 0)
    return true;
  for (size_t n = 0; object[n] != '\0';) {
    n += strcspn(object + n, "/");
    if (n >= sizeof path)
      return false;
    memcpy(path, object, n);
    path[n] = '\0';
    if (H5Lget_info(from->file, path, &info, H5P_DEFAULT) < 0 ||
        info.type != H5L_TYPE_HARD)
      return false;
    n += object[n] == '/';
  }
  return true;
}

/* Whether the bytes of a dataset are in this file as they stand: no other file
 * beside it, none put together from others, no filter, which may be code that
 * is loaded from somewhere. */
static bool is_plain(hid_t set)
{
  hid_t made = H5Dget_create_plist(set);
  H5D_layout_t layout = H5Pget_layout(made);
  bool plain = (layout == H5D_CONTIGUOUS || layout == H5D_COMPACT ||
                layout == H5D_CHUNKED) &&
               H5Pget_external_count(made) == 0 && H5Pget_nfilters(made) == 0;
  H5Pclose(made);
  return plain;
}

/* Reads an attribute of `count` items (0: a scalar) that `fits` accepts. */
static lmx_status get_attribute(const lmx_hdf5_source *from, const char *object,
                                const char *name, bool (*fits)(hid_t),
                                size_t count, hid_t memory_type, void *out)
{
  const char *wrong = NULL;
  if (!is_inside(from, object))
    return fail_attribute(from, object, name,
                          "is missing, or is behind a link");
  hid_t attribute =
      H5Aopen_by_name(from->file, object, name, H5P_DEFAULT, H5P_DEFAULT);
  if (attribute < 0)
    return fail_attribute(from, object, name, "is missing or damaged");
  hid_t type = H5Aget_type(attribute);
  hid_t space = H5Aget_space(attribute);
  if (!fits(type))
    wrong = "is of the wrong type";
  else if (H5Sget_simple_extent_ndims(space) != (count == 0 ? 0 : 1) ||
           H5Sget_simple_extent_npoints(space) !=
               (hssize_t)(count == 0 ? 1 : count))
    wrong = "is of the wrong size";
  else if (H5Aread(attribute, memory_type >= 0 ? memory_type : type, out) < 0)
    wrong = "cannot be read";
  H5Sclose(space);
  H5Tclose(type);
  H5Aclose(attribute);
  return wrong == NULL ? LMX_OK : fail_attribute(from, object, name, wrong);
}

lmx_status lmx_hdf5_text(const lmx_hdf5_source *from, const char *object,
                         const char *name, char *out)
{
  memset(out, 0, LMX_FORMAT_TEXT);
  return get_attribute(from, object, name, is_text, 0, H5I_INVALID_HID, out);
}

lmx_status lmx_hdf5_integer(const lmx_hdf5_source *from, const char *object,
                            const char *name, int64_t low, int64_t high,
                            int64_t *out)
{
  int64_t k;
  LMX_TRY(
      get_attribute(from, object, name, is_integer, 0, H5T_NATIVE_INT64, &k));
  if (k < low || k > high)
    return fail_attribute(from, object, name, "is out of bounds");
  *out = k;
  return LMX_OK;
}

lmx_status lmx_hdf5_reals(const lmx_hdf5_source *from, const char *object,
                          const char *name, size_t count, double *out)
{
  return get_attribute(from, object, name, is_real, count, H5T_NATIVE_DOUBLE,
                       out);
}

lmx_status lmx_hdf5_positive(const lmx_hdf5_source *from, const char *object,
                             const char *name, double *out)
{
  double x;
  LMX_TRY(lmx_hdf5_reals(from, object, name, 0, &x));
  if (!(isfinite(x) && x > 0.0))
    return fail_attribute(from, object, name, "is not a positive number");
  *out = x;
  return LMX_OK;
}

/* True when all elements have their bytes in the file. */
static bool is_stored(const lmx_hdf5_source *from, hid_t set, hid_t type,
                      hid_t space)
{
  hsize_t stored = H5Dget_storage_size(set);
  hssize_t count = H5Sget_simple_extent_npoints(space);
  size_t size = H5Tget_size(type);
  return count > 0 && size > 0 && stored <= from->bytes &&
         (hsize_t)count <= stored / size;
}

static bool has_extent(hid_t space, int rank, const size_t *dims)
{
  hsize_t extent[H5S_MAX_RANK];
  if (H5Sget_simple_extent_ndims(space) != rank ||
      H5Sget_simple_extent_dims(space, extent, NULL) < 0)
    return false;
  for (int i = 0; i < rank; ++i)
    if (extent[i] != dims[i])
      return false;
  return true;
}

/* Opens a dataset that passes every test; the caller closes it. dims NULL
 * with rank > 0: any extents. */
static lmx_status open_dataset(const lmx_hdf5_source *from, const char *name,
                               bool (*fits)(hid_t), int rank,
                               const size_t *dims, hid_t *out)
{
  const char *wrong = NULL;
  if (!is_inside(from, name))
    return lmx_hdf5_fail(from, name, "is missing, or a link");
  hid_t set = H5Dopen2(from->file, name, H5P_DEFAULT);
  if (set < 0)
    return lmx_hdf5_fail(from, name, "is missing or damaged");
  hid_t type = H5Dget_type(set);
  hid_t space = H5Dget_space(set);
  if (!fits(type))
    wrong = "is of the wrong type";
  else if (H5Sget_simple_extent_ndims(space) != rank ||
           (dims != NULL && !has_extent(space, rank, dims)))
    wrong = "is of the wrong size";
  else if (!is_plain(set))
    wrong = "is not stored plainly in this file";
  else if (!is_stored(from, set, type, space))
    wrong = "is not stored in full";
  H5Sclose(space);
  H5Tclose(type);
  if (wrong != NULL) {
    H5Dclose(set);
    return lmx_hdf5_fail(from, name, "%s", wrong);
  }
  *out = set;
  return LMX_OK;
}

lmx_status lmx_hdf5_length(const lmx_hdf5_source *from, const char *name,
                           size_t *out)
{
  hid_t set = H5I_INVALID_HID;
  hsize_t length = 0;
  LMX_TRY(open_dataset(from, name, is_real, 1, NULL, &set));
  hid_t space = H5Dget_space(set);
  H5Sget_simple_extent_dims(space, &length, NULL);
  H5Sclose(space);
  H5Dclose(set);
  *out = (size_t)length;
  return LMX_OK;
}

lmx_status lmx_hdf5_extent(const lmx_hdf5_source *from, const char *name,
                           int rank, const size_t *dims)
{
  hid_t set = H5I_INVALID_HID;
  LMX_TRY(open_dataset(from, name, is_real, rank, dims, &set));
  H5Dclose(set);
  return LMX_OK;
}

lmx_status lmx_hdf5_dataset(const lmx_hdf5_source *from, const char *name,
                            int rank, const size_t *dims, double *out)
{
  hid_t set = H5I_INVALID_HID;
  LMX_TRY(open_dataset(from, name, is_real, rank, dims, &set));
  herr_t result =
      H5Dread(set, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, out);
  H5Dclose(set);
  return result >= 0 ? LMX_OK : lmx_hdf5_fail(from, name, "is damaged");
}

lmx_status lmx_hdf5_row(const lmx_hdf5_source *from, const char *name, int rank,
                        const size_t *dims, size_t k, double *out)
{
  hid_t set = H5I_INVALID_HID;
  hsize_t start[LMX_MAX_AXES + 1] = {k}, count[LMX_MAX_AXES + 1] = {1};
  LMX_TRY(open_dataset(from, name, is_real, rank, dims, &set));
  for (int i = 1; i < rank; ++i)
    count[i] = dims[i];
  hid_t rows = H5Dget_space(set);
  hid_t row = H5Screate_simple(rank, count, NULL);
  bool ok = H5Sselect_hyperslab(rows, H5S_SELECT_SET, start, NULL, count,
                                NULL) >= 0 &&
            H5Dread(set, H5T_NATIVE_DOUBLE, row, rows, H5P_DEFAULT, out) >= 0;
  H5Sclose(row);
  H5Sclose(rows);
  H5Dclose(set);
  return ok ? LMX_OK
            : lmx_hdf5_fail(from, name, "the state at time %zu is damaged",
                            k + 1);
}

lmx_status lmx_hdf5_count(const lmx_hdf5_source *from, const char *name,
                          int64_t *out)
{
  hid_t set = H5I_INVALID_HID;
  int64_t k = -1;
  LMX_TRY(open_dataset(from, name, is_integer, 0, NULL, &set));
  herr_t result =
      H5Dread(set, H5T_NATIVE_INT64, H5S_ALL, H5S_ALL, H5P_DEFAULT, &k);
  H5Dclose(set);
  if (result < 0 || k < 0)
    return lmx_hdf5_fail(from, name, "is damaged or negative");
  *out = k;
  return LMX_OK;
}
