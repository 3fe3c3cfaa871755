/* The Gaussian above the exact solution (docs/math.md (33)): th_0 and c with
 * f0 <= c exp(-|v|^2 / (2 th_0)), and
 *   th' = -2 (d-1) (th - 1) + 2 delta exp(-4dt),  b' = delta d exp(-4dt) / th,
 * delta = max(-D_aa). */
#include "check/error_bar.h"

#include <math.h>

enum { TRIES = 50 };

/* The part of the sphere within which the Gaussian is to touch the data. */
static const double inner_part = 0.9;
static const double rounding = 1e-10;

double lmx_bar_gaussian_theta(const lmx_model *model, const lmx_bar_gaussian *g,
                              double t)
{
  double slow = exp(-2.0 * (model->d - 1) * t), fast = exp(-4.0 * model->d * t);
  return 1.0 + (g->theta0 - 1.0) * slow +
         g->delta * (slow - fast) / (model->d + 1.0);
}

/* b by its bound, int delta d exp(-4ds) / th ds <= delta / (4 min th),
 * th >= min(th_0, 1). */
double lmx_bar_gaussian_log(const lmx_model *model, const lmx_bar_gaussian *g,
                            double t, double r2)
{
  double theta = lmx_bar_gaussian_theta(model, g, t);
  double b = g->delta * (1.0 - exp(-4.0 * model->d * t)) /
             (4.0 * fmin(g->theta0, 1.0));
  return g->log_c + 0.5 * model->d * log(g->theta0 / theta) + b -
         0.5 * r2 / theta;
}

static double log_data(const lmx_check_input *input, size_t node, double r)
{
  return input->u[0][node] + lmx_log_maxwellian(input->grid->d, r * r);
}

/* Where log f0 + slope |v|^2 is largest, among the nodes within or beyond
 * inner_part outer. */
typedef struct touch {
  double r2, log_f, sum;
} touch;

static void find_touch(const lmx_check_input *input, double outer, double slope,
                       touch *inner, touch *edge)
{
  double r;
  inner->sum = edge->sum = -INFINITY;
  for (size_t i = 0; lmx_check_ball_next(input->grid, INFINITY, &i, &r); ++i) {
    touch here = {.r2 = r * r, .log_f = log_data(input, i, r)};
    touch *most = r <= inner_part * outer ? inner : edge;
    here.sum = here.log_f + slope * here.r2;
    if (here.sum > most->sum)
      *most = here;
  }
}

/* Nothing is known of the data beyond the box. A Gaussian that touches them at
 * its edge falls off faster than they do, and is below them beyond: the least
 * th_0 of one that touches them further inside; NaN if there is none. */
static double least_theta(const lmx_check_input *input, double outer)
{
  touch inner, edge;
  double slope = 1.0 / rounding;
  for (int k = 0; k < TRIES && slope > 0.0; ++k) {
    find_touch(input, outer, slope, &inner, &edge);
    if (edge.sum <= inner.sum + rounding * fabs(inner.log_f - inner.sum))
      return 0.5 / slope;
    slope = (inner.log_f - edge.log_f) / (edge.r2 - inner.r2);
  }
  return NAN;
}

/* With log c = top + offset the least th_0 above the data, or `least` and with
 * it the least c. */
static lmx_bar_gaussian candidate(const lmx_check_input *input, double top,
                                  double offset, double least)
{
  lmx_bar_gaussian g = {.theta0 = NAN, .log_c = NAN};
  double rate = INFINITY, log_c = -INFINITY, r;
  for (size_t i = 0; lmx_check_ball_next(input->grid, INFINITY, &i, &r); ++i)
    rate = fmin(rate, 2.0 * (top + offset - log_data(input, i, r)) / (r * r));
  if (!(rate > 0.0) || isnan(least))
    return g;
  g.theta0 = fmax(least, 1.0 / rate);
  for (size_t i = 0; lmx_check_ball_next(input->grid, INFINITY, &i, &r); ++i)
    log_c = fmax(log_c, log_data(input, i, r) + 0.5 * r * r / g.theta0);
  g.log_c = log_c;
  return g;
}

/* The largest log at |v| = outer over the output times. */
static double level(const lmx_check_input *input, double outer,
                    const lmx_bar_gaussian *g)
{
  double most = -INFINITY;
  for (size_t k = 0; k < input->ntimes; ++k)
    most = fmax(most, lmx_bar_gaussian_log(input->model, g, input->times[k],
                                           outer * outer));
  return most;
}

void lmx_bar_gaussian_init(const lmx_check_input *input, double outer,
                           lmx_bar_gaussian *gaussian)
{
  static const double offset[] = {0.02, 0.1, 0.3,  0.7, 1.5,
                                  3.0,  6.0, 12.0, 24.0};
  double top = -INFINITY, best = INFINITY, delta = 0.0, r;
  double least = least_theta(input, outer);
  for (size_t i = 0; lmx_check_ball_next(input->grid, INFINITY, &i, &r); ++i)
    top = fmax(top, log_data(input, i, r));
  for (int a = 0; a < input->model->d; ++a)
    delta = fmax(delta, -input->model->D[a]);
  *gaussian = (lmx_bar_gaussian){.theta0 = NAN, .log_c = NAN};
  for (size_t j = 0; j < sizeof offset / sizeof *offset; ++j) {
    lmx_bar_gaussian trial = candidate(input, top, offset[j], least);
    trial.delta = delta;
    double most = isnan(trial.theta0) ? NAN : level(input, outer, &trial);
    if (most < best) {
      best = most;
      *gaussian = trial;
    }
  }
}
