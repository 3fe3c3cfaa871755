/* landaumax run */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

enum { MAX_OVERRIDES = 64 };

typedef struct run_arguments {
  lmx_run_options options;
  const char *path;
  const char *overrides[MAX_OVERRIDES];
  size_t noverrides;
  bool quiet;
} run_arguments;

static lmx_status read_arguments(lmx_context *context, int argc, char **argv,
                                 run_arguments *out)
{
  static const struct option options[] = {
      {"out", required_argument, NULL, 'o'},
      {"set", required_argument, NULL, 's'},
      {"resume", no_argument, NULL, 'r'},
      {"quiet", no_argument, NULL, 'q'},
      {"checkpoint", required_argument, NULL, 'c'},
      {NULL, 0, NULL, 0}};
  opterr = 0;
  optind = 1;
  char *end;
  for (int c; (c = getopt_long(argc, argv, ":o:s:q", options, NULL)) != -1;)
    switch (c) {
    case 'o':
      if (*optarg == '\0')
        return lmx_cli_usage(context, &lmx_command_run,
                             "run: --out takes a folder, not \"\"");
      out->options.folder = optarg;
      break;
    case 's':
      if (out->noverrides == MAX_OVERRIDES)
        return lmx_cli_usage(context, &lmx_command_run,
                             "run: more than %d --set", MAX_OVERRIDES);
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
        return lmx_cli_usage(context, &lmx_command_run,
                             "run: --checkpoint takes seconds, not \"%s\"",
                             optarg);
      break;
    default:
      lmx_cli_option(context, &lmx_command_run, c, argv);
      return LMX_ERR_USAGE;
    }
  out->path = lmx_cli_operand(context, &lmx_command_run, argc, argv, optind,
                              "CASE.toml");
  return out->path != NULL ? LMX_OK : LMX_ERR_USAGE;
}

static lmx_status run(lmx_context *context, int argc, char **argv)
{
  char folder[4096];
  run_arguments a = {.options = {.checkpoint_interval = 30.0}};
  LMX_TRY(read_arguments(context, argc, argv, &a));
  if (a.options.folder == NULL) {
    lmx_cli_default_folder(a.path, "", folder, sizeof folder);
    a.options.folder = folder;
  }
  a.options.plots = lmx_cli_plots();
  lmx_cli_progress(context, a.quiet);
  lmx_case *source;
  LMX_TRY(lmx_case_load(context, a.path, a.noverrides, a.overrides, &source));
  lmx_run_summary summary = {0};
  lmx_status status = lmx_run(context, source, &a.options, &summary);
  lmx_case_destroy(&source);
  if ((status == LMX_OK || status == LMX_CHECK_FAILED) && !a.quiet)
    printf("%s: %zu checks hold, %zu fail, %zu for information; solved in "
           "%.2g s\nReport: %s/report.html\n",
           a.options.folder, summary.holds, summary.fails, summary.info,
           summary.seconds_solve, a.options.folder);
  return status;
}

const lmx_command lmx_command_run = {
    .name = "run",
    .synopsis = "run CASE.toml [--out DIR] [--set key=value ...] [--resume] "
                "[--checkpoint SECONDS] [--quiet]",
    .summary = "solve a case, check the solution, draw its figures",
    .help =
        "Solves the case, checks the paper's statements on the solution and\n"
        "writes a run directory: case.toml (every default spelled out),\n"
        "solution.h5, report.html (the run on one page), report.txt,\n"
        "report.json, tables/, figures/.\n"
        "\n"
        "  --out DIR            run directory (default runs/NAME of the case)\n"
        "  --set key=value      override a key, e.g. --set grid.points=80\n"
        "                       (repeatable; `landaumax help case` lists "
        "them)\n"
        "  --resume             continue an interrupted run to the same "
        "result\n"
        "  --checkpoint SECONDS wall time between checkpoints (default 30)\n"
        "  --quiet              no progress line, no summary\n"
        "\n"
        "Ctrl-C writes a checkpoint and exits with 130; a second one ends the\n"
        "program at once. A run over a finished one replaces it.\n"
        "Exit codes: 0 all checks hold, 1 a check failed, 2 wrong case or\n"
        "usage, 3 the numerics failed, 4 input or output failed.\n",
    .run = run};
