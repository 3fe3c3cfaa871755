/** @file table.h
 * Tables of numbers with named columns: what checks produce, what figures
 * read. Written as tables/NAME.dat by the io room.
 */
#ifndef LANDAUMAX_TABLE_H
#define LANDAUMAX_TABLE_H

#include "landaumax/core.h"

#ifdef __cplusplus
extern "C" {
#endif

enum { LMX_TABLE_MAX_COLUMNS = 32, LMX_TABLE_NAME = 64 };

typedef struct lmx_table {
  char name[LMX_TABLE_NAME]; /**< file name without .dat */
  char *title;               /**< one line: what the table holds */
  size_t columns, rows, capacity;
  char *column_names[LMX_TABLE_MAX_COLUMNS]; /**< "name [unit]" */
  double *data; /**< row-major [rows][columns]; a row whose first entry is NaN
                     separates gnuplot blocks (written as a blank line) */
} lmx_table;

/** @param column_names  comma-separated, e.g. "t,|v|,ratio" */
LMX_API lmx_status lmx_table_create(lmx_context *context, const char *name,
                                    const char *title, const char *column_names,
                                    lmx_table **out);
LMX_API void lmx_table_destroy(lmx_table **table);

/** Appends a row of table->columns numbers. */
LMX_API lmx_status lmx_table_add(lmx_context *context, lmx_table *table,
                                 const double *row);
/** Appends a block separator. */
LMX_API lmx_status lmx_table_break(lmx_context *context, lmx_table *table);

#ifdef __cplusplus
}
#endif
#endif
