/* Integrals over the cells of a cover, by tensor Gauss-Legendre rules. */
#include "initial/cells.h"

#include <math.h>

#include <gsl/gsl_integration.h>
#include <gsl/gsl_math.h>

/* GSL holds the tables of both orders to full precision. */
enum { AXES = LMX_FRAME_AXES, HIGH = 16, LOW = 12 };

/* Halvings per axis that one rule may span: 16 points on 8 leaves. */
enum { SPAN = 3 };

/* Subdivisions of one cell: beyond 40 its sides are rounding. */
enum { DEEPEST = 40 };

/* A cell is subdivided while its two orders differ by more than this part of
 * the whole. The difference is the error of the lower order, the error of the
 * sums that are kept is smaller by orders of magnitude; with 10^3 cells the
 * differences add up to at most 1e-11. */
static const double AGREE = 1e-13;
/* Cells below this part of mass and energy, a bound, are left out: 10^6 of
 * them are below rounding. */
static const double NEGLIGIBLE = 1e-22;
/* Evaluations after which nothing is subdivided: ten seconds at most. */
static const size_t MOST_POINTS[AXES] = {1000000, 4000000, 40000000};

typedef struct lmx_rule {
  double node[HIGH], weight[HIGH]; /* on [0, 1] */
  int n;
} lmx_rule;

typedef struct lmx_integral {
  const lmx_cover *cover;
  const lmx_frame *frame;
  lmx_rule high, low;
  lmx_sums sums;
  double total; /* mass of the sums, estimated by the cover */
  double error; /* sum of the differences */
  size_t points;
} lmx_integral;

static lmx_status make_rule(const lmx_frame *frame, int n, lmx_rule *rule)
{
  gsl_integration_glfixed_table *table =
      gsl_integration_glfixed_table_alloc((size_t)n);
  if (table == NULL)
    return lmx_fail(frame->context, LMX_ERR_MEMORY, "out of memory");
  for (int k = 0; k < n; ++k)
    gsl_integration_glfixed_point(0.0, 1.0, (size_t)k, &rule->node[k],
                                  &rule->weight[k], table);
  gsl_integration_glfixed_table_free(table);
  rule->n = n;
  return LMX_OK;
}

/* Node k of axis i, in the coordinate y of the frame, and its weight. */
static void place_node(const lmx_integral *in, const lmx_rule *rule,
                       const lmx_cell *cell, int i, int k, double *y,
                       double *weight)
{
  const lmx_frame *frame = in->frame;
  double side = cell->hi[i] - cell->lo[i], scale = frame->A[i][i];
  double shift = in->cover->frame->centre[i] - frame->centre[i];
  y[i] = (shift + cell->lo[i] + side * rule->node[k]) / scale;
  *weight *= side * rule->weight[k] / scale;
  if (i == frame->nsingle)
    *weight *= gsl_pow_int(y[i], frame->group - 1);
}

static lmx_status integrate_cell(lmx_integral *in, const lmx_cell *cell,
                                 int depth);

/* False when log f is not a number or +inf at a node; y is then that node. */
static bool apply(lmx_integral *in, const lmx_rule *rule, const lmx_cell *cell,
                  lmx_sums *out, double *y)
{
  const lmx_frame *frame = in->frame;
  int count = 1;
  *out = (lmx_sums){0};
  for (int i = 0; i < frame->n; ++i)
    count *= rule->n;
  for (int k = 0; k < count; ++k) {
    double weight = 1.0, x[LMX_MAX_DIMENSION];
    for (int i = 0, rest = k; i < frame->n; ++i, rest /= rule->n)
      place_node(in, rule, cell, i, rest % rule->n, y, &weight);
    lmx_frame_point(frame, y, x);
    double value = frame->log_density(frame->self, x);
    if (!(value < INFINITY))
      return false;
    lmx_sums_point(out, frame, y, weight * exp(value - frame->top));
  }
  in->points += (size_t)count;
  return true;
}

/* Part k of 2^n equal ones. */
static lmx_cell part_of(const lmx_cell *cell, int n, int k)
{
  lmx_cell part = *cell;
  for (int i = 0; i < n; ++i) {
    double middle = 0.5 * (cell->lo[i] + cell->hi[i]);
    ((k >> i) % 2 == 0 ? part.hi : part.lo)[i] = middle;
  }
  return part;
}

/* A cell reaches to where the formula overflows: its parts are bounded again,
 * and those that cannot matter are not looked at. y is the point. */
static lmx_status avoid(lmx_integral *in, const lmx_cell *cell, int depth,
                        const double *y)
{
  double value;
  int n = in->frame->n;
  if (depth >= DEEPEST)
    return lmx_frame_value(in->frame, y, &value);
  for (int k = 0; k < 1 << n; ++k) {
    lmx_cell part = part_of(cell, n, k);
    lmx_cover_bound(in->cover, &part);
    if (lmx_cover_share(in->cover, &part) > NEGLIGIBLE * in->cover->seen)
      LMX_TRY(integrate_cell(in, &part, depth + 1));
  }
  return LMX_OK;
}

/* The depth is bounded by the points, too: a subdivided cell costs 2^n rules.
 */
static lmx_status integrate_cell(lmx_integral *in, const lmx_cell *cell,
                                 int depth)
{
  lmx_sums high, low;
  double y[AXES] = {0.0};
  if (!apply(in, &in->high, cell, &high, y) ||
      !apply(in, &in->low, cell, &low, y))
    return avoid(in, cell, depth, y);
  double error = lmx_sums_distance(in->frame, &high, &low) / in->total;
  int n = in->frame->n;
  if (error <= AGREE || depth >= DEEPEST || in->points > MOST_POINTS[n - 1]) {
    lmx_sums_add(&in->sums, &high);
    in->error += error;
    return LMX_OK;
  }
  for (int k = 0; k < 1 << n; ++k) {
    lmx_cell part = part_of(cell, n, k);
    LMX_TRY(integrate_cell(in, &part, depth + 1));
  }
  return LMX_OK;
}

static lmx_status integrate_tree(lmx_integral *in, size_t index)
{
  const lmx_cover *cover = in->cover;
  const lmx_cell *cell = &cover->cells[index];
  bool unbounded = cell->upper == INFINITY;
  bool overflows = unbounded && cell->child == 0 && !(cell->value < INFINITY);
  if (overflows || lmx_cover_share(cover, cell) <= NEGLIGIBLE * cover->seen)
    return LMX_OK;
  /* Above a cell that overflows is one that is unbounded. */
  if (cell->child == 0 || (!unbounded && cell->height <= SPAN * in->frame->n))
    return integrate_cell(in, cell, 0);
  LMX_TRY(integrate_tree(in, cell->child));
  return integrate_tree(in, cell->child + 1);
}

lmx_status lmx_cells_integrate(const lmx_cover *cover, lmx_frame *frame,
                               lmx_sums *sums, double *error)
{
  lmx_integral in = {.cover = cover, .frame = frame};
  double mean[AXES], width[AXES];
  LMX_TRY(make_rule(frame, HIGH, &in.high));
  LMX_TRY(make_rule(frame, LOW, &in.low));
  lmx_cover_moments(cover, mean, width);
  frame->top = cover->top;
  in.total = cover->seen_mass;
  for (int i = 0; i < frame->n; ++i) {
    if (!(isfinite(mean[i]) && width[i] > 0.0))
      return lmx_frame_not_integrable(frame);
    frame->centre[i] = mean[i];
    for (int j = 0; j < AXES; ++j)
      frame->A[i][j] = i == j ? width[i] : 0.0;
    in.total /=
        i < frame->nsingle ? width[i] : gsl_pow_int(width[i], frame->group);
  }
  LMX_TRY(integrate_tree(&in, 0));
  if (!(in.sums.mass > 0.0))
    return lmx_frame_not_integrable(frame);
  *error = in.error * in.total / in.sums.mass;
  lmx_sums_centre(&in.sums, frame);
  *sums = in.sums;
  return LMX_OK;
}
