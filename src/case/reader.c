/* Parses the texts of a case and finds where every key is set. */
#include "case/reader.h"

#include <stdio.h>
#include <string.h>

enum { LONGEST_SECTION = 32 };

enum { MOST_BYTES = 1 << 20 };

static lmx_status check_file(const lmx_reader *reader, const char *text,
                             size_t length)
{
  if (length > MOST_BYTES)
    return lmx_reader_fail_at(reader, 1, "file",
                              "has more than %d bytes, allowed is 1 MiB",
                              MOST_BYTES);
  const char *nul = length == 0 ? NULL : memchr(text, '\0', length);
  if (nul == NULL)
    return LMX_OK;
  int line = 1;
  for (const char *p = text; p < nul; ++p)
    line += *p == '\n';
  return lmx_reader_fail_at(reader, line, "file",
                            "is not a text file (it contains a zero byte), "
                            "allowed is TOML");
}

static lmx_status parse_file(lmx_reader *reader, const char *text,
                             size_t length)
{
  lmx_toml_error error = {0};
  LMX_TRY(check_file(reader, text, length));
  lmx_status status =
      lmx_toml_parse(reader->context, text, length, &reader->tree, &error);
  if (status == LMX_ERR_CASE)
    return lmx_reader_fail_at(reader, error.line, "syntax", "is not TOML: %s",
                              error.what);
  return status;
}

/* --- unknown keys ---------------------------------------------------- */

static const lmx_toml_node *earlier(const lmx_toml_node *a,
                                    const lmx_toml_node *b)
{
  return a == NULL || b->line < a->line ? b : a;
}

static lmx_status fail_unknown(const lmx_reader *reader, int line,
                               const char *key)
{
  const char *near = lmx_option_suggest(key);
  if (near != NULL && strcmp(near, key) == 0)
    return lmx_reader_fail_at(reader, line, key,
                              "is quoted as a whole, allowed is the key "
                              "without quotes");
  if (near != NULL)
    return lmx_reader_fail_at(reader, line, key, "is unknown, did you mean %s?",
                              near);
  return lmx_reader_fail_at(reader, line, key,
                            "is unknown, `landaumax help case` lists the "
                            "allowed keys");
}

static lmx_status full_key(const lmx_reader *reader, const char *section,
                           const char *leaf, char **out)
{
  lmx_text key = {.context = reader->context};
  lmx_text_add(&key, "%s%s%s", section, *section == '\0' ? "" : ".", leaf);
  return lmx_text_finish(&key, out);
}

const lmx_toml_node *lmx_section_table(const lmx_toml_node *tree,
                                       const char *section)
{
  char name[LONGEST_SECTION];
  while (*section != '\0') {
    size_t n = strcspn(section, ".");
    if (n >= sizeof name)
      return NULL;
    memcpy(name, section, n);
    name[n] = '\0';
    tree = lmx_toml_find(tree, name);
    section += section[n] == '.' ? n + 1 : n;
  }
  return tree;
}

/* Looks for the first unknown key of one section; the sections below it are
 * known. */
static lmx_status find_unknown(const lmx_reader *reader,
                               const lmx_toml_node *table, const char *section,
                               const lmx_toml_node **first)
{
  for (size_t i = 0; i < table->n; ++i) {
    const lmx_toml_node *item = &table->items[i];
    /* A quoted "grid.points" is one key at the top, not one of [grid]. */
    bool known = strchr(item->key, '.') == NULL;
    if (known) {
      char *key;
      LMX_TRY(full_key(reader, section, item->key, &key));
      known = lmx_option_find(key) != LMX_OPTION_COUNT ||
              lmx_section_find(key, strlen(key)) != NULL;
      lmx_free(key);
    }
    if (!known)
      *first = earlier(*first, item);
  }
  return LMX_OK;
}

static lmx_status check_section(const lmx_reader *reader, const char *section,
                                const lmx_toml_node *table)
{
  const lmx_toml_node *unknown = NULL;
  LMX_TRY(find_unknown(reader, table, section, &unknown));
  if (unknown == NULL)
    return LMX_OK;
  char *key;
  LMX_TRY(full_key(reader, section, unknown->key, &key));
  lmx_status status = fail_unknown(reader, unknown->line, key);
  lmx_free(key);
  return status;
}

static lmx_status check_keys(const lmx_reader *reader)
{
  LMX_TRY(check_section(reader, "", reader->tree));
  for (size_t s = 1; s < LMX_SECTION_COUNT; ++s) {
    const char *name = lmx_section_get(s)->name;
    const lmx_toml_node *table = lmx_section_table(reader->tree, name);
    if (table == NULL)
      continue;
    if (table->type != LMX_TOML_TABLE)
      return lmx_reader_fail_at(reader, table->line, name,
                                "is a section, allowed is [%s], once", name);
    LMX_TRY(check_section(reader, name, table));
  }
  return LMX_OK;
}

/* --- overrides ------------------------------------------------------- */

static lmx_status parse_assignment(const lmx_reader *reader, const char *value,
                                   bool quoted, lmx_toml_node **out,
                                   lmx_toml_error *error)
{
  lmx_text text = {.context = reader->context};
  lmx_text_add(&text, "x = ");
  if (quoted)
    lmx_text_quoted(&text, value);
  else
    lmx_text_add(&text, "%s", value);
  char *assignment;
  LMX_TRY(lmx_text_finish(&text, &assignment));
  lmx_status status = lmx_toml_parse(reader->context, assignment,
                                     strlen(assignment), out, error);
  lmx_free(assignment);
  return status;
}

static lmx_status fail_value(const lmx_reader *reader, const char *override,
                             const char *key, const char *problem)
{
  char what[320];
  snprintf(what, sizeof what, "is not TOML: %s, allowed is a TOML value",
           problem);
  return lmx_override_fail(reader, override, key, what);
}

/* The value is TOML; what is not TOML, and anything but a quoted string for
 * a text key, is taken as text as it stands. */
static lmx_status parse_value(const lmx_reader *reader, const char *override,
                              lmx_option_id id, const char *value,
                              lmx_toml_node **out)
{
  const lmx_option *option = lmx_option_get(id);
  bool wants_text =
      option->type == LMX_TYPE_TEXT || option->type == LMX_TYPE_WORD;
  lmx_toml_error error = {0};
  for (const char *p = value; *p != '\0'; ++p)
    if ((unsigned char)*p < 0x20)
      return lmx_override_fail(
          reader, override, option->key,
          "contains a control character, allowed is one line "
          "of text");
  lmx_status status = parse_assignment(reader, value, false, out, &error);
  if (status == LMX_ERR_CASE && *value != '\0' &&
      strchr("\"'[{", *value) != NULL)
    return fail_value(reader, override, option->key, error.what);
  if (status == LMX_OK &&
      (!wants_text || (*out)->items[0].type == LMX_TOML_STRING))
    return LMX_OK;
  if (status == LMX_OK)
    lmx_toml_destroy(out);
  else if (status != LMX_ERR_CASE)
    return status;
  status = parse_assignment(reader, value, true, out, &error);
  if (status == LMX_ERR_CASE)
    return fail_value(reader, override, option->key, error.what);
  return status;
}

static lmx_status check_override_key(const lmx_reader *reader,
                                     const char *override, const char *key)
{
  if (lmx_option_find(key) != LMX_OPTION_COUNT)
    return LMX_OK;
  if (lmx_section_find(key, strlen(key)) != NULL)
    return lmx_override_fail(
        reader, override, key,
        "is a section, allowed are its keys, one at a time");
  lmx_text what = {.context = reader->context};
  const char *near = lmx_option_suggest(key);
  if (near != NULL)
    lmx_text_add(&what, "is unknown, did you mean %s?", near);
  else
    lmx_text_add(&what, "is unknown, `landaumax help case` lists the allowed "
                        "keys");
  char *text;
  LMX_TRY(lmx_text_finish(&what, &text));
  lmx_status status = lmx_override_fail(reader, override, key, text);
  lmx_free(text);
  return status;
}

static lmx_status apply_override(lmx_reader *reader, size_t index)
{
  const char *override = reader->overrides[index];
  const char *equals = strchr(override, '=');
  if (equals == override)
    return lmx_override_fail(reader, override, override,
                             "has no key, needed is --set key=value");
  if (equals == NULL)
    return lmx_override_fail(reader, override, override,
                             "has no value, needed is --set key=value");
  char *key;
  size_t n = (size_t)(equals - override);
  while (n > 0 && override[n - 1] == ' ')
    --n;
  LMX_TRY(lmx_text_copy(reader->context, override, n, &key));
  lmx_option_id id = lmx_option_find(key);
  lmx_status status = check_override_key(reader, override, key);
  lmx_free(key);
  LMX_TRY(status);
  const char *value = equals + 1;
  while (*value == ' ')
    ++value;
  lmx_toml_node **tree = &reader->override_trees[index];
  LMX_TRY(parse_value(reader, override, id, value, tree));
  /* "80\nx = 81" cannot get here: line breaks were refused. */
  reader->settings[id] = (lmx_setting){.origin = LMX_ORIGIN_OVERRIDE,
                                       .node = &(*tree)->items[0],
                                       .override = override};
  return LMX_OK;
}

/* --- defaults -------------------------------------------------------- */

/* The file's name without folder and .toml. A name that is not UTF-8 cannot
 * be written as TOML: its bytes beyond ASCII are replaced. */
static lmx_status default_title(const lmx_reader *reader, char **out)
{
  const char *slash = strrchr(reader->path, '/');
  const char *name = slash == NULL ? reader->path : slash + 1;
  size_t n = strlen(name);
  if (n > 5 && strcmp(name + n - 5, ".toml") == 0)
    n -= 5;
  LMX_TRY(lmx_text_copy(reader->context, name, n, out));
  for (char *p = *out; *p != '\0'; ++p)
    if ((unsigned char)*p < 0x20 || *p == 0x7f)
      *p = '?';
  lmx_toml_node *tree = NULL;
  lmx_toml_error error;
  lmx_status status = parse_assignment(reader, *out, true, &tree, &error);
  lmx_toml_destroy(&tree);
  if (status == LMX_ERR_CASE)
    for (char *p = *out; *p != '\0'; ++p)
      if ((unsigned char)*p >= 0x80)
        *p = '?';
  return status == LMX_ERR_CASE ? LMX_OK : status;
}

/* Defaults are TOML and go through the same checks as the user's values. */
static lmx_status parse_defaults(lmx_reader *reader)
{
  char *title = NULL, *text;
  lmx_toml_error error;
  lmx_text defaults = {.context = reader->context};
  lmx_status status = default_title(reader, &title);
  if (status == LMX_OK) {
    lmx_text_add(&defaults, "title = ");
    lmx_text_quoted(&defaults, title);
    lmx_text_add(&defaults, "\n");
  }
  lmx_free(title);
  LMX_TRY(status);
  for (unsigned id = 0; id < LMX_OPTION_COUNT; ++id) {
    const lmx_option *option = lmx_option_get((lmx_option_id)id);
    if (option->fallback != NULL)
      lmx_text_add(&defaults, "%s = %s\n", option->key, option->fallback);
  }
  LMX_TRY(lmx_text_finish(&defaults, &text));
  status = lmx_toml_parse(reader->context, text, strlen(text),
                          &reader->defaults, &error);
  lmx_free(text);
  return status;
}

/* --- settings -------------------------------------------------------- */

static const lmx_toml_node *find_node(const lmx_toml_node *tree,
                                      const lmx_option *option)
{
  size_t n = lmx_option_section(option);
  if (n > 0)
    tree = lmx_section_table(tree, lmx_section_find(option->key, n)->name);
  return lmx_toml_find(tree, lmx_option_leaf(option));
}

static void find_settings(lmx_reader *reader)
{
  for (unsigned id = 0; id < LMX_OPTION_COUNT; ++id) {
    const lmx_option *option = lmx_option_get((lmx_option_id)id);
    lmx_setting *setting = &reader->settings[id];
    if (option->element) /* its list comes before it */
      *setting = reader->settings[LMX_OPTION_COMPONENTS];
    if (option->element || setting->origin == LMX_ORIGIN_OVERRIDE)
      continue;
    setting->origin = LMX_ORIGIN_FILE;
    setting->node = find_node(reader->tree, option);
    if (setting->node != NULL)
      continue;
    setting->origin = LMX_ORIGIN_DEFAULT;
    setting->node = find_node(reader->defaults, option);
    if (setting->node == NULL)
      setting->origin = LMX_ORIGIN_NONE;
  }
}

lmx_status lmx_reader_open(lmx_reader *reader, const char *text, size_t length)
{
  LMX_TRY(parse_file(reader, text, length));
  LMX_TRY(check_keys(reader));
  LMX_TRY(LMX_NEW_ARRAY(reader->context, reader->noverrides,
                        &reader->override_trees));
  for (size_t i = 0; i < reader->noverrides; ++i)
    LMX_TRY(apply_override(reader, i));
  LMX_TRY(parse_defaults(reader));
  find_settings(reader);
  return LMX_OK;
}

void lmx_reader_close(lmx_reader *reader)
{
  if (reader->override_trees != NULL)
    for (size_t i = 0; i < reader->noverrides; ++i)
      lmx_toml_destroy(&reader->override_trees[i]);
  lmx_free(reader->override_trees);
  lmx_toml_destroy(&reader->tree);
  lmx_toml_destroy(&reader->defaults);
}

bool lmx_reader_is_set(const lmx_reader *reader, lmx_option_id id)
{
  return reader->settings[id].origin >= LMX_ORIGIN_FILE;
}
