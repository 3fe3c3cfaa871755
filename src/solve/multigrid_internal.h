/* Shared by the files multigrid_*.c: one level and the operations on it.
 *
 * A level always has three axes; grids of one or two axes use the last ones
 * and have one point and no ghosts on the others.  Fields are in single
 * precision: a preconditioner needs no more, and the cycle is bound by memory
 * traffic.  They have one ghost layer around present axes and rows of aligned
 * length.
 *
 * With s_a = gamma a_aa / h_a^2, t_a = gamma b_a / (2 h_a) and
 * q_ab = gamma v_a v_b / (2 h_a h_b) the operator is
 *   A w = identity w - sum_a [ s_a (w_+ - 2 w + w_-) + t_a (w_+ - w_-) ]
 *         + sum_{a<b} q_ab (w_++ + w_-- - w_+- - w_-+). */
#ifndef LMX_SOLVE_MULTIGRID_INTERNAL_H
#define LMX_SOLVE_MULTIGRID_INTERNAL_H

#include "core/simd.h"
#include "solve/multigrid.h"

enum {
  LMX_MG_AXES = 3,
  LMX_MG_LANES = 16,  /* single-precision numbers in the widest register */
  LMX_MG_TAPS = 4,    /* fine nodes that one coarse node averages */
  LMX_MG_LEVELS = 24, /* more than any grid that fits into memory needs */
  LMX_MG_PANEL = 64   /* columns swept together along the slow axes */
};

/* How a field continues beyond one end of an axis. */
typedef enum {
  LMX_MG_REFLECT,     /* ghost = first node */
  LMX_MG_EXTRAPOLATE, /* by the parabola through the last three nodes */
  LMX_MG_ZERO         /* ghost = 0 */
} lmx_mg_end;

typedef struct lmx_mg_axis {
  int n;
  bool present;
  lmx_mg_end low, high;
  double h;
  float *v;     /* [n] nodes */
  float *v2;    /* [n] their squares */
  float *guard; /* [n] upwinding starts at |t| > s + guard identity */
  /* What the axis adds to the diagonal of A, ghosts eliminated:
   * alpha s + beta t. */
  float *alpha, *beta; /* [n] each */
  /* Ghosts in mixed differences: the coupling of lines along another axis
   * becomes that of t - 2 sigma q. */
  float *sigma; /* [n] */
  /* Interpolation from the next coarser level: fine node i is
   * weight[i] coarse[base[i]] + (1 - weight[i]) coarse[base[i] + 1], from
   * coarse ghosts at the ends. */
  int *base;     /* [n] */
  float *weight; /* [n] */
  /* Restriction to it: coarse node i is sum_k tap[4 i + k] fine[first[i]+k].*/
  int *first;  /* [n of the coarser level] */
  float *tap;  /* [n of the coarser level][LMX_MG_TAPS] */
  bool halved; /* the coarser level has exactly half the nodes */
} lmx_mg_axis;

/* Thomas algorithm for the lines along one axis, eliminated at set-up:
 * y_i = r_i - lower_i y_{i-1}, x_i = pivot_i y_i - upper_i x_{i+1}.
 * Along the contiguous axis stored transposed in blocks of LMX_MG_LANES rows;
 * along the others like fields. */
typedef struct lmx_mg_lines {
  float *lower, *pivot, *upper;
} lmx_mg_lines;

typedef struct lmx_mg_level {
  float *memory; /* holds every array below */
  int *indices;
  int naxes; /* present ones */
  lmx_mg_axis axis[LMX_MG_AXES];
  size_t stride[LMX_MG_AXES]; /* the last is 1 */
  size_t origin;              /* of node (0, 0, 0) */
  size_t total;               /* numbers in a field with its ghosts */
  float *z, *f, *r;           /* solution, right-hand side, work */
  float *t[LMX_MG_AXES];      /* gamma b_a / (2 h_a) */
  lmx_mg_lines lines[LMX_MG_AXES];
  float identity;        /* 1 - gamma reaction */
  float d[LMX_MG_AXES];  /* gamma / h_a^2 */
  float dc[LMX_MG_AXES]; /* gamma c_a / h_a^2 */
  float q[3]; /* gamma / (2 h_a h_b) of the pairs (0,1), (0,2), (1,2) */
} lmx_mg_level;

struct lmx_multigrid {
  const lmx_model *model;
  const lmx_grid *grid;
  lmx_outer outer;
  int nlevels; /* made */
  int depth;   /* worth visiting at the present gamma */
  lmx_mg_level level[LMX_MG_LEVELS];
  float *scratch;
};

/* Index of node (i, j, 0). */
LMX_INLINE size_t lmx_mg_row_at(const lmx_mg_level *level, int i, int j)
{
  return level->origin + (size_t)i * level->stride[0] +
         (size_t)j * level->stride[1];
}

LMX_INLINE float lmx_mg_larger(float x, float y)
{
  return x > y ? x : y;
}

LMX_INLINE float lmx_mg_absolute(float x)
{
  return x < 0.0f ? -x : x;
}

/* multigrid_level.c: layout. */
lmx_status lmx_mg_level_create(lmx_context *context, const lmx_grid *grid,
                               const int *n, lmx_outer outer,
                               lmx_mg_level *level);
void lmx_mg_level_link(lmx_mg_level *fine, const lmx_mg_level *coarse);
void lmx_mg_level_destroy(lmx_mg_level *level);
size_t lmx_mg_scratch_size(const lmx_mg_level *finest);

/* multigrid_edge.c: the ghosts of a field; differences of a residual and sums
 * of a correction (x, already added to z) at extrapolated edges. */
void lmx_mg_fill_ghosts(const lmx_mg_level *level, float *field);
void lmx_mg_edge_differences(const lmx_mg_level *level, float *r);
void lmx_mg_edge_sums(const lmx_mg_level *level, float *x, float *z);

/* multigrid_operator.c: r = f - A z, ghosts of z set; line factors. */
void lmx_mg_residual(const lmx_mg_level *level);
void lmx_mg_lines_setup(lmx_mg_level *level, float *scratch);

/* multigrid_line.c: r becomes omega (line solves along axis) r and is added
 * to z; z_is_zero sets z without reading it. */
void lmx_mg_solve_lines(const lmx_mg_level *level, int axis, float omega,
                        bool z_is_zero, float *scratch);

/* multigrid_transfer.c */
void lmx_mg_restrict(const lmx_mg_level *fine, const float *from,
                     const lmx_mg_level *coarse, float *to, float *scratch);
/* fine->z += interpolation of coarse->z, whose ghosts must be set. */
void lmx_mg_prolong_add(const lmx_mg_level *coarse, const lmx_mg_level *fine,
                        float *scratch);

#endif
