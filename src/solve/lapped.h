/* Lapped Fourier preconditioner: an approximate inverse of I - gamma J,
 *   J w = abar(t,v) : Hess w + b(v) . grad w + reaction w,
 * by freezing the coefficients on overlapping windows and dividing by the
 * symbol of the very differences that the solver uses:
 *   P = sum_j X_j F* [ 1 / (1 - gamma s_j(k)) ] F X_j,   sum_j X_j^2 = 1.
 *
 * The stiff part of J is diffusion along the spheres, |v|^2 / c times stronger
 * than across and not aligned with the grid. A Fourier symbol resolves it in
 * every direction, where smoothers and low-order stencils do not. A window of
 * side l turns the frozen direction by at most l / (2 |v|), which changes the
 * symbol by a bounded factor about 1 + l^2 / 4, whatever the grid: the number
 * of Krylov iterations does not grow under refinement (docs/performance.md). */
#ifndef LMX_SOLVE_LAPPED_H
#define LMX_SOLVE_LAPPED_H

#include "landaumax/grid.h"
#include "landaumax/model.h"

typedef struct lmx_lapped lmx_lapped;

lmx_status lmx_lapped_create(lmx_context *context, const lmx_model *model,
                             const lmx_grid *grid, lmx_lapped **out);
void lmx_lapped_destroy(lmx_lapped **lapped);

/* Freezes the coefficients; b is one field [grid->size] per axis, NULL entries
 * count as zero. No allocation. */
void lmx_lapped_setup(lmx_lapped *lapped, double t, double gamma,
                      const double *const b[LMX_MAX_AXES], double reaction);

/* z = P r, both [grid->size], not overlapping. */
void lmx_lapped_apply(lmx_lapped *lapped, const double *r, double *z);

#endif
