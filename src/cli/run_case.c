/* What `run` and `particles` do alike: arguments, case, summary. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

typedef struct arguments {
  lmx_run_options options;
  const char *path;
  const char *overrides[LMX_CLI_OVERRIDES];
  size_t noverrides;
  bool quiet;
  char folder[4096]; /* the default of options.folder */
  lmx_keep keep;
} arguments;

static lmx_status read_arguments(lmx_context *context,
                                 const lmx_command *command, bool keeps,
                                 int argc, char **argv, arguments *out)
{
  enum { KEEP = 2 };
  static const struct option options[] = {
      LMX_CLI_KEEP_OPTIONS,
      {"out", required_argument, NULL, 'o'},
      {"set", required_argument, NULL, 's'},
      {"resume", no_argument, NULL, 'r'},
      {"quiet", no_argument, NULL, 'q'},
      {"checkpoint", required_argument, NULL, 'c'},
      {NULL, 0, NULL, 0}};
  opterr = 0;
  optind = 1;
  char *end;
  const struct option *known = keeps ? options : options + KEEP;
  for (int c; (c = getopt_long(argc, argv, ":o:s:q", known, NULL)) != -1;)
    switch (c) {
    case 'o':
      if (*optarg == '\0')
        return lmx_cli_usage(context, command,
                             "%s: --out takes a folder, not \"\"",
                             command->name);
      out->options.folder = optarg;
      break;
    case 's':
      if (out->noverrides == LMX_CLI_OVERRIDES)
        return lmx_cli_usage(context, command, "%s: more than %d --set",
                             command->name, LMX_CLI_OVERRIDES);
      out->overrides[out->noverrides++] = optarg;
      break;
    case 'r':
      out->options.resume = true;
      break;
    case 'q':
      out->quiet = true;
      break;
    case 'c':
      out->options.checkpoint_interval = strtod(optarg, &end);
      if (end == optarg || *end != '\0' ||
          !(out->options.checkpoint_interval >= 0.0))
        return lmx_cli_usage(context, command,
                             "%s: --checkpoint takes seconds, not \"%s\"",
                             command->name, optarg);
      break;
    default:
      if (!lmx_cli_keep_option(c, optarg, &out->keep)) {
        lmx_cli_option(context, command, c, argv);
        return LMX_ERR_USAGE;
      }
    }
  LMX_TRY(lmx_cli_keep_check(context, command, &out->keep));
  out->path =
      lmx_cli_operand(context, command, argc, argv, optind, "CASE.toml");
  return out->path != NULL ? LMX_OK : LMX_ERR_USAGE;
}

static lmx_status fill_arguments(lmx_context *context,
                                 const lmx_command *command, const char *suffix,
                                 bool keeps, int argc, char **argv,
                                 arguments *out)
{
  *out = (arguments){.options = {.checkpoint_interval = 30.0}};
  LMX_TRY(read_arguments(context, command, keeps, argc, argv, out));
  if (out->options.folder == NULL) {
    lmx_cli_default_folder(out->path, suffix, out->folder, sizeof out->folder);
    out->options.folder = out->folder;
  }
  out->options.plots = lmx_cli_plots();
  return LMX_OK;
}

void lmx_cli_report(const char *folder)
{
  printf("Report: %s/report.html\n", folder);
}

void lmx_cli_summary(const char *folder, const lmx_run_summary *summary,
                     const char *done)
{
  printf("%s: %zu checks hold, %zu fail, %zu for information", folder,
         summary->holds, summary->fails, summary->info);
  if (done != NULL)
    printf("; %s in %.2g s", done, summary->seconds_solve);
  putchar('\n');
  if (summary->accuracy[0] != '\0')
    printf("%s\n", summary->accuracy);
  lmx_cli_report(folder);
}

lmx_status lmx_cli_run_case(lmx_context *context, const lmx_command *command,
                            const char *suffix, bool keeps, lmx_cli_run_fn *run,
                            const char *done, int argc, char **argv)
{
  arguments a;
  LMX_TRY(fill_arguments(context, command, suffix, keeps, argc, argv, &a));
  lmx_cli_progress(context, a.quiet);
  lmx_case *source;
  LMX_TRY(lmx_case_load(context, a.path, a.noverrides, a.overrides, &source));
  lmx_run_summary summary = {0};
  lmx_status status =
      run(context, source, &a.options, lmx_cli_keep(&a.keep), &summary);
  lmx_case_destroy(&source);
  if (summary.written && !a.quiet)
    lmx_cli_summary(a.options.folder, &summary, done);
  lmx_cli_keep_print(a.options.folder, a.quiet, &a.keep);
  return status;
}
