/* Running the selected statements: moments of every output time, constants
 * from the data, then one pass over the nodes of the ball per output time in
 * which every jet is read once for all statements. */
#include "check/lemma.h"

#include <math.h>
#include <string.h>

typedef struct selection {
  const lmx_check_class *class;
  void *state;
} selection;

typedef struct runner {
  lmx_check_env env;
  size_t n;
  selection *selected;
  lmx_check_moments *moments;
  unsigned uses;
  int derivatives;
} runner;

/* What one use needs of another. */
static unsigned with_implied(unsigned uses)
{
  if (uses & LMX_CHECK_USES_LEMMAS)
    uses |= LMX_CHECK_USES_RATE;
  if (uses & (LMX_CHECK_USES_CONSTANTS | LMX_CHECK_USES_RATE))
    uses |= LMX_CHECK_USES_JETS;
  return uses;
}

static lmx_status select_class(lmx_context *context,
                               const lmx_check_class *class, runner *run)
{
  selection *s = &run->selected[run->n];
  s->class = class;
  LMX_TRY(lmx_alloc(context, 1, class->state_size, &s->state));
  if (class->initial != NULL)
    memcpy(s->state, class->initial, class->state_size);
  ++run->n;
  run->uses |= with_implied(class->uses);
  if (class->derivatives > run->derivatives)
    run->derivatives = class->derivatives;
  return LMX_OK;
}

static lmx_status prepare_results(lmx_context *context, runner *run)
{
  lmx_check_results *results;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &results));
  run->env.results = results;
  LMX_TRY(LMX_NEW_ARRAY(context, run->n, &results->items));
  results->n = run->n;
  for (size_t i = 0; i < run->n; ++i)
    results->items[i] =
        (lmx_check_result){.id = run->selected[i].class->id,
                           .statement = run->selected[i].class->statement,
                           .status = LMX_INFO,
                           .value = NAN,
                           .bound = NAN,
                           .slack = NAN,
                           .t = NAN};
  return LMX_OK;
}

/* The error of log f at a node of the ball that the tolerances account for.
 * In the density form log f loses four digits less than f has above its noise
 * at the trust radius. */
static double node_accuracy(const lmx_check_input *input)
{
  const lmx_grid *grid = input->grid;
  double largest = 0.0, r;
  for (size_t k = 0; k < input->ntimes; ++k) {
    double radius = lmx_check_radius(input, k);
    for (size_t i = 0; lmx_check_ball_next(grid, radius, &i, &r); ++i)
      largest = fmax(largest,
                     fabs(input->u[k][i] + lmx_log_maxwellian(grid->d, r * r)));
  }
  if (input->formulation == LMX_FORMULATION_DENSITY)
    return LMX_CHECK_SAFETY_POINT * input->rtol + 1e-3;
  return LMX_CHECK_SAFETY_POINT * (input->atol + input->rtol * largest);
}

static lmx_status prepare_smallest(runner *run)
{
  lmx_check_env *env = &run->env;
  size_t n = env->input->ntimes * LMX_SMALLEST_KINDS;
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->input->ntimes, &env->true_error));
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->input->ntimes, &env->unexplained));
  for (size_t k = 0; k < env->input->ntimes; ++k)
    env->true_error[k] = env->unexplained[k] = NAN;
  LMX_TRY(LMX_NEW_ARRAY(env->context, n, &env->smallest));
  for (size_t i = 0; i < n; ++i)
    env->smallest[i] = NAN;
  return LMX_OK;
}

static lmx_status prepare_jets(runner *run)
{
  lmx_check_env *env = &run->env;
  const lmx_grid *grid = env->input->grid;
  int derivatives = run->derivatives < 2 ? 2 : run->derivatives;
  env->accuracy = node_accuracy(env->input);
  LMX_TRY(lmx_jets_create(env->context, grid, derivatives, &env->jets));
  LMX_TRY(lmx_jet_create(env->context, grid->d, &env->jet));
  LMX_TRY(lmx_growth_init(env->context, env->input, &env->growth));
  LMX_TRY(lmx_space_find(env));
  return prepare_smallest(run);
}

static lmx_status prepare_rates(runner *run)
{
  lmx_check_env *env = &run->env;
  LMX_TRY(lmx_check_rate_create(env->context, env->input, &env->rates));
  return LMX_NEW_ARRAY(env->context, env->input->grid->size, &env->rate);
}

/* The left sides of the lemmas are differenced with another order than the
 * jets on the right, or they would agree on any field whatever. */
static int other_order(const lmx_grid *grid)
{
  int order = grid->order + 2;
  size_t fewest = grid->axis[0].points;
  for (int a = 1; a < grid->naxes; ++a)
    if (grid->axis[a].points < fewest)
      fewest = grid->axis[a].points;
  if (order <= LMX_MAX_ORDER && fewest >= (size_t)order / 2 + 4)
    return order;
  return grid->order > 2 ? grid->order - 2 : grid->order;
}

lmx_status lmx_check_other_grid(lmx_context *context, const lmx_grid *grid,
                                lmx_grid **out)
{
  lmx_axis_spec axes[LMX_MAX_AXES];
  for (int a = 0; a < grid->naxes; ++a)
    axes[a] = (lmx_axis_spec){.kind = grid->axis[a].kind,
                              .points = grid->axis[a].points,
                              .half_width = grid->axis[a].half_width};
  return lmx_grid_create(context, grid->d, grid->naxes, axes, other_order(grid),
                         out);
}

static lmx_status prepare_lemmas(runner *run)
{
  lmx_check_env *env = &run->env;
  const lmx_grid *grid = env->input->grid;
  LMX_TRY(lmx_check_other_grid(env->context, grid, &env->other_grid));
  LMX_TRY(lmx_jets_create(env->context, env->other_grid, 2, &env->rate_jets));
  LMX_TRY(lmx_jets_create(env->context, env->other_grid, 2, &env->field_jets));
  LMX_TRY(lmx_jet_create(env->context, grid->d, &env->rate_jet));
  LMX_TRY(lmx_jet_create(env->context, grid->d, &env->field_jet));
  LMX_TRY(LMX_NEW_ARRAY(env->context, run->n, &env->fields));
  LMX_TRY(LMX_NEW_ARRAY(env->context, grid->size, &env->blurred));
  return LMX_NEW_ARRAY(env->context, 1, &env->pointwise);
}

static lmx_status prepare(lmx_context *context, runner *run)
{
  lmx_check_env *env = &run->env;
  const lmx_check_input *input = env->input;
  LMX_TRY(LMX_NEW_ARRAY(context, input->ntimes, &run->moments));
  for (size_t k = 0; k < input->ntimes; ++k)
    lmx_check_moments_compute(input, k, &run->moments[k]);
  env->moments = run->moments;
  if (run->uses & LMX_CHECK_USES_JETS)
    LMX_TRY(prepare_jets(run));
  if (run->uses & LMX_CHECK_USES_RATE)
    LMX_TRY(prepare_rates(run));
  if (run->uses & LMX_CHECK_USES_LEMMAS)
    LMX_TRY(prepare_lemmas(run));
  if (run->uses & LMX_CHECK_USES_CONSTANTS)
    LMX_TRY(lmx_check_constants_compute(env, env->jets, env->jet));
  for (size_t i = 0; i < run->n; ++i) {
    selection *s = &run->selected[i];
    if (s->class->begin != NULL)
      LMX_TRY(s->class->begin(env, s->state));
  }
  return LMX_OK;
}

/* The fields of the current time that statements share. */
static void set_fields(runner *run)
{
  lmx_check_env *env = &run->env;
  const double *u = env->input->u[env->k];
  if (run->uses & LMX_CHECK_USES_JETS)
    lmx_jets_set(env->jets, u);
  if (run->uses & LMX_CHECK_USES_RATE)
    lmx_check_rate_compute(env->rates, env->t, u, env->rate);
  if (run->uses & LMX_CHECK_USES_LEMMAS) {
    lmx_jets_set(env->rate_jets, env->rate);
    lmx_jets_set(env->field_jets, u);
    lmx_lemma_fields_set(env);
  }
}

static void visit_ball(runner *run)
{
  lmx_check_env *env = &run->env;
  const lmx_grid *grid = env->input->grid;
  lmx_check_point point = {.pointwise = env->pointwise};
  double c_a[LMX_MAX_DIMENSION];
  lmx_pointwise_c(env->input->model, env->t, c_a);
  for (size_t i = 0; lmx_check_ball_next(grid, env->radius, &i, &point.r);
       ++i) {
    lmx_jets_get(env->jets, i, env->jet);
    point.node = i;
    ++env->points;
    env->holes += !isfinite(env->input->u[env->k][i]);
    if (!lmx_check_point_fill(env->jet, &point)) {
      ++env->not_finite;
      continue;
    }
    if (env->pointwise != NULL) {
      lmx_pointwise_set(env->jet, c_a, 3, env->pointwise);
      lmx_lemma_point_fill(env, &point);
    }
    lmx_growth_add(env, &point, &env->growth);
    for (size_t c = 0; c < run->n; ++c)
      if (run->selected[c].class->point != NULL)
        run->selected[c].class->point(env, &point, run->selected[c].state);
    ++point.ordinal;
  }
}

static lmx_status visit_time(runner *run, size_t k)
{
  lmx_check_env *env = &run->env;
  env->k = k;
  env->t = env->input->times[k];
  env->radius = lmx_check_radius(env->input, k);
  env->ball = lmx_check_ball_count(env->input->grid, env->radius);
  set_fields(run);
  for (size_t i = 0; i < run->n; ++i)
    if (run->selected[i].class->time != NULL)
      LMX_TRY(run->selected[i].class->time(env, run->selected[i].state));
  if (run->uses & LMX_CHECK_USES_JETS)
    visit_ball(run);
  if (k == 0) {
    env->start_points = env->points;
    env->start_not_finite = env->not_finite;
    env->start_holes = env->holes;
  }
  for (size_t i = 0; i < run->n; ++i)
    if (run->selected[i].class->end_time != NULL)
      LMX_TRY(run->selected[i].class->end_time(env, run->selected[i].state));
  return LMX_OK;
}

/* A statement about every point of the ball fails on a solution that is not
 * finite at one: in log form on the derivatives too, in density form, where f
 * may have no logarithm nearby, on its values. */
static void refuse_not_finite(const runner *run, const lmx_check_class *class,
                              lmx_check_result *result)
{
  const lmx_check_env *env = &run->env;
  bool data = class->uses & LMX_CHECK_DATA_ONLY;
  size_t count = data ? env->start_holes : env->holes;
  if (env->input->formulation == LMX_FORMULATION_LOG)
    count = data ? env->start_not_finite : env->not_finite;
  if (count == 0 || !(with_implied(class->uses) & LMX_CHECK_USES_JETS))
    return;
  result->status = LMX_FAILS;
  lmx_check_note(result, " u is not finite at %zu nodes: fails.", count);
}

static lmx_status finish(runner *run)
{
  if (run->uses & LMX_CHECK_USES_JETS)
    LMX_TRY(lmx_hypotheses_judge(&run->env));
  for (size_t i = 0; i < run->n; ++i) {
    const lmx_check_class *class = run->selected[i].class;
    lmx_check_result *result = &run->env.results->items[i];
    LMX_TRY(class->finish(&run->env, run->selected[i].state, result));
    refuse_not_finite(run, class, result);
  }
  LMX_TRY(lmx_check_state_tables(&run->env));
  if (run->uses & LMX_CHECK_USES_JETS) {
    LMX_TRY(lmx_growth_tables(&run->env));
    LMX_TRY(lmx_check_smallest_table(&run->env));
  }
  return LMX_OK;
}

static void release(runner *run)
{
  for (size_t i = 0; i < run->n; ++i) {
    if (run->selected[i].class->release != NULL)
      run->selected[i].class->release(run->selected[i].state);
    lmx_free(run->selected[i].state);
  }
  lmx_free(run->selected);
  lmx_free(run->moments);
  lmx_growth_release(&run->env.growth);
  lmx_space_release(&run->env);
  lmx_free(run->env.smallest);
  lmx_free(run->env.true_error);
  lmx_free(run->env.unexplained);
  lmx_jets_destroy(&run->env.jets);
  lmx_jets_destroy(&run->env.rate_jets);
  lmx_jets_destroy(&run->env.field_jets);
  lmx_lemma_fields_release(&run->env);
  lmx_free(run->env.blurred);
  lmx_grid_destroy(&run->env.other_grid);
  lmx_jet_destroy(&run->env.jet);
  lmx_jet_destroy(&run->env.rate_jet);
  lmx_jet_destroy(&run->env.field_jet);
  lmx_check_rate_destroy(&run->env.rates);
  lmx_free(run->env.rate);
  lmx_free(run->env.pointwise);
}

lmx_status lmx_checks_run_classes(lmx_context *context,
                                  const lmx_check_input *input, size_t n,
                                  const lmx_check_class *const *classes,
                                  lmx_check_results **out)
{
  runner run = {.env = {.context = context, .input = input}};
  lmx_status status;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &run.selected), fail);
  for (size_t i = 0; i < n; ++i)
    LMX_TRY_GOTO(select_class(context, classes[i], &run), fail);
  LMX_TRY_GOTO(prepare_results(context, &run), fail);
  LMX_TRY_GOTO(prepare(context, &run), fail);
  for (size_t k = 0; k < input->ntimes; ++k) {
    if (lmx_context_interrupted(context))
      LMX_TRY_GOTO(lmx_fail(context, LMX_INTERRUPTED, "checks interrupted"),
                   fail);
    lmx_progress(context, "checking output time %zu of %zu", k + 1,
                 input->ntimes);
    LMX_TRY_GOTO(visit_time(&run, k), fail);
  }
  LMX_TRY_GOTO(finish(&run), fail);
  *out = run.env.results;
  release(&run);
  return LMX_OK;
fail:
  release(&run);
  lmx_check_results_destroy(&run.env.results);
  return status;
}

static bool is_id(const char *id)
{
  for (size_t c = 0; c < lmx_check_count(); ++c)
    if (strcmp(id, lmx_check_id(c)) == 0)
      return true;
  return false;
}

/* In registry order, each statement once. */
lmx_status lmx_checks_run(lmx_context *context, const lmx_check_input *input,
                          size_t nids, const char *const *ids,
                          lmx_check_results **out)
{
  size_t n = 0, count = lmx_check_count();
  const lmx_check_class **classes;
  for (size_t i = 0; ids != NULL && i < nids; ++i)
    if (!is_id(ids[i]))
      return lmx_fail(context, LMX_ERR_USAGE, "unknown check \"%s\"", ids[i]);
  LMX_TRY(LMX_NEW_ARRAY(context, count, &classes));
  for (size_t c = 0; c < count; ++c) {
    bool wanted = ids == NULL;
    for (size_t i = 0; !wanted && i < nids; ++i)
      wanted = strcmp(ids[i], lmx_check_id(c)) == 0;
    if (wanted)
      classes[n++] = lmx_check_class_at(c);
  }
  lmx_status status = lmx_checks_run_classes(context, input, n, classes, out);
  lmx_free(classes);
  return status;
}
