/* Figures drawn from the tables of one folder into another. */
#ifndef LMX_IO_PLOT_TABLES_H
#define LMX_IO_PLOT_TABLES_H

#include "landaumax/core.h"

/* Draws OUT/figures from FOLDER/tables; else as lmx_plot_run. */
lmx_status lmx_plot_tables(lmx_context *context, const char *folder,
                           const char *out, const char *plots,
                           const char *format);

#endif
