/* Coefficients of the equation, Section 3.1 of the paper. */
#include "landaumax/model.h"

#include <math.h>

lmx_status lmx_model_init(lmx_context *context, int d, const double *D,
                          lmx_model *out)
{
  if (d < 2 || d > LMX_MAX_DIMENSION)
    return lmx_fail(context, LMX_ERR_CASE,
                    "dimension is %d, allowed is 2 to %d", d,
                    LMX_MAX_DIMENSION);
  double trace = 0.0;
  for (int a = 0; a < d; ++a)
    trace += D[a];
  if (!(fabs(trace) <= 1e-8))
    return lmx_fail(context, LMX_ERR_CASE,
                    "D = E(0) - I must be traceless, its trace is %g", trace);
  lmx_model model = {.d = d, .kappa = d * (d - 1.0), .eta = INFINITY};
  for (int a = 0; a < d; ++a) {
    double Da = D[a] - trace / d;
    if (!(Da > -1.0 && Da < d - 1.0))
      return lmx_fail(context, LMX_ERR_CASE,
                      "D_%d = %g, allowed is -1 < D < d-1 = %d", a + 1, Da,
                      d - 1);
    model.D[a] = Da;
    model.eta = fmin(model.eta, fmin(1.0 + Da, d - 1.0 - Da));
  }
  *out = model;
  return LMX_OK;
}

double lmx_model_temperature(const lmx_model *model, int a, double t)
{
  return 1.0 + model->D[a] * exp(-4.0 * model->d * t);
}

double lmx_model_c(const lmx_model *model, int a, double t)
{
  return model->d - 1.0 - model->D[a] * exp(-4.0 * model->d * t);
}

void lmx_model_abar(const lmx_model *model, double t, const double *v,
                    double *abar)
{
  int d = model->d;
  double r2 = 0.0;
  for (int a = 0; a < d; ++a)
    r2 += v[a] * v[a];
  for (int a = 0; a < d; ++a) {
    for (int b = 0; b < d; ++b)
      abar[a * d + b] = -v[a] * v[b];
    abar[a * d + a] += r2 + lmx_model_c(model, a, t);
  }
}

double lmx_log_maxwellian(int d, double r2)
{
  const double log_two_pi = 1.83787706640934548356;
  return -0.5 * (d * log_two_pi + r2);
}
