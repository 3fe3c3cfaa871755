/* The step of (1.3) for few particles, for many replicas at once. */
#ifndef LMX_PARTICLE_SWEEP_H
#define LMX_PARTICLE_SWEEP_H

#include "particle/cloud.h"

enum { LMX_SWEEP_LANES = 64 }; /* replicas worked on together */

/* Steps of the replicas first .. first + n - 1, n <= LMX_SWEEP_LANES; first is
 * a multiple of that, so that random numbers do not depend on the threads. */
void lmx_sweep(const lmx_cloud *cloud, size_t first, size_t n, double h,
               size_t steps);

/* Time by which the generator of one particle moves it in a step h: the share
 * (N - 1) / N of the others. */
double lmx_sweep_duration(const lmx_cloud *cloud, double h);

#endif
