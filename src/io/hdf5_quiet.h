/* HDF5 prints its errors unless told not to; ours go into the context. */
#ifndef LMX_IO_HDF5_QUIET_H
#define LMX_IO_HDF5_QUIET_H

#include <hdf5.h>

/* Files in memory need a name too. No file of that name is touched. */
#define LMX_IMAGE_NAME "/landaumax solution in memory"

/* The printing in force before, put back at the end: it belongs to the
 * program that uses the library. */
typedef struct lmx_hdf5_quiet {
  H5E_auto2_t print;
  void *user;
} lmx_hdf5_quiet;

static inline lmx_hdf5_quiet lmx_hdf5_quiet_begin(void)
{
  lmx_hdf5_quiet quiet = {0};
  H5Eget_auto2(H5E_DEFAULT, &quiet.print, &quiet.user);
  H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
  return quiet;
}

static inline void lmx_hdf5_quiet_end(const lmx_hdf5_quiet *quiet)
{
  H5Eclear2(H5E_DEFAULT);
  H5Eset_auto2(H5E_DEFAULT, quiet->print, quiet->user);
}

#endif
