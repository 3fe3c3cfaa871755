/* The program: a table of subcommands. */
#ifndef LMX_CLI_CLI_H
#define LMX_CLI_CLI_H

#include "landaumax/landaumax.h"

typedef struct lmx_command {
  const char *name;
  const char *synopsis; /* after "landaumax" */
  const char *summary;  /* one line */
  const char *help;     /* the rest of `landaumax help NAME` */
  /* argv[0] is the command's name, as getopt wants it */
  lmx_status (*run)(lmx_context *context, int argc, char **argv);
} lmx_command;

extern const lmx_command lmx_command_run;
extern const lmx_command lmx_command_probe;
extern const lmx_command lmx_command_check;
extern const lmx_command lmx_command_plot;
extern const lmx_command lmx_command_converge;
extern const lmx_command lmx_command_audit;
extern const lmx_command lmx_command_particles;
extern const lmx_command lmx_command_moments;
extern const lmx_command lmx_command_help;

/* All commands, ended by NULL. */
extern const lmx_command *const lmx_commands[];

/* The command with this name, NULL if there is none. */
const lmx_command *lmx_command_find(const char *name);

/* Message with the command's synopsis; returns LMX_ERR_USAGE. */
lmx_status lmx_cli_usage(lmx_context *context, const lmx_command *command,
                         const char *format, ...)
    __attribute__((format(printf, 3, 4)));
#ifdef __clang_analyzer__
/* Shows clang-tidy what is returned. */
#define lmx_cli_usage(...) (lmx_cli_usage(__VA_ARGS__), LMX_ERR_USAGE)
#endif

/* Message for what getopt_long refused with c = `?` or `:`. */
lmx_status lmx_cli_option(lmx_context *context, const lmx_command *command,
                          int c, char **argv);

enum { LMX_CLI_OVERRIDES = 64 };

typedef lmx_status lmx_cli_run_fn(lmx_context *context, lmx_case *lmx_case_,
                                  const lmx_run_options *options,
                                  lmx_keep *keep, lmx_run_summary *summary);

/* A command that makes a run directory from a case: reads CASE.toml [--out
 * DIR] [--set key=value] [--resume] [--quiet] [--checkpoint SECONDS], if
 * `keeps` --against and --write-reference, and the case, runs it, and prints
 * the summary, in which `done` is what took the seconds. The run directory is
 * runs/NAME and `suffix` without --out. */
lmx_status lmx_cli_run_case(lmx_context *context, const lmx_command *command,
                            const char *suffix, bool keeps, lmx_cli_run_fn *run,
                            const char *done, int argc, char **argv);

/* Prints the counts of the verdicts and where the report is; `done` ("solved")
 * and its seconds are left out if NULL. */
void lmx_cli_summary(const char *folder, const lmx_run_summary *summary,
                     const char *done);

/* Prints where the report is. */
void lmx_cli_report(const char *folder);

/* What getopt_long gives for the two options of lmx_keep. */
enum { LMX_CLI_AGAINST = 256, LMX_CLI_WRITE_REFERENCE };
#define LMX_CLI_KEEP_OPTIONS                                                   \
  {"against", required_argument, NULL, LMX_CLI_AGAINST},                       \
  {                                                                            \
    "write-reference", required_argument, NULL, LMX_CLI_WRITE_REFERENCE        \
  }

/* Whether c is one of them, whose FILE is then noted. */
bool lmx_cli_keep_option(int c, const char *file, lmx_keep *keep);
/* LMX_ERR_USAGE when both are there. */
lmx_status lmx_cli_keep_check(lmx_context *context, const lmx_command *command,
                              const lmx_keep *keep);
/* NULL when none is. */
lmx_keep *lmx_cli_keep(lmx_keep *keep);
/* Prints the comparison that was made, if any, and lets go of its text. */
void lmx_cli_keep_print(const char *folder, bool quiet, lmx_keep *keep);

/* Between these, crashes in libraries for want of memory, and their calls of
 * exit, end with the exit code of LMX_ERR_MEMORY. */
void lmx_cli_guard_begin(void);
void lmx_cli_guard_end(void);
/* The stack may be what cannot grow: the calling thread, one at a time, gets
 * another one for that. */
void lmx_cli_guard_stack(void);

/* Sets the receivers of notices, unless quiet, and of progress, unless quiet
 * or stderr is no terminal. */
void lmx_cli_progress(lmx_context *context, bool quiet);

/* Folder of the gnuplot scripts: $LANDAUMAX_PLOTS, else beside the installed
 * program, else in the source tree. Static storage. */
const char *lmx_cli_plots(void);

/* The single operand of commands that take one; NULL (with the usage message
 * set) otherwise. `what` names it. */
const char *lmx_cli_operand(lmx_context *context, const lmx_command *command,
                            int argc, char **argv, int at, const char *what);

/* runs/NAME and a suffix for .../NAME.toml, the run directory by default. */
void lmx_cli_default_folder(const char *path, const char *suffix, char *folder,
                            size_t n);

/* The same for commands without options, which argv[1] would begin. */
const char *lmx_cli_only_operand(lmx_context *context,
                                 const lmx_command *command, int argc,
                                 char **argv, const char *what);

#endif
