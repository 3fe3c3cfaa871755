/* One step of (1.3) in O(N): math.md "Particle systems". */
#include <math.h>
#include <string.h>

#include "core/threads.h"
#include "particle/rotation.h"

/* What the blocks of a step share. */
typedef struct plan {
  int d;
  const lmx_angle_map *map;
  double m[D];
  double L[D * D]; /* the additive noise is L z */
  double decay;    /* of w in the additive part */
  double noise;    /* Euler: sqrt(2 h) */
  bool rotate_first;
} plan;

/* --- coefficients ------------------------------------------------------ */

/* C = T - m m^T, full, and its trace. */
static double covariance(int d, const double *moments, double *C)
{
  const double *T = moments + d;
  double trace = 0.0;
  for (int a = 0; a < d; ++a)
    for (int b = a; b < d; ++b)
      C[a * d + b] = C[b * d + a] = *T++ - moments[a] * moments[b];
  for (int a = 0; a < d; ++a)
    trace += C[a * d + a];
  return trace;
}

/* L with L L^T = factor ((tr C) I - C). */
static bool additive_noise(int d, const double *moments, double factor,
                           double *L)
{
  double S[D * D];
  double trace = covariance(d, moments, S);
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      S[a * d + b] = factor * ((a == b ? trace : 0.0) - S[a * d + b]);
  return lmx_semidefinite_factor(d, S, L);
}

/* (m, T) at the middle of the first step: their mean evolution is m' = 0,
 * T' = 4 (tr C) I - 4 d C. */
static void start_middle(int d, double h, const double *now, double *out)
{
  double C[D * D];
  double trace = covariance(d, now, C);
  double *T = out + d;
  memcpy(out, now, lmx_moments_count(d) * sizeof *out);
  for (int a = 0; a < d; ++a)
    for (int b = a; b < d; ++b)
      *T++ += 2.0 * h * ((a == b ? trace : 0.0) - d * C[a * d + b]);
}

static void extrapolate(size_t n, double factor, const double *now,
                        const double *before, double *out)
{
  for (size_t k = 0; k < n; ++k)
    out[k] = now[k] + factor * (now[k] - before[k]);
}

/* m = 0, T = E(t). */
static void limit_middle(const lmx_model *model, double t, double *out)
{
  double *T = out + model->d;
  for (int a = 0; a < model->d; ++a) {
    out[a] = 0.0;
    for (int b = a; b < model->d; ++b)
      *T++ = a == b ? lmx_model_temperature(model, a, t) : 0.0;
  }
}

/* (m, T) linear in time through the last two steps: the diffusion matrix is
 * linear in them, so their fluctuations enter without bias, and the
 * extrapolation makes up for their missing correlation with this step's
 * noise. A shorter one where the result belongs to no configuration. */
static void set_middle(const lmx_step *step, double *middle)
{
  const lmx_cloud *cloud = step->cloud;
  int d = cloud->d;
  size_t n = lmx_moments_count(d);
  const double *now = cloud->now + step->replica * n;
  const double *before = cloud->before + step->replica * n;
  if (cloud->limit)
    limit_middle(&cloud->model, step->t + 0.5 * step->h, middle);
  else if (step->number == 0)
    start_middle(d, step->h, now, middle);
  else
    extrapolate(n, 0.5 * step->h / step->last, now, before, middle);
}

static void splitting_plan(lmx_step *step, plan *p)
{
  const lmx_cloud *cloud = step->cloud;
  int d = p->d;
  size_t n = lmx_moments_count(d);
  const double *now = cloud->now + step->replica * n;
  double middle[LMX_MOMENTS];
  double factor = -expm1(-2.0 * (d - 1) * step->h) / (d - 1);
  p->decay = exp(-(d - 1) * step->h);
  p->rotate_first = step->number % 2 == 0;
  p->map = &cloud->map;
  set_middle(step, middle);
  if (!additive_noise(d, middle, factor, p->L)) {
    ++step->fallbacks;
    memcpy(middle, now, n * sizeof *now);
    additive_noise(d, middle, factor, p->L);
  }
  memcpy(p->m, middle, (size_t)d * sizeof *middle);
}

static void euler_plan(const lmx_step *step, plan *p)
{
  const lmx_cloud *cloud = step->cloud;
  const double *now = cloud->now + step->replica * lmx_moments_count(p->d);
  p->noise = sqrt(2.0 * step->h);
  p->decay = 1.0 - 2.0 * (p->d - 1) * step->h;
  additive_noise(p->d, now, 2.0 * step->h, p->L);
  memcpy(p->m, now, (size_t)p->d * sizeof *now);
}

/* --- kernels on a block -------------------------------------------------- */

/* w = decay w + L z */
LMX_INLINE void diffuse(const plan *p, size_t n, scratch *s)
{
  const double *z = s->z + (size_t)p->d * n;
  for (int a = 0; a < p->d; ++a) {
    double *restrict w = s->w + a * LMX_BLOCK;
    const double decay = p->decay;
#pragma omp simd
    for (size_t i = 0; i < n; ++i)
      w[i] *= decay;
    for (int b = 0; b <= a; ++b) {
      const double *restrict zb = z + (size_t)b * n;
      const double L = p->L[a * p->d + b];
#pragma omp simd
      for (size_t i = 0; i < n; ++i)
        w[i] += L * zb[i];
    }
  }
}

/* w = decay w + sqrt(2 h) |w| P g + L z */
LMX_INLINE void euler(const plan *p, size_t n, scratch *s)
{
  project(p->d, n, s);
#pragma omp simd
  for (size_t i = 0; i < n; ++i)
    s->y[i] = p->noise * sqrt(s->r2[i]);
  diffuse(p, n, s);
  for (int a = 0; a < p->d; ++a)
    add_product(n, s->y, s->z + (size_t)a * n, s->w + a * LMX_BLOCK);
}

LMX_INLINE void shift(const plan *p, size_t n, double sign, const double *from,
                      size_t from_stride, double *to, size_t to_stride)
{
  for (int a = 0; a < p->d; ++a) {
    const double *restrict x = from + (size_t)a * from_stride;
    double *restrict y = to + (size_t)a * to_stride;
    const double m = sign * p->m[a];
#pragma omp simd
    for (size_t i = 0; i < n; ++i)
      y[i] = x[i] + m;
  }
}

static LMX_KERNEL void advance_block(const plan *p, size_t n, size_t stride,
                                     double *v, scratch *s)
{
  shift(p, n, -1.0, v, stride, s->w, LMX_BLOCK);
  if (p->map == NULL) {
    euler(p, n, s);
  } else if (p->rotate_first) {
    rotate(p->map, n, s);
    diffuse(p, n, s);
  } else {
    diffuse(p, n, s);
    rotate(p->map, n, s);
  }
  shift(p, n, 1.0, s->w, LMX_BLOCK, v, stride);
}

static LMX_KERNEL void turn_block(const plan *p, size_t n, size_t stride,
                                  const double *v, scratch *s)
{
  shift(p, n, -1.0, v, stride, s->w, LMX_BLOCK);
  rotate(p->map, n, s);
}

static void do_block(const lmx_step *step, const plan *p, size_t block)
{
  const lmx_cloud *cloud = step->cloud;
  size_t n = lmx_block_length(cloud, block);
  double *v = lmx_replica(cloud, step->replica) + block * LMX_BLOCK;
  lmx_stream stream =
      lmx_stream_of(cloud->key, LMX_DRAW_STEP, (uint32_t)step->replica,
                    step->number, (uint32_t)block);
  scratch s;
  lmx_random_normals(&stream, 2 * (size_t)p->d * n, s.z);
  advance_block(p, n, cloud->stride, v, &s);
  lmx_block_moments(p->d, n, v, cloud->stride,
                    step->work + block * lmx_moments_count(p->d));
}

size_t lmx_transition(const lmx_cloud *cloud, size_t replica, size_t block,
                      double h, double *mu, double *L)
{
  size_t n = lmx_block_length(cloud, block);
  size_t d = (size_t)cloud->d;
  const double *v = lmx_replica(cloud, replica) + block * LMX_BLOCK;
  lmx_stream stream =
      lmx_stream_of(cloud->key, LMX_DRAW_ESTIMATE, (uint32_t)replica,
                    (uint32_t)cloud->steps, (uint32_t)block);
  lmx_step step = {.cloud = (lmx_cloud *)cloud,
                   .t = cloud->time,
                   .h = h,
                   .last = cloud->last_step,
                   .replica = replica,
                   .number = (uint32_t)cloud->steps};
  plan p = {.d = cloud->d};
  scratch s;
  splitting_plan(&step, &p);
  lmx_random_normals(&stream, d * n, s.z);
  turn_block(&p, n, cloud->stride, v, &s);
  for (size_t a = 0; a < d; ++a)
    for (size_t i = 0; i < n; ++i)
      mu[a * LMX_BLOCK + i] = p.m[a] + p.decay * s.w[a * LMX_BLOCK + i];
  memcpy(L, p.L, d * d * sizeof *L);
  return n;
}

typedef struct block_work {
  const lmx_step *step;
  const plan *p;
} block_work;

static void work_block(void *user, size_t b, int thread)
{
  const block_work *w = user;
  (void)thread;
  do_block(w->step, w->p, b);
}

void lmx_step_fournier(lmx_step *step)
{
  lmx_cloud *cloud = step->cloud;
  size_t count = lmx_moments_count(cloud->d);
  size_t blocks = lmx_cloud_blocks(cloud);
  double *now = cloud->now + step->replica * count;
  plan p = {.d = cloud->d};
  if (cloud->spec.scheme == LMX_SCHEME_EULER)
    euler_plan(step, &p);
  else
    splitting_plan(step, &p);
  memcpy(cloud->before + step->replica * count, now, count * sizeof *now);
  block_work w = {step, &p};
  lmx_parallel_for(step->share_blocks ? cloud->threads : 1, blocks, work_block,
                   &w);
  lmx_average(blocks, count, step->work, (double)cloud->spec.particles, now);
}
