/* Krylov iterations and seconds for I - gamma J in log form, linearised at
 * equilibrium: no, diagonal and multigrid preconditioning.
 *
 *   bench_multigrid [largest]    2-D grids up to largest^2 (default 320) and
 *                                3-D grids up to (largest / 5)^3
 *
 * CSV on standard output. J is the order-8 operator of the solver; SPGMR,
 * preconditioned on the right, to a residual of 1e-3. "smooth" right-hand
 * sides are a few random Gaussian bumps, "rough" ones random node by node.
 * products counts order-8 operator applications that take as long as one
 * multigrid application. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <math.h>
#include <sunlinsol/sunlinsol_spgmr.h>

#include <landaumax/landaumax.h>

#include "solve/log_form.h"
#include "solve/multigrid.h"
#include "solve/preconditioner.h"
#include "solve/vector.h"

enum { KRYLOV = 60, RESTARTS = 10 };

typedef struct problem {
  lmx_grid *grid;
  lmx_model model;
  lmx_log_form *form;
  lmx_preconditioner *preconditioner;
  double gamma;
  long products;
} problem;

static void require(lmx_context *context, lmx_status status)
{
  if (status == LMX_OK)
    return;
  fprintf(stderr, "%s\n", lmx_context_message(context));
  exit(EXIT_FAILURE);
}

/* y = (I - gamma J) x */
static int system_times(void *user, N_Vector x, N_Vector y)
{
  problem *p = user;
  const double *in = N_VGetArrayPointer(x);
  double *out = N_VGetArrayPointer(y);
  lmx_log_form_product(p->form, in, out);
  for (size_t i = 0; i < p->grid->size; ++i)
    out[i] = in[i] - p->gamma * out[i];
  ++p->products;
  return 0;
}

static int precondition(void *user, N_Vector r, N_Vector z, realtype tol,
                        int side)
{
  (void)tol, (void)side;
  problem *p = user;
  lmx_preconditioner_apply(p->preconditioner, N_VGetArrayPointer(r),
                           N_VGetArrayPointer(z));
  return 0;
}

/* Uniform in (-1, 1); the same sequence on every machine. */
static double uniform(uint64_t *state)
{
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(int64_t)*state / 9223372036854775808.0;
}

static void fill_rough(const lmx_grid *grid, double *r)
{
  uint64_t state = 12345;
  for (size_t i = 0; i < grid->size; ++i)
    r[i] = uniform(&state);
}

static void fill_smooth(const lmx_grid *grid, double *r)
{
  uint64_t state = 54321;
  memset(r, 0, grid->size * sizeof *r);
  for (int bump = 0; bump < 8; ++bump) {
    double centre[LMX_MAX_DIMENSION], height = uniform(&state);
    double width = 0.7 + 0.3 * uniform(&state);
    for (int a = 0; a < grid->naxes; ++a)
      centre[a] = 6.0 * uniform(&state);
    for (size_t i = 0; i < grid->size; ++i) {
      double v[LMX_MAX_DIMENSION], r2 = 0.0;
      lmx_grid_point(grid, i, v);
      for (int a = 0; a < grid->naxes; ++a)
        r2 += (v[a] - centre[a]) * (v[a] - centre[a]);
      r[i] += height * exp(-r2 / (2.0 * width * width));
    }
  }
}

typedef struct outcome {
  int iterations;
  double seconds, residual;
} outcome;

static outcome solve(problem *p, SUNContext sun, int side, const char *rhs)
{
  N_Vector b = lmx_vector_new(p->grid->size, sun), x = N_VClone(b);
  if (strcmp(rhs, "rough") == 0)
    fill_rough(p->grid, N_VGetArrayPointer(b));
  else
    fill_smooth(p->grid, N_VGetArrayPointer(b));
  N_VConst(0.0, x);
  double norm = sqrt(N_VDotProd(b, b));
  SUNLinearSolver s = SUNLinSol_SPGMR(x, side, KRYLOV, sun);
  SUNLinSol_SPGMRSetMaxRestarts(s, RESTARTS);
  SUNLinSolSetATimes(s, p, system_times);
  SUNLinSolSetPreconditioner(s, p, NULL, precondition);
  SUNLinSolInitialize(s);
  SUNLinSolSetup(s, NULL);
  double start = lmx_seconds();
  int code = SUNLinSolSolve(s, NULL, x, b, 1e-3 * norm);
  outcome o = {SUNLinSolNumIters(s), lmx_seconds() - start,
               SUNLinSolResNorm(s) / norm};
  if (code != 0)
    o.iterations = -o.iterations; /* not converged */
  SUNLinSolFree(s);
  N_VDestroy(x);
  N_VDestroy(b);
  return o;
}

/* Seconds of one order-8 product and of one preconditioner application. */
static void time_parts(problem *p, SUNContext sun, double *product,
                       double *apply, double *setup)
{
  N_Vector x = lmx_vector_new(p->grid->size, sun), y = N_VClone(x);
  fill_smooth(p->grid, N_VGetArrayPointer(x));
  int n = (int)(1 + 2000000 / p->grid->size);
  double start = lmx_seconds();
  for (int i = 0; i < n; ++i)
    system_times(p, x, y);
  *product = (lmx_seconds() - start) / n;
  start = lmx_seconds();
  for (int i = 0; i < n; ++i)
    precondition(p, x, y, 0.0, 0);
  *apply = (lmx_seconds() - start) / n;
  start = lmx_seconds();
  lmx_preconditioner_setup(p->preconditioner, 0.0, p->gamma,
                           lmx_log_form_b(p->form));
  *setup = lmx_seconds() - start;
  N_VDestroy(x);
  N_VDestroy(y);
}

static void run(lmx_context *context, SUNContext sun, problem *p,
                lmx_preconditioner_kind kind, const char *name)
{
  require(context,
          lmx_preconditioner_create(context, kind, &p->model, p->grid,
                                    &lmx_log_formulation, &p->preconditioner));
  static const double gammas[] = {1e-4, 1e-3, 1e-2, 1e-1};
  static const char *const sides[] = {"smooth", "rough"};
  for (size_t g = 0; g < sizeof gammas / sizeof gammas[0]; ++g)
    for (int s = 0; s < 2; ++s) {
      p->gamma = gammas[g];
      lmx_preconditioner_setup(p->preconditioner, 0.0, p->gamma,
                               lmx_log_form_b(p->form));
      int side =
          kind == LMX_PRECONDITIONER_NONE ? SUN_PREC_NONE : SUN_PREC_RIGHT;
      outcome o = solve(p, sun, side, sides[s]);
      double product, apply, setup, points = (double)p->grid->size;
      time_parts(p, sun, &product, &apply, &setup);
      printf("%s,%g,%s,%s,%d,%.3g,%.2g,%.2f,%.2f,%.2f\n", name, p->gamma,
             lmx_preconditioner_name(kind), sides[s], o.iterations, o.seconds,
             o.residual, 1e9 * product / points, 1e9 * apply / points,
             1e9 * setup / points);
      fflush(stdout);
    }
  lmx_preconditioner_destroy(&p->preconditioner);
}

static void run_grid(lmx_context *context, SUNContext sun, int naxes,
                     size_t points, lmx_axis_kind first, lmx_axis_kind last,
                     int d)
{
  problem p = {0};
  double D[3] = {0.3, -0.3, 0.0};
  if (d == 3 && naxes < 3)
    D[0] = 0.4, D[1] = D[2] = -0.2;
  require(context, lmx_model_init(context, d, D, &p.model));
  lmx_axis_spec axes[3];
  for (int a = 0; a < naxes; ++a)
    axes[a] = (lmx_axis_spec){a == naxes - 1 ? last : first, points, 8.5};
  require(context, lmx_grid_create(context, d, naxes, axes, 8, &p.grid));
  require(context, lmx_log_form_create(context, &p.model, p.grid, &p.form));
  double *u = NULL;
  require(context, LMX_NEW_ARRAY(context, p.grid->size, &u));
  lmx_log_form_linearise(p.form, 0.0, u);
  char name[64];
  snprintf(name, sizeof name, "%zu^%d %s", points, naxes,
           lmx_axis_kind_name(last));
  static const lmx_preconditioner_kind kinds[] = {LMX_PRECONDITIONER_NONE,
                                                  LMX_PRECONDITIONER_DIAGONAL,
                                                  LMX_PRECONDITIONER_MULTIGRID};
  const char *only = getenv("ONLY");
  for (size_t k = only ? (size_t)atoi(only) : 0; k < 3; ++k)
    run(context, sun, &p, kinds[k], name);
  lmx_free(u);
  lmx_log_form_destroy(&p.form);
  lmx_grid_destroy(&p.grid);
}

int main(int argc, char **argv)
{
  size_t largest = argc > 1 ? (size_t)atol(argv[1]) : 320;
  lmx_context *context;
  SUNContext sun;
  if (lmx_context_create(&context) != LMX_OK ||
      SUNContext_Create(NULL, &sun) != 0)
    return EXIT_FAILURE;
  printf("grid,gamma,preconditioner,rhs,iterations,seconds,residual,"
         "product ns/point,apply ns/point,setup ns/point\n");
  for (size_t n = 40; n <= largest; n *= 2)
    run_grid(context, sun, 2, n, LMX_AXIS_FULL, LMX_AXIS_FULL, 2);
  run_grid(context, sun, 2, 80, LMX_AXIS_MIRRORED, LMX_AXIS_RADIAL, 3);
  for (size_t n = 24; n <= largest / 5; n *= 2)
    run_grid(context, sun, 3, n, LMX_AXIS_FULL, LMX_AXIS_FULL, 3);
  SUNContext_Free(&sun);
  lmx_context_destroy(&context);
  return EXIT_SUCCESS;
}
