/* [time]: the list of output times. */
#include "case/reader.h"

#include <float.h>
#include <math.h>
#include <string.h>

enum { MOST_TIMES = 10000, DEFAULT_STEPS = 10 };

/* Room for n times and the two ends. */
static lmx_status new_times(const lmx_reader *reader, lmx_case *out, size_t n)
{
  LMX_TRY(LMX_NEW_ARRAY(reader->context, n + 2, &out->outputs));
  out->noutputs = 1; /* outputs[0] = 0 */
  return LMX_OK;
}

static void add_time(lmx_case *out, double t)
{
  if (t > out->outputs[out->noutputs - 1])
    out->outputs[out->noutputs++] = t;
}

/* Both messages show all digits: 0.30000000000000004 and 0.3 would otherwise
 * look the same. */
static lmx_status fail_beyond(const lmx_reader *reader,
                              const lmx_toml_node *node, double t, double end)
{
  char time[LMX_TOML_NUMBER], last[LMX_TOML_NUMBER];
  lmx_toml_number(t, time);
  lmx_toml_number(end, last);
  return lmx_reader_fail(reader, LMX_OPTION_OUTPUT, node, "",
                         "has the time %s, allowed are times from 0 to "
                         "time.end = %s",
                         time, last);
}

static lmx_status fail_order(const lmx_reader *reader,
                             const lmx_toml_node *node, double t, double before)
{
  char time[LMX_TOML_NUMBER], earlier[LMX_TOML_NUMBER];
  lmx_toml_number(t, time);
  lmx_toml_number(before, earlier);
  return lmx_reader_fail(reader, LMX_OPTION_OUTPUT, node, "",
                         "has %s behind %s, allowed are increasing times", time,
                         earlier);
}

/* Whoever adds up steps is off the end by half an ulp of it for each of the at
 * most MOST_TIMES sums. */
static double without_rounding(double t, double end)
{
  return fabs(t - end) <= MOST_TIMES * DBL_EPSILON / 2.0 * end ? end : t;
}

static lmx_status read_list(const lmx_reader *reader, const lmx_toml_node *node,
                            lmx_case *out)
{
  const lmx_option_id id = LMX_OPTION_OUTPUT;
  double *times;
  size_t n;
  LMX_TRY(lmx_read_numbers(reader, id, node, MOST_TIMES + 2, &n, &times));
  lmx_status status = new_times(reader, out, n);
  for (size_t i = 0; i < n && status == LMX_OK; ++i) {
    double t = without_rounding(times[i], out->end);
    if (t > out->end)
      status = fail_beyond(reader, &node->items[i], t, out->end);
    else if (i > 0 && times[i] <= times[i - 1])
      status = fail_order(reader, &node->items[i], times[i], times[i - 1]);
    else
      add_time(out, t);
  }
  lmx_free(times);
  LMX_TRY(status);
  add_time(out, out->end);
  return LMX_OK;
}

static lmx_status read_step(const lmx_reader *reader, const lmx_toml_node *node,
                            lmx_case *out)
{
  const lmx_option_id id = LMX_OPTION_OUTPUT;
  double step;
  LMX_TRY(lmx_read_number(reader, id, node, "", false, &step));
  /* A last step shorter than this is rounding. */
  double count = step > 0.0 ? ceil(out->end / step * (1.0 - 1e-9)) : 0.0;
  if (!(step > 0.0) || !(count <= MOST_TIMES))
    return lmx_reader_fail(reader, id, NULL, "",
                           "is a step of %g, allowed is > 0 and at least "
                           "time.end/%d = %g",
                           step, MOST_TIMES, out->end / MOST_TIMES);
  LMX_TRY(new_times(reader, out, (size_t)count));
  for (double k = 1.0; k < count; k += 1.0)
    add_time(out, k * step);
  add_time(out, out->end);
  return LMX_OK;
}

lmx_status lmx_read_times(const lmx_reader *reader, lmx_case *out)
{
  const lmx_toml_node *node = reader->settings[LMX_OPTION_OUTPUT].node;
  if (node != NULL && node->type == LMX_TOML_ARRAY)
    return read_list(reader, node, out);
  if (node != NULL)
    return read_step(reader, node, out);
  LMX_TRY(new_times(reader, out, DEFAULT_STEPS));
  for (int k = 1; k <= DEFAULT_STEPS; ++k)
    add_time(out, out->end * k / DEFAULT_STEPS);
  return LMX_OK;
}
