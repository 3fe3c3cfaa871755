/* Zeroed, aligned allocation with overflow check and a test hook. */
#include "core/memory.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 64 };

static long allocations_until_failure;

void lmx_alloc_fail_after(long n)
{
  allocations_until_failure = n;
}

static bool failure_is_due(void)
{
  return allocations_until_failure > 0 && --allocations_until_failure == 0;
}

lmx_status lmx_alloc(lmx_context *context, size_t count, size_t size,
                     void **out)
{
  if (size != 0 && count > (SIZE_MAX - ALIGNMENT) / size)
    return lmx_fail(context, LMX_ERR_MEMORY,
                    "out of memory: %zu items of %zu bytes", count, size);
  size_t bytes = count * size;
  size_t rounded = (bytes + ALIGNMENT) / ALIGNMENT * ALIGNMENT;
  void *memory = failure_is_due() ? NULL : aligned_alloc(ALIGNMENT, rounded);
  if (memory == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory: %zu bytes", bytes);
  memset(memory, 0, rounded);
  *out = memory;
  return LMX_OK;
}

lmx_status lmx_memory_require(lmx_context *context, double bytes,
                              const char *what)
{
  /* what allocators lose between blocks, and what goes on beside */
  double all = 1.1 * bytes + 4e6;
  void *memory = failure_is_due() || !(all < 1e18) ? NULL : malloc((size_t)all);
  if (memory == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory: %s needs %.3g MB",
                    what, all / 1e6);
  free(memory);
  return LMX_OK;
}

void lmx_free(void *memory)
{
  free(memory);
}
