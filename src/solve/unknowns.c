/* The nodes where the equation is solved. */
#include "solve/unknowns.h"

lmx_status lmx_unknowns_init(lmx_context *context, const lmx_grid *grid,
                             bool everywhere, lmx_unknowns *out)
{
  lmx_unknowns unknowns = {0, NULL};
  LMX_TRY(LMX_NEW_ARRAY(context, grid->size, &unknowns.node));
  for (size_t i = 0; i < grid->size; ++i)
    if (everywhere || lmx_grid_active(grid, i))
      unknowns.node[unknowns.size++] = i;
  *out = unknowns;
  return LMX_OK;
}

void lmx_unknowns_clear(lmx_unknowns *unknowns)
{
  lmx_free(unknowns->node);
  *unknowns = (lmx_unknowns){0, NULL};
}

void lmx_unknowns_gather(const lmx_unknowns *unknowns, const double *u,
                         double *y)
{
  for (size_t k = 0; k < unknowns->size; ++k)
    y[k] = u[unknowns->node[k]];
}

void lmx_unknowns_scatter(const lmx_unknowns *unknowns, const double *y,
                          double *u)
{
  for (size_t k = 0; k < unknowns->size; ++k)
    u[unknowns->node[k]] = y[k];
}
