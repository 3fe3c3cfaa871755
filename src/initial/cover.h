/* Where the mass of a density is: space divided into cells, small where log f
 * may vary and the density may matter, so that no peak is missed however
 * narrow or far away it is.
 *
 * Interval arithmetic bounds log f over a cell, hence the mass of the cell.
 * The cell that leaves most of the mass open is halved, again and again, until
 * lower and upper sum are close (Darboux sums). What a bound cannot exclude is
 * looked at; what it excludes needs no sample. */
#ifndef LMX_INITIAL_COVER_H
#define LMX_INITIAL_COVER_H

#include "initial/frame.h"

/* Lengths are relative to the centre of the frame, in the user's units, so
 * that halving is exact. */
typedef struct lmx_cell {
  double lo[LMX_FRAME_AXES], hi[LMX_FRAME_AXES];
  double lower, upper; /* bounds of log f */
  double value;        /* log f at the middle */
  size_t child;        /* the first of two, 0 for a leaf */
  int height;          /* halvings down to the smallest leaf */
} lmx_cell;

typedef struct lmx_cover {
  const lmx_frame *frame;
  lmx_cell *cells; /* [n], the root first, children behind their parent */
  size_t *heap;    /* leaves, the one that leaves most open first */
  double *open;    /* [n] log of the mass that a leaf leaves open */
  size_t n, nheap, room;
  double top;   /* largest log f met at the middle of a leaf */
  double least; /* bounds of the mass over exp(top), without what ... */
  double most;  /* ... overflows; and of mass and energy together, ... */
  double least_energy, most_energy; /* ... 1 + |z|^2/reach^2, and what ... */
  double seen;                      /* ... the middles of the leaves show */
  double seen_mass;                 /* the same of the mass */
  double reach;      /* length that weighs the distance from the centre */
  size_t overflowed; /* cells left out because the formula overflows there */
} lmx_cover;

/* The frame must be located; it must outlive the cover.
 * Errors: LMX_ERR_MEMORY. */
lmx_status lmx_cover_create(const lmx_frame *frame, lmx_cover **out);
void lmx_cover_destroy(lmx_cover **cover);

/* The volume of a cell, with the sphere's share of a radial axis as
 * int rho^{group-1} d rho. */
double lmx_cover_volume(const lmx_cover *cover, const lmx_cell *cell);

/* Sets the bounds of log f over a cell, +inf where there is no upper one. */
void lmx_cover_bound(const lmx_cover *cover, lmx_cell *cell);

/* Upper bound of a cell's part in the mass and the second moments, over
 * exp(top), in the units of `most_energy` and `seen`. */
double lmx_cover_share(const lmx_cover *cover, const lmx_cell *cell);

/* Mean and width of every axis, [n], as the leaves show them: good enough to
 * centre a quadrature. */
void lmx_cover_moments(const lmx_cover *cover, double *mean, double *width);

/* The middle, [n], of the leaf with the largest log f there, and its longest
 * side. */
void lmx_cover_best(const lmx_cover *cover, double *middle, double *side);

/* Middles (in the user's coordinates) of up to 4096 leaves that carry mass,
 * evenly taken from all: more where the density has structure. Errors:
 * LMX_ERR_MEMORY. */
lmx_status lmx_cover_places(const lmx_cover *cover, lmx_places *out);

/* Whether no leaf at the outer end of the whole carries mass or energy. */
bool lmx_cover_is_finite(const lmx_cover *cover);

#endif
