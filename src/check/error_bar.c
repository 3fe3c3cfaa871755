/* error-bar: a bound of the error of log f by the maximum principle
 * (Proposition 3.1, used on ourselves).
 *
 * The computed f = M exp(u) obeys d_t f = L f + rho f with the residual rho of
 * u, measured between the nodes by interpolation and at the nodes by
 * differences of another order. On |v| < L, the largest sphere in the box, let
 *   (d_t - L) Phi >= |rho| exp(R) f   where |v| > S,
 *   Phi >= f and Phi >= the exact solution   where |v| = L,
 *   R(t) = int_0^t sup_{|v| <= S} |rho| ds.
 * Then exp(-R) f - Phi <= exact <= exp(R) f + Phi by comparison, hence
 *   |log f - log exact| <= -log(exp(-R) - Phi / f).
 *   Phi = A exp((kappa (1 - 1/Th) + 1) t) exp(-|v|^2 / (2 Th)), Th constant,
 * has (d_t - L) Phi >= Phi if (d-1) (Th - 1) >= delta = max(-D_aa), and A is
 * made large enough for both demands. The exact solution is below the Gaussian
 * of
 *   th' = -2 (d-1) (th - 1) + 2 delta exp(-4dt),  b' = delta d exp(-4dt) / th
 * above the data (math.md (33)). S and Th are chosen to make the
 * bound small: what happens far out counts by its density only.
 *   What the time integration adds is not in rho: each of its steps is
 * counted with its tolerance, since by the same principle errors of one step
 * do not grow later. */
#include "check/internal.h"

#include <math.h>

enum { SPHERES = 8, WIDTHS = 12, OFFSETS = 6 };
/* Th - 1 over its least value, or over 0.1, by powers of this. */
static const double width_ratio = 1.6;

typedef struct error_bar {
  size_t nspheres;
  double sphere[SPHERES]; /* candidate radii S; the last is L */
  double *rho;            /* [ntimes][SPHERES] sup |rho| within */
  double *source;         /* [ntimes][SPHERES][WIDTHS] max beyond the sphere of
                             log(|rho| f) + |v|^2 / (2 Th) */
  double *log_f;          /* [ntimes] max log f near the last sphere */
  double theta[WIDTHS];   /* candidates Th */
  double *depth;          /* [ntimes][WIDTHS] max of -|v|^2/(2 Th) - log f */
  double theta0, log_c;   /* the Gaussian above the data */
  double delta;
  double largest_u; /* over the ball */
  size_t sampled;
  lmx_table *table;
} error_bar;

static bool applies(const lmx_check_env *env)
{
  return env->input->formulation == LMX_FORMULATION_LOG;
}

/* Spheres around the ball, within the box. Near its edge the differences see
 * extrapolated values; the interpolation, which does not, shows what that does
 * to the residual. */
static void choose_spheres(const lmx_check_env *env, error_bar *e)
{
  const lmx_grid *grid = env->input->grid;
  double reach = INFINITY, radius = env->input->radius;
  for (int a = 0; a < grid->naxes; ++a)
    reach = fmin(reach, grid->axis[a].half_width - 2.0 * grid->axis[a].h);
  for (int i = 0; i < SPHERES && reach > radius; ++i)
    e->sphere[e->nspheres++] = radius + (reach - radius) * i / (SPHERES - 1.0);
}

/* The smallest temperature th_0 with f0 <= c exp(-|v|^2 / (2 th_0)) in the
 * box, for several c; that which is lowest on the outermost sphere. */
static void find_upper_gaussian(const lmx_check_env *env, error_bar *e)
{
  const lmx_grid *grid = env->input->grid;
  double outer = e->sphere[e->nspheres - 1], top = -INFINITY, r;
  double box = INFINITY, best = INFINITY;
  const double *u = env->input->u[0];
  for (size_t i = 0; lmx_check_ball_next(grid, box, &i, &r); ++i)
    top = fmax(top, u[i] + lmx_log_maxwellian(grid->d, r * r));
  for (int j = 0; j < OFFSETS; ++j) {
    double log_c = top + (j == 0 ? 0.1 : 0.5 * pow(2.0, j - 1));
    double rate = INFINITY;
    for (size_t i = 0; lmx_check_ball_next(grid, box, &i, &r); ++i) {
      double g = u[i] + lmx_log_maxwellian(grid->d, r * r);
      rate = fmin(rate, 2.0 * (log_c - g) / (r * r));
    }
    double there = log_c - 0.5 * outer * outer * rate;
    if (rate > 0.0 && there < best) {
      best = there;
      e->log_c = log_c;
      e->theta0 = 1.0 / rate;
    }
  }
}

static lmx_status begin(lmx_check_env *env, void *state)
{
  error_bar *e = state;
  const lmx_model *model = env->input->model;
  size_t n = env->input->ntimes;
  choose_spheres(env, e);
  LMX_TRY(LMX_NEW_ARRAY(env->context, n * SPHERES, &e->rho));
  LMX_TRY(LMX_NEW_ARRAY(env->context, n * SPHERES * WIDTHS, &e->source));
  LMX_TRY(LMX_NEW_ARRAY(env->context, n, &e->log_f));
  LMX_TRY(LMX_NEW_ARRAY(env->context, n * WIDTHS, &e->depth));
  for (size_t i = 0; i < n * SPHERES * WIDTHS; ++i)
    e->source[i] = -INFINITY;
  for (size_t i = 0; i < n; ++i)
    e->log_f[i] = -INFINITY;
  for (int a = 0; a < model->d; ++a)
    e->delta = fmax(e->delta, -model->D[a]);
  double least = fmax(e->delta / (model->d - 1), 0.1);
  for (int i = 0; i < WIDTHS; ++i)
    e->theta[i] = 1.0 + least * pow(width_ratio, i);
  if (!applies(env) || e->nspheres == 0)
    return LMX_OK;
  find_upper_gaussian(env, e);
  return lmx_check_table(
      env, "error_bar",
      "bound of the error of log f in the ball by the "
      "maximum principle, and the true error",
      "t,true error,error bar,residual,time steps,from beyond", &e->table);
}

static void release(void *state)
{
  error_bar *e = state;
  lmx_free(e->rho);
  lmx_free(e->source);
  lmx_free(e->log_f);
  lmx_free(e->depth);
}

/* |rho| at one jet, counted in every sphere that holds it and as a source of
 * Phi for those that do not. */
static void take(const lmx_check_env *env, const lmx_jet *jet, double rate,
                 double r, error_bar *e)
{
  double c[LMX_MAX_DIMENSION];
  lmx_pointwise_c(env->input->model, env->t, c);
  lmx_pointwise_set(jet, c, 2, env->pointwise);
  double rho = fabs(rate - lmx_time_derivative(env->pointwise).value);
  for (size_t s = 0; s < e->nspheres; ++s) {
    double *sup = &e->rho[env->k * SPHERES + s];
    double *source = &e->source[(env->k * SPHERES + s) * WIDTHS];
    if (r <= e->sphere[s] && !(rho <= *sup))
      *sup = rho;
    for (int j = 0; r > e->sphere[s] && j < WIDTHS; ++j)
      source[j] =
          fmax(source[j], log(rho) + jet->g + 0.5 * r * r / e->theta[j]);
  }
}

/* The corner of the cell of a node towards the origin: between the nodes. */
static lmx_status take_between(lmx_check_env *env, size_t node, double r,
                               error_bar *e)
{
  const lmx_grid *grid = env->input->grid;
  double v[LMX_MAX_DIMENSION], r2 = 0.0;
  lmx_grid_point(grid, node, v);
  for (int a = 0; a < grid->naxes; ++a) {
    v[a] -= copysign(0.5 * grid->axis[a].h, v[a]);
    r2 += v[a] * v[a];
  }
  LMX_TRY(lmx_interpolate(env->context, grid, env->input->u[env->k], v,
                          env->field_jet));
  LMX_TRY(lmx_interpolate(env->context, grid, env->rate, v, env->rate_jet));
  take(env, env->field_jet, env->rate_jet->g - lmx_log_maxwellian(grid->d, r2),
       r, e);
  ++e->sampled;
  return LMX_OK;
}

static lmx_status measure_residual(lmx_check_env *env, error_bar *e)
{
  const lmx_grid *grid = env->input->grid;
  double outer = e->sphere[e->nspheres - 1], r;
  size_t stride =
      lmx_check_stride(env->input, lmx_check_ball_count(grid, outer));
  size_t ordinal = 0;
  lmx_jets_set(env->field_jets, env->input->u[env->k]);
  for (size_t i = 0; lmx_check_ball_next(grid, outer, &i, &r); ++i) {
    lmx_jets_get(env->field_jets, i, env->field_jet);
    take(env, env->field_jet, env->rate[i], r, e);
    if (ordinal++ % stride == 0)
      LMX_TRY(take_between(env, i, r, e));
  }
  return LMX_OK;
}

/* log f on the last sphere, and how far Phi must reach down in the ball. */
static void measure_boundary(const lmx_check_env *env, error_bar *e)
{
  const lmx_grid *grid = env->input->grid;
  double outer = e->sphere[e->nspheres - 1], r;
  double layer = 2.0 * env->growth.width;
  double *depth = &e->depth[env->k * WIDTHS];
  for (int j = 0; j < WIDTHS; ++j)
    depth[j] = -INFINITY;
  for (size_t i = 0; lmx_check_ball_next(grid, outer, &i, &r); ++i) {
    double u = env->input->u[env->k][i];
    double g = u + lmx_log_maxwellian(grid->d, r * r);
    if (r >= outer - layer)
      e->log_f[env->k] = fmax(e->log_f[env->k], g);
    if (r > env->radius)
      continue;
    e->largest_u = fmax(e->largest_u, fabs(u));
    for (int j = 0; j < WIDTHS; ++j)
      depth[j] = fmax(depth[j], -0.5 * r * r / e->theta[j] - g);
  }
}

static lmx_status at_time(lmx_check_env *env, void *state)
{
  error_bar *e = state;
  if (!applies(env) || e->nspheres == 0)
    return LMX_OK;
  measure_boundary(env, e);
  return measure_residual(env, e);
}

/* log of the Gaussian above the exact solution at |v| = r; b by its bound,
 * int delta d exp(-4ds) / th ds <= delta / (4 min th), th >= min(th_0, 1). */
static double log_upper(const lmx_model *model, const error_bar *e, double t,
                        double r)
{
  int d = model->d;
  double slow = exp(-2.0 * (d - 1) * t), fast = exp(-4.0 * d * t);
  double theta =
      1.0 + (e->theta0 - 1.0) * slow + e->delta * (slow - fast) / (d + 1.0);
  double b = e->delta * (1.0 - fast) / (4.0 * fmin(e->theta0, 1.0));
  return e->log_c + 0.5 * d * log(e->theta0 / theta) + b - 0.5 * r * r / theta;
}

/* int sup |rho| up to output time k, by the larger end of each interval. */
static double residual_part(const lmx_check_input *input, const error_bar *e,
                            size_t k, size_t s)
{
  double sum = 0.0;
  for (size_t i = 1; i <= k; ++i)
    sum += (input->times[i] - input->times[i - 1]) *
           fmax(e->rho[(i - 1) * SPHERES + s], e->rho[i * SPHERES + s]);
  return sum;
}

/* log of the largest Phi / f in the ball at output time k. */
static double log_phi(const lmx_check_input *input, const error_bar *e,
                      size_t k, size_t s, int width, double R)
{
  double L = e->sphere[e->nspheres - 1], theta = e->theta[width];
  double boundary = -INFINITY, source = -INFINITY;
  for (size_t i = 0; i <= k; ++i) {
    boundary =
        fmax(boundary,
             fmax(e->log_f[i], log_upper(input->model, e, input->times[i], L)));
    source =
        fmax(source, e->source[(i * SPHERES + s) * WIDTHS + (size_t)width]);
  }
  double log_A = fmax(boundary + 0.5 * L * L / theta, source + R);
  double growth = input->model->kappa * (1.0 - 1.0 / theta) + 1.0;
  return log_A + growth * input->times[k] +
         e->depth[k * WIDTHS + (size_t)width];
}

typedef struct parts {
  double bar, residual, steps, boundary, sphere, theta;
} parts;

static parts best_bound(const lmx_check_input *input, const error_bar *e,
                        size_t k)
{
  parts best = {.bar = INFINITY};
  double steps = k == 0 ? 0.0
                        : (double)input->steps *
                              (input->atol + input->rtol * e->largest_u);
  for (size_t s = 0; s < e->nspheres; ++s) {
    double residual = residual_part(input, e, k, s);
    for (int j = 0; j < WIDTHS; ++j) {
      double boundary =
          k == 0 ? 0.0 : exp(log_phi(input, e, k, s, j, residual));
      double left = exp(-residual) - boundary;
      double bar = left > 0.0 ? steps - log(left) : INFINITY;
      if (bar < best.bar || (s == 0 && j == 0))
        best =
            (parts){bar, residual, steps, boundary, e->sphere[s], e->theta[j]};
    }
  }
  return best;
}

/* Rounding of log f and of the exact solution. */
static const double rounding = 1e-12;

static lmx_status compare(lmx_check_env *env, const error_bar *e, parts *last,
                          lmx_check_result *result, double *loosest)
{
  const lmx_check_input *input = env->input;
  double value = NAN;
  size_t violations = 0;
  *loosest = 0.0;
  for (size_t k = 0; k < input->ntimes; ++k) {
    parts p = best_bound(input, e, k);
    double truth = env->true_error[k];
    const double row[6] = {input->times[k], truth,   p.bar,
                           p.residual,      p.steps, p.boundary};
    LMX_TRY(lmx_table_add(env->context, e->table, row));
    violations += truth > p.bar + rounding;
    if (k > 0 && truth > 0.0)
      *loosest = fmax(*loosest, p.bar / truth);
    if (k == 0 || p.bar > last->bar) {
      *last = p;
      result->t = input->times[k];
    }
    if (!(truth <= value))
      value = truth;
  }
  lmx_check_at_most(result, value, last->bar);
  result->status = isnan(value)     ? LMX_INFO
                   : violations > 0 ? LMX_FAILS
                                    : LMX_HOLDS;
  return LMX_OK;
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const error_bar *e = state;
  parts p = {0};
  double loosest;
  if (!applies(env)) {
    lmx_check_note(result, "Only in log form: in density form the error "
                           "of log f is the noise of f over f. ");
    return LMX_OK;
  }
  if (e->nspheres == 0) {
    lmx_check_note(result, "The box leaves no sphere around the checked "
                           "ball. ");
    return LMX_OK;
  }
  LMX_TRY(compare(env, e, &p, result, &loosest));
  lmx_check_note(result,
                 "Bound of |error of log f| on |v| <= %.4g at t = %.4g: "
                 "int sup |rho| %.2g on |v| <= S = %.3g, %ld steps at their "
                 "tolerance %.2g, from beyond %.2g (Theta = %.3g). ",
                 env->input->radius, result->t, p.residual, p.sphere,
                 env->input->steps, p.steps, p.boundary, p.theta);
  if (env->input->exact != NULL)
    lmx_check_note(result,
                   "Value: the true error, %s at every time; the bar is up to "
                   "%.2g times it. ",
                   result->status == LMX_HOLDS ? "below" : "NOT below",
                   loosest);
  lmx_check_note(result,
                 "rho at all nodes by differences of another order and at "
                 "%zu points between them.",
                 e->sampled);
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
