/* Integrals of f = M exp(u) over the box: mass, momentum, energy (1.2),
 * second moments (3.2), relative entropy; and what the box cannot hold. */
#include "check/internal.h"

#include <math.h>

/* One node with the numbers every integral needs. */
typedef struct moment_node {
  size_t index[LMX_MAX_AXES];
  double v[LMX_MAX_AXES];
  double r2, f, fw; /* |v|^2, f, f times the quadrature weight */
  double u;
} moment_node;

/* In the density form log f does not exist where f <= 0, far below the noise:
 * such nodes count zero. In the log form a NaN is a wrong solution and makes
 * every moment NaN. */
static bool node_read(const lmx_check_input *input, const double *u,
                      size_t node, moment_node *out)
{
  const lmx_grid *grid = input->grid;
  if (input->formulation == LMX_FORMULATION_DENSITY && !isfinite(u[node]))
    return false;
  lmx_check_node_indices(grid, node, out->index);
  out->r2 = 0.0;
  double weight = 1.0;
  for (int a = 0; a < grid->naxes; ++a) {
    out->v[a] = grid->axis[a].nodes[out->index[a]];
    out->r2 += out->v[a] * out->v[a];
    weight *= grid->axis[a].weights[out->index[a]];
  }
  out->u = u[node];
  out->f = exp(u[node] + lmx_log_maxwellian(grid->d, out->r2));
  out->fw = weight * out->f;
  return true;
}

static void add_second_moments(const lmx_grid *grid, const moment_node *p,
                               lmx_check_moments *sum)
{
  for (int a = 0; a < grid->naxes; ++a) {
    sum->second[a][a] += p->fw * p->v[a] * p->v[a];
    if (grid->axis[a].kind != LMX_AXIS_FULL)
      continue;
    sum->momentum[a] += p->fw * p->v[a];
    for (int b = 0; b < a; ++b)
      if (grid->axis[b].kind == LMX_AXIS_FULL)
        sum->second[a][b] += p->fw * p->v[a] * p->v[b];
  }
}

/* Sums over j >= 1 of q^j and of q^j |v + j h e|^2, |v|^2 = r2, e along an axis
 * on which |v_a| = x. */
static void geometric_tail(double q, double r2, double x, double h,
                           double *mass, double *energy)
{
  double s = 1.0 / (1.0 - q), m = q * s;
  *mass = m;
  *energy = m * r2 + 2.0 * x * h * m * s + h * h * m * (1.0 + q) * s * s;
}

/* Beyond an outer node f is continued along the axis as a geometric series
 * through the last two nodes, which exceeds any Gaussian tail. */
static void add_outside(const lmx_check_input *input, const double *u,
                        size_t node, const moment_node *p,
                        lmx_check_moments *sum)
{
  const lmx_grid *grid = input->grid;
  size_t stride = 1;
  for (int a = grid->naxes; a-- > 0; stride *= grid->axis[a].points) {
    const lmx_axis *axis = &grid->axis[a];
    bool upper = p->index[a] + 1 == axis->points;
    bool lower = p->index[a] == 0 && axis->kind == LMX_AXIS_FULL;
    if (axis->points < 2 || (!upper && !lower))
      continue;
    moment_node inner;
    if (!node_read(input, u, upper ? node - stride : node + stride, &inner))
      continue;
    double ratio = fmin(p->fw / inner.fw, 0.9), mass, energy;
    if (!isfinite(p->fw * ratio)) /* both underflow */
      continue;
    geometric_tail(ratio, p->r2, fabs(p->v[a]), axis->h, &mass, &energy);
    sum->outer_mass += p->fw * mass;
    sum->outer_energy += p->fw * energy;
  }
}

void lmx_check_moments_compute(const lmx_check_input *input, size_t k,
                               lmx_check_moments *out)
{
  const lmx_grid *grid = input->grid;
  const double *u = input->u[k];
  lmx_check_moments sum = {0};
  for (size_t i = 0; i < grid->size; ++i) {
    moment_node p;
    if (!node_read(input, u, i, &p))
      continue;
    sum.mass += p.fw;
    sum.energy += p.fw * p.r2;
    add_second_moments(grid, &p, &sum);
    if (p.fw > 0.0 || isnan(p.fw)) { /* f log f = 0 where f underflows */
      sum.entropy += p.fw * p.u;
      sum.mean_abs_u += p.fw * fabs(p.u);
    }
    sum.largest = fmax(sum.largest, p.f);
    add_outside(input, u, i, &p, &sum);
  }
  int last = grid->naxes - 1;
  sum.second[last][last] /= grid->m + 1;
  for (int a = 0; a < grid->naxes; ++a)
    for (int b = 0; b < a; ++b)
      sum.second[b][a] = sum.second[a][b];
  *out = sum;
}

/* Integral over the box of |v_a|^degree, over axes as long as the longest. */
static double box_moment(const lmx_grid *grid, int degree)
{
  double longest = 0.0, volume = 1.0;
  for (int a = 0; a < grid->naxes; ++a) {
    longest = fmax(longest, grid->axis[a].half_width);
    double width = 0.0;
    for (size_t i = 0; i < grid->axis[a].points; ++i)
      width += grid->axis[a].weights[i];
    volume *= width;
  }
  return volume * pow(longest, degree) / (degree + 1);
}

double lmx_check_solver_allowance(const lmx_check_env *env, size_t k,
                                  int degree)
{
  const lmx_check_input *input = env->input;
  double error = input->rtol;
  if (input->formulation == LMX_FORMULATION_LOG) /* of u, hence f's relative */
    error = input->atol + input->rtol * fmax(1.0, env->moments[k].mean_abs_u);
  else /* atol is in units of max f, anywhere in the box */
    error +=
        input->atol * env->moments[0].largest * box_moment(input->grid, degree);
  return LMX_CHECK_SAFETY_MOMENT * error;
}

double lmx_check_moment_allowance(const lmx_check_env *env, size_t k,
                                  int degree, double quadrature)
{
  const lmx_check_moments *now = &env->moments[k], *start = &env->moments[0];
  double outside = degree == 2 ? fmax(now->outer_energy, start->outer_energy)
                               : fmax(now->outer_mass, start->outer_mass);
  if (degree == 1) /* |v| <= (1 + |v|^2) / 2 */
    outside = 0.5 * (outside + fmax(now->outer_energy, start->outer_energy));
  double believed = isfinite(quadrature) ? fmin(fabs(quadrature), 1e-5) : 0.0;
  return lmx_check_solver_allowance(env, k, degree) + outside + 2.0 * believed;
}
