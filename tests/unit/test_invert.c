/* Products and inverses of small dense matrices against plain loops. */
#include "support.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "solve/invert.h"

enum { LARGEST = 64 };

static double next_random(uint64_t *state)
{
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (double)(int64_t)*state / 9223372036854775808.0;
}

static void fill(double *x, size_t n, uint64_t *state)
{
  for (size_t i = 0; i < n; ++i)
    x[i] = next_random(state);
}

static void products_agree_with_loops(void **state)
{
  (void)state;
  static double a[LARGEST * LARGEST], b[LARGEST * LARGEST];
  static double out[LARGEST * LARGEST], sum[LARGEST * LARGEST];
  uint64_t seed = 1;
  for (size_t rows = 1; rows <= 13; ++rows)
    for (size_t columns = LANES; columns <= 5 * LANES; columns += LANES)
      for (int transposed = 0; transposed <= 1; ++transposed) {
        const size_t terms = 7;
        lmx_factor f = {a, transposed ? 1 : terms, transposed ? rows : 1};
        fill(a, rows * terms, &seed);
        fill(b, terms * columns, &seed);
        fill(sum, rows * columns, &seed);
        lmx_multiply(f, rows, terms, b, columns, out);
        for (size_t i = 0; i < rows; ++i)
          for (size_t j = 0; j < columns; ++j) {
            double expected = 0.0;
            for (size_t k = 0; k < terms; ++k)
              expected += a[i * f.row + k * f.column] * b[k * columns + j];
            ASSERT_NEAR(out[i * columns + j], expected, 1e-14);
            out[i * columns + j] = sum[i * columns + j] + expected;
          }
        lmx_multiply_add(f, rows, terms, b, columns, sum);
        for (size_t i = 0; i < rows * columns; ++i)
          ASSERT_NEAR(sum[i], out[i], 1e-14);
      }
}

/* Undoes the exchanges of columns that lmx_invert leaves. */
static void undo(double *m, size_t n, size_t stride, const size_t *pivot)
{
  for (size_t i = 0; i < n; ++i)
    for (size_t p = n; p-- > 0;) {
      double *row = m + i * stride, t = row[p];
      row[p] = row[pivot[p]];
      row[pivot[p]] = t;
    }
}

/* Random matrices with a zero in the first corner, so that rows have to be
 * exchanged; below, at and above the width of a panel. */
static void inverse_times_matrix_is_the_identity(void **state)
{
  (void)state;
  static double re[LARGEST * LARGEST], im[LARGEST * LARGEST];
  static double xr[LARGEST * LARGEST], xi[LARGEST * LARGEST];
  static const size_t sizes[] = {1, 2, 15, 16, 17, 32, 37, 64};
  uint64_t seed = 2;
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; ++s)
    for (int complex = 0; complex <= 1; ++complex) {
      size_t n = sizes[s], stride = lmx_whole(n), pivot[LARGEST];
      double *scratch = malloc(lmx_invert_scratch(n) * sizeof *scratch);
      assert_non_null(scratch);
      fill(re, n * stride, &seed);
      fill(im, n * stride, &seed);
      if (n > 1)
        re[0] = im[0] = 0.0;
      memcpy(xr, re, sizeof re);
      memcpy(xi, im, sizeof im);
      lmx_matrix m = {n, stride, xr, complex ? xi : NULL};
      lmx_invert(&m, pivot, scratch);
      free(scratch);
      undo(xr, n, stride, pivot);
      undo(xi, n, stride, pivot);
      for (size_t i = 0; i < n; ++i)
        for (size_t j = 0; j < n; ++j) {
          double x = 0.0, y = 0.0;
          for (size_t k = 0; k < n; ++k) {
            double ar = xr[i * stride + k],
                   ai = complex ? xi[i * stride + k] : 0;
            double br = re[k * stride + j],
                   bi = complex ? im[k * stride + j] : 0;
            x += ar * br - ai * bi;
            y += ar * bi + ai * br;
          }
          ASSERT_NEAR(x, i == j ? 1.0 : 0.0, 1e-11);
          ASSERT_NEAR(y, 0.0, 1e-11);
        }
    }
}

int main(void)
{
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(products_agree_with_loops),
      cmocka_unit_test(inverse_times_matrix_is_the_identity),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
