/* Numbers under a tag: a line of text, the bytes of the doubles, a seal. */
#include "landaumax/io.h"

#include <stdio.h>
#include <string.h>

#include "seal.h"

enum { LINE = 128 };

lmx_status lmx_numbers_write(lmx_context *context, const char *path,
                             const char *tag, size_t count,
                             const double *numbers)
{
  char line[LINE], *data;
  int head = snprintf(line, sizeof line, "landaumax %s %zu\n", tag, count);
  if (head < 0 || head >= LINE)
    return lmx_fail(context, LMX_ERR_USAGE, "%s: the tag is too long", path);
  size_t bytes = (size_t)head + count * sizeof *numbers;
  LMX_TRY(LMX_NEW_ARRAY(context, bytes + LMX_SEAL_BYTES, &data));
  memcpy(data, line, (size_t)head);
  memcpy(data + head, numbers, count * sizeof *numbers);
  lmx_seal_put(data, bytes);
  lmx_status status =
      lmx_file_write(context, path, data, bytes + LMX_SEAL_BYTES);
  lmx_free(data);
  return status;
}

static lmx_status unpack(lmx_context *context, const char *path,
                         const char *tag, const char *data, size_t bytes,
                         size_t *count, double **out)
{
  char line[LINE];
  const char *end = memchr(data, '\n', bytes < LINE ? bytes : LINE);
  if (end == NULL || lmx_seal_check(data, bytes) != LMX_SEAL_GOOD)
    return lmx_fail(context, LMX_ERR_IO, "%s: is damaged or truncated", path);
  size_t head = (size_t)(end - data) + 1;
  size_t n = (bytes - LMX_SEAL_BYTES - head) / sizeof **out;
  int wanted = snprintf(line, sizeof line, "landaumax %s %zu\n", tag, n);
  if ((size_t)wanted != head || memcmp(line, data, head) != 0)
    return lmx_fail(context, LMX_ERR_IO,
                    "%s: belongs to another case: it does not hold \"%s\"",
                    path, tag);
  double *numbers;
  LMX_TRY(LMX_NEW_ARRAY(context, n, &numbers));
  memcpy(numbers, data + head, n * sizeof *numbers);
  *count = n;
  *out = numbers;
  return LMX_OK;
}

lmx_status lmx_numbers_read(lmx_context *context, const char *path,
                            const char *tag, size_t *count, double **out)
{
  char *data;
  size_t bytes;
  LMX_TRY(lmx_file_read(context, path, &data, &bytes));
  lmx_status status = unpack(context, path, tag, data, bytes, count, out);
  lmx_free(data);
  return status;
}
