/* The integrals that make up mass, mean and covariance. */
#include "initial/sums.h"

#include <math.h>

enum { AXES = LMX_FRAME_AXES };

void lmx_sums_add(lmx_sums *to, const lmx_sums *from)
{
  to->mass += from->mass;
  to->radial += from->radial;
  for (int i = 0; i < AXES; ++i) {
    to->first[i] += from->first[i];
    for (int j = 0; j < AXES; ++j)
      to->second[i][j] += from->second[i][j];
  }
}

void lmx_sums_point(lmx_sums *sums, const lmx_frame *frame, const double *y,
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

void lmx_sums_centre(lmx_sums *sums, const lmx_frame *frame)
{
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
}

double lmx_sums_distance(const lmx_frame *frame, const lmx_sums *a,
                         const lmx_sums *b)
{
  double largest = fabs(a->mass - b->mass);
  for (int i = 0; i < frame->nsingle; ++i) {
    largest = fmax(largest, fabs(a->first[i] - b->first[i]));
    for (int j = 0; j <= i; ++j)
      largest = fmax(largest, fabs(a->second[i][j] - b->second[i][j]));
  }
  return fmax(largest, fabs(a->radial - b->radial));
}
