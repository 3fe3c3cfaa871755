/* What an lmx_cloud holds; shared by the files of this room. */
#ifndef LMX_PARTICLE_CLOUD_H
#define LMX_PARTICLE_CLOUD_H

#include "landaumax/particle.h"

#include <stdint.h>

#include "particle/angle.h"
#include "particle/random.h"

enum {
  LMX_BLOCK = 256, /* particles worked on together; sums are made of theirs */
  LMX_SWEEP = 16,  /* up to so many particles move one after the other */
  LMX_MOMENTS =
      LMX_PARTICLE_MAX_DIMENSION * (LMX_PARTICLE_MAX_DIMENSION + 3) / 2
};

struct lmx_cloud {
  int d;
  lmx_cloud_spec spec;
  size_t stride; /* N rounded up to whole cache lines */
  double *v;     /* [replicas][d][stride] */
  /* (m, T) of every replica at the last two steps, [replicas][moments]: the
   * mean and the upper triangle of (1/N) sum v v^T, row by row */
  double *now, *before;
  double time, last_step; /* last_step = 0: no step yet */
  size_t steps, fallbacks;
  uint32_t key[2];
  bool limit; /* m = 0 and C = E(t): independent particles of law f */
  bool sweep; /* few particles: the step is that of sweep.h */
  lmx_model model;
  lmx_angle_map map; /* of the last step length; map.tau = 0: none */
  int threads;
  double *work; /* [threads][work_size] */
  size_t work_size;
};

/* Numbers in (m, T). */
static inline size_t lmx_moments_count(int d)
{
  return (size_t)(d * (d + 3) / 2);
}

static inline size_t lmx_cloud_blocks(const lmx_cloud *cloud)
{
  return (cloud->spec.particles + LMX_BLOCK - 1) / LMX_BLOCK;
}

static inline size_t lmx_block_length(const lmx_cloud *cloud, size_t block)
{
  size_t rest = cloud->spec.particles - block * LMX_BLOCK;
  return rest < LMX_BLOCK ? rest : LMX_BLOCK;
}

static inline double *lmx_replica(const lmx_cloud *cloud, size_t replica)
{
  return cloud->v + replica * (size_t)cloud->d * cloud->stride;
}

/* Sums of v and v v^T over a block of n particles, [moments]. */
void lmx_block_moments(int d, size_t n, const double *v, size_t stride,
                       double *sums);

/* Adds up sums [blocks][count], compensated, and divides by N. */
void lmx_average(size_t blocks, size_t count, const double *sums, double N,
                 double *out);

/* What particles are drawn from: f0 made ready, which takes up to a second for
 * formulas and tables. */
typedef struct lmx_source lmx_source;

/* Errors: those of lmx_cloud_create that are about the initial data, which
 * must outlive the source. */
lmx_status lmx_source_create(lmx_context *context, const lmx_initial *initial,
                             lmx_source **out);
void lmx_source_destroy(lmx_source **source);
const lmx_initial *lmx_source_initial(const lmx_source *source);
void lmx_source_about(const lmx_source *source, lmx_drawing *out);

/* Draws the initial particles of all replicas. */
lmx_status lmx_cloud_sample(lmx_context *context, const lmx_source *source,
                            lmx_cloud *cloud);

/* One step of one replica; `before` and `now` of it are brought up to date.
 * work has cloud->work_size numbers. */
typedef struct lmx_step {
  lmx_cloud *cloud;
  double t;       /* at the start of the step */
  double h, last; /* length of this step and of the one before */
  size_t replica;
  uint32_t number; /* steps made before */
  double *work;
  size_t fallbacks;
  bool share_blocks; /* the threads share the blocks of this replica */
} lmx_step;

void lmx_step_fournier(lmx_step *step);

/* A cloud of (1.3) for comparisons with its twin and, with `limit`, that twin:
 * independent particles of law f that start from the same points and are
 * driven by the same random numbers. Both make the same step for every N, so
 * that the distance between them depends on N in one way. */
lmx_status lmx_cloud_open(lmx_context *context, const lmx_source *source,
                          const lmx_cloud_spec *spec, bool limit,
                          lmx_cloud **out);

/* lmx_cloud_create from what is drawn from already. */
lmx_status lmx_cloud_from(lmx_context *context, const lmx_source *source,
                          const lmx_cloud_spec *spec, lmx_cloud **out);

/* The law of the particles of a block after a further step of the splitting
 * is, given the rotations in it, normal: means mu [d][LMX_BLOCK] and the
 * common lower factor L of the covariance, [d][d]. Returns the length of the
 * block. */
size_t lmx_transition(const lmx_cloud *cloud, size_t replica, size_t block,
                      double h, double *mu, double *L);
void lmx_step_pairs(lmx_step *step);
void lmx_step_printed(lmx_step *step);
void lmx_step_kac(lmx_step *step);

/* Lower factor L, [d][d], of a symmetric positive semidefinite S = L L^T;
 * false when S has a clearly negative direction. */
bool lmx_semidefinite_factor(int d, const double *S, double *L);

#endif
