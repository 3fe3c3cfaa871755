/* `landaumax run` and `landaumax check`: the run directory. */
#include "landaumax/run.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "case/identity.h"
#include "io/page_write.h"
#include "io/plot_tables.h"
#include "run/accuracy.h"
#include "run/checking.h"
#include "run/fit.h"
#include "run/folder.h"
#include "run/output.h"
#include "run/solving.h"

/* A run in progress: everything a stage hands to the next. */
typedef struct work {
  lmx_context *context;
  lmx_case *source;
  lmx_problem *problem;
  lmx_solution *solution;
  lmx_check_results *checks;
  const char *folder;
  lmx_run_folder claimed; /* locked while this runs */
  char *checkpoint;       /* path in claimed.work */
  double watched;         /* seconds that watching the solve took */
  bool corner;            /* the steps collapsed in a corner of the box */
  lmx_report report;
} work;

static void clear(work *w)
{
  lmx_problem_destroy(&w->problem);
  lmx_solution_destroy(&w->solution);
  lmx_check_results_destroy(&w->checks);
  lmx_free(w->checkpoint);
  lmx_run_folder_release(&w->claimed);
}

static lmx_status read_solution(work *w, const char *folder, const char *name)
{
  char *path;
  bool checkpoint, wanted = strcmp(name, LMX_CHECKPOINT_NAME) == 0;
  LMX_TRY(lmx_path_join(w->context, folder, name, &path));
  lmx_status status =
      lmx_solution_read(w->context, path, &checkpoint, &w->solution);
  lmx_free(path);
  if (status == LMX_OK && checkpoint != wanted)
    return lmx_fail(w->context, LMX_ERR_USAGE,
                    "%s/%s: is a %s that was renamed; solve the case again",
                    folder, name, checkpoint ? "checkpoint" : "whole solution");
  return status;
}

/* The file says of which case it is. */
static lmx_status same_case(work *w, const char *folder, const char *name)
{
  char identity[LMX_IDENTITY_SIZE];
  LMX_TRY(
      lmx_case_identity(w->context, w->source, LMX_PART_SOLUTION, identity));
  if (strcmp(identity, w->solution->identity) == 0)
    return LMX_OK;
  return lmx_fail(
      w->context, LMX_ERR_USAGE,
      "%s/%s: belongs to another case than %s beside it: initial data, "
      "grid, times or solver differ; put back what was there, or solve the "
      "case "
      "again in another folder",
      folder, name, LMX_CASE_NAME);
}

/* A table may have changed where its case has not: the first state must be the
 * data. They are computed alike, but perhaps on another machine. */
static lmx_status same_data(work *w, const char *folder, const char *name)
{
  const lmx_solution *s = w->solution;
  double *u, worst = 0.0;
  LMX_TRY(LMX_NEW_ARRAY(w->context, s->grid->size, &u));
  lmx_status status =
      lmx_initial_sample(w->context, w->problem->initial, s->grid, u);
  for (size_t i = 0; status == LMX_OK && i < s->grid->size; ++i) {
    double apart = fabs(u[i] - s->u[0][i]) / (1.0 + fabs(u[i]));
    worst = apart <= worst ? worst : apart; /* NaN is worst */
  }
  lmx_free(u);
  if (status == LMX_OK && !(worst <= 1e-8))
    status =
        lmx_fail(w->context, LMX_ERR_USAGE,
                 "%s/%s: its state at t = 0 is not the initial data of the "
                 "case, log f is off by %.2g: the data has changed since",
                 folder, name, worst);
  return status;
}

/* The stored states must live on the case's grid: either file may have been
 * edited or exchanged since. */
static lmx_status same_grid(work *w, const char *folder, const char *name)
{
  const lmx_problem *p = w->problem;
  const lmx_grid *grid = w->solution->grid;
  bool same = grid->d == w->source->dimension && grid->naxes == p->naxes &&
              grid->order == p->order &&
              w->solution->formulation == w->source->solver.formulation;
  for (int a = 0; same && a < p->naxes; ++a) {
    const lmx_axis *axis = &grid->axis[a];
    same = axis->kind == p->axes[a].kind && axis->points == p->axes[a].points &&
           fabs(axis->half_width - p->axes[a].half_width) <=
               1e-12 * axis->half_width;
  }
  if (same)
    return LMX_OK;
  return lmx_fail(w->context, LMX_ERR_USAGE,
                  "%s/%s: its dimension, grid or formulation is not that of "
                  "the case in %s",
                  folder, name, LMX_CASE_NAME);
}

static lmx_status fits(work *w, const char *folder, const char *name)
{
  LMX_TRY(same_grid(w, folder, name));
  LMX_TRY(same_case(w, folder, name));
  return same_data(w, folder, name);
}

static bool is_output(const lmx_case *c, double t)
{
  for (size_t i = 0; i < c->noutputs; ++i)
    if (c->outputs[i] == t)
      return true;
  return false;
}

/* Puts what an earlier run reached in the place of the initial state. */
static lmx_status resume_from(work *w, const char *name)
{
  lmx_solution_destroy(&w->solution);
  LMX_TRY(read_solution(w, w->claimed.work, name));
  return fits(w, w->claimed.work, name);
}

/* From the last state on. `transient`: as for lmx_solving_continue. */
static lmx_status integrate_watched(work *w, const lmx_run_options *options,
                                    bool transient)
{
  const lmx_case *c = w->source;
  lmx_observed observed;
  lmx_status status = lmx_observed_begin(w->context, c, w->solution, &observed);
  if (status == LMX_OK)
    status = lmx_solving_continue(
        w->context, w->problem, c, &c->solver, transient, w->checkpoint,
        options->checkpoint_interval, &observed, w->solution);
  lmx_observed_end(&observed, status == LMX_OK ? w->solution : NULL);
  w->corner = observed.corner;
  w->watched = observed.seconds;
  return status;
}

static lmx_status integrate(work *w, const lmx_run_options *options)
{
  const lmx_case *c = w->source;
  if (options->resume && lmx_folder_has(w->claimed.work, LMX_CHECKPOINT_NAME))
    LMX_TRY(resume_from(w, LMX_CHECKPOINT_NAME));
  double last = w->solution->times[w->solution->ntimes - 1];
  return last < c->end ? integrate_watched(w, options, !is_output(c, last))
                       : LMX_OK;
}

/* From the initial state, with the axes and points that the case now has. */
static lmx_status start_again(work *w)
{
  char *text;
  lmx_case *c = w->source;
  for (int a = 0; a < w->problem->naxes; ++a)
    w->problem->axes[a].points = c->points[a];
  lmx_solution_destroy(&w->solution);
  LMX_TRY(lmx_solving_start(w->context, w->problem, c, NULL, &c->solver,
                            &w->solution));
  unlink(w->checkpoint); /* of the grid of before */
  LMX_TRY(lmx_case_print(w->context, c, &text));
  lmx_status status =
      lmx_run_folder_write(w->context, w->claimed.work, LMX_CASE_NAME, text);
  lmx_free(text);
  return status;
}

/* A coarser solve, which says how long this takes, this one, and how far they
 * are apart: the estimate is 0 where nobody chose the grid for its accuracy,
 * and infinite where the coarser solve stopped. */
static lmx_status integrate_estimated(work *w, const lmx_run_options *options,
                                      double *estimate)
{
  lmx_pilot pilot = {0};
  const lmx_case *c = w->source;
  *estimate = 0.0;
  if (!c->points_fitted)
    return integrate(w, options);
  LMX_TRY(lmx_pilot_solve(w->context, w->problem, c, &pilot));
  w->report.seconds_setup += pilot.seconds;
  lmx_accuracy_announce(w->context, &pilot);
  lmx_status status = integrate(w, options);
  if (status == LMX_OK && pilot.coarse != NULL)
    status =
        lmx_pilot_compare(w->context, &pilot, w->solution, c->radius, estimate);
  else
    *estimate = INFINITY;
  lmx_pilot_clear(&pilot);
  return status;
}

/* Where the steps collapsed in a corner of the box and nobody asked for these
 * axes, the ball may do: whether to try it. */
static bool take_ball(work *w, lmx_status status)
{
  lmx_case *c = w->source;
  if (status != LMX_ERR_NUMERICS || !w->corner || !c->axes_found)
    return false;
  size_t points[LMX_MAX_AXES];
  memcpy(points, c->points, sizeof points);
  points[0] *= 2;
  if (c->points_fitted && !lmx_fit_allows(c, points))
    return false;
  lmx_problem_take_ball(w->problem, c);
  lmx_notice(w->context,
             "The steps collapsed in a corner of the box: solving again on "
             "the ball |v| <= %g, which has none.",
             lmx_grid_radius(w->solution->grid));
  return true;
}

/* On finer grids until the estimate is what the case asks for, or does not
 * fall any more, or the grid would be too large. */
static lmx_status integrate_accurately(work *w, const lmx_run_options *options)
{
  enum { MOST = 3 };
  double asked = w->source->accuracy, estimate, before = INFINITY;
  int refinements = 0;
  for (;;) {
    lmx_status status = integrate_estimated(w, options, &estimate);
    if (take_ball(w, status)) {
      LMX_TRY(start_again(w));
      continue;
    }
    LMX_TRY(status);
    bool enough = estimate <= asked || refinements == MOST ||
                  (isfinite(before) && estimate > 0.5 * before);
    if (enough || !lmx_accuracy_refine(w->source, estimate))
      break;
    lmx_notice(w->context,
               "The error of log f is about %.1e, asked for was %.1e: solving "
               "again on a finer grid.",
               estimate, asked);
    LMX_TRY(start_again(w));
    before = estimate;
    ++refinements;
  }
  w->solution->estimate = isfinite(estimate) ? estimate : 0.0;
  w->solution->refinements = refinements;
  return LMX_OK;
}

/* Leaves the whole solution in the folder. */
static lmx_status solve_all(work *w, const lmx_run_options *options)
{
  char *path;
  LMX_TRY(integrate_accurately(w, options));
  LMX_TRY(lmx_path_join(w->context, w->claimed.work, LMX_SOLUTION_NAME, &path));
  lmx_status status = lmx_solution_write(w->context, w->solution, false, path);
  lmx_free(path);
  return status;
}

/* The solution on disk is then complete. */
static lmx_status solve(work *w, const lmx_run_options *options)
{
  const char *folder = w->claimed.work;
  LMX_TRY(
      lmx_path_join(w->context, folder, LMX_CHECKPOINT_NAME, &w->checkpoint));
  if (options->resume && lmx_folder_has(folder, LMX_SOLUTION_NAME))
    LMX_TRY(resume_from(w, LMX_SOLUTION_NAME));
  else
    LMX_TRY(solve_all(w, options));
  unlink(w->checkpoint); /* of no more use */
  return LMX_OK;
}

lmx_status lmx_solution_check(lmx_context *context, const lmx_case *lmx_case_,
                              const lmx_problem *problem,
                              const lmx_solution *solution,
                              lmx_check_results **out)
{
  const lmx_case *c = lmx_case_;
  return lmx_output_check(context, c, problem, solution, c->nchecks,
                          c->nchecks > 0 ? c->checks : NULL, out);
}

static lmx_status write_reports(work *w)
{
  lmx_report *r = &w->report;
  r->case_path = w->source->path;
  r->title = w->source->title;
  r->solution = w->solution;
  r->kind = lmx_initial_get_kind(w->problem->initial);
  r->moments_error = lmx_initial_accuracy(w->problem->initial);
  r->exact_name =
      w->problem->exact != NULL ? lmx_exact_name(w->problem->exact) : NULL;
  r->radius = w->source->radius;
  r->accuracy = w->source->accuracy;
  r->checks = w->checks;
  return lmx_output_reports(w->context, &w->claimed, r);
}

static lmx_status verdict(const work *w, lmx_run_summary *summary)
{
  lmx_status status =
      lmx_output_verdict(w->context, w->folder, w->checks, summary);
  summary->seconds_solve = w->report.seconds_solve;
  lmx_solution_describe_accuracy(w->solution, w->source->accuracy,
                                 w->source->radius, summary->accuracy,
                                 sizeof summary->accuracy);
  return status;
}

/* What follows the solution: checks, tables and reports, in a stage. */
static lmx_status conclude(work *w)
{
  double start = lmx_seconds();
  LMX_TRY(lmx_solution_check(w->context, w->source, w->problem, w->solution,
                             &w->checks));
  double checked = lmx_seconds();
  LMX_TRY(lmx_run_folder_stage(w->context, &w->claimed));
  LMX_TRY(lmx_output_tables(w->context, &w->claimed, w->checks));
  w->report.seconds_solve = w->solution->stats.wall_seconds;
  w->report.seconds_check = checked - start + w->watched;
  w->report.seconds_write = lmx_seconds() - checked;
  return write_reports(w);
}

static lmx_status check_and_draw(work *w, const lmx_run_options *options)
{
  LMX_TRY(conclude(w));
  return lmx_output_finish(w->context, w->source, &w->claimed, options->plots);
}

/* Says what is on disk when work ended after the solution was written. */
static lmx_status solution_is_kept(work *w, lmx_status status)
{
  char why[LMX_MESSAGE_SIZE];
  if (status == LMX_OK || status == LMX_ERR_IO)
    return status;
  snprintf(why, sizeof why, "%s", lmx_context_message(w->context));
  return lmx_fail(w->context, status,
                  "%s; the solution is complete in %s/%s, --resume does the "
                  "rest",
                  why, w->claimed.work, LMX_SOLUTION_NAME);
}

/* A resumed run goes on with the grid that it had when it was stopped: it may
 * have refined it or taken the ball. Whether the rest of the case is the same
 * is seen when the folder is claimed. */
static void take_grid_of(work *w, const char *folder)
{
  char *path;
  lmx_case *stored, *c = w->source;
  if (!lmx_folder_has(folder, LMX_CASE_NAME) ||
      lmx_path_join(w->context, folder, LMX_CASE_NAME, &path) != LMX_OK)
    return;
  if (lmx_case_load(w->context, path, 0, NULL, &stored) == LMX_OK) {
    bool same = stored->npoints == c->npoints && stored->naxes == c->naxes;
    if (same && c->axes_found && stored->axes[0] == LMX_AXIS_FULL &&
        c->axes[0] != LMX_AXIS_FULL)
      lmx_problem_take_ball(w->problem, c);
    for (int a = 0; a < c->naxes && same && c->points_fitted; ++a)
      w->problem->axes[a].points = c->points[a] = stored->points[a];
    lmx_case_destroy(&stored);
  }
  lmx_free(path);
}

static lmx_status take_stored_grid(work *w)
{
  char *attempt;
  LMX_TRY(lmx_path_join(w->context, w->folder, LMX_ATTEMPT_NAME, &attempt));
  take_grid_of(w, lmx_folder_has(attempt, LMX_CASE_NAME) ? attempt : w->folder);
  lmx_free(attempt);
  return LMX_OK;
}

/* Everything that can be wrong with the case is found before the folder is
 * touched. */
static lmx_status run(work *w, const lmx_run_options *options,
                      lmx_run_summary *summary)
{
  double start = lmx_seconds();
  LMX_TRY(lmx_problem_create(w->context, w->source, &w->problem));
  if (options->resume)
    LMX_TRY(take_stored_grid(w));
  LMX_TRY(lmx_fit_warn(w->context, w->problem->initial, w->source));
  LMX_TRY(lmx_solving_start(w->context, w->problem, w->source, NULL,
                            &w->source->solver, &w->solution));
  w->report.seconds_setup = lmx_seconds() - start;
  LMX_TRY(lmx_run_folder_claim(w->context, w->folder, w->source, true,
                               options->resume, &w->claimed));
  LMX_TRY(
      lmx_run_folder_note_failure(w->context, &w->claimed, solve(w, options)));
  LMX_TRY(solution_is_kept(w, check_and_draw(w, options)));
  LMX_TRY(verdict(w, summary));
  return lmx_accuracy_judge(w->context, w->source, w->solution->estimate);
}

lmx_status lmx_run(lmx_context *context, lmx_case *lmx_case_,
                   const lmx_run_options *options, lmx_run_summary *summary)
{
  work w = {.context = context,
            .source = lmx_case_,
            .folder = options->folder,
            .claimed.lock = -1};
  lmx_status status = run(&w, options, summary);
  clear(&w);
  return status;
}

static lmx_status require_run(const work *w)
{
  if (lmx_folder_has(w->folder, LMX_CASE_NAME))
    return LMX_OK;
  return lmx_fail(w->context, LMX_ERR_IO, "%s is not a run directory: no %s",
                  w->folder, LMX_CASE_NAME);
}

/* The case of a run directory. */
static lmx_status load_case(work *w)
{
  char *path;
  LMX_TRY(require_run(w));
  LMX_TRY(lmx_path_join(w->context, w->folder, LMX_CASE_NAME, &path));
  lmx_status status = lmx_case_load(w->context, path, 0, NULL, &w->source);
  lmx_free(path);
  return status;
}

static lmx_status require_finished(const work *w, const char *name)
{
  if (lmx_folder_has(w->folder, name))
    return LMX_OK;
  if (lmx_folder_has(w->folder, LMX_FAILED_NAME))
    return lmx_fail(w->context, LMX_ERR_IO,
                    "%s has no %s: the run is not finished, it failed for the "
                    "reason in %s/%s",
                    w->folder, name, w->folder, LMX_FAILED_NAME);
  return lmx_fail(w->context, LMX_ERR_IO,
                  "%s has no %s: the run is not finished, continue it with "
                  "`landaumax run CASE.toml --out %s --resume`",
                  w->folder, name, w->folder);
}

/* Of a finished run whose case is loaded. */
static lmx_status read_run(work *w)
{
  double start = lmx_seconds();
  LMX_TRY(lmx_problem_create(w->context, w->source, &w->problem));
  w->report.seconds_setup = lmx_seconds() - start;
  LMX_TRY(read_solution(w, w->folder, LMX_SOLUTION_NAME));
  return fits(w, w->folder, LMX_SOLUTION_NAME);
}

lmx_status lmx_run_open(lmx_context *context, const char *folder,
                        lmx_case **source, lmx_problem **problem,
                        lmx_solution **solution)
{
  work w = {.context = context, .folder = folder};
  lmx_status status = lmx_run_folder_complete(context, folder);
  if (status == LMX_OK)
    status = load_case(&w);
  if (status == LMX_OK)
    status = require_finished(&w, LMX_SOLUTION_NAME);
  if (status == LMX_OK)
    status = read_run(&w);
  *source = w.source;
  *problem = w.problem;
  *solution = w.solution;
  return status;
}

static lmx_status check_again(work *w, lmx_checked_fn *look, void *user,
                              lmx_run_summary *summary)
{
  LMX_TRY(require_run(w));
  LMX_TRY(lmx_run_folder_lock(w->context, w->folder, &w->claimed));
  LMX_TRY(load_case(w));
  LMX_TRY(require_finished(w, LMX_SOLUTION_NAME));
  LMX_TRY(read_run(w));
  LMX_TRY(conclude(w));
  LMX_TRY(lmx_run_folder_exchange(w->context, &w->claimed));
  const lmx_checked_run run = {w->source, w->problem, w->solution, w->checks};
  if (look != NULL)
    LMX_TRY(look(w->context, &run, user));
  return verdict(w, summary);
}

lmx_status lmx_run_check_then(lmx_context *context, const char *folder,
                              lmx_checked_fn *look, void *user,
                              lmx_run_summary *summary)
{
  work w = {.context = context, .folder = folder};
  lmx_status status = check_again(&w, look, user, summary);
  clear(&w);
  lmx_case_destroy(&w.source);
  return status;
}

lmx_status lmx_run_check(lmx_context *context, const char *folder,
                         lmx_run_summary *summary)
{
  return lmx_run_check_then(context, folder, NULL, NULL, summary);
}

static lmx_status draw_again(work *w, const char *plots)
{
  LMX_TRY(require_run(w));
  LMX_TRY(lmx_run_folder_lock(w->context, w->folder, &w->claimed));
  LMX_TRY(load_case(w));
  LMX_TRY(require_finished(w, "report.json"));
  LMX_TRY(lmx_run_folder_stage(w->context, &w->claimed));
  LMX_TRY(lmx_plot_tables(w->context, w->folder, w->claimed.stage, plots,
                          w->source->figures_format));
  LMX_TRY(lmx_page_write_over(w->context, w->folder, w->claimed.stage));
  return lmx_run_folder_exchange(w->context, &w->claimed);
}

lmx_status lmx_run_plot(lmx_context *context, const char *folder,
                        const char *plots)
{
  work w = {.context = context, .folder = folder, .claimed.lock = -1};
  lmx_status status = draw_again(&w, plots);
  clear(&w);
  lmx_case_destroy(&w.source);
  return status;
}
