/* Text built with fprintf in memory. */
#ifndef LMX_IO_MEMORY_FILE_H
#define LMX_IO_MEMORY_FILE_H

#include "landaumax/core.h"

#include <stdio.h>

typedef struct lmx_memory_file {
  FILE *file;
  char *data;
  size_t bytes;
} lmx_memory_file;

lmx_status lmx_memory_file_open(lmx_context *context, lmx_memory_file *memory);

/* Closes it and gives the text; release with lmx_free. Errors of any of the
 * prints before show up here: LMX_ERR_MEMORY. */
lmx_status lmx_memory_file_close(lmx_context *context, lmx_memory_file *memory,
                                 char **out);

#endif
