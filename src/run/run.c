/* `landaumax run` and `landaumax check`: the run directory. */
#include "landaumax/run.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "landaumax/plot.h"
#include "run/solving.h"

/* Names inside a run directory. */
static const char case_name[] = "case.toml";
static const char solution_name[] = "solution.h5";
static const char checkpoint_name[] = "checkpoint.h5";

/* A run in progress: everything a stage hands to the next. */
typedef struct work {
  lmx_context *context;
  lmx_case *source;
  lmx_problem *problem;
  lmx_solution *solution;
  lmx_check_results *checks;
  const char *folder;
  char *checkpoint; /* path */
  lmx_report report;
} work;

static void clear(work *w)
{
  lmx_problem_destroy(&w->problem);
  lmx_solution_destroy(&w->solution);
  lmx_check_results_destroy(&w->checks);
  lmx_free(w->checkpoint);
}

static bool exists(const char *folder, const char *name)
{
  char path[4096];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  return access(path, F_OK) == 0;
}

static bool folder_is_empty(const char *folder)
{
  DIR *dir = opendir(folder);
  if (dir == NULL)
    return errno == ENOENT;
  bool empty = true;
  for (struct dirent *entry; empty && (entry = readdir(dir)) != NULL;)
    empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
  closedir(dir);
  return empty;
}

static lmx_status write_into(work *w, const char *name, const char *text)
{
  char *path;
  LMX_TRY(lmx_path_join(w->context, w->folder, name, &path));
  lmx_status status = lmx_file_write(w->context, path, text, strlen(text));
  lmx_free(path);
  return status;
}

static lmx_status same_case(work *w, const char *text)
{
  char *path, *stored;
  size_t bytes;
  LMX_TRY(lmx_path_join(w->context, w->folder, case_name, &path));
  lmx_status status = lmx_file_read(w->context, path, &stored, &bytes);
  lmx_free(path);
  if (status != LMX_OK)
    return status;
  bool same = strcmp(stored, text) == 0;
  lmx_free(stored);
  if (!same)
    return lmx_fail(w->context, LMX_ERR_USAGE,
                    "%s holds the run of another case; --resume needs the "
                    "same case, see %s/%s",
                    w->folder, w->folder, case_name);
  return LMX_OK;
}

/* Refuses folders that hold something else, or work that would be lost. */
static lmx_status claim_folder(work *w, const lmx_run_options *options)
{
  bool run = exists(w->folder, case_name);
  if (!run && !folder_is_empty(w->folder))
    return lmx_fail(w->context, LMX_ERR_USAGE,
                    "%s is not empty and not a run directory; choose another "
                    "with --out",
                    w->folder);
  if (exists(w->folder, checkpoint_name) && !options->resume)
    return lmx_fail(w->context, LMX_ERR_USAGE,
                    "%s holds an interrupted run: continue it with --resume, "
                    "or remove the folder",
                    w->folder);
  char *text;
  LMX_TRY(lmx_case_print(w->context, w->source, &text));
  lmx_status status = LMX_OK;
  if (run && options->resume)
    status = same_case(w, text);
  else {
    status = lmx_folder_create(w->context, w->folder);
    if (status == LMX_OK)
      status = write_into(w, case_name, text);
  }
  lmx_free(text);
  return status;
}

static lmx_status read_solution(work *w, const char *name)
{
  char *path;
  bool checkpoint;
  LMX_TRY(lmx_path_join(w->context, w->folder, name, &path));
  lmx_status status =
      lmx_solution_read(w->context, path, &checkpoint, &w->solution);
  lmx_free(path);
  return status;
}

static bool is_output(const lmx_case *c, double t)
{
  for (size_t i = 0; i < c->noutputs; ++i)
    if (c->outputs[i] == t)
      return true;
  return false;
}

static lmx_status solve(work *w, const lmx_run_options *options)
{
  const lmx_case *c = w->source;
  if (options->resume && exists(w->folder, solution_name) &&
      !exists(w->folder, checkpoint_name))
    return read_solution(w, solution_name);
  if (options->resume && exists(w->folder, checkpoint_name))
    LMX_TRY(read_solution(w, checkpoint_name));
  else
    LMX_TRY(lmx_solving_start(w->context, w->problem, NULL, &c->solver,
                              &w->solution));
  double last = w->solution->times[w->solution->ntimes - 1];
  if (last < c->end)
    LMX_TRY(lmx_solving_continue(w->context, &c->solver, c->noutputs,
                                 c->outputs, !is_output(c, last), w->checkpoint,
                                 options->checkpoint_interval, w->solution));
  char *path;
  LMX_TRY(lmx_path_join(w->context, w->folder, solution_name, &path));
  lmx_status status = lmx_solution_write(w->context, w->solution, false, path);
  lmx_free(path);
  return status;
}

static lmx_status check(work *w)
{
  const lmx_solution *s = w->solution;
  lmx_check_input input = {.model = &s->model,
                           .grid = s->grid,
                           .exact = w->problem->exact,
                           .formulation = s->formulation,
                           .rtol = s->rtol,
                           .atol = s->atol,
                           .radius = w->source->radius,
                           .ntimes = s->ntimes,
                           .times = s->times,
                           .u = (const double *const *)s->u,
                           .trust = s->trust};
  return lmx_checks_run(w->context, &input, 0, NULL, &w->checks);
}

static lmx_status write_tables(work *w)
{
  char *folder;
  LMX_TRY(lmx_path_join(w->context, w->folder, "tables", &folder));
  lmx_status status = lmx_folder_create(w->context, folder);
  for (size_t i = 0; status == LMX_OK && i < w->checks->ntables; ++i)
    status = lmx_table_write(w->context, folder, w->checks->tables[i]);
  lmx_free(folder);
  return status;
}

static lmx_status write_reports(work *w)
{
  lmx_report *r = &w->report;
  r->case_path = w->source->path;
  r->title = w->source->title;
  r->solution = w->solution;
  r->kind = lmx_initial_get_kind(w->problem->initial);
  r->exact_name =
      w->problem->exact != NULL ? lmx_exact_name(w->problem->exact) : NULL;
  r->radius = w->source->radius;
  r->checks = w->checks;
  char *text;
  LMX_TRY(lmx_report_json(w->context, r, &text));
  lmx_status status = write_into(w, "report.json", text);
  lmx_free(text);
  if (status != LMX_OK)
    return status;
  LMX_TRY(lmx_report_text(w->context, r, &text));
  status = write_into(w, "report.txt", text);
  lmx_free(text);
  return status;
}

static lmx_status verdict(const work *w, lmx_run_summary *summary)
{
  lmx_run_summary s = {.seconds_solve = w->report.seconds_solve};
  for (size_t i = 0; i < w->checks->n; ++i) {
    lmx_verdict status = w->checks->items[i].status;
    s.holds += status == LMX_HOLDS;
    s.fails += status == LMX_FAILS;
    s.info += status == LMX_INFO;
  }
  *summary = s;
  if (s.fails > 0)
    return lmx_fail(w->context, LMX_CHECK_FAILED,
                    "%zu of %zu checks failed; see %s/report.txt", s.fails,
                    w->checks->n, w->folder);
  return LMX_OK;
}

/* What follows the solution: checks, tables, reports. */
static lmx_status conclude(work *w)
{
  double start = lmx_seconds();
  LMX_TRY(check(w));
  double checked = lmx_seconds();
  LMX_TRY(write_tables(w));
  w->report.seconds_solve = w->solution->stats.wall_seconds;
  w->report.seconds_check = checked - start;
  w->report.seconds_write = lmx_seconds() - checked;
  return write_reports(w);
}

static lmx_status run(work *w, const lmx_run_options *options,
                      lmx_run_summary *summary)
{
  double start = lmx_seconds();
  LMX_TRY(lmx_problem_create(w->context, w->source, &w->problem));
  w->report.seconds_setup = lmx_seconds() - start;
  LMX_TRY(claim_folder(w, options));
  LMX_TRY(
      lmx_path_join(w->context, w->folder, checkpoint_name, &w->checkpoint));
  LMX_TRY(solve(w, options));
  LMX_TRY(conclude(w));
  if (w->source->figures)
    LMX_TRY(lmx_plot_run(w->context, w->folder, options->plots,
                         w->source->figures_format));
  remove(w->checkpoint);
  return verdict(w, summary);
}

lmx_status lmx_run(lmx_context *context, lmx_case *lmx_case_,
                   const lmx_run_options *options, lmx_run_summary *summary)
{
  work w = {.context = context, .source = lmx_case_, .folder = options->folder};
  lmx_status status = run(&w, options, summary);
  clear(&w);
  return status;
}

/* The case of a run directory. */
static lmx_status load_case(work *w)
{
  char *path;
  if (!exists(w->folder, case_name))
    return lmx_fail(w->context, LMX_ERR_IO, "%s is not a run directory: no %s",
                    w->folder, case_name);
  LMX_TRY(lmx_path_join(w->context, w->folder, case_name, &path));
  lmx_status status = lmx_case_load(w->context, path, 0, NULL, &w->source);
  lmx_free(path);
  return status;
}

static lmx_status check_again(work *w, lmx_run_summary *summary)
{
  LMX_TRY(load_case(w));
  double start = lmx_seconds();
  LMX_TRY(lmx_problem_create(w->context, w->source, &w->problem));
  w->report.seconds_setup = lmx_seconds() - start;
  LMX_TRY(read_solution(w, solution_name));
  LMX_TRY(conclude(w));
  return verdict(w, summary);
}

lmx_status lmx_run_check(lmx_context *context, const char *folder,
                         lmx_run_summary *summary)
{
  work w = {.context = context, .folder = folder};
  lmx_status status = check_again(&w, summary);
  clear(&w);
  lmx_case_destroy(&w.source);
  return status;
}

lmx_status lmx_run_plot(lmx_context *context, const char *folder,
                        const char *plots)
{
  work w = {.context = context, .folder = folder};
  lmx_status status = load_case(&w);
  if (status == LMX_OK)
    status = lmx_plot_run(context, folder, plots, w.source->figures_format);
  lmx_case_destroy(&w.source);
  return status;
}
