/* The radial barriers of the error bar (docs/math.md, section 3.5).
 *
 * With f the computed solution, d_t f = L f + rho f, the function W f is a
 * supersolution of the equation of the error if
 *   W_t - A W >= |rho| (1 + W),  A W = abar : Hess W + 2 abar grad log f.grad
 * W, and W = C w + D with w = exp(k |v|^2 / 2) is one if C' >= lambda C +
 * sigma,  D' >= S C + sigma_0, lambda = sup A w / w beyond a radius (the
 * split), S = sup (A - lambda) w within it, |rho| (1 + D) <= sigma_0 within,
 * sigma_0 + sigma w beyond. Any such W bounds the error, so the least of them
 * is taken. */
#include "check/error_bar.h"

#include <math.h>
#include <string.h>

static const double rates[LMX_BAR_RATES] = {
    0.2, 0.3, 0.4, 0.5,  0.6, 0.65, 0.7, 0.75, 0.8, 0.85,
    0.9, 1.0, 1.2, 1.45, 1.8, 2.4,  3.3, 4.8,  7.0, 11.0};

static bool choose_edges(const lmx_grid *grid, double radius,
                         lmx_bar_shells *shells)
{
  double reach = INFINITY, width = 0.05;
  for (int a = 0; a < grid->naxes; ++a) {
    reach = fmin(reach, grid->axis[a].half_width);
    width = fmax(width, grid->axis[a].h);
  }
  width = fmax(width, reach / (LMX_BAR_SHELLS - 2));
  if (reach <= radius + width || radius < width)
    return false;
  /* every shell at least as wide as a cell: none without nodes */
  size_t ball = (size_t)(radius / width);
  size_t beyond = (size_t)((reach - radius) / width);
  shells->ball = ball;
  shells->n = ball + beyond;
  for (size_t j = 0; j <= shells->n; ++j)
    shells->edge[j] =
        j <= ball
            ? radius * (double)j / (double)ball
            : radius + (reach - radius) * (double)(j - ball) / (double)beyond;
  return true;
}

lmx_status lmx_bar_shells_init(lmx_context *context, const lmx_grid *grid,
                               double radius, lmx_bar_shells *shells)
{
  size_t i = 0;
  double r;
  *shells = (lmx_bar_shells){0};
  if (!choose_edges(grid, radius, shells))
    return LMX_OK;
  double reach = shells->edge[shells->n];
  LMX_TRY(LMX_NEW_ARRAY(context, lmx_check_ball_count(grid, reach),
                        &shells->nodes));
  for (size_t j = 0; j < shells->n; ++j)
    shells->least[j] = shells->edge[j + 1];
  for (; lmx_check_ball_next(grid, reach, &i, &r); ++i) {
    size_t j = lmx_bar_shell_of(shells, r);
    shells->nodes[shells->nnodes++] = (lmx_bar_node){i, j, r};
    shells->least[j] = fmin(shells->least[j], r);
  }
  return LMX_OK;
}

void lmx_bar_shells_release(lmx_bar_shells *shells)
{
  lmx_free(shells->nodes);
}

size_t lmx_bar_shell_of(const lmx_bar_shells *shells, double r)
{
  double radius = shells->edge[shells->ball];
  double inner = radius / (double)shells->ball;
  size_t j = (size_t)(r / inner);
  if (r > radius)
    j = shells->ball +
        (size_t)((r - radius) / (shells->edge[shells->n] - radius) *
                 (double)(shells->n - shells->ball));
  if (j >= shells->n)
    j = shells->n - 1;
  /* rounding at the edges */
  while (j > 0 && r <= shells->edge[j])
    --j;
  return j;
}

void lmx_bar_growth(const lmx_model *model, double r2, double normal,
                    double drift, double *growth)
{
  double linear = model->kappa + (model->d - 1) * r2 + 2.0 * drift;
  for (int i = 0; i < LMX_BAR_RATES; ++i)
    growth[i] = rates[i] * (linear + rates[i] * r2 * normal);
}

void lmx_bar_growth_density(const lmx_model *model, double r2, double normal,
                            double *growth)
{
  double trace = (model->d - 1) * (model->d + r2);
  for (int i = 0; i < LMX_BAR_RATES; ++i) {
    double k = rates[i] - 1.0;
    growth[i] = k * (trace + k * r2 * normal) + model->kappa;
  }
}

void lmx_bar_profile_init(const lmx_bar_shells *shells,
                          lmx_bar_profile *profile)
{
  size_t n = shells->n;
  double outer = shells->edge[n] * shells->edge[n];
  *profile = (lmx_bar_profile){.n = n};
  for (int i = 0; i < LMX_BAR_RATES; ++i) {
    profile->outer[i] = 1.0;
    for (size_t j = 0; j < n; ++j) {
      double edge = shells->edge[j + 1], least = shells->least[j];
      profile->shape[i][j] = exp(0.5 * rates[i] * (edge * edge - outer));
      profile->inverse[i][j] = exp(0.5 * rates[i] * (outer - least * least));
    }
  }
}

void lmx_bar_profile_relative(const lmx_bar_shells *shells, const double *low,
                              const double *high, lmx_bar_profile *profile)
{
  size_t n = profile->n;
  double outer = shells->edge[n] * shells->edge[n];
  for (int i = 0; i < LMX_BAR_RATES; ++i) {
    double most = 0.0, least = 0.0;
    for (size_t j = 0; j <= n; ++j) {
      double w =
          0.5 * (rates[i] - 1.0) * (shells->edge[j] * shells->edge[j] - outer);
      if (j > 0) {
        profile->shape[i][j - 1] = exp(fmax(most, w - low[j]));
        profile->inverse[i][j - 1] = exp(-fmin(least, w - high[j]));
      }
      most = w - low[j];
      least = w - high[j];
    }
    profile->outer[i] = exp(least);
  }
}

void lmx_bar_profile_share(const lmx_bar_profile *from,
                           lmx_bar_profile *profile)
{
  memcpy(profile->shape, from->shape, sizeof from->shape);
  memcpy(profile->inverse, from->inverse, sizeof from->inverse);
  memcpy(profile->outer, from->outer, sizeof from->outer);
}

/* The shells below this one are within the split. */
static size_t split_shell(const lmx_bar_shells *shells, int split)
{
  return shells->ball * (size_t)split / (LMX_BAR_SPLITS - 1);
}

void lmx_bar_profile_prepare(const lmx_bar_shells *shells,
                             const lmx_bar_coefficients *coefficients,
                             lmx_bar_profile *profile)
{
  for (int i = 0; i < LMX_BAR_RATES; ++i)
    for (int m = 0; m < LMX_BAR_SPLITS; ++m) {
      size_t split = split_shell(shells, m);
      double lambda = -INFINITY, feed = 0.0;
      for (size_t j = split; j < profile->n; ++j)
        lambda = lmx_bar_larger(lambda, coefficients->growth[i][j] +
                                            coefficients->rho[j]);
      for (size_t j = 0; j < split; ++j)
        feed = lmx_bar_larger(
            feed, (coefficients->growth[i][j] + coefficients->rho[j] - lambda) *
                      profile->shape[i][j]);
      profile->lambda[i][m] = lambda;
      profile->feed[i][m] = feed;
    }
}

typedef struct member {
  double C, D;
} member;

/* One barrier over dt. source: |rho| of this profile and |rho| D. */
static member advance(const lmx_bar_profile *p, int i, int m, size_t split,
                      const double *source, double boundary, double dt,
                      member old)
{
  double within = 0.0, beyond = 0.0, lambda = p->lambda[i][m];
  for (size_t j = 0; j < split; ++j)
    within = source[j] > within ? source[j] : within;
  for (size_t j = split; j < p->n; ++j) {
    double excess = (source[j] - within) * p->inverse[i][j];
    beyond = excess > beyond ? excess : beyond;
  }
  double least = lmx_bar_larger(boundary - old.D, 0.0) / p->outer[i]; /* of C */
  double start = lmx_bar_larger(old.C, least), end;
  if (lambda >= 0.0)
    end = start = (start + beyond * dt) * exp(lambda * dt);
  else {
    end = least + (start - least) * exp(lambda * dt) + beyond * dt;
    start += beyond * dt;
  }
  return (member){end, old.D + dt * (within + p->feed[i][m] * start)};
}

void lmx_bar_profile_advance(const lmx_bar_shells *shells, const double *rho,
                             const double *source, double boundary, double dt,
                             lmx_bar_profile *p)
{
  double total[LMX_BAR_SHELLS];
  for (int m = 0; m < LMX_BAR_SPLITS; ++m)
    for (int i = 0; i < LMX_BAR_RATES; ++i) {
      size_t split = split_shell(shells, m);
      member old = {p->C[i][m], p->D[i][m]}, new = old;
      if (!isfinite(old.C) || !isfinite(old.D))
        continue;
      /* |rho| D asks for D at the end of dt */
      double most = old.D;
      bool enough = false;
      for (int tries = 0; tries < 3 && !enough; ++tries) {
        for (size_t j = 0; j < p->n; ++j)
          total[j] = source[j] + rho[j] * most;
        new = advance(p, i, m, split, total, boundary, dt, old);
        enough = new.D <= most || m == 0;
        most = 1.01 * new.D;
      }
      p->C[i][m] = enough ? new.C : INFINITY;
      p->D[i][m] = enough ? new.D : INFINITY;
    }
}

static void find_values(const double *apriori, lmx_bar_profile *p)
{
  for (size_t j = 0; j < p->n; ++j)
    p->value[j] = apriori != NULL ? apriori[j] : INFINITY;
  for (int i = 0; i < LMX_BAR_RATES; ++i)
    for (int m = 0; m < LMX_BAR_SPLITS; ++m)
      for (size_t j = 0; isfinite(p->C[i][m]) && j < p->n; ++j) {
        double bound = p->C[i][m] * p->shape[i][j] + p->D[i][m];
        p->value[j] = bound < p->value[j] ? bound : p->value[j];
      }
}

/* The barrier that just exceeds the bounds: it may be lower where it counts,
 * at the edge of the ball. */
static void lower(const lmx_bar_shells *shells, int i, int m,
                  lmx_bar_profile *p)
{
  size_t split = split_shell(shells, m), edge = shells->ball - 1;
  member new = {0.0, 0.0};
  for (size_t j = 0; j < split; ++j)
    new.D = lmx_bar_larger(new.D, p->value[j]);
  for (size_t j = split; j < p->n; ++j)
    if (p->value[j] > new.D)
      new.C = lmx_bar_larger(new.C, (p->value[j] - new.D) * p->inverse[i][j]);
  if (isfinite(new.C) && !(new.C * p->shape[i][edge] + new.D >=
                           p->C[i][m] * p->shape[i][edge] + p->D[i][m])) {
    p->C[i][m] = new.C;
    p->D[i][m] = new.D;
  }
}

void lmx_bar_profile_settle(const lmx_bar_shells *shells, const double *apriori,
                            lmx_bar_profile *profile)
{
  find_values(apriori, profile);
  for (int i = 0; i < LMX_BAR_RATES; ++i)
    for (int m = 0; m < LMX_BAR_SPLITS; ++m)
      lower(shells, i, m, profile);
}
