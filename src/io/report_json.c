/* report.json: the machine-readable contract. */
#include "layout.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

/* Jansson's setters take over their value, accept a failed (NULL) one and
 * then fail: `builder.ok` gathers that, and is looked at once at the end. */
typedef struct builder {
  bool ok;
} builder;

static void put(builder *b, json_t *object, const char *key, json_t *value)
{
  if (json_object_set_new(object, key, value) != 0)
    b->ok = false;
}

static void append(builder *b, json_t *array, json_t *value)
{
  if (json_array_append_new(array, value) != 0)
    b->ok = false;
}

/* JSON has no NaN and no infinities. */
static json_t *number(double x)
{
  return isfinite(x) ? json_real(x) : json_null();
}

/* Paths may hold any bytes, notes may be cut inside a character; JSON wants
 * UTF-8. */
static json_t *text(const char *s)
{
  if (s == NULL)
    return json_null();
  json_t *value = json_string(s);
  if (value != NULL)
    return value;
  char *copy = strdup(s);
  for (char *p = copy; p != NULL && *p != '\0'; ++p)
    if ((unsigned char)*p >= 0x80)
      *p = '?';
  value = copy != NULL ? json_string(copy) : NULL;
  free(copy);
  return value;
}

static json_t *numbers(builder *b, const double *x, size_t n)
{
  json_t *array = json_array();
  for (size_t i = 0; i < n; ++i)
    append(b, array, number(x[i]));
  return array;
}

/* A statement about a time alone has no v. */
static json_t *where(builder *b, const lmx_check_result *result, int d)
{
  bool has_v = true;
  for (int a = 0; a < d; ++a)
    has_v = has_v && !isnan(result->v[a]);
  if (!result->has_where)
    return json_null();
  json_t *object = json_object();
  put(b, object, "t", number(result->t));
  put(b, object, "v", has_v ? numbers(b, result->v, (size_t)d) : json_null());
  return object;
}

static json_t *edge(lmx_edge edge)
{
  return edge == LMX_EDGE_UNKNOWN ? json_null()
                                  : json_boolean(edge == LMX_EDGE_GROWING);
}

static json_t *checks(builder *b, const lmx_report *report)
{
  json_t *array = json_array();
  for (size_t i = 0; i < report->checks->n; ++i) {
    const lmx_check_result *result = &report->checks->items[i];
    json_t *object = json_object();
    put(b, object, "id", text(result->id));
    put(b, object, "statement", text(result->statement));
    put(b, object, "status", text(lmx_verdict_text(result->status)));
    put(b, object, "expected", text(lmx_verdict_text(result->expected)));
    put(b, object, "value", number(result->value));
    put(b, object, "bound", number(result->bound));
    put(b, object, "slack", number(result->slack));
    put(b, object, "where", where(b, result, lmx_report_dimension(report)));
    put(b, object, "growing_at_edge", edge(result->edge));
    put(b, object, "note", text(result->note));
    append(b, array, object);
  }
  return array;
}

static json_t *summary(builder *b, const lmx_report *report)
{
  json_t *object = json_object();
#define PUT_COUNT(symbol, words)                                               \
  put(b, object, words,                                                        \
      json_integer((json_int_t)lmx_report_count(report, symbol)));
  LMX_VERDICT_LIST(PUT_COUNT)
#undef PUT_COUNT
  return object;
}

static json_t *axis(builder *b, const lmx_axis *a)
{
  json_t *object = json_object();
  put(b, object, "kind", text(lmx_axis_kind_name(a->kind)));
  put(b, object, "points", json_integer((json_int_t)a->points));
  put(b, object, "half_width", number(a->half_width));
  put(b, object, "spacing", number(a->h));
  return object;
}

static json_t *grid(builder *b, const lmx_report *report)
{
  const lmx_grid *g = report->solution->grid;
  json_t *object = json_object(), *axes = json_array();
  for (int i = 0; i < g->naxes; ++i)
    append(b, axes, axis(b, &g->axis[i]));
  put(b, object, "dimension", json_integer(g->d));
  put(b, object, "order", json_integer(g->order));
  put(b, object, "nodes", json_integer((json_int_t)g->size));
  put(b, object, "radius", number(report->radius));
  put(b, object, "nodes_checked",
      json_integer((json_int_t)lmx_report_nodes(report)));
  put(b, object, "axes", axes);
  return object;
}

static json_t *map(builder *b, const lmx_affine *m)
{
  size_t d = (size_t)m->d;
  json_t *object = json_object(), *rotation = json_array();
  for (size_t a = 0; a < d; ++a)
    append(b, rotation, numbers(b, m->rotation + a * d, d));
  put(b, object, "identity", json_boolean(m->identity));
  put(b, object, "mass", number(m->mass));
  put(b, object, "scale", number(m->scale));
  put(b, object, "mean", numbers(b, m->mean, d));
  put(b, object, "rotation", rotation);
  return object;
}

static json_t *initial(builder *b, const lmx_report *report)
{
  const lmx_solution *s = report->solution;
  json_t *object = json_object();
  put(b, object, "kind", text(lmx_initial_kind_name(report->kind)));
  put(b, object, "D", numbers(b, s->model.D, (size_t)s->model.d));
  put(b, object, "eta", number(s->model.eta));
  put(b, object, "map", map(b, &s->map));
  put(b, object, "exact", text(report->exact_name));
  return object;
}

static json_t *solver(builder *b, const lmx_report *report)
{
  const lmx_solution *s = report->solution;
  const lmx_solver_stats *stats = &s->stats;
  json_t *object = json_object();
  put(b, object, "formulation", text(lmx_formulation_name(s->formulation)));
  put(b, object, "rtol", number(s->rtol));
  put(b, object, "atol", number(s->atol));
#define PUT_COUNT(member, words)                                               \
  put(b, object, #member, json_integer(stats->member));
  LMX_STATS_COUNTS(PUT_COUNT)
#undef PUT_COUNT
  put(b, object, "last_order", json_integer(stats->last_order));
  put(b, object, "last_step", number(stats->last_step));
  put(b, object, "wall_seconds", number(stats->wall_seconds));
  return object;
}

static json_t *timing(builder *b, const lmx_report *report)
{
  json_t *object = json_object();
  put(b, object, "setup", number(report->seconds_setup));
  put(b, object, "solve", number(report->seconds_solve));
  put(b, object, "check", number(report->seconds_check));
  put(b, object, "write", number(report->seconds_write));
  return object;
}

/* null where nobody chose the grid for its accuracy. */
static json_t *accuracy(builder *b, const lmx_report *report)
{
  const lmx_solution *s = report->solution;
  char sentence[400];
  if (!(s->estimate > 0.0))
    return json_null();
  lmx_solution_describe_accuracy(s, report->accuracy, report->radius, sentence,
                                 sizeof sentence);
  json_t *object = json_object();
  put(b, object, "asked", number(report->accuracy));
  put(b, object, "estimate", number(s->estimate));
  put(b, object, "refinements", json_integer(s->refinements));
  put(b, object, "sentence", text(sentence));
  return object;
}

static void put_solution(builder *b, json_t *root, const lmx_report *report)
{
  const lmx_solution *s = report->solution;
  put(b, root, "initial", initial(b, report));
  put(b, root, "grid", grid(b, report));
  put(b, root, "accuracy", accuracy(b, report));
  put(b, root, "times", numbers(b, s->times, s->ntimes));
  put(b, root, "trust_radius", numbers(b, s->trust, s->ntimes));
  put(b, root, "solver", solver(b, report));
}

static json_t *input(builder *b, const lmx_report_input *x)
{
  return x->text != NULL   ? text(x->text)
         : x->n > 0        ? numbers(b, x->numbers, x->n)
         : x->integer != 0 ? json_integer(x->integer)
                           : number(x->number);
}

static void put_inputs(builder *b, json_t *root, const lmx_report *report)
{
  json_t *object = json_object();
  for (size_t i = 0; i < report->ninputs; ++i)
    put(b, object, report->inputs[i].key, input(b, &report->inputs[i]));
  put(b, root, "dimension", json_integer(report->dimension));
  put(b, root, "about", text(report->about));
  put(b, root, "closing", text(report->closing));
  put(b, root, "setup", object);
}

static json_t *build(builder *b, const lmx_report *report)
{
  json_t *root = json_object();
  put(b, root, "case", text(report->case_path));
  put(b, root, "version", text(lmx_version()));
  put(b, root, "command",
      text(report->solution != NULL ? "run" : report->command));
  put(b, root, "title", text(report->title));
  put(b, root, "summary", summary(b, report));
  put(b, root, "checks", checks(b, report));
  if (report->solution != NULL)
    put_solution(b, root, report);
  else
    put_inputs(b, root, report);
  put(b, root, "timing", timing(b, report));
  return root;
}

static lmx_status copy_line(lmx_context *context, const char *s, char **out)
{
  size_t n = strlen(s);
  char *copy;
  LMX_TRY(LMX_NEW_ARRAY(context, n + 2, &copy));
  memcpy(copy, s, n);
  copy[n] = '\n';
  *out = copy;
  return LMX_OK;
}

lmx_status lmx_report_json(lmx_context *context, const lmx_report *report,
                           char **out)
{
  builder b = {.ok = true};
  json_t *root = build(&b, report);
  char *dump = b.ok ? json_dumps(root, JSON_INDENT(2)) : NULL;
  json_decref(root);
  if (dump == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory for report.json");
  lmx_status status = copy_line(context, dump, out);
  free(dump);
  return status;
}
