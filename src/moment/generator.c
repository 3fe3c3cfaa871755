/* The generator of (1.4) on products of power sums.
 *
 * On one factor, L P_m = average over i of
 *     2 (d-1) (p - v) . grad v^m + A(v) : Hess v^m,
 * A(v) = (1/N) sum_j a(v - v^j), whose entries are
 *     A_ab = delta_ab (|v|^2 - 2 v.p + tr T) - v_a v_b + v_a p_b + p_a v_b
 *            - T_ab,                 p_a = P_{e_a}, T_ab = P_{e_a + e_b};
 * on products L(FG) = F LG + G LF + 2 Gamma(F, G), and for single power sums
 * Gamma(P_m, P_n) = (1/N) times the average of grad v^m . A grad v^n. */
#include "moment/ring.h"

/* c times the average over i of v^word, times the monomial `others`. */
typedef struct builder {
  lmx_context *context;
  int d, order; /* power of 1/N */
  const lmx_monomial *others;
  lmx_polynomial *out;
} builder;

static lmx_status emit(const builder *b, double c, const lmx_word *word,
                       const lmx_word *power_sum)
{
  lmx_monomial monomial = *b->others;
  lmx_monomial_multiply(&monomial, word);
  lmx_monomial_multiply(&monomial, power_sum);
  return lmx_polynomial_add(b->context, b->out, &monomial,
                            b->order == 0 ? c : 0.0, b->order == 1 ? c : 0.0);
}

/* c v^word v_x v_y P_{z + w}: the letters that are not negative. */
static lmx_status emit_letters(const builder *b, double c, const lmx_word *word,
                               int x, int y, int z, int w)
{
  const int inner[2] = {x, y}, outer[2] = {z, w};
  lmx_word one = *word, power_sum = {0};
  for (int i = 0; i < 2; ++i) {
    if (inner[i] >= 0)
      lmx_word_append(&one, inner[i]);
    if (outer[i] >= 0)
      lmx_word_append(&power_sum, outer[i]);
  }
  return emit(b, c, &one, &power_sum);
}

/* The average of c A_xy(v) v^word. */
static lmx_status add_A(const builder *b, double c, int x, int y,
                        const lmx_word *word)
{
  for (int e = 0; e < b->d && x == y; ++e) {
    LMX_TRY(emit_letters(b, c, word, e, e, -1, -1));
    LMX_TRY(emit_letters(b, -2.0 * c, word, e, -1, e, -1));
    LMX_TRY(emit_letters(b, c, word, -1, -1, e, e));
  }
  LMX_TRY(emit_letters(b, -c, word, x, y, -1, -1));
  LMX_TRY(emit_letters(b, c, word, x, -1, y, -1));
  LMX_TRY(emit_letters(b, c, word, y, -1, x, -1));
  return emit_letters(b, -c, word, -1, -1, x, y);
}

/* L P_m; a derivative of v^m takes one letter off its word. */
static lmx_status add_single(const builder *b, const lmx_word *m)
{
  double drift = 2.0 * (b->d - 1);
  for (int r = 0; r < m->n; ++r) {
    lmx_word rest = lmx_word_without(m, r);
    LMX_TRY(emit_letters(b, drift, &rest, -1, -1, m->axis[r], -1));
    LMX_TRY(emit_letters(b, -drift, m, -1, -1, -1, -1));
    for (int s = 0; s < rest.n; ++s) {
      lmx_word twice = lmx_word_without(&rest, s);
      LMX_TRY(add_A(b, 1.0, m->axis[r], rest.axis[s], &twice));
    }
  }
  return LMX_OK;
}

/* 2 Gamma(P_m, P_n) */
static lmx_status add_pair(const builder *b, const lmx_word *m,
                           const lmx_word *n)
{
  for (int r = 0; r < m->n; ++r)
    for (int s = 0; s < n->n; ++s) {
      lmx_word word = lmx_word_without(m, r);
      lmx_word rest = lmx_word_without(n, s);
      for (int i = 0; i < rest.n; ++i)
        lmx_word_append(&word, rest.axis[i]);
      LMX_TRY(add_A(b, 2.0, m->axis[r], n->axis[s], &word));
    }
  return LMX_OK;
}

static lmx_monomial without(const lmx_monomial *monomial, int j, int l)
{
  lmx_monomial rest = {0};
  for (int k = 0; k < monomial->n; ++k)
    if (k != j && k != l)
      lmx_monomial_multiply(&rest, &monomial->factor[k]);
  return rest;
}

lmx_status lmx_ring_generator(lmx_context *context, int d,
                              const lmx_monomial *monomial, lmx_polynomial *out)
{
  lmx_monomial others;
  builder b = {.context = context, .d = d, .others = &others, .out = out};
  for (int j = 0; j < monomial->n; ++j) {
    b.order = 0;
    others = without(monomial, j, j);
    LMX_TRY(add_single(&b, &monomial->factor[j]));
    b.order = 1;
    for (int l = 0; l < j; ++l) {
      others = without(monomial, j, l);
      LMX_TRY(add_pair(&b, &monomial->factor[l], &monomial->factor[j]));
    }
  }
  return LMX_OK;
}
