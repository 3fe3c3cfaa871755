/* The right-hand side of the log form against the time derivative of exact
 * solutions, and its Jacobian products against differences of it, on every
 * kind of axis. */
#include "context.h"

#include <string.h>

#include "solve/log_form.h"
#include "trial.h"

/* Axes and data that fit them. */
typedef struct arrangement {
  int d;
  const char *kinds; /* one letter per axis: full, mirrored, radial */
  double s1;         /* Gaussian N(0, diag(s1, s2 .. s2)) */
  size_t points;     /* per half axis */
  double bound;      /* of the error of the right-hand side over |v| <= 4 */
} arrangement;

/* Fine enough on full axes that differences at |v| <= 4 do not reach beyond
 * the ball: 4 + 6 sqrt(2) h <= 8. */
static const arrangement arrangements[] = {
    {2, "ff", 1.3, 40, 1e-7},  {2, "mm", 1.3, 40, 1e-7},
    {2, "fm", 1.3, 40, 1e-7},  {3, "mr", 1.4, 40, 2e-9},
    {5, "fr", 0.6, 40, 1e-8},  {3, "fff", 1.2, 18, 3e-8},
    {3, "mmm", 1.2, 16, 3e-8}, {4, "mfr", 1.2, 18, 2e-9},
};

static lmx_axis_kind kind_of(char letter)
{
  return letter == 'f'   ? LMX_AXIS_FULL
         : letter == 'm' ? LMX_AXIS_MIRRORED
                         : LMX_AXIS_RADIAL;
}

static trial_setup setup_of(const arrangement *a)
{
  trial_setup setup = {.naxes = (int)strlen(a->kinds),
                       .points = a->points,
                       .half_width = 8.0,
                       .order = 12};
  for (int i = 0; i < setup.naxes; ++i)
    setup.kind[i] = kind_of(a->kinds[i]);
  return setup;
}

static double new_number(uint64_t *state)
{
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return ldexp((double)(*state >> 11), -52) - 1.0;
}

/* The right-hand side is a quadratic polynomial of u: its central difference
 * is the derivative, without truncation error, for steps of any size. */
static void check_product(lmx_context *context, const arrangement *a)
{
  trial t;
  trial_state s;
  lmx_log_form *form;
  double *u, *up, *down, *w, *jw, *rhs_up, *rhs_down, worst = 0.0, size = 0.0;
  trial_setup setup = setup_of(a);
  ASSERT_OK(context, trial_open_axisymmetric(context, a->d, a->s1, &t));
  ASSERT_OK(context, trial_sample(context, &t, &setup, &s));
  ASSERT_OK(context, lmx_log_form_create(context, lmx_initial_model(t.initial),
                                         s.grid, &form));
  const lmx_unknowns *unknowns = lmx_log_form_unknowns(form);
  size_t n = unknowns->size;
  double **fields[] = {&u, &up, &down, &w, &jw, &rhs_up, &rhs_down};
  for (size_t i = 0; i < 7; ++i)
    ASSERT_OK(context, LMX_NEW_ARRAY(context, n, fields[i]));
  lmx_unknowns_gather(unknowns, s.u, u);
  uint64_t random = 7;
  for (size_t i = 0; i < n; ++i) {
    w[i] = new_number(&random);
    up[i] = u[i] + w[i];
    down[i] = u[i] - w[i];
  }
  lmx_log_form_rhs(form, 0.07, up, rhs_up);
  lmx_log_form_rhs(form, 0.07, down, rhs_down);
  lmx_log_form_linearise(form, 0.07, u);
  lmx_log_form_product(form, w, jw);
  for (size_t i = 0; i < n; ++i) {
    worst = fmax(worst, fabs(0.5 * (rhs_up[i] - rhs_down[i]) - jw[i]));
    size = fmax(size, fabs(rhs_up[i]));
  }
  print_message("%s, d = %d: %.1e of %.1e\n", a->kinds, a->d, worst, size);
  ASSERT_AT_MOST(worst, 1e-13 * size);
  ASSERT_AT_LEAST(size, 1.0);
  for (size_t i = 0; i < 7; ++i)
    lmx_free(*fields[i]);
  lmx_log_form_destroy(&form);
  trial_state_clear(&s);
  trial_clear(&t);
}

static void products_are_derivatives(void **state)
{
  for (size_t i = 0; i < sizeof arrangements / sizeof arrangements[0]; ++i)
    check_product(*state, &arrangements[i]);
}

/* u = log(f/M) of the exact solution. */
static double exact_u(lmx_context *context, const lmx_exact *exact, double t,
                      lmx_jet *jet)
{
  double r2 = 0.0;
  ASSERT_OK(context, lmx_exact_eval(context, exact, t, jet, NULL));
  for (int a = 0; a < jet->d; ++a)
    r2 += jet->v[a] * jet->v[a];
  return jet->g - lmx_log_maxwellian(jet->d, r2);
}

static void sample_exact(lmx_context *context, const trial *t,
                         const lmx_grid *grid, double time, double *u)
{
  lmx_jet *jet;
  ASSERT_OK(context, lmx_jet_create(context, grid->d, &jet));
  for (size_t i = 0; i < grid->size; ++i) {
    lmx_grid_point(grid, i, jet->v);
    u[i] = exact_u(context, t->exact, time, jet);
  }
  lmx_jet_destroy(&jet);
}

static bool inside(const lmx_grid *grid, size_t i, double *v)
{
  double r2 = 0.0;
  lmx_grid_point(grid, i, v);
  for (int a = 0; a < grid->d; ++a)
    r2 += v[a] * v[a];
  return r2 <= 16.0;
}

/* rate = d_t u for |v| <= 4, by central differences of order 6 in time. */
static void exact_rate(lmx_context *context, const trial *t,
                       const lmx_grid *grid, double time, double *rate)
{
  const double dt = 2e-3;
  double c[3];
  lmx_jet *jet;
  lmx_stencil_first(6, c);
  ASSERT_OK(context, lmx_jet_create(context, grid->d, &jet));
  for (size_t i = 0; i < grid->size; ++i)
    rate[i] = 0.0;
  for (int k = -3; k <= 3; ++k) /* one time after the other: cheaper */
    for (size_t i = 0; k != 0 && i < grid->size; ++i)
      if (inside(grid, i, jet->v))
        rate[i] += (k > 0 ? c[k - 1] : -c[-k - 1]) / dt *
                   exact_u(context, t->exact, time + k * dt, jet);
  lmx_jet_destroy(&jet);
}

static void check_rate(lmx_context *context, const arrangement *a)
{
  const double time = 0.1;
  trial t;
  trial_state s;
  lmx_log_form *form;
  double *rate, *u, *rhs, v[LMX_MAX_DIMENSION], worst = 0.0;
  trial_setup setup = setup_of(a);
  ASSERT_OK(context, trial_open_axisymmetric(context, a->d, a->s1, &t));
  ASSERT_OK(context, trial_sample(context, &t, &setup, &s));
  ASSERT_OK(context, lmx_log_form_create(context, lmx_initial_model(t.initial),
                                         s.grid, &form));
  ASSERT_OK(context, LMX_NEW_ARRAY(context, s.grid->size, &rate));
  const lmx_unknowns *unknowns = lmx_log_form_unknowns(form);
  ASSERT_OK(context, LMX_NEW_ARRAY(context, unknowns->size, &u));
  ASSERT_OK(context, LMX_NEW_ARRAY(context, unknowns->size, &rhs));
  exact_rate(context, &t, s.grid, time, rate);
  sample_exact(context, &t, s.grid, time, s.u);
  lmx_unknowns_gather(unknowns, s.u, u);
  lmx_log_form_rhs(form, time, u, rhs);
  for (size_t i = 0; i < unknowns->size; ++i) {
    size_t node = unknowns->node[i];
    if (inside(s.grid, node, v))
      worst = fmax(worst, fabs(rhs[i] - rate[node]));
  }
  print_message("%s, d = %d: %.1e\n", a->kinds, a->d, worst);
  ASSERT_AT_MOST(worst, a->bound);
  lmx_free(rate);
  lmx_free(rhs);
  lmx_free(u);
  lmx_log_form_destroy(&form);
  trial_state_clear(&s);
  trial_clear(&t);
}

static void exact_solutions_solve_it(void **state)
{
  for (size_t i = 0; i < sizeof arrangements / sizeof arrangements[0]; ++i)
    check_rate(*state, &arrangements[i]);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(products_are_derivatives),
      cmocka_unit_test(exact_solutions_solve_it),
  };
  return RUN_WITH_CONTEXT(tests);
}
