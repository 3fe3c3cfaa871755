/* Relative entropy by nearest neighbours. */
#ifndef LMX_PARTICLE_NEIGHBOUR_H
#define LMX_PARTICLE_NEIGHBOUR_H

#include "particle/rates.h"

#include "particle/cloud.h"

/* The estimate of Kozachenko and Leonenko for int F log(F / f), F the law of
 * one particle of a cloud in two dimensions, up to a constant that depends on
 * the numbers of particles and replicas only. Points are the particles (16 of
 * each replica at most) of the replicas first .. last - 1, which must be at
 * least two; neighbours are those of other replicas, so that the particles of
 * a replica may depend on each other. f on the plane is that of `target`,
 * beyond it that of log_f.
 * Errors: LMX_ERR_MEMORY and those of log_f. */
lmx_status lmx_neighbour_entropy(lmx_context *context, const lmx_cloud *cloud,
                                 size_t first, size_t last,
                                 const lmx_rate_target *target,
                                 lmx_log_density_at *log_f, void *user,
                                 double *out);

#endif
