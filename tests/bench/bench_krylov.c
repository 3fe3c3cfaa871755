/* Krylov iterations per step and processor seconds over the size of the grid,
 * for each preconditioner: the main case (d = 2) and N(0, diag(1.4, 0.8, 0.8))
 * on three axes (d = 3). CSV on standard output.
 *
 *   bench_krylov [largest2 [largest3 [preconditioner]]]     default 640 96 all
 *
 * Full axes, order 12, rtol 1e-6, to t = 0.02. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "measure.h"
#include "trial.h"

static lmx_status measure(lmx_context *context, int d, size_t points,
                          lmx_preconditioner_kind preconditioner)
{
  trial t;
  trial_state state;
  trial_setup setup = {.naxes = d,
                       .kind = {LMX_AXIS_FULL, LMX_AXIS_FULL, LMX_AXIS_FULL},
                       .points = points / 2,
                       .half_width = 9.0,
                       .order = 12,
                       .rtol = 1e-6,
                       .preconditioner = preconditioner};
  LMX_TRY(trial_open_axisymmetric(context, d, d == 2 ? 1.3 : 1.4, &t));
  double start = bench_seconds();
  lmx_status status = trial_solve(context, &t, &setup, 0.02, &state);
  double seconds = bench_seconds() - start;
  trial_clear(&t);
  if (status != LMX_OK)
    return status;
  const lmx_solver_stats *s = &state.stats;
  printf("%zu^%d,%s,%ld,%ld,%.2f,%.3f,%ld\n", points, d,
         lmx_preconditioner_name(preconditioner), s->steps,
         s->krylov_iterations, (double)s->krylov_iterations / (double)s->steps,
         seconds, s->krylov_failures);
  fflush(stdout);
  trial_state_clear(&state);
  return LMX_OK;
}

static lmx_status run(lmx_context *context, int argc, char **argv)
{
  size_t largest[] = {argc > 1 ? strtoul(argv[1], NULL, 10) : 640,
                      argc > 2 ? strtoul(argv[2], NULL, 10) : 96};
  lmx_preconditioner_kind kinds[] = {LMX_PRECONDITIONER_NONE,
                                     LMX_PRECONDITIONER_DIAGONAL,
                                     LMX_PRECONDITIONER_LAPPED};
  size_t nkinds = argc > 3 ? 1 : sizeof kinds / sizeof kinds[0];
  if (argc > 3)
    LMX_TRY(bench_preconditioner(context, argv[3], &kinds[0]));
  puts("grid,preconditioner,steps,krylov,krylov_per_step,seconds,failures");
  for (size_t k = 0; k < nkinds; ++k)
    for (int d = 2; d <= 3; ++d)
      for (size_t n = d == 2 ? 40 : 24; n <= largest[d - 2]; n *= 2)
        LMX_TRY(measure(context, d, n, kinds[k]));
  return LMX_OK;
}

int main(int argc, char **argv)
{
  lmx_context *context;
  if (lmx_context_create(&context) != LMX_OK)
    return EXIT_FAILURE;
  lmx_status status = run(context, argc, argv);
  if (status != LMX_OK)
    fprintf(stderr, "bench_krylov: %s\n", lmx_context_message(context));
  lmx_context_destroy(&context);
  return lmx_status_exit_code(status);
}
