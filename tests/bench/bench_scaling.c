/* Nanoseconds (processor time) per point of the parts of a time step, over the
 * size of the grid, against two bounds measured in the same program: copying a
 * field of the same size (16 bytes a point), and the floating-point operations
 * of the stencils at the machine's peak. CSV on standard output.
 *
 *   bench_scaling [order [largest2 [largest3]]]     default 12 640 96
 *
 * Full axes: 40^2 to largest2^2 and 24^3 to largest3^3. flops counts the
 * additions and multiplications of one right-hand side per point; ghosts are
 * not counted. Each number is the median of 9. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <landaumax/landaumax.h>

#include "core/simd.h"
#include "measure.h"
#include "solve/log_form.h"
#include "solve/preconditioner.h"

enum { SAMPLES = 9, LANES = 16, CHAINS = 10 };

/* One of the things that are timed. */
typedef enum { RHS, PRODUCT, LINEARISE, DIAGONAL, LAPPED, COPY, PARTS } part;

typedef struct workspace {
  lmx_log_form *form;
  lmx_preconditioner *preconditioner[2];
  double *u, *out;
  size_t size;
} workspace;

static void run_part(workspace *w, part p)
{
  switch (p) {
  case RHS:
    lmx_log_form_rhs(w->form, 0.0, w->u, w->out);
    break;
  case PRODUCT:
    lmx_log_form_product(w->form, w->u, w->out);
    break;
  case LINEARISE:
    lmx_log_form_linearise(w->form, 0.0, w->u);
    break;
  case DIAGONAL:
    lmx_preconditioner_apply(w->preconditioner[0], w->u, w->out);
    break;
  case LAPPED:
    lmx_preconditioner_apply(w->preconditioner[1], w->u, w->out);
    break;
  default:
    memcpy(w->out, w->u, w->size * sizeof *w->u);
    __asm__ volatile("" ::: "memory"); /* the copy has to happen */
  }
}

/* Nanoseconds per point. */
static double time_part(workspace *w, part p)
{
  double seconds[SAMPLES];
  size_t repeats = 1 + 200000 / w->size;
  run_part(w, p);
  for (int k = 0; k < SAMPLES; ++k) {
    double start = bench_seconds();
    for (size_t i = 0; i < repeats; ++i)
      run_part(w, p);
    seconds[k] = (bench_seconds() - start) / (double)repeats;
  }
  return 1e9 * bench_median(SAMPLES, seconds) / (double)w->size;
}

/* Independent chains of multiply-adds on whole vectors, in registers. */
LMX_KERNEL static double multiply_adds(long n, double x)
{
  double a[CHAINS][LANES], sum = 0.0;
  for (int c = 0; c < CHAINS; ++c)
    for (int i = 0; i < LANES; ++i)
      a[c][i] = c + i;
  for (long k = 0; k < n; ++k)
    for (int c = 0; c < CHAINS; ++c)
#pragma omp simd
      for (int i = 0; i < LANES; ++i)
        a[c][i] = a[c][i] * x + 1e-3;
  for (int c = 0; c < CHAINS; ++c)
    for (int i = 0; i < LANES; ++i)
      sum += a[c][i];
  return sum;
}

/* Operations per nanosecond, two for a multiply-add. */
static double peak_rate(void)
{
  const long n = 200000;
  double best = 0.0;
  volatile double sink = 0.0;
  for (int k = 0; k < SAMPLES; ++k) {
    double start = bench_seconds();
    sink += multiply_adds(n, 0.999 + 1e-9 * sink);
    double rate =
        2.0 * CHAINS * LANES * (double)n / (bench_seconds() - start) * 1e-9;
    best = rate > best ? rate : best;
  }
  return best;
}

/* A first derivative takes 3 r operations, both together 6 r + 1. Plane: both
 * on each axis, one mixed. Space: both on two axes, one first, one second, two
 * of first derivatives for each of two mixed ones and one for the third.
 * Behind: the combination, counted in the source. */
static double flops(int naxes, int order)
{
  double r = order / 2;
  return naxes == 2 ? 15.0 * r + 2.0 + 46.0 : 27.0 * r + 3.0 + 69.0;
}

static lmx_status prepare(lmx_context *context, const lmx_model *model,
                          const lmx_grid *grid, workspace *w)
{
  static const lmx_preconditioner_kind kinds[] = {LMX_PRECONDITIONER_DIAGONAL,
                                                  LMX_PRECONDITIONER_LAPPED};
  LMX_TRY(lmx_log_form_create(context, model, grid, &w->form));
  const lmx_unknowns *unknowns = lmx_log_form_unknowns(w->form);
  w->size = unknowns->size;
  LMX_TRY(LMX_NEW_ARRAY(context, w->size, &w->u));
  LMX_TRY(LMX_NEW_ARRAY(context, w->size, &w->out));
  for (size_t i = 0; i < w->size; ++i) {
    double v[LMX_MAX_DIMENSION];
    lmx_grid_point(grid, unknowns->node[i], v);
    w->u[i] = 0.1 * v[0] * v[0] - 0.1 * v[1] * v[1];
  }
  lmx_log_form_linearise(w->form, 0.0, w->u);
  for (int k = 0; k < 2; ++k) {
    LMX_TRY(lmx_preconditioner_create(context, kinds[k], model, grid, unknowns,
                                      &lmx_log_formulation,
                                      &w->preconditioner[k]));
    lmx_preconditioner_setup(w->preconditioner[k], 0.0, 1e-3,
                             lmx_log_form_b(w->form));
  }
  return LMX_OK;
}

static void release(workspace *w)
{
  lmx_preconditioner_destroy(&w->preconditioner[0]);
  lmx_preconditioner_destroy(&w->preconditioner[1]);
  lmx_log_form_destroy(&w->form);
  lmx_free(w->u);
  lmx_free(w->out);
}

static lmx_status measure(lmx_context *context, int naxes, size_t points,
                          int order, double peak)
{
  const double D[] = {0.3, -0.3, 0.0};
  lmx_axis_spec axes[3];
  lmx_model model;
  lmx_grid *grid = NULL;
  workspace w = {NULL, {NULL, NULL}, NULL, NULL, 0};
  double ns[PARTS];
  for (int a = 0; a < naxes; ++a)
    axes[a] = (lmx_axis_spec){LMX_AXIS_FULL, points, 9.0};
  LMX_TRY(lmx_model_init(context, naxes, D, &model));
  LMX_TRY(lmx_grid_create(context, naxes, naxes, axes, order, &grid));
  lmx_status status = prepare(context, &model, grid, &w);
  if (status == LMX_OK) {
    for (int p = 0; p < PARTS; ++p)
      ns[p] = time_part(&w, (part)p);
    printf("%zu^%d,%d,%.2f,%.2f,%.2f,%.2f,%.2f,%.2f,%g,%.2f\n", points, naxes,
           order, ns[RHS], ns[PRODUCT], ns[LINEARISE], ns[DIAGONAL], ns[LAPPED],
           ns[COPY], flops(naxes, order), flops(naxes, order) / peak);
    fflush(stdout);
  }
  release(&w);
  lmx_grid_destroy(&grid);
  return status;
}

static lmx_status run(lmx_context *context, int order, size_t largest2,
                      size_t largest3)
{
  double peak = peak_rate();
  printf("# peak %.1f flops/ns; nanoseconds per point\n", peak);
  puts("grid,order,rhs,product,linearise,diagonal,lapped,copy,flops,"
       "flop_bound");
  for (size_t n = 40; n <= largest2; n *= 2)
    LMX_TRY(measure(context, 2, n, order, peak));
  for (size_t n = 24; n <= largest3; n *= 2)
    LMX_TRY(measure(context, 3, n, order, peak));
  return LMX_OK;
}

int main(int argc, char **argv)
{
  lmx_context *context;
  if (lmx_context_create(&context) != LMX_OK)
    return EXIT_FAILURE;
  lmx_status status = run(context, argc > 1 ? atoi(argv[1]) : 12,
                          argc > 2 ? strtoul(argv[2], NULL, 10) : 640,
                          argc > 3 ? strtoul(argv[3], NULL, 10) : 96);
  if (status != LMX_OK)
    fprintf(stderr, "bench_scaling: %s\n", lmx_context_message(context));
  lmx_context_destroy(&context);
  return lmx_status_exit_code(status);
}
