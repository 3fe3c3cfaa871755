/* Text built with fprintf in memory. */
#include "memory_file.h"

#include <stdlib.h>
#include <string.h>

lmx_status lmx_memory_file_open(lmx_context *context, lmx_memory_file *memory)
{
  *memory = (lmx_memory_file){0};
  memory->file = open_memstream(&memory->data, &memory->bytes);
  if (memory->file == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory for text");
  return LMX_OK;
}

lmx_status lmx_memory_file_close(lmx_context *context, lmx_memory_file *memory,
                                 char **out)
{
  char *text;
  lmx_status status = LMX_OK;
  bool bad = ferror(memory->file) != 0;
  if (fclose(memory->file) != 0 || bad)
    status = lmx_fail(context, LMX_ERR_MEMORY, "out of memory for text");
  /* copied, so that lmx_free is right whatever lmx_alloc becomes */
  if (status == LMX_OK)
    status = LMX_NEW_ARRAY(context, memory->bytes + 1, &text);
  if (status == LMX_OK) {
    memcpy(text, memory->data, memory->bytes);
    *out = text;
  }
  free(memory->data);
  return status;
}
