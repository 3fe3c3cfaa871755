/* Theorem 1.7 and Corollary 1.9 for several N: table and results. */
#include <math.h>
#include <stdio.h>

#include "landaumax/moment.h"

static const char thm_1_7[] =
    "Theorem 1.7: H_N(t) <= C (1 + T^{5/2}) / sqrt(N)";
static const char cor_1_9[] =
    "Corollary 1.9: ||F_{N,k} - f^k||_{L1} <= C (1 + T^{5/4}) / N^{1/4}";

typedef struct work {
  lmx_context *context;
  const lmx_moment_data *data;
  const lmx_hessian_growth *growth;
  size_t n;
  const double *N;
  double *bound, *lower, *upper; /* [growth->n] */
  bool maxwellian;
  double worst, worst_t, worst_N; /* sqrt(N) bound / (1 + t^{5/2}) */
  double L1, L1_t, L1_N;          /* N^{1/4} sqrt(2 H) / (1 + t^{5/4}) */
  double gap, gap_t, gap_N;       /* largest lower / upper */
  lmx_check_results *results;
} work;

static void keep(double value, double t, double N, double *most, double *at_t,
                 double *at_N)
{
  if (!(value > *most))
    return;
  *most = value;
  *at_t = t;
  *at_N = N;
}

static lmx_status add_rows(work *w, double N, lmx_table *table)
{
  for (size_t i = 0; i < w->growth->n; ++i) {
    double t = w->growth->times[i], H = w->bound[i] / sqrt(N);
    double lower = NAN, upper = NAN;
    if (w->maxwellian) {
      lower = w->lower[i];
      upper = w->upper[i];
      keep(t > 0.0 ? lower / fmin(upper, sqrt(N) * w->bound[i]) : 0.0, t, N,
           &w->gap, &w->gap_t, &w->gap_N);
    }
    keep(w->bound[i] / (1.0 + pow(t, 2.5)), t, N, &w->worst, &w->worst_t,
         &w->worst_N);
    keep(sqrt(2.0 * w->bound[i]) / (1.0 + pow(t, 1.25)), t, N, &w->L1, &w->L1_t,
         &w->L1_N);
    const double row[] = {t,           N,    w->growth->B[i],
                          w->bound[i], H,    fmin(2.0, sqrt(2.0 * H)),
                          lower,       upper};
    LMX_TRY(lmx_table_add(w->context, table, row));
  }
  return lmx_table_break(w->context, table);
}

static lmx_status fill(work *w)
{
  lmx_table *table;
  size_t n = w->growth->n;
  LMX_TRY(LMX_NEW_ARRAY(w->context, 1, &w->results));
  LMX_TRY(LMX_NEW_ARRAY(w->context, 3, &w->results->items));
  if (w->growth->unbounded != NULL)
    return LMX_OK;
  LMX_TRY(LMX_NEW_ARRAY(w->context, n, &w->bound));
  LMX_TRY(LMX_NEW_ARRAY(w->context, n, &w->lower));
  LMX_TRY(LMX_NEW_ARRAY(w->context, n, &w->upper));
  LMX_TRY(LMX_NEW_ARRAY(w->context, 1, &w->results->tables));
  LMX_TRY(lmx_table_create(
      w->context, "entropy_bound",
      "Theorem 1.7 as a number: bounds of H_N and of the L1 distance; f0 = M: "
      "known bounds of N H_N",
      "t,N,B,sqrt(N) bound of H_N,bound of H_N,bound of L1 (k=1),N H_N at "
      "least,N H_N at most",
      &table));
  w->results->tables[0] = table;
  w->results->ntables = 1;
  for (size_t k = 0; k < w->n; ++k) {
    LMX_TRY(
        lmx_entropy_bound(w->context, w->data, w->N[k], w->growth, w->bound));
    if (w->maxwellian)
      LMX_TRY(lmx_maxwellian_entropy(w->context, w->data->d, w->N[k], n,
                                     w->growth->times, w->lower, w->upper));
    LMX_TRY(add_rows(w, w->N[k], table));
  }
  return LMX_OK;
}

/* --- results ---------------------------------------------------------- */

static lmx_check_result *next(work *w, const char *id, const char *statement,
                              double value, double t)
{
  lmx_check_result *r = &w->results->items[w->results->n++];
  *r = (lmx_check_result){.id = id,
                          .statement = statement,
                          .status = LMX_INFO,
                          .value = value,
                          .bound = NAN,
                          .slack = NAN,
                          .has_where = true,
                          .t = t};
  for (int a = 0; a < LMX_MAX_DIMENSION; ++a)
    r->v[a] = NAN;
  return r;
}

static void say_inputs(const work *w, char *out, size_t n)
{
  if (!isfinite(w->growth->radius))
    snprintf(out, n, "The moments and B(s) are exact, here f = M.");
  else
    snprintf(out, n,
             "The moments are exact; B(s) = sup |Hess f / f| / (1+s+|v|^2) is "
             "sampled on |v| <= %.4g of a computed solution%s, between output "
             "times the larger neighbour: evidence, not proof.",
             w->growth->radius,
             w->growth->start_on_space ? " and over R^d at s = 0" : "");
}

/* "N = 10" */
static const char *say_N(double N, char out[32])
{
  snprintf(out, 32, isfinite(N) ? "N = %.6g" : "N = infinity", N);
  return out;
}

/* Without a finite B there is no number. */
static void conclude_without(work *w)
{
  static const char *const statements[2][2] = {{"thm-1.7", thm_1_7},
                                               {"cor-1.9", cor_1_9}};
  for (int i = 0; i < 2; ++i) {
    lmx_check_result *r = next(w, statements[i][0], statements[i][1], NAN, NAN);
    r->has_where = false;
    snprintf(r->note, sizeof r->note,
             "No number: B(s) = sup |Hess f / f| / (1+s+|v|^2) over R^d is "
             "infinite or not known to be finite. %s",
             w->growth->unbounded);
  }
}

static void conclude(work *w)
{
  char inputs[300], at[32];
  say_inputs(w, inputs, sizeof inputs);
  lmx_check_result *r = next(w, "thm-1.7", thm_1_7, w->worst, w->worst_t);
  snprintf(r->note, sizeof r->note,
           "Largest sqrt(N) bound / (1 + t^{5/2}), at %s: a constant C "
           "that serves for these N and times with this B, the bound being "
           "int_0^t "
           "sqrt(X_N Y_N). %s",
           say_N(w->worst_N, at), inputs);
  r = next(w, "cor-1.9", cor_1_9, w->L1, w->L1_t);
  snprintf(r->note, sizeof r->note,
           "Largest N^{1/4} sqrt(2 H) / (1 + t^{5/4}), H the bound of H_N, at "
           "%s, for k = 1; times sqrt(k) for others. %s",
           say_N(w->L1_N, at), inputs);
  if (!w->maxwellian)
    return;
  r = next(w, "thm-1.7-maxwellian",
           "f0 = M: the known lower bound of N H_N stays below the upper one "
           "and below Theorem 1.7 as a number",
           w->gap, w->gap_t);
  r->bound = 1.0;
  r->slack = 1.0 - w->gap;
  r->status = w->gap <= 1.0 ? LMX_HOLDS : LMX_FAILS;
  snprintf(r->note, sizeof r->note,
           "Largest quotient lower / upper, at %s. Both are bounded in "
           "N: the true rate is 1/N here, not the printed N^{-1/2}.",
           say_N(w->gap_N, at));
}

lmx_status lmx_theorem_1_7_run(lmx_context *context,
                               const lmx_moment_data *data, size_t n,
                               const double *N,
                               const lmx_hessian_growth *growth,
                               lmx_check_results **out)
{
  work w = {.context = context,
            .data = data,
            .growth = growth,
            .n = n,
            .N = N,
            .maxwellian = !isfinite(growth->radius)};
  if (growth->n < 2 || growth->times[0] != 0.0)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "theorem 1.7: B(s) is needed at t = 0 and later");
  lmx_status status = fill(&w);
  if (status == LMX_OK && growth->unbounded != NULL)
    conclude_without(&w);
  else if (status == LMX_OK)
    conclude(&w);
  lmx_free(w.bound);
  lmx_free(w.lower);
  lmx_free(w.upper);
  if (status != LMX_OK)
    lmx_check_results_destroy(&w.results);
  else
    *out = w.results;
  return status;
}
