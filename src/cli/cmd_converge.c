/* landaumax converge */
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

enum { MAX_OVERRIDES = 64 };

static void print_orders(const lmx_converge_row *row)
{
  for (int k = 0; k < 3; ++k)
    if (isfinite(row->order[k]))
      printf(" %5.1f", row->order[k]);
    else
      printf("     -");
}

static void print_row(const lmx_converge_row *row)
{
  printf("%-10s %10.4g %9.2e %9.2e %9.2e  ", row->what, row->parameter,
         row->error[0], row->error[1], row->error[2]);
  print_orders(row);
  printf(" %8.3g\n", row->seconds);
}

/* The case itself is in every study: its failure is told once. */
static bool told_before(const lmx_convergence *c, size_t row)
{
  for (size_t i = 0; i < row; ++i)
    if (c->rows[i].failed != NULL &&
        strcmp(c->rows[i].failed, c->rows[row].failed) == 0)
      return true;
  return false;
}

static void print_failures(const lmx_convergence *c)
{
  for (size_t i = 0; i < c->n; ++i)
    if (c->rows[i].failed != NULL && !told_before(c, i))
      printf("not solved, %s %.4g: %s\n", c->rows[i].what, c->rows[i].parameter,
             c->rows[i].failed);
}

static void print_study(const lmx_convergence *c)
{
  bool unsolved = false, boxes = false;
  printf("Largest errors over the checked ball at the end time, against %s.\n",
         c->against_exact ? "the exact solution"
                          : "the finest run of each study");
  printf("%-10s %10s %9s %9s %9s   %-17s %8s\n", "study", "parameter", "log f",
         "gradient", "Hessian", "observed orders", "seconds");
  for (size_t i = 0; i < c->n; ++i) {
    unsolved = unsolved || isnan(c->rows[i].error[0]);
    boxes = boxes || strcmp(c->rows[i].what, "box") == 0;
    print_row(&c->rows[i]);
  }
  if (unsolved)
    printf("nan: not solved (see below), or f not positive everywhere in the "
           "ball\n(density form: lower checks.radius).\n");
  print_failures(c);
  if (!boxes)
    printf("box: not studied, since nothing is known beyond the box of a "
           "table's run.\n");
  printf("\n%s of the case as it stands: log f %.2e, gradient %.2e, Hessian "
         "%.2e\n",
         c->against_exact ? "Error" : "Estimated error", c->estimate[0],
         c->estimate[1], c->estimate[2]);
  if (isnan(c->estimate[0]))
    printf("nan: the case itself has no numbers, or in one of the studies "
           "nothing finer, wider or\ntighter was solved to compare it with.\n");
}

static lmx_status run(lmx_context *context, int argc, char **argv)
{
  static const struct option options[] = {
      {"set", required_argument, NULL, 's'},
      {"levels", required_argument, NULL, 'l'},
      {"quiet", no_argument, NULL, 'q'},
      {NULL, 0, NULL, 0}};
  const char *overrides[MAX_OVERRIDES], *path;
  size_t noverrides = 0;
  long levels = 4;
  bool quiet = false;
  char *end;
  opterr = 0;
  optind = 1;
  for (int c; (c = getopt_long(argc, argv, ":s:l:q", options, NULL)) != -1;)
    switch (c) {
    case 's':
      if (noverrides == MAX_OVERRIDES)
        return lmx_cli_usage(context, &lmx_command_converge,
                             "converge: more than %d --set", MAX_OVERRIDES);
      overrides[noverrides++] = optarg;
      break;
    case 'l':
      levels = strtol(optarg, &end, 10);
      if (end == optarg || *end != '\0' || levels < 3 || levels > 18)
        return lmx_cli_usage(context, &lmx_command_converge,
                             "converge: --levels takes 3 to 18, not \"%s\"",
                             optarg);
      break;
    case 'q':
      quiet = true;
      break;
    default:
      return lmx_cli_option(context, &lmx_command_converge, c, argv);
    }
  path = lmx_cli_operand(context, &lmx_command_converge, argc, argv, optind,
                         "CASE.toml");
  if (path == NULL)
    return LMX_ERR_USAGE;
  lmx_cli_progress(context, quiet);
  lmx_case *source;
  lmx_convergence *convergence;
  LMX_TRY(lmx_case_load(context, path, noverrides, overrides, &source));
  lmx_status status = lmx_converge(context, source, (int)levels, &convergence);
  lmx_case_destroy(&source);
  if (status != LMX_OK)
    return status;
  if (!quiet)
    lmx_progress(context, "%s", "");
  print_study(convergence);
  lmx_convergence_destroy(&convergence);
  return LMX_OK;
}

const lmx_command lmx_command_converge = {
    .name = "converge",
    .synopsis = "converge CASE.toml [--set key=value ...] [--levels N] "
                "[--quiet]",
    .summary = "refine grid, box and tolerance: errors and observed orders",
    .help =
        "Runs the case on a sequence of grids (each sqrt 2 finer), in wider\n"
        "boxes at the same spacing, and with other tolerances, and compares\n"
        "log f, its gradient and its Hessian at 600 points of the checked\n"
        "ball at the end time: with the exact solution where one is known,\n"
        "else with the finest run of each study. Ends with the error of the\n"
        "case as it stands (without an exact solution: the sum of its\n"
        "distances to the finest runs). A run that cannot be solved is named\n"
        "with the reason, the others are compared all the same; exit code 3\n"
        "only if fewer than two grids are solved.\n"
        "\n"
        "  --set key=value  override a key of the case file\n"
        "  --levels N       grids in the grid study (default 4)\n"
        "  --quiet          no progress line\n",
    .run = run};
