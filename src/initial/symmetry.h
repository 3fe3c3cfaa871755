/* Finding the symmetries of a density by testing it on random points. */
#ifndef LMX_INITIAL_SYMMETRY_H
#define LMX_INITIAL_SYMMETRY_H

#include "landaumax/core.h"

/* log f at v. */
typedef double lmx_log_density_fn(const void *self, const double *v);

/* Test points with the values there. */
typedef struct lmx_symmetry {
  lmx_log_density_fn *log_density;
  const void *self;
  int d;
  size_t npoints; /* points at which log f is finite */
  double *points; /* [npoints][d] */
  double *values; /* [npoints] */
  double *angles; /* [npoints] */
} lmx_symmetry;

/* Draws points (always the same ones): normal vectors times each of the
 * scales in turn, none longer than `reach`. */
lmx_status lmx_symmetry_create(lmx_context *context,
                               lmx_log_density_fn *log_density,
                               const void *self, int d, size_t nscales,
                               const double *scales, double reach,
                               lmx_symmetry **out);
void lmx_symmetry_destroy(lmx_symmetry **symmetry);

/* log f is even in v_a (from 0). */
bool lmx_symmetry_mirror(const lmx_symmetry *symmetry, int a);

/* log f does not change under rotations of the (v_a, v_b) plane. */
bool lmx_symmetry_plane(const lmx_symmetry *symmetry, int a, int b);

/* Number of trailing directions that log f is rotationally symmetric in; 1 if
 * there is no such symmetry. */
int lmx_symmetry_trailing(const lmx_symmetry *symmetry);

/* The largest group of directions that log f is rotationally symmetric in
 * (of equal ones the last), put last: order [d] lists the other directions,
 * then the group. Returns the group's size, 1 when there is none (the order
 * is then the natural one). */
int lmx_symmetry_group(const lmx_symmetry *symmetry, int *order);

#endif
