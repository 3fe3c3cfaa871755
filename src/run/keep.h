/* Results of moments and particles stored, and compared with stored ones. */
#ifndef LMX_RUN_KEEP_H
#define LMX_RUN_KEEP_H

#include "landaumax/reference.h"
#include "landaumax/run.h"

/* Two runs may both be off, by twice what is estimated. */
#define LMX_KEEP_FACTOR 4.0

/* The results once more, with the k-th random rounding of what they are
 * computed from. */
typedef lmx_status lmx_again_fn(lmx_context *context, void *user, unsigned k,
                                lmx_check_results **out);

typedef struct lmx_kept {
  lmx_reference_head head;
  const lmx_check_results *results;
  double rtol, atol; /* granted besides what is measured */
  unsigned times;    /* so often */
  lmx_again_fn *again;
  void *user;
} lmx_kept;

/* Writes, or compares: keep->text is then set.
 * Errors: LMX_CHECK_FAILED when something differs from what is stored,
 * whatever the verdicts; those of `again`; LMX_ERR_USAGE, LMX_ERR_IO. */
lmx_status lmx_keep_results(lmx_context *context, const lmx_kept *kept,
                            const char *folder, lmx_keep *keep);

/* Before anything is computed: whether keep (NULL: nothing to do) can be done.
 * Errors: LMX_ERR_USAGE, LMX_ERR_IO. */
lmx_status lmx_keep_prepare(lmx_context *context, const lmx_keep *keep);

/* LMX_OK, or LMX_CHECK_FAILED with a message when so many checks differ. */
lmx_status lmx_keep_verdict(lmx_context *context, const char *folder,
                            const char *path, size_t differing);

#endif
