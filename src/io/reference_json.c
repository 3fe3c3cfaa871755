/* The file of stored results. */
#include "landaumax/reference.h"
#include "memory_file.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <jansson.h>

#define FORMAT "landaumax reference"
enum { FORMAT_VERSION = 1 };

/* --- writing ----------------------------------------------------------- */

/* Tolerances are worth two digits. */
static double rounded(double tolerance)
{
  char text[32];
  snprintf(text, sizeof text, "%.1e", tolerance);
  return strtod(text, NULL);
}

static json_t *pair(const lmx_reference_number *number)
{
  if (!isfinite(number->value))
    return json_null();
  return json_pack("[f, o]", number->value,
                   isfinite(number->tolerance)
                       ? json_real(rounded(number->tolerance))
                       : json_null());
}

static json_t *place(const lmx_reference_check *check)
{
  if (!check->has_place)
    return json_null();
  return json_pack("{s:f, s:o}", "t", check->t, "|v|", pair(&check->r));
}

static json_t *packed(const lmx_reference_check *check)
{
  return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o}", "id", check->id, "status",
                   lmx_verdict_text(check->status), "value",
                   pair(&check->value), "bound", pair(&check->bound), "slack",
                   pair(&check->slack), "where", place(check));
}

/* One value on a line of its own; takes it over. */
static bool print(FILE *file, json_t *value)
{
  bool fine =
      value != NULL &&
      json_dumpf(value, file, JSON_ENCODE_ANY | JSON_REAL_PRECISION(12)) == 0;
  json_decref(value);
  return fine;
}

static bool print_all(FILE *file, const lmx_reference *reference)
{
  fprintf(file,
          "{\n  \"format\": \"" FORMAT "\",\n  \"format_version\": %d,\n"
          "  \"landaumax_version\": \"%s\",\n  \"title\": ",
          FORMAT_VERSION, lmx_version());
  const lmx_reference_head *head = &reference->head;
  if (!print(file, json_string(head->title)))
    return false;
  if (head->kind != LMX_REFERENCE_RUN)
    fprintf(file, ",\n  \"kind\": \"%s\"", lmx_reference_kind_name(head->kind));
  fprintf(file, ",\n  \"dimension\": %d,\n", head->dimension);
  if (head->kind == LMX_REFERENCE_RUN)
    fprintf(file, "  \"formulation\": \"%s\",\n  \"radius\": %.12g,\n",
            lmx_formulation_name(head->formulation), head->radius);
  fprintf(file, "  \"end\": %.12g,\n  \"checks\": [", head->end);
  for (size_t i = 0; i < reference->n; ++i) {
    fputs(i == 0 ? "\n    " : ",\n    ", file);
    if (!print(file, packed(&reference->checks[i])))
      return false;
  }
  fputs("\n  ]\n}\n", file);
  return true;
}

lmx_status lmx_reference_write(lmx_context *context,
                               const lmx_reference *reference, const char *path)
{
  lmx_memory_file memory;
  char *text = NULL;
  LMX_TRY(lmx_reference_may_write(context, path));
  LMX_TRY(lmx_memory_file_open(context, &memory));
  bool fine = print_all(memory.file, reference);
  LMX_TRY(lmx_memory_file_close(context, &memory, &text));
  lmx_status status =
      fine ? lmx_file_write(context, path, text, strlen(text))
           : lmx_fail(context, LMX_ERR_MEMORY, "out of memory for %s", path);
  lmx_free(text);
  return status;
}

/* --- reading ----------------------------------------------------------- */

/* [value, tolerance], [value, null] or null. */
static bool read_number(json_t *json, lmx_reference_number *number)
{
  *number = (lmx_reference_number){NAN, NAN};
  if (json_is_null(json))
    return true;
  json_t *tolerance;
  if (json_unpack(json, "[F, o!]", &number->value, &tolerance) != 0)
    return false;
  if (json_is_number(tolerance))
    number->tolerance = json_number_value(tolerance);
  return json_is_null(tolerance) || number->tolerance >= 0.0;
}

static bool read_place(json_t *json, lmx_reference_check *check)
{
  check->has_place = !json_is_null(json);
  if (!check->has_place)
    return true;
  json_t *r;
  return json_unpack(json, "{s:F, s:o}", "t", &check->t, "|v|", &r) == 0 &&
         read_number(r, &check->r);
}

static bool read_verdict(const char *text, lmx_verdict *verdict)
{
#define MATCH(symbol, words)                                                   \
  if (strcmp(text, words) == 0) {                                              \
    *verdict = symbol;                                                         \
    return true;                                                               \
  }
  LMX_VERDICT_LIST(MATCH)
#undef MATCH
  return false;
}

static bool read_check(json_t *json, lmx_reference_check *check)
{
  const char *id, *status;
  json_t *value, *bound, *slack, *where;
  if (json_unpack(json, "{s:s, s:s, s:o, s:o, s:o, s:o}", "id", &id, "status",
                  &status, "value", &value, "bound", &bound, "slack", &slack,
                  "where", &where) != 0)
    return false;
  snprintf(check->id, sizeof check->id, "%s", id);
  return strlen(id) < sizeof check->id &&
         read_verdict(status, &check->status) &&
         read_number(value, &check->value) &&
         read_number(bound, &check->bound) &&
         read_number(slack, &check->slack) && read_place(where, check);
}

static bool read_formulation(const char *text, lmx_formulation *formulation)
{
#define MATCH(symbol, name)                                                    \
  if (strcmp(text, name) == 0) {                                               \
    *formulation = symbol;                                                     \
    return true;                                                               \
  }
  LMX_FORMULATION_LIST(MATCH)
#undef MATCH
  return false;
}

static bool read_kind(const char *text, lmx_reference_kind *kind)
{
#define MATCH(symbol, name)                                                    \
  if (strcmp(text, name) == 0) {                                               \
    *kind = symbol;                                                            \
    return true;                                                               \
  }
  LMX_REFERENCE_KIND_LIST(MATCH)
#undef MATCH
  return false;
}

static lmx_status wrong(lmx_context *context, const char *path,
                        const char *what)
{
  return lmx_fail(context, LMX_ERR_USAGE, "%s: not a " FORMAT ": %s", path,
                  what);
}

/* Formulation and checked ball, which only a run has. */
static lmx_status read_run(lmx_context *context, const char *path, json_t *root,
                           lmx_reference_head *head)
{
  const char *formulation;
  json_error_t error;
  head->radius = NAN;
  if (head->kind != LMX_REFERENCE_RUN)
    return LMX_OK;
  if (json_unpack_ex(root, &error, 0, "{s:s, s:F}", "formulation", &formulation,
                     "radius", &head->radius) != 0)
    return wrong(context, path, error.text);
  return read_formulation(formulation, &head->formulation)
             ? LMX_OK
             : wrong(context, path, "formulation");
}

static lmx_status check_format(lmx_context *context, const char *path,
                               json_t *root)
{
  const char *format;
  int version;
  json_error_t error;
  if (json_unpack_ex(root, &error, 0, "{s:s, s:i}", "format", &format,
                     "format_version", &version) != 0)
    return wrong(context, path, error.text);
  if (strcmp(format, FORMAT) != 0)
    return wrong(context, path, format);
  if (version != FORMAT_VERSION)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "%s: format_version: is %d, this program reads %d", path,
                    version, FORMAT_VERSION);
  return LMX_OK;
}

/* The title is borrowed from root. */
static lmx_status read_head(lmx_context *context, const char *path,
                            json_t *root, lmx_reference_head *head,
                            json_t **checks)
{
  const char *kind = "run";
  json_error_t error;
  LMX_TRY(check_format(context, path, root));
  if (json_unpack_ex(root, &error, 0, "{s:s, s?s, s:i, s:F, s:o}", "title",
                     &head->title, "kind", &kind, "dimension", &head->dimension,
                     "end", &head->end, "checks", checks) != 0)
    return wrong(context, path, error.text);
  if (!read_kind(kind, &head->kind))
    return wrong(context, path, "kind");
  LMX_TRY(read_run(context, path, root, head));
  return json_is_array(*checks) ? LMX_OK
                                : wrong(context, path, "checks is no list");
}

static lmx_status read_checks(lmx_context *context, const char *path,
                              json_t *checks, lmx_reference *reference)
{
  size_t n = json_array_size(checks);
  LMX_TRY(LMX_NEW_ARRAY(context, n, &reference->checks));
  reference->n = n;
  for (size_t i = 0; i < n; ++i)
    if (!read_check(json_array_get(checks, i), &reference->checks[i]))
      return lmx_fail(context, LMX_ERR_USAGE,
                      "%s: checks: number %zu is not {\"id\": text, \"status\":"
                      " verdict, \"value\", \"bound\", \"slack\": [number, "
                      "tolerance] or null, \"where\": {\"t\", \"|v|\"} or "
                      "null}",
                      path, i + 1);
  return LMX_OK;
}

static lmx_status read_all(lmx_context *context, const char *path, json_t *root,
                           lmx_reference **out)
{
  lmx_reference_head head = {.kind = LMX_REFERENCE_RUN};
  json_t *checks;
  LMX_TRY(read_head(context, path, root, &head, &checks));
  LMX_TRY(lmx_reference_create(context, &head, NULL, out));
  lmx_status status = read_checks(context, path, checks, *out);
  if (status != LMX_OK)
    lmx_reference_destroy(out);
  return status;
}

lmx_status lmx_reference_read(lmx_context *context, const char *path,
                              lmx_reference **out)
{
  char *text;
  size_t bytes;
  json_error_t error;
  LMX_TRY(lmx_file_read(context, path, &text, &bytes));
  json_t *root = json_loadb(text, bytes, JSON_REJECT_DUPLICATES, &error);
  lmx_free(text);
  if (root == NULL)
    return lmx_fail(context, LMX_ERR_USAGE, "%s:%d: not JSON: %s", path,
                    error.line, error.text);
  lmx_status status = read_all(context, path, root, out);
  json_decref(root);
  return status;
}

lmx_status lmx_reference_may_write(lmx_context *context, const char *path)
{
  struct stat info;
  lmx_reference *there;
  if (lstat(path, &info) != 0)
    return errno == ENOENT
               ? LMX_OK
               : lmx_fail(context, LMX_ERR_IO, "cannot write %s: %s", path,
                          strerror(errno));
  if (!S_ISREG(info.st_mode))
    return lmx_fail(context, LMX_ERR_USAGE,
                    "%s is not a regular file: a reference is not written "
                    "there",
                    path);
  if (info.st_size == 0)
    return LMX_OK;
  lmx_status status = lmx_reference_read(context, path, &there);
  if (status == LMX_OK)
    lmx_reference_destroy(&there);
  if (status != LMX_ERR_USAGE)
    return status;
  return lmx_fail(context, LMX_ERR_USAGE,
                  "%s holds something else than a reference and is not "
                  "replaced; choose another name, or remove it",
                  path);
}
