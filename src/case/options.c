/* The option table: lookups, bounds in words, suggestions. */
#include "case/options.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#define WORD(symbol, name) name,
static const char *const kind_words[] = {LMX_INITIAL_KIND_LIST(WORD) NULL};
static const char *const axis_words[] = {"auto", LMX_AXIS_KIND_LIST(WORD) NULL};
static const char *const formulation_words[] = {LMX_FORMULATION_LIST(WORD)
                                                    NULL};
static const char *const preconditioner_words[] = {LMX_PRECONDITIONER_LIST(WORD)
                                                       NULL};
static const char *const system_words[] = {"all", LMX_SYSTEM_LIST(WORD) NULL};
static const char *const scheme_words[] = {LMX_SCHEME_LIST(WORD) NULL};
#undef WORD
static const char *const auto_word[] = {"auto", NULL};
static const char *const all_word[] = {"all", NULL};
static const char *const format_words[] = {"png", "pdf", "both", NULL};

static const lmx_option options[] = {
#define OPTION(id, ...) [LMX_OPTION_##id] = {__VA_ARGS__},
#include "case/options.def"
#undef OPTION
};

static const struct {
  const char *whole, *entry;
} type_texts[] = {
#define TYPE_ROW(symbol, whole, entry) [symbol] = {whole, entry},
    LMX_OPTION_TYPE_LIST(TYPE_ROW)
#undef TYPE_ROW
};

static const lmx_section sections[LMX_SECTION_COUNT] = {
    {"", "At the top of the file, before the first section.",
     "title = \"Anisotropic Gaussian\"\ndimension = 2\n"},
    {"initial",
     "The initial data f0, in your own coordinates and units; it is "
     "normalised to (1.2) before the equation is solved.",
     "[initial]\n"
     "kind = \"mixture\"\n"
     "components = [\n"
     "  {weight = 1, mean = [1, 0], variances = [0.5, 0.5]},\n"
     "  {weight = 2, mean = [-0.5, 0], covariance = [[0.6, 0.2], "
     "[0.2, 0.4]]},\n"
     "]\n"},
    {"grid",
     "The tensor grid on which log f is computed, in normalised coordinates.",
     "[grid]\n"
     "half_width = 9.0\n"
     "points = [80, 80]\n"
     "axes = [\"mirrored\", \"mirrored\"]\n"},
    {"time", "How long, and at which times the solution is kept.",
     "[time]\nend = 1.0\noutput = [0.05, 0.1, 0.5]\n"},
    {"solver", "The form of the equation and the time integration (CVODE).",
     "[solver]\nrtol = 1e-9\natol = 1e-11\n"},
    {"checks", "Where the statements of the paper are checked.",
     "[checks]\nradius = 7.0\nlist = [\"thm-2.3\", \"F-grad\"]\n"},
    {"checks.constants",
     "Constants of the paper's estimates. Those not given are found from the "
     "data as the proofs do; given ones take their place in the sharp set, the "
     "one that decides. The printed set stays as the paper has it.",
     "[checks.constants]\nC = 10.0\n"},
    {"particles",
     "What `landaumax particles` simulates, from time 0 to time.end.",
     "[particles]\nnumber = [10, 100, 1000]\nreplicas = 10000\n"},
    {"moments",
     "What `landaumax moments` computes, besides the times of [time].",
     "[moments]\nparticles = [2, 10, 1000, \"infinity\"]\n"},
    {"figures", "What `landaumax run` draws.",
     "[figures]\nformat = \"both\"\n"},
};

const lmx_option *lmx_option_get(lmx_option_id id)
{
  return &options[id];
}

const lmx_section *lmx_section_get(size_t index)
{
  return &sections[index];
}

const lmx_section *lmx_section_find(const char *name, size_t length)
{
  for (size_t s = 1; s < LMX_SECTION_COUNT; ++s)
    if (strlen(sections[s].name) == length &&
        strncmp(sections[s].name, name, length) == 0)
      return &sections[s];
  return NULL;
}

size_t lmx_option_section(const lmx_option *option)
{
  /* an element's key is that of its list and one more word */
  const char *point =
      option->element ? strchr(option->key, '.') : strrchr(option->key, '.');
  return point == NULL ? 0 : (size_t)(point - option->key);
}

const char *lmx_option_leaf(const lmx_option *option)
{
  const char *point = strrchr(option->key, '.');
  return point == NULL ? option->key : point + 1;
}

lmx_option_id lmx_option_find(const char *key)
{
  unsigned id = 0;
  while (id < LMX_OPTION_COUNT &&
         (options[id].element || strcmp(options[id].key, key) != 0))
    ++id;
  return (lmx_option_id)id;
}

/* --- bounds ---------------------------------------------------------- */

/* "png", "pdf" or "both" */
static void add_choice(const char *const *words, lmx_text *out)
{
  for (size_t i = 0; words[i] != NULL; ++i) {
    const char *separator = words[i + 1] == NULL ? " or " : ", ";
    lmx_text_add(out, "%s\"%s\"", i == 0 ? "" : separator, words[i]);
  }
}

static void add_range(const lmx_option *option, lmx_text *out)
{
  if (option->low >= option->high)
    return;
  /* Integers in full, 2147483647; of other numbers 1e+12 is easier to read. */
  bool integers = option->type == LMX_TYPE_INTEGER ||
                  option->type == LMX_TYPE_INTEGERS ||
                  option->type == LMX_TYPE_PER_AXIS_INTEGER;
  int digits = integers ? 10 : 6;
  if (option->type == LMX_TYPE_LONG) { /* no double is its upper bound */
    lmx_text_add(out, " from %.0f to %" PRId64, option->low, INT64_MAX);
    return;
  }
  if (option->open == 0)
    lmx_text_add(out, " from %.*g to %.*g", digits, option->low, digits,
                 option->high);
  else
    lmx_text_add(out, " %s %.*g and %s %.*g",
                 option->open & LMX_OPEN_LOW ? ">" : ">=", digits, option->low,
                 option->open & LMX_OPEN_HIGH ? "<" : "<=", digits,
                 option->high);
}

void lmx_option_allowed(const lmx_option *option, bool entry, lmx_text *out)
{
  if (option->type == LMX_TYPE_WORDS) {
    /* The first word stands for the whole list. */
    if (!entry)
      lmx_text_add(out, "\"%s\", or a list of ", option->words[0]);
    add_choice(option->words + 1, out);
    return;
  }
  if (option->type == LMX_TYPE_CHECKS && !entry) {
    lmx_text_add(out, "\"%s\", or %s", option->words[0],
                 type_texts[option->type].whole);
    return;
  }
  if (option->type == LMX_TYPE_CHECKS) {
    lmx_text_add(out, "%s", type_texts[option->type].entry);
    return;
  }
  bool numbers = option->low < option->high;
  if (option->words != NULL && !(numbers && entry))
    add_choice(option->words, out);
  if (option->words != NULL && !numbers)
    return;
  if (option->words != NULL && !entry)
    lmx_text_add(out, ", or ");
  const char *text =
      entry ? type_texts[option->type].entry : type_texts[option->type].whole;
  lmx_text_add(out, "%s%s", option->even ? "an even " : "",
               option->even ? strchr(text, ' ') + 1 : text);
  add_range(option, out);
}

bool lmx_option_in_bounds(const lmx_option *option, double x)
{
  bool low = option->open & LMX_OPEN_LOW ? x > option->low : x >= option->low;
  bool high =
      option->open & LMX_OPEN_HIGH ? x < option->high : x <= option->high;
  return low && high;
}

/* --- suggestions ----------------------------------------------------- */

enum { LONGEST = 64, FAR = 1000 };

static size_t smaller(size_t a, size_t b)
{
  return a < b ? a : b;
}

/* Levenshtein's distance, one row of the table at a time. */
static size_t distance(const char *a, const char *b)
{
  size_t na = strlen(a), nb = strlen(b);
  size_t row[LONGEST + 1];
  if (na > LONGEST || nb > LONGEST)
    return FAR;
  for (size_t j = 0; j <= nb; ++j)
    row[j] = j;
  for (size_t i = 1; i <= na; ++i) {
    size_t diagonal = row[0];
    row[0] = i;
    for (size_t j = 1; j <= nb; ++j) {
      size_t changed = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = smaller(changed, smaller(row[j], row[j - 1]) + 1);
    }
  }
  return row[nb];
}

const char *lmx_option_suggest(const char *key)
{
  const char *point = strrchr(key, '.');
  const char *leaf = point == NULL ? key : point + 1;
  /* A third of the letters may be wrong, but two always. */
  size_t nearest = smaller(strlen(leaf) / 3, 3);
  nearest = (nearest < 2 ? 2 : nearest) + 1;
  if (nearest > strlen(leaf))
    nearest = strlen(leaf);
  const char *best = NULL;
  for (unsigned id = 0; id < LMX_OPTION_COUNT; ++id) {
    size_t whole = distance(key, options[id].key);
    /* The right key in the wrong section, a little behind a misspelling. */
    size_t part = 1 + distance(leaf, lmx_option_leaf(&options[id]));
    if (smaller(whole, part) < nearest) {
      nearest = smaller(whole, part);
      best = options[id].key;
    }
  }
  for (size_t s = 1; s < LMX_SECTION_COUNT && point == NULL; ++s) {
    size_t whole = distance(key, sections[s].name);
    if (whole < nearest) {
      nearest = whole;
      best = sections[s].name;
    }
  }
  return best;
}
