/* Independent particles from f0, exactly: closed forms, or rejection. */
#include <math.h>

#include <gsl/gsl_linalg.h>

#include "core/threads.h"
#include "particle/cloud.h"
#include "particle/envelope.h"

enum { D = LMX_PARTICLE_MAX_DIMENSION };

/* A mixture ready to draw from; bkw is one of a Gaussian and |v|^2 times it:
 * with s = 1 - c the weight of the second is d c / (2 s), and its radius has
 * the law of d + 2 components. */
struct lmx_source {
  const lmx_initial *initial;
  int d;
  size_t n;
  const lmx_component *components; /* NULL: bkw, or by rejection */
  double *until;                   /* [n] cumulated weights */
  double *L;                       /* [n][d][d] lower factors */
  double s, share;                 /* bkw */
  lmx_envelope *envelope;          /* NULL: closed form */
};

void lmx_source_destroy(lmx_source **source)
{
  if (source == NULL || *source == NULL)
    return;
  lmx_free((*source)->until);
  lmx_free((*source)->L);
  lmx_envelope_destroy(&(*source)->envelope);
  lmx_free(*source);
  *source = NULL;
}

static lmx_status source_mixture(lmx_context *context, lmx_source *out)
{
  size_t d = (size_t)out->d;
  double sum = 0.0;
  LMX_TRY(LMX_NEW_ARRAY(context, out->n, &out->until));
  LMX_TRY(LMX_NEW_ARRAY(context, out->n * d * d, &out->L));
  for (size_t k = 0; k < out->n; ++k) {
    sum += out->components[k].weight;
    out->until[k] = sum;
    double *L = out->L + k * d * d;
    if (!lmx_semidefinite_factor(out->d, out->components[k].covariance, L))
      return lmx_fail(context, LMX_ERR_CASE,
                      "initial.components: component %zu: covariance is not "
                      "positive definite",
                      k + 1);
  }
  out->until[out->n - 1] = 1.0;
  return LMX_OK;
}

static void source_bkw(lmx_source *out)
{
  double c = lmx_initial_bkw_c(out->initial);
  out->s = 1.0 - c;
  out->share = 0.5 * out->d * c / out->s;
}

static lmx_status source_fill(lmx_context *context, lmx_source *out)
{
  out->components = lmx_initial_components(out->initial, &out->n);
  if (out->n > 0)
    return source_mixture(context, out);
  if (lmx_initial_get_kind(out->initial) != LMX_INITIAL_BKW)
    return lmx_envelope_create(context, out->initial, &out->envelope);
  source_bkw(out);
  return LMX_OK;
}

lmx_status lmx_source_create(lmx_context *context, const lmx_initial *initial,
                             lmx_source **out)
{
  lmx_source *source;
  int d = lmx_initial_model(initial)->d;
  if (d > LMX_PARTICLE_MAX_DIMENSION)
    return lmx_fail(context, LMX_ERR_CASE,
                    "dimension: is %d, allowed for particles is 2 to %d", d,
                    LMX_PARTICLE_MAX_DIMENSION);
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &source));
  source->initial = initial;
  source->d = d;
  lmx_status status = source_fill(context, source);
  if (status != LMX_OK) {
    lmx_source_destroy(&source);
    return status;
  }
  *out = source;
  return LMX_OK;
}

const lmx_initial *lmx_source_initial(const lmx_source *source)
{
  return source->initial;
}

void lmx_source_about(const lmx_source *source, lmx_drawing *out)
{
  const lmx_envelope *e = source->envelope;
  *out = (lmx_drawing){.rejection = e != NULL};
  if (e != NULL)
    *out = (lmx_drawing){true, e->measured, e->cells, e->outside};
}

/* z holds d + 2 normal deviates, u one uniform. */
static void draw_bkw(const lmx_source *from, const double *z, size_t step,
                     double u, double *v, size_t stride)
{
  int d = from->d;
  double r2 = 0.0, more = 0.0;
  for (int a = 0; a < d; ++a)
    r2 += z[a * step] * z[a * step];
  for (int a = d; a < d + 2; ++a)
    more += z[a * step] * z[a * step];
  double scale = sqrt(from->s);
  if (u < from->share)
    scale *= sqrt((r2 + more) / r2);
  for (int a = 0; a < d; ++a)
    v[a * stride] = scale * z[a * step];
}

static void draw_mixture(const lmx_source *from, const double *z, size_t step,
                         double u, double *v, size_t stride)
{
  size_t d = (size_t)from->d, k = 0;
  while (k + 1 < from->n && u >= from->until[k])
    ++k;
  const double *L = from->L + k * d * d;
  for (size_t a = 0; a < d; ++a) {
    double x = from->components[k].mean[a];
    for (size_t b = 0; b <= a; ++b)
      x += L[a * d + b] * z[b * step];
    v[a * stride] = x;
  }
}

static void draw_block(const lmx_source *from, const lmx_cloud *cloud,
                       size_t replica, size_t block)
{
  double z[(D + 2) * LMX_BLOCK], u[LMX_BLOCK];
  size_t n = lmx_block_length(cloud, block);
  double *v = lmx_replica(cloud, replica) + block * LMX_BLOCK;
  lmx_stream stream = lmx_stream_of(cloud->key, LMX_DRAW_INITIAL,
                                    (uint32_t)replica, 0, (uint32_t)block);
  lmx_random_normals(&stream, (size_t)(from->d + 2) * n, z);
  stream.step = 1;
  lmx_random_uniforms(&stream, n, u);
  for (size_t i = 0; i < n; ++i) {
    if (from->components != NULL)
      draw_mixture(from, z + i, n, u[i], v + i, cloud->stride);
    else
      draw_bkw(from, z + i, n, u[i], v + i, cloud->stride);
  }
}

/* One after the other: formulas and tables are not for several threads. */
static lmx_status draw_by_rejection(lmx_context *context,
                                    const lmx_source *from,
                                    const lmx_cloud *cloud)
{
  size_t tries = 0;
  for (size_t r = 0; r < cloud->spec.replicas; ++r) {
    double *v = lmx_replica(cloud, r);
    for (size_t i = 0; i < cloud->spec.particles; ++i) {
      lmx_stream stream = lmx_stream_of(cloud->key, LMX_DRAW_INITIAL,
                                        (uint32_t)r, 0, (uint32_t)i);
      LMX_TRY(lmx_envelope_draw(context, from->envelope, &stream, v + i,
                                cloud->stride, &tries));
    }
  }
  return LMX_OK;
}

typedef struct drawn {
  const lmx_source *source;
  const lmx_cloud *cloud;
} drawn;

static void draw_one(void *user, size_t k, int thread)
{
  const drawn *d = user;
  size_t blocks = lmx_cloud_blocks(d->cloud);
  (void)thread;
  draw_block(d->source, d->cloud, k / blocks, k % blocks);
}

static void draw_all(const lmx_source *source, const lmx_cloud *cloud)
{
  drawn d = {source, cloud};
  size_t all = lmx_cloud_blocks(cloud) * cloud->spec.replicas;
  lmx_parallel_for(cloud->threads, all, draw_one, &d);
}

/* The rows of a replica by blocks, padding included. */
static void add_rounding(const lmx_cloud *cloud)
{
  size_t n = (size_t)cloud->d * cloud->stride;
  for (size_t r = 0; r < cloud->spec.replicas; ++r) {
    double *v = lmx_replica(cloud, r), u[LMX_BLOCK];
    lmx_stream stream =
        lmx_stream_of(cloud->key, LMX_DRAW_ESTIMATE, (uint32_t)r, 0, 0);
    for (size_t i = 0; i < n; ++i) {
      if (i % LMX_BLOCK == 0) {
        stream.block = (uint32_t)(i / LMX_BLOCK);
        lmx_random_uniforms(&stream, LMX_BLOCK, u);
      }
      v[i] *= 1.0 + cloud->spec.rounding * (u[i % LMX_BLOCK] - 0.5);
    }
  }
}

lmx_status lmx_cloud_sample(lmx_context *context, const lmx_source *source,
                            lmx_cloud *cloud)
{
  if (source->envelope != NULL)
    LMX_TRY(draw_by_rejection(context, source, cloud));
  else
    draw_all(source, cloud);
  if (cloud->spec.rounding > 0.0)
    add_rounding(cloud);
  return LMX_OK;
}
