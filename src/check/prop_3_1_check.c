/* Proposition 3.1, the maximum principle, in two parts.
 *
 * The barrier phi of its proof is a supersolution: ((d_t - abar : Hess + 1)
 * phi) / phi >= 1 over the stated range of T, eps, t and of the growth
 * constant M of (3.8), with the D of this solution.
 *
 * Comparison through the solver: f1 <= f2 at t = 0 with the same D stays so,
 * f1 being these data and f2 = f1 (1 + exp(-|v|^2 / 2) / 2). This is solved on
 * a coarse copy of the run's grid up to 1 / (2 kappa). */
#include "check/internal.h"

#include <float.h>
#include <math.h>

#include "landaumax/solve.h"

/* The coarse copy: order and nodes per half axis by the number of axes. */
enum { COARSE_ORDER = 6 };
static const size_t coarse_points[LMX_MAX_AXES + 1] = {0, 60, 24, 12};
/* Tolerances of the comparison, and what the difference of two solutions may
 * fall below 0, in units of them. */
static const double comparison_rtol = 1e-6, comparison_atol = 1e-8;
static const double allowance = 10.0;

typedef struct comparison {
  lmx_grid *grid;
  lmx_jet *jet;
  double *u1, *u2;
  double end, least, largest; /* of log f2 - log f1 over the ball at the end */
  double granted;
  size_t points;
  bool failed;
} comparison;

typedef struct barriers {
  double least;    /* smallest value found */
  double mismatch; /* of the two ways to compute it */
  double t, v[LMX_MAX_DIMENSION];
  double T, eps, growth;
  size_t tried;
} barriers;

static void try_point(const lmx_model *model, const lmx_barrier *barrier,
                      double t, const double *v, barriers *b)
{
  lmx_side left = lmx_prop_3_1_left(model, barrier, t, v);
  lmx_side right = lmx_prop_3_1_right(model, barrier, t, v);
  b->mismatch = fmax(b->mismatch, lmx_side_residual(left, right));
  ++b->tried;
  /* Rounding is no violation: at t = T the value is 1 exactly, and T + eps - t
   * has lost digits. */
  double digits = 16.0 + (barrier->T + barrier->eps) / barrier->eps;
  double value = left.value + DBL_EPSILON * digits * left.scale;
  if (value >= b->least)
    return;
  b->least = value;
  b->t = t;
  b->T = barrier->T;
  b->eps = barrier->eps;
  b->growth = barrier->growth;
  for (int a = 0; a < model->d; ++a)
    b->v[a] = v[a];
}

/* The expression is affine in the v_a^2, so that its extremes over directions
 * lie on the axes. */
static void try_barrier(const lmx_model *model, const lmx_barrier *barrier,
                        barriers *b)
{
  static const double radii[] = {0.0, 0.5, 2.0, 8.0, 64.0};
  for (int i = 0; i <= 8; ++i)
    for (size_t j = 0; j < sizeof radii / sizeof radii[0]; ++j)
      for (int a = 0; a < (j == 0 ? 1 : model->d); ++a) {
        double v[LMX_MAX_DIMENSION] = {0};
        v[a] = radii[j];
        try_point(model, barrier, barrier->T * i / 8.0, v, b);
      }
}

static void try_barriers(const lmx_model *model, barriers *b)
{
  static const double growths[] = {1e-3, 0.1, 1.0, 10.0};
  static const double parts[] = {0.01, 0.3, 0.6, 0.9, 0.99};
  enum { PARTS = sizeof parts / sizeof parts[0] };
  b->least = INFINITY;
  for (size_t m = 0; m < sizeof growths / sizeof growths[0]; ++m) {
    double longest = fmin(0.5 / model->kappa, 0.125 / (model->d * growths[m]));
    for (int i = 0; i < PARTS; ++i)
      for (int j = 0; j < PARTS; ++j) {
        double T = parts[i] * longest;
        lmx_barrier barrier = {
            .T = T, .eps = parts[j] * (longest - T), .growth = growths[m]};
        if (lmx_barrier_admissible(model, &barrier))
          try_barrier(model, &barrier, b);
      }
  }
}

static void comparison_release(comparison *c)
{
  lmx_grid_destroy(&c->grid);
  lmx_jet_destroy(&c->jet);
  lmx_free(c->u1);
  lmx_free(c->u2);
}

static lmx_status coarse_grid(const lmx_check_env *env, comparison *c)
{
  const lmx_grid *fine = env->input->grid;
  lmx_axis_spec axes[LMX_MAX_AXES];
  for (int a = 0; a < fine->naxes; ++a) {
    const lmx_axis *axis = &fine->axis[a];
    size_t most =
        coarse_points[fine->naxes] * (axis->kind == LMX_AXIS_FULL ? 2 : 1);
    axes[a] =
        (lmx_axis_spec){.kind = axis->kind,
                        .points = axis->points < most ? axis->points : most,
                        .half_width = axis->half_width};
  }
  int order = fine->order < COARSE_ORDER ? fine->order : COARSE_ORDER;
  LMX_TRY(lmx_grid_create(env->context, fine->d, fine->naxes, axes, order,
                          &c->grid));
  LMX_TRY(lmx_jet_create(env->context, fine->d, &c->jet));
  LMX_TRY(LMX_NEW_ARRAY(env->context, c->grid->size, &c->u1));
  return LMX_NEW_ARRAY(env->context, c->grid->size, &c->u2);
}

/* Both data on the coarse grid; false if these are not finite. */
static lmx_status coarse_data(lmx_check_env *env, comparison *c, bool *finite)
{
  const lmx_check_input *input = env->input;
  double v[LMX_MAX_DIMENSION];
  *finite = true;
  for (size_t i = 0; i < c->grid->size; ++i) {
    double r2 = 0.0;
    lmx_grid_point(c->grid, i, v);
    LMX_TRY(lmx_interpolate(env->context, input->grid, input->u[0], v, c->jet));
    for (int a = 0; a < c->grid->naxes; ++a)
      r2 += v[a] * v[a];
    c->u1[i] = c->jet->g - lmx_log_maxwellian(c->grid->d, r2);
    c->u2[i] = c->u1[i] + log1p(0.5 * exp(-0.5 * r2));
    *finite = *finite && isfinite(c->u1[i]);
  }
  return LMX_OK;
}

static lmx_status evolve(const lmx_check_env *env, const comparison *c,
                         double *u)
{
  const lmx_solver_options options = {.formulation = LMX_FORMULATION_LOG,
                                      .rtol = comparison_rtol,
                                      .atol = comparison_atol};
  lmx_solver *solver = NULL;
  lmx_status status;
  LMX_TRY_GOTO(lmx_solver_create(env->context, env->input->model, c->grid,
                                 &options, 0.0, u, &solver),
               fail);
  LMX_TRY_GOTO(lmx_solver_advance(env->context, solver, c->end), fail);
  lmx_solver_state(solver, u);
fail:
  lmx_solver_destroy(&solver);
  return status;
}

static void judge(const lmx_check_env *env, comparison *c)
{
  double r, deepest = 0.0;
  c->least = INFINITY;
  for (size_t i = 0; lmx_check_ball_next(c->grid, env->input->radius, &i, &r);
       ++i) {
    double difference = c->u2[i] - c->u1[i];
    deepest = fmax(deepest, fabs(c->u1[i]));
    c->largest = fmax(c->largest, difference);
    if (!(difference >= c->least))
      c->least = difference;
    ++c->points;
  }
  c->granted = allowance * (comparison_atol + comparison_rtol * deepest);
}

static lmx_status compare(lmx_check_env *env, comparison *c)
{
  const lmx_check_input *input = env->input;
  bool finite;
  c->end = fmin(0.5 / input->model->kappa, input->times[input->ntimes - 1]);
  LMX_TRY(coarse_grid(env, c));
  LMX_TRY(coarse_data(env, c, &finite));
  c->failed = !finite || c->end <= 0.0;
  if (c->failed)
    return LMX_OK;
  lmx_status status = evolve(env, c, c->u1);
  if (status == LMX_OK)
    status = evolve(env, c, c->u2);
  if (status == LMX_ERR_NUMERICS) {
    c->failed = true; /* said in the note: no verdict */
    return LMX_OK;
  }
  LMX_TRY(status);
  judge(env, c);
  return LMX_OK;
}

static void describe(const barriers *b, const comparison *c,
                     lmx_check_result *result)
{
  lmx_check_note(result,
                 "Value: smallest ((d_t - abar:Hess + 1) phi) / phi over %zu "
                 "points (T = %.3g, eps = %.3g, M = %.3g there); bound: 1, "
                 "attained at t = T, from below; two ways agree to %.1g. ",
                 b->tried, b->T, b->eps, b->growth, b->mismatch);
  if (c->failed)
    lmx_check_note(result, "The comparison could not be solved on the coarse "
                           "grid. ");
  else
    lmx_check_note(result,
                   "Comparison: log f2 - log f1 >= 0 at t = 0 lies in [%.2g, "
                   "%.3g] at t = %.3g (granted -%.1g), %zu nodes of a coarse "
                   "grid in the ball. ",
                   c->least, c->largest, c->end, c->granted, c->points);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  (void)state;
  barriers b = {0};
  comparison c = {0};
  try_barriers(env->input->model, &b);
  lmx_status status = compare(env, &c);
  comparison_release(&c);
  LMX_TRY(status);
  bool ordered = c.failed || c.least >= -c.granted;
  result->value = b.least;
  result->bound = 1.0;
  result->slack = b.least - 1.0;
  result->status = b.least >= 1.0 && ordered ? LMX_HOLDS : LMX_FAILS;
  lmx_check_where(env, result, b.t, b.v);
  describe(&b, &c, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_prop_3_1 = {
    .id = "prop-3.1",
    .statement = "(d_t - L) u <= 0 and u <= 0 at t = 0 give u <= 0 "
                 "(Proposition 3.1)",
    .finish = finish,
};
