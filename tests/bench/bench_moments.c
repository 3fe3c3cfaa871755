/* Milliseconds to set up the exact moments for one N, and microseconds for
 * each time asked for, over the dimension: medians. CSV on standard output.
 *
 *   bench_moments [repetitions]     default 51 */
#include <stdio.h>
#include <stdlib.h>

#include "measure.h"

enum { MOST = 1001, TIMES = 100 };

static lmx_status measure(lmx_context *context, int d, int n)
{
  static double create[MOST], value[MOST];
  lmx_moment_data data = {.d = d};
  for (int a = 0; a < d; ++a)
    for (int b = 0; b < d; ++b) {
      data.E[a] = 1.0;
      data.Q[a * d + b] = a == b ? 3.0 : 1.0;
    }
  for (int i = 0; i < n; ++i) {
    lmx_hierarchy *h;
    lmx_hierarchy_values x;
    double start = lmx_seconds();
    LMX_TRY(lmx_hierarchy_create(context, &data, 1000.0, 10.0, &h));
    double made = lmx_seconds();
    for (int k = 0; k < TIMES; ++k)
      lmx_hierarchy_at(h, 0.1 * k + 0.0123, &x);
    create[i] = 1e3 * (made - start);
    value[i] = 1e6 * (lmx_seconds() - made) / TIMES;
    lmx_hierarchy_destroy(&h);
  }
  printf("%d,%.3f,%.2f\n", d, bench_median((size_t)n, create),
         bench_median((size_t)n, value));
  return LMX_OK;
}

int main(int argc, char **argv)
{
  lmx_context *context;
  int n = argc > 1 ? atoi(argv[1]) : 51;
  if (n < 1 || n > MOST || lmx_context_create(&context) != LMX_OK)
    return 2;
  lmx_status status = LMX_OK;
  printf("d,set_up_ms,time_us\n");
  for (int d = 2; d <= 10 && status == LMX_OK; ++d)
    status = measure(context, d, n);
  lmx_context_destroy(&context);
  return lmx_status_exit_code(status);
}
