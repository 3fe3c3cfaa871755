/* Cost of particle steps: over N and d, against the random numbers alone and
 * against the direct pair sums, and what a second thread gives. CSV on
 * standard output.
 *
 *   bench_particles [largest]                             default 10000000
 *
 * Nanoseconds are of processor time (medians of repetitions), so other work on
 * the machine changes little; thread rows compare wall times of runs taken in
 * turn, the fastest of each. Every row does about 4e6 particle-steps. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "measure.h"

enum { REPETITIONS = 5, THREAD_REPETITIONS = 150 };
static const double work = 4e6;

static double processor_seconds(void)
{
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static lmx_status gaussian(lmx_context *context, int d, lmx_initial **out)
{
  double mean[10] = {0.0}, covariance[100] = {0.0};
  const lmx_component component = {1.0, mean, covariance};
  for (int a = 0; a < d; ++a)
    covariance[a * d + a] = a == 0 ? 1.4 : (d - 1.4) / (d - 1);
  const lmx_initial_spec spec = {.d = d,
                                 .kind = LMX_INITIAL_GAUSSIAN,
                                 .normalise = true,
                                 .ncomponents = 1,
                                 .components = &component};
  return lmx_initial_create(context, &spec, out);
}

static lmx_status open_cloud(lmx_context *context, int d,
                             const lmx_cloud_spec *spec, lmx_cloud **out)
{
  lmx_initial *initial;
  LMX_TRY(gaussian(context, d, &initial));
  lmx_status status = lmx_cloud_create(context, initial, spec, out);
  lmx_initial_destroy(&initial);
  if (status == LMX_OK) /* the first step sets up tables */
    status = lmx_cloud_advance(context, *out, 1e-3, 1);
  return status;
}

static size_t steps_of(const lmx_cloud_spec *spec, bool pairs)
{
  double N = (double)spec->particles * (double)spec->replicas;
  double steps = work / (pairs ? N * (double)spec->particles / 50.0 : N);
  return steps > 1.0 ? (size_t)steps : 1;
}

static lmx_status row(lmx_context *context, int d, const lmx_cloud_spec *spec,
                      double *nanoseconds)
{
  lmx_cloud *cloud;
  double times[REPETITIONS];
  bool pairs = spec->system != LMX_SYSTEM_FOURNIER;
  size_t steps = steps_of(spec, pairs);
  LMX_TRY(open_cloud(context, d, spec, &cloud));
  for (int k = 0; k < REPETITIONS; ++k) {
    double start = processor_seconds();
    LMX_TRY(lmx_cloud_advance(context, cloud, 1e-3, steps));
    times[k] = processor_seconds() - start;
  }
  lmx_cloud_destroy(&cloud);
  double count =
      (double)steps * (double)spec->particles * (double)spec->replicas;
  *nanoseconds = 1e9 * bench_median(REPETITIONS, times) / count;
  printf("%s,%s,%d,%zu,%zu,1,%.3g,%.3g\n",
         lmx_particle_system_name(spec->system), lmx_scheme_name(spec->scheme),
         d, spec->particles, spec->replicas, *nanoseconds, 1e9 / *nanoseconds);
  fflush(stdout);
  return LMX_OK;
}

/* 2 d normal deviates for each of N particles, in blocks as the step does. */
static void random_numbers(int d)
{
  double times[REPETITIONS], out[2 * 10 * 256 + 4];
  size_t blocks = (size_t)(work / 256.0);
  for (int k = 0; k < REPETITIONS; ++k) {
    double start = processor_seconds();
    for (size_t b = 0; b < blocks; ++b)
      lmx_particle_normals(1, (unsigned)b, (size_t)(2 * d) * 256, out);
    times[k] = processor_seconds() - start;
  }
  double ns = 1e9 * bench_median(REPETITIONS, times) / ((double)blocks * 256.0);
  printf("random numbers alone,%d per particle,%d,256,1,1,%.3g,%.3g\n", 2 * d,
         d, ns, 1e9 / ns);
}

static lmx_status fastest(lmx_context *context, lmx_cloud *cloud, size_t steps,
                          double *seconds)
{
  double start = lmx_seconds();
  LMX_TRY(lmx_cloud_advance(context, cloud, 1e-3, steps));
  double passed = lmx_seconds() - start;
  if (*seconds == 0.0 || passed < *seconds)
    *seconds = passed;
  return LMX_OK;
}

/* One thread and two in turn. */
static lmx_status threads(lmx_context *context, size_t N, size_t R)
{
  lmx_cloud *cloud[2];
  double seconds[2] = {0.0, 0.0};
  lmx_cloud_spec spec = {.particles = N, .replicas = R, .seed = 1};
  size_t steps = 1000000 / (N * R) + 1; /* short, to fall into quiet moments */
  for (int k = 0; k < 2; ++k) {
    spec.threads = k + 1;
    LMX_TRY(open_cloud(context, 3, &spec, &cloud[k]));
  }
  for (int i = 0; i < THREAD_REPETITIONS; ++i)
    for (int k = 0; k < 2; ++k)
      LMX_TRY(fastest(context, cloud[k], steps, &seconds[k]));
  for (int k = 0; k < 2; ++k) {
    double ns = 1e9 * seconds[k] / ((double)steps * (double)(N * R));
    printf("fournier,splitting,3,%zu,%zu,%d,%.3g,%.3g\n", N, R, k + 1, ns,
           1e9 / ns);
    lmx_cloud_destroy(&cloud[k]);
  }
  printf("# speed-up by the second thread at N = %zu, R = %zu: %.2f\n", N, R,
         seconds[0] / seconds[1]);
  return LMX_OK;
}

static lmx_status run(lmx_context *context, size_t largest)
{
  double ns, pairs = 0.0, at[2] = {0.0, 0.0};
  lmx_cloud_spec spec = {.replicas = 1, .seed = 1, .threads = 1};
  puts("system,scheme,d,N,replicas,threads,ns_per_particle_step,per_second");
  for (int d = 2; d <= 10; d = d < 4 ? d + 1 : d + 3) {
    random_numbers(d);
    spec.particles = 10000;
    LMX_TRY(row(context, d, &spec, &ns));
  }
  for (spec.particles = 1000; spec.particles <= largest; spec.particles *= 10) {
    LMX_TRY(row(context, 3, &spec, &ns));
    if (spec.particles == 10000)
      at[0] = ns;
    at[1] = ns;
  }
  printf("# cost at the largest N over that at 1e4: %.2f\n", at[1] / at[0]);
  spec.scheme = LMX_SCHEME_EULER;
  spec.particles = 10000;
  LMX_TRY(row(context, 3, &spec, &ns));
  for (lmx_particle_system s = LMX_SYSTEM_FGM; s < LMX_SYSTEM_COUNT; ++s) {
    spec.system = s;
    LMX_TRY(row(context, 3, &spec, &ns));
    if (s == LMX_SYSTEM_FGM)
      pairs = ns;
  }
  printf("# pair sum (1.7) over the O(N) step at N = 1e4: %.0f\n",
         pairs / at[0]);
  spec = (lmx_cloud_spec){.particles = 10, .replicas = 10000, .threads = 1};
  LMX_TRY(row(context, 3, &spec, &ns));
  LMX_TRY(threads(context, 1000000, 1));
  return threads(context, 1000, 64);
}

int main(int argc, char **argv)
{
  lmx_context *context;
  size_t largest = argc > 1 ? strtoul(argv[1], NULL, 10) : 10000000;
  if (lmx_context_create(&context) != LMX_OK)
    return 1;
  lmx_status status = run(context, largest);
  if (status != LMX_OK)
    fprintf(stderr, "bench_particles: %s\n", lmx_context_message(context));
  lmx_context_destroy(&context);
  return lmx_status_exit_code(status);
}
