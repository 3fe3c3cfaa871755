/* What the driver needs of a formulation: a table of functions over the
 * unknown y (u in log form, f in density form). */
#ifndef LMX_SOLVE_FORMULATION_H
#define LMX_SOLVE_FORMULATION_H

#include "landaumax/grid.h"
#include "landaumax/model.h"
#include "landaumax/solve.h"
#include "solve/unknowns.h"

typedef struct lmx_formulation_class {
  lmx_status (*create)(lmx_context *context, const lmx_model *model,
                       const lmx_grid *grid, void **out);
  void (*destroy)(void **self);
  const lmx_unknowns *(*unknowns)(const void *self);
  /* ydot = right-hand side at (t, y) */
  void (*rhs)(void *self, double t, const double *y, double *ydot);
  /* Jacobian at (t, y), frozen, and its products */
  void (*linearise)(void *self, double t, const double *y);
  void (*product)(void *self, const double *w, double *jw);
  /* first-order coefficients of the Jacobian for the preconditioner (NULL:
   * none), its zeroth-order term, and how w continues beyond the box */
  const double *const *(*drift)(const void *self);
  double (*reaction)(const lmx_model *model);
  bool spectral; /* Fourier derivatives: no lapped preconditioner */
  /* y from the field u = log(f/M) and back; trustworthy radius of log f */
  void (*from_log)(const void *self, const double *u, double *y);
  void (*to_log)(void *self, const double *y, double *u);
  double (*trust_radius)(const lmx_grid *grid, const double *y);
  /* scale of y for the absolute tolerance */
  double (*scale)(const lmx_grid *grid, const double *y);
  /* factor of the absolute tolerance in the corners of the box */
  double corner_slack;
} lmx_formulation_class;

extern const lmx_formulation_class lmx_log_formulation;
extern const lmx_formulation_class lmx_density_formulation;

#endif
