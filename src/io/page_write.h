/* report.html from results in two places. */
#ifndef LMX_IO_PAGE_WRITE_H
#define LMX_IO_PAGE_WRITE_H

#include "landaumax/core.h"

/* Writes NEW/report.html from report.json, case.toml, tables and figures:
 * each of these four from NEW if it is there, else from OLD.
 * Errors: as lmx_page_write. */
lmx_status lmx_page_write_over(lmx_context *context, const char *old_folder,
                               const char *new_folder);

#endif
