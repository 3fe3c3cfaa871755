/** @file solve.h
 * The method of lines: right-hand sides of the log and density forms, the
 * preconditioner, and the CVODE driver (BDF, Newton, SPGMR).
 *
 * Log form: the unknown is u = log(f/M),
 *   d_t u = abar : (Hess u + grad u grad u^T)
 *           - 2 ((d-1) v - exp(-4dt) D v) . grad u - exp(-4dt) v.D v.
 * Density form: the unknown is f on a periodic box with Fourier derivatives,
 *   d_t f = abar : Hess f + kappa f.
 */
#ifndef LANDAUMAX_SOLVE_H
#define LANDAUMAX_SOLVE_H

#include "landaumax/core.h"
#include "landaumax/grid.h"
#include "landaumax/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/* X(symbol, name in case files) */
#define LMX_FORMULATION_LIST(X)                                                \
  X(LMX_FORMULATION_LOG, "log")                                                \
  X(LMX_FORMULATION_DENSITY, "density")

typedef enum {
#define LMX_FORMULATION_ENUM(symbol, name) symbol,
  LMX_FORMULATION_LIST(LMX_FORMULATION_ENUM)
#undef LMX_FORMULATION_ENUM
} lmx_formulation;

LMX_API const char *lmx_formulation_name(lmx_formulation formulation);

/* X(symbol, name in case files) */
#define LMX_PRECONDITIONER_LIST(X)                                             \
  X(LMX_PRECONDITIONER_AUTO, "auto")                                           \
  X(LMX_PRECONDITIONER_NONE, "none")                                           \
  X(LMX_PRECONDITIONER_DIAGONAL, "diagonal")                                   \
  X(LMX_PRECONDITIONER_LAPPED, "lapped")

typedef enum {
#define LMX_PRECONDITIONER_ENUM(symbol, name) symbol,
  LMX_PRECONDITIONER_LIST(LMX_PRECONDITIONER_ENUM)
#undef LMX_PRECONDITIONER_ENUM
} lmx_preconditioner_kind;

LMX_API const char *lmx_preconditioner_name(lmx_preconditioner_kind kind);

typedef struct lmx_solver_options {
  lmx_formulation formulation;
  double rtol; /**< relative tolerance of u (or f), > 0 */
  double atol; /**< absolute tolerance of u (of f/max f in density form); in
                    log form for |v| <= half width, 1e4 times that in the
                    corners of the box */
  lmx_preconditioner_kind preconditioner;
} lmx_solver_options;

/** What CVODE did, counted since creation (and over resumed parts). */
typedef struct lmx_solver_stats {
  long steps, rhs_evaluations, newton_iterations, newton_failures;
  long error_test_failures, krylov_iterations, krylov_failures;
  long jacobian_products, preconditioner_setups, preconditioner_solves;
  int last_order;
  double last_step, wall_seconds;
} lmx_solver_stats;

typedef struct lmx_solver lmx_solver;

/** Whether a grid can be solved with these options: the density form needs full
 * axes and has no lapped preconditioner.
 * Errors: LMX_ERR_CASE, "solver.KEY: what is wrong, what is allowed". */
LMX_API lmx_status lmx_solver_check_options(lmx_context *context,
                                            const lmx_grid *grid,
                                            const lmx_solver_options *options);

/** @param u0  [grid->size] log(f0/M) at time t0; copied.
 * model and grid must outlive the solver.
 * Errors: those of lmx_solver_check_options, LMX_ERR_NUMERICS, LMX_ERR_MEMORY.
 */
LMX_API lmx_status lmx_solver_create(lmx_context *context,
                                     const lmx_model *model,
                                     const lmx_grid *grid,
                                     const lmx_solver_options *options,
                                     double t0, const double *u0,
                                     lmx_solver **out);
LMX_API void lmx_solver_destroy(lmx_solver **solver);

/** Called after every internal step; may write a checkpoint. A status other
 * than LMX_OK ends lmx_solver_advance with it. */
typedef lmx_status lmx_step_fn(void *user, lmx_solver *solver);
LMX_API void lmx_solver_set_step_callback(lmx_solver *solver,
                                          lmx_step_fn *callback, void *user);

/** Integrates to time t (exactly). Errors: LMX_ERR_NUMERICS with the time
 * reached; LMX_INTERRUPTED when the context was interrupted (the state is
 * that of the last complete step). */
LMX_API lmx_status lmx_solver_advance(lmx_context *context, lmx_solver *solver,
                                      double t);

/** Time of the current state. */
LMX_API double lmx_solver_time(const lmx_solver *solver);

/** Copies the current state as u = log(f/M), [size]. In density form nodes
 * with f <= 0 give NaN. */
LMX_API void lmx_solver_state(const lmx_solver *solver, double *u);

/** In the density form log f is trusted where f exceeds its noise by this
 * factor. */
#define LMX_TRUST_MARGIN 1e4

/** Radius up to which log f is trustworthy: INFINITY in log form; in density
 * form the largest radius within which f exceeds 1e4 times its noise (the
 * most negative value or the value at the box edge, whichever is larger, at
 * least 1e-16 max f). */
LMX_API double lmx_solver_trust_radius(const lmx_solver *solver);

/** Whether the last lmx_solver_advance failed because no step was short
 * enough, or because the steps had become too short to ever arrive. */
LMX_API bool lmx_solver_collapsed(const lmx_solver *solver);

/** d_t u by the log form at (t, u), and how well the grid knows it; for saying
 * why a solve has stopped.
 * @param rate   [grid->size], 0 at nodes beyond the ball
 * @param doubt  [grid->size] by how much differences of order p - 2 (p + 2
 *               where p = 2) give another one
 * Errors: LMX_ERR_MEMORY, LMX_ERR_CASE (too few points for p + 2). */
LMX_API lmx_status lmx_log_rates(lmx_context *context, const lmx_model *model,
                                 const lmx_grid *grid, double t,
                                 const double *u, double *rate, double *doubt);

/** What the density form can make of a state, relative to its largest f. */
typedef struct lmx_density_reach {
  double edge;   /**< largest f at the edge of the box, which is periodic */
  double tail;   /**< largest amplitude at the end of its spectrum */
  double radius; /**< within it f exceeds 1e4 atol: the trust radius, if
                      neither edge nor tail exceeds atol */
} lmx_density_reach;

/** Measures a state u = log(f/M) on a grid of full axes.
 * @param atol  of the solver, relative to the largest f
 * Errors: LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_density_reach_measure(lmx_context *context,
                                             const lmx_grid *grid,
                                             const double *u, double atol,
                                             lmx_density_reach *out);

LMX_API void lmx_solver_get_stats(const lmx_solver *solver,
                                  lmx_solver_stats *stats);

#ifdef __cplusplus
}
#endif
#endif
