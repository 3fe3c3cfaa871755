/* Iterated integrals of exponentials are divided differences of exp(t x) in
 * x: int_0^t e^{a(t-s)} [x_1 .. x_k] e^{s x} ds = [a, x_1 .. x_k] e^{t x}. And
 * the divided difference with nodes x_1 .. x_k is the upper right entry of
 * exp(t B), B with the nodes on its diagonal and ones above it. */
#include "moment/bound.h"

#include <math.h>

#include "moment/ladder.h"

enum { NODES = 4 };

/* Multiples of l = 8/N and of c = 4 d. */
typedef struct node {
  int l, c;
} node;

/* X(symbol, number of nodes, nodes) */
#define INTEGRAL_LIST(X)                                                       \
  X(I1, 2, {{1, 0}, {0, 0}})                                                   \
  X(I2, 3, {{1, 0}, {0, 0}, {0, 0}})                                           \
  X(J1, 3, {{1, -1}, {0, -1}, {0, 0}})                                         \
  X(J2, 4, {{1, -1}, {0, -1}, {0, -1}, {0, 0}})                                \
  X(G4_SOURCE, 2, {{1, 0}, {0, -1}})                                           \
  X(G4_INTEGRAL, 3, {{1, 0}, {0, -1}, {0, 0}})

typedef enum {
#define INTEGRAL_ENUM(symbol, n, ...) symbol,
  INTEGRAL_LIST(INTEGRAL_ENUM)
#undef INTEGRAL_ENUM
      INTEGRALS
} integral;

static const struct {
  int n;
  node nodes[NODES];
} integrals[INTEGRALS] = {
#define INTEGRAL_ROW(symbol, n, ...) [symbol] = {n, __VA_ARGS__},
    INTEGRAL_LIST(INTEGRAL_ROW)
#undef INTEGRAL_ROW
};

struct lmx_bounds {
  double d, l, c, N;
  double shift[INTEGRALS]; /* the largest node, taken out of the matrix */
  lmx_ladder *ladder[INTEGRALS];
};

const char *lmx_bound_text(lmx_bound bound)
{
  static const char *const texts[] = {
#define BOUND_TEXT(symbol, text) [symbol] = text,
      LMX_BOUND_LIST(BOUND_TEXT)
#undef BOUND_TEXT
  };
  return texts[bound];
}

void lmx_bounds_destroy(lmx_bounds **bounds)
{
  if (bounds == NULL || *bounds == NULL)
    return;
  for (int i = 0; i < INTEGRALS; ++i)
    lmx_ladder_destroy(&(*bounds)->ladder[i]);
  lmx_free(*bounds);
  *bounds = NULL;
}

static lmx_status create_ladder(lmx_context *context, lmx_bounds *b, int i,
                                double t_max)
{
  double B[NODES * NODES] = {0.0}, shift = -INFINITY;
  int n = integrals[i].n;
  for (int k = 0; k < n; ++k) {
    const node *x = &integrals[i].nodes[k];
    B[k * n + k] = x->l * b->l + x->c * b->c;
    shift = fmax(shift, B[k * n + k]);
  }
  for (int k = 0; k < n; ++k) {
    B[k * n + k] -= shift;
    if (k + 1 < n)
      B[k * n + k + 1] = 1.0;
  }
  b->shift[i] = shift;
  return lmx_ladder_create(context, (size_t)n, B, NULL, 0.0, t_max,
                           &b->ladder[i]);
}

lmx_status lmx_bounds_create(lmx_context *context, int d, double inverse,
                             double t_max, lmx_bounds **out)
{
  lmx_bounds *b;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &b));
  b->d = d;
  b->l = 8.0 * inverse;
  b->c = 4.0 * d;
  b->N = 1.0 / inverse;
  for (int i = 0; i < INTEGRALS; ++i) {
    lmx_status status = create_ladder(context, b, i, t_max);
    if (status != LMX_OK) {
      lmx_bounds_destroy(&b);
      return status;
    }
  }
  *out = b;
  return LMX_OK;
}

static double log_integral(const lmx_bounds *b, integral i, double t)
{
  double x[NODES] = {0.0}, work[2 * NODES];
  x[integrals[i].n - 1] = 1.0;
  lmx_ladder_apply(b->ladder[i], t, x, work);
  return log(x[0]) + b->shift[i] * t;
}

static double log_add(double x, double y)
{
  double most = fmax(x, y);
  return most == -INFINITY ? most : most + log1p(exp(fmin(x, y) - most));
}

double lmx_bounds_log(const lmx_bounds *bounds, lmx_bound bound, double t)
{
  const lmx_bounds *b = bounds;
#define L(name) log_integral(b, name, t)
  switch (bound) {
  case LMX_BOUND_I1:
    return L(I1);
  case LMX_BOUND_DECAYED_I2:
    return L(I2) - b->c * t;
  case LMX_BOUND_DECAYED_J2:
    return L(J2) - 2.0 * b->c * t;
  case LMX_BOUND_DECAYED_I1_I2:
    return log_add(L(I1), L(I2)) - b->c * t;
  case LMX_BOUND_I1_J1_J2:
    return log_add(L(I1), log_add(L(J1), L(J2)));
  case LMX_BOUND_I1_DECAYED_I2:
    return log_add(L(I1), L(I2) - b->c * t);
  case LMX_BOUND_DECAYED_I2_J2:
    return log_add(L(I2) - b->c * t, L(J2) - 2.0 * b->c * t);
  case LMX_BOUND_5_10:
    return log_add(lmx_bounds_log(b, LMX_BOUND_I1_J1_J2, t),
                   lmx_bounds_log(b, LMX_BOUND_DECAYED_I1_I2, t));
  case LMX_BOUND_5_11:
    return log_add(L(I1), log_add(lmx_bounds_log(b, LMX_BOUND_DECAYED_I1_I2, t),
                                  L(J2) - 2.0 * b->c * t));
  case LMX_BOUND_EXPONENTIAL:
    return b->l * t;
  case LMX_BOUND_LINEAR:
    return t <= b->N ? log1p(t) : NAN;
  case LMX_BOUND_G4:
    return log_add(L(G4_SOURCE), L(G4_INTEGRAL));
  case LMX_BOUND_A1_PRINTED:
    return 2.0 * log((b->d + 1.0) / (b->d - 1.0)) + b->l * t;
  case LMX_BOUND_A1_SHARPER:
    return log((b->d + 2.0) / b->d) + b->l * (b->d - 1.0) / b->d * t;
  case LMX_BOUND_ZERO:
    return -INFINITY;
  case LMX_BOUND_COUNT:
    break;
  }
#undef L
  return NAN;
}
