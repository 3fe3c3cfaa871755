/* Ranges on a cell of BKW data: f0 = exp(c0 - r^2 / (2 th)) (alpha + beta r^2),
 * a function of r = |v| alone. With t = beta / (alpha + beta r^2)
 *   (log f0)' / r = -1 / th + 2 t,
 *   (log f0)''    = -1 / th - 2 t + 4 (alpha / beta) t^2. */
#include "initial/tails_range.h"

/* s^2 log(alpha + beta r^2), of which s^2 log((alpha + beta) / s^2) is no less
 * and which tends to 0 with s. */
static lmx_range log_factor(double alpha, double beta, lmx_range s, lmx_range r)
{
  double largest = alpha + beta, most = s.hi * s.hi;
  double first = log(alpha + beta * r.lo * r.lo);
  lmx_range out = {fmin(s.lo * s.lo * first, most * first), 0.0};
  if (s.lo > 0.0) {
    double last = log(alpha + beta * r.hi * r.hi);
    out.hi = fmax(s.lo * s.lo * last, most * last);
  } else if (most > 0.0) {
    double top = fmin(most, largest / M_E);
    out.hi = fmax(0.0, top * log(largest / top));
    out.lo = fmin(0.0, most * first);
  } else {
    out = (lmx_range){0.0, 0.0};
  }
  return out;
}

void lmx_tail_bkw(const lmx_tails *tails, const lmx_tail_box *box,
                  lmx_tail_cell *out)
{
  int d = tails->d;
  double c = tails->bkw, theta = 1.0 - c, p = 1.0 / theta;
  double alpha = 0.5 * (2.0 - (d + 2) * c) * p, beta = 0.5 * c * p * p;
  double c0 = -0.5 * d * log(2.0 * M_PI * theta);
  lmx_range s = box->s, r = lmx_range_radius(s), y = {1.0 - s.hi, 1.0 - s.lo};
  lmx_range s2 = {s.lo * s.lo, s.hi * s.hi};
  lmx_range t = {isinf(r.hi) ? 0.0 : beta / (alpha + beta * r.hi * r.hi),
                 isinf(r.lo) ? 0.0 : beta / (alpha + beta * r.lo * r.lo)};
  double bend = 4.0 * alpha / beta;
  lmx_range across = {-p + 2.0 * t.lo, -p + 2.0 * t.hi};
  lmx_range along = lmx_parabola_range(
      (lmx_range){bend, bend}, (lmx_range){-2.0, -2.0}, (lmx_range){-p, -p}, t);
  lmx_range q = lmx_range_times(y, across);
  lmx_range G = lmx_range_times(s2, along), side = lmx_range_times(s2, across);
  lmx_range K = lmx_range_add(G, lmx_range_square(q));
  double sides = (d - 1) * lmx_range_square(side).hi;
  *out = (lmx_tail_cell){.s = s,
                         .q = lmx_range_size(q),
                         .G = sqrt(lmx_range_square(G).hi + sides),
                         .K = sqrt(lmx_range_square(K).hi + sides)};
  lmx_range zero = {0.0, 0.0}, half = {-0.5 * p, -0.5 * p}, first = {c0, c0};
  out->g = lmx_range_add(lmx_scaled_range(half, zero, first, s),
                         log_factor(alpha, beta, s, r));
}
