/* The context: last message, progress receiver, interruption flag. */
#include "landaumax/core.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <gsl/gsl_errno.h>

#if defined __FAST_MATH__ ||                                                   \
    (defined __FINITE_MATH_ONLY__ && __FINITE_MATH_ONLY__ > 0)
#error "landaumax needs NaN and infinity: compile without -ffast-math"
#endif

struct lmx_context {
  char message[LMX_MESSAGE_SIZE];
  lmx_progress_fn *progress;
  void *progress_user;
  lmx_progress_fn *notice;
  void *notice_user;
  volatile sig_atomic_t interrupted;
};

static const struct {
  const char *text;
  int exit_code;
} status_table[] = {
#define STATUS_ROW(symbol, code, words) [symbol] = {words, code},
    LMX_STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
};

const char *lmx_status_text(lmx_status status)
{
  size_t n = sizeof status_table / sizeof status_table[0];
  return (size_t)status < n ? status_table[status].text : "unknown status";
}

int lmx_status_exit_code(lmx_status status)
{
  size_t n = sizeof status_table / sizeof status_table[0];
  return (size_t)status < n ? status_table[status].exit_code : 3;
}

const char *lmx_version(void)
{
  return LMX_VERSION;
}

lmx_status lmx_context_create(lmx_context **out)
{
  lmx_context *context = calloc(1, sizeof *context);
  if (context == NULL)
    return LMX_ERR_MEMORY;
  /* GSL aborts the process on error by default; we use its return codes. */
  gsl_set_error_handler_off();
  *out = context;
  return LMX_OK;
}

void lmx_context_destroy(lmx_context **context)
{
  if (context == NULL)
    return;
  free(*context);
  *context = NULL;
}

const char *lmx_context_message(const lmx_context *context)
{
  return context->message;
}

/* In parentheses: a macro for the static analyzer has the same name. */
lmx_status(lmx_fail)(lmx_context *context, lmx_status status,
                     const char *format, ...)
{
  if (context != NULL) {
    va_list args;
    va_start(args, format);
    vsnprintf(context->message, sizeof context->message, format, args);
    va_end(args);
  }
  return status;
}

void lmx_context_set_progress(lmx_context *context, lmx_progress_fn *progress,
                              void *user)
{
  context->progress = progress;
  context->progress_user = user;
}

bool lmx_progress_wanted(const lmx_context *context)
{
  return context->progress != NULL;
}

static void deliver(lmx_progress_fn *receiver, void *user, const char *format,
                    va_list args)
{
  char line[512];
  vsnprintf(line, sizeof line, format, args);
  receiver(user, line);
}

void lmx_progress(lmx_context *context, const char *format, ...)
{
  if (context->progress == NULL)
    return;
  va_list args;
  va_start(args, format);
  deliver(context->progress, context->progress_user, format, args);
  va_end(args);
}

void lmx_context_set_notice(lmx_context *context, lmx_progress_fn *notice,
                            void *user)
{
  context->notice = notice;
  context->notice_user = user;
}

void lmx_notice(lmx_context *context, const char *format, ...)
{
  if (context->notice == NULL)
    return;
  va_list args;
  va_start(args, format);
  deliver(context->notice, context->notice_user, format, args);
  va_end(args);
}

void lmx_context_interrupt(lmx_context *context)
{
  context->interrupted = 1;
}

bool lmx_context_interrupted(const lmx_context *context)
{
  return context->interrupted != 0;
}

double lmx_seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}
