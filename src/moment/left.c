/* Each left side spelled out as a polynomial of few particles. */
#include "moment/left.h"

/* alpha and beta */
enum { A = 0, B = 1, MOST = 64 };

static lmx_word none(void)
{
  return (lmx_word){0};
}

static lmx_word one(int a)
{
  return lmx_word_of(1, &a);
}

static lmx_word two(int a, int b)
{
  const int axes[2] = {a, b};
  return lmx_word_of(2, axes);
}

static lmx_word three(int a, int b, int c)
{
  const int axes[3] = {a, b, c};
  return lmx_word_of(3, axes);
}

#define ADD(c, power, ...)                                                     \
  lmx_statistic_add(                                                           \
      s, (c), (power),                                                         \
      (int)(sizeof((lmx_word[]){__VA_ARGS__}) / sizeof(lmx_word)),             \
      (const lmx_word[]){__VA_ARGS__})
#define EACH(c) for (int c = 0; c < s->spaces->d; ++c)

static void lem_5_1(lmx_statistic *s)
{
  EACH(c) ADD(1, 0, two(c, c));
  lmx_statistic_add_constant(s, -s->spaces->d, 0);
}

static void claim_5_2(lmx_statistic *s)
{
  ADD(1, 0, one(A), one(A));
}

static void claim_5_3(lmx_statistic *s)
{
  EACH(c) ADD(1, 0, one(c), one(c));
}

static void claim_5_4(lmx_statistic *s)
{
  double d = s->spaces->d;
  EACH(c) EACH(e) ADD(1, 0, two(c, c), two(e, e));
  lmx_statistic_add_constant(s, -d * d, 0);
}

static void claim_5_5(lmx_statistic *s)
{
  EACH(c) ADD(1, 0, one(A), one(A), two(c, c));
}

static void claim_5_6(lmx_statistic *s)
{
  EACH(c) EACH(e) ADD(1, 0, one(c), one(c), two(e, e));
}

static void claim_5_7(lmx_statistic *s)
{
  ADD(1, 0, one(A), one(B), one(A), one(B));
}

static void lem_5_8(lmx_statistic *s)
{
  ADD(1, 0, two(A, A));
  lmx_statistic_add_constant(s, -1, 1);
}

static void claim_5_9(lmx_statistic *s)
{
  EACH(c) ADD(1, 0, two(c, c), two(A, A));
  lmx_statistic_add_constant(s, -s->spaces->d, 1);
}

/* phi = v_b, or -v_b, in (5.9); its mean over f0 is 0 */
static void eq_5_9_other(lmx_statistic *s)
{
  ADD(1, 0, two(A, A), one(B));
}

static void eq_5_9_own(lmx_statistic *s)
{
  ADD(1, 0, two(A, A), one(A));
}

static void claim_5_10(lmx_statistic *s)
{
  ADD(1, 0, one(A), one(A), two(A, A));
}

static void claim_5_11(lmx_statistic *s)
{
  EACH(c) ADD(1, 0, one(c), one(c), two(A, A));
}

static void claim_5_12(lmx_statistic *s)
{
  ADD(1, 0, one(B), one(B), two(A, A));
}

static void lem_5_13(lmx_statistic *s)
{
  ADD(1, 0, two(A, A), two(A, A));
  lmx_statistic_add_constant(s, -1, 2);
}

static void lem_5_14(lmx_statistic *s)
{
  ADD(1, 0, one(A), two(A, B), one(B));
}

static void lem_5_15_printed(lmx_statistic *s)
{
  ADD(1, 0, one(A), three(A, B, B));
}

static void lem_5_15(lmx_statistic *s)
{
  ADD(1, 0, two(A, B), two(A, B));
}

/* --- products --------------------------------------------------------- */

/* A linear combination of monomials of the particles i, j, k. */
typedef struct piece {
  double c;
  int power; /* of E */
  lmx_word i, j, k;
} piece;

typedef struct form {
  int n;
  piece pieces[MOST];
} form;

static void put(form *f, double c, int power, lmx_word i, lmx_word j,
                lmx_word k)
{
  if (f->n < MOST)
    f->pieces[f->n++] = (piece){c, power, i, j, k};
}

static lmx_word join(lmx_word x, lmx_word y)
{
  for (int n = 0; n < y.n; ++n)
    lmx_word_append(&x, y.axis[n]);
  return x;
}

static void add_product(lmx_statistic *s, double c, const form *x,
                        const form *y)
{
  for (int m = 0; m < x->n; ++m)
    for (int n = 0; n < y->n; ++n) {
      const piece *p = &x->pieces[m], *q = &y->pieces[n];
      ADD(c * p->c * q->c, p->power + q->power, join(p->i, q->i),
          join(p->j, q->j), join(p->k, q->k));
    }
}

/* The particle that takes the place of j: j itself or k. */
static void put_at(form *f, bool at_k, double c, int power, lmx_word i,
                   lmx_word j)
{
  put(f, c, power, i, at_k ? none() : j, at_k ? j : none());
}

/* d - |v^j|^2 */
static void put_energy(const lmx_statistic *s, form *f, bool at_k)
{
  put_at(f, at_k, s->spaces->d, 0, none(), none());
  EACH(c) put_at(f, at_k, -1, 0, none(), two(c, c));
}

/* w (v^i.v^j - v^i_a v^j_a) */
static void put_dot(const lmx_statistic *s, form *f, bool at_k, double w)
{
  EACH(c) if (c != A) put_at(f, at_k, w, 0, one(c), one(c));
}

/* (v^j_a)^2 - E */
static void put_temperature(form *f, bool at_k)
{
  put_at(f, at_k, 1, 0, none(), two(A, A));
  put_at(f, at_k, -1, 1, none(), none());
}

static void cor_5_16(lmx_statistic *s)
{
  double d = s->spaces->d;
  ADD(d * d, 0, none(), none());
  EACH(c) ADD(-2 * d, 0, two(c, c), none());
  EACH(c) EACH(e) ADD(1, 0, two(c, c), two(e, e));
}

static void cor_5_17(lmx_statistic *s)
{
  form x = {0}, y = {0};
  put_energy(s, &x, false);
  put_dot(s, &y, true, 2);
  add_product(s, 1, &x, &y);
}

static void cor_5_18(lmx_statistic *s)
{
  form x = {0}, y = {0};
  put_energy(s, &x, false);
  put_temperature(&y, true);
  add_product(s, 1, &x, &y);
}

static void cor_5_19(lmx_statistic *s)
{
  form x = {0}, y = {0};
  put_dot(s, &x, false, 2);
  put_temperature(&y, true);
  add_product(s, 1, &x, &y);
}

static void cor_5_20(lmx_statistic *s)
{
  form x = {0}, y = {0};
  put_dot(s, &x, false, 1);
  put_dot(s, &y, true, 1);
  add_product(s, 1, &x, &y);
}

static void cor_5_21(lmx_statistic *s)
{
  ADD(1, 0, two(A, A), two(A, A));
  ADD(-2, 1, two(A, A), none());
  ADD(1, 2, none(), none());
}

/* --- (5.3) and its expansions ----------------------------------------- */

/* One alpha of I_{alpha = beta}. */
static void diagonal(lmx_statistic *s)
{
  form x = {0}, y = {0};
  put_energy(s, &x, false);
  put_dot(s, &x, false, 2);
  put_temperature(&x, false);
  put_energy(s, &y, true);
  put_dot(s, &y, true, 2);
  put_temperature(&y, true);
  add_product(s, 1, &x, &y);
}

/* Minus the expansion after (5.3), where `mixed` is the coefficient of
 * (d - |v^j|^2) (v^i.v^k - v^i_a v^k_a). */
static void subtract_expansion(lmx_statistic *s, double mixed)
{
  form energy_j = {0}, energy_k = {0}, dot_j = {0}, dot_k = {0};
  form temperature_j = {0}, temperature_k = {0};
  put_energy(s, &energy_j, false);
  put_energy(s, &energy_k, true);
  put_dot(s, &dot_j, false, 1);
  put_dot(s, &dot_k, true, 1);
  put_temperature(&temperature_j, false);
  put_temperature(&temperature_k, true);
  add_product(s, -1, &energy_j, &energy_k);
  add_product(s, -4, &dot_j, &dot_k);
  add_product(s, -1, &temperature_j, &temperature_k);
  add_product(s, -mixed, &energy_j, &dot_k);
  add_product(s, -2, &energy_j, &temperature_k);
  add_product(s, -4, &dot_j, &temperature_k);
}

static void diagonal_printed(lmx_statistic *s)
{
  diagonal(s);
  subtract_expansion(s, 1);
}

static void diagonal_expanded(lmx_statistic *s)
{
  diagonal(s);
  subtract_expansion(s, 4);
}

/* v^i_a v^j_b + v^j_a v^i_b - v^j_a v^j_b */
static void put_mixed(form *f, bool at_k)
{
  put_at(f, at_k, 1, 0, one(A), one(B));
  put_at(f, at_k, 1, 0, one(B), one(A));
  put_at(f, at_k, -1, 0, none(), two(A, B));
}

/* One pair of I_{alpha != beta}. */
static void off_diagonal(lmx_statistic *s)
{
  form x = {0}, y = {0};
  put_mixed(&x, false);
  put_mixed(&y, true);
  add_product(s, 1, &x, &y);
}

static void off_diagonal_expanded(lmx_statistic *s)
{
  off_diagonal(s);
  ADD(-2, 0, two(A, A), one(B), one(B));
  ADD(2, 0, two(A, B), one(B), one(A));
  ADD(-1, 0, none(), two(A, B), two(A, B));
}

/* --- table ------------------------------------------------------------ */

static const struct {
  lmx_scope scope;
  const char *text;
  void (*fill)(lmx_statistic *s);
} lefts[LMX_LEFT_COUNT] = {
#define LEFT_ROW(symbol, scope, text)                                          \
  [LMX_LEFT_##symbol] = {scope, text, symbol},
    LMX_LEFT_LIST(LEFT_ROW)
#undef LEFT_ROW
};

lmx_scope lmx_left_scope(lmx_left left)
{
  return lefts[left].scope;
}

const char *lmx_left_text(lmx_left left)
{
  return lefts[left].text;
}

lmx_status lmx_left_fill(lmx_left left, lmx_statistic *statistic)
{
  lefts[left].fill(statistic);
  return lmx_statistic_close(statistic);
}
