/* The machinery of the audit: what an entry is, the variables it is evaluated
 * at, sampling, searching, and the reduction of a failure to a witness. */
#ifndef LMX_CHECK_AUDIT_INTERNAL_H
#define LMX_CHECK_AUDIT_INTERNAL_H

#include <gsl/gsl_rng.h>

#include "check/identities.h"
#include "landaumax/audit.h"

/* Largest relative residual of an identity: sums have up to d^4 rounded
 * terms, and groups of terms cancel. */
#define LMX_AUDIT_ROUNDING 1e-12
/* The same for the ratio of an inequality, where |v| up to 200 cancels. */
#define LMX_AUDIT_RATIO_ROUNDING 1e-9
/* A witness must fail by at least this much. */
#define LMX_AUDIT_CLEAR 1e-2

/* Where an entry is evaluated. An entry's variables are listed as letters,
 * one block each; blocks left out are zero (D, t: c_a = d - 1).
 *   D  D_aa, [d]                  t  the time
 *   v  the velocity, [d]          g  log f
 *   q  grad log f, [d]            G  Hess log f
 *   T  its third derivatives      F  fourth derivatives of f, over f
 *   V  velocities [N][d]          L  strictly lower triangle of [N d][N d]
 *   P  four real parameters whose meaning is the entry's own */
typedef struct lmx_audit_point {
  int d, particles;
  lmx_model model;
  double t;
  lmx_jet *jet;
  lmx_pointwise pointwise;
  double *fourth; /* [d][d][d][d] */
  double *cloud;  /* [N][d] */
  double *lower;  /* [N d][N d] with unit diagonal */
  double parameters[4];
} lmx_audit_point;

typedef struct lmx_audit_entry {
  const char *id, *reference, *statement;
  lmx_audit_form form;
  lmx_verdict expected;
  const char *blocks;
  int particles_min, particles_max; /* with V or L; else 0 */
  size_t thin;                      /* jets / thin are tried; 0 stands for 1 */
  /* either: two sides that should be equal */
  void (*sides)(lmx_audit_point *point, lmx_side *left, lmx_side *right);
  /* or: a number that should not exceed constant(d), or if `lower` not fall
   * below; NaN where it is not defined */
  double (*ratio)(lmx_audit_point *point);
  double (*constant)(int d);
  bool lower;
  bool tight; /* constant(d) is the sup */
} lmx_audit_entry;

/* The entries of the audit in the order of the paper, in three parts. */
const lmx_audit_entry *lmx_audit_particles(size_t *n); /* Sections 1, 2 */
const lmx_audit_entry *lmx_audit_equation(size_t *n);  /* Section 3 */
const lmx_audit_entry *lmx_audit_estimates(size_t *n); /* Section 4 */

/* (d_t - L) F of the Bernstein functions of Theorems 2.3 and 2.4, over f |q|^2
 * with C = K1 / eta, and over f and the size of q, K where (4.6) holds
 * and A >= least_A. */
double lmx_audit_F_grad(const lmx_audit_point *a, double K1);
double lmx_audit_F_hess(lmx_audit_point *a, double K1, double K2,
                        double least_A);

/* One entry in one dimension. */
lmx_status lmx_audit_entry_run(lmx_context *context,
                               const lmx_audit_entry *entry, int d,
                               const lmx_audit_options *options,
                               lmx_audit_result *out);

/* --- audit_space.c: variables ------------------------------------------ */

typedef struct lmx_audit_space {
  int d, particles;
  const char *blocks;
  size_t n;               /* variables in all */
  size_t *packed[5];      /* [rank]: full index -> packed index, or NULL */
  lmx_audit_point *point; /* filled by lmx_audit_place */
} lmx_audit_space;

lmx_status lmx_audit_space_create(lmx_context *context, const char *blocks,
                                  int d, int particles, lmx_audit_space **out);
void lmx_audit_space_destroy(lmx_audit_space **space);
/* Natural variables x [n] of search variables y [n], any real numbers. */
void lmx_audit_map(const lmx_audit_space *space, const double *y, double *x);
/* Sets space->point from x; false where x is not allowed (D). */
bool lmx_audit_place(lmx_context *context, lmx_audit_space *space,
                     const double *x);
/* First variable and number of variables of a block; 0 if there is none. */
size_t lmx_audit_block(const lmx_audit_space *space, char block, size_t *first);
/* "v_1 = 1, q_2 = 1": the variables that are not zero. */
void lmx_audit_describe(const lmx_audit_space *space, const double *x,
                        char *text, size_t size);

/* --- audit_search.c ----------------------------------------------------- */

/* By how much an entry misses at x: the relative residual of an identity, or
 * the excess of the ratio over the constant. NaN where it is not defined. */
double lmx_audit_miss(lmx_context *context, const lmx_audit_entry *entry,
                      lmx_audit_space *space, const double *x);
/* Worst of `count` random points; x [n]. */
double lmx_audit_sample(lmx_context *context, const lmx_audit_entry *entry,
                        lmx_audit_space *space, gsl_rng *rng, size_t count,
                        double *x);
/* The same made as large as `starts` local searches can. */
lmx_status lmx_audit_search(lmx_context *context, const lmx_audit_entry *entry,
                            lmx_audit_space *space, gsl_rng *rng,
                            const lmx_audit_options *options, double *miss,
                            double *x);
/* Whether the first witness is the simpler: fewer entries, then earlier and
 * smaller ones. */
bool lmx_audit_simpler(size_t n, const double *x, const double *other);
/* Makes a failing x as simple as possible: zeros, ones, halves. */
void lmx_audit_simplify(lmx_context *context, const lmx_audit_entry *entry,
                        lmx_audit_space *space, double *x);

#endif
