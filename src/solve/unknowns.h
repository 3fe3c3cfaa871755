/* The unknowns of a solve: values at the nodes where the equation is solved,
 * one after the other in the order of the grid. On a box these are all nodes,
 * on a ball those with |v| <= L (grid/ball.h), 0.79 of them on two axes and
 * 0.52 on three: nothing is stored, summed or normed beyond. */
#ifndef LMX_SOLVE_UNKNOWNS_H
#define LMX_SOLVE_UNKNOWNS_H

#include "landaumax/grid.h"

typedef struct lmx_unknowns {
  size_t size;
  size_t *node; /* [size] index in the grid, ascending */
} lmx_unknowns;

/* everywhere: of all nodes of the grid, ball or box.
 * Errors: LMX_ERR_MEMORY. Clear a zeroed or initialised one. */
lmx_status lmx_unknowns_init(lmx_context *context, const lmx_grid *grid,
                             bool everywhere, lmx_unknowns *out);
void lmx_unknowns_clear(lmx_unknowns *unknowns);

/* y [size] from a field u of the grid. */
void lmx_unknowns_gather(const lmx_unknowns *unknowns, const double *u,
                         double *y);

/* A field u of the grid from y; its other nodes are left as they are. */
void lmx_unknowns_scatter(const lmx_unknowns *unknowns, const double *y,
                          double *u);

#endif
