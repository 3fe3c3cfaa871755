/* Values beyond the ball from those inside: the inner loops. Mirror images sum
 * the same numbers in the same order, so that symmetric fields stay symmetric
 * to the last bit. */
#include <string.h>

#include "core/simd.h"
#include "grid/ball.h"

/* Nodes of a window along its last slot, summed side by side. */
enum { ON_TWO_AXES = 8, ON_THREE_AXES = 4 };

/* Ghosts that stay in the first cache while all images use them. */
enum { BLOCK = 64 };

/* x = four values from `from` on, t apart. Where t is -1 memory is read
 * forwards: x begins with the last of them. */
LMX_INLINE void load(const double *from, const ptrdiff_t t, lmx_four *x)
{
  if (t == 1)
    memcpy(x, from, sizeof *x);
  else if (t == -1)
    memcpy(x, from - 3, sizeof *x);
  else {
    double values[] = {from[0], from[t], from[2 * t], from[3 * t]};
    memcpy(x, values, sizeof *x);
  }
}

/* x = four weights in the order of the values that `load` gives. */
LMX_INLINE void load_weights(const double *w, const ptrdiff_t t, lmx_four *x)
{
  const double backwards[] = {w[3], w[2], w[1], w[0]};
  memcpy(x, t == -1 ? backwards : w, sizeof *x);
}

/* Reads the same backwards. */
LMX_INLINE double sum_of(const lmx_four *x)
{
  return ((*x)[0] + (*x)[1]) + ((*x)[2] + (*x)[3]);
}

LMX_INLINE const double *window_of(const lmx_ball_ghost *g, int k,
                                   const double *data,
                                   const ptrdiff_t stride[3])
{
  const int *i = g->from[k];
  return data + i[0] * stride[0] + i[1] * stride[1] + i[2] * stride[2];
}

/* Two axes: one row of eight nodes per ray point, t apart in memory. */
LMX_INLINE double plane_value(const lmx_ball_ghost *g, const double *w,
                              const double *data, const ptrdiff_t stride[3],
                              const ptrdiff_t t)
{
  lmx_four low = {0.0}, high = {0.0}, x = {0.0}, y = {0.0};
  for (int k = 0; k < LMX_RAY_POINTS; ++k, w += ON_TWO_AXES) {
    const double *from = window_of(g, k, data, stride);
    load(from, t, &x);
    load_weights(w, t, &y);
    low += x * y;
    load(from + 4 * t, t, &x);
    load_weights(w + 4, t, &y);
    high += x * y;
  }
  return sum_of(&low) + sum_of(&high);
}

/* Three axes: four rows of four nodes per ray point, s and t apart. */
LMX_INLINE double space_value(const lmx_ball_ghost *g, const double *w,
                              const double *data, const ptrdiff_t stride[3],
                              const ptrdiff_t s, const ptrdiff_t t)
{
  lmx_four sum = {0.0}, x = {0.0};
  for (int k = 0; k < LMX_RAY_POINTS; ++k, w += 2 * ON_THREE_AXES) {
    const double *from = window_of(g, k, data, stride);
    lmx_four rows = {0.0};
    for (int a = 0; a < ON_THREE_AXES; ++a) {
      load(from + a * s, t, &x);
      rows += w[a] * x;
    }
    load_weights(w + ON_THREE_AXES, t, &x);
    sum += x * rows;
  }
  return sum_of(&sum);
}

/* Windows of any size, on grids too small for the others. */
static double any_value(const lmx_ball_ghost *g, const double *w,
                        const double *data, const ptrdiff_t stride[3])
{
  bool plane = g->across[1] < 0;
  ptrdiff_t s = plane ? 0 : stride[g->across[0]];
  ptrdiff_t t = stride[g->across[plane ? 0 : 1]];
  int rows = plane ? 1 : g->width;
  double sum = 0.0;
  for (int k = 0; k < LMX_RAY_POINTS; ++k) {
    const double *from = window_of(g, k, data, stride);
    const double *last = w + (plane ? 0 : g->width);
    for (int a = 0; a < rows; ++a)
      for (int b = 0; b < g->width; ++b)
        sum += (plane ? 1.0 : w[a]) * last[b] * from[a * s + b * t];
    w = last + g->width;
  }
  return sum;
}

LMX_INLINE double value(const lmx_ball_ghost *g, const double *w,
                        const double *data, const ptrdiff_t stride[3])
{
  if (g->across[1] < 0 && g->width == ON_TWO_AXES) {
    ptrdiff_t t = stride[g->across[0]];
    return t == 1    ? plane_value(g, w, data, stride, 1)
           : t == -1 ? plane_value(g, w, data, stride, -1)
                     : plane_value(g, w, data, stride, t);
  }
  if (g->across[1] >= 0 && g->width == ON_THREE_AXES) {
    ptrdiff_t s = stride[g->across[0]], t = stride[g->across[1]];
    return t == 1    ? space_value(g, w, data, stride, s, 1)
           : t == -1 ? space_value(g, w, data, stride, s, -1)
                     : space_value(g, w, data, stride, s, t);
  }
  return any_value(g, w, data, stride);
}

LMX_KERNEL
static void fill_near(const lmx_ball *ball, double *data)
{
  for (size_t start = 0; start < ball->count; start += BLOCK) {
    size_t left = ball->count - start;
    size_t end = start + (left < BLOCK ? left : BLOCK);
    for (int m = 0; m < ball->images; ++m) {
      const ptrdiff_t *t = ball->stride[m];
      double *base = data + ball->base[m];
      for (size_t n = start; n < end; ++n) {
        const lmx_ball_ghost *g = &ball->ghost[n];
        base[g->at[0] * t[0] + g->at[1] * t[1] + g->at[2] * t[2]] =
            value(g, ball->weight + g->weight, base, t);
      }
    }
  }
}

static void fill_far(const lmx_ball *ball, double *data)
{
  const lmx_ball_far *g = ball->far, *end = g + ball->far_count;
  for (; g < end; ++g) {
    const double *w = ball->far_weight[g->steps - 1], *x = data + g->from;
    double sum = 0.0;
    for (int k = 0; k < LMX_FAR_TERMS; ++k, x += g->inwards)
      sum += w[k] * *x;
    data[g->at] = sum;
  }
}

void lmx_ball_fill(const lmx_ball *ball, double *data)
{
  fill_near(ball, data);
  fill_far(ball, data);
}
