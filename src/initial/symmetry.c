/* Finding the symmetries of a density by testing it on random points. */
#include "initial/symmetry.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

enum { MAX = LMX_MAX_DIMENSION, POINTS = 64 };

/* Largest relative change of the density taken for none: what the moments of a
 * formula, which place its axes, leave open (ACCURACY of quadrature.c) times
 * the ten thermal speeds at which points lie. The second number allows for the
 * rounding of log f itself deep in the tail, a sum of some hundred terms. */
static const double TOLERANCE = 1e-10;
static const double ROUNDING = 1e-13;
/* A point that is mirrored or turned carries a few roundings per coordinate. */
static const double POINT_ROUNDING = 8.0 * DBL_EPSILON;

void lmx_symmetry_destroy(lmx_symmetry **symmetry)
{
  if (symmetry == NULL || *symmetry == NULL)
    return;
  lmx_free((*symmetry)->points);
  lmx_free((*symmetry)->values);
  lmx_free((*symmetry)->angles);
  lmx_free((*symmetry)->noise);
  lmx_free(*symmetry);
  *symmetry = NULL;
}

/* Takes over the point behind the last one if log f is finite there. */
static void keep(lmx_symmetry *symmetry, const gsl_rng *rng, double shift)
{
  size_t i = symmetry->npoints;
  int d = symmetry->d;
  const double *v = symmetry->points + i * (size_t)d;
  double value = symmetry->log_density(symmetry->self, v), w[MAX];
  symmetry->values[i] = value;
  symmetry->angles[i] = gsl_ran_flat(rng, 0.3, 6.0);
  symmetry->noise[i] = 0.0;
  for (int side = -1; side <= 1; side += 2) {
    for (int a = 0; a < d; ++a)
      w[a] = v[a] + side * (POINT_ROUNDING * fabs(v[a]) + shift);
    double change = symmetry->log_density(symmetry->self, w) - value;
    symmetry->noise[i] = fmax(symmetry->noise[i], fabs(change));
  }
  if (isfinite(value))
    ++symmetry->npoints;
}

static void draw(lmx_symmetry *symmetry, const gsl_rng *rng, double scale,
                 const lmx_symmetry_points *points)
{
  int d = symmetry->d;
  double *v = symmetry->points + symmetry->npoints * (size_t)d;
  double r2 = 0.0, reach = points->reach;
  for (int a = 0; a < d; ++a) {
    v[a] = scale * gsl_ran_gaussian(rng, 1.0);
    r2 += v[a] * v[a];
  }
  double shrink = fmin(1.0, reach * gsl_rng_uniform_pos(rng) / sqrt(r2));
  if (sqrt(r2) > reach)
    for (int a = 0; a < d; ++a)
      v[a] *= shrink;
  keep(symmetry, rng, points->shift);
}

static void fill(lmx_symmetry *symmetry, const gsl_rng *rng,
                 const lmx_symmetry_points *points)
{
  size_t d = (size_t)symmetry->d;
  for (size_t i = 0; i < POINTS; ++i)
    draw(symmetry, rng, points->scales[i % points->nscales], points);
  for (size_t i = 0; points->places != NULL && i < points->places->n; ++i) {
    memcpy(symmetry->points + symmetry->npoints * d, points->places->x + i * d,
           d * sizeof *symmetry->points);
    keep(symmetry, rng, points->shift);
  }
}

lmx_status lmx_symmetry_create(lmx_context *context,
                               lmx_log_density_fn *log_density,
                               const void *self, int d,
                               const lmx_symmetry_points *points,
                               lmx_symmetry **out)
{
  size_t count = POINTS + (points->places != NULL ? points->places->n : 0);
  lmx_symmetry *symmetry;
  lmx_status status;
  gsl_rng *rng = NULL;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &symmetry));
  symmetry->log_density = log_density;
  symmetry->self = self;
  symmetry->d = d;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, count * (size_t)d, &symmetry->points),
               fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, count, &symmetry->values), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, count, &symmetry->angles), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, count, &symmetry->noise), fail);
  rng = gsl_rng_alloc(gsl_rng_mt19937);
  if (rng == NULL) {
    status = lmx_fail(context, LMX_ERR_MEMORY, "out of memory");
    goto fail;
  }
  gsl_rng_set(rng, 1);
  fill(symmetry, rng, points);
  gsl_rng_free(rng);
  *out = symmetry;
  return LMX_OK;
fail:
  lmx_symmetry_destroy(&symmetry);
  return status;
}

/* With too few points at which log f is finite nothing can be claimed. */
static bool enough_points(const lmx_symmetry *symmetry)
{
  return symmetry->npoints >= POINTS / 8;
}

static bool unchanged(const lmx_symmetry *symmetry, size_t i, const double *v)
{
  double old = symmetry->values[i];
  double new = symmetry->log_density(symmetry->self, v);
  return fabs(new - old) <=
         TOLERANCE + ROUNDING * fabs(old) + 2.0 * symmetry->noise[i];
}

bool lmx_symmetry_mirror(const lmx_symmetry *symmetry, int a)
{
  size_t d = (size_t)symmetry->d;
  double v[MAX];
  for (size_t i = 0; i < symmetry->npoints; ++i) {
    memcpy(v, symmetry->points + i * d, d * sizeof *v);
    v[a] = -v[a];
    if (!unchanged(symmetry, i, v))
      return false;
  }
  return enough_points(symmetry);
}

bool lmx_symmetry_plane(const lmx_symmetry *symmetry, int a, int b)
{
  size_t d = (size_t)symmetry->d;
  double v[MAX];
  for (size_t i = 0; i < symmetry->npoints; ++i) {
    memcpy(v, symmetry->points + i * d, d * sizeof *v);
    double c = cos(symmetry->angles[i]), s = sin(symmetry->angles[i]);
    double va = c * v[a] - s * v[b];
    v[b] = s * v[a] + c * v[b];
    v[a] = va;
    if (!unchanged(symmetry, i, v))
      return false;
  }
  return enough_points(symmetry);
}

int lmx_symmetry_trailing(const lmx_symmetry *symmetry)
{
  int size = 1;
  while (
      size < symmetry->d &&
      lmx_symmetry_plane(symmetry, symmetry->d - size - 1, symmetry->d - size))
    ++size;
  return size;
}

int lmx_symmetry_group(const lmx_symmetry *symmetry, int *order)
{
  int d = symmetry->d, first[MAX], size[MAX] = {0};
  /* Rotations of the planes (a,b) and (b,c) generate those of (a,b,c), so
   * one member stands for its group: first[a] is the lowest of a's group. */
  for (int a = 0; a < d; ++a) {
    first[a] = a;
    for (int b = 0; b < a && first[a] == a; ++b)
      if (first[b] == b && lmx_symmetry_plane(symmetry, b, a))
        first[a] = b;
    ++size[first[a]];
  }
  int best = 0;
  for (int a = 0; a < d; ++a)
    if (size[first[a]] >= size[best])
      best = first[a];
  int at = 0, end = d - size[best];
  for (int a = 0; a < d; ++a)
    if (size[best] == 1)
      order[a] = a;
    else if (first[a] == best)
      order[end++] = a;
    else
      order[at++] = a;
  return size[best];
}
