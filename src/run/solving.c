/* Integration through the output times, checkpoints, progress. */
#include "run/solving.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

typedef struct solving {
  lmx_context *context;
  lmx_solution *solution;
  lmx_solver *solver;
  lmx_solver_stats before; /* of the parts already done */
  double *state;           /* [size] scratch */
  const char *checkpoint;  /* NULL: none */
  double interval, saved_at, shown_at, began_at, t0, end;
  double next; /* output time that is integrated to */
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
  sum->wall_seconds += now.wall_seconds;
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
static void describe_seconds(double seconds, char *out, size_t n)
{
  bool minutes = seconds >= 100.0, hours = seconds >= 6000.0;
  double unit = hours ? 3600.0 : minutes ? 60.0 : 1.0;
  snprintf(out, n, "%.0f %s", fmin(seconds / unit, 9999.0),
           hours     ? "h"
           : minutes ? "min"
                     : "s");
}

static void show_progress(solving *s)
{
  double now = lmx_seconds(), t = lmx_solver_time(s->solver);
  if (!lmx_progress_wanted(s->context) || now - s->shown_at < 0.2)
    return;
  lmx_solver_stats stats;
  lmx_solver_get_stats(s->solver, &stats);
  /* Steps grow as u decays: time left at the present pace is an upper
   * estimate, so show the smaller of present and average pace. */
  double average = (now - s->began_at) / fmax(t - s->t0, 1e-300);
  double present = (now - s->began_at) / (double)(stats.steps + 1) /
                   fmax(stats.last_step, 1e-300);
  char left[32];
  describe_seconds(fmax(s->end - t, 0.0) * fmin(average, present), left,
                   sizeof left);
  lmx_progress(s->context, "t = %.4g of %.4g  step %.2e  order %d  %s left",
               fmin(t, s->end), s->end, stats.last_step, stats.last_order,
               left);
  s->shown_at = now;
}

static lmx_status save_when_due(solving *s)
{
  bool due = s->checkpoint != NULL && lmx_seconds() - s->saved_at > s->interval;
  return due ? save(s) : LMX_OK;
}

/* A step that passes the next output time is not saved before that state is
 * among the stored ones: a resumed run would go on behind it. */
static lmx_status after_step(void *user, lmx_solver *solver)
{
  solving *s = user;
  show_progress(s);
  return lmx_solver_time(solver) < s->next ? save_when_due(s) : LMX_OK;
}

/* Work ended before its time: keeps what was reached and says so. */
static lmx_status keep_what_is_done(solving *s, lmx_status status)
{
  char why[512];
  double t = lmx_solver_time(s->solver);
  snprintf(why, sizeof why, "%s", lmx_context_message(s->context));
  size_t n = strlen(why);
  if (n > 0 && why[n - 1] == '.') /* CVODE speaks in sentences */
    why[n - 1] = '\0';
  LMX_TRY(save(s));
  return lmx_fail(s->context, status,
                  "%s; the states up to t = %.6g are in %s%s", why, t,
                  s->checkpoint,
                  status == LMX_INTERRUPTED ? ", continue with --resume" : "");
}

static lmx_status integrate(solving *s, size_t noutputs, const double *outputs)
{
  for (size_t i = 0; i < noutputs; ++i) {
    if (outputs[i] <= s->t0)
      continue;
    s->next = outputs[i];
    lmx_status status = lmx_solver_advance(s->context, s->solver, outputs[i]);
    bool stopped = status == LMX_INTERRUPTED || status == LMX_ERR_NUMERICS;
    if (stopped && s->checkpoint != NULL)
      return keep_what_is_done(s, status);
    LMX_TRY(status);
    LMX_TRY(add_state(s));
    LMX_TRY(save_when_due(s));
  }
  return LMX_OK;
}

lmx_status lmx_solving_continue(lmx_context *context,
                                const lmx_solver_options *options,
                                size_t noutputs, const double *outputs,
                                bool transient, const char *checkpoint,
                                double interval, lmx_solution *solution)
{
  size_t last = solution->ntimes - 1, size = solution->grid->size;
  solving s = {.context = context,
               .solution = solution,
               .before = solution->stats,
               .checkpoint = checkpoint,
               .interval = interval,
               .t0 = solution->times[last],
               .end = outputs[noutputs - 1]};
  s.saved_at = s.shown_at = s.began_at = lmx_seconds();
  lmx_status status = LMX_NEW_ARRAY(context, size, &s.state);
  if (status != LMX_OK)
    return status;
  LMX_TRY_GOTO(lmx_solver_create(context, &solution->model, solution->grid,
                                 options, s.t0, solution->u[last], &s.solver),
               done);
  if (transient)
    lmx_solution_drop_last(solution);
  lmx_solver_set_step_callback(s.solver, after_step, &s);
  status = integrate(&s, noutputs, outputs);
done:
  lmx_solver_destroy(&s.solver);
  lmx_free(s.state);
  return status;
}

lmx_status lmx_problem_solve(lmx_context *context, const lmx_problem *problem,
                             const lmx_case *lmx_case_,
                             const lmx_axis_spec *axes,
                             const lmx_solver_options *options,
                             lmx_solution **out)
{
  lmx_solution *solution;
  LMX_TRY(
      lmx_solving_start(context, problem, lmx_case_, axes, options, &solution));
  lmx_status status =
      lmx_solving_continue(context, options, lmx_case_->noutputs,
                           lmx_case_->outputs, false, NULL, 0.0, solution);
  if (status != LMX_OK) {
    lmx_solution_destroy(&solution);
    return status;
  }
  *out = solution;
  return LMX_OK;
}
