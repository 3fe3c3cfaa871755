/* `landaumax particles`: an experiment in a run directory. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "case/identity.h"
#include "core/hash.h"
#include "landaumax/run.h"
#include "run/folder.h"
#include "run/keep.h"
#include "run/output.h"
#include "run/solving.h"

static const char closing[] =
    "Statistical verdicts are wrong with the probability that their notes "
    "state, and beyond that only by the time step: a result that decides "
    "should be repeated with half the step.";

typedef struct work {
  lmx_context *context;
  lmx_case *source;
  const lmx_run_options *options;
  lmx_problem *problem; /* its initial data; no axes */
  lmx_problem *solved;  /* the same with a grid, for the rates; else NULL */
  char tag[96];         /* of the checkpoint: case, data and seed */
  lmx_experiment *experiment;
  lmx_rates *rates; /* NULL: not asked for */
  lmx_check_results *results;
  lmx_run_folder claimed;
  char *checkpoint; /* path; NULL: nothing is saved */
  lmx_moment_data moments;
  double rounding;
  double seconds_setup, seconds_solve, seconds_check;
} work;

static void clear(work *w)
{
  lmx_check_results_destroy(&w->results);
  lmx_rates_destroy(&w->rates);
  lmx_experiment_destroy(&w->experiment);
  lmx_problem_destroy(&w->problem);
  lmx_problem_destroy(&w->solved);
  lmx_free(w->checkpoint);
  lmx_run_folder_release(&w->claimed);
}

static lmx_status create_experiment(work *w)
{
  const lmx_case *c = w->source;
  const lmx_experiment_spec spec = {.nsystems = c->nsystems,
                                    .systems = c->systems,
                                    .nnumbers = c->nnumbers,
                                    .numbers = c->numbers,
                                    .replicas = (size_t)c->replicas,
                                    .step = c->particle_step,
                                    .scheme = c->scheme,
                                    .seed = (uint64_t)c->seed,
                                    .threads = c->threads,
                                    .ntimes = c->noutputs,
                                    .times = c->outputs,
                                    .rounding = w->rounding,
                                    .moments = &w->moments};
  return lmx_experiment_create(w->context, w->problem->initial, &spec,
                               &w->experiment);
}

static lmx_status create_rates(work *w)
{
  const lmx_case *c = w->source;
  const lmx_rates_spec spec = {.nnumbers = c->nnumbers,
                               .numbers = c->numbers,
                               .replicas = (size_t)c->replicas,
                               .t = c->end,
                               .step = c->particle_step,
                               .seed = (uint64_t)c->seed,
                               .threads = c->threads,
                               .rounding = w->rounding,
                               .moments = &w->moments};
  return lmx_rates_create(w->context, w->problem->initial, &spec, &w->rates);
}

/* What is to be solved for the rates, up to its first state: whatever is wrong
 * with the grid is found before anything is simulated. */
static lmx_status prepare_solve(work *w)
{
  lmx_solution *first;
  LMX_TRY(lmx_problem_create(w->context, w->source, &w->solved));
  LMX_TRY(lmx_solving_start(w->context, w->solved, w->source, NULL,
                            &w->source->solver, &first));
  lmx_solution_destroy(&first);
  return LMX_OK;
}

static lmx_status create(work *w)
{
  if (w->source->rates)
    LMX_TRY(lmx_problem_locate(w->context, w->source, "particles.rates",
                               create_rates(w)));
  return lmx_problem_locate(w->context, w->source, "particles",
                            create_experiment(w));
}

/* The data of a table is what its file holds, wherever that is. */
static lmx_status hash_table(work *w, unsigned long *out)
{
  char *path, *data;
  size_t bytes;
  *out = 0;
  if (w->source->initial_path == NULL)
    return LMX_OK;
  LMX_TRY(lmx_path_join(w->context, w->source->initial_path, LMX_SOLUTION_NAME,
                        &path));
  lmx_status status = lmx_file_read(w->context, path, &data, &bytes);
  lmx_free(path);
  LMX_TRY(status);
  *out = (unsigned long)lmx_fnv1a64(data, bytes);
  lmx_free(data);
  return LMX_OK;
}

static lmx_status make_tag(work *w)
{
  char identity[LMX_IDENTITY_SIZE];
  unsigned long table;
  LMX_TRY(
      lmx_case_identity(w->context, w->source, LMX_PART_PARTICLES, identity));
  LMX_TRY(hash_table(w, &table));
  snprintf(w->tag, sizeof w->tag, "particles %s %016lx", identity, table);
  return LMX_OK;
}

static lmx_status claim(work *w)
{
  LMX_TRY(make_tag(w));
  const char *folder = w->options->folder;
  LMX_TRY(lmx_run_folder_claim(w->context, folder, w->source, false,
                               w->options->resume, &w->claimed));
  return lmx_path_join(w->context, w->claimed.work, LMX_PARTICLES_NAME,
                       &w->checkpoint);
}

/* --- simulating ------------------------------------------------------------
 */

/* The experiment's numbers behind their count, then those of the rates. */
static lmx_status save(work *w)
{
  lmx_status status;
  double *simulated = NULL, *rates = NULL, *state = NULL;
  size_t n, m = 0;
  if (w->checkpoint == NULL)
    return LMX_OK;
  LMX_TRY(lmx_experiment_save(w->context, w->experiment, &n, &simulated));
  if (w->rates != NULL)
    LMX_TRY_GOTO(lmx_rates_save(w->context, w->rates, &m, &rates), done);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(w->context, 1 + n + m, &state), done);
  state[0] = (double)n;
  memcpy(state + 1, simulated, n * sizeof *state);
  if (m > 0)
    memcpy(state + 1 + n, rates, m * sizeof *state);
  status =
      lmx_numbers_write(w->context, w->checkpoint, w->tag, 1 + n + m, state);
done:
  lmx_free(simulated);
  lmx_free(rates);
  lmx_free(state);
  return status;
}

static bool all_finite(size_t n, const double *x)
{
  bool finite = true;
  for (size_t i = 0; i < n; ++i)
    finite = finite && isfinite(x[i]);
  return finite;
}

static lmx_status restore_from(work *w, size_t all, const double *state)
{
  if (!all_finite(all, state))
    return lmx_fail(w->context, LMX_ERR_IO,
                    "%s is damaged: a number in it is not finite",
                    w->checkpoint);
  size_t n = all > 0 && state[0] >= 0.0 && state[0] < (double)all
                 ? (size_t)state[0]
                 : all; /* which no experiment has */
  if (all == 0 || n == all)
    return lmx_fail(w->context, LMX_ERR_IO, "%s is damaged", w->checkpoint);
  LMX_TRY(lmx_experiment_restore(w->context, w->experiment, n, state + 1));
  if (w->rates == NULL)
    return LMX_OK;
  return lmx_rates_restore(w->context, w->rates, all - 1 - n, state + 1 + n);
}

static lmx_status restore(work *w)
{
  double *state;
  size_t n;
  LMX_TRY(lmx_numbers_read(w->context, w->checkpoint, w->tag, &n, &state));
  lmx_status status = restore_from(w, n, state);
  lmx_free(state);
  return status;
}

static lmx_status stop(work *w)
{
  lmx_experiment_place p;
  if (w->checkpoint == NULL)
    return lmx_fail(w->context, LMX_INTERRUPTED,
                    "interrupted while tolerances were measured");
  LMX_TRY(save(w));
  lmx_experiment_place_now(w->experiment, &p);
  return lmx_fail(w->context, LMX_INTERRUPTED,
                  "interrupted in simulation %zu of %zu at t = %.6g; --resume "
                  "continues from %s",
                  p.index, p.count, p.t, w->checkpoint);
}

static void show(work *w, double started)
{
  lmx_experiment_place p;
  lmx_experiment_place_now(w->experiment, &p);
  lmx_progress(w->context,
               "%s  N = %zu  t = %.4g  simulation %zu of %zu  %.0f s",
               lmx_particle_system_name(p.system), p.N, p.t, p.index, p.count,
               lmx_seconds() - started);
}

static lmx_status simulate(work *w)
{
  double started = lmx_seconds(), saved = started, shown = 0.0;
  bool done = false;
  if (w->checkpoint != NULL && w->options->resume &&
      lmx_folder_has(w->claimed.work, LMX_PARTICLES_NAME))
    LMX_TRY(restore(w));
  while (!done) {
    if (lmx_context_interrupted(w->context))
      return stop(w);
    LMX_TRY(lmx_experiment_advance(w->context, w->experiment, &done));
    double now = lmx_seconds();
    if (now - shown > 0.2) {
      show(w, started);
      shown = now;
    }
    if (now - saved > w->options->checkpoint_interval) {
      LMX_TRY(save(w));
      saved = now;
    }
  }
  w->seconds_solve = lmx_seconds() - started;
  return LMX_OK;
}

/* --- reporting -------------------------------------------------------------
 */

enum { ABOUT = 1600 };

static void add(char *about, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static void add(char *about, const char *format, ...)
{
  size_t used = strlen(about);
  va_list args;
  va_start(args, format);
  vsnprintf(about + used, ABOUT - used, format, args);
  va_end(args);
}

/* How the particles were drawn from data without a closed form. */
static void describe_drawing(const work *w, char *about)
{
  lmx_drawing drawing;
  lmx_experiment_drawing(w->experiment, &drawing);
  if (drawing.rejection)
    add(about,
        " Initial particles are drawn by rejection under a bound of log f on "
        "%zu cells, acceptance %.3f; about %.1e of the mass is beyond them.",
        drawing.cells, drawing.acceptance, drawing.outside);
}

static void describe(const work *w, char *about)
{
  const lmx_case *c = w->source;
  const lmx_model *model = lmx_initial_model(w->problem->initial);
  about[0] = '\0';
  add(about,
      "Particles in dimension d = %d, independent at t = 0 with initial "
      "data of kind \"%s\" and E(0) = diag(",
      model->d, lmx_initial_kind_name(c->initial.kind));
  for (int a = 0; a < model->d; ++a)
    add(about, "%s%.4g", a == 0 ? "" : ", ",
        lmx_model_temperature(model, a, 0.0));
  add(about, "), in normalised coordinates. Systems:");
  for (size_t i = 0; i < c->nsystems; ++i)
    add(about, "%s %s", i == 0 ? "" : ",",
        lmx_particle_system_name(c->systems[i]));
  add(about, ". N =");
  for (size_t i = 0; i < c->nnumbers; ++i)
    add(about, "%s %zu", i == 0 ? "" : ",", c->numbers[i]);
  add(about,
      "; %d replicas of each to t = %.6g, steps of %g at most (%s), seed "
      "%" PRId64 " (Philox4x32-10). In %zu steps the coefficients could not be "
      "extrapolated.",
      c->replicas, c->end, c->particle_step, lmx_scheme_name(c->scheme),
      c->seed, lmx_experiment_fallbacks(w->experiment));
  describe_drawing(w, about);
}

/* --- rates ------------------------------------------------------------------
 */

/* The computed solution at its last time. */
typedef struct solved {
  lmx_context *context;
  lmx_solution *solution;
} solved;

static lmx_status log_f(void *user, const double *v, double *out)
{
  const solved *s = user;
  const lmx_solution *f = s->solution;
  return lmx_interpolate_value(s->context, f->grid, f->u[f->ntimes - 1], v,
                               out);
}

static lmx_status measure(work *w, solved *s)
{
  bool done = false;
  LMX_TRY(save(w)); /* the simulations that are done */
  while (!done) {
    LMX_TRY(lmx_rates_advance(w->context, w->rates, log_f, s, &done));
    LMX_TRY(save(w));
  }
  return lmx_rates_conclude(w->context, w->rates, log_f, s, w->results);
}

static lmx_status rates(work *w)
{
  solved s = {.context = w->context};
  lmx_status status = lmx_problem_solve(w->context, w->solved, w->source, NULL,
                                        &w->source->solver, &s.solution);
  if (status == LMX_OK)
    status = measure(w, &s);
  lmx_solution_destroy(&s.solution);
  return lmx_problem_locate(w->context, w->source, "particles.rates", status);
}

/* --- the report -------------------------------------------------------------
 */

static void fill_systems(const lmx_case *c, char *out, size_t n)
{
  size_t used = 0;
  for (size_t i = 0; i < c->nsystems && used < n; ++i)
    used += (size_t)snprintf(out + used, n - used, "%s%s", i == 0 ? "" : ", ",
                             lmx_particle_system_name(c->systems[i]));
}

/* The report, but for what its members point to. */
static lmx_report make_report(const work *w)
{
  const lmx_case *c = w->source;
  return (lmx_report){.case_path = c->path,
                      .title = c->title,
                      .command = "particles",
                      .dimension = c->dimension,
                      .closing = closing,
                      .checks = w->results,
                      .seconds_setup = w->seconds_setup,
                      .seconds_solve = w->seconds_solve,
                      .seconds_check = w->seconds_check};
}

static lmx_status write_reports(work *w)
{
  const lmx_case *c = w->source;
  const lmx_model *model = lmx_initial_model(w->problem->initial);
  char about[ABOUT], systems[200];
  double *N, E[LMX_MAX_DIMENSION];
  describe(w, about);
  fill_systems(c, systems, sizeof systems);
  for (int a = 0; a < model->d; ++a)
    E[a] = lmx_model_temperature(model, a, 0.0);
  LMX_TRY(LMX_NEW_ARRAY(w->context, c->nnumbers, &N));
  for (size_t i = 0; i < c->nnumbers; ++i)
    N[i] = (double)c->numbers[i];
  const lmx_report_input inputs[] = {
      {.key = "systems", .text = systems},
      {.key = "particles", .n = c->nnumbers, .numbers = N},
      {.key = "replicas", .number = c->replicas},
      {.key = "seed", .integer = c->seed},
      {.key = "end", .number = c->end},
      {.key = "step", .number = c->particle_step},
      {.key = "scheme", .text = lmx_scheme_name(c->scheme)},
      {.key = "temperatures", .n = (size_t)model->d, .numbers = E},
      {.key = "fallbacks",
       .number = (double)lmx_experiment_fallbacks(w->experiment)}};
  lmx_report report = make_report(w);
  report.about = about;
  report.ninputs = sizeof inputs / sizeof *inputs;
  report.inputs = inputs;
  lmx_status status = lmx_output_reports(w->context, &w->claimed, &report);
  lmx_free(N);
  return status;
}

static lmx_status judge(work *w)
{
  LMX_TRY(lmx_experiment_conclude(w->context, w->experiment, &w->results));
  if (w->rates == NULL)
    return LMX_OK;
  lmx_status status = rates(w);
  return status == LMX_INTERRUPTED ? stop(w) : status;
}

/* All that takes long. */
static lmx_status compute(work *w)
{
  LMX_TRY(simulate(w));
  double start = lmx_seconds();
  LMX_TRY(judge(w));
  w->seconds_check = lmx_seconds() - start;
  return LMX_OK;
}

/* The exchange removes the checkpoint. */
static lmx_status conclude(work *w)
{
  LMX_TRY(save(w)); /* whatever keeps the rest from being written */
  LMX_TRY(lmx_run_folder_stage(w->context, &w->claimed));
  LMX_TRY(lmx_output_tables(w->context, &w->claimed, w->results));
  LMX_TRY(write_reports(w));
  return lmx_output_finish(w->context, w->source, &w->claimed,
                           w->options->plots);
}

/* --- results that are kept ------------------------------------------------
 */

/* Rounding of the initial velocities: as much as that of a thousand steps. */
static const double units = 64.0;

static lmx_status again(lmx_context *context, void *user, unsigned k,
                        lmx_check_results **out)
{
  work w = *(const work *)user; /* its problem borrowed */
  (void)k;                      /* it is done once */
  w.context = context;
  w.experiment = NULL;
  w.rates = NULL;
  w.results = NULL;
  w.checkpoint = NULL;
  w.rounding = units * DBL_EPSILON;
  lmx_status status = create(&w);
  if (status == LMX_OK)
    status = simulate(&w);
  if (status == LMX_OK)
    status = judge(&w);
  if (status == LMX_OK)
    *out = w.results;
  else
    lmx_check_results_destroy(&w.results);
  lmx_rates_destroy(&w.rates);
  lmx_experiment_destroy(&w.experiment);
  return status;
}

static lmx_status keep(work *w, lmx_keep *how)
{
  const lmx_case *c = w->source;
  const lmx_kept kept = {.head = {.kind = LMX_REFERENCE_PARTICLES,
                                  .title = c->title,
                                  .dimension = c->dimension,
                                  .end = c->end,
                                  .radius = NAN},
                         .results = w->results,
                         .rtol = 1e-8,
                         .atol = 1e-10,
                         .times = 1,
                         .again = again,
                         .user = w};
  return lmx_keep_results(w->context, &kept, w->options->folder, how);
}

static lmx_status run(work *w, lmx_keep *how, lmx_run_summary *summary)
{
  double start = lmx_seconds();
  LMX_TRY(lmx_keep_prepare(w->context, how));
  LMX_TRY(lmx_problem_create_moments(w->context, w->source, &w->problem,
                                     &w->moments));
  if (w->source->rates)
    LMX_TRY(lmx_problem_locate(w->context, w->source, "particles.rates",
                               prepare_solve(w)));
  LMX_TRY(create(w));
  w->seconds_setup = lmx_seconds() - start;
  LMX_TRY(claim(w));
  LMX_TRY(lmx_run_folder_note_failure(w->context, &w->claimed, compute(w)));
  LMX_TRY(conclude(w));
  lmx_status status =
      lmx_output_verdict(w->context, w->options->folder, w->results, summary);
  summary->seconds_solve = w->seconds_solve;
  if (how == NULL || (status != LMX_OK && status != LMX_CHECK_FAILED))
    return status;
  return keep(w, how);
}

lmx_status lmx_run_particles(lmx_context *context, lmx_case *lmx_case_,
                             const lmx_run_options *options,
                             lmx_keep *keep_results, lmx_run_summary *summary)
{
  work w = {.context = context,
            .source = lmx_case_,
            .options = options,
            .claimed.lock = -1};
  lmx_status status = run(&w, keep_results, summary);
  clear(&w);
  return status;
}
