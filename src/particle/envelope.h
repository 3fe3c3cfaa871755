/* Drawing from a density that has no closed form: rejection from a bound of
 * log f that is constant on each cell of a box.
 *
 * f lives on at most three axes (lmx_initial_axes). The bound on a cell is the
 * largest value at its 3^n corners, middles of sides and centre, and four
 * times what second differences say f, or log f, can exceed that by in
 * between. Wherever f is found above the bound, drawing fails: so what is
 * drawn has law f, restricted to the box, or there is an error. */
#ifndef LMX_PARTICLE_ENVELOPE_H
#define LMX_PARTICLE_ENVELOPE_H

#include <gsl/gsl_randist.h>

#include "landaumax/initial.h"
#include "particle/random.h"

typedef struct lmx_envelope {
  const lmx_initial *initial; /* borrowed */
  int d, naxes, group;        /* group: directions of the radial axis, or 0 */
  lmx_axis_kind kinds[LMX_MAX_AXES];
  size_t n[LMX_MAX_AXES], cells;
  double lo[LMX_MAX_AXES], h[LMX_MAX_AXES]; /* the box and its cells */
  double *top; /* [cells] bound of log f; the last axis is fastest */
  gsl_ran_discrete_t *pick; /* cells by the mass of the bound */
  double acceptance;        /* 1 / (mass of the bound) */
  double measured;          /* acceptance in a trial */
  double outside;           /* mass of f beyond the box, an estimate */
} lmx_envelope;

/* Errors: LMX_ERR_CASE naming the key (log f is not a number somewhere, heavy
 * tails, a table that ends too early, too fine a structure), LMX_ERR_MEMORY. */
lmx_status lmx_envelope_create(lmx_context *context, const lmx_initial *initial,
                               lmx_envelope **out);
void lmx_envelope_destroy(lmx_envelope **envelope);

/* One particle, v[a * stride], from a stream of its own; *tries counts the
 * points looked at. One thread at a time.
 * Errors: LMX_ERR_NUMERICS where log f exceeds its bound. */
lmx_status lmx_envelope_draw(lmx_context *context, const lmx_envelope *envelope,
                             const lmx_stream *stream, double *v, size_t stride,
                             size_t *tries);

#endif
