/* The exact moments that do not single out directions: (2.5), M_4, momentum,
 * directional temperatures. */
#include "landaumax/moment.h"

#include <math.h>
#include <string.h>

#include "moment/data.h"

/* One direction told apart from the others serves for the temperatures, and
 * for tr T as a conserved coordinate. */
enum { LABELS = 1, MAX = LMX_MAX_DIMENSION };

struct lmx_hierarchy {
  lmx_moment_data data;
  double inverse; /* 1/N */
  lmx_system *second, *fourth;
  lmx_ladder *ladder2, *ladder4;
  double *start2; /* [d][2 n2]: direction a is the one told apart */
  double *start4; /* [2 n4] */
  double *lln;    /* [n4] the part of degree 4 of the left side of (2.5) */
  double *M4, *phi2, *T2; /* [n4] */
  double *T, *p;          /* [n2] T_00 and p_0^2 */
  double *work;
};

double lmx_lln_slope(int d)
{
  return 8.0 * (d - 1) * (d - 1) * (4.0 * d - 1.0);
}

double lmx_lln_start(const lmx_moment_data *data, double N)
{
  double d = data->d, M4 = lmx_moment_data_fourth(data), E2 = 0.0;
  for (int a = 0; a < data->d; ++a)
    E2 += data->E[a] * data->E[a];
  double first = (d - 1) * M4 + d * d * (4 - d) + (4 * d - 7) * E2;
  double rest = (d - 1) * M4 + 3 * d * d * (d - 2) + 3 * E2;
  return first + (rest - first) / N;
}

void lmx_hierarchy_destroy(lmx_hierarchy **hierarchy)
{
  if (hierarchy == NULL || *hierarchy == NULL)
    return;
  lmx_hierarchy *h = *hierarchy;
  lmx_system_destroy(&h->second);
  lmx_system_destroy(&h->fourth);
  lmx_ladder_destroy(&h->ladder2);
  lmx_ladder_destroy(&h->ladder4);
  double *arrays[] = {h->start2, h->start4, h->lln, h->M4,  h->phi2,
                      h->T2,     h->T,      h->p,   h->work};
  for (size_t i = 0; i < sizeof arrays / sizeof *arrays; ++i)
    lmx_free(arrays[i]);
  lmx_free(h);
  *hierarchy = NULL;
}

/* --- functionals ------------------------------------------------------ */

/* Adds c P_{words[0]} P_{words[1]} .., each word "ab" as two letters, lengths
 * in n. */
typedef struct product {
  int n;
  int length[4];
  int letters[4];
} product;

static lmx_status add_product(lmx_context *context, const lmx_system *s,
                              double c, const product *p, double *functional)
{
  lmx_monomial monomial = {0};
  for (int k = 0, at = 0; k < p->n; at += p->length[k++]) {
    lmx_word word = lmx_word_of(p->length[k], p->letters + at);
    lmx_monomial_multiply(&monomial, &word);
  }
  return lmx_system_add(context, s, c, &monomial, functional);
}

/* The terms of degree 4 of
 *   X = (d-2) (d - phi)^2 + |T - E|^2 + 4 d (d-2) |p|^2 + 4 p.E p
 *       - (4d-10) (phi |p|^2 - p.T p),       phi = tr T,
 * whose expectation is the left side of (2.5). */
static lmx_status fill_lln(lmx_context *context, const lmx_system *s,
                           double *lln)
{
  int d = s->basis->d;
  double c = 4.0 * d - 10.0;
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      const product phi2 = {2, {2, 2}, {a, a, b, b}};
      const product T2 = {2, {2, 2}, {a, b, a, b}};
      const product phi_p2 = {3, {2, 1, 1}, {a, a, b, b}};
      const product pTp = {3, {2, 1, 1}, {a, b, a, b}};
      LMX_TRY(add_product(context, s, d - 2, &phi2, lln));
      LMX_TRY(add_product(context, s, 1.0, &T2, lln));
      LMX_TRY(add_product(context, s, -c, &phi_p2, lln));
      LMX_TRY(add_product(context, s, c, &pTp, lln));
    }
  lmx_system_functional(s, lln);
  return LMX_OK;
}

static lmx_status fill_functionals(lmx_context *context, lmx_hierarchy *h)
{
  int d = h->data.d;
  size_t n4 = h->fourth->basis->n, n2 = h->second->basis->n;
  LMX_TRY(LMX_NEW_ARRAY(context, n4, &h->lln));
  LMX_TRY(LMX_NEW_ARRAY(context, n4, &h->M4));
  LMX_TRY(LMX_NEW_ARRAY(context, n4, &h->phi2));
  LMX_TRY(LMX_NEW_ARRAY(context, n4, &h->T2));
  LMX_TRY(LMX_NEW_ARRAY(context, n2, &h->T));
  LMX_TRY(LMX_NEW_ARRAY(context, n2, &h->p));
  LMX_TRY(fill_lln(context, h->fourth, h->lln));
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      const product fourth = {1, {4}, {a, a, b, b}};
      const product phi2 = {2, {2, 2}, {a, a, b, b}};
      const product T2 = {2, {2, 2}, {a, b, a, b}};
      LMX_TRY(add_product(context, h->fourth, 1.0, &fourth, h->M4));
      LMX_TRY(add_product(context, h->fourth, 1.0, &phi2, h->phi2));
      LMX_TRY(add_product(context, h->fourth, 1.0, &T2, h->T2));
    }
  const product T = {1, {2}, {0, 0}}, p = {2, {1, 1}, {0, 0}};
  LMX_TRY(add_product(context, h->second, 1.0, &T, h->T));
  LMX_TRY(add_product(context, h->second, 1.0, &p, h->p));
  lmx_system_functional(h->fourth, h->M4);
  lmx_system_functional(h->fourth, h->phi2);
  lmx_system_functional(h->fourth, h->T2);
  lmx_system_functional(h->second, h->T);
  lmx_system_functional(h->second, h->p);
  return LMX_OK;
}

/* --- creation --------------------------------------------------------- */

static lmx_status fill_start(lmx_context *context, lmx_hierarchy *h)
{
  size_t n2 = 2 * h->second->basis->n, n4 = 2 * h->fourth->basis->n;
  size_t most = n4 > n2 ? n4 : n2;
  LMX_TRY(LMX_NEW_ARRAY(context, (size_t)h->data.d * n2, &h->start2));
  LMX_TRY(LMX_NEW_ARRAY(context, n4, &h->start4));
  LMX_TRY(LMX_NEW_ARRAY(context, 3 * most, &h->work));
  for (int a = h->data.d; a-- > 0;) {
    lmx_system_start(h->second, lmx_moment_data_word, &h->data, &a, h->inverse,
                     h->start2 + (size_t)a * n2);
    if (a == 0)
      lmx_system_start(h->fourth, lmx_moment_data_word, &h->data, &a,
                       h->inverse, h->start4);
  }
  return LMX_OK;
}

lmx_status lmx_hierarchy_create(lmx_context *context,
                                const lmx_moment_data *data, double N,
                                double t_max, lmx_hierarchy **out)
{
  lmx_hierarchy *h;
  lmx_status status;
  if (data->d < 2 || data->d > MAX || !(N >= 1.0))
    return lmx_fail(context, LMX_ERR_USAGE,
                    "moments: d = %d, N = %g, allowed are d from 2 to %d and "
                    "N >= 1",
                    data->d, N, MAX);
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &h));
  h->data = *data;
  h->inverse = 1.0 / N;
  LMX_TRY_GOTO(lmx_system_create(context, data->d, 2, LABELS, true, &h->second),
               fail);
  LMX_TRY_GOTO(lmx_system_create(context, data->d, 4, LABELS, true, &h->fourth),
               fail);
  LMX_TRY_GOTO(
      lmx_system_ladder(context, h->second, h->inverse, t_max, &h->ladder2),
      fail);
  LMX_TRY_GOTO(
      lmx_system_ladder(context, h->fourth, h->inverse, t_max, &h->ladder4),
      fail);
  LMX_TRY_GOTO(fill_functionals(context, h), fail);
  LMX_TRY_GOTO(fill_start(context, h), fail);
  *out = h;
  return LMX_OK;
fail:
  lmx_hierarchy_destroy(&h);
  return status;
}

/* --- values ----------------------------------------------------------- */

static double dot(size_t n, const double *a, const double *b)
{
  double sum = 0.0;
  for (size_t i = 0; i < n; ++i)
    sum += a[i] * b[i];
  return sum;
}

/* The state at t, in the first 2 n numbers of the work space. */
static const double *advance(lmx_hierarchy *h, const lmx_ladder *ladder,
                             const double *start, double t)
{
  size_t size = 2 * ladder->n;
  memcpy(h->work, start, size * sizeof *start);
  lmx_ladder_apply(ladder, t, h->work, h->work + size);
  return h->work;
}

void lmx_hierarchy_at(lmx_hierarchy *hierarchy, double t,
                      lmx_hierarchy_values *out)
{
  lmx_hierarchy *h = hierarchy;
  int d = h->data.d;
  size_t n2 = h->second->basis->n, n4 = h->fourth->basis->n;
  double decay = exp(-4.0 * d * t);
  lmx_hierarchy_values values = {0};
  const double *x = advance(h, h->ladder4, h->start4, t);
  values.lln = dot(n4, h->lln, x + n4);
  values.M4 = dot(n4, h->M4, x) + h->inverse * dot(n4, h->M4, x + n4);
  values.phi2 = dot(n4, h->phi2, x + n4);
  values.T2 = dot(n4, h->T2, x + n4);
  for (int a = 0; a < d; ++a) {
    double E = 1.0 + (h->data.E[a] - 1.0) * decay;
    x = advance(h, h->ladder2, h->start2 + (size_t)a * 2 * n2, t);
    double p2 = dot(n2, h->p, x + n2);
    values.excess[a] = dot(n2, h->T, x + n2);
    values.temperature[a] = E + h->inverse * values.excess[a];
    values.momentum += p2;
    /* degree 2 of X; the mean of tr T is d for every N */
    values.lln += 4.0 * (d * (d - 2) + E) * p2 - 2.0 * E * values.excess[a];
  }
  *out = values;
}
