/* The moments of f0 as the hierarchy asks for them. */
#ifndef LMX_MOMENT_DATA_H
#define LMX_MOMENT_DATA_H

#include "landaumax/moment.h"
#include "moment/system.h"

/* lmx_word_moment of an lmx_moment_data. Odd words count 0: in the class of
 * even monomials they stand beside a word of length one, whose mean is 0, and
 * words like v_0 v_1 are off-diagonal second moments. */
double lmx_moment_data_word(const void *data, const lmx_word *word);

#endif
