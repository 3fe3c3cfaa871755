/* A look at the text before it is parsed.
 *
 * toml++ builds one table per part of a dotted key, without limit, and
 * releases them recursively: "a.a.a.a ..." of some 100 KB would overflow the
 * stack. So the dots of every key are counted first. */
#include "case/reader.h"

#include <stdint.h>
#include <string.h>

enum { MOST_BYTES = 1 << 20, MOST_DOTS = 8 };

/* Index behind the string that starts with the quote at i. */
static size_t skip_string(const char *s, size_t n, size_t i)
{
  char quote = s[i];
  bool escapes = quote == '"';
  if (!(i + 2 < n && s[i + 1] == quote && s[i + 2] == quote)) {
    for (++i; i < n && s[i] != quote && s[i] != '\n'; ++i)
      if (escapes && s[i] == '\\')
        ++i;
    return i + 1;
  }
  for (i += 3; i + 2 < n; ++i) {
    if (escapes && s[i] == '\\') {
      ++i;
    } else if (s[i] == quote && s[i + 1] == quote && s[i + 2] == quote) {
      /* Up to two quotes may stand before the closing three. */
      for (i += 3; i < n && s[i] == quote;)
        ++i;
      return i;
    }
  }
  return n;
}

static int line_of(const char *text, size_t offset)
{
  int line = 1;
  for (size_t i = 0; i < offset; ++i)
    line += text[i] == '\n';
  return line;
}

/* Offset of a key with too many dots; `n` if there is none. */
static size_t find_long_key(const char *s, size_t n)
{
  int dots = 0;
  for (size_t i = 0; i < n;) {
    char c = s[i];
    if (c == '"' || c == '\'') {
      i = skip_string(s, n, i);
      continue;
    }
    if (c == '#') {
      const char *end = memchr(s + i, '\n', n - i);
      i = end == NULL ? n : (size_t)(end - s);
      continue;
    }
    if (c == '.' && ++dots > MOST_DOTS)
      return i;
    if (memchr("\n=,[]{}", c, 7) != NULL)
      dots = 0;
    ++i;
  }
  return n;
}

lmx_status lmx_reader_scan(const lmx_reader *reader, const char *text,
                           size_t length)
{
  if (length > MOST_BYTES)
    return lmx_reader_fail_at(reader, 1, "file",
                              "has more than %d bytes, allowed is 1 MiB",
                              MOST_BYTES);
  const char *nul = length == 0 ? NULL : memchr(text, '\0', length);
  if (nul != NULL)
    return lmx_reader_fail_at(
        reader, line_of(text, (size_t)(nul - text)), "file",
        "is not a text file (it contains a zero byte), allowed is TOML");
  size_t at = find_long_key(text, length);
  if (at < length)
    return lmx_reader_fail_at(reader, line_of(text, at), "syntax",
                              "a key has more than %d points, the keys of a "
                              "case have at most one",
                              MOST_DOTS);
  return LMX_OK;
}
