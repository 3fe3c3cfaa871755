/* The CVODE driver: BDF, Newton, SPGMR with exact Jacobian products. */
#include "landaumax/solve.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cvode/cvode.h>
#include <cvode/cvode_ls.h>
#include <sunlinsol/sunlinsol_spgmr.h>

#include "core/memory.h"
#include "core/simd.h"
#include "solve/formulation.h"
#include "solve/preconditioner.h"
#include "solve/vector.h"

enum {
  KRYLOV_DIMENSION = 30,
  /* Well-resolved runs take hundreds of steps between two outputs. Where the
   * grid does not resolve the data, steps collapse without any error: the
   * pace is looked at every so many steps. */
  PACE_STEPS = 1000,
  MOST_STEPS = 1000000
};

/* Tighter than CVODE's 0.1 and 0.05: the solver's noise otherwise enters the
 * error estimate and the steps stay small (docs/math.md, time integration). */
static const double newton_coefficient = 0.01;
static const double krylov_coefficient = 0.01;

/* On three axes the diagonal preconditioner, whose residuals are honest, gets
 * by with less (docs/performance.md). */
static const double newton_coefficient_3d = 0.03;
static const double krylov_coefficient_3d = 0.03;

/* On three axes the lapped preconditioner knows the edges less well, and its
 * residuals understate the errors there: with 0.01 the noise takes up to a
 * fifth more steps, with 0.003 none. */
static const double krylov_coefficient_lapped_3d = 0.003;

/* Newton failures shrink the step without end unless there is a least one: at
 * 1e-170 time stands still. Diffusion across a cell takes 1e-10 and more. */
static const double least_step = 1e-15;

struct lmx_solver {
  const lmx_model *model;
  const lmx_grid *grid;
  const lmx_formulation_class *formulation;
  void *form;
  const lmx_unknowns *unknowns; /* of the form */
  lmx_preconditioner *preconditioner;
  SUNContext sundials;
  void *cvode;
  SUNLinearSolver linear;
  N_Vector y;                 /* at the end of the last internal step */
  N_Vector current;           /* at `time` */
  double time, t0, last_pace; /* time covered by the last PACE_STEPS */
  bool started, collapsed;
  const lmx_context *context; /* asked for interruptions during a step */
  lmx_step_fn *callback;
  void *callback_user;
  double seconds;
  char cvode_message[256];
};

static const char *const formulation_names[] = {
#define NAME(symbol, name) [symbol] = name,
    LMX_FORMULATION_LIST(NAME)
#undef NAME
};

const char *lmx_formulation_name(lmx_formulation formulation)
{
  return formulation_names[formulation];
}

/* NaN passes CVODE's error test, so the right-hand side must catch it. */
LMX_KERNEL
static bool all_finite(const double *x, size_t n)
{
  const uint64_t exponent = 0x7ff0000000000000u;
  uint64_t bad = 0;
  for (size_t i = 0; i < n; ++i) {
    uint64_t bits;
    memcpy(&bits, &x[i], sizeof bits);
    bad |= (uint64_t)((bits & exponent) == exponent);
  }
  return bad == 0;
}

static int rhs(realtype t, N_Vector y, N_Vector ydot, void *user)
{
  lmx_solver *s = user;
  if (lmx_context_interrupted(s->context))
    return -1; /* a step may take long */
  s->formulation->rhs(s->form, t, N_VGetArrayPointer(y),
                      N_VGetArrayPointer(ydot));
  return all_finite(N_VGetArrayPointer(ydot), s->unknowns->size) ? 0 : 1;
}

static int jacobian_setup(realtype t, N_Vector y, N_Vector fy, void *user)
{
  (void)fy;
  lmx_solver *s = user;
  s->formulation->linearise(s->form, t, N_VGetArrayPointer(y));
  return 0;
}

static int jacobian_product(N_Vector w, N_Vector jw, realtype t, N_Vector y,
                            N_Vector fy, void *user, N_Vector scratch)
{
  (void)t, (void)y, (void)fy, (void)scratch;
  lmx_solver *s = user;
  if (lmx_context_interrupted(s->context))
    return -1;
  s->formulation->product(s->form, N_VGetArrayPointer(w),
                          N_VGetArrayPointer(jw));
  return 0;
}

static int preconditioner_setup(realtype t, N_Vector y, N_Vector fy,
                                booleantype same_jacobian,
                                booleantype *jacobian_used, realtype gamma,
                                void *user)
{
  (void)fy;
  lmx_solver *s = user;
  if (!same_jacobian)
    s->formulation->linearise(s->form, t, N_VGetArrayPointer(y));
  *jacobian_used = !same_jacobian;
  lmx_preconditioner_setup(s->preconditioner, t, gamma,
                           s->formulation->drift(s->form));
  return 0;
}

static int preconditioner_solve(realtype t, N_Vector y, N_Vector fy, N_Vector r,
                                N_Vector z, realtype gamma, realtype delta,
                                int side, void *user)
{
  (void)t, (void)y, (void)fy, (void)gamma, (void)delta, (void)side;
  lmx_solver *s = user;
  lmx_preconditioner_apply(s->preconditioner, N_VGetArrayPointer(r),
                           N_VGetArrayPointer(z));
  return 0;
}

static void keep_message(int code, const char *module, const char *function,
                         char *message, void *user)
{
  (void)code, (void)module, (void)function;
  lmx_solver *s = user;
  size_t n = strlen(message);
  if (n > 0 && message[n - 1] == '.') /* CVODE speaks in sentences */
    --n;
  snprintf(s->cvode_message, sizeof s->cvode_message, "%.*s", (int)n, message);
}

/* Absolute tolerances of all nodes. In the corners of the box, beyond the
 * largest ball around the origin that it holds, they are looser: nothing is
 * read there, the characteristics lead outwards, and u is largest there, so
 * that the corners would set the step of the whole integration. */
static void fill_tolerances(const lmx_solver *s, double atol, double *out)
{
  const lmx_grid *grid = s->grid;
  double scale = s->formulation->scale(grid, N_VGetArrayPointer(s->y));
  double ball = grid->axis[0].half_width, v[LMX_MAX_DIMENSION];
  for (int a = 1; a < grid->naxes; ++a)
    ball = fmin(ball, grid->axis[a].half_width);
  for (size_t i = 0; i < s->unknowns->size; ++i) {
    double r2 = 0.0;
    lmx_grid_point(grid, s->unknowns->node[i], v);
    for (int a = 0; a < grid->naxes; ++a)
      r2 += v[a] * v[a];
    out[i] = atol * scale;
    if (r2 > ball * ball)
      out[i] *= s->formulation->corner_slack;
  }
}

static bool set_tolerances(lmx_solver *s, const lmx_solver_options *options)
{
  N_Vector atol = N_VClone(s->y);
  if (atol == NULL)
    return false;
  fill_tolerances(s, options->atol, N_VGetArrayPointer(atol));
  int code = CVodeSVtolerances(s->cvode, options->rtol, atol); /* copies */
  N_VDestroy(atol);
  return code == CV_SUCCESS;
}

/* Vectors of CVODE with the Newton iteration (24) and of SPGMR: it makes them
 * at the first step. */
enum { CVODE_VECTORS = 24, SPGMR_VECTORS = KRYLOV_DIMENSION + 4 };

static lmx_status require_vectors(lmx_context *context, const lmx_solver *s,
                                  int count)
{
  double bytes = (double)count * (double)s->unknowns->size * sizeof(double);
  return lmx_memory_require(context, bytes, "CVODE");
}

static lmx_status configure(lmx_context *context, lmx_solver *s,
                            const lmx_solver_options *options)
{
  bool preconditioned = options->preconditioner != LMX_PRECONDITIONER_NONE;
  bool lapped = lmx_preconditioner_may_be_lapped(s->preconditioner);
  double newton = newton_coefficient, krylov = krylov_coefficient;
  if (s->grid->naxes == 3) {
    newton = lapped ? newton_coefficient : newton_coefficient_3d;
    krylov = lapped ? krylov_coefficient_lapped_3d : krylov_coefficient_3d;
  }
  s->linear =
      SUNLinSol_SPGMR(s->y, preconditioned ? SUN_PREC_LEFT : SUN_PREC_NONE,
                      KRYLOV_DIMENSION, s->sundials);
  if (s->linear == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory for SPGMR");
  /* classical Gram-Schmidt: all products with one vector in one pass */
  SUNLinSol_SPGMRSetGSType(s->linear, SUN_CLASSICAL_GS);
  bool ok = CVodeSetErrHandlerFn(s->cvode, keep_message, s) == CV_SUCCESS &&
            CVodeInit(s->cvode, rhs, s->t0, s->y) == CV_SUCCESS &&
            set_tolerances(s, options) &&
            CVodeSetUserData(s->cvode, s) == CV_SUCCESS &&
            CVodeSetMaxNumSteps(s->cvode, -1) == CV_SUCCESS &&
            CVodeSetMinStep(s->cvode, least_step) == CV_SUCCESS &&
            CVodeSetNonlinConvCoef(s->cvode, newton) == CV_SUCCESS &&
            CVodeSetLinearSolver(s->cvode, s->linear, NULL) == CVLS_SUCCESS &&
            CVodeSetEpsLin(s->cvode, krylov) == CVLS_SUCCESS &&
            CVodeSetJacTimes(s->cvode, jacobian_setup, jacobian_product) ==
                CVLS_SUCCESS;
  if (ok && preconditioned)
    ok = CVodeSetPreconditioner(s->cvode, preconditioner_setup,
                                preconditioner_solve) == CVLS_SUCCESS;
  if (!ok)
    return lmx_fail(context, LMX_ERR_NUMERICS, "CVODE set-up: %s",
                    s->cvode_message);
  return LMX_OK;
}

static lmx_status allocate(lmx_context *context, lmx_solver *s,
                           const lmx_solver_options *options, const double *u0)
{
  LMX_TRY(s->formulation->create(context, s->model, s->grid, &s->form));
  s->unknowns = s->formulation->unknowns(s->form);
  LMX_TRY(lmx_preconditioner_create(context, options->preconditioner, s->model,
                                    s->grid, s->unknowns, s->formulation,
                                    &s->preconditioner));
  LMX_TRY(require_vectors(context, s, CVODE_VECTORS + SPGMR_VECTORS));
  if (SUNContext_Create(NULL, &s->sundials) != 0)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory for SUNDIALS");
  s->y = lmx_vector_new(s->unknowns->size, s->sundials);
  s->current = s->y != NULL ? N_VClone(s->y) : NULL;
  s->cvode = CVodeCreate(CV_BDF, s->sundials);
  if (s->current == NULL || s->cvode == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory for CVODE");
  s->formulation->from_log(s->form, u0, N_VGetArrayPointer(s->y));
  if (!all_finite(N_VGetArrayPointer(s->y), s->unknowns->size))
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "the initial state is not finite");
  N_VScale(1.0, s->y, s->current);
  return configure(context, s, options);
}

static const lmx_formulation_class *class_of(lmx_formulation formulation)
{
  return formulation == LMX_FORMULATION_LOG ? &lmx_log_formulation
                                            : &lmx_density_formulation;
}

lmx_status lmx_solver_check_options(lmx_context *context, const lmx_grid *grid,
                                    const lmx_solver_options *options)
{
  if (!class_of(options->formulation)->spectral)
    return LMX_OK;
  for (int a = 0; a < grid->naxes; ++a)
    if (grid->axis[a].kind != LMX_AXIS_FULL)
      return lmx_fail(context, LMX_ERR_CASE,
                      "solver.formulation: \"density\" needs full axes, axis "
                      "%d is %s; allowed is grid.axes = [\"full\", ..]",
                      a + 1, lmx_axis_kind_name(grid->axis[a].kind));
  if (options->preconditioner == LMX_PRECONDITIONER_LAPPED)
    return lmx_fail(context, LMX_ERR_CASE,
                    "solver.preconditioner: \"lapped\" needs "
                    "solver.formulation = \"log\"; allowed here are \"auto\", "
                    "\"diagonal\" and \"none\"");
  return LMX_OK;
}

lmx_status lmx_solver_create(lmx_context *context, const lmx_model *model,
                             const lmx_grid *grid,
                             const lmx_solver_options *options, double t0,
                             const double *u0, lmx_solver **out)
{
  lmx_solver *s;
  LMX_TRY(lmx_solver_check_options(context, grid, options));
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &s));
  s->model = model;
  s->grid = grid;
  s->formulation = class_of(options->formulation);
  s->time = s->t0 = t0;
  lmx_status status = allocate(context, s, options, u0);
  if (status != LMX_OK) {
    lmx_solver_destroy(&s);
    return status;
  }
  *out = s;
  return LMX_OK;
}

void lmx_solver_destroy(lmx_solver **solver)
{
  if (solver == NULL || *solver == NULL)
    return;
  lmx_solver *s = *solver;
  if (s->cvode != NULL)
    CVodeFree(&s->cvode);
  if (s->linear != NULL)
    SUNLinSolFree(s->linear);
  if (s->y != NULL)
    N_VDestroy(s->y);
  if (s->current != NULL)
    N_VDestroy(s->current);
  if (s->sundials != NULL)
    SUNContext_Free(&s->sundials);
  lmx_preconditioner_destroy(&s->preconditioner);
  if (s->form != NULL)
    s->formulation->destroy(&s->form);
  lmx_free(s);
  *solver = NULL;
}

void lmx_solver_set_step_callback(lmx_solver *solver, lmx_step_fn *callback,
                                  void *user)
{
  solver->callback = callback;
  solver->callback_user = user;
}

/* Steps that fail however short they are, and rates that are not finite, mean
 * that the state cannot go on; anything else is CVODE's own to explain. */
static bool no_step_is_short_enough(int code)
{
  return code == CV_ERR_FAILURE || code == CV_CONV_FAILURE ||
         code == CV_RHSFUNC_FAIL || code == CV_FIRST_RHSFUNC_ERR ||
         code == CV_REPTD_RHSFUNC_ERR || code == CV_UNREC_RHSFUNC_ERR;
}

static lmx_status stopped(lmx_context *context, lmx_solver *s, int code)
{
  s->collapsed = no_step_is_short_enough(code);
  return lmx_fail(context, LMX_ERR_NUMERICS, "CVODE stopped at t = %.6g: %s",
                  s->time,
                  s->collapsed ? "no step is short enough" : s->cvode_message);
}

/* One internal step and what follows each: interruption, callback. */
static lmx_status step(lmx_context *context, lmx_solver *s, double target)
{
  double reached = s->time;
  int code = -1;
  s->context = context;
  if (!lmx_context_interrupted(context))
    code = CVode(s->cvode, target, s->y, &reached, CV_ONE_STEP);
  if (code < 0 && lmx_context_interrupted(context))
    return lmx_fail(context, LMX_INTERRUPTED, "interrupted at t = %.6g",
                    s->time);
  if (code < 0)
    return stopped(context, s, code);
  N_VScale(1.0, s->y, s->current);
  s->time = reached;
  return s->callback != NULL ? s->callback(s->callback_user, s) : LMX_OK;
}

static lmx_status collapsed(lmx_context *context, lmx_solver *s)
{
  s->collapsed = true;
  return lmx_fail(context, LMX_ERR_NUMERICS,
                  "CVODE stopped at t = %.6g: steps have collapsed to %.2g",
                  s->time, s->last_pace / PACE_STEPS);
}

static lmx_status advance(lmx_context *context, lmx_solver *s, double t)
{
  double internal = s->t0, mark = s->time;
  if (!s->started)
    LMX_TRY(require_vectors(context, s, SPGMR_VECTORS));
  if (s->started)
    CVodeGetCurrentTime(s->cvode, &internal);
  for (long steps = 1; internal < t; ++steps) {
    LMX_TRY(step(context, s, t));
    s->started = true;
    internal = s->time;
    if (steps % PACE_STEPS != 0)
      continue;
    s->last_pace = internal - mark;
    mark = internal;
    double more = (t - internal) / s->last_pace * PACE_STEPS;
    if (steps > PACE_STEPS && !((double)steps + more < MOST_STEPS))
      return collapsed(context, s);
  }
  if (s->started && CVodeGetDky(s->cvode, t, 0, s->current) != CV_SUCCESS)
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "CVODE cannot interpolate at t = %.6g: %s", t,
                    s->cvode_message);
  s->time = t;
  return LMX_OK;
}

lmx_status lmx_solver_advance(lmx_context *context, lmx_solver *solver,
                              double t)
{
  double start = lmx_seconds();
  solver->collapsed = false;
  lmx_status status = advance(context, solver, t);
  solver->seconds += lmx_seconds() - start;
  return status;
}

bool lmx_solver_collapsed(const lmx_solver *solver)
{
  return solver->collapsed;
}

double lmx_solver_time(const lmx_solver *solver)
{
  return solver->time;
}

void lmx_solver_state(const lmx_solver *solver, double *u)
{
  solver->formulation->to_log(solver->form, N_VGetArrayPointer(solver->current),
                              u);
}

double lmx_solver_trust_radius(const lmx_solver *solver)
{
  return solver->formulation->trust_radius(solver->grid,
                                           N_VGetArrayPointer(solver->current));
}

void lmx_solver_get_stats(const lmx_solver *solver, lmx_solver_stats *stats)
{
  void *m = solver->cvode;
  lmx_solver_stats s = {.wall_seconds = solver->seconds};
  if (solver->started) {
    CVodeGetNumSteps(m, &s.steps);
    CVodeGetNumRhsEvals(m, &s.rhs_evaluations);
    CVodeGetNumNonlinSolvIters(m, &s.newton_iterations);
    CVodeGetNumNonlinSolvConvFails(m, &s.newton_failures);
    CVodeGetNumErrTestFails(m, &s.error_test_failures);
    CVodeGetNumLinIters(m, &s.krylov_iterations);
    CVodeGetNumLinConvFails(m, &s.krylov_failures);
    CVodeGetNumJtimesEvals(m, &s.jacobian_products);
    CVodeGetNumPrecEvals(m, &s.preconditioner_setups);
    CVodeGetNumPrecSolves(m, &s.preconditioner_solves);
    CVodeGetLastOrder(m, &s.last_order);
    CVodeGetLastStep(m, &s.last_step);
  }
  *stats = s;
}
