/* [initial]: what the kinds need beyond single numbers. */
#include "case/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <gsl/gsl_linalg.h>

enum { MOST_COMPONENTS = 256 };

/* --- covariances ----------------------------------------------------- */

/* Averages the two halves; returns false if they differ beyond rounding, with
 * the place in *row, *column. */
static bool make_symmetric(size_t d, double *a, size_t *row, size_t *column)
{
  for (size_t i = 0; i < d; ++i)
    for (size_t j = 0; j < i; ++j) {
      double lower = a[i * d + j], upper = a[j * d + i];
      double scale = fmax(fabs(lower), fabs(upper));
      if (fabs(lower - upper) > 1e-12 * scale) {
        *row = i + 1;
        *column = j + 1;
        return false;
      }
      a[i * d + j] = a[j * d + i] = 0.5 * (lower + upper);
    }
  return true;
}

/* Cholesky on the correlation matrix, so that the units of the axes do not
 * matter; a pivot at rounding level is no positive definite matrix either. */
static bool is_positive_definite(size_t d, const double *a)
{
  double data[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION];
  for (size_t i = 0; i < d; ++i)
    if (!(a[i * d + i] > 0.0))
      return false;
  for (size_t i = 0; i < d; ++i)
    for (size_t j = 0; j < d; ++j)
      data[i * d + j] = a[i * d + j] / sqrt(a[i * d + i] * a[j * d + j]);
  gsl_matrix_view view = gsl_matrix_view_array(data, d, d);
  if (gsl_linalg_cholesky_decomp1(&view.matrix) != GSL_SUCCESS)
    return false;
  for (size_t i = 0; i < d; ++i)
    if (!(data[i * d + i] > 1e-6))
      return false;
  return true;
}

static lmx_status read_covariance(const lmx_reader *reader, lmx_option_id id,
                                  const lmx_toml_node *node, const char *suffix,
                                  size_t d, double *out)
{
  if (node->type != LMX_TOML_ARRAY)
    return lmx_reader_refuse(reader, id, node, suffix, false);
  if (node->n != d)
    return lmx_reader_fail(reader, id, node, suffix,
                           "has %zu rows, needed are %zu (the dimension)",
                           node->n, d);
  for (size_t i = 0; i < d; ++i) {
    char row[LMX_SUFFIX];
    snprintf(row, sizeof row, "%s[%zu]", suffix, i + 1);
    if (node->items[i].type != LMX_TOML_ARRAY)
      return lmx_reader_fail(reader, id, &node->items[i], row,
                             "is no list, needed is a row of %zu numbers", d);
    LMX_TRY(lmx_read_vector(reader, id, &node->items[i], row, d, out + i * d));
  }
  size_t row = 0, column = 0;
  if (!make_symmetric(d, out, &row, &column))
    return lmx_reader_fail(reader, id, node, suffix,
                           "is not symmetric: entries [%zu][%zu] and "
                           "[%zu][%zu] differ, allowed is a symmetric matrix",
                           row, column, column, row);
  if (!is_positive_definite(d, out))
    return lmx_reader_fail(reader, id, node, suffix,
                           "is not positive definite, allowed is a symmetric "
                           "matrix with positive eigenvalues");
  return LMX_OK;
}

static lmx_status read_variances(const lmx_reader *reader, lmx_option_id id,
                                 const lmx_toml_node *node, const char *suffix,
                                 size_t d, double *covariance)
{
  double variances[LMX_MAX_DIMENSION];
  LMX_TRY(lmx_read_vector(reader, id, node, suffix, d, variances));
  for (size_t a = 0; a < d; ++a)
    covariance[a * d + a] = variances[a];
  return LMX_OK;
}

/* --- components ------------------------------------------------------ */

static lmx_status new_components(const lmx_reader *reader, lmx_case *out,
                                 size_t n, lmx_component **components)
{
  size_t d = (size_t)out->dimension;
  LMX_TRY(LMX_NEW_ARRAY(reader->context, n, components));
  out->initial.components = *components;
  out->initial.ncomponents = n;
  for (size_t k = 0; k < n; ++k) {
    LMX_TRY(LMX_NEW_ARRAY(reader->context, d, &(*components)[k].mean));
    LMX_TRY(
        LMX_NEW_ARRAY(reader->context, d * d, &(*components)[k].covariance));
  }
  return LMX_OK;
}

static lmx_status read_gaussian(const lmx_reader *reader, lmx_case *out)
{
  size_t d = (size_t)out->dimension;
  const lmx_toml_node *variances = reader->settings[LMX_OPTION_VARIANCES].node;
  const lmx_toml_node *covariance =
      reader->settings[LMX_OPTION_COVARIANCE].node;
  if (variances != NULL && covariance != NULL)
    return lmx_reader_fail(reader, LMX_OPTION_COVARIANCE, NULL, "",
                           "is given besides initial.variances, allowed is "
                           "one of them");
  if (variances == NULL && covariance == NULL)
    return lmx_reader_fail(reader, LMX_OPTION_VARIANCES, NULL, "",
                           "is missing, initial.kind = \"gaussian\" needs it "
                           "or initial.covariance");
  lmx_component *component;
  LMX_TRY(new_components(reader, out, 1, &component));
  component->weight = 1.0;
  if (variances != NULL)
    return read_variances(reader, LMX_OPTION_VARIANCES, variances, "", d,
                          component->covariance);
  return read_covariance(reader, LMX_OPTION_COVARIANCE, covariance, "", d,
                         component->covariance);
}

/* Which key of a component this is: one of the table's element keys. */
static lmx_option_id find_part(const char *key)
{
  unsigned id = 0;
  while (id < LMX_OPTION_COUNT) {
    const lmx_option *option = lmx_option_get((lmx_option_id)id);
    if (option->element && strcmp(lmx_option_leaf(option), key) == 0)
      break;
    ++id;
  }
  return (lmx_option_id)id;
}

static lmx_status check_parts(const lmx_reader *reader,
                              const lmx_toml_node *node, const char *suffix)
{
  for (size_t i = 0; i < node->n; ++i)
    if (find_part(node->items[i].key) == LMX_OPTION_COUNT) {
      char part[LMX_SUFFIX + 40];
      snprintf(part, sizeof part, "%.16s.%.32s", suffix, node->items[i].key);
      return lmx_reader_fail(reader, LMX_OPTION_COMPONENTS, &node->items[i],
                             part,
                             "is unknown, allowed are weight, mean, variances "
                             "and covariance");
    }
  if (lmx_toml_find(node, "weight") == NULL ||
      lmx_toml_find(node, "mean") == NULL)
    return lmx_reader_fail(reader, LMX_OPTION_COMPONENTS, node, suffix,
                           "has no weight or no mean, needed are both");
  if ((lmx_toml_find(node, "variances") == NULL) ==
      (lmx_toml_find(node, "covariance") == NULL))
    return lmx_reader_fail(reader, LMX_OPTION_COMPONENTS, node, suffix,
                           "needs variances or covariance, and not both");
  return LMX_OK;
}

/* A part's bounds are those of its own entry in the table, its place and
 * origin those of initial.components. */
static lmx_status read_part(const lmx_reader *reader, const char *entry,
                            const lmx_toml_node *node, size_t d,
                            lmx_component *out)
{
  lmx_option_id id = find_part(node->key);
  char suffix[LMX_SUFFIX];
  snprintf(suffix, sizeof suffix, "%.16s.%.16s", entry, node->key);
  switch (id) {
  case LMX_OPTION_COMPONENT_WEIGHT:
    return lmx_read_number(reader, id, node, suffix, false, &out->weight);
  case LMX_OPTION_COMPONENT_MEAN:
    return lmx_read_vector(reader, id, node, suffix, d, out->mean);
  case LMX_OPTION_COMPONENT_VARIANCES:
    return read_variances(reader, id, node, suffix, d, out->covariance);
  default:
    return read_covariance(reader, id, node, suffix, d, out->covariance);
  }
}

static lmx_status read_mixture(const lmx_reader *reader, lmx_case *out)
{
  const lmx_toml_node *node = reader->settings[LMX_OPTION_COMPONENTS].node;
  if (node->type != LMX_TOML_ARRAY)
    return lmx_reader_refuse(reader, LMX_OPTION_COMPONENTS, node, "", false);
  if (node->n < 1 || node->n > MOST_COMPONENTS)
    return lmx_reader_fail(reader, LMX_OPTION_COMPONENTS, node, "",
                           "has %zu entries, allowed are 1 to %d", node->n,
                           MOST_COMPONENTS);
  lmx_component *components;
  LMX_TRY(new_components(reader, out, node->n, &components));
  for (size_t k = 0; k < node->n; ++k) {
    const lmx_toml_node *item = &node->items[k];
    char suffix[LMX_SUFFIX];
    snprintf(suffix, sizeof suffix, "[%zu]", k + 1);
    if (item->type != LMX_TOML_TABLE)
      return lmx_reader_refuse(reader, LMX_OPTION_COMPONENTS, item, suffix,
                               true);
    LMX_TRY(check_parts(reader, item, suffix));
    for (size_t i = 0; i < item->n; ++i)
      LMX_TRY(read_part(reader, suffix, &item->items[i], (size_t)out->dimension,
                        &components[k]));
  }
  return LMX_OK;
}

static lmx_status read_radial_mixture(const lmx_reader *reader, lmx_case *out)
{
  const lmx_toml_node *weights = reader->settings[LMX_OPTION_WEIGHTS].node;
  const lmx_toml_node *variances = reader->settings[LMX_OPTION_VARIANCES].node;
  size_t n = 0, nvariances = 0;
  double *numbers = NULL;
  LMX_TRY(lmx_read_numbers(reader, LMX_OPTION_WEIGHTS, weights, MOST_COMPONENTS,
                           &n, &numbers));
  out->initial.weights = numbers;
  if (n == 0)
    return lmx_reader_fail(reader, LMX_OPTION_WEIGHTS, NULL, "",
                           "has no entries, needed is at least one");
  if (variances == NULL)
    return lmx_reader_fail(reader, LMX_OPTION_VARIANCES, NULL, "",
                           "is missing, initial.kind = \"radial_mixture\" "
                           "needs it");
  LMX_TRY(lmx_read_numbers(reader, LMX_OPTION_VARIANCES, variances,
                           MOST_COMPONENTS, &nvariances, &numbers));
  out->initial.variances = numbers;
  if (nvariances != n)
    return lmx_reader_fail(reader, LMX_OPTION_VARIANCES, NULL, "",
                           "has %zu entries, needed are %zu (one per weight)",
                           nvariances, n);
  out->initial.nradial = n;
  return LMX_OK;
}

static lmx_status check_bkw(const lmx_reader *reader, const lmx_case *out)
{
  if (out->initial.c * (out->dimension + 2) < 2.0)
    return LMX_OK;
  return lmx_reader_fail(reader, LMX_OPTION_C, NULL, "",
                         "is %g, allowed is 0 <= c < 2/(d+2) = 2/%d",
                         out->initial.c, out->dimension + 2);
}

lmx_status lmx_read_initial(const lmx_reader *reader, lmx_case *out)
{
  out->initial.d = out->dimension;
  switch (out->initial.kind) {
  case LMX_INITIAL_GAUSSIAN:
    return read_gaussian(reader, out);
  case LMX_INITIAL_MIXTURE:
    return read_mixture(reader, out);
  case LMX_INITIAL_RADIAL_MIXTURE:
    return read_radial_mixture(reader, out);
  case LMX_INITIAL_BKW:
    return check_bkw(reader, out);
  case LMX_INITIAL_FORMULA:
  case LMX_INITIAL_TABLE:
    return LMX_OK; /* read as text; their rooms look inside */
  }
  return LMX_OK;
}
