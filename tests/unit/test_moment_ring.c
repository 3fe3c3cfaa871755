/* The generator of (1.4) on symmetric polynomials, against (1.4) applied to
 * them as polynomials in all d N variables by differences that are exact for
 * degree 4; sizes of the bases; renaming of directions. */
#include "support.h"

#include <string.h>

#include "moment/ring.h"
#include "moment/system.h"

enum { MOST = 5 };

typedef struct cloud {
  int d, N;
  double v[MOST][3];
} cloud;

/* Small whole numbers, so that everything below is nearly exact. */
static cloud random_cloud(int d, int N, unsigned seed)
{
  cloud c = {.d = d, .N = N};
  for (int i = 0; i < N; ++i)
    for (int a = 0; a < d; ++a) {
      seed = seed * 1664525u + 1013904223u;
      c.v[i][a] = (int)((seed >> 16) % 7) - 3;
    }
  return c;
}

static double power_sum(const cloud *c, const lmx_word *word)
{
  double sum = 0.0;
  for (int i = 0; i < c->N; ++i) {
    double product = 1.0;
    for (int k = 0; k < word->n; ++k)
      product *= c->v[i][word->axis[k]];
    sum += product;
  }
  return sum / c->N;
}

static double value(const cloud *c, const lmx_monomial *monomial)
{
  double product = 1.0;
  for (int k = 0; k < monomial->n; ++k)
    product *= power_sum(c, &monomial->factor[k]);
  return product;
}

static const double first[5] = {1.0 / 12, -8.0 / 12, 0, 8.0 / 12, -1.0 / 12};
static const double second[5] = {-1.0 / 12, 16.0 / 12, -30.0 / 12, 16.0 / 12,
                                 -1.0 / 12};

/* d F / d v^i_a; all differences are exact up to degree 4. */
static double slope(cloud *c, const lmx_monomial *F, int i, int a)
{
  double sum = 0.0, old = c->v[i][a];
  for (int k = 0; k < 5; ++k) {
    c->v[i][a] = old + k - 2;
    sum += first[k] * value(c, F);
  }
  c->v[i][a] = old;
  return sum;
}

static double curvature(cloud *c, const lmx_monomial *F, int i, int a, int b)
{
  double sum = 0.0, old = c->v[i][a];
  for (int k = 0; k < 5; ++k) {
    c->v[i][a] = old + k - 2;
    sum += a == b ? second[k] * value(c, F) : first[k] * slope(c, F, i, b);
  }
  c->v[i][a] = old;
  return sum;
}

/* sum_i (2/N) sum_j b(v^i - v^j).grad_i F + (1/N) sum_j a(v^i - v^j):Hess_i F
 * with b(z) = -(d-1) z and a(z) = |z|^2 - z z^T. */
static double liouville(cloud *c, const lmx_monomial *F)
{
  double sum = 0.0;
  int d = c->d;
  for (int i = 0; i < c->N; ++i)
    for (int j = 0; j < c->N; ++j) {
      double z[3], z2 = 0.0;
      for (int a = 0; a < d; ++a) {
        z[a] = c->v[i][a] - c->v[j][a];
        z2 += z[a] * z[a];
      }
      for (int a = 0; a < d && j != i; ++a) {
        sum -= 2.0 * (d - 1) * z[a] * slope(c, F, i, a) / c->N;
        for (int b = 0; b < d; ++b)
          sum += ((a == b ? z2 : 0.0) - z[a] * z[b]) *
                 curvature(c, F, i, a, b) / c->N;
      }
    }
  return sum;
}

static double evaluate(const cloud *c, const lmx_polynomial *polynomial)
{
  double sum = 0.0;
  for (size_t k = 0; k < polynomial->n; ++k) {
    const lmx_term *t = &polynomial->terms[k];
    sum += (t->c[0] + t->c[1] / c->N) * value(c, &t->monomial);
  }
  return sum;
}

/* Worst difference over all monomials of a degree. `spoil` adds that much to
 * one coefficient of each image. */
static double worst(lmx_context *ctx, int d, int N, int degree, double spoil)
{
  lmx_basis *basis;
  double largest = 0.0;
  ASSERT_OK(ctx, lmx_basis_create(ctx, d, degree, d, false, &basis));
  for (size_t k = 0; k < basis->n; ++k) {
    cloud c = random_cloud(d, N, (unsigned)(17 * k + 5));
    lmx_polynomial image = {0};
    ASSERT_OK(ctx, lmx_ring_generator(ctx, d, &basis->monomials[k], &image));
    if (spoil != 0.0)
      image.terms[image.n / 2].c[0] += spoil;
    double want = liouville(&c, &basis->monomials[k]);
    largest =
        fmax(largest, fabs(evaluate(&c, &image) - want) / (1.0 + fabs(want)));
    lmx_polynomial_clear(&image);
  }
  lmx_basis_destroy(&basis);
  return largest;
}

static void generator_is_that_of_the_liouville_equation(void **state)
{
  (void)state;
  lmx_context *ctx;
  assert_int_equal(lmx_context_create(&ctx), LMX_OK);
  for (int d = 2; d <= 3; ++d)
    for (int N = 1; N <= 3; ++N)
      for (int degree = 1; degree <= 4; ++degree)
        ASSERT_AT_MOST(worst(ctx, d, N, degree, 0.0), 1e-11);
  ASSERT_AT_MOST(worst(ctx, 2, MOST, 4, 0.0), 1e-11);
  lmx_context_destroy(&ctx);
}

static void wrong_coefficient_is_found(void **state)
{
  (void)state;
  lmx_context *ctx;
  assert_int_equal(lmx_context_create(&ctx), LMX_OK);
  ASSERT_AT_LEAST(worst(ctx, 2, 3, 4, 1e-6), 1e-8);
  ASSERT_AT_LEAST(worst(ctx, 3, 2, 2, 1e-6), 1e-8);
  lmx_context_destroy(&ctx);
}

/* Counted by hand: 5 ways of sharing out aaaa, 9 for aabb, 2 for aa. */
static void sizes_of_the_even_class(void **state)
{
  (void)state;
  lmx_context *ctx;
  assert_int_equal(lmx_context_create(&ctx), LMX_OK);
  static const int dimensions[] = {2, 3, 10};
  static const size_t unknowns[] = {23, 48, 475};
  for (int i = 0; i < 3; ++i) {
    lmx_basis *two, *four;
    int d = dimensions[i];
    ASSERT_OK(ctx, lmx_basis_create(ctx, d, 2, d, true, &two));
    ASSERT_OK(ctx, lmx_basis_create(ctx, d, 4, d, true, &four));
    assert_int_equal(two->n + four->n, unknowns[i]);
    lmx_basis_destroy(&two);
    lmx_basis_destroy(&four);
    /* two directions told apart: the number no longer grows with d */
    ASSERT_OK(ctx, lmx_basis_create(ctx, d, 4, 2, true, &four));
    assert_int_equal(four->n, d == 2 ? 19 : d == 3 ? 42 : 49);
    lmx_basis_destroy(&four);
  }
  lmx_context_destroy(&ctx);
}

static lmx_monomial make(int n, const char *const *words)
{
  lmx_monomial monomial = {0};
  for (int k = 0; k < n; ++k) {
    lmx_word word = {0};
    for (const char *p = words[k]; *p != '\0'; ++p)
      lmx_word_append(&word, *p - '0');
    lmx_monomial_multiply(&monomial, &word);
  }
  return monomial;
}

static void names_and_orders_do_not_matter(void **state)
{
  (void)state;
  lmx_monomial x = make(3, (const char *const[]){"31", "3", "1"});
  lmx_monomial y = make(3, (const char *const[]){"1", "3", "13"});
  lmx_monomial z = make(3, (const char *const[]){"2", "7", "72"});
  lmx_monomial w = make(3, (const char *const[]){"22", "7", "7"});
  assert_true(lmx_monomial_key(&x, 10) == lmx_monomial_key(&y, 10));
  assert_true(lmx_monomial_key(&x, 10) != lmx_monomial_key(&z, 10));
  assert_true(lmx_monomial_key(&x, 1) == lmx_monomial_key(&z, 1));
  assert_true(lmx_monomial_key(&x, 2) != lmx_monomial_key(&z, 2));
  assert_true(lmx_monomial_key(&w, 1) != lmx_monomial_key(&z, 1));
}

/* The rows of L0 that belong to products of p and tr T are exactly zero, and
 * there are as many as there are such products. */
static void conserved_rows_vanish(void **state)
{
  (void)state;
  lmx_context *ctx;
  assert_int_equal(lmx_context_create(&ctx), LMX_OK);
  for (int d = 2; d <= 5; ++d) {
    lmx_system *s;
    ASSERT_OK(ctx, lmx_system_create(ctx, d, 4, d, true, &s));
    size_t zero = 0, n = s->basis->n;
    for (size_t i = 0; i < n; ++i) {
      bool all = true;
      for (size_t j = 0; j < n; ++j)
        all = all && s->A0[i * n + j] == 0.0;
      zero += all;
    }
    assert_int_equal(zero, d * (d + 1) / 2 + d + 1);
    lmx_system_destroy(&s);
  }
  lmx_context_destroy(&ctx);
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(generator_is_that_of_the_liouville_equation),
      cmocka_unit_test(wrong_coefficient_is_found),
      cmocka_unit_test(sizes_of_the_even_class),
      cmocka_unit_test(names_and_orders_do_not_matter),
      cmocka_unit_test(conserved_rows_vanish),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
