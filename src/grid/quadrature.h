/* Quadrature weights of one axis. */
#ifndef LMX_GRID_QUADRATURE_H
#define LMX_GRID_QUADRATURE_H

#include "landaumax/grid.h"

/* Fills axis->weights: midpoint rule; doubled on mirrored axes; on radial
 * ones with |S^m| rho^m and end corrections at rho = 0 (m odd), so that
 * smooth even functions are integrated to high order. */
lmx_status lmx_axis_quadrature(lmx_context *context, lmx_axis *axis, int m);

#endif
