/* A line of text behind the bytes of a file, with their checksum. */
#include "seal.h"

#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

static const char word[] = "\nlandaumax fnv1a64 ";

/* FNV-1a, 64 bits (Fowler, Noll, Vo): any change of one byte changes it. */
static uint64_t fnv1a64(const char *data, size_t bytes)
{
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < bytes; ++i) {
    hash ^= (unsigned char)data[i];
    hash *= UINT64_C(0x100000001b3);
  }
  return hash;
}

void lmx_seal_put(char *data, size_t bytes)
{
  char line[LMX_SEAL_BYTES + 1];
  snprintf(line, sizeof line, "%s%016" PRIx64 "\n", word, fnv1a64(data, bytes));
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
  snprintf(line, sizeof line, "%s%016" PRIx64 "\n", word, fnv1a64(data, bytes));
  return memcmp(data + bytes, line, LMX_SEAL_BYTES) == 0 ? LMX_SEAL_GOOD
                                                         : LMX_SEAL_BROKEN;
}
