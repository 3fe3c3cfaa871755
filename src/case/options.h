/* The option table and what can be asked of it. */
#ifndef LMX_CASE_OPTIONS_H
#define LMX_CASE_OPTIONS_H

#include "case/text.h"
#include "landaumax/case.h"

/* X(symbol, the value in words, an entry of the value in words) */
#define LMX_OPTION_TYPE_LIST(X)                                                \
  X(LMX_TYPE_TEXT, "text", "text")                                             \
  X(LMX_TYPE_WORD, "a word", "a word")                                         \
  X(LMX_TYPE_WORDS, "a list of words", "a word")                               \
  X(LMX_TYPE_BOOLEAN, "true or false", "true or false")                        \
  X(LMX_TYPE_INTEGER, "an integer", "an integer")                              \
  X(LMX_TYPE_LONG, "an integer", "an integer") /* of 64 bits */                \
  X(LMX_TYPE_NUMBER, "a number", "a number")                                   \
  X(LMX_TYPE_NUMBERS, "a list of numbers", "a number")                         \
  X(LMX_TYPE_VECTOR, "a list of d numbers", "a number")                        \
  X(LMX_TYPE_MATRIX, "a list of d lists of d numbers", "a number")             \
  X(LMX_TYPE_TABLES, "a list of {key = value, ..}", "{key = value, ..}")       \
  X(LMX_TYPE_PER_AXIS_INTEGER, "an integer (or a list, one per axis)",         \
    "an integer")                                                              \
  X(LMX_TYPE_PER_AXIS_NUMBER, "a number (or a list, one per axis)",            \
    "a number")                                                                \
  X(LMX_TYPE_INTEGERS, "an integer (or a list of integers)", "an integer")     \
  X(LMX_TYPE_TIMES, "a step (one number) or a list of times", "a number")      \
  X(LMX_TYPE_CHECKS, "a list of ids of checks", "the id of a check")           \
  X(LMX_TYPE_COUNTS, "a list of whole numbers or \"infinity\"",                \
    "a whole number or \"infinity\"")

typedef enum {
#define LMX_TYPE_ENUM(symbol, whole, entry) symbol,
  LMX_OPTION_TYPE_LIST(LMX_TYPE_ENUM)
#undef LMX_TYPE_ENUM
} lmx_option_type;

enum { LMX_OPEN_LOW = 1, LMX_OPEN_HIGH = 2 };

/* One key; options.def explains the fields. A scalar without a field of
 * lmx_case has .field = 0 (which is the path, no option). */
typedef struct lmx_option {
  const char *key, *help, *unit, *fallback, *fallback_help;
  lmx_option_type type;
  size_t field;
  double low, high;
  unsigned open, kinds;
  bool required, needed, element, even;
  const char *const *words; /* NULL-terminated */
} lmx_option;

typedef enum {
#define OPTION(id, ...) LMX_OPTION_##id,
#include "case/options.def"
#undef OPTION
  LMX_OPTION_COUNT
} lmx_option_id;

typedef struct lmx_section {
  const char *name, *help; /* "" is the top of the file */
  const char *example;     /* TOML lines */
} lmx_section;

enum { LMX_SECTION_COUNT = 10 };

const lmx_option *lmx_option_get(lmx_option_id id);
const lmx_section *lmx_section_get(size_t index);

/* The section with this name, NULL if there is none. */
const lmx_section *lmx_section_find(const char *name, size_t length);

/* Length of the section's name in a key: 4 for grid.points, 0 for title, 16
 * for checks.constants.C. */
size_t lmx_option_section(const lmx_option *option);

/* The key without its section (element keys: without the list's key). */
const char *lmx_option_leaf(const lmx_option *option);

/* Finds a key that may be set on its own; LMX_OPTION_COUNT if unknown. */
lmx_option_id lmx_option_find(const char *key);

/* The allowed values of the whole, or of one entry, in words:
 * "an integer from 4 to 4096". */
void lmx_option_allowed(const lmx_option *option, bool entry, lmx_text *out);

bool lmx_option_in_bounds(const lmx_option *option, double x);

/* The known key, or section, nearest to a misspelled one by edit distance;
 * NULL when none is near. */
const char *lmx_option_suggest(const char *key);

#endif
