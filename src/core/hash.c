/* A checksum against accidents, not against malice. */
#include "core/hash.h"

uint64_t lmx_fnv1a64(const char *data, size_t bytes)
{
  uint64_t hash = UINT64_C(0xcbf29ce484222325);
  for (size_t i = 0; i < bytes; ++i) {
    hash ^= (unsigned char)data[i];
    hash *= UINT64_C(0x100000001b3);
  }
  return hash;
}
