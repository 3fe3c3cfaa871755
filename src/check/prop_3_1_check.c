/* Proposition 3.1, the maximum principle, in two parts.
 *
 * The barrier phi of its proof is a supersolution: ((d_t - abar : Hess + 1)
 * phi) / phi >= 1 over the stated range of T, eps, t and of the growth
 * constant M of (3.8), with the D of this solution.
 *
 * Through the solver, on a coarse copy of the run's grid: f1 <= f2 at t = 0
 * with the same D stays so up to 1 / (2 kappa), f1 being these data and f2 = f1
 * (1 + exp(-|v|^2 / 2) / 2); and a subsolution that starts <= 0 and grows like
 * a Gaussian stays <= 0. */
#include "check/prop_3_1.h"

#include <float.h>
#include <math.h>

/* The coarse copy: order and nodes per half axis by the number of axes. */
enum { COARSE_ORDER = 6 };
static const size_t coarse_points[LMX_MAX_AXES + 1] = {0, 60, 24, 12};
/* It ends here at the latest, so that it resolves data of temperature 1. */
static const double widest = 12.0;
/* The subsolution: M of (3.8), the source over f, the part of the longest time
 * that the Proposition allows. */
static const double growth = 0.125, source = 1.0, horizon = 0.9;
static const double data_rtol = 1e-6, subsolution_rtol = 1e-5;

typedef struct experiments {
  lmx_grid *grid;
  lmx_jet *jet;
  lmx_ordered data, subsolution;
} experiments;

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

static void experiments_release(experiments *x)
{
  lmx_grid_destroy(&x->grid);
  lmx_jet_destroy(&x->jet);
  lmx_free(x->data.u1);
  lmx_free(x->data.u2);
  lmx_free(x->subsolution.u1);
  lmx_free(x->subsolution.u2);
}

static lmx_status coarse_grid(const lmx_check_env *env, experiments *x)
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
                        .half_width = fmin(axis->half_width, widest)};
  }
  int order = fine->order < COARSE_ORDER ? fine->order : COARSE_ORDER;
  LMX_TRY(lmx_grid_create(env->context, fine->d, fine->naxes, axes, order,
                          &x->grid));
  LMX_TRY(lmx_jet_create(env->context, fine->d, &x->jet));
  LMX_TRY(LMX_NEW_ARRAY(env->context, x->grid->size, &x->data.u1));
  LMX_TRY(LMX_NEW_ARRAY(env->context, x->grid->size, &x->data.u2));
  LMX_TRY(LMX_NEW_ARRAY(env->context, x->grid->size, &x->subsolution.u1));
  return LMX_NEW_ARRAY(env->context, x->grid->size, &x->subsolution.u2);
}

/* Both data on the coarse grid; false if these are not finite. */
static lmx_status coarse_data(lmx_check_env *env, experiments *x, bool *finite)
{
  const lmx_check_input *input = env->input;
  lmx_ordered *o = &x->data;
  double v[LMX_MAX_DIMENSION];
  *finite = true;
  for (size_t i = 0; i < x->grid->size; ++i) {
    double r2 = 0.0;
    lmx_grid_point(x->grid, i, v);
    LMX_TRY(lmx_interpolate(env->context, input->grid, input->u[0], v, x->jet));
    for (int a = 0; a < x->grid->naxes; ++a)
      r2 += v[a] * v[a];
    o->u1[i] = x->jet->g - lmx_log_maxwellian(x->grid->d, r2);
    o->u2[i] = o->u1[i] + log1p(0.5 * exp(-0.5 * r2));
    *finite = *finite && isfinite(o->u1[i]);
  }
  return LMX_OK;
}

/* Whatever the solver cannot do is said in the note: no violation, and no
 * success. */
static lmx_status experiment(lmx_check_env *env, experiments *x)
{
  const lmx_check_input *input = env->input;
  double radius = input->radius, longest = 0.5 / input->model->kappa;
  bool finite;
  x->data.end = fmin(longest, input->times[input->ntimes - 1]);
  x->subsolution.end = horizon * longest;
  x->subsolution.source = source;
  x->data.rtol = data_rtol;
  x->subsolution.rtol = subsolution_rtol;
  LMX_TRY(coarse_grid(env, x));
  LMX_TRY(coarse_data(env, x, &finite));
  x->data.failed = !finite || x->data.end <= 0.0;
  if (!x->data.failed)
    LMX_TRY(lmx_ordered_solve(env->context, input->model, x->grid, radius,
                              &x->data));
  lmx_ordered_growing(x->grid, growth, x->subsolution.u1, x->subsolution.u2);
  return lmx_ordered_solve(env->context, input->model, x->grid, radius,
                           &x->subsolution);
}

static void describe_data(const lmx_ordered *o, lmx_check_result *result)
{
  if (o->failed)
    lmx_check_note(result, "The comparison could not be solved on the coarse "
                           "grid: not made. ");
  else
    lmx_check_note(result,
                   "Comparison: log f2 - log f1 >= 0 at t = 0 lies in [%.2g, "
                   "%.3g] to t = %.3g (granted -%.1g), %zu nodes of a coarse "
                   "grid in the ball. ",
                   o->least, o->largest, o->end, o->granted, o->points);
}

static void describe_subsolution(const lmx_ordered *o, lmx_check_result *result)
{
  if (o->failed)
    lmx_check_note(result, "The subsolution could not be solved for: not "
                           "made. ");
  else
    lmx_check_note(result,
                   "Subsolution h = exp(-t) f1 - f2, f2 = exp(%g |v|^2) at t "
                   "= 0: log f2 - log f1 + t, which is >= 0 where h <= 0, lies "
                   "in [%.2g, %.3g] to t = %.3g. ",
                   growth, o->least, o->largest, o->end);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  (void)state;
  barriers b = {0};
  experiments x = {0};
  try_barriers(env->input->model, &b);
  lmx_status status = experiment(env, &x);
  experiments_release(&x);
  LMX_TRY(status);
  bool ordered = (x.data.failed || lmx_ordered_holds(&x.data)) &&
                 (x.subsolution.failed || lmx_ordered_holds(&x.subsolution));
  result->value = b.least;
  result->bound = 1.0;
  result->slack = b.least - 1.0;
  result->status = b.least >= 1.0 && ordered ? LMX_HOLDS : LMX_FAILS;
  bool made = !x.data.failed && !x.subsolution.failed;
  if (result->status == LMX_HOLDS && !made)
    result->status = LMX_INFO;
  lmx_check_where(env, result, b.t, b.v);
  lmx_check_note(result,
                 "Value: smallest ((d_t - abar:Hess + 1) phi) / phi over %zu "
                 "points (T = %.3g, eps = %.3g, M = %.3g there); bound: 1, "
                 "attained at t = T, from below; two ways agree to %.1g. ",
                 b.tried, b.T, b.eps, b.growth, b.mismatch);
  describe_data(&x.data, result);
  describe_subsolution(&x.subsolution, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_prop_3_1 = {
    .id = "prop-3.1",
    .statement = "(d_t - L) u <= 0 and u <= 0 at t = 0 give u <= 0 "
                 "(Proposition 3.1)",
    .finish = finish,
};
