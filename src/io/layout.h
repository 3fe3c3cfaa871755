/* What writer and reader of solution.h5 and the reports agree on: names in
 * the HDF5 file and the list of solver statistics. */
#ifndef LMX_IO_LAYOUT_H
#define LMX_IO_LAYOUT_H

#include "landaumax/io.h"

#define LMX_FORMAT "landaumax solution"
enum { LMX_FORMAT_VERSION = 1, LMX_FORMAT_TEXT = 256 };

/* X(member of lmx_solver_stats and key in files, words in report.txt) */
#define LMX_STATS_COUNTS(X)                                                    \
  X(steps, "steps")                                                            \
  X(rhs_evaluations, "right-hand sides")                                       \
  X(newton_iterations, "Newton iterations")                                    \
  X(newton_failures, "Newton failures")                                        \
  X(error_test_failures, "error test failures")                                \
  X(krylov_iterations, "Krylov iterations")                                    \
  X(krylov_failures, "Krylov failures")                                        \
  X(jacobian_products, "Jacobian products")                                    \
  X(preconditioner_setups, "preconditioner set-ups")                           \
  X(preconditioner_solves, "preconditioner solves")

/* Both reports count alike: results with this verdict, ... */
size_t lmx_report_count(const lmx_report *report, lmx_verdict verdict);
/* ... of which expected, in forms known to be misprinted; the dimension; ... */
size_t lmx_report_misprints(const lmx_report *report);
int lmx_report_dimension(const lmx_report *report);
/* ... and nodes with |v| <= report->radius. */
size_t lmx_report_nodes(const lmx_report *report);

#endif
