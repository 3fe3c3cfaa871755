/* Paragraphs of plain text. */
#ifndef LMX_IO_WRAP_H
#define LMX_IO_WRAP_H

#include <stdio.h>

/* Prints the words of `text` in lines of at most `width` characters (UTF-8
 * counted as characters, not bytes), each indented; a longer word stands
 * alone. Ends with a newline. */
void lmx_wrap(FILE *file, const char *text, int indent, int width);

#endif
