/* The variables of an audit entry as one flat vector. */
#include <stdio.h>
#include <string.h>

#include "check/audit_internal.h"

/* Number of entries of a fully symmetric tensor. */
static size_t symmetric_count(int d, int rank)
{
  size_t n = 1;
  for (int k = 0; k < rank; ++k)
    n = n * (size_t)(d + k) / (size_t)(k + 1);
  return n;
}

static size_t block_count(const lmx_audit_space *space, char block)
{
  size_t d = (size_t)space->d, N = (size_t)space->particles;
  switch (block) {
  case 'D':
  case 'v':
  case 'q':
    return d;
  case 't':
  case 'g':
    return 1;
  case 'G':
    return symmetric_count(space->d, 2);
  case 'T':
    return symmetric_count(space->d, 3);
  case 'F':
    return symmetric_count(space->d, 4);
  case 'V':
    return N * d;
  case 'L':
    return N * d * (N * d - 1) / 2;
  case 'P':
    return 4;
  default:
    return 0;
  }
}

size_t lmx_audit_block(const lmx_audit_space *space, char block, size_t *first)
{
  *first = 0;
  for (const char *b = space->blocks; *b != '\0'; ++b) {
    size_t count = block_count(space, *b);
    if (*b == block)
      return count;
    *first += count;
  }
  return 0;
}

static size_t power(int d, int rank)
{
  size_t n = 1;
  for (int k = 0; k < rank; ++k)
    n *= (size_t)d;
  return n;
}

/* Multi-index of k, sorted downwards: index[0] >= index[1] >= ... */
static void sorted_index(size_t k, int d, int rank, int *index)
{
  for (int i = 0; i < rank; ++i, k /= (size_t)d) {
    int next = (int)(k % (size_t)d), j = i;
    for (; j > 0 && index[j - 1] < next; --j)
      index[j] = index[j - 1];
    index[j] = next;
  }
}

/* Packed position: sum over places of C(index + rank - 1 - place, ...), the
 * combinatorial number system of multisets. */
static size_t pack(int rank, const int *index)
{
  size_t position = 0;
  for (int i = 0; i < rank; ++i)
    position += symmetric_count(index[i], rank - i);
  return position;
}

static lmx_status make_table(lmx_context *context, lmx_audit_space *space,
                             int rank)
{
  size_t n = power(space->d, rank);
  LMX_TRY(LMX_NEW_ARRAY(context, n, &space->packed[rank]));
  for (size_t k = 0; k < n; ++k) {
    int index[4];
    sorted_index(k, space->d, rank, index);
    space->packed[rank][k] = pack(rank, index);
  }
  return LMX_OK;
}

static lmx_status make_point(lmx_context *context, lmx_audit_space *space)
{
  size_t d = (size_t)space->d, n = (size_t)space->particles * d;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &space->point));
  space->point->d = space->d;
  space->point->particles = space->particles;
  LMX_TRY(lmx_jet_create(context, space->d, &space->point->jet));
  LMX_TRY(LMX_NEW_ARRAY(context, power(space->d, 4), &space->point->fourth));
  LMX_TRY(LMX_NEW_ARRAY(context, n, &space->point->cloud));
  return LMX_NEW_ARRAY(context, n * n, &space->point->lower);
}

lmx_status lmx_audit_space_create(lmx_context *context, const char *blocks,
                                  int d, int particles, lmx_audit_space **out)
{
  lmx_audit_space *space;
  lmx_status status;
  LMX_TRY(LMX_NEW_ARRAY(context, 1, &space));
  space->d = d;
  space->particles = particles;
  space->blocks = blocks;
  for (const char *b = blocks; *b != '\0'; ++b)
    space->n += block_count(space, *b);
  for (int rank = 2; rank <= 4; ++rank)
    LMX_TRY_GOTO(make_table(context, space, rank), fail);
  LMX_TRY_GOTO(make_point(context, space), fail);
  *out = space;
  return LMX_OK;
fail:
  lmx_audit_space_destroy(&space);
  return status;
}

void lmx_audit_space_destroy(lmx_audit_space **space)
{
  if (space == NULL || *space == NULL)
    return;
  for (int rank = 0; rank < 5; ++rank)
    lmx_free((*space)->packed[rank]);
  if ((*space)->point != NULL) {
    lmx_jet_destroy(&(*space)->point->jet);
    lmx_free((*space)->point->fourth);
    lmx_free((*space)->point->cloud);
    lmx_free((*space)->point->lower);
    lmx_free((*space)->point);
  }
  lmx_free(*space);
  *space = NULL;
}

/* --- search variables --------------------------------------------------- */

/* E(0) = I + D is d times a softmax: every admissible D, traceless. */
static void map_D(const double *y, size_t d, double *x)
{
  const double most = 5.0; /* eta stays far above rounding */
  double sum = 0.0;
  for (size_t a = 0; a < d; ++a)
    sum += x[a] = exp(fmax(-most, fmin(most, y[a])));
  for (size_t a = 0; a < d; ++a)
    x[a] = (double)d * x[a] / sum - 1.0;
}

void lmx_audit_map(const lmx_audit_space *space, const double *y, double *x)
{
  const double reach = 6.0; /* |v_a| < sinh 6 = 202 */
  size_t first, count;
  memcpy(x, y, space->n * sizeof *x);
  count = lmx_audit_block(space, 'D', &first);
  if (count > 0)
    map_D(y + first, count, x + first);
  if (lmx_audit_block(space, 't', &first) > 0)
    x[first] = 0.25 * y[first] * y[first] / space->d;
  count = lmx_audit_block(space, 'v', &first);
  for (size_t a = first; a < first + count; ++a)
    x[a] = sinh(reach * y[a] / sqrt(1.0 + y[a] * y[a]));
}

/* --- natural variables into the point ----------------------------------- */

static void unpack(const lmx_audit_space *space, int rank, const double *x,
                   double *tensor)
{
  size_t n = power(space->d, rank);
  for (size_t k = 0; k < n; ++k)
    tensor[k] = x[space->packed[rank][k]];
}

static void unpack_lower(size_t n, const double *x, double *lower)
{
  for (size_t i = 0; i < n; ++i) {
    memcpy(lower + i * n, x, i * sizeof *x);
    x += i;
    lower[i * n + i] = 1.0;
  }
}

static void place_block(lmx_audit_space *space, char block, const double *x)
{
  lmx_audit_point *p = space->point;
  size_t d = (size_t)space->d, n = (size_t)space->particles * d;
  switch (block) {
  case 't':
    p->t = x[0];
    break;
  case 'v':
    memcpy(p->jet->v, x, d * sizeof *x);
    break;
  case 'g':
    p->jet->g = x[0];
    break;
  case 'q':
    memcpy(p->jet->q, x, d * sizeof *x);
    break;
  case 'G':
    unpack(space, 2, x, p->jet->G);
    break;
  case 'T':
    unpack(space, 3, x, p->jet->T);
    break;
  case 'F':
    unpack(space, 4, x, p->fourth);
    break;
  case 'V':
    memcpy(p->cloud, x, n * sizeof *x);
    break;
  case 'L':
    unpack_lower(n, x, p->lower);
    break;
  case 'P':
    memcpy(p->parameters, x, sizeof p->parameters);
    break;
  default: /* D: see lmx_audit_place */
    break;
  }
}

bool lmx_audit_place(lmx_context *context, lmx_audit_space *space,
                     const double *x)
{
  static const double isotropic[LMX_MAX_DIMENSION];
  lmx_audit_point *p = space->point;
  const double *D = isotropic, *next = x;
  for (const char *b = space->blocks; *b != '\0'; ++b) {
    if (*b == 'D')
      D = next;
    place_block(space, *b, next);
    next += block_count(space, *b);
  }
  if (lmx_model_init(context, space->d, D, &p->model) != LMX_OK || p->t < 0.0)
    return false;
  double c[LMX_MAX_DIMENSION];
  lmx_pointwise_c(&p->model, p->t, c);
  lmx_pointwise_set(p->jet, c, 3, &p->pointwise);
  return true;
}

/* --- names --------------------------------------------------------------- */

/* Indices, counted from 1, of the packed entry k. */
static void tensor_name(const lmx_audit_space *space, int rank, size_t k,
                        char *text, size_t size)
{
  size_t n = power(space->d, rank), full = 0;
  while (full + 1 < n && space->packed[rank][full] != k)
    ++full;
  size_t length = 0;
  for (int i = rank; i-- > 0 && length + 2 < size;)
    text[length++] =
        (char)('1' + (int)(full / power(space->d, i) % (size_t)space->d));
  text[length] = '\0';
}

static void lower_name(size_t k, char *text, size_t size)
{
  size_t i = 1;
  for (; k >= i; ++i)
    k -= i;
  snprintf(text, size, "%d,%d", (int)i + 1, (int)k + 1);
}

static void variable_name(const lmx_audit_space *space, char block, size_t k,
                          char *text, size_t size)
{
  char index[32] = "";
  size_t d = (size_t)space->d;
  switch (block) {
  case 't':
  case 'g':
    snprintf(text, size, "%c", block);
    return;
  case 'V':
    snprintf(text, size, "v^%d_%d", (int)(k / d) + 1, (int)(k % d) + 1);
    return;
  case 'G':
  case 'T':
  case 'F':
    tensor_name(space,
                block == 'G'   ? 2
                : block == 'T' ? 3
                               : 4,
                k, index, sizeof index);
    break;
  case 'L':
    lower_name(k, index, sizeof index);
    break;
  default:
    snprintf(index, sizeof index, "%d", (int)k + 1);
    break;
  }
  snprintf(text, size, "%c_%s", block, index);
}

void lmx_audit_describe(const lmx_audit_space *space, const double *x,
                        char *text, size_t size)
{
  size_t length = 0;
  text[0] = '\0';
  for (const char *b = space->blocks; *b != '\0'; ++b) {
    size_t count = block_count(space, *b);
    for (size_t k = 0; k < count; ++k, ++x) {
      char name[40];
      if (*x == 0.0 || length >= size)
        continue;
      variable_name(space, *b, k, name, sizeof name);
      int written = snprintf(text + length, size - length, "%s%s = %g",
                             length > 0 ? ", " : "", name, *x);
      length += written > 0 ? (size_t)written : 0;
    }
  }
}
