/* The audit: every entry in every dimension asked for. */
#include <stdio.h>
#include <string.h>

#include "check/audit_internal.h"

static const char *const form_texts[] = {
#define FORM_ROW(symbol, text) [symbol] = (text),
    LMX_AUDIT_FORM_LIST(FORM_ROW)
#undef FORM_ROW
};

const char *lmx_audit_form_text(lmx_audit_form form)
{
  size_t n = sizeof form_texts / sizeof form_texts[0];
  return (size_t)form < n ? form_texts[form] : "unknown form";
}

lmx_audit_options lmx_audit_defaults(void)
{
  return (lmx_audit_options){
      .d_min = 2, .d_max = 4, .seed = 1, .jets = 1000, .starts = 8};
}

/* What is known while the numbers of particles are gone through. */
typedef struct progress {
  double worst;  /* miss */
  bool failed;   /* a witness has been found */
  size_t wanted; /* jets */
} progress;

static bool fails(const lmx_audit_entry *entry, int d, double miss)
{
  double allowed = LMX_AUDIT_ROUNDING;
  if (entry->sides == NULL)
    allowed = LMX_AUDIT_RATIO_ROUNDING * fmax(1.0, fabs(entry->constant(d)));
  return !(miss <= allowed);
}

/* Without the rounding left where terms cancel. */
static double tidy(lmx_side side)
{
  return fabs(side.value) <= LMX_AUDIT_ROUNDING * side.scale ? 0.0 : side.value;
}

/* The simplest witness from x and a few random failures. */
static lmx_status choose(lmx_context *context, const lmx_audit_entry *entry,
                         lmx_audit_space *space, gsl_rng *rng, double *x)
{
  enum { TRIES = 16, POINTS = 10 };
  double *trial;
  LMX_TRY(LMX_NEW_ARRAY(context, 3 * space->n, &trial));
  lmx_audit_simplify(context, entry, space, x);
  for (int k = 0; k < TRIES; ++k) {
    double miss = lmx_audit_sample(context, entry, space, rng, POINTS, trial);
    if (!(miss > LMX_AUDIT_CLEAR))
      continue;
    lmx_audit_simplify(context, entry, space, trial);
    if (lmx_audit_simpler(space->n, trial, x))
      memcpy(x, trial, space->n * sizeof *x);
  }
  lmx_free(trial);
  return LMX_OK;
}

/* The witness, what both sides or the ratio are there, and N. */
static void describe(lmx_context *context, const lmx_audit_entry *entry,
                     lmx_audit_space *space, const double *x,
                     lmx_audit_result *out)
{
  char variables[240], found[120];
  lmx_audit_describe(space, x, variables, sizeof variables);
  lmx_audit_miss(context, entry, space, x);
  if (entry->sides != NULL) {
    lmx_side left, right;
    entry->sides(space->point, &left, &right);
    snprintf(found, sizeof found, "left %.10g, right %.10g", tidy(left),
             tidy(right));
  } else {
    snprintf(found, sizeof found, "ratio %.10g, not %s %.10g",
             entry->ratio(space->point),
             entry->lower ? ">=" : "<=", entry->constant(space->d));
  }
  size_t length = 0;
  if (entry->particles_max > 0)
    length = (size_t)snprintf(out->witness, sizeof out->witness, "N = %d, ",
                              space->particles);
  snprintf(out->witness + length, sizeof out->witness - length, "%s: %s",
           variables[0] != '\0' ? variables : "all 0", found);
}

static lmx_status with_particles(lmx_context *context,
                                 const lmx_audit_entry *entry, int d, int N,
                                 const lmx_audit_options *options, gsl_rng *rng,
                                 progress *state, lmx_audit_result *out)
{
  lmx_audit_space *space = NULL;
  double *x = NULL, worst;
  lmx_status status;
  size_t thin = entry->thin > 0 ? entry->thin : 1;
  size_t jets = (options->jets + thin - 1) / thin;
  LMX_TRY(lmx_audit_space_create(context, entry->blocks, d, N, &space));
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, 3 * space->n, &x), fail);
  worst = lmx_audit_sample(context, entry, space, rng, jets, x);
  out->jets += jets;
  if (entry->ratio != NULL && thin == 1) {
    double found = worst;
    double *best = NULL;
    LMX_TRY_GOTO(LMX_NEW_ARRAY(context, 3 * space->n, &best), fail);
    status =
        lmx_audit_search(context, entry, space, rng, options, &found, best);
    out->searches += options->starts;
    if (status == LMX_OK && found > worst) {
      worst = found;
      memcpy(x, best, space->n * sizeof *x);
    }
    lmx_free(best);
    if (status != LMX_OK)
      goto fail;
  }
  if (!(worst <= state->worst))
    state->worst = worst;
  if (fails(entry, d, worst) && !state->failed) {
    state->failed = true;
    LMX_TRY_GOTO(choose(context, entry, space, rng, x), fail);
    describe(context, entry, space, x, out);
  }
  status = LMX_OK;
fail:
  lmx_free(x);
  lmx_audit_space_destroy(&space);
  return status;
}

/* The sharp constant must be seen from below, to 1 %. */
static bool approached(const lmx_audit_result *r)
{
  return fabs(r->extreme - r->constant) <= 0.01 * fabs(r->constant);
}

static void judge(const lmx_audit_entry *entry, double worst,
                  lmx_audit_result *out)
{
  out->verdict = fails(entry, out->d, worst) ? LMX_FAILS : LMX_HOLDS;
  out->residual = out->extreme = out->constant = NAN;
  if (entry->sides != NULL) {
    out->residual = worst;
  } else {
    out->constant = entry->constant(out->d);
    out->extreme = out->constant + (entry->lower ? -worst : worst);
  }
  out->as_expected =
      out->verdict == out->expected && (!out->tight || approached(out));
}

static lmx_audit_result head(const lmx_audit_entry *entry, int d)
{
  return (lmx_audit_result){.id = entry->id,
                            .reference = entry->reference,
                            .statement = entry->statement,
                            .form = entry->form,
                            .d = d,
                            .lower = entry->lower,
                            .tight = entry->tight,
                            .expected = entry->expected};
}

lmx_status lmx_audit_entry_run(lmx_context *context,
                               const lmx_audit_entry *entry, int d,
                               const lmx_audit_options *options,
                               lmx_audit_result *out)
{
  int first = entry->particles_max > 0 ? entry->particles_min : 1;
  int last = entry->particles_max > 0 ? entry->particles_max : 1;
  progress state = {.worst = -INFINITY};
  lmx_status status = LMX_OK;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  if (rng == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory: random numbers");
  gsl_rng_set(rng, options->seed);
  lmx_audit_result result = head(entry, d);
  for (int N = first; N <= last && status == LMX_OK; ++N)
    status =
        with_particles(context, entry, d, N, options, rng, &state, &result);
  gsl_rng_free(rng);
  if (status != LMX_OK)
    return status;
  judge(entry, state.worst, &result);
  *out = result;
  return LMX_OK;
}

static lmx_status check_options(lmx_context *context,
                                const lmx_audit_options *o)
{
  if (o->d_min < LMX_AUDIT_MIN_DIMENSION || o->d_max < o->d_min ||
      o->d_max > LMX_AUDIT_MAX_DIMENSION)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "audit: dimensions %d to %d, allowed are %d to %d",
                    o->d_min, o->d_max, LMX_AUDIT_MIN_DIMENSION,
                    LMX_AUDIT_MAX_DIMENSION);
  if (o->jets < 1 || o->starts < 1 || o->jets > 1000000 || o->starts > 10000)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "audit: %zu jets and %zu starts, allowed are 1 to 1000000 "
                    "and 1 to 10000",
                    o->jets, o->starts);
  return LMX_OK;
}

/* The three parts of the list, one after the other. */
static const lmx_audit_entry *entry_at(size_t index)
{
  size_t sizes[3];
  const lmx_audit_entry *const parts[] = {lmx_audit_particles(&sizes[0]),
                                          lmx_audit_equation(&sizes[1]),
                                          lmx_audit_estimates(&sizes[2])};
  for (size_t k = 0; k < 3; ++k) {
    if (index < sizes[k])
      return &parts[k][index];
    index -= sizes[k];
  }
  return NULL;
}

/* The same ratio held against another constant needs no second search; unless
 * it fails there, for then a witness is wanted. */
static bool reuse(const lmx_audit_entry *entry, const lmx_audit_entry *previous,
                  const lmx_audit_result *found, lmx_audit_result *out)
{
  if (previous == NULL || entry->ratio == NULL ||
      entry->ratio != previous->ratio ||
      strcmp(entry->blocks, previous->blocks) != 0)
    return false;
  double excess = found->extreme - entry->constant(found->d);
  double miss = entry->lower ? -excess : excess;
  if (fails(entry, found->d, miss))
    return false;
  lmx_audit_result result = head(entry, found->d);
  result.jets = found->jets;
  result.searches = found->searches;
  judge(entry, miss, &result);
  *out = result;
  return true;
}

lmx_status lmx_audit_run(lmx_context *context, const lmx_audit_options *options,
                         lmx_audit **out)
{
  lmx_audit *audit;
  lmx_status status;
  size_t entries = 0;
  LMX_TRY(check_options(context, options));
  while (entry_at(entries) != NULL)
    ++entries;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &audit));
  audit->options = *options;
  size_t dimensions = (size_t)options->d_max - (size_t)options->d_min + 1;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, entries * dimensions, &audit->items),
               fail);
  for (int d = options->d_min; d <= options->d_max; ++d)
    for (size_t k = 0; k < entries; ++k) {
      const lmx_audit_entry *entry = entry_at(k);
      const lmx_audit_entry *previous = k > 0 ? entry_at(k - 1) : NULL;
      lmx_audit_result *item = &audit->items[audit->n];
      lmx_progress(context, "audit: d = %d, %s", d, entry->id);
      if (!reuse(entry, previous, item - 1, item))
        LMX_TRY_GOTO(lmx_audit_entry_run(context, entry, d, options, item),
                     fail);
      audit->unexpected += !item->as_expected;
      ++audit->n;
    }
  *out = audit;
  return LMX_OK;
fail:
  lmx_audit_destroy(&audit);
  return status;
}

void lmx_audit_destroy(lmx_audit **audit)
{
  if (audit == NULL || *audit == NULL)
    return;
  lmx_free((*audit)->items);
  lmx_free(*audit);
  *audit = NULL;
}
