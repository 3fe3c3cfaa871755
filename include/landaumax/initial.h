/** @file initial.h
 * Initial data: the families of `[initial] kind`, normalisation to (1.2),
 * symmetries.
 *
 * A user gives data in the user's coordinates x. The library works with
 * normalised data: mass 1, mean 0, energy d, diagonal second moments (1.2).
 * With mass rho, mean m, scale s = sqrt(tr Cov / d) and a rotation R whose
 * rows are the principal axes,
 *     v = R (x - m) / s,   log f(v) = log f_user(x) + d log s - log rho,
 *     t = rho t_user.
 */
#ifndef LANDAUMAX_INITIAL_H
#define LANDAUMAX_INITIAL_H

#include "landaumax/core.h"
#include "landaumax/grid.h"
#include "landaumax/model.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The affine map between user's and normalised coordinates. Plain value. */
typedef struct lmx_affine {
  int d;
  double mass;                                            /**< rho */
  double scale;                                           /**< s */
  double mean[LMX_MAX_DIMENSION];                         /**< m, [d] */
  double rotation[LMX_MAX_DIMENSION * LMX_MAX_DIMENSION]; /**< R, [d][d] */
  bool identity; /**< nothing had to be changed */
} lmx_affine;

/** v = R (x - m) / s; x and v are [d] and must not overlap. */
LMX_API void lmx_affine_to_normalised(const lmx_affine *map, const double *x,
                                      double *v);
/** x = m + s R^T v. */
LMX_API void lmx_affine_to_user(const lmx_affine *map, const double *v,
                                double *x);
/** Turns a jet of normalised log f at v into the jet of the user's log f at
 * x: value, gradient and Hessian (T is not touched), and its point v becomes x.
 * In place. */
LMX_API void lmx_affine_jet_to_user(const lmx_affine *map, lmx_jet *jet);

/* X(symbol, name in case files) */
#define LMX_INITIAL_KIND_LIST(X)                                               \
  X(LMX_INITIAL_GAUSSIAN, "gaussian")                                          \
  X(LMX_INITIAL_MIXTURE, "mixture")                                            \
  X(LMX_INITIAL_RADIAL_MIXTURE, "radial_mixture")                              \
  X(LMX_INITIAL_BKW, "bkw")                                                    \
  X(LMX_INITIAL_FORMULA, "formula")                                            \
  X(LMX_INITIAL_TABLE, "table")

typedef enum {
#define LMX_INITIAL_ENUM(symbol, name) symbol,
  LMX_INITIAL_KIND_LIST(LMX_INITIAL_ENUM)
#undef LMX_INITIAL_ENUM
} lmx_initial_kind;

LMX_API const char *lmx_initial_kind_name(lmx_initial_kind kind);

/** One Gaussian component, user's coordinates. */
typedef struct lmx_component {
  double weight;      /**< > 0; weights need not sum to 1 (mass) */
  double *mean;       /**< [d] */
  double *covariance; /**< [d][d], symmetric positive definite */
} lmx_component;

/** What the case file says. Arrays belong to the caller and are copied. */
typedef struct lmx_initial_spec {
  int d;
  lmx_initial_kind kind;
  bool normalise; /**< false: data that does not satisfy (1.2) is an error */
  /** gaussian (one component of weight 1, mean 0), mixture */
  size_t ncomponents;
  const lmx_component *components;
  /** radial_mixture: components w_k N(0, th_k I) */
  size_t nradial;
  const double *weights;   /**< [nradial] > 0 */
  const double *variances; /**< [nradial] > 0 */
  /** bkw: 0 <= c < 2/(d+2) */
  double c;
  /** formula: log density in v1..vd and r = |v| */
  const char *log_density;
  /** table: u = log(f/M) on a grid in normalised coordinates, with the map of
   * the run it comes from. Nothing is known beyond that grid: sampling on a
   * larger box is an error, log f there is NaN. Always normalised: `normalise`
   * has no effect, and time starts at 0 again with D exp(-4 d table_time) */
  const lmx_grid *table_grid;
  const double *table_u;
  const lmx_affine *table_map;
  const lmx_model *table_model; /**< the model of that run ... */
  double table_time;            /**< ... and the time of the state */
} lmx_initial_spec;

typedef struct lmx_initial lmx_initial;

/** Builds initial data: computes mass, mean and covariance (closed form for
 * Gaussian families and bkw, adaptive quadrature of the formula), the affine
 * map to (1.2) and the model (D). The rotation is the identity when the
 * covariance is already diagonal; otherwise principal axes are ordered by
 * falling variance; axes are permuted so that the largest group of equal
 * variances with rotational symmetry comes last (radial axis). With normalise =
 * false the map stays the identity. Changes of 1e-12 or less are not made.
 * A formula must be smooth enough for moments to 1e-8 (twice differentiable
 * will do) and have rotational symmetry about the origin of the user's
 * coordinates that leaves at most three axes; in d = 2 and 3 it needs none. Its
 * peaks that hold 1e-5 of the mass are found by bounds of log f over boxes,
 * however narrow or far they are. A weight that is negative by rounding counts
 * as absent. Errors: LMX_ERR_CASE with a message naming the key at fault
 * ("initial.c: is 0.6, allowed is 0 <= c < 0.5"); LMX_ERR_NUMERICS when a
 * quadrature does not converge; LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_initial_create(lmx_context *context,
                                      const lmx_initial_spec *spec,
                                      lmx_initial **out);
LMX_API void lmx_initial_destroy(lmx_initial **initial);

LMX_API const lmx_model *lmx_initial_model(const lmx_initial *initial);
LMX_API const lmx_affine *lmx_initial_map(const lmx_initial *initial);
LMX_API lmx_initial_kind lmx_initial_get_kind(const lmx_initial *initial);

/** Relative error that mass, mean and covariance may carry: rounding for
 * closed forms, 1e-11 for a formula, up to 1e-8 for one that has too few
 * derivatives for more. */
LMX_API double lmx_initial_accuracy(const lmx_initial *initial);

/** log f0 at v, [d], in normalised coordinates. Not finite where the data is
 * not (formula errors). One thread at a time for formulas and tables. */
LMX_API double lmx_initial_log_density(const lmx_initial *initial,
                                       const double *v);

/** Half widths of the box outside of which log f is not known, [d]: those of
 * the table (a radial axis for each of its directions), else INFINITY. */
LMX_API void lmx_initial_box(const lmx_initial *initial, double *half_width);

/** Normalised Gaussian components when the data is a finite mixture
 * (gaussian, mixture, radial_mixture): *n components, owned by `initial`;
 * *n = 0 otherwise. Weights sum to 1. */
LMX_API const lmx_component *lmx_initial_components(const lmx_initial *initial,
                                                    size_t *n);

/** Parameter c of bkw data, NaN for other kinds. */
LMX_API double lmx_initial_bkw_c(const lmx_initial *initial);

/** The symmetry of the data as axis kinds: the fewest axes on which the data
 * lives. Found by testing the density on random points and where its mass is,
 * to 1e-10 relative and to what rounding of a point changes.
 * @param kinds  [LMX_MAX_AXES]
 * Errors: LMX_ERR_CASE when d > 3 and the data has no symmetry that brings
 * it to at most 3 axes. */
LMX_API lmx_status lmx_initial_axes(lmx_context *context,
                                    const lmx_initial *initial, int *naxes,
                                    lmx_axis_kind *kinds);

/** Checks that the data has the symmetry that the chosen axes assume.
 * Errors: LMX_ERR_CASE ("grid.axes: ..."). */
LMX_API lmx_status lmx_initial_allows(lmx_context *context,
                                      const lmx_initial *initial, int naxes,
                                      const lmx_axis_kind *kinds);

/** u0 = log(f0/M) on a grid, [grid->size].
 * Errors: LMX_ERR_CASE when the data is not finite at a node (the message
 * gives the point in the user's coordinates). */
LMX_API lmx_status lmx_initial_sample(lmx_context *context,
                                      const lmx_initial *initial,
                                      const lmx_grid *grid, double *u0);

#ifdef __cplusplus
}
#endif
#endif
