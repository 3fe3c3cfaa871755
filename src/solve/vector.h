/* The vectors CVODE works on: SUNDIALS' serial vector with its arithmetic
 * replaced by loops compiled for the machine's vector instructions. The
 * distributed serial reductions run at one addition per latency, which costs
 * more than ten right-hand sides. */
#ifndef LMX_SOLVE_VECTOR_H
#define LMX_SOLVE_VECTOR_H

#include <stddef.h>

#include <sundials/sundials_nvector.h>

/* NULL when out of memory; clones inherit the operations. */
N_Vector lmx_vector_new(size_t n, SUNContext sundials);

#endif
