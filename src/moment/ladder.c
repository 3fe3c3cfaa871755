/* The matrices kept are F = exp(2^k h B) - 1, doubled by 2 F + F F, never the
 * exponentials: what decays or grows slowly, like t/N, then keeps its relative
 * accuracy over fifty doublings (docs/math.md, "Exact moments"). This needs
 * the conserved quantities of A0 among the unknowns, so that their rows of A0
 * are exactly zero; system.c sees to that. */
#include "moment/ladder.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_blas.h>

/* Taylor's polynomial of this degree on |h B| <= 1/16 errs by 1e-19. */
enum { TAYLOR = 10, BLOCKS = 3 };
static const double STEP = 1.0 / 16.0;

static size_t blocks(const lmx_ladder *l)
{
  return l->coupled ? BLOCKS : 1;
}

static double *rung(const lmx_ladder *l, size_t k)
{
  return l->F + k * blocks(l) * l->n * l->n;
}

static double *block(const lmx_ladder *l, double *matrices, int i)
{
  return matrices + (size_t)i * l->n * l->n;
}

/* C += alpha A B, all [n][n] */
static void multiply(size_t n, double alpha, const double *A, const double *B,
                     double *C)
{
  gsl_matrix_const_view a = gsl_matrix_const_view_array(A, n, n);
  gsl_matrix_const_view b = gsl_matrix_const_view_array(B, n, n);
  gsl_matrix_view c = gsl_matrix_view_array(C, n, n);
  gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, alpha, &a.matrix, &b.matrix, 1.0,
                 &c.matrix);
}

/* Z += alpha X Y for block matrices [[0, .], [2, 1]]. */
static void multiply_blocks(const lmx_ladder *l, double alpha, double *X,
                            double *Y, double *Z)
{
  multiply(l->n, alpha, block(l, X, 0), block(l, Y, 0), block(l, Z, 0));
  if (!l->coupled)
    return;
  multiply(l->n, alpha, block(l, X, 1), block(l, Y, 1), block(l, Z, 1));
  multiply(l->n, alpha, block(l, X, 2), block(l, Y, 0), block(l, Z, 2));
  multiply(l->n, alpha, block(l, X, 1), block(l, Y, 2), block(l, Z, 2));
}

/* Largest sum of absolute entries of a row of B. */
static double norm(const lmx_ladder *l)
{
  double largest = 0.0;
  for (size_t i = 0; i < l->n; ++i) {
    double first = 0.0, second = 0.0;
    for (size_t j = 0; j < l->n; ++j) {
      first += fabs(block(l, l->B, 0)[i * l->n + j]);
      if (l->coupled)
        second += fabs(block(l, l->B, 1)[i * l->n + j]) +
                  fabs(block(l, l->B, 2)[i * l->n + j]);
    }
    largest = fmax(largest, fmax(first, second));
  }
  return largest;
}

/* F_0 = h B (1 + h B / 2 (1 + h B / 3 (...))) */
static void first_rung(const lmx_ladder *l, double *work)
{
  size_t size = blocks(l) * l->n * l->n;
  double *F = rung(l, 0);
  memset(F, 0, size * sizeof *F);
  for (int k = TAYLOR; k >= 1; --k) {
    for (size_t i = 0; i < size; ++i)
      work[i] = l->h / k * l->B[i];
    multiply_blocks(l, l->h / k, l->B, F, work);
    memcpy(F, work, size * sizeof *F);
  }
}

static void double_up(const lmx_ladder *l)
{
  size_t size = blocks(l) * l->n * l->n;
  for (size_t k = 1; k < l->rungs; ++k) {
    double *F = rung(l, k), *below = rung(l, k - 1);
    for (size_t i = 0; i < size; ++i)
      F[i] = 2.0 * below[i];
    multiply_blocks(l, 1.0, below, below, F);
  }
}

/* With one particle the unknowns satisfy relations, P_m P_n = P_{m+n}, on which
 * A0 + A1 vanishes; elsewhere it has growing solutions, which rounding would
 * set off. */
static void fill_blocks(const lmx_ladder *l, const double *A0, const double *A1,
                        double inverse)
{
  size_t size = l->n * l->n;
  bool alone = inverse == 1.0;
  memcpy(l->B, A0, size * sizeof *A0);
  for (size_t i = 0; i < size && A1 != NULL; ++i) {
    block(l, l->B, 1)[i] = alone ? 0.0 : A0[i] + inverse * A1[i];
    block(l, l->B, 2)[i] = alone ? -A0[i] : A1[i];
  }
}

lmx_status lmx_ladder_create(lmx_context *context, size_t n, const double *A0,
                             const double *A1, double inverse, double t_max,
                             lmx_ladder **out)
{
  lmx_ladder *l;
  lmx_status status;
  double *work = NULL;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &l));
  l->n = n;
  l->coupled = A1 != NULL;
  size_t size = blocks(l) * n * n;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, size, &l->B), fail);
  fill_blocks(l, A0, A1, inverse);
  double B = norm(l);
  l->h = B > 0.0 ? exp2(floor(log2(STEP / B))) : 1.0;
  l->rungs = t_max > l->h ? (size_t)ceil(log2(t_max / l->h)) + 1 : 1;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, l->rungs * size, &l->F), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, size, &work), fail);
  first_rung(l, work);
  double_up(l);
  lmx_free(work);
  *out = l;
  return LMX_OK;
fail:
  lmx_ladder_destroy(&l);
  return status;
}

void lmx_ladder_destroy(lmx_ladder **ladder)
{
  if (ladder == NULL || *ladder == NULL)
    return;
  lmx_free((*ladder)->F);
  lmx_free((*ladder)->B);
  lmx_free(*ladder);
  *ladder = NULL;
}

/* out += M x for block matrices */
static void add_product(const lmx_ladder *l, double *M, const double *x,
                        double *out)
{
  size_t n = l->n;
  for (int i = 0; i < (l->coupled ? BLOCKS : 1); ++i) {
    gsl_matrix_const_view m = gsl_matrix_const_view_array(block(l, M, i), n, n);
    gsl_vector_const_view from =
        gsl_vector_const_view_array(i == 1 ? x + n : x, n);
    gsl_vector_view to = gsl_vector_view_array(i == 0 ? out : out + n, n);
    gsl_blas_dgemv(CblasNoTrans, 1.0, &m.matrix, &from.vector, 1.0, &to.vector);
  }
}

/* Taylor's polynomial for a time shorter than the first rung. */
static void apply_short(const lmx_ladder *l, double t, double *x, double *work)
{
  size_t size = (l->coupled ? 2 : 1) * l->n;
  double *term = work, *next = work + size;
  memcpy(term, x, size * sizeof *x);
  for (int k = 1; k <= TAYLOR; ++k) {
    memset(next, 0, size * sizeof *next);
    add_product(l, l->B, term, next);
    for (size_t i = 0; i < size; ++i) {
      term[i] = t / k * next[i];
      x[i] += term[i];
    }
  }
}

void lmx_ladder_apply(const lmx_ladder *ladder, double t, double *x,
                      double *work)
{
  size_t size = (ladder->coupled ? 2 : 1) * ladder->n;
  double left = t;
  for (size_t k = ladder->rungs; k-- > 0;) {
    double step = ldexp(ladder->h, (int)k);
    while (left >= step) {
      memset(work, 0, size * sizeof *work);
      add_product(ladder, rung(ladder, k), x, work);
      for (size_t i = 0; i < size; ++i)
        x[i] += work[i];
      left -= step;
    }
  }
  if (left > 0.0)
    apply_short(ladder, left, x, work);
}
