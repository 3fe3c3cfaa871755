/* Integration through the output times, checkpoints, progress. */
#include "run/solving.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "case/identity.h"
#include "run/collapse.h"

/* Seconds and steps before which nothing is said about the time left: the first
 * steps are far too short. */
static const double told_after = 2.0;
static const long told_steps = 60;

typedef struct solving {
  lmx_context *context;
  const lmx_problem *problem;
  const lmx_case *source;
  const lmx_solver_options *options;
  lmx_solution *solution;
  lmx_solver *solver;
  lmx_solver_stats before; /* of the parts already done */
  double *state;           /* [size] scratch */
  const char *checkpoint;  /* NULL: none */
  double interval, saved_at, started, shown_at, t0, end;
  bool told;       /* observed->tell has been called */
  double per_step; /* seconds, when shown last */
  long shown_steps;
  double next; /* output time that is integrated to */
  lmx_observed *observed;
  double inside; /* seconds that watching took of those of the solver */
} solving;

lmx_status lmx_solving_start(lmx_context *context, const lmx_problem *problem,
                             const lmx_case *lmx_case_,
                             const lmx_axis_spec *axes,
                             const lmx_solver_options *options,
                             lmx_solution **out)
{
  const lmx_model *model = lmx_initial_model(problem->initial);
  lmx_grid *grid;
  lmx_solution *solution = NULL;
  double *u0 = NULL;
  lmx_status status;
  LMX_TRY(lmx_grid_create(context, model->d, problem->naxes,
                          axes != NULL ? axes : problem->axes, problem->order,
                          &grid));
  LMX_TRY(lmx_solution_create(context, model, lmx_initial_map(problem->initial),
                              options, grid, &solution));
  LMX_TRY_GOTO(lmx_solver_check_options(context, grid, options), fail);
  LMX_TRY_GOTO(lmx_case_identity(context, lmx_case_, LMX_PART_SOLUTION,
                                 solution->identity),
               fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, grid->size, &u0), fail);
  LMX_TRY_GOTO(lmx_initial_sample(context, problem->initial, grid, u0), fail);
  LMX_TRY_GOTO(lmx_solution_add(context, solution, 0.0, INFINITY, u0), fail);
  lmx_free(u0);
  *out = solution;
  return LMX_OK;
fail:
  lmx_free(u0);
  lmx_solution_destroy(&solution);
  return lmx_problem_locate(context, lmx_case_, "initial.kind", status);
}

/* stats = before + of this integration */
static void collect_stats(solving *s)
{
  lmx_solver_stats now, *sum = &s->solution->stats;
  lmx_solver_get_stats(s->solver, &now);
  *sum = s->before;
  sum->steps += now.steps;
  sum->rhs_evaluations += now.rhs_evaluations;
  sum->newton_iterations += now.newton_iterations;
  sum->newton_failures += now.newton_failures;
  sum->error_test_failures += now.error_test_failures;
  sum->krylov_iterations += now.krylov_iterations;
  sum->krylov_failures += now.krylov_failures;
  sum->jacobian_products += now.jacobian_products;
  sum->preconditioner_setups += now.preconditioner_setups;
  sum->preconditioner_solves += now.preconditioner_solves;
  sum->last_order = now.last_order;
  sum->last_step = now.last_step;
  sum->wall_seconds += now.wall_seconds - s->inside;
}

static lmx_status add_state(solving *s)
{
  lmx_solver_state(s->solver, s->state);
  collect_stats(s);
  return lmx_solution_add(s->context, s->solution, lmx_solver_time(s->solver),
                          lmx_solver_trust_radius(s->solver), s->state);
}

/* The states so far and the current one, whole on disk; memory is as
 * before. */
static lmx_status save(solving *s)
{
  size_t stored = s->solution->ntimes;
  double t = lmx_solver_time(s->solver);
  if (t > s->solution->times[stored - 1] && t <= s->next)
    LMX_TRY(add_state(s));
  lmx_status status =
      lmx_solution_write(s->context, s->solution, true, s->checkpoint);
  if (s->solution->ntimes > stored)
    lmx_solution_drop_last(s->solution);
  s->saved_at = lmx_seconds();
  return status;
}

/* "12 s", "3 min", "2 h" */
void lmx_describe_seconds(double seconds, char *out, size_t n)
{
  bool minutes = seconds >= 100.0, hours = seconds >= 6000.0;
  double unit = hours ? 3600.0 : minutes ? 60.0 : 1.0;
  snprintf(out, n, "%.0f %s", fmin(seconds / unit, 9999.0),
           hours     ? "h"
           : minutes ? "min"
                     : "s");
}

/* Steps to come until `end`, in units of the seconds that one takes now, if
 * these units shrink like t^(-1/2): steps grow, from in proportion to t at
 * first to not at all, and each takes more iterations than the one before.
 * Measured: docs/performance.md. */
static double steps_left(double t, double end, double step)
{
  if (!(t > 0.0) || !(step > 0.0) || t >= end)
    return 0.0;
  return 2.0 * t / step * (sqrt(end / t) - 1.0);
}

/* Seconds of a step, of late. */
static double seconds_per_step(solving *s, double now, long steps)
{
  double taken =
      (now - s->shown_at) / fmax((double)(steps - s->shown_steps), 1);
  s->per_step = s->per_step > 0.0 ? 0.7 * s->per_step + 0.3 * taken : taken;
  s->shown_steps = steps;
  return s->per_step;
}

/* Whether the steps have found their length. */
static bool known(const solving *s, double now, long steps)
{
  return now - s->started >= told_after && steps >= told_steps;
}

/* "  12 s left" */
static void describe_left(double left, char *out, size_t n)
{
  char time[32];
  lmx_describe_seconds(left, time, sizeof time);
  snprintf(out, n, "  %s left", time);
}

/* Every fifth of a second: the progress line, and once who is to be told. */
static void show_progress(solving *s)
{
  double now = lmx_seconds(), t = lmx_solver_time(s->solver);
  bool tell = s->observed->tell != NULL && !s->told;
  if ((!lmx_progress_wanted(s->context) && !tell) || now - s->shown_at < 0.2)
    return;
  lmx_solver_stats stats;
  lmx_solver_get_stats(s->solver, &stats);
  double per_step = seconds_per_step(s, now, stats.steps);
  double left =
      per_step * steps_left(t - s->t0, s->end - s->t0, stats.last_step);
  char text[48] = "";
  if (known(s, now, stats.steps))
    describe_left(left, text, sizeof text);
  lmx_progress(s->context, "t = %.4g of %.4g  step %.2e  order %d%s",
               fmin(t, s->end), s->end, stats.last_step, stats.last_order,
               text);
  s->shown_at = now;
  if (tell && known(s, now, stats.steps)) {
    s->told = true;
    s->observed->tell(s->observed->user, now - s->started + left);
  }
}

static lmx_status save_when_due(solving *s)
{
  bool due = s->checkpoint != NULL && lmx_seconds() - s->saved_at > s->interval;
  return due ? save(s) : LMX_OK;
}

/* What watching takes is none of the solve's time. */
static lmx_status watch_step(solving *s)
{
  if (s->observed->watch == NULL)
    return LMX_OK;
  double start = lmx_seconds();
  lmx_solver_state(s->solver, s->state);
  lmx_status status =
      lmx_watch_step(s->observed->watch, lmx_solver_time(s->solver), s->state);
  double seconds = lmx_seconds() - start;
  s->inside += seconds;
  s->observed->seconds += seconds;
  return status;
}

/* The state that was just stored. */
static lmx_status watch_output(solving *s)
{
  if (s->observed->watch == NULL)
    return LMX_OK;
  double start = lmx_seconds();
  lmx_status status = lmx_watch_output(s->observed->watch, s->state);
  s->observed->seconds += lmx_seconds() - start;
  return status;
}

/* A step that passes the next output time is not saved before that state is
 * among the stored ones: a resumed run would go on behind it. */
static lmx_status after_step(void *user, lmx_solver *solver)
{
  solving *s = user;
  LMX_TRY(watch_step(s));
  show_progress(s);
  return lmx_solver_time(solver) < s->next ? save_when_due(s) : LMX_OK;
}

/* Work ended before its time: keeps what was reached and says so. */
static lmx_status keep_what_is_done(solving *s, lmx_status status)
{
  char why[LMX_MESSAGE_SIZE];
  double t = lmx_solver_time(s->solver);
  snprintf(why, sizeof why, "%s", lmx_context_message(s->context));
  LMX_TRY(save(s));
  return lmx_fail(s->context, status,
                  "%s; the states up to t = %.6g are in %s%s", why, t,
                  s->checkpoint,
                  status == LMX_INTERRUPTED ? ", continue with --resume" : "");
}

static lmx_status advance(solving *s, double t)
{
  lmx_status status = lmx_solver_advance(s->context, s->solver, t);
  if (status == LMX_ERR_NUMERICS && lmx_solver_collapsed(s->solver))
    return lmx_collapse_explain(s->context, s->problem, s->source, s->options,
                                s->solution, s->solver, &s->observed->corner);
  return status;
}

static lmx_status integrate(solving *s)
{
  for (size_t i = 0; i < s->source->noutputs; ++i) {
    s->next = s->source->outputs[i];
    if (s->next <= s->t0)
      continue;
    lmx_status status = advance(s, s->next);
    bool stopped = status == LMX_INTERRUPTED || status == LMX_ERR_NUMERICS;
    if (stopped && s->checkpoint != NULL)
      return keep_what_is_done(s, status);
    LMX_TRY(status);
    LMX_TRY(add_state(s));
    LMX_TRY(watch_output(s));
    LMX_TRY(save_when_due(s));
  }
  return LMX_OK;
}

lmx_status lmx_solving_continue(
    lmx_context *context, const lmx_problem *problem, const lmx_case *lmx_case_,
    const lmx_solver_options *options, bool transient, const char *checkpoint,
    double interval, lmx_observed *observed, lmx_solution *solution)
{
  size_t last = solution->ntimes - 1, size = solution->grid->size;
  solving s = {.context = context,
               .problem = problem,
               .source = lmx_case_,
               .options = options,
               .solution = solution,
               .before = solution->stats,
               .checkpoint = checkpoint,
               .observed = observed,
               .interval = interval,
               .t0 = solution->times[last],
               .end = lmx_case_->outputs[lmx_case_->noutputs - 1]};
  s.saved_at = s.started = s.shown_at = lmx_seconds();
  lmx_status status = LMX_NEW_ARRAY(context, size, &s.state);
  if (status != LMX_OK)
    return status;
  LMX_TRY_GOTO(lmx_solver_create(context, &solution->model, solution->grid,
                                 options, s.t0, solution->u[last], &s.solver),
               done);
  if (transient)
    lmx_solution_drop_last(solution);
  lmx_solver_set_step_callback(s.solver, after_step, &s);
  status = integrate(&s);
done:
  lmx_solver_destroy(&s.solver);
  lmx_free(s.state);
  return status;
}

static bool wants(const lmx_case *c, const char *id)
{
  bool wanted = c->nchecks == 0; /* all */
  for (size_t i = 0; i < c->nchecks; ++i)
    wanted = wanted || strcmp(c->checks[i], id) == 0;
  return wanted;
}

lmx_status lmx_observed_begin(lmx_context *context, const lmx_case *lmx_case_,
                              const lmx_solution *solution, lmx_observed *out)
{
  double start = lmx_seconds(), *times, last = solution->times[0];
  *out = (lmx_observed){0};
  if (solution->ntimes > 1 || last > 0.0 || !wants(lmx_case_, "error-bar"))
    return LMX_OK;
  lmx_check_input input = {.model = &solution->model,
                           .grid = solution->grid,
                           .formulation = solution->formulation,
                           .radius = lmx_case_->radius,
                           .ntimes = 1,
                           .u = (const double *const *)solution->u};
  LMX_TRY(LMX_NEW_ARRAY(context, lmx_case_->noutputs + 1, &times));
  for (size_t i = 0; i < lmx_case_->noutputs; ++i)
    if (lmx_case_->outputs[i] > last)
      times[input.ntimes++] = lmx_case_->outputs[i];
  input.times = times;
  lmx_status status = lmx_watch_create(context, &input, &out->watch);
  lmx_free(times);
  out->seconds = lmx_seconds() - start;
  return status;
}

void lmx_observed_end(lmx_observed *observed, lmx_solution *solution)
{
  if (observed->watch != NULL && solution != NULL)
    solution->record = lmx_watch_take_record(observed->watch);
  lmx_watch_destroy(&observed->watch);
}

lmx_status lmx_problem_solve_watched(lmx_context *context,
                                     const lmx_problem *problem,
                                     const lmx_case *lmx_case_,
                                     const lmx_axis_spec *axes,
                                     const lmx_solver_options *options,
                                     bool watched, lmx_solution **out)
{
  lmx_solution *solution;
  lmx_observed observed = {0};
  lmx_status status;
  LMX_TRY(
      lmx_solving_start(context, problem, lmx_case_, axes, options, &solution));
  if (watched)
    LMX_TRY_GOTO(lmx_observed_begin(context, lmx_case_, solution, &observed),
                 fail);
  LMX_TRY_GOTO(lmx_solving_continue(context, problem, lmx_case_, options, false,
                                    NULL, 0.0, &observed, solution),
               fail);
  lmx_observed_end(&observed, solution);
  *out = solution;
  return LMX_OK;
fail:
  lmx_observed_end(&observed, NULL);
  lmx_solution_destroy(&solution);
  return status;
}

lmx_status lmx_problem_solve(lmx_context *context, const lmx_problem *problem,
                             const lmx_case *lmx_case_,
                             const lmx_axis_spec *axes,
                             const lmx_solver_options *options,
                             lmx_solution **out)
{
  return lmx_problem_solve_watched(context, problem, lmx_case_, axes, options,
                                   false, out);
}
