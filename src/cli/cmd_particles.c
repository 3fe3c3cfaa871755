/* landaumax particles */
#include "cli/cli.h"

static lmx_status run(lmx_context *context, int argc, char **argv)
{
  return lmx_cli_run_case(context, &lmx_command_particles, "_particles", true,
                          lmx_run_particles, "simulated", argc, argv);
}

const lmx_command lmx_command_particles = {
    .name = "particles",
    .synopsis = "particles CASE.toml [--out DIR] [--set key=value ...] "
                "[--resume]\n                           [--against FILE | "
                "--write-reference FILE] [--quiet]",
    .summary = "simulate the N-particle systems of a case",
    .help =
        "Simulates the systems of [particles] from independent particles of\n"
        "law f0, compares them with the exact moments and with each other and\n"
        "writes a run directory: case.toml, report.html (everything on one\n"
        "page), report.txt, report.json, tables/, figures/.\n"
        "\n"
        "  --out DIR            run directory (default runs/NAME_particles)\n"
        "  --set key=value      override a key, e.g. --set "
        "particles.replicas=500\n"
        "                       (repeatable; `landaumax help case` lists "
        "them)\n"
        "  --resume             continue interrupted simulations to the same\n"
        "                       result, bit for bit\n"
        "  --checkpoint SECONDS wall time between checkpoints (default 30)\n"
        "  --write-reference FILE  store the verdicts in FILE, each number "
        "with\n"
        "                       a tolerance measured by simulating again\n"
        "  --against FILE       compare with those in FILE and print every\n"
        "                       difference; exit code 1 if there is one, "
        "whether\n"
        "                       the checks hold or not\n"
        "  --quiet              no progress line, no summary\n"
        "\n"
        "Ctrl-C writes a checkpoint and exits with 130.\n"
        "Exit codes: 0 all checks hold, 1 a check failed, 2 wrong case or\n"
        "usage, 3 the numerics failed, 4 input or output failed.\n",
    .run = run};
