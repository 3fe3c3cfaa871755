/* [checks]: which statements. */
#include "case/reader.h"

#include <stdio.h>
#include <string.h>

/* The registry's own string, NULL if there is no such id. */
static const char *registered(const char *id)
{
  for (size_t i = 0; i < lmx_check_count(); ++i)
    if (strcmp(lmx_check_id(i), id) == 0)
      return lmx_check_id(i);
  return NULL;
}

static lmx_status fail_unknown(const lmx_reader *reader,
                               const lmx_toml_node *node, const char *suffix)
{
  char *ids;
  lmx_text text = {.context = reader->context};
  for (size_t i = 0; i < lmx_check_count(); ++i)
    lmx_text_add(&text, "%s%s", i == 0 ? "" : ", ", lmx_check_id(i));
  LMX_TRY(lmx_text_finish(&text, &ids));
  lmx_status status =
      lmx_reader_fail(reader, LMX_OPTION_CHECK_LIST, node, suffix,
                      "is \"%.40s\", allowed are %s", node->text, ids);
  lmx_free(ids);
  return status;
}

static lmx_status read_id(const lmx_reader *reader, const lmx_toml_node *node,
                          size_t i, const char **out)
{
  char suffix[LMX_SUFFIX];
  snprintf(suffix, sizeof suffix, "[%zu]", i + 1);
  if (node->type != LMX_TOML_STRING)
    return lmx_reader_refuse(reader, LMX_OPTION_CHECK_LIST, node, suffix, true);
  *out = registered(node->text);
  return *out == NULL ? fail_unknown(reader, node, suffix) : LMX_OK;
}

lmx_status lmx_read_checks(const lmx_reader *reader, lmx_case *out)
{
  const lmx_option_id id = LMX_OPTION_CHECK_LIST;
  const lmx_toml_node *node = reader->settings[id].node;
  int all;
  if (node->type != LMX_TOML_ARRAY) /* "all" leaves nchecks = 0 */
    return lmx_read_word(reader, id, node, "", false, &all);
  if (node->n == 0)
    return lmx_reader_fail(reader, id, node, "",
                           "is empty, needed is at least one id");
  LMX_TRY(LMX_NEW_ARRAY(reader->context, node->n, &out->checks));
  for (size_t i = 0; i < node->n; ++i)
    LMX_TRY(read_id(reader, &node->items[i], i, &out->checks[i]));
  out->nchecks = node->n;
  return LMX_OK;
}
