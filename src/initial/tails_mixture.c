/* Ranges on a cell of a mixture of Gaussians. With a_k = s P_k (v - m_k) and
 * the shares pi_k of the components in f0, in units of s and s^2
 *   grad log f0 = -sum pi_k a_k,  Hess f0 / f0 = sum pi_k (a_k a_k^T - s^2
 * P_k), Hess log f0 = -s^2 sum pi_k P_k
 *                 + sum_{k<l} pi_k pi_l (a_k - a_l) (a_k - a_l)^T. */
#include "initial/tails_range.h"

enum { N = LMX_MAX_AXES };

/* One component on the cell: log of it = square r^2 + linear r + c. */
typedef struct lmx_tail_work {
  lmx_range square, linear, share, extra;
  lmx_range a[N];
  double order; /* scratch of `mean` */
} lmx_tail_work;

/* What a cell keeps for lmx_tail_convex. */
typedef struct lmx_tail_parts {
  const lmx_tails *tails;
  lmx_tail_work *work;
  lmx_range n[N];
} lmx_tail_parts;

lmx_status lmx_tail_scratch_create(lmx_context *context, const lmx_tails *tails,
                                   lmx_tail_scratch *out)
{
  *out = (lmx_tail_scratch){0};
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &out->parts));
  LMX_TRY(LMX_NEW_ARRAY(context, tails->components + 1, &out->parts->work));
  out->parts->tails = tails;
  return LMX_OK;
}

void lmx_tail_scratch_release(lmx_tail_scratch *scratch)
{
  if (scratch->parts != NULL)
    lmx_free(scratch->parts->work);
  lmx_free(scratch->parts);
  scratch->parts = NULL;
}

/* n = w / |w|, each of length 1. */
static void directions(const lmx_tails *tails, const lmx_tail_box *box,
                       lmx_range *n)
{
  double least = 1.0, most = 1.0;
  for (int i = 0; i < tails->n; ++i)
    if (i != box->face) {
      lmx_range square = lmx_range_square(box->w[i]);
      least += square.lo;
      most += square.hi;
    }
  lmx_range inverse = {1.0 / sqrt(most), 1.0 / sqrt(least)};
  for (int i = 0; i < tails->n; ++i) {
    lmx_range one = {box->sign, box->sign};
    n[i] = lmx_range_times(i == box->face ? one : box->w[i], inverse);
  }
}

/* n . P n, by Taylor's formula about the middle of the ranges. */
static lmx_range quadratic(const lmx_tails *tails, const double P[N][N],
                           const lmx_range *n)
{
  double middle[N], half[N], value = 0.0, spread = 0.0;
  for (int i = 0; i < tails->n; ++i) {
    middle[i] = 0.5 * (n[i].lo + n[i].hi);
    half[i] = 0.5 * (n[i].hi - n[i].lo);
  }
  for (int i = 0; i < tails->n; ++i) {
    double slope = 0.0;
    for (int j = 0; j < tails->n; ++j) {
      slope += P[i][j] * middle[j];
      spread += fabs(P[i][j]) * half[i] * half[j];
    }
    value += slope * middle[i];
    spread += 2.0 * fabs(slope) * half[i];
  }
  return (lmx_range){value - spread, value + spread};
}

static lmx_range linear(const lmx_tails *tails, const double *b,
                        const lmx_range *n)
{
  lmx_range sum = {0.0, 0.0};
  for (int i = 0; i < tails->n; ++i)
    sum = lmx_range_add(sum, lmx_range_scale(b[i], n[i]));
  return sum;
}

/* log of component k over component l. */
static lmx_range log_ratio(const lmx_tails *tails, const lmx_range *n,
                           lmx_range r, size_t k, size_t l)
{
  const lmx_tail_component *x = &tails->component[k], *y = &tails->component[l];
  double P[N][N], b[N], c = x->c - y->c;
  for (int i = 0; i < tails->n; ++i) {
    b[i] = x->Pm[i] - y->Pm[i];
    for (int j = 0; j < tails->n; ++j)
      P[i][j] = -0.5 * (x->P[i][j] - y->P[i][j]);
  }
  return lmx_parabola_range(quadratic(tails, P, n), linear(tails, b, n),
                            (lmx_range){c, c}, r);
}

static void shares(const lmx_tails *tails, const lmx_range *n, lmx_range r,
                   lmx_tail_work *work)
{
  size_t K = tails->components;
  for (size_t k = 0; k < K; ++k) {
    double least = 1.0, most = 1.0; /* of f0 over the component */
    for (size_t l = 0; l < K; ++l) {
      if (l == k)
        continue;
      lmx_range ratio = log_ratio(tails, n, r, l, k);
      least += exp(ratio.lo);
      most += exp(ratio.hi);
    }
    work[k].share = (lmx_range){1.0 / most, 1.0 / least};
  }
}

/* s P_k (v - m_k) = (1 - s) P_k n - s P_k m_k for each axis. */
static void fill(const lmx_tails *tails, const lmx_range *n, lmx_range s,
                 lmx_tail_work *work)
{
  const lmx_range s2 = {s.lo * s.lo, s.hi * s.hi};
  for (size_t k = 0; k < tails->components; ++k) {
    const lmx_tail_component *x = &tails->component[k];
    work[k].square = lmx_range_scale(-0.5, quadratic(tails, x->P, n));
    work[k].linear = linear(tails, x->Pm, n);
    work[k].extra = lmx_range_scale(-x->extra, s2);
    for (int i = 0; i < tails->n; ++i) {
      lmx_range far = linear(tails, x->P[i], n);
      /* far - s (far + Pm) is monotone in both */
      work[k].a[i] = (lmx_range){fmin(far.lo - s.lo * (far.lo + x->Pm[i]),
                                      far.lo - s.hi * (far.lo + x->Pm[i])),
                                 fmax(far.hi - s.lo * (far.hi + x->Pm[i]),
                                      far.hi - s.hi * (far.hi + x->Pm[i]))};
    }
  }
}

/* The largest sum of pi_k x_k, x_k = order, over shares in their ranges that
 * add up to 1: what the lower ends leave goes to the largest x first. */
static double largest_mean(size_t K, lmx_tail_work *work)
{
  double rest = 1.0, sum = 0.0, below = INFINITY;
  for (size_t k = 0; k < K; ++k) {
    rest -= work[k].share.lo;
    sum += work[k].share.lo * work[k].order;
  }
  while (rest > 0.0) {
    double best = -INFINITY, room = 0.0;
    for (size_t k = 0; k < K; ++k)
      if (work[k].order < below && work[k].order >= best) {
        room = work[k].order > best ? 0.0 : room;
        best = work[k].order;
        room += work[k].share.hi - work[k].share.lo;
      }
    if (isinf(best))
      break;
    sum += fmin(room, rest) * best;
    rest -= room;
    below = best;
  }
  return sum;
}

/* The range of sum pi_k x_k; x(user, k) = range of x_k. */
#define MEAN(K, work, out, expression)                                         \
  do {                                                                         \
    for (size_t k = 0; k < (K); ++k)                                           \
      (work)[k].order = (expression).hi;                                       \
    (out).hi = largest_mean(K, work);                                          \
    for (size_t k = 0; k < (K); ++k)                                           \
      (work)[k].order = -(expression).lo;                                      \
    (out).lo = -largest_mean(K, work);                                         \
  } while (0)

/* a_i a_j - s^2 P_ij of a component. */
static lmx_range relative_entry(const lmx_tail_work *work, double P,
                                lmx_range s2, int i, int j)
{
  lmx_range product = i == j ? lmx_range_square(work->a[i])
                             : lmx_range_times(work->a[i], work->a[j]);
  return lmx_range_add(product, lmx_range_scale(-P, s2));
}

/* |sum pi_k a_k|: by its components, and at most the mean of |a_k|. */
static double gradient(const lmx_tails *tails, lmx_tail_work *work)
{
  double sum = 0.0;
  for (int i = 0; i < tails->n; ++i) {
    lmx_range mean;
    MEAN(tails->components, work, mean, work[k].a[i]);
    sum += lmx_range_square(mean).hi;
  }
  for (size_t k = 0; k < tails->components; ++k) {
    double a2 = 0.0;
    for (int i = 0; i < tails->n; ++i)
      a2 += lmx_range_square(work[k].a[i]).hi;
    work[k].order = sqrt(a2);
  }
  return fmin(sqrt(sum), largest_mean(tails->components, work));
}

/* The same for the Frobenius norm of the mean of a_k a_k^T - s^2 P_k. */
static double relative(const lmx_tails *tails, lmx_range s2,
                       lmx_tail_work *work)
{
  lmx_range mean;
  MEAN(tails->components, work, mean, work[k].extra);
  double sum = tails->extra * lmx_range_square(mean).hi;
  for (int i = 0; i < tails->n; ++i)
    for (int j = 0; j <= i; ++j) {
      MEAN(tails->components, work, mean,
           relative_entry(&work[k], tails->component[k].P[i][j], s2, i, j));
      sum += (i == j ? 1.0 : 2.0) * lmx_range_square(mean).hi;
    }
  for (size_t k = 0; k < tails->components; ++k) {
    double own = tails->extra * lmx_range_square(work[k].extra).hi;
    for (int i = 0; i < tails->n; ++i)
      for (int j = 0; j < tails->n; ++j)
        own +=
            lmx_range_square(
                relative_entry(&work[k], tails->component[k].P[i][j], s2, i, j))
                .hi;
    work[k].order = sqrt(own);
  }
  return fmin(sqrt(sum), largest_mean(tails->components, work));
}

/* a_k - a_l = (1 - s) (P_k - P_l) n - s (P_k m_k - P_l m_l). */
static lmx_range difference(const lmx_tails *tails, const lmx_range *n,
                            lmx_range s, size_t k, size_t l, int i)
{
  const lmx_tail_component *x = &tails->component[k], *y = &tails->component[l];
  double b[N], m = x->Pm[i] - y->Pm[i];
  for (int j = 0; j < tails->n; ++j)
    b[j] = x->P[i][j] - y->P[i][j];
  lmx_range far = linear(tails, b, n);
  return (lmx_range){
      fmin(far.lo - s.lo * (far.lo + m), far.lo - s.hi * (far.lo + m)),
      fmax(far.hi - s.lo * (far.hi + m), far.hi - s.hi * (far.hi + m))};
}

/* Adds the spread of the a_k to the entries of the Hessian. */
static void add_spread(const lmx_tails *tails, const lmx_range *n, lmx_range s,
                       const lmx_tail_work *work, lmx_range entry[N][N])
{
  for (size_t k = 0; k < tails->components; ++k)
    for (size_t l = 0; l < k; ++l) {
      lmx_range a[N], both = {work[k].share.lo * work[l].share.lo,
                              fmin(work[k].share.hi * work[l].share.hi, 0.25)};
      both.lo = fmin(both.lo, both.hi); /* rounding */
      for (int i = 0; i < tails->n; ++i)
        a[i] = difference(tails, n, s, k, l, i);
      for (int i = 0; i < tails->n; ++i)
        for (int j = 0; j <= i; ++j) {
          lmx_range product =
              i == j ? lmx_range_square(a[i]) : lmx_range_times(a[i], a[j]);
          entry[i][j] =
              lmx_range_add(entry[i][j], lmx_range_times(both, product));
        }
    }
}

static double hessian(const lmx_tails *tails, const lmx_range *n, lmx_range s,
                      lmx_range s2, lmx_tail_work *work)
{
  lmx_range entry[N][N], mean;
  MEAN(tails->components, work, mean, work[k].extra);
  double sum = tails->extra * lmx_range_square(mean).hi;
  for (int i = 0; i < tails->n; ++i)
    for (int j = 0; j <= i; ++j)
      MEAN(tails->components, work, entry[i][j],
           lmx_range_scale(-tails->component[k].P[i][j], s2));
  add_spread(tails, n, s, work, entry);
  for (int i = 0; i < tails->n; ++i)
    for (int j = 0; j <= i; ++j)
      sum += (i == j ? 1.0 : 2.0) * lmx_range_square(entry[i][j]).hi;
  return sqrt(sum);
}

/* s^2 log f0: log f0 is the log of any component less that of its share. */
static lmx_range log_density(const lmx_tails *tails, lmx_range s,
                             const lmx_tail_work *work)
{
  lmx_range out = {-INFINITY, INFINITY};
  double largest = -INFINITY;
  for (size_t k = 0; k < tails->components; ++k) {
    double c = tails->component[k].c;
    lmx_range own =
        lmx_scaled_range(work[k].square, work[k].linear, (lmx_range){c, c}, s);
    double most = -log(work[k].share.lo) * s.hi * s.hi;
    double least = -log(work[k].share.hi) * s.lo * s.lo;
    largest = fmax(largest, own.hi);
    if (s.hi == 0.0)
      most = work[k].share.lo > 0.0 ? 0.0 : INFINITY;
    out.hi = fmin(out.hi, own.hi + most);
    out.lo = fmax(out.lo, own.lo + fmax(least, 0.0));
  }
  double count = s.hi * s.hi * log((double)tails->components);
  out.hi = fmin(out.hi, largest + count);
  return out;
}

void lmx_tail_mixture(const lmx_tails *tails, const lmx_tail_box *box,
                      lmx_tail_scratch *scratch, lmx_tail_cell *out)
{
  lmx_range *n = scratch->parts->n, s = box->s, s2 = {s.lo * s.lo, s.hi * s.hi};
  lmx_tail_work *work = scratch->parts->work;
  directions(tails, box, n);
  shares(tails, n, lmx_range_radius(s), work);
  fill(tails, n, s, work);
  *out = (lmx_tail_cell){.s = s,
                         .g = log_density(tails, s, work),
                         .q = gradient(tails, work),
                         .G = hessian(tails, n, s, s2, work),
                         .K = relative(tails, s2, work),
                         .parts = scratch->parts};
}

/* |a|^2 + C log of one component, in units of s^2. */
static double own_bracket(const lmx_tail_cell *cell, size_t k, double C)
{
  const lmx_tail_parts *parts = cell->parts;
  const lmx_tail_component *x = &parts->tails->component[k];
  int n = parts->tails->n;
  double P[N][N], b[N], c = C * x->c;
  for (int i = 0; i < n; ++i) {
    b[i] = C * x->Pm[i];
    c += x->Pm[i] * x->Pm[i];
    for (int j = 0; j < n; ++j) {
      b[i] -= 2.0 * x->P[i][j] * x->Pm[j];
      P[i][j] = -0.5 * C * x->P[i][j];
      for (int l = 0; l < n; ++l)
        P[i][j] += x->P[i][l] * x->P[l][j];
    }
  }
  return lmx_scaled_range(quadratic(parts->tails, P, parts->n),
                          linear(parts->tails, b, parts->n), (lmx_range){c, c},
                          cell->s)
      .hi;
}

/* -pi log pi, which is largest at 1 / e. */
static double entropy(lmx_range share)
{
  double at = fmin(fmax(share.lo, 1.0 / M_E), share.hi);
  return at > 0.0 ? -at * log(at) : 0.0;
}

/* |sum pi_k a_k|^2 <= sum pi_k |a_k|^2, and log f0 = sum pi_k (log of the
 * component - log pi_k). */
double lmx_tail_convex(const lmx_tail_cell *cell, double C)
{
  if (cell->parts == NULL)
    return INFINITY;
  lmx_tail_work *work = cell->parts->work;
  size_t K = cell->parts->tails->components;
  double mixing = 0.0;
  for (size_t k = 0; k < K; ++k) {
    mixing += entropy(work[k].share);
    work[k].order = own_bracket(cell, k, C);
  }
  return largest_mean(K, work) +
         C * cell->s.hi * cell->s.hi * fmin(mixing, log((double)K));
}
