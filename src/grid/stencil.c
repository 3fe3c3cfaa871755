/* Finite-difference coefficients on unit spacing. */
#include "landaumax/grid.h"

enum { MAX_NODES = LMX_MAX_ORDER + 9, MAX_DERIVATIVES = 4 };

/* (r!)^2 / ((r-k)! (r+k)!) = prod_{j=1..k} (r-k+j) / (r+j) */
static double binomial_ratio(int r, int k)
{
  double ratio = 1.0;
  for (int j = 1; j <= k; ++j)
    ratio *= (double)(r - k + j) / (r + j);
  return ratio;
}

void lmx_stencil_first(int order, double *c)
{
  int r = order / 2;
  for (int k = 1; k <= r; ++k)
    c[k - 1] = (k % 2 == 1 ? 1.0 : -1.0) * binomial_ratio(r, k) / k;
}

void lmx_stencil_second(int order, double *c)
{
  int r = order / 2;
  c[0] = 0.0;
  for (int k = 1; k <= r; ++k) {
    c[k] = (k % 2 == 1 ? 2.0 : -2.0) * binomial_ratio(r, k) / (k * k);
    c[0] -= 2.0 * c[k];
  }
}

void lmx_stencil_third(int order, double *c)
{
  int r = order / 2 + 1;
  size_t n = 2 * (size_t)r + 1;
  double nodes[MAX_NODES], weights[MAX_DERIVATIVES * MAX_NODES];
  for (size_t i = 0; i < n; ++i)
    nodes[i] = (double)i - r;
  lmx_fornberg(0.0, n, nodes, 3, weights);
  for (int k = 1; k <= r; ++k)
    c[k - 1] = 0.5 * (weights[3 * n + (size_t)(r + k)] -
                      weights[3 * n + (size_t)(r - k)]);
}

/* Fornberg's recursion; w[s n + i] is the weight of node i in derivative s. */
void lmx_fornberg(double x, size_t n, const double *nodes, int derivatives,
                  double *w)
{
  for (size_t i = 0; i < n * ((size_t)derivatives + 1); ++i)
    w[i] = 0.0;
  double c1 = 1.0, c4 = nodes[0] - x;
  w[0] = 1.0;
  for (size_t i = 1; i < n; ++i) {
    int top = (int)i < derivatives ? (int)i : derivatives;
    double c2 = 1.0, c5 = c4;
    c4 = nodes[i] - x;
    for (size_t j = 0; j < i; ++j) {
      double c3 = nodes[i] - nodes[j];
      c2 *= c3;
      if (j == i - 1) {
        for (int s = top; s > 0; --s)
          w[(size_t)s * n + i] = c1 *
                                 (s * w[(size_t)(s - 1) * n + i - 1] -
                                  c5 * w[(size_t)s * n + i - 1]) /
                                 c2;
        w[i] = -c1 * c5 * w[i - 1] / c2;
      }
      for (int s = top; s > 0; --s)
        w[(size_t)s * n + j] =
            (c4 * w[(size_t)s * n + j] - s * w[(size_t)(s - 1) * n + j]) / c3;
      w[j] = c4 * w[j] / c3;
    }
    c1 = c2;
  }
}
