/* landaumax check, landaumax plot: work on a finished run. */
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"
#include "landaumax/plot.h"

typedef struct check_arguments {
  const char *folder;
  lmx_keep keep;
  bool quiet;
} check_arguments;

static lmx_status read_arguments(lmx_context *context, int argc, char **argv,
                                 check_arguments *out)
{
  static const struct option options[] = {LMX_CLI_KEEP_OPTIONS,
                                          {"quiet", no_argument, NULL, 'q'},
                                          {NULL, 0, NULL, 0}};
  opterr = 0;
  optind = 1;
  for (int c; (c = getopt_long(argc, argv, ":q", options, NULL)) != -1;)
    switch (c) {
    case 'q':
      out->quiet = true;
      break;
    default:
      if (lmx_cli_keep_option(c, optarg, &out->keep))
        break;
      lmx_cli_option(context, &lmx_command_check, c, argv);
      return LMX_ERR_USAGE;
    }
  LMX_TRY(lmx_cli_keep_check(context, &lmx_command_check, &out->keep));
  out->folder =
      lmx_cli_operand(context, &lmx_command_check, argc, argv, optind, "DIR");
  return out->folder != NULL ? LMX_OK : LMX_ERR_USAGE;
}

static lmx_status check(lmx_context *context, int argc, char **argv)
{
  check_arguments a = {0};
  lmx_run_summary summary = {0};
  lmx_status status;
  LMX_TRY(read_arguments(context, argc, argv, &a));
  lmx_cli_progress(context, a.quiet);
  if (a.keep.against != NULL)
    status = lmx_run_compare(context, a.folder, a.keep.against, &summary,
                             &a.keep.text);
  else if (a.keep.write != NULL)
    status = lmx_run_write_reference(context, a.folder, a.keep.write, &summary);
  else
    status = lmx_run_check(context, a.folder, &summary);
  lmx_cli_keep_print(a.folder, a.quiet, &a.keep);
  if ((status == LMX_OK || status == LMX_CHECK_FAILED) && !a.quiet)
    lmx_cli_summary(a.folder, &summary, NULL);
  return status;
}

const lmx_command lmx_command_check = {
    .name = "check",
    .synopsis = "check DIR [--against FILE | --write-reference FILE] [--quiet]",
    .summary = "check a finished run again, compare with stored results",
    .help =
        "Reads DIR/solution.h5, runs every check and rewrites report.txt,\n"
        "report.json, report.html and tables/. The case comes from\n"
        "DIR/case.toml, so that checks.radius may be changed there. Figures\n"
        "of other tables are removed; `landaumax plot DIR` draws them anew.\n"
        "\n"
        "  --write-reference FILE  store the result of every check in FILE,\n"
        "                          each number with a tolerance; these are\n"
        "                          measured by solving the case twice more\n"
        "  --against FILE          compare with the results in FILE and print\n"
        "                          every difference\n"
        "  --quiet                 no progress line, no summary\n"
        "\n"
        "Exit codes: 0 all checks hold, 1 a check failed; with --against 0\n"
        "all results agree, 1 some differ, whether they hold or fail; with\n"
        "--write-reference 0 FILE was written.\n",
    .run = check};

static lmx_status plot(lmx_context *context, int argc, char **argv)
{
  const char *folder =
      lmx_cli_only_operand(context, &lmx_command_plot, argc, argv, "DIR");
  if (folder == NULL)
    return LMX_ERR_USAGE;
  LMX_TRY(lmx_run_plot(context, folder, lmx_cli_plots()));
  printf("Figures: %s/figures\n", folder);
  return LMX_OK;
}

const lmx_command lmx_command_plot = {
    .name = "plot",
    .synopsis = "plot DIR",
    .summary = "draw the figures of a run",
    .help = "Draws DIR/figures from DIR/tables with gnuplot, in the format of\n"
            "[figures] in DIR/case.toml (png, pdf or both), and\n"
            "renews DIR/report.html, which holds them.\n"
            "LANDAUMAX_PLOTS names another folder of gnuplot scripts.\n",
    .run = plot};
