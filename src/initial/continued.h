/* Data that continues another run: u = log(f/M) on that run's grid. */
#ifndef LMX_INITIAL_CONTINUED_H
#define LMX_INITIAL_CONTINUED_H

#include "landaumax/initial.h"

typedef struct lmx_continued {
  lmx_grid *grid; /* a copy */
  double *u;      /* [grid->size], a copy */
  double reach;   /* radius of the largest ball inside the box */
} lmx_continued;

/* Copies table_grid and table_u of the spec.
 * Errors: LMX_ERR_CASE (something missing, wrong dimension, values that are
 * not finite), LMX_ERR_MEMORY. */
lmx_status lmx_continued_create(lmx_context *context,
                                const lmx_initial_spec *spec,
                                lmx_continued **out);
void lmx_continued_destroy(lmx_continued **continued);

/* log f at v, normalised coordinates, by interpolation; NaN outside the box
 * of the table, where nothing is known. */
double lmx_continued_log_density(const lmx_continued *continued,
                                 const double *v);

/* Whether the grid is that of the table, so that u needs no interpolation. */
bool lmx_continued_same_grid(const lmx_continued *continued,
                             const lmx_grid *grid);

#endif
