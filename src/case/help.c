/* `landaumax help case` and the man page section, from the option table. */
#include <string.h>

#include "case/options.h"

/* What differs between the formats. */
typedef struct help_style {
  void (*heading)(lmx_text *out, const lmx_section *section);
  void (*item)(lmx_text *out, const char *key);
  void (*paragraph)(lmx_text *out, const char *words);
  void (*detail)(lmx_text *out, const char *words);
  void (*example)(lmx_text *out, const char *toml);
  const char *title;
} help_style;

static const char introduction[] =
    "A case file is TOML: key = value lines in sections, # starts a comment. "
    "Only dimension and initial.kind must be there, with the keys of that "
    "kind; every other key has a default. Any key can be overridden on the "
    "command line with --set section.key=value, where the value is written "
    "as in the file and a bare word is text; the last --set of a key wins. "
    "An error is one line, file:line: key: what is wrong, what is allowed. "
    "Velocities are in thermal units and everything is dimensionless; "
    "equation numbers are those of Carrillo, Feng, Guo, Jabin and Wang "
    "(2024).";

static const char whole_example[] = "title = \"Anisotropic Gaussian\"\n"
                                    "dimension = 2\n"
                                    "[initial]\n"
                                    "kind = \"gaussian\"\n"
                                    "variances = [1.3, 0.7]\n"
                                    "[grid]\n"
                                    "points = 80\n"
                                    "[time]\n"
                                    "end = 1.0\n"
                                    "output = 0.1\n";

/* --- text ------------------------------------------------------------ */

enum { COLUMNS = 78 };

static void wrap(lmx_text *out, const char *words, size_t indent)
{
  size_t column = 0;
  while (*words != '\0') {
    size_t n = strcspn(words, " ");
    if (column > 0 && column + 1 + n > COLUMNS) {
      lmx_text_add(out, "\n");
      column = 0;
    }
    if (column == 0) {
      lmx_text_add(out, "%*s", (int)indent, "");
      column = indent;
    } else {
      lmx_text_add(out, " ");
      ++column;
    }
    lmx_text_add(out, "%.*s", (int)n, words);
    column += n;
    words += n + strspn(words + n, " ");
  }
  lmx_text_add(out, "\n");
}

static void text_heading(lmx_text *out, const lmx_section *section)
{
  lmx_text_add(out, "\n%s%s%s\n", *section->name == '\0' ? "TOP" : "[",
               section->name, *section->name == '\0' ? "" : "]");
  wrap(out, section->help, 2);
  lmx_text_add(out, "\n");
}

static void text_item(lmx_text *out, const char *key)
{
  lmx_text_add(out, "  %s\n", key);
}

static void text_paragraph(lmx_text *out, const char *words)
{
  wrap(out, words, 0);
}

static void text_detail(lmx_text *out, const char *words)
{
  wrap(out, words, 6);
}

static void text_example(lmx_text *out, const char *toml)
{
  lmx_text_add(out, "\n  Example:\n");
  while (*toml != '\0') {
    size_t n = strcspn(toml, "\n");
    lmx_text_add(out, "      %.*s\n", (int)n, toml);
    toml += n + (toml[n] == '\n');
  }
}

static const help_style text_style = {text_heading,   text_item,
                                      text_paragraph, text_detail,
                                      text_example,   "CASE FILES\n\n"};

/* --- roff ------------------------------------------------------------ */

/* Backslashes, hyphens and a leading point or quote mean something there. */
static void roff(lmx_text *out, const char *words)
{
  bool start = true;
  for (const char *p = words; *p != '\0'; ++p) {
    if (*p == '\\')
      lmx_text_add(out, "\\e");
    else if (*p == '-')
      lmx_text_add(out, "\\-");
    else
      lmx_text_add(out, "%s%c", start && (*p == '.' || *p == '\'') ? "\\&" : "",
                   *p);
    start = *p == '\n';
  }
}

static void man_heading(lmx_text *out, const lmx_section *section)
{
  lmx_text_add(out, ".SS \"%s%s%s\"\n", *section->name == '\0' ? "Top" : "[",
               section->name, *section->name == '\0' ? "" : "]");
  roff(out, section->help);
  lmx_text_add(out, "\n");
}

static void man_item(lmx_text *out, const char *key)
{
  lmx_text_add(out, ".TP\n.B ");
  roff(out, key);
  lmx_text_add(out, "\n");
}

static void man_paragraph(lmx_text *out, const char *words)
{
  roff(out, words);
  lmx_text_add(out, "\n");
}

static void man_example(lmx_text *out, const char *toml)
{
  lmx_text_add(out, ".PP\nExample:\n.PP\n.EX\n");
  roff(out, toml);
  lmx_text_add(out, ".EE\n");
}

static const help_style man_style = {man_heading,   man_item,
                                     man_paragraph, man_paragraph,
                                     man_example,   ".SH CASE FILES\n"};

/* --- both ------------------------------------------------------------ */

/* "gaussian and radial_mixture" */
static void add_kinds(lmx_text *out, unsigned kinds)
{
  const char *const *words = lmx_option_get(LMX_OPTION_KIND)->words;
  const char *separator = "";
  for (unsigned k = 0; words[k] != NULL; ++k)
    if (kinds & 1u << k) {
      lmx_text_add(out, "%s%s", separator, words[k]);
      separator = " and ";
    }
}

/* Type, bounds, unit, default and kinds in one sentence each. */
static void add_facts(lmx_text *out, const lmx_option *option)
{
  lmx_option_allowed(option, false, out);
  if (option->unit != NULL)
    lmx_text_add(out, " (unit: %s)", option->unit);
  if (option->fallback != NULL)
    lmx_text_add(out, "; default %s", option->fallback);
  else if (option->fallback_help != NULL)
    lmx_text_add(out, "; default: %s", option->fallback_help);
  else if (option->required)
    lmx_text_add(out, "; required");
  if (option->kinds != 0) {
    lmx_text_add(out, "; for kind ");
    add_kinds(out, option->kinds);
    lmx_text_add(out, "%s", option->needed ? ", required there" : "");
  }
}

static void add_option(lmx_text *out, const help_style *style,
                       const lmx_option *option)
{
  lmx_text facts = {.context = out->context};
  char *words;
  add_facts(&facts, option);
  lmx_status status = lmx_text_finish(&facts, &words);
  if (status != LMX_OK) {
    out->status = status;
    return;
  }
  size_t n = lmx_option_section(option);
  style->item(out, option->key + (n > 0 ? n + 1 : 0));
  style->detail(out, words);
  if (style == &man_style)
    lmx_text_add(out, ".br\n");
  style->detail(out, option->help);
  lmx_free(words);
}

lmx_status lmx_case_help(lmx_context *context, const char *format, char **out)
{
  bool man = strcmp(format, "man") == 0;
  if (!man && strcmp(format, "text") != 0)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "help format is \"%s\", allowed is \"text\" or \"man\"",
                    format);
  const help_style *style = man ? &man_style : &text_style;
  lmx_text text = {.context = context};
  lmx_text_add(&text, "%s", style->title);
  style->paragraph(&text, introduction);
  style->example(&text, whole_example);
  for (size_t s = 0; s < LMX_SECTION_COUNT; ++s) {
    const lmx_section *section = lmx_section_get(s);
    style->heading(&text, section);
    for (unsigned id = 0; id < LMX_OPTION_COUNT; ++id) {
      const lmx_option *option = lmx_option_get((lmx_option_id)id);
      size_t n = lmx_option_section(option);
      if (n == strlen(section->name) &&
          strncmp(option->key, section->name, n) == 0)
        add_option(&text, style, option);
    }
    style->example(&text, section->example);
  }
  return lmx_text_finish(&text, out);
}
