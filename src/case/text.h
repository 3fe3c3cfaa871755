/* Growing text with a sticky status. */
#ifndef LMX_CASE_TEXT_H
#define LMX_CASE_TEXT_H

#include "landaumax/core.h"

/* Start from {.context = context}; after a failure further additions do
 * nothing, lmx_text_finish tells. */
typedef struct lmx_text {
  lmx_context *context;
  char *data;
  size_t length, capacity;
  lmx_status status;
} lmx_text;

void lmx_text_add(lmx_text *text, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* A number in its shortest form that reads back the same. */
void lmx_text_number(lmx_text *text, double x);

/* [1.0, 2.5] */
void lmx_text_numbers(lmx_text *text, size_t n, const double *x);

/* A TOML basic string with its quotes. */
void lmx_text_quoted(lmx_text *text, const char *string);

/* Passes the text to *out (release with lmx_free), or releases it when any
 * addition failed. */
lmx_status lmx_text_finish(lmx_text *text, char **out);

/* Copy of n bytes, NUL-terminated; release with lmx_free. */
lmx_status lmx_text_copy(lmx_context *context, const char *string, size_t n,
                         char **out);

#endif
