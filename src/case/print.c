/* A case as TOML, every default spelled out. Scalars are printed by the
 * option table; what is structured has a function of its own. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "case/identity.h"
#include "case/options.h"
#include "core/hash.h"

/* --- initial data ---------------------------------------------------- */

static bool is_diagonal(size_t d, const double *a)
{
  for (size_t i = 0; i < d; ++i)
    for (size_t j = 0; j < d; ++j)
      if (i != j && a[i * d + j] != 0.0)
        return false;
  return true;
}

/* "variances = [..]" or "covariance = [[..], ..]" */
static void print_covariance(lmx_text *out, size_t d, const double *a)
{
  if (is_diagonal(d, a)) {
    double variances[LMX_MAX_DIMENSION];
    for (size_t i = 0; i < d; ++i)
      variances[i] = a[i * d + i];
    lmx_text_add(out, "variances = ");
    lmx_text_numbers(out, d, variances);
    return;
  }
  lmx_text_add(out, "covariance = [");
  for (size_t i = 0; i < d; ++i) {
    lmx_text_add(out, "%s", i > 0 ? ", " : "");
    lmx_text_numbers(out, d, a + i * d);
  }
  lmx_text_add(out, "]");
}

static void print_components(lmx_text *out, const lmx_initial_spec *spec)
{
  size_t d = (size_t)spec->d;
  lmx_text_add(out, "components = [\n");
  for (size_t k = 0; k < spec->ncomponents; ++k) {
    const lmx_component *component = &spec->components[k];
    lmx_text_add(out, "  {weight = ");
    lmx_text_number(out, component->weight);
    lmx_text_add(out, ", mean = ");
    lmx_text_numbers(out, d, component->mean);
    lmx_text_add(out, ", ");
    print_covariance(out, d, component->covariance);
    lmx_text_add(out, "},\n");
  }
  lmx_text_add(out, "]");
}

/* --- grid ------------------------------------------------------------ */

static void print_axes(lmx_text *out, const lmx_case *c)
{
  const char *const *words = lmx_option_get(LMX_OPTION_AXES)->words;
  lmx_text_add(out, "axes = ");
  if (c->naxes == 0)
    lmx_text_quoted(out, words[0]);
  for (int i = 0; i < c->naxes; ++i)
    lmx_text_add(out, "%s\"%s\"%s", i == 0 ? "[" : ", ", words[c->axes[i] + 1],
                 i + 1 == c->naxes ? "]" : "");
}

static void print_half_widths(lmx_text *out, const lmx_case *c)
{
  lmx_text_add(out, "half_width = ");
  if (c->nhalf_width == 0)
    lmx_text_add(out, "\"auto\"");
  else if (c->nhalf_width == 1)
    lmx_text_number(out, c->half_width[0]);
  else
    lmx_text_numbers(out, c->nhalf_width, c->half_width);
}

static void print_points(lmx_text *out, const lmx_case *c)
{
  if (c->npoints == 0)
    lmx_text_add(out, "points = \"auto\"");
  if (c->npoints == 1)
    lmx_text_add(out, "points = %zu", c->points[0]);
  if (c->npoints <= 1)
    return;
  for (size_t i = 0; i < c->npoints; ++i)
    lmx_text_add(out, "%s%zu", i == 0 ? "points = [" : ", ", c->points[i]);
  lmx_text_add(out, "]");
}

static void print_systems(lmx_text *out, const lmx_case *c)
{
  lmx_text_add(out, "systems = ");
  for (size_t i = 0; i < c->nsystems; ++i)
    lmx_text_add(out, "%s\"%s\"%s", i == 0 ? "[" : ", ",
                 lmx_particle_system_name(c->systems[i]),
                 i + 1 == c->nsystems ? "]" : "");
}

static void print_numbers(lmx_text *out, const lmx_case *c)
{
  lmx_text_add(out, "number = ");
  for (size_t i = 0; i < c->nnumbers; ++i)
    lmx_text_add(out, "%s%zu%s", i == 0 ? "[" : ", ", c->numbers[i],
                 i + 1 == c->nnumbers ? "]" : "");
}

static void print_checks(lmx_text *out, const lmx_case *c)
{
  lmx_text_add(out, "list = ");
  if (c->nchecks == 0)
    lmx_text_quoted(out, lmx_option_get(LMX_OPTION_CHECK_LIST)->words[0]);
  for (size_t i = 0; i < c->nchecks; ++i)
    lmx_text_add(out, "%s\"%s\"%s", i == 0 ? "[" : ", ", c->checks[i],
                 i + 1 == c->nchecks ? "]" : "");
}

static void print_particles(lmx_text *out, const lmx_case *c)
{
  lmx_text_add(out, "particles = [");
  for (size_t i = 0; i < c->nparticles; ++i) {
    lmx_text_add(out, "%s", i > 0 ? ", " : "");
    if (isfinite(c->particles[i]))
      lmx_text_add(out, "%.0f", c->particles[i]);
    else
      lmx_text_quoted(out, "infinity");
  }
  lmx_text_add(out, "]");
}

/* Returns false when the kind of initial data has no such key. */
static bool print_structured(lmx_text *out, lmx_option_id id, const lmx_case *c)
{
  const lmx_initial_spec *spec = &c->initial;
  bool gaussian = spec->kind == LMX_INITIAL_GAUSSIAN;
  bool diagonal =
      gaussian && is_diagonal((size_t)spec->d, spec->components[0].covariance);
  switch (id) {
  case LMX_OPTION_COMPONENTS:
    print_components(out, spec);
    return true;
  case LMX_OPTION_WEIGHTS:
    lmx_text_add(out, "weights = ");
    lmx_text_numbers(out, spec->nradial, spec->weights);
    return true;
  case LMX_OPTION_VARIANCES:
  case LMX_OPTION_COVARIANCE:
    if (gaussian && diagonal != (id == LMX_OPTION_VARIANCES))
      return false;
    if (gaussian) {
      print_covariance(out, (size_t)spec->d, spec->components[0].covariance);
    } else {
      lmx_text_add(out, "variances = ");
      lmx_text_numbers(out, spec->nradial, spec->variances);
    }
    return true;
  case LMX_OPTION_HALF_WIDTH:
    print_half_widths(out, c);
    return true;
  case LMX_OPTION_POINTS:
    print_points(out, c);
    return true;
  case LMX_OPTION_AXES:
    print_axes(out, c);
    return true;
  case LMX_OPTION_OUTPUT:
    lmx_text_add(out, "output = ");
    lmx_text_numbers(out, c->noutputs, c->outputs);
    return true;
  case LMX_OPTION_CHECK_LIST:
    print_checks(out, c);
    return true;
  case LMX_OPTION_SYSTEMS:
    print_systems(out, c);
    return true;
  case LMX_OPTION_NUMBER:
    print_numbers(out, c);
    return true;
  case LMX_OPTION_PARTICLES:
    print_particles(out, c);
    return true;
  default:
    return false;
  }
}

/* --- scalars, by the table ------------------------------------------- */

static void print_scalar(lmx_text *out, const lmx_option *option,
                         const lmx_case *c)
{
  const void *field = (const char *)c + option->field;
  const char *text;
  int integer;
  int64_t large;
  bool boolean;
  double number;
  lmx_text_add(out, "%s = ", lmx_option_leaf(option));
  switch (option->type) {
  case LMX_TYPE_TEXT:
    memcpy(&text, field, sizeof text);
    lmx_text_quoted(out, text);
    break;
  case LMX_TYPE_BOOLEAN:
    memcpy(&boolean, field, sizeof boolean);
    lmx_text_add(out, "%s", boolean ? "true" : "false");
    break;
  case LMX_TYPE_INTEGER:
    memcpy(&integer, field, sizeof integer);
    lmx_text_add(out, "%d", integer);
    break;
  case LMX_TYPE_LONG:
    memcpy(&large, field, sizeof large);
    lmx_text_add(out, "%" PRId64, large);
    break;
  case LMX_TYPE_NUMBER:
    memcpy(&number, field, sizeof number);
    lmx_text_number(out, number);
    break;
  default:
    memcpy(&integer, field, sizeof integer);
    lmx_text_quoted(out, option->words[integer]);
    break;
  }
}

/* Constants that are to be found from the data. */
static bool is_left_out(const lmx_option *option, const lmx_case *c)
{
  double number = 0.0;
  if (option->type == LMX_TYPE_NUMBER && option->field != 0)
    memcpy(&number, (const char *)c + option->field, sizeof number);
  return isnan(number);
}

static void print_option(lmx_text *out, lmx_option_id id, const lmx_case *c)
{
  const lmx_option *option = lmx_option_get(id);
  if (option->element ||
      (option->kinds != 0 && !(option->kinds & 1u << c->initial.kind)))
    return;
  if (is_left_out(option, c))
    lmx_text_add(out, "# %s: %s", lmx_option_leaf(option),
                 option->fallback_help);
  else if (option->field != 0)
    print_scalar(out, option, c);
  else if (!print_structured(out, id, c))
    return;
  lmx_text_add(out, "\n");
}

typedef bool chosen_fn(const lmx_option *option, lmx_option_id id,
                       const lmx_case *c);

/* The options that are chosen, each section under its name. */
static void print_chosen(lmx_text *out, chosen_fn *chosen, const lmx_case *c)
{
  size_t section = 0; /* length of the section's name */
  const char *name = "";
  for (unsigned id = 0; id < LMX_OPTION_COUNT; ++id) {
    const lmx_option *option = lmx_option_get((lmx_option_id)id);
    if (!chosen(option, (lmx_option_id)id, c))
      continue;
    size_t n = lmx_option_section(option);
    if (n != section || strncmp(name, option->key, n) != 0)
      lmx_text_add(out, "\n[%.*s]\n", (int)n, option->key);
    section = n;
    name = option->key;
    print_option(out, (lmx_option_id)id, c);
  }
}

static bool any(const lmx_option *option, lmx_option_id id, const lmx_case *c)
{
  (void)option, (void)id, (void)c;
  return true;
}

lmx_status lmx_case_print(lmx_context *context, const lmx_case *lmx_case_,
                          char **out)
{
  lmx_text text = {.context = context};
  lmx_text_add(&text, "# A landaumax case with every default spelled out; "
                      "`landaumax help case`\n# explains the keys.\n");
  print_chosen(&text, any, lmx_case_);
  return lmx_text_finish(&text, out);
}

/* --- what decides the results ----------------------------------------- */

static bool is_in(const lmx_option *option, const char *section)
{
  size_t n = strlen(section);
  return lmx_option_section(option) == n &&
         strncmp(option->key, section, n) == 0;
}

static bool is_data(const lmx_option *option, lmx_option_id id)
{
  return id == LMX_OPTION_DIMENSION || is_in(option, "time") ||
         (is_in(option, "initial") && id != LMX_OPTION_PATH);
}

static bool is_method(const lmx_option *option, lmx_option_id id)
{
  return is_in(option, "solver") ||
         (is_in(option, "grid") && id != LMX_OPTION_ACCURACY &&
          id != LMX_OPTION_MAX_POINTS);
}

static bool of_solution(const lmx_option *option, lmx_option_id id,
                        const lmx_case *c)
{
  (void)c;
  return is_data(option, id) || is_method(option, id);
}

static bool of_particles(const lmx_option *option, lmx_option_id id,
                         const lmx_case *c)
{
  return is_data(option, id) ||
         (is_in(option, "particles") && id != LMX_OPTION_THREADS) ||
         (c->rates && is_method(option, id));
}

lmx_status lmx_case_print_part(lmx_context *context, const lmx_case *lmx_case_,
                               lmx_case_part part, char **out)
{
  lmx_text text = {.context = context};
  print_chosen(&text, part == LMX_PART_SOLUTION ? of_solution : of_particles,
               lmx_case_);
  return lmx_text_finish(&text, out);
}

lmx_status lmx_case_identity(lmx_context *context, const lmx_case *lmx_case_,
                             lmx_case_part part, char *out)
{
  char *text;
  LMX_TRY(lmx_case_print_part(context, lmx_case_, part, &text));
  snprintf(out, LMX_IDENTITY_SIZE, "fnv1a64 %016" PRIx64,
           lmx_fnv1a64(text, strlen(text)));
  lmx_free(text);
  return LMX_OK;
}
