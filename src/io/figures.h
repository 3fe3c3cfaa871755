/* The figures of a run: what draws them and what the page says about them. */
#ifndef LMX_IO_FIGURES_H
#define LMX_IO_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

/* Drawn by PLOTS/NAME.gp from FOLDER/tables/TABLE.dat, left out when that
 * table is absent. Formulas of the texts are typeset by lmx_html_math. */
typedef struct lmx_figure {
  const char *name, *table;
  bool wide; /* takes the whole width of the page */
  const char *title, *caption;
} lmx_figure;

extern const lmx_figure lmx_figures[];
extern const size_t lmx_figure_count;

#endif
