/* Entries of the audit: particle systems and entropy, Sections 1 and 2. */
#include <string.h>

#include "check/audit_gaussian.h"

/* --- (1.5), (1.6): Gaussian F_N ---------------------------------------------
 */

/* Means of the pair sums under N(0, scale L L^T), F = N(0, L L^T). */
static lmx_pair_sums mean_sums(const lmx_audit_point *p, double scale)
{
  double z[LMX_GAUSSIAN_MAX], V[LMX_GAUSSIAN_MAX], q[LMX_GAUSSIAN_MAX];
  lmx_gaussian g;
  lmx_pair_sums mean = {0};
  lmx_gaussian_set(p, &g);
  for (size_t k = 0; k < lmx_cubature_size(g.n); ++k) {
    double weight = lmx_cubature_node(g.n, k, z);
    for (int i = 0; i < g.n; ++i)
      z[i] *= sqrt(scale);
    lmx_gaussian_at(&g, z, V, q);
    lmx_pair_sums s = lmx_pair_sums_at(g.d, g.N, V, q, g.hessian);
    mean.drift += weight * s.drift;
    mean.square += weight * s.square;
    mean.hessian += weight * s.hessian;
  }
  return mean;
}

/* d/dt int F log F, by the generator of (1.4) applied to log F, against minus
 * the dissipation plus `coefficient`. */
static void balance_entropy(const lmx_audit_point *p, double coefficient,
                            lmx_side *left, lmx_side *right)
{
  lmx_pair_sums mean = mean_sums(p, 1.0);
  *left = *right = (lmx_side){0};
  lmx_side_add(left, 2.0 * mean.drift);
  lmx_side_add(left, mean.hessian);
  lmx_side_add(right, -mean.square);
  lmx_side_add(right, coefficient);
}

/* (1/2) d/dt int F^2 over int F^2, by the generator applied to F, in the same
 * way. Under F^2 the Gaussian's covariance is halved. */
static void balance_L2(const lmx_audit_point *p, double coefficient,
                       lmx_side *left, lmx_side *right)
{
  lmx_pair_sums mean = mean_sums(p, 0.5);
  *left = *right = (lmx_side){0};
  lmx_side_add(left, 2.0 * mean.drift);
  lmx_side_add(left, mean.hessian);
  lmx_side_add(left, mean.square);
  lmx_side_add(right, -mean.square);
  lmx_side_add(right, coefficient);
}

static void eq_1_5_printed(lmx_audit_point *p, lmx_side *l, lmx_side *r)
{
  balance_L2(p, 0.5 * p->particles * p->model.kappa, l, r);
}

static void eq_1_5(lmx_audit_point *p, lmx_side *l, lmx_side *r)
{
  balance_L2(p, 0.5 * (p->particles - 1) * p->model.kappa, l, r);
}

static void eq_1_6_printed(lmx_audit_point *p, lmx_side *l, lmx_side *r)
{
  balance_entropy(p, p->particles * p->model.kappa, l, r);
}

static void eq_1_6(lmx_audit_point *p, lmx_side *l, lmx_side *r)
{
  balance_entropy(p, (p->particles - 1) * p->model.kappa, l, r);
}

/* --- Prop. 2.1: Gaussian F_N and f = N(0, I + D)
 * ------------------------------ */

/* Means under F_N of the terms of dH_N/dt. */
typedef struct entropy_terms {
  double drift, hessian; /* generator of (1.4) on log(F_N / f_N) */
  double limit;          /* sum_i (d_t f / f)(v^i) */
  double I_1;            /* of (2.3) */
  double fluctuation;    /* sum_i M_i : Hess f / f */
} entropy_terms;

/* abar : Hess f / f at v, for f = N(0, S), S = I + D. */
static double limit_part(const lmx_model *model, const double *v)
{
  double q[LMX_MAX_DIMENSION], c[LMX_MAX_DIMENSION], point[LMX_MAX_DIMENSION];
  double G[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION];
  for (int a = 0; a < model->d; ++a) {
    point[a] = v[a];
    q[a] = -v[a] / (1.0 + model->D[a]);
    for (int b = 0; b < model->d; ++b)
      G[a * model->d + b] = a == b ? -1.0 / (1.0 + model->D[a]) : 0.0;
  }
  lmx_jet jet = {.d = model->d, .v = point, .q = q, .G = G};
  lmx_pointwise p;
  lmx_side side = {0};
  lmx_pointwise_c(model, 0.0, c);
  lmx_pointwise_set(&jet, c, 2, &p);
  lmx_abar_add(&p, p.K, 1.0, &side);
  return side.value;
}

static void add_node(const lmx_audit_point *p, const lmx_gaussian *g,
                     const double *z, double weight, entropy_terms *sum)
{
  int d = g->d, n = g->n;
  double V[LMX_GAUSSIAN_MAX], q[LMX_GAUSSIAN_MAX], qf[LMX_GAUSSIAN_MAX];
  double H[LMX_GAUSSIAN_MAX * LMX_GAUSSIAN_MAX];
  double Hf[LMX_GAUSSIAN_MAX * LMX_GAUSSIAN_MAX] = {0};
  lmx_gaussian_at(g, z, V, q);
  memcpy(H, g->hessian, (size_t)n * n * sizeof *H);
  for (int i = 0; i < n; ++i) {
    double S = 1.0 + p->model.D[i % d];
    qf[i] = -V[i] / S;
    q[i] -= qf[i];
    Hf[i * n + i] = -1.0 / S;
    H[i * n + i] += 1.0 / S;
  }
  lmx_pair_sums ratio = lmx_pair_sums_at(d, g->N, V, q, H);
  lmx_pair_sums limit = lmx_pair_sums_at(d, g->N, V, qf, Hf);
  double abar = 0.0;
  for (int i = 0; i < g->N; ++i)
    abar += limit_part(&p->model, V + (size_t)i * d);
  sum->drift += weight * 2.0 * ratio.drift;
  sum->hessian += weight * ratio.hessian;
  sum->limit += weight * (abar + g->N * p->model.kappa);
  sum->I_1 -= weight * ratio.square / g->N;
  sum->fluctuation += weight * (abar - limit.hessian - limit.square);
}

static entropy_terms entropy_balance(const lmx_audit_point *p)
{
  double z[LMX_GAUSSIAN_MAX];
  lmx_gaussian g;
  entropy_terms sum = {0};
  lmx_gaussian_set(p, &g);
  for (size_t k = 0; k < lmx_cubature_size(g.n); ++k) {
    double weight = lmx_cubature_node(g.n, k, z);
    add_node(p, &g, z, weight, &sum);
  }
  return sum;
}

/* dH_N/dt against I_1 - fluctuation/N - loss. */
static void entropy_sides(const lmx_audit_point *p, double loss, lmx_side *left,
                          lmx_side *right)
{
  entropy_terms s = entropy_balance(p);
  int N = p->particles;
  *left = *right = (lmx_side){0};
  lmx_side_add(left, s.drift / N);
  lmx_side_add(left, s.hessian / N);
  lmx_side_add(left, -s.limit / N);
  lmx_side_add(right, s.I_1);
  lmx_side_add(right, -s.fluctuation / N);
  lmx_side_add(right, -loss);
}

static void prop_2_1_printed(lmx_audit_point *p, lmx_side *l, lmx_side *r)
{
  entropy_sides(p, 0.0, l, r);
}

static void prop_2_1(lmx_audit_point *p, lmx_side *l, lmx_side *r)
{
  entropy_sides(p, p->model.kappa / p->particles, l, r);
}

/* (2.1): dH_N/dt + fluctuation/N, in units of kappa/N; must not exceed 0. */
static double eq_2_1(lmx_audit_point *p)
{
  entropy_terms s = entropy_balance(p);
  return (s.drift + s.hessian - s.limit + s.fluctuation) / p->model.kappa;
}

/* --- (1.8): noise shared by the particles
 * ---------------------------------------- */

/* Component e of xi_{a,b}(x) = x_a e_b - x_b e_a. */
static double xi(const double *x, int a, int b, int e)
{
  return e == b ? x[a] : e == a ? -x[b] : 0.0;
}

static void difference(const lmx_audit_point *p, int i, int j, double *z)
{
  for (int a = 0; a < p->d; ++a)
    z[a] = p->cloud[i * p->d + a] - p->cloud[j * p->d + a];
}

/* Keeps the pair that differs most, with the largest scale seen. */
static void keep_worst(lmx_side left, lmx_side right, lmx_side *worst_left,
                       lmx_side *worst_right)
{
  double scale = fmax(fmax(left.scale, right.scale), worst_left->scale);
  double before = fabs(worst_left->value - worst_right->value);
  if (fabs(left.value - right.value) >= before) {
    *worst_left = left;
    *worst_right = right;
  }
  worst_left->scale = scale;
}

/* Entry (e, h) of d[V^i, V^k]/dt from the noise of (1.8). */
static lmx_side covariation(const lmx_audit_point *p, int i, int k, int e,
                            int h)
{
  double x[LMX_MAX_DIMENSION], y[LMX_MAX_DIMENSION];
  lmx_side sum = {0};
  for (int j = 0; j < p->particles; ++j) {
    difference(p, i, j, x);
    difference(p, k, j, y);
    for (int a = 0; a < p->d; ++a)
      for (int b = a + 1; b < p->d; ++b)
        lmx_side_add(&sum,
                     2.0 / p->particles * xi(x, a, b, e) * xi(y, a, b, h));
  }
  return sum;
}

/* (2/N) sum_j ((x.y) I - y x^T) in the same place. */
static lmx_side covariation_closed(const lmx_audit_point *p, int i, int k,
                                   int e, int h)
{
  double x[LMX_MAX_DIMENSION], y[LMX_MAX_DIMENSION];
  lmx_side sum = {0};
  for (int j = 0; j < p->particles; ++j) {
    double xy = 0.0;
    difference(p, i, j, x);
    difference(p, k, j, y);
    for (int a = 0; a < p->d; ++a)
      xy += x[a] * y[a];
    lmx_side_add(&sum,
                 2.0 / p->particles * ((e == h ? xy : 0.0) - y[e] * x[h]));
  }
  return sum;
}

/* As printed, (1.8) has the Liouville equation (1.4), for which different
 * particles have uncorrelated noises. */
static void eq_1_8_printed(lmx_audit_point *p, lmx_side *left, lmx_side *right)
{
  *left = *right = (lmx_side){0};
  for (int e = 0; e < p->d; ++e)
    for (int h = 0; h < p->d; ++h)
      keep_worst(covariation(p, 0, 1, e, h), (lmx_side){0}, left, right);
}

static void eq_1_8(lmx_audit_point *p, lmx_side *left, lmx_side *right)
{
  *left = *right = (lmx_side){0};
  for (int k = 0; k < 2; ++k) /* k = 0: the variance claimed in Remark 1.4 */
    for (int e = 0; e < p->d; ++e)
      for (int h = 0; h < p->d; ++h)
        keep_worst(covariation(p, 0, k, e, h),
                   covariation_closed(p, 0, k, e, h), left, right);
}

/* d|Z|^2 for Z = V^1 - V^2: the coefficient of each dB^{j,ab} vanishes, and
 * the rate is 2 Z . (drift) + tr d[Z]/dt = -2 (d-1) |Z|^2. */
static void eq_1_8_pair(lmx_audit_point *p, lmx_side *left, lmx_side *right)
{
  int d = p->d, N = p->particles;
  double x[LMX_MAX_DIMENSION], y[LMX_MAX_DIMENSION], z[LMX_MAX_DIMENSION];
  lmx_side rate = {0}, closed = {0};
  *left = *right = (lmx_side){0};
  difference(p, 0, 1, z);
  for (int j = 0; j < N; ++j) {
    difference(p, 0, j, x);
    difference(p, 1, j, y);
    for (int e = 0; e < d; ++e)
      lmx_side_add(&rate, 2.0 * z[e] * (2.0 / N) * -(d - 1.0) * (x[e] - y[e]));
    for (int a = 0; a < d; ++a)
      for (int b = a + 1; b < d; ++b) {
        lmx_side martingale = {0};
        for (int e = 0; e < d; ++e) {
          double noise = xi(x, a, b, e) - xi(y, a, b, e);
          lmx_side_add(&martingale, z[e] * noise);
          lmx_side_add(&rate, 2.0 / N * noise * noise);
        }
        keep_worst(martingale, (lmx_side){0}, left, right);
      }
  }
  for (int e = 0; e < d; ++e)
    lmx_side_add(&closed, -2.0 * (d - 1.0) * z[e] * z[e]);
  keep_worst(rate, closed, left, right);
}

/* --- Remark 1.5: the Kac-type system
 * ------------------------------------------------ */

/* The weak form applied to the energy e = sum |v^i|^2 and to e^2:
 * grad_i e = 2 v^i, Hess_ii e = 2 I, Hess_ij e = 0;
 * grad_i e^2 = 4 e v^i, Hess_ii e^2 = 4 e I + 8 v^i v^i^T,
 * Hess_ij e^2 = 8 v^i v^j^T. The printed second-order part is
 * a : (Hess_ij - Hess_ij) = 0. */
static void energy_rates(const lmx_audit_point *p, bool printed, lmx_side *rate,
                         lmx_side *rate_of_square)
{
  int d = p->d, N = p->particles;
  double e = 0.0;
  for (int k = 0; k < N * d; ++k)
    e += p->cloud[k] * p->cloud[k];
  *rate = *rate_of_square = (lmx_side){0};
  for (int i = 0; i < N; ++i)
    for (int j = 0; j < N; ++j) {
      double z[LMX_MAX_DIMENSION], z2 = 0.0, zi = 0.0, ij = 0.0, ii = 0.0;
      const double *vi = p->cloud + (size_t)i * d;
      difference(p, i, j, z);
      for (int a = 0; a < d; ++a) {
        z2 += z[a] * z[a];
        zi += z[a] * vi[a];
        ij += vi[a] * p->cloud[j * d + a];
        ii += vi[a] * vi[a];
      }
      double zj = zi - z2; /* z . v^j */
      double drift = -(d - 1.0) * zi * 2.0 / N;
      lmx_side_add(rate, 2.0 * drift);
      lmx_side_add(rate_of_square, 4.0 * e * drift);
      if (printed)
        continue;
      double own = z2 * ii - zi * zi, cross = z2 * ij - zi * zj;
      lmx_side_add(rate, 2.0 * (d - 1.0) * z2 / N);
      lmx_side_add(rate_of_square, 4.0 * e * (d - 1.0) * z2 / N);
      lmx_side_add(rate_of_square, 8.0 * (own - cross) / N);
    }
}

static void rem_1_5_printed(lmx_audit_point *p, lmx_side *left, lmx_side *right)
{
  lmx_side square;
  *right = (lmx_side){0};
  energy_rates(p, true, left, &square);
}

static void rem_1_5(lmx_audit_point *p, lmx_side *left, lmx_side *right)
{
  lmx_side rate, square;
  *left = *right = (lmx_side){0};
  energy_rates(p, false, &rate, &square);
  keep_worst(rate, (lmx_side){0}, left, right);
  if (square.scale > 0.0 &&
      fabs(square.value) / square.scale > lmx_side_residual(*left, *right))
    *left = square;
}

static double zero(int d)
{
  (void)d;
  return 0.0;
}

/* --- the table
 * ------------------------------------------------------------------------ */

#define GAUSSIANS(blocks_)                                                     \
  .blocks = (blocks_), .particles_min = 1,                                     \
  .particles_max = LMX_AUDIT_PARTICLES, .thin = 50
#define CLOUDS .blocks = "V", .particles_min = 2, .particles_max = 5

static const lmx_audit_entry entries[] = {
    {.id = "eq-1.5",
     .reference = "(1.5)",
     .statement = "L2 balance of (1.4) with N kappa/2 int F^2, here for "
                  "Gaussian F_N with covariance L L^T",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_FAILS,
     GAUSSIANS("L"),
     .sides = eq_1_5_printed},
    {.id = "eq-1.5",
     .reference = "(1.5)",
     .statement = "the same with (N-1) kappa/2 int F^2",
     .form = LMX_AUDIT_CORRECTED,
     .expected = LMX_HOLDS,
     GAUSSIANS("L"),
     .sides = eq_1_5},
    {.id = "eq-1.6",
     .reference = "(1.6)",
     .statement = "entropy balance of (1.4) with N kappa, for the same F_N",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_FAILS,
     GAUSSIANS("L"),
     .sides = eq_1_6_printed},
    {.id = "eq-1.6",
     .reference = "(1.6)",
     .statement = "the same with (N-1) kappa",
     .form = LMX_AUDIT_CORRECTED,
     .expected = LMX_HOLDS,
     GAUSSIANS("L"),
     .sides = eq_1_6},
    {.id = "eq-1.8",
     .reference = "Remark 1.4",
     .statement = "(1.8) has the Liouville equation (1.4), hence "
                  "d[V^i,V^k] = 0 for i != k",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_FAILS,
     CLOUDS,
     .sides = eq_1_8_printed},
    {.id = "eq-1.8",
     .reference = "Remark 1.4",
     .statement = "under (1.8) d[V^i,V^k] = (2/N) sum_j ((x.y) I - y x^T) dt, "
                  "x = V^i-V^j, y = V^k-V^j, also for i = k",
     .form = LMX_AUDIT_CORRECTED,
     .expected = LMX_HOLDS,
     CLOUDS,
     .sides = eq_1_8},
    {.id = "eq-1.8-pair",
     .reference = "Remark 1.4",
     .statement = "under (1.8) d|V^i-V^k|^2 = -2(d-1)|V^i-V^k|^2 dt, without "
                  "noise: the cloud only turns and shrinks",
     .form = LMX_AUDIT_EXACT,
     .expected = LMX_HOLDS,
     CLOUDS,
     .sides = eq_1_8_pair},
    {.id = "rem-1.5",
     .reference = "Remark 1.5",
     .statement = "the weak form conserves the energy; its second-order part "
                  "a:(Hess_ij F - Hess_ij F) vanishes identically",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_FAILS,
     CLOUDS,
     .sides = rem_1_5_printed},
    {.id = "rem-1.5",
     .reference = "Remark 1.5",
     .statement = "the weak form with a:(Hess_ii F - Hess_ij F) conserves the "
                  "energy and its square, so every path does",
     .form = LMX_AUDIT_CORRECTED,
     .expected = LMX_HOLDS,
     CLOUDS,
     .sides = rem_1_5},
    {.id = "prop-2.1",
     .reference = "Prop. 2.1, proof",
     .statement = "dH_N/dt = I_1 - (1/N) sum_i int F_N M_i:(Hess f)/f, here "
                  "for Gaussian F_N and f = N(0, I + D)",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_FAILS,
     GAUSSIANS("DL"),
     .sides = prop_2_1_printed},
    {.id = "prop-2.1",
     .reference = "Prop. 2.1, proof",
     .statement = "the same with - kappa/N",
     .form = LMX_AUDIT_CORRECTED,
     .expected = LMX_HOLDS,
     GAUSSIANS("DL"),
     .sides = prop_2_1},
    {.id = "eq-2.1",
     .reference = "(2.1)",
     .statement = "dH_N/dt <= -(1/N) sum_i int F_N M_i:(Hess f)/f, the excess "
                  "in units of kappa/N",
     .form = LMX_AUDIT_PRINTED,
     .expected = LMX_HOLDS,
     GAUSSIANS("DL"),
     .ratio = eq_2_1,
     .constant = zero},
};

const lmx_audit_entry *lmx_audit_particles(size_t *n)
{
  *n = sizeof entries / sizeof entries[0];
  return entries;
}
