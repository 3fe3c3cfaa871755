/* d_t f = abar : Hess f + 2 f in d = 2, f = 0 outside the box:
 *   abar_11 = 2 + v2^2 - E1(t),  abar_22 = 2 + v1^2 - E2(t),
 *   abar_12 = -v1 v2,  E_a(t) = 1 + (E_a(0) - 1) exp(-8 t). */
#include "baseline_density_fd8.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cvode/cvode.h>
#include <nvector/nvector_serial.h>
#include <sunlinsol/sunlinsol_spgmr.h>

enum { REACH = 4 }; /* of the order-8 stencil */

static const double first[REACH] = {4.0 / 5, -1.0 / 5, 4.0 / 105, -1.0 / 280};
static const double second[REACH + 1] = {-205.0 / 72, 8.0 / 5, -1.0 / 5,
                                         8.0 / 315, -1.0 / 560};

typedef struct {
  const baseline_options *options;
  size_t n, stride; /* stride of the padded arrays, n + 2 REACH */
  double h;
  double *v;        /* [n] nodes */
  double *padded;   /* [stride][stride] f with its zero rim */
  double *slope;    /* [stride][stride] d f / d v2 */
  double *diagonal; /* [n][n] inverse diagonal of I - gamma J */
} problem;

double baseline_node(const baseline_options *options, size_t i)
{
  double h = 2.0 * options->half_width / (double)options->points;
  return -options->half_width + ((double)i + 0.5) * h;
}

static void fill_padded(problem *p, const double *f)
{
  for (size_t i = 0; i < p->n; ++i)
    memcpy(p->padded + (i + REACH) * p->stride + REACH, f + i * p->n,
           p->n * sizeof *f);
}

static void slopes_of_row(const problem *p, size_t row)
{
  const double *restrict f = p->padded + row * p->stride + REACH;
  double *restrict slope = p->slope + row * p->stride + REACH;
  double c1 = first[0] / p->h, c2 = first[1] / p->h;
  double c3 = first[2] / p->h, c4 = first[3] / p->h;
  for (ptrdiff_t j = 0; j < (ptrdiff_t)p->n; ++j)
    slope[j] = c1 * (f[j + 1] - f[j - 1]) + c2 * (f[j + 2] - f[j - 2]) +
               c3 * (f[j + 3] - f[j - 3]) + c4 * (f[j + 4] - f[j - 4]);
}

/* Row i of abar : Hess f + 2 f. */
static void rhs_of_row(const problem *p, size_t i, double E1, double *out)
{
  ptrdiff_t s = (ptrdiff_t)p->stride;
  size_t start = (i + REACH) * p->stride + REACH;
  const double *restrict f = p->padded + start;
  const double *restrict g = p->slope + start;
  const double *restrict v2 = p->v;
  double v1 = p->v[i], E2 = 2.0 - E1, a22 = 2.0 + v1 * v1 - E2;
  double per_h2 = 1.0 / (p->h * p->h), per_h = 1.0 / p->h;
  const double *c = second;
  for (ptrdiff_t j = 0; j < (ptrdiff_t)p->n; ++j) {
    const double *x = f + j, *y = g + j;
    double f11 = c[0] * x[0] + c[1] * (x[s] + x[-s]) +
                 c[2] * (x[2 * s] + x[-2 * s]) + c[3] * (x[3 * s] + x[-3 * s]) +
                 c[4] * (x[4 * s] + x[-4 * s]);
    double f22 = c[0] * x[0] + c[1] * (x[1] + x[-1]) + c[2] * (x[2] + x[-2]) +
                 c[3] * (x[3] + x[-3]) + c[4] * (x[4] + x[-4]);
    double f12 = first[0] * (y[s] - y[-s]) + first[1] * (y[2 * s] - y[-2 * s]) +
                 first[2] * (y[3 * s] - y[-3 * s]) +
                 first[3] * (y[4 * s] - y[-4 * s]);
    double a11 = 2.0 + v2[j] * v2[j] - E1;
    out[j] = (a11 * f11 + a22 * f22) * per_h2 - 2.0 * v1 * v2[j] * f12 * per_h +
             2.0 * x[0];
  }
}

static double temperature(const problem *p, double t)
{
  return 1.0 + (p->options->E1 - 1.0) * exp(-8.0 * t);
}

static int rhs(realtype t, N_Vector y, N_Vector ydot, void *user)
{
  problem *p = user;
  double E1 = temperature(p, t), *out = N_VGetArrayPointer(ydot);
  fill_padded(p, N_VGetArrayPointer(y));
  for (size_t i = 0; i < p->n; ++i)
    slopes_of_row(p, i + REACH);
  for (size_t i = 0; i < p->n; ++i)
    rhs_of_row(p, i, E1, out + i * p->n);
  return 0;
}

/* The equation is linear, so its Jacobian applied to v is its right side. */
static int jacobian_times(N_Vector v, N_Vector Jv, realtype t, N_Vector y,
                          N_Vector fy, void *user, N_Vector tmp)
{
  (void)y, (void)fy, (void)tmp;
  return rhs(t, v, Jv, user);
}

static int preconditioner_setup(realtype t, N_Vector y, N_Vector fy,
                                booleantype jok, booleantype *jcur,
                                realtype gamma, void *user)
{
  (void)t, (void)y, (void)fy, (void)jok;
  problem *p = user;
  double c = second[0] / (p->h * p->h);
  for (size_t i = 0; i < p->n; ++i)
    for (size_t j = 0; j < p->n; ++j) {
      /* abar_11 + abar_22, in which E1 + E2 = 2 at every time */
      double trace = 2.0 + p->v[i] * p->v[i] + p->v[j] * p->v[j];
      p->diagonal[i * p->n + j] = 1.0 / (1.0 - gamma * (c * trace + 2.0));
    }
  *jcur = SUNTRUE;
  return 0;
}

static int preconditioner_solve(realtype t, N_Vector y, N_Vector fy, N_Vector r,
                                N_Vector z, realtype gamma, realtype delta,
                                int lr, void *user)
{
  (void)t, (void)y, (void)fy, (void)gamma, (void)delta, (void)lr;
  problem *p = user;
  const double *restrict in = N_VGetArrayPointer(r);
  double *restrict out = N_VGetArrayPointer(z);
  for (size_t k = 0; k < p->n * p->n; ++k)
    out[k] = p->diagonal[k] * in[k];
  return 0;
}

static double seconds_now(void)
{
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int problem_create(problem *p, const baseline_options *options)
{
  size_t n = options->points, stride = n + 2 * REACH;
  *p = (problem){.options = options, .n = n, .stride = stride};
  p->h = 2.0 * options->half_width / (double)n;
  p->v = calloc(n, sizeof *p->v);
  p->padded = calloc(stride * stride, sizeof *p->padded);
  p->slope = calloc(stride * stride, sizeof *p->slope);
  p->diagonal = calloc(n * n, sizeof *p->diagonal);
  if (!p->v || !p->padded || !p->slope || !p->diagonal)
    return CV_MEM_FAIL;
  for (size_t i = 0; i < n; ++i)
    p->v[i] = baseline_node(options, i);
  return 0;
}

static void problem_destroy(problem *p)
{
  free(p->v);
  free(p->padded);
  free(p->slope);
  free(p->diagonal);
}

static void initial_gaussian(const problem *p, double *f)
{
  double E1 = p->options->E1, E2 = 2.0 - E1;
  for (size_t i = 0; i < p->n; ++i)
    for (size_t j = 0; j < p->n; ++j)
      f[i * p->n + j] =
          exp(-0.5 * (p->v[i] * p->v[i] / E1 + p->v[j] * p->v[j] / E2)) /
          (2.0 * M_PI * sqrt(E1 * E2));
}

static int integrate(problem *p, void *cvode, N_Vector y, SUNLinearSolver ls,
                     baseline_stats *stats)
{
  const baseline_options *o = p->options;
  double reached;
  int flag;
  if ((flag = CVodeInit(cvode, rhs, 0.0, y)) < 0 ||
      (flag = CVodeSStolerances(cvode, o->rtol, o->atol)) < 0 ||
      (flag = CVodeSetUserData(cvode, p)) < 0 ||
      (flag = CVodeSetMaxNumSteps(cvode, 100000)) < 0 ||
      (flag = CVodeSetLinearSolver(cvode, ls, NULL)) < 0 ||
      (flag = CVodeSetJacTimes(cvode, NULL, jacobian_times)) < 0 ||
      (flag = CVodeSetPreconditioner(cvode, preconditioner_setup,
                                     preconditioner_solve)) < 0 ||
      (flag = CVodeSetStopTime(cvode, o->t_end)) < 0 ||
      (flag = CVode(cvode, o->t_end, y, &reached, CV_NORMAL)) < 0)
    return flag;
  CVodeGetNumSteps(cvode, &stats->steps);
  CVodeGetNumRhsEvals(cvode, &stats->rhs_evaluations);
  CVodeGetNumLinIters(cvode, &stats->krylov_iterations);
  return 0;
}

int baseline_density_fd8(const baseline_options *options, double *f,
                         baseline_stats *stats)
{
  problem p;
  SUNContext sun = NULL;
  N_Vector y = NULL;
  SUNLinearSolver ls = NULL;
  void *cvode = NULL;
  double start = seconds_now();
  int flag = problem_create(&p, options);
  if (flag < 0)
    goto end;
  initial_gaussian(&p, f);
  flag = CV_MEM_FAIL;
  if (SUNContext_Create(NULL, &sun) != 0)
    goto end;
  y = N_VMake_Serial((sunindextype)(p.n * p.n), f, sun);
  ls = y ? SUNLinSol_SPGMR(y, SUN_PREC_LEFT, 0, sun) : NULL;
  cvode = CVodeCreate(CV_BDF, sun);
  if (ls != NULL && cvode != NULL)
    flag = integrate(&p, cvode, y, ls, stats);
end:
  CVodeFree(&cvode);
  if (ls != NULL)
    SUNLinSolFree(ls);
  if (y != NULL)
    N_VDestroy(y);
  if (sun != NULL)
    SUNContext_Free(&sun);
  problem_destroy(&p);
  stats->seconds = seconds_now() - start;
  return flag;
}
