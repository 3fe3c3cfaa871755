/* Figures: gnuplot reads the tables of a run and prints a picture, which the
 * atomic writer puts in its place. */
/* memfd_create, memmem: NOLINTNEXTLINE(bugprone-reserved-identifier) */
#define _GNU_SOURCE
#include "landaumax/plot.h"

#include "landaumax/io.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

/* A figure is drawn by PLOTS/NAME.gp from FOLDER/tables/TABLE.dat.
 * X(figure, table) */
#define FIGURE_LIST(X)                                                         \
  X("log_density", "log_density_map")                                          \
  X("growth_gradient", "growth_gradient")                                      \
  X("growth_hessian", "growth_hessian")                                        \
  X("growth_sup", "growth_sup")                                                \
  X("temperatures", "temperatures")                                            \
  X("exact_error", "exact_error")                                              \
  X("entropy", "entropy")                                                      \
  X("bernstein_gradient", "bernstein_gradient_map")                            \
  X("bernstein_hessian", "bernstein_hessian_map")                              \
  X("lemma_4_1", "lemma_4_1_slack_map")                                        \
  X("lemma_4_2", "lemma_4_2_slack_map")                                        \
  X("lemma_4_5", "lemma_4_5_slack_map")                                        \
  X("gaussian_lower", "gaussian_lower")                                        \
  X("smallest_constants", "smallest_constants")                                \
  X("evolution", "evolution")                                                  \
  X("error_bar", "error_bar")                                                  \
  X("lln", "lln")                                                              \
  X("section5", "section5")                                                    \
  X("entropy_bound", "entropy_bound")

enum { MESSAGE_BYTES = 400 };

/* What a finished gnuplot leaves: files in memory, so that no pipe can fill
 * up and no disk either. */
typedef struct output {
  int picture, message;
} output;

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

/* 'text' as gnuplot quotes it: the quote itself is doubled. */
static lmx_status quote(lmx_context *context, const char *text, char **out)
{
  char *quoted;
  size_t n = 0;
  LMX_TRY(LMX_NEW_ARRAY(context, 2 * strlen(text) + 3, &quoted));
  quoted[n++] = '\'';
  for (const char *p = text; *p != '\0'; ++p) {
    if (*p == '\'')
      quoted[n++] = '\'';
    quoted[n++] = *p;
  }
  quoted[n] = '\'';
  *out = quoted;
  return LMX_OK;
}

/* The variables a script reads; out empty means standard output. */
static lmx_status settings(lmx_context *context, const char *folder,
                           const char *format, char **out)
{
  char *quoted, *text;
  LMX_TRY(quote(context, folder, &quoted));
  size_t n = strlen(quoted) + strlen(format) + 32;
  lmx_status status = LMX_NEW_ARRAY(context, n, &text);
  if (status == LMX_OK) {
    snprintf(text, n, "dir=%s; out=''; fmt='%s'", quoted, format);
    *out = text;
  }
  lmx_free(quoted);
  return status;
}

/* Returns 0 or an errno value. -d keeps the user's own gnuplot settings out
 * of the figures. */
static int spawn(const char *variables, const char *script, const output *to,
                 pid_t *pid)
{
  char program[] = "gnuplot", defaults[] = "-d", execute[] = "-e";
  char *arguments[] = {program,           defaults,       execute,
                       (char *)variables, (char *)script, NULL};
  posix_spawn_file_actions_t actions;
  int reason = posix_spawn_file_actions_init(&actions);
  if (reason != 0)
    return reason;
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, to->picture, 1);
  posix_spawn_file_actions_adddup2(&actions, to->message, 2);
  reason = posix_spawnp(pid, program, &actions, NULL, arguments, environ);
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

static lmx_status run_gnuplot(lmx_context *context, const char *variables,
                              const char *script, const output *to)
{
  pid_t pid;
  int result = 0;
  char message[MESSAGE_BYTES + 1];
  int reason = spawn(variables, script, to, &pid);
  if (reason != 0)
    return fail_missing(context, strerror(reason));
  while (waitpid(pid, &result, 0) < 0)
    if (errno != EINTR)
      return lmx_fail(context, LMX_ERR_IO, "gnuplot got lost: %s",
                      strerror(errno));
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
  read_message(to->message, message);
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
static lmx_status keep_picture(lmx_context *context, const output *from,
                               const char *folder, const char *name,
                               const char *format)
{
  char file[128], source[64];
  char *path = NULL, *data = NULL;
  size_t bytes;
  lmx_status status;
  snprintf(file, sizeof file, "figures/%s.%s", name, format);
  snprintf(source, sizeof source, "/proc/self/fd/%d", from->picture);
  LMX_TRY(lmx_path_join(context, folder, file, &path));
  LMX_TRY_GOTO(lmx_file_read(context, source, &data, &bytes), end);
  if (!is_whole(data, bytes, format))
    status = lmx_fail(context, LMX_ERR_IO, "gnuplot drew no whole %s", path);
  else
    status = lmx_file_write(context, path, data, bytes);
end:
  lmx_free(data);
  lmx_free(path);
  return status;
}

static lmx_status draw(lmx_context *context, const char *folder,
                       const char *plots, const char *name, const char *format)
{
  char file[128];
  char *script = NULL, *variables = NULL;
  output out = {-1, -1};
  lmx_status status;
  snprintf(file, sizeof file, "%s.gp", name);
  lmx_progress(context, "figure %s.%s", name, format);
  LMX_TRY_GOTO(lmx_path_join(context, plots, file, &script), end);
  LMX_TRY_GOTO(settings(context, folder, format, &variables), end);
  LMX_TRY_GOTO(output_open(context, &out), end);
  LMX_TRY_GOTO(run_gnuplot(context, variables, script, &out), end);
  status = keep_picture(context, &out, folder, name, format);
end:
  output_close(&out);
  lmx_free(variables);
  lmx_free(script);
  return status;
}

static lmx_status has_table(lmx_context *context, const char *folder,
                            const char *table, bool *out)
{
  char file[128];
  char *path;
  snprintf(file, sizeof file, "tables/%s.dat", table);
  LMX_TRY(lmx_path_join(context, folder, file, &path));
  *out = access(path, R_OK) == 0;
  lmx_free(path);
  return LMX_OK;
}

/* One figure in the wanted formats, if there is something to draw. */
static lmx_status draw_figure(lmx_context *context, const char *folder,
                              const char *plots, const char *format,
                              const char *name, const char *table)
{
  bool present;
  LMX_TRY(has_table(context, folder, table, &present));
  if (!present)
    return LMX_OK;
  if (strcmp(format, "pdf") != 0)
    LMX_TRY(draw(context, folder, plots, name, "png"));
  if (strcmp(format, "png") != 0)
    LMX_TRY(draw(context, folder, plots, name, "pdf"));
  return LMX_OK;
}

lmx_status lmx_plot_run(lmx_context *context, const char *folder,
                        const char *plots, const char *format)
{
  char *figures;
  if (strcmp(format, "png") != 0 && strcmp(format, "pdf") != 0 &&
      strcmp(format, "both") != 0)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "figures: format \"%s\", allowed are png, pdf, both",
                    format);
  LMX_TRY(lmx_path_join(context, folder, "figures", &figures));
  lmx_status status = lmx_folder_create(context, figures);
  lmx_free(figures);
#define DRAW(name, table)                                                      \
  if (status == LMX_OK)                                                        \
    status = draw_figure(context, folder, plots, format, name, table);
  FIGURE_LIST(DRAW)
#undef DRAW
  return status;
}
