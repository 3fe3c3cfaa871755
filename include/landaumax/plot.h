/** @file plot.h
 * Figures of a run, drawn by gnuplot from its tables.
 */
#ifndef LANDAUMAX_PLOT_H
#define LANDAUMAX_PLOT_H

#include "landaumax/core.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Draws FOLDER/figures from FOLDER/tables. A figure whose table is absent is
 * left out; each file is whole or absent.
 * @param plots  folder of the gnuplot scripts
 * @param format  "png", "pdf" or "both"
 * Errors: LMX_ERR_IO, with gnuplot's own words, or when it is missing. */
LMX_API lmx_status lmx_plot_run(lmx_context *context, const char *folder,
                                const char *plots, const char *format);

#ifdef __cplusplus
}
#endif
#endif
