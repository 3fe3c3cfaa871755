/* Judging Section 5: what the files of this room share. */
#ifndef LMX_MOMENT_SECTION5_H
#define LMX_MOMENT_SECTION5_H

#include "landaumax/check.h"
#include "landaumax/moment.h"
#include "moment/bound.h"
#include "moment/left.h"

/* Quantities: the left sides, and three that come from the hierarchy. */
enum {
  LMX_QUANTITY_LLN = LMX_LEFT_COUNT, /* N times the left side of (2.5) */
  LMX_QUANTITY_COINCIDING,           /* what (5.2) estimates, times N */
  LMX_QUANTITY_FOURTH,               /* M_4(t) / M_4(0) */
  LMX_QUANTITY_COUNT
};

/* A quantity at one time, over all alpha, beta it is meant for. */
typedef struct lmx_quantity {
  double most, largest; /* largest value, largest absolute value */
  double rounding;      /* what is 0 for all one can know */
  int alpha, beta;      /* of `most`, from 0; -1: a sum over all */
} lmx_quantity;

/* One N at all times. */
typedef struct lmx_scan {
  double N;
  size_t ntimes;
  double *times;                   /* [ntimes] increasing */
  lmx_quantity *values;            /* [ntimes][LMX_QUANTITY_COUNT] */
  double (*logs)[LMX_BOUND_COUNT]; /* [ntimes]: log of the right sides */
  double limit; /* how far limits for N -> infinity were from 0, relative */
} lmx_scan;

/* Computes everything for one N.
 * statistics  [LMX_LEFT_COUNT] */
lmx_status lmx_scan_create(lmx_context *context, const lmx_moment_data *data,
                           const lmx_spaces *spaces,
                           const lmx_statistic *statistics, double N,
                           lmx_scan **out);
void lmx_scan_destroy(lmx_scan **scan);

/* What data must have for a form to fail. */
typedef enum {
  LMX_ASKS_NOTHING,
  LMX_ASKS_ANISOTROPY, /* D != 0 */
  LMX_ASKS_HEAT_FLUX   /* the mean of |v|^2 v is not 0 */
} lmx_asks;

/* Rows of rows.def. */
typedef struct lmx_row {
  const char *id, *statement;
  int quantity;
  lmx_bound bound;
  int power;
  bool misprint;
  lmx_asks asks;
} lmx_row;

enum {
  LMX_ROWS = 0
#define ROW(...) +1
#include "moment/rows.def"
#undef ROW
};

const lmx_row *lmx_row_get(size_t index);

/* log of |left| N / ((1 + M_4(0)) g(t)) at time k; -INFINITY where the left
 * side is 0 or, for `signed_`, negative; NaN where nothing is claimed. */
double lmx_row_ratio(const lmx_row *row, const lmx_scan *scan, double M4,
                     bool signed_, size_t k);

/* Judges one row over all N. */
void lmx_row_judge(const lmx_row *row, const lmx_moment_data *data, size_t n,
                   lmx_scan *const *scans, lmx_check_result *out);

#endif
