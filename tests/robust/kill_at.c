/* Preloaded: ends the program without warning (SIGKILL) just before the n-th
 * call, LMX_KILL_AT, that changes names on the disk: files created, renamed or
 * removed, folders made or removed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void count(void)
{
  static long calls;
  const char *at = getenv("LMX_KILL_AT");
  if (at != NULL && ++calls == atol(at))
    kill(getpid(), SIGKILL);
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

int rename(const char *from, const char *to)
{
  count();
  return REAL(rename)(from, to);
}

int renameat(int a, const char *from, int b, const char *to)
{
  count();
  return REAL(renameat)(a, from, b, to);
}

int unlink(const char *name)
{
  count();
  return REAL(unlink)(name);
}

int unlinkat(int dir, const char *name, int flags)
{
  count();
  return REAL(unlinkat)(dir, name, flags);
}

int mkdir(const char *name, mode_t mode)
{
  count();
  return REAL(mkdir)(name, mode);
}

int mkdirat(int dir, const char *name, mode_t mode)
{
  count();
  return REAL(mkdirat)(dir, name, mode);
}

int open(const char *name, int flags, ...)
{
  va_list rest;
  va_start(rest, flags);
  mode_t mode = flags & O_CREAT ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if (flags & O_CREAT)
    count();
  return REAL(open)(name, flags, mode);
}
