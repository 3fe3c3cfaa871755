/* Messages of the form `file:line: key: what is wrong, what is allowed`. */
#include "case/reader.h"

#include <stdio.h>
#include <string.h>

enum { MESSAGE = 1000, LONGEST_PATH = 200, LONGEST_VALUE = 40 };

/* --- values in words ------------------------------------------------- */

/* Up to LONGEST_VALUE bytes, cut between characters of UTF-8. */
static void describe_string(const char *string, lmx_text *out)
{
  char part[LONGEST_VALUE + 1];
  size_t n = strlen(string);
  bool cut = n > LONGEST_VALUE;
  if (cut)
    for (n = LONGEST_VALUE; n > 0 && ((unsigned char)string[n] & 0xC0) == 0x80;)
      --n;
  memcpy(part, string, n);
  part[n] = '\0';
  lmx_text_quoted(out, part);
  lmx_text_add(out, "%s", cut ? "..." : "");
}

void lmx_node_describe(const lmx_toml_node *node, lmx_text *out)
{
  switch (node->type) {
  case LMX_TOML_TABLE:
    lmx_text_add(out, "a table of keys");
    break;
  case LMX_TOML_ARRAY:
    lmx_text_add(out, "a list of %zu", node->n);
    break;
  case LMX_TOML_STRING:
    describe_string(node->text, out);
    break;
  case LMX_TOML_INTEGER:
    lmx_text_add(out, "%lld", node->integer);
    break;
  case LMX_TOML_FLOAT:
    lmx_text_number(out, node->number);
    break;
  case LMX_TOML_BOOLEAN:
    lmx_text_add(out, "%s", node->boolean ? "true" : "false");
    break;
  case LMX_TOML_DATE:
    lmx_text_add(out, "a date or time");
    break;
  }
}

/* --- places ---------------------------------------------------------- */

static int line_of(const lmx_reader *reader, lmx_option_id id,
                   const lmx_toml_node *node)
{
  const lmx_option *option = lmx_option_get(id);
  const lmx_setting *setting = &reader->settings[id];
  if (node == NULL)
    node = setting->node;
  if (node != NULL && setting->origin != LMX_ORIGIN_DEFAULT)
    return node->line;
  /* Missing or defaulted: the section it belongs to. */
  size_t n = lmx_option_section(option);
  const lmx_section *section = lmx_section_find(option->key, n);
  const lmx_toml_node *table =
      section == NULL ? NULL : lmx_section_table(reader->tree, section->name);
  return table == NULL ? 1 : table->line;
}

void lmx_reader_place(const lmx_reader *reader, lmx_option_id id, lmx_text *out)
{
  const lmx_setting *setting = &reader->settings[id];
  if (setting->origin == LMX_ORIGIN_OVERRIDE)
    lmx_text_add(out, "--set %s", setting->override);
  else
    lmx_text_add(out, "%s:%d", reader->path, line_of(reader, id, NULL));
}

/* The end of a long path says more than its beginning. */
static void add_path(lmx_text *out, const char *path)
{
  size_t n = strlen(path);
  bool cut = n > LONGEST_PATH;
  if (cut)
    path += n - LONGEST_PATH;
  while (cut && ((unsigned char)*path & 0xC0) == 0x80)
    ++path;
  lmx_text_add(out, "%s%s", cut ? "..." : "", path);
}

/* An override shows its beginning, which is the key. */
static void add_override(lmx_text *out, const char *override)
{
  size_t n = strlen(override);
  bool cut = n > LONGEST_PATH;
  if (cut)
    for (n = LONGEST_PATH;
         n > 0 && ((unsigned char) override[n] & 0xC0) == 0x80;)
      --n;
  lmx_text_add(out, "--set %.*s%s", (int)n, override, cut ? "..." : "");
}

/* Ends the message: one line whatever was in file names and keys. */
static lmx_status send(lmx_context *context, lmx_text *message)
{
  char *text;
  LMX_TRY(lmx_text_finish(message, &text));
  for (char *p = text; *p != '\0'; ++p)
    if ((unsigned char)*p < 0x20 || *p == 0x7f)
      *p = '?';
  lmx_status status = lmx_fail(context, LMX_ERR_CASE, "%s", text);
  lmx_free(text);
  return status;
}

lmx_status lmx_reader_fail(const lmx_reader *reader, lmx_option_id id,
                           const lmx_toml_node *node, const char *suffix,
                           const char *format, ...)
{
  char what[MESSAGE];
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  const lmx_setting *setting = &reader->settings[id];
  lmx_text message = {.context = reader->context};
  if (setting->origin == LMX_ORIGIN_OVERRIDE) {
    add_override(&message, setting->override);
  } else {
    add_path(&message, reader->path);
    lmx_text_add(&message, ":%d", line_of(reader, id, node));
  }
  const lmx_option *option = lmx_option_get(id);
  int n = (int)strlen(option->key);
  if (option->element) /* initial.components[2].mean */
    n = (int)(strrchr(option->key, '.') - option->key);
  lmx_text_add(&message, ": %.*s%s: %s", n, option->key, suffix, what);
  return send(reader->context, &message);
}

lmx_status lmx_reader_refuse(const lmx_reader *reader, lmx_option_id id,
                             const lmx_toml_node *node, const char *suffix,
                             bool entry)
{
  char *what;
  lmx_text text = {.context = reader->context};
  lmx_text_add(&text, "is ");
  lmx_node_describe(node, &text);
  lmx_text_add(&text, ", allowed is ");
  lmx_option_allowed(lmx_option_get(id), entry, &text);
  LMX_TRY(lmx_text_finish(&text, &what));
  lmx_status status = lmx_reader_fail(reader, id, node, suffix, "%s", what);
  lmx_free(what);
  return status;
}

lmx_status lmx_reader_fail_at(const lmx_reader *reader, int line,
                              const char *key, const char *format, ...)
{
  char what[MESSAGE];
  va_list args;
  va_start(args, format);
  vsnprintf(what, sizeof what, format, args);
  va_end(args);
  lmx_text message = {.context = reader->context};
  add_path(&message, reader->path);
  lmx_text_add(&message, ":%d: %.*s: %s", line, LONGEST_PATH, key, what);
  return send(reader->context, &message);
}

lmx_status lmx_file_fail(lmx_context *context, const char *path,
                         const char *what)
{
  lmx_text message = {.context = context};
  add_path(&message, path);
  lmx_text_add(&message, ": %s", what);
  return send(context, &message);
}

lmx_status lmx_override_fail(const lmx_reader *reader, const char *override,
                             const char *key, const char *what)
{
  lmx_text message = {.context = reader->context};
  add_override(&message, override);
  lmx_text_add(&message, ": %.*s: %s", LONGEST_PATH, key, what);
  return send(reader->context, &message);
}
