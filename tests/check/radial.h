/* A radial mixture with D = 0, Gaussian by itself where a ball looks for that,
 * whose derivatives in r are elementary: the numbers that checks report are
 * recomputed from it. */
#ifndef LMX_TESTS_RADIAL_H
#define LMX_TESTS_RADIAL_H

#include "solutions.h"

enum { RADIAL = 3 };
static const double radial_weight[RADIAL] = {0.1, 0.2, 0.7};
static const double radial_variance[RADIAL] = {0.2, 0.4, 9.0 / 7.0};

typedef struct radial_jet {
  double g, g1, g2; /* log f and its derivatives in r */
} radial_jet;

static inline radial_jet radial(int d, double t, double r)
{
  double f = 0.0, f1 = 0.0, f2 = 0.0;
  for (int k = 0; k < RADIAL; ++k) {
    double th = 1.0 + (radial_variance[k] - 1.0) * exp(-2.0 * (d - 1) * t);
    double fk = radial_weight[k] * pow(2.0 * M_PI * th, -0.5 * d) *
                exp(-0.5 * r * r / th);
    f += fk;
    f1 -= fk * r / th;
    f2 += fk * (r * r / th - 1.0) / th;
  }
  double g1 = f1 / f;
  return (radial_jet){.g = log(f), .g1 = g1, .g2 = f2 / f - g1 * g1};
}

static inline double radial_log_density(const sample *s, double t,
                                        const double *v)
{
  return radial(s->grid->d, t, sqrt(square_norm(s->grid->d, v))).g;
}

static inline double gradient_of(radial_jet j)
{
  return fabs(j.g1);
}

static inline double hessian_of(int d, double r, radial_jet j)
{
  double across = j.g1 / r;
  return sqrt(j.g2 * j.g2 + (d - 1) * across * across);
}

static inline double relative_of(int d, double r, radial_jet j)
{
  double along = j.g2 + j.g1 * j.g1, across = j.g1 / r;
  return sqrt(along * along + (d - 1) * across * across);
}

/* C, C', A and C'' from the radial formulas on a fine grid in r. K1 and K2 are
 * those of the lemmas over the constant of ellipticity, which enters only so:
 * for D = 0 it is 1 as printed, and d - 1 at best. */
typedef struct radial_constants {
  double C, C1, A, C2;
} radial_constants;

static inline radial_constants radial_constants_of(int d, double radius,
                                                   double K1, double K2)
{
  enum { FINE = 60000 };
  radial_constants c = {.C = K1, .A = 2.0, .C2 = -INFINITY};
  double top = radial(d, 0.0, 0.0).g, limit = 0.0;
  for (int i = 1; i <= FINE; ++i) {
    double r = radius * i / FINE;
    radial_jet j = radial(d, 0.0, r);
    if (r > 0.85 * radius)
      limit = fmax(limit, j.g1 * j.g1 / (top - j.g));
    c.C1 = fmax(c.C1, j.g1 * j.g1 + c.C * j.g);
  }
  assert_true(limit < c.C); /* so that the lemma decides on C */
  c.A = fmax(2.0, 2.0 + 2.0 * top);
  for (int i = 1; i <= FINE; ++i) {
    double r = radius * i / FINE;
    radial_jet j = radial(d, 0.0, r);
    double K = relative_of(d, r, j);
    double value = K * K / (K2 * c.C) - j.g * j.g +
                   (c.A + K1 / c.C + 2.0 * c.C1 / c.C) * j.g +
                   j.g1 * j.g1 / c.C;
    c.C2 = fmax(c.C2, value);
  }
  return c;
}

#endif
