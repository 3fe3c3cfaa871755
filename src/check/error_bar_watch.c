/* Along the path through the steps of a solve: rho and the coefficients are
 * measured, and the barriers of the error bar carried on with them
 * (docs/math.md, section 3.5). */
#include "check/error_bar.h"

enum {
  GROUP = 40, /* steps between two measurements of the coefficients */
  SLOWER = 8, /* they become longer by a step in so many: the first steps differ
                 most */
  SPACE = 0,  /* W is the sum of four: what rho of the differences ... */
  UNSURE,     /* ... feed, and do where they do not converge, ... */
  TIME,       /* ... and of the time integration, ... */
  BEYOND,     /* ... and what comes in at the sphere */
  PARTS,
  OWN = 0,  /* Each in three forms: relative to the computed solution, ... */
  DENSITY,  /* ... by barriers for the density, ... */
  GAUSSIAN, /* ... and relative to the Gaussian above; both of the latter in
               units of this Gaussian */
  FORMS     /* the first three parts also by geometric means */
};

/* What is measured at one time, by shells; of the time integration since the
 * measurement before. */
typedef struct measured {
  lmx_bar_coefficients c; /* rho: with the part in time */
  /* |rho| of the differences in v, where they converge and where not, and the
   * same times f over the Gaussian; else 0 */
  double space[2][LMX_BAR_SHELLS], density[2][LMX_BAR_SHELLS];
  double time[LMX_BAR_SHELLS];         /* |rho| of the time integration */
  double time_density[LMX_BAR_SHELLS]; /* the same times f over the Gaussian */
  double above[LMX_BAR_SHELLS];        /* max of log Gaussian - log f */
  double below[LMX_BAR_SHELLS];        /* max of log f - log Gaussian */
  lmx_bar_feed feed[2];                /* by |rho| of the differences in v */
  double time_feed[LMX_BAR_MEANS];     /* sources by the time integration */
  double growth[LMX_BAR_MEANS];        /* of the means, by both */
} measured;

/* What is known of a node. */
typedef struct visit {
  double root;   /* lmx_bar_means_root */
  double spread; /* grad z : abar grad z, z = log Gaussian - log f */
  lmx_bar_terms terms;
} visit;

struct lmx_watch {
  lmx_context *context;
  lmx_check_input input; /* without the states */
  double *times;
  lmx_bar_record *record;
  lmx_bar_shells shells;
  lmx_bar_gaussian gaussian; /* above the exact solution */
  lmx_bar_path path;
  size_t next;  /* output time */
  size_t steps; /* since the last measurement */
  size_t total; /* steps */
  double t;     /* up to which the profiles are */
  measured before, now, both;
  lmx_bar_coefficients density, relative;
  lmx_bar_profile profile[PARTS][FORMS];
  double means[BEYOND][LMX_BAR_MEANS];
  visit *visits; /* [shells.nnodes] of the last time */
  double *rate;  /* [size] at an output time */
  lmx_bar_residual residual;
  bool vague[LMX_BAR_SHELLS]; /* the differences of the data do not converge
                                 there, nor have they since */
  lmx_jet *jet, *rate_jet;
};

/* --- measuring */

/* log of the Gaussian above at |v|^2 = r2 is value + slope r2. */
typedef struct line {
  double value, slope;
} line;

static line gaussian_at(const lmx_watch *e, double t)
{
  const lmx_model *model = e->input.model;
  return (line){lmx_bar_gaussian_log(model, &e->gaussian, t, 0.0),
                -0.5 / lmx_bar_gaussian_theta(model, &e->gaussian, t)};
}

typedef struct point {
  const lmx_jet *jet;
  double c[LMX_MAX_DIMENSION]; /* of this time */
  line gaussian;
  double v2;
  double above; /* log Gaussian - log f */
} point;

static void set_point(const lmx_jet *jet, point *p)
{
  p->jet = jet;
  p->v2 = 0.0;
  for (int a = 0; a < jet->d; ++a)
    p->v2 += jet->v[a] * jet->v[a];
  p->above = p->gaussian.value + p->gaussian.slope * p->v2 - jet->g;
}

/* grad z : abar grad z, z = log Gaussian - log f. */
static double spread(const point *p)
{
  const lmx_jet *jet = p->jet;
  double own = 0.0, square = 0.0, along = 0.0;
  for (int a = 0; a < jet->d; ++a) {
    double x = 2.0 * p->gaussian.slope * jet->v[a] - jet->q[a];
    own += p->c[a] * x * x;
    square += x * x;
    along += jet->v[a] * x;
  }
  return own + p->v2 * square - along * along;
}

/* The residual at one point. */
static void take_residual(lmx_watch *e, double rho, double spread,
                          const double *powers, size_t shell)
{
  int sort = e->vague[shell] ? 1 : 0;
  lmx_bar_raise(&e->now.space[sort][shell], rho);
  lmx_bar_raise(&e->now.density[sort][shell], rho * powers[LMX_BAR_MEANS]);
  lmx_bar_means_take(rho, spread, powers, &e->now.feed[sort]);
}

/* The defect of the time integration at a node, with the larger f of both
 * ends: roots of lmx_bar_means_root. */
static void take_defect(lmx_watch *e, double defect, double root,
                        double old_root, size_t shell)
{
  double powers[LMX_BAR_MEANS + 1];
  lmx_bar_means_powers(lmx_bar_larger(root, old_root), powers);
  lmx_bar_raise(&e->now.time[shell], defect);
  lmx_bar_raise(&e->now.time_density[shell], defect * powers[LMX_BAR_MEANS]);
  for (int m = 0; m < LMX_BAR_MEANS; ++m)
    lmx_bar_raise(&e->now.time_feed[m], defect * powers[m]);
}

/* What the jet of a node says on the coefficients. */
static void take_coefficients(lmx_watch *e, const point *p, size_t shell)
{
  measured *now = &e->now;
  double normal = 0.0, drift = 0.0, growth[LMX_BAR_RATES];
  for (int a = 0; a < p->jet->d; ++a) {
    double x = p->c[a] * p->jet->v[a];
    normal += x * p->jet->v[a];
    drift += x * p->jet->q[a];
  }
  lmx_bar_growth(e->input.model, p->v2, normal / p->v2, drift, growth);
  for (int i = 0; i < LMX_BAR_RATES; ++i)
    now->c.growth[i][shell] =
        lmx_bar_larger(now->c.growth[i][shell], growth[i]);
  now->above[shell] = lmx_bar_larger(now->above[shell], p->above);
  now->below[shell] = lmx_bar_larger(now->below[shell], -p->above);
}

/* The corner of the cell of a node towards the origin: between the nodes. */
static lmx_status take_between(lmx_watch *e, point *p, size_t node,
                               const double *u, const double *rate)
{
  const lmx_grid *grid = e->input.grid;
  double v[LMX_MAX_DIMENSION], powers[LMX_BAR_MEANS + 1];
  lmx_grid_point(grid, node, v);
  for (int a = 0; a < grid->naxes; ++a)
    v[a] -= copysign(0.5 * grid->axis[a].h, v[a]);
  LMX_TRY(lmx_interpolate(e->context, grid, u, v, e->jet));
  LMX_TRY(lmx_interpolate(e->context, grid, rate, v, e->rate_jet));
  set_point(e->jet, p);
  lmx_bar_means_powers(lmx_bar_means_root(p->above), powers);
  double rho = e->rate_jet->g - lmx_log_maxwellian(grid->d, p->v2) -
               lmx_bar_time_derivative(e->jet, p->c);
  take_residual(e, fabs(rho), spread(p), powers,
                lmx_bar_shell_of(&e->shells, sqrt(p->v2)));
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

/* A look at every node: coefficients and defects, and the largest terms of
 * the differences by shells. */
static void look(lmx_watch *e, point *p, const double *rate, double *first,
                 double *second)
{
  for (size_t k = 0; k < e->shells.nnodes; ++k) {
    size_t i = e->shells.nodes[k].index, j = e->shells.nodes[k].shell;
    visit *x = &e->visits[k];
    set_point(lmx_bar_residual_jet(&e->residual, i), p);
    lmx_bar_residual_at(&e->residual, p->c, rate[i], &x->terms);
    lmx_bar_raise(&first[j], x->terms.first);
    lmx_bar_raise(&second[j], x->terms.second);
    take_coefficients(e, p, j);
    double root = lmx_bar_means_root(p->above);
    take_defect(e, e->path.largest[i], root, x->root, j);
    x->root = root;
    x->spread = spread(p);
  }
}

/* The coefficients at time t from u and its rate, and rho since the last
 * time; `between` asks for rho between the nodes. */
static lmx_status measure(lmx_watch *e, double t, const double *u,
                          const double *rate, bool between)
{
  size_t stride = lmx_check_stride(&e->input, e->shells.nnodes);
  double first[LMX_BAR_SHELLS] = {0.0}, second[LMX_BAR_SHELLS] = {0.0};
  double rest[LMX_BAR_SHELLS], powers[LMX_BAR_MEANS + 1];
  bool resolved[LMX_BAR_SHELLS];
  point p = {.gaussian = gaussian_at(e, t)};
  clear(&e->now);
  lmx_pointwise_c(e->input.model, t, p.c);
  lmx_bar_residual_set(&e->residual, u);
  look(e, &p, rate, first, second);
  lmx_bar_residual_rest(&e->residual, e->shells.n, first, second, rest,
                        resolved);
  for (size_t j = 0; j < e->shells.n; ++j)
    e->vague[j] = !resolved[j] && (e->next == 0 || e->vague[j]);
  for (size_t k = 0; k < e->shells.nnodes; ++k) {
    const visit *x = &e->visits[k];
    size_t j = e->shells.nodes[k].shell;
    lmx_bar_means_powers(x->root, powers);
    take_residual(e, x->terms.known + rest[j] * x->terms.second, x->spread,
                  powers, j);
    if (between && k % stride == 0)
      LMX_TRY(take_between(e, &p, e->shells.nodes[k].index, u, rate));
  }
  return LMX_OK;
}

/* --- propagating */

/* The larger of two measurements is that of the time between. */
static void join(lmx_watch *e)
{
  measured *x = &e->both;
  const measured *p = &e->before, *q = &e->now;
  double most = 0.0; /* of the time integration */
  for (size_t j = 0; j < e->shells.n; ++j) {
    for (int i = 0; i < LMX_BAR_RATES; ++i)
      x->c.growth[i][j] = lmx_bar_larger(p->c.growth[i][j], q->c.growth[i][j]);
    for (int sort = 0; sort < 2; ++sort) {
      x->space[sort][j] = fmax(p->space[sort][j], q->space[sort][j]);
      x->density[sort][j] = fmax(p->density[sort][j], q->density[sort][j]);
    }
    x->above[j] = fmax(p->above[j], q->above[j]);
    x->below[j] = fmax(p->below[j], q->below[j]);
    x->time[j] = q->time[j];
    x->time_density[j] = q->time_density[j];
    x->c.rho[j] = x->space[0][j] + x->space[1][j] + x->time[j];
    most = lmx_bar_larger(most, x->time[j]);
  }
  for (int m = 0; m < LMX_BAR_MEANS; ++m) {
    double growth = 0.0;
    for (int sort = 0; sort < 2; ++sort) {
      const lmx_bar_feed *a = &p->feed[sort], *b = &q->feed[sort];
      x->feed[sort].source[m] = fmax(a->source[m], b->source[m]);
      growth = fmax(growth, fmax(a->growth[m], b->growth[m]));
    }
    x->growth[m] = growth + most;
    x->time_feed[m] = q->time_feed[m];
  }
}

/* The barriers of what comes from beyond are relative to the Gaussian above,
 * in units of its value on the outermost sphere at t = 0. */
static void relate(lmx_watch *e, double t0, double t1)
{
  const lmx_model *model = e->input.model;
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
  lmx_bar_profile_relative(&e->shells, low, high, &e->profile[0][DENSITY]);
  for (int part = 1; part < PARTS; ++part)
    lmx_bar_profile_share(&e->profile[0][DENSITY], &e->profile[part][DENSITY]);
}

/* n.abar n is at most c = d - 1 + delta exp(-4dt). Relative to the Gaussian
 * its surplus and n.abar n together are worth n.abar n = c everywhere. */
static void gaussian_coefficients(lmx_watch *e, double t0, double t1)
{
  const lmx_model *model = e->input.model;
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
static void advance(lmx_watch *e, int part, const double *own,
                    const double *density, double dt)
{
  static const double none[LMX_BAR_SHELLS] = {0};
  size_t last = e->shells.n - 1;
  for (int form = 0; form < FORMS; ++form) {
    double boundary = 0.0;
    if (part == BEYOND)
      boundary = form == OWN ? fmax(1.0, exp(e->both.above[last]))
                             : fmax(1.0, exp(e->both.below[last]));
    const double *source = form == OWN ? own : density;
    lmx_bar_profile_advance(&e->shells, form == OWN ? e->both.c.rho : none,
                            source == NULL ? none : source, boundary, dt,
                            &e->profile[part][form]);
  }
}

/* What one form knows helps the others. */
static void settle(lmx_watch *e, int part)
{
  size_t n = e->shells.n;
  double known[LMX_BAR_SHELLS] = {0};
  lmx_bar_profile *p = e->profile[part];
  for (size_t j = 0; j < n; ++j)
    known[j] = part == BEYOND ? fmax(1.0, exp(e->now.below[j]))
                              : lmx_bar_means_over_gaussian(e->means[part],
                                                            e->now.below[j]);
  lmx_bar_profile_settle(&e->shells, known, &p[DENSITY]);
  lmx_bar_profile_settle(&e->shells, p[DENSITY].value, &p[GAUSSIAN]);
  for (size_t j = 0; j < n; ++j)
    known[j] = fmin(
        p[GAUSSIAN].value[j] * exp(e->now.above[j]),
        part == BEYOND ? INFINITY
                       : lmx_bar_means_over_f(e->means[part], e->now.above[j]));
  lmx_bar_profile_settle(&e->shells, known, &p[OWN]);
  for (size_t j = 0; j < n; ++j)
    known[j] =
        fmin(p[GAUSSIAN].value[j], p[OWN].value[j] * exp(e->now.below[j]));
  lmx_bar_profile_settle(&e->shells, known, &p[DENSITY]);
  lmx_bar_profile_settle(&e->shells, known, &p[GAUSSIAN]);
  if (part != BEYOND)
    lmx_bar_means_lower(n, p[OWN].value, p[GAUSSIAN].value, e->now.above,
                        e->now.below, e->means[part]);
}

/* Up to time t, with what was measured there. */
static void propagate(lmx_watch *e, double t)
{
  double dt = t - e->t;
  join(e);
  relate(e, e->t, t);
  gaussian_coefficients(e, e->t, t);
  const lmx_bar_coefficients *c[FORMS] = {&e->both.c, &e->density,
                                          &e->relative};
  for (int part = 0; part < PARTS; ++part)
    for (int form = 0; form < FORMS; ++form)
      lmx_bar_profile_prepare(&e->shells, c[form], &e->profile[part][form]);
  if (dt > 0.0) {
    for (int sort = 0; sort < 2; ++sort) {
      int part = sort == 0 ? SPACE : UNSURE;
      advance(e, part, e->both.space[sort], e->both.density[sort], dt);
      lmx_bar_means_advance(e->both.feed[sort].source, e->both.growth, dt,
                            e->means[part]);
    }
    advance(e, TIME, e->both.time, e->both.time_density, dt);
    advance(e, BEYOND, NULL, NULL, dt);
    lmx_bar_means_advance(e->both.time_feed, e->both.growth, dt,
                          e->means[TIME]);
  }
  relate(e, t, t);
  for (int part = 0; part < PARTS; ++part)
    settle(e, part);
  e->before = e->now;
  e->t = t;
}

lmx_status lmx_watch_step(lmx_watch *e, double t, const double *u)
{
  lmx_bar_path_step(&e->path, t, u);
  bool reached = e->next < e->input.ntimes && t >= e->input.times[e->next];
  size_t group = 1 + ++e->total / SLOWER;
  if (++e->steps < (group < GROUP ? group : GROUP) || reached)
    return LMX_OK;
  LMX_TRY(measure(e, t, e->path.u[0], e->path.rate[0], false));
  propagate(e, t);
  lmx_bar_path_forget(&e->path, true);
  e->steps = 0;
  return LMX_OK;
}

/* The bounds at an output time, and the distance of its state u from the
 * path. */
static void record(lmx_watch *e, const double *u)
{
  static const int columns[PARTS] = {LMX_BAR_SPACE, LMX_BAR_UNSURE,
                                     LMX_BAR_TIME, LMX_BAR_BEYOND};
  size_t n = e->shells.n;
  double *rows = e->record->data + e->next * n * LMX_BAR_COLUMNS;
  double far[LMX_BAR_SHELLS] = {0};
  for (size_t k = 0; k < e->shells.nnodes; ++k) {
    const lmx_bar_node *x = &e->shells.nodes[k];
    lmx_bar_raise(&far[x->shell], fabs(u[x->index] - e->path.state[x->index]));
  }
  for (size_t j = 0; j < n; ++j) {
    double *row = rows + j * LMX_BAR_COLUMNS;
    for (int part = 0; part < PARTS; ++part) {
      double bound = e->profile[part][OWN].value[j];
      row[columns[part]] = bound >= 0.0 ? bound : INFINITY; /* not NaN */
    }
    row[LMX_BAR_DISTANCE] = isnan(far[j]) ? INFINITY : far[j];
  }
}

lmx_status lmx_watch_output(lmx_watch *e, const double *u)
{
  double t = e->input.times[e->next];
  lmx_bar_path_state(&e->path, t);
  lmx_check_rate_compute(e->path.rates, t, e->path.state, e->rate);
  LMX_TRY(measure(e, t, e->path.state, e->rate, true));
  propagate(e, t);
  if (!isnan(e->gaussian.theta0)) /* else the data lie below no Gaussian */
    record(e, u);
  ++e->next;
  lmx_bar_path_forget(&e->path, t >= e->path.time[0]);
  e->steps = t < e->path.time[0];
  return LMX_OK;
}

/* --- begin and end */

static lmx_status begin(lmx_watch *e, const lmx_check_input *input)
{
  const lmx_grid *grid = input->grid;
  size_t n = e->shells.n;
  LMX_TRY(lmx_bar_record_create(e->context, input->ntimes, n, &e->record));
  for (size_t k = 0; k < input->ntimes; ++k)
    for (size_t j = 0; j < n; ++j)
      e->record->data[(k * n + j) * LMX_BAR_COLUMNS + LMX_BAR_EDGE] =
          e->shells.edge[j + 1];
  lmx_bar_gaussian_init(input, e->shells.edge[n], &e->gaussian);
  for (int part = 0; part < PARTS; ++part)
    for (int form = 0; form < FORMS; ++form)
      lmx_bar_profile_init(&e->shells, &e->profile[part][form]);
  LMX_TRY(LMX_NEW_ARRAY(e->context, e->shells.nnodes, &e->visits));
  LMX_TRY(LMX_NEW_ARRAY(e->context, grid->size, &e->rate));
  LMX_TRY(lmx_bar_residual_create(e->context, grid, &e->residual));
  LMX_TRY(lmx_jet_create(e->context, grid->d, &e->jet));
  LMX_TRY(lmx_jet_create(e->context, grid->d, &e->rate_jet));
  LMX_TRY(lmx_bar_path_begin(e->context, &e->input, &e->path));
  return lmx_watch_output(e, input->u[0]);
}

lmx_status lmx_watch_create(lmx_context *context, const lmx_check_input *input,
                            lmx_watch **out)
{
  lmx_watch *e;
  lmx_status status;
  *out = NULL;
  if (input->formulation != LMX_FORMULATION_LOG)
    return LMX_OK;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &e));
  e->context = context;
  e->input = *input;
  LMX_TRY_GOTO(
      lmx_bar_shells_init(context, input->grid, input->radius, &e->shells),
      fail);
  if (e->shells.n == 0) {
    lmx_watch_destroy(&e);
    return LMX_OK;
  }
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, input->ntimes, &e->times), fail);
  for (size_t k = 0; k < input->ntimes; ++k)
    e->times[k] = input->times[k];
  e->input.times = e->times;
  e->t = e->times[0];
  LMX_TRY_GOTO(begin(e, input), fail);
  e->input.u = NULL;
  *out = e;
  return LMX_OK;
fail:
  lmx_watch_destroy(&e);
  return status;
}

void lmx_watch_destroy(lmx_watch **watch)
{
  lmx_watch *e = *watch;
  if (e == NULL)
    return;
  lmx_bar_path_release(&e->path);
  lmx_bar_shells_release(&e->shells);
  lmx_bar_record_destroy(&e->record);
  lmx_bar_residual_release(&e->residual);
  lmx_jet_destroy(&e->jet);
  lmx_jet_destroy(&e->rate_jet);
  lmx_free(e->times);
  lmx_free(e->visits);
  lmx_free(e->rate);
  lmx_free(e);
  *watch = NULL;
}

lmx_bar_record *lmx_watch_take_record(lmx_watch *watch)
{
  lmx_bar_record *record = watch->record;
  watch->record = NULL;
  return record;
}

/* --- records */

lmx_status lmx_bar_record_create(lmx_context *context, size_t ntimes,
                                 size_t nshells, lmx_bar_record **out)
{
  lmx_bar_record *record;
  size_t n = ntimes * nshells * LMX_BAR_COLUMNS;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &record));
  record->ntimes = ntimes;
  record->nshells = nshells;
  lmx_status status = LMX_NEW_ARRAY(context, n, &record->data);
  if (status != LMX_OK) {
    lmx_free(record);
    return status;
  }
  for (size_t i = 0; i < n; ++i)
    record->data[i] = INFINITY;
  *out = record;
  return LMX_OK;
}

void lmx_bar_record_destroy(lmx_bar_record **record)
{
  if (*record == NULL)
    return;
  lmx_free((*record)->data);
  lmx_free(*record);
  *record = NULL;
}
