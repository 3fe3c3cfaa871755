#include "run/collapse.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* A blow-up starts where log f changes fastest and spreads. Where the grid
 * resolves the data it has not come nearer to the origin than this part of
 * that distance: the largest rates there are those of t = 0 or less. */
static const double untouched = 0.6;

/* The grid is called too coarse if differences of two orders differ by more
 * than this part of the largest rate, at t = 0 or now. Measured on 40 solves
 * that collapse: at least 1e-2 on the eleven that more points help, at most
 * 4e-4 on those that something else stops; this is the middle. */
static const double coarse = 2e-3;

/* Spacings on a ball may differ by this factor: on two formulas with waves up
 * to the edge, 96 points and half width 9, factors from 1 to 1.5 are solved,
 * 1.75 and 2 collapse, the sooner the more points there are. */
static const double uneven = 1.6;

/* More points by this factor are proposed: the work grows by 3 to 4 on two
 * axes, and another message follows where that is not enough. */
static const double finer = 1.5;

/* The density form is worth naming if its trust radius is at least this part
 * of that of the checked ball. */
static const double worthwhile = 0.5;

typedef struct text {
  char words[LMX_MESSAGE_SIZE];
  size_t used;
} text;

static void add(text *out, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void add(text *out, const char *format, ...)
{
  va_list args;
  size_t room = sizeof out->words - out->used;
  va_start(args, format);
  int n = vsnprintf(out->words + out->used, room, format, args);
  va_end(args);
  if (n > 0)
    out->used += (size_t)n < room ? (size_t)n : room - 1;
}

/* What was measured. */
typedef struct finding {
  const lmx_problem *problem;
  const lmx_case *source;
  const lmx_solver_options *options;
  const lmx_solution *solution;
  double *rate, *doubt, *state; /* [size] scratch */
  double v[LMX_MAX_DIMENSION];  /* where the rate is largest ... */
  double r, largest, at_first;  /* ... |v|, the rate, the largest at t = 0 */
  bool corner;                  /* ... which is beyond the largest ball */
  double within, unknown;       /* share of the rates within a radius that two
                                   orders give differently, at t = 0 or now */
} finding;

static double norm_at(const lmx_grid *grid, size_t index, double *v)
{
  double r2 = 0.0;
  lmx_grid_point(grid, index, v);
  for (int a = 0; a < grid->naxes; ++a)
    r2 += v[a] * v[a];
  return sqrt(r2);
}

/* --- measuring -------------------------------------------------------- */

static void find_place(finding *f)
{
  const lmx_grid *grid = f->solution->grid;
  double v[LMX_MAX_DIMENSION];
  f->largest = -1.0;
  for (size_t i = 0; i < grid->size; ++i)
    if (lmx_grid_active(grid, i) && fabs(f->rate[i]) > f->largest) {
      f->largest = fabs(f->rate[i]);
      f->r = norm_at(grid, i, v);
      memcpy(f->v, v, sizeof f->v);
    }
}

static double largest_rate(const finding *f)
{
  const lmx_grid *grid = f->solution->grid;
  double top = 0.0;
  for (size_t i = 0; i < grid->size; ++i)
    if (lmx_grid_active(grid, i))
      top = fmax(top, fabs(f->rate[i]));
  return top;
}

/* Largest doubt over largest rate, where the blow-up has not been yet. */
static double share_unknown(const finding *f)
{
  const lmx_grid *grid = f->solution->grid;
  double doubt = 0.0, rate = 0.0, v[LMX_MAX_DIMENSION];
  for (size_t i = 0; i < grid->size; ++i)
    if (lmx_grid_active(grid, i) && norm_at(grid, i, v) <= f->within) {
      doubt = fmax(doubt, f->doubt[i]);
      rate = fmax(rate, fabs(f->rate[i]));
    }
  return rate > 0.0 ? doubt / rate : 0.0;
}

static lmx_status measure(lmx_context *context, finding *f, double t)
{
  const lmx_solution *s = f->solution;
  LMX_TRY(lmx_log_rates(context, &s->model, s->grid, t, f->state, f->rate,
                        f->doubt));
  find_place(f);
  f->within = untouched * f->r;
  f->unknown = share_unknown(f);
  LMX_TRY(lmx_log_rates(context, &s->model, s->grid, s->times[0], s->u[0],
                        f->rate, f->doubt));
  f->at_first = largest_rate(f);
  f->unknown = fmax(f->unknown, share_unknown(f));
  return LMX_OK;
}

/* --- the density form ------------------------------------------------- */

static size_t points_across(const lmx_axis_spec *axis)
{
  return axis->kind == LMX_AXIS_FULL ? axis->points : 2 * axis->points;
}

/* A grid for the density form, `factor` times finer than the own one: full
 * axes, of which a radial one stands for several. */
static void density_axes(const finding *f, size_t factor, lmx_axis_spec *out)
{
  const lmx_grid *grid = f->solution->grid;
  for (int a = 0; a < grid->d && a < LMX_MAX_AXES; ++a) {
    const lmx_axis *axis = &grid->axis[a < grid->naxes ? a : grid->naxes - 1];
    lmx_axis_spec spec = {axis->kind, axis->points, axis->half_width};
    out[a] = (lmx_axis_spec){LMX_AXIS_FULL, factor * points_across(&spec),
                             axis->half_width};
  }
}

/* Whether the density form can do these data on these axes: its end of the
 * spectrum and its edge lie below the tolerance, and it reaches far enough. */
static lmx_status density_serves(lmx_context *context, const finding *f,
                                 const lmx_axis_spec *axes, bool *serves,
                                 lmx_density_reach *reach)
{
  lmx_grid *grid;
  double *u = NULL, atol = f->options->atol;
  LMX_TRY(lmx_grid_create(context, f->source->dimension, f->source->dimension,
                          axes, f->problem->order, &grid));
  lmx_status status = LMX_NEW_ARRAY(context, grid->size, &u);
  if (status == LMX_OK)
    status = lmx_initial_sample(context, f->problem->initial, grid, u);
  if (status == LMX_OK)
    status = lmx_density_reach_measure(context, grid, u, atol, reach);
  *serves = status == LMX_OK && reach->edge <= atol && reach->tail <= atol &&
            reach->radius >= worthwhile * f->source->radius;
  lmx_free(u);
  lmx_grid_destroy(&grid);
  return status;
}

/* --- words ------------------------------------------------------------ */

static void add_axes(text *out, int n, const lmx_axis_spec *axes)
{
  add(out, " --set grid.axes='[");
  for (int a = 0; a < n; ++a)
    add(out, "%s\"%s\"", a > 0 ? ", " : "", lmx_axis_kind_name(axes[a].kind));
  add(out, "]'");
}

static void add_points(text *out, int n, const lmx_axis_spec *axes)
{
  add(out, " --set grid.points='[");
  for (int a = 0; a < n; ++a)
    add(out, "%s%zu", a > 0 ? ", " : "", axes[a].points);
  add(out, "]'");
}

static void add_place(text *out, const finding *f)
{
  double x[LMX_MAX_DIMENSION];
  int d = f->source->dimension;
  lmx_affine_to_user(&f->solution->map, f->v, x);
  add(out, "; |d_t log f| is largest at x = (");
  for (int a = 0; a < d; ++a)
    add(out, "%s%.3g", a > 0 ? ", " : "", x[a]);
  add(out, "), |v| = %.3g, %s the checked ball |v| <= %g", f->r,
      f->r <= f->source->radius ? "inside" : "outside", f->source->radius);
  add(out, ": %.2g, and at most %.2g at t = 0", f->largest, f->at_first);
}

static double spacing(const lmx_axis_spec *axis)
{
  return 2.0 * axis->half_width / (double)points_across(axis);
}

/* Gives all axes of a ball the smallest spacing of them unless they are about
 * equal; whether it had to. */
static bool make_even(int n, lmx_axis_spec *axes)
{
  double least = spacing(&axes[0]), most = least;
  for (int a = 1; a < n; ++a) {
    least = fmin(least, spacing(&axes[a]));
    most = fmax(most, spacing(&axes[a]));
  }
  for (int a = 0; a < n && most > uneven * least; ++a)
    axes[a].points =
        (size_t)lround((double)axes[a].points * spacing(&axes[a]) / least);
  return most > uneven * least;
}

/* The axes of the solve. */
static int own_axes(const finding *f, lmx_axis_spec *out)
{
  const lmx_grid *grid = f->solution->grid;
  for (int a = 0; a < grid->naxes; ++a) {
    const lmx_axis *axis = &grid->axis[a];
    out[a] = (lmx_axis_spec){axis->kind, axis->points, axis->half_width};
  }
  return grid->naxes;
}

/* More points, an even number. */
static void refine(int n, lmx_axis_spec *axes)
{
  for (int a = 0; a < n; ++a)
    axes[a].points = 2 * (size_t)ceil(0.5 * finer * (double)axes[a].points);
}

static void add_coarse(text *out, const finding *f)
{
  int p = f->solution->grid->order;
  add(out,
      "; the grid is too coarse: within |v| <= %.3g differences of order %d "
      "and %d give rates that differ by %.2g of the largest",
      f->within, p, p > 2 ? p - 2 : p + 2, f->unknown);
}

/* The ball has no corners; one full axis makes a grid one (grid.h). */
static void add_corner_advice(text *out, const finding *f)
{
  lmx_axis_spec axes[LMX_MAX_AXES] = {{0}};
  int n = own_axes(f, axes);
  if (f->unknown > coarse)
    add_coarse(out, f);
  axes[0].points = points_across(&axes[0]);
  axes[0].kind = LMX_AXIS_FULL;
  if (!make_even(n, axes) && f->unknown > coarse)
    refine(n, axes);
  add(out,
      "; this is a corner of the box, where nobody knows what comes in: take "
      "the ball |v| <= %g, which has no corners, with",
      lmx_grid_radius(f->solution->grid));
  add_axes(out, n, axes);
  add_points(out, n, axes);
}

static void add_points_advice(text *out, const finding *f)
{
  lmx_axis_spec axes[LMX_MAX_AXES] = {{0}};
  int n = own_axes(f, axes);
  if (lmx_grid_is_ball(f->solution->grid) && make_even(n, axes)) {
    add(out, "; the axes of a ball need about the same spacing: take");
  } else if (f->unknown > coarse) {
    add_coarse(out, f);
    refine(n, axes);
    add(out, ": take more points, as");
  } else {
    refine(n, axes);
    add(out,
        "; the grid resolves the data within |v| <= %.3g, so it is not known "
        "whether more points help, as",
        f->within);
  }
  add_points(out, n, axes);
}

static void add_density(text *out, const finding *f, const lmx_axis_spec *axes,
                        double radius)
{
  int n = f->source->dimension;
  add(out, "; or solve for f itself, with log f good to |v| = %.3g at most,",
      radius);
  add(out, " by --set solver.formulation=density");
  add_axes(out, n, axes);
  add_points(out, n, axes);
  if (n != f->solution->grid->naxes)
    add(out, " --set grid.half_width=%.17g", axes[0].half_width);
  if (f->options->preconditioner == LMX_PRECONDITIONER_LAPPED)
    add(out, " --set solver.preconditioner=auto");
}

/* Named only where it would do: its limits are measured. */
static lmx_status consider_density(lmx_context *context, const finding *f,
                                   text *out)
{
  lmx_axis_spec axes[LMX_MAX_AXES];
  lmx_density_reach reach;
  bool serves = false;
  if (f->source->dimension > LMX_MAX_AXES)
    return LMX_OK;
  for (size_t factor = 1; factor <= 2 && !serves; ++factor) {
    density_axes(f, factor, axes);
    LMX_TRY(density_serves(context, f, axes, &serves, &reach));
  }
  if (serves)
    add_density(out, f, axes, reach.radius);
  return LMX_OK;
}

static lmx_status explain_log(lmx_context *context, finding *f, double t,
                              text *out)
{
  LMX_TRY(measure(context, f, t));
  add_place(out, f);
  f->corner = !lmx_grid_is_ball(f->solution->grid) &&
              f->r > lmx_grid_radius(f->solution->grid);
  if (f->corner)
    add_corner_advice(out, f);
  else
    add_points_advice(out, f);
  return consider_density(context, f, out);
}

static lmx_status explain(lmx_context *context, finding *f,
                          const lmx_solver *solver, text *out)
{
  size_t size = f->solution->grid->size;
  lmx_status status;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, size, &f->rate), done);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, size, &f->doubt), done);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, size, &f->state), done);
  lmx_solver_state(solver, f->state);
  status = explain_log(context, f, lmx_solver_time(solver), out);
done:
  lmx_free(f->rate);
  lmx_free(f->doubt);
  lmx_free(f->state);
  return status;
}

lmx_status lmx_collapse_explain(lmx_context *context,
                                const lmx_problem *problem,
                                const lmx_case *lmx_case_,
                                const lmx_solver_options *options,
                                const lmx_solution *solution,
                                const lmx_solver *solver, bool *corner)
{
  finding f = {.problem = problem,
               .source = lmx_case_,
               .options = options,
               .solution = solution};
  text out = {.used = 0};
  add(&out, "%s", lmx_context_message(context));
  size_t stopped = out.used;
  *corner = false;
  if (solution->formulation != LMX_FORMULATION_LOG)
    return LMX_ERR_NUMERICS; /* no input is known on which f itself stops */
  if (explain(context, &f, solver, &out) == LMX_ERR_MEMORY)
    out.words[stopped] = '\0';
  *corner = f.corner;
  return lmx_fail(context, LMX_ERR_NUMERICS, "%s", out.words);
}
