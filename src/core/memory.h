/* Memory for libraries that do not survive without it. */
#ifndef LMX_CORE_MEMORY_H
#define LMX_CORE_MEMORY_H

#include "landaumax/core.h"

/* Whether `bytes`, and a little more, could be allocated now: asked before a
 * library is called that would crash or end the program where it gets less.
 * Nothing is kept. `what` begins the message: "CVODE".
 * Errors: LMX_ERR_MEMORY. */
lmx_status lmx_memory_require(lmx_context *context, double bytes,
                              const char *what);

#endif
