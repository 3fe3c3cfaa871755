/* What the files of the error bar share (docs/math.md, section 3.5): shells,
 * the radial barriers, the path through the computed states, and what is
 * recorded along it. */
#ifndef LMX_CHECK_ERROR_BAR_H
#define LMX_CHECK_ERROR_BAR_H

#include "check/internal.h"

#include <math.h>

enum {
  LMX_BAR_SHELLS = 160, /* at most */
  LMX_BAR_RATES = 20,   /* numbers k of the barriers C exp(k |v|^2 / 2) + D */
  LMX_BAR_SPLITS = 4,   /* radii within which D is in charge */
  LMX_BAR_MEANS = 5     /* geometric means f^(1-s) G^s, s = 1/32 .. 1/2 */
};

typedef struct lmx_bar_node {
  size_t index, shell;
  double r;
} lmx_bar_node;

/* Shells of the largest ball in the box; edge[ball] is the radius of the
 * checked ball. n = 0: no room between it and the outermost sphere. */
typedef struct lmx_bar_shells {
  size_t n, ball;
  double edge[LMX_BAR_SHELLS + 1];
  double least[LMX_BAR_SHELLS]; /* the smallest |v| of the shell's nodes */
  size_t nnodes;
  lmx_bar_node *nodes; /* [nnodes] within */
} lmx_bar_shells;

lmx_status lmx_bar_shells_init(lmx_context *context, const lmx_grid *grid,
                               double radius, lmx_bar_shells *shells);
void lmx_bar_shells_release(lmx_bar_shells *shells);
size_t lmx_bar_shell_of(const lmx_bar_shells *shells, double r);

/* fmax is a call. */
static inline double lmx_bar_larger(double x, double y)
{
  return x > y ? x : y;
}

/* A maximum that keeps a NaN. */
static inline void lmx_bar_raise(double *sup, double value)
{
  if (!(value <= *sup) && !isnan(*sup))
    *sup = value;
}

/* The linear equation for W, by its largest values over shells and a piece of
 * time. */
typedef struct lmx_bar_coefficients {
  double growth[LMX_BAR_RATES][LMX_BAR_SHELLS]; /* A w / w,
                                                   w = exp(k |v|^2 / 2) */
  double rho[LMX_BAR_SHELLS];                   /* |rho| */
} lmx_bar_coefficients;

/* A w / w for all k from |v|^2, v.abar v / |v|^2 and v.abar grad log f. */
void lmx_bar_growth(const lmx_model *model, double r2, double normal,
                    double drift, double *growth);
/* L w / w for all k less by 1, at most, if v.abar v <= normal |v|^2. */
void lmx_bar_growth_density(const lmx_model *model, double r2, double normal,
                            double *growth);

/* Radial supersolutions W <= C w / w(Lambda) + D on |v| <= Lambda, one for
 * each k and split: all of them bounds. */
typedef struct lmx_bar_profile {
  size_t n; /* shells; Lambda = edge[n] */
  double C[LMX_BAR_RATES][LMX_BAR_SPLITS], D[LMX_BAR_RATES][LMX_BAR_SPLITS];
  double lambda[LMX_BAR_RATES][LMX_BAR_SPLITS];  /* growth of C ... */
  double feed[LMX_BAR_RATES][LMX_BAR_SPLITS];    /* ... and of D by C */
  double shape[LMX_BAR_RATES][LMX_BAR_SHELLS];   /* largest w of the shell */
  double inverse[LMX_BAR_RATES][LMX_BAR_SHELLS]; /* largest 1/w */
  double outer[LMX_BAR_RATES];                   /* w at Lambda */
  double value[LMX_BAR_SHELLS];                  /* least bound of the shell */
} lmx_bar_profile;

/* W = 0; w is divided by w(Lambda). */
void lmx_bar_profile_init(const lmx_bar_shells *shells,
                          lmx_bar_profile *profile);
/* Barriers C w + D G relative to a G that changes in time, with
 * w = exp(k |v|^2 / 2), k less by 1: sets the tables of w / G from log G at
 * the edges, [n + 1], which is between `low` and `high`. */
void lmx_bar_profile_relative(const lmx_bar_shells *shells, const double *low,
                              const double *high, lmx_bar_profile *profile);
/* The same tables as in another profile. */
void lmx_bar_profile_share(const lmx_bar_profile *from,
                           lmx_bar_profile *profile);
/* The coefficients of the next piece of time. */
void lmx_bar_profile_prepare(const lmx_bar_shells *shells,
                             const lmx_bar_coefficients *coefficients,
                             lmx_bar_profile *profile);
/* dt further. rho: [n], |rho|; source: [n], the part of |rho| that feeds this
 * profile; boundary: W at |v| = Lambda. */
void lmx_bar_profile_advance(const lmx_bar_shells *shells, const double *rho,
                             const double *source, double boundary, double dt,
                             lmx_bar_profile *profile);
/* The least bounds, below `apriori` [n] unless NULL; barriers that became
 * larger than need be are lowered onto them. */
void lmx_bar_profile_settle(const lmx_bar_shells *shells, const double *apriori,
                            lmx_bar_profile *profile);

/* The Gaussian above the exact solution that stays lowest where |v| = outer,
 * over the output times; NaN if the data are below none. They are known in the
 * box only: it does not touch them at the edge, and is taken to be above them
 * beyond. */
typedef struct lmx_bar_gaussian {
  double theta0, log_c, delta;
} lmx_bar_gaussian;

void lmx_bar_gaussian_init(const lmx_check_input *input, double outer,
                           lmx_bar_gaussian *gaussian);
/* Its temperature, and its log at |v|^2 = r2. */
double lmx_bar_gaussian_theta(const lmx_model *model,
                              const lmx_bar_gaussian *gaussian, double t);
double lmx_bar_gaussian_log(const lmx_model *model,
                            const lmx_bar_gaussian *gaussian, double t,
                            double r2);

/* What feeds the geometric means C f^(1-s) G^s, by its largest values. */
typedef struct lmx_bar_feed {
  double source[LMX_BAR_MEANS]; /* |rho| (f/G)^s */
  double growth[LMX_BAR_MEANS]; /* |rho| - s |grad log(G/f)|^2 */
} lmx_bar_feed;

/* (f/G)^s for all s, and for s = 1, from that of the smallest: powers
 * [LMX_BAR_MEANS + 1]; this one from log G - log f. */
void lmx_bar_means_powers(double root, double *powers);
double lmx_bar_means_root(double above);
/* One point; spread: grad log(G/f) : abar grad log(G/f). */
void lmx_bar_means_take(double rho, double spread, const double *powers,
                        lmx_bar_feed *feed);
/* dt further. C: [LMX_BAR_MEANS] */
void lmx_bar_means_advance(const double *source, const double *growth,
                           double dt, double *C);
/* The least bound over f where log(G/f) <= above, and over G where log(f/G) <=
 * below. */
double lmx_bar_means_over_f(const double *C, double above);
double lmx_bar_means_over_gaussian(const double *C, double below);
/* C no larger than need be above what is known on n shells. */
void lmx_bar_means_lower(size_t n, const double *over_f,
                         const double *over_gaussian, const double *above,
                         const double *below, double *C);

/* The residual of the differences at nodes, by those of three orders, one of
 * them the grid's own. Starts zeroed. */
enum { LMX_BAR_ORDERS = 3 };

typedef struct lmx_bar_level {
  lmx_grid *grid; /* the nodes, with differences of another order */
  lmx_jets *jets; /* of the path, on it */
  lmx_jet *jet;   /* at a node */
} lmx_bar_level;

typedef struct lmx_bar_residual {
  int own;              /* the place of the grid's order among the three */
  double largest_ratio; /* of two terms that converge; < 0 if the grid has not
                           points enough for three orders */
  lmx_bar_level level[LMX_BAR_ORDERS - 1]; /* without the own, rising */
} lmx_bar_residual;

/* Sizes of d_t log f by one order less another: two in a row, and the own less
 * the highest. */
typedef struct lmx_bar_terms {
  double first, second, known;
} lmx_bar_terms;

lmx_status lmx_bar_residual_create(lmx_context *context, const lmx_grid *grid,
                                   lmx_bar_residual *out);
void lmx_bar_residual_release(lmx_bar_residual *residual);
/* From here on those of u, [size]. */
void lmx_bar_residual_set(lmx_bar_residual *residual, const double *u);
/* All at a node; the jet of the highest order. */
const lmx_jet *lmx_bar_residual_jet(lmx_bar_residual *residual, size_t node);
/* d_t log f by the equation. c: [d] */
double lmx_bar_time_derivative(const lmx_jet *jet, const double *c);
/* At the node of the last lmx_bar_residual_jet. rate: d_t u by the run. */
void lmx_bar_residual_at(const lmx_bar_residual *residual, const double *c,
                         double rate, lmx_bar_terms *terms);
/* From the largest terms of n shells: |rho| <= known + rest[j] second where
 * the differences converge, resolved[j]; where not, this is a guess. */
void lmx_bar_residual_rest(const lmx_bar_residual *residual, size_t n,
                           const double *first, const double *second,
                           double *rest, bool *resolved);

/* A path through the steps of a solve: between two of them a polynomial
 * through the last states, so that it is continuous and its defect contains
 * the error of the time integration. Starts zeroed. */
enum { LMX_BAR_PATH_STATES = 6 };

typedef struct lmx_bar_path {
  size_t size;
  lmx_check_rate *rates;
  size_t nstates; /* in the ring ... */
  size_t nused;   /* ... and those that the polynomial of the last step uses */
  double time[LMX_BAR_PATH_STATES]; /* latest first */
  double *u[LMX_BAR_PATH_STATES];
  double *rate[LMX_BAR_PATH_STATES]; /* [size] d_t u by the right-hand side */
  size_t nsample, *sample;           /* nodes that choose the polynomial */
  double *state;                     /* [size] for lmx_bar_path_state */
  double *defect;  /* [size] |d_t u - rate(u)| everywhere in the last step, a
                      bound */
  double *largest; /* [size] over all since lmx_bar_path_forget */
} lmx_bar_path;

/* Starts at times[0] with u[0]. */
lmx_status lmx_bar_path_begin(lmx_context *context,
                              const lmx_check_input *input, lmx_bar_path *path);
void lmx_bar_path_release(lmx_bar_path *path);
/* Goes on to the state u at t. */
void lmx_bar_path_step(lmx_bar_path *path, double t, const double *u);
/* Starts `largest` anew, with the last step unless `all`. */
void lmx_bar_path_forget(lmx_bar_path *path, bool all);
/* The path at a time of the last step: path->state. */
void lmx_bar_path_state(lmx_bar_path *path, double t);
#endif
