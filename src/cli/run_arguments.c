/* The arguments that `run` and `particles` share. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

static lmx_status read_arguments(lmx_context *context,
                                 const lmx_command *command, bool keeps,
                                 int argc, char **argv, lmx_run_arguments *out)
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

lmx_status lmx_cli_run_arguments(lmx_context *context,
                                 const lmx_command *command, const char *suffix,
                                 bool keeps, int argc, char **argv,
                                 lmx_run_arguments *out)
{
  *out = (lmx_run_arguments){.options = {.checkpoint_interval = 30.0}};
  LMX_TRY(read_arguments(context, command, keeps, argc, argv, out));
  if (out->options.folder == NULL) {
    lmx_cli_default_folder(out->path, suffix, out->folder, sizeof out->folder);
    out->options.folder = out->folder;
  }
  out->options.plots = lmx_cli_plots();
  return LMX_OK;
}
