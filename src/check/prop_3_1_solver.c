/* Proposition 3.1 through the solver. */
#include "check/prop_3_1.h"

#include <math.h>

#include "landaumax/solve.h"

/* The absolute tolerance over the relative one; what the difference of two
 * solutions may fall below 0, in units of the tolerance. */
static const double absolute = 0.01, allowance = 10.0;
enum { STAGES = 2 };

/* Largest difference that another order of the differences makes to d_t u in
 * the ball. */
static lmx_status find_doubt(lmx_context *context, const lmx_model *model,
                             const lmx_grid *grid, double radius, double t,
                             const double *u, double *out)
{
  double *rate, *doubt = NULL, r;
  LMX_TRY(LMX_NEW_ARRAY(context, grid->size, &rate));
  lmx_status status = LMX_NEW_ARRAY(context, grid->size, &doubt);
  if (status == LMX_OK)
    status = lmx_log_rates(context, model, grid, t, u, rate, doubt);
  *out = 0.0;
  for (size_t i = 0;
       status == LMX_OK && lmx_check_ball_next(grid, radius, &i, &r); ++i)
    *out = fmax(*out, doubt[i]);
  lmx_free(rate);
  lmx_free(doubt);
  return status;
}

/* What the differences of the coarse grid may be wrong by until `end`, at the
 * rates of t, for both solutions. */
static lmx_status grant_differences(lmx_context *context,
                                    const lmx_model *model,
                                    const lmx_grid *grid, double radius,
                                    double t, lmx_ordered *o)
{
  double one, two;
  LMX_TRY(find_doubt(context, model, grid, radius, t, o->u1, &one));
  LMX_TRY(find_doubt(context, model, grid, radius, t, o->u2, &two));
  o->differences = fmax(o->differences, o->end * (one + two));
  return LMX_OK;
}

static void look(const lmx_grid *grid, double radius, double t, lmx_ordered *o)
{
  double r, deepest = 0.0, least = INFINITY;
  o->points = 0;
  for (size_t i = 0; lmx_check_ball_next(grid, radius, &i, &r); ++i) {
    double difference = o->u2[i] - o->u1[i] + o->source * t;
    deepest = fmax(deepest, fabs(o->u1[i]));
    o->largest = fmax(o->largest, difference);
    if (!(difference >= least))
      least = difference;
    ++o->points;
  }
  /* at t = 0 the grid has had no time to be wrong */
  double granted = allowance * o->rtol * (absolute + deepest) +
                   (t > 0.0 ? o->differences : 0.0);
  if (!(least >= -granted))
    o->violated = true;
  o->granted = fmax(o->granted, granted);
  o->least = fmin(o->least, least);
}

static lmx_status advance(lmx_context *context, lmx_solver *solver, double t,
                          double *u)
{
  LMX_TRY(lmx_solver_advance(context, solver, t));
  lmx_solver_state(solver, u);
  return LMX_OK;
}

lmx_status lmx_ordered_solve(lmx_context *context, const lmx_model *model,
                             const lmx_grid *grid, double radius,
                             lmx_ordered *o)
{
  const lmx_solver_options options = {
      .formulation = LMX_FORMULATION_LOG,
      /* the lapped one is dear to set up, on grids this coarse */
      .preconditioner = LMX_PRECONDITIONER_DIAGONAL,
      .rtol = o->rtol,
      .atol = absolute * o->rtol};
  lmx_solver *one = NULL, *two = NULL;
  lmx_status status;
  o->least = INFINITY;
  o->largest = -INFINITY;
  look(grid, radius, 0.0, o);
  LMX_TRY_GOTO(grant_differences(context, model, grid, radius, 0.0, o), done);
  LMX_TRY_GOTO(
      lmx_solver_create(context, model, grid, &options, 0.0, o->u1, &one),
      done);
  LMX_TRY_GOTO(
      lmx_solver_create(context, model, grid, &options, 0.0, o->u2, &two),
      done);
  for (int stage = 1; stage <= STAGES; ++stage) {
    double t = o->end * stage / STAGES;
    LMX_TRY_GOTO(advance(context, one, t, o->u1), done);
    LMX_TRY_GOTO(advance(context, two, t, o->u2), done);
    LMX_TRY_GOTO(grant_differences(context, model, grid, radius, t, o), done);
    look(grid, radius, t, o);
  }
done:
  lmx_solver_destroy(&one);
  lmx_solver_destroy(&two);
  o->failed = status == LMX_ERR_NUMERICS;
  return o->failed ? LMX_OK : status;
}

bool lmx_ordered_holds(const lmx_ordered *o)
{
  return !o->failed && !o->violated;
}

void lmx_ordered_growing(const lmx_grid *grid, double growth, double *u1,
                         double *u2)
{
  double r;
  for (size_t i = 0; lmx_check_ball_next(grid, INFINITY, &i, &r); ++i) {
    double r2 = r * r;
    u2[i] = growth * r2 - lmx_log_maxwellian(grid->d, r2);
    u1[i] = u2[i] + log1p(-r2 / ((1.0 + r2) * (1.0 + r2)));
  }
}
