/* TOML text as a plain tree with line numbers; toml++ stays behind this. */
#ifndef LMX_CASE_TOML_H
#define LMX_CASE_TOML_H

#include "landaumax/core.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
  LMX_TOML_TABLE,
  LMX_TOML_ARRAY,
  LMX_TOML_STRING,
  LMX_TOML_INTEGER,
  LMX_TOML_FLOAT,
  LMX_TOML_BOOLEAN,
  LMX_TOML_DATE /* any of TOML's dates and times; the value is not kept */
} lmx_toml_type;

typedef struct lmx_toml_node {
  lmx_toml_type type;
  int line;   /* of the value, counted from 1 */
  char *key;  /* NULL for entries of arrays and the root */
  char *text; /* of a string; never holds a NUL character */
  long long integer;
  double number;
  bool boolean;
  size_t n; /* children of a table (sorted by key) or array (in order) */
  struct lmx_toml_node *items; /* [n] */
} lmx_toml_node;

typedef struct lmx_toml_error {
  int line;
  char what[256];
} lmx_toml_error;

/* Reads a document. Errors: LMX_ERR_CASE (filled `error`), LMX_ERR_MEMORY. */
lmx_status lmx_toml_parse(lmx_context *context, const char *text, size_t length,
                          lmx_toml_node **out, lmx_toml_error *error);
void lmx_toml_destroy(lmx_toml_node **node);

/* Refuses what toml++ cannot bear; part of lmx_toml_parse. Errors:
 * LMX_ERR_CASE. */
lmx_status lmx_toml_scan(const char *text, size_t length,
                         lmx_toml_error *error);

/* Child of a table, NULL if absent (or if `node` is NULL or no table). */
const lmx_toml_node *lmx_toml_find(const lmx_toml_node *node, const char *key);

enum { LMX_TOML_NUMBER = 32 };

/* Shortest text that TOML reads back to the same double, whatever the
 * locale; "nan", "inf", "-inf" are TOML too. */
void lmx_toml_number(double x, char text[LMX_TOML_NUMBER]);

#ifdef __cplusplus
}
#endif
#endif
