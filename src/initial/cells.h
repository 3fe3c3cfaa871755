/* Integrals over the cells of a cover. */
#ifndef LMX_INITIAL_CELLS_H
#define LMX_INITIAL_CELLS_H

#include "initial/cover.h"
#include "initial/sums.h"

/* Integrals of 1, y, y y^T and rho^2 by Gauss-Legendre rules on cells a few
 * halvings above the leaves of the cover, subdivided until two orders agree.
 * On return `frame`, which may differ from the cover's own only in this, has
 * no skew and the centre and scales that the cover shows; `top` is the
 * cover's.
 * *error is an estimate of the relative error of the sums.
 * Errors: LMX_ERR_CASE (log f is not a number or infinite at a point),
 * LMX_ERR_MEMORY. */
lmx_status lmx_cells_integrate(const lmx_cover *cover, lmx_frame *frame,
                               lmx_sums *sums, double *error);

#endif
