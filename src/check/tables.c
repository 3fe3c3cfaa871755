/* Tables of the state itself: density maps, temperatures, entropy. */
#include "check/internal.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const double log_10 = 2.30258509299404568402;

static double log10_f(const lmx_check_input *input, size_t k, size_t node)
{
  double v[LMX_MAX_DIMENSION], r2 = 0.0;
  lmx_grid_point(input->grid, node, v);
  for (int a = 0; a < input->grid->d; ++a)
    r2 += v[a] * v[a];
  return (input->u[k][node] + lmx_log_maxwellian(input->grid->d, r2)) / log_10;
}

static lmx_status density_maps(lmx_check_env *env, double *field)
{
  lmx_table *table;
  LMX_TRY(lmx_check_map_create(env, "log_density_map",
                               env->input->grid->naxes == 3
                                   ? "log10 f on the slice nearest v3 = 0"
                                   : "log10 f over the box",
                               "log10_f", &table));
  for (size_t k = 0; k < env->input->ntimes; ++k) {
    if (!lmx_check_map_wanted(env, k))
      continue;
    for (size_t i = 0; i < env->input->grid->size; ++i)
      field[i] = log10_f(env->input, k, i);
    LMX_TRY(lmx_check_map_add(env, k, field, true, table));
  }
  return LMX_OK;
}

static lmx_status density_map(lmx_check_env *env)
{
  double *field;
  LMX_TRY(LMX_NEW_ARRAY(env->context, env->input->grid->size, &field));
  lmx_status status = density_maps(env, field);
  lmx_free(field);
  return status;
}

static lmx_status temperature_table(lmx_check_env *env)
{
  const lmx_check_input *input = env->input;
  int n = input->grid->naxes;
  char columns[256] = "t", title[128];
  /* the figure reads d there */
  snprintf(title, sizeof title,
           "directional temperatures in d = %d, measured and by the closed "
           "form (3.4)",
           input->grid->d);
  for (int a = 0; a < n; ++a) {
    size_t used = strlen(columns);
    snprintf(columns + used, sizeof columns - used, ",E_%d,E_%d closed form",
             a + 1, a + 1);
  }
  lmx_table *table;
  LMX_TRY(lmx_check_table(env, "temperatures", title, columns, &table));
  for (size_t k = 0; k < input->ntimes; ++k) {
    double row[1 + 2 * LMX_MAX_AXES] = {input->times[k]};
    for (int a = 0; a < n; ++a) {
      row[1 + 2 * a] = env->moments[k].second[a][a];
      row[2 + 2 * a] = lmx_model_temperature(input->model, a, input->times[k]);
    }
    LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}

static lmx_status entropy_table(lmx_check_env *env)
{
  lmx_table *table;
  LMX_TRY(lmx_check_table(env, "entropy", "relative entropy int f log(f/M)",
                          "t,H", &table));
  for (size_t k = 0; k < env->input->ntimes; ++k) {
    const double row[2] = {env->input->times[k], env->moments[k].entropy};
    LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}

/* One row for the printed constants and one for the sharp ones. Without the
 * hypotheses there are none but those of the lemmas. */
static lmx_status constants_table(lmx_check_env *env)
{
  const lmx_check_constants *c = &env->constants;
  const lmx_bernstein *sets[] = {&c->printed, &c->sharp};
  lmx_table *table;
  if (c->printed.K1 == 0.0) /* no statement needs them */
    return LMX_OK;
  LMX_TRY(lmx_check_table(
      env, "constants",
      "constants of the proofs, printed (0) and sharp or given (1)",
      "set,K1 of Lemma 4.1,K2 of Lemma 4.5,eta in abar >= eta,C of (4.1),"
      "C' of (4.1),C of Section 4.2,C' of Section 4.2,A of Section 4.2,"
      "C'' of Section 4.2",
      &table));
  for (int set = 0; set < 2; ++set) {
    const lmx_bernstein *b = sets[set];
    double row[] = {set,   b->K1, b->K2, b->eta, b->C,
                    b->C1, b->H,  b->H1, b->A,   b->C2};
    for (int i = 4; i < 10; ++i)
      if (!lmx_hypotheses_hold(env, i < 6 ? LMX_HYPOTHESIS_GRADIENT
                                          : LMX_HYPOTHESIS_HESSIAN))
        row[i] = NAN;
    LMX_TRY(lmx_table_add(env->context, table, row));
  }
  return LMX_OK;
}

lmx_status lmx_check_state_tables(lmx_check_env *env)
{
  LMX_TRY(density_map(env));
  LMX_TRY(temperature_table(env));
  LMX_TRY(entropy_table(env));
  return constants_table(env);
}
