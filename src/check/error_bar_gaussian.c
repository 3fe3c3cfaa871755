/* The Gaussian above the exact solution (docs/math.md (33)): th_0 and c with
 * f0 <= c exp(-|v|^2 / (2 th_0)), and
 *   th' = -2 (d-1) (th - 1) + 2 delta exp(-4dt),  b' = delta d exp(-4dt) / th,
 * delta = max(-D_aa). */
#include "check/error_bar.h"

#include <math.h>

enum { OFFSETS = 9 };

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

/* The smallest th_0 for each of several c, NaN if there is none. */
static void find_theta(const lmx_check_input *input, const double *log_c,
                       double *theta)
{
  const lmx_grid *grid = input->grid;
  double rate[OFFSETS], r;
  for (int j = 0; j < OFFSETS; ++j)
    rate[j] = INFINITY;
  for (size_t i = 0; lmx_check_ball_next(grid, INFINITY, &i, &r); ++i) {
    double f = input->u[0][i] + lmx_log_maxwellian(grid->d, r * r);
    for (int j = 0; j < OFFSETS; ++j)
      rate[j] = fmin(rate[j], 2.0 * (log_c[j] - f) / (r * r));
  }
  for (int j = 0; j < OFFSETS; ++j)
    theta[j] = rate[j] > 0.0 ? 1.0 / rate[j] : NAN;
}

void lmx_bar_gaussian_init(const lmx_check_input *input, double outer,
                           lmx_bar_gaussian *gaussian)
{
  static const double offset[OFFSETS] = {0.02, 0.1, 0.3,  0.7, 1.5,
                                         3.0,  6.0, 12.0, 24.0};
  double log_c[OFFSETS], theta[OFFSETS], top = -INFINITY, best = INFINITY, r;
  for (size_t i = 0; lmx_check_ball_next(input->grid, INFINITY, &i, &r); ++i)
    top = fmax(top, input->u[0][i] + lmx_log_maxwellian(input->grid->d, r * r));
  for (int j = 0; j < OFFSETS; ++j)
    log_c[j] = top + offset[j];
  find_theta(input, log_c, theta);
  *gaussian = (lmx_bar_gaussian){.theta0 = NAN, .log_c = NAN};
  lmx_bar_gaussian trial = *gaussian;
  for (int a = 0; a < input->model->d; ++a)
    trial.delta = fmax(trial.delta, -input->model->D[a]);
  for (int j = 0; j < OFFSETS; ++j) {
    double most = -INFINITY;
    trial.theta0 = theta[j];
    trial.log_c = log_c[j];
    for (size_t k = 0; k < input->ntimes && !isnan(theta[j]); ++k)
      most = fmax(most, lmx_bar_gaussian_log(input->model, &trial,
                                             input->times[k], outer * outer));
    if (!isnan(theta[j]) && most < best) {
      best = most;
      *gaussian = trial;
    }
  }
}
