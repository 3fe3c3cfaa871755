/* landaumax audit */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>

#include "cli/cli.h"

typedef lmx_status format(lmx_context *context, const lmx_audit *audit,
                          char **out);

typedef struct request {
  lmx_audit_options audit;
  format *format;
  bool quiet;
} request;

/* A whole number from 0 on; what it may be is for the library to say. */
static lmx_status count(lmx_context *context, const char *option,
                        const char *text, unsigned long *out)
{
  char *end;
  errno = 0;
  unsigned long value = strtoul(text, &end, 10);
  if (errno != 0 || *end != '\0' || text[0] < '0' || text[0] > '9')
    return lmx_cli_usage(context, &lmx_command_audit,
                         "audit: --%s: \"%s\" is no whole number", option,
                         text);
  *out = value;
  return LMX_OK;
}

static lmx_status set_option(lmx_context *context, int c, const char *text,
                             request *r)
{
  unsigned long value = 0;
  switch (c) {
  case 'd':
    LMX_TRY(count(context, "dimension", text, &value));
    r->audit.d_min = r->audit.d_max = value < 100 ? (int)value : 100;
    return LMX_OK;
  case 'n':
    return count(context, "seed", text, &r->audit.seed);
  case 's':
    LMX_TRY(count(context, "starts", text, &value));
    r->audit.starts = value;
    return LMX_OK;
  default:
    LMX_TRY(count(context, "jets", text, &value));
    r->audit.jets = value;
    return LMX_OK;
  }
}

static lmx_status read_options(lmx_context *context, int argc, char **argv,
                               request *r)
{
  static const struct option options[] = {
      {"dimension", required_argument, NULL, 'd'},
      {"all", no_argument, NULL, 'a'},
      {"seed", required_argument, NULL, 'n'},
      {"starts", required_argument, NULL, 's'},
      {"jets", required_argument, NULL, 'j'},
      {"json", no_argument, NULL, 'J'},
      {"markdown", no_argument, NULL, 'M'},
      {"quiet", no_argument, NULL, 'q'},
      {NULL, 0, NULL, 0}};
  opterr = 0;
  optind = 1;
  for (int c;
       (c = getopt_long(argc, argv, ":d:an:s:j:JMq", options, NULL)) != -1;)
    switch (c) {
    case 'd':
    case 'n':
    case 's':
    case 'j':
      LMX_TRY(set_option(context, c, optarg, r));
      break;
    case 'a':
      r->audit.d_min = LMX_AUDIT_MIN_DIMENSION;
      r->audit.d_max = LMX_AUDIT_MAX_DIMENSION;
      break;
    case 'J':
      r->format = lmx_audit_json;
      break;
    case 'M':
      r->format = lmx_audit_markdown;
      break;
    case 'q':
      r->quiet = true;
      break;
    default:
      return lmx_cli_usage(context, &lmx_command_audit, "audit: %s: %s",
                           argv[optind - 1],
                           c == ':' ? "needs a value" : "no such option");
    }
  if (optind < argc)
    return lmx_cli_usage(context, &lmx_command_audit,
                         "audit: \"%s\" is not expected", argv[optind]);
  return LMX_OK;
}

static lmx_status run(lmx_context *context, int argc, char **argv)
{
  request r = {.audit = lmx_audit_defaults(), .format = lmx_audit_text};
  lmx_audit *audit;
  char *text = NULL;
  LMX_TRY(read_options(context, argc, argv, &r));
  lmx_cli_progress(context, r.quiet);
  LMX_TRY(lmx_audit_run(context, &r.audit, &audit));
  lmx_status status = r.format(context, audit, &text);
  if (status == LMX_OK)
    fputs(text, stdout);
  if (status == LMX_OK && audit->unexpected > 0)
    status = lmx_fail(context, LMX_CHECK_FAILED,
                      "audit: %zu of %zu entries are not as expected",
                      audit->unexpected, audit->n);
  lmx_free(text);
  lmx_audit_destroy(&audit);
  return status;
}

const lmx_command lmx_command_audit = {
    .name = "audit",
    .synopsis = "audit [--dimension d | --all] [--json | --markdown] [--seed n]"
                "\n                       [--starts n] [--jets n] [--quiet]",
    .summary = "check the paper's algebra pointwise, without solving",
    .help =
        "Every pointwise statement of Sections 1 to 4 of the paper, as "
        "printed,\n"
        "corrected where it is misprinted, and with the best constants:\n"
        "identities on random jets of log f against the product rule with\n"
        "d_t f := L f, inequalities by local searches for their sup from many\n"
        "starts, particle systems on random clouds and joint Gaussians. What\n"
        "fails comes with a witness simple enough to check by hand.\n"
        "  --dimension d   only this one, 2 to 8 (default: 2, 3 and 4)\n"
        "  --all           2 to 8\n"
        "  --seed n        of the random numbers (default 1)\n"
        "  --starts n      local searches for each inequality (default 8)\n"
        "  --jets n        random jets for each entry (default 1000)\n"
        "  --json          everything found, as JSON\n"
        "  --markdown      docs/statements.md\n"
        "Exit codes: 0 misprints fail, corrections hold and sharp constants\n"
        "are approached to 1 %; 1 something else came out.\n",
    .run = run};
