/* Text for HTML: escaping, formulas, numbers, base64. */
#include "html.h"

#include <ctype.h>
#include <math.h>
#include <stdbool.h>
#include <string.h>

static void put_char(FILE *file, char c)
{
  switch (c) {
  case '&':
    fputs("&amp;", file);
    break;
  case '<':
    fputs("&lt;", file);
    break;
  case '>':
    fputs("&gt;", file);
    break;
  case '"':
    fputs("&quot;", file);
    break;
  case '\'':
    fputs("&#39;", file);
    break;
  default:
    fputc(c, file);
  }
}

static void put_chars(FILE *file, const char *text, size_t n)
{
  for (size_t i = 0; i < n; ++i)
    put_char(file, text[i]);
}

void lmx_html_text(FILE *file, const char *text)
{
  put_chars(file, text, strlen(text));
}

/* --- formulas ---------------------------------------------------------- */

typedef struct spelling {
  const char *plain, *symbol;
} spelling;

/* U+2207 nabla with a square: the matrix of second derivatives, as in the
 * paper. "sqrt" takes the blank behind it along. */
static const spelling words[] = {
    {"grad", "\u2207"},  {"Hess", "\u2207<sup>2</sup>"},
    {"kappa", "\u03ba"}, {"eta", "\u03b7"},
    {"eps", "\u03b5"},   {"rho", "\u03c1"},
    {"phi", "\u03c6"},   {"Theta", "\u0398"},
    {"Psi", "\u03a8"},   {"sum", "\u2211"},
    {"abar", "\u0101"},  {"int", "\u222b"},
    {"sqrt", "\u221a"}};
static const spelling signs[] = {
    {"<=", "\u2264"}, {">=", "\u2265"}, {"->", "\u2192"}, {"!=", "\u2260"}};

static const spelling *find(const spelling *list, size_t n, const char *p,
                            size_t length)
{
  for (size_t i = 0; i < n; ++i)
    if (strlen(list[i].plain) == length &&
        strncmp(list[i].plain, p, length) == 0)
      return &list[i];
  return NULL;
}

static bool is_letter(char c)
{
  return isalpha((unsigned char)c) != 0;
}

static bool is_digit(char c)
{
  return isdigit((unsigned char)c) != 0;
}

static bool is_word(char c)
{
  return is_letter(c) || is_digit(c);
}

static size_t letters(const char *p)
{
  size_t n = 0;
  while (is_letter(p[n]))
    ++n;
  return n;
}

static size_t digits(const char *p)
{
  size_t n = 0;
  while (is_digit(p[n]))
    ++n;
  return n;
}

/* Length of "12", "1.5", "1.2e-09" at p, which begins with a digit; *mantissa
 * is the length before the exponent. */
static size_t number_length(const char *p, size_t *mantissa)
{
  size_t n = digits(p);
  if (p[n] == '.' && is_digit(p[n + 1]))
    n += 1 + digits(p + n + 1);
  *mantissa = n;
  if (p[n] == 'e' && (p[n + 1] == '-' || p[n + 1] == '+') && is_digit(p[n + 2]))
    n += 2 + digits(p + n + 2);
  return n;
}

/* The number of this length at p; its exponent without leading zeros. */
static void put_number(FILE *file, const char *p, size_t mantissa, size_t n)
{
  put_chars(file, p, mantissa);
  if (n == mantissa)
    return;
  const char *e = p + mantissa + 1, *end = p + n;
  fputs("\u00a0\u00d7\u00a010<sup>", file);
  if (*e == '-')
    fputs("\u2212", file);
  for (++e; e + 1 < end && *e == '0';)
    ++e;
  put_chars(file, e, (size_t)(end - e));
  fputs("</sup>", file);
}

/* Length of the index or exponent behind '_' or '^', with its braces. */
static size_t script_length(const char *p)
{
  size_t mantissa, n = 0;
  const char *end = *p == '{' ? strchr(p, '}') : NULL;
  if (end != NULL)
    return (size_t)(end - p) + 1;
  if (p[0] == '-' && is_digit(p[1]))
    return 1 + script_length(p + 1);
  if (is_digit(p[0])) {
    number_length(p, &mantissa);
    return mantissa;
  }
  while (is_word(p[n]))
    ++n;
  return n;
}

/* Whether '_' at p marks an index: behind one letter or a closed bracket, so
 * that names with underscores stay as they are. */
static bool marks_index(const char *text, const char *p)
{
  static const char *const heads[] = {"min", "int", "Psi"};
  if (p == text || script_length(p + 1) == 0)
    return false;
  if (p[-1] == '|' || p[-1] == ')')
    return true;
  const char *start = p;
  while (start > text && (is_word(start[-1]) || start[-1] == '_'))
    --start;
  for (size_t i = 0; i < sizeof heads / sizeof *heads; ++i)
    if (p - start == 3 && strncmp(start, heads[i], 3) == 0)
      return true;
  return p - start == 1;
}

/* A word: a symbol, the "d" of "d_t", a letter with an index as in "K1" or
 * "log10" (but the space L1 has an exponent), or itself. */
static size_t put_word(FILE *file, const char *text, const char *p)
{
  size_t n = letters(p), index = digits(p + n);
  bool begins = p == text || !(is_word(p[-1]) || p[-1] == '-');
  bool numbered = begins && index > 0 && !is_word(p[n + index]) &&
                  (n == 1 || (n == 3 && strncmp(p, "log", 3) == 0));
  const spelling *known =
      begins ? find(words, sizeof words / sizeof *words, p, n) : NULL;
  if (begins && n == 1 && *p == 'd' && p[1] == '_') {
    fputs("\u2202", file);
  } else if (known != NULL) {
    fputs(known->symbol, file);
    n += strcmp(known->plain, "sqrt") == 0 && p[n] == ' ';
  } else if (numbered) {
    const char *tag = n == 1 && *p == 'L' ? "sup" : "sub";
    put_chars(file, p, n);
    fprintf(file, "<%s>", tag);
    put_chars(file, p + n, index);
    fprintf(file, "</%s>", tag);
    n += index;
  } else {
    put_chars(file, p, n);
  }
  return n;
}

/* A hyphen between words is none. */
static bool is_minus(const char *text, const char *p)
{
  return p == text || p[-1] == ' ' || p[-1] == '(' || p[-1] == '{' ||
         (is_digit(p[-1]) && is_letter(p[1]) && !is_letter(p[2])) ||
         (is_letter(p[-1]) && is_digit(p[1]));
}

static size_t put_piece(FILE *file, const char *text, const char *p);

/* What stands in braces is itself a formula; a hyphen is a minus. */
static size_t put_script(FILE *file, const char *text, const char *p,
                         const char *tag)
{
  size_t n = script_length(p);
  fprintf(file, "<%s>", tag);
  bool braces = *p == '{';
  for (const char *q = p + braces; q < p + n - braces;)
    if (*q == '-') {
      fputs("\u2212", file);
      ++q;
    } else if (braces) {
      q += put_piece(file, text, q);
    } else {
      put_char(file, *q++);
    }
  fprintf(file, "</%s>", tag);
  return n;
}

/* One piece of `text` at p; its length. */
static size_t put_piece(FILE *file, const char *text, const char *p)
{
  size_t mantissa;
  const spelling *sign =
      find(signs, sizeof signs / sizeof *signs, p, p[1] == '\0' ? 1 : 2);
  if (sign != NULL) {
    fputs(sign->symbol, file);
    return 2;
  }
  if (*p == '-' && is_minus(text, p)) {
    fputs("\u2212", file);
    return 1;
  }
  if (is_letter(*p))
    return put_word(file, text, p);
  if (is_digit(*p)) {
    size_t n = number_length(p, &mantissa);
    put_number(file, p, mantissa, n);
    return n;
  }
  if (*p == '_' && marks_index(text, p))
    return 1 + put_script(file, text, p + 1, "sub");
  if (*p == '^' && script_length(p + 1) > 0)
    return 1 + put_script(file, text, p + 1, "sup");
  put_char(file, *p);
  return 1;
}

void lmx_html_math(FILE *file, const char *text)
{
  for (const char *p = text; *p != '\0';)
    p += put_piece(file, text, p);
}

void lmx_html_number(FILE *file, double x, int digits_wanted)
{
  char text[64];
  size_t mantissa;
  if (isnan(x)) {
    fputs("\u2013", file);
    return;
  }
  snprintf(text, sizeof text, "%.*g", digits_wanted, fabs(x));
  if (signbit(x) && x != 0.0)
    fputs("\u2212", file);
  if (isinf(x)) {
    fputs("\u221e", file);
    return;
  }
  size_t n = number_length(text, &mantissa);
  put_number(file, text, mantissa, n);
}

/* --- base64 (RFC 4648) ------------------------------------------------- */

void lmx_html_base64(FILE *file, const void *data, size_t bytes)
{
  static const char alphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  const unsigned char *p = data;
  for (size_t i = 0; i < bytes; i += 3) {
    unsigned long group = (unsigned long)p[i] << 16;
    size_t left = bytes - i;
    if (left > 1)
      group |= (unsigned long)p[i + 1] << 8;
    if (left > 2)
      group |= p[i + 2];
    fputc(alphabet[group >> 18 & 63], file);
    fputc(alphabet[group >> 12 & 63], file);
    fputc(left > 1 ? alphabet[group >> 6 & 63] : '=', file);
    fputc(left > 2 ? alphabet[group & 63] : '=', file);
  }
}
