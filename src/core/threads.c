/* Work shared among threads. OpenMP's own would end the program where a thread
 * cannot be started, and takes the size of their stacks from the environment.
 */
/* CPU_COUNT: NOLINTNEXTLINE(bugprone-reserved-identifier) */
#define _GNU_SOURCE
#include "core/threads.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>

enum { MOST_THREADS = 256, STACK_BYTES = 8 << 20 };

typedef struct part {
  pthread_t id;
  bool started;
  int thread;
  size_t first, last;
  lmx_body_fn *body;
  void *user;
} part;

static void *do_part(void *user)
{
  const part *p = user;
  for (size_t i = p->first; i < p->last; ++i)
    p->body(p->user, i, p->thread);
  return NULL;
}

/* Signals are for the thread that looks whether there was one. */
static void start_all(int n, part *parts)
{
  pthread_attr_t attributes;
  sigset_t all, before;
  if (pthread_attr_init(&attributes) != 0)
    return;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  if (pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0)
    for (int k = 1; k < n; ++k)
      parts[k].started =
          parts[k].first < parts[k].last &&
          pthread_create(&parts[k].id, &attributes, do_part, &parts[k]) == 0;
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  pthread_attr_destroy(&attributes);
}

void lmx_parallel_for(int threads, size_t n, lmx_body_fn *body, void *user)
{
  part parts[MOST_THREADS];
  int used = threads < 1 ? 1 : threads > MOST_THREADS ? MOST_THREADS : threads;
  size_t each = n / (size_t)used, more = n % (size_t)used;
  for (int k = 0; k < used; ++k) {
    size_t first = (size_t)k * each + ((size_t)k < more ? (size_t)k : more);
    parts[k] = (part){.thread = k,
                      .first = first,
                      .last = first + each + ((size_t)k < more),
                      .body = body,
                      .user = user};
  }
  start_all(used, parts);
  for (int k = 0; k < used; ++k)
    if (!parts[k].started)
      do_part(&parts[k]);
  for (int k = 1; k < used; ++k)
    if (parts[k].started)
      pthread_join(parts[k].id, NULL);
}

int lmx_processors(void)
{
  cpu_set_t set;
  int n = sched_getaffinity(0, sizeof set, &set) == 0 ? CPU_COUNT(&set) : 1;
  return n < 1 ? 1 : n > MOST_THREADS ? MOST_THREADS : n;
}
