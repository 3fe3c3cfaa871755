/* Are two systems equal in law? Two-sample tests of Kolmogorov and Smirnov,
 * one value per replica, so the samples are independent. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_sort.h>

#include "particle/experiment.h"

/* sup |F_x - F_y| of two sorted samples. */
static double distance(size_t n, const double *x, const double *y)
{
  size_t i = 0, j = 0;
  double largest = 0.0;
  while (i < n && j < n) {
    double at = fmin(x[i], y[j]);
    while (i < n && x[i] <= at)
      ++i;
    while (j < n && y[j] <= at)
      ++j;
    largest = fmax(largest, fabs((double)i - (double)j) / (double)n);
  }
  return largest;
}

/* Asymptotic p-value with Stephens' correction. */
static double p_value(size_t n, double gap)
{
  double root = sqrt(0.5 * (double)n);
  double x = (root + 0.12 + 0.11 / root) * gap, sum = 0.0;
  if (x < 0.2)
    return 1.0;
  for (int k = 1; k <= 100; ++k)
    sum += (k % 2 == 1 ? 2.0 : -2.0) * exp(-2.0 * k * k * x * x);
  return fmin(1.0, fmax(0.0, sum));
}

/* Smallest p-value over N and samples. */
typedef struct outcome {
  double p;
  size_t N, comparisons;
  lmx_sample sample;
} outcome;

static lmx_status compare(lmx_context *context, const lmx_experiment *e,
                          lmx_particle_system system, outcome *out)
{
  size_t R = e->spec.replicas;
  double *x, *y;
  *out = (outcome){.p = 2.0};
  LMX_TRY(LMX_NEW_ARRAY(context, 2 * R, &x));
  y = x + R;
  for (size_t k = 0; k < e->spec.nnumbers; ++k)
    for (size_t s = 0; s < LMX_SAMPLES; ++s) {
      const lmx_batch *a = lmx_experiment_find(e, LMX_SYSTEM_FOURNIER, k);
      const lmx_batch *b = lmx_experiment_find(e, system, k);
      memcpy(x, a->sample + s * R, R * sizeof *x);
      memcpy(y, b->sample + s * R, R * sizeof *y);
      gsl_sort(x, 1, R);
      gsl_sort(y, 1, R);
      double p = p_value(R, distance(R, x, y));
      ++out->comparisons;
      if (p < out->p) {
        out->p = p;
        out->N = a->N;
        out->sample = (lmx_sample)s;
      }
    }
  lmx_free(x);
  return LMX_OK;
}

static const char *sample_name(lmx_sample sample)
{
  static const char *const names[LMX_SAMPLES] = {
      [LMX_SAMPLE_V1] = "v^1_1",
      [LMX_SAMPLE_SPEED] = "|v^1|^2",
      [LMX_SAMPLE_PAIR] = "|v^1-v^2|^2",
      [LMX_SAMPLE_PRODUCT] = "v^1_1 v^2_1",
      [LMX_SAMPLE_ENERGY] = "(1/N) sum |v^i|^2",
      [LMX_SAMPLE_DRIFT] = "|(1/N) sum v^i|^2",
      [LMX_SAMPLE_M4] = "(1/N) sum |v^i|^4",
      [LMX_SAMPLE_LLN] = "X of (2.5)"};
  return names[sample];
}

/* Bonferroni: p times the number of comparisons. equal: the law should be that
 * of (1.3); else it should be told apart. */
static lmx_status judge(lmx_context *context, const lmx_experiment *e,
                        lmx_particle_system system, bool equal, const char *id,
                        const char *statement, lmx_check_results *results)
{
  outcome o;
  if (lmx_experiment_find(e, system, 0) == NULL ||
      lmx_experiment_find(e, LMX_SYSTEM_FOURNIER, 0) == NULL)
    return LMX_OK;
  LMX_TRY(compare(context, e, system, &o));
  lmx_check_result *r = lmx_verdict_new(results, id, statement);
  r->value = fmin(1.0, o.p * (double)o.comparisons);
  r->bound = LMX_PARTICLE_LEVEL;
  r->slack = equal ? r->value - r->bound : r->bound - r->value;
  r->status = r->slack >= 0.0 ? LMX_HOLDS : LMX_FAILS;
  r->has_where = true;
  r->t = e->times[e->spec.ntimes - 1];
  lmx_verdict_note(r,
                   "Value: smallest p-value of %zu two-sample "
                   "Kolmogorov-Smirnov tests times their number; found for %s "
                   "at N = %zu, %zu replicas. Rejected below %g.",
                   o.comparisons, sample_name(o.sample), o.N, e->spec.replicas,
                   LMX_PARTICLE_LEVEL);
  if (equal && e->spec.scheme != LMX_SCHEME_EULER) {
    r->status = LMX_INFO;
    lmx_verdict_note(r, " With particles.scheme = \"euler\" both have the same "
                        "law at equal steps and this decides; the splitting "
                        "differs from it at order step.");
  }
  return LMX_OK;
}

lmx_status lmx_judge_laws(lmx_context *context, const lmx_experiment *e,
                          lmx_check_results *results)
{
  LMX_TRY(judge(context, e, LMX_SYSTEM_FGM, true, "equal-law-1.7",
                "(1.7) and (1.3) have the same law.", results));
  LMX_TRY(judge(context, e, LMX_SYSTEM_LANDAU, true, "equal-law-1.8",
                "(1.8) with noises independent for every pair and (1.3) have "
                "the same law.",
                results));
  return judge(context, e, LMX_SYSTEM_LANDAU_PRINTED, false,
               "printed-1.8-rejected",
               "(1.8) with the noises as printed, shared by all particles, "
               "does not have the law of (1.3).",
               results);
}
