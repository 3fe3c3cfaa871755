/* Jets of a log-sum-exp. */
#include "exact/logsum.h"

#include <math.h>
#include <string.h>

/* A term this far below the largest one (exp(-100) = 4e-44) cannot reach the
 * last digit of the value or of a derivative. */
static const double negligible = -100.0;

void lmx_logsum_reset(lmx_logsum *acc, int d)
{
  acc->d = d;
  acc->largest = -INFINITY;
  acc->sum = 0.0;
  memset(acc->q, 0, (size_t)d * sizeof *acc->q);
  memset(acc->C, 0, (size_t)(d * d) * sizeof *acc->C);
}

static void rescale(lmx_logsum *acc, double g)
{
  double factor = exp(acc->largest - g);
  acc->sum *= factor;
  for (int i = 0; i < acc->d * acc->d; ++i)
    acc->C[i] *= factor;
  acc->largest = g;
}

void lmx_logsum_add(lmx_logsum *acc, double g, const double *q, const double *G)
{
  int d = acc->d;
  double delta[LMX_MAX_DIMENSION];
  if (!(g - acc->largest > negligible))
    return;
  if (g > acc->largest)
    rescale(acc, g);
  double w = exp(g - acc->largest);
  double total = acc->sum + w;
  for (int a = 0; a < d; ++a) {
    delta[a] = q[a] - acc->q[a];
    acc->q[a] += w / total * delta[a];
  }
  double spread = w * (acc->sum / total);
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      acc->C[a * d + b] += w * G[a * d + b] + spread * (delta[a] * delta[b]);
  acc->sum = total;
}

void lmx_logsum_result(const lmx_logsum *acc, double *g, double *q, double *G)
{
  int d = acc->d;
  *g = acc->largest + log(acc->sum);
  memcpy(q, acc->q, (size_t)d * sizeof *q);
  for (int i = 0; i < d * d; ++i)
    G[i] = acc->C[i] / acc->sum;
}
