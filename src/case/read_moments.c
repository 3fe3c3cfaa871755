/* [moments]: numbers of particles. */
#include "case/reader.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { MOST = 16 };

static lmx_status read_count(const lmx_reader *reader,
                             const lmx_toml_node *node, size_t i, double *out)
{
  const lmx_option_id id = LMX_OPTION_PARTICLES;
  char suffix[LMX_SUFFIX];
  snprintf(suffix, sizeof suffix, "[%zu]", i + 1);
  if (node->type == LMX_TOML_STRING && strcmp(node->text, "infinity") == 0) {
    *out = INFINITY;
    return LMX_OK;
  }
  LMX_TRY(lmx_read_number(reader, id, node, suffix, true, out));
  if (*out != floor(*out)) /* 1e6 is a whole number, 64.5 is none */
    return lmx_reader_refuse(reader, id, node, suffix, true);
  return LMX_OK;
}

lmx_status lmx_read_moments(const lmx_reader *reader, lmx_case *out)
{
  const lmx_option_id id = LMX_OPTION_PARTICLES;
  const lmx_toml_node *node = reader->settings[id].node;
  if (node->type != LMX_TOML_ARRAY)
    return lmx_reader_refuse(reader, id, node, "", false);
  if (node->n == 0 || node->n > MOST)
    return lmx_reader_fail(reader, id, node, "",
                           "has %zu entries, allowed are 1 to %d", node->n,
                           MOST);
  LMX_TRY(LMX_NEW_ARRAY(reader->context, node->n, &out->particles));
  for (size_t i = 0; i < node->n; ++i)
    LMX_TRY(read_count(reader, &node->items[i], i, &out->particles[i]));
  out->nparticles = node->n;
  return LMX_OK;
}
