/* Corrupted solutions: mistakes one makes with data, grids and formulas. */
#ifndef LMX_TESTS_CONTROLS_H
#define LMX_TESTS_CONTROLS_H

#include "solutions.h"

#include <gsl/gsl_rng.h>

/* Changes u at output time k. */
typedef void corrupt_fn(sample *s, size_t k);

typedef struct control {
  const char *name;
  corrupt_fn *corrupt;
  bool mirrored; /* on mirrored axes, else on full ones */
  bool crude;    /* not a mistake one makes, and not enough for a check */
} control;

typedef double defect_fn(double t, const double *v);

static void add(sample *s, size_t k, defect_fn *defect)
{
  double v[LMX_MAX_DIMENSION];
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    s->u[k][i] += defect(s->times[k], v);
  }
}

static void gaussian(sample *s, size_t k, double E1, double E2)
{
  double v[LMX_MAX_DIMENSION];
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    s->u[k][i] = 0.5 * (v[0] * v[0] * (1.0 - 1.0 / E1) - log(E1) +
                        v[1] * v[1] * (1.0 - 1.0 / E2) - log(E2));
  }
}

static double quartic(double t, const double *v)
{
  (void)t;
  double r2 = square_norm(2, v);
  return -1e-3 * r2 * r2;
}

static double sextic(double t, const double *v)
{
  (void)t;
  return -1e-2 * pow(square_norm(2, v), 3);
}

static double a_little_mass(double t, const double *v)
{
  (void)t;
  (void)v;
  return 1e-3;
}

static double half_the_mass(double t, const double *v)
{
  (void)t;
  (void)v;
  return -M_LN2;
}

static double growing_mass(double t, const double *v)
{
  (void)v;
  return t;
}

static double shear(double t, const double *v)
{
  (void)t;
  return 1e-3 * v[0] * v[1];
}

static double drift(double t, const double *v)
{
  (void)t;
  return 5e-4 * v[0];
}

static void nothing(sample *s, size_t k)
{
  (void)s;
  (void)k;
}

static void mass_off(sample *s, size_t k)
{
  add(s, k, a_little_mass);
}

static void mass_halved(sample *s, size_t k)
{
  add(s, k, half_the_mass);
}

static void kappa_off_by_one(sample *s, size_t k)
{
  add(s, k, growing_mass);
}

static void sheared(sample *s, size_t k)
{
  add(s, k, shear);
}

static void drifted(sample *s, size_t k)
{
  if (k > 0)
    add(s, k, drift);
}

static void quartic_tail(sample *s, size_t k)
{
  add(s, k, quartic);
}

/* Five times as much: angular diffusion bends log f the other way at first. */
static void quartic_tail_later(sample *s, size_t k)
{
  for (int i = 0; k > 0 && i < 5; ++i)
    add(s, k, quartic);
}

static void sextic_tail(sample *s, size_t k)
{
  add(s, k, sextic);
}

static void sextic_tail_later(sample *s, size_t k)
{
  if (k > 0)
    add(s, k, sextic);
}

static void exponential_tail(sample *s, size_t k)
{
  double v[LMX_MAX_DIMENSION];
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    double r2 = square_norm(2, v);
    s->u[k][i] = 0.5 * r2 - 3.0 * (sqrt(1.0 + r2) - 1.0);
  }
}

static void noise(sample *s, size_t k)
{
  if (k == 0)
    return;
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_taus2);
  assert_non_null(rng);
  gsl_rng_set(rng, 17 + k);
  for (size_t i = 0; i < s->grid->size; ++i)
    s->u[k][i] += 1e-3 * (2.0 * gsl_rng_uniform(rng) - 1.0);
  gsl_rng_free(rng);
}

static void wrong_sign_of_D(sample *s, size_t k)
{
  double growth = exp(4.0 * 2 * s->times[k]);
  gaussian(s, k, 1.0 + s->model.D[0] * growth, 1.0 + s->model.D[1] * growth);
}

static void too_cold(sample *s, size_t k)
{
  if (k > 0)
    gaussian(s, k, 0.3, 0.3);
}

static void swapped_axes(sample *s, size_t k)
{
  if (k == 0)
    return;
  size_t n = s->grid->axis[0].points;
  for (size_t i = 0; i < n; ++i)
    for (size_t j = 0; j < i; ++j) {
      double kept = s->u[k][i * n + j];
      s->u[k][i * n + j] = s->u[k][j * n + i];
      s->u[k][j * n + i] = kept;
    }
}

/* At the last time, for all. */
static void reversed_times(sample *s, size_t k)
{
  if (k + 1 < s->ntimes)
    return;
  for (size_t j = 0; j < s->ntimes / 2; ++j) {
    double *kept = s->u[j];
    s->u[j] = s->u[k - j];
    s->u[k - j] = kept;
  }
}

/* The largest temperature taken for the smallest. */
static void wrong_eta(sample *s, size_t k)
{
  (void)k;
  s->model.eta = 1.3;
}

/* Hotter than d: abar is not elliptic at v = 0. */
static void wrong_D(sample *s, size_t k)
{
  (void)k;
  s->model.D[0] = 1.5;
  s->model.D[1] = -1.5;
}

/* Numbers that no solution has. */
static void set_one(sample *s, size_t k, double value)
{
  if (k == 1)
    s->u[k][s->grid->size / 2 + s->grid->axis[1].points / 2] = value;
}

static void not_a_number(sample *s, size_t k)
{
  set_one(s, k, NAN);
}

static void infinite(sample *s, size_t k)
{
  set_one(s, k, INFINITY);
}

static void huge(sample *s, size_t k)
{
  set_one(s, k, 1e300);
}

/* A file in single precision. */
static void single_precision(sample *s, size_t k)
{
  for (size_t i = 0; i < s->grid->size; ++i)
    s->u[k][i] = (double)(float)s->u[k][i];
}

/* The density kept above 1e-6, as codes do that cannot have it vanish. */
static void floored(sample *s, size_t k)
{
  double v[LMX_MAX_DIMENSION];
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    double least = log(1e-6) - lmx_log_maxwellian(2, square_norm(2, v));
    s->u[k][i] = fmax(s->u[k][i], least);
  }
}

/* A table with half as many points on the first axis, joined by lines. */
static void joined_by_lines(sample *s, size_t k)
{
  size_t n = s->grid->axis[1].points;
  for (size_t i = 1; i + 1 < s->grid->axis[0].points; i += 2)
    for (size_t j = 0; j < n; ++j)
      s->u[k][i * n + j] =
          0.5 * (s->u[k][(i - 1) * n + j] + s->u[k][(i + 1) * n + j]);
}

/* Evaluated at v_1 = i h instead of (i + 1/2) h: off the mirror. */
static void half_a_cell_off(sample *s, size_t k)
{
  double v[LMX_MAX_DIMENSION];
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    double h = s->grid->axis[0].h;
    double r2 = square_norm(2, v);
    v[0] -= 0.5 * h;
    s->u[k][i] =
        exact_log_density(s, s->times[k], v) - lmx_log_maxwellian(2, r2);
  }
}

/* Data that is not even in v_1 on an axis that is mirrored all the same: a
 * drift of the means. */
static void not_even(sample *s, size_t k)
{
  double v[LMX_MAX_DIMENSION];
  for (size_t i = 0; i < s->grid->size; ++i) {
    lmx_grid_point(s->grid, i, v);
    s->u[k][i] += 0.01 * v[0];
  }
}

/* The first two layers at the mirror not filled from behind it but repeated,
 * as by a one-sided fill of the ghosts. */
static void ghost_dropped(sample *s, size_t k)
{
  size_t n = s->grid->axis[1].points;
  for (size_t j = 0; k > 0 && j < n; ++j)
    s->u[k][j] = s->u[k][n + j];
}

static const control controls[] = {
    {.name = "the solution itself", .corrupt = nothing},
    {.name = "the solution itself, mirrored axes",
     .corrupt = nothing,
     .mirrored = true},
    {.name = "u + 1e-3", .corrupt = mass_off},
    {.name = "half the mass", .corrupt = mass_halved},
    {.name = "kappa = d(d-1) + 1", .corrupt = kappa_off_by_one},
    {.name = "u + 1e-3 v1 v2", .corrupt = sheared},
    {.name = "u + 5e-4 v1 for t > 0", .corrupt = drifted},
    {.name = "noise of 1e-3 for t > 0", .corrupt = noise, .crude = true},
    {.name = "wrong sign of D", .corrupt = wrong_sign_of_D},
    {.name = "axes swapped for t > 0", .corrupt = swapped_axes},
    {.name = "times reversed", .corrupt = reversed_times},
    {.name = "u - 1e-3 |v|^4", .corrupt = quartic_tail},
    {.name = "u - 5e-3 |v|^4 for t > 0", .corrupt = quartic_tail_later},
    {.name = "u - 1e-2 |v|^6", .corrupt = sextic_tail},
    {.name = "u - 1e-2 |v|^6 for t > 0", .corrupt = sextic_tail_later},
    {.name = "N(0, 0.3 I) for t > 0", .corrupt = too_cold},
    {.name = "exp(-3 |v|)", .corrupt = exponential_tail},
    {.name = "eta = 1.3 instead of 0.7", .corrupt = wrong_eta},
    {.name = "D = diag(1.5, -1.5)", .corrupt = wrong_D},
    {.name = "f >= 1e-6 enforced", .corrupt = floored},
    {.name = "every other row by linear interpolation",
     .corrupt = joined_by_lines},
    {.name = "stored in single precision", .corrupt = single_precision},
    {.name = "nodes half a cell off the mirror",
     .corrupt = half_a_cell_off,
     .mirrored = true},
    {.name = "mirrored although not even",
     .corrupt = not_even,
     .mirrored = true},
    {.name = "row at the mirror copied from the next",
     .corrupt = ghost_dropped,
     .mirrored = true},
    {.name = "one NaN", .corrupt = not_a_number, .crude = true},
    {.name = "one infinity", .corrupt = infinite, .crude = true},
    {.name = "one 1e300", .corrupt = huge, .crude = true},
};
enum { CONTROLS = sizeof controls / sizeof controls[0] };

#endif
