/* Random formulas with known moments: sums of Gaussians, narrow and wide, near
 * and far, written as a stranger would write log f. */
#ifndef LMX_TESTS_RANDOM_FORMULAS_H
#define LMX_TESTS_RANDOM_FORMULAS_H

#include "initial_support.h"

#include <stdio.h>

enum { MOST_TERMS = 4, FORMULA_TEXT = 4000 };

/* The formula and, in closed form, what its quadrature must find. */
typedef struct random_formula {
  int d;
  char text[FORMULA_TEXT];
  double mass, mean[3], covariance[9];
} random_formula;

/* Uniform in (from, to). */
static double between(unsigned *state, double from, double to)
{
  /* The low bits of the generator are poor, the first draws as well. */
  for (int k = 0; k < 3; ++k)
    spread(state);
  return from + (to - from) * 0.5 * (1.0 + spread(state));
}

/* Q diag(width^2) Q^T with a rotation Q of random planes, or Q = I. */
static void random_covariance(unsigned *state, int d, double *S)
{
  double Q[9] = {0.0};
  bool turned = between(state, 0.0, 1.0) < 0.5;
  for (int a = 0; a < d; ++a)
    Q[a * d + a] = 1.0;
  for (int a = 0; turned && a < d; ++a)
    for (int b = 0; b < a; ++b) {
      double angle = between(state, 0.0, 3.0);
      for (int k = 0; k < d; ++k) {
        double p = Q[k * d + a], q = Q[k * d + b];
        Q[k * d + a] = cos(angle) * p - sin(angle) * q;
        Q[k * d + b] = sin(angle) * p + cos(angle) * q;
      }
    }
  double base = log(0.02) * between(state, 0.0, 1.0), variance[3];
  for (int a = 0; a < d; ++a) {
    double width = fmin(1.0, fmax(0.02, exp(base + between(state, -0.7, 0.7))));
    variance[a] = width * width;
  }
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      S[a * d + b] = 0.0;
      for (int k = 0; k < d; ++k)
        S[a * d + b] += Q[a * d + k] * variance[k] * Q[b * d + k];
    }
}

/* Inverse of a symmetric matrix of dimension 2 or 3, and its determinant. */
static double invert(int d, const double *S, double *P)
{
  if (d == 2) {
    double det = S[0] * S[3] - S[1] * S[2];
    P[0] = S[3] / det;
    P[3] = S[0] / det;
    P[1] = P[2] = -S[1] / det;
    return det;
  }
  double det = 0.0;
  for (int a = 0; a < 3; ++a)
    for (int b = 0; b < 3; ++b) {
      int a1 = (a + 1) % 3, a2 = (a + 2) % 3, b1 = (b + 1) % 3,
          b2 = (b + 2) % 3;
      P[b * 3 + a] =
          S[a1 * 3 + b1] * S[a2 * 3 + b2] - S[a1 * 3 + b2] * S[a2 * 3 + b1];
    }
  for (int a = 0; a < 3; ++a)
    det += S[a] * P[a * 3];
  for (int k = 0; k < 9; ++k)
    P[k] /= det;
  return det;
}

/* Adds log w - (x - m) P (x - m) / 2 as text. */
static size_t write_exponent(char *to, size_t room, int d, double log_w,
                             const double *m, const double *P)
{
  size_t used = (size_t)snprintf(to, room, "%.17g", log_w);
  for (int a = 0; a < d; ++a)
    for (int b = 0; b <= a; ++b) {
      double p = a == b ? 0.5 * P[a * d + a] : P[a * d + b];
      if (p != 0.0)
        used += (size_t)snprintf(to + used, room - used,
                                 " - %.17g*(v%d - %.17g)*(v%d - %.17g)", p,
                                 a + 1, m[a], b + 1, m[b]);
    }
  return used;
}

/* Adds a term of mass w to the moments, not centred. */
static void add_term(random_formula *out, double w, const double *m,
                     const double *S)
{
  int d = out->d;
  out->mass += w;
  for (int a = 0; a < d; ++a) {
    out->mean[a] += w * m[a];
    for (int b = 0; b < d; ++b)
      out->covariance[a * d + b] += w * (S[a * d + b] + m[a] * m[b]);
  }
}

static void centre(random_formula *out)
{
  int d = out->d;
  for (int a = 0; a < d; ++a)
    out->mean[a] /= out->mass;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b)
      out->covariance[a * d + b] =
          out->covariance[a * d + b] / out->mass - out->mean[a] * out->mean[b];
}

/* One to four terms with widths from 0.02 to 1 and centres up to 8, or up
 * to 1.5 so that spikes stand on wide terms; a term has a given mass or a given
 * height, from 0.05 to 1. */
static void draw_formula(unsigned *state, int d, random_formula *out)
{
  *out = (random_formula){.d = d};
  int terms = 1 + (int)between(state, 0.0, MOST_TERMS - 1e-9);
  bool safe = between(state, 0.0, 1.0) < 0.5;
  double far = between(state, 0.0, 1.0) < 0.5 ? 8.0 : 1.5;
  char *to = out->text;
  size_t used =
      (size_t)snprintf(to, FORMULA_TEXT, safe ? "logsumexp(" : "log(");
  for (int k = 0; k < terms; ++k) {
    double m[3], S[9], P[9];
    for (int a = 0; a < d; ++a)
      m[a] = between(state, -far, far);
    random_covariance(state, d, S);
    double unit = sqrt(invert(d, S, P)) * pow(2.0 * M_PI, 0.5 * d);
    double share = exp(between(state, log(0.05), 0.0));
    double w = between(state, 0.0, 1.0) < 0.5 ? share : share * unit;
    add_term(out, w, m, S);
    const char *lead = safe ? "" : "exp(", *tail = safe ? "" : ")";
    used += (size_t)snprintf(to + used, FORMULA_TEXT - used, "%s%s",
                             k == 0 ? ""
                             : safe ? ", "
                                    : " + ",
                             lead);
    used +=
        write_exponent(to + used, FORMULA_TEXT - used, d, log(w / unit), m, P);
    used += (size_t)snprintf(to + used, FORMULA_TEXT - used, "%s", tail);
  }
  snprintf(to + used, FORMULA_TEXT - used, ")");
  centre(out);
}

/* Largest error of mass, mean and covariance as the map and D show them, each
 * in its own unit. */
static double moments_error(const lmx_initial *initial,
                            const random_formula *want)
{
  int d = want->d;
  const lmx_affine *map = lmx_initial_map(initial);
  const double *D = lmx_initial_model(initial)->D, *R = map->rotation;
  double error = fabs(map->mass / want->mass - 1.0);
  double s2 = map->scale * map->scale;
  for (int a = 0; a < d; ++a) {
    error = fmax(error, fabs(map->mean[a] - want->mean[a]) / map->scale);
    for (int b = 0; b < d; ++b) {
      double sum = 0.0;
      for (int k = 0; k < d; ++k)
        sum += R[k * d + a] * s2 * (1.0 + D[k]) * R[k * d + b];
      error = fmax(error, fabs(sum - want->covariance[a * d + b]) / s2);
    }
  }
  return error;
}

#endif
