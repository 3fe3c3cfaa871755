/* Cells that bound the mass of a density from both sides. */
#include "initial/cover.h"

#include <math.h>
#include <string.h>

enum { AXES = LMX_FRAME_AXES, PLACES = 4096, FIRST_ROOM = 4096 };

/* Half width of the whole, a power of two: as far as modes are looked for. */
static const double WHOLE = 1073741824.0;

/* The cover is done when upper and lower sum of mass and energy differ by this
 * part of the lower sum. Halving costs 2, 4, 8 times the cells per factor 2,
 * which makes 10^3, 10^4, 10^5 cells for a Gaussian in 1, 2, 3 directions; a
 * peak as tall as its surroundings is then found when it has about 1e-6 of
 * the mass, the part of one cell. */
static const double CLOSE[AXES] = {0.01, 0.1, 0.5};

/* Cells, 120 bytes each: what a second of a formula with three terms bounds,
 * and never more than 70 MB. */
static const size_t MOST_CELLS[AXES] = {100000, 200000, 300000};

/* Where nothing bounds log f from above, a cell is halved down to this part of
 * its distance from the centre or of the frame's scale. */
static const double SMALL = 0.125;

static void release(lmx_cover *cover)
{
  lmx_free(cover->cells);
  lmx_free(cover->heap);
  lmx_free(cover->open);
}

void lmx_cover_destroy(lmx_cover **cover)
{
  if (cover == NULL || *cover == NULL)
    return;
  release(*cover);
  lmx_free(*cover);
  *cover = NULL;
}

double lmx_cover_volume(const lmx_cover *cover, const lmx_cell *cell)
{
  const lmx_frame *frame = cover->frame;
  double volume = 1.0;
  for (int i = 0; i < frame->nsingle; ++i)
    volume *= cell->hi[i] - cell->lo[i];
  int last = frame->nsingle, k = frame->group;
  if (k > 0)
    volume *= (pow(cell->hi[last], k) - pow(cell->lo[last], k)) / k;
  return volume;
}

/* 1 + (distance of the far corner)^2 in units of the reach. */
static double energy_weight(const lmx_cover *cover, const lmx_cell *cell)
{
  double r2 = 0.0;
  for (int i = 0; i < cover->frame->n; ++i) {
    double far = fmax(fabs(cell->lo[i]), fabs(cell->hi[i])) / cover->reach;
    r2 += far * far;
  }
  return 1.0 + r2;
}

double lmx_cover_share(const lmx_cover *cover, const lmx_cell *cell)
{
  return lmx_cover_volume(cover, cell) * energy_weight(cover, cell) *
         exp(cell->upper - cover->top);
}

/* log f where the cell's own coordinates are z. */
static double value_at(const lmx_frame *frame, const double *z)
{
  double x[LMX_MAX_DIMENSION] = {0.0};
  for (int i = 0; i < frame->n; ++i)
    x[frame->order[i]] = frame->centre[i] + z[i];
  return frame->log_density(frame->self, x);
}

void lmx_cover_bound(const lmx_cover *cover, lmx_cell *cell)
{
  const lmx_frame *frame = cover->frame;
  double lo[LMX_MAX_DIMENSION] = {0.0}, hi[LMX_MAX_DIMENSION] = {0.0};
  for (int i = 0; i < frame->n; ++i) {
    lo[frame->order[i]] = frame->centre[i] + cell->lo[i];
    hi[frame->order[i]] = frame->centre[i] + cell->hi[i];
  }
  frame->bounds(frame->self, lo, hi, &cell->lower, &cell->upper);
}

/* Whether the cell is small against its distance and the reach. */
static bool is_small(const lmx_cover *cover, const lmx_cell *cell)
{
  double size = 0.0, distance = cover->reach;
  for (int i = 0; i < cover->frame->n; ++i) {
    size = fmax(size, cell->hi[i] - cell->lo[i]);
    distance = fmax(distance, fmin(fabs(cell->lo[i]), fabs(cell->hi[i])));
  }
  return size <= SMALL * distance;
}

/* The priority of a leaf: log of the mass (and energy) that it leaves open. */
static double open_mass(lmx_cover *cover, const lmx_cell *cell)
{
  double gap = cell->upper - cell->lower;
  if (cell->upper == INFINITY && !is_small(cover, cell))
    return INFINITY;
  if (cell->upper == INFINITY) {
    cover->overflowed += !(cell->value < INFINITY);
    return -INFINITY;
  }
  if (!(cell->upper > -INFINITY && gap > 0.0))
    return -INFINITY;
  return log(lmx_cover_volume(cover, cell) * energy_weight(cover, cell)) +
         cell->upper + log1p(-exp(-gap));
}

static void measure(lmx_cover *cover, size_t index)
{
  lmx_cell *cell = &cover->cells[index];
  double middle[AXES];
  for (int i = 0; i < cover->frame->n; ++i)
    middle[i] = 0.5 * (cell->lo[i] + cell->hi[i]);
  cell->value = value_at(cover->frame, middle);
  lmx_cover_bound(cover, cell);
  if (cell->value < INFINITY)
    cover->top = fmax(cover->top, cell->value);
  cover->open[index] = open_mass(cover, cell);
}

static void heap_push(lmx_cover *cover, size_t index)
{
  size_t at = cover->nheap++;
  while (at > 0) {
    size_t parent = (at - 1) / 2;
    if (cover->open[cover->heap[parent]] >= cover->open[index])
      break;
    cover->heap[at] = cover->heap[parent];
    at = parent;
  }
  cover->heap[at] = index;
}

/* Sinks the leaf at place `at` of the heap to where it belongs. */
static void heap_sink(lmx_cover *cover, size_t at)
{
  size_t leaf = cover->heap[at];
  for (;;) {
    size_t child = 2 * at + 1;
    if (child >= cover->nheap)
      break;
    if (child + 1 < cover->nheap &&
        cover->open[cover->heap[child + 1]] > cover->open[cover->heap[child]])
      ++child;
    if (cover->open[leaf] >= cover->open[cover->heap[child]])
      break;
    cover->heap[at] = cover->heap[child];
    at = child;
  }
  cover->heap[at] = leaf;
}

static size_t heap_pop(lmx_cover *cover)
{
  size_t first = cover->heap[0];
  cover->heap[0] = cover->heap[--cover->nheap];
  heap_sink(cover, 0);
  return first;
}

/* Room for two more cells. */
static lmx_status make_room(lmx_cover *cover)
{
  lmx_context *context = cover->frame->context;
  size_t n = cover->n, more = cover->room == 0 ? FIRST_ROOM : 2 * cover->room;
  lmx_cell *cells = NULL;
  size_t *heap = NULL;
  double *open = NULL;
  lmx_status status;
  if (n + 2 <= cover->room)
    return LMX_OK;
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, more, &cells), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, more, &heap), fail);
  LMX_TRY_GOTO(LMX_NEW_ARRAY(context, more, &open), fail);
  if (n > 0) {
    memcpy(cells, cover->cells, n * sizeof *cells);
    memcpy(heap, cover->heap, cover->nheap * sizeof *heap);
    memcpy(open, cover->open, n * sizeof *open);
  }
  release(cover);
  cover->cells = cells;
  cover->heap = heap;
  cover->open = open;
  cover->room = more;
  return LMX_OK;
fail:
  lmx_free(cells);
  lmx_free(heap);
  return status;
}

/* Two halves across the longest side. */
static lmx_status halve(lmx_cover *cover, size_t index)
{
  LMX_TRY(make_room(cover));
  lmx_cell *cell = &cover->cells[index];
  int longest = 0;
  for (int i = 1; i < cover->frame->n; ++i)
    if (cell->hi[i] - cell->lo[i] > cell->hi[longest] - cell->lo[longest])
      longest = i;
  double middle = 0.5 * (cell->lo[longest] + cell->hi[longest]);
  cell->child = cover->n;
  for (int half = 0; half < 2; ++half) {
    lmx_cell *child = &cover->cells[cover->n];
    *child = *cell;
    child->child = 0;
    (half == 0 ? child->hi : child->lo)[longest] = middle;
    measure(cover, cover->n);
    heap_push(cover, cover->n++);
  }
  return LMX_OK;
}

/* The mass may spread over much more, or less, than the frame was made for:
 * then the priorities of all leaves change. */
static void adapt_reach(lmx_cover *cover)
{
  double mean[AXES], width[AXES], sum = 0.0;
  int n = cover->frame->n;
  lmx_cover_moments(cover, mean, width);
  for (int i = 0; i < n; ++i) {
    double shift = mean[i] - cover->frame->centre[i];
    sum += (width[i] * width[i] + shift * shift) / n;
  }
  double ratio = sqrt(sum) / cover->reach;
  if (!(ratio > 0.0 && isfinite(ratio)) || (ratio > 0.5 && ratio < 2.0))
    return;
  cover->reach *= ratio;
  for (size_t k = 0; k < cover->nheap; ++k)
    cover->open[cover->heap[k]] =
        open_mass(cover, &cover->cells[cover->heap[k]]);
  for (size_t k = cover->nheap / 2; k-- > 0;)
    heap_sink(cover, k);
}

/* Lower, upper and middle sum over the leaves. */
static void add_up(lmx_cover *cover)
{
  cover->least = cover->most = cover->seen = cover->seen_mass = 0.0;
  cover->least_energy = cover->most_energy = 0.0;
  for (size_t k = 0; k < cover->n; ++k) {
    const lmx_cell *cell = &cover->cells[k];
    if (cell->child != 0 || !(cell->upper < INFINITY))
      continue;
    double volume = lmx_cover_volume(cover, cell);
    double weight = energy_weight(cover, cell);
    double most = volume * exp(cell->upper - cover->top);
    double least = volume * exp(cell->lower - cover->top);
    cover->most += most;
    cover->least += least;
    cover->most_energy += most * weight;
    cover->least_energy += least * weight;
    if (!(cell->value < INFINITY))
      continue;
    double seen = volume * exp(cell->value - cover->top);
    cover->seen_mass += seen;
    cover->seen += seen * weight;
  }
}

/* Halvings below every cell; children stand behind their parents. */
static void set_heights(lmx_cover *cover)
{
  for (size_t k = cover->n; k-- > 0;) {
    lmx_cell *cell = &cover->cells[k];
    if (cell->child == 0)
      continue;
    int a = cover->cells[cell->child].height;
    int b = cover->cells[cell->child + 1].height;
    cell->height = 1 + (a > b ? a : b);
  }
}

static lmx_status fill(lmx_cover *cover)
{
  int axes = cover->frame->n - 1;
  size_t look = 64;
  while (cover->nheap > 0 && cover->n + 2 <= MOST_CELLS[axes]) {
    if (!(cover->open[cover->heap[0]] > -INFINITY))
      break;
    LMX_TRY(halve(cover, heap_pop(cover)));
    if (cover->n < look || cover->open[cover->heap[0]] == INFINITY)
      continue;
    look = cover->n + cover->n / 8;
    adapt_reach(cover);
    add_up(cover);
    if (cover->most_energy - cover->least_energy <=
        CLOSE[axes] * cover->least_energy)
      break;
  }
  add_up(cover);
  set_heights(cover);
  return LMX_OK;
}

static void set_root(lmx_cover *cover)
{
  const lmx_frame *frame = cover->frame;
  lmx_cell *root = &cover->cells[0];
  double sum = 0.0;
  for (int i = 0; i < frame->n; ++i)
    for (int j = 0; j <= i; ++j)
      sum += frame->A[i][j] * frame->A[i][j];
  cover->reach = sqrt(sum / frame->n);
  for (int i = 0; i < frame->n; ++i) {
    root->lo[i] = i < frame->nsingle ? -WHOLE : 0.0;
    root->hi[i] = WHOLE;
  }
}

lmx_status lmx_cover_create(const lmx_frame *frame, lmx_cover **out)
{
  lmx_cover *cover;
  lmx_status status;
  LMX_TRY(LMX_NEW_ARRAY(frame->context, 1, &cover));
  cover->frame = frame;
  cover->top = -INFINITY;
  LMX_TRY_GOTO(make_room(cover), fail);
  set_root(cover);
  measure(cover, 0);
  cover->n = 1;
  heap_push(cover, 0);
  LMX_TRY_GOTO(fill(cover), fail);
  *out = cover;
  return LMX_OK;
fail:
  lmx_cover_destroy(&cover);
  return status;
}

void lmx_cover_moments(const lmx_cover *cover, double *mean, double *width)
{
  double mass = 0.0, first[AXES] = {0.0}, second[AXES] = {0.0};
  int n = cover->frame->n;
  for (size_t k = 0; k < cover->n; ++k) {
    const lmx_cell *cell = &cover->cells[k];
    if (cell->child != 0 || !(cell->value < INFINITY))
      continue;
    double part = lmx_cover_volume(cover, cell) * exp(cell->value - cover->top);
    mass += part;
    for (int i = 0; i < n; ++i) {
      double middle = 0.5 * (cell->lo[i] + cell->hi[i]);
      double side = cell->hi[i] - cell->lo[i];
      first[i] += part * middle;
      second[i] += part * (middle * middle + side * side / 12.0);
    }
  }
  for (int i = 0; i < n; ++i) {
    double own = i < cover->frame->nsingle ? first[i] / mass : 0.0;
    mean[i] = cover->frame->centre[i] + own;
    width[i] = sqrt(fmax(second[i] / mass - own * own, 0.0));
    if (i == cover->frame->nsingle)
      width[i] /= sqrt(cover->frame->group);
  }
}

void lmx_cover_best(const lmx_cover *cover, double *middle, double *side)
{
  const lmx_cell *best = &cover->cells[0];
  for (size_t k = 0; k < cover->n; ++k) {
    const lmx_cell *cell = &cover->cells[k];
    if (cell->child == 0 && cell->value < INFINITY && cell->value > best->value)
      best = cell;
  }
  *side = 0.0;
  for (int i = 0; i < cover->frame->n; ++i) {
    middle[i] = cover->frame->centre[i] + 0.5 * (best->lo[i] + best->hi[i]);
    *side = fmax(*side, best->hi[i] - best->lo[i]);
  }
}

/* Leaves that carry less than this of mass and energy say nothing about them:
 * 10^5 of them would be below the accuracy of the moments. */
static const double MATTERS = 1e-16;

static bool carries_mass(const lmx_cover *cover, const lmx_cell *cell)
{
  return cell->child == 0 && isfinite(cell->value) &&
         lmx_cover_share(cover, cell) > MATTERS * cover->seen;
}

lmx_status lmx_cover_places(const lmx_cover *cover, lmx_places *out)
{
  const lmx_frame *frame = cover->frame;
  size_t count = 0, d = (size_t)frame->d;
  double *x;
  for (size_t k = 0; k < cover->n; ++k)
    count += carries_mass(cover, &cover->cells[k]);
  size_t stride = 1 + count / PLACES, wanted = count / stride;
  LMX_TRY(LMX_NEW_ARRAY(frame->context, wanted * d + 1, &x));
  size_t met = 0, kept = 0;
  for (size_t k = 0; k < cover->n && kept < wanted; ++k) {
    const lmx_cell *cell = &cover->cells[k];
    if (!carries_mass(cover, cell) || met++ % stride != 0)
      continue;
    for (int i = 0; i < frame->n; ++i)
      x[kept * d + (size_t)frame->order[i]] =
          frame->centre[i] + 0.5 * (cell->lo[i] + cell->hi[i]);
    ++kept;
  }
  *out = (lmx_places){.n = kept, .x = x};
  return LMX_OK;
}

bool lmx_cover_is_finite(const lmx_cover *cover)
{
  const lmx_cell *root = &cover->cells[0];
  for (size_t k = 0; k < cover->n; ++k) {
    const lmx_cell *cell = &cover->cells[k];
    bool outside = false;
    for (int i = 0; i < cover->frame->n; ++i)
      outside = outside || cell->hi[i] == root->hi[i] ||
                (i < cover->frame->nsingle && cell->lo[i] == root->lo[i]);
    if (outside && carries_mass(cover, cell))
      return false;
  }
  return true;
}
