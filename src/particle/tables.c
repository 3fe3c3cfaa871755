/* Tables for the figures, and the results of an experiment as a whole. */
#include <math.h>

#include "particle/experiment.h"

typedef lmx_status fill_fn(lmx_context *context, const lmx_experiment *e,
                           const lmx_hierarchy_values *exact, lmx_table *table);

static lmx_status add_table(lmx_context *context, const lmx_experiment *e,
                            const lmx_hierarchy_values *exact, fill_fn *fill,
                            const char *name, const char *title,
                            const char *columns, lmx_check_results *results)
{
  lmx_table **table = &results->tables[results->ntables];
  LMX_TRY(lmx_table_create(context, name, title, columns, table));
  ++results->ntables;
  return fill(context, e, exact, *table);
}

/* Two blank lines, except behind the last block. */
static lmx_status end_block(lmx_context *context, lmx_table *table, bool last)
{
  for (int i = 0; i < 2 && !last; ++i)
    LMX_TRY(lmx_table_break(context, table));
  return LMX_OK;
}

/* A block for each system and N. */
static lmx_status fill_moments(lmx_context *context, const lmx_experiment *e,
                               const lmx_hierarchy_values *exact,
                               lmx_table *table)
{
  size_t nt = e->spec.ntimes;
  for (size_t k = 0; k < e->nbatches; ++k) {
    const lmx_batch *b = &e->batches[k];
    const lmx_hierarchy_values *x = exact + k % e->spec.nnumbers * nt;
    double N = (double)b->N;
    for (size_t i = 0; i < nt; ++i) {
      const double *m = b->mean + i * e->seen, *s = b->error + i * e->seen;
      const double row[] = {(double)b->system,     N,
                            e->times[i],           N * m[LMX_SEEN_LLN],
                            N * s[LMX_SEEN_LLN],   x[i].lln,
                            m[LMX_SEEN_ENERGY],    s[LMX_SEEN_ENERGY],
                            N * m[LMX_SEEN_DRIFT], N * s[LMX_SEEN_DRIFT],
                            x[i].momentum,         m[LMX_SEEN_M4],
                            s[LMX_SEEN_M4],        x[i].M4,
                            m[LMX_SEEN_M3],        s[LMX_SEEN_M3],
                            m[LMX_SEEN_M6],        s[LMX_SEEN_M6]};
      LMX_TRY(lmx_table_add(context, table, row));
    }
    LMX_TRY(end_block(context, table, k + 1 == e->nbatches));
  }
  return LMX_OK;
}

static lmx_status fill_temperatures(lmx_context *context,
                                    const lmx_experiment *e,
                                    const lmx_hierarchy_values *exact,
                                    lmx_table *table)
{
  size_t nt = e->spec.ntimes;
  size_t d = (size_t)lmx_initial_model(e->initial)->d;
  for (size_t k = 0; k < e->nbatches; ++k)
    for (size_t i = 0; i < nt; ++i)
      for (size_t a = 0; a < d; ++a) {
        const lmx_batch *b = &e->batches[k];
        size_t q = i * e->seen + LMX_SEEN_MOMENTUM + d + a;
        const double row[] = {
            (double)b->system,
            (double)b->N,
            e->times[i],
            (double)(a + 1),
            b->mean[q],
            b->error[q],
            exact[k % e->spec.nnumbers * nt + i].temperature[a]};
        LMX_TRY(lmx_table_add(context, table, row));
      }
  return LMX_OK;
}

/* The empirical variance phi - |p|^2 of each system beside that of (1.3) and
 * the exponential decay of the printed (1.8). */
static lmx_status fill_variance(lmx_context *context, const lmx_experiment *e,
                                const lmx_hierarchy_values *exact,
                                lmx_table *table)
{
  size_t nt = e->spec.ntimes;
  int d = lmx_initial_model(e->initial)->d;
  for (size_t k = 0; k < e->nbatches; ++k) {
    const lmx_batch *b = &e->batches[k];
    const lmx_hierarchy_values *x = exact + k % e->spec.nnumbers * nt;
    double N = (double)b->N;
    for (size_t i = 0; i < nt; ++i) {
      const double *m = b->mean + i * e->seen;
      const double row[] = {(double)b->system,
                            N,
                            e->times[i],
                            m[LMX_SEEN_ENERGY] - m[LMX_SEEN_DRIFT],
                            d - x[i].momentum / N,
                            (d - x[0].momentum / N) *
                                exp(-2.0 * (d - 1) * e->times[i])};
      LMX_TRY(lmx_table_add(context, table, row));
    }
    LMX_TRY(end_block(context, table, k + 1 == e->nbatches));
  }
  return LMX_OK;
}

static lmx_status fill_conserved(lmx_context *context, const lmx_experiment *e,
                                 const lmx_hierarchy_values *exact,
                                 lmx_table *table)
{
  (void)exact;
  for (size_t k = 0; k < e->nbatches; ++k) {
    const lmx_batch *b = &e->batches[k];
    const double row[] = {(double)b->system, (double)b->N, b->momentum_gap,
                          b->energy_gap, b->spread_gap};
    LMX_TRY(lmx_table_add(context, table, row));
  }
  return LMX_OK;
}

lmx_status lmx_particle_tables(lmx_context *context, const lmx_experiment *e,
                               lmx_check_results *results)
{
  lmx_hierarchy_values *exact;
  LMX_TRY(lmx_experiment_exact(context, e, &exact));
  lmx_status status = add_table(
      context, e, exact, fill_moments, "particle_moments",
      "estimates with standard errors beside the exact moments of (1.3); "
      "systems count from 0: fournier, fgm, landau, landau-printed, kac",
      "system,N,t,N X,error,exact N X,energy,error,N |p|^2,error,exact N "
      "|p|^2,M_4,error,exact M_4,M_3,error,M_6,error",
      results);
  if (status == LMX_OK)
    status =
        add_table(context, e, exact, fill_temperatures, "particle_temperatures",
                  "directional temperatures (1/N) sum (v_a)^2",
                  "system,N,t,a,mean,error,exact", results);
  bool others = lmx_experiment_find(e, LMX_SYSTEM_KAC, 0) != NULL ||
                lmx_experiment_find(e, LMX_SYSTEM_LANDAU_PRINTED, 0) != NULL;
  if (status == LMX_OK && others)
    status = add_table(context, e, exact, fill_variance, "particle_variance",
                       "mean of (1/N) sum |v^i - p|^2 for each system",
                       "system,N,t,variance,exact for (1.3),decay as printed",
                       results);
  if (status == LMX_OK && others)
    status = add_table(
        context, e, exact, fill_conserved, "particle_invariants",
        "largest deviations over replicas and times",
        "system,N,|p(t)-p(0)|,relative energy,variance off its decay", results);
  lmx_free(exact);
  return status;
}

static lmx_status fill(lmx_context *context, const lmx_experiment *e,
                       lmx_check_results *results)
{
  LMX_TRY(LMX_NEW_ARRAY(context, LMX_PARTICLE_VERDICTS, &results->items));
  LMX_TRY(LMX_NEW_ARRAY(context, LMX_PARTICLE_TABLES, &results->tables));
  LMX_TRY(lmx_judge_moments(context, e, results));
  lmx_judge_invariants(e, results);
  LMX_TRY(lmx_judge_laws(context, e, results));
  return lmx_particle_tables(context, e, results);
}

lmx_status lmx_experiment_conclude(lmx_context *context,
                                   const lmx_experiment *experiment,
                                   lmx_check_results **out)
{
  lmx_check_results *results;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &results));
  lmx_status status = fill(context, experiment, results);
  if (status != LMX_OK) {
    lmx_check_results_destroy(&results);
    return status;
  }
  *out = results;
  return LMX_OK;
}
