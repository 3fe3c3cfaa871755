/* The run directory: who may work in it, and when the results of one run take
 * the place of another's. */
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "case/identity.h"
#include "landaumax/io.h"
#include "run/folder.h"

/* What a finished run has besides case.toml, tables and figures. */
static const char *const result_files[] = {LMX_SOLUTION_NAME, "report.txt",
                                           "report.json", "report.html"};
/* What a run under way leaves; removed from the last to the first. */
static const char *const work_files[] = {LMX_FAILED_NAME, LMX_PARTICLES_NAME,
                                         LMX_CHECKPOINT_NAME,
                                         LMX_SOLUTION_NAME};
enum {
  RESULT_FILES = sizeof result_files / sizeof *result_files,
  WORK_FILES = sizeof work_files / sizeof *work_files
};

static lmx_status remove_file(lmx_context *context, const char *folder,
                              const char *name)
{
  char *file;
  LMX_TRY(lmx_path_join(context, folder, name, &file));
  lmx_status status = LMX_OK;
  if (unlink(file) != 0 && errno != ENOENT)
    status = lmx_folder_fail(context, "remove", file);
  lmx_free(file);
  return status;
}

static lmx_status remove_files(lmx_context *context, const char *folder,
                               size_t n, const char *const *names)
{
  for (size_t i = 0; i < n; ++i)
    LMX_TRY(remove_file(context, folder, names[i]));
  return LMX_OK;
}

/* --- what a folder holds --------------------------------------------- */

static bool has_any(const char *folder, size_t n, const char *const *names)
{
  bool any = false;
  for (size_t i = 0; i < n; ++i)
    any = any || lmx_folder_has(folder, names[i]);
  return any;
}

/* States of a run that has not ended by itself. */
static bool holds_checkpoint(const char *folder)
{
  return lmx_folder_has(folder, LMX_CHECKPOINT_NAME) ||
         lmx_folder_has(folder, LMX_PARTICLES_NAME);
}

static bool is_foreign(const char *name)
{
  return strcmp(name, ".") != 0 && strcmp(name, "..") != 0 &&
         !lmx_folder_unfinished_case(name);
}

static lmx_status refuse_foreign(lmx_context *context, const char *path)
{
  lmx_status status = LMX_OK;
  DIR *dir = opendir(path);
  if (dir == NULL)
    return lmx_folder_fail(context, "read folder", path);
  for (struct dirent *e; status == LMX_OK && (e = readdir(dir)) != NULL;)
    if (is_foreign(e->d_name))
      status = lmx_fail(context, LMX_ERR_USAGE,
                        "%s is not empty and not a run directory (it holds "
                        "%s); choose another with --out",
                        path, e->d_name);
  closedir(dir);
  return status;
}

static lmx_status refuse_interrupted(lmx_context *context, const char *folder)
{
  return lmx_fail(context, LMX_ERR_USAGE,
                  "%s holds an interrupted run: continue it with --resume, "
                  "or remove the folder",
                  folder);
}

/* Length of the part both texts begin with, cut back to whole lines. */
static size_t common_lines(const char *x, const char *y)
{
  size_t n = 0, line = 0;
  while (x[n] != '\0' && x[n] == y[n])
    if (x[n++] == '\n')
      line = n;
  return line;
}

/* The keys that decide the results, of the case in a folder; the caller's. */
static lmx_status read_part(lmx_context *context, const char *folder,
                            lmx_case_part part, char **text)
{
  char *file;
  lmx_case *stored;
  LMX_TRY(lmx_path_join(context, folder, LMX_CASE_NAME, &file));
  lmx_status status = lmx_case_load(context, file, 0, NULL, &stored);
  lmx_free(file);
  LMX_TRY(status);
  status = lmx_case_print_part(context, stored, part, text);
  lmx_case_destroy(&stored);
  return status;
}

static lmx_status compare_parts(lmx_context *context, const char *path,
                                const char *stored, const char *text)
{
  if (strcmp(stored, text) == 0)
    return LMX_OK;
  size_t n = common_lines(stored, text);
  int there = (int)strcspn(stored + n, "\n");
  int here = (int)strcspn(text + n, "\n");
  return lmx_fail(context, LMX_ERR_USAGE,
                  "%s holds the run of another case: its %s says \"%.*s\", "
                  "this case \"%.*s\"; --resume needs the same",
                  path, LMX_CASE_NAME, there < 200 ? there : 200, stored + n,
                  here < 200 ? here : 200, text + n);
}

static lmx_status require_same_case(lmx_context *context, const char *path,
                                    const lmx_case *lmx_case_,
                                    lmx_case_part part)
{
  char *stored, *text = NULL;
  LMX_TRY(read_part(context, path, part, &stored));
  lmx_status status = lmx_case_print_part(context, lmx_case_, part, &text);
  if (status == LMX_OK)
    status = compare_parts(context, path, stored, text);
  lmx_free(stored);
  lmx_free(text);
  return status;
}

/* --- claiming -------------------------------------------------------- */

/* The new case.toml comes last: a folder never holds the results of one case
 * beside the text of another. */
static lmx_status begin_in(lmx_context *context, const char *folder,
                           const char *text)
{
  LMX_TRY(remove_files(context, folder, RESULT_FILES, result_files));
  LMX_TRY(lmx_run_folder_clear_tables(context, folder));
  LMX_TRY(lmx_run_folder_clear_figures(context, folder));
  /* failed.txt after the states that it frees, which come before it here */
  for (int i = WORK_FILES - 1; i >= 0; --i)
    LMX_TRY(remove_file(context, folder, work_files[i]));
  return lmx_run_folder_write(context, folder, LMX_CASE_NAME, text);
}

static lmx_status remove_attempt(lmx_context *context, const char *attempt)
{
  LMX_TRY(lmx_run_folder_clear_results(context, attempt));
  for (int i = WORK_FILES - 1; i >= 0; --i)
    LMX_TRY(remove_file(context, attempt, work_files[i]));
  LMX_TRY(remove_file(context, attempt, LMX_CASE_NAME));
  if (rmdir(attempt) != 0 && errno != ENOENT && errno != ENOTEMPTY &&
      errno != EEXIST)
    return lmx_folder_fail(context, "remove", attempt);
  return LMX_OK;
}

/* What is asked for. */
typedef struct request {
  const char *path, *text; /* the folder, the whole case */
  const lmx_case *source;
  lmx_case_part part;
  bool resume;
} request;

/* Where a run of the case was at work. The attempt comes first, unless there
 * is nothing in it and the folder itself is of this case. What decides nothing
 * may have changed: case.toml is written anew. */
static lmx_status find_resumed(lmx_context *context, const request *r,
                               const char *attempt, bool *inside)
{
  *inside = lmx_folder_has(attempt, LMX_CASE_NAME);
  if (*inside && !has_any(attempt, WORK_FILES, work_files) &&
      require_same_case(context, r->path, r->source, r->part) == LMX_OK)
    *inside = false;
  const char *work = *inside ? attempt : r->path;
  LMX_TRY(require_same_case(context, work, r->source, r->part));
  LMX_TRY(remove_file(context, work, LMX_FAILED_NAME));
  LMX_TRY(lmx_run_folder_write(context, work, LMX_CASE_NAME, r->text));
  return *inside ? LMX_OK : remove_attempt(context, attempt);
}

/* A folder whose run has failed may be taken, one whose run was stopped not. */
static lmx_status begin(lmx_context *context, const request *r,
                        const char *attempt, bool *inside)
{
  const char *path = r->path;
  bool solved = lmx_folder_has(attempt, LMX_SOLUTION_NAME);
  if ((holds_checkpoint(attempt) || solved) &&
      !lmx_folder_has(attempt, LMX_FAILED_NAME))
    return refuse_interrupted(context, attempt);
  if (holds_checkpoint(path) && !lmx_folder_has(path, LMX_FAILED_NAME))
    return refuse_interrupted(context, path);
  *inside = has_any(path, RESULT_FILES, result_files);
  LMX_TRY(remove_attempt(context, attempt));
  if (!*inside)
    return begin_in(context, path, r->text);
  LMX_TRY(lmx_folder_create(context, attempt));
  return lmx_run_folder_write(context, attempt, LMX_CASE_NAME, r->text);
}

static lmx_status claim(lmx_context *context, const request *r,
                        const char *attempt, bool *inside)
{
  *inside = false;
  if (!lmx_folder_has(r->path, LMX_CASE_NAME)) {
    LMX_TRY(refuse_foreign(context, r->path));
    LMX_TRY(lmx_run_folder_clear_temporaries(context, r->path));
    return lmx_run_folder_write(context, r->path, LMX_CASE_NAME, r->text);
  }
  return r->resume ? find_resumed(context, r, attempt, inside)
                   : begin(context, r, attempt, inside);
}

static lmx_status claim_work(lmx_context *context, const request *r,
                             char **work)
{
  char *attempt;
  bool inside;
  LMX_TRY(lmx_path_join(context, r->path, LMX_ATTEMPT_NAME, &attempt));
  lmx_status status = claim(context, r, attempt, &inside);
  if (status == LMX_OK && inside) {
    *work = attempt;
    return LMX_OK;
  }
  lmx_free(attempt);
  LMX_TRY(status);
  return lmx_path_join(context, "", r->path, work); /* a copy */
}

static lmx_status refuse_solved(lmx_context *context, const char *path)
{
  if (!lmx_folder_has(path, LMX_SOLUTION_NAME))
    return LMX_OK;
  return lmx_fail(context, LMX_ERR_USAGE,
                  "%s holds a solved run, which this would replace; choose "
                  "another folder with --out",
                  path);
}

/* What the folder holds is looked at under its lock only. */
static lmx_status lock_and_claim(lmx_context *context, const request *r,
                                 lmx_run_folder *out)
{
  struct stat info;
  bool fresh = stat(r->path, &info) != 0 && errno == ENOENT;
  if (fresh)
    LMX_TRY(lmx_folder_create(context, r->path));
  LMX_TRY(lmx_run_folder_lock(context, r->path, out));
  bool solves = r->part == LMX_PART_SOLUTION;
  lmx_status status = solves ? LMX_OK : refuse_solved(context, r->path);
  if (status == LMX_OK)
    status = claim_work(context, r, &out->work);
  if (status != LMX_OK) {
    lmx_run_folder_release(out);
    if (fresh)
      rmdir(r->path); /* which spares it if anything is inside */
  }
  return status;
}

lmx_status lmx_run_folder_claim(lmx_context *context, const char *path,
                                const lmx_case *lmx_case_, bool solves,
                                bool resume, lmx_run_folder *out)
{
  char *text;
  LMX_TRY(lmx_case_print(context, lmx_case_, &text));
  const request r = {.path = path,
                     .text = text,
                     .source = lmx_case_,
                     .part = solves ? LMX_PART_SOLUTION : LMX_PART_PARTICLES,
                     .resume = resume};
  lmx_status status = lock_and_claim(context, &r, out);
  lmx_free(text);
  return status;
}

/* --- the end of a run ------------------------------------------------- */

lmx_status lmx_run_folder_note_failure(lmx_context *context,
                                       const lmx_run_folder *folder,
                                       lmx_status status)
{
  char why[LMX_MESSAGE_SIZE], note[LMX_MESSAGE_SIZE + 1];
  if ((status != LMX_ERR_NUMERICS && status != LMX_ERR_MEMORY) ||
      folder->work == NULL)
    return status;
  snprintf(why, sizeof why, "%s", lmx_context_message(context));
  snprintf(note, sizeof note, "%s\n", why);
  /* Without the note the next run is refused, no more. */
  lmx_run_folder_write(context, folder->work, LMX_FAILED_NAME, note);
  if (strcmp(folder->work, folder->path) == 0)
    return lmx_fail(context, status, "%s", why);
  return lmx_fail(context, status, "%s; the finished run in %s is as it was",
                  why, folder->path);
}
