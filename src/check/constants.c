/* Constants of the Bernstein functions, from the data on the checked ball
 * (docs/math.md, section 3):
 *   C >= K1 / eta, eta being that of (3.5) for the printed constants and
 *        (d-1) eta <= min_a,t c_a(t), which serves as well, for the sharp ones,
 *        and C >= limsup |q0|^2 / (-log f0),
 *   C' = max(0, sup (|q0|^2 + C log f0)),
 *   A >= max(2, 2 + 2 sup (log f - kappa t)); sup f exp(-kappa t) does not
 *        grow by the maximum principle, so the data decides,
 *   for the Hessian C > (eta / K2) limsup |K0|^2 / (log f0)^2 as well,
 *   C'' = sup of the bracket of F-hess at t = 0.
 * Suprema are searched between the nodes too, by interpolation. */
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
/* A supremum found beyond this part of R is called one at the edge. */
static const double edge_part = 0.9;
/* The search between nodes ends at this part of the spacing. */
static const double finest_step = 1.0 / 128.0;
/* ... or, where the function is flat, after so many sweeps. */
static const int most_tries = 200;

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

static double norm(const double *v, int n)
{
  double r2 = 0.0;
  for (int a = 0; a < n; ++a)
    r2 += v[a] * v[a];
  return sqrt(r2);
}

/* The function at v, [d], if the jet is finite. */
static bool value_at(const data_ball *ball, data_fn *function, const double *v,
                     double *value)
{
  const lmx_check_input *input = ball->env->input;
  lmx_check_point point;
  if (lmx_interpolate(ball->env->context, input->grid, input->u[0], v,
                      ball->jet) != LMX_OK ||
      !lmx_check_point_fill(ball->jet, &point))
    return false;
  data_node p = {.g = ball->jet->g, .q2 = point.q2, .K2 = point.K2};
  *value = function(ball, &p);
  return true;
}

/* One sweep over the 3^n neighbours of `centre` at distance step * h; moves
 * the centre to the best. Half axes are entered by their symmetry, and what
 * lies beyond the ball is moved onto its surface. */
static bool better_neighbour(const data_ball *ball, data_fn *function,
                             double step, double *centre, double *sup)
{
  const lmx_grid *grid = ball->env->input->grid;
  double start[LMX_MAX_DIMENSION], v[LMX_MAX_DIMENSION];
  memcpy(start, centre, sizeof start);
  memcpy(v, centre, sizeof v);
  int neighbours = grid->naxes == 1 ? 3 : grid->naxes == 2 ? 9 : 27;
  bool moved = false;
  for (int i = 0; i < neighbours; ++i) {
    for (int a = 0, digits = i; a < grid->naxes; ++a, digits /= 3) {
      v[a] = start[a] + (digits % 3 - 1) * step * grid->axis[a].h;
      if (grid->axis[a].kind != LMX_AXIS_FULL)
        v[a] = fabs(v[a]);
    }
    double r = norm(v, grid->naxes);
    for (int a = 0; r > ball->radius && a < grid->naxes; ++a)
      v[a] *= ball->radius / r;
    double value;
    if (value_at(ball, function, v, &value) && value > *sup) {
      *sup = value;
      memcpy(centre, v, sizeof v);
      moved = true;
    }
  }
  return moved;
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
  double step = 0.5;
  for (int tries = 0; step >= finest_step && tries < most_tries; ++tries)
    if (!better_neighbour(ball, function, step, v, &sup))
      step *= 0.5;
  *r = norm(v, ball->env->input->grid->naxes);
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

static double at_least(double asked, double limit)
{
  return limit <= asked * (1.0 + equal) ? asked : safety * limit;
}

static double given_or(double given, double found)
{
  return isnan(given) ? found : given;
}

double lmx_bernstein_least_A(const lmx_check_constants *c)
{
  return fmax(2.0, 2.0 + 2.0 * c->sup_log_f0);
}

/* The constants of one set, one after the other as the proof does, but for
 * those that are given. */
static void choose(data_ball *ball, double eta, double K1, double K2,
                   const lmx_check_choice *given, lmx_bernstein *b)
{
  const lmx_check_constants *c = ball->constants;
  double edge = edge_part * ball->radius, r = 0.0;
  ball->set = b;
  b->eta = eta;
  b->K1 = given_or(given->K1, K1);
  b->K2 = given_or(given->K2, K2);
  b->A = given_or(given->A, lmx_bernstein_least_A(c));
  b->C = given_or(given->C, at_least(b->K1 / b->eta, c->gradient_limit));
  b->C1 =
      given_or(given->C_prime, fmax(0.0, supremum(ball, gradient_bracket, &r)));
  b->C1_edge = b->C1 > 0.0 && r > edge;
  b->H = given_or(given->C, at_least(b->C, b->eta / b->K2 * c->hessian_limit));
  b->H1 = given_or(given->C_prime,
                   fmax(0.0, supremum(ball, hessian_gradient_bracket, &r)));
  b->H1_edge = b->H1 > 0.0 && r > edge;
  b->C2 = given_or(given->C_doubleprime, supremum(ball, hessian_bracket, &r));
  b->H1_edge = b->H1_edge || r > edge;
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
  *c = (lmx_check_constants){0};
  double r;
  c->sup_log_f0 = supremum(&ball, log_density, &r);
  find_limits(&ball, c);
  const lmx_check_choice none = {NAN, NAN, NAN, NAN, NAN, NAN};
  const lmx_check_choice *given = env->input->choice;
  choose(&ball, model->eta, 4.0 * model->d, 16.0 * model->d, &none,
         &c->printed);
  choose(&ball, (model->d - 1) * model->eta, 2.0 * (model->d - 1),
         4.0 * (model->d - 1), given != NULL ? given : &none, &c->sharp);
  lmx_free(ball.node);
  return LMX_OK;
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
