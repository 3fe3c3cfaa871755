/* Fuzz target of the case reader: any bytes give either a case that prints
 * and reads back as an equal one, or one line of message.
 *
 * Bytes behind a 0x01 are overrides, separated by 0x01. fuzz_case.sh builds
 * this with libFuzzer; test_fuzz_corpus.c runs the corpus through it. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "case_support.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MOST_OVERRIDES = 8 };

/* Aborting is how a fuzz target reports. */
static void demand(bool condition)
{
  if (!condition)
    abort();
}

static void check_message(lmx_context *context, const char *name)
{
  const char *message = lmx_context_message(context);
  demand(strncmp(message, name, strlen(name)) == 0 ||
         strncmp(message, "--set ", 6) == 0);
  demand(strstr(message, ": ") != NULL);
  for (const char *p = message; *p != '\0'; ++p)
    demand((unsigned char)*p >= 0x20);
}

static void check_round_trip(lmx_context *context, const lmx_case *c)
{
  char *text, *text_again;
  lmx_case *again;
  demand(lmx_case_print(context, c, &text) == LMX_OK);
  demand(lmx_case_parse(context, "again", text, strlen(text), 0, NULL,
                        &again) == LMX_OK);
  demand(same_case(c, again));
  demand(lmx_case_print(context, again, &text_again) == LMX_OK);
  demand(strcmp(text, text_again) == 0);
  lmx_free(text);
  lmx_free(text_again);
  lmx_case_destroy(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
  const char *overrides[MOST_OVERRIDES];
  size_t noverrides = 0;
  lmx_context *context;
  lmx_case *c = NULL;
  /* An exact copy, so that ASan sees any read beyond the end; the overrides
   * behind it are NUL-terminated. */
  char *rest = calloc(size + 1, 1);
  demand(rest != NULL && lmx_context_create(&context) == LMX_OK);
  memcpy(rest, data, size);
  char *mark = memchr(rest, 1, size);
  size_t length = mark == NULL ? size : (size_t)(mark - rest);
  for (char *p = mark; p != NULL && noverrides < MOST_OVERRIDES;) {
    overrides[noverrides++] = ++p;
    p = strchr(p, 1);
    if (p != NULL)
      *p = '\0';
  }
  char *text = malloc(length == 0 ? 1 : length);
  demand(text != NULL);
  memcpy(text, rest, length);
  lmx_status status = lmx_case_parse(context, "fuzz.toml", text, length,
                                     noverrides, overrides, &c);
  if (status == LMX_OK)
    check_round_trip(context, c);
  else
    demand(status == LMX_ERR_CASE);
  if (status != LMX_OK)
    check_message(context, "fuzz.toml:");
  lmx_case_destroy(&c);
  lmx_context_destroy(&context);
  free(text);
  free(rest);
  return 0;
}
