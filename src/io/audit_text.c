/* The audit as a table for the terminal and as docs/statements.md. */
#include "landaumax/io.h"
#include "memory_file.h"
#include "wrap.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 80 };

static const char *verdict(const lmx_audit_result *r)
{
  return r->verdict == LMX_HOLDS ? "HOLDS" : "FAILS";
}

/* --- text ---------------------------------------------------------------- */

static void print_row(FILE *file, const lmx_audit_result *r)
{
  char found[64];
  if (isnan(r->constant))
    snprintf(found, sizeof found, "residual %.1e", r->residual);
  else
    snprintf(found, sizeof found, "%s %.8g, %s %.8g", r->lower ? "inf" : "sup",
             r->extreme + 0.0, r->lower ? "at least" : "at most", r->constant);
  fprintf(file, "  %-12s %-9s %6zu  %-32s %s%s\n", r->id,
          lmx_audit_form_text(r->form), r->jets, found, verdict(r),
          r->as_expected ? "" : " (!)");
}

static void print_tables(FILE *file, const lmx_audit *audit)
{
  int d = 0;
  for (size_t i = 0; i < audit->n; ++i) {
    if (audit->items[i].d != d) {
      d = audit->items[i].d;
      fprintf(file, "\nd = %d\n  %-12s %-9s %6s  %-32s %s\n", d, "id", "form",
              "jets", "found", "verdict");
    }
    print_row(file, &audit->items[i]);
  }
}

/* The entries of the first dimension, with what they say. */
static void print_legend(lmx_memory_file *memory, const lmx_audit *audit)
{
  char line[1200];
  fprintf(memory->file,
          "\nWhat they say (q = grad log f, G = Hess log f, K = Hess f / f, "
          "n = v/|v|,\nP = I - n n^T, g = log f, kappa = d(d-1)), and a "
          "witness of each failure:\n");
  for (size_t i = 0; i < audit->n && audit->items[i].d == audit->items[0].d;
       ++i) {
    const lmx_audit_result *r = &audit->items[i];
    fprintf(memory->file, "  %s, %s, %s\n", r->id, r->reference,
            lmx_audit_form_text(r->form));
    lmx_wrap(memory->file, r->statement, 6, WIDTH);
    if (r->verdict == LMX_HOLDS)
      continue;
    snprintf(line, sizeof line, "FAILS at %s", r->witness);
    lmx_wrap(memory->file, line, 6, WIDTH);
  }
}

lmx_status lmx_audit_text(lmx_context *context, const lmx_audit *audit,
                          char **out)
{
  lmx_memory_file memory;
  LMX_TRY(lmx_memory_file_open(context, &memory));
  fprintf(memory.file,
          "Pointwise audit of Sections 1 to 4, seed %lu, %zu searches for each "
          "inequality\n",
          audit->options.seed, audit->options.starts);
  print_tables(memory.file, audit);
  print_legend(&memory, audit);
  fprintf(memory.file,
          "\n%zu entries, %zu unexpected%s. Misprints must fail, their "
          "corrections hold,\nand sharp constants be approached to 1 %%.\n",
          audit->n, audit->unexpected,
          audit->unexpected > 0 ? ", marked (!)" : "");
  return lmx_memory_file_close(context, &memory, out);
}

/* --- Markdown ---------------------------------------------------------------
 */

static void print_escaped(FILE *file, const char *s)
{
  for (; *s != '\0'; ++s)
    fprintf(file, *s == '|' ? "\\|" : "%c", *s);
}

/* Entry k of the first dimension in all dimensions: the same verdict? */
static bool unanimous(const lmx_audit *audit, size_t count, size_t k)
{
  for (size_t i = k; i < audit->n; i += count)
    if (audit->items[i].verdict != audit->items[k].verdict ||
        audit->items[i].as_expected != audit->items[k].as_expected)
      return false;
  return true;
}

static const char *how(const lmx_audit_result *r)
{
  if (!r->as_expected)
    return "unexpected";
  if (r->verdict == LMX_FAILS)
    return "see below";
  if (!isnan(r->residual))
    return "equal to rounding";
  return r->tight ? "approached to 1 %" : "not exceeded";
}

static void print_statements(FILE *file, const lmx_audit *audit, size_t count)
{
  fprintf(file, "| id | Where | Form | Statement | Verdict | How |\n"
                "|---|---|---|---|---|---|\n");
  for (size_t k = 0; k < count; ++k) {
    const lmx_audit_result *r = &audit->items[k];
    fprintf(file, "| %s | %s | %s | `", r->id, r->reference,
            lmx_audit_form_text(r->form));
    print_escaped(file, r->statement);
    fprintf(file, "` | %s | %s |\n",
            unanimous(audit, count, k) ? verdict(r) : "depends on d", how(r));
  }
}

static void print_witnesses(FILE *file, const lmx_audit *audit, size_t count)
{
  fprintf(file,
          "\n## Witnesses\n\n"
          "Entries not named are 0, so that c_a = d-1; g = log f = 0 means "
          "f = 1 at the point. For (1.5), (1.6) and Proposition 2.1 \"all 0\" "
          "is the standard Gaussian; with N = 1 the particle system stands "
          "still, so every rate on the left is 0.\n\n");
  for (size_t i = 0; i < audit->n; ++i) {
    const lmx_audit_result *r = &audit->items[i];
    if (r->verdict == LMX_FAILS &&
        (r->d == audit->items[0].d || !unanimous(audit, count, i % count)))
      fprintf(file, "- **%s**, %s, d = %d: `%s`\n", r->reference,
              lmx_audit_form_text(r->form), r->d, r->witness);
  }
}

lmx_status lmx_audit_markdown(lmx_context *context, const lmx_audit *audit,
                              char **out)
{
  lmx_memory_file memory;
  const lmx_audit_options *o = &audit->options;
  size_t count = audit->n / (size_t)(o->d_max - o->d_min + 1);
  LMX_TRY(lmx_memory_file_open(context, &memory));
  fprintf(
      memory.file,
      "# Statements of Sections 1 to 4, audited pointwise\n\n"
      "Written by `landaumax audit --markdown` for d = %d to %d; do not edit. "
      "`landaumax audit` shows the numbers, `landaumax help audit` what is "
      "done.\n\n"
      "Notation of [math.md](math.md): g = log f, q = grad g, G = Hess g, K = "
      "Hess f / f, n = v/\\|v\\|, P = I - n n^T, kappa = d(d-1). Forms: "
      "*printed* is the paper's, *corrected* a misprint repaired, *sharp* has "
      "the best constant, *exact* is the identity behind a statement. "
      "Identities are compared on random jets with the product rule, with "
      "d_t f := L f; inequalities are maximised by local searches from many "
      "starts, which is evidence and no proof.\n\n",
      o->d_min, o->d_max);
  print_statements(memory.file, audit, count);
  print_witnesses(memory.file, audit, count);
  return lmx_memory_file_close(context, &memory, out);
}
