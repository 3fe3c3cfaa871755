/* Solid harmonics and their products with coordinates. With r = |x| and
 * zeta = x1 + i x2,
 *   plane  zeta zeta^m = zeta^{m+1},  conj(zeta) zeta^m = r^2 zeta^{m-1};
 *   space  R_l^m = r^l P_l^m(x3/r) e^{i m phi} / (l+m)!, P without the sign
 *          of Condon and Shortley:
 *     (2l+1) x3   R_l^m = ((l+1)^2 - m^2) R_{l+1}^m + r^2 R_{l-1}^m
 *     (2l+1) zeta R_l^m = (l+m+1)(l+m+2) R_{l+1}^{m+1} - r^2 R_{l-1}^{m+1}
 *     (2l+1) conj(zeta) R_l^m
 *                = r^2 R_{l-1}^{m-1} - (l-m+1)(l-m+2) R_{l+1}^{m-1}
 *          and R_l^{-m} = (-1)^m conj(R_l^m);
 *   zonal  (2l+d-2) x1 Y_l = (l+1) Y_{l+1} + (l+d-3) r^2 Y_{l-1},
 *          Y_l = r^l C_l^{(d/2-1)}(x1/r). */
#include "exact/series_basis.h"

#include <string.h>

enum { MAX_ROW = 64 };

/* Number of the harmonic (l, m, part), m >= 0. */
static int harmonic(const lmx_harmonics *basis, int l, int m, int part)
{
  if (basis->kind == LMX_ZONAL)
    return l;
  int within = m == 0 ? 0 : 2 * m - 1 + part;
  return basis->kind == LMX_PLANE ? within : l * l + within;
}

int lmx_harmonics_powers(const lmx_harmonics *basis, int k)
{
  return (int)(basis->offset[k + 1] - basis->offset[k]);
}

int lmx_harmonics_axes(const lmx_harmonics *basis)
{
  return basis->kind == LMX_ZONAL ? 1 : basis->d;
}

static void number(lmx_harmonics *basis)
{
  int k = 0;
  for (int l = 0; l <= basis->degree; ++l) {
    int from = basis->kind == LMX_PLANE ? l : 0;
    int to = basis->kind == LMX_ZONAL ? 0 : l;
    for (int m = from; m <= to; ++m)
      for (int part = 0; part < (m == 0 ? 1 : 2); ++part, ++k) {
        basis->l[k] = l;
        basis->m[k] = m;
        basis->part[k] = part;
        basis->offset[k] = basis->size;
        basis->size += (size_t)(basis->degree - l) / 2 + 1;
      }
  }
  basis->offset[k] = basis->size;
}

lmx_status lmx_harmonics_create(lmx_context *context, lmx_harmonic_kind kind,
                                int d, int degree, lmx_harmonics **out)
{
  lmx_status status;
  lmx_harmonics *basis;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &basis));
  basis->kind = kind;
  basis->d = d;
  basis->degree = degree;
  int zonal = degree + 1;
  basis->n = kind == LMX_ZONAL   ? zonal
             : kind == LMX_PLANE ? 2 * degree + 1
                                 : zonal * zonal;
  size_t n = (size_t)basis->n;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &basis->l), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &basis->m), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &basis->part), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n + 1, &basis->offset), fail);
  number(basis);
  *out = basis;
  return LMX_OK;
fail:
  lmx_harmonics_destroy(&basis);
  return status;
}

void lmx_harmonics_destroy(lmx_harmonics **basis)
{
  if (basis == NULL || *basis == NULL)
    return;
  lmx_free((*basis)->l);
  lmx_free((*basis)->m);
  lmx_free((*basis)->part);
  lmx_free((*basis)->offset);
  lmx_free(*basis);
  *basis = NULL;
}

void lmx_operator_destroy(lmx_operator **op)
{
  if (op == NULL || *op == NULL)
    return;
  if ((*op)->c != NULL)
    _arb_vec_clear((*op)->c, (slong)(*op)->capacity);
  lmx_free((*op)->start);
  lmx_free((*op)->source);
  lmx_free((*op)->shift);
  lmx_free(*op);
  *op = NULL;
}

static lmx_status new_operator(lmx_context *context, const lmx_harmonics *basis,
                               size_t capacity, lmx_operator **out)
{
  lmx_status status;
  lmx_operator *op;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &op));
  op->rows = basis->n;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, (size_t)basis->n + 1, &op->start), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, capacity, &op->source), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, capacity, &op->shift), fail);
  op->capacity = capacity;
  op->c = _arb_vec_init((slong)capacity);
  *out = op;
  return LMX_OK;
fail:
  lmx_operator_destroy(&op);
  return status;
}

/* One product of a coordinate with a harmonic: (num/den) r^{2 shift} Y. */
typedef struct product {
  int source, target, shift;
  long num, den;
} product;

typedef struct products {
  const lmx_harmonics *basis;
  product *list;
  size_t n;
} products;

/* Adds the real (part 0) or imaginary part of (num/den) times the complex
 * harmonic (l, m), m >= -1; those that do not exist are 0. */
static void emit(products *to, int source, int l, int m, int part, long num,
                 long den)
{
  const lmx_harmonics *basis = to->basis;
  if (m < 0) {
    m = -m;
    num *= (part == 1) != (basis->kind == LMX_SPACE && m % 2 == 1) ? -1 : 1;
  }
  if (l < m || l > basis->degree || (m == 0 && part == 1))
    return;
  to->list[to->n++] = (product){source, harmonic(basis, l, m, part),
                                l < basis->l[source] ? 1 : 0, num, den};
}

/* x1 = (zeta + conj(zeta)) / 2 and x2 = (zeta - conj(zeta)) / (2i): the
 * product with i exchanges real and imaginary parts. */
static void emit_half(products *to, int k, int a, int l, int m, long num,
                      long den)
{
  int part = to->basis->part[k];
  if (a == 0)
    emit(to, k, l, m, part, num, 2 * den);
  else
    emit(to, k, l, m, 1 - part, part == 0 ? num : -num, 2 * den);
}

static void multiply_harmonic(products *to, int k, int a)
{
  const lmx_harmonics *basis = to->basis;
  long l = basis->l[k], m = basis->m[k], s = a == 1 ? -1 : 1;
  int up = (int)l + 1, down = (int)l - 1, im = (int)m;
  if (basis->kind == LMX_ZONAL) {
    emit(to, k, up, 0, 0, l + 1, 2 * l + basis->d - 2);
    emit(to, k, down, 0, 0, l + basis->d - 3, 2 * l + basis->d - 2);
  } else if (basis->kind == LMX_PLANE) {
    emit_half(to, k, a, up, im + 1, 1, 1);
    emit_half(to, k, a, im == 0 ? 1 : down, im - 1, s, 1);
  } else if (a == 2) {
    emit(to, k, up, im, basis->part[k], (l + 1) * (l + 1) - m * m, 2 * l + 1);
    emit(to, k, down, im, basis->part[k], 1, 2 * l + 1);
  } else {
    emit_half(to, k, a, up, im + 1, (l + m + 1) * (l + m + 2), 2 * l + 1);
    emit_half(to, k, a, down, im + 1, -1, 2 * l + 1);
    emit_half(to, k, a, down, im - 1, s, 2 * l + 1);
    emit_half(to, k, a, up, im - 1, -s * (l - m + 1) * (l - m + 2), 2 * l + 1);
  }
}

/* Sorts products by target into rows. */
static void gather(const products *from, lmx_operator *op, long bits)
{
  for (size_t i = 0; i < from->n; ++i)
    ++op->start[from->list[i].target + 1];
  for (int k = 0; k < op->rows; ++k)
    op->start[k + 1] += op->start[k];
  for (size_t i = from->n; i-- > 0;) {
    const product *p = &from->list[i];
    /* The starts move to the ends of the rows and back. */
    int at = --op->start[p->target + 1];
    op->source[at] = p->source;
    op->shift[at] = p->shift;
    arb_set_si(&op->c[at], p->num);
    arb_div_si(&op->c[at], &op->c[at], p->den, bits);
  }
  for (int k = 0; k < op->rows; ++k)
    op->start[k] = op->start[k + 1];
  op->start[op->rows] = (int)from->n;
}

lmx_status lmx_operator_coordinate(lmx_context *context,
                                   const lmx_harmonics *basis, int a, long bits,
                                   lmx_operator **out)
{
  lmx_operator *op;
  products to = {.basis = basis};
  size_t most = 4 * (size_t)basis->n;
  LMX_TRY(LMX_NEW_ARRAY(context, most, &to.list));
  lmx_status status = new_operator(context, basis, most, &op);
  if (status == LMX_OK) {
    for (int k = 0; k < basis->n; ++k)
      multiply_harmonic(&to, k, a);
    gather(&to, op, bits);
    *out = op;
  }
  lmx_free(to.list);
  return status;
}

/* A row being summed. */
typedef struct row {
  int n;
  int source[MAX_ROW], shift[MAX_ROW];
  arb_ptr c; /* [MAX_ROW] */
} row;

/* Adds factor x_a x_b to the row of harmonic k. */
static void add_product(row *sum, int k, const lmx_operator *Xa,
                        const lmx_operator *Xb, const arb_t factor, long bits)
{
  arb_t c;
  arb_init(c);
  for (int i = Xa->start[k]; i < Xa->start[k + 1]; ++i) {
    int middle = Xa->source[i];
    for (int j = Xb->start[middle]; j < Xb->start[middle + 1]; ++j) {
      int e = 0;
      while (e < sum->n && sum->source[e] != Xb->source[j])
        ++e;
      if (e == sum->n) {
        sum->source[e] = Xb->source[j];
        sum->shift[e] = Xa->shift[i] + Xb->shift[j];
        arb_zero(&sum->c[e]);
        ++sum->n;
      }
      arb_mul(c, &Xa->c[i], &Xb->c[j], bits);
      arb_addmul(&sum->c[e], c, factor, bits);
    }
  }
  arb_clear(c);
}

static void add_radial(row *sum, int k, const arb_t radial, long bits)
{
  int e = 0;
  while (e < sum->n && sum->source[e] != k)
    ++e;
  if (e == sum->n) {
    sum->source[e] = k;
    sum->shift[e] = 1;
    arb_zero(&sum->c[e]);
    ++sum->n;
  }
  arb_add(&sum->c[e], &sum->c[e], radial, bits);
}

static void store_row(const row *sum, int k, lmx_operator *op)
{
  int at = op->start[k];
  for (int e = 0; e < sum->n; ++e)
    if (!arb_is_zero(&sum->c[e])) {
      op->source[at] = sum->source[e];
      op->shift[at] = sum->shift[e];
      arb_set(&op->c[at++], &sum->c[e]);
    }
  op->start[k + 1] = at;
}

lmx_status lmx_operator_quadratic(lmx_context *context,
                                  const lmx_harmonics *basis,
                                  lmx_operator *const *X, arb_srcptr A,
                                  const arb_t radial, long bits,
                                  lmx_operator **out)
{
  int axes = lmx_harmonics_axes(basis);
  /* l - 2, l, l + 2 with m - 2 .. m + 2 and both parts, once each. */
  size_t most = basis->kind == LMX_SPACE ? 30 : 8;
  lmx_operator *op;
  row sum;
  LMX_TRY(new_operator(context, basis, most * (size_t)basis->n, &op));
  sum.c = _arb_vec_init(MAX_ROW);
  for (int k = 0; k < basis->n; ++k) {
    sum.n = 0;
    for (int a = 0; a < axes; ++a)
      for (int b = 0; b < axes; ++b)
        if (!arb_is_zero(&A[a * axes + b]))
          add_product(&sum, k, X[a], X[b], &A[a * axes + b], bits);
    if (!arb_is_zero(radial))
      add_radial(&sum, k, radial, bits);
    store_row(&sum, k, op);
  }
  _arb_vec_clear(sum.c, MAX_ROW);
  *out = op;
  return LMX_OK;
}

/* zeta^m for m up to the degree, at the places of R_m^m. */
static void power_values(const lmx_harmonics *basis, arb_srcptr v, arb_ptr Y,
                         long bits)
{
  arb_t re, im;
  arb_init(re);
  arb_init(im);
  arb_one(re);
  arb_one(&Y[0]);
  for (int m = 1; m <= basis->degree; ++m) {
    int k = harmonic(basis, m, m, 0);
    arb_mul(&Y[k], re, &v[0], bits);
    arb_submul(&Y[k], im, &v[1], bits);
    arb_mul(&Y[k + 1], re, &v[1], bits);
    arb_addmul(&Y[k + 1], im, &v[0], bits);
    for (int i = 0; i < 2 && basis->kind == LMX_SPACE; ++i)
      arb_div_si(&Y[k + i], &Y[k + i], 2L * m, bits);
    arb_set(re, &Y[k]);
    arb_set(im, &Y[k + 1]);
  }
  arb_clear(re);
  arb_clear(im);
}

/* Y_{l+1} from Y_l and Y_{l-1} by the product with the polar coordinate z,
 *   den z Y_l = up Y_{l+1} + down r^2 Y_{l-1}. */
static void ladder(arb_ptr Y, int next, int now, int last, long den, long up,
                   long down, const arb_t z, const arb_t r2, long bits)
{
  arb_t x;
  arb_init(x);
  arb_mul(x, z, &Y[now], bits);
  arb_mul_si(x, x, den, bits);
  if (last >= 0 && down != 0) {
    arb_mul(&Y[next], r2, &Y[last], bits);
    arb_submul_si(x, &Y[next], down, bits);
  }
  arb_div_si(&Y[next], x, up, bits);
  arb_clear(x);
}

void lmx_harmonics_values(const lmx_harmonics *basis, arb_srcptr v,
                          const arb_t r2, arb_ptr Y, long bits)
{
  if (basis->kind == LMX_ZONAL) {
    arb_one(&Y[0]);
    for (int l = 0; l < basis->degree; ++l)
      ladder(Y, l + 1, l, l - 1, 2L * l + basis->d - 2, l + 1L,
             l + basis->d - 3L, &v[0], r2, bits);
    return;
  }
  power_values(basis, v, Y, bits);
  if (basis->kind == LMX_PLANE)
    return;
  for (long m = 0; m <= basis->degree; ++m)
    for (int part = 0; part < (m == 0 ? 1 : 2); ++part)
      for (long l = m; l < basis->degree; ++l)
        ladder(Y, harmonic(basis, (int)l + 1, (int)m, part),
               harmonic(basis, (int)l, (int)m, part),
               l == m ? -1 : harmonic(basis, (int)l - 1, (int)m, part),
               2 * l + 1, (l + 1) * (l + 1) - m * m, 1, &v[2], r2, bits);
}
