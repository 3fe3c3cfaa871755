/* Constants of the Bernstein functions, from the data on the checked ball
 * (docs/math.md, section 3):
 *   C >= K1 / eta and C >= limsup |q0|^2 / (-log f0),
 *   C' = max(0, sup (|q0|^2 + C log f0)),
 *   A >= max(2, 2 + 2 sup (log f - kappa t)); sup f exp(-kappa t) does not
 *        grow by the maximum principle, so the data decides,
 *   for the Hessian C > (eta / K2) limsup |K0|^2 / (log f0)^2 as well,
 *   C'' = sup of the bracket of F-hess at t = 0. */
#include "check/internal.h"

#include <math.h>

/* The limits superior are estimated as maxima over |v| > this part of R ... */
static const double outer_part = 0.85;
/* ... and where they exceed what the lemmas ask for, C keeps this distance. */
static const double safety = 1.05;
/* Estimates that agree with the lemmas' constant to this are equal to it:
 * for Gaussian data 2 (d-1) / eta is the limit itself. */
static const double equal = 1e-6;
/* A supremum found beyond this part of R is called one at the edge. */
static const double edge_part = 0.9;

/* The data at the nodes of the ball. */
typedef struct data_node {
  double r, g, q2, K2;
} data_node;

typedef struct data_ball {
  size_t n;
  data_node *node;
  double radius;
} data_ball;

static lmx_status read_data(const lmx_check_env *env, const lmx_jets *jets,
                            lmx_jet *jet, data_ball *ball)
{
  const lmx_grid *grid = env->input->grid;
  ball->radius = lmx_check_radius(env->input, 0);
  ball->n = 0;
  LMX_TRY(LMX_NEW_ARRAY(env->context, lmx_check_ball_count(grid, ball->radius),
                        &ball->node));
  double r;
  for (size_t i = 0; lmx_check_ball_next(grid, ball->radius, &i, &r); ++i) {
    lmx_check_point point;
    lmx_jets_get(jets, i, jet);
    if (lmx_check_point_fill(jet, &point))
      ball->node[ball->n++] =
          (data_node){.r = r, .g = jet->g, .q2 = point.q2, .K2 = point.K2};
  }
  return LMX_OK;
}

/* The largest log f0 at a node, and by Taylor's formula near it: the maximum
 * is at most half a cell's diagonal away. */
static double sup_log_density(const lmx_grid *grid, const data_ball *ball,
                              double *at_nodes)
{
  double best = -INFINITY, diagonal2 = 0.0, sup = -INFINITY;
  for (int a = 0; a < grid->naxes; ++a)
    diagonal2 += grid->axis[a].h * grid->axis[a].h;
  for (size_t i = 0; i < ball->n; ++i) {
    const data_node *p = &ball->node[i];
    if (p->g <= best)
      continue;
    best = p->g;
    /* |G| <= |K| + |q|^2 */
    double hessian = sqrt(p->K2) + p->q2;
    sup = best + 0.5 * sqrt(p->q2 * diagonal2) + hessian * diagonal2 / 8.0;
  }
  *at_nodes = best;
  return sup;
}

/* Both limits against log f0 - max log f0, which has the same limit and comes
 * closer to it at finite |v|. */
static void find_limits(const data_ball *ball, double top,
                        lmx_check_constants *c)
{
  for (size_t i = 0; i < ball->n; ++i) {
    const data_node *p = &ball->node[i];
    double depth = top - p->g;
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

/* C' for a given C; *edge says whether the sup lies at the edge. */
static double find_C1(const data_ball *ball, double C, bool *edge)
{
  double sup = 0.0;
  *edge = false;
  for (size_t i = 0; i < ball->n; ++i) {
    const data_node *p = &ball->node[i];
    double value = p->q2 + C * p->g;
    if (value > sup) {
      sup = value;
      *edge = p->r > edge_part * ball->radius;
    }
  }
  return sup;
}

static double find_C2(const data_ball *ball, const lmx_bernstein *b, double eta,
                      bool *edge)
{
  double sup = -INFINITY;
  bool at_edge = false;
  for (size_t i = 0; i < ball->n; ++i) {
    const data_node *p = &ball->node[i];
    double linear = b->A + b->K1 / (b->H * eta) + 2.0 * b->H1 / b->H;
    double value = eta / (b->K2 * b->H) * p->K2 - p->g * p->g + linear * p->g +
                   p->q2 / b->H;
    if (value > sup) {
      sup = value;
      at_edge = p->r > edge_part * ball->radius;
    }
  }
  *edge = *edge || at_edge;
  return sup;
}

static void choose(const data_ball *ball, const lmx_check_constants *c,
                   double K1, double K2, lmx_bernstein *b)
{
  b->K1 = K1;
  b->K2 = K2;
  b->A = fmax(2.0, 2.0 + 2.0 * c->sup_log_f0);
  b->C = at_least(K1 / c->eta, c->gradient_limit);
  b->C1 = find_C1(ball, b->C, &b->C1_edge);
  b->H = at_least(b->C, c->eta / K2 * c->hessian_limit);
  b->H1 = find_C1(ball, b->H, &b->H1_edge);
  b->C2 = find_C2(ball, b, c->eta, &b->H1_edge);
}

lmx_status lmx_check_constants_compute(lmx_check_env *env, lmx_jets *jets,
                                       lmx_jet *jet)
{
  const lmx_model *model = env->input->model;
  lmx_check_constants *c = &env->constants;
  data_ball ball = {0};
  lmx_jets_set(jets, env->input->u[0]);
  LMX_TRY(read_data(env, jets, jet, &ball));
  *c = (lmx_check_constants){.eta = model->eta};
  double top;
  c->sup_log_f0 = sup_log_density(env->input->grid, &ball, &top);
  find_limits(&ball, top, c);
  choose(&ball, c, 4.0 * model->d, 16.0 * model->d, &c->printed);
  choose(&ball, c, 2.0 * (model->d - 1), 4.0 * (model->d - 1), &c->sharp);
  lmx_free(ball.node);
  return LMX_OK;
}

double lmx_bernstein_gradient(const lmx_model *model, double C, double C1,
                              double t, double g)
{
  return model->kappa * C * t + C1 - C * g;
}

double lmx_bernstein_hessian(const lmx_check_env *env, const lmx_bernstein *b,
                             double t, double g, double q2)
{
  double kappa = env->input->model->kappa, eta = env->constants.eta;
  double K1_term = b->K1 / (b->H * eta), C1_term = b->H1 / b->H;
  double linear = 4.0 * kappa * t + b->A + K1_term + 2.0 * C1_term;
  double constant = 3.0 * kappa * kappa * t * t +
                    kappa * t * (b->A + K1_term + 4.0 * C1_term) + b->C2;
  return b->K2 * b->H / eta * (g * g - linear * g - q2 / b->H + constant);
}
