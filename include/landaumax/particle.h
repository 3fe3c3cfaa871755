/** @file particle.h
 * The N-particle systems of the paper, R independent replicas of each: (1.3),
 * (1.7), (1.8) and the Kac-type system of Remark 1.5.
 *
 * With m and C the empirical mean and covariance and w = v - m, the drift of
 * (1.3) is -2 (d-1) w and its diffusion matrix |w|^2 I - w w^T + (tr C) I - C,
 * so a step costs O(N) (docs/math.md, "Particle systems").
 *
 * Random numbers are functions of seed, system (Euler steps of (1.3) counting
 * as another), N, replica, step and particle
 * (Philox4x32-10): results do not depend on the number of threads.
 */
#ifndef LANDAUMAX_PARTICLE_H
#define LANDAUMAX_PARTICLE_H

#include "landaumax/check.h"
#include "landaumax/core.h"
#include "landaumax/initial.h"
#include "landaumax/model.h"
#include "landaumax/moment.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Largest dimension of a particle system. */
#define LMX_PARTICLE_MAX_DIMENSION 10

/** Largest number of replicas. */
#define LMX_PARTICLE_MAX_REPLICAS (1 << 28)

/* X(symbol, name in case files) */
#define LMX_SYSTEM_LIST(X)                                                     \
  X(LMX_SYSTEM_FOURNIER, "fournier")                                           \
  X(LMX_SYSTEM_FGM, "fgm")                                                     \
  X(LMX_SYSTEM_LANDAU, "landau")                                               \
  X(LMX_SYSTEM_LANDAU_PRINTED, "landau-printed")                               \
  X(LMX_SYSTEM_KAC, "kac")

/** fournier: (1.3) in O(N); fgm: (1.7) and landau: (1.8) with independent
 * noises for every pair, the pair sums as they stand, O(N^2); landau-printed:
 * (1.8) with the noises shared by all i; kac: Remark 1.5 with the noise of a
 * pair turning it about its centre, O(N^2). */
typedef enum {
#define LMX_SYSTEM_ENUM(symbol, name) symbol,
  LMX_SYSTEM_LIST(LMX_SYSTEM_ENUM)
#undef LMX_SYSTEM_ENUM
      LMX_SYSTEM_COUNT
} lmx_particle_system;

LMX_API const char *lmx_particle_system_name(lmx_particle_system system);

/* X(symbol, name in case files) */
#define LMX_SCHEME_LIST(X)                                                     \
  X(LMX_SCHEME_SPLITTING, "splitting")                                         \
  X(LMX_SCHEME_EULER, "euler")

/** For fournier. splitting: rotation about m and Ornstein-Uhlenbeck part, each
 * exact; up to 16 particles move one after the other, with the coefficients of
 * those at rest, more move together, with coefficients extrapolated to the
 * middle of the step; weak order 2 for every N. euler: Euler and Maruyama, weak
 * order 1. The other systems have one scheme each: fgm and landau Euler,
 * landau-printed rotations about m, kac exact pair rotations, of which neither
 * the choice changes anything. */
typedef enum {
#define LMX_SCHEME_ENUM(symbol, name) symbol,
  LMX_SCHEME_LIST(LMX_SCHEME_ENUM)
#undef LMX_SCHEME_ENUM
      LMX_SCHEME_COUNT
} lmx_scheme;

LMX_API const char *lmx_scheme_name(lmx_scheme scheme);

/** What is simulated. */
typedef struct lmx_cloud_spec {
  lmx_particle_system system;
  lmx_scheme scheme;
  size_t particles; /**< N, 1 to 2^29 */
  size_t replicas;  /**< R, 1 to 2^28 */
  uint64_t seed;
  int threads; /**< 0: as many as there are processors */
  /** Relative random change of the initial velocities, which shows how far
   * rounding goes; 0: none */
  double rounding;
} lmx_cloud_spec;

/** The particles of all replicas at one time. */
typedef struct lmx_cloud lmx_cloud;

/** Draws independent particles from f0 at t = 0, exactly: kinds gaussian,
 * mixture, radial_mixture and bkw in closed form, formula and table by
 * rejection under a bound of log f (lmx_drawing).
 * Errors: LMX_ERR_CASE (d too large; f0 has heavy tails, is not known far
 * enough out, or has too fine a structure to be drawn from), LMX_ERR_NUMERICS
 * (log f exceeds its bound), LMX_ERR_USAGE (N or R out of range),
 * LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_cloud_create(lmx_context *context,
                                    const lmx_initial *initial,
                                    const lmx_cloud_spec *spec,
                                    lmx_cloud **out);
LMX_API void lmx_cloud_destroy(lmx_cloud **cloud);

/** `steps` steps of length `step`. Never allocates in the steps.
 * Errors: LMX_ERR_NUMERICS when the step is too long for the system (rotations
 * longer than t = 0.1). */
LMX_API lmx_status lmx_cloud_advance(lmx_context *context, lmx_cloud *cloud,
                                     double step, size_t steps);

LMX_API double lmx_cloud_time(const lmx_cloud *cloud);

/** Steps made so far. */
LMX_API size_t lmx_cloud_steps(const lmx_cloud *cloud);

/** Steps in which the extrapolated coefficients were not those of any
 * configuration, so that the ones at the start of the step were taken: rare,
 * and never for N up to 16; over all replicas. */
LMX_API size_t lmx_cloud_fallbacks(const lmx_cloud *cloud);

/** Velocities of a replica, [d][lmx_cloud_stride]; the first N of each row
 * are particles. Writable: tests put particles where they want them (before
 * the first step). */
LMX_API double *lmx_cloud_velocities(lmx_cloud *cloud, size_t replica);
LMX_API size_t lmx_cloud_stride(const lmx_cloud *cloud);

/** Everything a continued simulation needs, as a vector of numbers: the same
 * steps after lmx_cloud_restore give the same bits; it answers false, having
 * done nothing, where times and counts are none. */
LMX_API size_t lmx_cloud_state_size(const lmx_cloud *cloud);
LMX_API void lmx_cloud_save(const lmx_cloud *cloud, double *state);
LMX_API bool lmx_cloud_restore(lmx_cloud *cloud, const double *state);

/** Per-replica averages over the particles, in this order. */
typedef enum {
  LMX_SEEN_LLN,     /**< X, whose mean is the left side of (2.5) */
  LMX_SEEN_ENERGY,  /**< (1/N) sum |v|^2 */
  LMX_SEEN_DRIFT,   /**< |p|^2, p = (1/N) sum v */
  LMX_SEEN_M3,      /**< (1/N) sum |v|^3 */
  LMX_SEEN_M4,      /**< (1/N) sum |v|^4 */
  LMX_SEEN_M6,      /**< (1/N) sum |v|^6 */
  LMX_SEEN_MOMENTUM /**< p_1 .. p_d, then (1/N) sum v_a^2, a = 1 .. d */
} lmx_seen;

/** Numbers lmx_cloud_observe gives for a replica. */
LMX_API size_t lmx_seen_count(int d);

/** @param model  gives E(t) in X
 * @param out  [replicas][lmx_seen_count(d)] */
LMX_API void lmx_cloud_observe(const lmx_cloud *cloud, const lmx_model *model,
                               double *out);

/** Distances between the law of one particle of (1.3) and f at a time, in two
 * dimensions. They are small differences of simulations: each replica is run
 * with a twin of independent particles of law f, driven by the same random
 * numbers, and the density of both is the mean over particles and replicas of
 * the exact density of their next step, so that what is estimated is the
 * difference itself. */
typedef struct lmx_rates_spec {
  size_t nnumbers;
  const size_t *numbers; /**< [nnumbers] N */
  size_t replicas;       /**< of each N, at least LMX_RATE_GROUPS */
  double t;              /**< time of comparison, > 0 */
  double step;           /**< longest step, which is also the smoothing */
  uint64_t seed;
  int threads;
  double rounding; /**< as in lmx_cloud_spec */
  /** Of f0; NULL: closed forms, which formulas and tables do not have. */
  const lmx_moment_data *moments;
} lmx_rates_spec;

/** Replicas are put into so many groups, the units of the bootstrap. */
#define LMX_RATE_GROUPS 40

/* X(symbol, id, words) */
#define LMX_RATE_LIST(X)                                                       \
  X(LMX_RATE_LLN, "rate-lln", "the left side of (2.5)")                        \
  X(LMX_RATE_COUPLING, "rate-coupling",                                        \
    "root mean square distance of a particle from its twin, an upper bound "   \
    "of W_2(F_{N,1}, f)")                                                      \
  X(LMX_RATE_W2, "rate-w2",                                                    \
    "W_2 between the first components of F_{N,1} and f, to first order in "    \
    "their difference")                                                        \
  X(LMX_RATE_L1, "rate-l1", "L1 distance of F_{N,1} and f")                    \
  X(LMX_RATE_ENTROPY, "rate-entropy",                                          \
    "H_1(F_{N,1} | f) to leading order, (1/2) int (F_{N,1} - f)^2 / f over "   \
    "f > 1e-4")                                                                \
  X(LMX_RATE_NEIGHBOUR, "rate-neighbour",                                      \
    "H_1(F_{N,1} | f) by nearest neighbours (Kozachenko and Leonenko)")

typedef enum {
#define LMX_RATE_ENUM(symbol, id, words) symbol,
  LMX_RATE_LIST(LMX_RATE_ENUM)
#undef LMX_RATE_ENUM
      LMX_RATE_COUNT
} lmx_rate;

/** log f(t, v) at a point of the plane. */
typedef lmx_status lmx_log_density_at(void *user, const double *v, double *out);

/** LMX_ERR_CASE unless rates can be measured: d = 2 and enough replicas. */
LMX_API lmx_status lmx_rates_check(lmx_context *context, int d,
                                   size_t replicas);

typedef struct lmx_rates lmx_rates;

/** Copies the spec; the initial data must outlive it.
 * Errors: LMX_ERR_CASE (d is not 2, too few replicas, data that particles
 * cannot be drawn from), LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_rates_create(lmx_context *context,
                                    const lmx_initial *initial,
                                    const lmx_rates_spec *spec,
                                    lmx_rates **out);
LMX_API void lmx_rates_destroy(lmx_rates **rates);

/** Simulates the next N; between calls the state may be saved.
 * Errors: LMX_INTERRUPTED, LMX_ERR_MEMORY and those of log_f; this N must not
 * be continued then. */
LMX_API lmx_status lmx_rates_advance(lmx_context *context, lmx_rates *rates,
                                     lmx_log_density_at *log_f, void *user,
                                     bool *done);

/** The state as numbers, *count of them; release with lmx_free. Continuing
 * from it gives the same bits. */
LMX_API lmx_status lmx_rates_save(lmx_context *context, const lmx_rates *rates,
                                  size_t *count, double **out);
/** Errors: LMX_ERR_IO when the numbers are not those of these rates. */
LMX_API lmx_status lmx_rates_restore(lmx_context *context, lmx_rates *rates,
                                     size_t count, const double *state);

/** When all N are done: appends to results a verdict for each of the above,
 * comparing the fitted slope in N and its 95 % bootstrap interval with the
 * paper's rate, and the tables particle_rates and particle_slopes. `results`
 * comes from lmx_experiment_conclude.
 * Errors: LMX_ERR_MEMORY and those of log_f. */
LMX_API lmx_status lmx_rates_conclude(lmx_context *context, lmx_rates *rates,
                                      lmx_log_density_at *log_f, void *user,
                                      lmx_check_results *results);

/** Fills [n] normal deviates of the generator all systems use, from its
 * counter; the cost of random numbers alone for benchmarks.
 * @param out  room for n + 3 */
LMX_API void lmx_particle_normals(uint64_t seed, unsigned block, size_t n,
                                  double *out);

/** Simulations of several systems with several N, compared with the exact
 * moments and with each other. */
typedef struct lmx_experiment_spec {
  size_t nsystems;
  const lmx_particle_system *systems; /**< [nsystems] */
  size_t nnumbers;
  const size_t *numbers; /**< [nnumbers] N, increasing */
  size_t replicas;       /**< at least 2 */
  double step;           /**< longest step */
  lmx_scheme scheme;
  uint64_t seed;
  int threads;
  double rounding; /**< as in lmx_cloud_spec */
  size_t ntimes;
  const double *times; /**< [ntimes] increasing, the first 0 */
  /** Of f0; NULL: closed forms, which formulas and tables do not have. */
  const lmx_moment_data *moments;
} lmx_experiment_spec;

typedef struct lmx_experiment lmx_experiment;

/** How particles are drawn from f0. Rejection is exact but for the mass of f0
 * beyond a box. */
typedef struct lmx_drawing {
  bool rejection;    /**< false: in closed form, the rest is 0 */
  double acceptance; /**< measured in a trial that is always the same */
  size_t cells;      /**< on which the bound of log f is constant */
  double outside;    /**< estimated mass beyond the box */
} lmx_drawing;

/** Copies the spec; the initial data must outlive the experiment.
 * Errors: those of lmx_cloud_create. */
LMX_API lmx_status lmx_experiment_create(lmx_context *context,
                                         const lmx_initial *initial,
                                         const lmx_experiment_spec *spec,
                                         lmx_experiment **out);
LMX_API void lmx_experiment_destroy(lmx_experiment **experiment);

LMX_API void lmx_experiment_drawing(const lmx_experiment *experiment,
                                    lmx_drawing *out);

/** Does the next piece of the work, a fraction of a second if N is not too
 * large. Between calls the state may be saved. */
LMX_API lmx_status lmx_experiment_advance(lmx_context *context,
                                          lmx_experiment *experiment,
                                          bool *done);

/** What is being simulated, for progress lines: system, N, t, and the number
 * of this simulation among all. */
typedef struct lmx_experiment_place {
  lmx_particle_system system;
  size_t N, index, count;
  double t;
} lmx_experiment_place;

LMX_API void lmx_experiment_place_now(const lmx_experiment *experiment,
                                      lmx_experiment_place *out);

/** The state as numbers, *count of them; release with lmx_free. Continuing
 * from it gives the same bits. */
LMX_API lmx_status lmx_experiment_save(lmx_context *context,
                                       const lmx_experiment *experiment,
                                       size_t *count, double **out);
/** Errors: LMX_ERR_IO when the numbers are not those of this experiment. */
LMX_API lmx_status lmx_experiment_restore(lmx_context *context,
                                          lmx_experiment *experiment,
                                          size_t count, const double *state);

/** lmx_cloud_fallbacks over all simulations. */
LMX_API size_t lmx_experiment_fallbacks(const lmx_experiment *experiment);

/** Verdicts and tables of a finished experiment. */
LMX_API lmx_status lmx_experiment_conclude(lmx_context *context,
                                           const lmx_experiment *experiment,
                                           lmx_check_results **out);

#ifdef __cplusplus
}
#endif
#endif
