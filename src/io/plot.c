/* Figures: gnuplot reads the tables of a run and prints a picture, which the
 * atomic writer puts in its place. */
/* memfd_create, memmem: NOLINTNEXTLINE(bugprone-reserved-identifier) */
#define _GNU_SOURCE
#include "landaumax/plot.h"

#include "landaumax/io.h"

#include "figures.h"
#include "plot_tables.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MESSAGE_BYTES = 400 };

/* What a finished gnuplot leaves: files in memory, so that no pipe can fill
 * up and no disk either. */
typedef struct output {
  int picture, message;
} output;

/* One gnuplot at work. */
typedef struct job {
  const char *name, *format; /* NULL: none */
  char *script;
  output out;
  pid_t pid; /* 0: not started, or done */
} job;

/* Several gnuplots at once, the oldest awaited first. */
enum { MOST_AT_ONCE = 8 };
typedef struct drawing {
  lmx_context *context;
  const char *folder; /* has the tables */
  const char *out;    /* gets the figures */
  char *plots;        /* absolute, the C library's */
  char **environment; /* of gnuplot */
  size_t at_once, started;
  job jobs[MOST_AT_ONCE];
} drawing;

static lmx_status output_open(lmx_context *context, output *out)
{
  out->picture = memfd_create("picture", MFD_CLOEXEC);
  out->message = memfd_create("message", MFD_CLOEXEC);
  if (out->picture < 0 || out->message < 0)
    return lmx_fail(context, LMX_ERR_IO, "cannot draw: %s", strerror(errno));
  return LMX_OK;
}

static void output_close(output *out)
{
  if (out->picture >= 0)
    close(out->picture);
  if (out->message >= 0)
    close(out->message);
}

/* What gnuplot said, on one line without the blanks it aligns with. */
static void read_message(int fd, char *text)
{
  char raw[MESSAGE_BYTES];
  ssize_t bytes = pread(fd, raw, sizeof raw, 0);
  size_t n = 0;
  for (ssize_t i = 0; i < bytes; ++i) {
    bool blank = raw[i] == '\n' || raw[i] == ' ' || raw[i] == '\t';
    if (!blank)
      text[n++] = raw[i];
    else if (n > 0 && text[n - 1] != ' ')
      text[n++] = ' ';
  }
  text[n] = '\0';
}

/* The user's own settings of gnuplot stay out of the figures: GNUTERM,
 * GNUPLOT_LIB and the like. The strings are those of `environ`. */
static lmx_status copy_environment(lmx_context *context, char ***out)
{
  size_t n = 0, kept = 0;
  char **copy;
  while (environ[n] != NULL)
    ++n;
  LMX_TRY(LMX_NEW_ARRAY(context, n + 1, &copy));
  for (size_t i = 0; i < n; ++i)
    if (strncmp(environ[i], "GNU", 3) != 0)
      copy[kept++] = environ[i];
  *out = copy;
  return LMX_OK;
}

/* Returns 0 or an errno value. gnuplot would run a command in a file name that
 * begins with "<" and replace a leading "~", so it gets no name that the user
 * has chosen: it works in the folder of the run, and the script's path is
 * absolute. -d leaves the user's gnuplotrc out. `out` is empty for standard
 * output. */
static int spawn(const drawing *d, job *j)
{
  char program[] = "gnuplot", defaults[] = "-d", execute[] = "-e";
  char variables[64];
  snprintf(variables, sizeof variables, "dir='.'; out=''; fmt='%s'", j->format);
  char *arguments[] = {program, defaults, execute, variables, j->script, NULL};
  posix_spawn_file_actions_t actions;
  int reason = posix_spawn_file_actions_init(&actions);
  if (reason != 0)
    return reason;
  reason = posix_spawn_file_actions_addchdir_np(&actions, d->folder);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, j->out.picture, 1);
  posix_spawn_file_actions_adddup2(&actions, j->out.message, 2);
  if (reason == 0)
    reason = posix_spawnp(&j->pid, program, &actions, NULL, arguments,
                          d->environment);
  posix_spawn_file_actions_destroy(&actions);
  return reason;
}

static lmx_status fail_missing(lmx_context *context, const char *reason)
{
  return lmx_fail(context, LMX_ERR_IO,
                  "cannot run gnuplot: %s; install it (Debian: gnuplot-nox) or "
                  "leave the figures out (figures.enabled = false)",
                  reason);
}

/* Waits until a child has ended, or the user does not want to wait longer. */
static lmx_status await_child(lmx_context *context, job *j, int *result)
{
  const struct timespec pause = {0, 2 * 1000 * 1000};
  for (;;) {
    pid_t ended = waitpid(j->pid, result, WNOHANG);
    if (ended < 0 && errno != EINTR) {
      j->pid = 0;
      return lmx_fail(context, LMX_ERR_IO, "gnuplot got lost: %s",
                      strerror(errno));
    }
    if (ended > 0) {
      j->pid = 0;
      return LMX_OK;
    }
    if (lmx_context_interrupted(context))
      return lmx_fail(context, LMX_INTERRUPTED, "interrupted in %s", j->script);
    nanosleep(&pause, NULL);
  }
}

static lmx_status await_gnuplot(lmx_context *context, job *j)
{
  int result = 0;
  const char *script = j->script;
  char message[MESSAGE_BYTES + 1];
  LMX_TRY(await_child(context, j, &result));
  if (WIFSIGNALED(result) && lmx_context_interrupted(context))
    return lmx_fail(context, LMX_INTERRUPTED, "interrupted in %s", script);
  if (WIFSIGNALED(result))
    return lmx_fail(context, LMX_ERR_IO, "gnuplot %s: killed by signal %d",
                    script, WTERMSIG(result));
  if (WEXITSTATUS(result) == 0)
    return LMX_OK;
  /* what posix_spawn may answer instead of an error of its own */
  if (WEXITSTATUS(result) == 127)
    return fail_missing(context, "it was not found");
  read_message(j->out.message, message);
  return lmx_fail(context, LMX_ERR_IO, "gnuplot %s failed: %s", script,
                  message);
}

/* gnuplot does not report a picture cut short, but its last bytes show it. */
static bool is_whole(const char *data, size_t bytes, const char *format)
{
  enum { TAIL = 16 };
  const char *mark = strcmp(format, "png") == 0 ? "IEND" : "%%EOF";
  return bytes > TAIL &&
         memmem(data + bytes - TAIL, TAIL, mark, strlen(mark)) != NULL;
}

/* Writes what gnuplot printed to FOLDER/figures/NAME.FORMAT. */
static lmx_status keep_picture(lmx_context *context, const char *folder,
                               const job *j)
{
  char file[128], source[64];
  char *path = NULL, *data = NULL;
  size_t bytes;
  lmx_status status;
  snprintf(file, sizeof file, "figures/%s.%s", j->name, j->format);
  snprintf(source, sizeof source, "/proc/self/fd/%d", j->out.picture);
  LMX_TRY(lmx_path_join(context, folder, file, &path));
  LMX_TRY_GOTO(lmx_file_read(context, source, &data, &bytes), end);
  if (!is_whole(data, bytes, j->format))
    status = lmx_fail(context, LMX_ERR_IO, "gnuplot drew no whole %s", path);
  else
    status = lmx_file_write(context, path, data, bytes);
end:
  lmx_free(data);
  lmx_free(path);
  return status;
}

/* A gnuplot that hangs may not listen to anything milder. */
static void job_clear(job *j)
{
  if (j->pid > 0) {
    kill(j->pid, SIGKILL);
    while (waitpid(j->pid, NULL, 0) < 0 && errno == EINTR)
      ;
  }
  if (j->name != NULL)
    output_close(&j->out);
  lmx_free(j->script);
  *j = (job){0};
}

static lmx_status job_start(const drawing *d, job *j)
{
  char file[128];
  snprintf(file, sizeof file, "%s.gp", j->name);
  lmx_progress(d->context, "figure %s.%s", j->name, j->format);
  LMX_TRY(lmx_path_join(d->context, d->plots, file, &j->script));
  LMX_TRY(output_open(d->context, &j->out));
  int reason = spawn(d, j);
  if (reason == 0)
    return LMX_OK;
  j->pid = 0;
  return fail_missing(d->context, strerror(reason));
}

/* Waits for the gnuplot of a job, if it has one. */
static lmx_status job_finish(const drawing *d, job *j)
{
  if (j->name == NULL)
    return LMX_OK;
  LMX_TRY(await_gnuplot(d->context, j));
  LMX_TRY(keep_picture(d->context, d->out, j));
  job_clear(j);
  return LMX_OK;
}

static lmx_status draw(drawing *d, const char *name, const char *format)
{
  job *j = &d->jobs[d->started++ % d->at_once];
  LMX_TRY(job_finish(d, j));
  *j = (job){.name = name, .format = format, .out = {-1, -1}};
  return job_start(d, j);
}

static lmx_status finish_all(drawing *d)
{
  for (size_t i = 0; i < d->at_once; ++i)
    LMX_TRY(job_finish(d, &d->jobs[d->started++ % d->at_once]));
  return LMX_OK;
}

static bool is_coordinate(const char *column)
{
  static const char *const names[] = {"t", "|v|", "v1", "v2", "rho"};
  for (size_t i = 0; i < sizeof names / sizeof names[0]; ++i)
    if (strcmp(column, names[i]) == 0)
      return true;
  return false;
}

static bool has_numbers(const lmx_table *table)
{
  size_t columns = table->columns, first = 0;
  while (first < columns && is_coordinate(table->column_names[first]))
    ++first;
  for (size_t row = 0; row < table->rows; ++row)
    for (size_t c = first; c < columns; ++c)
      if (isfinite(table->data[row * columns + c]))
        return true;
  return false;
}

/* Whether there is a table with something to draw: a ball without nodes, or
 * without log f, leaves empty ones. */
static lmx_status has_content(lmx_context *context, const char *folder,
                              const char *name, bool *out)
{
  char *tables;
  lmx_table *table = NULL;
  LMX_TRY(lmx_path_join(context, folder, "tables", &tables));
  lmx_status status = lmx_table_read(context, tables, name, &table);
  lmx_free(tables);
  LMX_TRY(status);
  *out = table != NULL && has_numbers(table);
  lmx_table_destroy(&table);
  return LMX_OK;
}

/* One figure in the wanted formats, if there is something to draw. */
static lmx_status draw_figure(drawing *d, const char *format,
                              const lmx_figure *figure)
{
  bool present;
  LMX_TRY(has_content(d->context, d->folder, figure->table, &present));
  if (!present)
    return LMX_OK;
  if (strcmp(format, "pdf") != 0)
    LMX_TRY(draw(d, figure->name, "png"));
  if (strcmp(format, "png") != 0)
    LMX_TRY(draw(d, figure->name, "pdf"));
  return LMX_OK;
}

static lmx_status draw_all(drawing *d, const char *format)
{
  for (size_t i = 0; i < lmx_figure_count; ++i)
    LMX_TRY(draw_figure(d, format, &lmx_figures[i]));
  return finish_all(d);
}

static lmx_status draw_in(drawing *d, const char *format)
{
  long processors = sysconf(_SC_NPROCESSORS_ONLN);
  d->at_once = processors < 1              ? 1
               : processors > MOST_AT_ONCE ? MOST_AT_ONCE
                                           : (size_t)processors;
  lmx_status status = draw_all(d, format);
  for (size_t i = 0; i < d->at_once; ++i)
    job_clear(&d->jobs[i]);
  return status;
}

lmx_status lmx_plot_tables(lmx_context *context, const char *folder,
                           const char *out, const char *plots,
                           const char *format)
{
  char *figures;
  drawing d = {.context = context, .folder = folder, .out = out};
  if (strcmp(format, "png") != 0 && strcmp(format, "pdf") != 0 &&
      strcmp(format, "both") != 0)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "figures: format \"%s\", allowed are png, pdf, both",
                    format);
  LMX_TRY(lmx_path_join(context, out, "figures", &figures));
  lmx_status status = lmx_folder_create(context, figures);
  lmx_free(figures);
  LMX_TRY(status);
  d.plots = realpath(plots, NULL);
  if (d.plots == NULL)
    return lmx_fail(context, LMX_ERR_IO, "cannot read the scripts in %s: %s",
                    plots, strerror(errno));
  status = copy_environment(context, &d.environment);
  if (status == LMX_OK)
    status = draw_in(&d, format);
  lmx_free(d.environment);
  free(d.plots);
  return status;
}

lmx_status lmx_plot_run(lmx_context *context, const char *folder,
                        const char *plots, const char *format)
{
  return lmx_plot_tables(context, folder, folder, plots, format);
}
