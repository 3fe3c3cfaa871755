/* landaumax run */
#include "cli/cli.h"

/* Results of runs are kept by `check`. */
static lmx_status solve(lmx_context *context, lmx_case *source,
                        const lmx_run_options *options, lmx_keep *keep,
                        lmx_run_summary *summary)
{
  (void)keep;
  return lmx_run(context, source, options, summary);
}

static lmx_status run(lmx_context *context, int argc, char **argv)
{
  return lmx_cli_run_case(context, &lmx_command_run, "", false, solve, "solved",
                          argc, argv);
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
        "program at once. A run over a finished one replaces it when it is\n"
        "solved; one over a failed one (exit code 3) at once.\n"
        "Exit codes: 0 all checks hold, 1 a check failed, 2 wrong case or\n"
        "usage, 3 the numerics failed, 4 input or output failed.\n",
    .run = run};
