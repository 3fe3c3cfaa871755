/* Work shared among threads. */
#ifndef LMX_CORE_THREADS_H
#define LMX_CORE_THREADS_H

#include <stddef.h>

/* What is to be done for index i, by the thread-th of the threads. */
typedef void lmx_body_fn(void *user, size_t i, int thread);

/* Calls body for each i < n: the indices are dealt to `threads` threads in
 * contiguous parts, the caller being the first of them. A thread that the
 * system does not start leaves its part to the caller, who does it as that
 * thread. Every thread has a stack of 8 MB, whatever the environment says,
 * and no signal interrupts it but the caller. */
void lmx_parallel_for(int threads, size_t n, lmx_body_fn *body, void *user);

/* Processors that this process may use, at least 1. */
int lmx_processors(void);

#endif
