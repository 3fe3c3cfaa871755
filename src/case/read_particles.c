/* [particles]: the lists of systems and of numbers of particles. */
#include "case/reader.h"

#include <stdio.h>

enum { MOST_NUMBERS = 64 };

static lmx_status add_system(const lmx_reader *reader,
                             const lmx_toml_node *node, size_t i, lmx_case *out)
{
  const lmx_option_id id = LMX_OPTION_SYSTEMS;
  char part[LMX_SUFFIX];
  int word = 0;
  snprintf(part, sizeof part, "[%zu]", i + 1);
  LMX_TRY(lmx_read_word(reader, id, node, part, true, &word));
  if (word == 0) /* "all" */
    return lmx_reader_refuse(reader, id, node, part, true);
  lmx_particle_system system = (lmx_particle_system)(word - 1);
  for (size_t k = 0; k < out->nsystems; ++k)
    if (out->systems[k] == system)
      return lmx_reader_fail(reader, id, node, part,
                             "is \"%s\" again, allowed is each system once",
                             lmx_particle_system_name(system));
  out->systems[out->nsystems++] = system;
  return LMX_OK;
}

static lmx_status read_systems(const lmx_reader *reader, lmx_case *out)
{
  const lmx_option_id id = LMX_OPTION_SYSTEMS;
  const lmx_toml_node *node = reader->settings[id].node;
  int word = 0;
  if (node->type == LMX_TOML_STRING) {
    LMX_TRY(lmx_read_word(reader, id, node, "", false, &word));
    if (word != 0)
      return lmx_reader_refuse(reader, id, node, "", false);
    while (out->nsystems < LMX_SYSTEM_COUNT) {
      out->systems[out->nsystems] = (lmx_particle_system)out->nsystems;
      ++out->nsystems;
    }
    return LMX_OK;
  }
  if (node->type != LMX_TOML_ARRAY || node->n < 1)
    return lmx_reader_refuse(reader, id, node, "", false);
  for (size_t i = 0; i < node->n; ++i)
    LMX_TRY(add_system(reader, &node->items[i], i, out));
  return LMX_OK;
}

static lmx_status read_number(const lmx_reader *reader,
                              const lmx_toml_node *node, lmx_case *out)
{
  int N = 0;
  LMX_TRY(lmx_read_integer(reader, LMX_OPTION_NUMBER, node, "", false, &N));
  LMX_TRY(LMX_NEW_ARRAY(reader->context, 1, &out->numbers));
  out->numbers[out->nnumbers++] = (size_t)N;
  return LMX_OK;
}

static lmx_status read_numbers(const lmx_reader *reader, lmx_case *out)
{
  const lmx_option_id id = LMX_OPTION_NUMBER;
  const lmx_toml_node *node = reader->settings[id].node;
  if (node->type != LMX_TOML_ARRAY)
    return read_number(reader, node, out);
  if (node->n < 1 || node->n > MOST_NUMBERS)
    return lmx_reader_fail(reader, id, node, "",
                           "has %zu entries, allowed are 1 to %d", node->n,
                           MOST_NUMBERS);
  LMX_TRY(LMX_NEW_ARRAY(reader->context, node->n, &out->numbers));
  for (size_t i = 0; i < node->n; ++i) {
    char part[LMX_SUFFIX];
    int N = 0;
    snprintf(part, sizeof part, "[%zu]", i + 1);
    LMX_TRY(lmx_read_integer(reader, id, &node->items[i], part, true, &N));
    if (i > 0 && (size_t)N <= out->numbers[i - 1])
      return lmx_reader_fail(reader, id, &node->items[i], part,
                             "is %d behind %zu, allowed are increasing "
                             "numbers",
                             N, out->numbers[i - 1]);
    out->numbers[out->nnumbers++] = (size_t)N;
  }
  return LMX_OK;
}

lmx_status lmx_read_particles(const lmx_reader *reader, lmx_case *out)
{
  LMX_TRY(read_systems(reader, out));
  return read_numbers(reader, out);
}
