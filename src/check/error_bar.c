/* error-bar: a bound of the error of log f by the maximum principle
 * (Proposition 3.1, used on ourselves; docs/math.md, section 3.5).
 *
 * A path u(t, v) through the steps of a solve of the same data obeys
 * d_t f = L f + rho f with f = M exp(u), and rho is measured: in time at the
 * ends of every step, in v at the nodes by differences of another order and at
 * output times between the nodes. |f - exact| <= W f on |v| < Lambda if
 *   W_t - A W >= |rho| (1 + W),   W >= |f - exact| / f where |v| = Lambda,
 * and the least W among radial barriers is found (error_bar_barrier.c), with
 * coefficients that are measured likewise. At the sphere the exact solution is
 * below the Gaussian of
 *   th' = -2 (d-1) (th - 1) + 2 delta exp(-4dt),  b' = delta d exp(-4dt) / th
 * above the data, delta = max(-D_aa) (math.md (33)). The bar of a stored state
 * is -log(1 - W) and its distance from the path. */
#include "check/error_bar.h"

#include <math.h>

enum {
  GROUP = 10, /* steps between two measurements of the coefficients */
  SPACE = 0,  /* W is the sum of three: what rho of the differences ... */
  TIME,       /* ... and of the time integration feed, ... */
  BEYOND,     /* ... and what comes in at the sphere */
  PARTS,
  OWN = 0,  /* Each in three forms: relative to the computed solution, ... */
  DENSITY,  /* ... by barriers for the density, ... */
  GAUSSIAN, /* ... and relative to the Gaussian above; both of the latter in
               units of this Gaussian */
  FORMS
};

typedef struct parts {
  double bar, path, part[PARTS], distance; /* bar = path + distance */
  bool strays; /* the stored state is not a solution, see below */
} parts;

/* A step, or what is left of it. */
typedef struct piece {
  double start, end;
  double defect[LMX_BAR_SHELLS];  /* |rho| of the time integration */
  double density[LMX_BAR_SHELLS]; /* the same times f over the Gaussian */
} piece;

/* What is measured at one time, by shells. */
typedef struct measured {
  lmx_bar_coefficients c;         /* rho: with the part in time */
  double space[LMX_BAR_SHELLS];   /* |rho| of the differences in v */
  double density[LMX_BAR_SHELLS]; /* the same times f over the Gaussian */
  double above[LMX_BAR_SHELLS];   /* max of log Gaussian - log f */
  double below[LMX_BAR_SHELLS];   /* max of log f - log Gaussian */
} measured;

typedef struct error_bar {
  lmx_bar_shells shells;
  lmx_bar_gaussian gaussian; /* above the exact solution */
  lmx_bar_path path;
  size_t npieces;
  piece pieces[GROUP + 1];
  double t; /* up to which the profiles are */
  measured before, now, both;
  lmx_bar_coefficients density, relative;
  lmx_bar_profile profile[PARTS][FORMS];
  bool lost;      /* the path could not be continued */
  double *rate;   /* [size] at an output time */
  lmx_jets *jets; /* of the path, by differences of another order */
  size_t sampled;
  parts *bars; /* [ntimes] */
  lmx_table *table, *radii;
} error_bar;

static bool applies(const lmx_check_env *env)
{
  return env->input->formulation == LMX_FORMULATION_LOG;
}

/* --- measuring */

/* One jet: its residual and, if `node`, what it says on the coefficients. */
static void take(const lmx_check_env *env, error_bar *e, const lmx_jet *jet,
                 double rate, double t, bool node)
{
  const lmx_model *model = env->input->model;
  measured *now = &e->now;
  double c[LMX_MAX_DIMENSION], r2 = 0.0, normal = 0.0, drift = 0.0;
  double growth[LMX_BAR_RATES];
  lmx_pointwise_c(model, t, c);
  lmx_pointwise_set(jet, c, 2, env->pointwise);
  double rho = fabs(rate - lmx_time_derivative(env->pointwise).value);
  for (int a = 0; a < model->d; ++a) {
    r2 += jet->v[a] * jet->v[a];
    normal += c[a] * jet->v[a] * jet->v[a];
    drift += c[a] * jet->v[a] * jet->q[a];
  }
  size_t j = lmx_bar_shell_of(&e->shells, sqrt(r2));
  double above = lmx_bar_gaussian_log(model, &e->gaussian, t, r2) - jet->g;
  lmx_bar_raise(&now->space[j], rho);
  lmx_bar_raise(&now->density[j], rho * exp(-above));
  if (!node)
    return;
  lmx_bar_growth(model, r2, normal / r2, drift, growth);
  for (int i = 0; i < LMX_BAR_RATES; ++i)
    now->c.growth[i][j] = lmx_bar_larger(now->c.growth[i][j], growth[i]);
  now->above[j] = fmax(now->above[j], above);
  now->below[j] = fmax(now->below[j], -above);
}

/* The corner of the cell of a node towards the origin: between the nodes. */
static lmx_status take_between(const lmx_check_env *env, error_bar *e,
                               size_t node, const double *u, const double *rate,
                               double t)
{
  const lmx_grid *grid = env->input->grid;
  double v[LMX_MAX_DIMENSION], r2 = 0.0;
  lmx_grid_point(grid, node, v);
  for (int a = 0; a < grid->naxes; ++a) {
    v[a] -= copysign(0.5 * grid->axis[a].h, v[a]);
    r2 += v[a] * v[a];
  }
  LMX_TRY(lmx_interpolate(env->context, grid, u, v, env->field_jet));
  LMX_TRY(lmx_interpolate(env->context, grid, rate, v, env->rate_jet));
  take(env, e, env->field_jet,
       env->rate_jet->g - lmx_log_maxwellian(grid->d, r2), t, false);
  ++e->sampled;
  return LMX_OK;
}

static void clear(measured *now)
{
  *now = (measured){0};
  for (size_t j = 0; j < LMX_BAR_SHELLS; ++j) {
    now->above[j] = now->below[j] = -INFINITY;
    for (int i = 0; i < LMX_BAR_RATES; ++i)
      now->c.growth[i][j] = -INFINITY;
  }
}

/* The coefficients at time t from u and its rate. */
static lmx_status measure(const lmx_check_env *env, error_bar *e, double t,
                          const double *u, const double *rate, bool between)
{
  size_t stride = lmx_check_stride(env->input, e->shells.nnodes);
  clear(&e->now);
  lmx_jets_set(e->jets, u);
  for (size_t k = 0; k < e->shells.nnodes; ++k) {
    size_t i = e->shells.nodes[k].index;
    lmx_jets_get(e->jets, i, env->field_jet);
    take(env, e, env->field_jet, rate[i], t, true);
    if (between && k % stride == 0)
      LMX_TRY(take_between(env, e, i, u, rate, t));
  }
  return LMX_OK;
}

/* --- propagating */

/* The larger of two measurements is that of the time between. */
static void join(error_bar *e)
{
  measured *x = &e->both;
  const measured *p = &e->before, *q = &e->now;
  for (size_t j = 0; j < e->shells.n; ++j) {
    for (int i = 0; i < LMX_BAR_RATES; ++i)
      x->c.growth[i][j] = lmx_bar_larger(p->c.growth[i][j], q->c.growth[i][j]);
    x->space[j] = fmax(p->space[j], q->space[j]);
    x->density[j] = fmax(p->density[j], q->density[j]);
    x->above[j] = fmax(p->above[j], q->above[j]);
    x->below[j] = fmax(p->below[j], q->below[j]);
    x->c.rho[j] = 0.0;
    for (size_t s = 0; s < e->npieces; ++s)
      x->c.rho[j] = fmax(x->c.rho[j], e->pieces[s].defect[j]);
    x->c.rho[j] += x->space[j];
  }
}

/* The barriers of what comes from beyond are relative to the Gaussian above,
 * in units of its value on the outermost sphere at t = 0. */
static void relate(const lmx_model *model, error_bar *e, double t0, double t1)
{
  double low[LMX_BAR_SHELLS + 1], high[LMX_BAR_SHELLS + 1];
  double outer = e->shells.edge[e->shells.n];
  double unit = lmx_bar_gaussian_log(model, &e->gaussian, 0.0, outer * outer);
  for (size_t j = 0; j <= e->shells.n; ++j) {
    double r2 = e->shells.edge[j] * e->shells.edge[j];
    double start = lmx_bar_gaussian_log(model, &e->gaussian, t0, r2) - unit;
    double end = lmx_bar_gaussian_log(model, &e->gaussian, t1, r2) - unit;
    low[j] = fmin(start, end);
    high[j] = fmax(start, end);
  }
  for (int part = 0; part < PARTS; ++part)
    lmx_bar_profile_relative(&e->shells, low, high, &e->profile[part][DENSITY]);
}

/* n.abar n is at most c = d - 1 + delta exp(-4dt). Relative to the Gaussian
 * its surplus and n.abar n together are worth n.abar n = c everywhere. */
static void gaussian_coefficients(const lmx_model *model, error_bar *e,
                                  double t0, double t1)
{
  double growth[LMX_BAR_RATES];
  double c = model->d - 1 + e->gaussian.delta * exp(-4.0 * model->d * t0);
  for (size_t j = 0; j < e->shells.n; ++j)
    for (int corner = 0; corner < 4; ++corner) {
      double r = e->shells.edge[j + (size_t)(corner / 2)];
      double theta = lmx_bar_gaussian_theta(model, &e->gaussian,
                                            corner % 2 == 0 ? t0 : t1);
      for (int form = 0; form < 2; ++form) {
        if (form == 0)
          lmx_bar_growth_density(model, r * r, c, growth);
        else
          lmx_bar_growth(model, r * r, c, -c * r * r / theta, growth);
        lmx_bar_coefficients *x = form == 0 ? &e->density : &e->relative;
        for (int i = 0; i < LMX_BAR_RATES; ++i)
          x->growth[i][j] =
              corner == 0 ? growth[i] : fmax(x->growth[i][j], growth[i]);
      }
    }
}

/* own, density: what feeds the part, for its forms. */
static void advance(error_bar *e, int part, const double *own,
                    const double *density, double dt)
{
  static const double none[LMX_BAR_SHELLS] = {0};
  size_t last = e->shells.n - 1;
  for (int form = 0; form < FORMS; ++form) {
    double log_boundary =
        form == OWN ? e->both.above[last] : e->both.below[last];
    double boundary = part == BEYOND ? fmax(1.0, exp(log_boundary)) : 0.0;
    const double *source = form == OWN ? own : density;
    lmx_bar_profile_advance(&e->shells, form == OWN ? e->both.c.rho : none,
                            source == NULL ? none : source, boundary, dt,
                            &e->profile[part][form]);
  }
}

/* What one form knows helps the others. */
static void settle(error_bar *e, int part)
{
  size_t n = e->shells.n;
  double known[LMX_BAR_SHELLS] = {0};
  lmx_bar_profile *p = e->profile[part];
  for (size_t j = 0; j < n; ++j)
    known[j] = part == BEYOND ? fmax(1.0, exp(e->now.below[j])) : INFINITY;
  lmx_bar_profile_settle(&e->shells, known, &p[DENSITY]);
  lmx_bar_profile_settle(&e->shells, p[DENSITY].value, &p[GAUSSIAN]);
  for (size_t j = 0; j < n; ++j)
    known[j] = p[GAUSSIAN].value[j] * exp(e->now.above[j]);
  lmx_bar_profile_settle(&e->shells, known, &p[OWN]);
  for (size_t j = 0; j < n; ++j)
    known[j] =
        fmin(p[GAUSSIAN].value[j], p[OWN].value[j] * exp(e->now.below[j]));
  lmx_bar_profile_settle(&e->shells, known, &p[DENSITY]);
  lmx_bar_profile_settle(&e->shells, known, &p[GAUSSIAN]);
}

/* The pieces up to time t; what is left of the last one is kept. */
static void propagate(error_bar *e, double t)
{
  size_t kept = 0;
  const lmx_model *model = e->path.env->input->model;
  join(e);
  relate(model, e, e->t, t);
  gaussian_coefficients(model, e, e->t, t);
  const lmx_bar_coefficients *c[FORMS] = {&e->both.c, &e->density,
                                          &e->relative};
  for (int part = 0; part < PARTS; ++part)
    for (int form = 0; form < FORMS; ++form)
      lmx_bar_profile_prepare(&e->shells, c[form], &e->profile[part][form]);
  for (size_t s = 0; s < e->npieces; ++s) {
    piece *x = &e->pieces[s];
    double end = fmin(x->end, t);
    if (end > x->start)
      advance(e, TIME, x->defect, x->density, end - x->start);
    x->start = end;
    if (x->end > t)
      e->pieces[kept++] = *x;
  }
  e->npieces = kept;
  if (t > e->t) {
    advance(e, SPACE, e->both.space, e->both.density, t - e->t);
    advance(e, BEYOND, NULL, NULL, t - e->t);
  }
  relate(model, e, t, t);
  for (int part = 0; part < PARTS; ++part)
    settle(e, part);
  e->before = e->now;
  e->t = t;
}

/* log of the Gaussian above over M at time t is gaussian[0] + gaussian[1] r2.
 */
static void over_maxwellian(const error_bar *e, double t, double *gaussian)
{
  const lmx_model *model = e->path.env->input->model;
  gaussian[0] = lmx_bar_gaussian_log(model, &e->gaussian, t, 0.0) -
                lmx_log_maxwellian(model->d, 0.0);
  gaussian[1] = 0.5 - 0.5 / lmx_bar_gaussian_theta(model, &e->gaussian, t);
}

static lmx_status after_step(void *user)
{
  error_bar *e = user;
  lmx_bar_path *path = &e->path;
  piece *s = &e->pieces[e->npieces++];
  double gaussian[2][2];
  s->start = path->time[1];
  s->end = path->time[0];
  over_maxwellian(e, s->start, gaussian[0]);
  over_maxwellian(e, s->end, gaussian[1]);
  lmx_bar_path_defect(path, &e->shells, gaussian, s->defect, s->density);
  if (e->npieces < GROUP || path->time[0] >= path->target)
    return LMX_OK;
  LMX_TRY(measure(path->env, e, path->time[0], path->u[0], path->rate, false));
  propagate(e, path->time[0]);
  return LMX_OK;
}

/* --- the bar at an output time */

/* -log(1 - W), which is more than log(1 + W). */
static double bar_of(double W)
{
  return W < 1.0 ? -log1p(-W) : INFINITY;
}

/* The largest distance of the stored state from the path by shells. */
static void find_distance(const lmx_check_env *env, const error_bar *e,
                          double *far)
{
  const double *u = env->input->u[env->k];
  for (size_t j = 0; j < e->shells.n; ++j)
    far[j] = 0.0;
  for (size_t k = 0; k < e->shells.nnodes; ++k) {
    const lmx_bar_node *x = &e->shells.nodes[k];
    lmx_bar_raise(&far[x->shell], fabs(u[x->index] - e->path.state[x->index]));
  }
}

/* The bar on |v| <= edge[shells]. */
static parts bar_within(const error_bar *e, size_t shells, const double *far)
{
  parts now = {.bar = 0.0};
  for (size_t j = 0; j < shells; ++j) {
    double W = 0.0;
    for (int part = 0; part < PARTS; ++part) {
      double w = e->profile[part][OWN].value[j];
      now.part[part] = fmax(now.part[part], w);
      W += w;
    }
    now.bar = fmax(now.bar, bar_of(W));
    now.distance = fmax(now.distance, isnan(far[j]) ? INFINITY : far[j]);
  }
  now.path = now.bar;
  now.bar += now.distance;
  return now;
}

/* A stored state that is further from the path than the path's bar and the
 * tolerances allow solves another problem. */
static bool strays(const lmx_check_env *env, const parts *p)
{
  return isfinite(p->path) && !(p->distance <= p->path + env->accuracy);
}

static lmx_status read_bar(const lmx_check_env *env, error_bar *e)
{
  double far[LMX_BAR_SHELLS] = {0};
  bool astray = false;
  find_distance(env, e, far);
  for (size_t n = 1; n <= e->shells.n; ++n) {
    parts p = bar_within(e, n, far);
    const double row[3] = {env->t, e->shells.edge[n], p.bar};
    LMX_TRY(lmx_table_add(env->context, e->radii, row));
    if (n <= e->shells.ball)
      astray = astray || strays(env, &p);
    if (n == e->shells.ball)
      e->bars[env->k] = p;
  }
  e->bars[env->k].strays = astray;
  return lmx_table_break(env->context, e->radii);
}

static lmx_status at_time(lmx_check_env *env, void *state)
{
  error_bar *e = state;
  if (!applies(env) || e->shells.n == 0 || e->lost)
    return LMX_OK;
  lmx_bar_path *path = &e->path;
  lmx_status status = env->k > 0 ? lmx_bar_path_advance(path, env->t) : LMX_OK;
  if (status == LMX_ERR_NUMERICS) {
    e->lost = true;
    return LMX_OK;
  }
  LMX_TRY(status);
  lmx_bar_path_state(path, env->t);
  lmx_check_rate_compute(env->rates, env->t, path->state, e->rate);
  LMX_TRY(measure(env, e, env->t, path->state, e->rate, true));
  propagate(e, env->t);
  return read_bar(env, e);
}

/* --- begin and finish */

static lmx_status begin(lmx_check_env *env, void *state)
{
  error_bar *e = state;
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->input->ntimes, &e->bars));
  for (size_t k = 0; k < env->input->ntimes; ++k)
    e->bars[k] = (parts){.bar = INFINITY,
                         .part = {INFINITY, INFINITY, INFINITY},
                         .distance = INFINITY};
  if (!applies(env))
    return LMX_OK;
  LMX_TRY(lmx_bar_shells_init(env->context, env->input->grid,
                              env->input->radius, &e->shells));
  if (e->shells.n == 0)
    return LMX_OK;
  lmx_bar_gaussian_init(env->input, e->shells.edge[e->shells.n], &e->gaussian);
  for (int part = 0; part < PARTS; ++part)
    for (int form = 0; form < FORMS; ++form)
      lmx_bar_profile_init(&e->shells, &e->profile[part][form]);
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->input->grid->size, &e->rate));
  LMX_TRY(lmx_jets_create(env->context, env->other_grid, 2, &e->jets));
  e->path.after_step = after_step;
  e->path.user = e;
  lmx_status status = lmx_bar_path_begin(env, &e->path);
  if (status != LMX_ERR_NUMERICS)
    LMX_TRY(status);
  e->lost = status != LMX_OK || isnan(e->gaussian.theta0);
  LMX_TRY(lmx_check_table(
      env, "error_bar_radii",
      "bound of the error of log f on |v| <= R by the maximum principle",
      "t,R,error bar", &e->radii));
  return lmx_check_table(env, "error_bar",
                         "bound of the error of log f in the ball by the "
                         "maximum principle, and the true error",
                         "t,true error,error bar,residual,time steps,from "
                         "beyond,distance",
                         &e->table);
}

static void release(void *state)
{
  error_bar *e = state;
  lmx_bar_path_release(&e->path);
  lmx_bar_shells_release(&e->shells);
  lmx_jets_destroy(&e->jets);
  lmx_free(e->rate);
  lmx_free(e->bars);
}

/* Rounding of log f and of the exact solution. */
static const double rounding = 1e-12;

typedef struct verdict {
  size_t worst, violations, strays;
  double value, loosest;
} verdict;

static lmx_status compare(const lmx_check_env *env, const error_bar *e,
                          verdict *v)
{
  const lmx_check_input *input = env->input;
  *v = (verdict){.value = NAN};
  for (size_t k = 0; k < input->ntimes; ++k) {
    const parts *p = &e->bars[k];
    double truth = env->true_error[k];
    const double row[7] = {input->times[k], truth,         p->bar,
                           p->part[SPACE],  p->part[TIME], p->part[BEYOND],
                           p->distance};
    LMX_TRY(lmx_table_add(env->context, e->table, row));
    v->violations += truth > p->bar + rounding;
    v->strays += p->strays;
    if (k > 0 && truth > 0.0)
      v->loosest = fmax(v->loosest, p->bar / truth);
    if (p->bar > e->bars[v->worst].bar)
      v->worst = k;
    if (!(truth <= v->value))
      v->value = truth;
  }
  return LMX_OK;
}

static void describe(const lmx_check_env *env, const error_bar *e,
                     const verdict *v, lmx_check_result *result)
{
  const parts *p = &e->bars[v->worst];
  lmx_check_note(result,
                 "Bound of |error of log f| on |v| <= %.4g, largest at t = "
                 "%.4g: residual %.2g, time steps %.2g, from beyond |v| = %.3g "
                 "%.2g, distance of the stored state from the path %.2g. ",
                 env->input->radius, result->t, p->part[SPACE], p->part[TIME],
                 e->shells.edge[e->shells.n], p->part[BEYOND], p->distance);
  if (v->strays > 0)
    lmx_check_note(result,
                   "%zu stored states are further from it than bar and "
                   "tolerances allow. ",
                   v->strays);
  if (env->input->exact != NULL)
    lmx_check_note(result,
                   "Value: the true error, %s at every time; the bar is up to "
                   "%.2g times it. ",
                   v->violations == 0 ? "below" : "NOT below", v->loosest);
  lmx_check_note(result,
                 "rho at all nodes after every %d of %zu steps of the path and "
                 "at %zu points between nodes, its part in time at every step.",
                 GROUP, e->path.steps, e->sampled);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const error_bar *e = state;
  verdict v;
  if (!applies(env)) {
    lmx_check_note(result, "Only in log form: in density form the error "
                           "of log f is the noise of f over f. ");
    return LMX_OK;
  }
  if (e->shells.n == 0) {
    lmx_check_note(result, "The box leaves no sphere around the checked "
                           "ball. ");
    return LMX_OK;
  }
  LMX_TRY(compare(env, e, &v));
  lmx_check_at_most(result, v.value, e->bars[v.worst].bar);
  result->t = env->input->times[v.worst];
  result->status = v.violations + v.strays > 0 ? LMX_FAILS
                   : isnan(v.value)            ? LMX_INFO
                                               : LMX_HOLDS;
  if (e->lost)
    lmx_check_note(result,
                   "The data could not be integrated once more or lie below no "
                   "Gaussian. ");
  describe(env, e, &v, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_error_bar = {
    .id = "error-bar",
    .statement = "error of log f bounded by its residual (maximum principle)",
    .uses = LMX_CHECK_USES_LEMMAS,
    .derivatives = 2,
    .state_size = sizeof(error_bar),
    .begin = begin,
    .time = at_time,
    .finish = finish,
    .release = release,
};
