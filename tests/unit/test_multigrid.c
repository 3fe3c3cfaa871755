/* The multigrid preconditioner against its own definition: the operator is
 * assembled here a second time, node by node in double precision, and solved
 * densely; iterating z += P (r - A z) must arrive at the same solution. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <gsl/gsl_linalg.h>

#include "solve/multigrid.h"

typedef struct problem {
  lmx_context *context;
  lmx_model model;
  lmx_grid *grid;
  lmx_multigrid *multigrid;
  lmx_outer outer;
  double gamma, t, reaction;
  double *b[LMX_MAX_AXES]; /* without drift: NULL */
} problem;

typedef struct setting {
  int d, naxes;
  lmx_axis_kind kinds[LMX_MAX_AXES];
  size_t points[LMX_MAX_AXES];
  lmx_outer outer;
  bool drift;
  double gamma;
} setting;

static double half_width = 6.0;

static problem make(const setting *s)
{
  problem p = {.outer = s->outer, .gamma = s->gamma, .t = 0.05};
  double D[LMX_MAX_DIMENSION] = {0.3, -0.3};
  assert_int_equal(lmx_context_create(&p.context), LMX_OK);
  if (s->d >= 3) {
    bool radial = s->naxes < s->d;
    D[0] = radial ? 0.1 * (s->d - 1) : 0.3;
    for (int a = 1; a < s->d && radial; ++a)
      D[a] = -0.1;
  }
  if (s->naxes == 1)
    D[0] = 0.0, D[1] = 0.0;
  for (int a = 1; a < s->d && s->naxes == 1; ++a)
    D[a] = 0.0;
  ASSERT_OK(p.context, lmx_model_init(p.context, s->d, D, &p.model));
  lmx_axis_spec axes[LMX_MAX_AXES];
  for (int a = 0; a < s->naxes; ++a)
    axes[a] = (lmx_axis_spec){s->kinds[a], s->points[a], half_width};
  ASSERT_OK(p.context,
            lmx_grid_create(p.context, s->d, s->naxes, axes, 2, &p.grid));
  ASSERT_OK(p.context, lmx_multigrid_create(p.context, &p.model, p.grid,
                                            s->outer, &p.multigrid));
  p.reaction = s->outer == LMX_OUTER_ZERO ? p.model.kappa : 0.0;
  for (int a = 0; a < s->naxes && s->drift; ++a) {
    ASSERT_OK(p.context, LMX_NEW_ARRAY(p.context, p.grid->size, &p.b[a]));
    for (size_t i = 0; i < p.grid->size; ++i) {
      double v[LMX_MAX_DIMENSION];
      lmx_grid_point(p.grid, i, v);
      p.b[a][i] = -2.0 * lmx_model_c(&p.model, a, p.t) * v[a];
    }
  }
  lmx_multigrid_setup(p.multigrid, p.t, p.gamma, (const double *const *)p.b,
                      p.reaction);
  return p;
}

static void release(problem *p)
{
  for (int a = 0; a < LMX_MAX_AXES; ++a)
    lmx_free(p->b[a]);
  lmx_multigrid_destroy(&p->multigrid);
  assert_null(p->multigrid);
  lmx_grid_destroy(&p->grid);
  lmx_context_destroy(&p->context);
}

/* Value of w at a possibly outside node, by the rules for ghosts. */
static double value(const problem *p, const double *field, const int *index,
                    int axis)
{
  const lmx_grid *g = p->grid;
  if (axis == g->naxes) {
    size_t at = 0;
    for (int a = 0; a < g->naxes; ++a)
      at = at * g->axis[a].points + (size_t)index[a];
    return field[at];
  }
  int n = (int)g->axis[axis].points, i = index[axis];
  int near[3][LMX_MAX_AXES];
  if (i >= 0 && i < n)
    return value(p, field, index, axis + 1);
  double w[3];
  for (int k = 0; k < 3; ++k) {
    memcpy(near[k], index, sizeof near[k]);
    near[k][axis] = i < 0 ? k : n - 1 - k;
    w[k] = value(p, field, near[k], axis + 1);
  }
  if (i < 0 && g->axis[axis].kind != LMX_AXIS_FULL)
    return w[0];
  if (p->outer == LMX_OUTER_ZERO)
    return 0.0;
  return 3.0 * (w[0] - w[1]) + w[2];
}

/* w at `index` moved by i along axis a and j along b. */
static double moved(const problem *p, const double *w, const int *index, int a,
                    int i, int b, int j)
{
  int to[LMX_MAX_AXES];
  memcpy(to, index, sizeof to);
  to[a] += i;
  to[b] += j;
  return value(p, w, to, 0);
}

/* (J w) at one node from the text of the equation, second order; first-order
 * terms central (the tests keep to cases where that is what is used). */
static double jacobian_at(const problem *p, const double *w, size_t at)
{
  const lmx_grid *g = p->grid;
  int index[LMX_MAX_AXES] = {0};
  double v[LMX_MAX_DIMENSION], r2 = 0.0, sum;
  size_t rest = at;
  for (int a = g->naxes - 1; a >= 0; --a) {
    index[a] = (int)(rest % g->axis[a].points);
    rest /= g->axis[a].points;
  }
  lmx_grid_point(g, at, v);
  for (int a = 0; a < g->naxes; ++a)
    r2 += v[a] * v[a];
  sum = p->reaction * w[at];
  for (int a = 0; a < g->naxes; ++a) {
    double h = g->axis[a].h, c = lmx_model_c(&p->model, a, p->t);
    double plus = moved(p, w, index, a, 1, a, 0);
    double minus = moved(p, w, index, a, -1, a, 0);
    double drift = p->b[a] != NULL ? p->b[a][at] : 0.0;
    if (g->axis[a].kind == LMX_AXIS_RADIAL)
      drift += g->m * (c + r2) / v[a];
    sum += (c + r2 - v[a] * v[a]) * (plus - 2.0 * w[at] + minus) / (h * h) +
           drift * (plus - minus) / (2.0 * h);
    for (int b = 0; b < a; ++b)
      sum -=
          2.0 * v[a] * v[b] *
          (moved(p, w, index, a, 1, b, 1) + moved(p, w, index, a, -1, b, -1) -
           moved(p, w, index, a, 1, b, -1) - moved(p, w, index, a, -1, b, 1)) /
          (4.0 * h * g->axis[b].h);
  }
  return sum;
}

static void system_times(const problem *p, const double *w, double *out)
{
  for (size_t i = 0; i < p->grid->size; ++i)
    out[i] = w[i] - p->gamma * jacobian_at(p, w, i);
}

static double *new_field(const problem *p)
{
  double *x = NULL;
  ASSERT_OK(p->context, LMX_NEW_ARRAY(p->context, p->grid->size, &x));
  return x;
}

static double *random_field(const problem *p, unsigned seed)
{
  double *x = new_field(p);
  uint64_t state = seed;
  for (size_t i = 0; i < p->grid->size; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    x[i] = (double)(int64_t)state / 9223372036854775808.0;
  }
  return x;
}

static double norm(const problem *p, const double *x)
{
  double sum = 0.0;
  for (size_t i = 0; i < p->grid->size; ++i)
    sum += x[i] * x[i];
  return sqrt(sum);
}

/* x = A^-1 r by LU factorisation of the assembled matrix. */
static void dense_solve(const problem *p, const double *r, double *x)
{
  size_t n = p->grid->size;
  gsl_matrix *A = gsl_matrix_alloc(n, n);
  gsl_permutation *order = gsl_permutation_alloc(n);
  double *e = new_field(p), *column = new_field(p);
  int sign;
  for (size_t j = 0; j < n; ++j) {
    e[j] = 1.0;
    system_times(p, e, column);
    e[j] = 0.0;
    for (size_t i = 0; i < n; ++i)
      gsl_matrix_set(A, i, j, column[i]);
  }
  gsl_vector_const_view rhs = gsl_vector_const_view_array(r, n);
  gsl_vector_view solution = gsl_vector_view_array(x, n);
  assert_int_equal(gsl_linalg_LU_decomp(A, order, &sign), 0);
  assert_int_equal(gsl_linalg_LU_solve(A, order, &rhs.vector, &solution.vector),
                   0);
  lmx_free(e);
  lmx_free(column);
  gsl_matrix_free(A);
  gsl_permutation_free(order);
}

/* Iterates z += P (r - A z) from 0 until the residual has fallen by 1e-10;
 * returns the mean contraction per step and z. */
static double iterate(const problem *p, const double *r, double *z)
{
  size_t n = p->grid->size;
  double *residual = new_field(p), *step = new_field(p);
  double start = norm(p, r), now = start;
  int steps = 0;
  memset(z, 0, n * sizeof *z);
  memcpy(residual, r, n * sizeof *r);
  while (now > 1e-10 * start && steps < 200) {
    lmx_multigrid_apply(p->multigrid, residual, step);
    for (size_t i = 0; i < n; ++i)
      z[i] += step[i];
    system_times(p, z, residual);
    for (size_t i = 0; i < n; ++i)
      residual[i] = r[i] - residual[i];
    now = norm(p, residual);
    ++steps;
  }
  lmx_free(residual);
  lmx_free(step);
  return pow(now / start, 1.0 / steps);
}

#define FULL LMX_AXIS_FULL
#define MIRRORED LMX_AXIS_MIRRORED
#define RADIAL LMX_AXIS_RADIAL
#define LOG LMX_OUTER_EXTRAPOLATE
#define DENSITY LMX_OUTER_ZERO

static const setting settings[] = {
    {2, 2, {FULL, FULL}, {12, 12}, LOG, true, 0.01},
    {2, 2, {FULL, FULL}, {13, 9}, LOG, true, 0.01},
    {2, 2, {FULL, FULL}, {14, 11}, DENSITY, false, 0.02},
    {2, 2, {MIRRORED, MIRRORED}, {9, 12}, LOG, true, 0.01},
    {2, 2, {FULL, FULL}, {20, 19}, LOG, true, 0.1},
    {2, 2, {MIRRORED, FULL}, {7, 15}, LOG, false, 0.02},
    {3, 2, {MIRRORED, RADIAL}, {11, 12}, LOG, true, 0.005},
    {3, 2, {FULL, RADIAL}, {15, 8}, DENSITY, false, 0.01},
    {2, 1, {RADIAL}, {21}, LOG, true, 0.05},
    {3, 1, {RADIAL}, {40}, LOG, true, 0.05},
    {5, 1, {RADIAL}, {16}, DENSITY, false, 0.01},
    {3, 3, {FULL, FULL, FULL}, {7, 6, 8}, LOG, true, 0.005},
    {3, 3, {MIRRORED, FULL, MIRRORED}, {5, 9, 6}, LOG, true, 0.01},
    {3, 3, {FULL, MIRRORED, FULL}, {8, 5, 7}, DENSITY, false, 0.01},
};

static void iteration_converges_to_the_dense_solution(void **state)
{
  (void)state;
  for (size_t s = 0; s < sizeof settings / sizeof settings[0]; ++s) {
    problem p = make(&settings[s]);
    double *r = random_field(&p, 7), *z = new_field(&p), *x = new_field(&p);
    double factor = iterate(&p, r, z);
    dense_solve(&p, r, x);
    print_message("setting %zu: contraction %.3f\n", s, factor);
    ASSERT_AT_MOST(factor, 0.6);
    double scale = norm(&p, x);
    for (size_t i = 0; i < p.grid->size; ++i)
      ASSERT_NEAR(z[i], x[i], 1e-7 * scale);
    lmx_free(r);
    lmx_free(z);
    lmx_free(x);
    release(&p);
  }
}

static void application_is_linear(void **state)
{
  (void)state;
  for (size_t s = 0; s < sizeof settings / sizeof settings[0]; ++s) {
    problem p = make(&settings[s]);
    double *r1 = random_field(&p, 1), *r2 = random_field(&p, 2);
    double *z1 = new_field(&p), *z2 = new_field(&p), *z3 = new_field(&p);
    lmx_multigrid_apply(p.multigrid, r1, z1);
    lmx_multigrid_apply(p.multigrid, r2, z2);
    for (size_t i = 0; i < p.grid->size; ++i)
      r2[i] = 3.0 * r1[i] - 0.7 * r2[i];
    lmx_multigrid_apply(p.multigrid, r2, z3);
    double scale = norm(&p, z3) / sqrt((double)p.grid->size);
    for (size_t i = 0; i < p.grid->size; ++i)
      ASSERT_NEAR(z3[i], 3.0 * z1[i] - 0.7 * z2[i], 2e-5 * scale);
    /* exactly homogeneous for powers of two, however small or large */
    for (size_t i = 0; i < p.grid->size; ++i)
      r2[i] = ldexp(r1[i], -300);
    lmx_multigrid_apply(p.multigrid, r2, z2);
    for (size_t i = 0; i < p.grid->size; ++i)
      ASSERT_NEAR(ldexp(z2[i], 300), z1[i], 0.0);
    memset(r2, 0, p.grid->size * sizeof *r2);
    lmx_multigrid_apply(p.multigrid, r2, z2);
    for (size_t i = 0; i < p.grid->size; ++i)
      ASSERT_NEAR(z2[i], 0.0, 0.0);
    lmx_free(r1);
    lmx_free(r2);
    lmx_free(z1);
    lmx_free(z2);
    lmx_free(z3);
    release(&p);
  }
}

/* At gamma = 0 the system is the identity. */
static void vanishing_gamma_gives_the_identity(void **state)
{
  (void)state;
  setting s = settings[0];
  s.gamma = 1e-14;
  problem p = make(&s);
  double *r = random_field(&p, 3), *z = new_field(&p);
  double factor = iterate(&p, r, z);
  ASSERT_AT_MOST(factor, 0.2);
  for (size_t i = 0; i < p.grid->size; ++i)
    ASSERT_NEAR(z[i], r[i], 1e-9);
  lmx_free(r);
  lmx_free(z);
  release(&p);
}

/* The same gamma on finer and finer grids: the contraction must not
 * approach 1 as that of the relaxations alone does. */
static void convergence_does_not_depend_on_resolution(void **state)
{
  (void)state;
  double worst = 0.0;
  for (size_t n = 16; n <= 128; n *= 2) {
    setting s = {2, 2, {FULL, FULL}, {n, n + 1}, LOG, true, 0.01};
    problem p = make(&s);
    double *r = random_field(&p, 5), *z = new_field(&p);
    double factor = iterate(&p, r, z);
    print_message("%zu^2: contraction %.3f\n", n, factor);
    worst = fmax(worst, factor);
    lmx_free(r);
    lmx_free(z);
    release(&p);
  }
  ASSERT_AT_MOST(worst, 0.8);
}

static void allocation_failures_are_reported(void **state)
{
  (void)state;
  problem p = make(&settings[0]);
  lmx_multigrid *other = NULL;
  long n = 1;
  for (;; ++n) {
    lmx_alloc_fail_after(n);
    lmx_status status =
        lmx_multigrid_create(p.context, &p.model, p.grid, p.outer, &other);
    lmx_alloc_fail_after(0);
    if (status == LMX_OK)
      break;
    assert_int_equal(status, LMX_ERR_MEMORY);
    assert_null(other);
  }
  assert_true(n > 3);
  lmx_multigrid_destroy(&other);
  lmx_multigrid_destroy(&other);
  lmx_multigrid_destroy(NULL);
  release(&p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(iteration_converges_to_the_dense_solution),
      cmocka_unit_test(application_is_linear),
      cmocka_unit_test(vanishing_gamma_gives_the_identity),
      cmocka_unit_test(convergence_does_not_depend_on_resolution),
      cmocka_unit_test(allocation_failures_are_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
