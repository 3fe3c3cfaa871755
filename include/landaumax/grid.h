/** @file grid.h
 * Tensor grids for every dimension, central differences, jets, interpolation.
 *
 * A grid has n = 1, 2 or 3 axes. Nodes lie half a cell off: full axes at
 * -L + (i + 1/2) h, h = 2 L / n_points; mirrored and radial axes at
 * (i + 1/2) h, h = L / n_points. A radial last axis rho stands for the m + 1
 * equivalent velocity directions n .. d, m = d - n: u depends on v_1 ..
 * v_{n-1} and rho = |(v_n .. v_d)|. So n = d without a radial axis.
 * Fields are row-major [n_1] .. [n_n], the last axis contiguous.
 *
 * Beyond a mirrored or radial origin, fields are continued by reflection.
 * Without full axes the grid is a box, beyond whose outer edge fields are
 * continued by quintic extrapolation along the axis. A grid of two or three
 * axes with a full one is a ball: the equation is solved at the nodes with
 * |v| <= L, the smallest half width, and beyond it fields are continued along
 * rays (docs/math.md, 1.4).
 */
#ifndef LANDAUMAX_GRID_H
#define LANDAUMAX_GRID_H

#include "landaumax/core.h"

#ifdef __cplusplus
extern "C" {
#endif

enum {
  LMX_MAX_AXES = 3,
  LMX_MAX_ORDER = 16 /**< largest order of the central differences */
};

/* X(symbol, name in case files) */
#define LMX_AXIS_KIND_LIST(X)                                                  \
  X(LMX_AXIS_FULL, "full")         /* [-L, L] */                               \
  X(LMX_AXIS_MIRRORED, "mirrored") /* [0, L], u even in this component */      \
  X(LMX_AXIS_RADIAL, "radial")     /* [0, L], last axis only */

typedef enum {
#define LMX_AXIS_ENUM(symbol, name) symbol,
  LMX_AXIS_KIND_LIST(LMX_AXIS_ENUM)
#undef LMX_AXIS_ENUM
} lmx_axis_kind;

/** Name of a kind as case files spell it. */
LMX_API const char *lmx_axis_kind_name(lmx_axis_kind kind);

/** What a user chooses for one axis. */
typedef struct lmx_axis_spec {
  lmx_axis_kind kind;
  size_t points;     /**< nodes stored on this axis */
  double half_width; /**< L */
} lmx_axis_spec;

/** One axis of a grid. Read only. */
typedef struct lmx_axis {
  lmx_axis_kind kind;
  size_t points;
  double half_width;
  double h;        /**< node spacing */
  double *nodes;   /**< [points] */
  double *weights; /**< [points] quadrature weights of this axis: midpoint
                        rule, doubled if mirrored, with the area factor
                        |S^m| rho^m and corrected near rho = 0 if radial */
} lmx_axis;

/** A tensor grid. Read only; made by lmx_grid_create. */
typedef struct lmx_grid {
  int d;     /**< velocity dimension */
  int naxes; /**< n, 1..3 */
  int m;     /**< directions beyond the first that a radial axis stands for;
                  0 when there is none */
  int order; /**< even order p of the central differences */
  lmx_axis axis[LMX_MAX_AXES];
  size_t size;             /**< number of nodes */
  struct lmx_balls *balls; /**< the library's: how fields continue beyond a
                                ball, made when first needed; NULL on a box */
} lmx_grid;

/** Makes a grid of `naxes` axes in dimension d.
 * Errors: LMX_ERR_CASE (kinds, sizes or orders that make no grid),
 * LMX_ERR_MEMORY. */
LMX_API lmx_status lmx_grid_create(lmx_context *context, int d, int naxes,
                                   const lmx_axis_spec *axes, int order,
                                   lmx_grid **out);
LMX_API void lmx_grid_destroy(lmx_grid **grid);

/** Coordinates of node `index`, expanded to R^d: [d] numbers, the radial
 * coordinate in place n, zeros behind it. */
LMX_API void lmx_grid_point(const lmx_grid *grid, size_t index, double *v);

/** Whether the grid is a ball: only the nodes with |v| <= the smallest half
 * width are active, the others keep their initial values. */
LMX_API bool lmx_grid_is_ball(const lmx_grid *grid);

/** The smallest half width L: the radius of a ball, and of the largest ball in
 * a box. */
LMX_API double lmx_grid_radius(const lmx_grid *grid);

/** Whether the equation is solved at node `index`. */
LMX_API bool lmx_grid_active(const lmx_grid *grid, size_t index);

/** Integral over R^d (as far as the box reaches) of a field [size]. */
LMX_API double lmx_grid_integrate(const lmx_grid *grid, const double *field);

/** Quadrature weight of node `index` (product of the axes' weights). */
LMX_API double lmx_grid_weight(const lmx_grid *grid, size_t index);

/** Central first derivative of even order p = 2 r on unit spacing:
 * f' = sum_{k=1..r} c[k-1] (f_k - f_-k).
 * @param c  [order / 2] */
LMX_API void lmx_stencil_first(int order, double *c);

/** Central second derivative: f'' = c[0] f_0 + sum c[k] (f_k + f_-k).
 * @param c  [order / 2 + 1] */
LMX_API void lmx_stencil_second(int order, double *c);

/** Central third derivative: f''' = sum_{k=1..r+1} c[k-1] (f_k - f_-k).
 * @param c  [order / 2 + 1] */
LMX_API void lmx_stencil_third(int order, double *c);

/** Weights of the derivatives 0..derivatives at x of the polynomial through
 * the values at nodes x_0..x_{n-1} (Fornberg, Math. Comp. 51 (1988)).
 * @param weights  [derivatives + 1][n] */
LMX_API void lmx_fornberg(double x, size_t n, const double *nodes,
                          int derivatives, double *weights);

/** The derivatives of log f at one point of R^d (or of any other function):
 * the "jet" of docs/math.md. The arrays belong to the jet. */
typedef struct lmx_jet {
  int d;
  double *v; /**< [d] the point */
  double g;  /**< log f */
  double *q; /**< [d] grad log f */
  double *G; /**< [d][d] Hess log f */
  double *T; /**< [d][d][d] third derivatives of log f */
} lmx_jet;

LMX_API lmx_status lmx_jet_create(lmx_context *context, int d, lmx_jet **out);
LMX_API void lmx_jet_destroy(lmx_jet **jet);

/** Derivative fields of a u on a grid, from which jets are read. */
typedef struct lmx_jets lmx_jets;

/** @param derivatives  highest order of derivatives wanted, 1..3
 * Does not take ownership of the grid, which must outlive it. */
LMX_API lmx_status lmx_jets_create(lmx_context *context, const lmx_grid *grid,
                                   int derivatives, lmx_jets **out);
LMX_API void lmx_jets_destroy(lmx_jets **jets);

/** Computes all derivative fields of u = log(f/M), [grid->size]. Linear in
 * the number of nodes, no allocation. */
LMX_API void lmx_jets_set(lmx_jets *jets, const double *u);

/** Jet of log f = u + log M at node `index`, expanded to R^d. T is filled
 * only if third derivatives were asked for. */
LMX_API void lmx_jets_get(const lmx_jets *jets, size_t index, lmx_jet *jet);

/** Interpolates u and adds log M: the jet of log f (value, gradient, Hessian;
 * not T) at any v inside the box, by tensor polynomials of degree order + 7.
 * For a radial grid v may be any point of R^d.
 * Errors: LMX_ERR_USAGE (point outside the box). */
LMX_API lmx_status lmx_interpolate(lmx_context *context, const lmx_grid *grid,
                                   const double *u, const double *v,
                                   lmx_jet *jet);

/** The value of that jet alone, several times faster. */
LMX_API lmx_status lmx_interpolate_value(lmx_context *context,
                                         const lmx_grid *grid, const double *u,
                                         const double *v, double *out);

#ifdef __cplusplus
}
#endif
#endif
