/* The path of the error bar: the states stored at output times do not say
 * what the time integration did between them, so the bar integrates the data
 * once more and looks at every step. */
#include "check/error_bar.h"

#include <math.h>

/* The solve of the path, in units of the run's tolerances. What it leaves is
 * measured, so that it need not be the run's own. */
static const double tolerance = 50.0;
/* A path that takes so many steps more than the run leads nowhere. */
enum { STEPS_FACTOR = 4, STEPS_LEAST = 2000 };

static lmx_status take_step(void *user, lmx_solver *solver)
{
  lmx_bar_path *path = user;
  const lmx_check_input *input = path->env->input;
  size_t last = LMX_BAR_PATH_STATES - 1;
  double *oldest = path->u[last], *rate = path->old_rate;
  for (size_t i = last; i > 0; --i) {
    path->u[i] = path->u[i - 1];
    path->time[i] = path->time[i - 1];
  }
  path->u[0] = oldest;
  path->time[0] = lmx_solver_time(solver);
  lmx_solver_state(solver, path->u[0]);
  if (path->nstates < LMX_BAR_PATH_STATES)
    ++path->nstates;
  path->old_rate = path->rate;
  path->rate = rate;
  lmx_check_rate_compute(path->env->rates, path->time[0], path->u[0],
                         path->rate);
  size_t most = STEPS_FACTOR * (size_t)input->steps;
  if (++path->steps > (most > STEPS_LEAST ? most : STEPS_LEAST))
    return lmx_fail(path->env->context, LMX_ERR_NUMERICS,
                    "too many steps for an error bar");
  return path->after_step(path->user);
}

lmx_status lmx_bar_path_begin(const lmx_check_env *env, lmx_bar_path *path)
{
  const lmx_check_input *input = env->input;
  const lmx_solver_options options = {.formulation = input->formulation,
                                      .rtol = tolerance * input->rtol,
                                      .atol = tolerance * input->atol};
  size_t n = input->grid->size;
  path->env = env;
  for (size_t i = 0; i < LMX_BAR_PATH_STATES; ++i)
    LMX_TRY(LMX_NEW_ARRAY(env->context, n, &path->u[i]));
  LMX_TRY(LMX_NEW_ARRAY(env->context, n, &path->rate));
  LMX_TRY(LMX_NEW_ARRAY(env->context, n, &path->old_rate));
  LMX_TRY(LMX_NEW_ARRAY(env->context, n, &path->state));
  LMX_TRY(lmx_solver_create(env->context, input->model, input->grid, &options,
                            input->times[0], input->u[0], &path->solver));
  lmx_solver_set_step_callback(path->solver, take_step, path);
  path->nstates = 1;
  path->time[0] = input->times[0];
  for (size_t i = 0; i < n; ++i)
    path->u[0][i] = input->u[0][i];
  lmx_check_rate_compute(env->rates, path->time[0], path->u[0], path->rate);
  return LMX_OK;
}

void lmx_bar_path_release(lmx_bar_path *path)
{
  lmx_solver_destroy(&path->solver);
  for (size_t i = 0; i < LMX_BAR_PATH_STATES; ++i)
    lmx_free(path->u[i]);
  lmx_free(path->rate);
  lmx_free(path->old_rate);
  lmx_free(path->state);
}

lmx_status lmx_bar_path_advance(lmx_bar_path *path, double t)
{
  path->target = t;
  return lmx_solver_advance(path->env->context, path->solver, t);
}

void lmx_bar_path_state(lmx_bar_path *path, double t)
{
  double weights[LMX_BAR_PATH_STATES];
  lmx_fornberg(t, path->nstates, path->time, 0, weights);
  for (size_t i = 0; i < path->env->input->grid->size; ++i) {
    double sum = 0.0;
    for (size_t s = 0; s < path->nstates; ++s)
      sum += weights[s] * path->u[s][i];
    path->state[i] = sum;
  }
}

void lmx_bar_path_defect(const lmx_bar_path *path, const lmx_bar_shells *shells,
                         const double gaussian[2][2], double *defect,
                         double *density)
{
  size_t n = path->nstates;
  double w[2][2 * LMX_BAR_PATH_STATES]; /* second row: derivative */
  for (int end = 0; end < 2; ++end)
    lmx_fornberg(path->time[end], n, path->time, 1, w[end]);
  for (size_t j = 0; j < LMX_BAR_SHELLS; ++j)
    defect[j] = density[j] = 0.0;
  for (size_t k = 0; k < shells->nnodes; ++k) {
    const lmx_bar_node *x = &shells->nodes[k];
    size_t i = x->index;
    double late = -path->rate[i], early = -path->old_rate[i];
    for (size_t s = 0; s < n; ++s) {
      late += w[0][n + s] * path->u[s][i];
      early += w[1][n + s] * path->u[s][i];
    }
    double r2 = x->r * x->r, u0 = path->u[0][i], u1 = path->u[1][i];
    double g0 = gaussian[0][0] + gaussian[0][1] * r2;
    double g1 = gaussian[1][0] + gaussian[1][1] * r2;
    double worst = lmx_bar_larger(fabs(late), fabs(early));
    lmx_bar_raise(&defect[x->shell], worst);
    lmx_bar_raise(&density[x->shell],
                  worst * exp(lmx_bar_larger(u0, u1) - (g0 < g1 ? g0 : g1)));
  }
}
