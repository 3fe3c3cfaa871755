/* A trial: initial data solved on one grid to one time and compared with the
 * exact solution. Shared by the verification tests and the benchmarks. */
#ifndef LMX_TESTS_TRIAL_H
#define LMX_TESTS_TRIAL_H

#include <math.h>

#include <landaumax/landaumax.h>

/* Initial data with its exact solution (NULL where none is known). */
typedef struct trial {
  lmx_initial *initial;
  lmx_exact *exact;
} trial;

/* How to solve it; `points` is the number on each half axis, so that full and
 * mirrored axes have the same nodes. */
typedef struct trial_setup {
  int naxes;
  lmx_axis_kind kind[LMX_MAX_AXES];
  size_t points;
  double half_width;
  int order;
  double rtol; /* the absolute tolerance is a hundredth of it */
  lmx_preconditioner_kind preconditioner;
  lmx_formulation formulation;
} trial_setup;

/* The state at one time. Owned by the caller: trial_state_clear. */
typedef struct trial_state {
  lmx_grid *grid;
  double *u; /* [grid->size] */
  double t, trust;
  lmx_solver_stats stats;
} trial_state;

static inline void trial_clear(trial *t)
{
  lmx_initial_destroy(&t->initial);
  lmx_exact_destroy(&t->exact);
}

static inline lmx_status trial_open(lmx_context *context,
                                    const lmx_initial_spec *spec, trial *out)
{
  *out = (trial){NULL, NULL};
  LMX_TRY(lmx_initial_create(context, spec, &out->initial));
  return lmx_exact_from_initial(context, out->initial, &out->exact);
}

/* N(0, diag(variances)). */
static inline lmx_status trial_open_gaussian(lmx_context *context, int d,
                                             const double *variances,
                                             trial *out)
{
  double mean[LMX_MAX_DIMENSION] = {0.0};
  double covariance[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION] = {0.0};
  for (int a = 0; a < d; ++a)
    covariance[a * d + a] = variances[a];
  lmx_component component = {1.0, mean, covariance};
  lmx_initial_spec spec = {.d = d,
                           .kind = LMX_INITIAL_GAUSSIAN,
                           .normalise = false,
                           .ncomponents = 1,
                           .components = &component};
  return trial_open(context, &spec, out);
}

/* N(0, diag(s1, s2 .. s2)) with energy d. */
static inline lmx_status trial_open_axisymmetric(lmx_context *context, int d,
                                                 double s1, trial *out)
{
  double variances[LMX_MAX_DIMENSION];
  for (int a = 0; a < d; ++a)
    variances[a] = a == 0 ? s1 : (d - s1) / (d - 1.0);
  return trial_open_gaussian(context, d, variances, out);
}

static inline void trial_state_clear(trial_state *state)
{
  lmx_grid_destroy(&state->grid);
  lmx_free(state->u);
  state->u = NULL;
}

/* Grid and initial state. */
static inline lmx_status trial_sample(lmx_context *context, const trial *t,
                                      const trial_setup *setup,
                                      trial_state *out)
{
  lmx_axis_spec axes[LMX_MAX_AXES];
  for (int a = 0; a < setup->naxes; ++a) {
    size_t sides = setup->kind[a] == LMX_AXIS_FULL ? 2 : 1;
    axes[a] = (lmx_axis_spec){setup->kind[a], sides * setup->points,
                              setup->half_width};
  }
  *out = (trial_state){.trust = INFINITY};
  LMX_TRY(lmx_grid_create(context, lmx_initial_model(t->initial)->d,
                          setup->naxes, axes, setup->order, &out->grid));
  lmx_status status = LMX_NEW_ARRAY(context, out->grid->size, &out->u);
  if (status == LMX_OK)
    status = lmx_initial_sample(context, t->initial, out->grid, out->u);
  if (status != LMX_OK)
    trial_state_clear(out);
  return status;
}

static inline lmx_status trial_advance(lmx_context *context, lmx_solver *solver,
                                       double end, trial_state *state)
{
  LMX_TRY(lmx_solver_advance(context, solver, end));
  lmx_solver_state(solver, state->u);
  state->t = end;
  state->trust = lmx_solver_trust_radius(solver);
  lmx_solver_get_stats(solver, &state->stats);
  return LMX_OK;
}

/* A solver at t = 0 on a state made by trial_sample, which must outlive it. */
static inline lmx_status trial_start(lmx_context *context, const trial *t,
                                     const trial_setup *setup,
                                     const trial_state *state, lmx_solver **out)
{
  lmx_solver_options options = {setup->formulation, setup->rtol,
                                0.01 * setup->rtol, setup->preconditioner};
  return lmx_solver_create(context, lmx_initial_model(t->initial), state->grid,
                           &options, 0.0, state->u, out);
}

static inline lmx_status trial_solve(lmx_context *context, const trial *t,
                                     const trial_setup *setup, double end,
                                     trial_state *out)
{
  lmx_solver *solver = NULL;
  lmx_status status = trial_sample(context, t, setup, out);
  if (status != LMX_OK)
    return status;
  status = trial_start(context, t, setup, out, &solver);
  if (status == LMX_OK)
    status = trial_advance(context, solver, end, out);
  lmx_solver_destroy(&solver);
  if (status != LMX_OK)
    trial_state_clear(out);
  return status;
}

/* Largest errors of log f, its gradient (Euclidean) and Hessian (Frobenius)
 * at the nodes with |v| <= radius, against the exact solution. */
typedef struct trial_error {
  double value, gradient, hessian;
} trial_error;

static inline void trial_compare(const lmx_jet *got, const lmx_jet *want,
                                 trial_error *worst)
{
  double value = fabs(got->g - want->g), gradient = 0.0, hessian = 0.0;
  int d = got->d;
  for (int a = 0; a < d; ++a)
    gradient += pow(got->q[a] - want->q[a], 2);
  for (int a = 0; a < d * d; ++a)
    hessian += pow(got->G[a] - want->G[a], 2);
  /* a NaN must come out as the largest error, which fmax would not do */
  worst->value = value <= worst->value ? worst->value : value;
  worst->gradient =
      sqrt(gradient) <= worst->gradient ? worst->gradient : sqrt(gradient);
  worst->hessian =
      sqrt(hessian) <= worst->hessian ? worst->hessian : sqrt(hessian);
}

static inline lmx_status trial_compare_nodes(lmx_context *context,
                                             const lmx_exact *exact,
                                             const trial_state *state,
                                             const lmx_jets *jets,
                                             double radius, lmx_jet *got,
                                             lmx_jet *want, trial_error *out)
{
  for (size_t i = 0; i < state->grid->size; ++i) {
    double r2 = 0.0;
    lmx_grid_point(state->grid, i, want->v);
    for (int a = 0; a < state->grid->d; ++a)
      r2 += want->v[a] * want->v[a];
    if (r2 > radius * radius)
      continue;
    LMX_TRY(lmx_exact_eval(context, exact, state->t, want, NULL));
    lmx_jets_get(jets, i, got);
    trial_compare(got, want, out);
  }
  return LMX_OK;
}

static inline lmx_status trial_errors(lmx_context *context, const trial *t,
                                      const trial_state *state, double radius,
                                      trial_error *out)
{
  lmx_jets *jets = NULL;
  lmx_jet *got = NULL, *want = NULL;
  int d = state->grid->d;
  *out = (trial_error){0.0, 0.0, 0.0};
  lmx_status status = lmx_jets_create(context, state->grid, 2, &jets);
  if (status == LMX_OK)
    status = lmx_jet_create(context, d, &got);
  if (status == LMX_OK)
    status = lmx_jet_create(context, d, &want);
  if (status == LMX_OK) {
    lmx_jets_set(jets, state->u);
    status = trial_compare_nodes(context, t->exact, state, jets, radius, got,
                                 want, out);
  }
  lmx_jet_destroy(&got);
  lmx_jet_destroy(&want);
  lmx_jets_destroy(&jets);
  return status;
}

#endif
