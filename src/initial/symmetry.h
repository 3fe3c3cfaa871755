/* Finding the symmetries of a density by testing it on random points. */
#ifndef LMX_INITIAL_SYMMETRY_H
#define LMX_INITIAL_SYMMETRY_H

#include "landaumax/core.h"

/* log f at v. */
typedef double lmx_log_density_fn(const void *self, const double *v);

/* Bounds of log f over the box lo <= v <= hi; +inf where there is no upper one.
 */
typedef void lmx_log_bounds_fn(const void *self, const double *lo,
                               const double *hi, double *lower, double *upper);

/* Points at which the density has structure, [n][d]. */
typedef struct lmx_places {
  size_t n;
  double *x;
} lmx_places;

/* Test points with the values there. */
typedef struct lmx_symmetry {
  lmx_log_density_fn *log_density;
  const void *self;
  int d;
  size_t npoints; /* points at which log f is finite */
  double *points; /* [npoints][d] */
  double *values; /* [npoints] */
  double *angles; /* [npoints] */
  double *noise;  /* [npoints] change of log f by rounding of the point */
} lmx_symmetry;

/* Which points a symmetry is tested on. */
typedef struct lmx_symmetry_points {
  size_t nscales;
  const double *scales; /* normal vectors are drawn times each in turn, ... */
  double reach;         /* ... none longer than this */
  double shift;         /* rounding of a coordinate besides its own, absolute */
  const lmx_places *places; /* tested too; may be NULL */
} lmx_symmetry_points;

/* Draws points (always the same ones) and takes over the places. */
lmx_status lmx_symmetry_create(lmx_context *context,
                               lmx_log_density_fn *log_density,
                               const void *self, int d,
                               const lmx_symmetry_points *points,
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
