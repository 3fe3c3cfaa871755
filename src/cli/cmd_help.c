/* landaumax help */
#include <stdio.h>
#include <string.h>

#include "cli/cli.h"

static void overview(void)
{
  printf(
      "landaumax %s: the spatially homogeneous Landau equation for Maxwellian\n"
      "molecules, solved with log f accurate far in the tail, and the\n"
      "a-priori estimates of Carrillo, Feng, Guo, Jabin and Wang checked on\n"
      "the solution.\n\nCommands:\n",
      lmx_version());
  for (const lmx_command *const *c = lmx_commands; *c != NULL; ++c)
    printf("  %-9s %s\n", (*c)->name, (*c)->summary);
  printf("\nBegin with\n"
         "  landaumax run cases/anisotropic_gaussian_2d.toml\n"
         "and read its report. `landaumax help COMMAND` explains a command,\n"
         "`landaumax help case` the case files, `landaumax help checks` lists\n"
         "the statements checked.\n");
}

static void checks(void)
{
  printf("Statements checked on every run (equation numbers of the paper):\n");
  for (size_t i = 0; i < lmx_check_count(); ++i)
    printf("  %-12s %s\n", lmx_check_id(i), lmx_check_statement(i));
}

static lmx_status case_help(lmx_context *context, const char *format)
{
  char *text;
  LMX_TRY(lmx_case_help(context, format, &text));
  fputs(text, stdout);
  lmx_free(text);
  return LMX_OK;
}

static lmx_status run(lmx_context *context, int argc, char **argv)
{
  bool man = argc == 3 && strcmp(argv[1], "case") == 0 &&
             strcmp(argv[2], "--man") == 0;
  if (argc > 2 && !man)
    return lmx_cli_usage(context, &lmx_command_help,
                         "help: one subject at a time, but also \"%s\"",
                         argv[2]);
  if (argc <= 1) {
    overview();
    return LMX_OK;
  }
  if (strcmp(argv[1], "checks") == 0) {
    checks();
    return LMX_OK;
  }
  if (strcmp(argv[1], "case") == 0)
    return case_help(context, man ? "man" : "text");
  const lmx_command *command = lmx_command_find(argv[1]);
  if (command == NULL)
    return lmx_cli_usage(context, &lmx_command_help,
                         "help: there is no command \"%s\"", argv[1]);
  printf("landaumax %s: %s\n\nusage: landaumax %s\n\n%s", command->name,
         command->summary, command->synopsis, command->help);
  return LMX_OK;
}

const lmx_command lmx_command_help = {
    .name = "help",
    .synopsis = "help [COMMAND|case|checks]",
    .summary = "explain a command, the case files, the checks",
    .help = "landaumax help           what there is\n"
            "landaumax help COMMAND   one command, its options, exit codes\n"
            "landaumax help case      every key of a case file (--man: as a\n"
            "                         section of the manual page)\n"
            "landaumax help checks    the statements checked on every run\n",
    .run = run};
