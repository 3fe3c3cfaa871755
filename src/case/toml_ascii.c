/* The text as toml++ gets to see it, because of two defects of toml++ 3.3:
 *
 *  - asking whether a character beyond ASCII is white space it runs into
 *    undefined behaviour (is_non_ascii_horizontal_whitespace, U+00A1 for
 *    one). So it gets ASCII only: TOML has other characters in strings and
 *    comments alone, and in strings each of their bytes becomes "~" and two
 *    hexadecimal digits, which lmx_toml_from_ascii turns back. "~" itself,
 *    also if escaped, becomes "~7E".
 *  - it builds one table per part of a dotted key, without limit, and
 *    releases them recursively: "a.a.a ..." of 100 KB overflows the stack.
 *    So keys with many points are refused.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "case/toml.h"

enum { MOST_DOTS = 8, LONGEST_CODE = 3 };

typedef struct scan {
  const char *text;
  size_t length, at;
  char *out; /* room for LONGEST_CODE bytes per byte of the text */
  size_t nout;
  const char *problem; /* NULL while all is well */
} scan;

/* --- UTF-8 ----------------------------------------------------------- */

static bool is_ascii(char c)
{
  return ((unsigned char)c & 0x80) == 0;
}

/* Bytes of the character at p, 0 if it is not UTF-8: a stray or missing
 * continuation, an overlong form, a surrogate, beyond U+10FFFF. */
static size_t utf8_length(const char *p, size_t left)
{
  static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
  unsigned char first = (unsigned char)*p;
  size_t n = first < 0x80   ? 1
             : first < 0xC0 ? 0
             : first < 0xE0 ? 2
             : first < 0xF0 ? 3
             : first < 0xF8 ? 4
                            : 0;
  if (n <= 1 || n > left)
    return n <= left ? n : 0;
  uint32_t code = first & (0xFFu >> (n + 1));
  for (size_t i = 1; i < n; ++i) {
    if (((unsigned char)p[i] & 0xC0) != 0x80)
      return 0;
    code = code << 6 | ((unsigned char)p[i] & 0x3F);
  }
  bool surrogate = code >= 0xD800 && code <= 0xDFFF;
  return code >= smallest[n] && code <= 0x10FFFF && !surrogate ? n : 0;
}

/* Moves to the first byte that is not UTF-8; false if there is one. */
static bool is_utf8(scan *s)
{
  while (s->at < s->length) {
    size_t n = utf8_length(s->text + s->at, s->length - s->at);
    if (n == 0)
      return false;
    s->at += n;
  }
  s->at = 0;
  return true;
}

/* --- copying --------------------------------------------------------- */

/* Takes one byte over as it is. */
static void copy(scan *s)
{
  s->out[s->nout++] = s->text[s->at++];
}

/* Takes one byte of a string over. */
static void encode(scan *s)
{
  static const char digits[] = "0123456789ABCDEF";
  unsigned char c = (unsigned char)s->text[s->at];
  if (c < 0x80 && c != '~') {
    copy(s);
    return;
  }
  s->out[s->nout++] = '~';
  s->out[s->nout++] = digits[c >> 4];
  s->out[s->nout++] = digits[c & 15];
  ++s->at;
}

static bool starts_with(const scan *s, const char *word)
{
  size_t n = strlen(word);
  return s->length - s->at >= n && strncasecmp(s->text + s->at, word, n) == 0;
}

/* A backslash and what it escapes. */
static void encode_escape(scan *s)
{
  /* \u and \U mean different things, their digits may be of either case. */
  bool wide = s->at + 1 < s->length && s->text[s->at + 1] == 'U';
  const char *tilde = wide ? "\\U0000007E" : "\\u007E";
  if (starts_with(s, tilde)) {
    memcpy(s->out + s->nout, "~7E", 3);
    s->nout += 3;
    s->at += strlen(tilde);
    return;
  }
  copy(s);
  if (s->at < s->length)
    encode(s);
}

static bool at_quotes(const scan *s, char quote)
{
  return s->at + 2 < s->length && s->text[s->at] == quote &&
         s->text[s->at + 1] == quote && s->text[s->at + 2] == quote;
}

static void encode_line_string(scan *s, char quote)
{
  for (copy(s); s->at < s->length;) {
    char c = s->text[s->at];
    if (c == '\\' && quote == '"')
      encode_escape(s);
    else
      encode(s);
    if (c == quote || c == '\n')
      return;
  }
}

static void encode_text_string(scan *s, char quote)
{
  for (int i = 0; i < 3; ++i)
    copy(s);
  while (s->at < s->length) {
    if (s->text[s->at] == '\\' && quote == '"') {
      encode_escape(s);
    } else if (at_quotes(s, quote)) {
      /* Up to two quotes may stand before the closing three. */
      while (s->at < s->length && s->text[s->at] == quote)
        copy(s);
      return;
    } else {
      encode(s);
    }
  }
}

static void encode_string(scan *s)
{
  char quote = s->text[s->at];
  if (at_quotes(s, quote))
    encode_text_string(s, quote);
  else
    encode_line_string(s, quote);
}

static void copy_comment(scan *s)
{
  while (s->at < s->length && s->text[s->at] != '\n') {
    copy(s);
    if (!is_ascii(s->out[s->nout - 1]))
      s->out[s->nout - 1] = '?';
  }
}

static void copy_text(scan *s)
{
  int dots = 0;
  if (s->length >= 3 && memcmp(s->text, "\xef\xbb\xbf", 3) == 0)
    s->at = 3; /* byte order mark */
  while (s->at < s->length && s->problem == NULL) {
    char c = s->text[s->at];
    if (memchr("\n=,[]{}", c, 7) != NULL)
      dots = 0;
    if (c == '"' || c == '\'')
      encode_string(s);
    else if (c == '#')
      copy_comment(s);
    else if (c == '.' && ++dots > MOST_DOTS)
      s->problem = "a key has too many points";
    else if (!is_ascii(c))
      s->problem = "a character beyond ASCII stands outside of quotes";
    else
      copy(s);
  }
}

/* --- both ways ------------------------------------------------------- */

lmx_status lmx_toml_to_ascii(lmx_context *context, const char *text,
                             size_t length, char **out, size_t *nout,
                             lmx_toml_error *error)
{
  scan s = {.text = text, .length = length};
  LMX_TRY(LMX_NEW_ARRAY(context, LONGEST_CODE * length + 1, &s.out));
  if (is_utf8(&s))
    copy_text(&s);
  else
    s.problem = "it contains bytes that are not UTF-8";
  if (s.problem == NULL) {
    *out = s.out;
    *nout = s.nout;
    return LMX_OK;
  }
  lmx_free(s.out);
  error->line = 1;
  for (size_t i = 0; i < s.at; ++i)
    error->line += text[i] == '\n';
  snprintf(error->what, sizeof error->what, "%s", s.problem);
  return LMX_ERR_CASE;
}

void lmx_toml_from_ascii(char *text)
{
  char *to = text;
  for (const char *from = text; *from != '\0'; ++to) {
    if (*from == '~' && from[1] != '\0' && from[2] != '\0') {
      char digits[] = {from[1], from[2], '\0'};
      *to = (char)strtoul(digits, NULL, 16);
      from += 3;
    } else {
      *to = *from++;
    }
  }
  *to = '\0';
}
