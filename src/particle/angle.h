/* Brownian motion on the sphere S^{d-1} after a time tau, generator the
 * Laplace-Beltrami operator: the law of the angle from the start. */
#ifndef LMX_PARTICLE_ANGLE_H
#define LMX_PARTICLE_ANGLE_H

#include "landaumax/particle.h"

enum { LMX_ANGLE_DEGREE = 15 };
#define LMX_ANGLE_LONGEST 0.1

/* With g a standard normal vector of the tangent space (d-1 dimensions) and
 * y = |g|^2,  cos theta = max(-1, 1 - y q(y)),  sin theta = sqrt(y q (2 - y
 * q)), theta the quantile of the heat kernel's angle that has the rank of |g|;
 * q(y) = sum_k q[k] y^k.  The end point of the motion from the unit vector n
 * is  cos theta n + sqrt(q (2 - y q)) g,  a unit vector whatever q. */
typedef struct lmx_angle_map {
  int d, degree;
  double tau;
  double last; /* q(y) = q(last) for y > last, where the tail is below 1e-14 */
  double q[LMX_ANGLE_DEGREE + 1];
} lmx_angle_map;

/* 2 <= d <= LMX_PARTICLE_MAX_DIMENSION, 0 < tau <= LMX_ANGLE_LONGEST. The
 * moments E P_l(cos theta) = exp(-l (l+d-2) tau), P_l(1) = 1, are met to 1e-12,
 * the ranks to 1e-11. Errors: LMX_ERR_NUMERICS. */
lmx_status lmx_angle_map_init(lmx_context *context, int d, double tau,
                              lmx_angle_map *out);

#endif
