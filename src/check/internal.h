/* The machinery shared by the statements of src/check: what a statement is
 * (lmx_check_class), what it may look at (lmx_check_env), and the quantities
 * computed once for all of them (moments, growth by shells, constants).
 *
 * A new statement is one file defining an lmx_check_class and one line in
 * the list below. */
#ifndef LMX_CHECK_INTERNAL_H
#define LMX_CHECK_INTERNAL_H

#include "check/identities.h"
#include "initial/tails.h"
#include "landaumax/check.h"

/* X(class) in the order of reports */
#define LMX_CHECK_CLASS_LIST(X)                                                \
  X(lmx_check_eq_1_2)                                                          \
  X(lmx_check_eq_3_1)                                                          \
  X(lmx_check_eq_3_4)                                                          \
  X(lmx_check_eq_3_5)                                                          \
  X(lmx_check_eq_3_6)                                                          \
  X(lmx_check_entropy)                                                         \
  X(lmx_check_hyp_1_9)                                                         \
  X(lmx_check_hyp_1_10)                                                        \
  X(lmx_check_hyp_1_11)                                                        \
  X(lmx_check_eq_3_7)                                                          \
  X(lmx_check_prop_3_1)                                                        \
  X(lmx_check_prop_3_2)                                                        \
  X(lmx_check_lem_4_1)                                                         \
  X(lmx_check_lem_4_2)                                                         \
  X(lmx_check_eq_4_1)                                                          \
  X(lmx_check_lem_4_5)                                                         \
  X(lmx_check_lem_4_6)                                                         \
  X(lmx_check_eq_4_5)                                                          \
  X(lmx_check_eq_4_6)                                                          \
  X(lmx_check_f_grad)                                                          \
  X(lmx_check_f_hess)                                                          \
  X(lmx_check_thm_2_3)                                                         \
  X(lmx_check_thm_2_4)                                                         \
  X(lmx_check_exact_error)                                                     \
  X(lmx_check_error_bar)

/* Global error over local tolerance that the checks grant the integration:
 * moments average errors out, single values do not. */
#define LMX_CHECK_SAFETY_MOMENT 1e2
#define LMX_CHECK_SAFETY_POINT 1e2

/* A statement evaluated at some expense for each node takes every k-th only,
 * so that these are about so many over all output times, and not fewer than
 * that at one. */
#define LMX_CHECK_SAMPLE 2048
#define LMX_CHECK_SAMPLE_LEAST 128

/* Integrals over the box at one output time. Axis n of a radial grid stands
 * for one of its m + 1 equivalent directions. */
typedef struct lmx_check_moments {
  double mass;
  double momentum[LMX_MAX_AXES]; /* zero by symmetry unless the axis is full */
  double second[LMX_MAX_AXES][LMX_MAX_AXES]; /* off-diagonal: full pairs */
  double energy;
  double entropy;      /* int f log(f/M) */
  double mean_abs_u;   /* int f |log(f/M)| */
  double outer_mass;   /* what lies beyond the box, by extrapolation ... */
  double outer_energy; /* ... for int f and int f |v|^2 */
  double largest;      /* max f */
} lmx_check_moments;

/* Constants of the Bernstein functions (docs/math.md, section 3), from the
 * data on the checked ball. */
typedef struct lmx_bernstein {
  double eta;    /* abar >= eta I: that of (3.5), or d - 1 times it */
  double K1, K2; /* constants of Lemmas 4.1 and 4.5 */
  double C, C1;  /* C and C' of (4.1) */
  double H, H1;  /* the pair C, C' used for the Hessian */
  double A, C2;  /* A and C'' */
  bool C1_edge;  /* C' is attained at the edge of the ball */
  bool H1_edge;  /* the same for the Hessian's pair and C'' */
} lmx_bernstein;

typedef struct lmx_check_constants {
  double gradient_limit; /* estimate of limsup |q0|^2 / (-log f0) */
  double hessian_limit;  /* estimate of limsup |K0|^2 / (log f0)^2 */
  double sup_log_f0;     /* over the ball, not only its nodes */
  lmx_bernstein printed; /* eta of (3.5), K1 = 4 d, K2 = 16 d */
  lmx_bernstein sharp;   /* (d-1) eta, K1 = 2 (d-1), K2 = 4 (d-1) */
} lmx_check_constants;

/* Quantities whose growth in |v| is followed. */
typedef enum {
  LMX_GROWTH_GRADIENT, /* |grad log f|, against 1 + sqrt t + |v| */
  LMX_GROWTH_HESSIAN,  /* |Hess log f|_F, against 1 + t + |v|^2 */
  LMX_GROWTH_RELATIVE, /* |Hess f / f|_F, against 1 + t + |v|^2 */
  LMX_GROWTH_KINDS
} lmx_growth_kind;

/* The node of a shell where the ratio is largest; ratio < 0: no node. */
typedef struct lmx_shell {
  double ratio, size, r;
  size_t node;
} lmx_shell;

typedef struct lmx_growth {
  size_t ntimes, nshells;
  double width;
  lmx_shell *shells; /* [LMX_GROWTH_KINDS][ntimes][nshells] */
  lmx_shell *tops;   /* [nshells] of log f0: `size` is its largest value */
} lmx_growth;

/* A measured power and its error. */
typedef struct lmx_power {
  double p, error;
  bool clear; /* a power it is */
} lmx_power;

/* How the shell maxima S(r) behave in the outer part of the ball. */
typedef struct lmx_growth_fit {
  size_t shells;   /* shells used; too few to judge: exponent is NaN */
  double exponent; /* of the growing part of S(r), locally at the edge */
  lmx_power power; /* of S(r) over the outer part */
  bool growing;    /* the ratio still grows towards |v| = R */
  bool excessive;  /* all signs of growth beyond the allowed power */
  bool doubtful;   /* the measured power exceeds the allowed one */
} lmx_growth_fit;

/* Decay of the shell maxima of log f0, with (1.9) in view. */
typedef struct lmx_decay {
  size_t shells;
  lmx_power power;     /* of sup log f0 - log f0 over the outer part */
  bool measured, slow; /* slow: by all signs slower than a Gaussian */
} lmx_decay;

/* The hypotheses on the data, in this order. */
typedef enum {
  LMX_HYPOTHESIS_GAUSSIAN, /* (1.9) */
  LMX_HYPOTHESIS_GRADIENT, /* (1.10) */
  LMX_HYPOTHESIS_HESSIAN,  /* (1.11) */
  LMX_HYPOTHESES
} lmx_hypothesis;

/* What the structure of the data says over R^d. */
typedef struct lmx_space {
  lmx_tails *tails; /* NULL: not known */
  lmx_tail_constants constants;
  bool other_data; /* known, but the state at t = 0 is not this data */
} lmx_space;

/* The smallest constants with which statements hold at one output time.
 * X(symbol, column of the table) */
#define LMX_SMALLEST_LIST(X)                                                   \
  X(LMX_SMALLEST_C0, "C_0 of (1.9)")                                           \
  X(LMX_SMALLEST_GRADIENT, "Theorem 2.3")                                      \
  X(LMX_SMALLEST_HESSIAN, "Theorem 2.4")                                       \
  X(LMX_SMALLEST_RELATIVE, "B of Theorem 1.7")                                 \
  X(LMX_SMALLEST_LOWER, "C_2'(t) of Proposition 3.2")                          \
  X(LMX_SMALLEST_C1_PRINTED, "C' with the printed C")                          \
  X(LMX_SMALLEST_C1_SHARP, "C' with the sharp C")                              \
  X(LMX_SMALLEST_C2_PRINTED, "C'' printed")                                    \
  X(LMX_SMALLEST_C2_SHARP, "C'' sharp")                                        \
  X(LMX_SMALLEST_K1, "K1 of Lemma 4.1")                                        \
  X(LMX_SMALLEST_K2, "K2 of Lemma 4.5")

typedef enum {
#define LMX_SMALLEST_ENUM(symbol, name) symbol,
  LMX_SMALLEST_LIST(LMX_SMALLEST_ENUM)
#undef LMX_SMALLEST_ENUM
      LMX_SMALLEST_KINDS
} lmx_smallest_kind;

/* One node of the ball. Valid during the call. */
typedef struct lmx_check_point {
  const lmx_jet *jet;
  size_t node;
  size_t ordinal; /* counts the nodes of the ball at this time */
  double r;       /* |v| */
  double q2;      /* |grad log f|^2 */
  double G2;      /* |Hess log f|_F^2 */
  double K2;      /* |Hess f / f|_F^2 */
  /* if a selected class uses lemmas: */
  const lmx_pointwise *pointwise;
  const lmx_jet *rate; /* of d_t log f */
} lmx_check_point;

/* A quantity h of the lemmas of Section 4 (lemma.h) on the grid. */
typedef struct lmx_lemma_field lmx_lemma_field;

/* The run's own right-hand side. */
typedef struct lmx_check_rate lmx_check_rate;

/* What the statements see. Read only for them, but for the tables. */
typedef struct lmx_check_env {
  lmx_context *context;
  const lmx_check_input *input;
  const lmx_check_moments *moments; /* [ntimes] */
  lmx_check_constants constants;    /* if a selected class uses them */
  lmx_growth growth;                /* if a selected class uses jets */
  lmx_space space;
  /* before `finish`, if a selected class uses jets: */
  lmx_verdict hypotheses[LMX_HYPOTHESES];
  lmx_decay decay;
  lmx_growth_fit start_fit[2]; /* gradient, Hessian at t = 0 */
  double accuracy;             /* of log f at a node, granted to the solver */
  double *true_error;  /* [ntimes] of log f in the ball, NaN where unknown */
  double *unexplained; /* [ntimes] the same beyond the exact solution's own */
  double *smallest;    /* [ntimes][LMX_SMALLEST_KINDS], NaN where unknown */
  /* for classes that use rates: the right-hand side, and d_t log f, [size],
   * of the current time; for those that use lemmas: jets of log f up to third
   * derivatives, and by differences of another order those of that rate, of
   * log f again (field_jets) and of the lemmas' quantities; jets at one point
   * to work with */
  lmx_check_rate *rates;
  double *rate;
  lmx_grid *other_grid; /* the nodes, with differences of another order */
  lmx_jets *jets, *rate_jets, *field_jets;
  lmx_jet *jet, *rate_jet, *field_jet;
  lmx_pointwise *pointwise;
  lmx_lemma_field *fields; /* [nfields] */
  size_t nfields;
  bool *blurred; /* [size] at the current time the grid does not resolve
                  * Hess f / f at this node of the ball or one nearby */
  /* at all times: nodes of the ball without resolution, nodes in |v| <= R/2,
   * and those of them where two differences are far apart */
  size_t unresolved, inside, apart;
  /* the current output time */
  size_t k;
  double t, radius;
  size_t ball; /* nodes in the ball at this time */
  /* totals */
  size_t points;     /* nodes visited, all times */
  size_t not_finite; /* nodes left out because the jet is not finite */
  size_t holes;      /* those where u is not */
  /* the same at t = 0 */
  size_t start_points, start_not_finite, start_holes;
  lmx_check_results *results;
} lmx_check_env;

enum {
  LMX_CHECK_USES_JETS = 1,      /* growth, and `point` */
  LMX_CHECK_USES_CONSTANTS = 2, /* implies jets */
  LMX_CHECK_DATA_ONLY = 4,      /* a statement about t = 0 */
  LMX_CHECK_USES_RATE = 8,      /* env->rate; implies jets */
  LMX_CHECK_USES_LEMMAS = 16    /* implies rates and third derivatives */
};

/* A statement. Functions may be NULL but for finish. `state` is memory
 * of state_size bytes, a copy of `initial` or else zeros. Order: begin, then
 * for every output time time, point on every node of the ball, end_time;
 * finish; release (also after errors, even when begin failed). */
typedef struct lmx_check_class {
  const char *id;
  const char *statement;
  unsigned uses;
  int derivatives; /* of log f in jets, 0..3 */
  size_t state_size;
  const void *initial; /* [state_size] or NULL */
  lmx_status (*begin)(lmx_check_env *env, void *state);
  lmx_status (*time)(lmx_check_env *env, void *state);
  void (*point)(const lmx_check_env *env, const lmx_check_point *point,
                void *state);
  lmx_status (*end_time)(lmx_check_env *env, void *state);
  lmx_status (*finish)(lmx_check_env *env, void *state,
                       lmx_check_result *result);
  void (*release)(void *state);
} lmx_check_class;

#define LMX_CHECK_CLASS_DECLARE(symbol) extern const lmx_check_class symbol;
LMX_CHECK_CLASS_LIST(LMX_CHECK_CLASS_DECLARE)
#undef LMX_CHECK_CLASS_DECLARE

/* --- run.c */
/* lmx_checks_run for n classes, of the registry or not, in this order. */
lmx_status lmx_checks_run_classes(lmx_context *context,
                                  const lmx_check_input *input, size_t n,
                                  const lmx_check_class *const *classes,
                                  lmx_check_results **out);

/* The nodes of a grid, with differences of another order. */
lmx_status lmx_check_other_grid(lmx_context *context, const lmx_grid *grid,
                                lmx_grid **out);

/* --- registry.c */
const lmx_check_class *lmx_check_class_at(size_t index);

/* --- result.c: filling a result */

/* Appends to the note; what does not fit is cut. */
void lmx_check_note(lmx_check_result *result, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* The same for a statement about the data. */
void lmx_check_note_data(const lmx_check_env *env, lmx_check_result *result);
/* "on |v| <= 6, 11234 nodes, 5 times", with the radii cut by trust. */
void lmx_check_note_ball(const lmx_check_env *env, lmx_check_result *result);
/* Sets where from a time and a point of [d]. */
void lmx_check_where(const lmx_check_env *env, lmx_check_result *result,
                     double t, const double *v);
/* Sets where for an integral over v. */
void lmx_check_when(lmx_check_result *result, double t);
/* The same as lmx_check_where from the number of a node. */
void lmx_check_where_node(const lmx_check_env *env, lmx_check_result *result,
                          double t, size_t node);
/* Info, without a value: for what was not looked at or has no bound. */
void lmx_check_no_claim(lmx_check_result *result);
/* value, bound, slack = bound - value, and holds iff value <= bound and both
 * are finite. */
void lmx_check_at_most(lmx_check_result *result, double value, double bound);
/* The largest deviation relative to what is allowed, over times and over
 * quantities numbered by the check. */
typedef struct lmx_check_worst {
  size_t taken;
  double load, value, bound;
  size_t k;
  int which;
} lmx_check_worst;

void lmx_check_worst_take(lmx_check_worst *worst, double value, double bound,
                          size_t k, int which);
void lmx_check_worst_result(const lmx_check_env *env,
                            const lmx_check_worst *worst,
                            lmx_check_result *result);

/* Adds an empty table to the results, which own it. */
lmx_status lmx_check_table(lmx_check_env *env, const char *name,
                           const char *title, const char *columns,
                           lmx_table **out);
/* Radius of the ball at output time k: the asked one or the trusted one. */
double lmx_check_radius(const lmx_check_input *input, size_t k);
/* Stride that keeps a sample of n nodes; odd, so that on even grids it does
 * not walk down a single column. */
size_t lmx_check_stride(const lmx_check_input *input, size_t n);

/* --- sup.c */

/* The supremum of a quantity over nodes and times. Starts zeroed. */
typedef struct lmx_check_sup {
  bool taken, taken_inside;
  double value;
  double inside; /* over |v| <= 0.9 R only */
  double t;      /* of the supremum, with the ball's radius and its node ... */
  double radius;
  size_t node;
  bool edge;                /* ... which lies in |v| > 0.9 R */
  size_t violations;        /* nodes where the bound is exceeded ... */
  size_t violations_inside; /* ... those in |v| <= 0.9 R */
} lmx_check_sup;

/* excess: what exceeds the bound if positive, of which `tolerance` is
 * granted; a NaN counts as a violation. */
void lmx_check_sup_take(const lmx_check_env *env, const lmx_check_point *point,
                        double value, double excess, double tolerance,
                        lmx_check_sup *sup);
/* value, bound and where; holds iff there are no violations. False, with a
 * note, if there was no node. */
bool lmx_check_sup_result(const lmx_check_env *env, const lmx_check_sup *sup,
                          double bound, lmx_check_result *result);
void lmx_check_sup_note_edge(const lmx_check_env *env, const lmx_check_sup *sup,
                             lmx_check_result *result);

double *lmx_check_smallest(const lmx_check_env *env, size_t k,
                           lmx_smallest_kind kind);
/* Raises the constant of the current time to `value`. */
void lmx_check_smallest_take(const lmx_check_env *env, lmx_smallest_kind kind,
                             double value);
lmx_status lmx_check_smallest_table(lmx_check_env *env);

/* --- moments.c */
void lmx_check_moments_compute(const lmx_check_input *input, size_t k,
                               lmx_check_moments *out);
/* Error allowed to int f p at output time k, p of degree 0, 1 or 2 and size
 * about |v_a|^degree: the integration's tolerance, what the box cannot hold,
 * and `quadrature`, the deviation at t = 0, where the data is exact: at most
 * 1e-5 of it is believed to be quadrature. */
double lmx_check_moment_allowance(const lmx_check_env *env, size_t k,
                                  int degree, double quadrature);
/* The part of the above that stems from the integration. */
double lmx_check_solver_allowance(const lmx_check_env *env, size_t k,
                                  int degree);

/* --- growth.c */
lmx_status lmx_growth_init(lmx_context *context, const lmx_check_input *input,
                           lmx_growth *growth);
void lmx_growth_release(lmx_growth *growth);
void lmx_growth_add(const lmx_check_env *env, const lmx_check_point *point,
                    lmx_growth *growth);
/* The shell that |v| = r <= R lies in. */
size_t lmx_growth_shell_of(const lmx_growth *growth, double r);
/* 1 + sqrt t + r or 1 + t + r^2. */
double lmx_growth_scale(lmx_growth_kind kind, double t, double r);
const lmx_shell *lmx_growth_shell(const lmx_growth *growth,
                                  lmx_growth_kind kind, size_t k, size_t s);
/* The shell with the largest ratio at output time k; NULL: no nodes. */
const lmx_shell *lmx_growth_sup(const lmx_growth *growth, lmx_growth_kind kind,
                                size_t k);
/* The largest over all times; *k says which. */
const lmx_shell *lmx_growth_sup_all(const lmx_growth *growth,
                                    lmx_growth_kind kind, size_t *k);
lmx_status lmx_growth_fit_edge(const lmx_check_env *env, lmx_growth_kind kind,
                               size_t k, lmx_growth_fit *fit);
lmx_status lmx_growth_tables(lmx_check_env *env);
/* The growth over the output times from `first` on: the time with the largest
 * exponent among the excessive ones, or among all if none is, and the number
 * of excessive ones. */
typedef struct lmx_growth_survey {
  size_t k, excessive;
  size_t last_excessive; /* output time */
  lmx_growth_fit fit;    /* at k */
} lmx_growth_survey;

lmx_status lmx_growth_look(const lmx_check_env *env, lmx_growth_kind kind,
                           size_t first, lmx_growth_survey *survey);
/* A hypothesis on the growth at t = 0: value is the sup of the ratio. */
lmx_status lmx_growth_hypothesis(const lmx_check_env *env, lmx_growth_kind kind,
                                 lmx_check_result *result);
/* From when on a growth bound without hypothesis is regained all the same. */
void lmx_growth_recovery(const lmx_check_env *env,
                         const lmx_growth_survey *survey,
                         lmx_check_result *result);
/* One sentence on the growth at output time k, appended to the note. */
void lmx_growth_note(const lmx_check_env *env, lmx_growth_kind kind, size_t k,
                     const lmx_growth_fit *fit, lmx_check_result *result);

/* --- power.c */
/* The power p of y = a + b x^p, x > 0 rising, by least squares; false: too few
 * points, or y is constant. */
bool lmx_measured_power(size_t n, const double *x, const double *y,
                        lmx_power *out);

/* --- decay.c */
void lmx_decay_measure(const lmx_check_env *env, lmx_decay *out);

/* --- between.c */
typedef double lmx_between_fn(const lmx_check_point *point, const void *user);
/* From the node at v, [d], where the function is at_node, to its largest value
 * nearby in the ball at output time k, by interpolation; moves v. Overwrites
 * env->jet. */
double lmx_check_between(const lmx_check_env *env, size_t k,
                         lmx_between_fn *function, const void *user, double *v,
                         double at_node);

/* --- hypotheses.c */
/* Finds the structure of the data and its suprema over R^d. */
lmx_status lmx_space_find(lmx_check_env *env);
void lmx_space_release(lmx_check_env *env);
/* Decides (1.9) to (1.11): by structure, else from the ball. */
lmx_status lmx_hypotheses_judge(lmx_check_env *env);
/* "(1.10)" */
const char *lmx_hypothesis_name(lmx_hypothesis which);
/* Whether all of them up to `last` do. */
bool lmx_hypotheses_hold(const lmx_check_env *env, lmx_hypothesis last);
/* A statement that rests on the hypotheses up to `last`: becomes info, with a
 * note, when one of them fails or is not resolved. False then. */
bool lmx_hypotheses_needed(const lmx_check_env *env, lmx_hypothesis last,
                           lmx_check_result *result);
/* The largest growth ratio at output time k on the ball, between nodes too;
 * NAN: no node. */
double lmx_growth_between(const lmx_check_env *env, lmx_growth_kind kind,
                          size_t k, double *v);
/* B of Theorem 1.7 at output time k: over R^d at t = 0 if that is known. */
double lmx_growth_B(const lmx_check_env *env, size_t k, bool *on_space);
/* One sentence on how a constant over R^d is known. */
void lmx_note_space(const lmx_check_env *env, const lmx_tail_sup *sup,
                    const char *name, lmx_check_result *result);

/* --- constants.c */
lmx_status lmx_check_constants_compute(lmx_check_env *env, lmx_jets *jets,
                                       lmx_jet *jet);
/* --- rate.c: d_t log f by the run's own right-hand side */
lmx_status lmx_check_rate_create(lmx_context *context,
                                 const lmx_check_input *input,
                                 lmx_check_rate **out);
void lmx_check_rate_destroy(lmx_check_rate **rate);
/* rate [size] = d_t log f at (t, u). */
void lmx_check_rate_compute(lmx_check_rate *r, double t, const double *u,
                            double *rate);
/* The unknown of the formulation, u or f, and its first three derivatives in
 * t at (t, u), [size] each. */
void lmx_check_rate_derivatives(lmx_check_rate *r, double t, const double *u,
                                double *y, double *first, double *second,
                                double *third);

/* --- walk.c: the nodes */

/* |v|^2. */
double lmx_check_node_r2(const lmx_grid *grid, size_t node);

/* Squares of the jet: |q|^2, |G|_F^2, |K|_F^2; false if not finite. */
bool lmx_check_point_fill(const lmx_jet *jet, lmx_check_point *point);
/* Nodes with |v| <= radius. */
size_t lmx_check_ball_count(const lmx_grid *grid, double radius);
/* The smallest spacing of the axes. */
double lmx_check_finest(const lmx_grid *grid);
/* Indices along the axes of a node. */
void lmx_check_node_indices(const lmx_grid *grid, size_t node, size_t *index);
/* Moves *node to the first node at or behind it with |v| <= radius; false at
 * the end of the grid. *r = |v|. */
bool lmx_check_ball_next(const lmx_grid *grid, double radius, size_t *node,
                         double *r);

/* --- maps.c: fields over the box, at three of the output times */

bool lmx_check_map_wanted(const lmx_check_env *env, size_t k);
/* An empty table with the coordinates of the grid and a column `value`. */
lmx_status lmx_check_map_create(lmx_check_env *env, const char *name,
                                const char *title, const char *value,
                                lmx_table **out);
/* Adds a field [grid->size] at output time k, thinned to some 160 (fine) or 80
 * points per axis. */
lmx_status lmx_check_map_add(lmx_check_env *env, size_t k, const double *field,
                             bool fine, lmx_table *table);

/* --- tables.c */
lmx_status lmx_check_state_tables(lmx_check_env *env);

#endif
