/** @file core.h
 * Status codes, the context (last error, logging, interruption), memory.
 *
 * Conventions of the whole library:
 *  - a function that can fail returns an lmx_status and gives its result
 *    through trailing `out` parameters, untouched on failure;
 *  - it takes an lmx_context first, which then holds the message;
 *  - it never prints, exits or aborts;
 *  - objects are made by lmx_X_create(..., lmx_X **out) and released by
 *    lmx_X_destroy(lmx_X **), which accepts NULL and a NULL object and nulls
 *    the pointer;
 *  - velocities, times and temperatures are dimensionless: the equation is
 *    normalised to unit mass and unit mean temperature, (1.2) of the paper.
 *
 * "(3.4)", "Lemma 4.1" ... are equations and statements of Carrillo, Feng,
 * Guo, Jabin, Wang, "Relative entropy method for particle approximation of
 * the Landau equation for Maxwellian molecules" (2024).
 */
#ifndef LANDAUMAX_CORE_H
#define LANDAUMAX_CORE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define LMX_API __attribute__((visibility("default")))

/** Room for a message, its end included; longer ones are cut. */
#define LMX_MESSAGE_SIZE 2048
/** Bytes of what names a case in the files with its results. */
#define LMX_IDENTITY_SIZE 32

/** Largest velocity dimension d of any object of the library. */
#define LMX_MAX_DIMENSION 16

/* One list generates the enum, the texts and the exit codes.
 * X(symbol, exit code of the program, text) */
#define LMX_STATUS_LIST(X)                                                     \
  X(LMX_OK, 0, "success")                                                      \
  X(LMX_CHECK_FAILED, 1, "a check failed")                                     \
  X(LMX_ERR_USAGE, 2, "wrong usage")                                           \
  X(LMX_ERR_CASE, 2, "the case file is wrong")                                 \
  X(LMX_ERR_NUMERICS, 3, "the numerical method failed")                        \
  X(LMX_ERR_MEMORY, 3, "out of memory")                                        \
  X(LMX_ERR_IO, 4, "input or output failed")                                   \
  X(LMX_INTERRUPTED, 130, "interrupted")

typedef enum {
#define LMX_STATUS_ENUM(symbol, exit_code, text) symbol,
  LMX_STATUS_LIST(LMX_STATUS_ENUM)
#undef LMX_STATUS_ENUM
} lmx_status;

/** Text of a status code; never NULL. */
LMX_API const char *lmx_status_text(lmx_status status);

/** Exit code the program gives for a status. */
LMX_API int lmx_status_exit_code(lmx_status status);

/** Version of the library, "major.minor.patch". */
LMX_API const char *lmx_version(void);

/** Holds the last error message, the log and the interruption flag.
 * One context serves one thread. */
typedef struct lmx_context lmx_context;

/** Progress of long work: called at most a few times a second.
 * @param user  the pointer given to lmx_context_set_progress
 * @param line  one line of text without newline */
typedef void lmx_progress_fn(void *user, const char *line);

LMX_API lmx_status lmx_context_create(lmx_context **out);
LMX_API void lmx_context_destroy(lmx_context **context);

/** Message of the last failure, "" if none. Owned by the context; valid until
 * the next failure. */
LMX_API const char *lmx_context_message(const lmx_context *context);

/** Stores a formatted message and returns `status`, so that failing reads
 * `return lmx_fail(ctx, LMX_ERR_IO, "cannot open %s", path);` */
LMX_API lmx_status lmx_fail(lmx_context *context, lmx_status status,
                            const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#ifdef __clang_analyzer__
/* Shows clang-tidy that the status given is the status returned. */
#define lmx_fail(context, status, ...)                                         \
  (lmx_fail((context), (status), __VA_ARGS__), (status))
#endif

/** Where progress lines go; NULL (the default) is silence. */
LMX_API void lmx_context_set_progress(lmx_context *context,
                                      lmx_progress_fn *progress, void *user);

/** Sends one progress line if a receiver is set. */
LMX_API void lmx_progress(lmx_context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** Where notices go: sentences that stay on the terminal, unlike progress;
 * NULL (the default) is silence. */
LMX_API void lmx_context_set_notice(lmx_context *context,
                                    lmx_progress_fn *notice, void *user);

/** Sends one notice if a receiver is set. */
LMX_API void lmx_notice(lmx_context *context, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/** True when a progress receiver is set (lets callers skip the formatting). */
LMX_API bool lmx_progress_wanted(const lmx_context *context);

/** Asks running work to stop at its next safe point. Async-signal-safe. */
LMX_API void lmx_context_interrupt(lmx_context *context);
LMX_API bool lmx_context_interrupted(const lmx_context *context);

/** Wall-clock seconds from a monotonic clock. */
LMX_API double lmx_seconds(void);

/** Zeroed memory for count items, aligned to 64 bytes; release with
 * lmx_free. A count of zero gives a valid pointer. */
LMX_API lmx_status lmx_alloc(lmx_context *context, size_t count, size_t size,
                             void **out);
LMX_API void lmx_free(void *memory);

/** Testing: makes the nth following lmx_alloc fail (1 = the next one);
 * 0 switches it off. Not thread-safe. */
LMX_API void lmx_alloc_fail_after(long n);

/** Passes an error up. */
#define LMX_TRY(expr)                                                          \
  do {                                                                         \
    lmx_status lmx_try_status_ = (expr);                                       \
    if (lmx_try_status_ != LMX_OK)                                             \
      return lmx_try_status_;                                                  \
  } while (0)

/** The same where something must be released first: jumps to `label` with
 * the status in the local variable `status`. */
#define LMX_TRY_GOTO(expr, label)                                              \
  do {                                                                         \
    status = (expr);                                                           \
    if (status != LMX_OK)                                                      \
      goto label;                                                              \
  } while (0)

/** lmx_alloc of `count` items of the type of *ptr. */
#define LMX_NEW_ARRAY(context, count, ptr)                                     \
  lmx_alloc((context), (count), sizeof **(ptr), (void **)(ptr))

#ifdef __cplusplus
}
#endif
#endif
