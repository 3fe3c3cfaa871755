/* A field with ghost layers around it, so that stencils need no special cases
 * at the edges. Axes are right-aligned in three slots: a grid of n axes uses
 * slots 3-n .. 2, the others have one node and no ghosts. */
#ifndef LMX_GRID_PADDED_H
#define LMX_GRID_PADDED_H

#include "grid/ball.h"
#include "landaumax/grid.h"

enum { LMX_EXTRAPOLATION_NODES = 6 };

typedef struct lmx_padded {
  const lmx_grid *grid;
  size_t pad[3];    /* ghost layers on each side; 0 on unused slots */
  size_t n[3];      /* interior nodes */
  size_t stride[3]; /* of the padded array */
  size_t size;      /* of the padded array */
  size_t origin;    /* offset of the first interior node */
  double *data;
  double *extrapolation; /* [pad][6] quintic weights of the outer ghosts */
  const lmx_ball *ball;  /* the grid's; NULL on a box */
} lmx_padded;

/* The first of the three slots that grid axis 0 occupies. */
static inline int lmx_first_slot(const lmx_grid *grid)
{
  return 3 - grid->naxes;
}

/* Nodes low .. high - 1 of a row along the last axis, whose values start at
 * `start` where those of all rows lie one after the other. */
typedef struct lmx_row {
  size_t low, high, start;
} lmx_row;

lmx_status lmx_padded_init(lmx_context *context, const lmx_grid *grid,
                           size_t pad, lmx_padded *out);
void lmx_padded_clear(lmx_padded *padded);

/* Copies a field [grid->size] and fills all ghosts: reflection at mirrored
 * and radial origins; at outer edges quintic extrapolation along the axis,
 * corners by applying the axes one after the other, or the ghosts of the ball,
 * which also replace the field at nodes outside it. */
void lmx_padded_fill(lmx_padded *padded, const double *field);

/* The same from the values at the nodes of the given rows row[i n[1] + j]
 * alone, all other nodes being beyond the ball. */
void lmx_padded_fill_rows(lmx_padded *padded, const lmx_row *row,
                          const double *values);

/* Gives the nodes of a field outside the ball that have a ghost its value:
 * interpolation near the edge reads them. Nothing on a box. */
void lmx_padded_complete(lmx_padded *padded, double *field);

#endif
