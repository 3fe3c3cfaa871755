/* error-bar: a bound of the error of log f by the maximum principle
 * (Proposition 3.1, used on ourselves; docs/math.md, section 3.5).
 *
 * A path u(t, v) through the steps of a solve obeys d_t f = L f + rho f with
 * f = M exp(u), and rho is measured: in time at the ends of every step, in v
 * at the nodes by differences of another order and at output times between
 * the nodes. |f - exact| <= W f on |v| < Lambda if
 *   W_t - A W >= |rho| (1 + W),   W >= |f - exact| / f where |v| = Lambda,
 * and the least W among radial barriers (error_bar_barrier.c) and powers of
 * another supersolution over f (error_bar_mean.c) is found, with coefficients
 * that are measured likewise (error_bar_watch.c). At the sphere the exact
 * solution is below the Gaussian of
 *   th' = -2 (d-1) (th - 1) + 2 delta exp(-4dt),  b' = delta d exp(-4dt) / th
 * above the data, delta = max(-D_aa) (math.md (33)). The bar of a stored state
 * is -log(1 - W) and its distance from the path.
 *
 * The run itself was watched, or else the data are solved once more. */
#include "check/error_bar.h"
#include "landaumax/solve.h"

/* That solve's tolerances in units of the run's. What it leaves is measured,
 * so that it need not be as good. */
static const double tolerance = 20.0;
/* A path that takes so many steps more than the run leads nowhere. */
enum { STEPS_FACTOR = 4, STEPS_LEAST = 2000 };

/* On a ball. bar = path + distance, finite where |v| <= reach */
typedef struct parts {
  double bar, path, space, time, beyond, distance, reach;
} parts;

typedef struct error_bar {
  lmx_bar_shells shells;
  const lmx_bar_record *record;
  lmx_bar_record *made; /* of another solve */
  bool lost;            /* which could not be completed */
  size_t steps;
  parts *bars;  /* [ntimes] */
  bool *strays; /* [ntimes] the state is not a solution, see below */
} error_bar;

static bool applies(const lmx_check_env *env)
{
  return env->input->formulation == LMX_FORMULATION_LOG;
}

/* --- solving once more */

typedef struct again {
  const lmx_check_env *env;
  error_bar *e;
  lmx_watch *watch;
  double *state; /* [size] */
  size_t most;   /* steps */
} again;

static lmx_status after_step(void *user, lmx_solver *solver)
{
  again *a = user;
  lmx_solver_state(solver, a->state);
  if (++a->e->steps > a->most)
    return lmx_fail(a->env->context, LMX_ERR_NUMERICS,
                    "too many steps for an error bar");
  return lmx_watch_step(a->watch, lmx_solver_time(solver), a->state);
}

static lmx_status solve(again *a, lmx_solver *solver)
{
  const lmx_check_input *input = a->env->input;
  size_t most = STEPS_FACTOR * (size_t)input->steps;
  a->most = most > STEPS_LEAST ? most : STEPS_LEAST;
  LMX_TRY(LMX_NEW_ARRAY(a->env->context, input->grid->size, &a->state));
  LMX_TRY(lmx_watch_create(a->env->context, input, &a->watch));
  lmx_solver_set_step_callback(solver, after_step, a);
  for (size_t k = 1; k < input->ntimes; ++k) {
    LMX_TRY(lmx_solver_advance(a->env->context, solver, input->times[k]));
    LMX_TRY(lmx_watch_output(a->watch, input->u[k]));
  }
  return LMX_OK;
}

static lmx_status solve_again(const lmx_check_env *env, error_bar *e)
{
  const lmx_check_input *input = env->input;
  const lmx_solver_options options = {.formulation = input->formulation,
                                      .rtol = tolerance * input->rtol,
                                      .atol = tolerance * input->atol};
  again a = {.env = env, .e = e};
  lmx_solver *solver = NULL;
  lmx_status status =
      lmx_solver_create(env->context, input->model, input->grid, &options,
                        input->times[0], input->u[0], &solver);
  if (status == LMX_OK)
    status = solve(&a, solver);
  if (a.watch != NULL)
    e->made = lmx_watch_take_record(a.watch);
  lmx_watch_destroy(&a.watch);
  lmx_solver_destroy(&solver);
  lmx_free(a.state);
  e->lost = status == LMX_ERR_NUMERICS;
  return e->lost ? LMX_OK : status;
}

/* --- the bars */

/* Of these times and shells: whoever changed the ball gets another solve. */
static bool fits(const lmx_bar_record *record, const lmx_check_input *input,
                 const lmx_bar_shells *shells)
{
  if (record == NULL || record->ntimes != input->ntimes ||
      record->nshells != shells->n)
    return false;
  for (size_t j = 0; j < shells->n; ++j)
    if (record->data[j * LMX_BAR_COLUMNS + LMX_BAR_EDGE] != shells->edge[j + 1])
      return false;
  return true;
}

/* -log(1 - W), which is more than log(1 + W). */
static double bar_of(double W)
{
  return W < 1.0 ? -log1p(-W) : INFINITY;
}

/* With one more shell. */
static void widen(const double *row, parts *p)
{
  p->space = fmax(p->space, row[LMX_BAR_SPACE]);
  p->time = fmax(p->time, row[LMX_BAR_TIME]);
  p->beyond = fmax(p->beyond, row[LMX_BAR_BEYOND]);
  p->distance = fmax(p->distance, row[LMX_BAR_DISTANCE]);
  p->path = fmax(p->path, bar_of(row[LMX_BAR_SPACE] + row[LMX_BAR_TIME] +
                                 row[LMX_BAR_BEYOND]));
  p->bar = p->path + p->distance;
}

/* A stored state that is further from the path than the path's bar and the
 * tolerances allow solves another problem. */
static bool strays(const lmx_check_env *env, const parts *p)
{
  return isfinite(p->path) && !(p->distance <= p->path + env->accuracy);
}

/* The bars on all balls at one output time. */
static lmx_status read_bars(const lmx_check_env *env, error_bar *e, size_t k,
                            lmx_table *radii)
{
  const lmx_bar_record *record = e->record;
  parts p = {.bar = 0.0};
  for (size_t n = 0; n < record->nshells; ++n) {
    widen(record->data + (k * record->nshells + n) * LMX_BAR_COLUMNS, &p);
    if (isfinite(p.bar))
      p.reach = e->shells.edge[n + 1];
    const double row[3] = {env->input->times[k], e->shells.edge[n + 1], p.bar};
    LMX_TRY(lmx_table_add(env->context, radii, row));
    if (n >= e->shells.ball)
      continue;
    e->strays[k] = e->strays[k] || strays(env, &p);
    e->bars[k] = p;
  }
  return lmx_table_break(env->context, radii);
}

static void release(void *state)
{
  error_bar *e = state;
  lmx_bar_record_destroy(&e->made);
  lmx_bar_shells_release(&e->shells);
  lmx_free(e->bars);
  lmx_free(e->strays);
}

/* --- the verdict */

/* Rounding of log f and of the exact solution. */
static const double rounding = 1e-12;
/* A bar that is larger says why. */
static const double weak = 1e-2;

typedef struct verdict {
  size_t worst, violations, strays;
  size_t without; /* times without a bar, ... */
  size_t first;   /* ... the first of them */
  double value, loosest;
} verdict;

static lmx_status compare(const lmx_check_env *env, const error_bar *e,
                          lmx_table *table, verdict *v)
{
  const lmx_check_input *input = env->input;
  *v = (verdict){.value = NAN};
  for (size_t k = 0; k < input->ntimes; ++k) {
    const parts *p = &e->bars[k];
    double truth = env->true_error[k];
    const double row[7] = {input->times[k], truth,     p->bar,     p->space,
                           p->time,         p->beyond, p->distance};
    LMX_TRY(lmx_table_add(env->context, table, row));
    v->violations += truth > p->bar + rounding;
    v->strays += e->strays[k];
    if (!isfinite(p->bar) && v->without++ == 0)
      v->first = k;
    if (k > 0 && truth > 0.0 && isfinite(p->bar))
      v->loosest = fmax(v->loosest, p->bar / truth);
    if (p->bar > e->bars[v->worst].bar)
      v->worst = k;
    if (!(truth <= v->value))
      v->value = truth;
  }
  return LMX_OK;
}

/* The largest part, and what lowers it. */
static const char *cause(const parts *p)
{
  if (p->space >= fmax(p->time, p->beyond))
    return "the residual of the differences in v, which a finer grid lowers";
  if (p->time >= p->beyond)
    return "the error of the time steps, which a smaller rtol lowers";
  return "what may come from beyond the box, which a larger box lowers";
}

static void explain_absence(const lmx_check_env *env, const error_bar *e,
                            const verdict *v, lmx_check_result *result)
{
  const parts *p = &e->bars[v->first];
  const char *why = "f could be off by all of f";
  bool measured = isinf(p->path) && isfinite(p->space) && !e->lost;
  if (isfinite(p->path))
    why = "the stored state is not finite";
  else if (!measured)
    why = "the data could not be integrated once more or lie below no Gaussian";
  lmx_check_note(result,
                 "NO BAR at %zu of %zu times, first at t = %.4g where |v| > "
                 "%.3g: %s. ",
                 v->without, env->input->ntimes, env->input->times[v->first],
                 p->reach, why);
  if (measured)
    lmx_check_note(result, "It is %s if this is a solution. ", cause(p));
}

static void describe(const lmx_check_env *env, const error_bar *e,
                     const verdict *v, lmx_check_result *result)
{
  const parts *p = &e->bars[v->worst];
  lmx_check_note(result,
                 "Bound of |error of log f| on |v| <= %.4g, largest at t = "
                 "%.4g: residual %.2g, time steps %.2g, from beyond |v| = %.3g "
                 "%.2g, distance of the stored state from the path %.2g. ",
                 env->input->radius, result->t, p->space, p->time,
                 e->shells.edge[e->shells.n], p->beyond, p->distance);
  if (isfinite(p->bar) && p->path > weak)
    lmx_check_note(result, "It is weak by %s. ", cause(p));
  if (v->strays > 0)
    lmx_check_note(result,
                   "%zu stored states are further from it than bar and "
                   "tolerances allow. ",
                   v->strays);
  if (v->violations > 0 || v->loosest > 0.0)
    lmx_check_note(result,
                   "Value: the true error, %s wherever there is a bar, which "
                   "is up to %.2g times it. ",
                   v->violations == 0 ? "below it" : "NOT below it",
                   v->loosest);
  if (e->made == NULL)
    lmx_check_note(result, "The path goes through the steps of the run. ");
  else
    lmx_check_note(result,
                   "The path goes through %zu steps of another solve of the "
                   "data, at %.0f times the tolerances. ",
                   e->steps, tolerance);
}

static lmx_status find_bars(const lmx_check_env *env, error_bar *e)
{
  const lmx_check_input *input = env->input;
  LMX_TRY(LMX_NEW_ARRAY(env->context, input->ntimes, &e->bars));
  LMX_TRY(LMX_NEW_ARRAY(env->context, input->ntimes, &e->strays));
  e->record = input->record;
  if (fits(input->record, input, &e->shells))
    return LMX_OK;
  LMX_TRY(solve_again(env, e));
  e->record = e->made;
  if (e->made != NULL)
    return LMX_OK;
  /* the solver refused the data */
  LMX_TRY(lmx_bar_record_create(env->context, input->ntimes, e->shells.n,
                                &e->made));
  e->record = e->made;
  return LMX_OK;
}

static lmx_status fill_tables(lmx_check_env *env, error_bar *e, verdict *v)
{
  lmx_table *radii, *table;
  LMX_TRY(lmx_check_table(
      env, "error_bar_radii",
      "bound of the error of log f on |v| <= R by the maximum principle",
      "t,R,error bar", &radii));
  for (size_t k = 0; k < env->input->ntimes; ++k)
    LMX_TRY(read_bars(env, e, k, radii));
  LMX_TRY(lmx_check_table(env, "error_bar",
                          "bound of the error of log f in the ball by the "
                          "maximum principle, and the true error",
                          "t,true error,error bar,residual,time steps,from "
                          "beyond,distance",
                          &table));
  return compare(env, e, table, v);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  error_bar *e = state;
  verdict v;
  if (!applies(env)) {
    lmx_check_note(result, "Only in log form: in density form the error "
                           "of log f is the noise of f over f. ");
    return LMX_OK;
  }
  LMX_TRY(lmx_bar_shells_init(env->context, env->input->grid,
                              env->input->radius, &e->shells));
  if (e->shells.n == 0) {
    lmx_check_note(result, "The box leaves no sphere around the checked "
                           "ball. ");
    return LMX_OK;
  }
  LMX_TRY(find_bars(env, e));
  LMX_TRY(fill_tables(env, e, &v));
  const parts *worst = &e->bars[v.worst];
  lmx_check_at_most(result, v.value, worst->bar);
  result->t = env->input->times[v.worst];
  /* a bound that is infinite says nothing */
  result->status = v.violations + v.strays > 0       ? LMX_FAILS
                   : isnan(v.value) || v.without > 0 ? LMX_INFO
                                                     : LMX_HOLDS;
  if (v.without > 0)
    explain_absence(env, e, &v, result);
  describe(env, e, &v, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_error_bar = {
    .id = "error-bar",
    .statement = "error of log f bounded by its residual (maximum principle)",
    .uses = LMX_CHECK_USES_JETS,
    .derivatives = 2,
    .state_size = sizeof(error_bar),
    .finish = finish,
    .release = release,
};
