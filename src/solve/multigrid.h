/* Geometric multigrid for the implicit systems of BDF: an approximate inverse
 * of  I - gamma J,
 *   J w = abar(t,v) : Hess w + b(v) . grad w + reaction w
 * discretised by second-order differences on the given grid (the radial
 * axis's first-order term m (d + |v|^2 - E_n) w_rho / rho is part of
 * abar : Hess w and is added here).  A fixed linear map between set-ups, so it
 * may precondition a Krylov method. */
#ifndef LMX_SOLVE_MULTIGRID_H
#define LMX_SOLVE_MULTIGRID_H

#include "landaumax/grid.h"
#include "landaumax/model.h"

typedef struct lmx_multigrid lmx_multigrid;

/* How w continues beyond the outer box edge. */
typedef enum {
  LMX_OUTER_EXTRAPOLATE, /* quadratically along the axis: log form */
  LMX_OUTER_ZERO         /* w = 0: density form */
} lmx_outer;

lmx_status lmx_multigrid_create(lmx_context *context, const lmx_model *model,
                                const lmx_grid *grid, lmx_outer outer,
                                lmx_multigrid **out);
void lmx_multigrid_destroy(lmx_multigrid **multigrid);

/* b: one field [grid->size] per axis, NULL entries count as zero. No
 * allocation. */
void lmx_multigrid_setup(lmx_multigrid *multigrid, double t, double gamma,
                         const double *const b[LMX_MAX_AXES], double reaction);

/* z = approximate inverse applied to r, both [grid->size], not overlapping. */
void lmx_multigrid_apply(lmx_multigrid *multigrid, const double *r, double *z);

#endif
