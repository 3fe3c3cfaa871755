/* From sums over distinct particles to power sums, by Moebius inversion over
 * the ways of letting particles coincide. */
#include "moment/statistic.h"

#include <math.h>

enum {
  DEGREE = LMX_RING_DEGREE,
  ORDERS = LMX_STATISTIC_ORDERS,
  TABLES = LMX_STATISTIC_TABLES
};

void lmx_spaces_clear(lmx_spaces *spaces)
{
  lmx_system_destroy(&spaces->second);
  lmx_system_destroy(&spaces->third);
  lmx_system_destroy(&spaces->fourth);
}

lmx_status lmx_spaces_create(lmx_context *context, int d, lmx_spaces *out)
{
  lmx_spaces s = {.d = d};
  lmx_status status;
  LMX_TRY_GOTO(
      lmx_system_create(context, d, 2, LMX_STATISTIC_LABELS, true, &s.second),
      fail);
  LMX_TRY_GOTO(
      lmx_system_create(context, d, 3, LMX_STATISTIC_LABELS, false, &s.third),
      fail);
  LMX_TRY_GOTO(
      lmx_system_create(context, d, 4, LMX_STATISTIC_LABELS, true, &s.fourth),
      fail);
  *out = s;
  return LMX_OK;
fail:
  lmx_spaces_clear(&s);
  return status;
}

void lmx_statistic_clear(lmx_statistic *statistic)
{
  lmx_free(statistic->second);
  lmx_free(statistic->third);
  lmx_free(statistic->fourth);
  statistic->second = statistic->third = statistic->fourth = NULL;
}

lmx_status lmx_statistic_open(lmx_context *context, const lmx_spaces *spaces,
                              lmx_statistic *out)
{
  lmx_statistic s = {.spaces = spaces, .context = context};
  lmx_status status;
  LMX_TRY_GOTO(
      LMX_NEW_ARRAY(context, TABLES * spaces->second->basis->n, &s.second),
      fail);
  LMX_TRY_GOTO(
      LMX_NEW_ARRAY(context, TABLES * spaces->third->basis->n, &s.third), fail);
  LMX_TRY_GOTO(
      LMX_NEW_ARRAY(context, TABLES * spaces->fourth->basis->n, &s.fourth),
      fail);
  *out = s;
  return LMX_OK;
fail:
  lmx_statistic_clear(&s);
  return status;
}

/* Adds c P_1 P_2 .. to the functional `table`. */
static void add_monomial(lmx_statistic *s, double c, int table,
                         const lmx_monomial *monomial)
{
  const lmx_system *system = s->spaces->fourth;
  double *functional = s->fourth;
  int degree = lmx_monomial_degree(monomial);
  if (degree == 0) {
    s->constant[table] += c;
    return;
  }
  if (degree == 2) {
    system = s->spaces->second;
    functional = s->second;
  } else if (degree == 3) {
    system = s->spaces->third;
    functional = s->third;
  }
  lmx_status status =
      lmx_system_add(s->context, system, c, monomial,
                     functional + (size_t)table * system->basis->n);
  if (s->status == LMX_OK)
    s->status = status;
}

typedef struct coincidence {
  lmx_statistic *statistic;
  int power, n;
  const lmx_word *words;
  lmx_word groups[DEGREE];
  int sizes[DEGREE];
} coincidence;

/* Particle `next` joins one of the groups of coinciding particles or begins
 * one; a partition has the weight prod (-1)^{size-1} (size-1)!. */
static void partition(coincidence *p, int next, int groups, double weight)
{
  if (next == p->n) {
    lmx_monomial monomial = {0};
    for (int g = 0; g < groups; ++g)
      lmx_monomial_multiply(&monomial, &p->groups[g]);
    add_monomial(p->statistic, weight, p->power * ORDERS + p->n - groups,
                 &monomial);
    return;
  }
  const lmx_word *word = &p->words[next];
  for (int g = 0; g <= groups && g < DEGREE; ++g) {
    lmx_word before = g < groups ? p->groups[g] : (lmx_word){0};
    int size = g < groups ? p->sizes[g] : 0;
    p->groups[g] = before;
    p->sizes[g] = size + 1;
    for (int i = 0; i < word->n; ++i)
      lmx_word_append(&p->groups[g], word->axis[i]);
    partition(p, next + 1, g < groups ? groups : groups + 1,
              size > 0 ? -weight * size : weight);
    p->groups[g] = before;
    p->sizes[g] = size;
  }
}

void lmx_statistic_add(lmx_statistic *statistic, double c, int power, int n,
                       const lmx_word *words)
{
  coincidence p = {
      .statistic = statistic, .power = power, .n = n, .words = words};
  partition(&p, 0, 0, c);
}

void lmx_statistic_add_constant(lmx_statistic *statistic, double c, int power)
{
  statistic->constant[power * ORDERS] += c;
}

lmx_status lmx_statistic_close(lmx_statistic *statistic)
{
  const lmx_spaces *spaces = statistic->spaces;
  for (size_t table = 0; table < TABLES; ++table) {
    lmx_system_functional(spaces->second,
                          statistic->second + table * spaces->second->basis->n);
    lmx_system_functional(spaces->third,
                          statistic->third + table * spaces->third->basis->n);
    lmx_system_functional(spaces->fourth,
                          statistic->fourth + table * spaces->fourth->basis->n);
  }
  return statistic->status;
}

/* --- values ----------------------------------------------------------- */

typedef struct sums {
  double value, limit, size;
} sums;

static void add(double term, double *sum, double *size)
{
  *sum += term;
  *size += fabs(term);
}

/* N times w N^{-order} functional . (y + z/N), where at order 0 the part of y
 * belongs to the limit. */
static void add_terms(size_t n, double w, int order, double inverse,
                      const double *functional, const double *y,
                      const double *z, sums *s)
{
  double scale = w * pow(inverse, order);
  double more = order > 0 ? w * pow(inverse, order - 1) : 0.0;
  for (size_t i = 0; i < n; ++i) {
    if (functional[i] == 0.0)
      continue;
    if (order == 0)
      s->limit += w * functional[i] * y[i];
    add(scale * functional[i] * z[i], &s->value, &s->size);
    add(more * functional[i] * y[i], &s->value, &s->size);
  }
}

double lmx_statistic_value(const lmx_statistic *statistic,
                           const lmx_state *state, double *limit, double *size)
{
  static const double one = 1.0, zero = 0.0;
  size_t n2 = statistic->spaces->second->basis->n;
  size_t n3 = statistic->spaces->third->basis->n;
  size_t n4 = statistic->spaces->fourth->basis->n;
  sums s = {0};
  for (size_t table = 0; table < TABLES; ++table) {
    int order = (int)(table % ORDERS);
    double w = pow(state->E, (int)(table / ORDERS));
    add_terms(1, w, order, state->inverse, &statistic->constant[table], &one,
              &zero, &s);
    add_terms(n2, w, order, state->inverse, statistic->second + table * n2,
              state->second, state->second + n2, &s);
    add_terms(n3, w, order, state->inverse, statistic->third + table * n3,
              state->third, state->third + n3, &s);
    add_terms(n4, w, order, state->inverse, statistic->fourth + table * n4,
              state->fourth, state->fourth + n4, &s);
  }
  *limit = s.limit;
  *size = s.size;
  return s.value;
}
