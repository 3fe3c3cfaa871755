/* Entries of the audit: the equation and the maximum principle, Section 3. */
#include "check/audit_internal.h"

static double one(int d)
{
  (void)d;
  return 1.0;
}

static double d_minus_1(int d)
{
  return d - 1.0;
}

/* --- (3.1), (3.4), (3.6) on clouds of points -------------------------------
 */

/* Shifts and scales the cloud to mean 0 and energy d, as (1.2) wants f;
 * false if all points coincide. */
static bool normalise(lmx_audit_point *p)
{
  int d = p->d, N = p->particles;
  double energy = 0.0;
  for (int a = 0; a < d; ++a) {
    double mean = 0.0;
    for (int k = 0; k < N; ++k)
      mean += p->cloud[k * d + a] / N;
    for (int k = 0; k < N; ++k) {
      p->cloud[k * d + a] -= mean;
      energy += p->cloud[k * d + a] * p->cloud[k * d + a] / N;
    }
  }
  double factor = sqrt(d / energy);
  for (int k = 0; k < N * d; ++k)
    p->cloud[k] *= factor;
  return isfinite(factor);
}

/* E_ab of the cloud. */
static double moment(const lmx_audit_point *p, int a, int b)
{
  double sum = 0.0;
  for (int k = 0; k < p->particles; ++k)
    sum += p->cloud[k * p->d + a] * p->cloud[k * p->d + b];
  return sum / p->particles;
}

/* Keeps of all entries of two matrices the pair that differs most. */
static void keep_worst(lmx_side left, lmx_side right, lmx_side *worst_left,
                       lmx_side *worst_right)
{
  double now = fabs(left.value - right.value);
  double before = fabs(worst_left->value - worst_right->value);
  double scale = fmax(fmax(left.scale, right.scale),
                      fmax(worst_left->scale, worst_right->scale));
  if (now >= before || isnan(now)) {
    *worst_left = left;
    *worst_right = right;
  }
  worst_left->scale = scale;
}

/* a * f by the sum over the cloud against (3.1) with the full E. */
static void eq_3_1(lmx_audit_point *p, lmx_side *left, lmx_side *right)
{
  int d = p->d, N = p->particles;
  const double *v = p->jet->v;
  *left = *right = (lmx_side){0};
  if (!normalise(p))
    return;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      lmx_side sum = {0}, closed = {0};
      for (int k = 0; k < N; ++k) {
        const double *w = p->cloud + (size_t)k * d;
        double z2 = 0.0;
        for (int e = 0; e < d; ++e)
          z2 += (v[e] - w[e]) * (v[e] - w[e]);
        double z = (a == b ? z2 : 0.0) - (v[a] - w[a]) * (v[b] - w[b]);
        lmx_side_add(&sum, z / N);
      }
      lmx_side_add(&closed, a == b ? d + p->pointwise.v2 : 0.0);
      lmx_side_add(&closed, -v[a] * v[b]);
      lmx_side_add(&closed, -moment(p, a, b));
      keep_worst(sum, closed, left, right);
    }
}

/* The weak form (3.3) with phi = v_a v_b: the rate of E_ab is
 * -4 d (E_ab - delta_ab). grad phi(v) - grad phi(w) is linear in z = v - w,
 * and a : (Hess phi(v) + Hess phi(w)) / 2 = 2 a_ab(z). */
static void eq_3_4(lmx_audit_point *p, lmx_side *left, lmx_side *right)
{
  int d = p->d, N = p->particles;
  *left = *right = (lmx_side){0};
  if (!normalise(p))
    return;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      lmx_side rate = {0}, closed = {0};
      for (int k = 0; k < N; ++k)
        for (int l = 0; l < N; ++l) {
          double z[LMX_MAX_DIMENSION] = {0}, z2 = 0.0;
          for (int e = 0; e < d; ++e) {
            z[e] = p->cloud[k * d + e] - p->cloud[l * d + e];
            z2 += z[e] * z[e];
          }
          double diffusion = 2.0 * ((a == b ? z2 : 0.0) - z[a] * z[b]);
          double drift = -(d - 1.0) * 2.0 * z[a] * z[b];
          lmx_side_add(&rate, (diffusion + drift) / (N * N));
        }
      lmx_side_add(&closed, -4.0 * d * moment(p, a, b));
      lmx_side_add(&closed, a == b ? 4.0 * d : 0.0);
      keep_worst(rate, closed, left, right);
    }
}

/* --- (3.5), (3.7) ------------------------------------------------------------
 */

/* xi . abar xi / (eta |xi|^2), xi in the place of q; by (4.4), for
 * |v|^2 |xi|^2 - (v.xi)^2 cancels where it matters. */
static double eq_3_5(lmx_audit_point *p)
{
  double form =
      lmx_c_square(&p->pointwise) + lmx_rotation_square(&p->pointwise);
  double least = p->model.eta * p->pointwise.q2;
  return least > 0.0 ? form / least : NAN;
}

static void eq_3_7(lmx_audit_point *p, lmx_side *left, lmx_side *right)
{
  *left = lmx_time_derivative(&p->pointwise);
  *right = lmx_eq_3_7_split(&p->pointwise);
}

/* --- Prop. 3.1
 * ------------------------------------------------------------------ */

static double between(double y)
{
  return 1.0 / (1.0 + exp(-y));
}

/* Every admissible barrier and 0 <= t <= T from four real numbers. */
static lmx_barrier draw_barrier(const lmx_audit_point *p, double *t)
{
  const double *y = p->parameters;
  lmx_barrier b = {.growth = exp(fmax(-9.0, fmin(9.0, y[0])))};
  double horizon = fmin(0.5 / p->model.kappa, 0.125 / (p->d * b.growth));
  b.T = horizon * between(y[1]);
  b.eps = (horizon - b.T) * between(y[2]);
  *t = b.T * between(y[3]);
  return b;
}

static void prop_3_1(lmx_audit_point *p, lmx_side *left, lmx_side *right)
{
  double t;
  lmx_barrier b = draw_barrier(p, &t);
  *left = lmx_prop_3_1_left(&p->model, &b, t, p->jet->v);
  *right = lmx_prop_3_1_right(&p->model, &b, t, p->jet->v);
}

static double prop_3_1_value(lmx_audit_point *p)
{
  double t;
  lmx_barrier b = draw_barrier(p, &t);
  if (!lmx_barrier_admissible(&p->model, &b) || !(b.eps > 1e-9))
    return NAN;
  return lmx_prop_3_1_right(&p->model, &b, t, p->jet->v).value;
}

/* --- the table
 * -------------------------------------------------------------------- */

static const lmx_audit_entry entries[] = {
    {.id = "eq-3.1",
     .reference = "(3.1)",
     .statement = "a*f = (d + |v|^2) I - v v^T - E for every f of mass 1, mean "
                  "0 and energy d, here clouds of points",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "vV",
     .particles_min = 2,
     .particles_max = 6,
     .sides = eq_3_1},
    {.id = "eq-3.4",
     .reference = "(3.4), (3.6)",
     .statement = "the weak form (3.3) of v_a v_b gives dE_ab/dt = "
                  "-4d (E_ab - delta_ab), here on clouds of points",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "V",
     .particles_min = 2,
     .particles_max = 6,
     .sides = eq_3_4},
    {.id = "eq-3.5",
     .reference = "(3.5)",
     .statement = "ellipticity: xi.abar xi >= eta |xi|^2",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "Dtvq",
     .ratio = eq_3_5,
     .constant = one,
     .lower = true},
    {.id = "eq-3.5",
     .reference = "(3.5)",
     .statement =
         "xi.abar xi >= (d-1) eta |xi|^2, since c_a = sum of E_bb over "
         "b != a",
     .form = LMX_AUDIT_SHARP,
     .expected = LMX_HOLDS,
     .blocks = "Dtvq",
     .ratio = eq_3_5,
     .constant = d_minus_1,
     .lower = true,
     .tight = true},
    {.id = "eq-3.7",
     .reference = "(3.7)",
     .statement = "abar:Hess f + kappa f = L_1 f + L_2 f",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "DtvqG",
     .sides = eq_3_7},
    {.id = "prop-3.1",
     .reference = "Prop. 3.1, proof",
     .statement = "[(d_t - L~) phi]/phi = beta' + delta'|v|^2/2 - kappa delta "
                  "- (d-1)(delta^2 + delta)|v|^2 + exp(-4dt) delta^2 sum "
                  "D_aa v_a^2 + 1",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     .blocks = "DvP",
     .sides = prop_3_1},
    {.id = "prop-3.1",
     .reference = "Prop. 3.1, proof",
     .statement = "[(d_t - L~) phi]/phi >= 1 for all T, eps, M, D it allows "
                  "and 0 <= t <= T; more than the >= 0 needed",
     .form = LMX_AUDIT_SHARP,
     .expected = LMX_HOLDS,
     .blocks = "DvP",
     .ratio = prop_3_1_value,
     .constant = one,
     .lower = true,
     .tight = true},
};

const lmx_audit_entry *lmx_audit_equation(size_t *n)
{
  *n = sizeof entries / sizeof entries[0];
  return entries;
}
