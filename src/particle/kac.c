/* The Kac-type system of Remark 1.5: the noise of a pair is the same with
 * opposite signs for both, so the generator is a sum over pairs of
 * (4/N) times the Laplace-Beltrami operator in x = v^i - v^j, the centre of
 * the pair fixed. One step composes the exact turns of all pairs, in rounds of
 * disjoint pairs whose order is reversed from step to step. */
#include "particle/rotation.h"

/* The two players of table k in a round of a tournament of an even number of
 * players: the last one stays, the others go round. */
static void players(size_t even, size_t round, size_t k, size_t *i, size_t *j)
{
  size_t ring = even - 1;
  *i = k == 0 ? ring : (round + k) % ring;
  *j = (round + ring - k) % ring;
}

typedef struct table_list {
  size_t n, i[LMX_BLOCK], j[LMX_BLOCK];
} table_list;

static LMX_KERNEL void turn_pairs(const lmx_angle_map *map,
                                  const table_list *pairs, size_t stride,
                                  double *v, scratch *s)
{
  size_t n = pairs->n;
  for (int a = 0; a < map->d; ++a) {
    const double *va = v + (size_t)a * stride;
    for (size_t k = 0; k < n; ++k)
      s->w[a * LMX_BLOCK + (int)k] = va[pairs->i[k]] - va[pairs->j[k]];
  }
  rotate(map, n, s);
  for (int a = 0; a < map->d; ++a) {
    double *va = v + (size_t)a * stride;
    for (size_t k = 0; k < n; ++k) {
      double c = 0.5 * (va[pairs->i[k]] + va[pairs->j[k]]);
      double half = 0.5 * s->w[a * LMX_BLOCK + (int)k];
      va[pairs->i[k]] = c + half;
      va[pairs->j[k]] = c - half;
    }
  }
}

/* Up to LMX_BLOCK tables of a round from *table on, without the one of a
 * missing player. */
static void seat(size_t N, size_t round, size_t *table, table_list *out)
{
  size_t even = N + N % 2;
  out->n = 0;
  for (; *table < even / 2 && out->n < LMX_BLOCK; ++*table) {
    players(even, round, *table, &out->i[out->n], &out->j[out->n]);
    if (out->i[out->n] < N && out->j[out->n] < N)
      ++out->n;
  }
}

void lmx_step_kac(lmx_step *step)
{
  const lmx_cloud *cloud = step->cloud;
  size_t N = cloud->spec.particles, rounds = N + N % 2 - 1;
  double *v = lmx_replica(cloud, step->replica);
  uint32_t block = 0;
  scratch s;
  table_list pairs;
  for (size_t k = 0; N > 1 && k < rounds; ++k) {
    size_t round = step->number % 2 == 0 ? k : rounds - 1 - k;
    for (size_t table = 0; table < (N + 1) / 2;) {
      seat(N, round, &table, &pairs);
      lmx_stream stream =
          lmx_stream_of(cloud->key, LMX_DRAW_STEP, (uint32_t)step->replica,
                        step->number, block++);
      lmx_random_normals(&stream, (size_t)cloud->d * pairs.n, s.z);
      turn_pairs(&cloud->map, &pairs, cloud->stride, v, &s);
    }
  }
}
