/* Shared by the files of the lapped Fourier preconditioner. */
#ifndef LMX_SOLVE_LAPPED_INTERNAL_H
#define LMX_SOLVE_LAPPED_INTERNAL_H

#include <fftw3.h>

#include "solve/lapped.h"

/* One window along one axis. `weight` and `index` have one entry a position:
 * m of them in a Fourier window, `length` in a dense one. */
typedef struct lapped_window {
  bool dense;      /* touches an outer edge: true rows instead of a symbol */
  bool centred;    /* reflected at the origin of a mirrored or radial axis */
  size_t length;   /* positions */
  size_t from, to; /* positions that are nodes of positive weight */
  double *weight;
  size_t *index;
  double v;       /* where the coefficients are frozen */
  size_t node;    /* next to v */
  double *first;  /* dense: [length][length] first derivative */
  double *second; /* dense: [length][length] second derivative */
} lapped_window;

/* One slot; the axes of a grid are right-aligned in three slots, the unused
 * ones have one node and one Fourier window of one position. */
typedef struct lapped_axis {
  size_t n, m;  /* nodes; length of Fourier windows, even */
  size_t count; /* windows */
  lapped_window *window;
  double *first;  /* [m] symbol of the first derivative, over i */
  double *second; /* [m] minus the symbol of the second derivative */
} lapped_axis;

lmx_status lmx_lapped_axis_init(lmx_context *context, const lmx_grid *grid,
                                int a, lapped_axis *axis);
void lmx_lapped_axis_clear(lapped_axis *axis);

/* lambda(k) = -sum a_ab s_a s_b + i b.s */
typedef struct lapped_coefficients {
  double a[3], mixed[3], b[3]; /* mixed: 01, 02, 12 */
} lapped_coefficients;

/* A window of the grid: one window per slot. The tile of its values has the
 * dense slots innermost, so that the unknowns of one Fourier mode are
 * contiguous. */
typedef struct lapped_box {
  const lapped_window *w[3];
  unsigned dense; /* bit per slot */
  bool identity;  /* too little stiffness to divide by anything */
  lapped_coefficients frozen;
  double *inverse; /* dense slots: [modes] inverses, see lapped_edge.c */
} lapped_box;

/* Transforms of the windows with one set of dense slots. */
typedef struct lapped_shape {
  size_t stride[3];        /* of the tile */
  size_t unknowns;         /* of one mode: product of the dense lengths */
  size_t modes[3];         /* per slot, 1 on dense slots */
  size_t mode_count, size; /* of the tile */
  double scale;            /* of the transforms */
  bool used;
  fftw_plan forward, backward; /* NULL when every slot is dense */
} lapped_shape;

struct lmx_lapped {
  const lmx_model *model;
  const lmx_grid *grid;
  lapped_axis axis[3];
  size_t boxes;
  lapped_box *box;
  lapped_shape shape[8];
  double gamma, reaction;
  double edge_gamma, edge_decay; /* of the inverses at the edges */
  double *tile;
  fftw_complex *hat;
  double *work, *row; /* of the dense systems */
  size_t *pivot;
};

/* Frozen coefficients at v, which has the given node next to it:
 * a, mixed and b of a box. `centred` has one flag per slot. */
typedef struct lapped_point {
  double v[3];
  bool centred[3];
  size_t node;
} lapped_point;

void lmx_lapped_freeze(const lmx_lapped *p, const lapped_point *at, double t,
                       const double *const b[LMX_MAX_AXES],
                       lapped_coefficients *out);

/* Doubles that a box of this shape needs for its inverses, and those of the
 * workspace. */
size_t lmx_lapped_edge_size(const lapped_shape *shape);
size_t lmx_lapped_edge_work(const lapped_shape *shape);

/* Assembles and inverts the systems of a box with dense slots. */
void lmx_lapped_edge_setup(lmx_lapped *p, lapped_box *box, double t,
                           const double *const b[LMX_MAX_AXES]);

/* hat (or the tile, without Fourier slots) = inverse times itself. */
void lmx_lapped_edge_apply(lmx_lapped *p, const lapped_box *box);

#endif
