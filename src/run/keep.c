/* `--write-reference` and `--against` of moments and particles: tolerances
 * from results computed again with rounding. */
#include "run/keep.h"

static lmx_status measure(lmx_context *context, const lmx_kept *kept,
                          lmx_reference *reference)
{
  lmx_progress(context, "%s", "measuring tolerances: rounding");
  for (unsigned k = 0; k < kept->times; ++k) {
    lmx_check_results *again;
    LMX_TRY(kept->again(context, kept->user, k, &again));
    lmx_reference_widen(again, 0.0, reference);
    lmx_check_results_destroy(&again);
  }
  lmx_reference_add_margin(LMX_KEEP_FACTOR, kept->rtol, kept->atol, reference);
  return LMX_OK;
}

static lmx_status write(lmx_context *context, const lmx_kept *kept,
                        const char *path)
{
  lmx_reference *reference;
  LMX_TRY(
      lmx_reference_create(context, &kept->head, kept->results, &reference));
  lmx_status status = measure(context, kept, reference);
  if (status == LMX_OK)
    status = lmx_reference_write(context, reference, path);
  lmx_reference_destroy(&reference);
  return status;
}

static lmx_status compare(lmx_context *context, const lmx_kept *kept,
                          const char *path, size_t *differing, char **text)
{
  lmx_reference *stored, *now;
  LMX_TRY(lmx_reference_read(context, path, &stored));
  lmx_status status =
      lmx_reference_create(context, &kept->head, kept->results, &now);
  if (status == LMX_OK) {
    status = lmx_reference_compare(context, stored, now, differing, text);
    lmx_reference_destroy(&now);
  }
  lmx_reference_destroy(&stored);
  return status;
}

lmx_status lmx_keep_verdict(lmx_context *context, const char *folder,
                            const char *path, size_t differing)
{
  if (differing == 0)
    return LMX_OK;
  return lmx_fail(context, LMX_CHECK_FAILED, "%s differs from %s in %zu %s",
                  folder, path, differing, differing == 1 ? "check" : "checks");
}

lmx_status lmx_keep_prepare(lmx_context *context, const lmx_keep *keep)
{
  lmx_reference *stored;
  if (keep != NULL && keep->write != NULL)
    return lmx_reference_may_write(context, keep->write);
  if (keep == NULL || keep->against == NULL)
    return LMX_OK;
  LMX_TRY(lmx_reference_read(context, keep->against, &stored));
  lmx_reference_destroy(&stored);
  return LMX_OK;
}

lmx_status lmx_keep_results(lmx_context *context, const lmx_kept *kept,
                            const char *folder, lmx_keep *keep)
{
  size_t differing;
  if (keep->write != NULL)
    return write(context, kept, keep->write);
  LMX_TRY(compare(context, kept, keep->against, &differing, &keep->text));
  return lmx_keep_verdict(context, folder, keep->against, differing);
}
