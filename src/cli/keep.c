/* --write-reference and --against, which `check`, `moments` and `particles`
 * share. */
#include <stdio.h>

#include "cli/cli.h"

bool lmx_cli_keep_option(int c, const char *file, lmx_keep *keep)
{
  if (c == LMX_CLI_AGAINST)
    keep->against = file;
  else if (c == LMX_CLI_WRITE_REFERENCE)
    keep->write = file;
  return c == LMX_CLI_AGAINST || c == LMX_CLI_WRITE_REFERENCE;
}

lmx_status lmx_cli_keep_check(lmx_context *context, const lmx_command *command,
                              const lmx_keep *keep)
{
  if (keep->against != NULL && keep->write != NULL)
    return lmx_cli_usage(context, command,
                         "%s: --against and --write-reference exclude each "
                         "other",
                         command->name);
  return LMX_OK;
}

lmx_keep *lmx_cli_keep(lmx_keep *keep)
{
  return keep->against != NULL || keep->write != NULL ? keep : NULL;
}

void lmx_cli_keep_print(const char *folder, bool quiet, lmx_keep *keep)
{
  if (keep->text == NULL)
    return;
  if (keep->text[0] != '\0')
    printf("%s against %s\n\n%s\n", folder, keep->against, keep->text);
  else if (!quiet)
    printf("%s agrees with %s\n", folder, keep->against);
  lmx_free(keep->text);
  keep->text = NULL;
}
