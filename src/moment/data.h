/* The moments of f0 as the hierarchy asks for them. */
#ifndef LMX_MOMENT_DATA_H
#define LMX_MOMENT_DATA_H

#include "landaumax/moment.h"
#include "moment/system.h"

/* lmx_word_moment of an lmx_moment_data. Words of length 1 and off-diagonal
 * ones of length 2 have mean 0. Others whose mean is not known count 0, too:
 * odd ones of length 4, and three different letters, which reflections keep
 * apart from everything that is asked for. */
double lmx_moment_data_word(const void *data, const lmx_word *word);

#endif
