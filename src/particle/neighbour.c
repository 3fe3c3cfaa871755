/* Nearest neighbours among points of the plane sorted by one coordinate. The
 * k-th neighbour with k about the root of their number: the noise of the
 * logarithm of its distance falls like 1/k, and what is smoothed away is the
 * same for a system and its twin. */
#include "particle/neighbour.h"

#include <math.h>
#include <stdlib.h>

#include "core/threads.h"

enum { MOST_PARTICLES = 16, MOST_NEIGHBOURS = 64 };
/* nodes along an axis, and those beside the cell of a point */
enum { STENCIL = 6, BESIDE = STENCIL / 2 - 1 };

typedef struct point {
  double x, y;
  size_t replica;
} point;

static int by_x(const void *left, const void *right)
{
  const point *a = left, *b = right;
  if (a->x != b->x)
    return a->x < b->x ? -1 : 1;
  return a->y < b->y ? -1 : a->y > b->y;
}

/* The k smallest squared distances, increasing. */
typedef struct nearest {
  int k;
  double r2[MOST_NEIGHBOURS];
} nearest;

static void insert(const point *from, const point *to, nearest *out)
{
  double u = to->x - from->x, v = to->y - from->y, r2 = u * u + v * v;
  int i = out->k - 1;
  if (to->replica == from->replica || r2 >= out->r2[i])
    return;
  for (; i > 0 && out->r2[i - 1] > r2; --i)
    out->r2[i] = out->r2[i - 1];
  out->r2[i] = r2;
}

/* log of the squared distance of point i to its k-th neighbour: outwards from
 * i on the side that is nearer in x. */
static double log_distance(size_t n, const point *points, size_t i, int k)
{
  nearest found = {.k = k};
  size_t left = i, right = i + 1; /* next: left - 1, right */
  for (int j = 0; j < k; ++j)
    found.r2[j] = INFINITY;
  while (left > 0 || right < n) {
    double a = left > 0 ? points[i].x - points[left - 1].x : INFINITY;
    double b = right < n ? points[right].x - points[i].x : INFINITY;
    double next = fmin(a, b);
    if (next * next >= found.r2[k - 1])
      break;
    insert(&points[i], &points[a <= b ? --left : right++], &found);
  }
  return log(found.r2[k - 1]);
}

/* --- log f -----------------------------------------------------------------
 */

/* Weights of the nodes 0 .. STENCIL - 1 at x, Lagrange. */
static void weights(double x, double *out)
{
  for (int i = 0; i < STENCIL; ++i) {
    out[i] = 1.0;
    for (int j = 0; j < STENCIL; ++j)
      out[i] *= j == i ? 1.0 : (x - j) / (i - j);
  }
}

/* The six nodes around a coordinate; false at the edge of the plane. */
static bool place(double v, int *node, double *w)
{
  double x = (v + LMX_PLANE_HALF) / LMX_PLANE_SPACING;
  if (!(x >= BESIDE) || !(x < LMX_PLANE_POINTS - 1 - BESIDE))
    return false;
  *node = (int)x - BESIDE;
  weights(x - *node, w);
  return true;
}

static bool log_on_plane(const lmx_rate_target *target, const double *v,
                         double *out)
{
  int i, j;
  double wi[STENCIL], wj[STENCIL];
  if (!place(v[0], &i, wi) || !place(v[1], &j, wj))
    return false;
  *out = 0.0;
  for (int a = 0; a < STENCIL; ++a)
    for (int b = 0; b < STENCIL; ++b)
      *out += wi[a] * wj[b] * target->log_f[(i + a) * LMX_PLANE_POINTS + j + b];
  return true;
}

/* The points, and the mean of log f over them. */
static lmx_status gather(const lmx_cloud *cloud, size_t first, size_t last,
                         size_t each, const lmx_rate_target *target,
                         lmx_log_density_at *log_f, void *user, point *points,
                         double *mean)
{
  double n = (double)((last - first) * each);
  *mean = 0.0;
  for (size_t r = first; r < last; ++r)
    for (size_t i = 0; i < each; ++i) {
      const double *v = lmx_replica(cloud, r) + i;
      const double at[2] = {v[0], v[cloud->stride]};
      double value;
      if (!log_on_plane(target, at, &value))
        LMX_TRY(log_f(user, at, &value));
      *mean += value / n;
      *points++ = (point){at[0], at[1], r};
    }
  return LMX_OK;
}

typedef struct distances {
  size_t n;
  int k;
  const point *points;
  double *logs; /* [n] */
} distances;

static void take_distance(void *user, size_t i, int thread)
{
  const distances *d = user;
  (void)thread;
  d->logs[i] = log_distance(d->n, d->points, i, d->k);
}

lmx_status lmx_neighbour_entropy(lmx_context *context, const lmx_cloud *cloud,
                                 size_t first, size_t last,
                                 const lmx_rate_target *target,
                                 lmx_log_density_at *log_f, void *user,
                                 double *out)
{
  size_t N = cloud->spec.particles;
  size_t each = N < MOST_PARTICLES ? N : MOST_PARTICLES;
  size_t n = (last - first) * each;
  int root = (int)sqrt((double)n);
  int k = root < MOST_NEIGHBOURS ? root : MOST_NEIGHBOURS;
  point *points;
  double *logs = NULL, mean, sum = 0.0;
  LMX_TRY(LMX_NEW_ARRAY(context, n, &points));
  lmx_status status = LMX_NEW_ARRAY(context, n, &logs);
  if (status == LMX_OK)
    status =
        gather(cloud, first, last, each, target, log_f, user, points, &mean);
  if (status == LMX_OK) {
    qsort(points, n, sizeof *points, by_x);
    distances d = {n, k, points, logs};
    lmx_parallel_for(cloud->threads, n, take_distance, &d);
    for (size_t i = 0; i < n; ++i)
      sum += logs[i];
    *out = -sum / (double)n - mean;
  }
  lmx_free(logs);
  lmx_free(points);
  return status;
}
