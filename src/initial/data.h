/* What an lmx_initial holds; shared by the files of this room. */
#ifndef LMX_INITIAL_DATA_H
#define LMX_INITIAL_DATA_H

#include "landaumax/initial.h"

#include "initial/continued.h"
#include "initial/formula.h"
#include "initial/gaussians.h"
#include "initial/symmetry.h"

struct lmx_initial {
  lmx_initial_kind kind;
  lmx_model model;
  lmx_affine map;
  double c;        /* bkw, else NaN */
  double accuracy; /* of the moments, relative */
  /* Exactly one of these, none for bkw: */
  lmx_gaussians *mixture;   /* normalised coordinates */
  lmx_formula *formula;     /* user's coordinates */
  lmx_continued *continued; /* normalised coordinates */
  lmx_places places;        /* of a formula, user's coordinates */
};

/* lmx_initial_log_density as an lmx_log_density_fn. */
double lmx_initial_log_density_fn(const void *self, const double *v);

/* Test points of typical size and in the tail, normalised coordinates. */
lmx_status lmx_initial_symmetry(lmx_context *context,
                                const lmx_initial *initial, lmx_symmetry **out);

#endif
