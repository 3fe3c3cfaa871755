/* A line of text behind the bytes of a file, with their checksum. */
#include "seal.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/hash.h"

static const char word[] = "\nlandaumax fnv1a64 ";

void lmx_seal_put(char *data, size_t bytes)
{
  char line[LMX_SEAL_BYTES + 1];
  snprintf(line, sizeof line, "%s%016" PRIx64 "\n", word,
           lmx_fnv1a64(data, bytes));
  memcpy(data + bytes, line, LMX_SEAL_BYTES);
}

lmx_seal lmx_seal_check(const char *data, size_t bytes)
{
  char line[LMX_SEAL_BYTES + 1];
  if (bytes < LMX_SEAL_BYTES)
    return LMX_SEAL_ABSENT;
  bytes -= LMX_SEAL_BYTES;
  if (memcmp(data + bytes, word, strlen(word)) != 0)
    return LMX_SEAL_ABSENT;
  snprintf(line, sizeof line, "%s%016" PRIx64 "\n", word,
           lmx_fnv1a64(data, bytes));
  return memcmp(data + bytes, line, LMX_SEAL_BYTES) == 0 ? LMX_SEAL_GOOD
                                                         : LMX_SEAL_BROKEN;
}
