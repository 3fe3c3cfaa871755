/* What of a case decides its results: files that hold them say so, and are
 * refused beside another case. */
#ifndef LMX_CASE_IDENTITY_H
#define LMX_CASE_IDENTITY_H

#include "landaumax/case.h"

/* The keys that decide the solution: [initial], [grid], [time], [solver]; or
 * what `landaumax particles` simulates: [initial], [time], [particles] with the
 * seed, and with particles.rates also [grid] and [solver]. Title, checks,
 * figures, threads and how points are found decide nothing, nor does the place
 * of a table, whose data is looked at itself. */
typedef enum { LMX_PART_SOLUTION, LMX_PART_PARTICLES } lmx_case_part;

/* These keys as TOML, every default spelled out; release with lmx_free. */
lmx_status lmx_case_print_part(lmx_context *context, const lmx_case *lmx_case_,
                               lmx_case_part part, char **out);

/* Their checksum in words, "fnv1a64 0123456789abcdef", into out,
 * [LMX_IDENTITY_SIZE]. Errors: LMX_ERR_MEMORY. */
lmx_status lmx_case_identity(lmx_context *context, const lmx_case *lmx_case_,
                             lmx_case_part part, char *out);

#endif
