/* The path of the error bar: the states at output times do not say what the
 * time integration did between them, so the bar looks at its steps. */
#include "check/error_bar.h"

#include <math.h>
#include <string.h>

#include "core/simd.h"

enum { SAMPLE = 256 };

/* Nodes of the checked ball. */
static lmx_status choose_sample(lmx_context *context,
                                const lmx_check_input *input,
                                lmx_bar_path *path)
{
  size_t n = lmx_check_ball_count(input->grid, input->radius), i = 0, k = 0;
  size_t stride = n / SAMPLE | 1;
  double r;
  LMX_TRY(LMX_NEW_ARRAY(context, n / stride + 1, &path->sample));
  for (; lmx_check_ball_next(input->grid, input->radius, &i, &r); ++i)
    if (k++ % stride == 0)
      path->sample[path->nsample++] = i;
  return LMX_OK;
}

lmx_status lmx_bar_path_begin(lmx_context *context,
                              const lmx_check_input *input, lmx_bar_path *path)
{
  size_t n = input->grid->size;
  path->size = n;
  for (size_t i = 0; i < LMX_BAR_PATH_STATES; ++i)
    LMX_TRY(LMX_NEW_ARRAY(context, n, &path->u[i]));
  for (size_t i = 0; i < LMX_BAR_PATH_STATES; ++i)
    LMX_TRY(LMX_NEW_ARRAY(context, n, &path->rate[i]));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &path->state));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &path->defect));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &path->largest));
  LMX_TRY(lmx_check_rate_create(context, input, &path->rates));
  LMX_TRY(choose_sample(context, input, path));
  path->nstates = path->nused = 1;
  path->time[0] = input->times[0];
  memcpy(path->u[0], input->u[0], n * sizeof *path->u[0]);
  lmx_check_rate_compute(path->rates, path->time[0], path->u[0], path->rate[0]);
  return LMX_OK;
}

void lmx_bar_path_release(lmx_bar_path *path)
{
  for (size_t i = 0; i < LMX_BAR_PATH_STATES; ++i)
    lmx_free(path->u[i]);
  for (size_t i = 0; i < LMX_BAR_PATH_STATES; ++i)
    lmx_free(path->rate[i]);
  lmx_free(path->sample);
  lmx_free(path->state);
  lmx_free(path->defect);
  lmx_free(path->largest);
  lmx_check_rate_destroy(&path->rates);
}

/* The defect over the last step as a polynomial through n states: of
 * P' - R, P through the states and R through their rates, in Bernstein's form
 * on [0, 1], coefficient [j] of the states and of the rates. With linear rates
 * R is that of P. Taylor's coefficients at the beginning of the step are
 * h^i / i! times derivatives, and b_j = sum_i (j over i) / (n-1 over i) a_i. */
typedef double weights[LMX_BAR_PATH_STATES][LMX_BAR_PATH_STATES];

static void bernstein(const lmx_bar_path *path, size_t n, weights u, weights r)
{
  double all[(LMX_BAR_PATH_STATES + 1) * LMX_BAR_PATH_STATES] = {0.0};
  double h = path->time[0] - path->time[1];
  lmx_fornberg(path->time[1], n, path->time, (int)n - 1, all);
  memset(u, 0, sizeof(weights));
  memset(r, 0, sizeof(weights));
  for (size_t j = 0; j < n; ++j) {
    double factor = 1.0; /* (j over i) / (n-1 over i) h^i / i! */
    for (size_t i = 0; i <= j; ++i) {
      for (size_t s = 0; s < n; ++s) {
        u[j][s] += factor * all[(i + 1) * n + s]; /* 0 if i + 1 = n */
        r[j][s] -= factor * all[i * n + s];
      }
      if (i < j)
        factor *= (double)(j - i) / (double)(n - 1 - i) * h / (double)(i + 1);
    }
  }
}

/* max_j |sum u[j] states + r[j] rates| >= |P' - R|, and the largest since the
 * last measurement. */
LMX_KERNEL
static void find_defect(size_t n, const double *const *states,
                        const double *const *rates,
                        const double (*u)[LMX_BAR_PATH_STATES],
                        const double (*r)[LMX_BAR_PATH_STATES],
                        double *restrict defect, double *restrict largest)
{
  const double *restrict u0 = states[0], *restrict u1 = states[1];
  const double *restrict u2 = states[2], *restrict u3 = states[3];
  const double *restrict u4 = states[4], *restrict u5 = states[5];
  const double *restrict r0 = rates[0], *restrict r1 = rates[1];
  const double *restrict r2 = rates[2], *restrict r3 = rates[3];
  const double *restrict r4 = rates[4], *restrict r5 = rates[5];
  for (size_t i = 0; i < n; ++i) {
    double most = 0.0;
    for (int j = 0; j < LMX_BAR_PATH_STATES; ++j) {
      double x = u[j][0] * u0[i] + u[j][1] * u1[i] + u[j][2] * u2[i] +
                 u[j][3] * u3[i] + u[j][4] * u4[i] + u[j][5] * u5[i];
      x += r[j][0] * r0[i] + r[j][1] * r1[i] + r[j][2] * r2[i] +
           r[j][3] * r3[i] + r[j][4] * r4[i] + r[j][5] * r5[i];
      x = fabs(x);
      most = most > x ? most : x;
    }
    defect[i] = most;
    largest[i] = largest[i] > most ? largest[i] : most;
  }
}

/* The largest defect at a sample of the nodes. */
static double defect_at_sample(const lmx_bar_path *path, size_t n, weights u,
                               weights r)
{
  double most = 0.0;
  for (size_t k = 0; k < path->nsample; ++k) {
    size_t i = path->sample[k];
    for (size_t j = 0; j < n; ++j) {
      double x = 0.0;
      for (size_t s = 0; s < n; ++s)
        x += u[j][s] * path->u[s][i] + r[j][s] * path->rate[s][i];
      lmx_bar_raise(&most, fabs(x));
    }
  }
  return most;
}

/* The path through as many states as make its defect least: steps that have
 * just become longer are better off without the old, short ones. */
static void take_defect(lmx_bar_path *path)
{
  double least = INFINITY;
  weights best_u, best_r, u, r;
  for (size_t n = 2; n <= path->nstates; ++n) {
    bernstein(path, n, u, r);
    double most = defect_at_sample(path, n, u, r);
    if (n > 2 && !(most < least))
      continue;
    least = most;
    path->nused = n;
    memcpy(best_u, u, sizeof best_u);
    memcpy(best_r, r, sizeof best_r);
  }
  find_defect(path->size, (const double *const *)path->u,
              (const double *const *)path->rate,
              (const double(*)[LMX_BAR_PATH_STATES])best_u,
              (const double(*)[LMX_BAR_PATH_STATES])best_r, path->defect,
              path->largest);
}

void lmx_bar_path_step(lmx_bar_path *path, double t, const double *u)
{
  size_t last = LMX_BAR_PATH_STATES - 1;
  double *oldest = path->u[last], *rate = path->rate[last];
  for (size_t i = last; i > 0; --i) {
    path->u[i] = path->u[i - 1];
    path->rate[i] = path->rate[i - 1];
    path->time[i] = path->time[i - 1];
  }
  path->u[0] = oldest;
  path->rate[0] = rate;
  path->time[0] = t;
  memcpy(oldest, u, path->size * sizeof *u);
  if (path->nstates < LMX_BAR_PATH_STATES)
    ++path->nstates;
  lmx_check_rate_compute(path->rates, t, oldest, rate);
  take_defect(path);
}

void lmx_bar_path_forget(lmx_bar_path *path, bool all)
{
  if (all)
    memset(path->largest, 0, path->size * sizeof *path->largest);
  else
    memcpy(path->largest, path->defect, path->size * sizeof *path->largest);
}

void lmx_bar_path_state(lmx_bar_path *path, double t)
{
  double value[LMX_BAR_PATH_STATES];
  lmx_fornberg(t, path->nused, path->time, 0, value);
  for (size_t i = 0; i < path->size; ++i) {
    double sum = 0.0;
    for (size_t s = 0; s < path->nused; ++s)
      sum += value[s] * path->u[s][i];
    path->state[i] = sum;
  }
}
