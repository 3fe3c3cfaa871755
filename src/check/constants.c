/* Constants of the Bernstein functions, from the data
 * (docs/math.md, sections 3.2 and 3.7):
 *   C >= K1 / eta, eta being that of (3.5) for the printed constants and
 *        (d-1) eta <= min_a,t c_a(t), which serves as well, for the sharp ones,
 *        and C >= limsup |q0|^2 / (-log f0),
 *   C' = max(0, sup (|q0|^2 + C log f0)),
 *   A >= max(2, 2 + 2 sup (log f - kappa t)); sup f exp(-kappa t) does not
 *        grow by the maximum principle, so the data decides,
 *   for the Hessian C > (eta / K2) limsup |K0|^2 / (log f0)^2 as well,
 *   C'' = sup of the bracket of F-hess at t = 0.
 * Over R^d where the structure of the data is known (initial/tails.h), else on
 * the checked ball, between the nodes too, by interpolation. */
#include "check/bernstein.h"

#include <math.h>
#include <string.h>

/* The limits superior are estimated as maxima over |v| > this part of R ... */
static const double outer_part = 0.85;
/* ... and where they exceed what the lemmas ask for, C keeps this distance. */
static const double safety = 1.05;
/* Estimates that agree with the lemmas' constant to this are equal to it:
 * for Gaussian data 2 (d-1) / eta is the limit itself. */
static const double equal = 1e-6;
/* For others than Gaussians it stays at this part of C. */
static const double near_limit = 0.97;
/* Width of the enclosure of C''. */
static const double enclosure = 1e-4;
/* A supremum found beyond this part of R is called one at the edge. */
static const double edge_part = 0.9;

/* The data at the nodes of the ball. */
typedef struct data_node {
  size_t node;
  double r, g, q2, K2;
} data_node;

typedef struct data_ball {
  const lmx_check_env *env;
  lmx_jet *jet;
  size_t n;
  data_node *node;
  double radius;
  lmx_check_constants *constants;
  const lmx_bernstein *set; /* the set being chosen */
} data_ball;

/* A function of the data at one point. */
typedef double data_fn(const data_ball *ball, const data_node *p);

static double log_density(const data_ball *ball, const data_node *p)
{
  (void)ball;
  return p->g;
}

static double gradient_bracket(const data_ball *ball, const data_node *p)
{
  return p->q2 + ball->set->C * p->g;
}

static double hessian_gradient_bracket(const data_ball *ball,
                                       const data_node *p)
{
  return p->q2 + ball->set->H * p->g;
}

static double hessian_bracket(const data_ball *ball, const data_node *p)
{
  const lmx_bernstein *b = ball->set;
  double linear = b->A + b->K1 / (b->H * b->eta) + 2.0 * b->H1 / b->H;
  return b->eta / (b->K2 * b->H) * p->K2 - p->g * p->g + linear * p->g +
         p->q2 / b->H;
}

static lmx_status read_data(const lmx_jets *jets, data_ball *ball)
{
  const lmx_grid *grid = ball->env->input->grid;
  size_t n = lmx_check_ball_count(grid, ball->radius);
  LMX_TRY(LMX_NEW_ARRAY(ball->env->context, n, &ball->node));
  double r;
  for (size_t i = 0; lmx_check_ball_next(grid, ball->radius, &i, &r); ++i) {
    lmx_check_point point;
    lmx_jets_get(jets, i, ball->jet);
    if (lmx_check_point_fill(ball->jet, &point))
      ball->node[ball->n++] = (data_node){
          .node = i, .r = r, .g = ball->jet->g, .q2 = point.q2, .K2 = point.K2};
  }
  return LMX_OK;
}

/* A function of the data by interpolation. */
typedef struct anywhere {
  const data_ball *ball;
  data_fn *function;
} anywhere;

static double value_at(const lmx_check_point *point, const void *user)
{
  const anywhere *a = user;
  data_node p = {.g = point->jet->g, .q2 = point->q2, .K2 = point->K2};
  return a->function(a->ball, &p);
}

/* Supremum over the ball: the best node, then a search around it. *r is where
 * it was found. -INFINITY when the ball is empty. */
static double supremum(const data_ball *ball, data_fn *function, double *r)
{
  const data_node *best = NULL;
  double sup = -INFINITY;
  for (size_t i = 0; i < ball->n; ++i) {
    double value = function(ball, &ball->node[i]);
    if (value > sup) {
      sup = value;
      best = &ball->node[i];
    }
  }
  if (best == NULL)
    return sup;
  double v[LMX_MAX_DIMENSION] = {0};
  lmx_grid_point(ball->env->input->grid, best->node, v);
  const anywhere function_at = {ball, function};
  sup = lmx_check_between(ball->env, 0, value_at, &function_at, v, sup);
  double r2 = 0.0;
  for (int a = 0; a < ball->env->input->grid->naxes; ++a)
    r2 += v[a] * v[a];
  *r = sqrt(r2);
  return sup;
}

/* Both limits against log f0 - sup log f0, which has the same limit and comes
 * closer to it at finite |v|. */
static void find_limits(const data_ball *ball, lmx_check_constants *c)
{
  for (size_t i = 0; i < ball->n; ++i) {
    const data_node *p = &ball->node[i];
    double depth = c->sup_log_f0 - p->g;
    if (p->r < outer_part * ball->radius || depth <= 0.0)
      continue;
    c->gradient_limit = fmax(c->gradient_limit, p->q2 / depth);
    c->hessian_limit = fmax(c->hessian_limit, p->K2 / (depth * depth));
  }
}

static double given_or(double given, double found)
{
  return isnan(given) ? found : given;
}

double lmx_bernstein_least_A(const lmx_check_constants *c)
{
  return fmax(2.0, 2.0 + 2.0 * c->sup_log_f0);
}

/* --- suprema over R^d ------------------------------------------------------
 */

/* The bracket of F-hess on a cell, in units of s^4. */
static double hessian_bracket_on(const lmx_tail_cell *c, const void *user)
{
  const lmx_bernstein *b = user;
  double linear = b->A + b->K1 / (b->H * b->eta) + 2.0 * b->H1 / b->H;
  double least = c->g.lo > 0.0 ? c->g.lo : fmin(c->g.hi, 0.0);
  double s2 = pow(linear * c->g.hi > 0.0 ? c->s.hi : c->s.lo, 2);
  double bound = b->eta / (b->K2 * b->H) * c->K * c->K - least * least +
                 s2 * linear * c->g.hi + c->s.hi * c->s.hi * c->q * c->q / b->H;
  return lmx_tail_unscaled(bound, c->s, 4);
}

/* C', and C'' if H is given its pair, over R^d where the structure of the
 * data is known, else over the ball; *edge: attained at its edge. */
static lmx_status largest(const data_ball *ball, data_fn *function, double C,
                          double *value, bool *edge)
{
  const lmx_tails *tails = ball->env->space.tails;
  double r = 0.0;
  *edge = false;
  if (tails == NULL) {
    *value = supremum(ball, function, &r);
    *edge = r > edge_part * ball->radius;
    return LMX_OK;
  }
  lmx_tail_sup sup;
  if (function == hessian_bracket)
    LMX_TRY(lmx_tails_sup(ball->env->context, tails, false, hessian_bracket_on,
                          ball->set, enclosure, &sup));
  else
    LMX_TRY(lmx_tails_bracket(ball->env->context, tails, C, &sup));
  *value = sup.high;
  return LMX_OK;
}

/* C >= `asked`, and beyond the limit superior, at which Gaussian data alone
 * has finite constants. */
static double beyond(const lmx_check_env *env, double asked, double limit)
{
  double close = env->space.tails != NULL && !env->space.constants.closed
                     ? near_limit
                     : 1.0 + equal;
  return limit <= asked * close ? asked : safety * fmax(limit, asked);
}

static lmx_status choose_gradient(data_ball *ball,
                                  const lmx_check_choice *given,
                                  lmx_bernstein *b)
{
  const lmx_check_constants *c = ball->constants;
  double value;
  b->C =
      given_or(given->C, beyond(ball->env, b->K1 / b->eta, c->gradient_limit));
  LMX_TRY(largest(ball, gradient_bracket, b->C, &value, &b->C1_edge));
  b->C1 = given_or(given->C_prime, fmax(0.0, value));
  b->C1_edge = b->C1_edge && b->C1 > 0.0;
  return LMX_OK;
}

static lmx_status choose_hessian(data_ball *ball, const lmx_check_choice *given,
                                 lmx_bernstein *b)
{
  const lmx_check_constants *c = ball->constants;
  bool edge;
  double value;
  b->H = given_or(given->C,
                  beyond(ball->env, b->C, b->eta / b->K2 * c->hessian_limit));
  LMX_TRY(largest(ball, hessian_gradient_bracket, b->H, &value, &b->H1_edge));
  b->H1 = given_or(given->C_prime, fmax(0.0, value));
  b->C2 = INFINITY;
  edge = false;
  if (isfinite(b->H1))
    LMX_TRY(largest(ball, hessian_bracket, b->H, &b->C2, &edge));
  b->C2 = given_or(given->C_doubleprime, b->C2);
  b->H1_edge = (b->H1_edge && b->H1 > 0.0) || edge;
  return LMX_OK;
}

/* The constants of one set, one after the other as the proof does, but for
 * those that are given. */
static lmx_status choose(data_ball *ball, double eta, double K1, double K2,
                         const lmx_check_choice *given, lmx_bernstein *b)
{
  ball->set = b;
  b->eta = eta;
  b->K1 = given_or(given->K1, K1);
  b->K2 = given_or(given->K2, K2);
  b->A = given_or(given->A, lmx_bernstein_least_A(ball->constants));
  LMX_TRY(choose_gradient(ball, given, b));
  return choose_hessian(ball, given, b);
}

static void find_data(const data_ball *ball, lmx_check_constants *c)
{
  const lmx_space *space = &ball->env->space;
  double r;
  *c = (lmx_check_constants){0};
  if (space->tails != NULL) {
    c->sup_log_f0 = space->constants.log_f.high;
    c->gradient_limit = space->constants.gradient_limit.high;
    c->hessian_limit = space->constants.hessian_limit.high;
    return;
  }
  c->sup_log_f0 = supremum(ball, log_density, &r);
  find_limits(ball, c);
}

lmx_status lmx_check_constants_compute(lmx_check_env *env, lmx_jets *jets,
                                       lmx_jet *jet)
{
  const lmx_model *model = env->input->model;
  lmx_check_constants *c = &env->constants;
  data_ball ball = {.env = env,
                    .jet = jet,
                    .radius = lmx_check_radius(env->input, 0),
                    .constants = c};
  lmx_jets_set(jets, env->input->u[0]);
  LMX_TRY(read_data(jets, &ball));
  find_data(&ball, c);
  const lmx_check_choice none = {NAN, NAN, NAN, NAN, NAN, NAN};
  const lmx_check_choice *given = env->input->choice;
  lmx_status status = choose(&ball, model->eta, 4.0 * model->d, 16.0 * model->d,
                             &none, &c->printed);
  if (status == LMX_OK)
    status =
        choose(&ball, (model->d - 1) * model->eta, 2.0 * (model->d - 1),
               4.0 * (model->d - 1), given != NULL ? given : &none, &c->sharp);
  lmx_free(ball.node);
  return status;
}

double lmx_bernstein_gradient(const lmx_model *model, double C, double C1,
                              double t, double g)
{
  return model->kappa * C * t + C1 - C * g;
}

double lmx_bernstein_hessian(const lmx_model *model, const lmx_bernstein *b,
                             double t, double g, double q2)
{
  double kappa = model->kappa;
  double K1_term = b->K1 / (b->H * b->eta), C1_term = b->H1 / b->H;
  double linear = 4.0 * kappa * t + b->A + K1_term + 2.0 * C1_term;
  double constant = 3.0 * kappa * kappa * t * t +
                    kappa * t * (b->A + K1_term + 4.0 * C1_term) + b->C2;
  return b->K2 * b->H / b->eta * (g * g - linear * g - q2 / b->H + constant);
}
