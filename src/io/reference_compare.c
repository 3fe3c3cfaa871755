/* Two sets of results side by side, and where they differ. */
#include "landaumax/reference.h"
#include "memory_file.h"

#include <math.h>
#include <string.h>

static const double same_time = 1e-9;

/* Lines of one check or setting; `lines` counts them. */
typedef struct comparison {
  FILE *file;
  const char *id;
  size_t lines;
} comparison;

static void print_number(FILE *file, double x, int width, const char *format)
{
  if (isfinite(x))
    fprintf(file, format, x);
  else
    fprintf(file, " %*s", width, "-");
}

static void number_line(comparison *c, const char *what, double stored,
                        double now, double tolerance)
{
  ++c->lines;
  fprintf(c->file, "  %-12s %-7s", c->id, what);
  print_number(c->file, stored, 16, " %16.10g");
  print_number(c->file, now, 16, " %16.10g");
  print_number(c->file, now - stored, 10, " %10.2e");
  print_number(c->file, tolerance, 9, " %9.1e");
  fputc('\n', c->file);
}

static void text_line(comparison *c, const char *what, const char *stored,
                      const char *now)
{
  ++c->lines;
  fprintf(c->file, "  %-12s %-7s %16s %16s\n", c->id, what, stored, now);
}

static void compare_number(comparison *c, const char *what,
                           const lmx_reference_number *stored, double now)
{
  double value = stored->value;
  if (!isfinite(value) && !isfinite(now))
    return;
  if (isfinite(value) && isfinite(now) &&
      !(fabs(now - value) > stored->tolerance))
    return; /* an unknown tolerance, NaN, admits all */
  number_line(c, what, value, now, stored->tolerance);
}

static void compare_check(comparison *c, const lmx_reference_check *stored,
                          const lmx_reference_check *now)
{
  if (now->status != stored->status)
    text_line(c, "verdict", lmx_verdict_text(stored->status),
              lmx_verdict_text(now->status));
  compare_number(c, "value", &stored->value, now->value.value);
  compare_number(c, "bound", &stored->bound, now->bound.value);
  compare_number(c, "slack", &stored->slack, now->slack.value);
  if (!stored->has_place)
    return;
  double granted = same_time * (1.0 + fabs(stored->t));
  if (!(fabs(now->t - stored->t) <= granted))
    number_line(c, "t", stored->t, now->t, 0.0);
  compare_number(c, "|v|", &stored->r, now->r.value);
}

static const lmx_reference_check *find(const lmx_reference *reference,
                                       const char *id)
{
  for (size_t i = 0; i < reference->n; ++i)
    if (strcmp(reference->checks[i].id, id) == 0)
      return &reference->checks[i];
  return NULL;
}

static size_t compare_settings(FILE *file, const lmx_reference_head *stored,
                               const lmx_reference_head *now)
{
  comparison c = {.file = file, .id = "the run"};
  const lmx_reference_number radius = {stored->radius, 1e-9 * stored->radius};
  const lmx_reference_number end = {stored->end, 1e-9 * stored->end};
  if (now->kind != stored->kind)
    text_line(&c, "kind", lmx_reference_kind_name(stored->kind),
              lmx_reference_kind_name(now->kind));
  if (now->dimension != stored->dimension)
    number_line(&c, "d", stored->dimension, now->dimension, 0.0);
  if (now->formulation != stored->formulation)
    text_line(&c, "form", lmx_formulation_name(stored->formulation),
              lmx_formulation_name(now->formulation));
  compare_number(&c, "radius", &radius, now->radius);
  compare_number(&c, "end", &end, now->end);
  return c.lines;
}

static size_t compare_checks(FILE *file, const lmx_reference *stored,
                             const lmx_reference *now)
{
  size_t differing = 0;
  for (size_t i = 0; i < stored->n; ++i) {
    const lmx_reference_check *before = &stored->checks[i];
    const lmx_reference_check *after = find(now, before->id);
    comparison c = {.file = file, .id = before->id};
    if (after != NULL)
      compare_check(&c, before, after);
    else
      text_line(&c, "verdict", lmx_verdict_text(before->status), "missing");
    differing += c.lines > 0;
  }
  for (size_t i = 0; i < now->n; ++i) {
    const lmx_reference_check *after = &now->checks[i];
    comparison c = {.file = file, .id = after->id};
    if (find(stored, after->id) == NULL)
      text_line(&c, "verdict", "new", lmx_verdict_text(after->status));
    differing += c.lines > 0;
  }
  return differing;
}

lmx_status lmx_reference_compare(lmx_context *context,
                                 const lmx_reference *stored,
                                 const lmx_reference *now, size_t *differing,
                                 char **text)
{
  lmx_memory_file memory;
  LMX_TRY(lmx_memory_file_open(context, &memory));
  fprintf(memory.file, "  %-12s %-7s %16s %16s %10s %9s\n", "id", "what",
          "stored", "now", "difference", "granted");
  size_t n = compare_settings(memory.file, &stored->head, &now->head) +
             compare_checks(memory.file, stored, now);
  LMX_TRY(lmx_memory_file_close(context, &memory, text));
  if (n == 0)
    (*text)[0] = '\0';
  *differing = n;
  return LMX_OK;
}
