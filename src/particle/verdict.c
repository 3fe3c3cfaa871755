/* Estimates against the exact moments, and what single systems conserve. */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_cdf.h>

#include "particle/experiment.h"

lmx_check_result *lmx_verdict_new(lmx_check_results *results, const char *id,
                                  const char *statement)
{
  lmx_check_result *r = &results->items[results->n++];
  *r = (lmx_check_result){.id = id,
                          .statement = statement,
                          .status = LMX_INFO,
                          .value = NAN,
                          .bound = NAN,
                          .slack = NAN,
                          .t = NAN};
  for (int a = 0; a < LMX_MAX_DIMENSION; ++a)
    r->v[a] = NAN;
  return r;
}

void lmx_verdict_note(lmx_check_result *result, const char *format, ...)
{
  size_t used = strlen(result->note);
  va_list args;
  va_start(args, format);
  vsnprintf(result->note + used, sizeof result->note - used, format, args);
  va_end(args);
}

/* Holds when value <= bound. */
static void decide(lmx_check_result *r, double value, double bound)
{
  r->value = value;
  r->bound = bound;
  r->slack = bound - value;
  r->status = value <= bound ? LMX_HOLDS : LMX_FAILS;
}

lmx_status lmx_experiment_exact(lmx_context *context, const lmx_experiment *e,
                                lmx_hierarchy_values **out)
{
  lmx_hierarchy_values *values;
  size_t nt = e->spec.ntimes;
  lmx_status status = LMX_OK;
  LMX_TRY(LMX_NEW_ARRAY(context, e->spec.nnumbers * nt, &values));
  for (size_t k = 0; k < e->spec.nnumbers && status == LMX_OK; ++k) {
    lmx_hierarchy *h;
    status = lmx_hierarchy_create(context, e->spec.moments,
                                  (double)e->numbers[k], e->times[nt - 1], &h);
    for (size_t i = 0; i < nt && status == LMX_OK; ++i)
      lmx_hierarchy_at(h, e->times[i], &values[k * nt + i]);
    if (status == LMX_OK)
      lmx_hierarchy_destroy(&h);
  }
  if (status != LMX_OK) {
    lmx_free(values);
    return status;
  }
  *out = values;
  return LMX_OK;
}

/* --- standard errors -------------------------------------------------------
 */

/* The largest deviation in standard errors among many comparisons. */
typedef struct worst {
  size_t comparisons, beyond; /* beyond three */
  double z, t, got, error, exact;
  size_t N;
} worst;

static void compare(worst *w, double got, double error, double exact, double t,
                    size_t N)
{
  /* Where all replicas agree, only rounding may differ. */
  double scale = fmax(error, 1e-12 * (1.0 + fabs(exact)));
  double z = fabs(got - exact) / scale;
  ++w->comparisons;
  w->beyond += z > 3.0;
  if (w->comparisons > 1 && !(z > w->z))
    return;
  *w = (worst){w->comparisons, w->beyond, z, t, got, error, exact, N};
}

/* Means of fewer replicas are not normal as far out as the level asks for. */
static const size_t fewest_replicas = 400;

/* Two-sided, of Student's law, whose error is estimated; Bonferroni: the
 * comparisons together are wrong with LMX_PARTICLE_LEVEL. */
static double critical(size_t comparisons, size_t replicas)
{
  return gsl_cdf_tdist_Qinv(LMX_PARTICLE_LEVEL / (2.0 * (double)comparisons),
                            (double)(replicas > 2 ? replicas - 1 : 1));
}

/* Too few replicas: a right program would fail too often. */
static void suspend_for_few(const lmx_experiment *e, lmx_check_result *r)
{
  if (e->spec.replicas >= fewest_replicas)
    return;
  r->status = LMX_INFO;
  lmx_verdict_note(r, " Fewer than %zu replicas decide nothing.",
                   fewest_replicas);
}

static void conclude(const lmx_experiment *e, const worst *w,
                     lmx_check_result *r)
{
  double bound = critical(w->comparisons, e->spec.replicas);
  decide(r, w->z, bound);
  r->has_where = true;
  r->t = w->t;
  lmx_verdict_note(r,
                   "Value and bound are in standard errors. Largest at N = "
                   "%zu: %.6g +- %.2g, exact %.6g. %zu of %zu comparisons are "
                   "beyond 3 standard errors; the bound makes a wrong "
                   "rejection of all of them together %g at most.",
                   w->N, w->got, w->error, w->exact, w->beyond, w->comparisons,
                   LMX_PARTICLE_LEVEL);
  suspend_for_few(e, r);
}

typedef double exact_fn(const lmx_hierarchy_values *values, double N, int a);

/* One statement: the values `index` + a, a < count, of what was seen. */
typedef struct moment_claim {
  const char *id, *statement;
  size_t index;
  exact_fn *exact;
} moment_claim;

static double exact_lln(const lmx_hierarchy_values *v, double N, int a)
{
  (void)a;
  return v->lln / N;
}

static double exact_drift(const lmx_hierarchy_values *v, double N, int a)
{
  (void)a;
  return v->momentum / N;
}

static double exact_fourth(const lmx_hierarchy_values *v, double N, int a)
{
  (void)N;
  (void)a;
  return v->M4;
}

static double exact_temperature(const lmx_hierarchy_values *v, double N, int a)
{
  (void)N;
  return v->temperature[a];
}

/* No verdict on (1.3) from Euler steps. */
static void suspend_for_euler(const lmx_experiment *e, lmx_check_result *r)
{
  if (e->spec.scheme != LMX_SCHEME_EULER)
    return;
  r->status = LMX_INFO;
  lmx_verdict_note(r, " The Euler scheme errs by its weak order 1, so this "
                      "decides nothing.");
}

static void judge(const lmx_experiment *e, const lmx_hierarchy_values *exact,
                  const moment_claim *claim, int count,
                  lmx_check_results *results)
{
  worst w = {0};
  size_t nt = e->spec.ntimes;
  for (size_t k = 0; k < e->spec.nnumbers; ++k) {
    const lmx_batch *b = lmx_experiment_find(e, LMX_SYSTEM_FOURNIER, k);
    for (size_t i = 0; i < nt; ++i)
      for (int a = 0; a < count; ++a) {
        size_t q = i * e->seen + claim->index + (size_t)a;
        double target = claim->exact == NULL
                            ? (double)lmx_initial_model(e->initial)->d
                            : claim->exact(&exact[k * nt + i], (double)b->N, a);
        compare(&w, b->mean[q], b->error[q], target, e->times[i], b->N);
      }
  }
  lmx_check_result *r = lmx_verdict_new(results, claim->id, claim->statement);
  conclude(e, &w, r);
  suspend_for_euler(e, r);
}

/* --- Euler steps of (1.7) and (1.8) ------------------------------------------
 */

/* Means of (v_a)^2 and of (p_a)^2. */
typedef struct second_moments {
  double T[LMX_PARTICLE_MAX_DIMENSION], Q[LMX_PARTICLE_MAX_DIMENSION];
} second_moments;

/* One Euler step of (1.3), of which (1.7) and (1.8) with independent noises
 * are other forms, moves the second moments by exactly this: math.md (51). */
static void euler_step(int d, double N, double h, second_moments *x)
{
  double C[LMX_PARTICLE_MAX_DIMENSION], trace = 0.0;
  for (int a = 0; a < d; ++a) {
    C[a] = x->T[a] - x->Q[a];
    trace += C[a];
  }
  for (int a = 0; a < d; ++a) {
    double drift = 2.0 * (d - 1) * h;
    x->T[a] += 4.0 * h * (trace - d * C[a]) + drift * drift * C[a];
    x->Q[a] += 4.0 * h / N * (trace - C[a]);
  }
}

/* Compares energy, |p|^2 and temperatures of a batch at the i-th time. */
static void compare_second(const lmx_experiment *e, const lmx_batch *b,
                           size_t i, const second_moments *x, worst *w)
{
  const double *mean = b->mean + i * e->seen, *error = b->error + i * e->seen;
  size_t d = (size_t)lmx_initial_model(e->initial)->d;
  double energy = 0.0, drift = 0.0;
  for (size_t a = 0; a < d; ++a) {
    size_t q = LMX_SEEN_MOMENTUM + d + a;
    compare(w, mean[q], error[q], x->T[a], e->times[i], b->N);
    energy += x->T[a];
    drift += x->Q[a];
  }
  compare(w, mean[LMX_SEEN_ENERGY], error[LMX_SEEN_ENERGY], energy, e->times[i],
          b->N);
  compare(w, mean[LMX_SEEN_DRIFT], error[LMX_SEEN_DRIFT], drift, e->times[i],
          b->N);
}

static void judge_pairs(const lmx_experiment *e, lmx_particle_system system,
                        const char *id, const char *statement,
                        lmx_check_results *results)
{
  const lmx_model *model = lmx_initial_model(e->initial);
  worst w = {0};
  if (lmx_experiment_find(e, system, 0) == NULL)
    return;
  for (size_t k = 0; k < e->spec.nnumbers; ++k) {
    second_moments x;
    const lmx_batch *b = lmx_experiment_find(e, system, k);
    double N = (double)b->N;
    for (int a = 0; a < model->d; ++a) {
      x.T[a] = lmx_model_temperature(model, a, 0.0);
      x.Q[a] = x.T[a] / N;
    }
    for (size_t i = 1; i < e->spec.ntimes; ++i) {
      size_t steps = lmx_experiment_steps(e, i);
      double h = (e->times[i] - e->times[i - 1]) / (double)steps;
      for (size_t n = 0; n < steps; ++n)
        euler_step(model->d, N, h, &x);
      compare_second(e, b, i, &x, &w);
    }
  }
  conclude(e, &w, lmx_verdict_new(results, id, statement));
}

void lmx_judge_pair_moments(const lmx_experiment *e, lmx_check_results *results)
{
  judge_pairs(e, LMX_SYSTEM_FGM, "moments-1.7",
              "The second moments of (1.7) are those of (1.3) for Euler steps "
              "of the same length, which are known exactly.",
              results);
  judge_pairs(e, LMX_SYSTEM_LANDAU, "moments-1.8",
              "The second moments of (1.8) with noises independent for every "
              "pair are those of (1.3) for Euler steps of the same length, "
              "which are known exactly.",
              results);
}

/* --- Proposition A.1 --------------------------------------------------------
 */

/* Largest M_p(t) / bound over N and t for p = 3, 4, 6; the printed bound, or
 * for p = 4 alone ((d+2)/d) exp(8 (d-1) t / (d N)). */
static void judge_growth(const lmx_experiment *e, bool sharp,
                         lmx_check_result *r)
{
  static const struct {
    int p;
    size_t index;
  } powers[] = {{3, LMX_SEEN_M3}, {4, LMX_SEEN_M4}, {6, LMX_SEEN_M6}};
  int d = lmx_initial_model(e->initial)->d;
  double largest = 0.0, error = 0.0;
  size_t comparisons = 0;
  for (size_t k = 0; k < e->spec.nnumbers; ++k)
    for (size_t i = 0; i < e->spec.ntimes; ++i)
      for (size_t j = 0; j < 3; ++j) {
        const lmx_batch *b = lmx_experiment_find(e, LMX_SYSTEM_FOURNIER, k);
        int p = powers[j].p;
        double t = e->times[i], N = (double)b->N;
        double factor = pow((p + d - 3) / (double)(d - 1), 0.5 * p) *
                        exp(p * (p - 2) * t / N);
        if (sharp && p != 4)
          continue;
        if (sharp)
          factor = (d + 2) / (double)d * exp(8.0 * (d - 1) * t / (d * N));
        double ratio = b->mean[i * e->seen + powers[j].index] /
                       (factor * b->mean[powers[j].index]);
        ++comparisons;
        if (ratio <= largest)
          continue;
        largest = ratio;
        error = ratio * (b->error[i * e->seen + powers[j].index] /
                             b->mean[i * e->seen + powers[j].index] +
                         b->error[powers[j].index] / b->mean[powers[j].index]);
        r->t = t;
      }
  decide(r, largest, 1.0);
  double bound = critical(comparisons, e->spec.replicas);
  if (fabs(largest - 1.0) <= bound * error)
    r->status = LMX_INFO;
  r->has_where = true;
  lmx_verdict_note(
      r,
      "Value: the largest ratio of the two sides over N and t "
      "(+- %.2g), M_p(0) from the same particles. Decided where it is "
      "more than %.3g of these errors from 1.",
      error, bound);
  suspend_for_few(e, r);
  suspend_for_euler(e, r);
}

lmx_status lmx_judge_moments(lmx_context *context, const lmx_experiment *e,
                             lmx_check_results *results)
{
  static const moment_claim claims[] = {
      {"lln-2.5", "The mean of X, the left side of (2.5), is the exact one.",
       LMX_SEEN_LLN, exact_lln},
      {"energy", "The mean of (1/N) sum |v^i|^2 stays d.", LMX_SEEN_ENERGY,
       NULL},
      {"momentum", "The mean of |(1/N) sum v^i|^2 is the exact one.",
       LMX_SEEN_DRIFT, exact_drift},
      {"moment-4", "The mean of |v^1|^4 is the exact one.", LMX_SEEN_M4,
       exact_fourth}};
  int d = lmx_initial_model(e->initial)->d;
  moment_claim temperatures = {
      "temperatures",
      "The means of (1/N) sum (v^i_a)^2, a = 1 .. d, are the exact Psi_a.",
      LMX_SEEN_MOMENTUM + (size_t)d, exact_temperature};
  lmx_hierarchy_values *exact;
  if (lmx_experiment_find(e, LMX_SYSTEM_FOURNIER, 0) == NULL)
    return LMX_OK;
  LMX_TRY(lmx_experiment_exact(context, e, &exact));
  for (size_t k = 0; k < sizeof claims / sizeof *claims; ++k)
    judge(e, exact, &claims[k], 1, results);
  judge(e, exact, &temperatures, d, results);
  lmx_free(exact);
  judge_growth(e, false,
               lmx_verdict_new(results, "prop-A.1",
                               "M_p(t) <= M_p(0) ((p+d-3)/(d-1))^{p/2} exp(p "
                               "(p-2) t/N), p = 3, 4, 6."));
  judge_growth(e, true,
               lmx_verdict_new(results, "prop-A.1-sharp",
                               "M_4(t) <= ((d+2)/d) M_4(0) exp(8 (d-1) t/(d "
                               "N)), a sharper form of Proposition A.1."));
  return LMX_OK;
}

/* --- conservation ------------------------------------------------------------
 */

static double largest_gap(const lmx_experiment *e, lmx_particle_system system,
                          size_t offset, double *turns)
{
  double gap = 0.0;
  for (size_t k = 0; k < e->spec.nnumbers; ++k) {
    const lmx_batch *b = lmx_experiment_find(e, system, k);
    double here;
    memcpy(&here, (const char *)b + offset, sizeof here);
    gap = fmax(gap, here);
    *turns = fmax(*turns, (double)b->steps * (double)b->N);
  }
  return gap;
}

/* Every turn may round each velocity by a few units. */
static void judge_gap(const lmx_experiment *e, lmx_particle_system system,
                      size_t offset, const char *id, const char *statement,
                      lmx_check_results *results)
{
  double turns = 0.0;
  double gap = largest_gap(e, system, offset, &turns);
  lmx_check_result *r = lmx_verdict_new(results, id, statement);
  decide(r, gap, 8.0 * 0x1p-52 * (turns + 1.0));
  lmx_verdict_note(r,
                   "Largest deviation over all replicas and times; the bound "
                   "is 8 units of rounding for each of %.0f turns.",
                   turns);
}

void lmx_judge_invariants(const lmx_experiment *e, lmx_check_results *results)
{
  if (lmx_experiment_find(e, LMX_SYSTEM_KAC, 0) != NULL) {
    judge_gap(e, LMX_SYSTEM_KAC, offsetof(lmx_batch, momentum_gap),
              "kac-momentum",
              "The Kac-type system of Remark 1.5 conserves (1/N) sum v^i on "
              "every path.",
              results);
    judge_gap(e, LMX_SYSTEM_KAC, offsetof(lmx_batch, energy_gap), "kac-energy",
              "The Kac-type system of Remark 1.5 conserves (1/N) sum |v^i|^2 "
              "on every path (relative deviation).",
              results);
  }
  if (lmx_experiment_find(e, LMX_SYSTEM_LANDAU_PRINTED, 0) != NULL)
    judge_gap(e, LMX_SYSTEM_LANDAU_PRINTED, offsetof(lmx_batch, spread_gap),
              "printed-1.8-collapse",
              "With the noises of (1.8) as printed the empirical variance "
              "decays like exp(-2 (d-1) t) on every path (deviation "
              "over (1/N) sum |v^i|^2).",
              results);
}
