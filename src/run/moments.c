/* `landaumax moments`: the run directory of exact moments. */
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "landaumax/moment.h"
#include "run/folder.h"
#include "run/growth.h"
#include "run/keep.h"
#include "run/moments.h"
#include "run/output.h"
#include "run/solving.h"

enum { INPUTS = 7 };

typedef struct work {
  lmx_context *context;
  lmx_case *source;
  const lmx_moments_options *options;
  lmx_problem *problem;
  lmx_moment_data data;
  lmx_hessian_table growth; /* n = 0: B(s) is not known */
  lmx_check_results *section5, *theorem, *tables, *all;
  lmx_run_folder claimed;
  lmx_report report;
  char about[1200];
  lmx_report_input inputs[INPUTS];
} work;

static void clear(work *w)
{
  lmx_problem_destroy(&w->problem);
  lmx_hessian_table_clear(&w->growth);
  lmx_check_results_destroy(&w->section5);
  lmx_check_results_destroy(&w->theorem);
  lmx_check_results_destroy(&w->tables);
  lmx_check_results_destroy(&w->all);
  lmx_run_folder_release(&w->claimed);
}

static bool is_maxwellian(const work *w)
{
  size_t n;
  lmx_initial_components(w->problem->initial, &n);
  for (int a = 0; a < w->data.d; ++a)
    if (fabs(w->data.E[a] - 1.0) > 1e-14)
      return false;
  return n == 1;
}

/* --- results ---------------------------------------------------------- */

static lmx_status compute(work *w)
{
  const lmx_case *c = w->source;
  LMX_TRY(lmx_section5_run(w->context, &w->data, c->nparticles, c->particles,
                           &w->section5));
  LMX_TRY(lmx_moments_tables(w->context, &w->data, c, &w->tables));
  if (w->growth.n == 0)
    return LMX_OK;
  const lmx_hessian_growth growth = {
      .n = w->growth.n,
      .times = w->growth.times,
      .B = w->growth.B,
      .radius = w->growth.radius,
      .start_on_space = w->growth.start_on_space,
      .unbounded = w->growth.unbounded[0] != 0 ? w->growth.unbounded : NULL};
  return lmx_theorem_1_7_run(w->context, &w->data, c->nparticles, c->particles,
                             &growth, &w->theorem);
}

/* Moves results and tables from one list behind those of another. */
static void move(lmx_check_results *from, lmx_check_results *to)
{
  if (from == NULL)
    return;
  for (size_t i = 0; i < from->n; ++i)
    to->items[to->n++] = from->items[i];
  for (size_t i = 0; i < from->ntables; ++i)
    to->tables[to->ntables++] = from->tables[i];
  from->ntables = 0;
}

static lmx_status gather(work *w)
{
  lmx_check_results *parts[] = {w->tables, w->section5, w->theorem};
  size_t n = 0, ntables = 0;
  for (int i = 0; i < 3; ++i)
    if (parts[i] != NULL) {
      n += parts[i]->n;
      ntables += parts[i]->ntables;
    }
  LMX_TRY(LMX_NEW_ARRAY(w->context, 1, &w->all));
  LMX_TRY(LMX_NEW_ARRAY(w->context, n, &w->all->items));
  LMX_TRY(LMX_NEW_ARRAY(w->context, ntables, &w->all->tables));
  for (int i = 0; i < 3; ++i)
    move(parts[i], w->all);
  return LMX_OK;
}

/* --- report ----------------------------------------------------------- */

static const char closing[] =
    "The left sides are exact for independent particles with this initial law, "
    "up to rounding. \"holds\" means that the ratio of both sides is bounded "
    "on "
    "the times and N looked at, by the constant given as value, and has "
    "stopped "
    "growing at both ends: evidence, not proof. \"fails\" means that it grows "
    "without bound; each witness can be computed by hand. Sums over i != j != "
    "k are read as over pairwise distinct indices and are divided by N to the "
    "number of indices; a and b stand for alpha and beta, E for E_alpha(t).";

static void describe(work *w)
{
  size_t used;
  const lmx_case *c = w->source;
  char *out = w->about;
  snprintf(out, sizeof w->about,
           "Exact moments of degree 4 and less of the N-particle systems "
           "(1.3), (1.7) and of (1.8) with independent noises, in dimension d "
           "= %d, for independent particles with initial data of kind \"%s\", "
           "M_4(0) = %.10g and E(0) = diag(",
           w->data.d, lmx_initial_kind_name(c->initial.kind),
           lmx_moment_data_fourth(&w->data));
  for (int a = 0; a < w->data.d; ++a) {
    used = strlen(out);
    snprintf(out + used, sizeof w->about - used, "%s%.6g", a > 0 ? ", " : "",
             w->data.E[a]);
  }
  used = strlen(out);
  snprintf(out + used, sizeof w->about - used, "). Numbers of particles: ");
  for (size_t i = 0; i < c->nparticles; ++i) {
    used = strlen(out);
    snprintf(out + used, sizeof w->about - used,
             isfinite(c->particles[i]) ? "%s%.6g" : "%sinfinity",
             i > 0 ? ", " : "", c->particles[i]);
  }
  used = strlen(out);
  if (w->data.error > 0.0)
    snprintf(out + used, sizeof w->about - used,
             ". The fourth moments come from a quadrature that gives mass and "
             "second moments to %.1e.",
             w->data.error);
  else
    snprintf(out + used, sizeof w->about - used, ".");
}

/* What the page of the report shows and programs may want to know. The last
 * two are there only with B(s), and with a run it comes from. */
static void fill_inputs(work *w)
{
  const lmx_case *c = w->source;
  const lmx_report_input inputs[INPUTS] = {
      {.key = "particles", .n = c->nparticles, .numbers = c->particles},
      {.key = "temperatures", .n = (size_t)w->data.d, .numbers = w->data.E},
      {.key = "M_4", .number = lmx_moment_data_fourth(&w->data)},
      {.key = "quadrature_error", .number = w->data.error},
      {.key = "lln_slope", .number = lmx_lln_slope(w->data.d)},
      {.key = "hessian_radius", .number = w->growth.radius}, /* or infinite */
      {.key = "hessian_run", .text = w->options->run}};
  memcpy(w->inputs, inputs, sizeof inputs);
  w->report.inputs = w->inputs;
  w->report.ninputs = w->options->run != NULL ? INPUTS
                      : w->growth.n > 0       ? INPUTS - 1
                                              : INPUTS - 2;
}

static void fill_report(work *w)
{
  describe(w);
  fill_inputs(w);
  w->report.command = "moments";
  w->report.case_path = w->source->path;
  w->report.title = w->source->title;
  w->report.dimension = w->data.d;
  w->report.about = w->about;
  w->report.closing = closing;
  w->report.kind = w->source->initial.kind;
  w->report.checks = w->all;
}

/* What is printed is made before the folder is exchanged: without memory for it
 * the finished run stays as it was. */
static lmx_status write_all(work *w, char **out)
{
  double start = lmx_seconds();
  LMX_TRY(lmx_run_folder_stage(w->context, &w->claimed));
  LMX_TRY(lmx_output_tables(w->context, &w->claimed, w->all));
  fill_report(w);
  w->report.seconds_write = lmx_seconds() - start;
  LMX_TRY(lmx_output_reports(w->context, &w->claimed, &w->report));
  LMX_TRY(w->options->json ? lmx_report_json(w->context, &w->report, out)
                           : lmx_report_verdicts(w->context, &w->report, out));
  lmx_status status =
      lmx_output_finish(w->context, w->source, &w->claimed, w->options->plots);
  if (status != LMX_OK) {
    lmx_free(*out);
    *out = NULL;
  }
  return status;
}

static lmx_status run(work *w, char **out)
{
  double start = lmx_seconds();
  LMX_TRY(lmx_keep_prepare(w->context, w->options->keep));
  LMX_TRY(
      lmx_problem_create_moments(w->context, w->source, &w->problem, &w->data));
  if (w->options->run != NULL)
    LMX_TRY(lmx_hessian_table_read(w->context, w->options->run,
                                   w->problem->initial, &w->growth));
  else if (is_maxwellian(w))
    LMX_TRY(lmx_hessian_table_maxwellian(w->context, w->source, &w->growth));
  LMX_TRY(lmx_run_folder_claim(w->context, w->options->folder, w->source, false,
                               false, &w->claimed));
  double ready = lmx_seconds();
  LMX_TRY(compute(w));
  LMX_TRY(gather(w));
  w->report.seconds_setup = ready - start;
  w->report.seconds_check = lmx_seconds() - ready;
  return write_all(w, out);
}

/* --- results that are kept --------------------------------------------- */

/* Rounding of the moments of f0, in units of the last place. */
static const double units = 4.0;

/* Random rounding of x, always the same for the k-th number. */
static double rounded(double x, unsigned k)
{
  return x *
         (1.0 + units * DBL_EPSILON * (fmod(0.618034 * (k + 1), 1.0) - 0.5));
}

static lmx_status again(lmx_context *context, void *user, unsigned time,
                        lmx_check_results **out)
{
  work w = *(const work *)user; /* its problem and growth borrowed */
  unsigned k = 100 * time;
  w.context = context;
  w.section5 = w.theorem = w.tables = w.all = NULL;
  for (int a = 0; a < w.data.d; ++a)
    w.data.E[a] = rounded(w.data.E[a], k++);
  for (int a = 0; a < w.data.d; ++a)
    for (int b = 0; b <= a; ++b)
      w.data.Q[a * w.data.d + b] = w.data.Q[b * w.data.d + a] =
          rounded(w.data.Q[a * w.data.d + b], k++);
  lmx_status status = compute(&w);
  if (status == LMX_OK)
    status = gather(&w);
  if (status == LMX_OK)
    *out = w.all;
  else
    lmx_check_results_destroy(&w.all);
  lmx_check_results_destroy(&w.section5);
  lmx_check_results_destroy(&w.theorem);
  lmx_check_results_destroy(&w.tables);
  return status;
}

static lmx_status keep(work *w)
{
  const lmx_case *c = w->source;
  const lmx_kept kept = {.head = {.kind = LMX_REFERENCE_MOMENTS,
                                  .title = c->title,
                                  .dimension = w->data.d,
                                  .end = c->end,
                                  .radius = NAN},
                         .results = w->all,
                         .rtol = 1e-12,
                         .atol = 1e-14,
                         .times = 4,
                         .again = again,
                         .user = w};
  return lmx_keep_results(w->context, &kept, w->options->folder,
                          w->options->keep);
}

static lmx_status conclude(work *w, lmx_run_summary *summary)
{
  lmx_status status =
      lmx_output_verdict(w->context, w->options->folder, w->all, summary);
  if (w->options->keep == NULL ||
      (status != LMX_OK && status != LMX_CHECK_FAILED))
    return status;
  return keep(w);
}

lmx_status lmx_moments(lmx_context *context, lmx_case *lmx_case_,
                       const lmx_moments_options *options, char **out,
                       lmx_run_summary *summary)
{
  work w = {.context = context,
            .source = lmx_case_,
            .options = options,
            .claimed.lock = -1};
  lmx_status status = run(&w, out);
  if (status == LMX_OK)
    status = conclude(&w, summary);
  clear(&w);
  return status;
}
