/* Tables as text: what gnuplot, Octave and a reader's eye take. */
#include "landaumax/io.h"
#include "memory_file.h"

#include <math.h>
#include <string.h>

/* One spelling of NaN: printf also says "-nan". */
static void print_number(FILE *file, double x)
{
  if (isnan(x))
    fputs("NaN", file);
  else
    fprintf(file, "%.17g", x);
}

static void print_table(FILE *file, const lmx_table *table)
{
  fprintf(file, "# %s\n#", table->title);
  for (size_t c = 0; c < table->columns; ++c)
    fprintf(file, "%s %zu:%s", c == 0 ? "" : " ", c + 1,
            table->column_names[c]);
  fputc('\n', file);
  for (size_t r = 0; r < table->rows; ++r) {
    const double *row = table->data + r * table->columns;
    for (size_t c = 0; c < table->columns && !isnan(row[0]); ++c) {
      if (c > 0)
        fputc(' ', file);
      print_number(file, row[c]);
    }
    fputc('\n', file);
  }
}

lmx_status lmx_table_write(lmx_context *context, const char *folder,
                           const lmx_table *table)
{
  char name[LMX_TABLE_NAME + 8];
  char *path = NULL, *text = NULL;
  lmx_memory_file memory;
  lmx_status status;
  snprintf(name, sizeof name, "%s.dat", table->name);
  LMX_TRY(lmx_memory_file_open(context, &memory));
  print_table(memory.file, table);
  LMX_TRY(lmx_memory_file_close(context, &memory, &text));
  LMX_TRY_GOTO(lmx_path_join(context, folder, name, &path), end);
  status = lmx_file_write(context, path, text, strlen(text));
end:
  lmx_free(path);
  lmx_free(text);
  return status;
}
