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

/* On a ball. bar = path + distance, finite where |v| <= reach; infinite also
 * where too much of it is a guess, and then `blurred` */
typedef struct parts {
  double bar, path, space, unsure, time, beyond, distance, reach;
  bool blurred;
} parts;

typedef struct error_bar {
  lmx_bar_shells shells;
  const lmx_bar_record *record;
  lmx_bar_record *made; /* of another solve */
  bool lost;            /* which could not be completed */
  size_t steps;
  parts *bars;           /* [ntimes] */
  bool *strays;          /* [ntimes] the state is not a solution, see below */
  lmx_check_worst stray; /* the worst of them, distance and what is allowed */
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

/* Rounding of log f and of the exact solution. */
static const double rounding = 1e-12;

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
  p->unsure = fmax(p->unsure, row[LMX_BAR_UNSURE]);
  p->time = fmax(p->time, row[LMX_BAR_TIME]);
  p->beyond = fmax(p->beyond, row[LMX_BAR_BEYOND]);
  p->distance = fmax(p->distance, row[LMX_BAR_DISTANCE]);
  p->path = fmax(p->path, bar_of(row[LMX_BAR_SPACE] + row[LMX_BAR_UNSURE] +
                                 row[LMX_BAR_TIME] + row[LMX_BAR_BEYOND]));
  p->bar = p->path + p->distance;
}

/* What the differences do not resolve is known by a guess, which may be short
 * by more than the rest is long: so much of the bar may be one. */
static const double largest_guess = 0.1;

static bool is_blurred(const parts *p)
{
  return isfinite(p->bar) && p->unsure > largest_guess * p->bar + rounding;
}

/* A stored state that is further from the path than the path's bar and the
 * tolerances allow solves another problem. */
static void note_stray(const lmx_check_env *env, error_bar *e, size_t k,
                       const parts *p)
{
  double allowed = p->path + env->accuracy;
  if (!isfinite(p->path) || p->distance <= allowed)
    return;
  e->strays[k] = true;
  lmx_check_worst_take(&e->stray, p->distance, allowed, k, 0);
}

/* In the checked ball a smaller one whose bar is a guess takes that of a larger
 * one; beyond there is none any more. */
static void judge(const error_bar *e, size_t n, parts *on)
{
  double larger = INFINITY;
  for (size_t j = e->shells.ball; j-- > 0;) {
    on[j].blurred = is_blurred(&on[j]);
    if (on[j].blurred)
      on[j].bar = larger;
    larger = on[j].bar;
  }
  for (size_t j = e->shells.ball; j < n; ++j)
    if (isinf(on[j - 1].bar) || is_blurred(&on[j]))
      on[j].bar = INFINITY;
}

/* The bars on all balls at one output time. */
static lmx_status read_bars(const lmx_check_env *env, error_bar *e, size_t k,
                            lmx_table *radii)
{
  const lmx_bar_record *record = e->record;
  parts on[LMX_BAR_SHELLS], p = {.bar = 0.0};
  for (size_t n = 0; n < record->nshells; ++n) {
    widen(record->data + (k * record->nshells + n) * LMX_BAR_COLUMNS, &p);
    on[n] = p;
    if (n < e->shells.ball)
      note_stray(env, e, k, &p);
  }
  judge(e, record->nshells, on);
  e->bars[k] = on[e->shells.ball - 1];
  for (size_t n = 0; n < record->nshells; ++n) {
    const double row[3] = {env->input->times[k], e->shells.edge[n + 1],
                           on[n].bar};
    if (isfinite(on[n].bar))
      e->bars[k].reach = e->shells.edge[n + 1];
    LMX_TRY(lmx_table_add(env->context, radii, row));
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

/* A bar that is larger says why. */
static const double weak = 1e-2;

typedef struct verdict {
  size_t worst; /* time of the largest bar */
  size_t violations, strays;
  size_t without; /* times without a bar, ... */
  size_t first;   /* ... the first of them */
  size_t granted; /* times at which the exact solution knows less, ... */
  double own;     /* ... and what it does not know */
  double loosest;
  lmx_check_worst truth; /* against the bar */
} verdict;

static void compare_time(const lmx_check_env *env, const error_bar *e, size_t k,
                         verdict *v)
{
  const parts *p = &e->bars[k];
  double truth = env->true_error[k], excess = env->unexplained[k];
  v->strays += e->strays[k];
  if (p->bar > e->bars[v->worst].bar)
    v->worst = k;
  if (!isfinite(p->bar) && v->without++ == 0)
    v->first = k;
  if (isnan(truth) || !isfinite(p->bar))
    return;
  if (truth > excess && truth > p->bar + rounding) {
    ++v->granted;
    v->own = fmax(v->own, truth - excess);
  }
  v->violations += excess > p->bar + rounding;
  if (k > 0 || excess > rounding) /* at t = 0 there are the data alone */
    lmx_check_worst_take(&v->truth, excess, p->bar + rounding, k, 0);
  if (k > 0 && excess > rounding)
    v->loosest = fmax(v->loosest, p->bar / excess);
}

static lmx_status compare(const lmx_check_env *env, const error_bar *e,
                          lmx_table *table, verdict *v)
{
  const lmx_check_input *input = env->input;
  *v = (verdict){.worst = 0};
  for (size_t k = 0; k < input->ntimes; ++k) {
    const parts *p = &e->bars[k];
    const double row[8] = {
        input->times[k], env->true_error[k], p->bar,      p->space,
        p->time,         p->beyond,          p->distance, p->unsure};
    LMX_TRY(lmx_table_add(env->context, table, row));
    compare_time(env, e, k, v);
  }
  return LMX_OK;
}

/* The largest part, and what lowers it. */
static const char *cause(const parts *p)
{
  if (p->space + p->unsure >= fmax(p->time, p->beyond))
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
  if (p->blurred)
    why = "differences of three orders do not converge for the data, so that "
          "what they miss is not known (a finer grid helps)";
  else if (isfinite(p->path))
    why = "the stored state is not finite";
  else if (!measured)
    why = "the data could not be integrated once more or lie below no Gaussian";
  lmx_check_note(result,
                 "NO BAR at %zu of %zu times, first at t = %.4g where |v| > "
                 "%.3g: %s. ",
                 v->without, env->input->ntimes, env->input->times[v->first],
                 p->reach, why);
  if (p->blurred)
    lmx_check_note(result, "What it feeds is guessed to be %.2g. ", p->unsure);
  if (measured)
    lmx_check_note(result, "It is %s if this is a solution. ", cause(p));
}

static void describe(const lmx_check_env *env, const error_bar *e,
                     const verdict *v, lmx_check_result *result)
{
  const parts *p = &e->bars[v->worst];
  lmx_check_note(result,
                 "%s on |v| <= %.4g at t = %.4g: residual %.2g, time steps "
                 "%.2g, from beyond |v| = %.3g %.2g, distance of the stored "
                 "state from the path %.2g. ",
                 isfinite(p->bar) ? "Largest bound of |error of log f|"
                                  : "Its parts",
                 env->input->radius, env->input->times[v->worst], p->space,
                 p->time, e->shells.edge[e->shells.n], p->beyond, p->distance);
  if (isfinite(p->bar) && p->path > weak)
    lmx_check_note(result, "It is weak by %s. ", cause(p));
  if (v->strays > 0)
    lmx_check_note(result,
                   "%zu stored states are further from it than bar and "
                   "tolerances allow. ",
                   v->strays);
  if (v->violations > 0)
    lmx_check_note(result,
                   "The true error is NOT below it at %zu of %zu times. ",
                   v->violations, env->input->ntimes);
  if (v->granted > 0)
    lmx_check_note(result,
                   "At %zu of %zu times the exact solution is not known to "
                   "the bar: its own error, up to %.2g, is granted. ",
                   v->granted, env->input->ntimes, v->own);
  if (v->loosest > 0.0)
    lmx_check_note(result,
                   "Value: the true error less that of the exact solution, "
                   "where it is closest to the bar, which is up to %.2g times "
                   "it at others. ",
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
                          "beyond,distance,not resolved",
                          &table));
  return compare(env, e, table, v);
}

/* The row shows the time and the numbers that decide. */
static void decide(const lmx_check_env *env, const error_bar *e,
                   const verdict *v, lmx_check_result *result)
{
  const double *times = env->input->times;
  if (v->violations > 0 || (v->strays == 0 && v->without == 0)) {
    lmx_check_worst_result(env, &v->truth, result);
    if (v->truth.taken > 0)
      return;
  }
  if (v->strays > 0) {
    lmx_check_worst_result(env, &e->stray, result);
    return;
  }
  /* a bound that is infinite says nothing, nor one without a truth */
  size_t k = v->without > 0 ? v->first : v->worst;
  lmx_check_at_most(result, env->true_error[k], e->bars[k].bar);
  lmx_check_when(result, times[k]);
  result->status = LMX_INFO;
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
  decide(env, e, &v, result);
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
