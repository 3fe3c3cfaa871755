/* Interpolation to arbitrary points is no less accurate than the solver: at
 * random points of the checked ball the error against the exact solution is
 * at most 1.25 times the largest at the nodes there (a point may lie where no
 * node does), for log f, its gradient and its Hessian, at every stored time. */
#include "support.h"

#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

enum { VALUE, GRADIENT, HESSIAN, KINDS, POINTS = 400 };

typedef struct run {
  lmx_context *context;
  lmx_case *source;
  lmx_problem *problem;
  lmx_solution *solution;
  lmx_jet *exact, *jet;
  gsl_rng *rng;
} run;

static void solve(run *r, const char *name)
{
  char path[512];
  static const char *const overrides[] = {"time.end=0.1", "time.output=0.025"};
  snprintf(path, sizeof path, "%s/cases/%s.toml", LMX_SOURCE_DIR, name);
  *r = (run){0};
  assert_int_equal(lmx_context_create(&r->context), LMX_OK);
  ASSERT_OK(r->context,
            lmx_case_load(r->context, path, 2, overrides, &r->source));
  ASSERT_OK(r->context, lmx_problem_create(r->context, r->source, &r->problem));
  assert_non_null(r->problem->exact);
  ASSERT_OK(r->context,
            lmx_problem_solve(r->context, r->problem, r->source, NULL,
                              &r->source->solver, &r->solution));
  ASSERT_OK(r->context,
            lmx_jet_create(r->context, r->source->dimension, &r->exact));
  ASSERT_OK(r->context,
            lmx_jet_create(r->context, r->source->dimension, &r->jet));
  r->rng = gsl_rng_alloc(gsl_rng_mt19937);
}

static void release(run *r)
{
  gsl_rng_free(r->rng);
  lmx_jet_destroy(&r->exact);
  lmx_jet_destroy(&r->jet);
  lmx_solution_destroy(&r->solution);
  lmx_problem_destroy(&r->problem);
  lmx_case_destroy(&r->source);
  lmx_context_destroy(&r->context);
}

static double distance(const double *x, const double *y, int n)
{
  double sum = 0.0;
  for (int i = 0; i < n; ++i)
    sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sqrt(sum);
}

/* Raises `errors` to those of r->jet against the exact solution; false where
 * the exact solution cannot be had, or not well enough to judge by. */
static bool measure(run *r, double t, double *errors)
{
  int d = r->exact->d;
  double uncertainty;
  memcpy(r->exact->v, r->jet->v, (size_t)d * sizeof *r->jet->v);
  if (lmx_exact_eval(r->context, r->problem->exact, t, r->exact,
                     &uncertainty) != LMX_OK ||
      uncertainty > 1e-11)
    return false;
  errors[VALUE] = fmax(errors[VALUE], fabs(r->jet->g - r->exact->g));
  errors[GRADIENT] =
      fmax(errors[GRADIENT], distance(r->jet->q, r->exact->q, d));
  errors[HESSIAN] =
      fmax(errors[HESSIAN], distance(r->jet->G, r->exact->G, d * d));
  return true;
}

static void at_nodes(run *r, size_t k, double *errors)
{
  const lmx_grid *grid = r->solution->grid;
  lmx_jets *jets;
  size_t counted = 0;
  ASSERT_OK(r->context, lmx_jets_create(r->context, grid, 2, &jets));
  lmx_jets_set(jets, r->solution->u[k]);
  for (size_t i = 0; i < grid->size; ++i) {
    double v[LMX_MAX_DIMENSION] = {0};
    lmx_grid_point(grid, i, v);
    if (distance(v, (double[LMX_MAX_DIMENSION]){0}, grid->d) >
        r->source->radius)
      continue;
    lmx_jets_get(jets, i, r->jet);
    counted += measure(r, r->solution->times[k], errors);
  }
  assert_true(counted > 20);
  lmx_jets_destroy(&jets);
}

static void at_points(run *r, size_t k, double *errors)
{
  const lmx_solution *s = r->solution;
  size_t counted = 0;
  for (int i = 0; i < POINTS; ++i) {
    double v[LMX_MAX_DIMENSION];
    gsl_ran_dir_nd(r->rng, (size_t)s->model.d, v);
    double length = r->source->radius * gsl_rng_uniform(r->rng);
    for (int a = 0; a < s->model.d; ++a)
      v[a] *= length;
    ASSERT_OK(r->context,
              lmx_interpolate(r->context, s->grid, s->u[k], v, r->jet));
    counted += measure(r, s->times[k], errors);
  }
  assert_true(counted > POINTS / 4);
}

static void compare(const char *name)
{
  run r;
  solve(&r, name);
  for (size_t k = 1; k < r.solution->ntimes; ++k) {
    double nodes[KINDS] = {0}, points[KINDS] = {0};
    at_nodes(&r, k, nodes);
    at_points(&r, k, points);
    for (int kind = 0; kind < KINDS; ++kind)
      ASSERT_AT_MOST(points[kind], 1.25 * nodes[kind]);
  }
  release(&r);
}

static void full_axes(void **state)
{
  (void)state;
  compare("threefold_mixture_2d");
}

static void mirrored_axes(void **state)
{
  (void)state;
  compare("anisotropic_gaussian_2d");
}

static void a_radial_axis(void **state)
{
  (void)state;
  compare("bkw_3d");
}

static void a_mirrored_and_a_radial_axis(void **state)
{
  (void)state;
  compare("axisymmetric_gaussian_5d");
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(full_axes),
      cmocka_unit_test(mirrored_axes),
      cmocka_unit_test(a_radial_axis),
      cmocka_unit_test(a_mirrored_and_a_radial_axis),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
