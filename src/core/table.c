/* Tables of numbers with named columns. */
#include "landaumax/table.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static lmx_status copy_text(lmx_context *context, const char *text, size_t n,
                            char **out)
{
  char *copy;
  LMX_TRY(LMX_NEW_ARRAY(context, n + 1, &copy));
  memcpy(copy, text, n);
  *out = copy;
  return LMX_OK;
}

static lmx_status split_names(lmx_context *context, lmx_table *table,
                              const char *names)
{
  for (const char *p = names; *p != '\0';) {
    size_t n = strcspn(p, ",");
    if (table->columns == LMX_TABLE_MAX_COLUMNS)
      return lmx_fail(context, LMX_ERR_USAGE, "table %s has too many columns",
                      table->name);
    LMX_TRY(copy_text(context, p, n, &table->column_names[table->columns]));
    ++table->columns;
    p += n + (p[n] == ',');
  }
  return LMX_OK;
}

lmx_status lmx_table_create(lmx_context *context, const char *name,
                            const char *title, const char *column_names,
                            lmx_table **out)
{
  lmx_table *table;
  lmx_status status;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &table));
  snprintf(table->name, sizeof table->name, "%s", name);
  LMX_TRY_GOTO(copy_text(context, title, strlen(title), &table->title), fail);
  LMX_TRY_GOTO(split_names(context, table, column_names), fail);
  *out = table;
  return LMX_OK;
fail:
  lmx_table_destroy(&table);
  return status;
}

void lmx_table_destroy(lmx_table **table)
{
  if (table == NULL || *table == NULL)
    return;
  for (size_t c = 0; c < (*table)->columns; ++c)
    lmx_free((*table)->column_names[c]);
  lmx_free((*table)->title);
  lmx_free((*table)->data);
  lmx_free(*table);
  *table = NULL;
}

static lmx_status grow(lmx_context *context, lmx_table *table)
{
  size_t capacity = table->capacity == 0 ? 64 : 2 * table->capacity;
  double *data;
  LMX_TRY(LMX_NEW_ARRAY(context, capacity * table->columns, &data));
  if (table->rows > 0)
    memcpy(data, table->data, table->rows * table->columns * sizeof *data);
  lmx_free(table->data);
  table->data = data;
  table->capacity = capacity;
  return LMX_OK;
}

lmx_status lmx_table_add(lmx_context *context, lmx_table *table,
                         const double *row)
{
  if (table->rows == table->capacity)
    LMX_TRY(grow(context, table));
  memcpy(table->data + table->rows * table->columns, row,
         table->columns * sizeof *row);
  ++table->rows;
  return LMX_OK;
}

lmx_status lmx_table_break(lmx_context *context, lmx_table *table)
{
  double row[LMX_TABLE_MAX_COLUMNS];
  for (size_t c = 0; c < table->columns; ++c)
    row[c] = NAN;
  return lmx_table_add(context, table, row);
}
