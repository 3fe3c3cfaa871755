/* The audit as JSON. */
#include "landaumax/io.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* JSON has no NaN and no infinities. */
static json_t *number(double x)
{
  return isfinite(x) ? json_real(x) : json_null();
}

/* A failed part is NULL, which json_pack passes on. */
static json_t *entry(const lmx_audit_result *r)
{
  return json_pack(
      "{s:s, s:s, s:s, s:s, s:i, s:I, s:I, s:o, s:s, s:o, s:o, s:b, s:s, s:s, "
      "s:b, s:s}",
      "id", r->id, "reference", r->reference, "statement", r->statement, "form",
      lmx_audit_form_text(r->form), "dimension", r->d, "jets",
      (json_int_t)r->jets, "searches", (json_int_t)r->searches, "residual",
      number(r->residual), "sense", r->lower ? "inf" : "sup", "extreme",
      number(r->extreme), "constant", number(r->constant), "tight", r->tight,
      "verdict", lmx_verdict_text(r->verdict), "expected",
      lmx_verdict_text(r->expected), "as_expected", r->as_expected, "witness",
      r->witness);
}

static json_t *build(const lmx_audit *audit)
{
  json_t *entries = json_array();
  for (size_t i = 0; i < audit->n; ++i)
    if (json_array_append_new(entries, entry(&audit->items[i])) != 0) {
      json_decref(entries);
      return NULL;
    }
  return json_pack("{s:s, s:I, s:I, s:I, s:I, s:o}", "version", lmx_version(),
                   "seed", (json_int_t)audit->options.seed, "jets",
                   (json_int_t)audit->options.jets, "starts",
                   (json_int_t)audit->options.starts, "unexpected",
                   (json_int_t)audit->unexpected, "entries", entries);
}

lmx_status lmx_audit_json(lmx_context *context, const lmx_audit *audit,
                          char **out)
{
  json_t *root = build(audit);
  char *dump = root != NULL ? json_dumps(root, JSON_INDENT(2)) : NULL;
  json_decref(root);
  if (dump == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory for JSON");
  size_t n = strlen(dump);
  char *copy;
  lmx_status status = LMX_NEW_ARRAY(context, n + 2, &copy);
  if (status == LMX_OK) {
    memcpy(copy, dump, n);
    copy[n] = '\n';
    *out = copy;
  }
  free(dump);
  return status;
}
