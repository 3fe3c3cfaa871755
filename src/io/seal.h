/* A line of text behind the bytes of a file, with their checksum. HDF5
 * readers do not look behind the end that the file declares. */
#ifndef LMX_IO_SEAL_H
#define LMX_IO_SEAL_H

#include <stddef.h>

enum { LMX_SEAL_BYTES = 37 };

typedef enum { LMX_SEAL_ABSENT, LMX_SEAL_GOOD, LMX_SEAL_BROKEN } lmx_seal;

/* Writes the seal of data[0..bytes) to data[bytes..bytes + LMX_SEAL_BYTES). */
void lmx_seal_put(char *data, size_t bytes);

/* Looks for a seal at the end of data[0..bytes). */
lmx_seal lmx_seal_check(const char *data, size_t bytes);

#endif
