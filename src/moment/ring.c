/* Monomials of power sums: canonical form, bases. */
#include "moment/ring.h"

#include <stdlib.h>
#include <string.h>

enum { DEGREE = LMX_RING_DEGREE };

lmx_status lmx_polynomial_add(lmx_context *context, lmx_polynomial *polynomial,
                              const lmx_monomial *monomial, double c0,
                              double c1)
{
  if (polynomial->n == polynomial->capacity) {
    size_t capacity = 2 * polynomial->capacity + 64;
    lmx_term *terms;
    LMX_TRY(LMX_NEW_ARRAY(context, capacity, &terms));
    if (polynomial->n > 0)
      memcpy(terms, polynomial->terms, polynomial->n * sizeof *terms);
    lmx_free(polynomial->terms);
    polynomial->terms = terms;
    polynomial->capacity = capacity;
  }
  polynomial->terms[polynomial->n++] = (lmx_term){*monomial, {c0, c1}};
  return LMX_OK;
}

void lmx_polynomial_clear(lmx_polynomial *polynomial)
{
  lmx_free(polynomial->terms);
  *polynomial = (lmx_polynomial){0};
}

int lmx_monomial_degree(const lmx_monomial *monomial)
{
  int degree = 0;
  for (int k = 0; k < monomial->n; ++k)
    degree += monomial->factor[k].n;
  return degree;
}

void lmx_monomial_multiply(lmx_monomial *monomial, const lmx_word *word)
{
  if (word->n > 0 && monomial->n < DEGREE)
    monomial->factor[monomial->n++] = *word;
}

void lmx_word_append(lmx_word *word, int axis)
{
  if (word->n < DEGREE)
    word->axis[word->n++] = (unsigned char)axis;
}

lmx_word lmx_word_of(int n, const int *axes)
{
  lmx_word word = {0};
  for (int i = 0; i < n; ++i)
    lmx_word_append(&word, axes[i]);
  return word;
}

lmx_word lmx_word_without(const lmx_word *word, int place)
{
  lmx_word rest = {0};
  for (int i = 0; i < word->n; ++i)
    if (i != place)
      lmx_word_append(&rest, word->axis[i]);
  return rest;
}

/* --- canonical form --------------------------------------------------- */

static int descending(const void *a, const void *b)
{
  uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
  return (x < y) - (x > y);
}

/* Letters in order, five bits each and never 0. */
static uint32_t word_key(const lmx_word *word, const signed char *names)
{
  unsigned char sorted[DEGREE];
  int n = word->n;
  for (int i = 0; i < n; ++i) {
    unsigned char letter = (unsigned char)(names[word->axis[i]] + 1);
    int j = i;
    for (; j > 0 && sorted[j - 1] < letter; --j)
      sorted[j] = sorted[j - 1];
    sorted[j] = letter;
  }
  uint32_t key = 0;
  for (int i = 0; i < n; ++i)
    key = key << 5 | sorted[i];
  return key;
}

/* Factors in order, with a zero letter between them: at most 7 letters. */
static uint64_t named_key(const lmx_monomial *monomial,
                          const signed char *names)
{
  uint32_t keys[DEGREE] = {0};
  uint64_t key = 0;
  for (int k = 0; k < monomial->n; ++k)
    keys[k] = word_key(&monomial->factor[k], names);
  qsort(keys, (size_t)monomial->n, sizeof *keys, descending);
  for (int k = 0; k < monomial->n; ++k) {
    int bits = 5;
    while (bits < 20 && keys[k] >> bits != 0)
      bits += 5;
    key = key << (bits + 5) | keys[k];
  }
  return key;
}

/* Smallest key over all ways of giving the interchangeable directions in
 * `found` the names labels, labels + 1, .. */
static uint64_t smallest_key(const lmx_monomial *monomial, int labels, int n,
                             const unsigned char *found, int given,
                             signed char *names)
{
  if (given == n)
    return named_key(monomial, names);
  uint64_t least = UINT64_MAX;
  for (int i = 0; i < n; ++i) {
    if (names[found[i]] >= 0)
      continue;
    names[found[i]] = (signed char)(labels + given);
    uint64_t key = smallest_key(monomial, labels, n, found, given + 1, names);
    least = key < least ? key : least;
    names[found[i]] = -1;
  }
  return least;
}

uint64_t lmx_monomial_key(const lmx_monomial *monomial, int labels)
{
  signed char names[LMX_MAX_DIMENSION];
  unsigned char found[DEGREE];
  int n = 0;
  for (int a = 0; a < LMX_MAX_DIMENSION; ++a)
    names[a] = (signed char)(a < labels ? a : -1);
  for (int k = 0; k < monomial->n; ++k)
    for (int i = 0; i < monomial->factor[k].n; ++i) {
      unsigned char axis = monomial->factor[k].axis[i];
      bool known = axis < labels;
      for (int j = 0; j < n; ++j)
        known = known || found[j] == axis;
      if (!known && n < DEGREE)
        found[n++] = axis;
    }
  return smallest_key(monomial, labels, n, found, 0, names);
}

/* --- bases ------------------------------------------------------------ */

typedef struct entry {
  uint64_t key;
  lmx_monomial monomial;
} entry;

typedef struct collection {
  lmx_context *context;
  lmx_basis *basis;
  size_t n, capacity;
  entry *entries;
} collection;

static lmx_status collect(collection *c, const lmx_monomial *monomial)
{
  if (c->n == c->capacity) {
    size_t capacity = 2 * c->capacity + 256;
    entry *entries;
    LMX_TRY(LMX_NEW_ARRAY(c->context, capacity, &entries));
    if (c->n > 0)
      memcpy(entries, c->entries, c->n * sizeof *entries);
    lmx_free(c->entries);
    c->entries = entries;
    c->capacity = capacity;
  }
  c->entries[c->n++] =
      (entry){lmx_monomial_key(monomial, c->basis->labels), *monomial};
  return LMX_OK;
}

/* All ways of sharing out the letters among factors: the next one joins one of
 * the factors there are or begins a new one. */
static lmx_status share_out(collection *c, const lmx_word *letters,
                            const lmx_monomial *monomial)
{
  if (letters->n == 0)
    return collect(c, monomial);
  lmx_word rest = lmx_word_without(letters, 0);
  for (int k = 0; k <= monomial->n; ++k) {
    lmx_monomial next = *monomial;
    if (k == next.n)
      next.factor[next.n++] = (lmx_word){0};
    lmx_word_append(&next.factor[k], letters->axis[0]);
    LMX_TRY(share_out(c, &rest, &next));
  }
  return LMX_OK;
}

static bool all_even(const lmx_word *letters)
{
  for (int i = 0; i < letters->n; ++i) {
    int count = 0;
    for (int j = 0; j < letters->n; ++j)
      count += letters->axis[j] == letters->axis[i];
    if (count % 2 != 0)
      return false;
  }
  return true;
}

/* All rising sequences of letters; of the interchangeable directions the
 * first few stand for all. */
static lmx_status spell(collection *c, const lmx_word *letters)
{
  const lmx_basis *b = c->basis;
  int most = b->labels + b->degree < b->d ? b->labels + b->degree : b->d;
  int i = letters->n;
  if (i == b->degree) {
    lmx_monomial one = {0};
    if (b->even && !all_even(letters))
      return LMX_OK;
    return share_out(c, letters, &one);
  }
  for (int a = i == 0 ? 0 : letters->axis[i - 1]; a < most; ++a) {
    lmx_word longer = *letters;
    lmx_word_append(&longer, a);
    LMX_TRY(spell(c, &longer));
  }
  return LMX_OK;
}

static int by_key(const void *a, const void *b)
{
  uint64_t x = ((const entry *)a)->key, y = ((const entry *)b)->key;
  return (x > y) - (x < y);
}

static lmx_status store(collection *c)
{
  lmx_basis *b = c->basis;
  qsort(c->entries, c->n, sizeof *c->entries, by_key);
  LMX_TRY(LMX_NEW_ARRAY(c->context, c->n, &b->monomials));
  LMX_TRY(LMX_NEW_ARRAY(c->context, c->n, &b->keys));
  for (size_t i = 0; i < c->n; ++i)
    if (b->n == 0 || b->keys[b->n - 1] != c->entries[i].key) {
      b->keys[b->n] = c->entries[i].key;
      b->monomials[b->n++] = c->entries[i].monomial;
    }
  return LMX_OK;
}

lmx_status lmx_basis_create(lmx_context *context, int d, int degree, int labels,
                            bool even, lmx_basis **out)
{
  collection c = {.context = context};
  lmx_word letters = {0};
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &c.basis));
  *c.basis = (lmx_basis){.d = d,
                         .degree = degree,
                         .labels = labels < d ? labels : d,
                         .even = even};
  lmx_status status = spell(&c, &letters);
  if (status == LMX_OK)
    status = store(&c);
  lmx_free(c.entries);
  if (status != LMX_OK)
    lmx_basis_destroy(&c.basis);
  else
    *out = c.basis;
  return status;
}

void lmx_basis_destroy(lmx_basis **basis)
{
  if (basis == NULL || *basis == NULL)
    return;
  lmx_free((*basis)->monomials);
  lmx_free((*basis)->keys);
  lmx_free(*basis);
  *basis = NULL;
}

size_t lmx_basis_find(const lmx_basis *basis, const lmx_monomial *monomial)
{
  uint64_t key = lmx_monomial_key(monomial, basis->labels);
  size_t low = 0, high = basis->n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (basis->keys[middle] < key)
      low = middle + 1;
    else
      high = middle;
  }
  return low < basis->n && basis->keys[low] == key ? low : basis->n;
}
