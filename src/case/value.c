/* Values checked against the type and bounds of their option. */
#include "case/reader.h"

#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

lmx_status lmx_read_number(const lmx_reader *reader, lmx_option_id id,
                           const lmx_toml_node *node, const char *suffix,
                           bool entry, double *out)
{
  double x = NAN;
  if (node->type == LMX_TOML_INTEGER)
    x = (double)node->integer;
  else if (node->type == LMX_TOML_FLOAT)
    x = node->number;
  if (!isfinite(x) || !lmx_option_in_bounds(lmx_option_get(id), x))
    return lmx_reader_refuse(reader, id, node, suffix, entry);
  *out = x;
  return LMX_OK;
}

lmx_status lmx_read_integer(const lmx_reader *reader, lmx_option_id id,
                            const lmx_toml_node *node, const char *suffix,
                            bool entry, int *out)
{
  const lmx_option *option = lmx_option_get(id);
  if (node->type != LMX_TOML_INTEGER ||
      !lmx_option_in_bounds(option, (double)node->integer) ||
      (option->even && node->integer % 2 != 0))
    return lmx_reader_refuse(reader, id, node, suffix, entry);
  *out = (int)node->integer;
  return LMX_OK;
}

lmx_status lmx_read_word(const lmx_reader *reader, lmx_option_id id,
                         const lmx_toml_node *node, const char *suffix,
                         bool entry, int *out)
{
  const char *const *words = lmx_option_get(id)->words;
  if (node->type == LMX_TOML_STRING)
    for (int i = 0; words[i] != NULL; ++i)
      if (strcmp(words[i], node->text) == 0) {
        *out = i;
        return LMX_OK;
      }
  return lmx_reader_refuse(reader, id, node, suffix, entry);
}

lmx_status lmx_read_vector(const lmx_reader *reader, lmx_option_id id,
                           const lmx_toml_node *node, const char *suffix,
                           size_t n, double *out)
{
  if (node->type != LMX_TOML_ARRAY)
    return lmx_reader_refuse(reader, id, node, suffix, false);
  if (node->n != n)
    return lmx_reader_fail(reader, id, node, suffix,
                           "has %zu entries, needed are %zu", node->n, n);
  for (size_t i = 0; i < n; ++i) {
    char part[LMX_SUFFIX];
    snprintf(part, sizeof part, "%s[%zu]", suffix, i + 1);
    LMX_TRY(lmx_read_number(reader, id, &node->items[i], part, true, &out[i]));
  }
  return LMX_OK;
}

lmx_status lmx_read_numbers(const lmx_reader *reader, lmx_option_id id,
                            const lmx_toml_node *node, size_t most, size_t *n,
                            double **out)
{
  if (node->type != LMX_TOML_ARRAY)
    return lmx_reader_refuse(reader, id, node, "", false);
  if (node->n > most)
    return lmx_reader_fail(reader, id, node, "",
                           "has %zu entries, allowed are at most %zu", node->n,
                           most);
  double *numbers;
  LMX_TRY(LMX_NEW_ARRAY(reader->context, node->n, &numbers));
  lmx_status status = lmx_read_vector(reader, id, node, "", node->n, numbers);
  if (status != LMX_OK) {
    lmx_free(numbers);
    return status;
  }
  *n = node->n;
  *out = numbers;
  return LMX_OK;
}

/* Above what a double holds; the option's upper bound is all there is. */
static lmx_status read_long(const lmx_reader *reader, lmx_option_id id,
                            const lmx_toml_node *node, int64_t *out)
{
  if (node->type != LMX_TOML_INTEGER ||
      (double)node->integer < lmx_option_get(id)->low)
    return lmx_reader_refuse(reader, id, node, "", false);
  *out = (int64_t)node->integer;
  return LMX_OK;
}

/* --- scalars, by the table ------------------------------------------- */

static lmx_status read_text(const lmx_reader *reader, lmx_option_id id,
                            const lmx_toml_node *node, char **out)
{
  const lmx_option *option = lmx_option_get(id);
  int word;
  if (option->words != NULL)
    LMX_TRY(lmx_read_word(reader, id, node, "", false, &word));
  if (node->type != LMX_TOML_STRING)
    return lmx_reader_refuse(reader, id, node, "", false);
  bool blank = true;
  for (const char *p = node->text; *p != '\0'; ++p) {
    if ((unsigned char)*p < 0x20 || *p == 0x7f)
      return lmx_reader_fail(reader, id, node, "",
                             "contains a line break or control character, "
                             "allowed is one line of text");
    blank = blank && *p == ' ';
  }
  if (blank && option->needed)
    return lmx_reader_fail(reader, id, node, "",
                           "is empty, needed is some text");
  return lmx_text_copy(reader->context, node->text, strlen(node->text), out);
}

static lmx_status read_boolean(const lmx_reader *reader, lmx_option_id id,
                               const lmx_toml_node *node, bool *out)
{
  if (node->type != LMX_TOML_BOOLEAN)
    return lmx_reader_refuse(reader, id, node, "", false);
  *out = node->boolean;
  return LMX_OK;
}

_Static_assert(sizeof(lmx_initial_kind) == sizeof(int) &&
                   sizeof(lmx_formulation) == sizeof(int) &&
                   sizeof(lmx_scheme) == sizeof(int) &&
                   sizeof(lmx_preconditioner_kind) == sizeof(int),
               "words are stored as int");

static lmx_status read_scalar(const lmx_reader *reader, lmx_option_id id,
                              lmx_case *out)
{
  const lmx_option *option = lmx_option_get(id);
  const lmx_toml_node *node = reader->settings[id].node;
  void *field = (char *)out + option->field;
  char *text;
  switch (option->type) {
  case LMX_TYPE_TEXT:
    LMX_TRY(read_text(reader, id, node, &text));
    /* The field may be a pointer to const. */
    memcpy(field, &text, sizeof text);
    return LMX_OK;
  case LMX_TYPE_BOOLEAN:
    return read_boolean(reader, id, node, field);
  case LMX_TYPE_INTEGER:
    return lmx_read_integer(reader, id, node, "", false, field);
  case LMX_TYPE_LONG:
    return read_long(reader, id, node, field);
  case LMX_TYPE_NUMBER:
    return lmx_read_number(reader, id, node, "", false, field);
  default:
    return lmx_read_word(reader, id, node, "", false, field);
  }
}

static lmx_status fail_missing(const lmx_reader *reader, lmx_option_id id)
{
  char *allowed;
  lmx_text text = {.context = reader->context};
  lmx_option_allowed(lmx_option_get(id), false, &text);
  LMX_TRY(lmx_text_finish(&text, &allowed));
  lmx_status status = lmx_reader_fail(reader, id, NULL, "",
                                      "is missing, needed is %s", allowed);
  lmx_free(allowed);
  return status;
}

/* Each kind of initial data has keys of its own. */
static lmx_status check_kind(const lmx_reader *reader, lmx_option_id id,
                             lmx_initial_kind kind)
{
  const lmx_option *option = lmx_option_get(id);
  bool belongs = option->kinds & 1u << kind;
  const char *name = lmx_option_get(LMX_OPTION_KIND)->words[kind];
  if (belongs && option->needed && !lmx_reader_is_set(reader, id))
    return lmx_reader_fail(reader, id, NULL, "",
                           "is missing, initial.kind = \"%s\" needs it", name);
  if (!belongs && lmx_reader_is_set(reader, id))
    return lmx_reader_fail(reader, id, NULL, "",
                           "does not belong to initial.kind = \"%s\", "
                           "allowed is to remove one of them",
                           name);
  return LMX_OK;
}

lmx_status lmx_read_scalars(const lmx_reader *reader, lmx_case *out)
{
  for (unsigned i = 0; i < LMX_OPTION_COUNT; ++i) {
    lmx_option_id id = (lmx_option_id)i;
    const lmx_option *option = lmx_option_get(id);
    if (option->required && !lmx_reader_is_set(reader, id))
      return fail_missing(reader, id);
    if (option->kinds != 0)
      LMX_TRY(check_kind(reader, id, out->initial.kind));
    if (option->field != 0 && reader->settings[id].node != NULL)
      LMX_TRY(read_scalar(reader, id, out));
  }
  return LMX_OK;
}
