/* Mass, mean and covariance of exp(log f) by quadrature, twice. The cells of a
 * cover (cover.h, cells.h) find all of the mass. A box confirms them, and is
 * better by a digit where the density has one scale and is smooth:
 *
 * Single directions carry the midpoint rule, which converges faster than any
 * power for smooth densities that vanish at the box edge; the radial direction
 * carries Gauss-Legendre on panels of [0, hi], for which |rho|^m with odd m is
 * no obstacle.  A first coarse pass centres and scales the box to unit
 * covariance. */
#include "initial/quadrature.h"

#include <math.h>
#include <string.h>

#include <gsl/gsl_integration.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>

#include "initial/cells.h"

/* GSL's table of 16 points is given to full precision; the nodes it computes
 * for orders without a table are good to 1e-11 only. */
enum { AXES = LMX_FRAME_AXES, FIRST = 48, PASSES = 6, PANEL = 16 };

/* Last change of the moments in the box, which its error is below: the rule
 * converges faster than any power. */
static const double SETTLED = 1e-12;
/* Ten times what settled moments may still change by. */
static const double ACCURACY = 1e-11;
/* Two rules that share no node agree to this where both have settled: the
 * rounding of 10^6 terms and of log f itself, whose size may be 100. */
static const double SAME = 1e-10;
/* Moments worse than this are refused. Mean and scale off by e move log f at
 * ten thermal speeds by about 100 e, and 1e-6 is what a run is asked for. */
static const double WORST = 1e-8;
static const double REFINEMENT = 1.5;
/* Most points per axis for 1, 2, 3 axes: about a second of formula each. */
static const size_t MOST[AXES] = {20000, 2500, 200};
/* The same where the box is only to confirm the cells: half a second at most,
 * and enough for every density of one scale. */
static const size_t MOST_CHECK[AXES] = {2000, 400, 110};

typedef struct lmx_rule {
  size_t n[AXES];
  double *nodes[AXES];   /* [n] */
  double *weights[AXES]; /* [n] */
  double *storage;
} lmx_rule;

static void fill_midpoint(const lmx_frame *frame, int i, lmx_rule *rule)
{
  double h = (frame->hi[i] - frame->lo[i]) / (double)rule->n[i];
  for (size_t k = 0; k < rule->n[i]; ++k) {
    rule->nodes[i][k] = frame->lo[i] + h * ((double)k + 0.5);
    rule->weights[i][k] = h;
  }
}

static lmx_status fill_radial(const lmx_frame *frame, int i, lmx_rule *rule)
{
  double h = frame->hi[i] * PANEL / (double)rule->n[i];
  gsl_integration_glfixed_table *table =
      gsl_integration_glfixed_table_alloc(PANEL);
  if (table == NULL)
    return lmx_fail(frame->context, LMX_ERR_MEMORY, "out of memory");
  for (size_t k = 0; k < rule->n[i]; ++k) {
    size_t panel = k / PANEL;
    double from = h * (double)panel;
    double *rho = &rule->nodes[i][k], *weight = &rule->weights[i][k];
    gsl_integration_glfixed_point(from, from + h, k % PANEL, rho, weight,
                                  table);
    *weight *= gsl_pow_int(*rho, frame->group - 1);
  }
  gsl_integration_glfixed_table_free(table);
  return LMX_OK;
}

/* About n points on each axis. */
static lmx_status rule_create(const lmx_frame *frame, size_t n, lmx_rule *rule)
{
  size_t rounded = (n + PANEL - 1) / PANEL * PANEL;
  LMX_TRY(LMX_NEW_ARRAY(frame->context, 2 * AXES * rounded, &rule->storage));
  for (int i = 0; i < AXES; ++i) {
    rule->n[i] = i < frame->nsingle ? n : rounded;
    rule->nodes[i] = rule->storage + (size_t)(2 * i) * rounded;
    rule->weights[i] = rule->storage + (size_t)(2 * i + 1) * rounded;
  }
  for (int i = 0; i < frame->nsingle; ++i)
    fill_midpoint(frame, i, rule);
  if (frame->group == 0)
    return LMX_OK;
  lmx_status status = fill_radial(frame, frame->nsingle, rule);
  if (status != LMX_OK)
    lmx_free(rule->storage);
  return status;
}

/* Sums over the tensor grid, axis by axis: the partial sums of a line are
 * added to those of its plane, which keeps the rounding of millions of terms
 * small. */
static lmx_status sum_axis(const lmx_frame *frame, const lmx_rule *rule,
                           int axis, double *y, double weight, lmx_sums *sums)
{
  lmx_sums line = {0};
  for (size_t k = 0; k < rule->n[axis]; ++k) {
    y[axis] = rule->nodes[axis][k];
    double w = weight * rule->weights[axis][k];
    if (axis + 1 < frame->n && axis + 1 < AXES) {
      LMX_TRY(sum_axis(frame, rule, axis + 1, y, w, &line));
      continue;
    }
    double value;
    LMX_TRY(lmx_frame_value(frame, y, &value));
    lmx_sums_point(&line, frame, y, w * exp(value - frame->top));
  }
  lmx_sums_add(sums, &line);
  return LMX_OK;
}

static lmx_status integrate(lmx_frame *frame, size_t n, lmx_sums *sums)
{
  lmx_rule rule;
  double y[AXES];
  LMX_TRY(rule_create(frame, n, &rule));
  *sums = (lmx_sums){0};
  lmx_status status = sum_axis(frame, &rule, 0, y, 1.0, sums);
  lmx_free(rule.storage);
  LMX_TRY(status);
  lmx_sums_centre(sums, frame);
  return LMX_OK;
}

/* After this, `sums` hold mass, mean and covariance in y. The covariance of
 * the single directions in x is A C A^T. */
static void covariance_in_x(const lmx_frame *frame, const lmx_sums *sums,
                            double out[AXES][AXES])
{
  int n = frame->nsingle;
  for (int i = 0; i < n; ++i)
    for (int j = 0; j < n; ++j) {
      out[i][j] = 0.0;
      for (int k = 0; k <= i; ++k)
        for (int l = 0; l <= j; ++l)
          out[i][j] += frame->A[i][k] * sums->second[k][l] * frame->A[j][l];
    }
}

static void mean_in_x(const lmx_frame *frame, const lmx_sums *sums, double *out)
{
  for (int i = 0; i < frame->nsingle; ++i) {
    out[i] = frame->centre[i];
    for (int j = 0; j <= i; ++j)
      out[i] += frame->A[i][j] * sums->first[j];
  }
}

/* Whether mean and covariance in y are near 0 and I. */
static bool is_centred(const lmx_frame *frame, const lmx_sums *sums)
{
  bool good = true;
  for (int i = 0; i < frame->nsingle; ++i) {
    good = good && fabs(sums->first[i]) < 0.1;
    for (int j = 0; j <= i; ++j)
      good = good && fabs(sums->second[i][j] - (i == j)) < 0.2;
  }
  if (frame->group > 0)
    good = good && fabs(sums->radial - 1.0) < 0.2;
  return good;
}

/* Moves the frame to the mean and scales it to unit covariance; false when
 * there is none. */
static bool recentre(lmx_frame *frame, const lmx_sums *sums)
{
  double mean[AXES], covariance[AXES][AXES] = {{0.0}};
  int n = frame->nsingle;
  mean_in_x(frame, sums, mean);
  covariance_in_x(frame, sums, covariance);
  if (n > 0) {
    gsl_matrix_view C = gsl_matrix_view_array_with_tda(
        &covariance[0][0], (size_t)n, (size_t)n, AXES);
    if (gsl_linalg_cholesky_decomp1(&C.matrix) != GSL_SUCCESS)
      return false;
  }
  for (int i = 0; i < n; ++i) {
    frame->centre[i] = mean[i];
    for (int j = 0; j <= i; ++j)
      frame->A[i][j] = covariance[i][j];
  }
  if (frame->group > 0)
    frame->A[n][n] *= sqrt(sums->radial);
  return true;
}

/* Largest change of the moments, in units of mass and unit covariance. */
static double change(const lmx_frame *frame, const lmx_sums *a,
                     const lmx_sums *b)
{
  double largest = fabs(a->mass / b->mass - 1.0);
  for (int i = 0; i < frame->nsingle; ++i) {
    largest = fmax(largest, fabs(a->first[i] - b->first[i]));
    for (int j = 0; j <= i; ++j)
      largest = fmax(largest, fabs(a->second[i][j] - b->second[i][j]));
  }
  if (frame->group > 0)
    largest = fmax(largest, fabs(a->radial - b->radial));
  return largest;
}

/* Refines until the moments settle; *moved is the last change. */
static lmx_status refine(lmx_frame *frame, size_t most, lmx_sums *sums,
                         double *moved)
{
  lmx_sums finer;
  double n = FIRST;
  LMX_TRY(integrate(frame, FIRST, sums));
  *moved = INFINITY;
  while (!(*moved <= SETTLED) && n * REFINEMENT <= (double)most) {
    n *= REFINEMENT;
    LMX_TRY(integrate(frame, (size_t)n, &finer));
    *moved = change(frame, sums, &finer);
    *sums = finer;
  }
  return LMX_OK;
}

/* Area of the unit sphere of R^k. */
static double sphere_area(int k)
{
  return 2.0 * pow(M_PI, 0.5 * k) / gsl_sf_gamma(0.5 * k);
}

static void expand(const lmx_frame *frame, const lmx_sums *sums,
                   lmx_moments *moments)
{
  int d = frame->d, n = frame->nsingle;
  double mean[AXES], covariance[AXES][AXES] = {{0.0}};
  mean_in_x(frame, sums, mean);
  covariance_in_x(frame, sums, covariance);
  *moments = (lmx_moments){.d = d, .accuracy = ACCURACY};
  moments->mass = exp(frame->top) * sums->mass;
  for (int i = 0; i < n; ++i) {
    int a = frame->order[i];
    moments->mass *= frame->A[i][i];
    moments->mean[a] = mean[i];
    for (int j = 0; j < n; ++j)
      moments->covariance[a * d + frame->order[j]] = covariance[i][j];
  }
  if (frame->group == 0)
    return;
  double w = frame->A[n][n];
  moments->mass *= gsl_pow_int(w, frame->group) * sphere_area(frame->group);
  for (int i = n; i < d; ++i) {
    int a = frame->order[i];
    moments->covariance[a * d + a] = w * w * sums->radial;
  }
}

/* Which directions stay single and which form the radial one; `places` may be
 * NULL. */
static lmx_status group_axes(lmx_frame *frame, const lmx_places *places)
{
  static const double scales[] = {1.0, 0.3, 2.0, 0.1, 5.0, 0.03};
  const lmx_symmetry_points points = {.nscales = sizeof scales / sizeof *scales,
                                      .scales = scales,
                                      .reach = INFINITY,
                                      .places = places};
  lmx_symmetry *symmetry;
  LMX_TRY(lmx_symmetry_create(frame->context, frame->log_density, frame->self,
                              frame->d, &points, &symmetry));
  int size = lmx_symmetry_group(symmetry, frame->order);
  lmx_symmetry_destroy(&symmetry);
  frame->group = size > 1 ? size : 0;
  frame->nsingle = frame->d - frame->group;
  frame->n = frame->nsingle + (size > 1 ? 1 : 0);
  if (frame->n <= AXES)
    return LMX_OK;
  return lmx_fail(frame->context, LMX_ERR_CASE,
                  "%s: in dimension %d the formula must be symmetric under the "
                  "rotations of at least %d velocity components (it may depend "
                  "on the others and on r)",
                  frame->key, frame->d, frame->d - 2);
}

/* Whether the formula treats the directions of the group otherwise than
 * through r, so that a few points do not prove the symmetry. */
static bool group_is_named(const lmx_frame *frame, const lmx_density *density)
{
  for (int i = frame->nsingle; i < frame->d; ++i)
    if (density->names(density->self, frame->order[i]))
      return true;
  return false;
}

/* Where the formula underflows around the origin there is nothing to climb:
 * the climb starts in the best cell of a cover then. */
static lmx_status locate(lmx_frame *frame)
{
  double value;
  lmx_cover *cover;
  lmx_frame_reset(frame);
  LMX_TRY(lmx_frame_value(frame, frame->start, &value));
  if (value == -INFINITY) {
    LMX_TRY(lmx_cover_create(frame, &cover));
    lmx_cover_best(cover, frame->start, &frame->step);
    lmx_cover_destroy(&cover);
  }
  return lmx_frame_locate(frame);
}

/* Adds the places of a cover to those that are known. */
static lmx_status add_places(const lmx_cover *cover, lmx_places *places)
{
  lmx_context *context = cover->frame->context;
  size_t d = (size_t)cover->frame->d;
  lmx_places more;
  double *x;
  LMX_TRY(lmx_cover_places(cover, &more));
  lmx_status status = LMX_NEW_ARRAY(context, (places->n + more.n) * d + 1, &x);
  if (status == LMX_OK) {
    if (places->n > 0)
      memcpy(x, places->x, places->n * d * sizeof *x);
    memcpy(x + places->n * d, more.x, more.n * d * sizeof *x);
    lmx_free(places->x);
    *places = (lmx_places){.n = places->n + more.n, .x = x};
  }
  lmx_free(more.x);
  return status;
}

/* A narrow peak breaks a symmetry that all points around it have. In up to
 * three dimensions the peaks are looked for without any symmetry first. */
static lmx_status reduce(lmx_frame *frame, const lmx_density *density,
                         lmx_places *places)
{
  LMX_TRY(group_axes(frame, NULL));
  if (frame->d > AXES || !group_is_named(frame, density))
    return LMX_OK;
  lmx_frame whole = *frame;
  lmx_cover *cover;
  whole.n = whole.nsingle = frame->d;
  whole.group = 0;
  for (int a = 0; a < frame->d; ++a)
    whole.order[a] = a;
  LMX_TRY(locate(&whole));
  LMX_TRY(lmx_cover_create(&whole, &cover));
  lmx_status status = add_places(cover, places);
  lmx_cover_destroy(&cover);
  return status == LMX_OK ? group_axes(frame, places) : status;
}

/* The midpoint rule in one box; *moved = INFINITY where there is no such box.
 */
static lmx_status integrate_box(lmx_frame *frame, size_t most,
                                lmx_moments *moments, double *moved)
{
  lmx_sums sums;
  *moved = INFINITY;
  for (int pass = 0; pass < PASSES; ++pass) {
    LMX_TRY(lmx_frame_grow(frame));
    if (frame->too_wide)
      return LMX_OK;
    LMX_TRY(integrate(frame, FIRST, &sums));
    if (is_centred(frame, &sums))
      break;
    if (!(sums.mass > 0.0) || !recentre(frame, &sums))
      return LMX_OK;
  }
  LMX_TRY(lmx_frame_grow(frame));
  if (frame->too_wide)
    return LMX_OK;
  LMX_TRY(refine(frame, most, &sums, moved));
  expand(frame, &sums, moments);
  return LMX_OK;
}

/* Largest difference relative to mass, standard deviation and variance. */
static double difference(const lmx_moments *a, const lmx_moments *b)
{
  int d = a->d;
  double variance = 0.0, largest = fabs(a->mass / b->mass - 1.0);
  for (int i = 0; i < d; ++i)
    variance += b->covariance[i * d + i] / d;
  for (int i = 0; i < d; ++i)
    largest = fmax(largest, fabs(a->mean[i] - b->mean[i]) / sqrt(variance));
  for (int i = 0; i < d * d; ++i)
    largest =
        fmax(largest, fabs(a->covariance[i] - b->covariance[i]) / variance);
  return largest;
}

/* What two ways to the moments have given. */
typedef struct lmx_results {
  lmx_moments box, cells;
  double moved; /* last change in the box, INFINITY without a box */
  double error; /* estimate for the cells */
} lmx_results;

static lmx_status integrate_cells(const lmx_cover *cover, lmx_results *results)
{
  lmx_frame frame = *cover->frame;
  lmx_sums sums;
  if (!lmx_cover_is_finite(cover))
    return lmx_frame_not_integrable(&frame);
  LMX_TRY(lmx_cells_integrate(cover, &frame, &sums, &results->error));
  expand(&frame, &sums, &results->cells);
  return LMX_OK;
}

/* Whether the mass of the cells lies between the sums of the cover. */
static bool between_bounds(const lmx_cover *cover, const lmx_moments *cells)
{
  const lmx_frame *frame = cover->frame;
  double unit = exp(cover->top);
  if (frame->group > 0)
    unit *= sphere_area(frame->group);
  return cells->mass >= unit * cover->least * (1.0 - SAME) &&
         cells->mass <= unit * cover->most * (1.0 + SAME);
}

static lmx_status refuse(const lmx_frame *frame, const lmx_results *results)
{
  if (results->moved == INFINITY)
    return lmx_fail(frame->context, LMX_ERR_NUMERICS,
                    "%s: the mass of the density is about %g, but the moments "
                    "are known to %.1e only, must be to %.0e; write it as "
                    "initial.kind = \"mixture\" if it is one",
                    frame->key, results->cells.mass, results->error, WORST);
  return lmx_fail(frame->context, LMX_ERR_NUMERICS,
                  "%s: the moments of the density still change by %.1e with "
                  "%zu points per axis, and its mass is %.12g in one box, "
                  "%.12g by cells around its peaks; it must be smooth (if it "
                  "has narrow peaks, write it as initial.kind = \"mixture\")",
                  frame->key, results->moved, MOST[frame->n - 1],
                  results->box.mass, results->cells.mass);
}

/* The box counts where it has settled and the cells agree; otherwise the cells,
 * which miss less, if they are accurate and hold no less mass. Both together
 * give the digits that data without enough derivatives allows. */
static lmx_status decide(const lmx_frame *frame, const lmx_cover *cover,
                         const lmx_results *results, lmx_moments *moments)
{
  double error = results->error, moved = results->moved, apart = INFINITY;
  bool settled = moved <= SETTLED;
  bool box_has_more =
      settled && results->box.mass > results->cells.mass * (1.0 + SAME);
  if (moved < INFINITY)
    apart = difference(&results->box, &results->cells);
  if (!between_bounds(cover, &results->cells))
    return refuse(frame, results);
  if (settled && apart <= SAME) {
    *moments = results->box;
  } else if (error <= SAME && !box_has_more) {
    *moments = results->cells;
    moments->accuracy = fmax(error, ACCURACY);
  } else if (apart <= WORST) {
    *moments = moved < error ? results->box : results->cells;
    moments->accuracy = fmax(apart, ACCURACY);
  } else {
    return refuse(frame, results);
  }
  return LMX_OK;
}

static lmx_status integrate_both(lmx_frame *frame, lmx_moments *moments,
                                 lmx_places *places)
{
  lmx_results results;
  lmx_cover *cover;
  lmx_frame box;
  LMX_TRY(locate(frame));
  LMX_TRY(lmx_cover_create(frame, &cover));
  lmx_status status = integrate_cells(cover, &results);
  if (status == LMX_OK) {
    const size_t *most = results.error <= SAME ? MOST_CHECK : MOST;
    box = *frame;
    status = integrate_box(&box, most[box.n - 1], &results.box, &results.moved);
  }
  if (status == LMX_OK)
    status = decide(frame, cover, &results, moments);
  if (status == LMX_OK)
    status = add_places(cover, places);
  lmx_cover_destroy(&cover);
  return status;
}

/* A peak that the first cover has missed may break the symmetry that the
 * second one was made for: then the group gets smaller, at most d times. */
static lmx_status find_moments(lmx_frame *frame, const lmx_density *density,
                               lmx_moments *moments, lmx_places *places)
{
  int size;
  LMX_TRY(reduce(frame, density, places));
  do {
    size = frame->group;
    LMX_TRY(integrate_both(frame, moments, places));
    LMX_TRY(group_axes(frame, places));
  } while (frame->group < size);
  return LMX_OK;
}

lmx_status lmx_quadrature_moments(lmx_context *context,
                                  const lmx_density *density,
                                  lmx_moments *moments, lmx_places *places)
{
  lmx_frame frame = {.context = context,
                     .key = density->key,
                     .log_density = density->value,
                     .bounds = density->bounds,
                     .self = density->self,
                     .d = density->d};
  lmx_places found = {0};
  lmx_status status = find_moments(&frame, density, moments, &found);
  if (status == LMX_OK)
    *places = found;
  else
    lmx_free(found.x);
  return status;
}
