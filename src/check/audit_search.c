/* Random points, local searches, and failures made simple. */
#include <string.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>
#include <gsl/gsl_randist.h>

#include "check/audit_internal.h"

double lmx_audit_miss(lmx_context *context, const lmx_audit_entry *entry,
                      lmx_audit_space *space, const double *x)
{
  if (!lmx_audit_place(context, space, x))
    return NAN;
  if (entry->sides != NULL) {
    lmx_side left, right;
    entry->sides(space->point, &left, &right);
    return lmx_side_residual(left, right);
  }
  double excess = entry->ratio(space->point) - entry->constant(space->d);
  return entry->lower ? -excess : excess;
}

/* Search variables of a random point: some far out, some near zero, and some
 * with most of them zero, for extremes are often simple. */
static void draw(gsl_rng *rng, size_t n, double *y)
{
  double width = exp(0.5 * gsl_ran_gaussian(rng, 1.0));
  double kept = gsl_rng_uniform(rng) < 0.5 ? 1.0 : gsl_rng_uniform(rng);
  for (size_t i = 0; i < n; ++i) {
    y[i] = width * gsl_ran_gaussian(rng, 1.0);
    if (gsl_rng_uniform(rng) > kept)
      y[i] = 0.0;
  }
}

double lmx_audit_sample(lmx_context *context, const lmx_audit_entry *entry,
                        lmx_audit_space *space, gsl_rng *rng, size_t count,
                        double *x)
{
  double worst = -INFINITY;
  double *y = x + space->n, *trial = y + space->n; /* x has 3 n places */
  for (size_t k = 0; k < count; ++k) {
    draw(rng, space->n, y);
    lmx_audit_map(space, y, trial);
    double miss = lmx_audit_miss(context, entry, space, trial);
    if (miss > worst) {
      worst = miss;
      memcpy(x, trial, space->n * sizeof *x);
    }
  }
  return worst;
}

/* --- local searches ------------------------------------------------------ */

/* What the minimisers see. */
typedef struct objective {
  lmx_context *context;
  const lmx_audit_entry *entry;
  lmx_audit_space *space;
  double *x; /* [n] */
  double *y; /* [n] */
} objective;

static double value_at(objective *o, const double *y)
{
  lmx_audit_map(o->space, y, o->x);
  double miss = lmx_audit_miss(o->context, o->entry, o->space, o->x);
  return isfinite(miss) ? -miss : 1e10;
}

static double negative_miss(const gsl_vector *y, void *parameters)
{
  objective *o = parameters;
  for (size_t i = 0; i < o->space->n; ++i)
    o->y[i] = gsl_vector_get(y, i);
  return value_at(o, o->y);
}

/* Central differences: the ratios are smooth, and second derivatives of size
 * one leave some nine digits. */
static void slope(const gsl_vector *y, void *parameters, gsl_vector *out)
{
  const double step = 1e-5;
  objective *o = parameters;
  for (size_t i = 0; i < o->space->n; ++i)
    o->y[i] = gsl_vector_get(y, i);
  for (size_t i = 0; i < o->space->n; ++i) {
    double yi = o->y[i], h = step * fmax(1.0, fabs(yi));
    o->y[i] = yi + h;
    double right = value_at(o, o->y);
    o->y[i] = yi - h;
    gsl_vector_set(out, i, 0.5 * (right - value_at(o, o->y)) / h);
    o->y[i] = yi;
  }
}

static void value_and_slope(const gsl_vector *y, void *parameters,
                            double *value, gsl_vector *out)
{
  *value = negative_miss(y, parameters);
  slope(y, parameters, out);
}

/* Descends from y to where the gradient is lost in rounding; restarts once,
 * for the line search gives up early in curved valleys. */
static void descend(objective *o, gsl_multimin_fdfminimizer *bfgs,
                    gsl_vector *y)
{
  enum { ROUNDS = 3, STEPS = 120 };
  gsl_multimin_function_fdf f;
  f.f = negative_miss;
  f.df = slope;
  f.fdf = value_and_slope;
  f.n = o->space->n;
  f.params = o;
  for (int round = 0; round < ROUNDS; ++round) {
    if (gsl_multimin_fdfminimizer_set(bfgs, &f, y, 0.1, 0.1) != GSL_SUCCESS)
      return;
    for (int step = 0; step < STEPS; ++step)
      if (gsl_multimin_fdfminimizer_iterate(bfgs) != GSL_SUCCESS ||
          gsl_multimin_test_gradient(bfgs->gradient, 1e-7) == GSL_SUCCESS)
        break;
    gsl_vector_memcpy(y, bfgs->x);
  }
}

/* A simplex afterwards, in few dimensions: it needs no derivatives. */
static void polish(objective *o, gsl_multimin_fminimizer *simplex,
                   gsl_vector *y, gsl_vector *steps)
{
  enum { STEPS = 1000 };
  gsl_multimin_function f;
  f.f = negative_miss;
  f.n = o->space->n;
  f.params = o;
  gsl_vector_set_all(steps, 0.05);
  if (gsl_multimin_fminimizer_set(simplex, &f, y, steps) != GSL_SUCCESS)
    return;
  for (int step = 0; step < STEPS; ++step)
    if (gsl_multimin_fminimizer_iterate(simplex) != GSL_SUCCESS)
      break;
  gsl_vector_memcpy(y, simplex->x);
}

typedef struct minimisers {
  gsl_multimin_fdfminimizer *bfgs;
  gsl_multimin_fminimizer *simplex;
  gsl_vector *y, *steps;
} minimisers;

static void minimisers_free(minimisers *m)
{
  if (m->bfgs != NULL)
    gsl_multimin_fdfminimizer_free(m->bfgs);
  if (m->simplex != NULL)
    gsl_multimin_fminimizer_free(m->simplex);
  gsl_vector_free(m->y);
  gsl_vector_free(m->steps);
}

static lmx_status minimisers_init(lmx_context *context, size_t n, minimisers *m)
{
  *m = (minimisers){.bfgs = gsl_multimin_fdfminimizer_alloc(
                        gsl_multimin_fdfminimizer_vector_bfgs2, n),
                    .simplex = gsl_multimin_fminimizer_alloc(
                        gsl_multimin_fminimizer_nmsimplex2, n),
                    .y = gsl_vector_alloc(n),
                    .steps = gsl_vector_alloc(n)};
  if (m->bfgs != NULL && m->simplex != NULL && m->y != NULL && m->steps != NULL)
    return LMX_OK;
  minimisers_free(m);
  return lmx_fail(context, LMX_ERR_MEMORY, "out of memory: search");
}

/* The best of a few random points as a start. */
static void start(objective *o, gsl_rng *rng, size_t count, gsl_vector *y)
{
  double best = INFINITY;
  for (size_t k = 0; k < count; ++k) {
    draw(rng, o->space->n, o->y);
    double value = value_at(o, o->y);
    if (k > 0 && !(value < best))
      continue;
    best = value;
    for (size_t i = 0; i < o->space->n; ++i)
      gsl_vector_set(y, i, o->y[i]);
  }
}

lmx_status lmx_audit_search(lmx_context *context, const lmx_audit_entry *entry,
                            lmx_audit_space *space, gsl_rng *rng,
                            const lmx_audit_options *options, double *miss,
                            double *x)
{
  enum { SIMPLEX_MOST = 32, TURNS = 2 };
  minimisers m;
  size_t n = space->n;
  objective o = {.context = context,
                 .entry = entry,
                 .space = space,
                 .x = x + n,
                 .y = x + 2 * n}; /* x has 3 n places */
  *miss = -INFINITY;
  LMX_TRY(minimisers_init(context, n, &m));
  size_t each = 1 + options->jets / options->starts;
  for (size_t k = 0; k < options->starts; ++k) {
    if (lmx_context_interrupted(context)) {
      minimisers_free(&m);
      return lmx_fail(context, LMX_INTERRUPTED, "interrupted");
    }
    start(&o, rng, each, m.y);
    descend(&o, m.bfgs, m.y);
    for (int turn = 0; turn < TURNS && n <= SIMPLEX_MOST; ++turn) {
      polish(&o, m.simplex, m.y, m.steps);
      descend(&o, m.bfgs, m.y);
    }
    double found = -negative_miss(m.y, &o);
    if (found > *miss) {
      *miss = found;
      memcpy(x, o.x, n * sizeof *x);
    }
  }
  minimisers_free(&m);
  return LMX_OK;
}

/* --- witnesses ------------------------------------------------------------ */

static bool still_fails(lmx_context *context, const lmx_audit_entry *entry,
                        lmx_audit_space *space, const double *x)
{
  return lmx_audit_miss(context, entry, space, x) > LMX_AUDIT_CLEAR;
}

static bool try_value(lmx_context *context, const lmx_audit_entry *entry,
                      lmx_audit_space *space, double *x, size_t i, double value)
{
  double old = x[i];
  if (old == value)
    return true;
  x[i] = value;
  if (still_fails(context, entry, space, x))
    return true;
  x[i] = old;
  return false;
}

/* Without minus signs, if that fails too. */
static void try_positive(lmx_context *context, const lmx_audit_entry *entry,
                         lmx_audit_space *space, double *x, double *old)
{
  memcpy(old, x, space->n * sizeof *x);
  for (size_t i = 0; i < space->n; ++i)
    x[i] = fabs(x[i]);
  if (!still_fails(context, entry, space, x))
    memcpy(x, old, space->n * sizeof *x);
}

/* D is traceless, so it is zeroed as a whole or not at all. */
static void try_isotropic(lmx_context *context, const lmx_audit_entry *entry,
                          lmx_audit_space *space, double *x)
{
  double old[LMX_MAX_DIMENSION];
  size_t first, count = lmx_audit_block(space, 'D', &first);
  memcpy(old, x + first, count * sizeof *x);
  for (size_t a = 0; a < count; ++a)
    x[first + a] = 0.0;
  if (count > 0 && !still_fails(context, entry, space, x))
    memcpy(x + first, old, count * sizeof *x);
}

void lmx_audit_simplify(lmx_context *context, const lmx_audit_entry *entry,
                        lmx_audit_space *space, double *x)
{
  static const double simple[] = {0.0, 1.0, -1.0, 0.5, -0.5};
  size_t first, count = lmx_audit_block(space, 'D', &first);
  if (!still_fails(context, entry, space, x))
    return;
  try_isotropic(context, entry, space, x);
  for (size_t s = 0; s < sizeof simple / sizeof *simple; ++s)
    for (size_t i = space->n; i-- > 0;)
      if (i < first || i >= first + count)
        if (x[i] != 0.0 && x[i] != 1.0 && x[i] != -1.0 && fabs(x[i]) != 0.5)
          try_value(context, entry, space, x, i, simple[s]);
  for (size_t i = 0; i < space->n; ++i)
    if (i < first || i >= first + count)
      try_value(context, entry, space, x, i, 0.5 * rint(2.0 * x[i]));
  try_positive(context, entry, space, x, x + space->n);
}

/* 1 before -1 before anything else. */
static double plainness(double x)
{
  return x == 1.0 ? 0.0 : x == -1.0 ? 1.0 : 2.0 + fabs(x - 0.25);
}

bool lmx_audit_simpler(size_t n, const double *x, const double *other)
{
  size_t entries = 0, others = 0;
  for (size_t i = 0; i < n; ++i) {
    entries += x[i] != 0.0;
    others += other[i] != 0.0;
  }
  if (entries != others)
    return entries < others;
  for (size_t i = 0; i < n; ++i) {
    if ((x[i] != 0.0) != (other[i] != 0.0))
      return x[i] != 0.0;
    if (x[i] != other[i])
      return plainness(x[i]) < plainness(other[i]);
  }
  return false;
}
