/* Which exact solution belongs to initial data. */
#include "landaumax/exact.h"

#include "exact/internal.h"

lmx_status lmx_exact_from_initial(lmx_context *context,
                                  const lmx_initial *initial, lmx_exact **out)
{
  size_t n;
  const lmx_component *components = lmx_initial_components(initial, &n);
  return lmx_exact_classify(context, lmx_initial_model(initial),
                            lmx_initial_get_kind(initial),
                            lmx_initial_bkw_c(initial), n, components, out);
}
