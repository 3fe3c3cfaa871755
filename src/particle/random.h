/* Counter-based random numbers (Random123's Philox4x32-10): what a draw is
 * depends on its counter alone, never on threads or on what was drawn
 * before. */
#ifndef LMX_PARTICLE_RANDOM_H
#define LMX_PARTICLE_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* What a stream of numbers is for; keeps the counters of uses apart. */
typedef enum {
  LMX_DRAW_INITIAL,
  LMX_DRAW_STEP,
  LMX_DRAW_CHOICE,
  LMX_DRAW_ESTIMATE
} lmx_draw_purpose;

/* Key and the three fixed words of the counter; the first counts calls. */
typedef struct lmx_stream {
  uint32_t key[2];
  uint32_t block, step, lane;
} lmx_stream;

/* The stream of a block of particles at a time step of a replica, which must
 * be below LMX_PARTICLE_MAX_REPLICAS. */
static inline lmx_stream lmx_stream_of(const uint32_t key[2],
                                       lmx_draw_purpose purpose,
                                       uint32_t replica, uint32_t step,
                                       uint32_t block)
{
  lmx_stream s = {{key[0], key[1]}, block, step, 0};
  s.lane = (uint32_t)purpose << 28 | replica;
  return s;
}

/* The key of a seed and of what is simulated with it. Seeds below 2^32 are the
 * first word themselves; of larger ones both words are Philox of them. */
void lmx_random_key(uint64_t seed, uint32_t use, uint32_t key[2]);

/* Rounds up to what the functions below write. */
static inline size_t lmx_random_room(size_t n)
{
  return (n + 3) / 4 * 4;
}

/* n independent standard normal deviates by Box and Muller from 32-bit
 * uniforms, so |z| < 6.77: the moments up to the 8th are exact to 1e-8.
 * out has room for lmx_random_room(n). */
void lmx_random_normals(const lmx_stream *stream, size_t n,
                        double *restrict out);

/* n independent uniforms in (0, 1), multiples of 2^-32 plus 2^-33. */
void lmx_random_uniforms(const lmx_stream *stream, size_t n,
                         double *restrict out);

#endif
