/* `landaumax converge`: grid, box and tolerance studies of a case. */
#include <math.h>
#include <string.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "landaumax/run.h"

enum { POINTS = 600, MAX_ROWS = 24 };

/* The last state of a run on one grid with one tolerance. */
typedef struct variant {
  lmx_axis_spec axes[LMX_MAX_AXES];
  lmx_solver_options options;
} variant;

typedef struct study {
  lmx_context *context;
  const lmx_case *source;
  const lmx_problem *problem;
  lmx_convergence *out;
  int d;
  double *points; /* [POINTS][d], |v| <= radius */
  lmx_jet *jet;   /* scratch */
  size_t values;  /* numbers per point: 1 + d + d d */
  double *own;    /* [POINTS][values] of the case as it stands, NULL before
                     it was run */
  lmx_converge_row own_row;
} study;

/* Random points, uniform in direction and in |v|, the same for every run. */
static lmx_status choose_points(study *s)
{
  gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
  if (rng == NULL)
    return lmx_fail(s->context, LMX_ERR_MEMORY, "out of memory");
  for (size_t i = 0; i < POINTS; ++i) {
    double *v = s->points + i * (size_t)s->d, r;
    gsl_ran_dir_nd(rng, (size_t)s->d, v);
    r = s->source->radius * gsl_rng_uniform(rng);
    for (int a = 0; a < s->d; ++a)
      v[a] *= r;
  }
  gsl_rng_free(rng);
  return LMX_OK;
}

static void store(const study *s, double *values)
{
  size_t d = (size_t)s->d;
  values[0] = s->jet->g;
  memcpy(values + 1, s->jet->q, d * sizeof *values);
  memcpy(values + 1 + d, s->jet->G, d * d * sizeof *values);
}

static lmx_status solve_variant(study *s, const variant *v, double *values,
                                double *seconds)
{
  lmx_solution *solution;
  lmx_status status = LMX_OK;
  LMX_TRY(lmx_problem_solve(s->context, s->problem, s->source, v->axes,
                            &v->options, &solution));
  const double *u = solution->u[solution->ntimes - 1];
  for (size_t i = 0; i < POINTS && status == LMX_OK; ++i) {
    status = lmx_interpolate(s->context, solution->grid, u,
                             s->points + i * (size_t)s->d, s->jet);
    store(s, values + i * s->values);
  }
  *seconds = solution->stats.wall_seconds;
  lmx_solution_destroy(&solution);
  return status;
}

static lmx_status exact_values(study *s, double *values)
{
  for (size_t i = 0; i < POINTS; ++i) {
    memcpy(s->jet->v, s->points + i * (size_t)s->d,
           (size_t)s->d * sizeof *s->jet->v);
    LMX_TRY(lmx_exact_eval(s->context, s->problem->exact, s->source->end,
                           s->jet, NULL));
    store(s, values + i * s->values);
  }
  return LMX_OK;
}

static double distance(const double *x, const double *y, size_t n)
{
  double sum = 0.0;
  for (size_t i = 0; i < n; ++i)
    sum += (x[i] - y[i]) * (x[i] - y[i]);
  return sqrt(sum);
}

/* The larger one, or NaN if one of them is: a point without log f has no
 * error. */
static double larger(double a, double b)
{
  return isnan(a) || a > b ? a : b;
}

/* Largest difference of value, gradient (2-norm), Hessian (Frobenius). */
static void compare(const study *s, const double *x, const double *y,
                    double *error)
{
  size_t d = (size_t)s->d;
  error[0] = error[1] = error[2] = 0.0;
  for (size_t i = 0; i < POINTS; ++i) {
    const double *a = x + i * s->values, *b = y + i * s->values;
    error[0] = larger(error[0], fabs(a[0] - b[0]));
    error[1] = larger(error[1], distance(a + 1, b + 1, d));
    error[2] = larger(error[2], distance(a + 1 + d, b + 1 + d, d * d));
  }
}

static bool has_nan(const double *x, size_t n)
{
  for (size_t i = 0; i < n; ++i)
    if (isnan(x[i]))
      return true;
  return false;
}

static void fill_nan(double *x, size_t n)
{
  for (size_t i = 0; i < n; ++i)
    x[i] = NAN;
}

static double spacing(const lmx_axis_spec *axis)
{
  return axis->half_width / (double)axis->points *
         (axis->kind == LMX_AXIS_FULL ? 2.0 : 1.0);
}

/* One run. What cannot be solved is a row without numbers that says why. */
static lmx_status run_row(study *s, const variant *v, double *values,
                          lmx_converge_row *row)
{
  lmx_status status = solve_variant(s, v, values, &row->seconds);
  row->h = spacing(&v->axes[0]);
  if (status != LMX_ERR_NUMERICS)
    return status;
  fill_nan(values, POINTS * s->values);
  /* a copy */
  return lmx_path_join(s->context, "", lmx_context_message(s->context),
                       &row->failed);
}

/* The case as it stands is in all three studies and run once. */
static lmx_status run_own(study *s, const variant *v, double *values,
                          lmx_converge_row *row)
{
  size_t bytes = POINTS * s->values * sizeof *values;
  if (s->own == NULL) {
    LMX_TRY(LMX_NEW_ARRAY(s->context, POINTS * s->values, &s->own));
    LMX_TRY(run_row(s, v, s->own, &s->own_row));
  }
  memcpy(values, s->own, bytes);
  row->h = s->own_row.h;
  row->seconds = s->own_row.seconds;
  return s->own_row.failed == NULL
             ? LMX_OK
             : lmx_path_join(s->context, "", s->own_row.failed, &row->failed);
}

/* Errors of the rows against the exact solution, else against the last one
 * that was solved; of the case, number `self`, only if that is another. */
static void find_errors(study *s, size_t n, size_t self, const double *values,
                        const double *exact, lmx_converge_row *rows)
{
  size_t count = POINTS * s->values, finest = n - 1;
  while (finest > 0 && has_nan(values + finest * count, count))
    --finest;
  const double *reference = exact != NULL ? exact : values + finest * count;
  for (size_t i = 0; i < n; ++i)
    compare(s, values + i * count, reference, rows[i].error);
  for (int k = 0; k < 3; ++k) {
    double part =
        exact != NULL || finest > self ? rows[self].error[k] : (double)NAN;
    s->out->estimate[k] = exact != NULL ? part : s->out->estimate[k] + part;
  }
}

/* Runs the variants of one block; the case itself is variant `self`. */
static lmx_status run_block(study *s, const char *what, size_t n,
                            const variant *variants, const double *parameters,
                            size_t self)
{
  size_t count = POINTS * s->values;
  double *values, *exact = NULL;
  lmx_status status = LMX_OK;
  LMX_TRY(LMX_NEW_ARRAY(s->context, (n + 1) * count, &values));
  lmx_converge_row *rows = s->out->rows + s->out->n;
  s->out->n += n; /* whatever becomes of them, they are released */
  for (size_t i = 0; i < n; ++i) {
    lmx_progress(s->context, "%s study: run %zu of %zu", what, i + 1, n);
    rows[i].what = what;
    rows[i].parameter = parameters[i];
    LMX_TRY_GOTO((i == self ? run_own : run_row)(s, &variants[i],
                                                 values + i * count, &rows[i]),
                 done);
  }
  if (s->problem->exact != NULL) {
    exact = values + n * count;
    LMX_TRY_GOTO(exact_values(s, exact), done);
  }
  find_errors(s, n, self, values, exact, rows);
done:
  lmx_free(values);
  return status;
}

/* Nothing can be compared when fewer than two grids were solved. */
static lmx_status need_two(study *s)
{
  size_t solved = 0;
  const char *why = "";
  for (size_t i = 0; i < s->out->n; ++i)
    if (s->out->rows[i].failed == NULL)
      ++solved;
    else
      why = s->out->rows[i].failed;
  if (solved >= 2)
    return LMX_OK;
  return lmx_fail(s->context, LMX_ERR_NUMERICS,
                  "%zu of %zu grids were solved, needed are two to compare; on "
                  "the finest of the others: %s",
                  solved, s->out->n, why);
}

/* Observed orders of the rows from `first` on, against the row before. */
static void observe_orders(study *s, size_t first)
{
  for (size_t i = first; i < s->out->n; ++i)
    for (int k = 0; k < 3; ++k) {
      lmx_converge_row *row = &s->out->rows[i], *before = row - 1;
      bool usable = i > first && row->error[k] > 0.0 &&
                    before->error[k] > 0.0 &&
                    fabs(before->h - row->h) > 1e-6 * row->h;
      row->order[k] = usable ? log(before->error[k] / row->error[k]) /
                                   log(before->h / row->h)
                             : NAN;
    }
}

/* Finer and coarser grids: factor sqrt 2 between neighbours, the case's own
 * grid last but one (last when an exact solution is the reference). */
static lmx_status grid_study(study *s, int levels)
{
  variant variants[MAX_ROWS];
  double parameters[MAX_ROWS];
  bool exact = s->problem->exact != NULL;
  size_t n = (size_t)levels, self = exact ? n - 1 : n - 2, first = s->out->n;
  for (size_t i = 0; i < n; ++i) {
    double factor = pow(2.0, 0.5 * ((double)i - (double)self));
    variants[i].options = s->source->solver;
    memcpy(variants[i].axes, s->problem->axes, sizeof variants[i].axes);
    for (int a = 0; a < s->problem->naxes; ++a) {
      size_t least = (size_t)s->problem->order / 2 + 4;
      size_t points =
          (size_t)lround(factor * (double)s->problem->axes[a].points);
      variants[i].axes[a].points = points < least ? least : points;
    }
    parameters[i] = (double)variants[i].axes[0].points;
  }
  LMX_TRY(run_block(s, "grid", n, variants, parameters, self));
  LMX_TRY(need_two(s));
  observe_orders(s, first);
  return LMX_OK;
}

/* Wider boxes at the same spacing. */
static lmx_status box_study(study *s)
{
  variant variants[3];
  double parameters[3];
  for (size_t i = 0; i < 3; ++i) {
    variants[i].options = s->source->solver;
    memcpy(variants[i].axes, s->problem->axes, sizeof variants[i].axes);
    for (int a = 0; a < s->problem->naxes; ++a) {
      lmx_axis_spec *axis = &variants[i].axes[a];
      size_t points = axis->points;
      axis->points += (points * i + 7) / 8;
      axis->half_width *= (double)axis->points / (double)points;
    }
    parameters[i] = variants[i].axes[0].half_width;
  }
  size_t first = s->out->n;
  LMX_TRY(run_block(s, "box", 3, variants, parameters, 0));
  observe_orders(s, first);
  return LMX_OK;
}

static lmx_status tolerance_study(study *s)
{
  variant variants[3];
  double parameters[3];
  for (size_t i = 0; i < 3; ++i) {
    variants[i].options = s->source->solver;
    memcpy(variants[i].axes, s->problem->axes, sizeof variants[i].axes);
    double factor = pow(10.0, 1.0 - (double)i);
    variants[i].options.rtol *= factor;
    variants[i].options.atol *= factor;
    parameters[i] = variants[i].options.rtol;
  }
  size_t first = s->out->n;
  LMX_TRY(run_block(s, "tolerance", 3, variants, parameters, 1));
  observe_orders(s, first);
  return LMX_OK;
}

static lmx_status converge(study *s, lmx_case *source, int levels)
{
  s->d = source->dimension;
  s->values = 1 + (size_t)s->d * (size_t)(s->d + 1);
  LMX_TRY(LMX_NEW_ARRAY(s->context, POINTS * (size_t)s->d, &s->points));
  LMX_TRY(lmx_jet_create(s->context, s->d, &s->jet));
  LMX_TRY(LMX_NEW_ARRAY(s->context, MAX_ROWS, &s->out->rows));
  s->out->against_exact = s->problem->exact != NULL;
  LMX_TRY(choose_points(s));
  LMX_TRY(grid_study(s, levels));
  /* beyond the box of a table's run nothing is known */
  if (source->initial.kind != LMX_INITIAL_TABLE)
    LMX_TRY(box_study(s));
  return tolerance_study(s);
}

lmx_status lmx_converge(lmx_context *context, lmx_case *lmx_case_, int levels,
                        lmx_convergence **out)
{
  if (levels < 3 || levels > MAX_ROWS - 6)
    return lmx_fail(context, LMX_ERR_USAGE, "levels is %d, allowed is 3 to %d",
                    levels, MAX_ROWS - 6);
  lmx_problem *problem = NULL;
  study s = {.context = context, .source = lmx_case_};
  LMX_TRY(lmx_problem_create(context, lmx_case_, &problem));
  s.problem = problem;
  lmx_status status = LMX_NEW_ARRAY(context, 1, &s.out);
  if (status == LMX_OK)
    status = converge(&s, lmx_case_, levels);
  lmx_free(s.points);
  lmx_free(s.own);
  lmx_free(s.own_row.failed);
  lmx_jet_destroy(&s.jet);
  lmx_problem_destroy(&problem);
  if (status == LMX_OK)
    *out = s.out;
  else
    lmx_convergence_destroy(&s.out);
  return status;
}

void lmx_convergence_destroy(lmx_convergence **convergence)
{
  if (convergence == NULL || *convergence == NULL)
    return;
  for (size_t i = 0; i < (*convergence)->n; ++i)
    lmx_free((*convergence)->rows[i].failed);
  lmx_free((*convergence)->rows);
  lmx_free(*convergence);
  *convergence = NULL;
}
