/* Rotation average of a plane Gaussian mixture by the trapezoid rule.
 *
 * The integrand is positive and analytic, so the rule converges geometrically
 * and its sum keeps full relative accuracy. Two layouts of the points:
 *  - line: phi = i h with the normal density itself, outwards until a bound
 *    on the mixture shows the rest to be negligible (small t);
 *  - circle: phi = 2 pi i / n with the wrapped normal density (the window
 *    would reach round the circle).
 * Each refinement adds the midpoints to the sums already made. */
#include "exact/rotated.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MAX_LEVELS = 16, FIRST_CIRCLE_POINTS = 16 };

static const double pi = 3.14159265358979323846;
/* Logarithm below which a term is negligible beside the largest: 1e-20. */
static const double window = 46.0;
/* Variation of log F over the angles that is still averaged; it grows like
 * |v|^2 and bounds the number of points, so |v| may be about 1000. */
static const double largest_spread = 1e6;

typedef struct {
  const lmx_mixture *mixture;
  double t;
  const double *v;
  double bound; /* log F <= bound on the circle through v */
  lmx_logsum acc;
  bool line;     /* layout of the points */
  double h;      /* their spacing */
  size_t points; /* their number on the circle */
} rotation_sum;

/* Upper bound of log F over all rotations of v. */
static double circle_bound(const lmx_mixture *mixture, const double *v)
{
  double r = hypot(v[0], v[1]), largest = -INFINITY;
  for (size_t k = 0; k < mixture->n; ++k) {
    const double *m = mixture->mean_t + 2 * k;
    const double *P = mixture->precision + 4 * k;
    double smallest =
        0.5 * (P[0] + P[3] - hypot(P[0] - P[3], P[1] + P[2])); /* of P */
    double gap = fmax(0.0, r - hypot(m[0], m[1]));
    double g = mixture->log_norm[k] - 0.5 * fmax(0.0, smallest) * gap * gap;
    largest = fmax(largest, g);
  }
  return largest + log((double)mixture->n);
}

/* Log of the wrapped normal density with variance 2t: its Fourier series
 * where that has little cancellation, its images otherwise. */
static double log_wrapped_normal(double phi, double t)
{
  double sum = 0.0;
  if (t > 1.0) {
    for (int k = 6; k >= 1; --k)
      sum += exp(-k * k * t) * cos(k * phi);
    return log((1.0 + 2.0 * sum) / (2.0 * pi));
  }
  double nearest = remainder(phi, 2.0 * pi);
  for (int j = -3; j <= 3; ++j) {
    double x = nearest + 2.0 * pi * j;
    sum += exp((nearest * nearest - x * x) / (4.0 * t));
  }
  return log(sum) - nearest * nearest / (4.0 * t) - 0.5 * log(4.0 * pi * t);
}

/* Adds the point phi with log weight. */
static void add_point(rotation_sum *sum, double phi, double log_weight)
{
  double c = cos(phi), s = sin(phi), g, q[2], G[4];
  double w[2] = {c * sum->v[0] + s * sum->v[1], c * sum->v[1] - s * sum->v[0]};
  lmx_logsum inner;
  lmx_logsum_reset(&inner, 2);
  lmx_mixture_sum(sum->mixture, w, &inner);
  lmx_logsum_result(&inner, &g, q, G);
  double turned[2] = {c * q[0] - s * q[1], s * q[0] + c * q[1]};
  double mixed = c * s * (G[0] - G[3]) + (c * c - s * s) * G[1];
  double hess[4] = {c * c * G[0] - 2.0 * c * s * G[1] + s * s * G[3], mixed,
                    mixed, s * s * G[0] + 2.0 * c * s * G[1] + c * c * G[3]};
  lmx_logsum_add(&sum->acc, g + log_weight, turned, hess);
}

/* Points phi = +-(first + i step) h, outwards. */
static void add_line(rotation_sum *sum, double first, double step)
{
  double norm = -0.5 * log(4.0 * pi * sum->t);
  for (double i = first;; i += step) {
    double phi = i * sum->h, weight = norm - phi * phi / (4.0 * sum->t);
    if (weight + sum->bound < sum->acc.largest - window)
      return;
    add_point(sum, phi, weight);
    if (i > 0.0)
      add_point(sum, -phi, weight);
  }
}

static void add_circle(rotation_sum *sum, double first, double step)
{
  for (double i = first; i < (double)sum->points; i += step)
    add_point(sum, i * sum->h, log_wrapped_normal(i * sum->h, sum->t));
}

/* Largest change of value, gradient and Hessian, each relative to its scale;
 * *value is that of the value alone. */
static double change(const lmx_jet *old, const lmx_jet *jet, double *value)
{
  double r = hypot(jet->v[0], jet->v[1]), largest;
  *value = fabs(jet->g - old->g);
  largest = *value / (1.0 + fabs(jet->g));
  for (int a = 0; a < 2; ++a)
    largest = fmax(largest, 1e-2 * fabs(jet->q[a] - old->q[a]) / (1.0 + r));
  for (int i = 0; i < 4; ++i)
    largest = fmax(largest, 1e-3 * fabs(jet->G[i] - old->G[i]) / (1.0 + r * r));
  return largest;
}

/* Bounds the integrand at v and chooses the layout of the points. */
static lmx_status start(lmx_context *context, rotation_sum *sum, lmx_jet *jet)
{
  lmx_logsum_reset(&sum->acc, 2);
  lmx_mixture_sum(sum->mixture, jet->v, &sum->acc);
  lmx_logsum_result(&sum->acc, &jet->g, jet->q, jet->G);
  sum->bound = circle_bound(sum->mixture, jet->v);
  double spread = window + sum->bound - jet->g;
  if (!(spread < largest_spread))
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "rotated mixture: log f varies by %g over the angles at "
                    "v = (%g, %g), too much to average",
                    spread, jet->v[0], jet->v[1]);
  sum->line = sqrt(4.0 * sum->t * spread) < pi;
  sum->points = FIRST_CIRCLE_POINTS;
  sum->h = sum->line ? sqrt(2.0 * sum->t) : 2.0 * pi / FIRST_CIRCLE_POINTS;
  lmx_logsum_reset(&sum->acc, 2);
  return LMX_OK;
}

/* Adds the points that level `level` is the first to have. */
static void refine(rotation_sum *sum, int level, lmx_jet *jet)
{
  double first = level == 0 ? 0.0 : 1.0, step = level == 0 ? 1.0 : 2.0;
  if (level > 0) {
    sum->h *= 0.5;
    sum->points *= 2;
  }
  if (sum->line)
    add_line(sum, first, step);
  else
    add_circle(sum, first, step);
  lmx_logsum_result(&sum->acc, &jet->g, jet->q, jet->G);
  jet->g += log(sum->h);
}

lmx_status lmx_rotated_eval(lmx_context *context, lmx_mixture *mixture,
                            double t, lmx_jet *jet, double *error)
{
  const double tolerance = 1e-13;
  double q[2], G[4], delta = INFINITY;
  lmx_jet old = {.d = 2, .q = q, .G = G};
  rotation_sum sum = {.mixture = mixture, .t = t, .v = jet->v};
  LMX_TRY(start(context, &sum, jet));
  refine(&sum, 0, jet);
  for (int level = 1; level < MAX_LEVELS; ++level) {
    old.g = jet->g;
    memcpy(q, jet->q, sizeof q);
    memcpy(G, jet->G, sizeof G);
    refine(&sum, level, jet);
    if (change(&old, jet, &delta) <= tolerance) {
      *error = delta + 4.0 * DBL_EPSILON * (1.0 + fabs(jet->g));
      return LMX_OK;
    }
  }
  return lmx_fail(context, LMX_ERR_NUMERICS,
                  "rotated mixture: the average over angles has not converged "
                  "at t = %g, v = (%g, %g): last change %g",
                  t, jet->v[0], jet->v[1], delta);
}
