/* Solution (c): the plane mixture averaged over rotations. */
#ifndef LMX_EXACT_ROTATED_H
#define LMX_EXACT_ROTATED_H

#include "exact/mixture.h"

/* Jet at jet->v of int N(phi; 0, 2t) F(R_phi^T v) dphi, F the plane mixture
 * at time t; *error estimates the error of the value. */
lmx_status lmx_rotated_eval(lmx_context *context, lmx_mixture *mixture,
                            double t, lmx_jet *jet, double *error);

#endif
