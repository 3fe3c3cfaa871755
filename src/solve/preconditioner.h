/* The preconditioners of the Newton systems I - gamma J. */
#ifndef LMX_SOLVE_PRECONDITIONER_H
#define LMX_SOLVE_PRECONDITIONER_H

#include "landaumax/solve.h"
#include "solve/formulation.h"

typedef struct lmx_preconditioner lmx_preconditioner;

/* kind AUTO: diagonal while gamma |J| is small and on coarse grids of three
 * axes, lapped Fourier otherwise (decided at each set-up). */
lmx_status lmx_preconditioner_create(
    lmx_context *context, lmx_preconditioner_kind kind, const lmx_model *model,
    const lmx_grid *grid, const lmx_unknowns *unknowns,
    const lmx_formulation_class *formulation, lmx_preconditioner **out);
void lmx_preconditioner_destroy(lmx_preconditioner **preconditioner);

/* Whether the lapped one may be chosen at some set-up. */
bool lmx_preconditioner_may_be_lapped(const lmx_preconditioner *preconditioner);

/* Prepares for I - gamma J at time t; drift as frozen by the formulation. */
void lmx_preconditioner_setup(lmx_preconditioner *preconditioner, double t,
                              double gamma, const double *const *drift);

/* z = P r, both of the unknowns. */
void lmx_preconditioner_apply(lmx_preconditioner *preconditioner,
                              const double *r, double *z);

#endif
