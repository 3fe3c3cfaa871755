/* Typed access to an HDF5 file that may hold anything. Each function fails
 * with LMX_ERR_IO and "FILE: ITEM: what is wrong". `object` is a group or a
 * dataset by its path from the root, "/" being the root. */
#ifndef LMX_IO_HDF5_GET_H
#define LMX_IO_HDF5_GET_H

#include "landaumax/core.h"

#include <stdint.h>

#include <hdf5.h>

typedef struct lmx_hdf5_source {
  lmx_context *context;
  const char *path; /* for messages */
  hid_t file;
  size_t bytes;   /* size of the file */
  bool rehearsal; /* only to see whether HDF5 survives it */
} lmx_hdf5_source;

lmx_status lmx_hdf5_fail(const lmx_hdf5_source *from, const char *item,
                         const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Attributes. */

/* A string, [LMX_FORMAT_TEXT] with its NUL. */
lmx_status lmx_hdf5_text(const lmx_hdf5_source *from, const char *object,
                         const char *name, char *out);
/* An integer with low <= value <= high. */
lmx_status lmx_hdf5_integer(const lmx_hdf5_source *from, const char *object,
                            const char *name, int64_t low, int64_t high,
                            int64_t *out);
/* `count` doubles; 0 is a scalar. */
lmx_status lmx_hdf5_reals(const lmx_hdf5_source *from, const char *object,
                          const char *name, size_t count, double *out);
/* A finite number > 0. */
lmx_status lmx_hdf5_positive(const lmx_hdf5_source *from, const char *object,
                             const char *name, double *out);

/* Datasets. */

/* The length, at least 1, of a dataset of rank 1 that is really stored. */
lmx_status lmx_hdf5_length(const lmx_hdf5_source *from, const char *name,
                           size_t *out);
/* Fails unless the dataset holds doubles of these extents, all of them in the
 * file: nobody can make us allocate more than the file is long. */
lmx_status lmx_hdf5_extent(const lmx_hdf5_source *from, const char *name,
                           int rank, const size_t *dims);
/* All doubles of a dataset of these extents. */
lmx_status lmx_hdf5_dataset(const lmx_hdf5_source *from, const char *name,
                            int rank, const size_t *dims, double *out);
/* The doubles with first index k. */
lmx_status lmx_hdf5_row(const lmx_hdf5_source *from, const char *name, int rank,
                        const size_t *dims, size_t k, double *out);
/* A scalar integer >= 0. */
lmx_status lmx_hdf5_count(const lmx_hdf5_source *from, const char *name,
                          int64_t *out);

#endif
