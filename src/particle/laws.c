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
    while (i < n && !(x[i] > at)) /* NaN is passed over */
      ++i;
    while (j < n && !(y[j] > at))
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

/* Smallest p-value over N and samples, and the largest distance. */
typedef struct outcome {
  double p, gap;
  size_t N, comparisons;
  lmx_sample sample;
} outcome;

/* The batches of two kinds for the k-th N. */
typedef const lmx_batch *batch_of(const lmx_experiment *e, size_t k);

static const lmx_batch *fournier(const lmx_experiment *e, size_t k)
{
  return lmx_experiment_find(e, LMX_SYSTEM_FOURNIER, k);
}

static const lmx_batch *fgm(const lmx_experiment *e, size_t k)
{
  return lmx_experiment_find(e, LMX_SYSTEM_FGM, k);
}

static const lmx_batch *landau(const lmx_experiment *e, size_t k)
{
  return lmx_experiment_find(e, LMX_SYSTEM_LANDAU, k);
}

static const lmx_batch *printed(const lmx_experiment *e, size_t k)
{
  return lmx_experiment_find(e, LMX_SYSTEM_LANDAU_PRINTED, k);
}

static lmx_status compare(lmx_context *context, const lmx_experiment *e,
                          batch_of *one, batch_of *other, outcome *out)
{
  size_t R = e->spec.replicas;
  double *x, *y;
  *out = (outcome){.p = 2.0};
  LMX_TRY(LMX_NEW_ARRAY(context, 2 * R, &x));
  y = x + R;
  for (size_t k = 0; k < e->spec.nnumbers; ++k)
    for (size_t s = 0; s < LMX_SAMPLES; ++s) {
      const lmx_batch *a = one(e, k), *b = other(e, k);
      memcpy(x, a->sample + s * R, R * sizeof *x);
      memcpy(y, b->sample + s * R, R * sizeof *y);
      gsl_sort(x, 1, R);
      gsl_sort(y, 1, R);
      double gap = distance(R, x, y), p = p_value(R, gap);
      ++out->comparisons;
      out->gap = fmax(out->gap, gap);
      if (p < out->p) {
        out->p = p;
        out->N = a->N;
        out->sample = (lmx_sample)s;
      }
    }
  out->p = fmin(1.0, out->p * (double)out->comparisons); /* Bonferroni */
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

static void conclude(const lmx_experiment *e, const outcome *o, bool equal,
                     lmx_check_result *r)
{
  r->value = o->p;
  r->bound = LMX_PARTICLE_LEVEL;
  r->slack = equal ? r->value - r->bound : r->bound - r->value;
  r->status = r->slack >= 0.0 ? LMX_HOLDS : LMX_FAILS;
  bool decides = p_value(e->spec.replicas, 1.0) * (double)o->comparisons <
                 LMX_PARTICLE_LEVEL;
  if (!decides)
    r->status = LMX_INFO;
  r->has_where = true;
  r->t = e->times[e->spec.ntimes - 1];
  lmx_verdict_note(r,
                   "Value: smallest p-value of %zu two-sample "
                   "Kolmogorov-Smirnov tests times their number; found for %s "
                   "at N = %zu, %zu replicas. Rejected below %g%s.",
                   o->comparisons, sample_name(o->sample), o->N,
                   e->spec.replicas, LMX_PARTICLE_LEVEL,
                   decides ? "" : ", which so few replicas never reach");
}

/* Distance of two distribution functions that is rejected at the level. */
static double resolution(size_t n, size_t comparisons)
{
  return sqrt(log(2.0 * (double)comparisons / LMX_PARTICLE_LEVEL) / (double)n);
}

/* The same question without Euler steps of (1.3): how far the weak error of
 * the pair sums' Euler steps matters. */
static lmx_status compare_split(lmx_context *context, const lmx_experiment *e,
                                batch_of *pairs, lmx_check_result *r)
{
  outcome direct, weak;
  LMX_TRY(compare(context, e, fournier, pairs, &direct));
  LMX_TRY(compare(context, e, fournier, lmx_experiment_euler, &weak));
  lmx_verdict_note(r,
                   " Both by Euler steps of the same length, which have one "
                   "law exactly if the statement is true. With the splitting "
                   "of (1.3) instead: %.3g, %s; distances above %.3g are "
                   "rejected, and the two schemes of (1.3) are %.3g apart%s.",
                   direct.p,
                   direct.p >= LMX_PARTICLE_LEVEL ? "equal, too" : "rejected",
                   resolution(e->spec.replicas, direct.comparisons), weak.gap,
                   weak.p >= LMX_PARTICLE_LEVEL
                       ? ", which is noise: the step is short enough"
                       : " by the weak error of Euler steps");
  return LMX_OK;
}

static lmx_status judge_equal(lmx_context *context, const lmx_experiment *e,
                              batch_of *pairs, const char *id,
                              const char *statement, lmx_check_results *results)
{
  outcome o;
  if (pairs(e, 0) == NULL || fournier(e, 0) == NULL)
    return LMX_OK;
  LMX_TRY(compare(context, e, lmx_experiment_euler, pairs, &o));
  lmx_check_result *r = lmx_verdict_new(results, id, statement);
  conclude(e, &o, true, r);
  if (e->spec.scheme == LMX_SCHEME_EULER)
    return LMX_OK;
  return compare_split(context, e, pairs, r);
}

lmx_status lmx_judge_laws(lmx_context *context, const lmx_experiment *e,
                          lmx_check_results *results)
{
  outcome o;
  LMX_TRY(judge_equal(context, e, fgm, "equal-law-1.7",
                      "(1.7) and (1.3) have the same law.", results));
  LMX_TRY(judge_equal(context, e, landau, "equal-law-1.8",
                      "(1.8) with noises independent for every pair and (1.3) "
                      "have the same law.",
                      results));
  if (printed(e, 0) == NULL || fournier(e, 0) == NULL)
    return LMX_OK;
  LMX_TRY(compare(context, e, fournier, printed, &o));
  conclude(e, &o, false,
           lmx_verdict_new(results, "printed-1.8-rejected",
                           "(1.8) with the noises as printed, shared by all "
                           "particles, does not have the law of (1.3)."));
  return LMX_OK;
}
