/* Suprema over the ball, not only its nodes: from the best node on, by
 * interpolation. */
#include "check/internal.h"

#include <math.h>
#include <string.h>

/* The search ends at this part of the spacing. */
static const double finest_step = 1.0 / 1024.0;
/* ... or, where the function is flat, after so many sweeps. */
static const int most_tries = 200;

typedef struct search {
  const lmx_check_env *env;
  size_t k;
  lmx_between_fn *function;
  const void *user;
} search;

/* The function at v, [d], if the jet is finite. */
static bool value_at(const search *x, const double *v, double r, double *value)
{
  const lmx_check_input *input = x->env->input;
  lmx_check_point point = {.r = r};
  if (lmx_interpolate(x->env->context, input->grid, input->u[x->k], v,
                      x->env->jet) != LMX_OK ||
      !lmx_check_point_fill(x->env->jet, &point))
    return false;
  *value = x->function(&point, x->user);
  return true;
}

static double norm(const double *v, int n)
{
  double r2 = 0.0;
  for (int a = 0; a < n; ++a)
    r2 += v[a] * v[a];
  return sqrt(r2);
}

/* One sweep over the 3^n neighbours of `centre` at distance step * h; moves
 * the centre to the best. Half axes are entered by their symmetry, and what
 * lies beyond the ball is moved onto its surface. */
static bool better_neighbour(const search *x, double radius, double step,
                             double *centre, double *sup)
{
  const lmx_grid *grid = x->env->input->grid;
  double start[LMX_MAX_DIMENSION], v[LMX_MAX_DIMENSION];
  memcpy(start, centre, sizeof start);
  memcpy(v, centre, sizeof v);
  int neighbours = grid->naxes == 1 ? 3 : grid->naxes == 2 ? 9 : 27;
  bool moved = false;
  for (int i = 0; i < neighbours; ++i) {
    for (int a = 0, digits = i; a < grid->naxes; ++a, digits /= 3) {
      v[a] = start[a] + (digits % 3 - 1) * step * grid->axis[a].h;
      if (grid->axis[a].kind != LMX_AXIS_FULL)
        v[a] = fabs(v[a]);
    }
    double r = norm(v, grid->naxes);
    for (int a = 0; r > radius && a < grid->naxes; ++a)
      v[a] *= radius / r;
    double value;
    if (value_at(x, v, fmin(r, radius), &value) && value > *sup) {
      *sup = value;
      memcpy(centre, v, sizeof v);
      moved = true;
    }
  }
  return moved;
}

double lmx_check_between(const lmx_check_env *env, size_t k,
                         lmx_between_fn *function, const void *user, double *v,
                         double at_node)
{
  const search x = {env, k, function, user};
  double radius = lmx_check_radius(env->input, k), sup = at_node, step = 0.5;
  for (int tries = 0; step >= finest_step && tries < most_tries; ++tries)
    if (!better_neighbour(&x, radius, step, v, &sup))
      step *= 0.5;
  return sup;
}
