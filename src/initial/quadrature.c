/* Mass, mean and covariance of exp(log f) by quadrature.
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

#include "initial/frame.h"

/* GSL's table of 16 points is given to full precision; the nodes it computes
 * for orders without a table are good to 1e-11 only. */
enum { AXES = LMX_FRAME_AXES, FIRST = 48, PASSES = 6, PANEL = 16 };

static const double SETTLED = 1e-12;
static const double REFINEMENT = 1.5;
/* Most points per axis for 1, 2, 3 axes: about a second of formula each. */
static const size_t MOST[AXES] = {20000, 2500, 200};

/* Integrals over y of the density divided by exp(top): 1, y_i, y_i y_j
 * (single directions) and rho^2. */
typedef struct lmx_sums {
  double mass;
  double first[AXES];
  double second[AXES][AXES];
  double radial;
} lmx_sums;

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

static void sums_add(lmx_sums *to, const lmx_sums *from)
{
  to->mass += from->mass;
  to->radial += from->radial;
  for (int i = 0; i < AXES; ++i) {
    to->first[i] += from->first[i];
    for (int j = 0; j < AXES; ++j)
      to->second[i][j] += from->second[i][j];
  }
}

static void sums_point(lmx_sums *sums, const lmx_frame *frame, const double *y,
                       double weight)
{
  sums->mass += weight;
  for (int i = 0; i < frame->nsingle; ++i) {
    sums->first[i] += weight * y[i];
    for (int j = 0; j <= i; ++j)
      sums->second[i][j] += weight * y[i] * y[j];
  }
  if (frame->group > 0)
    sums->radial += weight * y[frame->nsingle] * y[frame->nsingle];
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
    sums_point(&line, frame, y, w * exp(value - frame->top));
  }
  sums_add(sums, &line);
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
  for (int i = 0; i < frame->nsingle; ++i)
    sums->first[i] /= sums->mass;
  for (int i = 0; i < frame->nsingle; ++i)
    for (int j = 0; j <= i; ++j) {
      sums->second[i][j] =
          sums->second[i][j] / sums->mass - sums->first[i] * sums->first[j];
      sums->second[j][i] = sums->second[i][j];
    }
  if (frame->group > 0)
    sums->radial /= sums->mass * frame->group;
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

/* Moves the frame to the mean and scales it to unit covariance. */
static lmx_status recentre(lmx_frame *frame, const lmx_sums *sums)
{
  double mean[AXES], covariance[AXES][AXES] = {{0.0}};
  int n = frame->nsingle;
  mean_in_x(frame, sums, mean);
  covariance_in_x(frame, sums, covariance);
  if (n > 0) {
    gsl_matrix_view C = gsl_matrix_view_array_with_tda(
        &covariance[0][0], (size_t)n, (size_t)n, AXES);
    if (gsl_linalg_cholesky_decomp1(&C.matrix) != GSL_SUCCESS)
      return lmx_frame_not_integrable(frame);
  }
  for (int i = 0; i < n; ++i) {
    frame->centre[i] = mean[i];
    for (int j = 0; j <= i; ++j)
      frame->A[i][j] = covariance[i][j];
  }
  if (frame->group > 0)
    frame->A[n][n] *= sqrt(sums->radial);
  return LMX_OK;
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

static lmx_status refine(lmx_frame *frame, lmx_sums *sums)
{
  lmx_sums finer;
  double n = FIRST, moved = INFINITY;
  LMX_TRY(integrate(frame, FIRST, sums));
  while (!(moved <= SETTLED)) {
    n *= REFINEMENT;
    if (n > (double)MOST[frame->n - 1])
      return lmx_fail(frame->context, LMX_ERR_NUMERICS,
                      "%s: the moments of the density still change by %.1e "
                      "with %zu points per axis; it must be smooth",
                      frame->key, moved, (size_t)(n / REFINEMENT));
    LMX_TRY(integrate(frame, (size_t)n, &finer));
    moved = change(frame, sums, &finer);
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
  /* Ten times what the moments may still change by. */
  *moments = (lmx_moments){.d = d, .accuracy = 1e-11};
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

/* Which directions stay single and which form the radial one. */
static lmx_status reduce(lmx_frame *frame)
{
  static const double scales[] = {1.0, 0.3, 2.0, 0.1, 5.0, 0.03};
  lmx_symmetry *symmetry;
  LMX_TRY(lmx_symmetry_create(frame->context, frame->log_density, frame->self,
                              frame->d, sizeof scales / sizeof *scales, scales,
                              INFINITY, &symmetry));
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

lmx_status lmx_quadrature_moments(lmx_context *context, const char *key,
                                  lmx_log_density_fn *log_density,
                                  const void *self, int d, lmx_moments *moments)
{
  lmx_frame frame = {.context = context,
                     .key = key,
                     .log_density = log_density,
                     .self = self,
                     .d = d};
  lmx_sums sums;
  LMX_TRY(reduce(&frame));
  LMX_TRY(lmx_frame_locate(&frame));
  for (int pass = 0; pass < PASSES; ++pass) {
    LMX_TRY(lmx_frame_grow(&frame));
    LMX_TRY(integrate(&frame, FIRST, &sums));
    if (is_centred(&frame, &sums))
      break;
    LMX_TRY(recentre(&frame, &sums));
  }
  LMX_TRY(lmx_frame_grow(&frame));
  LMX_TRY(refine(&frame, &sums));
  expand(&frame, &sums, moments);
  return LMX_OK;
}
