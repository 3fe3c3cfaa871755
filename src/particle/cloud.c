/* Clouds of particles: making, advancing, saving them. */
#include "particle/cloud.h"

#include <stdatomic.h>
#include <string.h>

#include "core/threads.h"
#include "particle/sweep.h"

const char *lmx_particle_system_name(lmx_particle_system system)
{
  static const char *const names[] = {
#define SYSTEM_NAME(symbol, name) [symbol] = name,
      LMX_SYSTEM_LIST(SYSTEM_NAME)
#undef SYSTEM_NAME
  };
  return (unsigned)system < LMX_SYSTEM_COUNT ? names[system] : "unknown";
}

const char *lmx_scheme_name(lmx_scheme scheme)
{
  static const char *const names[] = {
#define SCHEME_NAME(symbol, name) [symbol] = name,
      LMX_SCHEME_LIST(SCHEME_NAME)
#undef SCHEME_NAME
  };
  return (unsigned)scheme < LMX_SCHEME_COUNT ? names[scheme] : "unknown";
}

/* --- making ------------------------------------------------------------ */

void lmx_cloud_destroy(lmx_cloud **cloud)
{
  if (cloud == NULL || *cloud == NULL)
    return;
  lmx_free((*cloud)->v);
  lmx_free((*cloud)->now);
  lmx_free((*cloud)->before);
  lmx_free((*cloud)->work);
  lmx_free(*cloud);
  *cloud = NULL;
}

static lmx_status check_spec(lmx_context *context, const lmx_cloud_spec *spec)
{
  const size_t most = (size_t)1 << 29;
  if (spec->particles < 1 || spec->particles > most)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "particles: %zu, allowed are 1 to %zu", spec->particles,
                    most);
  if (spec->replicas < 1 || spec->replicas > LMX_PARTICLE_MAX_REPLICAS)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "replicas: %zu, allowed are 1 to %d", spec->replicas,
                    LMX_PARTICLE_MAX_REPLICAS);
  return LMX_OK;
}

/* Numbers a replica's step needs besides the state. */
static size_t work_size(const lmx_cloud *cloud)
{
  size_t rows = (size_t)cloud->d * cloud->stride;
  if (cloud->spec.system == LMX_SYSTEM_FOURNIER)
    return lmx_cloud_blocks(cloud) * lmx_moments_count(cloud->d);
  return rows;
}

static lmx_status allocate(lmx_context *context, lmx_cloud *cloud)
{
  size_t replicas = cloud->spec.replicas;
  size_t rows = (size_t)cloud->d * cloud->stride;
  size_t moments = replicas * lmx_moments_count(cloud->d);
  /* whole pairs of cache lines, so that threads do not share any */
  cloud->work_size = (work_size(cloud) + 15) / 16 * 16;
  LMX_TRY(
      lmx_alloc(context, replicas, rows * sizeof(double), (void **)&cloud->v));
  LMX_TRY(LMX_NEW_ARRAY(context, moments, &cloud->now));
  LMX_TRY(LMX_NEW_ARRAY(context, moments, &cloud->before));
  return LMX_NEW_ARRAY(context, (size_t)cloud->threads * cloud->work_size,
                       &cloud->work);
}

/* (m, T) of a replica as it stands. */
static void take_moments(lmx_cloud *cloud, size_t replica, double *work)
{
  size_t blocks = lmx_cloud_blocks(cloud), count = lmx_moments_count(cloud->d);
  const double *v = lmx_replica(cloud, replica);
  double *now = cloud->now + replica * count;
  for (size_t b = 0; b < blocks; ++b)
    lmx_block_moments(cloud->d, lmx_block_length(cloud, b), v + b * LMX_BLOCK,
                      cloud->stride, work + b * count);
  lmx_average(blocks, count, work, (double)cloud->spec.particles, now);
}

static lmx_status fill(lmx_context *context, const lmx_source *source,
                       lmx_cloud *cloud)
{
  LMX_TRY(allocate(context, cloud));
  return lmx_cloud_sample(context, source, cloud);
}

/* Simulations that are compared draw different numbers. */
static uint32_t kind_of(const lmx_cloud_spec *spec)
{
  bool euler =
      spec->system == LMX_SYSTEM_FOURNIER && spec->scheme == LMX_SCHEME_EULER;
  return (uint32_t)(euler ? LMX_SYSTEM_COUNT : spec->system);
}

lmx_status lmx_cloud_open(lmx_context *context, const lmx_source *source,
                          const lmx_cloud_spec *spec, bool limit,
                          lmx_cloud **out)
{
  const lmx_model *model = lmx_initial_model(lmx_source_initial(source));
  lmx_cloud *cloud;
  LMX_TRY(check_spec(context, spec));
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &cloud));
  cloud->d = model->d;
  cloud->spec = *spec;
  cloud->limit = limit;
  cloud->model = *model;
  cloud->stride = (spec->particles + 7) / 8 * 8;
  cloud->threads = spec->threads > 0 ? spec->threads : lmx_processors();
  lmx_random_key(spec->seed, (uint32_t)spec->particles << 3 | kind_of(spec),
                 cloud->key);
  lmx_status status = fill(context, source, cloud);
  if (status != LMX_OK) {
    lmx_cloud_destroy(&cloud);
    return status;
  }
  *out = cloud;
  return LMX_OK;
}

lmx_status lmx_cloud_from(lmx_context *context, const lmx_source *source,
                          const lmx_cloud_spec *spec, lmx_cloud **out)
{
  LMX_TRY(lmx_cloud_open(context, source, spec, false, out));
  (*out)->sweep = spec->system == LMX_SYSTEM_FOURNIER &&
                  spec->scheme == LMX_SCHEME_SPLITTING &&
                  spec->particles <= LMX_SWEEP;
  return LMX_OK;
}

lmx_status lmx_cloud_create(lmx_context *context, const lmx_initial *initial,
                            const lmx_cloud_spec *spec, lmx_cloud **out)
{
  lmx_source *source;
  LMX_TRY(lmx_source_create(context, initial, &source));
  lmx_status status = lmx_cloud_from(context, source, spec, out);
  lmx_source_destroy(&source);
  return status;
}

/* --- advancing --------------------------------------------------------- */

typedef void step_fn(lmx_step *step);

static step_fn *stepper(lmx_particle_system system)
{
  switch (system) {
  case LMX_SYSTEM_FGM:
  case LMX_SYSTEM_LANDAU:
    return lmx_step_pairs;
  case LMX_SYSTEM_LANDAU_PRINTED:
    return lmx_step_printed;
  case LMX_SYSTEM_KAC:
    return lmx_step_kac;
  default:
    return lmx_step_fournier;
  }
}

/* `steps` steps of length h. */
typedef struct advance_work {
  lmx_cloud *cloud;
  double h;
  size_t steps;
  step_fn *make;
  atomic_size_t fallbacks;
} advance_work;

static void advance_replica(void *user, size_t r, int thread)
{
  advance_work *w = user;
  lmx_cloud *cloud = w->cloud;
  lmx_step step = {.cloud = cloud, .h = w->h, .replica = r};
  step.work = cloud->work + (size_t)thread * cloud->work_size;
  if (cloud->last_step == 0.0)
    take_moments(cloud, r, step.work);
  for (size_t k = 0; k < w->steps; ++k) {
    step.number = (uint32_t)(cloud->steps + k);
    step.last = k > 0 ? w->h : cloud->last_step;
    step.t = cloud->time + (double)k * w->h;
    w->make(&step);
  }
  atomic_fetch_add(&w->fallbacks, step.fallbacks);
}

/* Whole replicas to each thread. */
static void advance_replicas(lmx_cloud *cloud, double h, size_t steps)
{
  advance_work w = {.cloud = cloud,
                    .h = h,
                    .steps = steps,
                    .make = stepper(cloud->spec.system)};
  lmx_parallel_for(cloud->threads, cloud->spec.replicas, advance_replica, &w);
  cloud->fallbacks += atomic_load(&w.fallbacks);
}

static void advance_group(void *user, size_t group, int thread)
{
  const size_t lanes = LMX_SWEEP_LANES;
  const advance_work *w = user;
  size_t first = group * lanes, rest = w->cloud->spec.replicas - first;
  (void)thread;
  lmx_sweep(w->cloud, first, rest < lanes ? rest : lanes, w->h, w->steps);
}

/* Replicas in groups, which go through all steps at once. */
static void advance_groups(lmx_cloud *cloud, double h, size_t steps)
{
  advance_work w = {.cloud = cloud, .h = h, .steps = steps};
  size_t groups =
      (cloud->spec.replicas + LMX_SWEEP_LANES - 1) / LMX_SWEEP_LANES;
  lmx_parallel_for(cloud->threads, groups, advance_group, &w);
}

/* One replica after the other, its blocks shared by the threads. */
static void advance_blocks(lmx_cloud *cloud, double h, size_t steps)
{
  for (size_t r = 0; r < cloud->spec.replicas; ++r) {
    lmx_step step = {.cloud = cloud, .h = h, .replica = r, .work = cloud->work};
    step.share_blocks = true;
    if (cloud->last_step == 0.0)
      take_moments(cloud, r, step.work);
    for (size_t k = 0; k < steps; ++k) {
      step.number = (uint32_t)(cloud->steps + k);
      step.last = k > 0 ? h : cloud->last_step;
      step.t = cloud->time + (double)k * h;
      lmx_step_fournier(&step);
    }
    cloud->fallbacks += step.fallbacks;
  }
}

/* The rotation law of the step length. */
static lmx_status set_rotation(lmx_context *context, lmx_cloud *cloud, double h)
{
  double tau = h;
  if (cloud->sweep)
    tau = lmx_sweep_duration(cloud, h);
  else if (cloud->spec.system == LMX_SYSTEM_KAC)
    tau = 4.0 * h / (double)cloud->spec.particles;
  else if (cloud->spec.system != LMX_SYSTEM_FOURNIER ||
           cloud->spec.scheme != LMX_SCHEME_SPLITTING)
    return LMX_OK;
  if (cloud->map.tau == tau || tau == 0.0)
    return LMX_OK;
  return lmx_angle_map_init(context, cloud->d, tau, &cloud->map);
}

lmx_status lmx_cloud_advance(lmx_context *context, lmx_cloud *cloud,
                             double step, size_t steps)
{
  const size_t most = UINT32_MAX - 1;
  size_t threads = (size_t)cloud->threads;
  if (!(step > 0.0) || steps > most - cloud->steps)
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "particles: %zu steps of %g after %zu, allowed are %zu of "
                    "length > 0",
                    steps, step, cloud->steps, most);
  if (steps == 0)
    return LMX_OK;
  LMX_TRY(set_rotation(context, cloud, step));
  if (cloud->sweep)
    advance_groups(cloud, step, steps);
  else if (cloud->spec.system == LMX_SYSTEM_FOURNIER &&
           cloud->spec.replicas < 2 * threads &&
           lmx_cloud_blocks(cloud) >= 4 * threads)
    advance_blocks(cloud, step, steps);
  else
    advance_replicas(cloud, step, steps);
  cloud->time += step * (double)steps;
  cloud->steps += steps;
  cloud->last_step = step;
  return LMX_OK;
}

double lmx_cloud_time(const lmx_cloud *cloud)
{
  return cloud->time;
}

size_t lmx_cloud_steps(const lmx_cloud *cloud)
{
  return cloud->steps;
}

size_t lmx_cloud_fallbacks(const lmx_cloud *cloud)
{
  return cloud->fallbacks;
}

double *lmx_cloud_velocities(lmx_cloud *cloud, size_t replica)
{
  return lmx_replica(cloud, replica);
}

size_t lmx_cloud_stride(const lmx_cloud *cloud)
{
  return cloud->stride;
}

void lmx_particle_normals(uint64_t seed, unsigned block, size_t n, double *out)
{
  uint32_t key[2];
  lmx_random_key(seed, 0, key);
  lmx_stream stream = lmx_stream_of(key, LMX_DRAW_STEP, 0, 0, block);
  lmx_random_normals(&stream, n, out);
}

/* --- the whole state as numbers ------------------------------------------ */

enum { HEAD = 4 };

static size_t rows(const lmx_cloud *cloud)
{
  return cloud->spec.replicas * (size_t)cloud->d * cloud->stride;
}

static size_t moments(const lmx_cloud *cloud)
{
  return cloud->spec.replicas * lmx_moments_count(cloud->d);
}

size_t lmx_cloud_state_size(const lmx_cloud *cloud)
{
  return HEAD + rows(cloud) + 2 * moments(cloud);
}

void lmx_cloud_save(const lmx_cloud *cloud, double *state)
{
  size_t n = rows(cloud), m = moments(cloud);
  state[0] = cloud->time;
  state[1] = cloud->last_step;
  state[2] = (double)cloud->steps;
  state[3] = (double)cloud->fallbacks;
  memcpy(state + HEAD, cloud->v, n * sizeof *state);
  memcpy(state + HEAD + n, cloud->now, m * sizeof *state);
  memcpy(state + HEAD + n + m, cloud->before, m * sizeof *state);
}

bool lmx_cloud_restore(lmx_cloud *cloud, const double *state)
{
  const double most = 9007199254740992.0; /* 2^53 */
  size_t n = rows(cloud), m = moments(cloud);
  for (int i = 0; i < HEAD; ++i)
    if (!(state[i] >= 0.0 && state[i] <= most))
      return false;
  cloud->time = state[0];
  cloud->last_step = state[1];
  cloud->steps = (size_t)state[2];
  cloud->fallbacks = (size_t)state[3];
  memcpy(cloud->v, state + HEAD, n * sizeof *state);
  memcpy(cloud->now, state + HEAD + n, m * sizeof *state);
  memcpy(cloud->before, state + HEAD + n + m, m * sizeof *state);
  return true;
}
