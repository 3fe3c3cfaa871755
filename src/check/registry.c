/* The registry: the list of statements, looked up by number and by id. */
#include "check/internal.h"

#include <string.h>

static const lmx_check_class *const classes[] = {
#define CLASS_ROW(symbol) &(symbol),
    LMX_CHECK_CLASS_LIST(CLASS_ROW)
#undef CLASS_ROW
};

static const char *const verdict_texts[] = {
#define VERDICT_ROW(symbol, text) [symbol] = (text),
    LMX_VERDICT_LIST(VERDICT_ROW)
#undef VERDICT_ROW
};

const char *lmx_verdict_text(lmx_verdict verdict)
{
  size_t n = sizeof verdict_texts / sizeof verdict_texts[0];
  return (size_t)verdict < n ? verdict_texts[verdict] : "unknown verdict";
}

size_t lmx_check_count(void)
{
  return sizeof classes / sizeof classes[0];
}

const lmx_check_class *lmx_check_class_at(size_t index)
{
  return classes[index];
}

const char *lmx_check_id(size_t index)
{
  return index < lmx_check_count() ? classes[index]->id : NULL;
}

const char *lmx_check_statement(size_t index)
{
  return index < lmx_check_count() ? classes[index]->statement : NULL;
}

const lmx_check_result *lmx_check_results_find(const lmx_check_results *results,
                                               const char *id)
{
  for (size_t i = 0; i < results->n; ++i)
    if (strcmp(results->items[i].id, id) == 0)
      return &results->items[i];
  return NULL;
}

void lmx_check_results_destroy(lmx_check_results **results)
{
  if (results == NULL || *results == NULL)
    return;
  for (size_t i = 0; i < (*results)->ntables; ++i)
    lmx_table_destroy(&(*results)->tables[i]);
  lmx_free((*results)->tables);
  lmx_free((*results)->items);
  lmx_free(*results);
  *results = NULL;
}
