/* Tables as lmx_table_write leaves them, read back. */
#include "landaumax/io.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Cuts the next line off *rest; NULL at the end. */
static char *next_line(char **rest)
{
  char *line = *rest;
  if (*line == '\0')
    return NULL;
  char *end = line + strcspn(line, "\n");
  *rest = *end == '\0' ? end : end + 1;
  *end = '\0';
  return line;
}

/* "# 1:name  2:name" becomes "name,name" in place; false when it is not of
 * this form. */
static bool read_names(char *line)
{
  char *out = line;
  if (*line != '#')
    return false;
  for (char *p = line + 1; *p != '\0';) {
    char *colon = strchr(p, ':'), *end = strstr(p, "  ");
    if (colon == NULL || (end != NULL && colon > end))
      return false;
    size_t n = end != NULL ? (size_t)(end - colon - 1) : strlen(colon + 1);
    char *after = colon + 1 + n;
    if (out != line)
      *out++ = ',';
    memmove(out, colon + 1, n);
    out += n;
    p = after + (*after == ' ');
  }
  *out = '\0';
  return out != line;
}

/* A row of numbers, or an empty line that separates blocks. */
static lmx_status read_row(lmx_context *context, char *line, lmx_table *table,
                           bool *ok)
{
  double row[LMX_TABLE_MAX_COLUMNS];
  if (*line == '\0')
    return lmx_table_break(context, table);
  for (size_t c = 0; c < table->columns; ++c) {
    char *end;
    row[c] = strtod(line, &end);
    *ok = *ok && end != line;
    line = end;
  }
  *ok = *ok && *line == '\0';
  return *ok ? lmx_table_add(context, table, row) : LMX_OK;
}

static lmx_status parse(lmx_context *context, const char *path,
                        const char *name, char *text, lmx_table **out)
{
  char *rest = text, *title = next_line(&rest), *names = next_line(&rest);
  bool ok = title != NULL && strncmp(title, "# ", 2) == 0 && names != NULL &&
            read_names(names);
  lmx_table *table = NULL;
  lmx_status status = LMX_OK;
  if (ok)
    LMX_TRY(lmx_table_create(context, name, title + 2, names, &table));
  for (char *line; ok && status == LMX_OK && (line = next_line(&rest)) != NULL;)
    status = read_row(context, line, table, &ok);
  if (status == LMX_OK && !ok)
    status =
        lmx_fail(context, LMX_ERR_IO, "%s is not a table of landaumax", path);
  if (status == LMX_OK)
    *out = table;
  else
    lmx_table_destroy(&table);
  return status;
}

lmx_status lmx_table_read(lmx_context *context, const char *folder,
                          const char *name, lmx_table **out)
{
  char file[LMX_TABLE_NAME + 8];
  char *path = NULL, *text = NULL;
  size_t bytes;
  lmx_status status;
  snprintf(file, sizeof file, "%s.dat", name);
  LMX_TRY(lmx_path_join(context, folder, file, &path));
  *out = NULL;
  if (access(path, F_OK) != 0) {
    lmx_free(path);
    return LMX_OK;
  }
  LMX_TRY_GOTO(lmx_file_read(context, path, &text, &bytes), end);
  status = parse(context, path, name, text, out);
end:
  lmx_free(text);
  lmx_free(path);
  return status;
}
