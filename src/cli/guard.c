/* The last resort: what libraries do when memory has run out. Some of them
 * dereference NULL (SUNDIALS, HDF5), some call abort (FLINT, C++) or exit
 * (FFTW); what we know they need is asked for before, and the rest ends here,
 * as an error with its exit code. A crash for any other reason stays one. */
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cli/cli.h"

/* With less than this left, memory counts as exhausted: a library may have
 * asked for much at once. */
static const size_t little = (size_t)256 << 20;

static volatile sig_atomic_t at_work;

static void say(const char *text)
{
  ssize_t written = write(STDERR_FILENO, text, strlen(text));
  (void)written;
}

static _Noreturn void end(void)
{
  say("landaumax: out of memory in a library; nothing that was finished is "
      "lost\n");
  _exit(lmx_status_exit_code(LMX_ERR_MEMORY));
}

static bool memory_is_exhausted(void)
{
  void *memory = mmap(NULL, little, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED)
    return true;
  munmap(memory, little);
  return false;
}

static void on_crash(int signal_number)
{
  if (memory_is_exhausted())
    end();
  signal(signal_number, SIG_DFL);
  raise(signal_number);
}

/* A library has called exit. */
static void on_exit_inside(void)
{
  if (at_work)
    end();
}

void lmx_cli_guard_stack(void)
{
#ifndef __SANITIZE_ADDRESS__ /* which gives each thread one of its own */
  static char stack[1 << 16];
  const stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
  sigaltstack(&alternative, NULL);
#endif
}

void lmx_cli_guard_begin(void)
{
  struct sigaction action = {.sa_handler = on_crash};
  action.sa_flags = (int)(SA_ONSTACK | SA_NODEFER);
  sigemptyset(&action.sa_mask);
  lmx_cli_guard_stack();
#ifndef __SANITIZE_ADDRESS__ /* which reports crashes itself */
  sigaction(SIGSEGV, &action, NULL);
  sigaction(SIGBUS, &action, NULL);
  sigaction(SIGABRT, &action, NULL);
#endif
  atexit(on_exit_inside);
  at_work = 1;
}

void lmx_cli_guard_end(void)
{
  at_work = 0;
}
