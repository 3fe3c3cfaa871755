/* [grid] and what must fit to it. */
#include "case/reader.h"

#include <math.h>
#include <stdio.h>

static const double most_nodes = 268435456.0; /* 2^28: u alone takes 2 GiB */

/* --- one value or one per axis --------------------------------------- */

/* How many axes there can be at most while they are not chosen yet. */
static size_t most_axes(const lmx_case *c)
{
  if (c->naxes > 0)
    return (size_t)c->naxes;
  return c->dimension < LMX_MAX_AXES ? (size_t)c->dimension : LMX_MAX_AXES;
}

static lmx_status check_length(const lmx_reader *reader, lmx_option_id id,
                               const lmx_toml_node *node, const lmx_case *c)
{
  size_t most = most_axes(c);
  if (node->n == 1 || (node->n >= 1 && c->naxes == 0 && node->n <= most) ||
      node->n == most)
    return LMX_OK;
  return lmx_reader_fail(reader, id, node, "",
                         "has %zu entries, allowed is one number or %s%zu "
                         "(one per axis)",
                         node->n, c->naxes == 0 ? "at most " : "", most);
}

static lmx_status read_half_widths(const lmx_reader *reader, lmx_case *out)
{
  const lmx_option_id id = LMX_OPTION_HALF_WIDTH;
  const lmx_toml_node *node = reader->settings[id].node;
  int word;
  if (node->type == LMX_TOML_STRING) /* "auto" leaves nhalf_width = 0 */
    return lmx_read_word(reader, id, node, "", false, &word);
  out->nhalf_width = 1;
  if (node->type != LMX_TOML_ARRAY)
    return lmx_read_number(reader, id, node, "", false, out->half_width);
  LMX_TRY(check_length(reader, id, node, out));
  out->nhalf_width = node->n;
  return lmx_read_vector(reader, id, node, "", node->n, out->half_width);
}

static lmx_status read_points(const lmx_reader *reader, lmx_case *out)
{
  const lmx_option_id id = LMX_OPTION_POINTS;
  const lmx_toml_node *node = reader->settings[id].node;
  int points;
  if (node->type == LMX_TOML_STRING) /* "auto" leaves npoints = 0 */
    return lmx_read_word(reader, id, node, "", false, &points);
  if (node->type != LMX_TOML_ARRAY) {
    LMX_TRY(lmx_read_integer(reader, id, node, "", false, &points));
    out->points[0] = (size_t)points;
    out->npoints = 1;
    return LMX_OK;
  }
  LMX_TRY(check_length(reader, id, node, out));
  for (size_t i = 0; i < node->n; ++i) {
    char part[LMX_SUFFIX];
    snprintf(part, sizeof part, "[%zu]", i + 1);
    LMX_TRY(lmx_read_integer(reader, id, &node->items[i], part, true, &points));
    out->points[i] = (size_t)points;
  }
  out->npoints = node->n;
  return LMX_OK;
}

/* With axes = "auto" and one number the count depends on the data; then the
 * grid itself refuses. */
static lmx_status check_size(const lmx_reader *reader, const lmx_case *c)
{
  size_t n = c->naxes > 0 ? (size_t)c->naxes : c->npoints;
  double nodes = 1.0;
  if (c->npoints == 0)
    return LMX_OK;
  for (size_t i = 0; i < n; ++i)
    nodes *= (double)c->points[c->npoints == 1 ? 0 : i];
  if (nodes <= most_nodes)
    return LMX_OK;
  return lmx_reader_fail(reader, LMX_OPTION_POINTS, NULL, "",
                         "makes %.0f nodes on %zu axes, allowed are at most "
                         "2^28 = %.0f",
                         nodes, n, most_nodes);
}

/* --- axes ------------------------------------------------------------ */

static lmx_status read_axis_words(const lmx_reader *reader,
                                  const lmx_toml_node *node, lmx_case *out)
{
  const lmx_option_id id = LMX_OPTION_AXES;
  if (node->type != LMX_TOML_ARRAY)
    return lmx_reader_refuse(reader, id, node, "", false);
  if (node->n < 1 || node->n > LMX_MAX_AXES)
    return lmx_reader_fail(reader, id, node, "",
                           "has %zu entries, allowed are 1 to %d", node->n,
                           LMX_MAX_AXES);
  for (size_t i = 0; i < node->n; ++i) {
    char part[LMX_SUFFIX];
    int word = 0;
    snprintf(part, sizeof part, "[%zu]", i + 1);
    LMX_TRY(lmx_read_word(reader, id, &node->items[i], part, true, &word));
    if (word == 0) /* "auto" */
      return lmx_reader_refuse(reader, id, &node->items[i], part, true);
    out->axes[i] = (lmx_axis_kind)(word - 1);
  }
  out->naxes = (int)node->n;
  return LMX_OK;
}

static lmx_status check_axes(const lmx_reader *reader, const lmx_case *c)
{
  const lmx_option_id id = LMX_OPTION_AXES;
  for (int i = 0; i < c->naxes - 1; ++i)
    if (c->axes[i] == LMX_AXIS_RADIAL)
      return lmx_reader_fail(reader, id, NULL, "",
                             "has \"radial\" in place %d, allowed is only the "
                             "last place",
                             i + 1);
  if (c->axes[c->naxes - 1] != LMX_AXIS_RADIAL && c->naxes != c->dimension)
    return lmx_reader_fail(reader, id, NULL, "",
                           "has %d axes and no \"radial\" one in dimension "
                           "%d, needed are %d axes or a radial last one",
                           c->naxes, c->dimension, c->dimension);
  if (c->axes[c->naxes - 1] == LMX_AXIS_RADIAL && c->naxes >= c->dimension)
    return lmx_reader_fail(reader, id, NULL, "",
                           "has %d axes with a \"radial\" one in dimension "
                           "%d: a radial axis stands for two directions or "
                           "more, allowed are at most %d axes",
                           c->naxes, c->dimension, c->dimension - 1);
  return LMX_OK;
}

static lmx_status read_axes(const lmx_reader *reader, lmx_case *out)
{
  const lmx_toml_node *node = reader->settings[LMX_OPTION_AXES].node;
  int word;
  if (node->type == LMX_TOML_STRING) {
    LMX_TRY(lmx_read_word(reader, LMX_OPTION_AXES, node, "", false, &word));
    if (word != 0)
      return lmx_reader_refuse(reader, LMX_OPTION_AXES, node, "", false);
    return LMX_OK;
  }
  LMX_TRY(read_axis_words(reader, node, out));
  return check_axes(reader, out);
}

/* --- what must fit to the grid --------------------------------------- */

static lmx_status check_formulation(const lmx_reader *reader, const lmx_case *c)
{
  if (c->solver.formulation != LMX_FORMULATION_DENSITY)
    return LMX_OK;
  if (c->dimension > LMX_MAX_AXES)
    return lmx_reader_fail(reader, LMX_OPTION_FORMULATION, NULL, "",
                           "is \"density\" in dimension %d, allowed is "
                           "dimension 2 or 3",
                           c->dimension);
  for (int i = 0; i < c->naxes; ++i)
    if (c->axes[i] != LMX_AXIS_FULL)
      return lmx_reader_fail(reader, LMX_OPTION_AXES, NULL, "",
                             "is not \"full\" in place %d, solver.formulation "
                             "= \"density\" needs full axes",
                             i + 1);
  return LMX_OK;
}

static lmx_status check_radius(const lmx_reader *reader, const lmx_case *c)
{
  double smallest = INFINITY;
  for (size_t i = 0; i < c->nhalf_width; ++i)
    smallest = fmin(smallest, c->half_width[i]);
  if (c->radius < smallest)
    return LMX_OK;
  bool set = lmx_reader_is_set(reader, LMX_OPTION_RADIUS);
  return lmx_reader_fail(reader, LMX_OPTION_RADIUS, NULL, "",
                         "is %g%s, needed is less than the smallest "
                         "grid.half_width, %g",
                         c->radius, set ? "" : " (the default)", smallest);
}

lmx_status lmx_read_grid(const lmx_reader *reader, lmx_case *out)
{
  LMX_TRY(read_axes(reader, out));
  LMX_TRY(read_half_widths(reader, out));
  LMX_TRY(read_points(reader, out));
  LMX_TRY(check_size(reader, out));
  LMX_TRY(check_formulation(reader, out));
  return check_radius(reader, out);
}
