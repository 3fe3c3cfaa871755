/* (3.5): D_aa stays eta away from -1 and d - 1, hence abar >= eta I.
 *
 * abar is taken with the temperatures measured on the computed solution. At a
 * node only the grid axes have v_a != 0: the m further directions of a radial
 * axis split off with the eigenvalue d + |v|^2 - E_n. The smallest eigenvalue
 * over all of R^d is that of d I - E, attained at v = 0 and along the hottest
 * axis, because |v|^2 I - v v^T >= 0; v = 0, which is no node, is included. */
#include "check/internal.h"

#include <math.h>

#include <gsl/gsl_eigen.h>

/* Eigenvalues that differ by less are equal: v = 0, the first, is kept. */
static const double rounding = 1e-12;

typedef struct ellipticity {
  gsl_eigen_symm_workspace *work;
  gsl_matrix *abar;
  gsl_vector *values;
  double least, t;
  double v[LMX_MAX_DIMENSION];
  double allowance; /* error of the measured temperatures */
  size_t sampled;
} ellipticity;

static lmx_status begin(lmx_check_env *env, void *state)
{
  ellipticity *e = state;
  size_t n = (size_t)env->input->grid->naxes;
  e->least = INFINITY;
  e->work = gsl_eigen_symm_alloc(n);
  e->abar = gsl_matrix_alloc(n, n);
  e->values = gsl_vector_alloc(n);
  if (e->work == NULL || e->abar == NULL || e->values == NULL)
    return lmx_fail(env->context, LMX_ERR_MEMORY, "out of memory: eigenvalues");
  return LMX_OK;
}

static void release(void *state)
{
  ellipticity *e = state;
  if (e->work != NULL)
    gsl_eigen_symm_free(e->work);
  gsl_matrix_free(e->abar);
  gsl_vector_free(e->values);
}

/* Smallest eigenvalue of abar at v, [d]; NaN if the moments are. */
static double least_eigenvalue(const lmx_check_env *env, const double *v,
                               ellipticity *e)
{
  const lmx_grid *grid = env->input->grid;
  const lmx_check_moments *moments = &env->moments[env->k];
  int n = grid->naxes;
  double r2 = 0.0;
  for (int a = 0; a < n; ++a)
    r2 += v[a] * v[a];
  for (int a = 0; a < n; ++a)
    for (int b = 0; b < n; ++b)
      gsl_matrix_set(e->abar, (size_t)a, (size_t)b,
                     (a == b ? grid->d + r2 : 0.0) - v[a] * v[b] -
                         moments->second[a][b]);
  for (int a = 0; a < n; ++a)
    for (int b = 0; b < n; ++b)
      if (!isfinite(gsl_matrix_get(e->abar, (size_t)a, (size_t)b)))
        return NAN;
  if (gsl_eigen_symm(e->abar, e->values, e->work) != 0)
    return NAN;
  double least = gsl_vector_min(e->values);
  if (grid->m > 0)
    least = fmin(least, grid->d + r2 - moments->second[n - 1][n - 1]);
  return least;
}

static void take(const lmx_check_env *env, const double *v, ellipticity *e)
{
  double value = least_eigenvalue(env, v, e);
  if (value >= e->least - rounding || isnan(e->least))
    return;
  e->least = value;
  e->t = env->t;
  for (int a = 0; a < env->input->grid->d; ++a)
    e->v[a] = v[a];
}

static lmx_status at_time(lmx_check_env *env, void *state)
{
  ellipticity *e = state;
  const lmx_grid *grid = env->input->grid;
  double v[LMX_MAX_DIMENSION] = {0}, r;
  take(env, v, e);
  size_t stride = lmx_check_stride(env->input, env->ball), ordinal = 0;
  for (size_t i = 0; lmx_check_ball_next(grid, env->radius, &i, &r); ++i)
    if (ordinal++ % stride == 0) {
      lmx_grid_point(grid, i, v);
      take(env, v, e);
      ++e->sampled;
    }
  double start = env->moments[0].energy / grid->d - 1.0;
  e->allowance =
      fmax(e->allowance, lmx_check_moment_allowance(env, env->k, 2, start));
  return LMX_OK;
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const ellipticity *e = state;
  double eta = env->input->model->eta;
  result->value = e->least;
  result->bound = eta;
  result->slack = e->least - eta;
  result->status =
      eta > 0.0 && e->least >= eta - e->allowance ? LMX_HOLDS : LMX_FAILS;
  lmx_check_where(env, result, e->t, e->v);
  lmx_check_note(result,
                 "Value: smallest eigenvalue of abar(t,v), with the measured "
                 "temperatures, at v = 0 and %zu nodes in the ball per time, "
                 "%zu times; bound: eta = min_a min(1 + D_aa, d - 1 - D_aa), "
                 "from below (the temperatures are granted %.2g). As |v|^2 I - "
                 "v v^T >= 0 the smallest eigenvalue over all v is that at "
                 "v = 0.",
                 e->sampled / env->input->ntimes, env->input->ntimes,
                 e->allowance);
  return LMX_OK;
}

const lmx_check_class lmx_check_eq_3_5 = {
    .id = "eq-3.5",
    .statement = "abar >= eta I with eta > 0 from the data (3.5)",
    .state_size = sizeof(ellipticity),
    .begin = begin,
    .time = at_time,
    .finish = finish,
    .release = release,
};
