/* landaumax check, landaumax plot: work on a finished run. */
#include <stdio.h>

#include "cli/cli.h"
#include "landaumax/plot.h"

static lmx_status check(lmx_context *context, int argc, char **argv)
{
  const char *folder =
      lmx_cli_only_operand(context, &lmx_command_check, argc, argv, "DIR");
  if (folder == NULL)
    return LMX_ERR_USAGE;
  lmx_run_summary summary = {0};
  lmx_status status = lmx_run_check(context, folder, &summary);
  if (status == LMX_OK || status == LMX_CHECK_FAILED)
    printf("%s: %zu checks hold, %zu fail, %zu for information\n"
           "Report: %s/report.txt\n",
           folder, summary.holds, summary.fails, summary.info, folder);
  return status;
}

const lmx_command lmx_command_check = {
    .name = "check",
    .synopsis = "check DIR",
    .summary = "check a finished run again",
    .help = "Reads DIR/solution.h5, runs every check and rewrites report.txt,\n"
            "report.json and tables/. The case comes from DIR/case.toml, so\n"
            "that checks.radius may be changed there.\n"
            "Exit codes: 0 all checks hold, 1 a check failed.\n",
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
