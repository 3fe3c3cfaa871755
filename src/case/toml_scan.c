/* A look at the text before toml++ sees it. Two things it cannot bear:
 *
 *  - it builds one table per part of a dotted key, without limit, and
 *    releases them recursively: "a.a.a ..." of 100 KB overflows the stack;
 *  - it runs into undefined behaviour on some characters beyond ASCII where
 *    it asks whether they are white space (3.3, is_non_ascii_horizontal_
 *    whitespace): outside of strings and comments, where TOML has none, and
 *    behind a backslash that ends a line of a string, where it has.
 */
#include <string.h>

#include "case/toml.h"

enum { MOST_DOTS = 8 };

typedef struct scan {
  const char *text;
  size_t length;
  size_t at;
  const char *problem; /* NULL while all is well */
} scan;

static bool is_ascii(char c)
{
  return ((unsigned char)c & 0x80) == 0;
}

static bool at_quotes(const scan *s, char quote)
{
  return s->at + 2 < s->length && s->text[s->at] == quote &&
         s->text[s->at + 1] == quote && s->text[s->at + 2] == quote;
}

static void skip_line_string(scan *s, char quote)
{
  for (++s->at; s->at < s->length; ++s->at) {
    char c = s->text[s->at];
    if (c == quote || c == '\n')
      break;
    if (c == '\\' && quote == '"')
      ++s->at;
  }
  ++s->at;
}

/* An escape in a """ string, which may end a line. */
static void skip_escape(scan *s)
{
  ++s->at;
  size_t next = s->at;
  while (next < s->length && memchr(" \t\r\n", s->text[next], 4) != NULL)
    ++next;
  if (next < s->length && !is_ascii(s->text[next]))
    s->problem = "a backslash stands before a character beyond ASCII";
}

static void skip_text_string(scan *s, char quote)
{
  for (s->at += 3; s->at < s->length; ++s->at) {
    if (s->text[s->at] == '\\' && quote == '"') {
      skip_escape(s);
      if (s->problem != NULL)
        return;
    } else if (at_quotes(s, quote)) {
      /* Up to two quotes may stand before the closing three. */
      for (s->at += 3; s->at < s->length && s->text[s->at] == quote;)
        ++s->at;
      return;
    }
  }
}

static void skip_string(scan *s)
{
  char quote = s->text[s->at];
  if (at_quotes(s, quote))
    skip_text_string(s, quote);
  else
    skip_line_string(s, quote);
}

static void skip_comment(scan *s)
{
  while (s->at < s->length && s->text[s->at] != '\n')
    ++s->at;
}

static void scan_text(scan *s)
{
  int dots = 0;
  if (s->length >= 3 && memcmp(s->text, "\xef\xbb\xbf", 3) == 0)
    s->at = 3; /* byte order mark */
  while (s->at < s->length && s->problem == NULL) {
    char c = s->text[s->at];
    if (c == '"' || c == '\'') {
      skip_string(s);
    } else if (c == '#') {
      skip_comment(s);
    } else {
      if (memchr("\n=,[]{}", c, 7) != NULL)
        dots = 0;
      if (c == '.' && ++dots > MOST_DOTS)
        s->problem = "a key has too many points";
      else if (!is_ascii(c))
        s->problem = "a character beyond ASCII stands outside of quotes";
      else
        ++s->at;
    }
  }
}

lmx_status lmx_toml_scan(const char *text, size_t length, lmx_toml_error *error)
{
  scan s = {.text = text, .length = length};
  scan_text(&s);
  if (s.problem == NULL)
    return LMX_OK;
  error->line = 1;
  for (size_t i = 0; i < s.at && i < length; ++i)
    error->line += text[i] == '\n';
  strcpy(error->what, s.problem);
  return LMX_ERR_CASE;
}
