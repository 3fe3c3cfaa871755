/* The obvious program, as a yardstick for the benchmarks: the density f on a
 * Cartesian grid in d = 2, central differences of order 8, CVODE BDF with
 * SPGMR and a Jacobi preconditioner.  Uses nothing of the library. */
#ifndef BASELINE_DENSITY_FD8_H
#define BASELINE_DENSITY_FD8_H

#include <stddef.h>

typedef struct {
  double E1;         /* first variance of the initial Gaussian; E2 = 2 - E1 */
  double t_end;      /* final time */
  size_t points;     /* nodes per axis */
  double half_width; /* box [-L, L]^2, f = 0 outside */
  double rtol, atol; /* CVODE's, of f */
} baseline_options;

typedef struct {
  double seconds; /* processor time with set-up */
  long steps, rhs_evaluations, krylov_iterations;
} baseline_stats;

/* Node i of an axis: -L + (i + 1/2) 2L/points. */
double baseline_node(const baseline_options *options, size_t i);

/* Computes f(t_end) at the nodes, row-major [points][points].  Returns 0, or
 * the negative flag of the SUNDIALS function that failed. */
int baseline_density_fd8(const baseline_options *options, double *f,
                         baseline_stats *stats);

#endif
