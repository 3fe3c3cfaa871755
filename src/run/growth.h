/* B(s) of Theorem 1.7. */
#ifndef LMX_RUN_GROWTH_H
#define LMX_RUN_GROWTH_H

#include "landaumax/run.h"

/* lmx_hessian_growth with its arrays. */
typedef struct lmx_hessian_table {
  size_t n;
  double *times, *B;
  double radius; /* INFINITY: exact */
  bool start_on_space;
  char unbounded[512]; /* "", or why there is no finite B */
} lmx_hessian_table;

/* Measures B at the output times of a finished run of the same data.
 * Errors: LMX_ERR_USAGE (the run is of other data), LMX_ERR_IO and those of
 * the checks. */
lmx_status lmx_hessian_table_read(lmx_context *context, const char *folder,
                                  const lmx_initial *initial,
                                  lmx_hessian_table *out);

/* f0 = M: exact values, at the output times of the case. */
lmx_status lmx_hessian_table_maxwellian(lmx_context *context,
                                        const lmx_case *lmx_case_,
                                        lmx_hessian_table *out);

void lmx_hessian_table_clear(lmx_hessian_table *table);

#endif
