/* Text for HTML. Everything that is not markup of ours goes through here. */
#ifndef LMX_IO_HTML_H
#define LMX_IO_HTML_H

#include <stddef.h>
#include <stdio.h>

/* Text or the value of an attribute: & < > " ' become entities. */
void lmx_html_text(FILE *file, const char *text);

/* The same, with the formulas of statements and notes typeset: |v|^2, C_0,
 * d_t, <=, kappa, 1e-9 with exponents, indices and symbols. */
void lmx_html_math(FILE *file, const char *text);

/* A number as "%.*g" with its exponent as a power of ten; a dash for what does
 * not apply (NaN). */
void lmx_html_number(FILE *file, double x, int digits);

/* Bytes as base64, for "data:" addresses. */
void lmx_html_base64(FILE *file, const void *data, size_t bytes);

#endif
