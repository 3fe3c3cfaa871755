/* report.txt: the run as a mathematician would want to read it. */
#include "layout.h"
#include "memory_file.h"
#include "wrap.h"

#include <math.h>
#include <string.h>

enum { WIDTH = 80, ID_MIN = 12, ID_MAX = 24 };

/* Smooth formulas have their moments to 1e-11. */
static const double WORTH_SAYING = 1e-10;

size_t lmx_report_count(const lmx_report *report, lmx_verdict verdict)
{
  size_t n = 0;
  for (size_t i = 0; i < report->checks->n; ++i)
    n += report->checks->items[i].status == verdict;
  return n;
}

size_t lmx_report_misprints(const lmx_report *report)
{
  size_t n = 0;
  for (size_t i = 0; i < report->checks->n; ++i)
    n += report->checks->items[i].status == LMX_FAILS &&
         report->checks->items[i].expected == LMX_FAILS;
  return n;
}

int lmx_report_dimension(const lmx_report *report)
{
  return report->solution != NULL ? report->solution->model.d
                                  : report->dimension;
}

static double length(const double *v, int d)
{
  double r2 = 0.0;
  for (int a = 0; a < d; ++a)
    r2 += v[a] * v[a];
  return sqrt(r2);
}

size_t lmx_report_nodes(const lmx_report *report)
{
  const lmx_grid *grid = report->solution->grid;
  double v[LMX_MAX_DIMENSION];
  size_t n = 0;
  for (size_t i = 0; i < grid->size; ++i) {
    lmx_grid_point(grid, i, v);
    n += length(v, grid->d) <= report->radius;
  }
  return n;
}

/* Eight numbers to a line, the next lines indented. */
static void print_vector(FILE *file, const double *v, int d, int indent)
{
  fputc('(', file);
  for (int a = 0; a < d; ++a) {
    if (a > 0 && a % 8 == 0)
      fprintf(file, ",\n%*s", indent, "");
    else if (a > 0)
      fputs(", ", file);
    fprintf(file, "%.4g", v[a]);
  }
  fputc(')', file);
}

/* --- what was solved --------------------------------------------------- */

static void print_problem(FILE *file, const lmx_report *report)
{
  const lmx_solution *s = report->solution;
  int d = s->model.d;
  double E[LMX_MAX_DIMENSION];
  for (int a = 0; a < d; ++a)
    E[a] = lmx_model_temperature(&s->model, a, 0.0);
  fprintf(file,
          "The spatially homogeneous Landau equation for Maxwellian molecules "
          "in dimension d = %d, normalised by (1.2), with initial data of kind "
          "\"%s\" and directional temperatures E(0) = diag",
          d, lmx_initial_kind_name(report->kind));
  print_vector(file, E, d, 0);
  fprintf(file, ", so eta = %.5g in (3.5). ", s->model.eta);
  fprintf(file, s->formulation == LMX_FORMULATION_LOG
                    ? "Solved for u = log(f/M) (log form)"
                    : "Solved for f with Fourier derivatives (density form)");
  fprintf(file, " up to t = %.6g", s->times[s->ntimes - 1]);
  fprintf(file, s->ntimes == 1 ? ", the only state." : ", %zu states.",
          s->ntimes);
  if (report->moments_error > WORTH_SAYING)
    fprintf(file,
            " The data has too few derivatives for more: its mass, mean and "
            "covariance are known to %.0e.",
            report->moments_error);
  fputc('\n', file);
}

static void print_grid(FILE *file, const lmx_grid *grid)
{
  for (int i = 0; i < grid->naxes; ++i) {
    const lmx_axis *axis = &grid->axis[i];
    double low = axis->kind == LMX_AXIS_FULL ? -axis->half_width : 0.0;
    fprintf(file, "  %-14s  %-8s  %4zu points on [%g, %g], spacing %.4g\n",
            i == 0 ? "grid" : "", lmx_axis_kind_name(axis->kind), axis->points,
            low, axis->half_width, axis->h);
  }
  fprintf(file, "  %-14s  %zu nodes, differences of order %d\n", "", grid->size,
          grid->order);
}

static void print_map(FILE *file, const lmx_affine *map)
{
  size_t d = (size_t)map->d;
  if (map->identity)
    return;
  fprintf(file, "  %-14s  v = R (x - m) / s, t = rho * (user's time)\n",
          "normalisation");
  fprintf(file, "  %-14s  rho = %.6g, s = %.6g, 1 user's time unit = %.6g\n",
          "", map->mass, map->scale, map->mass);
  fprintf(file, "  %-14s  m = ", "");
  print_vector(file, map->mean, map->d, 23);
  fputc('\n', file);
  for (size_t a = 0; a < d; ++a) {
    fprintf(file, "  %-14s  %s", "", a == 0 ? "R = " : "    ");
    print_vector(file, map->rotation + a * d, map->d, 23);
    fputc('\n', file);
  }
}

static void print_accuracy(FILE *file, const lmx_report *report)
{
  char sentence[400];
  lmx_solution_describe_accuracy(report->solution, report->accuracy,
                                 report->radius, sentence, sizeof sentence);
  if (sentence[0] == '\0')
    return;
  fputc('\n', file);
  lmx_wrap(file, sentence, 0, WIDTH);
}

static lmx_status print_head(lmx_context *context, FILE *file,
                             const lmx_report *report)
{
  lmx_memory_file memory;
  char *paragraph;
  const lmx_solution *s = report->solution;
  fprintf(file, "%s\ncase %s, landaumax %s\n\n", report->title,
          report->case_path, lmx_version());
  if (s == NULL) {
    lmx_wrap(file, report->about, 0, WIDTH);
    return LMX_OK;
  }
  LMX_TRY(lmx_memory_file_open(context, &memory));
  print_problem(memory.file, report);
  LMX_TRY(lmx_memory_file_close(context, &memory, &paragraph));
  lmx_wrap(file, paragraph, 0, WIDTH);
  fputc('\n', file);
  lmx_free(paragraph);
  print_grid(file, s->grid);
  fprintf(file, "  %-14s  rtol = %g, atol = %g\n", "tolerances", s->rtol,
          s->atol);
  if (report->exact_name != NULL)
    fprintf(file, "  %-14s  %s\n", "exact solution", report->exact_name);
  print_map(file, &s->map);
  print_accuracy(file, report);
  return LMX_OK;
}

/* --- verdicts ---------------------------------------------------------- */

static int id_width(const lmx_check_results *checks)
{
  int width = ID_MIN;
  for (size_t i = 0; i < checks->n; ++i) {
    int n = (int)strlen(checks->items[i].id);
    if (n > width && n <= ID_MAX)
      width = n;
  }
  return width;
}

static void print_cell(FILE *file, double x)
{
  if (isnan(x))
    fprintf(file, " %10s", "-");
  else
    fprintf(file, " %10.4g", x);
}

static void print_counts(FILE *file, const lmx_report *report)
{
  size_t holds = lmx_report_count(report, LMX_HOLDS);
  size_t fails = lmx_report_count(report, LMX_FAILS);
  size_t info = lmx_report_count(report, LMX_INFO);
  size_t misprints = lmx_report_misprints(report);
  fprintf(file, "\nVerdicts: %zu hold%s, %zu fail%s", holds,
          holds == 1 ? "s" : "", fails, fails == 1 ? "s" : "");
  if (misprints > 0)
    fprintf(file, " (%zu of them misprints, as expected)", misprints);
  fprintf(file, ", %zu for information\n\n", info);
}

static void print_verdicts(FILE *file, const lmx_report *report)
{
  int width = id_width(report->checks), d = lmx_report_dimension(report);
  print_counts(file, report);
  fprintf(file, "  %-*s  %-7s %10s %10s %10s  %s\n", width, "id", "verdict",
          "value", "bound", "slack", "tightest at");
  for (size_t i = 0; i < report->checks->n; ++i) {
    const lmx_check_result *c = &report->checks->items[i];
    fprintf(file, "  %-*s  %-7s", width, c->id, lmx_verdict_text(c->status));
    print_cell(file, c->value);
    print_cell(file, c->bound);
    print_cell(file, c->slack);
    double r = length(c->v, d);
    if (c->has_where)
      fprintf(file, "  t=%.3g", c->t);
    if (c->has_where && !isnan(r))
      fprintf(file, " |v|=%.3g", r);
    if (c->expected == LMX_FAILS)
      fputs(c->status == LMX_FAILS ? "  as expected" : "  expected to fail",
            file);
    fputc('\n', file);
  }
}

static void print_statements(FILE *file, const lmx_report *report)
{
  int d = lmx_report_dimension(report);
  fputs("\nStatements\n", file);
  for (size_t i = 0; i < report->checks->n; ++i) {
    const lmx_check_result *c = &report->checks->items[i];
    fprintf(file, "\n%s (%s)\n", c->id, lmx_verdict_text(c->status));
    lmx_wrap(file, c->statement, 2, WIDTH);
    if (c->has_where) {
      fprintf(file, "  tightest at t = %.6g", c->t);
      if (!isnan(length(c->v, d))) {
        fputs(", v = ", file);
        print_vector(file, c->v, d, 4);
      }
      fputc('\n', file);
    }
    if (c->note[0] != '\0')
      lmx_wrap(file, c->note, 4, WIDTH);
  }
}

/* --- solver and timing ------------------------------------------------- */

static void print_solver(FILE *file, const lmx_solver_stats *stats)
{
  int column = 0;
  fputs("\nSolver (CVODE: BDF, Newton, SPGMR)\n\n", file);
#define PRINT_COUNT(member, words)                                             \
  fprintf(file, "  %-24s %10ld%s", words, stats->member,                       \
          column % 2 == 1 ? "\n" : " ");                                       \
  ++column;
  LMX_STATS_COUNTS(PRINT_COUNT)
#undef PRINT_COUNT
  if (column % 2 == 1)
    fputc('\n', file);
  fprintf(file, "  %-24s %10d   %-24s %10.4g\n", "last order",
          stats->last_order, "last step", stats->last_step);
  if (stats->steps > 0)
    fprintf(file, "  %-24s %10.3g   %-24s %10.3g\n", "Krylov iterations/step",
            (double)stats->krylov_iterations / (double)stats->steps,
            "seconds in the solver", stats->wall_seconds);
}

static void print_timing(FILE *file, const lmx_report *report)
{
  fprintf(file,
          "\nSeconds: set-up %.3g, solve %.3g, checks %.3g, writing %.3g\n",
          report->seconds_setup, report->seconds_solve, report->seconds_check,
          report->seconds_write);
}

/* What a verdict is worth. */
static lmx_status print_closing(lmx_context *context, FILE *file,
                                const lmx_report *report)
{
  const lmx_solution *s = report->solution;
  lmx_memory_file memory;
  char *paragraph;
  double trust = INFINITY;
  if (s == NULL) {
    fputc('\n', file);
    lmx_wrap(file, report->closing, 0, WIDTH);
    return LMX_OK;
  }
  for (size_t k = 0; k < s->ntimes; ++k)
    trust = fmin(trust, s->trust[k]);
  LMX_TRY(lmx_memory_file_open(context, &memory));
  fprintf(memory.file,
          "\"holds\" means: sampled on |v| <= %g at %zu points and %zu times "
          "of a computed solution, which is evidence and not proof, or, of the "
          "data alone, over R^d by its structure, as its note then says.",
          report->radius, lmx_report_nodes(report), s->ntimes);
  if (trust < report->radius)
    fprintf(memory.file,
            " The solution is trustworthy up to the radius of its time only, "
            "at least |v| <= %.4g.",
            trust);
  LMX_TRY(lmx_memory_file_close(context, &memory, &paragraph));
  fputc('\n', file);
  lmx_wrap(file, paragraph, 0, WIDTH);
  lmx_free(paragraph);
  return LMX_OK;
}

lmx_status lmx_report_text(lmx_context *context, const lmx_report *report,
                           char **out)
{
  lmx_memory_file memory;
  char *text = NULL;
  LMX_TRY(lmx_memory_file_open(context, &memory));
  lmx_status status = print_head(context, memory.file, report);
  print_verdicts(memory.file, report);
  print_statements(memory.file, report);
  if (report->solution != NULL)
    print_solver(memory.file, &report->solution->stats);
  print_timing(memory.file, report);
  if (status == LMX_OK)
    status = print_closing(context, memory.file, report);
  lmx_status closed = lmx_memory_file_close(context, &memory, &text);
  if (status == LMX_OK)
    status = closed;
  if (status != LMX_OK) {
    lmx_free(text);
    return status;
  }
  *out = text;
  return LMX_OK;
}

lmx_status lmx_report_verdicts(lmx_context *context, const lmx_report *report,
                               char **out)
{
  lmx_memory_file memory;
  LMX_TRY(lmx_memory_file_open(context, &memory));
  print_verdicts(memory.file, report);
  return lmx_memory_file_close(context, &memory, out);
}
