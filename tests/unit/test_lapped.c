/* The lapped preconditioner P against the operator A = I - gamma J that the
 * solver multiplies by. */
#include "support.h"

#include <stdint.h>
#include <string.h>

#include "solve/lapped.h"
#include "solve/log_form.h"

typedef struct setting {
  int d, naxes;
  lmx_axis_kind first, last;
  size_t points;
  double gamma;
} setting;

typedef struct problem {
  lmx_context *context;
  lmx_model model;
  lmx_grid *grid;
  lmx_log_form *form;
  lmx_lapped *lapped;
  double gamma;
} problem;

static double *new_field(const problem *p)
{
  double *x = NULL;
  ASSERT_OK(p->context, LMX_NEW_ARRAY(p->context, p->grid->size, &x));
  return x;
}

/* Linearised at a state with gradients, so that there is a drift. */
static void make(const setting *s, problem *p)
{
  *p = (problem){.gamma = s->gamma};
  double D[LMX_MAX_DIMENSION] = {0.0};
  for (int a = 0; a < s->d && s->naxes > 1; ++a)
    D[a] = a == 0 ? 0.3 : -0.3 / (s->d - 1);
  assert_int_equal(lmx_context_create(&p->context), LMX_OK);
  ASSERT_OK(p->context, lmx_model_init(p->context, s->d, D, &p->model));
  lmx_axis_spec axes[LMX_MAX_AXES];
  for (int a = 0; a < s->naxes; ++a)
    axes[a] =
        (lmx_axis_spec){a == s->naxes - 1 ? s->last : s->first, s->points, 9.0};
  ASSERT_OK(p->context,
            lmx_grid_create(p->context, s->d, s->naxes, axes, 12, &p->grid));
  ASSERT_OK(p->context,
            lmx_log_form_create(p->context, &p->model, p->grid, &p->form));
  ASSERT_OK(p->context,
            lmx_lapped_create(p->context, &p->model, p->grid, &p->lapped));
  const lmx_unknowns *unknowns = lmx_log_form_unknowns(p->form);
  double *u = new_field(p);
  for (size_t i = 0; i < unknowns->size; ++i) {
    double v[LMX_MAX_DIMENSION];
    lmx_grid_point(p->grid, unknowns->node[i], v);
    for (int a = 0; a < s->naxes; ++a)
      u[i] -= 0.1 * (a + 1) * v[a] * v[a];
  }
  lmx_log_form_linearise(p->form, 0.05, u);
  lmx_free(u);
  lmx_lapped_setup(p->lapped, 0.05, p->gamma, lmx_log_form_b(p->form), 0.0);
}

static void release(problem *p)
{
  lmx_lapped_destroy(&p->lapped);
  assert_null(p->lapped);
  lmx_log_form_destroy(&p->form);
  lmx_grid_destroy(&p->grid);
  lmx_context_destroy(&p->context);
}

static double *random_field(const problem *p, uint64_t state)
{
  double *x = new_field(p);
  for (size_t i = 0; i < p->grid->size; ++i) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    x[i] = (double)(int64_t)state / 9223372036854775808.0;
  }
  return x;
}

/* |P A w - w| / |w| on a box, A by the products of the log form. */
static double defect(const problem *p, const double *w)
{
  double *r = new_field(p), *z = new_field(p), e = 0.0, norm = 0.0;
  lmx_log_form_product(p->form, w, r);
  for (size_t i = 0; i < p->grid->size; ++i)
    r[i] = w[i] - p->gamma * r[i];
  lmx_lapped_apply(p->lapped, r, z);
  for (size_t i = 0; i < p->grid->size; ++i) {
    e += (z[i] - w[i]) * (z[i] - w[i]);
    norm += w[i] * w[i];
  }
  lmx_free(r);
  lmx_free(z);
  return sqrt(e / norm);
}

#define FULL LMX_AXIS_FULL
#define MIRRORED LMX_AXIS_MIRRORED
#define RADIAL LMX_AXIS_RADIAL

/* One window on boxes so small holds the whole operator: P is the inverse,
 * extrapolated ghosts, reflections, drift and radial terms included. Beyond a
 * ball P goes on as on a box: with full axes it is no inverse (below). */
static void one_window_inverts_exactly(void **state)
{
  (void)state;
  static const setting settings[] = {{3, 1, RADIAL, RADIAL, 17, 0.1},
                                     {2, 2, MIRRORED, MIRRORED, 16, 0.02},
                                     {3, 2, MIRRORED, RADIAL, 16, 0.01}};
  for (size_t s = 0; s < sizeof settings / sizeof settings[0]; ++s) {
    problem p;
    make(&settings[s], &p);
    double *w = random_field(&p, 7);
    double e = defect(&p, w);
    print_message("setting %zu: %.3g\n", s, e);
    ASSERT_AT_MOST(e, 1e-8);
    lmx_free(w);
    release(&p);
  }
}

static const setting many[] = {
    {3, 1, RADIAL, RADIAL, 90, 0.01},   {2, 2, MIRRORED, MIRRORED, 40, 1e-3},
    {2, 2, FULL, MIRRORED, 61, 1e-3},   {2, 2, FULL, FULL, 80, 1e-3},
    {3, 2, MIRRORED, RADIAL, 41, 1e-3}, {3, 3, MIRRORED, MIRRORED, 14, 1e-3},
    {3, 3, FULL, FULL, 21, 1e-3},
};
enum { MANY = sizeof many / sizeof many[0] };

/* Squares of the weights add up to one at every node. */
static void vanishing_gamma_gives_the_identity(void **state)
{
  (void)state;
  for (size_t s = 0; s < MANY; ++s) {
    setting small = many[s];
    small.gamma = 1e-15;
    problem p;
    make(&small, &p);
    double *r = random_field(&p, 3), *z = new_field(&p);
    lmx_lapped_apply(p.lapped, r, z);
    for (size_t i = 0; i < p.grid->size; ++i)
      ASSERT_NEAR(z[i], r[i], 1e-13);
    lmx_free(r);
    lmx_free(z);
    release(&p);
  }
}

static void application_is_linear(void **state)
{
  (void)state;
  for (size_t s = 0; s < MANY; ++s) {
    problem p;
    make(&many[s], &p);
    double *r1 = random_field(&p, 1), *r2 = random_field(&p, 2), top = 0.0;
    double *z1 = new_field(&p), *z2 = new_field(&p), *z3 = new_field(&p);
    lmx_lapped_apply(p.lapped, r1, z1);
    lmx_lapped_apply(p.lapped, r2, z2);
    for (size_t i = 0; i < p.grid->size; ++i) {
      r2[i] = 3.0 * r1[i] - 0.7 * r2[i];
      top = fmax(top, fabs(z1[i]) + fabs(z2[i]));
    }
    lmx_lapped_apply(p.lapped, r2, z3);
    for (size_t i = 0; i < p.grid->size; ++i)
      ASSERT_NEAR(z3[i], 3.0 * z1[i] - 0.7 * z2[i], 1e-12 * top);
    lmx_free(r1);
    lmx_free(r2);
    lmx_free(z1);
    lmx_free(z2);
    lmx_free(z3);
    release(&p);
  }
}

/* A wave of kh = k across the box under a Gaussian about 5 e, all axes. */
static double *packet(const problem *p, double k)
{
  double *w = new_field(p), h = p->grid->axis[0].h;
  for (size_t i = 0; i < p->grid->size; ++i) {
    double v[LMX_MAX_DIMENSION], r2 = 0.0;
    lmx_grid_point(p->grid, i, v);
    w[i] = 1.0;
    for (int a = 0; a < p->grid->naxes; ++a) {
      r2 += (fabs(v[a]) - 5.0) * (fabs(v[a]) - 5.0);
      w[i] *= cos(k / h * v[a]);
    }
    w[i] *= exp(-0.5 * r2);
  }
  return w;
}

/* Waves of every length, on finer and finer grids. Freezing turns the
 * direction by at most l / (2 |v|), l the side of a window: the symbol is off
 * by a bounded fraction, whatever h. Measured: at most 0.22. */
static void defect_does_not_grow_under_refinement(void **state)
{
  (void)state;
  for (size_t n = 40; n <= 160; n *= 2) {
    setting s = {2, 2, MIRRORED, MIRRORED, n, 1e-3};
    problem p;
    make(&s, &p);
    for (int i = 0; i < 6; ++i) {
      double *w = packet(&p, 0.5 * i), e = defect(&p, w);
      print_message("%zu^2, kh = %.1f: %.3f\n", n, 0.5 * i, e);
      ASSERT_AT_MOST(e, 0.25);
      lmx_free(w);
    }
    release(&p);
  }
}

static void allocation_failures_are_reported(void **state)
{
  (void)state;
  problem p;
  make(&many[1], &p);
  lmx_lapped *other = NULL;
  long n = 1;
  for (;; ++n) {
    lmx_alloc_fail_after(n);
    lmx_status status = lmx_lapped_create(p.context, &p.model, p.grid, &other);
    lmx_alloc_fail_after(0);
    if (status == LMX_OK)
      break;
    assert_int_equal(status, LMX_ERR_MEMORY);
    assert_null(other);
  }
  assert_true(n > 3);
  lmx_lapped_destroy(&other);
  lmx_lapped_destroy(&other);
  lmx_lapped_destroy(NULL);
  release(&p);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(one_window_inverts_exactly),
      cmocka_unit_test(vanishing_gamma_gives_the_identity),
      cmocka_unit_test(application_is_linear),
      cmocka_unit_test(defect_does_not_grow_under_refinement),
      cmocka_unit_test(allocation_failures_are_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
