/* Solutions and defects for the tests of the checks: closed forms sampled on
 * grids, without the solver. */
#ifndef LMX_TESTS_SOLUTIONS_H
#define LMX_TESTS_SOLUTIONS_H

#include "support.h"

#include <string.h>

enum { MAX_TIMES = 8 };

/* A sampled solution with all that a check input borrows. */
typedef struct sample {
  lmx_context *context;
  lmx_model model;
  lmx_grid *grid;
  lmx_exact *exact;
  size_t ntimes;
  double times[MAX_TIMES], trust[MAX_TIMES];
  double *u[MAX_TIMES];
  lmx_check_input input;
} sample;

/* log f at (t, v). */
typedef double log_density_fn(const sample *s, double t, const double *v);

static inline double square_norm(int d, const double *v)
{
  double r2 = 0.0;
  for (int a = 0; a < d; ++a)
    r2 += v[a] * v[a];
  return r2;
}

static inline void sample_close(sample *s)
{
  for (size_t k = 0; k < MAX_TIMES; ++k)
    lmx_free(s->u[k]);
  lmx_exact_destroy(&s->exact);
  lmx_grid_destroy(&s->grid);
  lmx_context_destroy(&s->context);
}

/* Context, model and grid; times 0 .. of the list. */
static inline void sample_open(sample *s, int d, const double *D, int naxes,
                               const lmx_axis_spec *axes, size_t ntimes,
                               const double *times, double radius)
{
  memset(s, 0, sizeof *s);
  assert_int_equal(lmx_context_create(&s->context), LMX_OK);
  ASSERT_OK(s->context, lmx_model_init(s->context, d, D, &s->model));
  ASSERT_OK(s->context,
            lmx_grid_create(s->context, d, naxes, axes, 8, &s->grid));
  s->ntimes = ntimes;
  for (size_t k = 0; k < ntimes; ++k) {
    s->times[k] = times[k];
    s->trust[k] = INFINITY;
    ASSERT_OK(s->context, LMX_NEW_ARRAY(s->context, s->grid->size, &s->u[k]));
  }
  s->input = (lmx_check_input){.model = &s->model,
                               .grid = s->grid,
                               .formulation = LMX_FORMULATION_LOG,
                               .rtol = 1e-8,
                               .atol = 1e-8,
                               .radius = radius,
                               .ntimes = ntimes,
                               .times = s->times,
                               .u = (const double *const *)s->u,
                               .trust = s->trust};
}

static inline void sample_fill(sample *s, log_density_fn *log_density)
{
  double v[LMX_MAX_DIMENSION];
  for (size_t k = 0; k < s->ntimes; ++k)
    for (size_t i = 0; i < s->grid->size; ++i) {
      lmx_grid_point(s->grid, i, v);
      s->u[k][i] = log_density(s, s->times[k], v) -
                   lmx_log_maxwellian(s->grid->d, square_norm(s->grid->d, v));
    }
}

/* The sample's exact solution as a log_density_fn. */
static inline double exact_log_density(const sample *s, double t,
                                       const double *v)
{
  double q[LMX_MAX_DIMENSION], w[LMX_MAX_DIMENSION];
  double G[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION];
  lmx_jet jet = {.d = s->grid->d, .v = w, .q = q, .G = G};
  memcpy(w, v, (size_t)s->grid->d * sizeof *w);
  ASSERT_OK(s->context, lmx_exact_eval(s->context, s->exact, t, &jet, NULL));
  return jet.g;
}

/* Gaussian of the model's temperatures at t = 0, whatever t. */
static inline double gaussian_log_density(const sample *s, double t,
                                          const double *v)
{
  (void)t;
  double g = 0.0;
  for (int a = 0; a < s->model.d; ++a) {
    double E = 1.0 + s->model.D[a];
    g -= 0.5 * (v[a] * v[a] / E + log(2.0 * M_PI * E));
  }
  return g;
}

/* The anisotropic Gaussian N(0, diag(s1, s2 .. s2)) and its evolution. */
static inline void sample_axisymmetric(sample *s, int d, double s1, int naxes,
                                       const lmx_axis_spec *axes, size_t ntimes,
                                       const double *times, double radius)
{
  double D[LMX_MAX_DIMENSION];
  D[0] = s1 - 1.0;
  for (int a = 1; a < d; ++a)
    D[a] = -D[0] / (d - 1);
  sample_open(s, d, D, naxes, axes, ntimes, times, radius);
  ASSERT_OK(s->context,
            lmx_exact_axisymmetric_gaussian(s->context, d, s1, &s->exact));
  s->input.exact = s->exact;
  sample_fill(s, exact_log_density);
}

static inline lmx_check_results *sample_check(sample *s, size_t nids,
                                              const char *const *ids)
{
  lmx_check_results *results = NULL;
  ASSERT_OK(s->context,
            lmx_checks_run(s->context, &s->input, nids, ids, &results));
  return results;
}

static inline const lmx_check_result *
result_of(const lmx_check_results *results, const char *id)
{
  const lmx_check_result *r = lmx_check_results_find(results, id);
  assert_non_null(r);
  return r;
}

static inline void assert_verdict(const lmx_check_results *results,
                                  const char *id, lmx_verdict verdict)
{
  const lmx_check_result *r = result_of(results, id);
  if (r->status != verdict)
    fail_msg("%s: %s, value %g, bound %g: %s", id, lmx_verdict_text(r->status),
             r->value, r->bound, r->note);
}

static inline const lmx_table *table_named(const lmx_check_results *results,
                                           const char *name)
{
  for (size_t i = 0; i < results->ntables; ++i)
    if (strcmp(results->tables[i]->name, name) == 0)
      return results->tables[i];
  print_error("no table %s\n", name);
  fail();
  return NULL;
}

#endif
