/* What an lmx_experiment holds; shared by the files that judge it. */
#ifndef LMX_PARTICLE_EXPERIMENT_H
#define LMX_PARTICLE_EXPERIMENT_H

#include "landaumax/moment.h"
#include "particle/cloud.h"

/* One sample per replica at the last time, for tests of equality in law. */
typedef enum {
  LMX_SAMPLE_V1,      /* first component of particle 1 */
  LMX_SAMPLE_SPEED,   /* |v^1|^2 */
  LMX_SAMPLE_PAIR,    /* |v^1 - v^2|^2; |v^1|^2 when N = 1 */
  LMX_SAMPLE_PRODUCT, /* v^1_1 v^2_1 */
  LMX_SAMPLE_ENERGY,  /* the following are averages over the replica */
  LMX_SAMPLE_DRIFT,
  LMX_SAMPLE_M4,
  LMX_SAMPLE_LLN,
  LMX_SAMPLES
} lmx_sample;

/* One system with one N. */
typedef struct lmx_batch {
  lmx_particle_system system;
  lmx_scheme scheme;
  size_t N, steps, fallbacks;
  double *mean, *error; /* [ntimes][seen] over the replicas */
  double *spread_error; /* [ntimes] of (1/N) sum |v^i - p|^2 */
  double *start;        /* [replicas][seen] at t = 0 */
  double *sample;       /* [LMX_SAMPLES][replicas] at the last time */
  double momentum_gap;  /* sup over replicas and times of |p(t) - p(0)| */
  double energy_gap;    /* of |phi(t) - phi(0)| / phi(0) */
  double spread_gap;    /* of |sigma(t) - exp(-2 (d-1) t) sigma(0)| / phi */
} lmx_batch;

struct lmx_experiment {
  const lmx_initial *initial;
  lmx_source *source; /* to draw from it */
  lmx_experiment_spec spec;
  lmx_moment_data moments; /* of f0 */
  lmx_particle_system systems[LMX_SYSTEM_COUNT];
  size_t *numbers;
  double *times;
  size_t seen, nbatches;
  /* [nsystems][nnumbers], and [nnumbers] of (1.3) by Euler steps, the scheme
   * of (1.7) and (1.8), if these are there and (1.3) is split */
  lmx_batch *batches;
  size_t batch, time; /* the one worked on, and the next output time */
  size_t made;        /* steps made since the output before */
  lmx_cloud *cloud;   /* NULL before the first piece of a batch */
  double *observed;   /* [replicas][seen] */
};

/* The batch of a system and the k-th N, NULL if there is none. */
const lmx_batch *lmx_experiment_find(const lmx_experiment *e,
                                     lmx_particle_system system, size_t k);

/* The batch of (1.3) by Euler steps for the k-th N; NULL if there is none. */
const lmx_batch *lmx_experiment_euler(const lmx_experiment *e, size_t k);

/* Steps from the k-th output time, k > 0, back to the one before: an even
 * number, since two make up one of Strang's. */
size_t lmx_experiment_steps(const lmx_experiment *e, size_t k);

/* Appends to results a verdict with this id and statement. */
lmx_check_result *lmx_verdict_new(lmx_check_results *results, const char *id,
                                  const char *statement);
void lmx_verdict_note(lmx_check_result *result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

enum { LMX_PARTICLE_VERDICTS = 32, LMX_PARTICLE_TABLES = 8 };
/* Probability of a wrong rejection of each statement, two-sided, over all its
 * comparisons. */
#define LMX_PARTICLE_LEVEL 1e-5

/* Each appends its verdicts; `results` has room for them. */
lmx_status lmx_judge_moments(lmx_context *context, const lmx_experiment *e,
                             lmx_check_results *results);
void lmx_judge_pair_moments(const lmx_experiment *e,
                            lmx_check_results *results);
void lmx_judge_invariants(const lmx_experiment *e, lmx_check_results *results);
lmx_status lmx_judge_laws(lmx_context *context, const lmx_experiment *e,
                          lmx_check_results *results);
lmx_status lmx_particle_tables(lmx_context *context, const lmx_experiment *e,
                               lmx_check_results *results);

/* The exact moments of every N at the output times, [nnumbers][ntimes]. */
lmx_status lmx_experiment_exact(lmx_context *context, const lmx_experiment *e,
                                lmx_hierarchy_values **out);

#endif
