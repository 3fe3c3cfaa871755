/* Paragraphs of plain text. */
#include "wrap.h"

#include <string.h>

/* Bytes 10xxxxxx continue a UTF-8 character. */
static int characters(const char *s, size_t n)
{
  int count = 0;
  for (size_t i = 0; i < n; ++i)
    count += ((unsigned char)s[i] & 0xc0) != 0x80;
  return count;
}

void lmx_wrap(FILE *file, const char *text, int indent, int width)
{
  static const char blank[] = " \t\n";
  int column = 0;
  for (const char *p = text + strspn(text, blank); *p != '\0';) {
    size_t n = strcspn(p, blank);
    int length = characters(p, n);
    if (column > 0 && column + 1 + length > width) {
      fputc('\n', file);
      column = 0;
    }
    int gap = column == 0 ? indent : 1;
    fprintf(file, "%*s", gap, "");
    fwrite(p, 1, n, file);
    column += gap + length;
    p += n;
    p += strspn(p, blank);
  }
  fputc('\n', file);
}
