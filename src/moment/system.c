/* From the generator to matrices, and expectations at t = 0. */
#include "moment/system.h"

#include <gsl/gsl_linalg.h>

enum { DEGREE = LMX_RING_DEGREE };

void lmx_system_destroy(lmx_system **system)
{
  if (system == NULL || *system == NULL)
    return;
  lmx_basis_destroy(&(*system)->basis);
  lmx_free((*system)->A0);
  lmx_free((*system)->A1);
  lmx_free((*system)->fold);
  lmx_free((*system)->rows);
  lmx_free((*system)->stationary);
  lmx_free(*system);
  *system = NULL;
}

lmx_status lmx_system_add(lmx_context *context, const lmx_system *system,
                          double c, const lmx_monomial *monomial,
                          double *functional)
{
  size_t i = lmx_basis_find(system->basis, monomial);
  if (i == system->basis->n)
    return lmx_fail(context, LMX_ERR_USAGE,
                    "moments: a monomial of degree %d is not among the %zu "
                    "unknowns",
                    lmx_monomial_degree(monomial), i);
  functional[i] += c;
  return LMX_OK;
}

/* --- matrices --------------------------------------------------------- */

static lmx_status fill_row(lmx_context *context, lmx_system *s, size_t i,
                           lmx_polynomial *image)
{
  size_t n = s->basis->n;
  image->n = 0;
  LMX_TRY(
      lmx_ring_generator(context, s->basis->d, &s->basis->monomials[i], image));
  for (size_t k = 0; k < image->n; ++k) {
    const lmx_term *term = &image->terms[k];
    LMX_TRY(
        lmx_system_add(context, s, term->c[0], &term->monomial, s->A0 + i * n));
    LMX_TRY(
        lmx_system_add(context, s, term->c[1], &term->monomial, s->A1 + i * n));
  }
  return LMX_OK;
}

static lmx_status fill_matrices(lmx_context *context, lmx_system *s)
{
  lmx_polynomial image = {0};
  lmx_status status = LMX_OK;
  for (size_t i = 0; i < s->basis->n && status == LMX_OK; ++i)
    status = fill_row(context, s, i, &image);
  lmx_polynomial_clear(&image);
  return status;
}

/* --- conserved coordinates -------------------------------------------- */

static bool is_square_of_0(const lmx_word *word)
{
  return word->n == 2 && word->axis[0] == 0 && word->axis[1] == 0;
}

/* Products of T_00 and components of p with at least one T_00. */
static bool can_fold(const lmx_monomial *monomial)
{
  int squares = 0;
  for (int k = 0; k < monomial->n; ++k) {
    squares += is_square_of_0(&monomial->factor[k]);
    if (!is_square_of_0(&monomial->factor[k]) && monomial->factor[k].n != 1)
      return false;
  }
  return squares > 0;
}

/* The monomial with every T_00 replaced by tr T = sum_c T_cc; L0 conserves
 * tr T and p, and as a derivation also their products. */
static lmx_status add_folded(lmx_context *context, const lmx_system *s,
                             const lmx_monomial *monomial, int from,
                             double *row)
{
  for (int k = from; k < monomial->n; ++k) {
    if (!is_square_of_0(&monomial->factor[k]))
      continue;
    for (int c = 0; c < s->basis->d; ++c) {
      const int square[2] = {c, c};
      lmx_monomial next = *monomial;
      next.factor[k] = lmx_word_of(2, square);
      LMX_TRY(add_folded(context, s, &next, k + 1, row));
    }
    return LMX_OK;
  }
  return lmx_system_add(context, s, 1.0, monomial, row);
}

static lmx_status find_folds(lmx_context *context, lmx_system *s)
{
  size_t n = s->basis->n, count = 0;
  for (size_t i = 0; i < n; ++i)
    count += s->basis->labels > 0 && can_fold(&s->basis->monomials[i]);
  LMX_TRY(LMX_NEW_ARRAY(context, count, &s->fold));
  LMX_TRY(LMX_NEW_ARRAY(context, count * n, &s->rows));
  for (size_t i = 0; i < n && s->nfolds < count; ++i)
    if (can_fold(&s->basis->monomials[i])) {
      LMX_TRY(add_folded(context, s, &s->basis->monomials[i], 0,
                         s->rows + s->nfolds * n));
      s->fold[s->nfolds++] = i;
    }
  return LMX_OK;
}

void lmx_system_functional(const lmx_system *system, double *functional)
{
  size_t n = system->basis->n;
  for (size_t f = 0; f < system->nfolds; ++f) {
    size_t k = system->fold[f];
    const double *row = system->rows + f * n;
    double c = functional[k];
    for (size_t j = 0; j < n && c != 0.0; ++j)
      if (j != k)
        functional[j] -= c * row[j];
  }
  for (size_t i = 0; i < n && system->stationary != NULL; ++i)
    for (size_t k = 0; k < n && functional[i] != 0.0; ++k)
      functional[k] += functional[i] * system->stationary[i * n + k];
}

/* The rows of a matrix as time derivatives of the coordinates. */
static void change_rows(const lmx_system *s, double *A)
{
  size_t n = s->basis->n;
  for (size_t i = 0; i < n; ++i)
    lmx_system_functional(s, A + i * n);
  for (size_t f = 0; f < s->nfolds; ++f)
    for (size_t j = 0; j < n; ++j)
      for (size_t k = 0; k < n && j != s->fold[f]; ++k)
        A[s->fold[f] * n + k] += s->rows[f * n + j] * A[j * n + k];
  for (size_t i = 0; i < n && s->stationary != NULL; ++i)
    for (size_t k = 0; k < n; ++k)
      for (size_t j = 0; j < n && s->stationary[i * n + k] != 0.0; ++j)
        A[i * n + j] -= s->stationary[i * n + k] * A[k * n + j];
}

/* --- what L0 drives them to ------------------------------------------- */

static bool is_conserved(const lmx_system *s, size_t i)
{
  for (size_t j = 0; j < s->basis->n; ++j)
    if (s->A0[i * s->basis->n + j] != 0.0)
      return false;
  return true;
}

/* With the conserved unknowns k and the others f, A0 = [[0, 0], [C, F]]: the
 * others tend to G k, F G = -C. The system for G, with identity rows for k. */
static lmx_status solve_stationary(lmx_context *context, const lmx_system *s,
                                   double *F, size_t *order, double *G)
{
  size_t n = s->basis->n;
  gsl_matrix_view matrix = gsl_matrix_view_array(F, n, n);
  gsl_permutation p = {n, order};
  int sign, failed = gsl_linalg_LU_decomp(&matrix.matrix, &p, &sign);
  for (size_t k = 0; k < n && failed == GSL_SUCCESS; ++k) {
    gsl_vector_view column = gsl_vector_view_array_with_stride(G + k, n, n);
    if (is_conserved(s, k))
      failed = gsl_linalg_LU_svx(&matrix.matrix, &p, &column.vector);
  }
  if (failed != GSL_SUCCESS)
    return lmx_fail(context, LMX_ERR_NUMERICS,
                    "moments: the limit of degree %d has no solution",
                    s->basis->degree);
  return LMX_OK;
}

static lmx_status find_stationary(lmx_context *context, lmx_system *s)
{
  size_t n = s->basis->n, *order = NULL;
  double *F = NULL, *G = NULL;
  lmx_status status;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n * n, &F), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n * n, &G), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n, &order), fail);
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < n; ++j) {
      bool fast = !is_conserved(s, i), from_fast = !is_conserved(s, j);
      if (fast && from_fast)
        F[i * n + j] = s->A0[i * n + j];
      else if (fast)
        G[i * n + j] = -s->A0[i * n + j];
      else
        F[i * n + j] = i == j;
    }
  LMX_TRY_GOTO(solve_stationary(context, s, F, order, G), fail);
  s->stationary = G;
  G = NULL;
fail:
  lmx_free(F);
  lmx_free(G);
  lmx_free(order);
  return status;
}

/* A0 becomes [[0, 0], [0, F]]. */
static void clear_coupling(lmx_system *s)
{
  size_t n = s->basis->n;
  for (size_t k = 0; k < n; ++k)
    for (size_t i = 0; i < n && is_conserved(s, k); ++i)
      s->A0[i * n + k] = 0.0;
}

lmx_status lmx_system_create(lmx_context *context, int d, int degree,
                             int labels, bool even, lmx_system **out)
{
  lmx_system *s;
  lmx_status status;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &s));
  LMX_TRY_GOTO(lmx_basis_create(context, d, degree, labels, even, &s->basis),
               fail);
  size_t n = s->basis->n;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n * n, &s->A0), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, n * n, &s->A1), fail);
  LMX_TRY_GOTO(fill_matrices(context, s), fail);
  LMX_TRY_GOTO(find_folds(context, s), fail);
  change_rows(s, s->A0);
  LMX_TRY_GOTO(find_stationary(context, s), fail);
  /* the first matrix has been through the first half of the change */
  clear_coupling(s);
  change_rows(s, s->A1);
  *out = s;
  return LMX_OK;
fail:
  lmx_system_destroy(&s);
  return status;
}

lmx_status lmx_system_ladder(lmx_context *context, const lmx_system *system,
                             double inverse, double t_max, lmx_ladder **out)
{
  return lmx_ladder_create(context, system->basis->n, system->A0, system->A1,
                           inverse, t_max, out);
}

/* --- t = 0 ------------------------------------------------------------ */

/* Independent particles: the mean of (1/N^k) sum over i_1 .. i_k of
 * prod_j (v^{i_j})^{m_j} is a sum over the ways of sharing out the factors
 * among particles. */
typedef struct start {
  lmx_word_moment *moment;
  const void *self;
  const lmx_monomial *monomial;
  double coefficient[DEGREE]; /* of 1, 1/N, .. */
} start;

static lmx_word join(const lmx_word *a, const lmx_word *b)
{
  lmx_word both = *a;
  for (int i = 0; i < b->n; ++i)
    lmx_word_append(&both, b->axis[i]);
  return both;
}

/* N (N-1) .. (N-b+1) / N^k in powers of 1/N. */
static void add_falling(double c, int b, int k, double *coefficient)
{
  double falling[DEGREE + 1] = {c};
  for (int i = 1; i < b; ++i)
    for (int j = i; j >= 1; --j)
      falling[j] -= i * falling[j - 1];
  for (int j = 0; j < b && j + k - b < DEGREE; ++j)
    coefficient[j + k - b] += falling[j];
}

/* Factor i goes to one of the b particles there are, or to a new one. */
static void share_out(start *s, int i, int b, lmx_word *particles)
{
  int k = s->monomial->n;
  if (i == k) {
    double product = 1.0;
    for (int j = 0; j < b; ++j)
      product *= s->moment(s->self, &particles[j]);
    add_falling(product, b, k, s->coefficient);
    return;
  }
  for (int j = 0; j <= b && j < DEGREE; ++j) {
    lmx_word before = j < b ? particles[j] : (lmx_word){0};
    particles[j] = join(&before, &s->monomial->factor[i]);
    share_out(s, i + 1, j < b ? b : b + 1, particles);
    particles[j] = before;
  }
}

/* Sums over all ways of giving directions to the interchangeable letters from
 * `letter` on; names[] says which direction a letter stands for, -1 none. */
typedef struct naming {
  const lmx_system *system;
  start *start;
  const lmx_monomial *monomial;
  int names[LMX_MAX_DIMENSION];
  bool taken[LMX_MAX_DIMENSION];
  double count;
} naming;

static void with_names(naming *w)
{
  lmx_word particles[DEGREE] = {{0}};
  lmx_monomial named = *w->monomial;
  for (int k = 0; k < named.n; ++k)
    for (int i = 0; i < named.factor[k].n; ++i)
      named.factor[k].axis[i] =
          (unsigned char)w->names[named.factor[k].axis[i]];
  w->start->monomial = &named;
  share_out(w->start, 0, 0, particles);
  w->count += 1.0;
}

static void name_all(naming *w)
{
  for (int k = 0; k < w->monomial->n; ++k)
    for (int i = 0; i < w->monomial->factor[k].n; ++i) {
      int letter = w->monomial->factor[k].axis[i];
      if (w->names[letter] >= 0)
        continue;
      for (int a = 0; a < w->system->basis->d; ++a) {
        if (w->taken[a])
          continue;
        w->taken[a] = true;
        w->names[letter] = a;
        name_all(w);
        w->names[letter] = -1;
        w->taken[a] = false;
      }
      return;
    }
  with_names(w);
}

static void to_coordinates(const lmx_system *s, double *x)
{
  size_t n = s->basis->n;
  for (size_t f = 0; f < s->nfolds; ++f) {
    double sum = 0.0;
    for (size_t j = 0; j < n; ++j)
      sum += s->rows[f * n + j] * x[j];
    x[s->fold[f]] = sum;
  }
  for (size_t i = 0; i < n; ++i)
    for (size_t k = 0; k < n; ++k)
      x[i] -= s->stationary[i * n + k] * x[k];
}

void lmx_system_start(const lmx_system *system, lmx_word_moment *moment,
                      const void *self, const int *where, double inverse,
                      double *x)
{
  size_t n = system->basis->n;
  for (size_t i = 0; i < n; ++i) {
    start s = {.moment = moment, .self = self};
    naming w = {.system = system,
                .start = &s,
                .monomial = &system->basis->monomials[i]};
    for (int a = 0; a < LMX_MAX_DIMENSION; ++a)
      w.names[a] = -1;
    for (int a = 0; a < system->basis->labels; ++a) {
      w.names[a] = where[a];
      w.taken[where[a]] = true;
    }
    name_all(&w);
    x[i] = s.coefficient[0] / w.count;
    x[n + i] = 0.0;
    for (int j = DEGREE - 1; j >= 1; --j)
      x[n + i] = x[n + i] * inverse + s.coefficient[j] / w.count;
  }
  to_coordinates(system, x);
  to_coordinates(system, x + n);
}
