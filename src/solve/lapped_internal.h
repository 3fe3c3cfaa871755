/* Shared by the files of the lapped Fourier preconditioner. */
#ifndef LMX_SOLVE_LAPPED_INTERNAL_H
#define LMX_SOLVE_LAPPED_INTERNAL_H

#include "solve/lapped.h"

/* One window along one axis. The Fourier basis is real: `half` cosines, then
 * `half` sines, the first of which is zero. Its period, 2 half - 1 nodes, is
 * odd, so that only the constant lacks a sine. */
typedef struct lapped_window {
  bool dense;     /* touches an outer edge: true rows instead of a symbol */
  bool centred;   /* reflected at the origin of a mirrored or radial axis */
  size_t start;   /* first node */
  size_t length;  /* nodes */
  size_t modes;   /* 2 half; dense: length */
  size_t padded;  /* at least both, whole vectors */
  double *weight; /* [length] */
  /* Fourier: weights included, zero beyond length and modes */
  double *forward;  /* [length][padded] */
  double *backward; /* [modes][padded] */
  double v;         /* where the coefficients are frozen */
  size_t node;      /* next to v */
  double *first;    /* dense: [length][length] first derivative */
  double *second;   /* dense: [length][length] second derivative */
} lapped_window;

/* One slot; the axes of a grid are right-aligned in three slots, the unused
 * ones have one node, one window and one mode. */
typedef struct lapped_axis {
  size_t n, half; /* nodes; cosines of a Fourier window, 0 on unused slots */
  size_t count;   /* windows */
  lapped_window *window;
  /* symbols at the frequencies 0 .. half - 1 and at their negatives */
  double *first;  /* [2 half] first derivative over i */
  double *second; /* [2 half] minus the second derivative */
  double top;     /* the largest of `second` on any window */
} lapped_axis;

lmx_status lmx_lapped_axis_init(lmx_context *context, const lmx_grid *grid,
                                int a, lapped_axis *axis);
void lmx_lapped_axis_clear(lapped_axis *axis);

/* lambda(k) = -sum a_ab s_a s_b + i b.s */
typedef struct lapped_coefficients {
  double a[3], mixed[3], b[3]; /* mixed: 01, 02, 12 */
} lapped_coefficients;

/* A window of the grid: one window per slot. Its values are a tile: slots in
 * their order, nodes or modes, the last slot padded. */
typedef struct lapped_box {
  const lapped_window *w[3];
  bool dense; /* in any slot */
  int paired; /* last Fourier slot, whose cosines and sines become real and
                 imaginary parts of the modes; -1 without one */
  size_t stride[3]; /* of the tile of modes */
  size_t unknowns;  /* of one mode: product of the dense lengths */
  bool identity;    /* too little stiffness to divide by anything */
  lapped_coefficients frozen;
  double *inverse; /* dense: one inverse per mode, see lapped_edge.c */
} lapped_box;

struct lmx_lapped {
  const lmx_model *model;
  const lmx_grid *grid;
  lapped_axis axis[3];
  size_t boxes;
  lapped_box *box;
  double gamma, reaction;
  double edge_gamma, edge_decay; /* of the inverses at the edges */
  double *tile, *other;          /* values of a box, by turns */
  double *work, *row;            /* of the dense systems */
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

/* p->tile, the values of a box, to modes and back (lapped_modes.c). A mode is
 * the coefficient of exp(-ik.x); it has a real and an imaginary part along the
 * paired slot, and both signs of its frequency along the other ones. */
void lmx_lapped_to_modes(lmx_lapped *p, const lapped_box *box, const double *r);
void lmx_lapped_from_modes(lmx_lapped *p, const lapped_box *box, double *z);

/* Doubles that a box with dense slots needs for its inverses, and those of the
 * workspaces. */
size_t lmx_lapped_edge_size(const lmx_lapped *p, const lapped_box *box);
size_t lmx_lapped_edge_work(const lapped_box *box);
size_t lmx_lapped_edge_row(const lapped_box *box);

/* Assembles and inverts the systems of a box with dense slots. */
void lmx_lapped_edge_setup(lmx_lapped *p, lapped_box *box, double t,
                           const double *const b[LMX_MAX_AXES]);

/* The modes in p->tile = inverse times themselves. */
void lmx_lapped_edge_apply(lmx_lapped *p, const lapped_box *box);

#endif
