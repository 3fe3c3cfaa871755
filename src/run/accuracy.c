/* How accurate a solve was, by a second one on a coarser grid. */
#include "run/accuracy.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "run/fit.h"
#include "run/solving.h"

/* The pilot has everything a little worse, so that what differs shows each
 * part of the error: points, edge, tolerances. */
static const double part_of_points = 0.75;
static const double part_of_margin = 5.0 / 6.0;
static const double looser = 10.0;
/* The error is at least so many times smaller than the pilot's: a tenth of the
 * tolerances divides the part of time by 5.6 to 6, 4/3 of the points divide
 * that of the grid by 7 to 33 (docs/performance.md), random mixtures in d = 2
 * and Gaussians. */
static const double gain = 5.0;
/* Krylov iterations, times what a larger grid loses in caches: 2.6 to 4.2 times
 * the seconds on 1.9 to 2.5 times the nodes. */
static const double more_work = 1.75;
/* Seconds of a solve beyond which its forecast is told. */
static const double announced_from = 60.0;
/* Nodes from which the pilot itself may take a minute: 70 s for 80^3. */
static const double large = 2e5;
/* Nodes of the pilot that are compared at a time, about. */
static const double compared = 20000.0;

static size_t scaled(size_t points, double factor)
{
  enum { LEAST = 16, MULTIPLE = 2 };
  size_t n = (size_t)ceil((double)points * factor / MULTIPLE - 1e-9) * MULTIPLE;
  return n < LEAST ? LEAST : n;
}

static void pilot_axes(const lmx_problem *problem, double radius,
                       lmx_axis_spec *axes)
{
  for (int a = 0; a < problem->naxes; ++a) {
    axes[a] = problem->axes[a];
    double L = axes[a].half_width;
    axes[a].half_width = radius + part_of_margin * (L - radius);
    axes[a].points =
        scaled(axes[a].points, part_of_points * axes[a].half_width / L);
  }
}

static double forecast(const lmx_problem *problem, const lmx_axis_spec *axes,
                       double seconds)
{
  double nodes = 1.0;
  for (int a = 0; a < problem->naxes; ++a)
    nodes *= (double)problem->axes[a].points / (double)axes[a].points;
  return seconds * more_work * nodes;
}

static double nodes_of(const lmx_problem *problem)
{
  double nodes = 1.0;
  for (int a = 0; a < problem->naxes; ++a)
    nodes *= (double)problem->axes[a].points;
  return nodes;
}

static void announce_pilot(lmx_context *context, const lmx_problem *problem)
{
  if (nodes_of(problem) >= large)
    lmx_notice(context,
               "The data needs %.0f nodes, which may take minutes: a solve on "
               "a coarser grid, first, says how long.",
               nodes_of(problem));
}

/* Whom the pilot tells how long it takes. */
typedef struct listener {
  lmx_context *context;
  const lmx_problem *problem;
  const lmx_axis_spec *axes; /* the pilot's */
} listener;

static void hear(void *user, double seconds)
{
  const listener *l = user;
  double whole = forecast(l->problem, l->axes, seconds);
  char first[32], then[32];
  if (!(seconds + whole > announced_from))
    return;
  lmx_describe_seconds(seconds, first, sizeof first);
  lmx_describe_seconds(whole, then, sizeof then);
  lmx_notice(l->context,
             "The coarser solve will take about %s, the solve itself on %.0f "
             "nodes about %s.",
             first, nodes_of(l->problem), then);
}

lmx_status lmx_pilot_solve(lmx_context *context, const lmx_problem *problem,
                           const lmx_case *c, lmx_pilot *out)
{
  lmx_axis_spec axes[LMX_MAX_AXES];
  lmx_solver_options options = c->solver;
  double start = lmx_seconds();
  listener ear = {context, problem, axes};
  lmx_observed observed = {.tell = hear, .user = &ear};
  *out = (lmx_pilot){0};
  pilot_axes(problem, c->radius, axes);
  options.rtol *= looser;
  options.atol *= looser;
  announce_pilot(context, problem);
  LMX_TRY(lmx_solving_start(context, problem, c, axes, &options, &out->coarse));
  lmx_status status = lmx_solving_continue(context, problem, c, &options, false,
                                           NULL, 0.0, &observed, out->coarse);
  if (status != LMX_OK)
    lmx_solution_destroy(&out->coarse);
  if (status == LMX_ERR_NUMERICS) /* too coarse: a finer grid may do */
    status = LMX_OK;
  out->seconds = lmx_seconds() - start;
  out->forecast = forecast(problem, axes, out->seconds);
  return status;
}

void lmx_pilot_clear(lmx_pilot *pilot)
{
  lmx_solution_destroy(&pilot->coarse);
}

/* Largest distance at the nodes of the pilot in the ball. */
static lmx_status distance(lmx_context *context, const lmx_solution *coarse,
                           const lmx_solution *fine, size_t k, double radius,
                           double *out)
{
  const lmx_grid *grid = coarse->grid;
  size_t stride = (size_t)ceil((double)grid->size / compared);
  double v[LMX_MAX_DIMENSION], worst = 0.0, value;
  for (size_t i = 0; i < grid->size; i += stride) {
    double r2 = 0.0;
    lmx_grid_point(grid, i, v);
    for (int a = 0; a < grid->d; ++a)
      r2 += v[a] * v[a];
    if (r2 > radius * radius)
      continue;
    LMX_TRY(lmx_interpolate_value(context, fine->grid, fine->u[k], v, &value));
    double there = coarse->u[k][i] + lmx_log_maxwellian(grid->d, r2);
    double difference = fabs(value - there);
    worst = difference <= worst ? worst : difference; /* keeps a NaN */
  }
  *out = worst;
  return LMX_OK;
}

lmx_status lmx_pilot_compare(lmx_context *context, const lmx_pilot *pilot,
                             const lmx_solution *solution, double radius,
                             double *estimate)
{
  double worst = 0.0, here = 0.0;
  for (size_t k = 1; k < solution->ntimes && k < pilot->coarse->ntimes; ++k) {
    LMX_TRY(distance(context, pilot->coarse, solution, k, radius, &here));
    worst = fmax(worst, isnan(here) ? INFINITY : here);
  }
  *estimate = fmax(worst / gain, DBL_EPSILON); /* 0 would say: none */
  return LMX_OK;
}

/* The error falls like h^8 (fit.c), at best like h^12, as the differences. */
static const double error_power = 8.0;
static const double best_power = 12.0;

/* For all axes of the case: half of the accuracy asked for is aimed at, or the
 * most that grid.max_points allows, if that may do. False where it may not. */
static bool finer_points(const lmx_case *c, double estimate, size_t *points)
{
  double needed = pow(estimate / c->accuracy, 1.0 / error_power), nodes = 1.0;
  double factor = fmin(fmax(pow(2.0, 1.0 / error_power) * needed, 1.15), 1.5);
  for (int a = 0; a < c->naxes; ++a) {
    nodes *= (double)c->points[a];
    points[a] = scaled(c->points[a], factor);
  }
  if (lmx_fit_allows(c, points))
    return true;
  double most = pow(c->max_points / nodes, 1.0 / c->naxes);
  for (int a = 0; a < c->naxes; ++a)
    points[a] = (size_t)((double)c->points[a] * most / 2.0) * 2;
  double at_best = pow(estimate / c->accuracy, 1.0 / best_power);
  return at_best <= most && lmx_fit_allows(c, points) &&
         points[0] > c->points[0];
}

bool lmx_accuracy_refine(lmx_case *c, double estimate)
{
  size_t points[LMX_MAX_AXES];
  if (!finer_points(c, estimate, points))
    return false;
  memcpy(c->points, points, (size_t)c->naxes * sizeof *points);
  return true;
}

lmx_status lmx_accuracy_judge(lmx_context *context, const lmx_case *c,
                              double estimate)
{
  size_t points[LMX_MAX_AXES];
  bool known = estimate > 0.0;
  char reached[80] = "by it, none was found: the coarser solve stopped";
  if (!c->points_fitted || (known && estimate <= c->accuracy) ||
      finer_points(c, known ? estimate : INFINITY, points))
    return LMX_OK;
  if (known)
    snprintf(reached, sizeof reached, "by it is one of about %.0e",
             lmx_fit_round_up(estimate));
  return lmx_problem_locate(
      context, c, "grid.max_points",
      lmx_fail(context, LMX_ERR_CASE,
               "grid.max_points: is %d, an error of log f of at most "
               "grid.accuracy = %g needs more; allowed %s. Set grid.accuracy "
               "to what will do, raise grid.max_points, or choose grid.points",
               c->max_points, c->accuracy, reached));
}

void lmx_accuracy_announce(lmx_context *context, const lmx_pilot *pilot)
{
  char time[32];
  if (pilot->coarse == NULL || !(pilot->forecast > announced_from))
    return;
  lmx_describe_seconds(pilot->forecast, time, sizeof time);
  lmx_notice(context,
             "The solve will take about %s. A larger grid.accuracy or fewer "
             "grid.points make it shorter.",
             time);
}
