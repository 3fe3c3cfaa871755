/* landaumax probe */
#include <ctype.h>
#include <errno.h>
#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"

typedef struct probe {
  lmx_context *context;
  lmx_solution *solution;
  size_t index; /* of the stored time */
  bool normalised;
  lmx_jet *jet;
} probe;

/* The stored time equal to t within rounding. */
static lmx_status find_time(probe *p, double t)
{
  const lmx_solution *s = p->solution;
  for (size_t i = 0; i < s->ntimes; ++i)
    if (fabs(s->times[i] - t) <= 1e-12 * fmax(1.0, fabs(t))) {
      p->index = i;
      return LMX_OK;
    }
  char times[512] = "";
  size_t used = 0;
  for (size_t i = 0; i < s->ntimes && used < sizeof times - 32; ++i)
    used += (size_t)snprintf(times + used, sizeof times - used, " %.12g",
                             s->times[i]);
  return lmx_fail(p->context, LMX_ERR_USAGE,
                  "no state is stored at t = %.12g; stored times are%s", t,
                  times);
}

static lmx_status read_point(probe *p, char *line, size_t number, double *v)
{
  int d = p->solution->model.d;
  char *at = line, *end;
  for (int a = 0; a < d; ++a, at = end) {
    v[a] = strtod(at, &end);
    bool separate = *end == '\0' || isspace((unsigned char)*end);
    if (end == at || !separate || !isfinite(v[a]))
      return lmx_fail(p->context, LMX_ERR_USAGE,
                      "standard input:%zu: a point has %d finite numbers",
                      number, d);
  }
  while (isspace((unsigned char)*at))
    ++at;
  if (*at != '\0')
    return lmx_fail(p->context, LMX_ERR_USAGE,
                    "standard input:%zu: a point has %d numbers, not more",
                    number, d);
  return LMX_OK;
}

static void print_jet(const probe *p)
{
  const lmx_jet *jet = p->jet;
  int d = jet->d;
  printf("%.17g", p->solution->times[p->index]);
  for (int a = 0; a < d; ++a)
    printf(" %.17g", jet->v[a]);
  printf(" %.17g", jet->g);
  for (int a = 0; a < d; ++a)
    printf(" %.17g", jet->q[a]);
  for (int a = 0; a < d * d; ++a)
    printf(" %.17g", jet->G[a]);
  putchar('\n');
}

/* Beyond the ball of a grid that is one nothing was solved. */
static lmx_status refuse_outside(const probe *p, const double *v)
{
  const lmx_grid *grid = p->solution->grid;
  double r2 = 0.0, L = lmx_grid_radius(grid);
  for (int a = 0; a < grid->d; ++a)
    r2 += v[a] * v[a];
  if (!lmx_grid_is_ball(grid) || sqrt(r2) <= L)
    return LMX_OK;
  return lmx_fail(p->context, LMX_ERR_USAGE,
                  "|v| is %.12g in normalised coordinates, outside the ball "
                  "|v| <= %g",
                  sqrt(r2), L);
}

static lmx_status evaluate(probe *p, const double *point, size_t number)
{
  const lmx_solution *s = p->solution;
  double v[LMX_MAX_DIMENSION];
  if (p->normalised)
    memcpy(v, point, (size_t)s->model.d * sizeof *v);
  else
    lmx_affine_to_normalised(&s->map, point, v);
  lmx_status status = refuse_outside(p, v);
  if (status == LMX_OK)
    status = lmx_interpolate(p->context, s->grid, s->u[p->index], v, p->jet);
  if (status != LMX_OK) {
    char why[512];
    snprintf(why, sizeof why, "%s", lmx_context_message(p->context));
    return lmx_fail(p->context, status, "standard input:%zu: %s", number, why);
  }
  if (!p->normalised) {
    lmx_affine_jet_to_user(&s->map, p->jet);
    memcpy(p->jet->v, point, (size_t)s->model.d * sizeof *point);
  }
  print_jet(p);
  return LMX_OK;
}

static bool is_blank(const char *line)
{
  while (isspace((unsigned char)*line))
    ++line;
  return *line == '\0' || *line == '#';
}

static lmx_status answer(probe *p)
{
  char *line = NULL;
  size_t capacity = 0, number = 0;
  double point[LMX_MAX_DIMENSION];
  lmx_status status = LMX_OK;
  ssize_t n;
  while (status == LMX_OK && !lmx_context_interrupted(p->context) &&
         ferror(stdout) == 0 && (n = getline(&line, &capacity, stdin)) >= 0) {
    ++number;
    if (strlen(line) != (size_t)n)
      status = lmx_fail(p->context, LMX_ERR_USAGE,
                        "standard input:%zu: holds a zero byte", number);
    if (status != LMX_OK || is_blank(line))
      continue;
    status = read_point(p, line, number, point);
    if (status == LMX_OK)
      status = evaluate(p, point, number);
  }
  int reason = errno;
  free(line);
  if (lmx_context_interrupted(p->context))
    return lmx_fail(p->context, LMX_INTERRUPTED, "interrupted");
  if (status == LMX_OK && ferror(stdin))
    return lmx_fail(p->context, LMX_ERR_IO, "standard input: %s",
                    strerror(reason));
  return status;
}

/* The finished solution, else what an interrupted or failed run reached. */
static lmx_status read_states(probe *p, const char *folder)
{
  char *path, *partial;
  bool checkpoint;
  LMX_TRY(lmx_run_complete(p->context, folder));
  LMX_TRY(lmx_path_join(p->context, folder, "solution.h5", &path));
  lmx_status status =
      lmx_path_join(p->context, folder, "checkpoint.h5", &partial);
  if (status == LMX_OK) {
    bool use = access(path, F_OK) != 0 && access(partial, F_OK) == 0;
    status = lmx_solution_read(p->context, use ? partial : path, &checkpoint,
                               &p->solution);
    lmx_free(partial);
  }
  lmx_free(path);
  return status;
}

static lmx_status probe_run(probe *p, const char *folder, const char *time)
{
  char *end;
  LMX_TRY(read_states(p, folder));
  p->index = p->solution->ntimes - 1;
  if (time != NULL) {
    double t = strtod(time, &end);
    if (end == time || *end != '\0')
      return lmx_cli_usage(p->context, &lmx_command_probe,
                           "probe: --time takes a number, not \"%s\"", time);
    LMX_TRY(find_time(p, t));
  }
  LMX_TRY(lmx_jet_create(p->context, p->solution->model.d, &p->jet));
  return answer(p);
}

static lmx_status run(lmx_context *context, int argc, char **argv)
{
  static const struct option options[] = {
      {"time", required_argument, NULL, 't'},
      {"coordinates", required_argument, NULL, 'c'},
      {NULL, 0, NULL, 0}};
  const char *time = NULL, *coordinates = "user";
  opterr = 0;
  optind = 1;
  for (int c; (c = getopt_long(argc, argv, ":t:c:", options, NULL)) != -1;)
    switch (c) {
    case 't':
      time = optarg;
      break;
    case 'c':
      coordinates = optarg;
      break;
    default:
      return lmx_cli_option(context, &lmx_command_probe, c, argv);
    }
  probe p = {.context = context,
             .normalised = strcmp(coordinates, "normalised") == 0};
  if (!p.normalised && strcmp(coordinates, "user") != 0)
    return lmx_cli_usage(context, &lmx_command_probe,
                         "probe: --coordinates is \"%s\", allowed are user "
                         "and normalised",
                         coordinates);
  const char *folder =
      lmx_cli_operand(context, &lmx_command_probe, argc, argv, optind, "DIR");
  if (folder == NULL)
    return LMX_ERR_USAGE;
  lmx_status status = probe_run(&p, folder, time);
  lmx_jet_destroy(&p.jet);
  lmx_solution_destroy(&p.solution);
  return status;
}

const lmx_command lmx_command_probe = {
    .name = "probe",
    .synopsis = "probe DIR [--time T] [--coordinates user|normalised]",
    .summary = "log f, gradient and Hessian at points of one's choice",
    .help =
        "Reads points \"v1 .. vd\", one a line, from standard input (blank\n"
        "lines and lines beginning with # are passed over) and prints\n"
        "  t v1 .. vd log_f grad_1 .. grad_d hess_11 hess_12 .. hess_dd\n"
        "in %.17g, the Hessian row by row.\n"
        "\n"
        "  --time T         one of the stored times (default: the last)\n"
        "  --coordinates C  user (default: those of the case file) or\n"
        "                   normalised (mass 1, mean 0, energy d)\n"
        "\n"
        "Of an interrupted run the states reached so far are probed.\n"
        "Times are always those of the normalised equation; report.txt gives\n"
        "their relation to the user's.\n",
    .run = run};
