/* Where a density lives: its maximum, its scales, a box that holds it. */
#include "initial/frame.h"

#include <math.h>
#include <stdio.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multimin.h>

enum { AXES = LMX_FRAME_AXES, SCAN = 33, SIMPLEX_STEPS = 2000 };

/* The box, in scales: six hold a Gaussian to 1e-8 and are the start; beyond a
 * thousand, 48 points of the first rule lie too far apart to see one scale. */
static const double START_WIDTH = 6.0;
static const double LARGEST_WIDTH = 1e3;
static const double GROWTH = 1.25;
/* Beyond this, in the user's units, no maximum is looked for. */
static const double FAR_AWAY = 1e9;
/* log 1e-18: mass and energy outside of the box are then below rounding. */
static const double BORDER = -41.446531673892822;
/* Stands for -log 0, as the simplex needs finite numbers. */
static const double NO_DENSITY = 1e300;
/* The simplex stops at the square root of rounding: log f is flat there. */
static const double CLIMBED = 1e-8;
/* Widths below this, in the user's units, are not resolved any further. */
static const double NARROWEST = 1e-12;

void lmx_frame_point(const lmx_frame *frame, const double *y, double *x)
{
  for (int a = 0; a < frame->d; ++a)
    x[a] = 0.0;
  for (int i = 0; i < frame->nsingle; ++i) {
    double sum = frame->centre[i];
    for (int j = 0; j <= i; ++j)
      sum += frame->A[i][j] * y[j];
    x[frame->order[i]] = sum;
  }
  int last = frame->nsingle;
  if (frame->group > 0)
    x[frame->order[last]] = fabs(frame->A[last][last] * y[last]);
}

lmx_status lmx_frame_value(const lmx_frame *frame, const double *y,
                           double *value)
{
  double x[LMX_MAX_DIMENSION];
  lmx_frame_point(frame, y, x);
  double g = frame->log_density(frame->self, x);
  *value = g;
  if (!isnan(g) && g != INFINITY)
    return LMX_OK;
  char text[32 * LMX_MAX_DIMENSION] = "";
  size_t used = 0;
  for (int a = 0; a < frame->d; ++a)
    used += (size_t)snprintf(text + used, sizeof text - used, "%s%.6g",
                             a == 0 ? "" : ", ", x[a]);
  return lmx_fail(frame->context, LMX_ERR_CASE,
                  "%s: is %s at v = (%s), must be finite everywhere%s",
                  frame->key, isnan(g) ? "not a number" : "infinite", text,
                  g == INFINITY ? "; if exp overflows there, write "
                                  "log(exp(a) + exp(b)) as logsumexp(a, b)"
                                : "");
}

lmx_status lmx_frame_not_integrable(const lmx_frame *frame)
{
  return lmx_fail(frame->context, LMX_ERR_CASE,
                  "%s: the density is not integrable, or decays too slowly for "
                  "its moments to be computed",
                  frame->key);
}

/* -log f for the simplex, which needs finite numbers. */
typedef struct lmx_climb {
  const lmx_frame *frame;
  lmx_status status;
} lmx_climb;

static double depth(const gsl_vector *y, void *user)
{
  lmx_climb *climb = user;
  double value;
  lmx_status status = lmx_frame_value(climb->frame, y->data, &value);
  if (status != LMX_OK) {
    climb->status = status;
    return NO_DENSITY;
  }
  return fmin(-value, NO_DENSITY);
}

static bool too_far(const gsl_vector *y)
{
  for (size_t i = 0; i < y->size; ++i)
    if (!(fabs(gsl_vector_get(y, i)) < FAR_AWAY))
      return true;
  return false;
}

static lmx_status climb_simplex(lmx_frame *frame,
                                gsl_multimin_fminimizer *simplex, double *mode)
{
  double step[AXES] = {frame->step, frame->step, frame->step};
  size_t n = (size_t)frame->n;
  gsl_vector_view x = gsl_vector_view_array(frame->start, n);
  gsl_vector_view dx = gsl_vector_view_array(step, n);
  lmx_climb climb = {.frame = frame, .status = LMX_OK};
  gsl_multimin_function f;
  f.f = depth;
  f.n = n;
  f.params = &climb;
  gsl_multimin_fminimizer_set(simplex, &f, &x.vector, &dx.vector);
  for (int k = 0; k < SIMPLEX_STEPS && climb.status == LMX_OK; ++k) {
    if (gsl_multimin_fminimizer_iterate(simplex) != GSL_SUCCESS)
      break;
    if (too_far(simplex->x))
      return lmx_frame_not_integrable(frame);
    if (gsl_multimin_fminimizer_size(simplex) < CLIMBED * frame->step)
      break;
  }
  LMX_TRY(climb.status);
  if (simplex->fval >= NO_DENSITY)
    return lmx_fail(frame->context, LMX_ERR_CASE,
                    "%s: the density vanishes around the origin, so that its "
                    "mass cannot be found; use coordinates near its centre",
                    frame->key);
  for (size_t i = 0; i < n; ++i)
    mode[i] = gsl_vector_get(simplex->x, i);
  return LMX_OK;
}

static lmx_status find_mode(lmx_frame *frame, double *mode)
{
  gsl_multimin_fminimizer *simplex = gsl_multimin_fminimizer_alloc(
      gsl_multimin_fminimizer_nmsimplex2, (size_t)frame->n);
  if (simplex == NULL)
    return lmx_fail(frame->context, LMX_ERR_MEMORY, "out of memory");
  lmx_status status = climb_simplex(frame, simplex, mode);
  gsl_multimin_fminimizer_free(simplex);
  return status;
}

/* Distance from `mode` along axis i at which log f has fallen by 1, to a
 * factor of 2. */
static lmx_status find_width(const lmx_frame *frame, const double *mode, int i,
                             double direction, double *out)
{
  double y[AXES], top, value, width = 1.0;
  for (int j = 0; j < frame->n; ++j)
    y[j] = mode[j];
  LMX_TRY(lmx_frame_value(frame, y, &top));
  bool fallen = true;
  while (fallen && width > NARROWEST) {
    width *= 0.5;
    y[i] = mode[i] + direction * width;
    LMX_TRY(lmx_frame_value(frame, y, &value));
    fallen = value < top - 1.0;
  }
  while (!fallen) {
    width *= 2.0;
    if (!(width < FAR_AWAY))
      return lmx_frame_not_integrable(frame);
    y[i] = mode[i] + direction * width;
    LMX_TRY(lmx_frame_value(frame, y, &value));
    fallen = value < top - 1.0;
  }
  *out = width;
  return LMX_OK;
}

void lmx_frame_reset(lmx_frame *frame)
{
  frame->step = 1.0;
  for (int i = 0; i < AXES; ++i) {
    frame->start[i] = frame->centre[i] = 0.0;
    for (int j = 0; j < AXES; ++j)
      frame->A[i][j] = i == j ? 1.0 : 0.0;
  }
}

lmx_status lmx_frame_locate(lmx_frame *frame)
{
  double mode[AXES], up[AXES], down[AXES];
  LMX_TRY(find_mode(frame, mode));
  if (frame->group > 0)
    mode[frame->nsingle] = fabs(mode[frame->nsingle]);
  for (int i = 0; i < frame->n; ++i) {
    LMX_TRY(find_width(frame, mode, i, 1.0, &up[i]));
    if (i < frame->nsingle)
      LMX_TRY(find_width(frame, mode, i, -1.0, &down[i]));
    else
      down[i] = mode[i] + up[i];
  }
  for (int i = 0; i < frame->n; ++i) {
    frame->centre[i] = i < frame->nsingle ? mode[i] : 0.0;
    frame->A[i][i] = fmax(up[i], down[i]);
  }
  return LMX_OK;
}

static double squared_length(int n, const double *y)
{
  double r2 = 0.0;
  for (int i = 0; i < n; ++i)
    r2 += y[i] * y[i];
  return r2;
}

/* Largest log(f |y|^2) over a coarse scan of the box, or of its side at
 * y_axis = at when axis >= 0. */
static lmx_status scan(lmx_frame *frame, int axis, double at, double *largest)
{
  size_t count = 1;
  double y[AXES];
  for (int i = 0; i < frame->n; ++i)
    count *= i == axis ? 1 : SCAN;
  for (size_t k = 0; k < count; ++k) {
    size_t rest = k;
    for (int i = 0; i < frame->n; ++i) {
      size_t steps = i == axis ? 1 : SCAN;
      double part = ((double)(rest % steps) + 0.5) / SCAN;
      double inside = frame->lo[i] + part * (frame->hi[i] - frame->lo[i]);
      y[i] = i == axis ? at : inside;
      rest /= steps;
    }
    double value;
    LMX_TRY(lmx_frame_value(frame, y, &value));
    frame->top = fmax(frame->top, value);
    *largest = fmax(*largest, value + log(squared_length(frame->n, y)));
  }
  return LMX_OK;
}

/* Moves one side of the box outwards if the density is not small there. */
static lmx_status push_side(lmx_frame *frame, int axis, double *side,
                            double largest, bool *moved)
{
  double border = -INFINITY;
  LMX_TRY(scan(frame, axis, *side, &border));
  if (border <= largest + BORDER || frame->too_wide)
    return LMX_OK;
  *side *= GROWTH;
  *moved = true;
  frame->too_wide = !(fabs(*side) < LARGEST_WIDTH);
  return LMX_OK;
}

lmx_status lmx_frame_grow(lmx_frame *frame)
{
  for (int i = 0; i < frame->n; ++i) {
    frame->lo[i] = i < frame->nsingle ? -START_WIDTH : 0.0;
    frame->hi[i] = START_WIDTH;
  }
  frame->top = -INFINITY;
  double largest = -INFINITY;
  bool moved = true;
  frame->too_wide = false;
  while (moved && !frame->too_wide) {
    moved = false;
    LMX_TRY(scan(frame, -1, 0.0, &largest));
    for (int i = 0; i < frame->n; ++i) {
      LMX_TRY(push_side(frame, i, &frame->hi[i], largest, &moved));
      if (i < frame->nsingle)
        LMX_TRY(push_side(frame, i, &frame->lo[i], largest, &moved));
    }
  }
  return LMX_OK;
}
