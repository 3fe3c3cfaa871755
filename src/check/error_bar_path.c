/* The path of the error bar: the states at output times do not say what the
 * time integration did between them, so the bar looks at its steps. */
#include "check/error_bar.h"

#include <math.h>
#include <string.h>

#include "core/simd.h"

lmx_status lmx_bar_path_begin(lmx_context *context,
                              const lmx_check_input *input, lmx_bar_path *path)
{
  size_t n = input->grid->size;
  path->size = n;
  for (size_t i = 0; i < LMX_BAR_PATH_STATES; ++i)
    LMX_TRY(LMX_NEW_ARRAY(context, n, &path->u[i]));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &path->rate));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &path->old_rate));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &path->state));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &path->defect));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &path->largest));
  LMX_TRY(lmx_check_rate_create(context, input, &path->rates));
  path->nstates = 1;
  path->time[0] = input->times[0];
  memcpy(path->u[0], input->u[0], n * sizeof *path->u[0]);
  lmx_check_rate_compute(path->rates, path->time[0], path->u[0], path->rate);
  return LMX_OK;
}

void lmx_bar_path_release(lmx_bar_path *path)
{
  for (size_t i = 0; i < LMX_BAR_PATH_STATES; ++i)
    lmx_free(path->u[i]);
  lmx_free(path->rate);
  lmx_free(path->old_rate);
  lmx_free(path->state);
  lmx_free(path->defect);
  lmx_free(path->largest);
  lmx_check_rate_destroy(&path->rates);
}

/* |sum w u - rate| at both ends of a step, and the largest since the last
 * measurement. */
LMX_KERNEL
static void find_defect(size_t n, const double *const *states,
                        const double (*w)[LMX_BAR_PATH_STATES],
                        const double *restrict late_rate,
                        const double *restrict early_rate,
                        double *restrict defect, double *restrict largest)
{
  const double *restrict u0 = states[0], *restrict u1 = states[1];
  const double *restrict u2 = states[2], *restrict u3 = states[3];
  const double *restrict u4 = states[4], *restrict u5 = states[5];
  for (size_t i = 0; i < n; ++i) {
    double late = w[0][0] * u0[i] + w[0][1] * u1[i] + w[0][2] * u2[i] +
                  w[0][3] * u3[i] + w[0][4] * u4[i] + w[0][5] * u5[i];
    double early = w[1][0] * u0[i] + w[1][1] * u1[i] + w[1][2] * u2[i] +
                   w[1][3] * u3[i] + w[1][4] * u4[i] + w[1][5] * u5[i];
    double x = fabs(late - late_rate[i]), y = fabs(early - early_rate[i]);
    x = x > y ? x : y;
    defect[i] = x;
    largest[i] = largest[i] > x ? largest[i] : x;
  }
}

static void take_defect(lmx_bar_path *path)
{
  size_t n = path->nstates;
  double all[2 * LMX_BAR_PATH_STATES]; /* second row: derivative */
  double w[2][LMX_BAR_PATH_STATES] = {{0.0}};
  for (int end = 0; end < 2; ++end) {
    lmx_fornberg(path->time[end], n, path->time, 1, all);
    memcpy(w[end], all + n, n * sizeof *all);
  }
  find_defect(path->size, (const double *const *)path->u,
              (const double(*)[LMX_BAR_PATH_STATES])w, path->rate,
              path->old_rate, path->defect, path->largest);
}

void lmx_bar_path_step(lmx_bar_path *path, double t, const double *u)
{
  size_t last = LMX_BAR_PATH_STATES - 1;
  double *oldest = path->u[last], *rate = path->old_rate;
  for (size_t i = last; i > 0; --i) {
    path->u[i] = path->u[i - 1];
    path->time[i] = path->time[i - 1];
  }
  path->u[0] = oldest;
  path->time[0] = t;
  memcpy(oldest, u, path->size * sizeof *u);
  if (path->nstates < LMX_BAR_PATH_STATES)
    ++path->nstates;
  path->old_rate = path->rate;
  path->rate = rate;
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
  double weights[LMX_BAR_PATH_STATES];
  lmx_fornberg(t, path->nstates, path->time, 0, weights);
  for (size_t i = 0; i < path->size; ++i) {
    double sum = 0.0;
    for (size_t s = 0; s < path->nstates; ++s)
      sum += weights[s] * path->u[s][i];
    path->state[i] = sum;
  }
}
