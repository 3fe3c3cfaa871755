/* Independent particles from f0, exactly. */
#include <math.h>

#include <gsl/gsl_linalg.h>

#include "particle/cloud.h"

enum { D = LMX_PARTICLE_MAX_DIMENSION };

/* A mixture ready to draw from; bkw is one of a Gaussian and |v|^2 times it:
 * with s = 1 - c the weight of the second is d c / (2 s), and its radius has
 * the law of d + 2 components. */
typedef struct source {
  int d;
  size_t n;
  const lmx_component *components; /* NULL: bkw */
  double *until;                   /* [n] cumulated weights */
  double *L;                       /* [n][d][d] lower factors */
  double s, share;                 /* bkw */
} source;

static void source_clear(source *from)
{
  lmx_free(from->until);
  lmx_free(from->L);
}

static lmx_status source_mixture(lmx_context *context, source *out)
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

static lmx_status source_init(lmx_context *context, const lmx_initial *initial,
                              source *out)
{
  *out = (source){.d = lmx_initial_model(initial)->d};
  out->components = lmx_initial_components(initial, &out->n);
  if (out->n > 0)
    return source_mixture(context, out);
  if (lmx_initial_get_kind(initial) != LMX_INITIAL_BKW)
    return lmx_fail(context, LMX_ERR_CASE,
                    "initial.kind: is \"%s\", particles can be drawn from "
                    "\"gaussian\", \"mixture\", \"radial_mixture\" or \"bkw\"",
                    lmx_initial_kind_name(lmx_initial_get_kind(initial)));
  double c = lmx_initial_bkw_c(initial);
  out->s = 1.0 - c;
  out->share = 0.5 * out->d * c / out->s;
  return LMX_OK;
}

/* z holds d + 2 normal deviates, u one uniform. */
static void draw_bkw(const source *from, const double *z, size_t step, double u,
                     double *v, size_t stride)
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

static void draw_mixture(const source *from, const double *z, size_t step,
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

static void draw_block(const source *from, const lmx_cloud *cloud,
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

lmx_status lmx_cloud_sample(lmx_context *context, const lmx_initial *initial,
                            lmx_cloud *cloud)
{
  source from;
  size_t blocks = lmx_cloud_blocks(cloud);
  size_t all = blocks * cloud->spec.replicas;
  lmx_status status = source_init(context, initial, &from);
  if (status == LMX_OK) {
#pragma omp parallel for schedule(static) num_threads(cloud->threads)
    for (size_t k = 0; k < all; ++k)
      draw_block(&from, cloud, k / blocks, k % blocks);
  }
  source_clear(&from);
  return status;
}
