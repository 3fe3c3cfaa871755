/* Walking over the nodes of the checked ball. */
#include "check/internal.h"

#include <math.h>

void lmx_check_node_indices(const lmx_grid *grid, size_t node, size_t *index)
{
  for (int a = grid->naxes; a-- > 0;) {
    index[a] = node % grid->axis[a].points;
    node /= grid->axis[a].points;
  }
}

double lmx_check_node_r2(const lmx_grid *grid, size_t node)
{
  size_t index[LMX_MAX_AXES];
  lmx_check_node_indices(grid, node, index);
  double r2 = 0.0;
  for (int a = 0; a < grid->naxes; ++a) {
    double v = grid->axis[a].nodes[index[a]];
    r2 += v * v;
  }
  return r2;
}

bool lmx_check_ball_next(const lmx_grid *grid, double radius, size_t *node,
                         double *r)
{
  for (; *node < grid->size; ++*node) {
    double r2 = lmx_check_node_r2(grid, *node);
    if (r2 <= radius * radius) {
      *r = sqrt(r2);
      return true;
    }
  }
  return false;
}

size_t lmx_check_ball_count(const lmx_grid *grid, double radius)
{
  size_t n = 0;
  double r;
  for (size_t i = 0; lmx_check_ball_next(grid, radius, &i, &r); ++i)
    ++n;
  return n;
}

bool lmx_check_point_fill(const lmx_jet *jet, lmx_check_point *point)
{
  int d = jet->d;
  double q2 = 0.0, G2 = 0.0, K2 = 0.0;
  for (int a = 0; a < d; ++a) {
    q2 += jet->q[a] * jet->q[a];
    for (int b = 0; b < d; ++b) {
      double G = jet->G[a * d + b];
      double K = G + jet->q[a] * jet->q[b];
      G2 += G * G;
      K2 += K * K;
    }
  }
  point->jet = jet;
  point->q2 = q2;
  point->G2 = G2;
  point->K2 = K2;
  return isfinite(jet->g) && isfinite(K2) && isfinite(G2);
}

double lmx_check_finest(const lmx_grid *grid)
{
  double h = grid->axis[0].h;
  for (int a = 1; a < grid->naxes; ++a)
    h = fmin(h, grid->axis[a].h);
  return h;
}
