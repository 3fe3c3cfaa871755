/* What the error bar measures along its path: the defect inside the steps, and
 * the residual of the differences from those of three orders. */
#include "solutions.h"

#include "check/error_bar.h"

enum { STEPS = 9, INSIDE = 16 };

/* As the solver's first steps grow, and one much shorter among them. */
static const double times[STEPS + 1] = {0.0,    1e-6,   4e-5,   4e-4, 8e-4,
                                        1.2e-3, 2.1e-3, 2.2e-3, 4e-3, 7e-3};

static void open_sample(sample *s, const double *D)
{
  const double ends[2] = {0.0, times[STEPS]};
  const lmx_axis_spec axes[2] = {{LMX_AXIS_MIRRORED, 30, 7.0},
                                 {LMX_AXIS_MIRRORED, 30, 7.0}};
  sample_open(s, 2, D, 2, axes, 2, ends, 4.0);
}

/* No solution of the equation, and rough enough in time that its polynomials
 * miss it. */
static void fill(const sample *s, double t, double *u)
{
  for (size_t i = 0; i < s->grid->size; ++i) {
    double v[2];
    lmx_grid_point(s->grid, i, v);
    u[i] = 0.02 * exp(-700.0 * t) * cos(0.4 * v[0]) * exp(-0.05 * v[1] * v[1]) +
           0.01 * sin(900.0 * t) / (1.0 + 0.1 * square_norm(2, v));
  }
}

/* Largest |P' - N(P)| - defect and |P' - N(P)| at nodes of the ball at many
 * times inside the last step. */
static void look_inside(const sample *s, lmx_bar_path *path, double *excess,
                        double *largest)
{
  double t1 = path->time[1], h = path->time[0] - t1, r;
  size_t n = s->grid->size;
  lmx_check_rate *rates;
  double *early, *rate;
  ASSERT_OK(s->context, lmx_check_rate_create(s->context, &s->input, &rates));
  ASSERT_OK(s->context, LMX_NEW_ARRAY(s->context, n, &early));
  ASSERT_OK(s->context, LMX_NEW_ARRAY(s->context, n, &rate));
  *excess = -INFINITY;
  *largest = 0.0;
  for (int k = 0; k < INSIDE; ++k) {
    double t = t1 + h * (k + 0.5) / INSIDE, dt = 0.02 * h;
    lmx_bar_path_state(path, t);
    lmx_check_rate_compute(rates, t, path->state, rate);
    /* of degree 5: Richardson's difference is exact */
    double weight[2] = {8.0 / 12.0, -1.0 / 12.0};
    memset(early, 0, n * sizeof *early);
    for (int far = 0; far < 2; ++far)
      for (int side = -1; side <= 1; side += 2) {
        lmx_bar_path_state(path, t + side * (far + 1) * dt);
        for (size_t i = 0; i < n; ++i)
          early[i] += side * weight[far] * path->state[i] / dt;
      }
    for (size_t i = 0; lmx_check_ball_next(s->grid, 4.0, &i, &r); ++i) {
      double defect = fabs(early[i] - rate[i]);
      *excess = fmax(*excess, defect - path->defect[i]);
      *largest = fmax(*largest, defect);
    }
  }
  lmx_free(early);
  lmx_free(rate);
  lmx_check_rate_destroy(&rates);
}

/* The defect is a bound everywhere in a step, and not a loose one. */
static void the_defect_is_that_inside_the_steps(void **state)
{
  (void)state;
  const double D[2] = {0.3, -0.3};
  sample s;
  lmx_bar_path path = {0};
  double *u;
  size_t fewest = LMX_BAR_PATH_STATES;
  open_sample(&s, D);
  ASSERT_OK(s.context, LMX_NEW_ARRAY(s.context, s.grid->size, &u));
  fill(&s, 0.0, s.u[0]);
  ASSERT_OK(s.context, lmx_bar_path_begin(s.context, &s.input, &path));
  for (int k = 1; k <= STEPS; ++k) {
    double excess, largest, bound = 0.0, r;
    fill(&s, times[k], u);
    lmx_bar_path_step(&path, times[k], u);
    look_inside(&s, &path, &excess, &largest);
    /* (7) is quadratic, so the rates at the states are not quite enough */
    ASSERT_AT_MOST(excess, 1e-3 * largest);
    for (size_t i = 0; lmx_check_ball_next(s.grid, 4.0, &i, &r); ++i)
      bound = fmax(bound, path.defect[i]);
    ASSERT_AT_MOST(bound, 2.0 * largest);
    if (k >= 4 && path.nused < fewest)
      fewest = path.nused;
  }
  /* states close together make a polynomial swing out in a long step */
  assert_true(fewest < LMX_BAR_PATH_STATES - 1);
  lmx_bar_path_release(&path);
  lmx_free(u);
  sample_close(&s);
}

/* With D = 0 u = y(t) (v_1^2 - v_2^2) has d_t u = lambda u but for y^2, lambda
 * = -6: abar : Hess u = -2 u, and -2 v . grad u = -4 u. The parabola a + b s +
 * c s^2 over a step h with b = mu a, c = mu^2 a / (2 - mu), mu = lambda h,
 * misses y' = lambda y by nothing at either end, and by mu c s (1 - s) / h
 * between. */
static void what_the_ends_do_not_show_is_seen(void **state)
{
  (void)state;
  static const double h = 0.1, a = 1e-8, D[2] = {0.0, 0.0};
  const double mu = -6.0 * h, b = mu * a, c = mu * mu * a / (2.0 - mu);
  const double y[3] = {a - b + c, a, a + b + c};
  double excess, largest, r, *u;
  sample s;
  lmx_bar_path path = {0};
  open_sample(&s, D);
  ASSERT_OK(s.context, LMX_NEW_ARRAY(s.context, s.grid->size, &u));
  for (int k = 0; k < 3; ++k) {
    for (size_t i = 0; i < s.grid->size; ++i) {
      double v[2];
      lmx_grid_point(s.grid, i, v);
      u[i] = y[k] * (v[0] * v[0] - v[1] * v[1]);
    }
    if (k > 0) {
      lmx_bar_path_step(&path, k * h, u);
      continue;
    }
    memcpy(s.u[0], u, s.grid->size * sizeof *u);
    ASSERT_OK(s.context, lmx_bar_path_begin(s.context, &s.input, &path));
  }
  assert_int_equal(path.nused, 3);
  look_inside(&s, &path, &excess, &largest);
  ASSERT_AT_MOST(excess, 0.0);
  for (size_t i = 0; lmx_check_ball_next(s.grid, 4.0, &i, &r); ++i) {
    double v[2];
    lmx_grid_point(s.grid, i, v);
    double top = fabs(0.25 * mu * c / h * (v[0] * v[0] - v[1] * v[1]));
    /* Bernstein's coefficient of s (1 - s) is twice its top */
    ASSERT_NEAR(path.defect[i], 2.0 * top, 1e-3 * top + 1e-13);
  }
  lmx_bar_path_release(&path);
  lmx_free(u);
  sample_close(&s);
}

typedef struct wave {
  double number;   /* times the spacing */
  bool resolved;   /* by differences of orders 8, 10 and 12 */
  double tightest; /* bound over what is missed, at most */
} wave;

static const double epsilon = 1e-9;

/* d_t u of u = epsilon cos(k v_1) but for epsilon^2, D = 0, d = 2:
 * abar_11 u_11 - 2 v_1 u_1. */
static double wave_rate(double k, const double *v)
{
  return epsilon * (-(1.0 + v[1] * v[1]) * k * k * cos(k * v[0]) +
                    2.0 * v[0] * k * sin(k * v[0]));
}

/* The largest terms in the ball, and, with the rest that they make, the
 * largest bound of what is missed and the largest that is. */
static void look_at_wave(sample *s, double k, double *ratio, bool *resolved,
                         double *bound, double *missed)
{
  lmx_bar_residual residual = {0};
  lmx_check_rate *rates;
  lmx_bar_terms x;
  double first = 0.0, second = 0.0, rest = 0.0, c[2], r, *rate;
  ASSERT_OK(s->context, lmx_check_rate_create(s->context, &s->input, &rates));
  ASSERT_OK(s->context, LMX_NEW_ARRAY(s->context, s->grid->size, &rate));
  lmx_check_rate_compute(rates, 0.0, s->u[0], rate);
  ASSERT_OK(s->context,
            lmx_bar_residual_create(s->context, s->grid, &residual));
  lmx_bar_residual_set(&residual, s->u[0]);
  lmx_pointwise_c(&s->model, 0.0, c);
  *bound = *missed = 0.0;
  for (int pass = 0; pass < 2; ++pass) {
    for (size_t i = 0; lmx_check_ball_next(s->grid, 4.0, &i, &r); ++i) {
      const lmx_jet *jet = lmx_bar_residual_jet(&residual, i);
      lmx_bar_residual_at(&residual, c, rate[i], &x);
      first = fmax(first, x.first);
      second = fmax(second, x.second);
      *bound = fmax(*bound, x.known + rest * x.second);
      *missed = fmax(*missed, fabs(rate[i] - wave_rate(k, jet->v)));
    }
    lmx_bar_residual_rest(&residual, 1, &first, &second, &rest, resolved);
  }
  *ratio = second / first;
  lmx_check_rate_destroy(&rates);
  lmx_bar_residual_release(&residual);
  lmx_free(rate);
}

/* What the differences miss is below what they say of it, as long as they
 * converge; and it is known when they do not. */
static void what_differences_miss_is_bounded(void **state)
{
  (void)state;
  static const wave waves[3] = {
      {1.0, true, 1.2}, {1.5, true, 1.5}, {2.3, false, 0.0}};
  const double D[2] = {0.0, 0.0};
  double ratio[3];
  for (int n = 0; n < 3; ++n) {
    sample s;
    bool resolved;
    double bound, missed, v[2];
    open_sample(&s, D);
    double k = waves[n].number / s.grid->axis[0].h;
    for (size_t i = 0; i < s.grid->size; ++i) {
      lmx_grid_point(s.grid, i, v);
      s.u[0][i] = epsilon * cos(k * v[0]);
    }
    look_at_wave(&s, k, &ratio[n], &resolved, &bound, &missed);
    assert_int_equal(resolved, waves[n].resolved);
    if (resolved) {
      ASSERT_AT_LEAST(bound, missed);
      ASSERT_AT_MOST(bound, waves[n].tightest * missed);
    }
    if (n > 0)
      assert_true(ratio[n] > ratio[n - 1]);
    sample_close(&s);
  }
}

/* Grids with too few points for three orders know nothing. */
static void few_points_resolve_nothing(void **state)
{
  (void)state;
  const double first = 1.0, second = 1e-3;
  lmx_context *context;
  assert_int_equal(lmx_context_create(&context), LMX_OK);
  for (size_t points = 6; points <= 7; ++points) {
    const lmx_axis_spec axis = {LMX_AXIS_RADIAL, points, 6.0};
    lmx_bar_residual residual = {0};
    lmx_grid *grid;
    bool resolved;
    double rest;
    ASSERT_OK(context, lmx_grid_create(context, 3, 1, &axis, 4, &grid));
    ASSERT_OK(context, lmx_bar_residual_create(context, grid, &residual));
    lmx_bar_residual_rest(&residual, 1, &first, &second, &rest, &resolved);
    assert_int_equal(resolved, points == 7);
    lmx_bar_residual_release(&residual);
    lmx_grid_destroy(&grid);
  }
  lmx_context_destroy(&context);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(the_defect_is_that_inside_the_steps),
      cmocka_unit_test(what_the_ends_do_not_show_is_seen),
      cmocka_unit_test(what_differences_miss_is_bounded),
      cmocka_unit_test(few_points_resolve_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
