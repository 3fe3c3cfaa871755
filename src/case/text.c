/* Growing text with a sticky status. */
#include "case/text.h"

#include <stdio.h>
#include <string.h>

#include "case/toml.h"

static lmx_status reserve(lmx_text *text, size_t more)
{
  size_t needed = text->length + more + 1;
  if (needed <= text->capacity)
    return LMX_OK;
  size_t capacity = needed < 256 ? 256 : 2 * needed;
  char *data;
  LMX_TRY(LMX_NEW_ARRAY(text->context, capacity, &data));
  if (text->length > 0)
    memcpy(data, text->data, text->length);
  lmx_free(text->data);
  text->data = data;
  text->capacity = capacity;
  return LMX_OK;
}

void lmx_text_add(lmx_text *text, const char *format, ...)
{
  if (text->status != LMX_OK)
    return;
  va_list args, again;
  va_start(args, format);
  va_copy(again, args);
  int n = vsnprintf(NULL, 0, format, args);
  va_end(args);
  text->status = reserve(text, (size_t)n);
  if (text->status == LMX_OK) {
    vsnprintf(text->data + text->length, (size_t)n + 1, format, again);
    text->length += (size_t)n;
  }
  va_end(again);
}

void lmx_text_number(lmx_text *text, double x)
{
  char digits[LMX_TOML_NUMBER];
  lmx_toml_number(x, digits);
  lmx_text_add(text, "%s", digits);
}

void lmx_text_numbers(lmx_text *text, size_t n, const double *x)
{
  lmx_text_add(text, "[");
  for (size_t i = 0; i < n; ++i) {
    lmx_text_add(text, "%s", i > 0 ? ", " : "");
    lmx_text_number(text, x[i]);
  }
  lmx_text_add(text, "]");
}

void lmx_text_quoted(lmx_text *text, const char *string)
{
  lmx_text_add(text, "\"");
  for (const char *p = string; *p != '\0'; ++p) {
    unsigned char c = (unsigned char)*p;
    if (c == '"' || c == '\\')
      lmx_text_add(text, "\\%c", c);
    else if (c < 0x20 || c == 0x7f)
      lmx_text_add(text, "\\u%04X", c);
    else
      lmx_text_add(text, "%c", c);
  }
  lmx_text_add(text, "\"");
}

lmx_status lmx_text_finish(lmx_text *text, char **out)
{
  if (text->status == LMX_OK)
    text->status = reserve(text, 0);
  if (text->status == LMX_OK) {
    text->data[text->length] = '\0';
    *out = text->data;
  } else {
    lmx_free(text->data);
  }
  text->data = NULL;
  return text->status;
}

lmx_status lmx_text_copy(lmx_context *context, const char *string, size_t n,
                         char **out)
{
  char *copy;
  LMX_TRY(LMX_NEW_ARRAY(context, n + 1, &copy));
  memcpy(copy, string, n);
  *out = copy;
  return LMX_OK;
}
