/* The law of one particle against f: simulations with twins. */
#include "particle/rates.h"

#include <math.h>
#include <string.h>

#include "core/threads.h"
#include "particle/cloud.h"
#include "particle/experiment.h"
#include "particle/neighbour.h"

enum { D2 = 2, SIDE = LMX_PLANE_POINTS, G = LMX_RATE_GROUPS };

struct lmx_rates {
  lmx_rates_spec spec;
  lmx_moment_data moments;
  lmx_source *source;
  lmx_rate_target target;
  bool aimed;              /* the target is filled */
  size_t *numbers, made;   /* N, of which so many are done */
  lmx_rate_groups *groups; /* [nnumbers] */
};

/* --- smooth densities -------------------------------------------------------
 */

/* Adds weight times the normal density of mean m and covariance L L^T. */
static void deposit(double weight, const double *m, const double *L,
                    double *restrict plane)
{
  const double reach = 7.0, h = LMX_PLANE_SPACING;
  double s1 = L[0], s2 = hypot(L[2], L[3]);
  double factor = weight / (2.0 * M_PI * L[0] * L[3]);
  int low[D2], high[D2];
  const double width[D2] = {reach * s1, reach * s2};
  for (int a = 0; a < D2; ++a) {
    low[a] = (int)ceil((m[a] - width[a] + LMX_PLANE_HALF) / h);
    high[a] = (int)floor((m[a] + width[a] + LMX_PLANE_HALF) / h);
    low[a] = low[a] < 0 ? 0 : low[a];
    high[a] = high[a] > SIDE - 1 ? SIDE - 1 : high[a];
  }
  for (int i = low[0]; i <= high[0]; ++i) {
    double x = (i * h - LMX_PLANE_HALF - m[0]) / L[0];
    for (int j = low[1]; j <= high[1]; ++j) {
      double y = (j * h - LMX_PLANE_HALF - m[1] - L[2] * x) / L[3];
      plane[i * SIDE + j] += factor * exp(-0.5 * (x * x + y * y));
    }
  }
}

/* Adds the distribution function of the first component. */
static void deposit_line(double weight, const double *m, const double *L,
                         double *restrict line)
{
  for (int i = 0; i < SIDE; ++i) {
    double x = i * LMX_PLANE_SPACING - LMX_PLANE_HALF - m[0];
    line[i] += weight * 0.5 * erfc(-x / L[0] * M_SQRT1_2);
  }
}

/* One replica's share, sign +1 for the system and -1 for its twin. */
static void add_replica(const lmx_cloud *cloud, size_t replica, double weight,
                        double h, double *plane, double *line)
{
  double mu[LMX_PARTICLE_MAX_DIMENSION * LMX_BLOCK];
  double L[LMX_PARTICLE_MAX_DIMENSION * LMX_PARTICLE_MAX_DIMENSION];
  for (size_t b = 0; b < lmx_cloud_blocks(cloud); ++b) {
    size_t n = lmx_transition(cloud, replica, b, h, mu, L);
    for (size_t i = 0; i < n; ++i) {
      const double m[D2] = {mu[i], mu[LMX_BLOCK + i]};
      deposit(weight, m, L, plane);
      deposit_line(weight, m, L, line);
    }
  }
}

/* --- one N -------------------------------------------------------------------
 */

typedef struct pair {
  lmx_cloud *system, *twin;
  double h;
  size_t steps;
} pair;

static void close_pair(pair *p)
{
  lmx_cloud_destroy(&p->system);
  lmx_cloud_destroy(&p->twin);
}

static lmx_status open_pair(lmx_context *context, const lmx_source *source,
                            const lmx_rates_spec *spec, size_t N, pair *out)
{
  lmx_cloud_spec cloud = {.particles = N,
                          .replicas = spec->replicas,
                          .seed = spec->seed,
                          .threads = spec->threads,
                          .rounding = spec->rounding};
  out->steps = (size_t)ceil(spec->t / spec->step * (1.0 - 1e-12));
  out->steps = out->steps < 2 ? 2 : out->steps;
  out->h = spec->t / (double)out->steps;
  LMX_TRY(lmx_cloud_open(context, source, &cloud, false, &out->system));
  return lmx_cloud_open(context, source, &cloud, true, &out->twin);
}

/* In pieces, so that work can be interrupted. */
static lmx_status advance(lmx_context *context, pair *p, size_t steps)
{
  for (size_t k = 0; k < steps; ++k) {
    if (lmx_context_interrupted(context))
      return lmx_fail(context, LMX_INTERRUPTED, "interrupted");
    LMX_TRY(lmx_cloud_advance(context, p->system, p->h, 1));
    LMX_TRY(lmx_cloud_advance(context, p->twin, p->h, 1));
  }
  return LMX_OK;
}

static double squared_distance(const pair *p, size_t replica)
{
  const lmx_cloud *c = p->system;
  const double *v = lmx_replica(c, replica), *w = lmx_replica(p->twin, replica);
  double sum = 0.0;
  for (size_t a = 0; a < D2; ++a)
    for (size_t i = 0; i < c->spec.particles; ++i) {
      double x = v[a * c->stride + i] - w[a * c->stride + i];
      sum += x * x;
    }
  return sum / (double)c->spec.particles;
}

/* Everything about a group but the time of the last step. */
static void smooth_group(const pair *p, size_t first, size_t last,
                         lmx_rate_groups *out, size_t g)
{
  double weight =
      1.0 / ((double)(last - first) * (double)p->system->spec.particles);
  double *plane = out->density + g * LMX_PLANE, *line = out->line + g * SIDE;
  for (size_t r = first; r < last; ++r) {
    add_replica(p->system, r, weight, p->h, plane, line);
    add_replica(p->twin, r, -weight, p->h, plane, line);
  }
}

static lmx_status final_groups(lmx_context *context, const pair *p,
                               const lmx_rate_target *target,
                               lmx_log_density_at *log_f, void *user,
                               lmx_rate_groups *out)
{
  size_t R = p->system->spec.replicas, count = lmx_seen_count(D2);
  double *seen, own, twin;
  lmx_status status = LMX_OK;
  LMX_TRY(LMX_NEW_ARRAY(context, R * count, &seen));
  lmx_cloud_observe(p->system, &p->system->model, seen);
  for (size_t g = 0; g < G && status == LMX_OK; ++g) {
    size_t first = g * R / G, last = (g + 1) * R / G;
    double n = (double)(last - first);
    for (size_t r = first; r < last; ++r) {
      out->lln[g] += seen[r * count + LMX_SEEN_LLN] / n;
      out->squared[g] += squared_distance(p, r) / n;
    }
    status = lmx_neighbour_entropy(context, p->system, first, last, target,
                                   log_f, user, &own);
    if (status == LMX_OK)
      status = lmx_neighbour_entropy(context, p->twin, first, last, target,
                                     log_f, user, &twin);
    /* the twin's relative entropy is 0, and its constant the same */
    out->neighbour[g] = status == LMX_OK ? own - twin : NAN;
  }
  lmx_free(seen);
  return status;
}

typedef struct smoothed {
  size_t replicas;
  pair *p;
  lmx_rate_groups *out;
} smoothed;

static void smooth_one(void *user, size_t g, int thread)
{
  const smoothed *s = user;
  size_t R = s->replicas;
  (void)thread;
  smooth_group(s->p, g * R / G, (g + 1) * R / G, s->out, g);
}

static lmx_status measure(lmx_context *context, const lmx_rates_spec *spec,
                          pair *p, const lmx_rate_target *target,
                          lmx_log_density_at *log_f, void *user,
                          lmx_rate_groups *out)
{
  smoothed s = {spec->replicas, p, out};
  LMX_TRY(advance(context, p, p->steps - 1));
  lmx_parallel_for(p->system->threads, G, smooth_one, &s);
  LMX_TRY(advance(context, p, 1));
  return final_groups(context, p, target, log_f, user, out);
}

static lmx_status measure_one(lmx_context *context, const lmx_rates *rates,
                              size_t N, lmx_log_density_at *log_f, void *user,
                              lmx_rate_groups *out)
{
  pair p = {0};
  lmx_progress(context, "rates: N = %zu, %zu replicas with twins", N,
               rates->spec.replicas);
  lmx_status status = open_pair(context, rates->source, &rates->spec, N, &p);
  if (status == LMX_OK)
    status =
        measure(context, &rates->spec, &p, &rates->target, log_f, user, out);
  close_pair(&p);
  return status;
}

/* --- all N -------------------------------------------------------------------
 */

/* Once. */
static lmx_status fill_target(lmx_rates *r, lmx_log_density_at *log_f,
                              void *user)
{
  lmx_rate_target *target = &r->target;
  for (int i = 0; i < SIDE && !r->aimed; ++i)
    for (int j = 0; j < SIDE; ++j) {
      double v[D2] = {i * LMX_PLANE_SPACING - LMX_PLANE_HALF,
                      j * LMX_PLANE_SPACING - LMX_PLANE_HALF};
      double value;
      LMX_TRY(log_f(user, v, &value));
      target->log_f[i * SIDE + j] = value;
      target->f[i * SIDE + j] = exp(value);
      target->f_1[i] += exp(value) * LMX_PLANE_SPACING;
    }
  r->aimed = true;
  return LMX_OK;
}

lmx_status lmx_rates_check(lmx_context *context, int d, size_t replicas)
{
  if (d != D2)
    return lmx_fail(context, LMX_ERR_CASE,
                    "particles.rates: is true in dimension %d, allowed is "
                    "dimension 2",
                    d);
  if (replicas < 10 * G)
    return lmx_fail(context, LMX_ERR_CASE,
                    "particles.replicas: is %zu, needed for particles.rates "
                    "are %d",
                    replicas, 10 * G);
  return LMX_OK;
}

void lmx_rates_destroy(lmx_rates **rates)
{
  if (rates == NULL || *rates == NULL)
    return;
  lmx_rates *r = *rates;
  for (size_t k = 0; r->groups != NULL && k < r->spec.nnumbers; ++k) {
    lmx_free(r->groups[k].density);
    lmx_free(r->groups[k].line);
  }
  lmx_free(r->groups);
  lmx_free(r->numbers);
  lmx_free(r->target.f);
  lmx_free(r->target.log_f);
  lmx_free(r->target.f_1);
  lmx_source_destroy(&r->source);
  lmx_free(r);
  *rates = NULL;
}

static lmx_status fill(lmx_context *context, const lmx_initial *initial,
                       lmx_rates *r)
{
  size_t n = r->spec.nnumbers;
  LMX_TRY(lmx_source_create(context, initial, &r->source));
  if (r->spec.moments != NULL)
    r->moments = *r->spec.moments;
  else
    LMX_TRY(lmx_moment_data_create(context, initial, NULL, &r->moments));
  r->spec.moments = &r->moments;
  LMX_TRY(LMX_NEW_ARRAY(context, n, &r->numbers));
  memcpy(r->numbers, r->spec.numbers, n * sizeof *r->numbers);
  r->spec.numbers = r->numbers;
  LMX_TRY(LMX_NEW_ARRAY(context, LMX_PLANE, &r->target.f));
  LMX_TRY(LMX_NEW_ARRAY(context, LMX_PLANE, &r->target.log_f));
  LMX_TRY(LMX_NEW_ARRAY(context, SIDE, &r->target.f_1));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &r->groups));
  for (size_t k = 0; k < n; ++k) {
    lmx_rate_groups *groups = &r->groups[k];
    LMX_TRY(LMX_NEW_ARRAY(context, (size_t)G * LMX_PLANE, &groups->density));
    LMX_TRY(LMX_NEW_ARRAY(context, (size_t)G * SIDE, &groups->line));
  }
  return LMX_OK;
}

lmx_status lmx_rates_create(lmx_context *context, const lmx_initial *initial,
                            const lmx_rates_spec *spec, lmx_rates **out)
{
  lmx_rates *rates;
  LMX_TRY(
      lmx_rates_check(context, lmx_initial_model(initial)->d, spec->replicas));
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &rates));
  rates->spec = *spec;
  lmx_status status = fill(context, initial, rates);
  if (status != LMX_OK) {
    lmx_rates_destroy(&rates);
    return status;
  }
  *out = rates;
  return LMX_OK;
}

lmx_status lmx_rates_advance(lmx_context *context, lmx_rates *rates,
                             lmx_log_density_at *log_f, void *user, bool *done)
{
  lmx_rates *r = rates;
  if (r->made < r->spec.nnumbers) {
    LMX_TRY(fill_target(r, log_f, user));
    LMX_TRY(measure_one(context, r, r->numbers[r->made], log_f, user,
                        &r->groups[r->made]));
    ++r->made;
  }
  *done = r->made == r->spec.nnumbers;
  return LMX_OK;
}

lmx_status lmx_rates_conclude(lmx_context *context, lmx_rates *rates,
                              lmx_log_density_at *log_f, void *user,
                              lmx_check_results *results)
{
  LMX_TRY(fill_target(rates, log_f, user));
  return lmx_rates_judge(context, &rates->spec, rates->groups, &rates->target,
                         results);
}

/* --- saving ------------------------------------------------------------------
 */

enum { GROUP = 3 + LMX_PLANE + SIDE };

/* The number of N that are done, then all of each. */
lmx_status lmx_rates_save(lmx_context *context, const lmx_rates *rates,
                          size_t *count, double **out)
{
  double *state, *at;
  *count = 1 + rates->made * G * GROUP;
  LMX_TRY(LMX_NEW_ARRAY(context, *count, &state));
  state[0] = (double)rates->made;
  at = state + 1;
  for (size_t k = 0; k < rates->made; ++k, at += G * GROUP) {
    const lmx_rate_groups *g = &rates->groups[k];
    memcpy(at, g->lln, sizeof g->lln);
    memcpy(at + G, g->squared, sizeof g->squared);
    memcpy(at + 2 * G, g->neighbour, sizeof g->neighbour);
    memcpy(at + 3 * G, g->density, (size_t)G * LMX_PLANE * sizeof *at);
    memcpy(at + (size_t)G * (3 + LMX_PLANE), g->line,
           (size_t)G * SIDE * sizeof *at);
  }
  *out = state;
  return LMX_OK;
}

lmx_status lmx_rates_restore(lmx_context *context, lmx_rates *rates,
                             size_t count, const double *state)
{
  size_t most = rates->spec.nnumbers;
  if (count < 1 || !(state[0] >= 0.0 && state[0] <= (double)most) ||
      count != 1 + (size_t)state[0] * G * GROUP)
    return lmx_fail(context, LMX_ERR_IO,
                    "the checkpoint does not belong to these rates");
  const double *at = state + 1;
  rates->made = (size_t)state[0];
  for (size_t k = 0; k < rates->made; ++k, at += G * GROUP) {
    lmx_rate_groups *g = &rates->groups[k];
    memcpy(g->lln, at, sizeof g->lln);
    memcpy(g->squared, at + G, sizeof g->squared);
    memcpy(g->neighbour, at + 2 * G, sizeof g->neighbour);
    memcpy(g->density, at + 3 * G, (size_t)G * LMX_PLANE * sizeof *at);
    memcpy(g->line, at + (size_t)G * (3 + LMX_PLANE),
           (size_t)G * SIDE * sizeof *at);
  }
  return LMX_OK;
}
