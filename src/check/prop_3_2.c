/* Proposition 3.2: f >= C_2 exp(-C_2'(t) |v|^2 / 2) with C_2'(t) -> 1.
 *
 * It is checked with explicit constants. The Gaussian
 *   Phi = exp(b) (2 pi th)^(-d/2) exp(-|v|^2 / (2 th)),
 *   th' = -2 (d-1) (th - 1) - 2 delta exp(-4dt),  delta = max_a D_aa,
 *   b'  = -delta d exp(-4dt) / th,
 * is a subsolution, since sum_a D_aa v_a^2 <= delta |v|^2 (math.md (32)). If c
 * exp(-|v|^2 / (2 th_0)) lies below the data, then by the comparison principle
 *   f >= c (th_0 / th)^(d/2) exp(b) exp(-|v|^2 / (2 th(t))),
 * which is the proposition with C_2' = 1 / th and C_2 the least prefactor. */
#include "check/bernstein.h"

#include <math.h>

#include <gsl/gsl_integration.h>

/* Nodes of the quadrature of b between two output times. */
enum { QUADRATURE = 64 };
/* Rates that exceed each other by less are equal. */
static const double level = 1e-9;

typedef struct lower_bound {
  double *theta, *prefactor; /* [ntimes] th and the logarithm of the factor */
  double *measured;          /* [ntimes] smallest C_2'(t) for C_2 */
  double theta0, log_c, log_C2;
  bool edge; /* C_2'(0) is attained at the edge of the ball */
  lmx_check_sup sup;
} lower_bound;

static double hottest(const lmx_model *model)
{
  double delta = 0.0;
  for (int a = 0; a < model->d; ++a)
    delta = fmax(delta, model->D[a]);
  return delta;
}

/* The linear equation for th, solved. */
static double theta_at(const lmx_model *model, double theta0, double t)
{
  int d = model->d;
  double slow = exp(-2.0 * (d - 1) * t), fast = exp(-4.0 * d * t);
  return 1.0 + (theta0 - 1.0) * slow -
         hottest(model) * (slow - fast) / (d + 1.0);
}

static lmx_status centre_value(lmx_check_env *env, double *log_f0)
{
  const lmx_check_input *input = env->input;
  double v[LMX_MAX_DIMENSION] = {0};
  LMX_TRY(lmx_interpolate(env->context, input->grid, input->u[0], v, env->jet));
  *log_f0 = env->jet->g;
  return LMX_OK;
}

/* The largest 2 (log c - log f0) / |v|^2, at least 1: f0 lies above
 * c exp(-|v|^2 / (2 th_0)) if 1 / th_0 is that. */
static double largest_rate(const lmx_check_input *input, double log_c,
                           bool *edge)
{
  double r, radius = lmx_check_radius(input, 0), largest = 1.0;
  *edge = false;
  for (size_t i = 0; lmx_check_ball_next(input->grid, radius, &i, &r); ++i) {
    double g = input->u[0][i] + lmx_log_maxwellian(input->grid->d, r * r);
    double rate = 2.0 * (log_c - g) / (r * r);
    if (rate > largest * (1.0 + level)) {
      largest = rate;
      *edge = r > 0.9 * radius;
    }
  }
  return largest;
}

/* A small c makes th_0 large on the ball, but the less so the farther out: if
 * the largest rate of c = min(f0(0), M(0)) is at the edge, c = f0(0) is
 * taken, with which the rate of a Gaussian is the same everywhere. */
static lmx_status read_data(lmx_check_env *env, lower_bound *b)
{
  double log_f0, log_M0 = lmx_log_maxwellian(env->input->grid->d, 0.0);
  LMX_TRY(centre_value(env, &log_f0));
  b->log_c = fmin(log_f0, log_M0);
  double inverse = largest_rate(env->input, b->log_c, &b->edge);
  if (b->edge && log_f0 > log_M0) {
    b->log_c = log_f0;
    inverse = largest_rate(env->input, b->log_c, &b->edge);
  }
  b->theta0 = 1.0 / inverse;
  return LMX_OK;
}

/* th and b at the output times; false if th vanishes. */
static bool evolve(const lmx_check_input *input, lower_bound *b,
                   gsl_integration_glfixed_table *table)
{
  const lmx_model *model = input->model;
  double delta = hottest(model), exponent = 0.0;
  for (size_t k = 0; k < input->ntimes; ++k) {
    double t = input->times[k], before = k > 0 ? input->times[k - 1] : 0.0;
    for (size_t i = 0; k > 0 && i < QUADRATURE; ++i) {
      double s, weight;
      gsl_integration_glfixed_point(before, t, i, &s, &weight, table);
      double theta = theta_at(model, b->theta0, s);
      if (theta <= 0.0)
        return false;
      exponent -= weight * delta * model->d * exp(-4.0 * model->d * s) / theta;
    }
    b->theta[k] = theta_at(model, b->theta0, t);
    if (b->theta[k] <= 0.0)
      return false;
    b->prefactor[k] =
        b->log_c + 0.5 * model->d * log(b->theta0 / b->theta[k]) + exponent;
  }
  return true;
}

static lmx_status begin(lmx_check_env *env, void *state)
{
  lower_bound *b = state;
  const lmx_check_input *input = env->input;
  LMX_TRY(LMX_NEW_ARRAY(env->context, input->ntimes, &b->theta));
  LMX_TRY(LMX_NEW_ARRAY(env->context, input->ntimes, &b->prefactor));
  LMX_TRY(LMX_NEW_ARRAY(env->context, input->ntimes, &b->measured));
  LMX_TRY(read_data(env, b));
  gsl_integration_glfixed_table *table =
      gsl_integration_glfixed_table_alloc(QUADRATURE);
  if (table == NULL)
    return lmx_fail(env->context, LMX_ERR_MEMORY, "out of memory: quadrature");
  /* th_0 <= eta keeps th positive: then th'(0) >= 0 */
  if (!evolve(input, b, table)) {
    b->theta0 = fmin(b->theta0, input->model->eta);
    evolve(input, b, table);
  }
  gsl_integration_glfixed_table_free(table);
  b->log_C2 = INFINITY;
  for (size_t k = 0; k < input->ntimes; ++k) {
    b->log_C2 = fmin(b->log_C2, b->prefactor[k]);
    b->measured[k] = -INFINITY;
  }
  return LMX_OK;
}

static void release(void *state)
{
  lower_bound *b = state;
  lmx_free(b->theta);
  lmx_free(b->prefactor);
  lmx_free(b->measured);
}

static void at_point(const lmx_check_env *env, const lmx_check_point *point,
                     void *state)
{
  lower_bound *b = state;
  double r2 = point->r * point->r, g = point->jet->g;
  double lower = b->prefactor[env->k] - 0.5 * r2 / b->theta[env->k];
  lmx_check_sup_take(env, point, lower - g, lower - g, env->accuracy, &b->sup);
  double rate = 2.0 * (b->log_C2 - g) / r2;
  b->measured[env->k] = fmax(b->measured[env->k], rate);
  lmx_check_smallest_take(env, LMX_SMALLEST_LOWER, rate);
}

static lmx_status lower_table(lmx_check_env *env, const lower_bound *b)
{
  lmx_table *table;
  LMX_TRY(lmx_check_table(env, "gaussian_lower",
                          "C_2'(t) of Proposition 3.2: the smallest on the "
                          "ball and the explicit one",
                          "t,smallest C_2'(t),explicit C_2'(t)", &table));
  for (size_t k = 0; k < env->input->ntimes; ++k) {
    const double row[3] = {env->input->times[k], b->measured[k],
                           1.0 / b->theta[k]};
    if (isfinite(row[1]))
      LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}

static lmx_status finish(lmx_check_env *env, void *state,
                         lmx_check_result *result)
{
  const lower_bound *b = state;
  size_t last = env->input->ntimes - 1;
  LMX_TRY(lower_table(env, b));
  if (!lmx_hypotheses_needed(env, LMX_HYPOTHESIS_GRADIENT, result)) {
    lmx_check_no_claim(result);
    lmx_check_note_ball(env, result);
    return LMX_OK;
  }
  if (!lmx_check_sup_result(env, &b->sup, 0.0, result))
    return LMX_OK;
  lmx_check_note(result,
                 "Value: largest log of the explicit lower bound over f, "
                 "C_2 = %.4g, C_2'(t) from %.5g at t = 0 to %.5g at t = %.4g; "
                 "for this C_2 the smallest C_2'(t) on the ball go from %.5g "
                 "to %.5g. Exceeded at %zu nodes. ",
                 exp(b->log_C2), 1.0 / b->theta[0], 1.0 / b->theta[last],
                 env->input->times[last], b->measured[0], b->measured[last],
                 b->sup.violations);
  if (b->edge)
    lmx_check_note(result, "C_2'(0) is attained at the edge of the ball and "
                           "may be larger beyond. ");
  lmx_check_note_ball(env, result);
  return LMX_OK;
}

const lmx_check_class lmx_check_prop_3_2 = {
    .id = "prop-3.2",
    .statement = "f >= C_2 exp(-C_2'(t) |v|^2 / 2), C_2'(t) -> 1 "
                 "(Proposition 3.2)",
    .uses = LMX_CHECK_USES_JETS,
    .derivatives = 2,
    .state_size = sizeof(lower_bound),
    .begin = begin,
    .point = at_point,
    .finish = finish,
    .release = release,
};
