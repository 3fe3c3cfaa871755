/* What the tests of the case reader share: files, and equality of cases. */
#ifndef LMX_TESTS_CASE_SUPPORT_H
#define LMX_TESTS_CASE_SUPPORT_H

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <landaumax/case.h>

/* A whole file, NUL-terminated, from malloc; NULL if it cannot be read. */
static inline char *read_whole(const char *path, size_t *length)
{
  FILE *file = fopen(path, "rb");
  if (file == NULL)
    return NULL;
  fseek(file, 0, SEEK_END);
  long size = ftell(file);
  rewind(file);
  char *text = calloc((size_t)size + 1, 1);
  *length = fread(text, 1, (size_t)size, file);
  fclose(file);
  return text;
}

static inline bool same_text(const char *a, const char *b)
{
  return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static inline bool same_numbers(size_t n, const double *a, const double *b)
{
  for (size_t i = 0; i < n; ++i)
    if (!(a[i] == b[i]))
      return false;
  return true;
}

static inline bool same_initial(const lmx_initial_spec *a,
                                const lmx_initial_spec *b)
{
  if (a->d != b->d || a->kind != b->kind || a->normalise != b->normalise ||
      a->ncomponents != b->ncomponents || a->nradial != b->nradial ||
      a->c != b->c || !same_text(a->log_density, b->log_density))
    return false;
  size_t d = (size_t)a->d;
  for (size_t k = 0; k < a->ncomponents; ++k) {
    const lmx_component *x = &a->components[k], *y = &b->components[k];
    if (x->weight != y->weight || !same_numbers(d, x->mean, y->mean) ||
        !same_numbers(d * d, x->covariance, y->covariance))
      return false;
  }
  return same_numbers(a->nradial, a->weights, b->weights) &&
         same_numbers(a->nradial, a->variances, b->variances);
}

static inline bool same_grid(const lmx_case *a, const lmx_case *b)
{
  if (a->naxes != b->naxes || a->npoints != b->npoints ||
      a->nhalf_width != b->nhalf_width || a->order != b->order)
    return false;
  for (int i = 0; i < a->naxes; ++i)
    if (a->axes[i] != b->axes[i])
      return false;
  for (size_t i = 0; i < a->npoints; ++i)
    if (a->points[i] != b->points[i])
      return false;
  return same_numbers(a->nhalf_width, a->half_width, b->half_width);
}

/* Everything but where it was read. */
static inline bool same_particles(const lmx_case *a, const lmx_case *b)
{
  if (a->nsystems != b->nsystems || a->nnumbers != b->nnumbers)
    return false;
  for (size_t i = 0; i < a->nsystems; ++i)
    if (a->systems[i] != b->systems[i])
      return false;
  for (size_t i = 0; i < a->nnumbers; ++i)
    if (a->numbers[i] != b->numbers[i])
      return false;
  return a->replicas == b->replicas && a->particle_step == b->particle_step &&
         a->scheme == b->scheme && a->seed == b->seed &&
         a->threads == b->threads && a->rates == b->rates;
}

static inline bool same_case(const lmx_case *a, const lmx_case *b)
{
  return same_text(a->title, b->title) && a->dimension == b->dimension &&
         same_initial(&a->initial, &b->initial) &&
         same_text(a->initial_path, b->initial_path) && same_grid(a, b) &&
         a->end == b->end && a->noutputs == b->noutputs &&
         same_numbers(a->noutputs, a->outputs, b->outputs) &&
         a->solver.formulation == b->solver.formulation &&
         a->solver.rtol == b->solver.rtol && a->solver.atol == b->solver.atol &&
         a->solver.preconditioner == b->solver.preconditioner &&
         same_particles(a, b) && a->radius == b->radius &&
         a->figures == b->figures &&
         same_text(a->figures_format, b->figures_format);
}

#endif
