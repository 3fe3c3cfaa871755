/* Slopes in N with bootstrap intervals, and what they decide. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort.h>
#include <gsl/gsl_statistics.h>

#include "particle/experiment.h"
#include "particle/rates.h"

enum { G = LMX_RATE_GROUPS, SIDE = LMX_PLANE_POINTS, RESAMPLES = 400 };

/* Least squares of c_0 + s x + b nuisance: s, by taking the nuisance and the
 * mean out of x and y first. */
static double slope_without(size_t n, const double *x, const double *y,
                            const double *nuisance)
{
  double mx = 0.0, my = 0.0, mn = 0.0, nn = 0.0, nx = 0.0, ny = 0.0;
  double xx = 0.0, xy = 0.0;
  for (size_t k = 0; k < n; ++k) {
    mx += x[k] / (double)n;
    my += y[k] / (double)n;
    mn += nuisance[k] / (double)n;
  }
  for (size_t k = 0; k < n; ++k) {
    double u = nuisance[k] - mn;
    nn += u * u;
    nx += u * (x[k] - mx);
    ny += u * (y[k] - my);
  }
  for (size_t k = 0; k < n; ++k) {
    double u = nn > 0.0 ? (nuisance[k] - mn) / nn : 0.0;
    double a = x[k] - mx - nx * u, b = y[k] - my - ny * u;
    xx += a * a;
    xy += a * b;
  }
  return xy / xx;
}

double lmx_log_slope(size_t n, const double *x, const double *y)
{
  double lx[64], ly[64], correction[64];
  size_t m = n < 64 ? n : 64;
  if (m < 2)
    return NAN;
  for (size_t k = 0; k < m; ++k) {
    if (!(y[k] > 0.0))
      return NAN;
    lx[k] = log(x[k]);
    ly[k] = log(y[k]);
    correction[k] = m > 3 ? 1.0 / x[k] : 0.0;
  }
  return slope_without(m, lx, ly, correction);
}

/* --- estimates without bias --------------------------------------------------
 */

/* Mean over pairs of different groups of the product of their entries: an
 * estimate of the square of the mean whose noise has mean zero. Of a choice
 * with repetitions: groups chosen m times weigh m. */
static double cross(const double *weight, double sum, double own)
{
  double all = 0.0, twice = 0.0;
  for (int g = 0; g < G; ++g) {
    all += weight[g];
    twice += weight[g] * weight[g];
  }
  return (sum * sum - own) / (all * all - twice);
}

/* int (F - f)^2 / f over the disc, or over the line. */
static double chi_square(size_t n, const double *data, const double *f,
                         double least, double cell, const double *weight)
{
  double total = 0.0;
  for (size_t i = 0; i < n; ++i) {
    double sum = 0.0, own = 0.0;
    if (!(f[i] >= least))
      continue;
    for (int g = 0; g < G; ++g) {
      double x = data[(size_t)g * n + i];
      sum += weight[g] * x;
      own += weight[g] * weight[g] * x * x;
    }
    total += cell / f[i] * cross(weight, sum, own);
  }
  return total;
}

/* int sign(F - f) (F - f), the sign from the other groups: noise enters with
 * mean zero, and a wrong sign can only make it smaller. */
static double absolute(const double *data, const double *weight)
{
  double total = 0.0, all = 0.0;
  for (int g = 0; g < G; ++g)
    all += weight[g];
  for (size_t i = 0; i < LMX_PLANE; ++i) {
    double sum = 0.0;
    for (int g = 0; g < G; ++g)
      sum += weight[g] * data[(size_t)g * LMX_PLANE + i];
    for (int g = 0; g < G; ++g) {
      double own = weight[g] * data[(size_t)g * LMX_PLANE + i];
      total += sum - own >= 0.0 ? own : -own;
    }
  }
  return total / all * LMX_PLANE_SPACING * LMX_PLANE_SPACING;
}

static double mean_of(const double *x, const double *weight)
{
  double sum = 0.0, all = 0.0;
  for (int g = 0; g < G; ++g) {
    sum += weight[g] * x[g];
    all += weight[g];
  }
  return sum / all;
}

static double root(double square)
{
  return square > 0.0 ? sqrt(square) : NAN;
}

void lmx_rates_of(const lmx_rate_groups *groups, const lmx_rate_target *target,
                  const int *choice, double *out)
{
  const double h = LMX_PLANE_SPACING, least = 1e-4;
  double weight[G] = {0.0};
  for (int g = 0; g < G; ++g)
    weight[choice[g]] += 1.0;
  out[LMX_RATE_LLN] = mean_of(groups->lln, weight);
  out[LMX_RATE_COUPLING] = root(mean_of(groups->squared, weight));
  /* To first order W_2^2 = int (F_1 - f_1 distribution functions)^2 / f_1. */
  out[LMX_RATE_W2] =
      root(chi_square(SIDE, groups->line, target->f_1, least, h, weight));
  out[LMX_RATE_L1] = absolute(groups->density, weight);
  out[LMX_RATE_ENTROPY] = 0.5 * chi_square(LMX_PLANE, groups->density,
                                           target->f, least, h * h, weight);
  out[LMX_RATE_NEIGHBOUR] = mean_of(groups->neighbour, weight);
}

/* --- verdicts
 * ------------------------------------------------------------------ */

/* value and standard error of each quantity for each N, and their slopes */
typedef struct fit {
  double value[64][LMX_RATE_COUNT], error[64][LMX_RATE_COUNT];
  double slope[LMX_RATE_COUNT], low[LMX_RATE_COUNT], high[LMX_RATE_COUNT];
} fit;

static void draw(gsl_rng *rng, int *choice)
{
  for (int g = 0; g < G; ++g)
    choice[g] = (int)gsl_rng_uniform_int(rng, G);
}

/* x [RESAMPLES][nnumbers][LMX_RATE_COUNT] */
static void resample(const lmx_rates_spec *spec, const lmx_rate_groups *groups,
                     const lmx_rate_target *target, gsl_rng *rng, double *x)
{
  size_t n = spec->nnumbers;
  int choice[G];
  for (size_t s = 0; s < RESAMPLES; ++s)
    for (size_t k = 0; k < n; ++k) {
      draw(rng, choice);
      lmx_rates_of(&groups[k], target, choice,
                   x + (s * n + k) * LMX_RATE_COUNT);
    }
}

static double slope_of(const lmx_rates_spec *spec, const double *values,
                       int quantity)
{
  double N[64], y[64];
  for (size_t k = 0; k < spec->nnumbers; ++k) {
    N[k] = (double)spec->numbers[k];
    y[k] = values[k * LMX_RATE_COUNT + (size_t)quantity];
  }
  return lmx_log_slope(spec->nnumbers, N, y);
}

static void errors(const lmx_rates_spec *spec, const double *x, fit *out)
{
  size_t stride = spec->nnumbers * LMX_RATE_COUNT;
  for (size_t k = 0; k < spec->nnumbers; ++k)
    for (size_t q = 0; q < LMX_RATE_COUNT; ++q)
      out->error[k][q] =
          gsl_stats_sd(x + k * LMX_RATE_COUNT + q, stride, RESAMPLES);
}

/* The 95 % interval of the resampled slopes; none where noise made more than
 * one in a hundred of them undefined. */
static void intervals(const lmx_rates_spec *spec, const double *x, fit *out)
{
  double slopes[RESAMPLES];
  size_t stride = spec->nnumbers * LMX_RATE_COUNT;
  for (int q = 0; q < LMX_RATE_COUNT; ++q) {
    size_t good = 0;
    for (size_t s = 0; s < RESAMPLES; ++s) {
      double slope = slope_of(spec, x + s * stride, q);
      if (isfinite(slope))
        slopes[good++] = slope;
    }
    out->slope[q] = slope_of(spec, out->value[0], q);
    out->low[q] = out->high[q] = NAN;
    if (good < RESAMPLES - RESAMPLES / 100)
      continue;
    gsl_sort(slopes, 1, good);
    out->low[q] = gsl_stats_quantile_from_sorted_data(slopes, 1, good, 0.025);
    out->high[q] = gsl_stats_quantile_from_sorted_data(slopes, 1, good, 0.975);
  }
}

static lmx_status fill_fit(lmx_context *context, const lmx_rates_spec *spec,
                           const lmx_rate_groups *groups,
                           const lmx_rate_target *target, fit *out)
{
  double *x;
  int all[G];
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  if (rng == NULL)
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory: generator");
  gsl_rng_set(rng, spec->seed + 1ul);
  for (int g = 0; g < G; ++g)
    all[g] = g;
  for (size_t k = 0; k < spec->nnumbers; ++k)
    lmx_rates_of(&groups[k], target, all, out->value[k]);
  lmx_status status =
      LMX_NEW_ARRAY(context, RESAMPLES * spec->nnumbers * LMX_RATE_COUNT, &x);
  if (status == LMX_OK) {
    resample(spec, groups, target, rng, x);
    errors(spec, x, out);
    intervals(spec, x, out);
    lmx_free(x);
  }
  gsl_rng_free(rng);
  return status;
}

static const struct {
  const char *id, *words;
} names[LMX_RATE_COUNT] = {
#define NAME(symbol, id, words) [symbol] = {id, words},
    LMX_RATE_LIST(NAME)
#undef NAME
};

/* The exponents of the paper. */
static const struct {
  double exponent;
  const char *source;
} claims[LMX_RATE_COUNT] = {
    [LMX_RATE_LLN] = {-1.0, "Theorem 2.2: C/N"},
    [LMX_RATE_COUPLING] = {-0.5, "(1.12): C N^{-1/2}"},
    [LMX_RATE_W2] = {-0.5, "(1.12): C N^{-1/2}"},
    [LMX_RATE_L1] = {-0.25, "Corollary 1.9: C N^{-1/4}"},
    [LMX_RATE_ENTROPY] = {-0.5, "Theorem 1.7: C N^{-1/2}"},
    [LMX_RATE_NEIGHBOUR] = {-0.5, "Theorem 1.7: C N^{-1/2}"}};

/* What the exact moments say about (2.5) at the time of comparison. */
typedef struct exact_lln {
  double value[64];          /* N times the left side for the N of the fit */
  double slope;              /* of the left side over these N */
  double first, most, limit; /* N times it: N = 1, supremum, N = infinity */
  double tail; /* exponent of the left side between N = 2^39 and 2^40 */
} exact_lln;

static lmx_status lln_at(lmx_context *context, const lmx_moment_data *data,
                         double N, double t, double *out)
{
  lmx_hierarchy *h;
  lmx_hierarchy_values values;
  LMX_TRY(lmx_hierarchy_create(context, data, N, t, &h));
  lmx_hierarchy_at(h, t, &values);
  lmx_hierarchy_destroy(&h);
  *out = values.lln;
  return LMX_OK;
}

static lmx_status find_exact(lmx_context *context, const lmx_rates_spec *spec,
                             exact_lln *out)
{
  double N[64], left[64], x, before = 0.0;
  size_t n = spec->nnumbers < 64 ? spec->nnumbers : 64;
  LMX_TRY(lln_at(context, spec->moments, INFINITY, spec->t, &out->limit));
  out->most = out->limit;
  for (int k = 0; k <= 40; ++k) {
    LMX_TRY(lln_at(context, spec->moments, ldexp(1.0, k), spec->t, &x));
    out->first = k == 0 ? x : out->first;
    out->most = fmax(out->most, x);
    out->tail = log2(x / before) - 1.0;
    before = x;
  }
  for (size_t k = 0; k < n; ++k) {
    N[k] = (double)spec->numbers[k];
    LMX_TRY(lln_at(context, spec->moments, N[k], spec->t, &out->value[k]));
    out->most = fmax(out->most, out->value[k]);
    left[k] = out->value[k] / N[k];
  }
  out->slope = lmx_log_slope(n, N, left);
  return LMX_OK;
}

/* From the 95 % interval to that of LMX_PARTICLE_LEVEL; the groups are few
 * enough for Student's law. */
static double stretched(void)
{
  return gsl_cdf_tdist_Qinv(0.5 * LMX_PARTICLE_LEVEL, G - 1.0) /
         gsl_cdf_ugaussian_Qinv(0.025);
}

/* (2.5) is decided by the exact moments: N times the left side has a limit,
 * and so the bound its exponent. What was simulated only has to agree: to be
 * within the interval stretched to LMX_PARTICLE_LEVEL. */
static void judge_lln(const lmx_rates_spec *spec, const fit *f,
                      const exact_lln *exact, lmx_check_result *r)
{
  const int q = LMX_RATE_LLN;
  size_t last = spec->nnumbers - 1;
  double stretch = stretched();
  double low = f->slope[q] - stretch * (f->slope[q] - f->low[q]);
  double high = f->slope[q] + stretch * (f->high[q] - f->slope[q]);
  bool bounded = isfinite(exact->most) && fabs(exact->tail + 1.0) <= 1e-9;
  bool contains = f->low[q] <= exact->slope && exact->slope <= f->high[q];
  bool agrees = low <= exact->slope && exact->slope <= high;
  if (bounded && isnan(f->low[q]))
    r->status = LMX_INFO;
  else
    r->status = bounded && agrees ? LMX_HOLDS : LMX_FAILS;
  lmx_verdict_note(
      r,
      " Exactly, by the moments: N times the left side is %.6g at N = %zu, "
      "%.6g at N = %zu, its limit %.6g, its largest value for N = 1, 2, 4 .. "
      "2^40 and these N %.6g, so it is at most that over N; the exponent "
      "between 2^39 and 2^40 is %.10f, and that over the simulated N is %.5f, "
      "%s.",
      exact->value[0], spec->numbers[0], exact->value[last],
      spec->numbers[last], exact->limit, exact->most, exact->tail, exact->slope,
      contains ? "which the interval contains"
      : agrees ? "outside the interval but not beyond chance"
               : "far outside the interval, by chance once in 1e5 runs");
}

/* How many replicas would bring the noise of H_1 by neighbours to half of the
 * value by the smooth estimate. */
static void note_replicas(const lmx_rates_spec *spec, const fit *f,
                          lmx_check_result *r)
{
  lmx_verdict_note(r, " Replicas needed for an error of half of H_1:");
  for (size_t k = 0; k < spec->nnumbers && k < 6; ++k) {
    double H = f->value[k][LMX_RATE_ENTROPY];
    double ratio = 2.0 * f->error[k][LMX_RATE_NEIGHBOUR] / H;
    lmx_verdict_note(r, "%s N = %zu: ", k > 0 ? "," : "", spec->numbers[k]);
    if (H > 2.0 * f->error[k][LMX_RATE_ENTROPY])
      lmx_verdict_note(r, "%.2g", (double)spec->replicas * ratio * ratio);
    else
      lmx_verdict_note(r, "unknown");
  }
  lmx_verdict_note(r, ".");
}

/* The paper's exponents are those of upper bounds for large N: a smaller one
 * over some N is no proof, a larger one no refutation. */
static const char *why(const fit *f, int q, double claim)
{
  if (f->high[q] <= claim)
    return "The interval lies below it, as a bound of that exponent allows.";
  if (f->low[q] > claim)
    return "The interval lies above it: over these N the decay is slower, "
           "which says nothing of larger N.";
  if (f->high[q] - f->low[q] < 0.05)
    return "The interval is narrow and contains it: the exponent is that one "
           "as far as can be seen.";
  return "The interval does not decide.";
}

static lmx_check_result *judge(const lmx_rates_spec *spec, const fit *f, int q,
                               lmx_check_results *results)
{
  double claim = claims[q].exponent;
  lmx_check_result *r = lmx_verdict_new(results, names[q].id, names[q].words);
  r->value = f->slope[q];
  r->bound = claim;
  r->slack = claim - f->slope[q];
  r->has_where = true;
  r->t = spec->t;
  lmx_verdict_note(r, "Value: exponent of N fitted for N = %zu to %zu%s",
                   spec->numbers[0], spec->numbers[spec->nnumbers - 1],
                   spec->nnumbers > 3 ? " beside a factor exp(b / N)" : "");
  if (isnan(f->low[q]))
    lmx_verdict_note(r, "; noise leaves no interval");
  else
    lmx_verdict_note(r, "; 95 %% bootstrap interval [%.3f, %.3f]", f->low[q],
                     f->high[q]);
  lmx_verdict_note(r, ". Bound: %s.", claims[q].source);
  if (q != LMX_RATE_LLN)
    lmx_verdict_note(r,
                     " %s No verdict: an upper bound for all N is neither "
                     "proved nor refuted by some N.",
                     why(f, q, claim));
  return r;
}

static lmx_status tables(lmx_context *context, const lmx_rates_spec *spec,
                         const fit *f, lmx_check_results *results)
{
  lmx_table **table = &results->tables[results->ntables];
  LMX_TRY(lmx_table_create(
      context, "particle_rates",
      "distances between the law of one particle of (1.3) and f",
      "N,LHS (2.5),error,coupling,error,W_2 axis 1,error,L1,error,H_1,error,"
      "H_1 neighbours,error",
      table));
  ++results->ntables;
  for (size_t k = 0; k < spec->nnumbers; ++k) {
    double row[1 + 2 * LMX_RATE_COUNT] = {(double)spec->numbers[k]};
    for (int q = 0; q < LMX_RATE_COUNT; ++q) {
      row[1 + 2 * q] = f->value[k][q];
      row[2 + 2 * q] = f->error[k][q];
    }
    LMX_TRY(lmx_table_add(context, *table, row));
  }
  table = &results->tables[results->ntables];
  LMX_TRY(lmx_table_create(context, "particle_slopes",
                           "exponents of N with 95 % intervals, in the order "
                           "of the columns of particle_rates",
                           "quantity,slope,low,high,claimed", table));
  ++results->ntables;
  for (int q = 0; q < LMX_RATE_COUNT; ++q) {
    const double row[] = {(double)(q + 1), f->slope[q], f->low[q], f->high[q],
                          claims[q].exponent};
    LMX_TRY(lmx_table_add(context, *table, row));
  }
  return LMX_OK;
}

lmx_status lmx_rates_judge(lmx_context *context, const lmx_rates_spec *spec,
                           const lmx_rate_groups *groups,
                           const lmx_rate_target *target,
                           lmx_check_results *results)
{
  fit *f;
  exact_lln exact;
  LMX_TRY(find_exact(context, spec, &exact));
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &f));
  lmx_status status = fill_fit(context, spec, groups, target, f);
  for (int q = 0; q < LMX_RATE_COUNT && status == LMX_OK; ++q) {
    lmx_check_result *r = judge(spec, f, q, results);
    if (q == LMX_RATE_LLN)
      judge_lln(spec, f, &exact, r);
    else if (q == LMX_RATE_NEIGHBOUR && r->status == LMX_INFO)
      note_replicas(spec, f, r);
  }
  if (status == LMX_OK)
    status = tables(context, spec, f, results);
  lmx_free(f);
  return status;
}
