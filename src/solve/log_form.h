/* Right-hand side of the log form and its exact linearisation, on any grid:
 *
 *   d_t u = abar : (Hess u + grad u grad u^T) - 2 sum_a c_a v_a u_a
 *           - exp(-4dt) v.D v,              c_a = d - E_a(t),
 *   J w   = abar : Hess w + b . grad w,
 *   b_a   = 2 (abar grad u)_a - 2 c_a v_a.
 *
 * abar = diag(c_a) + |v|^2 I - v v^T, so that
 *   abar : Hess u = sum_a (c_a + |v|^2 - v_a^2) u_aa - 2 sum_{a<b} v_a v_b u_ab
 *                   + m (c_n + |v|^2) u_rho / rho          (radial axis),
 *   grad u . abar grad u = sum c_a u_a^2 + |v|^2 |grad u|^2 - (v.grad u)^2.
 */
#ifndef LMX_SOLVE_LOG_FORM_H
#define LMX_SOLVE_LOG_FORM_H

#include "landaumax/grid.h"
#include "landaumax/model.h"
#include "solve/unknowns.h"

typedef struct lmx_log_form lmx_log_form;

/* model and grid are borrowed. */
lmx_status lmx_log_form_create(lmx_context *context, const lmx_model *model,
                               const lmx_grid *grid, lmx_log_form **out);
void lmx_log_form_destroy(lmx_log_form **form);

/* The nodes that the functions below work on. */
const lmx_unknowns *lmx_log_form_unknowns(const lmx_log_form *form);

/* udot = right-hand side at (t, u), both of the unknowns; no allocation. */
void lmx_log_form_rhs(lmx_log_form *form, double t, const double *u,
                      double *udot);

/* The field u [grid->size] whose unknowns are y, continued beyond the ball of
 * a grid that is one as far as interpolation reads it; 0 further out. */
void lmx_log_form_field(lmx_log_form *form, const double *y, double *u);

/* Freezes b at (t, u) for the products that follow. */
void lmx_log_form_linearise(lmx_log_form *form, double t, const double *u);

/* jw = J w with the frozen b. */
void lmx_log_form_product(lmx_log_form *form, const double *w, double *jw);

/* The frozen b, one field [grid->size] per axis. */
const double *const *lmx_log_form_b(const lmx_log_form *form);

#endif
