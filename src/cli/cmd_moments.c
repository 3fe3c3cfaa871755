/* landaumax moments */
#include <getopt.h>
#include <stdio.h>

#include "cli/cli.h"

typedef struct moments_arguments {
  lmx_moments_options options;
  const char *path;
  const char *overrides[LMX_CLI_OVERRIDES];
  size_t noverrides;
  lmx_keep keep;
  bool quiet;
} moments_arguments;

static lmx_status read_arguments(lmx_context *context, int argc, char **argv,
                                 moments_arguments *out)
{
  static const struct option options[] = {LMX_CLI_KEEP_OPTIONS,
                                          {"out", required_argument, NULL, 'o'},
                                          {"set", required_argument, NULL, 's'},
                                          {"run", required_argument, NULL, 'r'},
                                          {"json", no_argument, NULL, 'J'},
                                          {"quiet", no_argument, NULL, 'q'},
                                          {NULL, 0, NULL, 0}};
  opterr = 0;
  optind = 1;
  for (int c; (c = getopt_long(argc, argv, ":o:s:r:Jq", options, NULL)) != -1;)
    switch (c) {
    case 'o':
    case 'r':
      if (*optarg == '\0')
        return lmx_cli_usage(context, &lmx_command_moments,
                             "moments: --%s takes a folder, not \"\"",
                             c == 'o' ? "out" : "run");
      *(c == 'o' ? &out->options.folder : &out->options.run) = optarg;
      break;
    case 's':
      if (out->noverrides == LMX_CLI_OVERRIDES)
        return lmx_cli_usage(context, &lmx_command_moments,
                             "moments: more than %d --set", LMX_CLI_OVERRIDES);
      out->overrides[out->noverrides++] = optarg;
      break;
    case 'J':
      out->options.json = true;
      break;
    case 'q':
      out->quiet = true;
      break;
    default:
      if (!lmx_cli_keep_option(c, optarg, &out->keep))
        return lmx_cli_option(context, &lmx_command_moments, c, argv);
    }
  LMX_TRY(lmx_cli_keep_check(context, &lmx_command_moments, &out->keep));
  out->path = lmx_cli_operand(context, &lmx_command_moments, argc, argv, optind,
                              "CASE.toml");
  return out->path != NULL ? LMX_OK : LMX_ERR_USAGE;
}

static void print(const moments_arguments *a, const char *text)
{
  if (a->options.json)
    fputs(text, stdout);
  else if (!a->quiet) {
    printf("%s\n", text);
    lmx_cli_report(a->options.folder);
  }
}

static lmx_status run(lmx_context *context, int argc, char **argv)
{
  char folder[4096], *text = NULL;
  moments_arguments a = {0};
  lmx_run_summary summary;
  lmx_case *source;
  LMX_TRY(read_arguments(context, argc, argv, &a));
  if (a.options.folder == NULL) {
    lmx_cli_default_folder(a.path, "_moments", folder, sizeof folder);
    a.options.folder = folder;
  }
  a.options.plots = lmx_cli_plots();
  a.options.keep = lmx_cli_keep(&a.keep);
  lmx_cli_progress(context, a.quiet);
  LMX_TRY(lmx_case_load(context, a.path, a.noverrides, a.overrides, &source));
  lmx_status status = lmx_moments(context, source, &a.options, &text, &summary);
  lmx_case_destroy(&source);
  if (text != NULL)
    print(&a, text);
  if (!a.options.json) /* which stands alone */
    lmx_cli_keep_print(a.options.folder, a.quiet, &a.keep);
  lmx_free(a.keep.text);
  lmx_free(text);
  return status;
}

const lmx_command lmx_command_moments = {
    .name = "moments",
    .synopsis =
        "moments CASE.toml [--out DIR] [--run DIR] [--set key=value "
        "...]\n                         [--against FILE | "
        "--write-reference FILE]\n                         [--json] [--quiet]",
    .summary = "exact moments of the particle systems, Section 5, Theorem 1.7",
    .help =
        "Solves the closed linear equation for the symmetric polynomials of\n"
        "degree 4 of N particles with independent initial data, for the N of\n"
        "moments.particles (infinity among them), to rounding: the left side\n"
        "of the law of large numbers (2.5), M_4, temperatures, and the left\n"
        "side of every statement of Section 5, held against the printed and\n"
        "the corrected right side. Nothing is simulated, no grid is needed\n"
        "(but for the fourth moments of formulas and tables). The run\n"
        "directory has report.html (everything on one page), report.txt,\n"
        "report.json, case.toml, tables/ and figures/.\n"
        "  --out DIR        run directory (default runs/NAME_moments)\n"
        "  --run DIR        a finished run of the same data: its sup of\n"
        "                   |Hess f / f| / (1 + t + |v|^2) makes Theorem 1.7 "
        "and\n"
        "                   Corollary 1.9 numbers (f0 = M needs none)\n"
        "  --set key=value  override a key of the case file\n"
        "  --write-reference FILE  store the verdicts in FILE, each number "
        "with "
        "a\n"
        "                   tolerance measured by computing them again\n"
        "  --against FILE   compare with those in FILE and print every "
        "difference\n"
        "  --json           report.json on standard output, not the table\n"
        "  --quiet          no progress line, no table\n"
        "A form fails if the ratio of its sides grows without bound; "
        "\"value\"\n"
        "is the smallest constant otherwise.\n"
        "Exit codes: 0 every verdict is as expected (forms known to be\n"
        "misprinted fail, all others hold), 1 one is not; with --against 0 "
        "all\n"
        "agree, 1 some differ.\n",
    .run = run};
