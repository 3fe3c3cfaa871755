/* Several clouds, one after the other, observed at the output times. */
#include "particle/experiment.h"

#include <math.h>
#include <string.h>

/* --- making -------------------------------------------------------------- */

static void clear_batch(lmx_batch *batch)
{
  lmx_free(batch->mean);
  lmx_free(batch->error);
  lmx_free(batch->spread_error);
  lmx_free(batch->start);
  lmx_free(batch->sample);
}

void lmx_experiment_destroy(lmx_experiment **experiment)
{
  if (experiment == NULL || *experiment == NULL)
    return;
  lmx_experiment *e = *experiment;
  for (size_t k = 0; e->batches != NULL && k < e->nbatches; ++k)
    clear_batch(&e->batches[k]);
  lmx_cloud_destroy(&e->cloud);
  lmx_source_destroy(&e->source);
  lmx_free(e->batches);
  lmx_free(e->numbers);
  lmx_free(e->times);
  lmx_free(e->observed);
  lmx_free(e);
  *experiment = NULL;
}

static lmx_status fill_batch(lmx_context *context, const lmx_experiment *e,
                             lmx_batch *batch)
{
  size_t R = e->spec.replicas, cells = e->spec.ntimes * e->seen;
  LMX_TRY(LMX_NEW_ARRAY(context, cells, &batch->mean));
  LMX_TRY(LMX_NEW_ARRAY(context, cells, &batch->error));
  LMX_TRY(LMX_NEW_ARRAY(context, e->spec.ntimes, &batch->spread_error));
  LMX_TRY(LMX_NEW_ARRAY(context, R * e->seen, &batch->start));
  return LMX_NEW_ARRAY(context, LMX_SAMPLES * R, &batch->sample);
}

static bool has(const lmx_experiment_spec *spec, lmx_particle_system system)
{
  for (size_t i = 0; i < spec->nsystems; ++i)
    if (spec->systems[i] == system)
      return true;
  return false;
}

/* Whether (1.3) is made by Euler steps besides. */
static bool needs_euler(const lmx_experiment_spec *spec)
{
  return spec->scheme == LMX_SCHEME_SPLITTING &&
         has(spec, LMX_SYSTEM_FOURNIER) &&
         (has(spec, LMX_SYSTEM_FGM) || has(spec, LMX_SYSTEM_LANDAU));
}

static lmx_status fill(lmx_context *context, const lmx_experiment_spec *spec,
                       lmx_experiment *e)
{
  LMX_TRY(lmx_source_create(context, e->initial, &e->source));
  if (spec->moments != NULL)
    e->moments = *spec->moments;
  else
    LMX_TRY(lmx_moment_data_create(context, e->initial, NULL, &e->moments));
  e->spec.moments = &e->moments;
  e->nbatches = (spec->nsystems + needs_euler(spec)) * spec->nnumbers;
  LMX_TRY(LMX_NEW_ARRAY(context, spec->nnumbers, &e->numbers));
  LMX_TRY(LMX_NEW_ARRAY(context, spec->ntimes, &e->times));
  LMX_TRY(LMX_NEW_ARRAY(context, e->nbatches, &e->batches));
  LMX_TRY(LMX_NEW_ARRAY(context, spec->replicas * e->seen, &e->observed));
  memcpy(e->systems, spec->systems, spec->nsystems * sizeof *e->systems);
  memcpy(e->numbers, spec->numbers, spec->nnumbers * sizeof *e->numbers);
  memcpy(e->times, spec->times, spec->ntimes * sizeof *e->times);
  e->spec.systems = e->systems;
  e->spec.numbers = e->numbers;
  e->spec.times = e->times;
  for (size_t k = 0; k < e->nbatches; ++k) {
    lmx_batch *batch = &e->batches[k];
    size_t system = k / spec->nnumbers;
    bool asked = system < spec->nsystems;
    batch->system = asked ? e->systems[system] : LMX_SYSTEM_FOURNIER;
    batch->scheme = asked ? spec->scheme : LMX_SCHEME_EULER;
    batch->N = e->numbers[k % spec->nnumbers];
    LMX_TRY(fill_batch(context, e, batch));
  }
  return LMX_OK;
}

lmx_status lmx_experiment_create(lmx_context *context,
                                 const lmx_initial *initial,
                                 const lmx_experiment_spec *spec,
                                 lmx_experiment **out)
{
  lmx_experiment *e;
  if (spec->nsystems < 1 || spec->nsystems > LMX_SYSTEM_COUNT ||
      spec->nnumbers < 1 || spec->ntimes < 1 || spec->replicas < 2)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "particles: needed are a system, an N, a time and two "
                    "replicas");
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &e));
  e->initial = initial;
  e->spec = *spec;
  e->seen = lmx_seen_count(lmx_initial_model(initial)->d);
  lmx_status status = fill(context, spec, e);
  if (status != LMX_OK) {
    lmx_experiment_destroy(&e);
    return status;
  }
  *out = e;
  return LMX_OK;
}

const lmx_batch *lmx_experiment_find(const lmx_experiment *e,
                                     lmx_particle_system system, size_t k)
{
  for (size_t i = 0; i < e->spec.nsystems; ++i)
    if (e->systems[i] == system)
      return &e->batches[i * e->spec.nnumbers + k];
  return NULL;
}

const lmx_batch *lmx_experiment_euler(const lmx_experiment *e, size_t k)
{
  if (e->spec.scheme == LMX_SCHEME_EULER)
    return lmx_experiment_find(e, LMX_SYSTEM_FOURNIER, k);
  if (!needs_euler(&e->spec))
    return NULL;
  return &e->batches[e->spec.nsystems * e->spec.nnumbers + k];
}

/* --- observing ------------------------------------------------------------ */

/* Mean and its standard error, by Welford's update. */
typedef struct average {
  size_t n;
  double mean, squares;
} average;

static void add(average *a, double x)
{
  double step = x - a->mean;
  a->mean += step / (double)++a->n;
  a->squares += step * (x - a->mean);
}

static double standard_error(const average *a)
{
  return sqrt(a->squares / ((double)a->n * (double)(a->n - 1)));
}

static double spread(const double *seen)
{
  return seen[LMX_SEEN_ENERGY] - seen[LMX_SEEN_DRIFT];
}

/* Over the replicas, at output time k. */
static void statistics(const lmx_experiment *e, size_t k, lmx_batch *batch)
{
  size_t R = e->spec.replicas;
  average of_spread = {0};
  for (size_t q = 0; q < e->seen; ++q) {
    average a = {0};
    for (size_t r = 0; r < R; ++r)
      add(&a, e->observed[r * e->seen + q]);
    batch->mean[k * e->seen + q] = a.mean;
    batch->error[k * e->seen + q] = standard_error(&a);
  }
  for (size_t r = 0; r < R; ++r)
    add(&of_spread, spread(e->observed + r * e->seen));
  batch->spread_error[k] = standard_error(&of_spread);
}

/* How far a replica is from what kac and landau-printed conserve. */
static void gaps(const lmx_experiment *e, double t, const double *start,
                 const double *now, lmx_batch *batch)
{
  int d = lmx_initial_model(e->initial)->d;
  double moved = 0.0, phi = start[LMX_SEEN_ENERGY];
  for (int a = LMX_SEEN_MOMENTUM; a < LMX_SEEN_MOMENTUM + d; ++a)
    moved += (now[a] - start[a]) * (now[a] - start[a]);
  batch->momentum_gap = fmax(batch->momentum_gap, sqrt(moved));
  batch->energy_gap =
      fmax(batch->energy_gap, fabs(now[LMX_SEEN_ENERGY] - phi) / phi);
  double decayed = spread(start) * exp(-2.0 * (d - 1) * t);
  batch->spread_gap =
      fmax(batch->spread_gap,
           fabs(spread(now) - decayed) / fmax(phi, now[LMX_SEEN_ENERGY]));
}

static void take_samples(const lmx_experiment *e, lmx_batch *batch)
{
  size_t R = e->spec.replicas, stride = lmx_cloud_stride(e->cloud);
  size_t d = (size_t)lmx_initial_model(e->initial)->d;
  for (size_t r = 0; r < R; ++r) {
    const double *v = lmx_cloud_velocities(e->cloud, r);
    const double *seen = e->observed + r * e->seen;
    double speed = 0.0, apart = 0.0;
    for (size_t a = 0; a < d; ++a) {
      double x = v[a * stride], y = batch->N > 1 ? v[a * stride + 1] : 0.0;
      speed += x * x;
      apart += (x - y) * (x - y);
    }
    const double values[LMX_SAMPLES] = {
        [LMX_SAMPLE_V1] = v[0],
        [LMX_SAMPLE_SPEED] = speed,
        [LMX_SAMPLE_PAIR] = apart,
        [LMX_SAMPLE_PRODUCT] = batch->N > 1 ? v[0] * v[1] : v[0],
        [LMX_SAMPLE_ENERGY] = seen[LMX_SEEN_ENERGY],
        [LMX_SAMPLE_DRIFT] = seen[LMX_SEEN_DRIFT],
        [LMX_SAMPLE_M4] = seen[LMX_SEEN_M4],
        [LMX_SAMPLE_LLN] = seen[LMX_SEEN_LLN]};
    for (size_t k = 0; k < LMX_SAMPLES; ++k)
      batch->sample[k * R + r] = values[k];
  }
}

/* At the output time that was reached. */
static void observe(lmx_experiment *e, lmx_batch *batch)
{
  size_t R = e->spec.replicas, k = e->time;
  lmx_cloud_observe(e->cloud, lmx_initial_model(e->initial), e->observed);
  statistics(e, k, batch);
  if (k == 0)
    memcpy(batch->start, e->observed, R * e->seen * sizeof *e->observed);
  for (size_t r = 0; r < R; ++r)
    gaps(e, e->times[k], batch->start + r * e->seen, e->observed + r * e->seen,
         batch);
  if (k + 1 == e->spec.ntimes)
    take_samples(e, batch);
}

/* --- advancing ------------------------------------------------------------ */

static lmx_status open_cloud(lmx_context *context, lmx_experiment *e)
{
  const lmx_batch *batch = &e->batches[e->batch];
  lmx_cloud_spec spec = {.system = batch->system,
                         .scheme = batch->scheme,
                         .particles = batch->N,
                         .replicas = e->spec.replicas,
                         .seed = e->spec.seed,
                         .threads = e->spec.threads,
                         .rounding = e->spec.rounding};
  return lmx_cloud_from(context, e->source, &spec, &e->cloud);
}

size_t lmx_experiment_steps(const lmx_experiment *e, size_t k)
{
  double gap = e->times[k] - e->times[k - 1];
  return 2 * (size_t)ceil(gap / (2.0 * e->spec.step) * (1.0 - 1e-12));
}

/* About a tenth of a second: pair sums cost N times more. */
static size_t piece(const lmx_experiment *e)
{
  const lmx_batch *batch = &e->batches[e->batch];
  double work = (double)batch->N * (double)e->spec.replicas;
  if (batch->system != LMX_SYSTEM_FOURNIER &&
      batch->system != LMX_SYSTEM_LANDAU_PRINTED)
    work *= (double)batch->N;
  double steps = 4e6 / work;
  return steps > 1.0 ? (size_t)steps : 1;
}

static lmx_status work(lmx_context *context, lmx_experiment *e)
{
  size_t all = lmx_experiment_steps(e, e->time), now = piece(e);
  double h = (e->times[e->time] - e->times[e->time - 1]) / (double)all;
  if (now > all - e->made)
    now = all - e->made;
  LMX_TRY(lmx_cloud_advance(context, e->cloud, h, now));
  e->made += now;
  return LMX_OK;
}

static void close_batch(lmx_experiment *e, lmx_batch *batch)
{
  batch->steps = lmx_cloud_steps(e->cloud);
  batch->fallbacks = lmx_cloud_fallbacks(e->cloud);
  lmx_cloud_destroy(&e->cloud);
  ++e->batch;
  e->time = 0;
}

lmx_status lmx_experiment_advance(lmx_context *context,
                                  lmx_experiment *experiment, bool *done)
{
  lmx_experiment *e = experiment;
  *done = e->batch == e->nbatches;
  if (*done)
    return LMX_OK;
  if (e->cloud == NULL)
    LMX_TRY(open_cloud(context, e));
  else if (e->time > 0)
    LMX_TRY(work(context, e));
  lmx_batch *batch = &e->batches[e->batch];
  if (e->time == 0 || e->made == lmx_experiment_steps(e, e->time)) {
    observe(e, batch);
    ++e->time;
    e->made = 0;
    if (e->time == e->spec.ntimes)
      close_batch(e, batch);
  }
  *done = e->batch == e->nbatches;
  return LMX_OK;
}

void lmx_experiment_place_now(const lmx_experiment *e,
                              lmx_experiment_place *out)
{
  size_t k = e->batch < e->nbatches ? e->batch : e->nbatches - 1;
  *out = (lmx_experiment_place){.system = e->batches[k].system,
                                .N = e->batches[k].N,
                                .index = k + 1,
                                .count = e->nbatches};
  out->t = e->cloud != NULL ? lmx_cloud_time(e->cloud) : 0.0;
}

void lmx_experiment_drawing(const lmx_experiment *experiment, lmx_drawing *out)
{
  lmx_source_about(experiment->source, out);
}

size_t lmx_experiment_fallbacks(const lmx_experiment *e)
{
  size_t n = 0;
  for (size_t k = 0; k < e->nbatches; ++k)
    n += e->batches[k].fallbacks;
  return n;
}

/* --- saving --------------------------------------------------------------- */

enum { HEAD = 4, BATCH_HEAD = 5 };

/* Copies a run of numbers to the state (or back) and moves on. */
typedef struct cursor {
  double *state;
  bool loading;
} cursor;

static void pass(cursor *c, size_t n, double *x)
{
  if (c->loading)
    memcpy(x, c->state, n * sizeof *x);
  else
    memcpy(c->state, x, n * sizeof *x);
  c->state += n;
}

static void pass_count(cursor *c, size_t *n)
{
  const double most = 9007199254740992.0; /* 2^53 */
  double x = (double)*n;
  pass(c, 1, &x);
  *n = x >= 0.0 && x <= most ? (size_t)x : SIZE_MAX;
}

static void pass_batch(cursor *c, const lmx_experiment *e, lmx_batch *b)
{
  size_t R = e->spec.replicas, cells = e->spec.ntimes * e->seen;
  pass_count(c, &b->steps);
  pass_count(c, &b->fallbacks);
  pass(c, 1, &b->momentum_gap);
  pass(c, 1, &b->energy_gap);
  pass(c, 1, &b->spread_gap);
  pass(c, cells, b->mean);
  pass(c, cells, b->error);
  pass(c, e->spec.ntimes, b->spread_error);
  pass(c, R * e->seen, b->start);
  pass(c, LMX_SAMPLES * R, b->sample);
}

static size_t size_without_cloud(const lmx_experiment *e)
{
  size_t R = e->spec.replicas, cells = e->spec.ntimes * e->seen;
  return HEAD + e->nbatches * (BATCH_HEAD + 2 * cells + e->spec.ntimes +
                               R * (e->seen + LMX_SAMPLES));
}

static void pass_all(cursor *c, lmx_experiment *e, size_t *cloud)
{
  pass_count(c, &e->batch);
  pass_count(c, &e->time);
  pass_count(c, &e->made);
  pass_count(c, cloud);
  for (size_t k = 0; k < e->nbatches; ++k)
    pass_batch(c, e, &e->batches[k]);
}

lmx_status lmx_experiment_save(lmx_context *context,
                               const lmx_experiment *experiment, size_t *count,
                               double **out)
{
  lmx_experiment copy = *experiment; /* saving changes nothing in it */
  size_t cloud = copy.cloud != NULL ? lmx_cloud_state_size(copy.cloud) : 0;
  size_t n = size_without_cloud(experiment) + cloud;
  double *state;
  LMX_TRY(LMX_NEW_ARRAY(context, n, &state));
  cursor c = {state, false};
  pass_all(&c, &copy, &cloud);
  if (cloud > 0)
    lmx_cloud_save(copy.cloud, c.state);
  *count = n;
  *out = state;
  return LMX_OK;
}

static lmx_status fail_state(lmx_context *context)
{
  return lmx_fail(context, LMX_ERR_IO,
                  "the checkpoint does not belong to these simulations");
}

lmx_status lmx_experiment_restore(lmx_context *context,
                                  lmx_experiment *experiment, size_t count,
                                  const double *state)
{
  lmx_experiment *e = experiment;
  size_t without = size_without_cloud(e), cloud = 0;
  if (count < without || !(state[0] >= 0.0 && state[0] <= (double)e->nbatches))
    return fail_state(context);
  cursor c = {(double *)state, true};
  pass_all(&c, e, &cloud);
  if (count - without != cloud || e->time >= e->spec.ntimes ||
      e->made > (e->time > 0 ? lmx_experiment_steps(e, e->time) : 0))
    return fail_state(context);
  if (cloud == 0)
    return LMX_OK;
  if (e->batch == e->nbatches)
    return fail_state(context);
  LMX_TRY(open_cloud(context, e));
  if (cloud != lmx_cloud_state_size(e->cloud))
    return fail_state(context);
  return lmx_cloud_restore(e->cloud, c.state) ? LMX_OK : fail_state(context);
}
