/* (3.1): a * f = abar(t, v). Where all axes are full, or full after reflection
 * of mirrored ones, a * f is a zero-padded convolution by FFT; the nodes are
 * thinned as long as that does not change the mass. With a radial axis, or too
 * many nodes, a * f is summed directly at a sample of the nodes, a(v - w)
 * averaged over the directions that a node w stands for. */
#include "check/internal.h"

#include <complex.h>
#include <math.h>

#include <fftw3.h>

#include "core/memory.h"

/* Padded arrays larger than this are not transformed. */
static const size_t most_padded = (size_t)1 << 24;
/* Nodes per axis that suffice, by the number of axes; nodes are not thinned
 * below them. */
static const size_t enough[LMX_MAX_AXES + 1] = {0, 256, 48, 32};
/* Thinning may change the mass by this. */
static const double same_mass = 1e-12;
/* Rounding of the transforms over the largest entry of the kernel. */
static const double fft_rounding = 1e-13;
enum { DIRECT_SAMPLE = 64 };

typedef struct convolution {
  lmx_check_worst worst;
  double v_worst[LMX_MAX_DIMENSION];
  size_t transformed, direct; /* times */
  size_t points;              /* compared, all times */
  int stride;
  lmx_table *table;
} convolution;

/* The full lattice behind a grid, thinned. */
typedef struct lattice {
  int n;
  size_t points[LMX_MAX_AXES], padded[LMX_MAX_AXES]; /* per axis */
  size_t total, padded_total, modes;
  double h[LMX_MAX_AXES], first[LMX_MAX_AXES];
  size_t stride, start[LMX_MAX_AXES];
  double *f;      /* padded, row-major */
  double *kernel; /* padded */
  double *result; /* padded */
  fftw_complex *f_hat, *kernel_hat;
  fftw_plan forward, backward;
} lattice;

static double density_at(const lmx_check_env *env, size_t node, double r2)
{
  double u = env->input->u[env->k][node];
  if (env->input->formulation == LMX_FORMULATION_DENSITY && !isfinite(u))
    return 0.0;
  return exp(u + lmx_log_maxwellian(env->input->grid->d, r2));
}

/* Node of the grid at lattice index i of axis a. */
static size_t grid_index(const lmx_axis *axis, size_t i)
{
  if (axis->kind == LMX_AXIS_FULL)
    return i;
  return i >= axis->points ? i - axis->points : axis->points - 1 - i;
}

static void shape(const lmx_grid *grid, size_t stride, lattice *l)
{
  l->n = grid->naxes;
  l->stride = stride;
  l->total = l->padded_total = l->modes = 1;
  for (int a = 0; a < l->n; ++a) {
    const lmx_axis *axis = &grid->axis[a];
    size_t whole = axis->points * (axis->kind == LMX_AXIS_FULL ? 1 : 2);
    l->start[a] = (stride - 1) / 2;
    l->points[a] = (whole - l->start[a] + stride - 1) / stride;
    l->padded[a] = 2 * l->points[a];
    l->h[a] = axis->h * (double)stride;
    l->first[a] = -axis->half_width + ((double)l->start[a] + 0.5) * axis->h;
    l->total *= l->points[a];
    l->padded_total *= l->padded[a];
    l->modes *= a + 1 < l->n ? l->padded[a] : l->padded[a] / 2 + 1;
  }
}

/* Index of lattice point i in the padded array, its coordinates in v and its
 * node of the grid. */
static size_t locate(const lmx_grid *grid, const lattice *l, size_t i,
                     double *v, size_t *node)
{
  size_t index[LMX_MAX_AXES] = {0}, padded = 0;
  for (int a = l->n; a-- > 0; i /= l->points[a])
    index[a] = i % l->points[a];
  *node = 0;
  for (int a = 0; a < l->n; ++a) {
    const lmx_axis *axis = &grid->axis[a];
    v[a] = l->first[a] + (double)index[a] * l->h[a];
    *node = *node * axis->points +
            grid_index(axis, l->start[a] + index[a] * l->stride);
    padded = padded * l->padded[a] + index[a];
  }
  return padded;
}

static double lattice_mass(const lmx_check_env *env, const lattice *l)
{
  double v[LMX_MAX_AXES], mass = 0.0, cell = 1.0;
  size_t node;
  for (int a = 0; a < l->n; ++a)
    cell *= l->h[a];
  for (size_t i = 0; i < l->total; ++i) {
    double r2 = 0.0;
    locate(env->input->grid, l, i, v, &node);
    for (int a = 0; a < l->n; ++a)
      r2 += v[a] * v[a];
    mass += cell * density_at(env, node, r2);
  }
  return mass;
}

/* The widest stride that keeps enough points and the mass. */
static void choose_lattice(const lmx_check_env *env, lattice *l)
{
  const lmx_grid *grid = env->input->grid;
  size_t fewest = (size_t)-1;
  shape(grid, 1, l);
  for (int a = 0; a < l->n; ++a)
    if (l->points[a] < fewest)
      fewest = l->points[a];
  for (size_t stride = fewest / enough[l->n]; stride > 1; --stride) {
    shape(grid, stride, l);
    if (fabs(lattice_mass(env, l) - env->moments[env->k].mass) < same_mass)
      return;
  }
  shape(grid, 1, l);
}

static void lattice_release(lattice *l)
{
  fftw_free(l->f);
  fftw_free(l->kernel);
  fftw_free(l->result);
  fftw_free(l->f_hat);
  fftw_free(l->kernel_hat);
  if (l->forward != NULL)
    fftw_destroy_plan(l->forward);
  if (l->backward != NULL)
    fftw_destroy_plan(l->backward);
}

static lmx_status lattice_allocate(lmx_context *context, lattice *l)
{
  int padded[LMX_MAX_AXES];
  for (int a = 0; a < l->n; ++a)
    padded[a] = (int)l->padded[a];
  LMX_TRY(lmx_memory_require(
      context, 40.0 * (double)l->padded_total + 32.0 * (double)l->modes,
      "FFTW"));
  l->f = fftw_alloc_real(l->padded_total);
  l->kernel = fftw_alloc_real(l->padded_total);
  l->result = fftw_alloc_real(l->padded_total);
  l->f_hat = fftw_alloc_complex(l->modes);
  l->kernel_hat = fftw_alloc_complex(l->modes);
  if (l->f == NULL || l->kernel == NULL || l->result == NULL ||
      l->f_hat == NULL || l->kernel_hat == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory: convolution");
  l->forward = fftw_plan_dft_r2c(l->n, padded, l->f, l->f_hat, FFTW_ESTIMATE);
  l->backward =
      fftw_plan_dft_c2r(l->n, padded, l->kernel_hat, l->result, FFTW_ESTIMATE);
  if (l->forward == NULL || l->backward == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "no plan for the convolution");
  return LMX_OK;
}

static void transform_density(const lmx_check_env *env, lattice *l)
{
  double cell = 1.0, v[LMX_MAX_AXES];
  for (int a = 0; a < l->n; ++a)
    cell *= l->h[a];
  for (size_t i = 0; i < l->padded_total; ++i)
    l->f[i] = 0.0;
  for (size_t i = 0; i < l->total; ++i) {
    size_t node, at = locate(env->input->grid, l, i, v, &node);
    double r2 = 0.0;
    for (int a = 0; a < l->n; ++a)
      r2 += v[a] * v[a];
    l->f[at] = cell * density_at(env, node, r2);
  }
  fftw_execute(l->forward);
}

/* result = (a * f)_pq; the kernel carries the factor of the transforms. */
static void convolve(lattice *l, int p, int q)
{
  for (size_t i = 0; i < l->padded_total; ++i) {
    size_t rest = i;
    double z[LMX_MAX_AXES] = {0}, z2 = 0.0;
    for (int a = l->n; a-- > 0; rest /= l->padded[a]) {
      ptrdiff_t m = (ptrdiff_t)(rest % l->padded[a]);
      if ((size_t)m >= l->points[a])
        m -= (ptrdiff_t)l->padded[a];
      z[a] = (double)m * l->h[a];
      z2 += z[a] * z[a];
    }
    l->kernel[i] =
        ((p == q ? z2 : 0.0) - z[p] * z[q]) / (double)l->padded_total;
  }
  fftw_execute_dft_r2c(l->forward, l->kernel, l->kernel_hat);
  for (size_t i = 0; i < l->modes; ++i)
    l->kernel_hat[i] *= l->f_hat[i];
  fftw_execute(l->backward);
}

/* What errors of the moments may do to an entry of a * f at |v|^2 = r2. */
static double granted(const lmx_check_env *env, double r2, double rounding)
{
  const lmx_check_moments *start = &env->moments[0];
  double mass = start->mass - 1.0;
  double energy = start->energy / env->input->grid->d - 1.0;
  return r2 * lmx_check_moment_allowance(env, env->k, 0, mass) +
         2.0 * sqrt(r2) * lmx_check_moment_allowance(env, env->k, 1, mass) +
         env->input->grid->d *
             lmx_check_moment_allowance(env, env->k, 2, energy) +
         rounding;
}

static void take(const lmx_check_env *env, const double *v, double difference,
                 double bound, convolution *c)
{
  double load = c->worst.load;
  size_t taken = c->worst.taken;
  lmx_check_worst_take(&c->worst, difference, bound, env->k, 0);
  if (c->worst.taken > taken || c->worst.load != load)
    for (int a = 0; a < env->input->grid->d; ++a)
      c->v_worst[a] = v[a];
}

static void compare_component(const lmx_check_env *env, const lattice *l, int p,
                              int q, convolution *c, double *largest)
{
  const lmx_grid *grid = env->input->grid;
  double v[LMX_MAX_DIMENSION] = {0};
  double reach = 0.0;
  for (int a = 0; a < l->n; ++a)
    reach += 4.0 * grid->axis[a].half_width * grid->axis[a].half_width;
  for (size_t i = 0; i < l->total; ++i) {
    size_t node, at = locate(grid, l, i, v, &node);
    double r2 = 0.0;
    for (int a = 0; a < l->n; ++a)
      r2 += v[a] * v[a];
    if (r2 > env->radius * env->radius)
      continue;
    double want = -v[p] * v[q];
    if (p == q)
      want += r2 + lmx_model_c(env->input->model, p, env->t);
    double difference = fabs(l->result[at] - want);
    *largest = fmax(*largest, difference);
    take(env, v, difference, granted(env, r2, fft_rounding * reach), c);
    ++c->points;
  }
}

static lmx_status by_transform(lmx_check_env *env, lattice *l, convolution *c)
{
  double largest = 0.0;
  lmx_status status;
  LMX_TRY_GOTO(lattice_allocate(env->context, l), fail);
  transform_density(env, l);
  for (int p = 0; p < l->n; ++p)
    for (int q = p; q < l->n; ++q) {
      convolve(l, p, q);
      compare_component(env, l, p, q, c, &largest);
    }
  ++c->transformed;
  c->stride = (int)l->stride;
  const double row[2] = {env->t, largest};
  LMX_TRY_GOTO(lmx_table_add(env->context, c->table, row), fail);
fail:
  lattice_release(l);
  return status;
}

/* a(v - w) averaged over the points that node w stands for, entry [a][a] or
 * [a][b] of the grid axes; `extra`: the diagonal entry of the m further
 * directions. Reflections and rotations make odd powers of w vanish. */
static void average_kernel(const lmx_grid *grid, const double *v,
                           const double *w, double z[][LMX_MAX_AXES],
                           double *extra)
{
  int n = grid->naxes;
  double z2 = 0.0;
  for (int a = 0; a < n; ++a)
    for (int b = 0; b < n; ++b) {
      bool full_a = grid->axis[a].kind == LMX_AXIS_FULL;
      bool full_b = grid->axis[b].kind == LMX_AXIS_FULL;
      double spread = grid->axis[a].kind == LMX_AXIS_RADIAL
                          ? w[a] * w[a] / (grid->m + 1)
                          : w[a] * w[a];
      double za = v[a] - (full_a ? w[a] : 0.0);
      double zb = v[b] - (full_b ? w[b] : 0.0);
      z[a][b] = za * zb + (a == b && !full_a ? spread : 0.0);
    }
  for (int a = 0; a < n; ++a)
    z2 += z[a][a];
  double across = grid->m > 0 ? w[n - 1] * w[n - 1] / (grid->m + 1) : 0.0;
  z2 += grid->m * across;
  for (int a = 0; a < n; ++a)
    for (int b = 0; b < n; ++b)
      z[a][b] = (a == b ? z2 : 0.0) - z[a][b];
  *extra = z2 - across;
}

/* Adds to sum the entries of a * f at v: [a][b], then the extra one. */
static void direct_sum(const lmx_check_env *env, const double *v,
                       double sum[][LMX_MAX_AXES], double *extra)
{
  const lmx_grid *grid = env->input->grid;
  double w[LMX_MAX_DIMENSION], z[LMX_MAX_AXES][LMX_MAX_AXES], e;
  for (size_t i = 0; i < grid->size; ++i) {
    double r2 = 0.0;
    lmx_grid_point(grid, i, w);
    for (int a = 0; a < grid->naxes; ++a)
      r2 += w[a] * w[a];
    double weight = lmx_grid_weight(grid, i) * density_at(env, i, r2);
    average_kernel(grid, v, w, z, &e);
    for (int a = 0; a < grid->naxes; ++a)
      for (int b = 0; b < grid->naxes; ++b)
        sum[a][b] += weight * z[a][b];
    *extra += weight * e;
  }
}

static double direct_difference(const lmx_check_env *env, const double *v,
                                double r2)
{
  const lmx_grid *grid = env->input->grid;
  const lmx_model *model = env->input->model;
  int n = grid->naxes;
  double sum[LMX_MAX_AXES][LMX_MAX_AXES] = {{0}}, extra = 0.0, worst = 0.0;
  direct_sum(env, v, sum, &extra);
  for (int a = 0; a < n; ++a)
    for (int b = 0; b < n; ++b) {
      double want = -v[a] * v[b];
      if (a == b)
        want += r2 + lmx_model_c(model, a, env->t);
      double difference = fabs(sum[a][b] - want);
      if (!(difference <= worst))
        worst = difference;
    }
  if (grid->m > 0) {
    double difference = fabs(extra - r2 - lmx_model_c(model, n - 1, env->t));
    if (!(difference <= worst))
      worst = difference;
  }
  return worst;
}

static lmx_status by_sum(lmx_check_env *env, convolution *c)
{
  const lmx_grid *grid = env->input->grid;
  size_t stride = env->ball / DIRECT_SAMPLE | 1, ordinal = 0;
  double v[LMX_MAX_DIMENSION], r, largest = 0.0;
  for (size_t i = 0; lmx_check_ball_next(grid, env->radius, &i, &r); ++i) {
    if (ordinal++ % stride != 0)
      continue;
    lmx_grid_point(grid, i, v);
    double difference = direct_difference(env, v, r * r);
    largest = fmax(largest, difference);
    take(env, v, difference, granted(env, r * r, 0.0), c);
    ++c->points;
  }
  ++c->direct;
  const double row[2] = {env->t, largest};
  return lmx_table_add(env->context, c->table, row);
}

static lmx_status begin(lmx_check_env *env, void *state)
{
  convolution *c = state;
  return lmx_check_table(env, "convolution",
                         "largest entry of a * f - abar in the ball",
                         "t,difference", &c->table);
}

static lmx_status at_time(lmx_check_env *env, void *state)
{
  lattice l = {0};
  if (!lmx_check_map_wanted(env, env->k))
    return LMX_OK;
  if (env->input->grid->m > 0)
    return by_sum(env, state);
  choose_lattice(env, &l);
  return l.padded_total > most_padded ? by_sum(env, state)
                                      : by_transform(env, &l, state);
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const convolution *c = state;
  if (c->points == 0) {
    lmx_check_note(result, "No node lies in the ball. ");
    return LMX_OK;
  }
  lmx_check_worst_result(env, &c->worst, result);
  lmx_check_where(env, result, env->input->times[c->worst.k], c->v_worst);
  lmx_check_note(result,
                 "Value: largest difference of an entry against what the "
                 "moments' errors allow. ");
  if (c->transformed > 0)
    lmx_check_note(result,
                   "By zero-padded FFT over the whole lattice, every %d. node "
                   "of an axis, at %zu times, %zu entries. ",
                   c->stride, c->transformed, c->points);
  else
    lmx_check_note(result,
                   "By direct summation over all nodes, averaged over the "
                   "directions they stand for, at %zu points in all, %zu "
                   "times. ",
                   c->points, c->direct);
  return LMX_OK;
}

const lmx_check_class lmx_check_eq_3_1 = {
    .id = "eq-3.1",
    .statement = "a * f = (d + |v|^2) I - v v^T - E(t) (3.1)",
    .state_size = sizeof(convolution),
    .begin = begin,
    .time = at_time,
    .finish = finish,
};
