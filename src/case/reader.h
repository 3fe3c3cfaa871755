/* Reading one case: the parsed texts, where every key was set, errors. */
#ifndef LMX_CASE_READER_H
#define LMX_CASE_READER_H

#include "case/options.h"
#include "case/toml.h"

typedef enum {
  LMX_ORIGIN_NONE,
  LMX_ORIGIN_DEFAULT,
  LMX_ORIGIN_FILE,
  LMX_ORIGIN_OVERRIDE
} lmx_origin;

/* Where one key was set; the node is borrowed from one of the trees. */
typedef struct lmx_setting {
  lmx_origin origin;
  const lmx_toml_node *node; /* NULL if origin is NONE */
  const char *override;      /* "key=value" */
} lmx_setting;

typedef struct lmx_reader {
  lmx_context *context;
  const char *path;
  lmx_toml_node *tree, *defaults;
  size_t noverrides;
  const char *const *overrides;
  lmx_toml_node **override_trees; /* [noverrides] */
  lmx_setting settings[LMX_OPTION_COUNT];
} lmx_reader;

/* Parses the text, the overrides and the defaults and finds where every key
 * is set. Refuses unknown keys. The reader starts zeroed but for context,
 * path, overrides; release it also after a failure. */
lmx_status lmx_reader_open(lmx_reader *reader, const char *text, size_t length);
void lmx_reader_close(lmx_reader *reader);

/* The table of a section, "checks.constants", in a tree; NULL if absent. */
const lmx_toml_node *lmx_section_table(const lmx_toml_node *tree,
                                       const char *section);

/* True when the user set the key. */
bool lmx_reader_is_set(const lmx_reader *reader, lmx_option_id id);

/* Fails with `file:line: key: ...`.
 * node: what is wrong, NULL for the whole value (or a missing key)
 * suffix: names a part of the value, "[2]"; "" for the whole */
lmx_status lmx_reader_fail(const lmx_reader *reader, lmx_option_id id,
                           const lmx_toml_node *node, const char *suffix,
                           const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Fails with "is <the node's value>, allowed is <from the table>". */
lmx_status lmx_reader_refuse(const lmx_reader *reader, lmx_option_id id,
                             const lmx_toml_node *node, const char *suffix,
                             bool entry);

/* Fails with `file:line: key: ...` where no known key is at fault. */
lmx_status lmx_reader_fail_at(const lmx_reader *reader, int line,
                              const char *key, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* Fails with `file: what`, where no line of the file can be read. */
lmx_status lmx_file_fail(lmx_context *context, const char *path,
                         const char *what);

/* Fails with `--set key=value: key: what`. */
lmx_status lmx_override_fail(const lmx_reader *reader, const char *override,
                             const char *key, const char *what);

/* "file:line" (of the section, else 1, when defaulted) or
 * "--set key=value". */
void lmx_reader_place(const lmx_reader *reader, lmx_option_id id,
                      lmx_text *out);

/* A value in words, one line: "abc", 64.5, a list of 3. */
void lmx_node_describe(const lmx_toml_node *node, lmx_text *out);

enum { LMX_SUFFIX = 64 };

/* Values checked against type and bounds of the option `id`.
 * lmx_read_numbers allocates *out; lmx_read_vector needs exactly n. */
lmx_status lmx_read_number(const lmx_reader *reader, lmx_option_id id,
                           const lmx_toml_node *node, const char *suffix,
                           bool entry, double *out);
lmx_status lmx_read_integer(const lmx_reader *reader, lmx_option_id id,
                            const lmx_toml_node *node, const char *suffix,
                            bool entry, int *out);
lmx_status lmx_read_word(const lmx_reader *reader, lmx_option_id id,
                         const lmx_toml_node *node, const char *suffix,
                         bool entry, int *out);
lmx_status lmx_read_vector(const lmx_reader *reader, lmx_option_id id,
                           const lmx_toml_node *node, const char *suffix,
                           size_t n, double *out);
lmx_status lmx_read_numbers(const lmx_reader *reader, lmx_option_id id,
                            const lmx_toml_node *node, size_t most, size_t *n,
                            double **out);

/* Reads the scalar options of the table into their fields. */
lmx_status lmx_read_scalars(const lmx_reader *reader, lmx_case *out);

/* The structured ones, after the scalars. */
lmx_status lmx_read_initial(const lmx_reader *reader, lmx_case *out);
lmx_status lmx_read_grid(const lmx_reader *reader, lmx_case *out);
lmx_status lmx_read_checks(const lmx_reader *reader, lmx_case *out);
lmx_status lmx_read_times(const lmx_reader *reader, lmx_case *out);
lmx_status lmx_read_particles(const lmx_reader *reader, lmx_case *out);
lmx_status lmx_read_moments(const lmx_reader *reader, lmx_case *out);

#endif
