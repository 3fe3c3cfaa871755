/* landaumax: dispatches to the subcommands, turns statuses into exit codes. */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

#include "cli/cli.h"

const lmx_command *const lmx_commands[] = {
    &lmx_command_run,      &lmx_command_probe,
    &lmx_command_check,    &lmx_command_plot,
    &lmx_command_converge, &lmx_command_audit,
    &lmx_command_moments,  &lmx_command_particles,
    &lmx_command_help,     NULL};

static lmx_context *interrupted_context;
static bool progress_shown;

const lmx_command *lmx_command_find(const char *name)
{
  for (const lmx_command *const *c = lmx_commands; *c != NULL; ++c)
    if (strcmp((*c)->name, name) == 0)
      return *c;
  return NULL;
}

/* In parentheses: a macro for the static analyzer has the same name. */
lmx_status(lmx_cli_usage)(lmx_context *context, const lmx_command *command,
                          const char *format, ...)
{
  char what[512];
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  return lmx_fail(context, LMX_ERR_USAGE,
                  "%s\nusage: landaumax %s\nMore: landaumax help %s", what,
                  command->synopsis, command->name);
}

lmx_status lmx_cli_option(lmx_context *context, const lmx_command *command,
                          int c, char **argv)
{
  char option[128];
  const char *last = argv[optind - 1];
  /* getopt_long has passed a long option; of a group of short ones it names
   * the letter */
  bool is_long = optopt == 0 || (strncmp(last, "--", 2) == 0 &&
                                 (c == ':' || strchr(last, '=') != NULL));
  if (is_long)
    snprintf(option, sizeof option, "%s", last);
  else
    snprintf(option, sizeof option, "-%c", optopt);
  if (c == ':')
    return lmx_cli_usage(context, command, "%s: %s needs a value",
                         command->name, option);
  return lmx_cli_usage(context, command, "%s: there is no option %s",
                       command->name, option);
}

/* A leading point is part of the name. */
void lmx_cli_default_folder(const char *path, const char *suffix, char *folder,
                            size_t n)
{
  const char *slash = strrchr(path, '/');
  const char *base = slash != NULL ? slash + 1 : path;
  const char *dot = strrchr(base, '.');
  int length =
      (int)(dot != NULL && dot != base ? (size_t)(dot - base) : strlen(base));
  snprintf(folder, n, "runs/%.*s%s", length, base, suffix);
}

const char *lmx_cli_only_operand(lmx_context *context,
                                 const lmx_command *command, int argc,
                                 char **argv, const char *what)
{
  static const struct option none[] = {{NULL, 0, NULL, 0}};
  opterr = 0;
  optind = 1;
  int c = getopt_long(argc, argv, ":", none, NULL);
  if (c != -1) {
    lmx_cli_option(context, command, c, argv);
    return NULL;
  }
  return lmx_cli_operand(context, command, argc, argv, optind, what);
}

const char *lmx_cli_operand(lmx_context *context, const lmx_command *command,
                            int argc, char **argv, int at, const char *what)
{
  if (argc - at == 1)
    return argv[at];
  if (argc == at)
    lmx_cli_usage(context, command, "%s: %s is missing", command->name, what);
  else
    lmx_cli_usage(context, command, "%s: only one %s, but also \"%s\"",
                  command->name, what, argv[at + 1]);
  return NULL;
}

static void show(void *user, const char *line)
{
  (void)user;
  fprintf(stderr, "\r\033[K%s", line);
  progress_shown = true;
}

static void note(void *user, const char *line)
{
  (void)user;
  fprintf(stderr, "%s%s\n", progress_shown ? "\r\033[K" : "", line);
}

void lmx_cli_progress(lmx_context *context, bool quiet)
{
  if (!quiet)
    lmx_context_set_notice(context, note, NULL);
  if (!quiet && isatty(STDERR_FILENO))
    lmx_context_set_progress(context, show, NULL);
}

const char *lmx_cli_plots(void)
{
  static char path[4096];
  const char *chosen = getenv("LANDAUMAX_PLOTS");
  if (chosen != NULL)
    return chosen;
  ssize_t n = readlink("/proc/self/exe", path, sizeof path - 64);
  if (n > 0) {
    path[n] = '\0';
    char *slash = strrchr(path, '/');
    snprintf(slash, 64, "/../share/landaumax/plots");
    if (access(path, R_OK) == 0)
      return path;
  }
  return LMX_SOURCE_PLOTS;
}

/* A closed standard stream would give its number to the next file opened,
 * which its output would then spoil. Opened the wrong way round, its use
 * remains an error. */
static void hold_standard_streams(void)
{
  for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; ++fd)
    if (fcntl(fd, F_GETFD) < 0 && errno == EBADF)
      (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* Seconds that work has to come to a safe point and to save what it has. */
static const struct itimerval grace = {.it_value = {1, 600000}};

/* setitimer is no more than a system call. */
static void on_interrupt(int signal_number)
{
  int kept = errno;
  (void)signal_number;
  lmx_context_interrupt(interrupted_context);
  setitimer(ITIMER_REAL, &grace, NULL);
  errno = kept;
}

/* Files are whole or absent, and results are exchanged in a way that the next
 * command completes: so work may end anywhere. */
static void on_end_of_grace(int signal_number)
{
  static const char text[] = "landaumax: interrupted\n";
  (void)signal_number;
  ssize_t written = write(STDERR_FILENO, text, sizeof text - 1);
  (void)written;
  _exit(lmx_status_exit_code(LMX_INTERRUPTED));
}

/* Interruption ends work at a safe point, or where it is if that takes too
 * long; a second one ends it at once. Writing to a closed pipe or beyond a size
 * limit is an error to report. */
static void handle_signals(lmx_context *context)
{
  interrupted_context = context;
  struct sigaction action = {.sa_handler = on_interrupt};
  action.sa_flags = (int)SA_RESETHAND;
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, NULL);
  sigaction(SIGTERM, &action, NULL);
  struct sigaction old; /* nohup has asked to outlive the terminal */
  if (sigaction(SIGHUP, NULL, &old) == 0 && old.sa_handler != SIG_IGN)
    sigaction(SIGHUP, &action, NULL);
  action.sa_handler = on_end_of_grace;
  sigaction(SIGALRM, &action, NULL);
  signal(SIGPIPE, SIG_IGN);
  signal(SIGXFSZ, SIG_IGN);
}

/* The context is about to go. */
static void ignore_interrupts(void)
{
  signal(SIGINT, SIG_IGN);
  signal(SIGTERM, SIG_IGN);
  signal(SIGHUP, SIG_IGN);
  signal(SIGALRM, SIG_IGN);
}

static lmx_status dispatch(lmx_context *context, int argc, char **argv)
{
  if (argc < 2)
    return lmx_cli_usage(context, &lmx_command_help, "which command?");
  if (strcmp(argv[1], "--version") == 0) {
    printf("landaumax %s\n", lmx_version());
    return LMX_OK;
  }
  const char *name = argv[1];
  if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0)
    name = "help";
  const lmx_command *command = lmx_command_find(name);
  if (command == NULL)
    return lmx_cli_usage(context, &lmx_command_help,
                         "there is no command \"%s\"", name);
  for (int i = 2; i < argc && strcmp(argv[i], "--") != 0; ++i)
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
      char *help[] = {argv[0], (char *)command->name, NULL};
      return lmx_command_help.run(context, 2, help);
    }
  return command->run(context, argc - 1, argv + 1);
}

static void report(const lmx_context *context, lmx_status status)
{
  if (progress_shown)
    fprintf(stderr, "\r\033[K");
  if (status == LMX_OK)
    return;
  /* messages about case files begin with file:line, as compilers' do */
  const char *prefix = status == LMX_ERR_CASE ? "" : "landaumax: ";
  fprintf(stderr, "%s%s\n", prefix, lmx_context_message(context));
}

/* --- the stack ----------------------------------------------------------- */

enum { STACK_BYTES = 8 << 20 };

typedef struct call {
  lmx_context *context;
  int argc;
  char **argv;
  lmx_status status;
  sigset_t signals;
} call;

static void *dispatch_here(void *user)
{
  call *c = user;
  pthread_sigmask(SIG_SETMASK, &c->signals, NULL);
  lmx_cli_guard_stack();
  c->status = dispatch(c->context, c->argc, c->argv);
  return NULL;
}

/* Whether the stack may grow to what the commands need. */
static bool stack_is_large(void)
{
  struct rlimit limit;
  if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY ||
      limit.rlim_cur >= STACK_BYTES)
    return true;
  bool may = limit.rlim_max == RLIM_INFINITY || limit.rlim_max >= STACK_BYTES;
  limit.rlim_cur = STACK_BYTES;
  return may && setrlimit(RLIMIT_STACK, &limit) == 0;
}

/* Where the stack may not grow, the work is done on another one, by a thread
 * that also gets the signals. */
static lmx_status dispatch_on_stack(lmx_context *context, int argc, char **argv)
{
  call c = {.context = context, .argc = argc, .argv = argv};
  pthread_attr_t attributes;
  pthread_t id;
  sigset_t all;
  if (stack_is_large() || pthread_attr_init(&attributes) != 0)
    return dispatch(context, argc, argv);
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &c.signals);
  bool started = pthread_attr_setstacksize(&attributes, STACK_BYTES) == 0 &&
                 pthread_create(&id, &attributes, dispatch_here, &c) == 0;
  pthread_attr_destroy(&attributes);
  if (started)
    pthread_join(id, NULL);
  pthread_sigmask(SIG_SETMASK, &c.signals, NULL);
  return started ? c.status : dispatch(context, argc, argv);
}

int main(int argc, char **argv)
{
  lmx_context *context;
  hold_standard_streams();
  lmx_cli_guard_begin();
  if (lmx_context_create(&context) != LMX_OK) {
    lmx_cli_guard_end();
    fprintf(stderr, "landaumax: out of memory\n");
    return lmx_status_exit_code(LMX_ERR_MEMORY);
  }
  handle_signals(context);
  lmx_status status = dispatch_on_stack(context, argc, argv);
  bool lost = fflush(stdout) != 0 || ferror(stdout) != 0;
  if (lost && (status == LMX_OK || status == LMX_CHECK_FAILED))
    status =
        lmx_fail(context, LMX_ERR_IO, "standard output: %s", strerror(errno));
  report(context, status);
  ignore_interrupts();
  lmx_cli_guard_end();
  lmx_context_destroy(&context);
  return lmx_status_exit_code(status);
}
