/* A checksum against accidents, not against malice. */
#ifndef LMX_CORE_HASH_H
#define LMX_CORE_HASH_H

#include <stddef.h>
#include <stdint.h>

/* FNV-1a, 64 bits (Fowler, Noll, Vo): any change of one byte changes it. */
uint64_t lmx_fnv1a64(const char *data, size_t bytes);

#endif
